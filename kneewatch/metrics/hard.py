"""Critical speed from the best efforts, and the hard time of each run."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kneewatch.metrics.intensity import BEST_M, HEART_BINS, SPEED_BIN_MPS, SPEED_BINS
from kneewatch.model import Floats

Ints = npt.NDArray[np.int64]


def critical_speed(
    best_400_s: npt.ArrayLike,
    best_800_s: npt.ArrayLike,
    best_5000_s: npt.ArrayLike,
    *,
    reserve_m: tuple[float, float] = (60.0, 450.0),
    speed_mps: tuple[float, float] = (1.8, 6.5),
    steepest_drop: float = 1.5,  # 1.07 through the world records, 1.2 through a good runner's
) -> Floats:
    """Critical speed [m/s]: slope of distance on time through the bests (smyth2020).

    NaN where the bests are none: who never ran hard has a distance reserve near zero; who
    sprinted once without running 5 km hard a very large one, or points that lie on no line.

    Parameters
    ----------
    best_400_s, best_800_s, best_5000_s : float or ndarray
        Shortest times [s].
    reserve_m : tuple of float
        Plausible distance above critical speed [m].
    speed_mps : tuple of float
        Plausible critical speeds [m/s].
    steepest_drop : float
        Speed from 400 to 800 m over that from 800 to 5000 m, at the most [-].
    """
    way = np.array(BEST_M, dtype=np.float64)
    time = np.array([best_400_s, best_800_s, best_5000_s], dtype=np.float64)
    # What is not known, or no faster over less, comes out as NaN or is no best below.
    with np.errstate(divide="ignore", invalid="ignore"):
        longer = np.diff(time, axis=0)
        apart = time - time.mean(axis=0)
        slope = (way - way.mean()) @ apart / (apart**2).sum(axis=0)
        reserve = way.mean() - slope * time.mean(axis=0)
        first, second = (way[1] - way[0]) / longer[0], (way[2] - way[1]) / longer[1]
    plausible = (
        np.isfinite(time).all(axis=0)
        & (longer > 0).all(axis=0)
        & (reserve_m[0] <= reserve)
        & (reserve <= reserve_m[1])
        & (speed_mps[0] <= slope)
        & (slope <= speed_mps[1])
        & (first <= steepest_drop * second)
    )
    return np.where(plausible, slope, np.nan)


def hard_seconds(
    runs: pd.DataFrame,
    *,
    max_heart_rate_bpm: float | None = None,
    resting_heart_rate_bpm: float | None = None,
    window_days: int = 120,
    share_of_max: float = 0.88,
    share_of_reserve: float = 0.80,
    held_s: float = 3600.0,
    over_usual: float = 1.10,
    easiest_share: float = 0.85,
) -> pd.DataFrame:
    """Hard time of each run, against the critical speed that was known by its end.

    By speed where critical speed can be taken from the bests of the last ``window_days``, else
    by heart rate: above 80 % of the reserve where the resting rate is known, else above 88 % of
    the maximum. What was exceeded for an hour in one run is no critical speed, nor is what lies
    hardly above the runner's usual speed; and a heart rate that even the easiest run came near is
    no maximum. Then there is none to go by.

    Parameters
    ----------
    runs : DataFrame
        ``columns.ACTIVITIES``, in order of start.
    max_heart_rate_bpm, resting_heart_rate_bpm : float, optional
        Known values; else the watch's setting, this one's or the last before it, else the highest
        seen in the window.
    held_s : float
        Time above critical speed that nobody reaches in one run [s].
    over_usual : float
        Critical speed over the median grade-adjusted speed of the same days, at the least [-]. Who
        never runs all out has bests that make a line as well, a few per cent above the speed of
        every day. A marathon is run at 84.8 % of critical speed (smyth2020), and hardly anybody
        runs day by day as fast as that, so a true one lies further up.
    easiest_share : float
        Share of the highest heart rate that the mean of the easiest run stays below [-].

    Returns
    -------
    DataFrame
        ``hard_s`` [s], ``hard_source``, and what they were held against:
        ``critical_speed_mps`` [m/s] and ``hard_hr_bpm`` [1/min], on the index of ``runs``.
    """
    paces = _stacked(runs["ga_speed_histogram_s"], SPEED_BINS)
    hearts = _stacked(runs["heart_rate_histogram_s"], HEART_BINS)
    first = _window_starts(runs, window_days)
    known = _known_by_then(runs, _held_for(paces, held_s), first, window_days)
    bests, highest, held, easiest = known
    speed = critical_speed(*bests)
    usual = _usual_by_then(paces, first)
    # Without a pace there is nothing that speaks against the bests.
    speed = np.where((speed < held) | (speed < over_usual * usual), np.nan, speed)
    # Without a mean heart rate there is nothing that speaks against the highest.
    highest = np.where(np.isfinite(easiest) & (easiest > easiest_share * highest), np.nan, highest)
    set_top = _last_set(runs, "max_hr_setting_bpm", window_days)
    set_rest = _last_set(runs, "rest_hr_setting_bpm", window_days)
    top = _or_else(max_heart_rate_bpm, set_top, highest)
    rest = _or_else(resting_heart_rate_bpm, set_rest)
    beats = np.where(rest < top, rest + share_of_reserve * (top - rest), share_of_max * top)
    by_speed = np.isfinite(speed) & paces.any(axis=1)
    by_heart = ~by_speed & np.isfinite(beats) & hearts.any(axis=1)
    hard = np.full(len(runs), np.nan)
    hard[by_speed] = _above(paces[by_speed], speed[by_speed] / SPEED_BIN_MPS)
    hard[by_heart] = _above(hearts[by_heart], beats[by_heart])
    source = np.where(by_speed, "speed", np.where(by_heart, "heart rate", "none"))
    said = pd.Series(source, index=runs.index, dtype=object)
    against = {"critical_speed_mps": speed, "hard_hr_bpm": beats}
    return pd.DataFrame({"hard_s": hard, "hard_source": said, **against}, index=runs.index)


def hard_seconds_by(
    runs: pd.DataFrame, *, speed_mps: float | None = None, heart_rate_bpm: float | None = None
) -> pd.Series[float]:
    """Hard time of runs by one measure for all, so that they can be compared [s].

    Parameters
    ----------
    runs : DataFrame
        ``columns.ACTIVITIES``.
    speed_mps, heart_rate_bpm : float, optional
        What counts as hard lies above this; the speed if both are given.

    Returns
    -------
    Series
        NaN where a run has no such record.
    """
    by_speed = speed_mps is not None
    name, bins = (
        ("ga_speed_histogram_s", SPEED_BINS) if by_speed else ("heart_rate_histogram_s", HEART_BINS)
    )
    spent = _stacked(runs[name], bins)
    above = speed_mps / SPEED_BIN_MPS if speed_mps is not None else heart_rate_bpm
    hard = _above(spent, np.full(len(runs), above, dtype=np.float64))
    return pd.Series(np.where(spent.any(axis=1), hard, np.nan), index=runs.index)


def _held_for(paces: Floats, seconds: float) -> Floats:
    """Speed that was exceeded for so long in each run [m/s]; zero where none was."""
    longer = np.cumsum(paces[:, ::-1], axis=1)[:, ::-1] >= seconds
    # The lower edge of the highest such bin.
    highest = np.where(longer.any(axis=1), longer.sum(axis=1) - 1, 0)
    held: Floats = SPEED_BIN_MPS * highest
    return held


def _usual_by_then(paces: Floats, first: Ints) -> Floats:
    """Median speed over the time of all runs of the window up to each [m/s]; NaN without one."""
    # Sums of windows as differences of running sums: no run is added up a hundred times.
    sums = np.cumsum(np.pad(paces, ((1, 0), (0, 0))), axis=0)
    spent = np.cumsum(sums[1:] - sums[first], axis=1)
    half = 0.5 * spent[:, -1]
    # Rounding must not decide into which of two equal halves the middle falls.
    own = (spent < half[:, None] - 1e-6).sum(axis=1).clip(max=paces.shape[1] - 1)
    rows = np.arange(len(own))
    below = np.where(own > 0, spent[rows, own - 1], 0.0)
    inside = spent[rows, own] - below
    part = np.divide(half - below, inside, out=np.zeros(len(own)), where=inside > 0)
    return np.where(half > 0, SPEED_BIN_MPS * (own + part), np.nan)


def _last_set(runs: pd.DataFrame, name: str, window_days: int) -> Floats:
    """A setting of the watch, or the last one of the window where this file holds none."""
    setting = runs[name].where(runs[name] > 0)
    day = pd.Series(runs["local_date"].to_numpy(dtype="datetime64[D]"), index=runs.index)
    age = (day - day.where(setting.notna()).ffill()).dt.days
    return setting.ffill().where(age < window_days).to_numpy(dtype=np.float64)


def _window_starts(runs: pd.DataFrame, window_days: int) -> Ints:
    """Position of the first run that may lie in the window of each.

    Who flies west may run on an earlier day than before, so the window may still hold a few days
    that lie too far back; it never lacks one.
    """
    days = runs["local_date"].to_numpy(dtype="datetime64[D]")
    after = days - np.timedelta64(window_days, "D")
    return np.searchsorted(np.maximum.accumulate(days), after, side="right").astype(np.int64)


def _known_by_then(
    runs: pd.DataFrame, held_mps: Floats, first: Ints, window_days: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """What the last days hold by the end of each run, up to itself and no later one of its day.

    Best times [s], the highest heart rate [1/min], the fastest of ``held_mps`` [m/s] and the
    lowest mean heart rate of a run [1/min]. Infinite where there was none.
    """
    days = runs["local_date"].to_numpy(dtype="datetime64[D]")
    after = days - np.timedelta64(window_days, "D")
    values = runs[[f"best_{d}m_s" for d in BEST_M]].to_numpy(dtype=np.float64, copy=True)
    beats = runs[["max_hr_bpm", "avg_hr_bpm"]].to_numpy(dtype=np.float64)
    values = np.column_stack((values, -beats[:, 0], -held_mps, beats[:, 1]))
    values[np.isnan(values)] = np.inf
    least = np.empty_like(values)
    for row in range(len(runs)):
        window = slice(first[row], row + 1)
        least[row] = values[window][days[window] > after[row]].min(axis=0)
    return least[:, :3].T, -least[:, 3], -least[:, 4], least[:, 5]


def _or_else(said: float | None, *values: Floats) -> Floats:
    """What the runner says, else the first of the values that is known; NaN where none is."""
    found = np.full(len(values[0]), said or np.nan)
    for value in values:
        found = np.where(np.isnan(found) & np.isfinite(value) & (value > 0), value, found)
    return found


def _stacked(histograms: pd.Series[Any], bins: int) -> Floats:
    """Histograms as rows, one without a second where there is none."""
    stacked = np.zeros((len(histograms), bins))
    for row, histogram in enumerate(histograms):
        if histogram is not None:
            stacked[row] = histogram
    return stacked


def _above(histograms_s: Floats, threshold: Floats) -> Floats:
    """Seconds above a threshold [bins], its own bin counted in part."""
    bins = histograms_s.shape[1]
    own = np.minimum(threshold, bins).astype(np.int64)
    padded = np.pad(histograms_s, ((0, 0), (0, 1)))
    higher = np.arange(bins + 1) > own[:, None]
    in_part = padded[np.arange(len(own)), own] * (own + 1 - threshold)
    above: Floats = padded.sum(axis=1, where=higher) + in_part
    return above
