"""How wide words are, to wrap and shorten them before anything is drawn. Lengths in points."""

from __future__ import annotations

from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

FONT = "DejaVu Sans"
"""Comes with matplotlib, so a chart is laid out alike on every machine. It runs wider than the
fonts that browsers put in its place: what fits here fits there."""

LINE = 1.25
"""Height of a line against the size of its letters."""

COARSE = 1.04
"""Letters fitted to a coarse grid of pixels come out so much wider."""

ELLIPSIS = "…"


@lru_cache(maxsize=4096)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line of text is."""
    font = FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")
    return COARSE * float(text_to_path.get_text_width_height_descent(text, font, False)[0])


def wrap(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Break between words so that each line fits; a word that is too long keeps its own line."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def shorten(text: str, size: float, room: float) -> str:
    """Cut with an ellipsis what does not fit."""
    if width(text, size) <= room:
        return text
    kept = text
    while kept and width(kept.rstrip() + ELLIPSIS, size) > room:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS
