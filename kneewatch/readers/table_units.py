"""In which units a table is, where its header does not say."""

from __future__ import annotations

from collections.abc import Sequence

from kneewatch.readers.sports import words
from kneewatch.readers.table_columns import UNIT_WORDS, Column, Columns
from kneewatch.readers.table_text import Row
from kneewatch.readers.table_values import (
    METRES,
    SECONDS,
    cell_of,
    clock_readings,
    decimal_mark,
    is_metres,
    number,
    seconds_unit,
    spelt_duration,
)
from kneewatch.units import System


def marks_of(columns: Columns, rows: Sequence[Row]) -> dict[int, str]:
    """Decimal mark by column; where a column leaves it open, that of the whole table."""
    numeric = (
        "distance",
        "pace",
        "ascent",
        "descent",
        "hr",
        "elapsed",
        "moving",
        "time",
        "cadence",
    )
    own = {
        column.index: decimal_mark(cell_of(row, column) for row in rows)
        for meaning in numeric
        for column in columns.get(meaning, [])
    }
    table = decimal_mark(f"1{mark}5" for mark in own.values() if mark)
    return {index: mark or table for index, mark in own.items()}


def sure_durations(
    column: Column | None, strava: bool, marks: dict[int, str], rows: Sequence[Row]
) -> list[float | None]:
    """Durations that say their unit [s]: what distances without one are measured by."""
    unit = "s" if strava else column.unit if column else ""
    return [
        _duration(cell_of(row, column), unit, marks.get(column.index, "")) if column else None
        for row in rows
    ]


def _duration(cell: str, unit: str, mark: str) -> float | None:
    readings = clock_readings(cell)
    if readings:
        return readings[0]
    found = number(cell, mark)
    if found is None:
        return spelt_duration(cell)
    factor = SECONDS.get(found[1] or unit)
    return found[0] * factor if factor else None


def distances_of(
    columns: Columns,
    strava: bool,
    marks: dict[int, str],
    seconds: Sequence[float | None],
    units: System | None,
    rows: Sequence[Row],
) -> tuple[list[tuple[Column, str]], bool, tuple[str, ...]]:
    """Columns of distances with their units, whether the table says them, and notes."""
    listed = columns.get("distance", [])
    # Strava's first distance is for the eye, in the account's unit; the last is in metres.
    ordered = listed[::-1] if strava else listed
    result: list[tuple[Column, str]] = []
    said, notes = True, ""
    for place, column in enumerate(ordered):
        unit = column.unit if column.unit in METRES else _told_beside(columns, rows)
        if not unit:
            values = [number(cell_of(row, column), marks.get(column.index, "")) for row in rows]
            pairs = [(v[0], s) for v, s in zip(values, seconds, strict=True) if v and not v[1]]
            metres = is_metres(pairs)
            unit, note = _unsaid(columns, metres, units)
            if not place:
                said = bool(strava and metres)
                notes = "" if strava and metres else note
        result.append((column, unit))
    return result, said, (notes,) if notes else ()


def _told_beside(columns: Columns, rows: Sequence[Row]) -> str:
    """Unit of distances from a column of its own, where all rows agree."""
    cells = {cell_of(row, column) for column in columns.get("unit", []) for row in rows} - {""}
    units = {UNIT_WORDS.get("".join(words(cell)), "") for cell in cells}
    return units.pop() if len(units) == 1 and units <= set(METRES) else ""


def _unsaid(columns: Columns, metres: bool, units: System | None) -> tuple[str, str]:
    if metres:
        return "m", "distance taken as metres: as kilometres the speed would be impossible"
    if units is not None:
        return units, ""
    other = {part for c in columns.get("pace", []) for part in c.unit.split("/")}
    if other & {"mi", "km"}:
        return ("mi" if "mi" in other else "km"), ""
    if any(c.unit == "ft" for meaning in ("ascent", "descent") for c in columns.get(meaning, [])):
        return "mi", "distance taken as miles: the heights are in feet"
    return "km", "distance taken as kilometres: the table does not say"


def duration_unit(
    column: Column,
    strava: bool,
    distances: Sequence[tuple[Column, str]],
    marks: dict[int, str],
    rows: Sequence[Row],
) -> str:
    """Unit of bare numbers in a column of durations: as its header says, or by the speeds."""
    if strava or column.unit in SECONDS:
        return column.unit if column.unit in SECONDS else "s"
    pairs: list[tuple[float, float | None]] = []
    for row in rows:
        value = number(cell_of(row, column), marks.get(column.index, ""))
        if value is not None and not value[1]:
            pairs.append((value[0], _metres(row, distances, marks)))
    return seconds_unit(pairs)


def _metres(
    row: Row, distances: Sequence[tuple[Column, str]], marks: dict[int, str]
) -> float | None:
    for column, unit in distances[:1]:
        found = number(cell_of(row, column), marks.get(column.index, ""))
        return found[0] * METRES.get(found[1] or unit, 1000.0) if found else None
    return None


def height_unit_of(columns: Columns, strava: bool, miles: bool) -> tuple[str, tuple[str, ...]]:
    """Unit of heights that do not say theirs: accounts in miles show feet, Strava's are metres."""
    heights = columns.get("ascent", []) + columns.get("descent", [])
    if strava or not miles or all(column.unit for column in heights):
        return "m", ()
    return "ft", ("heights taken as feet: the distances are in miles",)
