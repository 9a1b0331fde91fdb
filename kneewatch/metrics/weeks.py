"""Runs to weeks. A week without a file before the first one is unknown, not rest."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from kneewatch.columns import ACTIVITIES, GRADE_BINS, SURFACES, WEEKS, frame
from kneewatch.metrics.downhill import felt_descent, felt_steep_down

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
    runs: pd.DataFrame, others: pd.DataFrame, first_day: date | None, as_of: date
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
    week_of_run = _weeks_of(runs)
    week_of_other = _weeks_of(others)
    rows = [
        _week(
            monday,
            runs[week_of_run == monday.isoformat()],
            others[week_of_other == monday.isoformat()],
            first_day,
            as_of,
        )
        for monday in mondays
    ]
    index = pd.Index([monday.isoformat() for monday in mondays], name="week")
    return frame(WEEKS, rows, index)


def _weeks_of(activities: pd.DataFrame) -> np.ndarray[Any, Any]:
    days = [date.fromisoformat(day) for day in activities["local_date"]]
    return np.array([monday_of(day).isoformat() for day in days], dtype=object)


def _week(
    monday: date, runs: pd.DataFrame, others: pd.DataFrame, first_day: date | None, as_of: date
) -> dict[str, Any]:
    sunday = monday + timedelta(days=6)
    in_log = (sunday - max(first_day, monday)).days + 1 if first_day is not None else 0
    known = in_log >= DAYS_FOR_A_KNOWN_WEEK
    row: dict[str, Any] = {
        "known": known,
        "complete": as_of >= sunday,
        "runs": len(runs),
        "other_activities": len(others),
        "other_s": float(others["moving_s"].sum()),
    }
    if not known and not len(runs):
        return row
    distance = runs["distance_m"].fillna(0.0)
    descent = felt_descent(runs)
    total = float(distance.sum())
    last_day = min(sunday, as_of)
    # Days before the first file are not known to be without a run.
    days_so_far = (last_day - max(monday, first_day or monday)).days + 1
    row |= {
        "distance_m": total,
        "longest_m": float(distance.max()) if len(runs) else 0.0,
        "descent_m": _sum(descent),
        "descent_known": float(distance[descent.notna()].sum() / total) if total else 1.0,
        "days_off": days_so_far - runs["local_date"].nunique(),
    }
    row |= {name: _sum(runs[name]) for name in SUMMED if name not in row}
    row["steep_down_m"] = _sum(felt_steep_down(runs))
    for name in GRADE_BINS:
        # A treadmill is level ground.
        level = distance if name == "flat" else 0.0
        column = runs[f"grade_{name}_m"].where(runs["surface"] != "treadmill", level)
        row[f"grade_{name}_m"] = _sum(column)
    for surface in SURFACES:
        row[f"surface_{surface}_m"] = float(distance[runs["surface"] == surface].sum())
    return row


def _sum(column: pd.Series[float]) -> float | None:
    """Sum of what is known; zero for a week without runs, None where nothing is known."""
    return float(column.sum()) if column.notna().any() or not len(column) else None
