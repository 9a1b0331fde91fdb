"""How a chart is laid out before it is drawn: margins, ticks, words. Lengths in points."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kneewatch.picture import Picture
from kneewatch.report.lettering import LINE, shorten, width, wrap
from kneewatch.report.look import (
    GAP,
    LEGEND_BETWEEN,
    LEGEND_BOX,
    LEGEND_GAP,
    PAD,
    UNDER_SUBTITLE,
    EndLabel,
    Entry,
    Look,
    Plan,
    is_empty,
)
from kneewatch.report.scales import (
    Tick,
    categories,
    date_ticks,
    labelled,
    place,
    rows_without_overlap,
    shown,
    spoken,
    value_ticks,
    x_range,
    y_range,
)
from kneewatch.rules.picture_weeks import SO_FAR
from kneewatch.units import Units


def plan(picture: Picture, units: Units, look: Look, *, title: bool) -> Plan:
    """Decide where everything goes, so that nothing is cut off and no words meet."""
    inside = look.wide - 2 * PAD
    words = tuple(wrap(picture.title, look.title, inside, bold=True)) if title else ()
    if is_empty(picture):
        top = _top(look, words, "", 0.0)
        return Plan(
            look, words, "", (), (), (0, 1), (0, 1), (), (), "", (), (), (), PAD, PAD, top, PAD
        )
    rows = picture.rows or (categories(picture) if picture.lying else ())
    names = tuple(shorten(n, look.text, inside if look.narrow else 0.3 * look.wide) for n in rows)
    subtitle = "" if picture.lying else labelled(picture.y_label, picture.y, units)
    x_label = labelled(
        *((picture.y_label, picture.y) if picture.lying else (picture.x_label, picture.x)), units
    )
    y_limits = y_range(picture, units)
    y_ticks = () if rows else tuple(value_ticks(*y_limits, 5))
    beside = names if not look.narrow else ()
    left = (
        PAD
        + max((width(n, look.text) for n in (*beside, *(t.text for t in y_ticks))), default=-GAP)
        + GAP
    )
    ends = () if picture.lying else tuple(end_labels(picture, units))
    written = () if look.narrow else ends
    right = max(
        [
            PAD + GAP,
            *(max(width(e.name, look.text), width(e.said, look.text)) + GAP + PAD for e in written),
        ]
    )
    if picture.lying or picture.x not in ("date", "category"):
        right = max(right, PAD + width("1,000", look.text) / 2)
    wide = look.wide - left - right
    x_limits = x_range(picture, units)
    mark_rows: tuple[int, ...] = ()
    heads: tuple[tuple[str, ...], ...] = ()
    if picture.lying:
        x_limits = (0.0, _reach(picture, units, look, wide))
        x_ticks = value_ticks(*x_limits, 4 if look.narrow else 8, (1, 2, 5, 10))
        mark_rows = tuple(_mark_rows(picture, units, look, wide / x_limits[1]))
        y_limits = (len(names) - 0.5, -0.5)
    elif picture.rows:
        columns = categories(picture)
        heads = tuple(tuple(wrap(c, look.text, wide / len(columns) - 4.0)) for c in columns)
        x_ticks = []
        y_limits = (len(names) - 0.5, -0.5)
    elif picture.x == "date":
        x_ticks = _written_within(
            date_ticks(*x_limits, wide, look.text), x_limits, wide, right - PAD, look
        )
    else:
        x_ticks = value_ticks(*x_limits, 5 if look.narrow else 9, (1, 2, 5, 10))
    draft = Plan(
        look, words, subtitle, names, heads, x_limits, y_limits, tuple(x_ticks), y_ticks, x_label,
        written, mark_rows, tuple(legend_entries(picture, units, look, ends, wide)),
        left, right, 0.0, 0.0,
    )  # fmt: skip
    legend_high = legend_height(draft)
    return Plan(
        **{
            **vars(draft),
            "top": _top(look, words, subtitle, draft.above),
            "bottom": draft.below + legend_high + PAD,
        }
    )


def _top(look: Look, title: Sequence[str], subtitle: str, above: float) -> float:
    return (
        PAD
        + len(title) * look.title * LINE
        + (GAP if title else 0.0)
        + (look.line + UNDER_SUBTITLE if subtitle else 0.0)
        + above
    )


def _written_within(
    ticks: Sequence[Tick], limits: tuple[float, float], wide: float, beyond: float, look: Look
) -> list[Tick]:
    """Leave out the words of the last tick that would run over the edge."""
    low, high = limits

    def fitting(words: str, at: float) -> str:
        reach = (at - low) / (high - low) * wide + width(words, look.text)
        return words if reach <= wide + beyond else ""

    return [Tick(t.at, fitting(t.text, t.at), fitting(t.below, t.at)) for t in ticks]


def _reach(picture: Picture, units: Units, look: Look, wide: float) -> float:
    """End of the value axis of lying bars, with room for the value at the end of each."""
    ends = [shown(mark.value, picture.y, units) * 1.02 for mark in picture.marks]
    for series in picture.series:
        for y in series.y:
            if not math.isnan(y):
                room = width(spoken(y, picture.y, units, 0), look.text) + GAP
                ends.append(shown(y, picture.y, units) / (1 - room / wide))
    return max(ends) or 1.0


def _mark_rows(picture: Picture, units: Units, look: Look, per_unit: float) -> list[int]:
    spans = []
    for mark in picture.marks:
        at, half = shown(mark.value, picture.y, units) * per_unit, width(mark.label, look.text) / 2
        spans.append((at - half - 3.0, at + half + 3.0))
    return rows_without_overlap(spans)


def end_labels(picture: Picture, units: Units) -> list[EndLabel]:
    """Name and last value of the lines, and of the marks across."""
    found = []
    for series in picture.series:
        last = series.y[-1] if series.y else math.nan
        if series.kind in ("line", "steps"):
            said = spoken(last, picture.y, units) if not math.isnan(last) else ""
            known = [y for y in series.y if not math.isnan(y)]
            value = shown(known[-1], picture.y, units)
            found.append(EndLabel(value, series.label, said, series.kind, series.role))
    for mark in picture.marks:
        value, said = shown(mark.value, picture.y, units), spoken(mark.value, picture.y, units)
        found.append(EndLabel(value, mark.label, said, "mark", mark.role))
    return found


def legend_entries(
    picture: Picture, units: Units, look: Look, ends: Sequence[EndLabel], wide: float
) -> list[Entry]:
    """What is not labelled where it stands; nothing where one kind of bar is all there is."""
    entries = [
        Entry(series.label, series.kind, series.role, size=series.size)
        for series in picture.series
        if series.kind not in ("line", "steps")
    ]
    # The unfinished week of a stack has the labels of the others.
    entries = list({entry.label: entry for entry in entries}.values())
    if len(entries) == 1 and entries[0].role == "main":
        entries = []
    outlined = [series.role for series in picture.series if series.unfinished]
    if outlined:
        entries.append(Entry(SO_FAR, "bars", outlined[0], unfinished=True))
    if look.narrow:
        entries += [
            Entry(f"{end.name}: {end.said}" if end.said else end.name, end.kind, end.role)
            for end in ends
        ]
    seen = {
        band.label: band.role
        for band in picture.bands
        if not fits(picture, units, look, band.label, wide)
    }
    return entries + [Entry(label, "band", role) for label, role in seen.items()]


def fits(picture: Picture, units: Units, look: Look, label: str, wide: float) -> bool:
    """Whether a label fits into at least one of its bands, and so explains the others."""
    low, high = x_range(picture, units)
    need = width(label, look.text) + 2 * GAP
    return any(
        band_wide(picture, units, n) * wide / (high - low) >= need
        for n, band in enumerate(picture.bands)
        if band.label == label
    )


def band_wide(picture: Picture, units: Units, number: int) -> float:
    """Width of a band in units of the axis."""
    band = picture.bands[number]
    return place(band.end, picture, units) - place(band.start, picture, units)


def legend_columns(plan_: Plan) -> int:
    """How many columns of the legend fit side by side."""
    look = plan_.look
    widths = [width(entry.label, look.text) + LEGEND_BOX + LEGEND_GAP for entry in plan_.legend]
    for columns in range(len(widths), 1, -1):
        rows = math.ceil(len(widths) / columns)
        blocks = [widths[n * rows : (n + 1) * rows] for n in range(columns)]
        if any(not block for block in blocks):
            continue
        if (
            sum(max(block) for block in blocks) + LEGEND_BETWEEN * (columns - 1)
            <= look.wide - 2 * PAD
        ):
            return columns
    return 1


def legend_height(plan_: Plan) -> float:
    """Height of the legend with the gap above it."""
    if not plan_.legend:
        return 0.0
    return math.ceil(len(plan_.legend) / legend_columns(plan_)) * plan_.look.text * 1.5 + GAP
