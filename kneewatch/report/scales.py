"""Where values stand on the axes, and which of them are written there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from matplotlib.ticker import MaxNLocator

from kneewatch.picture import Picture, Quantity
from kneewatch.report.lettering import width
from kneewatch.units import SHORT_MONTHS, Units

WEEK = 7.0
EPOCH = date(1970, 1, 1)
SHORT_SPAN_DAYS = 63
MONTH_STEPS = (1, 2, 3, 6, 12)
TICK_GAP = 8.0


@dataclass(frozen=True)
class Tick:
    """A place on an axis and what is written there, in one line or two."""

    at: float
    text: str
    below: str = ""


def shown(value: float, quantity: Quantity, units: Units) -> float:
    """An SI value in the unit in which it is shown."""
    if quantity == "distance":
        return value / units.long_m
    if quantity == "height":
        return value / units.short_m
    if quantity == "speed":
        return value * 3600.0 / units.long_m
    return 100.0 * value if quantity == "share" else value


def unit_of(quantity: Quantity, units: Units) -> str:
    """Name of the unit in which a quantity is shown; empty for none."""
    names = {
        "distance": units.long_name,
        "height": units.short_name,
        "speed": f"{units.long_name}/h",
        "share": "%",
    }
    return names.get(quantity, "")


def labelled(label: str, quantity: Quantity, units: Units) -> str:
    """An axis label with its unit."""
    unit = unit_of(quantity, units)
    return f"{label} ({unit})" if label and unit else label


def spoken(value: float, quantity: Quantity, units: Units, digits: int = 1) -> str:
    """A value beside a line: ``42 km``, ``240 m``; empty for others."""
    if quantity == "distance":
        return units.distance(value, digits)
    return units.height(value) if quantity == "height" else ""


def categories(picture: Picture) -> tuple[str, ...]:
    """Names of the categories of ``x``, in order."""
    if picture.columns:
        return picture.columns
    return tuple(dict.fromkeys(str(x) for series in picture.series for x in series.x))


def place(x: str | float, picture: Picture, units: Units) -> float:
    """Where an ``x`` stands: days for dates, a number for a category, else in shown units."""
    if picture.x == "date":
        return _number(date.fromisoformat(str(x)))
    if picture.x == "category":
        return float(categories(picture).index(str(x)))
    return shown(float(x), picture.x, units)


def x_range(picture: Picture, units: Units) -> tuple[float, float]:
    """First and last place that is shown."""
    if picture.x == "category":
        return -0.5, len(categories(picture)) - 0.5
    ends: list[float] = []
    for series in picture.series:
        places = [place(x, picture, units) for x in series.x]
        after = WEEK if series.kind == "bars" and picture.x == "date" else 0.0
        ends += [min(places), max(places) + after]
    for band in picture.bands:
        ends += [place(band.start, picture, units), place(band.end, picture, units)]
    margin = 1.0 if picture.x == "date" else 0.2 if picture.x == "speed" else 0.0
    return min(ends) - margin, max(ends) + margin


def y_range(picture: Picture, units: Units) -> tuple[float, float]:
    """Lowest and highest value shown: from zero, but for areas that have a base of their own."""
    tops = [shown(mark.value, picture.y, units) for mark in picture.marks]
    bottoms: list[float] = []
    for series in picture.series:
        base = series.base if series.base else (0.0,) * len(series.y)
        stacked = series.base if series.base and series.kind == "bars" else (0.0,) * len(series.y)
        for y, b, below in zip(series.y, base, stacked, strict=True):
            if not math.isnan(y):
                tops.append(shown(y + below, picture.y, units))
                bottoms.append(shown(b, picture.y, units) if series.kind == "area" else 0.0)
    if picture.close and tops:
        room = 0.08 * max(max(tops) - min(tops), 0.01 * max(tops))
        return min(tops) - room, max(tops) + room
    low, high = min(bottoms, default=0.0), max(tops, default=1.0)
    if picture.y == "share":
        return 0.0, 100.0
    room = 1.2 if picture.notes else 1.06
    return low, low + room * (high - low if high > low else 1.0)


def value_ticks(
    low: float, high: float, count: int, steps: Sequence[float] = (1, 2, 2.5, 5, 10)
) -> list[Tick]:
    """About so many round values between two."""
    values = MaxNLocator(nbins=count, steps=list(steps)).tick_values(low, high)
    inside = [float(v) for v in values if low - 1e-9 <= v <= high + 1e-9]
    step = inside[1] - inside[0] if len(inside) > 1 else 1.0
    digits = 0 if step >= 1 and step == round(step) else 1 if step * 10 == round(step * 10) else 2
    return [Tick(v, f"{v:,.{digits}f}".replace("-", "−")) for v in inside]


def date_ticks(low: float, high: float, room: float, size: float) -> list[Tick]:
    """Months, or weeks where the span is short, as close as their names allow.

    Parameters
    ----------
    low, high : float
        Ends of the axis [days, as matplotlib counts them].
    room : float
        Length of the axis [pt].
    size : float
        Size of the letters [pt].
    """
    first, last = EPOCH + timedelta(days=math.ceil(low)), EPOCH + timedelta(days=math.floor(high))
    per_day = room / (high - low)
    if high - low <= SHORT_SPAN_DAYS:
        # A span of some days may hold no Monday.
        mondays = _mondays(first, last) or [first]
        texts = [f"{day.day} {SHORT_MONTHS[day.month - 1]}" for day in mondays]
        need = (max(width(t, size) for t in texts) + TICK_GAP) / (WEEK * per_day)
        chosen = mondays[:: max(1, math.ceil(need))]
        return [Tick(_number(day), f"{day.day} {SHORT_MONTHS[day.month - 1]}") for day in chosen]
    starts = _month_starts(first, last)
    need = (max(width(m, size) for m in (*SHORT_MONTHS, "2000")) + TICK_GAP) / (30.0 * per_day)
    step = next((s for s in MONTH_STEPS if s >= need), MONTH_STEPS[-1])
    chosen = [day for day in starts if (day.month - 1) % step == 0]
    ticks, year = [], 0
    for day in chosen:
        ticks.append(
            Tick(
                _number(day), SHORT_MONTHS[day.month - 1], str(day.year) if day.year != year else ""
            )
        )
        year = day.year
    return ticks


def _number(day: date) -> float:
    """A day as matplotlib counts it."""
    return float((day - EPOCH).days)


def _mondays(first: date, last: date) -> list[date]:
    start = first + timedelta(days=-first.weekday() % 7)
    return [start + timedelta(weeks=n) for n in range(max(0, (last - start).days // 7 + 1))]


def _month_starts(first: date, last: date) -> list[date]:
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    starts = [date(month // 12, month % 12 + 1, 1) for month in months]
    return [day for day in starts if first <= day <= last]


def rows_without_overlap(spans: Sequence[tuple[float, float]]) -> list[int]:
    """The row of each label, so that those in a row stay apart.

    Parameters
    ----------
    spans : sequence of (float, float)
        Left and right end of each label, in any order.
    """
    ends: list[float] = []
    rows = [0] * len(spans)
    for index in sorted(range(len(spans)), key=lambda i: spans[i][0]):
        left, right = spans[index]
        row = next((r for r, end in enumerate(ends) if end <= left), len(ends))
        ends[row : row + 1] = [right]
        rows[index] = row
    return rows


def apart(centres: Sequence[float], least: float) -> list[float]:
    """Push centres apart to at least a distance, keeping their order."""
    moved = list(centres)
    order = sorted(range(len(moved)), key=lambda i: moved[i])
    for below, above in pairwise(order):
        lacking = least - (moved[above] - moved[below])
        if lacking > 0:
            moved[above] += lacking
    return moved
