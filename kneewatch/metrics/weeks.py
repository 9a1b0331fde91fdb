"""Runs to weeks. A week without a file before the first one is unknown, not rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kneewatch.columns import ACTIVITIES, GRADE_BINS, SURFACES, WEEKS, frame_of
from kneewatch.metrics.downhill import felt_descent, felt_steep_down
from kneewatch.model import Floats

Ints = npt.NDArray[np.int64]

DAYS_FOR_A_KNOWN_WEEK = 5
"""A week at the start of the log is known if so many of its days lie in the log. [D]"""

SUMMED = [name for name in WEEKS if name in ACTIVITIES and ACTIVITIES[name].over_week == "sum"]
"""Columns that the dictionary says add up."""

WEEKS_AT_LEAST = 6
"""Rules look back so far, so the table shows at least these weeks, known or not."""


def monday_of(day: date) -> date:
    """First day of the week of a day."""
    return day - timedelta(days=day.weekday())


def count_weeks(
    runs: pd.DataFrame,
    others: pd.DataFrame,
    first_day: date | None,
    as_of: date,
    read_from: date | None = None,
) -> pd.DataFrame:
    """Weekly table, one row each calendar week from Monday to the week of ``as_of``.

    Parameters
    ----------
    runs, others : DataFrame
        ``columns.ACTIVITIES`` up to ``as_of``.
    first_day : date or None
        Day of the first activity of any sport.
    as_of : date
        The last day taken into account.
    read_from : date, optional
        Day before which files were left unread; weeks before it are unknown.

    Returns
    -------
    DataFrame
        ``columns.WEEKS`` indexed by the week's first day (ISO date); sums of an unknown week
        that holds no run are NaN.
    """
    this = monday_of(as_of)
    start = this - timedelta(weeks=WEEKS_AT_LEAST - 1)
    if first_day is not None:
        start = min(start, monday_of(first_day))
    mondays = [start + timedelta(weeks=n) for n in range((this - start).days // 7 + 1)]
    runs, week_of_run = _in_weeks(runs, mondays)
    others, week_of_other = _in_weeks(others, mondays)
    known_from = max(first_day, read_from) if first_day and read_from else first_day
    calendar = _calendar(mondays, known_from, as_of)
    sums = _sums(runs, week_of_run, len(mondays))
    counted = np.bincount(week_of_run, minlength=len(mondays))
    told = calendar["known"] | (counted > 0)
    values = {
        "known": calendar["known"],
        "complete": calendar["complete"],
        "runs": counted,
        "days_off": np.where(
            told, calendar["days"] - _days_run(runs, week_of_run, len(mondays)), 0
        ),
        "other_activities": np.bincount(week_of_other, minlength=len(mondays)),
        "other_s": _total(others["moving_s"], week_of_other, len(mondays)),
    } | {name: np.where(told, column, np.nan) for name, column in sums.items()}
    index = pd.Index([monday.isoformat() for monday in mondays], name="week")
    return frame_of(WEEKS, values, index)


def _in_weeks(activities: pd.DataFrame, mondays: Sequence[date]) -> tuple[pd.DataFrame, Ints]:
    """The activities that lie in the weeks, and the position of each one's week."""
    days = activities["local_date"].to_numpy(dtype="datetime64[D]")
    week = (days - np.datetime64(mondays[0])).astype(np.int64) // 7
    inside = (week >= 0) & (week < len(mondays))
    return activities[inside], week[inside]


def _calendar(
    mondays: Sequence[date], known_from: date | None, as_of: date
) -> dict[str, np.ndarray[Any, Any]]:
    """What each week is without its runs: ``known``, ``complete``, and its ``days`` so far."""
    known, complete, days = [], [], []
    for monday in mondays:
        sunday = monday + timedelta(days=6)
        # Days before the first file are not known to be without a run.
        begin = min(max(known_from or monday, monday), sunday)
        known.append(known_from is not None and (sunday - begin).days + 1 >= DAYS_FOR_A_KNOWN_WEEK)
        complete.append(as_of >= sunday)
        days.append((min(sunday, as_of) - begin).days + 1)
    return {"known": np.array(known), "complete": np.array(complete), "days": np.array(days)}


def _sums(runs: pd.DataFrame, week: Ints, weeks: int) -> dict[str, Floats]:
    """What the runs of each week come to, as if every week were known."""
    distance = runs["distance_m"].fillna(0.0)
    descent = felt_descent(runs)
    total = _total(distance, week, weeks)
    measured = _total(distance.where(descent.notna(), 0.0), week, weeks)
    counted = np.bincount(week, minlength=weeks)
    told = np.bincount(week[runs["distance_m"].notna()], minlength=weeks)
    longest = np.zeros(weeks)
    np.maximum.at(longest, week, distance.to_numpy())
    sums = {name: _sum(runs[name], week, weeks) for name in SUMMED}
    sums |= {
        "distance_m": total,
        "distance_known": np.divide(told, counted, out=np.ones(weeks), where=counted != 0),
        "longest_m": longest,
        "descent_m": _sum(descent, week, weeks),
        "descent_known": np.divide(measured, total, out=np.ones(weeks), where=total != 0),
        "steep_down_m": _sum(felt_steep_down(runs), week, weeks),
    }
    on_treadmill = runs["surface"] == "treadmill"
    for name in GRADE_BINS:
        # A treadmill is level ground.
        level = distance if name == "flat" else 0.0
        column = runs[f"grade_{name}_m"].where(~on_treadmill, level)
        sums[f"grade_{name}_m"] = _sum(column, week, weeks)
    for surface in SURFACES:
        on_it = distance.where(runs["surface"] == surface, 0.0)
        sums[f"surface_{surface}_m"] = _total(on_it, week, weeks)
    return sums


def _total(column: pd.Series[float], week: Ints, weeks: int) -> Floats:
    """Sum of what is known in each week."""
    values = column.fillna(0.0).to_numpy(dtype=np.float64)
    return np.bincount(week, values, minlength=weeks).astype(np.float64)


def _sum(column: pd.Series[float], week: Ints, weeks: int) -> Floats:
    """Sum of what is known; zero for a week without runs, NaN where nothing is known."""
    known = np.bincount(week[column.notna()], minlength=weeks)
    nothing = (known == 0) & (np.bincount(week, minlength=weeks) > 0)
    return np.where(nothing, np.nan, _total(column, week, weeks))


def _days_run(runs: pd.DataFrame, week: Ints, weeks: int) -> Ints:
    """Number of days with a run in each week."""
    first_of_day = ~runs["local_date"].duplicated().to_numpy()
    return np.bincount(week[first_of_day], minlength=weeks)
