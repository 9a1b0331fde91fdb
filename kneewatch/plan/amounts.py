"""Lengths, heights and minutes as people write them into a plan."""

from __future__ import annotations

import re

from kneewatch.errors import UsageError
from kneewatch.units import METRES_PER_FOOT, METRES_PER_MILE, Units

RACES = {"half marathon": 21_097.5, "half": 21_097.5, "marathon": 42_195.0}
"""Distances that go by a name [m]."""

FARTHEST_M = 500_000.0
DEEPEST_M = 20_000.0
LONGEST_S = 24 * 3600.0
"""Beyond these a figure is a slip of the pen. [D]"""

# A comma before three digits may stand between thousands: it is asked back.
_FIGURE = r"(\d+(?:\.\d+|,\d{1,2})?)"
_LONG_WORD = r"(km|k|kilomet(?:er|re)s?|mi|miles?)"
_SHORT_WORD = r"(m|hm|met(?:er|re)s?|ft|feet|foot)"
_DOWN = r"(?:down(?:hill)?|descent|loss|d-)"
_HARD = r"(?:hard|fast|tempo|threshold|intervals?)"

_DISTANCE_ALONE = re.compile(rf"{_FIGURE}\s*{_LONG_WORD}?", re.I)
_HEIGHT_ALONE = re.compile(rf"{_FIGURE}\s*{_SHORT_WORD}?", re.I)
_MINUTES_ALONE = re.compile(rf"{_FIGURE}\s*(?:min(?:ute)?s?|')?", re.I)
_CLOCK_ALONE = re.compile(r"(\d{1,2}):([0-5]\d)(?::[0-5]\d)?")

# "5 x 1 km" are repetitions: what the whole run comes to, they do not say.
_DISTANCE_WITHIN = re.compile(rf"(?<![\w.,])(?<![x×]\s)(?<![x×]){_FIGURE}\s*{_LONG_WORD}\b", re.I)
_HEIGHT_BEFORE = re.compile(
    rf"(?<![\w.,]){_FIGURE}\s*{_SHORT_WORD}\s*(?:of\s+)?{_DOWN}(?!\w)", re.I
)
_HEIGHT_AFTER = re.compile(rf"(?<!\w){_DOWN}:?\s*{_FIGURE}\s*{_SHORT_WORD}\b", re.I)
_MINUTES_WITHIN = re.compile(
    rf"(?<![\w.,])(?:(\d+)\s*[x×]\s*)?{_FIGURE}\s*(?:min(?:ute)?s?|')\s*(?:of\s+|at\s+)?{_HARD}\b",
    re.I,
)
_MINUTES_AFTER = re.compile(
    rf"\b{_HARD}:?\s+(?:(\d+)\s*[x×]\s*)?{_FIGURE}\s*(?:min(?:ute)?s?\b|')", re.I
)


def distance(said: str, units: Units) -> float:
    """A distance that stands alone: ``18km``, ``11 mi``, ``marathon``; ``18`` in own units [m].

    Raises
    ------
    UsageError
        If it is none.
    """
    named = RACES.get(re.sub(r"[\s-]+", " ", said.strip().lower()))
    if named is not None:
        return named
    match = _DISTANCE_ALONE.fullmatch(said.strip())
    metres = _long(match[1], match[2], units) if match else 0.0
    if not 0 < metres <= FARTHEST_M:
        raise UsageError(f"the distance is {said!r}, expected one such as 18km or 11mi")
    return metres


def height(said: str, units: Units) -> float:
    """A descent that stands alone: ``400``, ``400 m``, ``1300ft`` [m].

    Raises
    ------
    UsageError
        If it is none.
    """
    match = _HEIGHT_ALONE.fullmatch(said.strip())
    metres = _short(match[1], match[2], units) if match else -1.0
    if not 0 <= metres <= DEEPEST_M:
        raise UsageError(f"the descent is {said!r}, expected one such as 400m or 1300ft")
    return metres


def minutes(said: str) -> float:
    """A time that stands alone: ``20min``, ``20``, ``0:20`` in hours and minutes [s].

    Raises
    ------
    UsageError
        If it is none.
    """
    said = said.strip()
    match, clock = _MINUTES_ALONE.fullmatch(said), _CLOCK_ALONE.fullmatch(said)
    seconds = 60 * _figure(match[1]) if match else -1.0
    if clock:
        seconds = 3600.0 * int(clock[1]) + 60 * int(clock[2])
    if not 0 <= seconds <= LONGEST_S:
        raise UsageError(f"the hard time is {said!r}, expected minutes such as 20min")
    return seconds


def distance_in(text: str, units: Units) -> float | None:
    """The first distance in a sentence that names its unit [m]; of ``10-12 km`` the longer."""
    match = _DISTANCE_WITHIN.search(text)
    metres = _long(match[1], match[2], units) if match else 0.0
    return metres if 0 < metres <= FARTHEST_M else None


def height_in(text: str, units: Units) -> float | None:
    """The descent in a sentence, as ``400 m down`` or ``descent 1300 ft`` [m]."""
    match = _HEIGHT_BEFORE.search(text) or _HEIGHT_AFTER.search(text)
    metres = _short(match[1], match[2], units) if match else -1.0
    return metres if 0 <= metres <= DEEPEST_M else None


def minutes_in(text: str) -> float | None:
    """Hard minutes in a sentence, as ``20 min hard`` or ``tempo 3 x 8 min`` [s]."""
    match = _MINUTES_WITHIN.search(text) or _MINUTES_AFTER.search(text)
    seconds = 60 * int(match[1] or 1) * _figure(match[2]) if match else -1.0
    return seconds if 0 <= seconds <= LONGEST_S else None


def _figure(said: str) -> float:
    return float(said.replace(",", "."))


def _long(figure: str, word: str | None, units: Units) -> float:
    if word is None:
        return _figure(figure) * units.long_m
    return _figure(figure) * (METRES_PER_MILE if word.lower().startswith("m") else 1000.0)


def _short(figure: str, word: str | None, units: Units) -> float:
    if word is None:
        return _figure(figure) * units.short_m
    return _figure(figure) * (METRES_PER_FOOT if word.lower().startswith("f") else 1.0)
