"""Runs to days: load as coaches know it. A day before the first file is unknown, not rest.

The ratios and means here are for those who ask. They are no warnings: in runners a high ratio of
acute to chronic load did not go with more injuries (nakaoka2021, impellizzeri2020).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kneewatch.columns import DAYS, frame_of
from kneewatch.metrics.intensity import HEART_BINS
from kneewatch.model import Floats

BANISTER_MEN = (0.64, 1.92)
BANISTER_WOMEN = (0.86, 1.67)
"""Factor and exponent of the training impulse."""

DAYS_AT_LEAST = 28
"""The slowest ratio looks back so far, so the table shows at least these days, known or not."""

ACUTE, CHRONIC = 7, 28
FAST, SLOW = 7, 42

MONOTONY_CAP = 10.0

Ints = npt.NDArray[np.int64]


def count_days(
    runs: pd.DataFrame,
    first_day: date | None,
    as_of: date,
    *,
    max_heart_rate_bpm: float | None = None,
    resting_heart_rate_bpm: float | None = None,
    banister: tuple[float, float] = BANISTER_MEN,
) -> pd.DataFrame:
    """Daily table, one row each local day up to ``as_of``.

    Ratios, monotony and strain are of the distance, the slow and the fast mean of the training
    impulse. Other sports are not in them.

    Parameters
    ----------
    runs : DataFrame
        ``columns.ACTIVITIES`` up to ``as_of``.
    first_day : date or None
        Day of the first activity of any sport.
    as_of : date
        The last day taken into account.
    max_heart_rate_bpm, resting_heart_rate_bpm : float, optional
        Known values; else the watch's setting; without both there is no training impulse.
    banister : tuple of float
        Factor and exponent of the training impulse; those for men by default.

    Returns
    -------
    DataFrame
        ``columns.DAYS`` indexed by the day (ISO date); NaN where it is not known.
    """
    start = as_of - timedelta(days=DAYS_AT_LEAST - 1)
    start = min(start, first_day or start)
    dates = [start + timedelta(days=n) for n in range((as_of - start).days + 1)]
    known = np.array([first_day is not None and day >= first_day for day in dates])
    position = runs["local_date"].to_numpy(dtype="datetime64[D]") - np.datetime64(start)
    at: Ints = position.astype(np.int64)
    inside = (at >= 0) & (at < len(dates))
    runs, at = runs[inside], at[inside]
    effort = impulse(
        runs,
        max_heart_rate_bpm=max_heart_rate_bpm,
        resting_heart_rate_bpm=resting_heart_rate_bpm,
        banister=banister,
    )
    # A run without a distance or a heart rate leaves its day unknown, and so what rests on it.
    distance = _by_day(runs["distance_m"].to_numpy(dtype=np.float64), at, known)
    trimp = _by_day(effort, at, known)
    week, spread = _mean(distance, ACUTE), monotony(distance)
    slow, fast = moving_mean(trimp, 1 / SLOW, SLOW), moving_mean(trimp, 1 / FAST, FAST)
    values = {
        "known": known,
        "distance_m": distance,
        "runs": np.bincount(at, minlength=len(dates)),
        "hard_s": _by_day(runs["hard_s"].to_numpy(dtype=np.float64), at, known),
        "trimp": trimp,
        "distance_7d_m": ACUTE * week,
        "acwr_coupled": _ratio(week, _mean(distance, CHRONIC)),
        "acwr_uncoupled": _ratio(week, _earlier(_mean(distance, CHRONIC - ACUTE), ACUTE)),
        "acwr_ewma": _ratio(
            moving_mean(distance, 2 / (ACUTE + 1), ACUTE),
            moving_mean(distance, 2 / (CHRONIC + 1), CHRONIC),
        ),
        "monotony": spread,
        "strain_m": ACUTE * week * spread,
        "ctl": slow,
        "atl": fast,
        "tsb": _earlier(slow - fast, 1),
    }
    index = pd.Index([day.isoformat() for day in dates], name="day")
    return frame_of(DAYS, values, index)


def impulse(
    runs: pd.DataFrame,
    *,
    max_heart_rate_bpm: float | None = None,
    resting_heart_rate_bpm: float | None = None,
    banister: tuple[float, float] = BANISTER_MEN,
    covered: float = 0.5,  # with less of the time known, the rest could be anything
) -> Floats:
    """Training impulse of each run (Banister) [-].

    Minutes times the share of the heart-rate reserve times an exponential of it. Moving minutes
    without a heart rate (each first one, while the heart follows) count like the others.

    Parameters
    ----------
    runs : DataFrame
        ``columns.ACTIVITIES``.
    max_heart_rate_bpm, resting_heart_rate_bpm : float, optional
        Known values [1/min]; else the watch's setting.
    banister : tuple of float
        Factor and exponent.
    covered : float
        Share of the moving time whose heart rate has to be known [-].

    Returns
    -------
    ndarray
        NaN where heart rate, its maximum or that at rest is not known.
    """
    top = _said_or_set(max_heart_rate_bpm, runs["max_hr_setting_bpm"])
    rest = _said_or_set(resting_heart_rate_bpm, runs["rest_hr_setting_bpm"])
    factor, exponent = banister
    beats = np.arange(HEART_BINS, dtype=np.float64)  # watches give whole beats
    found = np.full(len(runs), np.nan)
    moving = runs["moving_s"].to_numpy(dtype=np.float64)
    for row, spent in enumerate(runs["heart_rate_histogram_s"]):
        # Comparisons with NaN are false.
        if spent is None or not rest[row] < top[row] or not np.sum(spent) > 0:
            continue
        seconds = np.asarray(spent, dtype=np.float64)
        if not seconds.sum() >= covered * moving[row]:
            continue
        reserve = np.clip((beats - rest[row]) / (top[row] - rest[row]), 0.0, 1.0)
        a_minute = np.average(reserve * factor * np.exp(exponent * reserve), weights=seconds)
        found[row] = a_minute * moving[row] / 60
    return found


def monotony(load: Floats, days: int = ACUTE, cap: float = MONOTONY_CAP) -> Floats:
    """Mean of so many days' load over its standard deviation (foster1998) [-].

    Of the population (``ddof=0``). Equal days have no spread and give ``cap``; days without any
    load have no monotony.
    """
    mean = _mean(load, days)
    spread = np.full(len(load), np.nan)
    if len(load) >= days:
        spread[days - 1 :] = np.lib.stride_tricks.sliding_window_view(load, days).std(axis=1)
    # Equal days leave a spread of rounding errors.
    flat = spread <= 1e-9 * mean
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.minimum(np.where(flat, np.inf, mean / spread), cap)
    return np.where(mean > 0, found, np.nan)


def moving_mean(
    load: Floats,
    weight: float,
    days: int,
    *,
    known: float = 0.75,  # ours: with fewer days known, their mean says little of the others
) -> Floats:
    """Exponentially weighted mean: ``weight`` of today and the rest of the day before.

    It begins as the plain mean of the first ``days`` days, not at zero as if there had been rest
    before the log. A day that is not known leaves it as it is, and too many of them end it.

    Parameters
    ----------
    load : ndarray
        A value a day, NaN where it is not known.
    weight : float
        ``2 / (N + 1)`` after williams2017, ``1 / N`` for the slow and the fast mean.
    days : int
        N.
    known : float
        Share of the last ``days`` that has to be known [-].
    """
    found = np.full(len(load), np.nan)
    told = np.flatnonzero(np.isfinite(load))
    begin = int(told[0]) + days - 1 if len(told) else len(load)
    mean = np.nan
    for day in range(begin, len(load)):
        window = load[day - days + 1 : day + 1]
        there = np.isfinite(window)
        if there.mean() < known:
            mean = np.nan
        elif np.isnan(mean):
            mean = window[there].mean()
        elif there[-1]:
            mean += weight * (load[day] - mean)
        found[day] = mean
    return found


def _by_day(values: Floats, at: Ints, known: npt.NDArray[np.bool_]) -> Floats:
    """Sums of each day: zero on a day without a run, NaN where a run's value is not known."""
    sums = np.bincount(at, np.nan_to_num(values), minlength=len(known)).astype(np.float64)
    unknown = np.bincount(at, np.isnan(values), minlength=len(known)) > 0
    return np.where(known & ~unknown, sums, np.nan)


def _mean(load: Floats, days: int) -> Floats:
    """Plain mean of so many days up to each, NaN where one of them is not known."""
    found = np.full(len(load), np.nan)
    if len(load) >= days:
        found[days - 1 :] = np.lib.stride_tricks.sliding_window_view(load, days).mean(axis=1)
    return found


def _earlier(values: Floats, days: int) -> Floats:
    """Each day's value of so many days before."""
    return np.concatenate((np.full(min(days, len(values)), np.nan), values[:-days]))


def _ratio(acute: Floats, chronic: Floats) -> Floats:
    """NaN where there is nothing to divide by."""
    found: Floats = np.divide(acute, chronic, out=np.full(len(acute), np.nan), where=chronic > 0)
    return found


def _said_or_set(said: float | None, setting: pd.Series[Any]) -> Floats:
    """What the runner says, else the watch's setting [1/min]."""
    values = setting.to_numpy(dtype=np.float64)
    return np.full(len(values), said) if said else np.where(values > 0, values, np.nan)
