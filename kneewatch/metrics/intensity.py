"""Grade-adjusted speed, best efforts, and the time at each speed and heart rate."""

from __future__ import annotations

import numpy as np

from kneewatch.metrics.motion import Motion
from kneewatch.metrics.sequences import never_falling, spans
from kneewatch.model import Floats, Track

BEST_M = (400, 800, 5000)
"""Distances of the best efforts [m], after Smyth & Muniz-Pumares 2020."""

FASTEST_S = (43.0, 100.0, 755.0)
"""Nobody has run these distances faster [s]: the receiver jumped, or a car did the running."""

SPEED_BIN_MPS = 0.05
SPEED_BINS = 200
HEART_BINS = 250

STEEPEST = 0.35
"""Beyond this grade neither formula was fitted [-]."""


def adjust_for_grade(grade: Floats) -> Floats:
    """Factor from speed on a slope to the level speed of equal effort [-].

    Uphill by the metabolic cost of Minetti 2002 over that of level ground; downhill by the
    polynomial fitted to runs of many athletes, which is less generous than the metabolic cost.
    It speaks of effort, never of load on the knee.

    Parameters
    ----------
    grade : ndarray
        Rise over run [-]; NaN counts as level.
    """
    g = np.clip(np.where(np.isnan(grade), 0.0, grade), -STEEPEST, STEEPEST)
    # By Horner's rule: a power of an array costs fifty times a product.
    up = (((((155.4 * g - 30.4) * g - 43.3) * g + 46.3) * g + 19.5) * g + 3.6) / 3.6
    p = 100 * g
    down = (((-5.294e-7 * p - 3.99e-6) * p + 0.0020536) * p + 0.03266) * p + 1
    factor: Floats = np.where(g > 0, up, down)
    return factor


def best_times(motion: Motion, ga_step_m: Floats) -> dict[int, float]:
    """Shortest time in which each of ``BEST_M`` was covered at grade-adjusted speed [s].

    Rests within an effort count as time. NaN where the run is shorter.

    Parameters
    ----------
    motion : Motion
    ga_step_m : ndarray
        Grade-adjusted way from the point before [m].
    """
    way, time = never_falling(np.cumsum(ga_step_m)), motion.time_s
    # Who stands on the mark has been there since the first of the points that share it.
    onward, _ = spans(way[1:] > way[:-1])
    mark, reached = way[onward], time[onward]
    best = {}
    for distance, fastest in zip(BEST_M, FASTEST_S, strict=True):
        starts = np.searchsorted(way, way[-1] - distance, side="right")
        if way[-1] < distance or not starts:
            best[distance] = float("nan")
            continue
        took = np.interp(way[:starts] + distance, mark, reached) - time[:starts]
        took = np.compress(took >= fastest, took)
        best[distance] = float(took.min()) if len(took) else float("nan")
    return best


def histogram(values: Floats, seconds: Floats, width: float, bins: int) -> Floats:
    """Seconds spent in each bin of ``values``; beyond the last bin counts in the last."""
    valid = np.flatnonzero(np.isfinite(values) & (seconds > 0))
    index = np.clip(values[valid] / width, 0, bins - 1).astype(np.int64)
    return np.bincount(index, weights=seconds[valid], minlength=bins).astype(np.float64)


def heart_rate_seconds(
    track: Track,
    motion: Motion,
    *,
    lag_s: float = 60.0,  # the heart needs about a minute to follow the legs
) -> Floats:
    """Seconds at each beat a minute while moving, the first minute of each segment left out."""
    heart = track.get("heart_rate_bpm")
    if heart is None:
        return np.zeros(HEART_BINS)
    segment = track.get("segment", np.zeros(len(heart)))
    first, length = spans(segment[1:] != segment[:-1])
    since = motion.time_s - np.repeat(motion.time_s[first], length)
    return histogram(heart, np.where(since >= lag_s, motion.moving_step_s, 0.0), 1.0, HEART_BINS)
