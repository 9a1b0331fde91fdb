"""Pictures to matplotlib Axes, PNG and SVG: the one place that draws.

No pyplot and no global state: a chart looks alike whatever a notebook has set.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kneewatch.picture import Picture
from kneewatch.report.ink import draw_bands, draw_marks, draw_notes, draw_series
from kneewatch.report.layout import plan
from kneewatch.report.lettering import FONT
from kneewatch.report.look import Plan, is_empty, look_for
from kneewatch.report.palette import Scheme, css_variables
from kneewatch.report.surround import (
    write_axes,
    write_ends,
    write_legend,
    write_title,
    write_why_empty,
)
from kneewatch.report.svg import inline
from kneewatch.units import Units

__all__ = ["css_variables", "draw", "png", "svg"]

POINTS_PER_INCH = 72.0

_RC: Any = {
    "font.family": [FONT],
    "font.size": 12.0,
    "hatch.linewidth": 0.8,
    "svg.fonttype": "none",
    "axes.unicode_minus": True,
    "path.simplify": True,
    "text.usetex": False,
}


def draw(
    picture: Picture,
    units: Units,
    ax: Axes | None = None,
    *,
    scheme: Scheme = "light",
    narrow: bool = False,
    title: bool = True,
) -> Axes:
    """Draw a picture.

    Parameters
    ----------
    ax : Axes, optional
        Where to draw; without it on a figure of its own.
    scheme : {"light", "dark", "css"}
        ``css`` is for ``svg``, which replaces its colours by variables.
    narrow : bool
        For the width of a telephone.
    title : bool
        False where the page around it says it.
    """
    look = look_for(picture, scheme, narrow=narrow)
    own = ax is None
    with mpl.rc_context(_RC):
        if ax is None:
            layout = plan(picture, units, look, title=title)
            ax = _own_axes(layout)
        else:
            box, inch = ax.bbox, POINTS_PER_INCH / ax.figure.dpi
            look = replace(look, wide=float(box.width) * inch, tall=float(box.height) * inch)
            layout = replace(plan(picture, units, look, title=title), left=0.0, right=0.0)
        _dress(ax, layout, own=own)
        write_title(ax, picture, layout)
        if is_empty(picture):
            write_why_empty(ax, picture, layout)
        else:
            draw_bands(ax, picture, units, layout)
            for series in picture.series:
                draw_series(ax, series, picture, units, layout)
            draw_marks(ax, picture, units, layout)
            draw_notes(ax, picture, units, layout)
            write_axes(ax, picture, layout)
            write_ends(ax, layout)
            write_legend(ax, layout)
    return ax


def png(picture: Picture, units: Units) -> bytes:
    """A picture on white, twice as fine as a screen."""
    figure = _figure(draw(picture, units))
    file = io.BytesIO()
    with mpl.rc_context(_RC):
        figure.savefig(file, format="png", dpi=2 * POINTS_PER_INCH, metadata={"Software": None})
    return file.getvalue()


def svg(picture: Picture, units: Units, *, narrow: bool = False, title: bool = True) -> str:
    """A picture to put into a page: colours are CSS variables, see ``css_variables``."""
    prefix = f"kw-{re.sub(r'[^A-Za-z0-9_-]', '-', picture.name)}-{'narrow' if narrow else 'wide'}"
    figure = _figure(draw(picture, units, scheme="css", narrow=narrow, title=title))
    file = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with mpl.rc_context({**_RC, "svg.hashsalt": prefix}):
        figure.savefig(file, format="svg", metadata=nothing)
    return inline(file.getvalue(), prefix, f"{picture.title}. {picture.alt}")


def _figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("axes without a figure")
    return figure


class Sheet(Figure):
    """A figure that a notebook shows as it is; pyplot, which does so, is state of the program."""

    def _repr_png_(self) -> bytes:
        file = io.BytesIO()
        with mpl.rc_context(_RC):
            self.savefig(file, format="png", dpi=2 * POINTS_PER_INCH)
        return file.getvalue()


def _own_axes(layout: Plan) -> Axes:
    look = layout.look
    wide, high = look.wide, layout.high
    figure = Sheet(figsize=(wide / POINTS_PER_INCH, high / POINTS_PER_INCH), dpi=POINTS_PER_INCH)
    return figure.add_axes(
        (layout.left / wide, layout.bottom / high, layout.plot_wide / wide, look.tall / high)
    )


def _dress(ax: Axes, layout: Plan, *, own: bool) -> None:
    look = layout.look
    if own:
        ax.figure.patch.set_facecolor(look["ground"])
        # A page has a ground of its own; a picture file needs one.
        ax.figure.patch.set_visible(not look["ground"].startswith("#fe"))
    ax.patch.set_visible(False)
    for name, spine in ax.spines.items():
        spine.set_visible(name == "bottom")
        spine.set_color(look["axis"])
        spine.set_linewidth(1.0)
    ax.set_axisbelow(True)
