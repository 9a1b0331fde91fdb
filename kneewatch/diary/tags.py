"""Pain that runners write into titles and notes: ``#knee3``, ``pain:4 outer back left``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from kneewatch.diary.entries import Diary, Pain

_SCORE = (
    r"(10|\d)(?:[.,](\d))?(?![\w%])(?!:\d)"
    # Distances, times and heart rates are no pain.
    r"(?!\s?(?:km|mi|miles?|min|m|h|bpm|%)\b)(?:\s?/\s?10\b)?"
)

_TAG = re.compile(
    rf"(?<![\w#])(?:#(?P<place>knee|calf|thigh|pain)[ :=_-]?|pain\s?[:=]\s?){_SCORE}", re.I
)

_WORDS = re.compile(
    r"[\s,;-]*\b(inner|middle|outer|back|knee|calf|thigh|left|right|both|of|the)\b", re.I
)

_WHEN = re.compile(r"[\s,;-]*\b(during|after|(?:next )?morning)\b", re.I)


def tagged(text: str, day: date, source: str = "") -> list[Pain]:
    """Entries that a title or note holds; words after the score say where, which side and when.

    >>> tagged("Hills, pain:4 outer back", date(2025, 6, 9))[0].where
    'outer-back'
    """
    found = []
    for match in _TAG.finditer(text):
        score = float(f"{match[2]}.{match[3] or 0}")
        if score > 10:
            continue
        named = (match["place"] or "").lower()
        said, when = _after(text, match.end())
        where = _place(said, "" if named == "pain" else named)
        side = next((word for word in said if word in ("left", "right", "both")), "")
        found.append(Pain(day, score, when, where, side, note=text.strip(), source=source))
    return found


def _after(text: str, at: int) -> tuple[list[str], str]:
    """Words of place and side that follow, and when it was felt."""
    said: list[str] = []
    when = ""
    while match := _WORDS.match(text, at) or _WHEN.match(text, at):
        word = match[1].lower()
        if match.re is _WHEN:
            when = word.removeprefix("next ")
        else:
            said.append(word)
        at = match.end()
    return said, when


def _place(said: list[str], named: str) -> str:
    part = next((word for word in said if word in ("inner", "middle", "outer")), "")
    if named in ("calf", "thigh"):
        return named
    if "back" in said:
        return f"{part}-back" if part else "back"
    other = next((word for word in said if word in ("calf", "thigh", "knee")), "")
    return other or named


def with_tags(diary: Diary, rows: Iterable[Mapping[str, Any]]) -> Diary:
    """The diary with the tags in titles and notes of activities.

    Parameters
    ----------
    rows : iterable of mapping
        Exposure rows (``columns.ACTIVITIES``); each tag once, also where title and note hold it.
    """
    found: list[Pain] = []
    for row in rows:
        name, notes = str(row.get("name") or ""), str(row.get("notes") or "")
        # A look for the words is much cheaper than a search for the tags.
        if "#" not in name + notes and "pain" not in (name + notes).lower():
            continue
        day = date.fromisoformat(row["local_date"])
        sources = row.get("sources") or ("",)
        once = {
            (entry.score, entry.when, entry.where, entry.side): entry
            for text in (notes, name)
            for entry in tagged(text, day, str(sources[0]))
        }
        found += once.values()
    if not found:
        return diary
    # The sort is stable: what the runner wrote down comes before a tag of the same day.
    every = sorted((*diary.entries, *found), key=lambda entry: entry.day)
    return replace(diary, entries=tuple(every))
