"""What a table means as a whole: which column is what, in which unit, in which order of dates.

One cell rarely says what it is: ``3/4/2024``, ``9,894``, ``45`` and ``5.2`` each have two
readings. The column has one, so it is decided here, once, before the first row is read.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kneewatch.readers.sports import fold, is_run, sport_of, words
from kneewatch.readers.strava import english_header, running_words
from kneewatch.readers.table_columns import Column, Columns, columns_of, is_english
from kneewatch.readers.table_dates import Moment, Order, clock_of, moment, order_of
from kneewatch.readers.table_text import Row
from kneewatch.readers.table_units import (
    distances_of,
    duration_unit,
    height_unit_of,
    marks_of,
    sure_durations,
)
from kneewatch.readers.table_values import cell_of, clock_readings, number
from kneewatch.units import System

SAMPLES = "samples of one activity, not one row an activity"

SAMPLE_ROWS = 500
"""Rows that are looked at to decide; a log is alike from end to end."""


@dataclass(frozen=True)
class Layout:
    """What was decided.

    Attributes
    ----------
    width : int
        Number of cells of the header.
    columns : dict of str to list of Column
        By meaning, those that were decided otherwise taken out.
    date : Column
    clock : Column or None
        A time of the day beside a bare date.
    order : {"day", "month"}
    utc, local : bool
        Times without a zone are UTC; a zone that is written behind a local time means nothing.
    distances : list of (Column, str)
        Where the distance is, in order of preference, and its unit.
    unit_said : bool
        The table itself says the unit of distances.
    durations : dict of int to str
        Unit of bare numbers in the columns of durations.
    elapsed, moving : Column or None
    height_unit : str
        Unit of heights that do not say theirs.
    marks : dict of int to str
        Decimal mark by column.
    strava : bool
    runs_only : bool
        No kind of sport but running is named in the whole table.
    run_words : frozenset of str
        Kinds of sport that are not known by name, folded, and are running by their numbers.
    notes : tuple of str
        What was taken for granted.
    """

    width: int
    columns: Columns
    date: Column
    clock: Column | None
    order: Order
    utc: bool
    local: bool
    distances: list[tuple[Column, str]]
    unit_said: bool
    durations: dict[int, str]
    elapsed: Column | None
    moving: Column | None
    height_unit: str
    marks: dict[int, str]
    strava: bool
    runs_only: bool
    run_words: frozenset[str]
    notes: tuple[str, ...]

    def cell(self, row: Row, meaning: str) -> str:
        """The cleaned cell of the first column that has the meaning."""
        columns = self.columns.get(meaning)
        return cell_of(row, columns[0]) if columns else ""

    def moment(self, row: Row) -> Moment | None:
        """Date of a row, with the time of the day that may stand beside it."""
        found = moment(cell_of(row, self.date), self.order)
        if found is not None and self.local:
            found = replace(found, offset_s=None)
        if found is None or found.clock is not None or self.clock is None:
            return found
        return Moment(found.day, clock_of(cell_of(row, self.clock)), None)


def layout_of(header: Row, rows: Sequence[Row], units: System | None) -> Layout | str:
    """Decide what a table means, or say in words why it is no table of activities."""
    sample = rows[:SAMPLE_ROWS]
    header, language_notes = english_header(header, sample)
    columns: Columns = {}
    for column in columns_of(header):
        columns.setdefault(column.meaning, []).append(column)
    date = _date_column(columns, sample)
    if date is None:
        if "lap" in columns or "cumulative" in columns:
            return "laps or splits of one activity"
        return SAMPLES if _rises(columns, sample) else "a table without a column of dates"
    if "cumulative" in columns and "lap" in columns:
        return "laps or splits of one activity"
    clock = _clock_column(columns, date, sample)
    elapsed, moving = _duration_columns(header, columns, {date, clock})
    if not columns.get("distance") and elapsed is None and moving is None:
        return "a table without a column of distances or durations"
    if _are_samples(columns, date, elapsed, sample):
        return SAMPLES

    _put_best_sport_first(columns, rows)
    strava = date.meaning == "date_utc" or _names_strava_files(columns, sample)
    marks = marks_of(columns, sample)
    # What comes from Strava's and from intervals.icu's service is in metres and seconds as well.
    local = words(header[date.index]) == ["start", "date", "local"]
    plain = strava or local
    sure = sure_durations(elapsed or moving, plain, marks, sample)
    distances, said, unit_notes = distances_of(columns, plain, marks, sure, units, sample)
    durations = {
        column.index: duration_unit(column, plain, distances, marks, sample)
        for column in (elapsed, moving)
        if column is not None
    }
    miles = bool(distances) and distances[0][1] == "mi"
    height_unit, height_notes = height_unit_of(columns, strava, miles)
    order, order_note = order_of(
        [cell_of(row, date) for row in sample], english=is_english(header), miles=miles
    )
    return Layout(
        width=len(header),
        columns=columns,
        date=date,
        clock=clock,
        order=order,
        utc=strava,
        local=local,
        distances=distances,
        unit_said=said,
        durations=durations,
        elapsed=elapsed,
        moving=moving,
        height_unit=height_unit,
        marks=marks,
        strava=strava,
        # Strava always names the kind, if in a language that is not known here.
        runs_only=not strava and _runs_only(columns, rows),
        run_words=running_words(header, rows) if strava else frozenset(),
        notes=tuple(
            note for note in (*language_notes, *unit_notes, *height_notes, order_note) if note
        ),
    )


def _share(cells: Sequence[str], reads: Callable[[str], object]) -> float:
    said = [cell for cell in cells if cell]
    return sum(reads(cell) is not None for cell in said) / len(said) if said else 0.0


def _date_column(columns: Columns, rows: Sequence[Row]) -> Column | None:
    """The column of dates: by its name, or by its values where the name leaves it open."""
    named = columns.get("date_utc", []) + columns.get("date", [])
    open_ = columns.get("start", []) + columns.get("time", [])
    shares = {c: _share([cell_of(row, c) for row in rows], moment) for c in named + open_}
    good = [column for column in named + open_ if shares[column] >= 0.5]
    # A table whose dates cannot be read is still one: its rows are problems, not silence.
    return next(iter(good + named), None)


def _clock_column(columns: Columns, date: Column, rows: Sequence[Row]) -> Column | None:
    dates = [moment(cell_of(row, date)) for row in rows]
    if any(found is not None and found.clock is not None for found in dates):
        return None
    # "Time" beside a duration is when it was; alone it is how long it took.
    maybe = columns.get("start", []) + (columns.get("time", []) if "elapsed" in columns else [])
    good = (
        c for c in maybe if c != date and _share([cell_of(r, c) for r in rows], clock_of) >= 0.5
    )
    return next(good, None)


def _duration_columns(
    header: Row, columns: Columns, taken: set[Column | None]
) -> tuple[Column | None, Column | None]:
    """Columns of elapsed and of moving time.

    Garmin's *Time* is what the stopwatch shows: beside *Elapsed Time* it stands in for a moving
    time that is missing, alone for the elapsed time.
    """
    times = [column for column in columns.get("time", []) if column not in taken]
    if not _tempo_is_time(header):
        times = [column for column in times if words(header[column.index]) != ["tempo"]]
    # Strava has it twice; the second is the one in plain seconds.
    elapsed = next(reversed(columns.get("elapsed", [])), None)
    moving = next(iter(columns.get("moving", [])), None)
    timer = times[0] if times else None
    if elapsed is None:
        return timer, moving
    return elapsed, moving or timer


def _tempo_is_time(header: Row) -> bool:
    """Whether the table is Italian or Portuguese; elsewhere *tempo* is the pace."""
    folded = {fold(cell) for cell in header}
    return any(cell.split("(")[0].strip() in {"data", "titolo", "titulo"} for cell in folded) and (
        not folded & {"czas", "dystans"}
    )


def _are_samples(
    columns: Columns, date: Column, elapsed: Column | None, rows: Sequence[Row]
) -> bool:
    """Whether the rows are seconds of one activity rather than activities."""
    if len(columns.get("sample", [])) >= 2 and elapsed is None:
        return True
    found = [moment(cell_of(row, date)) for row in rows]
    starts = [m.start(utc=True) for m in found if m is not None and m.clock is not None]
    aware = sorted({start for start in starts if start.tzinfo is not None})
    gaps = [(b - a).total_seconds() for a, b in pairwise(aware)]
    return len(gaps) >= 10 and statistics.median(gaps) < 60


def _rises(columns: Columns, rows: Sequence[Row]) -> bool:
    """Whether a column of times counts up by seconds, as streams of one activity do."""
    for column in columns.get("time", []) + columns.get("elapsed", []):
        cells = [cell_of(row, column) for row in rows]
        values = [
            number(cell) or next(((s, "") for s in clock_readings(cell)), None) for cell in cells
        ]
        told = [value[0] for value in values if value is not None]
        steps = [after - before for before, after in pairwise(told)]
        if len(steps) >= 10 and min(steps) >= 0 and 0 < statistics.median(steps) < 60:
            return told[0] < 60
    return False


def _names_strava_files(columns: Columns, rows: Sequence[Row]) -> bool:
    return any(
        cell_of(row, column).startswith("activities/")
        for column in columns.get("file", [])
        for row in rows
    )


def _put_best_sport_first(columns: Columns, rows: Sequence[Row]) -> None:
    """Of several columns of types, the one whose names are known: others hold bare numbers."""

    def known(column: Column) -> int:
        return sum(sport_of(cell_of(row, column))[0] != "unknown" for row in rows[:SAMPLE_ROWS])

    if len(columns.get("sport", [])) > 1:
        columns["sport"].sort(key=known, reverse=True)


def _runs_only(columns: Columns, rows: Sequence[Row]) -> bool:
    if "sport" not in columns:
        return True
    kinds = {sport_of(cell_of(row, columns["sport"][0]))[0] for row in rows} - {"unknown"}
    return all(map(is_run, kinds))
