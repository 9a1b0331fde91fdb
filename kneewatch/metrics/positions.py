"""The way between the positions of a receiver that jumps, jitters and loses sight."""

from __future__ import annotations

import numpy as np

from kneewatch.metrics.sequences import Flags, never_falling
from kneewatch.model import Floats

EARTH_RADIUS_M = 6371008.8


def gps_distance(
    lat_deg: Floats,
    lon_deg: Floats,
    time_s: Floats,
    same: Flags,
    *,
    max_speed_mps: float = 12.0,  # faster than any runner: the position jumped
    longest_jump_m: float = 300.0,  # a phone that catches up jumps by 150 m
    impossible_mps: float = 30.0,  # faster than any cyclist
) -> Floats:
    """Cumulative distance between positions by the haversine formula [m].

    Parameters
    ----------
    lat_deg, lon_deg : ndarray
        Positions, NaN where there is none [deg].
    time_s : ndarray
        [s]
    same : ndarray of bool
        Whether the point belongs to the same segment as the one before.
    max_speed_mps : float
        Points that would need a higher speed are left out [m/s].
    longest_jump_m, impossible_mps : float
        Where a jump is for good, as from a first position of yesterday, its way is left out if
        it is longer and faster than this [m], [m/s].
    """
    steps = np.zeros(len(time_s))
    valid = np.flatnonzero(np.isfinite(lat_deg) & np.isfinite(lon_deg))
    # A pause may lie between two valid points even where the points between have no position.
    pauses = np.cumsum(~same)
    # Two rounds: leaving out a jump joins its neighbours, which may be a jump in turn.
    for _ in range(2):
        if len(valid) < 2:
            return steps
        way, pace = _way_and_pace(lat_deg[valid], lon_deg[valid], time_s[valid])
        joined = np.diff(pauses[valid]) == 0
        jump = joined & (pace > max_speed_mps)
        if not jump.any():
            break
        valid = np.delete(valid, np.flatnonzero(jump) + 1)
    if len(valid) < 2:
        return steps
    way, pace = _way_and_pace(lat_deg[valid], lon_deg[valid], time_s[valid])
    joined = np.diff(pauses[valid]) == 0
    real = (way <= longest_jump_m) | (pace <= impossible_mps)
    steps[valid[1:]] = np.where(joined & real, way, 0.0)
    clock = np.cumsum(np.where(same, np.diff(time_s, prepend=time_s[0]), 0.0))
    standing = on_the_spot(lat_deg[valid], lon_deg[valid], clock[valid])
    steps[valid[1:]] = np.where(standing[1:] & standing[:-1], 0.0, steps[valid[1:]])
    known = np.zeros(len(time_s), dtype=np.bool_)
    known[valid] = True
    return bridged(np.cumsum(steps), time_s, known)


def _way_and_pace(lat_deg: Floats, lon_deg: Floats, time_s: Floats) -> tuple[Floats, Floats]:
    way = haversine(lat_deg[:-1], lon_deg[:-1], lat_deg[1:], lon_deg[1:])
    return way, way / np.maximum(np.diff(time_s), 1.0)


def on_the_spot(
    lat_deg: Floats,
    lon_deg: Floats,
    clock_s: Floats,
    *,
    window_s: float = 20.0,
    min_speed_mps: float = 0.5,
) -> Flags:
    """Whether a receiver stood still, though its positions jitter.

    The way between jittering positions adds up; their spread does not. Who stands has less of it
    than who walks straight on at ``min_speed_mps`` for ``window_s``.

    Parameters
    ----------
    lat_deg, lon_deg : ndarray
        Positions [deg].
    clock_s : ndarray
        Time with the pauses cut out, never decreasing [s].
    window_s : float
        Length of the stretch around each position [s].
    min_speed_mps : float
        [m/s]
    """
    if clock_s[-1] - clock_s[0] < window_s:
        return np.zeros(len(clock_s), dtype=np.bool_)
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    place = EARTH_RADIUS_M * np.array(
        [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
    )
    place -= place[:, :1]
    start = np.clip(clock_s - window_s / 2, clock_s[0], clock_s[-1] - window_s)
    last = np.append(np.diff(clock_s) > 0, True)

    def mean(values: Floats) -> Floats:
        """Mean over the window around each position."""
        areas = np.diff(clock_s) * (values[1:] + values[:-1]) / 2
        sums = np.concatenate(([0.0], np.cumsum(areas)))[last]
        ends = np.interp(start + window_s, clock_s[last], sums)
        result: Floats = (ends - np.interp(start, clock_s[last], sums)) / window_s
        return result

    spread = np.sum([mean(axis**2) - mean(axis) ** 2 for axis in place], axis=0)
    # The variance of an even walk is a twelfth of the square of its length.
    standing: Flags = np.less(spread, (min_speed_mps * window_s) ** 2 / 12)
    return standing


def haversine(lat1: Floats, lon1: Floats, lat2: Floats, lon2: Floats) -> Floats:
    """Great-circle distance between positions in degrees [m]."""
    a, b = np.radians(lat1), np.radians(lat2)
    half = (
        np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lon2 - lon1) / 2) ** 2
    )
    result: Floats = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half))
    return result


def bridged(way: Floats, time_s: Floats, known: Flags) -> Floats:
    """A way that is known at some points, spread evenly over the time between them [m].

    Parameters
    ----------
    way : ndarray
        Cumulative distance [m].
    time_s : ndarray
        [s]
    known : ndarray of bool
        Where ``way`` holds.
    """
    if known.all():
        return never_falling(way)
    filled = np.interp(time_s, time_s[known], way[known])
    # Of several points with one time stamp each keeps its own.
    filled[known] = way[known]
    return np.maximum.accumulate(filled)
