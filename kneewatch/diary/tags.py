"""Pain that runners write into titles and notes: ``#knee3``, ``pain:4 outer back left``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from kneewatch.diary.entries import WHERES, Diary, Pain
from kneewatch.diary.vocabulary import (
    WHEN_WORDS,
    fold,
    is_word,
    place_and_side,
    place_of,
    when_of,
)

_SCORE = (
    r"(10|\d)(?:[.,](\d))?(?![\w%])(?!:\d)"
    # Distances, times and heart rates are no pain.
    r"(?!\s?(?:km|mi|miles?|min|m|h|bpm|%)\b)(?:\s?/\s?10\b)?"
)

_TAG = re.compile(
    rf"(?<![\w#])(?:#(?P<place>knee|calf|thigh|pain)[ :=_-]?|pain\s?[:=]\s?){_SCORE}", re.I
)

_WORD = re.compile(r"[\s,;-]*\b([^\W\d_]+)\b")


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
        where, side = _place("" if named == "pain" else named, said)
        found.append(Pain(day, score, when, where, side, note=text.strip(), source=source))
    return found


def _after(text: str, at: int) -> tuple[list[str], str]:
    """Words of place and side that follow, and when it was felt."""
    said: list[str] = []
    times: list[str] = []
    while match := _WORD.match(text, at):
        word = fold(match[1])
        if not is_word(word):
            break
        (times if word in WHEN_WORDS else said).append(word)
        # "Right after the start" names no side.
        if word in WHEN_WORDS and said[-1:] == ["right"] and times == [word]:
            said.pop()
        at = match.end()
    return said, when_of(" ".join(times))


def _place(named: str, said: list[str]) -> tuple[str, str]:
    """Place and side by the tag's own word and those that follow."""
    if named in ("calf", "thigh"):
        return named, place_and_side(" ".join(said))[1]
    where, side = place_and_side(" ".join((named, *said)))
    if where not in WHERES:
        where = next((w for w in map(place_of, said) if w in WHERES), named)
    return where, side


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
