"""What Garmin's JSON files have in common, and what is left of broken ones."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

Entry = Mapping[str, Any]

_DECODER = json.JSONDecoder()
_FLAT = re.compile(r"\{[^{}]*\}")
_RESTARTS = 1000
"""Broken objects after which a text is given up; each may cost a walk to its end."""

BROKEN = "the JSON is damaged or ends too early"


def parsed(text: str) -> Any:
    """The payload, None where the text is no whole JSON, or one in a thousand wrappers."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def listed(payload: Any, key: str) -> Iterator[Entry]:
    """Objects of a list, in as many wrappers ``{key: [...]}`` and lists as there are."""
    if isinstance(payload, list):
        for item in payload:
            yield from listed(item, key)
    elif isinstance(payload, dict):
        if key in payload:
            yield from listed(payload[key], key)
        else:
            yield payload


def salvaged(text: str, key: str) -> Iterator[Entry]:
    """Objects with a key in a text that is broken somewhere, those that are whole."""
    place = failures = 0
    while failures < _RESTARTS and (start := text.find("{", place)) >= 0:
        try:
            entry, place = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            # The object around the damage, or a list of them; what is in it may be whole.
            place, failures = start + 1, failures + 1
            continue
        if key in entry:
            yield entry


def flat_objects(text: str) -> Iterator[Entry]:
    """Objects without others in them, wherever they stand."""
    for found in _FLAT.finditer(text):
        entry = parsed(found[0])
        if isinstance(entry, dict):
            yield entry


def number(entry: Entry, *names: str) -> float | None:
    """The first of some values that is a number."""
    for name in names:
        value = entry.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            try:
                found = float(value)
            except OverflowError:
                continue
            if math.isfinite(found):
                return found
    return None


def text_of(entry: Entry, *names: str) -> str:
    """The first of some values that is a text and says something."""
    said = (entry.get(name) for name in names)
    return next((text.strip() for text in said if isinstance(text, str) and text.strip()), "")


def identity(value: Any) -> str:
    """An id, which is a number or a text; empty where it is neither."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return ""
    # A number of thousands of digits is none, and costs more to write than to read.
    return str(value).strip() if isinstance(value, str) or abs(value) < 1 << 64 else ""
