"""How days, names and the words of others are printed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from kneewatch.units import MONTHS

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def day(iso: str | date | None) -> str:
    """A day in words: ``2 November 2025``; the text itself where it is no ISO date."""
    if not iso:
        return "unknown"
    try:
        value = iso if isinstance(iso, date) else date.fromisoformat(iso)
    except ValueError:
        return str(iso)
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def short_day(iso: str) -> str:
    """A day for a column: ``2 Nov 2025``; ``-`` where there is none."""
    number, _, rest = day(iso).partition(" ")
    month, _, year = rest.partition(" ")
    return f"{number} {month[:3]} {year}" if year else iso or "-"


def days(start: str, end: str) -> str:
    """One day, or the days from one to another: ``27 October to 2 November 2025``."""
    if start == end or not end:
        return day(start)
    first, last = day(start), day(end)
    same_year = first[-5:] == last[-5:] and first[-5:].strip().isdigit()
    return f"{first[:-5] if same_year else first} to {last}"


def spoken(name: str) -> str:
    """A rule's or a surface's name for people: ``session-spike`` is ``Session spike``."""
    text = name.replace("-", " ").replace("_", " ")
    return text[:1].upper() + text[1:]


def slug(name: str) -> str:
    """A name for a file or an anchor: ASCII letters, digits, hyphens and underscores."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-") or "unnamed"


def sentence(said: str) -> str:
    """Words with a capital and a full stop, whichever way a rule wrote them."""
    said = said.strip()
    if not said:
        return ""
    first = said.split(maxsplit=1)[0]
    word = first.rstrip(",;:.")
    capital = said[0].upper() + said[1:] if word.isalpha() and word != "kneewatch" else said
    return capital if capital[-1] in ".!?…" else capital + "."


def first_sentence(said: str) -> str:
    """The first sentence of a message, which says what happened; the rest says why it matters."""
    return re.split(r"(?<=[.!?]) (?=[A-Z0-9“])", said.strip(), maxsplit=1)[0]


def clean(text: str) -> str:
    """A text of the user's that can be printed: no control codes, nothing that is no character.

    Titles and file names come from anywhere. An escape code among them could rewrite the
    terminal, a right-to-left override the line, and half a surrogate pair cannot be written.
    """
    return "".join(_printable(character) for character in text)


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    if category == "Cc":
        return " " if character in "\t\r\n" else ""
    return "" if character in _BIDI else character
