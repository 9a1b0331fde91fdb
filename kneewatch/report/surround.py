"""The words around the data of a chart: title, axes, names of rows, ends of lines, legend."""

from __future__ import annotations

from matplotlib.axes import Axes

from kneewatch.picture import Picture
from kneewatch.report.ink import handle
from kneewatch.report.layout import legend_columns
from kneewatch.report.lettering import wrap
from kneewatch.report.look import GAP, LEGEND_BETWEEN, LEGEND_BOX, LEGEND_GAP, UNDER_SUBTITLE, Plan
from kneewatch.report.scales import apart


def write_title(ax: Axes, picture: Picture, layout: Plan) -> None:
    """Write the title, and under it what the values are."""
    look, left = layout.look, _across(layout)
    over = layout.above + UNDER_SUBTITLE
    if layout.subtitle:
        ax.set_ylabel(
            layout.subtitle,
            rotation=0,
            ha="left",
            va="bottom",
            color=look["soft-ink"],
            fontsize=look.text,
        )
        ax.yaxis.set_label_coords(left, 1 + over / look.tall)
        over += look.line + GAP - 2.0
    if layout.title:
        ax.set_title(
            "\n".join(layout.title),
            loc="left",
            x=left,
            y=1.0,
            pad=over - (0.0 if layout.subtitle else GAP / 2),
            color=look["ink"],
            fontsize=look.title,
            fontweight="bold",
            linespacing=1.15,
            verticalalignment="bottom",
        )


def write_why_empty(ax: Axes, picture: Picture, layout: Plan) -> None:
    """Say in the middle why there is nothing to see."""
    look = layout.look
    ax.patch.set_visible(True)
    ax.patch.set_facecolor(look["band"])
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines["bottom"].set_visible(False)
    sentence = picture.empty[:1].upper() + picture.empty[1:]
    lines = wrap(sentence, look.text, look.wide - 40.0)
    for number, line in enumerate(lines):
        ax.annotate(
            line,
            (0.5, 0.5),
            xycoords="axes fraction",
            xytext=(0, ((len(lines) - 1) / 2 - number) * look.line),
            textcoords="offset points",
            ha="center",
            va="center",
            color=look["soft-ink"],
            fontsize=look.text,
        )


def write_axes(ax: Axes, picture: Picture, layout: Plan) -> None:
    """Set limits, ticks and grid."""
    look = layout.look
    ax.set_xlim(*layout.x_limits)
    ax.set_ylim(*layout.y_limits)
    written = {"labelsize": look.text, "labelcolor": look["soft-ink"]}
    ax.tick_params(axis="both", length=0, pad=6, **written)
    two = any(tick.below for tick in layout.x_ticks)
    texts = [f"{tick.text}\n{tick.below}" if two else tick.text for tick in layout.x_ticks]
    ax.set_xticks([tick.at for tick in layout.x_ticks], texts)
    if picture.x == "date":
        # A month's name stands to the right of the line where it begins.
        ax.tick_params(axis="x", length=5, width=1.0, color=look["axis"], pad=3)
        for text in ax.get_xticklabels():
            text.set_horizontalalignment("left")
    if layout.names:
        _name_rows(ax, picture, layout)
    else:
        ax.set_yticks([tick.at for tick in layout.y_ticks], [tick.text for tick in layout.y_ticks])
    ax.grid(visible=True, axis="x" if picture.lying else "y", color=look["grid"], linewidth=1.0)
    if layout.x_label:
        ax.set_xlabel(
            layout.x_label, color=look["soft-ink"], fontsize=look.text, ha="left", va="top"
        )
        ax.xaxis.set_label_coords(_across(layout), -(look.line + GAP + 2.0) / look.tall)


def _name_rows(ax: Axes, picture: Picture, layout: Plan) -> None:
    look, rows = layout.look, range(len(layout.names))
    if picture.rows:
        ax.spines["bottom"].set_visible(False)
        for row in rows:
            ax.axhline(row - 0.5, color=look["grid"], linewidth=1.0, zorder=0.5, clip_on=False)
    if not look.narrow:
        ax.set_yticks(list(rows), list(layout.names))
        for text in ax.get_yticklabels():
            text.set_color(look["ink"])
    else:
        # On a telephone names stand above what they name.
        ax.set_yticks(list(rows), list(layout.names))
        ax.tick_params(axis="y", labelleft=False)
        for row, name in enumerate(layout.names):
            ax.annotate(
                name,
                (0.0, row - 0.2),
                xycoords=("axes fraction", "data"),
                ha="left",
                va="center",
                color=look["ink"],
                fontsize=look.text,
                zorder=6,
                bbox={
                    "boxstyle": "square,pad=0.1",
                    "facecolor": look["ground"],
                    "edgecolor": "none",
                }
                if picture.lying
                else None,
            )
    if picture.rows:
        # Grid lines part the rows instead of running through the points.
        ax.tick_params(axis="y", grid_alpha=0.0)
    for column, lines in enumerate(layout.heads):
        for number, line in enumerate(reversed(lines)):
            ax.annotate(
                line,
                (column, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(0, 5 + number * look.line),
                textcoords="offset points",
                ha="center",
                va="bottom",
                color=look["soft-ink"],
                fontsize=look.text,
            )


def write_ends(ax: Axes, layout: Plan) -> None:
    """Name lines at their right end, pushed apart where they meet."""
    look = layout.look
    low, high = layout.y_limits
    per_point = (high - low) / look.tall
    lines = [end.name if not end.said else f"{end.name}\n{end.said}" for end in layout.ends]
    need = [look.line * (1 + text.count("\n")) for text in lines]
    places = apart([end.value / per_point for end in layout.ends], max(need, default=0.0) + 3.0)
    for text, at in zip(lines, places, strict=True):
        ax.annotate(
            text,
            (1.0, at * per_point),
            xycoords=("axes fraction", "data"),
            xytext=(GAP, 0),
            textcoords="offset points",
            va="center",
            ha="left",
            color=look["ink"],
            fontsize=look.text,
            linespacing=1.15,
            annotation_clip=False,
        )


def write_legend(ax: Axes, layout: Plan) -> None:
    """Write the legend below everything."""
    if not layout.legend:
        return
    look = layout.look
    box = ax.legend(
        [handle(entry, layout) for entry in layout.legend],
        [entry.label for entry in layout.legend],
        loc="upper left",
        bbox_to_anchor=(_across(layout), -(layout.below + GAP) / look.tall),
        ncols=legend_columns(layout),
        frameon=False,
        borderpad=0.0,
        borderaxespad=0.0,
        handlelength=LEGEND_BOX / look.text,
        handleheight=LEGEND_BOX / look.text,
        handletextpad=LEGEND_GAP / look.text,
        columnspacing=LEGEND_BETWEEN / look.text,
        labelspacing=0.5,
        fontsize=look.text,
        labelcolor=look["ink"],
    )
    box.set_in_layout(True)


def _across(layout: Plan) -> float:
    """Left end of the words above and below, as a share of the axes' width."""
    return -max(layout.left - 4.0, 0.0) / layout.plot_wide
