"""The register of gear in Garmin's account export: shoes, and which activity each was worn in.

An activity is named by its number, as the pages of activities have it (``garmin_account``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kneewatch.model import Hint, NotActivity, Pair
from kneewatch.readers.garmin_json import (
    Entry,
    flat_objects,
    identity,
    listed,
    number,
    parsed,
    text_of,
)

MARK = b'"gearDTOS"'
GEAR, LINKS = "gearDTOS", "gearActivityDTOs"

SHOES = "shoes"
SHOES_PK = 1
"""The kind of gear by name, and by number where no name is given."""

LEAST_LIMIT_M, MOST_LIMIT_M = 50e3, 10e6
"""Whoever wants to be told at less than 50 km, or more than 10,000, meant another unit."""

NOT_NAMES = {"other", "unknown", "unknown shoes", "unknown bike"}


def register(name: str, text: str) -> tuple[NotActivity, bool]:
    """What the register says, and whether it is whole.

    Parameters
    ----------
    name : str
        Of the file.
    text : str
        Its JSON.

    Returns
    -------
    NotActivity, bool
        With a pair for each pair of shoes, and a hint for each activity that one was worn in;
        of several the first.
    """
    payload = parsed(text)
    if payload is not None:
        gear = list(listed(payload, GEAR))
        links = [link for part in _parts(payload) for link in _links(part.get(LINKS))]
    else:
        found = list(flat_objects(text))
        gear = [entry for entry in found if "activityId" not in entry and "gearPk" in entry]
        links = [(identity(entry.get("gearPk")), entry) for entry in found if "activityId" in entry]
    shoes = {
        pk: entry for entry in gear if (pk := identity(entry.get("gearPk"))) and _is_shoes(entry)
    }
    names = _names(shoes)
    worn: dict[str, list[str]] = {}
    for pk, link in links:
        pair = names.get(identity(link.get("gearPk")) or pk)
        activity = identity(link.get("activityId"))
        if pair and activity:
            worn.setdefault(activity, []).append(pair)
    hints = tuple(Hint(f"garmin {key}", {"shoe": pairs[0]}) for key, pairs in worn.items())
    pairs = tuple(_pair(names[pk], entry) for pk, entry in shoes.items())
    several = sum(len(set(pairs)) > 1 for pairs in worn.values())
    return NotActivity(name, _reason(len(pairs), several), hints, pairs), payload is not None


def _reason(pairs: int, several: int) -> str:
    many = f"a register of {pairs} pair{'' if pairs == 1 else 's'} of shoes"
    if not several:
        return many
    what = "activity has" if several == 1 else "activities have"
    return f"{many}; {several} {what} two, of which the first counts"


def _parts(payload: Any) -> list[Entry]:
    parts = payload if isinstance(payload, list) else [payload]
    return [part for part in parts if isinstance(part, dict)]


def _links(said: Any) -> list[tuple[str, Entry]]:
    """Pairs of a piece of gear and an entry that names an activity."""
    if isinstance(said, dict):
        by_gear = [(str(pk), entries) for pk, entries in said.items()]
    else:
        by_gear = [("", said)]
    return [
        (pk, entry)
        for pk, entries in by_gear
        if isinstance(entries, list)
        for entry in entries
        if isinstance(entry, dict)
    ]


def _is_shoes(entry: Entry) -> bool:
    kind = text_of(entry, "gearTypeName", "gearType")
    return kind.casefold() == SHOES if kind else entry.get("gearTypePk", SHOES_PK) == SHOES_PK


def _names(shoes: Mapping[str, Entry]) -> dict[str, str]:
    """A name for each pair, by its number; two of one name get apart by what they differ in."""
    plain = {pk: _model(entry) or f"shoes {pk}" for pk, entry in shoes.items()}
    count = Counter(plain.values())
    names = {}
    for pk, name in plain.items():
        alike = [other for other, said in plain.items() if said == name]
        names[pk] = name if count[name] == 1 else f"{name} ({_mark(pk, alike, shoes)})"
    return names


def _mark(pk: str, alike: Sequence[str], shoes: Mapping[str, Entry]) -> str:
    """What tells a pair from others of its name: nickname, year, day, or number."""
    names = {other: text_of(shoes[other], "displayName") for other in alike}
    days = {other: _day(shoes[other].get("dateBegin")) for other in alike}
    for marks in (names, {other: day[:4] for other, day in days.items()}, days):
        if all(marks.values()) and len(set(marks.values())) == len(alike):
            return marks[pk]
    return pk


def _model(entry: Entry) -> str:
    """Make and model, else the nickname."""
    parts = [text_of(entry, name) for name in ("gearMakeName", "gearModelName")]
    made = " ".join(part for part in parts if part and part.casefold() not in NOT_NAMES)
    return text_of(entry, "customMakeModel") or made or text_of(entry, "displayName")


def _pair(name: str, entry: Entry) -> Pair:
    until = _day(entry.get("dateEnd"))
    status = text_of(entry, "gearStatusName").casefold()
    return Pair(
        name,
        since=_day(entry.get("dateBegin")),
        until=until,
        retired=status in ("retired", "inactive") or (not status and bool(until)),
        limit_m=_limit_m(number(entry, "maximumMeters")),
    )


def _limit_m(said: float | None) -> float | None:
    """Distance at which the runner wants to be told [m]; kilometres or centimetres by mistake."""
    if said is None or said <= 0:
        return None
    found = (said * factor for factor in (1.0, 1000.0, 0.01))
    return next((metres for metres in found if LEAST_LIMIT_M <= metres <= MOST_LIMIT_M), None)


def _day(said: Any) -> str:
    """A day as ISO date, of a text that begins with one or of milliseconds since 1970."""
    if isinstance(said, str):
        try:
            return date.fromisoformat(said.strip()[:10]).isoformat()
        except ValueError:
            return ""
    if isinstance(said, bool) or not isinstance(said, (int, float)) or not 0 < said < 1e14:
        return ""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=said)).date().isoformat()
