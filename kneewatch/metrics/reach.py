"""How far back the rules reach from a day."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

WINDOW_DAYS = 200
"""As far as rules look: 28 days judged, 42 before each run, 120 more for its critical speed."""

AT_LEAST = 60
"""Activities that a window holds, if there are so many: who comes back had a usual."""


def window_start(days: Sequence[str], run_days: Sequence[str], day: date) -> date:
    """First day of what the rules need on a day.

    Parameters
    ----------
    days, run_days : sequence of str
        Local days of all activities, and of runs with a distance [ISO date], in order.
    """
    first = day - timedelta(days=WINDOW_DAYS)
    known = bisect_right(days, day.isoformat())
    if known:
        first = min(first, date.fromisoformat(days[max(known - AT_LEAST, 0)]))
    # The base of a week is the last week with a run, however far back, and the whole of it.
    before = bisect_left(run_days, first.isoformat())
    if before:
        last = date.fromisoformat(run_days[before - 1])
        first = last - timedelta(days=last.weekday())
    return first
