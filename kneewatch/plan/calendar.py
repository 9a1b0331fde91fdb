"""Sessions from a calendar file (iCalendar, RFC 5545): the day and the words of each event."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from kneewatch.model import Problem
from kneewatch.plan import amounts
from kneewatch.plan.session import Session
from kneewatch.units import Units

_PROPERTY = re.compile(r"([A-Za-z-]+)((?:;[^:\"]*(?:\"[^\"]*\")?[^:\"]*)*):(.*)", re.S)
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T\d{6}Z?)?")
_ESCAPED = {"\\n": " ", "\\N": " ", "\\,": ",", "\\;": ";", "\\\\": "\\"}

Event = dict[str, str]


def read(text: str, name: str, units: Units) -> tuple[list[Session], list[Problem]]:
    """Sessions and what could not be read as one; an event without a distance is named.

    Of a repeated event the first day counts, and that is said; one that was cancelled is none.
    """
    sessions: list[Session] = []
    problems: list[Problem] = []
    for line, event in _events(text):
        if event.get("STATUS", "").upper() == "CANCELLED":
            continue
        summary = event.get("SUMMARY", "").strip()
        where = f"{name} line {line}" + (f" ({summary[:40]})" if summary else "")
        # The title first: what the description says of warming up is not the run's length.
        words = f"{summary}. {event.get('DESCRIPTION', '')}"
        day, metres = _day(event.get("DTSTART", "")), amounts.distance_in(words, units)
        if day is None:
            said = event.get("DTSTART", "") or "nothing"
            problems.append(Problem(where, f"the day is {said!r}, expected one such as 20251108"))
        elif metres is None:
            problems.append(Problem(where, "no distance such as 18 km in its words; left out"))
        else:
            down, hard = amounts.height_in(words, units), amounts.minutes_in(words)
            sessions.append(Session(day, metres, down, hard, summary))
            if "RRULE" in event:
                problems.append(Problem(where, "it is repeated; only its first day is taken"))
    if not sessions and not problems:
        problems.append(Problem(name, "no event (VEVENT) in it"))
    return sessions, problems


def _events(text: str) -> Iterator[tuple[int, Event]]:
    """Line number and properties of each event; alarms inside an event are passed over."""
    event: Event | None = None
    begun, inside = 0, 0
    for number, line in _unfolded(text):
        match = _PROPERTY.fullmatch(line)
        if match is None:
            continue
        key, value = match[1].upper(), match[3]
        if key == "BEGIN" and value.strip().upper() == "VEVENT":
            event, begun, inside = {}, number, 0
        elif event is not None and key == "END" and value.strip().upper() == "VEVENT":
            yield begun, event
            event = None
        elif event is not None and key in ("BEGIN", "END"):
            inside += 1 if key == "BEGIN" else -1
        elif event is not None and inside == 0:
            event.setdefault(key, re.sub(r"\\[nN,;\\]", lambda m: _ESCAPED[m[0]], value))
    if event is not None:
        # The file was cut off within it.
        yield begun, event


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


def _day(said: str) -> date | None:
    """The wall clock's day; a time in UTC keeps the day that it is written with."""
    match = _DAY.fullmatch(said.strip())
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None
