"""Critical speed from the best efforts, and the hard time of each run."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kneewatch.metrics.intensity import BEST_M, HEART_BINS, SPEED_BIN_MPS, SPEED_BINS
from kneewatch.model import Floats


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
    bests, highest = _known_by_then(runs, window_days)
    speed = critical_speed(*bests)
    top = _or_else(max_heart_rate_bpm, runs["max_hr_setting_bpm"].to_numpy(), highest)
    rest = _or_else(resting_heart_rate_bpm, runs["rest_hr_setting_bpm"].to_numpy())
    beats = np.where(rest < top, rest + share_of_reserve * (top - rest), share_of_max * top)
    paces = _stacked(runs["ga_speed_histogram_s"], SPEED_BINS)
    hearts = _stacked(runs["heart_rate_histogram_s"], HEART_BINS)
    by_speed = np.isfinite(speed) & paces.any(axis=1)
    by_heart = ~by_speed & np.isfinite(beats) & hearts.any(axis=1)
    hard = np.full(len(runs), np.nan)
    hard[by_speed] = _above(paces[by_speed], speed[by_speed] / SPEED_BIN_MPS)
    hard[by_heart] = _above(hearts[by_heart], beats[by_heart])
    source = np.where(by_speed, "speed", np.where(by_heart, "heart rate", "none"))
    said = pd.Series(source, index=runs.index, dtype=object)
    return pd.DataFrame({"hard_s": hard, "hard_source": said}, index=runs.index)


def _known_by_then(runs: pd.DataFrame, window_days: int) -> tuple[Floats, Floats]:
    """Best times of the last days [s], and the highest heart rate [1/min], by the end of each run.

    Infinite where there was none. Up to the run itself and no later one of the same day.
    """
    days = runs["local_date"].to_numpy(dtype="datetime64[D]")
    after = days - np.timedelta64(window_days, "D")
    values = runs[[f"best_{d}m_s" for d in BEST_M]].to_numpy(dtype=np.float64, copy=True)
    values = np.column_stack((values, -runs["max_hr_bpm"].to_numpy(dtype=np.float64)))
    values[np.isnan(values)] = np.inf
    # Who flies west may run on an earlier day than before, so the window may still hold a few
    # days that lie too far back; it never lacks one.
    first = np.searchsorted(np.maximum.accumulate(days), after, side="right")
    least = np.empty_like(values)
    for row in range(len(runs)):
        window = slice(first[row], row + 1)
        least[row] = values[window][days[window] > after[row]].min(axis=0)
    return least[:, :3].T, -least[:, 3]


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
