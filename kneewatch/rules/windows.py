"""Days and windows of days, as the rules use them."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from kneewatch.rules.facts import Facts
from kneewatch.units import SHORT_MONTHS, SHORT_WEEKDAYS

DAY_US = 86_400_000_000

Run = pd.Series  # one row of Facts.runs; its name is the run's id


def day_of(run: Run) -> date:
    """The local day of a run."""
    return date.fromisoformat(run["local_date"])


def between(runs: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """Runs from one local day to another, both included."""
    # Ten years of days compare four times as fast without their index.
    days = runs["local_date"].to_numpy()
    return runs[(days >= first.isoformat()) & (days <= last.isoformat())]


def recent(facts: Facts) -> pd.DataFrame:
    """Runs of the last four weeks whose distance is known."""
    return facts.recent


def before(facts: Facts, run: Run, days: float) -> pd.DataFrame:
    """Runs that started in so many days before a run."""
    return facts.runs.iloc[rows_before(facts, run, days)]


def rows_before(facts: Facts, run: Run, days: float) -> slice:
    """Where in ``facts.runs`` those stand that started in so many days before a run."""
    # They are in order of start, so no run has to be asked for its own.
    start = run["start"].value // 1000
    first = start - int(days * DAY_US)
    return slice(*(int(place) for place in facts.starts_us.searchsorted([first, start])))


def known_days_before(facts: Facts, day: date) -> int:
    """How many days before a day lie in the log."""
    return (day - facts.first_day).days if facts.first_day else 0


def distance_in(facts: Facts, last: date, days: int) -> float:
    """Distance run in so many days up to ``last``, that day included [m].

    NaN if a run of them has no distance: that is unknown, not zero.
    """
    return float(_distances(facts, last, days).sum(skipna=False))


def least_distance_in(facts: Facts, last: date, days: int) -> float:
    """The same over the runs whose distance is known: at least so much was run [m]."""
    return float(_distances(facts, last, days).sum())


def _distances(facts: Facts, last: date, days: int) -> pd.Series[float]:
    runs = between(facts.runs[["local_date", "distance_m"]], last - timedelta(days=days - 1), last)
    return runs["distance_m"]


def say_day(day: date | str) -> str:
    """A day in words: ``Sun 2 Nov``."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{SHORT_WEEKDAYS[day.weekday()]} {day.day} {SHORT_MONTHS[day.month - 1]}"


def tissues_of(facts: Facts, *exposures: str) -> tuple[str, ...]:
    """Keys of the tissues that an exposure loads, the best supported first."""
    loads = {
        key: max(tissue.loads.get(exposure, 0) for exposure in exposures)
        for key, tissue in facts.evidence.tissues.items()
    }
    return tuple(sorted((key for key in loads if loads[key]), key=lambda key: -loads[key]))
