"""JSON as exports really hold it: a byte order mark, bare NaN, an end that is missing."""

from __future__ import annotations

import json
import math
import re
from typing import Any

NAN = float("nan")

FAR = 1e15
"""No number of a log is greater, not even milliseconds since 1970; what is would overflow."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]', re.DOTALL)
_CLOSES = {"{": "}", "[": "]"}


def load(data: bytes) -> tuple[Any, str]:
    """The value of a JSON text, and what was wrong with it in words, empty where nothing was.

    Of a text that breaks off, what came whole before the break is kept: the objects and lists
    that are open there are closed. None where nothing can be kept.

    Parameters
    ----------
    data : bytes
        In UTF-8 or whatever JSON may be in, with a byte order mark or without.
    """
    text = data.decode(json.detect_encoding(data), errors="replace").lstrip("\ufeff \t\r\n\0")
    try:
        return _parsed(text), ""
    except json.JSONDecodeError as error:
        end = error.pos
    # Numbers of thousands of digits, lists in lists in lists.
    except (ValueError, RecursionError) as error:
        return None, f"the JSON cannot be read: {' '.join(str(error).split())[:120]}"
    value = _before(text, end)
    if value is None:
        return None, "the JSON breaks off before anything in it is whole"
    return value, f"the JSON breaks off at character {end:,}; what came whole before it is kept"


def _parsed(text: str) -> Any:
    return json.loads(text, parse_constant=lambda _: NAN)


def _before(text: str, end: int) -> Any:
    """What came whole before a place, None where nothing did."""
    cut, closing = 0, ""
    opened: list[str] = []
    for token in _TOKEN.finditer(text, 0, end):
        sign = token[0]
        if sign in _CLOSES:
            opened.append(_CLOSES[sign])
        elif sign in "}]":
            if opened:
                opened.pop()
        elif sign == ",":
            # What stands before a comma is whole.
            cut, closing = token.start(), "".join(reversed(opened))
    try:
        return _parsed(text[:cut] + closing) if cut else None
    except (ValueError, RecursionError):
        return None


def dig(value: Any, *keys: str) -> Any:
    """What lies below the keys, None where one of them is missing."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def number(value: Any) -> float:
    """A number of a size that logs have, also written as a text; NaN for everything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return NAN
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return NAN
    return result if abs(result) < FAR else NAN


def known(value: Any) -> float | None:
    """The same with None for what is no number."""
    result = number(value)
    return None if math.isnan(result) else result


def text(value: Any) -> str:
    """A text without the blanks around it and half letters, empty for what is none."""
    return value.encode("utf-8", "replace").decode().strip() if isinstance(value, str) else ""
