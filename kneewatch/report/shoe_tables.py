"""Shoes in tables: how far each has come and until when, and on what it was run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from kneewatch.columns import SURFACES
from kneewatch.report import spelling
from kneewatch.report.tables import line, show, table, text
from kneewatch.units import Units, percent

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

Row = Mapping[Any, Any]

HEADER = ("Shoe", "Distance", "Runs", "Last run", "A week", "Share", "Next limit")
"""Of the short table; ``Share`` is that of the last eight weeks."""

LIMITS = {"notice": "300 mi", "caution": "430 mi", "over": "500 mi"}
"""The usual advice's distances as they are called; 430 mi is 700 km, nearly 435."""

DAYS_HEADER = ("Shoe", *LIMITS.values())

NO_SHOES = "No shoes: neither the files nor kneewatch.toml name any."

UNASSIGNED = "not assigned"

RANGE_NOTE = (
    "Days are at the pace of the last eight weeks; in brackets, at that of their fastest and of "
    "their slowest four weeks. Share is that of the distance of these eight weeks."
)


def shoes(console: Console, frame: pd.DataFrame, units: Units) -> None:
    """Print all that is known of each pair, those in use first."""
    summary(console, frame, units)
    if frame.empty:
        return
    if days := limit_rows(frame, units):
        line(console)
        line(console, "Days of the limits", "bold")
        _print(console, DAYS_HEADER, days, ())
        line(console, RANGE_NOTE, "dim")
    line(console)
    line(console, "On what", "bold")
    header, rows = ground_table(frame, units)
    _print(console, header, rows, range(1, len(header)))


def summary(console: Console, frame: pd.DataFrame, units: Units) -> None:
    """Print the short table, those in use first."""
    if frame.empty:
        line(console, NO_SHOES)
        return
    _print(console, HEADER, summary_rows(frame, units), (1, 2, 4, 5))


def _print(
    console: Console,
    header: Sequence[str],
    rows: Sequence[tuple[str, list[str]]],
    right: Sequence[int],
) -> None:
    made = table(*((name, "right" if n in right else "left") for n, name in enumerate(header)))
    for name, cells in rows:
        made.add_row(text(name), *(text(cell) for cell in cells))
    show(console, made)


def in_use_first(frame: pd.DataFrame) -> list[tuple[str, Row]]:
    """Shoes by name, retired ones after those in use, and what is in no known shoe last."""
    rows = zip(map(str, frame.index), frame.to_dict("records"), strict=True)
    ordered = sorted(rows, key=lambda item: (item[0] == "", bool(item[1]["retired"])))
    return [(name or UNASSIGNED, row) for name, row in ordered]


def summary_rows(frame: pd.DataFrame, units: Units) -> list[tuple[str, list[str]]]:
    """Each pair: distance, runs, last run, a week, share, and the next limit with its day."""
    return [(name, _summary(row, units)) for name, row in in_use_first(frame)]


def _summary(row: Row, units: Units) -> list[str]:
    retired = bool(row["retired"])
    weekly, share = row["weekly_m"], row["share"]
    return [
        units.distance(row["distance_m"], 0),
        str(row["runs"]),
        spelling.short_day(row["last_date"]),
        "-" if retired or math.isnan(weekly) else units.distance(weekly),
        "-" if retired or math.isnan(share) else percent(share),
        "retired" if retired else _next(row, units),
    ]


def _next(row: Row, units: Units) -> str:
    """The next limit and its day."""
    if math.isnan(row["over_m"]):
        return "-"
    limit = next((name for name in LIMITS if row["distance_m"] < row[f"{name}_m"]), None)
    if limit is None:
        return "all passed"
    label = units.distance(row[f"{limit}_m"], 0) if row["own_limit"] else LIMITS[limit]
    day = row[f"{limit}_date"]
    return f"{label}, {spelling.short_day(day) if day else 'not in sight'}"


def when(row: Row, limit: str) -> str:
    """The day on which a pair passes a limit, and the range; empty where none is in sight."""
    day = row[f"{limit}_date"]
    if not day:
        return ""
    early, late = row[f"{limit}_early_date"], row[f"{limit}_late_date"]
    if early == late:
        return spelling.short_day(day)
    rest = f"to {spelling.short_day(late)}" if late else "or later"
    return f"{spelling.short_day(day)} ({_short(early, late)} {rest})"


def _short(early: str, late: str) -> str:
    """A day, without its year where the other has the same."""
    said = spelling.short_day(early)
    if late and date.fromisoformat(early).year == date.fromisoformat(late).year:
        return said.rpartition(" ")[0]
    return said


def limit_rows(frame: pd.DataFrame, units: Units) -> list[tuple[str, list[str]]]:
    """Each pair in use: the day of each limit."""
    return [
        (name, [_limit(row, limit, units) for limit in LIMITS])
        for name, row in in_use_first(frame)
        if not row["retired"] and not math.isnan(row["over_m"])
    ]


def _limit(row: Row, limit: str, units: Units) -> str:
    if row["distance_m"] >= row[f"{limit}_m"]:
        said = "passed"
    else:
        said = when(row, limit) or "not in sight"
    return f"{said}, at {units.distance(row[f'{limit}_m'], 0)}" if row["own_limit"] else said


def ground_table(
    frame: pd.DataFrame, units: Units
) -> tuple[tuple[str, ...], list[tuple[str, list[str]]]]:
    """Each pair: distance on each ground that occurs, and descent."""
    seen = [s for s in SURFACES if frame[f"surface_{s}_m"].sum() > 0]
    rows = []
    for name, row in in_use_first(frame):
        cells = [_or_dash(row[f"surface_{s}_m"], units) for s in seen]
        descent = row["descent_m"]
        down = "unknown" if math.isnan(descent) else units.height(descent)
        rows.append((name, [*cells, down]))
    return ("Shoe", *(s.capitalize() for s in seen), "Descent"), rows


def _or_dash(metres: float, units: Units) -> str:
    return units.distance(metres, 0) if metres > 0 else "-"
