"""How much of a long log is read, where a verdict does not need all of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from kneewatch import sources
from kneewatch.cache import Entry
from kneewatch.ingest.account import EARLIEST
from kneewatch.ingest.shares import Share
from kneewatch.sources import Place

OLDEST = 3
"""So many of the oldest files are read in any case: one of them may have had a wrong clock."""

LARGE_BYTES = 4 << 20
"""A larger file may hold years, of which its beginning tells nothing."""

DOUBT = timedelta(days=1)
"""The beginning of a file tells its day by UTC, and the runner's may be another."""


@dataclass(frozen=True)
class Window:
    """As much of a log as a verdict needs.

    Attributes
    ----------
    as_of : date or None
        The last day; by default today, or the log's last.
    since : date or None
        A day from which on all is needed, however long ago.
    days : int
        Before the last day, and the whole week of the last activity before them.
    files : int
        At least so many files, if the days hold fewer: who comes back from a break had a usual.
    few : int
        If no more than this lie outside, they are read all the same.
    """

    as_of: date | None = None
    since: date | None = None
    days: int = 190
    files: int = 60
    few: int = 200


@dataclass(frozen=True)
class Unread:
    """What was left out: how many places, how many later ones, the day from which on none was."""

    places: int = 0
    later: int = 0
    read_from: date | None = None


def put_off(shares: list[Share], window: Window) -> Unread:
    """Leave out what lies outside a window, by what is remembered of it or its beginning says."""
    today = datetime.now(UTC).date()
    days: dict[Entry | Place, tuple[date, date]] = {}
    for share in shares:
        days |= {entry: span for entry in share.entries if (span := _remembered_span(entry))}
        days |= {place: span for place in share.places if (span := _told_span(place))}
    # A wrong clock tells nothing; whoever reads the file in full will say so.
    days = {
        item: span
        for item, span in days.items()
        if EARLIEST.date() <= span[0] and span[1] <= today + DOUBT
    }
    known = [day for span in days.values() for day in set(span)]
    last = window.as_of or min(today, max(known, default=date.max))
    first = _first_day(window, sorted(day for day in known if day <= last), last)
    # Days are those of UTC.
    left = [i for i, (a, b) in days.items() if b < first - DOUBT or a > last + DOUBT]
    if len(left) <= window.few:
        return Unread()
    unread = set(sorted(left, key=lambda item: (days[item], item.name))[OLDEST:])
    for share in shares:
        share.entries = [entry for entry in share.entries if entry not in unread]
        kept = [place for place in share.places if place not in unread]
        share.whole = len(kept) == len(share.places)
        share.places = kept
    later = sum(days[item][0] > last for item in unread)
    return Unread(len(unread), later, first)


def _remembered_span(entry: Entry) -> tuple[date, date] | None:
    if not entry.first:
        return None
    return date.fromisoformat(entry.first), date.fromisoformat(entry.last)


def _told_span(place: Place) -> tuple[date, date] | None:
    # Who has nothing to peek at needs no reader.
    from kneewatch.readers.peek import PEEK_BYTES, peek

    day = peek(sources.head(place, PEEK_BYTES)) if place.size <= LARGE_BYTES else None
    return (day, day) if day else None


def _first_day(window: Window, past: Sequence[date], last: date) -> date:
    """First day of a window that ends on ``last``, where there are activities on ``past`` days."""
    first = last - timedelta(days=window.days)
    if window.since:
        first = min(first, window.since)
    first = min([first, *past[-window.files :][:1]]) if window.files else first
    before = past[: bisect_left(past, first)]
    return before[-1] - timedelta(days=before[-1].weekday()) if before else first
