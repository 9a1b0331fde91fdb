"""A track as points a few metres apart along its way, which is what ways are compared with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kneewatch.ground.index import METRES_A_DEGREE
from kneewatch.model import Floats

Ints = NDArray[np.int64]

STEP_M = 14.0
"""Way from one sample to the next [m]."""


@dataclass(frozen=True)
class Stretch:
    """Samples of a track.

    Attributes
    ----------
    lat_deg, lon_deg : ndarray
        Where each sample lies [deg].
    x_m, y_m : ndarray
        East and north of ``origin`` [m].
    fresh : ndarray of bool
        Whether nothing is known of the way from the sample before: a pause, a gap, a jump.
    of_point : ndarray of int
        Sample that each point of the track belongs to, -1 without a position.
    origin : tuple of float
        Latitude and longitude [deg], and metres a degree of longitude there.
    """

    lat_deg: Floats
    lon_deg: Floats
    x_m: Floats
    y_m: Floats
    fresh: NDArray[np.bool_]
    of_point: Ints
    origin: tuple[float, float, float]


def stretch(
    lat_deg: Floats,
    lon_deg: Floats,
    time_s: Floats,
    segment: Floats,
    *,
    smooth_s: float = 8.0,  # jitter from second to second is way that nobody has run
    longest_gap_s: float = 30.0,  # 90 m at a run: a straight line across is good enough
    max_speed_mps: float = 12.0,  # faster than any runner
    shortest_jump_m: float = 50.0,  # between houses a position shakes by less
) -> Stretch | None:
    """Samples every ``STEP_M`` of way, None where there is no position.

    Parameters
    ----------
    lat_deg, lon_deg : ndarray
        NaN where there is no position [deg].
    time_s : ndarray
        Never decreasing [s].
    segment : ndarray
        Grows wherever the recording was paused.
    smooth_s : float
        Window of the mean over positions [s].
    longest_gap_s, max_speed_mps, shortest_jump_m : float
        Across a longer gap, and across a jump, the way is not known [s], [m/s], [m].
    """
    point = np.flatnonzero((np.abs(lat_deg) <= 90) & (np.abs(lon_deg) <= 180))
    if not len(point):
        return None
    lat, lon, clock = lat_deg[point], lon_deg[point], time_s[point]
    # Not the first position, which may be yesterday's.
    origin = float(np.median(lat)), float(np.median(lon))
    metre = METRES_A_DEGREE * max(float(np.cos(np.radians(origin[0]))), 0.01)
    x, y = (lon - origin[1]) * metre, (lat - origin[0]) * METRES_A_DEGREE
    pause = np.diff(clock)
    jump = np.hypot(np.diff(x), np.diff(y)) > np.maximum(max_speed_mps * pause, shortest_jump_m)
    cut = np.append(True, (np.diff(segment[point]) != 0) | (pause > longest_gap_s) | jump)
    block = np.cumsum(cut) - 1
    # Blocks lie so far apart that no window reaches from one into the next.
    apart = clock + 2 * smooth_s * block
    x, y = _mean(x, apart, smooth_s), _mean(y, apart, smooth_s)
    step = np.append(0.0, np.hypot(np.diff(x), np.diff(y)))
    # A metre of nothing keeps them from sharing a place.
    way = np.cumsum(np.where(cut, 1.0, step))
    begin = way[cut]
    size = way[np.append(np.flatnonzero(cut)[1:] - 1, len(way) - 1)] - begin
    count = np.rint(size / STEP_M).astype(np.int64) + 1
    first = np.cumsum(count) - count
    along = np.repeat(begin, count) + STEP_M * (np.arange(count.sum()) - np.repeat(first, count))
    along = np.minimum(along, np.repeat(begin + size, count))
    fresh = np.zeros(len(along), dtype=np.bool_)
    fresh[first] = True
    of_point = np.full(len(lat_deg), -1)
    of_point[point] = first[block] + np.rint((way - begin[block]) / STEP_M).astype(np.int64)
    x, y = np.interp(along, way, x), np.interp(along, way, y)
    return Stretch(
        lat_deg=origin[0] + y / METRES_A_DEGREE,
        lon_deg=origin[1] + x / metre,
        x_m=x,
        y_m=y,
        fresh=fresh,
        of_point=of_point,
        origin=(*origin, metre),
    )


def _mean(values: Floats, clock: Floats, window_s: float) -> Floats:
    """Mean over what lies within a window around each value."""
    first = np.searchsorted(clock, clock - window_s / 2 - 1e-6)
    end = np.searchsorted(clock, clock + window_s / 2 + 1e-6)
    sums = np.append(0.0, np.cumsum(values))
    result: Floats = (sums[end] - sums[first]) / (end - first)
    return result
