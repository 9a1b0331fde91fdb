"""Tables with one activity a row: vendors' exports and logs kept by hand, in any language.

Claimed is delimited text (comma, semicolon, tab or bar) with a header. What each vendor calls
its columns stands in ``table_columns``, what a table leaves open is decided for all its rows in
``table_layout``, a row is read in ``table_rows``.

- Strava's dates are UTC; a date with a zone is too. All others are the naive wall clock, and a
  bare date is its 00:00.
- The number of a row is the one that a spreadsheet shows: the header is row 1.
- Rows that are the same to the letter have one id with ``-2``, ``-3`` behind it.
- A row with neither distance nor duration is no activity: planned, or a rest day.
- A table of several people is one Problem and no activity: one folder is one runner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from kneewatch.model import Activity, NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers.sports import fold
from kneewatch.readers.strava import is_strava
from kneewatch.readers.table_columns import columns_of, known_cells
from kneewatch.readers.table_dates import moment
from kneewatch.readers.table_layout import Layout, layout_of
from kneewatch.readers.table_rows import activity_of
from kneewatch.readers.table_shoes import is_register, register_of
from kneewatch.readers.table_text import Row, bare, decode, is_binary, rows, split_header
from kneewatch.readers.table_values import cell_of, clean, number
from kneewatch.units import System

_SUMS = (
    "summary|total|totals|sum|average|avg|mean|zusammenfassung|gesamt|summe|durchschnitt|resume|"
    "totaux|moyenne|resumen|totales|media|promedio|riepilogo|totale|totali|resumo|totais|"
    "samenvatting|totaal|overzicht|gemiddelde|souhrn|celkem|prumer|概要|合計|サマリー|平均|汇总|总计|"
    "合计|podsumowanie|suma|sammanfattning|summering"
)
SUMS = frozenset(fold(word) for word in _SUMS.split("|"))
"""First words of the last row, where it sums up the others."""

_CODE = frozenset("=(){}[]<>;`\\")


def sniff(name: str, head: bytes) -> bool:
    """Whether the bytes are delimited text under a header.

    Parameters
    ----------
    name : str
        Not looked at.
    head : bytes
        The first few kilobytes.
    """
    text = decode(head, known_cells)
    begin = text.lstrip("\ufeff \t\r\n")[:1]
    if not begin or begin in "<{[#%" or is_binary(text):
        return False
    delimiter, header = split_header(text, known_cells)
    if sum(bool(cell) for cell in header) < 2 or any(len(cell) > 120 for cell in header):
        return False
    found = {column.meaning for column in columns_of(header)}
    if len(found) >= 3 or (len(found) == 2 and found & {"date", "date_utc", "start", "time"}):
        return True
    if is_register(header) or is_strava(header, _below(text, delimiter)):
        return True
    return _looks_like_labels(header) and _has_like_rows(text, delimiter, len(header))


def read(source: Source, units: System | None = None) -> Iterator[Reading]:
    """Read a table.

    Parameters
    ----------
    source : Source
    units : {"km", "mi"}, optional
        What distances are in where the table does not say (Garmin's never does). Without it
        they are kilometres, and ``Activity.assumed`` says so.

    Yields
    ------
    Recording, Problem or NotActivity
        At least one.
    """
    header, body, problems = _table(source)
    register = register_of(source.name, header, [row for _, row in body], units)
    if register is not None:
        yield register
        return
    layout = layout_of(header, [row for _, row in body], units)
    people = _people(header, [row for _, row in body])
    if isinstance(layout, str):
        yield NotActivity(source.name, layout)
    elif len(people) > 1:
        listed = ", ".join(people[:3]) + (", ..." if len(people) > 3 else "")
        yield Problem(
            source.name,
            f"a table of {len(people)} people ({listed}): give each a folder of its own",
        )
    elif not body and not problems:
        yield NotActivity(source.name, "a table without rows")
    else:
        yield from problems
        yield from _activities(source.name, layout, body)


def _table(source: Source) -> tuple[Row, list[tuple[int, Row]], list[Reading]]:
    """Header, numbered rows, and problems of rows that cannot be told apart."""
    text = decode(source.data, known_cells)
    delimiter, header = split_header(text, known_cells)
    body: list[tuple[int, Row]] = []
    problems: list[Reading] = []
    begun = False
    for index, row in rows(text, delimiter, _has_date):
        if isinstance(row, str):
            problems.append(Problem(f"{source.name} row {index}", row))
        elif not begun:
            begun = bare(row) == header
        elif _is_second_header(row):
            # Polar's table of one activity goes on with the table of its samples.
            break
        elif any(clean(cell) for cell in row):
            body.append((index, row))
    return header, body, problems


def _has_date(row: Row) -> bool:
    return any(moment(clean(cell)) is not None for cell in row)


def _is_second_header(row: Row) -> bool:
    return known_cells(row) >= 3 and not any(number(clean(cell)) for cell in row)


def _people(header: Row, body: Sequence[Row]) -> list[str]:
    columns = [column for column in columns_of(header) if column.meaning == "person"]
    return sorted({cell_of(row, columns[0]) for row in body} - {""}) if columns else []


def _activities(name: str, layout: Layout, body: Sequence[tuple[int, Row]]) -> Iterator[Reading]:
    seen: Counter[str] = Counter()
    told = 0
    for index, row in body:
        source = f"{name} row {index}"
        if len(row) > layout.width:
            problem = f"has {len(row)} cells under a header of {layout.width}"
            yield Problem(source, problem)
            told += 1
            continue
        if _is_sum(layout, row):
            continue
        found = activity_of(layout, row, source)
        told += 1
        if isinstance(found, Activity):
            seen[found.id] += 1
            again = seen[found.id]
            yield Recording(replace(found, id=f"{found.id}-{again}") if again > 1 else found)
        else:
            yield found
    if not told:
        yield NotActivity(name, "a table without rows")


def _is_sum(layout: Layout, row: Row) -> bool:
    first = next((fold(clean(cell)) for cell in row if clean(cell)), "")
    return first.rstrip(":") in SUMS and layout.moment(row) is None


def _looks_like_labels(header: Row) -> bool:
    """Whether cells are names rather than values, prose or code."""
    said = [cell for cell in header if cell]
    return len(set(said)) == len(said) and not any(
        len(cell) > 60
        or cell.endswith((".", ":", "!", "?"))
        or (_CODE & set(cell.split("(")[0]))
        or moment(clean(cell)) is not None
        or number(clean(cell)) is not None
        for cell in said
    )


def _below(text: str, delimiter: str) -> list[Row]:
    """The first rows below the header."""
    found = [
        row
        for _, row in islice(rows(text, delimiter, _has_date), 12)
        if isinstance(row, list) and row
    ]
    # The last row may be cut off.
    return found[1:-1] if len(found) > 2 else found[1:]


def _has_like_rows(text: str, delimiter: str, width: int) -> bool:
    """Whether rows as wide as the header follow, with a number or a date in each."""
    below = _below(text, delimiter)
    like = [
        len(row) in (width, width - 1) and any(number(clean(c)) or moment(clean(c)) for c in row)
        for row in below
    ]
    return bool(like) and sum(like) >= 0.8 * len(like)
