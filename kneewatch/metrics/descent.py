"""From an altitude to what counts of it: turning points, grade, grade bins, descents.

Nothing here knows how the altitude was measured; that is `elevation`'s part.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kneewatch.metrics.sequences import never_falling, spans

Floats = NDArray[np.float64]

GRADE_EDGES = (-0.15, -0.10, -0.05, -0.02, 0.02, 0.05, 0.10)
"""Edges between the eight grade bins [share]; a grade on an edge is in the bin below it."""


@dataclass(frozen=True)
class Descents:
    """The descents of one run."""

    longest_m: float
    """Length of the longest continuous descent [m]; 0 when there is none."""
    longest_drop_m: float
    """Height lost in it [m]."""
    steepest_km_grade: float
    """Mean grade of the steepest downhill kilometre [share], below 0; 0 when none goes down,
    NaN when the run is shorter than a kilometre."""
    speed_mps: float
    """Mean speed where the grade is -2 % or steeper [m/s], NaN when it never is."""


def stretches(
    t: Floats,
    altitude: Floats,
    part: NDArray[np.generic],
    pause_s: float,
    glitch_mps: float,
    glitch_m: float,
) -> NDArray[np.int64]:
    """Number the stretches over which the change of altitude can be believed."""
    step_s, step_m = np.diff(t), np.abs(np.diff(altitude))
    paused = (part[1:] != part[:-1]) & (step_s > pause_s)
    shifted = (step_m > glitch_m) & (step_m > glitch_mps * step_s)
    block = np.zeros(len(t), dtype=np.int64)
    np.cumsum(paused | shifted, out=block[1:])
    return block


def joined(altitude: Floats, block: NDArray[np.int64]) -> Floats:
    """Each block moved up or down so that it goes on where the last one ended."""
    if block[-1] == 0:
        return altitude
    step = np.where(np.diff(block) == 0, 0.0, np.diff(altitude))
    return altitude - np.concatenate(([0.0], np.cumsum(step)))


def between_turns(altitude: Floats, turn_m: float) -> tuple[float, float]:
    """Sums of the rising and of the falling legs between turning points [m]."""
    step = np.diff(altitude)
    moving = np.flatnonzero(step)
    if moving.size == 0:
        return 0.0, 0.0
    rising = step[moving] > 0.0
    turn = moving[1:][rising[1:] != rising[:-1]]
    # Only local extremes can be turning points. A tie must not hang on the last bit, or the
    # same way run backwards would differ by a whole leg.
    extremes = altitude[np.concatenate(([0], turn, [len(altitude) - 1]))].tolist()
    limit = turn_m - 1e-6
    ascent = descent = 0.0
    low = high = extremes[0]
    direction = 0
    for level in extremes:
        if direction >= 0 and level > high:
            high = level
        if direction <= 0 and level < low:
            low = level
        if direction == 0 and high - low >= limit:
            direction = 1 if level == high else -1
        elif direction > 0 and high - level >= limit:
            ascent += high - low
            low, direction = level, -1
        elif direction < 0 and level - low >= limit:
            descent += high - low
            high, direction = level, 1
    if direction > 0:
        ascent += high - low
    elif direction < 0:
        descent += high - low
    return ascent, descent


def grade_over(distance: Floats, altitude: Floats, window_m: float) -> Floats:
    """Rise over run across a centred window of distance, at the samples."""
    if not np.isfinite(distance).all():
        return np.full(len(distance), np.nan)
    # Standing still the barometer drifts on: one altitude for each place.
    first, count = spans(distance[1:] > distance[:-1])
    place, level = distance[first], np.add.reduceat(altitude, first) / count
    # Less than half a window is no grade.
    if place[-1] - place[0] < window_m / 2.0:
        return np.full(len(distance), np.nan)
    start = np.maximum(place - window_m / 2.0, place[0])
    end = np.minimum(place + window_m / 2.0, place[-1])
    rise = np.interp(end, place, level) - np.interp(start, place, level)
    return np.repeat(rise / (end - start), count)


def bin_by_grade(grade: ArrayLike, step_m: ArrayLike, step_s: ArrayLike) -> tuple[Floats, Floats]:
    """Metres and seconds in each of the eight grade bins.

    Parameters
    ----------
    grade
        Grade of each step [share]; steps where it is NaN are in no bin.
    step_m, step_s
        Length [m] and time [s] of each step; NaN counts as 0.

    Returns
    -------
    tuple
        Metres and seconds for -15 % and steeper, up to above +10 %.
    """
    slope = np.asarray(grade, dtype=np.float64)
    finite = np.isfinite(slope)
    known = slice(None) if finite.all() else np.flatnonzero(finite)
    index = np.searchsorted(np.asarray(GRADE_EDGES), slope[known], side="left")
    bins = len(GRADE_EDGES) + 1

    def total(step: ArrayLike) -> Floats:
        weight = np.asarray(step, dtype=np.float64)[known]
        weight = np.where(np.isnan(weight), 0.0, weight)
        return np.bincount(index, weights=weight, minlength=bins).astype(np.float64)

    return total(step_m), total(step_s)


def descents(
    distance_m: ArrayLike,
    altitude_m: ArrayLike,
    grade: ArrayLike,
    time_s: ArrayLike,
    segment: ArrayLike,
    *,
    downhill: float = -0.02,  # the edge of the level bin
    bridge_m: float = 100.0,  # a flat bend shorter than the grade's own window ends no descent
    pause_s: float = 60.0,  # this and the next two as in `process_elevation`
    glitch_mps: float = 15.0,
    glitch_m: float = 30.0,
    stretch_m: float = 1000.0,
) -> Descents:
    """Longest continuous descent, steepest kilometre and speed downhill.

    Parameters
    ----------
    distance_m
        Cumulative distance [m].
    altitude_m, grade
        Smoothed altitude [m] and grade [share], as `process_elevation` gives them.
    time_s
        Time since the start [s].
    segment
        A number that changes wherever the recording was paused [-].
    downhill
        Grade from which on it goes downhill [share].
    bridge_m
        Length of a flatter stretch that does not end a descent [m].
    pause_s
        Length of a pause over which altitude is not compared [s].
    glitch_mps, glitch_m
        Speed [m/s] and height [m] of a step that is no terrain.
    stretch_m
        Length of the steepest stretch [m].
    """
    distance = np.asarray(distance_m, dtype=np.float64)
    altitude = np.asarray(altitude_m, dtype=np.float64)
    time = np.asarray(time_s, dtype=np.float64)
    known = np.flatnonzero(np.isfinite(distance) & np.isfinite(altitude) & np.isfinite(time))
    known = known[np.diff(never_falling(time[known]), prepend=-np.inf) > 0.0]
    if known.size < 2:
        return Descents(0.0, 0.0, math.nan, math.nan)
    told = slice(None) if known.size == time.size else known
    t = time[told]
    part = np.asarray(segment, dtype=np.float64)[told]
    slope = np.asarray(grade, dtype=np.float64)[told]
    place = never_falling(distance[told])
    level = altitude[told]
    level = joined(level, stretches(t, level, part, pause_s, glitch_mps, glitch_m))

    step_m, step_s = np.diff(place), np.diff(t)
    down = (slope[:-1] + slope[1:]) / 2.0 <= downhill
    running = down & (part[1:] == part[:-1])
    seconds = float(step_s[running].sum())
    longest_m, drop_m = _longest(place, level, down, bridge_m)
    return Descents(
        longest_m=longest_m,
        longest_drop_m=drop_m,
        steepest_km_grade=_steepest(place, level, stretch_m),
        speed_mps=float(step_m[running].sum()) / seconds if seconds > 0.0 else math.nan,
    )


def _longest(
    place: Floats, level: Floats, down: NDArray[np.bool_], bridge_m: float
) -> tuple[float, float]:
    framed = np.concatenate(([False], down, [False]))
    edge = np.flatnonzero(framed[1:] != framed[:-1])
    if edge.size == 0:
        return 0.0, 0.0
    start, end = edge[::2], edge[1::2]
    apart = place[start[1:]] - place[end[:-1]] >= bridge_m
    start = start[np.concatenate(([True], apart))]
    end = end[np.concatenate((apart, [True]))]
    length = place[end] - place[start]
    k = int(np.argmax(length))
    return float(length[k]), float(level[start[k]] - level[end[k]])


def _steepest(place: Floats, level: Floats, stretch_m: float) -> float:
    if place[-1] - place[0] < stretch_m:
        return math.nan
    # Between samples the way is a straight line: the extreme has a sample at one of its ends.
    start = np.concatenate((place, place - stretch_m))
    start = start[(start >= place[0]) & (start <= place[-1] - stretch_m)]
    rise = np.interp(start + stretch_m, place, level) - np.interp(start, place, level)
    return min(0.0, float(rise.min()) / stretch_m)
