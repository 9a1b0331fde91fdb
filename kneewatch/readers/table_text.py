"""From the bytes of a delimited text to its rows: encoding, delimiter, quotation marks."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator

DELIMITERS = ",;\t|"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEGACY = ("cp1252", "cp1250", "cp932", "gb18030")
"""What spreadsheets of western and central Europe, Japan and China write without being asked."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SEPARATOR_LINE = re.compile(r"\s*sep=([,;\t|])\s*\Z")
_MARKUP = re.compile(r"<[^<>]*>")
_UNTRANSLATED = re.compile(r"translation missing: (?:\S*\.)?([^\s.]+)")
_RESTARTS = 50
"""Unclosed quotation marks after which a file is given up; each costs a walk to its end."""

Row = list[str]
Knows = Callable[[Row], int]
"""How many cells of a header row mean something."""


def decode(data: bytes, knows: Knows) -> str:
    """Text of the bytes, whatever wrote them; a letter cut off at the end is dropped.

    Parameters
    ----------
    data : bytes
    knows : callable
        Decides between the encodings that leave no trace: the one whose header says most.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding, "replace") or ""
    if b"\x00" in data[:200]:
        big_endian = data[:200:2].count(0) > data[1:200:2].count(0)
        return _decoded(data, "utf-16-be" if big_endian else "utf-16-le", "replace") or ""
    plain = _decoded(data, "utf-8", "strict")
    if plain is not None:
        return plain
    legacy = [_decoded(data, encoding, "replace") or "" for encoding in _LEGACY]
    broken = _decoded(data, "utf-8", "replace") or ""
    # UTF-8 with a broken byte has few marks of replacement; any other text has many.
    if broken.count("\ufffd") * 200 <= len(broken):
        legacy.insert(0, broken)
    return max(legacy, key=lambda text: knows(split_header(text, knows)[1]))


def _decoded(data: bytes, encoding: str, errors: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)(errors).decode(data, final=False)
    except UnicodeDecodeError:
        return None


def is_binary(text: str) -> bool:
    """Whether the text has characters that no table has."""
    return _CONTROL.search(text) is not None


def split_header(text: str, knows: Knows) -> tuple[str, Row]:
    """Delimiter and cells of the first line that is not empty.

    The delimiter is the one that gives the most cells that mean something, then the most cells.
    A first line ``sep=;`` is obeyed and passed over.
    """
    start = first_line(text)
    told = _SEPARATOR_LINE.match(text[start:].split("\n", 1)[0])
    if told:
        start = first_line(text, text.find("\n", start) + 1 or len(text))
    head = text[start : start + 50_000]
    split = [(mark, _first_row(head, mark)) for mark in (told[1] if told else DELIMITERS)]
    return max(split, key=lambda item: (knows(item[1]), sum(bool(cell) for cell in item[1])))


def first_line(text: str, start: int = 0) -> int:
    """Place of the first line that is not empty."""
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if text[start:end].strip(" \t\r;,|\ufeff"):
            break
        start = end + 1
    return start


def _first_row(text: str, delimiter: str) -> Row:
    try:
        return bare(tidy(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])))
    except csv.Error:
        return []


def bare(header: Row) -> Row:
    """Cells of a header without the markup that web sites leave in them.

    Where Strava lacked a name it wrote ``<span class="translation_missing" ...>Total Steps</span>``
    or ``translation missing: en-US.lib.export. ... .total_steps``.
    """
    return [_UNTRANSLATED.sub(r"\1", _MARKUP.sub("", cell)).strip() for cell in header]


def tidy(row: Row) -> Row:
    """Cells without the blanks around them and without empty cells at the end."""
    cells = [cell.strip("\ufeff\xa0 \t\r\n") for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def rows(
    text: str, delimiter: str, has_date: Callable[[Row], bool]
) -> Iterator[tuple[int, Row | str]]:
    """Rows of the text as ``(number, cells)``, ``(number, reason)`` where one cannot be read.

    Numbers count as a spreadsheet does, from 1. A quotation mark that is never closed would
    swallow all that follows: such a row is given up alone, and reading goes on after it.

    Parameters
    ----------
    text, delimiter : str
    has_date : callable
        Tells a row of the table from a line of someone's notes.
    """
    lines = list(io.StringIO(text, newline=""))
    start = number = restarts = width = 0
    while start < len(lines) and restarts < _RESTARTS:
        reader = csv.reader(lines[start:], delimiter=delimiter)
        begun = start
        while True:
            number += 1
            try:
                row: Row | None = next(reader)
            except StopIteration:
                return
            except csv.Error:
                row = None
            ended = start + reader.line_num
            if row is None or _swallowed(lines[begun:ended], row, delimiter, width, has_date):
                unclosed = "a quotation mark is not closed"
                yield number, unclosed if row is not None else "cannot be split into cells"
                start, restarts = begun + 1, restarts + 1
                break
            width = width or (len(row) if tidy(row) else 0)
            begun = ended
            yield number, tidy(row)
    if start < len(lines):
        yield number + 1, f"too many open quotation marks; {len(lines) - start} lines are left out"


def _swallowed(
    lines: Row, row: Row, delimiter: str, width: int, has_date: Callable[[Row], bool]
) -> bool:
    """Whether a row of several lines has eaten whole rows of the table."""
    if len(lines) < 2 or not width:
        return False
    whole = [line for line in lines[1:] if line.count(delimiter) >= max(1, width - 1)]
    # The next opening mark closes the forgotten one, and then even the width may be right.
    return bool(whole) and (len(row) != width or any(has_date(ln.split(delimiter)) for ln in whole))
