"""Numbers and durations as they stand in the cells of a table."""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections.abc import Iterable, Sequence

from kneewatch.readers.sports import words
from kneewatch.readers.table_columns import UNIT_WORDS, Column
from kneewatch.readers.table_text import Row
from kneewatch.units import METRES_PER_FOOT, METRES_PER_MILE

METRES = {"km": 1000.0, "mi": METRES_PER_MILE, "m": 1.0, "yd": 3 * METRES_PER_FOOT}
HEIGHTS = {"m": 1.0, "ft": METRES_PER_FOOT}
SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "ms": 0.001}

FOOT_MPS = (0.4, 8.0)
"""Speeds [m/s] between which a walk or a run as a whole may be."""
ANY_MPS = (0.25, 25.0)
"""The same for any sport by one's own strength."""

_MISSING = frozenset(("", "-", "--", "---", "–", "—", "n/a", "na", "nan", "null", "none", "?", "."))
_NUMBER = re.compile(r"([+-]?)([0-9][0-9 ,.'’]*|[.,][0-9]+)\s*([^\W\d_]*)\.?", re.UNICODE)
_THOUSANDS = re.compile(r"[0-9]{1,3}([,.][0-9]{3})+")
_GROUPED = re.compile(r"[0-9]{1,3}([ '’][0-9]{3})+([.,][0-9]+)?")
_CLOCK = re.compile(r"([0-9]{1,4}):([0-9]{1,3})(?::([0-9]{1,3}))?((?:[.,][0-9]{1,6}){0,2})")
_SPELT = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*([^\W\d_]+|'|\"|′|″|’|”)\.?")
_SIGNS = {"'": "min", "′": "min", "’": "min", '"': "s", "″": "s", "”": "s"}


def clean(cell: str) -> str:
    """A cell without what spreadsheets leave in it; empty where it says *missing*.

    Half-width, one kind of blank, and no apostrophe in front (``'-12``).
    """
    text = " ".join(
        unicodedata.normalize("NFKC", cell).replace("−", "-").replace("′′", "″").split()
    )
    text = text[1:].strip() if text.startswith("'") else text
    return "" if text.casefold() in _MISSING else text


def cell_of(row: Row, column: Column) -> str:
    """The cleaned cell of a column; empty where the row is too short."""
    return clean(row[column.index]) if column.index < len(row) else ""


def decimal_mark(cells: Iterable[str]) -> str:
    """The decimal mark of some cells: point, comma, or empty where they leave it open.

    ``9,894`` is either; ``4,14`` and ``12.5`` are not, nor is ``1,234.5``.
    """
    votes = {".": 0, ",": 0}
    for cell in cells:
        found = _NUMBER.fullmatch(clean(cell))
        if not found:
            continue
        digits = found[2].strip()
        last = max(digits.rfind("."), digits.rfind(","))
        if last < 0 or digits.count(digits[last]) > 1:
            continue
        both = "." in digits and "," in digits
        if both or not _THOUSANDS.fullmatch(digits):
            votes[digits[last]] += 1
    if votes["."] == votes[","]:
        return ""
    return "." if votes["."] > votes[","] else ","


def number(cell: str, mark: str = "", *, whole: bool = False) -> tuple[float, str] | None:
    """A number and the unit written behind it (empty where none is), None if it is neither.

    Parameters
    ----------
    cell : str
        Cleaned.
    mark : str
        Decimal mark of the column where known: tells ``9,894`` apart.
    whole : bool
        The column counts something, so that three digits behind a mark are thousands.
    """
    found = _NUMBER.fullmatch(cell)
    if not found:
        return None
    unit = ""
    if found[3]:
        unit = UNIT_WORDS.get("".join(words(found[3])), "")
        if not unit:
            return None
    digits = found[2].strip()
    if re.search(r"[ '’]", digits) and not _GROUPED.fullmatch(digits):
        return None
    digits = re.sub(r"[ '’]", "", digits)
    if _THOUSANDS.fullmatch(digits):
        signs = {sign for sign in digits if sign in ",."}
        if len(signs) > 1:
            return None
        sign = signs.pop()
        if digits.count(sign) > 1 or whole or (mark and sign != mark):
            digits = digits.replace(sign, "")
    elif "." in digits and "," in digits:
        decimal = max(digits.rfind("."), digits.rfind(","))
        other = "," if digits[decimal] == "." else "."
        digits = digits.replace(other, "")
    digits = digits.replace(",", ".")
    try:
        value = float(found[1] + digits)
    except ValueError:
        return None
    return (value, unit) if abs(value) < 1e12 else None


def clock_readings(cell: str) -> list[float]:
    """What a duration written with colons may mean [s], the plainest reading first.

    ``26:42`` is minutes and seconds, or hours and minutes; ``35:47:00`` is hours, or 35 min 47 s
    that a spreadsheet took for hours; beyond a day the latter comes first. ``00:52.95.8`` is
    52.958 s: the device wrote the fraction in two parts. Empty if it is no such duration.
    """
    found = _CLOCK.fullmatch(cell)
    if not found:
        return []
    first, second = int(found[1]), int(found[2])
    fraction = float("0." + re.sub(r"[.,]", "", found[4])) if found[4] else 0.0
    if found[3] is None:
        if second > 59 and not found[4]:
            return []
        short = first * 60 + second + fraction
        return [short] if found[4] or first >= 100 else [short, first * 3600.0 + second * 60]
    third = int(found[3])
    if second > 59 or third > 59:
        return []
    plain = first * 3600 + second * 60 + third + fraction
    if third or found[4]:
        return [plain]
    shifted = first * 60.0 + second
    return [shifted, plain] if first >= 24 else [plain, shifted]


def spelt_duration(cell: str) -> float | None:
    """A duration written with units [s]: ``1h 5m 3s``, ``48 min``, ``1時間5分``, ``45'30"``."""
    total, end, seen = 0.0, 0, []
    for part in _SPELT.finditer(cell):
        if cell[end : part.start()].strip(" ,"):
            return None
        word = part[2]
        unit = "min" if word == "m" else _SIGNS.get(word) or UNIT_WORDS.get("".join(words(word)))
        if unit not in SECONDS or unit in seen:
            return None
        seen.append(unit)
        total += float(part[1].replace(",", ".")) * SECONDS[unit]
        end = part.end()
    rest = cell[end:].strip(" .")
    if not seen or (rest and not ("h" in seen and rest.isdigit() and len(rest) == 2)):
        return None
    return total + (float(rest) * 60 if rest else 0.0)


def nearest(readings: Sequence[float], metres: float | None, expected: float | None) -> float:
    """The reading of a duration that the rest of its row bears out [s].

    Parameters
    ----------
    readings : sequence of float
        At least one, the plainest first; it stands unless the row speaks against it.
    metres : float or None
        Distance of the row [m].
    expected : float or None
        Distance times pace [s].
    """
    if len(readings) == 1:
        return readings[0]
    if expected:
        return min(readings, key=lambda seconds: abs(seconds - expected))
    if not metres:
        return readings[0]
    fits = [s for s in readings if s > 0 and FOOT_MPS[0] <= metres / s <= FOOT_MPS[1]]
    wider = [s for s in readings if s > 0 and ANY_MPS[0] <= metres / s <= ANY_MPS[1]]
    if readings[0] in wider:
        return readings[0]
    return (fits or wider or list(readings))[0]


def seconds_unit(pairs: Sequence[tuple[float, float | None]]) -> str:
    """Unit of a column of bare durations, by the speeds that follow.

    Parameters
    ----------
    pairs : sequence of (float, float or None)
        Duration in the unknown unit and distance [m].
    """
    known = [(value, metres) for value, metres in pairs if value > 0 and metres]
    if known:
        fits = {
            unit: sum(
                FOOT_MPS[0] <= metres / (value * SECONDS[unit]) <= 6.5 for value, metres in known
            )
            for unit in ("s", "min", "h")
        }
        best = max(fits.values())
        if best:
            return next(unit for unit, count in fits.items() if count == best)
    values = [value for value, _ in pairs if value > 0]
    return "s" if values and statistics.median(values) >= 300 else "min"


def is_metres(pairs: Sequence[tuple[float, float | None]]) -> bool:
    """Whether a column of bare distances is in metres: as kilometres nobody could move so fast.

    Parameters
    ----------
    pairs : sequence of (float, float or None)
        Distance in the unknown unit and duration [s].
    """
    known = [value * 1000 / seconds for value, seconds in pairs if value > 0 and seconds]
    if known:
        return 2 * sum(speed > 60 for speed in known) > len(known)
    values = [value for value, _ in pairs if value > 0]
    return bool(values) and statistics.median(values) > 400
