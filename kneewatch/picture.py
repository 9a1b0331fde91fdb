"""What to draw, as data: SI values, roles instead of colours. ``report/draw.py`` makes it Axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Quantity = Literal["distance", "height", "speed", "share", "count", "date", "category"]
"""How an axis is shown: distances in km or mi, heights in m or ft, shares as percent."""

Role = Literal[
    "main",
    "current",
    "muted",
    "limit",
    "alarm",
    "hard",
    "firm",
    "soft",
    "uneven",
    "treadmill",
    "unknown",
    "down1",
    "down2",
    "down3",
    "flat",
    "up1",
    "up2",
    "up3",
]
"""What a colour says; the palettes for light and dark are the drawing's."""


@dataclass(frozen=True)
class Series:
    """One set of values.

    Attributes
    ----------
    kind : {"bars", "line", "steps", "points", "area"}
        Bars with a ``base`` stand on it (stacks); on a date axis they are a week wide, from
        ``x`` on. Steps hold from one ``x`` to the next, so the last ``x`` only ends the line.
    x : tuple of str or float
        ISO dates, numbers or categories, by the picture's ``x``.
    y : tuple of float
        SI values, NaN where nothing is known.
    base : tuple of float
        Where bars and areas begin; empty for zero.
    size : float
        Area of points against the usual one.
    unfinished : bool
        Bars of a week that is still going on: outlined in their colour.
    """

    kind: Literal["bars", "line", "steps", "points", "area"]
    label: str
    x: tuple[str | float, ...]
    y: tuple[float, ...]
    role: Role
    base: tuple[float, ...] = ()
    size: float = 1.0
    unfinished: bool = False


@dataclass(frozen=True)
class Mark:
    """A line across at a value of the y axis (of the x axis where bars lie)."""

    value: float
    label: str
    role: Role = "limit"


@dataclass(frozen=True)
class Band:
    """A shaded stretch of the x axis."""

    start: str | float
    end: str | float
    label: str
    role: Role = "muted"


@dataclass(frozen=True)
class Note:
    """A few words beside a point."""

    x: str | float
    y: float
    text: str


@dataclass(frozen=True)
class Picture:
    """One chart.

    Attributes
    ----------
    name : str
        Its key, and its file's name.
    title, alt : str
        Title, and what a person who cannot see it should know.
    x_label, y_label : str
        What the axes show, without units; empty where it goes without saying.
    lying : bool
        Bars lie: categories on the y axis, values on the x axis.
    columns, rows : tuple of str
        Names of the categories of ``x`` and of ``y``. Without ``columns`` they come in the order
        of the series; with a category for ``y``, its values count ``rows`` from 0 at the top.
    close : bool
        The y axis spans the values alone, for what is never near zero.
    empty : str
        What to write when there is nothing to draw.
    """

    name: str
    title: str
    alt: str
    x: Quantity
    y: Quantity
    x_label: str
    y_label: str
    series: tuple[Series, ...] = ()
    marks: tuple[Mark, ...] = ()
    bands: tuple[Band, ...] = ()
    notes: tuple[Note, ...] = ()
    lying: bool = False
    columns: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    close: bool = False
    empty: str = "nothing to show yet"
