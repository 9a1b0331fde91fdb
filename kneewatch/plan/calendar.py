"""Sessions from a calendar file (iCalendar, RFC 5545): the day and the words of each event."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from kneewatch.model import Problem
from kneewatch.plan import amounts
from kneewatch.plan.repeats import moment, repeated
from kneewatch.plan.session import Session
from kneewatch.plan.terms import Terms

_PROPERTY = re.compile(r"([A-Za-z-]+)((?:;[^:\"]*(?:\"[^\"]*\")?[^:\"]*)*):(.*)", re.S)
_ESCAPED = {"\\n": " ", "\\N": " ", "\\,": ",", "\\;": ";", "\\\\": "\\"}


@dataclass
class Event:
    """One VEVENT: its properties by name, the first of each, and the days that it leaves out."""

    line: int
    said: dict[str, str] = field(default_factory=dict)
    excluded: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """Its title."""
        return self.said.get("SUMMARY", "").strip()


def read(text: str, name: str, terms: Terms) -> tuple[list[Session], list[Problem]]:
    """Sessions and what could not be read as one; an event without a distance is named.

    What is repeated is taken up for eight weeks; an event that was cancelled is none.
    """
    zone, events = _events(text)
    moved = {
        (event.said.get("UID"), instead.date())
        for event in events
        if (instead := moment(event.said.get("RECURRENCE-ID", ""), terms, zone))
    }
    sessions: list[Session] = []
    problems: list[Problem] = []
    for event in events:
        if event.said.get("STATUS", "").upper() == "CANCELLED":
            continue
        where = f"{name} line {event.line}"
        where += f" ({event.summary[:40]})" if event.summary else ""
        found, said = _sessions(event, zone, terms, moved)
        sessions += found
        problems += [Problem(where, reason) for reason in said]
    if not sessions and not problems:
        problems.append(Problem(name, "no event (VEVENT) in it"))
    return sessions, problems


def _sessions(
    event: Event, zone: str, terms: Terms, moved: set[tuple[str | None, date]]
) -> tuple[list[Session], list[str]]:
    """The sessions of an event, and what is to be said of it."""
    begin = event.said.get("DTSTART", "")
    start = moment(begin, terms, zone)
    if start is None:
        return [], [f"the day is {begin or 'nothing'!r}, expected one such as 20251108"]
    if other := amounts.other_sport(event.summary):
        return [], [other]
    # The title first: what the description says of warming up is not the run's length.
    described = event.said.get("DESCRIPTION", "")
    length = amounts.length_in(event.summary, terms.units) or amounts.length_in(
        described, terms.units
    )
    if length is None:
        return [], ["no distance such as 18 km in its words; left out"]
    words = f"{event.summary}. {described}"
    session = Session(
        start.date(),
        length.metres,
        amounts.height_in(words, terms.units),
        amounts.minutes_in(words),
        event.summary,
    )
    said = [length.said] if length.said else []
    if "RRULE" not in event.said:
        return [session], said
    excluded = {
        found.date() for text in event.excluded if (found := moment(text, terms, zone)) is not None
    }
    excluded |= {day for uid, day in moved if uid == event.said.get("UID")}
    days = repeated(start, event.said["RRULE"], excluded, terms, zone)
    if isinstance(days, str):
        return [session], [*said, f"{days}; only its first day is taken"]
    if not days:
        return [], [*said, f"none of its days lies in the 8 weeks after {terms.as_of}"]
    return [session.on(day) for day in days], said


def _events(text: str) -> tuple[str, list[Event]]:
    """The calendar's zone and its events; alarms inside an event are passed over."""
    event: Event | None = None
    events: list[Event] = []
    zone, inside = "", 0
    for number, line in _unfolded(text):
        match = _PROPERTY.fullmatch(line)
        if match is None:
            continue
        key, value = match[1].upper(), match[3]
        if key == "BEGIN" and value.strip().upper() == "VEVENT":
            event, inside = Event(number), 0
            # One that is cut off at the end of the file counts as well.
            events.append(event)
        elif event is None:
            zone = value.strip() if key == "X-WR-TIMEZONE" else zone
        elif key == "END" and value.strip().upper() == "VEVENT":
            event = None
        elif key in ("BEGIN", "END"):
            inside += 1 if key == "BEGIN" else -1
        elif inside == 0 and key == "EXDATE":
            event.excluded += value.split(",")
        elif inside == 0:
            event.said.setdefault(key, re.sub(r"\\[nN,;\\]", lambda m: _ESCAPED[m[0]], value))
    return zone, events


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, those that go on after a blank put together."""
    begun, whole = 0, ""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if line[:1] in (" ", "\t") and begun:
            whole += line[1:]
            continue
        if begun:
            yield begun, whole
        begun, whole = number, line
    yield begun, whole
