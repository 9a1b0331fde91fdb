"""What a drawing is laid out with: sizes, colours, the words of legends and ends, the plan."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kneewatch.picture import Picture
from kneewatch.report.lettering import LINE
from kneewatch.report.palette import SCHEMES, Scheme
from kneewatch.report.scales import Tick, categories

PAD = 4.0
GAP = 8.0
UNDER_SUBTITLE = 11.0
"""More than a gap, for the highest tick label stands halfway above the axis."""
LEGEND_BOX = 11.0
LEGEND_GAP = 6.0
LEGEND_BETWEEN = 18.0

EntryKind = Literal["bars", "line", "steps", "points", "area", "band", "mark"]


@dataclass(frozen=True)
class Look:
    """Sizes and colours of one drawing.

    Attributes
    ----------
    wide, tall : float
        The whole width, and the height of the part with the data.
    title, text : float
        Sizes of letters.
    """

    colours: Mapping[str, str]
    narrow: bool
    wide: float
    tall: float
    title: float
    text: float

    def __getitem__(self, name: str) -> str:
        return self.colours[name]

    @property
    def line(self) -> float:
        """Height of a line of text."""
        return self.text * LINE


@dataclass(frozen=True)
class Entry:
    """One entry of the legend."""

    label: str
    kind: EntryKind
    role: str
    unfinished: bool = False
    size: float = 1.0


@dataclass(frozen=True)
class EndLabel:
    """Words beside the end of a line: its name, and its last value."""

    value: float
    name: str
    said: str
    kind: EntryKind
    role: str


@dataclass(frozen=True)
class Plan:
    """All that is decided before drawing; margins are the room around the part with the data.

    Attributes
    ----------
    names : tuple of str
        Categories as they are written, shortened where they are too long.
    heads : tuple of tuple of str
        Lines above each column of a matrix.
    mark_rows : tuple of int
        Row above the data in which each mark of lying bars is labelled.
    """

    look: Look
    title: tuple[str, ...]
    subtitle: str
    names: tuple[str, ...]
    heads: tuple[tuple[str, ...], ...]
    x_limits: tuple[float, float]
    y_limits: tuple[float, float]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    x_label: str
    ends: tuple[EndLabel, ...]
    mark_rows: tuple[int, ...]
    legend: tuple[Entry, ...]
    left: float
    right: float
    top: float
    bottom: float

    @property
    def plot_wide(self) -> float:
        """Width of the part with the data."""
        return self.look.wide - self.left - self.right

    @property
    def high(self) -> float:
        """Height of the whole."""
        return self.look.tall + self.top + self.bottom

    @property
    def above(self) -> float:
        """Height of what stands between the data and the subtitle."""
        marks = max(self.mark_rows, default=-1) + 1
        lines = max(marks, max((len(head) for head in self.heads), default=0))
        return lines * self.look.line + (GAP if lines else 0.0)

    @property
    def below(self) -> float:
        """Height of what stands between the data and the legend."""
        rows = 2 if any(tick.below for tick in self.x_ticks) else 1 if self.x_ticks else 0
        return rows * self.look.line + GAP + (self.look.line + 4.0 if self.x_label else 0.0)


def is_empty(picture: Picture) -> bool:
    """Whether there is nothing to draw."""
    return not any(not math.isnan(y) for series in picture.series for y in series.y)


def look_for(picture: Picture, scheme: Scheme, *, narrow: bool) -> Look:
    """The look of a picture, on a wide page or a telephone."""
    tall = 190.0 if narrow else 230.0
    rows = len(picture.rows) or (len(categories(picture)) if picture.lying else 0)
    if rows:
        tall = rows * (46.0 if narrow else 32.0) + GAP
    if is_empty(picture):
        tall = 72.0
    sizes = (360.0, tall, 14.5, 12.0) if narrow else (860.0, tall, 16.0, 12.5)
    return Look(SCHEMES[scheme], narrow, *sizes)
