"""What the weekly pictures share: which weeks they show, what is not known, days in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from kneewatch.picture import Band, Picture, Role, Series
from kneewatch.rules.facts import Facts
from kneewatch.units import SHORT_MONTHS

WEEKS_SHOWN = 26
WEEKS_AT_LEAST = 8
"""A younger log gets this many weeks, so that its bars stay bars."""

NO_DATA = "no data yet"
SO_FAR = "this week so far"

NAN = float("nan")


def recent_weeks(facts: Facts, count: int = WEEKS_SHOWN) -> pd.DataFrame:
    """The last weeks without a gap: weeks that the table lacks are unknown.

    Parameters
    ----------
    count : int
        How many at most; fewer where the log is younger.

    Returns
    -------
    DataFrame
        ``columns.WEEKS`` by first day of the week; ``known`` and ``complete`` are booleans.
    """
    if not len(facts.weeks):
        return facts.weeks
    last = date.fromisoformat(str(facts.weeks.index[-1]))
    starts = [(last - timedelta(weeks=n)).isoformat() for n in reversed(range(count))]
    weeks = facts.weeks.reindex(starts)
    weeks["known"] = weeks["known"].eq(True) & weeks["distance_m"].notna()
    weeks["complete"] = weeks["complete"].eq(True)
    known = weeks["known"].to_numpy()
    young = int(known.argmax()) if known.any() else count
    return weeks.iloc[min(young, max(count - WEEKS_AT_LEAST, 0)) :]


def week_end(week: str) -> str:
    """The day after a week's last day [ISO date]."""
    return (date.fromisoformat(week) + timedelta(weeks=1)).isoformat()


def bars(
    weeks: pd.DataFrame, values: pd.Series[float], label: str, role: Role = "main"
) -> tuple[Series, ...]:
    """Weekly bars; the week that is still going on is a series of its own, in role ``current``."""
    done = weeks.index[weeks["known"] & weeks["complete"] & values.notna()]
    open_ = weeks.index[weeks["known"] & ~weeks["complete"] & values.notna()]
    parts = (
        Series("bars", label, tuple(done), tuple(float(values[w]) for w in done), role),
        Series(
            "bars",
            SO_FAR,
            tuple(open_),
            tuple(float(values[w]) for w in open_),
            "current",
        ),
    )
    return tuple(part for part in parts if part.x)


def bands(weeks: Iterable[tuple[str, bool]], label: str) -> tuple[Band, ...]:
    """Shade the weeks that are marked, neighbours as one stretch."""
    found: list[Band] = []
    for week, shaded in weeks:
        if not shaded:
            continue
        if found and found[-1].end == week:
            found[-1] = replace(found[-1], end=week_end(week))
        else:
            found.append(Band(week, week_end(week), label))
    return tuple(found)


def unknown_bands(weeks: pd.DataFrame) -> tuple[Band, ...]:
    """Shade the weeks of which nothing is known."""
    return bands(zip(weeks.index, ~weeks["known"], strict=True), NO_DATA)


def unknown_words(weeks: pd.DataFrame) -> str:
    """How many weeks are shaded, for the words of a picture."""
    unknown = int((~weeks["known"]).sum())
    return f"Of {count_of(unknown, 'week')} nothing is known." if unknown else ""


def nothing(picture: Picture) -> Picture:
    """The picture with nothing on it, which then says why."""
    return replace(
        picture, alt=f"{picture.title}: {picture.empty}.", series=(), marks=(), bands=(), notes=()
    )


def day_in_words(day: str | date) -> str:
    """``3 Mar 2025``, in English whatever the locale."""
    when = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{when.day} {SHORT_MONTHS[when.month - 1]} {when.year}"


def count_of(number: int, noun: str) -> str:
    """``1 week``, ``3 weeks``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def sentences(parts: Sequence[str]) -> str:
    """Join what there is to say, leaving out what is empty."""
    return " ".join(part for part in parts if part)
