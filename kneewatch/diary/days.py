"""Days as people and spreadsheets write them: ``2025-06-16``, ``16.06.2025``, ``6/16/2025``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Order = Literal["day", "month", "open"]
"""What stands first in ``3/4/2025``; ``open`` where the file does not say."""

AHEAD = timedelta(days=1)
"""A note may be dated so far ahead of this machine's day: clocks and time zones differ."""

EXPECTED = "expected a day such as 2025-06-16"

_YEAR_FIRST = re.compile(r"\s*(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"\s*(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?!\d)")

BEGINS = re.compile(
    r'\s*"?\s*(?:\d{4}\s*[-/.]\s*\d{1,2}\s*[-/.]|\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{2})'
)
"""How a line of entries begins, as opposed to a line of names."""


class UnreadableError(Exception):
    """A cell that is not what its column holds."""


@dataclass(frozen=True)
class Read:
    """A day out of a cell.

    Attributes
    ----------
    other : date or None
        What it may mean as well.
    """

    day: date
    other: date | None = None


def order_of(cells: Iterable[str], delimiter: str) -> Order:
    """What stands first in the dates of a column.

    A number beyond 12 decides; without one a semicolon does, which spreadsheets write where the
    comma stands before decimals, and there the day stands first.
    """
    found = [match for match in map(_YEAR_LAST.match, cells) if match and match[2] != "."]
    first = any(int(match[1]) > 12 for match in found)
    second = any(int(match[3]) > 12 for match in found)
    if first != second:
        return "day" if first else "month"
    return "day" if delimiter == ";" and not first else "open"


def day_of(said: str, order: Order, today: date) -> Read:
    """The day that a cell begins with; a time of the day behind it is passed over.

    Where it may be either of two, it is the later one that does not lie ahead: what was noted
    must not look older than it is.

    Raises
    ------
    UnreadableError
        If there is none.
    """
    days = [day for day in _meant(said, order) if day is not None]
    if not days:
        raise UnreadableError(f"{said!r}, {EXPECTED}")
    past = [day for day in days if day <= today + AHEAD]
    if len(days) == 1 or not past:
        return Read(max(days))
    return Read(max(past), next((day for day in days if day != max(past)), None))


def not_ahead(day: date, today: date) -> date:
    """The day itself.

    Raises
    ------
    UnreadableError
        If it lies ahead.
    """
    if day > today + AHEAD:
        raise UnreadableError(f"{day}, which lies ahead of today, {today}")
    return day


def _meant(said: str, order: Order) -> list[date | None]:
    if match := _YEAR_FIRST.match(said):
        return [_date(match[1], match[3], match[4])]
    match = _YEAR_LAST.match(said)
    if not match:
        return []
    year = match[4] if len(match[4]) == 4 else f"20{match[4]}"
    by_day, by_month = _date(year, match[3], match[1]), _date(year, match[1], match[3])
    if match[2] == "." or order == "day":
        return [by_day]
    return [by_month] if order == "month" else [by_day, by_month]


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
