"""Lengths, heights and minutes as people write them into a plan."""

from __future__ import annotations

import re
from typing import NamedTuple

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
_HOURS = rf"{_FIGURE}\s*h(?:(?:ou)?rs?)?"
_MINUTES = rf"{_FIGURE}\s*(?:min(?:ute)?s?|')"
_TIMES = r"(?:(\d+)\s*[x×]\s*)?"
_TIME_ALONE = re.compile(
    rf"{_TIMES}(?:{_HOURS}(?:\s*(\d+)\s*(?:m|min(?:ute)?s?|')?)?|{_MINUTES})", re.I
)
_BARE_MINUTES = re.compile(rf"{_TIMES}{_FIGURE}")
_CLOCK_ALONE = re.compile(r"(\d{1,2}):([0-5]\d)(?::[0-5]\d)?")

# "5 x 1 km" are repetitions: what the whole run comes to, they do not say by themselves.
_LENGTH_WITHIN = re.compile(
    rf"(?<![\w.,])(?:(?:(\d+)\s*[x×]\s*){_FIGURE}\s*{_LONG_WORD}\b"
    rf"|(\d+)\s*[x×]\s*{_FIGURE}\s*(?:m|met(?:er|re)s?)\b|{_FIGURE}\s*{_LONG_WORD}\b)",
    re.I,
)
_IN_PARTS = re.compile(r"\bwarm(?:ing)?[ -]?up|\bwu\b|\bcool(?:ing)?[ -]?down|\bcd\b", re.I)
_PLUS = re.compile(rf"{_LONG_WORD}\b[^,;.]*\+\s*\d", re.I)

_OTHER_SPORT = re.compile(
    r"\b(bik(?:e|ing)|bicycl(?:e|ing)|cycl(?:e|ing)|mtb|ride|spinning|swim(?:ming)?|row(?:ing)?"
    r"|ski(?:ing)?|hik(?:e|ing)|kayak(?:ing)?|paddl(?:e|ing)|skat(?:e|ing)|elliptical|yoga|gym"
    r"|strength|rad|radfahren|schwimmen)\b",
    re.I,
)
_WALK = re.compile(r"\bwalk(?:ing)?\b", re.I)
_RUN = re.compile(
    r"\b(?:run(?:ning|s)?|jog(?:ging)?|tempo|intervals?|marathon|parkrun|fartlek|lauf|laufen)\b",
    re.I,
)
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
    """A time that stands alone: ``20min``, ``20``, ``1h``, ``5x3min``, ``0:20`` in hours [s].

    Raises
    ------
    UsageError
        If it is none.
    """
    seconds, bare = time_alone(said), _BARE_MINUTES.fullmatch(said.strip())
    if seconds is None and bare:
        seconds = 60 * int(bare[1] or 1) * _figure(bare[2])
    if seconds is None or not 0 <= seconds <= LONGEST_S:
        raise UsageError(f"the hard time is {said!r}, expected minutes such as 20min")
    return seconds


def time_alone(said: str) -> float | None:
    """A time that names its unit, or stands in hours and minutes [s]; None if it is none."""
    match, clock = _TIME_ALONE.fullmatch(said.strip()), _CLOCK_ALONE.fullmatch(said.strip())
    if clock:
        return 3600.0 * int(clock[1]) + 60 * int(clock[2])
    if match is None:
        return None
    times, hours, rest, alone = match.groups()
    once = 3600 * _figure(hours or "0") + 60 * _figure(rest or alone or "0")
    return int(times or 1) * once


class Length(NamedTuple):
    """What the distances in a sentence come to.

    Attributes
    ----------
    metres : float
    said : str
        What was made of them, where that had to be guessed; else empty.
    """

    metres: float
    said: str = ""


def length_in(text: str, units: Units) -> Length | None:
    """The distance of a run in a sentence that names its unit; of ``10-12 km`` the longer.

    Parts are added up where the sentence tells of warming up, or has a plus between them.
    """
    parts = [
        part
        for match in _LENGTH_WITHIN.finditer(text)
        if 0 < (part := _part(match, units)).metres <= FARTHEST_M
    ]
    wholes = [part for part in parts if not part.times]
    added = _PLUS.search(text) is not None
    if len(parts) > 1 and (added or _IN_PARTS.search(text)):
        total = sum(part.metres for part in parts)
        first = parts[0]
        # "16 km: 2 km warm-up, 12 km tempo, 2 km cool-down" has said the whole of it already.
        rest = total - first.metres
        if not first.times and (first.metres >= rest if not added else _alike(first.metres, rest)):
            return Length(first.metres, f"taken as {first.said} in all, its first distance")
        listed = " + ".join(part.said for part in parts)
        said = f"taken as {units.distance(total)}, the sum of its parts ({listed})"
        return Length(total, said) if total <= FARTHEST_M else None
    return Length(wholes[0].metres) if wholes else None


def _alike(one_m: float, other_m: float) -> bool:
    return abs(one_m - other_m) < 0.02 * one_m


class _Part(NamedTuple):
    metres: float
    times: int
    said: str


def _part(match: re.Match[str], units: Units) -> _Part:
    times, each, word, times_short, short, alone, alone_word = match.groups()
    said = " ".join(match[0].split())
    if alone is not None:
        return _Part(_long(alone, alone_word, units), 0, said)
    if times is not None:
        return _Part(int(times) * _long(each, word, units), int(times), said)
    return _Part(int(times_short) * _figure(short), int(times_short), said)


def other_sport(text: str) -> str:
    """Why the words are not those of a run; empty if they may be."""
    other = _OTHER_SPORT.search(text) or (None if _RUN.search(text) else _WALK.search(text))
    if other is None:
        return ""
    if _RUN.search(text):
        return f"names {other[0]!r} beside a run, and not which distance is the run's; left out"
    return f"{other[0]!r} is no run; left out"


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
