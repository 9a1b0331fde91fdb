"""Distance, pauses, moving time and speed of one track."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kneewatch.metrics.positions import bridged, gps_distance
from kneewatch.metrics.sequences import Flags, never_falling, spans
from kneewatch.model import Floats, Track

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
    moving: Flags
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

    @cached_property
    def moving_step_s(self) -> Floats:
        """Time from the point before, zero while standing [s]."""
        return np.where(self.moving, self.step_s, 0.0)


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
    time = never_falling(track["time_s"])
    size = len(time)
    segment = track.get("segment", np.zeros(size))
    same = np.zeros(size, dtype=np.bool_)
    same[1:] = segment[1:] == segment[:-1]
    step_s = _steps(time, same)
    distance, source = _distance(track, time, same)
    step_m = _steps(distance, same)
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


def _steps(values: Floats, same: Flags) -> Floats:
    """Change since the point before, zero where that belongs to another segment."""
    step = np.zeros(len(values))
    np.subtract(values[1:], values[:-1], out=step[1:], where=same[1:])
    return step


def _distance(track: Track, time: Floats, same: Flags) -> tuple[Floats, str]:
    own = track.get("distance_m")
    known = np.isfinite(own) if own is not None else np.zeros(len(time), bool)
    count = np.count_nonzero(known)
    if own is not None and count >= 2 and count > len(time) / 2 and np.ptp(own[known]) > 0:
        return _own_distance(own, time, known), "track"
    if "lat_deg" in track and np.count_nonzero(np.isfinite(track["lat_deg"])) >= 2:
        return gps_distance(track["lat_deg"], track["lon_deg"], time, same), "gps"
    if own is not None and count and np.ptp(own[known]) > 0:
        return _own_distance(own, time, known), "track"
    return np.zeros(len(time)), "none"


def _own_distance(
    own: Floats,
    time_s: Floats,
    known: Flags,
    *,
    longest_jump_m: float = 300.0,
    impossible_mps: float = 30.0,
) -> Floats:
    """The device's distance without spikes, and going on where it began anew.

    A step back by a little is noise and made good by what follows; one by much is a counter that
    began anew, or the way back from a spike.
    """
    told = slice(None) if known.all() else np.flatnonzero(known)
    way = own[told]
    step = np.diff(way)
    pace = step / np.maximum(np.diff(time_s[told]), 1.0)
    spike = (step > longest_jump_m) & (pace > impossible_mps)
    anew = (step < -longest_jump_m) | (way[1:] < 0.5 * way[:-1])
    mended = own.copy()
    mended[told] = way[0] + np.concatenate(([0.0], np.cumsum(np.where(spike | anew, 0.0, step))))
    return bridged(mended, time_s, known)


def _smoothed_speed(clock: Floats, way: Floats, window_s: float) -> Floats:
    """Way over a centred window of the clock [m/s]."""
    if clock[-1] <= 0:
        return np.zeros(len(clock))
    ahead = np.minimum(clock + window_s / 2, clock[-1])
    behind = np.maximum(clock - window_s / 2, 0.0)
    span = np.maximum(ahead - behind, 1e-9)
    # The last of several points with one time stamp holds the way that was made by then.
    first, count = spans(clock[1:] > clock[:-1])
    last = first + count - 1
    when, there = clock[last], way[last]
    speed: Floats = (np.interp(ahead, when, there) - np.interp(behind, when, there)) / span
    return speed


GUESSED = "the file does not say which sport this is; it moves like a run"


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
