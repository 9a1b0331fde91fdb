"""The data of a chart in ink: bands, bars, lines, points, marks, notes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from kneewatch.picture import Picture, Series
from kneewatch.report.layout import band_wide
from kneewatch.report.lettering import width
from kneewatch.report.look import LEGEND_BOX, Entry, Plan
from kneewatch.report.scales import WEEK, place, shown, spoken
from kneewatch.units import Units

HATCH = "////"
"""Hatched is what is not known, in every chart."""


def _fill(role: str, layout: Plan, *, unfinished: bool = False) -> dict[str, Any]:
    """How a patch of a role is filled."""
    look = layout.look
    if unfinished:
        return {"facecolor": look["ground"], "edgecolor": look[role], "linewidth": 1.3}
    if role == "current":
        return {"facecolor": look["current"], "edgecolor": look["main"], "linewidth": 1.0}
    if role == "unknown":
        return {
            "facecolor": look["band"],
            "edgecolor": look["unknown"],
            "hatch": HATCH,
            "linewidth": 0.8,
        }
    if role == "flat":
        return {"facecolor": look["flat"], "edgecolor": look["flat"], "linewidth": 0.0}
    return {"facecolor": look[role], "edgecolor": look["ground"], "linewidth": 0.6}


def _band_fill(layout: Plan) -> dict[str, Any]:
    look = layout.look
    return {"facecolor": look["band"], "edgecolor": look["axis"], "linewidth": 0.0}


def draw_bands(ax: Axes, picture: Picture, units: Units, layout: Plan) -> None:
    """Shade the stretches, each label once, in its widest band."""
    look = layout.look
    labelled: set[str] = {entry.label for entry in layout.legend}
    widest_first = sorted(range(len(picture.bands)), key=lambda n: -band_wide(picture, units, n))
    for number in widest_first:
        band = picture.bands[number]
        start, end = (place(x, picture, units) for x in (band.start, band.end))
        ax.axvspan(start, end, zorder=0.5, **_band_fill(layout))
        if band.label in labelled:
            continue
        labelled.add(band.label)
        ax.annotate(
            band.label,
            ((start + end) / 2, 0.5),
            xycoords=("data", "axes fraction"),
            ha="center",
            va="center",
            color=look["soft-ink"],
            fontsize=look.text,
            bbox={"boxstyle": "square,pad=0.35", "facecolor": look["band"], "edgecolor": "none"},
        )


def _rim(layout: Plan) -> list[withStroke]:
    """A rim in the colour of the ground, which keeps a line apart from bars behind it."""
    return [withStroke(linewidth=3.6, foreground=layout.look["ground"])]


def draw_series(ax: Axes, series: Series, picture: Picture, units: Units, layout: Plan) -> None:
    """Draw one set of values."""
    look = layout.look
    x = np.array([place(value, picture, units) for value in series.x])
    y = np.array([shown(value, picture.y, units) for value in series.y])
    base = np.array([shown(value, picture.y, units) for value in series.base or (0.0,) * len(y)])
    if series.kind == "bars":
        _bars(ax, series, picture, layout, x, y, base)
        if picture.lying:
            _values(ax, series, picture, units, layout, x, y)
    elif series.kind == "area":
        fill = _fill(series.role, layout)
        ax.fill_between(x, y, base, zorder=2, label=series.label, **{**fill, "linewidth": 0.0})
        if series.role == "flat":
            ax.plot(x, y, color=look["muted"], linewidth=1.4, zorder=2.5)
    elif series.kind == "points":
        _points(ax, series, picture, layout, x, y)
    else:
        ax.plot(
            x,
            y,
            drawstyle="steps-post" if series.kind == "steps" else "default",
            color=look[series.role],
            linewidth=1.6,
            solid_joinstyle="miter",
            path_effects=_rim(layout),
            label=series.label,
            zorder=4,
        )


def _bars(
    ax: Axes, series: Series, picture: Picture, layout: Plan, x: Any, y: Any, base: Any
) -> None:
    fill = _fill(series.role, layout, unfinished=series.unfinished)
    if picture.lying:
        high = 0.34 if layout.look.narrow else 0.56
        ax.barh(
            x + (0.2 if layout.look.narrow else 0.0),
            y,
            high,
            left=base,
            zorder=2,
            label=series.label,
            **fill,
        )
    elif picture.x == "date":
        ax.bar(x + WEEK / 2, y, 0.8 * WEEK, bottom=base, zorder=2, label=series.label, **fill)
    else:
        ax.bar(x, y, 0.7, bottom=base, zorder=2, label=series.label, **fill)


def _values(
    ax: Axes, series: Series, picture: Picture, units: Units, layout: Plan, x: Any, y: Any
) -> None:
    look = layout.look
    for metres, row, length in zip(series.y, x, y, strict=True):
        ax.annotate(
            spoken(metres, picture.y, units, 0),
            (length, row + (0.2 if look.narrow else 0.0)),
            xytext=(5, 0),
            textcoords="offset points",
            va="center_baseline",
            color=look["ink"],
            fontsize=look.text,
            zorder=5,
            # Marks run behind the figures, not through them.
            bbox={"boxstyle": "square,pad=0.2", "facecolor": look["ground"], "edgecolor": "none"},
        )


def _points(ax: Axes, series: Series, picture: Picture, layout: Plan, x: Any, y: Any) -> None:
    look = layout.look
    area = (90.0 if picture.rows else 30.0) * (0.8 if look.narrow else 1.0) * series.size
    hollow = series.role == "current"
    offset = 0.14 if picture.rows and look.narrow else 0.0
    ax.scatter(
        x,
        y + offset,
        s=area * (1.25 if series.role == "alarm" else 1.0),
        marker="D" if series.role == "alarm" else "o",
        facecolors=look[series.role],
        edgecolors=look["main"] if hollow else look["ground"],
        linewidths=1.2 if hollow else 0.8,
        label=series.label,
        zorder=5 if series.role == "alarm" else 3,
    )


def draw_marks(ax: Axes, picture: Picture, units: Units, layout: Plan) -> None:
    """Draw the lines across; those over lying bars carry their label on top."""
    look = layout.look
    for number, mark in enumerate(picture.marks):
        value = shown(mark.value, picture.y, units)
        dashes: dict[str, Any] = {"color": look[mark.role], "linestyle": (0, (4, 3))}
        across = ax.axvline if picture.lying else ax.axhline
        # Between the dashes the ground shows, so that the line is seen on bars as well.
        across(value, color=look["ground"], linewidth=1.2, zorder=4)
        across(value, linewidth=1.2, zorder=4, **dashes)
        if not picture.lying:
            continue
        ax.annotate(
            mark.label,
            (value, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 5 + layout.mark_rows[number] * look.line),
            textcoords="offset points",
            ha="center",
            va="bottom",
            color=look["ink"],
            fontsize=look.text,
        )


def draw_notes(ax: Axes, picture: Picture, units: Units, layout: Plan) -> None:
    """Write notes along the top, with a line down to their point."""
    look = layout.look
    low, high = layout.x_limits
    for note in picture.notes:
        x, y = place(note.x, picture, units), shown(note.y, picture.y, units)
        half = width(note.text, look.text) / 2 / layout.plot_wide
        share = (x - low) / (high - low)
        side = "left" if share < half else "right" if share > 1 - half else "center"
        ax.annotate(
            note.text,
            (x, y),
            xytext=(x, 1.0),
            textcoords=("data", "axes fraction"),
            ha=side,
            va="top",
            color=look["ink"],
            fontsize=look.text,
            zorder=6,
            arrowprops={
                "arrowstyle": "-",
                "color": look["soft-ink"],
                "linewidth": 1.0,
                "shrinkA": 0,
                "shrinkB": 0,
                "relpos": ({"left": 0.0, "right": 1.0, "center": 0.5}[side], 0.0),
            },
        )


def handle(entry: Entry, layout: Plan) -> Patch | Line2D:
    """The sign of a legend entry."""
    look = layout.look
    if entry.kind == "band":
        return Patch(**{**_band_fill(layout), "linewidth": 0.8})
    if entry.kind in ("bars", "area"):
        return Patch(**_fill(entry.role, layout, unfinished=entry.unfinished))
    if entry.kind == "points":
        hollow = entry.role == "current"
        return Line2D(
            [],
            [],
            linestyle="none",
            marker="D" if entry.role == "alarm" else "o",
            markersize=min(6.5 * math.sqrt(entry.size), LEGEND_BOX),
            markerfacecolor=look[entry.role],
            markeredgecolor=look["main"] if hollow else look["ground"],
            markeredgewidth=1.2 if hollow else 0.0,
        )
    dashes: Any = (0, (3, 2)) if entry.kind == "mark" else "solid"
    return Line2D([], [], color=look[entry.role], linewidth=1.6, linestyle=dashes)
