"""Colours by what they say, for light paper, dark screens, and as CSS variables.

Classes that may meet in one chart keep apart for the three kinds of colour blindness, by
lightness where hue fails, and stand out from the ground by 3:1, words by 4.5:1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Scheme = Literal["light", "dark", "css"]

LIGHT: Mapping[str, str] = {
    "ground": "#ffffff",
    "ink": "#1d2530",
    "soft-ink": "#566070",
    "grid": "#e4e8ed",
    "axis": "#98a1ad",
    "band": "#eaedf2",
    "main": "#2f6db3",
    "current": "#cfe0f3",
    "muted": "#7f8894",
    "limit": "#343c48",
    "alarm": "#c2410c",
    "hard": "#7a8096",
    "firm": "#b67c16",
    "soft": "#14523a",
    "uneven": "#5c1f5f",
    "treadmill": "#2f8fdc",
    "unknown": "#7f8894",
    "down1": "#c97c30",
    "down2": "#9c3f1b",
    "down3": "#4d0f0c",
    "flat": "#dbe0e7",
    "up1": "#5590c6",
    "up2": "#2a5f9e",
    "up3": "#12325a",
}

DARK: Mapping[str, str] = {
    "ground": "#14181e",
    "ink": "#e8ebef",
    "soft-ink": "#a6b0bc",
    "grid": "#29303a",
    "axis": "#66727f",
    "band": "#222932",
    "main": "#6ba6e8",
    "current": "#24405f",
    "muted": "#7d8996",
    "limit": "#dfe4ea",
    "alarm": "#ff8a4c",
    "hard": "#7073a8",
    "firm": "#b4710b",
    "soft": "#62d79b",
    "uneven": "#cc4468",
    "treadmill": "#bbddf5",
    "unknown": "#7d8996",
    "down1": "#9c6433",
    "down2": "#e0803f",
    "down3": "#ffd9b5",
    "flat": "#333c48",
    "up1": "#4b7aad",
    "up2": "#6ba6e8",
    "up3": "#c6dffa",
}

STAND_INS: Mapping[str, str] = {
    name: f"#fe{number:02x}dc" for number, name in enumerate(LIGHT, start=1)
}
"""Colours that occur nowhere else: drawn first, then replaced by the name of a variable."""

SCHEMES: Mapping[Scheme, Mapping[str, str]] = {"light": LIGHT, "dark": DARK, "css": STAND_INS}


def variable(name: str) -> str:
    """The CSS variable of a colour: ``var(--kw-main)``."""
    return f"var(--kw-{name})"


def css_variables() -> str:
    """The colours as CSS: light, dark where the reader's screen is, light again on paper."""
    return (
        f":root{{{_block(LIGHT)}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{_block(DARK)}}}}}\n"
        f"@media print{{:root{{{_block(LIGHT)}}}}}\n"
    )


def _block(colours: Mapping[str, str]) -> str:
    return "".join(f"--kw-{name}:{value};" for name, value in colours.items())
