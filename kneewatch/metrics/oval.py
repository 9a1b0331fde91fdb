"""Laps of a running track, found by their shape.

A track has two straights of 84.39 m and two bends of 36.5 m (World Athletics), those of the outer
lanes up to 9 m wider, older ones straights of 72 to 100 m; a lap is 400 to 453 m. A loop in a park
may be as long and is of another shape.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kneewatch.metrics.motion import Motion
from kneewatch.metrics.positions import EARTH_RADIUS_M
from kneewatch.metrics.sequences import Flags
from kneewatch.model import Floats, Track

GRID_M = 10.0
"""Way between the points that are looked at."""

BINS = 24
"""Pieces of a lap whose mean place is compared with the shape, 12 to 30 m each."""


@dataclass(frozen=True)
class Oval:
    """A rectangle with round corners, which a track is as well: its bends meet.

    Attributes
    ----------
    x_m, y_m : float
        Centre [m].
    angle : float
        Direction of its length, counter-clockwise from the x axis [rad].
    long_m, wide_m : float
        Half its length and half its width [m].
    bend_m : float
        Radius of its corners [m].
    """

    x_m: float
    y_m: float
    angle: float
    long_m: float
    wide_m: float
    bend_m: float

    @property
    def lap_m(self) -> float:
        """Length of a lap [m]."""
        return 4 * (self.long_m + self.wide_m) + (2 * np.pi - 8) * self.bend_m

    def along_and_across(self, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
        """Positions along its length and across, from the centre [m]."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        east, north = x_m - self.x_m, y_m - self.y_m
        return east * cos + north * sin, north * cos - east * sin

    def outside(self, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats, Floats]:
        """How far positions lie outside the line, negative inside, and the way out of it.

        Returns
        -------
        ndarray, ndarray, ndarray
            [m], and a unit vector along and across, for the quarter in which both are positive.
        """
        along, across = map(np.abs, self.along_and_across(x_m, y_m))
        u, v = along - (self.long_m - self.bend_m), across - (self.wide_m - self.bend_m)
        corner = (u > 0) & (v > 0)
        far = np.where(corner, np.hypot(u, v), np.maximum(u, v))
        size = np.maximum(far, 1e-6)
        return (
            far - self.bend_m,
            np.where(corner, u / size, u >= v),
            np.where(corner, v / size, u < v),
        )


def on_an_oval(
    track: Track,
    motion: Motion,
    *,
    lap_m: tuple[float, float] = (380.0, 480.0),
    close_m: float = 15.0,
    least_laps: float = 3.0,
) -> Flags | None:
    """Whether each point of a track was run on a running track, None where no lap was.

    Parameters
    ----------
    track : Track
        With positions.
    motion : Motion
    lap_m : tuple of float
        Way after which a lap comes back to where it was, as watches measure it [m].
    close_m : float
        As near as a lap comes to the one before [m].
    least_laps : float
        Of fewer laps none is told.
    """
    placed = _placed(track, motion)
    if placed is None:
        return None
    point, way, x, y = placed
    grid = np.arange(0.0, way[-1], GRID_M)
    gx, gy = np.interp(grid, way, x), np.interp(grid, way, y)
    again = _again(gx, gy, lap_m, close_m)
    if GRID_M * np.count_nonzero(again) < (least_laps - 1) * lap_m[0]:
        return None
    oval = fit_oval(gx[again], gy[again])
    if oval is None:
        return None
    on = _on(oval, gx, gy)
    if GRID_M * np.count_nonzero(on) < least_laps * oval.lap_m or not is_track(
        oval, gx[on], gy[on]
    ):
        return None
    flags = np.zeros(len(track["time_s"]), dtype=np.bool_)
    flags[point] = on[np.minimum((way / GRID_M).astype(np.int64), len(on) - 1)]
    return flags


def _placed(
    track: Track, motion: Motion
) -> tuple[NDArray[np.int64], Floats, Floats, Floats] | None:
    """Points with a position, way run by then, and where they lie in metres."""
    lat, lon = track.get("lat_deg"), track.get("lon_deg")
    if lat is None or lon is None or motion.source == "none":
        return None
    point = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
    way = np.cumsum(motion.step_m)[point]
    if len(point) < 2 or way[-1] < GRID_M:
        return None
    metre = EARTH_RADIUS_M * np.pi / 180
    across = metre * np.cos(np.radians(lat[point[0]]))
    return point, way, (lon[point] - lon[point[0]]) * across, (lat[point] - lat[point[0]]) * metre


