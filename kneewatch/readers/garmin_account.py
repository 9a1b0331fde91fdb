"""Garmin's account export: the pages of activities and the register of gear, both JSON.

``DI_CONNECT/DI-Connect-Fitness/*_summarizedActivities.json`` lists all activities, some hundred a
page, without tracks; the watch's own FIT files lie in zips beside it under numbers of the upload,
which no page names, so that they are joined by when they started. ``*_gear.json`` lists shoes and
bikes with the activities each was worn in; ``garmin_gear`` reads it.

- Distances and heights are in centimetres, durations in milliseconds; Garmin's web site hands out
  the same pages in metres and seconds, and what would be no speed of a human being tells them.
- The start is in UTC and on the wall clock, whose difference is the runner's offset.
- The sum of a multisport activity is none; its legs are listed by themselves.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from kneewatch.model import Activity, NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers import garmin_gear
from kneewatch.readers.garmin_json import (
    BROKEN,
    Entry,
    identity,
    listed,
    number,
    parsed,
    salvaged,
    text_of,
)
from kneewatch.readers.moments import seconds
from kneewatch.readers.sport_names import Sport
from kneewatch.readers.sports import ON_FOOT, UNKNOWN, sport_of

DURATIONS = ("duration", "elapsedDuration")
FIELDS = {
    "distance_m": ("distance",),
    "elapsed_s": ("elapsedDuration", "duration"),
    "moving_s": ("movingDuration", "duration"),
    "ascent_m": ("elevationGain",),
    "descent_m": ("elevationLoss",),
}
"""Names of quantities with a unit, the better first."""

COUNTS = {"steps": (1, 1e6), "avgHr": (25, 250), "averageHR": (25, 250)}
"""Bare numbers, and between what they are no gap of the device's."""

CADENCES = {
    "avgDoubleCadence": 1,
    "averageRunningCadenceInStepsPerMinute": 1,
    "avgRunCadence": 2,
}
"""Names of steps or strides a minute, with what makes them steps."""

STARTS = ("startTimeGmt", "startTimeGMT", "beginTimestamp")
LOCAL_START = "startTimeLocal"
SPORTS = ("activityType", "sportType")

LIST = "summarizedActivitiesExport"
PAGE = f'"{LIST}"'.encode()
_BARE_PAGE = re.compile(rb"\s*\[\s*\{")
_OF_ACTIVITY = (
    (b'"activityId"',),
    (b'"startTimeLocal"', b'"startTimeGmt"', b'"startTimeGMT"', b'"beginTimestamp"'),
    (b'"activityType"', b'"sportType"'),
    (b'"duration"', b'"distance"', b'"elapsedDuration"'),
)

SPEEDS_MPS = (0.3, 12.0)
"""Between these lies the middle speed of anybody's activities on foot [m/s]."""
SHORTEST_MS = 20_000
"""Nobody's activities last less in the middle [ms], nor longer than as many seconds."""
QUARTER_HOUR_S = 900
FARTHEST_OFFSET_S = 15 * 3600
FARTHEST_M, LONGEST_S, HIGHEST_M = 2e6, 30 * 86400, 30_000
LATEST_S = 4e9

MULTISPORT = "the sum of a multisport activity, whose legs are listed by themselves"


@dataclass(frozen=True)
class Units:
    """Units of a page.

    Attributes
    ----------
    metres, seconds : float
        What one of its distances and one of its durations are.
    notes : tuple of str
        What was taken for granted.
    """

    metres: float
    seconds: float
    notes: tuple[str, ...] = ()


