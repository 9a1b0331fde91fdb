"""One workout of Apple Health's export as a tree, tolerant of what strict parsers stop at.

Apple has written an attribute twice (iOS 16), attribute names with blanks (iOS 8) and control
characters; a workout is a megabyte at most and holds no text between its tags.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from kneewatch.readers.points import number
from kneewatch.units import METRES_PER_FOOT, METRES_PER_MILE

METRES = {
    "km": 1000.0,
    "m": 1.0,
    "cm": 0.01,
    "mm": 0.001,
    "mi": METRES_PER_MILE,
    "yd": 3 * METRES_PER_FOOT,
    "ft": METRES_PER_FOOT,
    "in": METRES_PER_FOOT / 12,
}

SECONDS = {"s": 1.0, "sec": 1.0, "min": 60.0, "hr": 3600.0, "h": 3600.0}

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Beyond them a time is none."""

_ASIDE = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_TAG = re.compile(r"""<(/?)([A-Za-z_][\w.:-]*+)((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>""")
_ATTRIBUTE = re.compile(r"""([^\s=<>"'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_QUANTITY = re.compile(r"\s*([-+]?[\d.,]+(?:[eE][-+]?\d+)?)\s*(\S*)")
# Phones set to twelve hours may add a.m. or p.m.; iOS 8 wrote no signs between the digits.
_MOMENT = re.compile(
    r"\s*(\d{4})-?(\d\d)-?(\d\d)[T\s]?(\d\d?):?(\d\d):?(\d\d)(?:[.,]\d+)?"
    r"\s*(?:([AaPp])\.?[Mm]\.?)?\s*(?:(Z)|([-+])(\d\d):?(\d\d))?\s*"
)


@dataclass
class Element:
    """An element with what is in it; of an attribute that stands twice the first counts."""

    name: str
    attributes: Mapping[str, str]
    children: list[Element] = field(default_factory=list)

    def get(self, name: str) -> str:
        """An attribute, empty where there is none."""
        return self.attributes.get(name, "")

    def named(self, name: str) -> Iterator[Element]:
        """Its children of a name, not theirs."""
        return (child for child in self.children if child.name == name)


def element_of(block: bytes) -> Element | None:
    """The first element of some bytes, None where there is no tag."""
    text = block.decode("utf-8", errors="replace")
    if "<!" in text:
        text = _ASIDE.sub("", text)
    root: Element | None = None
    opened: list[Element] = []
    for closing, name, inside in _TAG.findall(text):
        if closing:
            if any(element.name == name for element in opened):
                while opened.pop().name != name:
                    pass
            continue
        element = Element(name, _attributes(inside))
        if opened:
            opened[-1].children.append(element)
        elif root is None:
            root = element
        if not inside.endswith("/"):
            opened.append(element)
    return root


def _attributes(inside: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single in _ATTRIBUTE.findall(inside):
        value = double or single
        found.setdefault(name, html.unescape(value) if "&" in value else value)
    return found


def moment_of(text: str) -> datetime | None:
    """A time with the offset that it names, naive without one; None if it is none."""
    match = _MOMENT.fullmatch(text)
    if not match:
        return None
    *when, half, utc, sign, hours, minutes = match.groups()
    year, month, day, hour, minute, second = map(int, when)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if half:
        hour = hour % 12 + (12 if half in "pP" else 0)
    try:
        zone = None
        if sign or utc:
            offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
            zone = timezone(-offset if sign == "-" else offset)
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def quantity(value: str, unit: str, units: Mapping[str, float]) -> float | None:
    """A quantity in the unit that the factors lead to; None without a number or a known unit."""
    found, factor = number(value.strip()), units.get(unit.strip().lower())
    return found * factor if found >= 0 and factor else None


def length_m(text: str) -> float | None:
    """A length with its unit in one text, ``1036 cm`` [m]."""
    match = _QUANTITY.match(text)
    return quantity(match[1], match[2], METRES) if match else None
