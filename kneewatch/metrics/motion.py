"""Distance, pauses, moving time and speed of one track."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kneewatch.model import Floats, Track

EARTH_RADIUS_M = 6371008.8

FIRST_POINT_M = 200.0
"""Runs of a 910XT have counted up to 102 m when their first point comes."""


@dataclass(frozen=True)
class Motion:
    """How a track went from point to point; arrays are as long as the track.

    Attributes
    ----------
    time_s : ndarray
        Time since the start, never decreasing [s].
    distance_m : ndarray
        Cumulative distance, never decreasing [m].
    step_m, step_s : ndarray
        Distance and time from the point before, zero across pauses [m], [s].
    moving : ndarray of bool
        Whether the stretch from the point before was in motion.
    speed_mps : ndarray
        Smoothed speed [m/s].
    source : str
        ``track`` for the device's own distance, ``gps`` for ours, ``none``.
    """

    time_s: Floats
    distance_m: Floats
    step_m: Floats
    step_s: Floats
    moving: np.ndarray[tuple[int], np.dtype[np.bool_]]
    speed_mps: Floats
    source: str

    @property
    def total_m(self) -> float:
        """Distance in all [m], pauses left out, NaN if it cannot be told.

        What the device had counted by its first point is a part of it, unless it is so much that
        the counter ran on from another leg.
        """
        if self.source == "none":
            return float("nan")
        before = float(self.distance_m[0])
        return float(self.step_m.sum()) + (before if before <= FIRST_POINT_M else 0.0)

    @property
    def moving_s(self) -> float:
        """Time in motion [s]."""
        return float(self.step_s[self.moving].sum())


def measure_motion(
    track: Track,
    *,
    min_speed_mps: float = 0.5,  # slower is standing; a slow walk is 0.8
    smooth_s: float = 10.0,  # GPS positions jitter by metres from second to second
) -> Motion:
    """Measure distance and motion.

    The device's own distance is taken where it gives one for most points, else the way between
    positions. The stretch across a pause counts neither as distance nor as time.

    Parameters
    ----------
    track : Track
        ``time_s`` [s] and what there is of ``segment``, ``distance_m``, ``speed_mps``,
        ``lat_deg``, ``lon_deg``.
    min_speed_mps : float
        Below this smoothed speed a stretch is standing [m/s].
    smooth_s : float
        Window of the smoothed speed [s].
    """
    time = np.maximum.accumulate(track["time_s"])
    size = len(time)
    segment = track.get("segment", np.zeros(size))
    same = np.concatenate(([False], np.diff(segment) == 0))
    step_s = np.where(same, np.diff(time, prepend=time[0]), 0.0)
    distance, source = _distance(track, time, same)
    step_m = np.where(same, np.diff(distance, prepend=distance[0]), 0.0)
    # Time on the clock of the watch, pauses cut out, so that smoothing does not see them.
    clock = np.cumsum(step_s)
    way = np.cumsum(step_m)
    speed = _smoothed_speed(clock, way, smooth_s)
    if source == "none":
        speed = np.nan_to_num(track.get("speed_mps", np.zeros(size)))
        step_m = speed * step_s
        distance = np.cumsum(step_m)
        source = "track" if step_m.any() else "none"
    moving = (step_s > 0) & (speed >= min_speed_mps)
    # Over a gap the speed at its end says nothing: its own way does.
    gap = step_s > smooth_s
    moving &= ~gap | (step_m >= min_speed_mps * step_s)
    return Motion(time, distance, step_m, step_s, moving, speed, source)


def _distance(
    track: Track, time: Floats, same: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[Floats, str]:
    own = track.get("distance_m")
    known = np.isfinite(own) if own is not None else np.zeros(len(time), bool)
    if own is not None and known.sum() >= 2 and known.mean() > 0.5 and np.ptp(own[known]) > 0:
        return _own_distance(own, time, known), "track"
    if "lat_deg" in track and np.isfinite(track["lat_deg"]).sum() >= 2:
        return gps_distance(track["lat_deg"], track["lon_deg"], time, same), "gps"
    if own is not None and known.any() and np.ptp(own[known]) > 0:
        return _own_distance(own, time, known), "track"
    return np.zeros(len(time)), "none"


def _own_distance(
    own: Floats,
    time_s: Floats,
    known: np.ndarray[tuple[int], np.dtype[np.bool_]],
    *,
    longest_jump_m: float = 300.0,
    impossible_mps: float = 30.0,
) -> Floats:
    """The device's distance without spikes, and going on where it began anew.

    A step back by a little is noise and made good by what follows; one by much is a counter that
    began anew, or the way back from a spike.
    """
    way = own[known]
    step = np.diff(way)
    pace = step / np.maximum(np.diff(time_s[known]), 1.0)
    spike = (step > longest_jump_m) & (pace > impossible_mps)
    anew = (step < -longest_jump_m) | (way[1:] < 0.5 * way[:-1])
    mended = own.copy()
    mended[known] = way[0] + np.concatenate(([0.0], np.cumsum(np.where(spike | anew, 0.0, step))))
    return _bridged(mended, time_s, known)


def _bridged(
    way: Floats, time_s: Floats, known: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> Floats:
    """A way that is known at some points, spread evenly over the time between them."""
    filled = np.interp(time_s, time_s[known], way[known])
    # Of several points with one time stamp each keeps its own.
    filled[known] = way[known]
    return np.maximum.accumulate(filled)


def gps_distance(
    lat_deg: Floats,
    lon_deg: Floats,
    time_s: Floats,
    same: np.ndarray[tuple[int], np.dtype[np.bool_]],
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
    return _bridged(np.cumsum(steps), time_s, known)


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
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
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
    standing: np.ndarray[tuple[int], np.dtype[np.bool_]] = np.less(
        spread, (min_speed_mps * window_s) ** 2 / 12
    )
    return standing


def haversine(lat1: Floats, lon1: Floats, lat2: Floats, lon2: Floats) -> Floats:
    """Great-circle distance between positions in degrees [m]."""
    a, b = np.radians(lat1), np.radians(lat2)
    half = (
        np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lon2 - lon1) / 2) ** 2
    )
    result: Floats = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half))
    return result


def _smoothed_speed(clock: Floats, way: Floats, window_s: float) -> Floats:
    """Way over a centred window of the clock [m/s]."""
    if clock[-1] <= 0:
        return np.zeros(len(clock))
    ahead = np.minimum(clock + window_s / 2, clock[-1])
    behind = np.maximum(clock - window_s / 2, 0.0)
    span = np.maximum(ahead - behind, 1e-9)
    # The last of several points with one time stamp holds the way that was made by then.
    last = np.append(np.diff(clock) > 0, True)
    speed: Floats = (
        np.interp(ahead, clock[last], way[last]) - np.interp(behind, clock[last], way[last])
    ) / span
    return speed


def guess_running(
    motion: Motion,
    *,
    speed_mps: tuple[float, float] = (1.9, 5.8),  # from 8:45 to 2:52 a kilometre
    fastest_mps: float = 8.5,  # hardly any runner, any cyclist on the first descent
    min_moving_s: float = 300.0,
) -> bool:
    """Whether a track of unknown sport moves like a runner: in the middle and at its fastest."""
    speed = motion.speed_mps[motion.moving]
    if motion.moving_s < min_moving_s or not len(speed):
        return False
    middle = np.median(speed)
    return bool(speed_mps[0] <= middle <= speed_mps[1] and np.percentile(speed, 99) <= fastest_mps)