def sniff(name: str, head: bytes) -> bool:
    """Claim a page of activities or a register of gear by the names in it.

    Parameters
    ----------
    name : str
        Not looked at.
    head : bytes
        The first few kilobytes.
    """
    if PAGE in head or garmin_gear.MARK in head:
        return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{")
    return bool(_BARE_PAGE.match(head)) and all(
        any(key in head for key in keys) for keys in _OF_ACTIVITY
    )


def read(source: Source) -> Iterator[Reading]:
    """Read a page of activities or a register of gear.

    Parameters
    ----------
    source : Source

    Yields
    ------
    Recording, Problem or NotActivity
        One an activity, as ``<file> activity <number>``; one NotActivity for a register.
    """
    text = source.data.decode("utf-8-sig", "replace")
    if garmin_gear.MARK in source.data and PAGE not in source.data:
        shoes, whole = garmin_gear.register(source.name, text)
        if not whole:
            yield Problem(source.name, f"{BROKEN}; pairs of shoes kept: {len(shoes.pairs)}")
        yield shoes
        return
    payload = parsed(text)
    entries = list(salvaged(text, "activityId") if payload is None else listed(payload, LIST))
    if payload is None:
        yield Problem(source.name, f"{BROKEN}; activities kept: {len(entries)}")
    elif not entries:
        yield NotActivity(source.name, "a page without activities")
    units = units_of(entries)
    for index, entry in enumerate(entries, 1):
        yield _reading(entry, units, f"{source.name} activity {index}")


def units_of(entries: Sequence[Entry]) -> Units:
    """Units of a page: the export's, unless its speeds say that they are the web site's."""
    second, metre, notes = 0.001, 0.01, []
    longs = [long for entry in entries if (long := number(entry, *DURATIONS))]
    if longs and statistics.median(longs) < SHORTEST_MS:
        second = 1.0
        notes.append("durations taken as seconds: as milliseconds they would be too short")
    speeds = [
        far / (long * second)
        for entry in entries
        if _sport(entry)[0] in ON_FOOT
        and (far := number(entry, "distance"))
        and (long := number(entry, *DURATIONS))
    ]
    middle = statistics.median(speeds) if speeds else 0.0
    if _is_speed(middle) and not _is_speed(middle * metre):
        metre = 1.0
        notes.append("distances taken as metres: as centimetres the speeds would be too low")
    return Units(metre, second, tuple(notes))


def _is_speed(mps: float) -> bool:
    return SPEEDS_MPS[0] <= mps <= SPEEDS_MPS[1]


def _reading(entry: Entry, units: Units, source: str) -> Reading:
    sport = _sport(entry)
    if entry.get("parent") is True or sport[0] == "multisport":
        return NotActivity(source, MULTISPORT)
    start, offset = _start(entry)
    if start is None:
        return Problem(source, "has no date")
    far = _scaled(entry, "distance_m", units.metres, FARTHEST_M)
    elapsed = _scaled(entry, "elapsed_s", units.seconds, LONGEST_S)
    moving = _scaled(entry, "moving_s", units.seconds, LONGEST_S)
    if not far and not elapsed and not moving:
        return NotActivity(source, "neither distance nor duration")
    keys = _keys(entry, start)
    return Recording(
        Activity(
            id=hashlib.sha256(
                (keys[0] if keys else json.dumps(entry, sort_keys=True)).encode()
            ).hexdigest()[:12],
            source=source,
            start=start,
            utc_offset_s=offset,
            sport=sport[0],
            sub_sport=sport[1],
            name=text_of(entry, "name", "activityName"),
            notes=text_of(entry, "description"),
            device=text_of(entry, "manufacturer").lower(),
            distance_m=far,
            elapsed_s=elapsed or moving,
            moving_s=moving or None,
            ascent_m=_scaled(entry, "ascent_m", units.metres, HIGHEST_M),
            descent_m=_scaled(entry, "descent_m", units.metres, HIGHEST_M),
            steps=_count(entry, "steps"),
            avg_hr_bpm=_count(entry, "avgHr", "averageHR"),
            avg_cadence_spm=_cadence(entry, sport),
            assumed="; ".join(units.notes),
            keys=keys,
        )
    )


def _keys(entry: Entry, start: datetime) -> tuple[str, ...]:
    """Its number, and the watch that wrote its file with the second at which it began to.

    A leg of a triathlon shares its file with the others, so that the latter would be no one's.
    """
    own, device = identity(entry.get("activityId")), identity(entry.get("deviceId"))
    if not own:
        return ()
    if not device.isdecimal() or int(device) == 0 or start.tzinfo is None or entry.get("parentId"):
        return (f"garmin {own}",)
    return f"garmin {own}", f"device {device} {start:%Y-%m-%dT%H:%M:%SZ}"


def _sport(entry: Entry) -> Sport:
    """The kind of sport by the first of the names that is known."""
    for field in SPORTS:
        said = entry.get(field)
        said = said.get("typeKey") if isinstance(said, dict) else said
        found = sport_of(said) if isinstance(said, str) else UNKNOWN
        if found != UNKNOWN:
            return found
    return UNKNOWN


def _start(entry: Entry) -> tuple[datetime | None, float | None]:
    """When it began, and the wall clock minus UTC [s]; naive where only the former is known."""
    utc = next((moment for name in STARTS if (moment := _moment(entry.get(name)))), None)
    local = _moment(entry.get(LOCAL_START))
    if utc is None:
        return (local.replace(tzinfo=None) if local else None), None
    shift = (local - utc).total_seconds() if local else math.inf
    if abs(shift) > FARTHEST_OFFSET_S:
        return utc, None
    return utc, round(shift / QUARTER_HOUR_S) * QUARTER_HOUR_S


def _moment(said: Any) -> datetime | None:
    """A moment of milliseconds since 1970, or in words; without a zone it is taken as UTC."""
    if isinstance(said, str):
        unix_s = seconds(said)
    else:
        found = number({"": said}, "")
        unix_s = found / 1000 if found is not None and found > 0 else math.nan
    if not abs(unix_s) < LATEST_S:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=unix_s)


def _scaled(entry: Entry, quantity: str, factor: float, most: float) -> float | None:
    """A quantity in SI units, None where it is not there or cannot be."""
    said = [number(entry, name) for name in FIELDS[quantity]]
    found = [value * factor for value in said if value is not None and 0 <= value * factor <= most]
    # A zero may be what was not measured, where the next has a value.
    return next(filter(None, found), found[0] if found else None)


def _count(entry: Entry, *names: str) -> float | None:
    for name in names:
        least, most = COUNTS[name]
        value = number(entry, name)
        if value is not None and least <= value <= most:
            return value
    return None


def _cadence(entry: Entry, sport: Sport) -> float | None:
    if sport[0] not in ON_FOOT:
        return None
    for name, factor in CADENCES.items():
        value = number(entry, name)
        if value is not None and 20 <= factor * value <= 300:
            return factor * value
    return None
