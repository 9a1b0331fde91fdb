"""From the bytes of one of the diary's files to cells by column, whatever wrote them."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kneewatch.diary.days import BEGINS
from kneewatch.diary.vocabulary import COLUMNS, column_of, fold

PAIN_FILE, INJURY_FILE, WEEKLY_FILE = "pain.csv", "injuries.csv", "ostrc.csv"

FILES: Mapping[str, tuple[str, ...]] = {
    PAIN_FILE: ("date", "score", "when", "where", "side", "signs", "note"),
    INJURY_FILE: ("from", "to", "where", "side", "note"),
    WEEKLY_FILE: ("date", "q1", "q2", "q3", "q4", "where", "side", "note"),
}
"""Columns of each file; a file may have them in another order, or lack some."""

Cells = Mapping[str, str]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass
class Page:
    """What stands in a file.

    Attributes
    ----------
    rows : list of (int, mapping)
        Number of the line from 1, and its cells by column.
    delimiter : str
    columns : tuple of str
        As its first line names them, or as is usual.
    broken : list of (int, str)
        Lines that could not be taken apart, and why.
    """

    rows: list[tuple[int, Cells]] = field(default_factory=list)
    delimiter: str = ","
    columns: tuple[str, ...] = ()
    broken: list[tuple[int, str]] = field(default_factory=list)


def page_of(name: str, text: str) -> Page:
    """Lines of one of the files as cells by column.

    A spreadsheet's semicolons or tabs and line breaks inside quotes are understood; a file
    without a line of names has the usual columns.
    """
    page = Page(columns=FILES[name])
    begun = False
    for number, line in _whole(text.splitlines()):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not begun and line.strip().lower() in ("sep=,", "sep=;", "sep=\t"):
            continue
        if not begun:
            begun = True
            page.delimiter = delimiter_of(line)
            page.columns, is_header = header(name, line, page.delimiter)
            if is_header:
                continue
        try:
            cells = [cell.strip() for cell in next(csv.reader([line], delimiter=page.delimiter))]
        except csv.Error as error:
            page.broken.append((number, str(error)))
            continue
        # Names in the midst of a file, as where two files were put together, are no entry.
        if not any(cells) or _is_header(cells):
            continue
        if any(cells[len(page.columns) :]):
            # A comma in a note without quotes: the note is put together again.
            last = len(page.columns) - 1
            cells = [*cells[:last], f"{page.delimiter} ".join(cells[last:])]
        page.rows.append((number, _by_column(page.columns, cells)))
    return page


def _by_column(columns: Sequence[str], cells: Sequence[str]) -> Cells:
    """Cells by column; of two that mean the same no word is lost."""
    by: dict[str, str] = {}
    for name, cell in zip(columns, cells, strict=False):
        by[name] = ", ".join(filter(None, (by.get(name, ""), cell)))
    return by


def _whole(lines: list[str]) -> list[tuple[int, str]]:
    """Lines, those joined that a quoted note runs over; a lost quote costs its own line alone."""
    at, found = 0, []
    while at < len(lines):
        end = at + 1
        while (
            "\n".join(lines[at:end]).count('"') % 2
            and end < len(lines)
            and not BEGINS.match(lines[end])
        ):
            end += 1
        whole = "\n".join(lines[at:end])
        if whole.count('"') % 2:
            end = at + 1
            whole = lines[at].replace('"', "")
        found.append((at + 1, whole))
        at = end
    return found


def delimiter_of(line: str) -> str:
    """What separates the cells of a file, by its first line."""
    return max(",;\t", key=line.count)


def header(name: str, line: str, delimiter: str) -> tuple[tuple[str, ...], bool]:
    """Columns of a file by its first line, and whether that line names them at all."""
    cells = next(csv.reader([line], delimiter=delimiter), [])
    if BEGINS.match(line) or not any(column_of(cell) in COLUMNS.values() for cell in cells):
        return FILES[name], False
    return tuple(column_of(cell) for cell in cells), True


def _is_header(cells: Sequence[str]) -> bool:
    known = [cell for cell in cells if column_of(cell) in COLUMNS.values()]
    return len(known) > 1 and len(known) == len([cell for cell in cells if fold(cell).strip()])


def encoding_of(data: bytes) -> tuple[bytes, str]:
    """The mark at the beginning of a file, empty where there is none, and its encoding."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return mark, encoding
    if data[:200].count(0) * 4 > len(data[:200]):
        big = data[:200:2].count(0) > data[1:200:2].count(0)
        return b"", "utf-16-be" if big else "utf-16-le"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return b"", "cp1252"
    return b"", "utf-8"


def text_of(data: bytes) -> str | None:
    """The text of a file, None where it is no text at all, such as a workbook."""
    mark, encoding = encoding_of(data)
    text = data[len(mark) :].decode(encoding, "replace")
    if data.startswith(_WORKBOOKS) or text.count("\x00") * 50 > len(text):
        return None
    return text.replace("\x00", "")
