"""What a runner noted: which entries count, and how they are said."""

from __future__ import annotations

from datetime import date, timedelta

from kneewatch.diary import Diary, Doubt, Pain
from kneewatch.evidence import Evidence
from kneewatch.rules.windows import say_day

_PLACES = {
    "inner-back": "inner back of the {side}knee",
    "middle-back": "middle of the back of the {side}knee",
    "outer-back": "outer back of the {side}knee",
    "back": "back of the {side}knee",
    "knee": "{side}knee",
    "thigh": "{side}thigh",
    "calf": "{side}calf",
}

_WHENS = {
    "during": "during the run of",
    "after": "after the run, on",
    "morning": "on the morning of",
}


def say_site(where: str, side: str) -> str:
    """``at the outer back of the left knee``; empty where nothing was said."""
    if where in _PLACES:
        word = f"{side} " if side in ("left", "right") else ""
        both = "s" if side == "both" else ""
        return f"at the {_PLACES[where].format(side=word)}{both}"
    place = where.replace("-", " ")
    if place == "elsewhere":
        place = "another place"
    if not place:
        return {"": "", "both": "both sides"}.get(side, f"{side} side")
    return f"at {place}{f', {side}' if side else ''}"


def say_pain(entry: Pain) -> str:
    """One sentence: how much, where, when."""
    much = "Pain" if entry.score is None else f"Pain of {entry.score:g} out of 10"
    where = say_site(entry.where, entry.side)
    when = _WHENS.get(entry.when, "on")
    return f"{much}{f' {where}' if where else ''} was noted {when} {say_day(entry.day)}."


def has_sign(known: Evidence, entry: Pain, key: str) -> bool:
    """Whether an entry holds a sign, by whatever name."""
    return any((sign := known.sign(name)) and sign.key == key for name in entry.signs)


def noted_within(diary: Diary, as_of: date, days: float) -> list[Pain]:
    """Entries of so many days up to ``as_of``, that day included."""
    first = as_of - timedelta(days=int(days) - 1)
    return [entry for entry in diary.entries if first <= entry.day <= as_of]


def doubts_within(diary: Diary, as_of: date, days: float) -> list[Doubt]:
    """Lines of so many days up to ``as_of`` that could not be read, and those without a day."""
    first = as_of - timedelta(days=int(days) - 1)
    return [d for d in diary.doubts if d.day is None or first <= d.day <= as_of]


def say_doubt(doubt: Doubt) -> str:
    """One sentence: which line, and why it could not be read."""
    return f"Not read in full: {doubt.source}, {doubt.reason}."


def speaks_of(entry: Pain, day: date) -> bool:
    """Whether an entry speaks of the run of a day: that day, or the morning after."""
    return entry.day == (day + timedelta(days=1) if entry.when == "morning" else day)
