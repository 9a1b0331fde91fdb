"""Grade-adjusted speed, best efforts, critical speed and hard minutes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kneewatch.metrics.motion import Motion
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
    g = np.clip(np.nan_to_num(grade), -STEEPEST, STEEPEST)
    up = (155.4 * g**5 - 30.4 * g**4 - 43.3 * g**3 + 46.3 * g**2 + 19.5 * g + 3.6) / 3.6
    p = 100 * g
    down = 1 + 0.03266 * p + 0.0020536 * p**2 - 3.99e-6 * p**3 - 5.294e-7 * p**4
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
    way = np.cumsum(ga_step_m)
    # Who stands on the mark has been there since the first of the points that share it.
    onward = np.diff(way, prepend=-1.0) > 0
    best = {}
    for distance, fastest in zip(BEST_M, FASTEST_S, strict=True):
        start = np.flatnonzero(way <= way[-1] - distance)
        if way[-1] < distance or not len(start):
            best[distance] = float("nan")
            continue
        arrive = np.interp(way[start] + distance, way[onward], motion.time_s[onward])
        took = arrive - motion.time_s[start]
        took = took[took >= fastest]
        best[distance] = float(took.min()) if len(took) else float("nan")
    return best


def histogram(values: Floats, seconds: Floats, width: float, bins: int) -> Floats:
    """Seconds spent in each bin of ``values``; beyond the last bin counts in the last."""
    valid = np.isfinite(values) & (seconds > 0)
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
    first = np.flatnonzero(np.diff(segment, prepend=np.nan) != 0)
    since = (
        motion.time_s
        - motion.time_s[first][np.searchsorted(first, np.arange(len(heart)), "right") - 1]
    )
    counted = np.where(motion.moving & (since >= lag_s), motion.step_s, 0.0)
    return histogram(heart, counted, 1.0, HEART_BINS)


def critical_speed(
    best_400_s: float,
    best_800_s: float,
    best_5000_s: float,
    *,
    reserve_m: tuple[float, float] = (60.0, 450.0),
    speed_mps: tuple[float, float] = (1.8, 6.5),
    steepest_drop: float = 1.5,  # 1.07 through the world records, 1.2 through a good runner's
) -> float:
    """Critical speed [m/s]: slope of distance on time through the bests (smyth2020).

    NaN where the bests are none: who never ran hard has a distance reserve near zero; who
    sprinted once without running 5 km hard a very large one, or points that lie on no line.

    Parameters
    ----------
    best_400_s, best_800_s, best_5000_s : float
        Shortest times [s].
    reserve_m : tuple of float
        Plausible distance above critical speed [m].
    speed_mps : tuple of float
        Plausible critical speeds [m/s].
    steepest_drop : float
        Speed from 400 to 800 m over that from 800 to 5000 m, at the most [-].
    """
    time = np.array([best_400_s, best_800_s, best_5000_s])
    if not np.isfinite(time).all() or (np.diff(time) <= 0).any():
        return float("nan")
    slope, reserve = np.polyfit(time, np.array(BEST_M, dtype=float), 1)
    first, second = np.diff(BEST_M) / np.diff(time)
    plausible = reserve_m[0] <= reserve <= reserve_m[1] and speed_mps[0] <= slope <= speed_mps[1]
    return float(slope) if plausible and first <= steepest_drop * second else float("nan")


def hard_seconds(
    runs: pd.DataFrame,
    *,
    max_heart_rate_bpm: float | None = None,
    resting_heart_rate_bpm: float | None = None,
    window_days: int = 120,
    share_of_max: float = 0.88,
    share_of_reserve: float = 0.80,
) -> pd.DataFrame:
    """Hard time of each run, against the critical speed that was known by its end.

    By speed where critical speed can be taken from the bests of the last ``window_days``, else
    by heart rate: above 80 % of the reserve where the resting rate is known, else above 88 % of
    the maximum.

    Parameters
    ----------
    runs : DataFrame
        ``columns.ACTIVITIES``, in order of start.
    max_heart_rate_bpm, resting_heart_rate_bpm : float, optional
        Known values; else the watch's setting, else the highest seen in the log.

    Returns
    -------
    DataFrame
        ``hard_s`` [s] and ``hard_source`` on the index of ``runs``.
    """
    days = pd.to_datetime(runs["local_date"]).to_numpy(dtype="datetime64[D]")
    bests = runs[[f"best_{d}m_s" for d in BEST_M]].to_numpy(dtype=np.float64)
    highest = runs["max_hr_bpm"].to_numpy(dtype=np.float64)
    set_to = runs["max_hr_setting_bpm"].to_numpy(dtype=np.float64)
    resting = runs["rest_hr_setting_bpm"].to_numpy(dtype=np.float64)
    paces: list[Floats | None] = runs["ga_speed_histogram_s"].tolist()
    hearts: list[Floats | None] = runs["heart_rate_histogram_s"].tolist()
    hard = np.full(len(runs), np.nan)
    source = np.full(len(runs), "none", dtype=object)
    for row in range(len(runs)):
        # Up to this run and no later one of the same day.
        past = days > days[row] - np.timedelta64(window_days, "D")
        past[row + 1 :] = False
        window = bests[past]
        speed = float("nan")
        if np.isfinite(window).any(axis=0).all():
            speed = critical_speed(*np.nanmin(window, axis=0))
        spent = paces[row]
        if np.isfinite(speed) and spent is not None and np.any(spent):
            hard[row] = _above(spent, speed, SPEED_BIN_MPS)
            source[row] = "speed"
            continue
        beats = hearts[row]
        seen = highest[past]
        top = max_heart_rate_bpm or _first_known(
            set_to[row],
            np.nanmax(seen) if np.isfinite(seen).any() else np.nan,
        )
        if beats is None or not np.any(beats) or not np.isfinite(top):
            continue
        rest = resting_heart_rate_bpm or float(resting[row])
        threshold = share_of_max * top
        if 0 < rest < top:
            threshold = rest + share_of_reserve * (top - rest)
        hard[row] = _above(beats, threshold, 1.0)
        source[row] = "heart rate"
    said = pd.Series(source, index=runs.index, dtype=object)
    return pd.DataFrame({"hard_s": hard, "hard_source": said}, index=runs.index)


def _first_known(*values: float) -> float:
    return next((float(v) for v in values if np.isfinite(v) and v > 0), float("nan"))


def _above(histogram_s: Floats, threshold: float, width: float) -> float:
    """Seconds above a threshold, its own bin counted in part."""
    position = threshold / width
    index = int(position)
    if index >= len(histogram_s):
        return 0.0
    return float(histogram_s[index + 1 :].sum() + histogram_s[index] * (index + 1 - position))