def _again(x_m: Floats, y_m: Floats, lap_m: tuple[float, float], close_m: float) -> Flags:
    """Places to which the way comes back after a lap, and those where it then is."""
    again = np.zeros(len(x_m), dtype=np.bool_)
    for lag in range(int(lap_m[0] / GRID_M), int(lap_m[1] / GRID_M) + 1):
        if lag >= len(x_m):
            break
        east, north = x_m[lag:] - x_m[:-lag], y_m[lag:] - y_m[:-lag]
        close = east * east + north * north <= close_m * close_m
        again[:-lag] |= close
        again[lag:] |= close
    return again


def fit_oval(x_m: Floats, y_m: Floats, *, rounds: int = 15, outlier_m: float = 8.0) -> Oval | None:
    """The oval that lies nearest to some places, None if they are strewn too widely.

    Least squares after Gauss and Newton, with less weight for what lies more than ``outlier_m``
    off.
    """
    x, y = float(np.median(x_m)), float(np.median(y_m))
    near = np.hypot(x_m - x, y_m - y) < 110.0
    if np.count_nonzero(near) < len(x_m) / 2:
        return None
    x_m, y_m = x_m[near], y_m[near]
    length = np.linalg.eigh(np.cov(np.stack((x_m, y_m))))[1][:, -1]
    oval = Oval(x, y, float(np.arctan2(length[1], length[0])), 79.0, 38.0, 30.0)
    for _ in range(rounds):
        off, out_u, out_v = oval.outside(x_m, y_m)
        along, across = oval.along_and_across(x_m, y_m)
        u, v = out_u * np.sign(along), out_v * np.sign(across)
        cos, sin = np.cos(oval.angle), np.sin(oval.angle)
        slopes = np.stack(
            (
                v * sin - u * cos,
                -u * sin - v * cos,
                u * across - v * along,
                -out_u,
                -out_v,
                out_u + out_v - 1.0,
            ),
            axis=1,
        )
        weight = np.minimum(1.0, outlier_m / np.maximum(np.abs(off), 1e-6))
        # A little of a brake, where a radius or an angle cannot be told.
        normal = slopes.T @ (slopes * weight[:, None]) + np.eye(6) * 1e-3 * len(off)
        step = np.linalg.solve(normal, slopes.T @ (weight * off))
        long, wide = np.clip((oval.long_m - step[3], oval.wide_m - step[4]), 10.0, 150.0).tolist()
        oval = Oval(
            float(oval.x_m - step[0]),
            float(oval.y_m - step[1]),
            float(oval.angle - step[2]),
            long,
            wide,
            float(np.clip(oval.bend_m - step[5], 0.0, min(long, wide))),
        )
    return oval


def _on(oval: Oval, x_m: Floats, y_m: Floats, *, near_m: float = 15.0) -> Flags:
    """Which places of the grid lie on the oval, for 200 m of way and more at a time."""
    near = np.abs(oval.outside(x_m, y_m)[0]) <= near_m
    edges = np.flatnonzero(np.diff(np.concatenate(([False], near, [False])).astype(np.int8)))
    on = np.zeros(len(near), dtype=np.bool_)
    for first, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        on[first:end] = (end - first) * GRID_M >= 200.0
    return on


def is_track(
    oval: Oval,
    x_m: Floats,
    y_m: Floats,
    *,
    straight_m: tuple[float, float] = (72.0, 105.0),
    wide_m: tuple[float, float] = (31.0, 48.0),
    lap_m: tuple[float, float] = (390.0, 470.0),
    round_: float = 0.7,
    most_m: float = 2.5,
) -> bool:
    """Whether laps are of the shape and size of a running track.

    Parameters
    ----------
    oval : Oval
    x_m, y_m : ndarray
        Places on it [m].
    straight_m, wide_m, lap_m : tuple of float
        What a straight, half the width and a lap may measure [m].
    round_ : float
        Least radius of the corners over half the width: 1 for a track, 0 for a block of houses.
    most_m : float
        Root mean square of how far the mean of all laps lies off the oval, piece by piece [m].
    """
    straight = 2 * (oval.long_m - oval.wide_m)
    sizes = ((straight, straight_m), (oval.wide_m, wide_m), (oval.lap_m, lap_m))
    if not all(low <= size <= high for size, (low, high) in sizes):
        return False
    if oval.bend_m < round_ * oval.wide_m:
        return False
    along, across = oval.along_and_across(x_m, y_m)
    turn = np.arctan2(across / oval.wide_m, along / oval.long_m) / (2 * np.pi)
    piece = np.floor(turn * BINS).astype(np.int64) % BINS
    count = np.bincount(piece, minlength=BINS)
    if (count < 2).any():
        return False
    off = np.bincount(piece, oval.outside(x_m, y_m)[0], minlength=BINS) / count
    return bool(np.sqrt(np.mean(off**2)) <= most_m)
