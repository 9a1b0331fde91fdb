"""What a runner noted, as the audit counts it. One sense of place for onsets and for triggers.

Counted is what was noted at the back of the knee, at the knee, or without a place. What was noted
elsewhere says nothing of the knee, not even a zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from kneewatch.diary import BACK, Diary, Pain, Weekly
from kneewatch.evidence import Evidence

EVENT_SCORE = 3.0
"""Pain from here on is an event (EVIDENCE 13)."""

PLACES = {**dict.fromkeys(BACK, "back"), "knee": "knee", "": "unsaid"}
"""Words of a place that are counted, and as what."""

KINDS = ("back", "knee", "unsaid")
"""The most telling first."""

END_DAYS = 14
"""Notes are taken to go on for so many days after their last entry. [D]"""

GAP_DAYS = 28
"""After so many days without any entry it is not known what there was in them. [D]"""

Span = tuple[date, date]
"""First and last day of a stretch over which pain was noted."""


@dataclass(frozen=True)
class Event:
    """A day with pain of 3 or more, a red flag, a substantial week, or an injury.

    Attributes
    ----------
    place : str
        ``back``, ``knee`` or ``unsaid``.
    morning : bool
        Whether it was there on that morning already, before any run of the day.
    """

    day: date
    place: str = "back"
    morning: bool = False


@dataclass(frozen=True)
class Noted:
    """What a runner noted about the knee.

    Attributes
    ----------
    entries : tuple of date
        Days with an entry, zeros among them.
    events : tuple of Event
        One a day, in order.
    away : tuple of date
        Days of injuries elsewhere, on which none at the knee is looked for.
    """

    entries: tuple[date, ...] = ()
    events: tuple[Event, ...] = ()
    away: tuple[date, ...] = ()


class DayPain(NamedTuple):
    """Highest scores of a day (0-10): on waking, and later; None where none was noted."""

    morning: float | None = None
    later: float | None = None


def noted(diary: Diary, evidence: Evidence, last: date) -> Noted:
    """What of a diary is about the knee, up to a day."""
    known = diary.until(last)
    entries = {entry.day for entry in known.entries if entry.where in PLACES}
    entries |= {answer.day for answer in known.weekly if answer.where in PLACES}
    away: set[date] = set()
    events = [*_pain_events(known, evidence), *_weekly_events(known, evidence)]
    for injury in known.injuries:
        # One that goes on is no new one each day, and while it lasts none can begin.
        days = _days(injury.first, min(injury.last or last, last))
        if injury.where in PLACES:
            entries |= {day for day in (injury.first, injury.last) if day}
            events += [Event(day, PLACES[injury.where]) for day in days]
        else:
            away |= set(days)
    return Noted(tuple(sorted(entries)), _one_a_day(events), tuple(sorted(away)))


def spans(
    entries: tuple[date, ...],
    last: date,
    since: date | None = None,
    until: date | None = None,
) -> tuple[Span, ...]:
    """Stretches over which a day without an entry is taken for one without pain.

    They begin with an entry, end 14 days after one, and leave out gaps of more than 28 days. What
    the runner says of the first and the last day comes before that; who names both says that all
    pain between them was noted.

    Parameters
    ----------
    last : date
        The last day taken into account.
    since, until : date, optional
        Days from and to which all pain was noted, as the runner says.
    """
    until = min(until, last) if until else None
    if since and until:
        return ((since, until),) if since <= until else ()
    inside = [
        day for day in entries if (not since or day >= since) and day <= min(until or last, last)
    ]
    found: list[Span] = []
    for before, day in zip([None, *inside], inside, strict=False):
        end = min(day + timedelta(days=END_DAYS), last)
        if before and (day - before).days <= GAP_DAYS:
            found[-1] = (found[-1][0], end)
        else:
            found.append((day, end))
    if found and since:
        found[0] = (since, found[0][1])
    if found and until:
        found[-1] = (found[-1][0], until)
    return tuple(found)


def clipped(found: tuple[Span, ...], since: date | None, until: date | None) -> tuple[Span, ...]:
    """The parts of some stretches between two days, for runners who were not asked themselves."""
    cut = [(max(first, since or first), min(last, until or last)) for first, last in found]
    return tuple((first, last) for first, last in cut if first <= last)


def pain_by_day(diary: Diary) -> dict[date, DayPain]:
    """Highest scores about the knee of each day with an entry, zeros included."""
    scores: dict[date, DayPain] = {}
    for entry in diary.entries:
        if entry.score is None or entry.where not in PLACES:
            continue
        morning, later = scores.get(entry.day, DayPain())
        if entry.when == "morning":
            morning = max(morning or 0.0, entry.score)
        else:
            later = max(later or 0.0, entry.score)
        scores[entry.day] = DayPain(morning, later)
    return scores


def _pain_events(diary: Diary, evidence: Evidence) -> Iterator[Event]:
    for entry in diary.entries:
        if entry.where in PLACES and (
            (entry.score is not None and entry.score >= EVENT_SCORE) or _flagged(entry, evidence)
        ):
            yield Event(entry.day, PLACES[entry.where], entry.when == "morning")


def _flagged(entry: Pain, evidence: Evidence) -> bool:
    """Whether an entry holds a red flag."""
    signs = [evidence.sign(name) for name in entry.signs]
    return any(sign is not None and sign.urgency != "none" for sign in signs)


def _weekly_events(diary: Diary, evidence: Evidence) -> Iterator[Event]:
    for answer in diary.weekly:
        if answer.where in PLACES and _substantial(answer, evidence):
            yield Event(answer.day, PLACES[answer.where])


def _substantial(answer: Weekly, evidence: Evidence) -> bool:
    """Whether a week's answers are what KW804 speaks of."""
    limits = evidence.rules["KW804"]
    first, second, third, _ = answer.answers
    return limits["stopped"].reached_by(first or 0) or limits["changed"].reached_by(
        max(second or 0, third or 0)
    )


def _one_a_day(events: list[Event]) -> tuple[Event, ...]:
    days: dict[date, Event] = {}
    for event in sorted(events, key=lambda event: event.day):
        other = days.get(event.day, event)
        days[event.day] = Event(
            event.day,
            min(event.place, other.place, key=KINDS.index),
            event.morning or other.morning,
        )
    return tuple(days.values())


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
