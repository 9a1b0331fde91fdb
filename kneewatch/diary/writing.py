"""Adds a line to a file of the diary. No line that is there is ever written again."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kneewatch.diary.entries import Injury, Pain, Weekly
from kneewatch.diary.lines import (
    FILES,
    INJURY_FILE,
    PAIN_FILE,
    WEEKLY_FILE,
    delimiter_of,
    encoding_of,
    header,
)
from kneewatch.errors import UsageError

MOST_BYTES = 1 << 22
"""As much of a file is looked at for how it is written."""


def add_pain(folder: Path, entry: Pain) -> Path:
    """Add an entry to ``pain.csv`` and return its path.

    Raises
    ------
    UsageError
        If the file cannot be written or has no column for what the entry says.
    """
    cells = {
        "date": entry.day.isoformat(),
        "score": "" if entry.score is None else f"{entry.score:g}",
        "when": entry.when,
        "where": entry.where,
        "side": entry.side,
        "signs": " ".join(entry.signs),
        "note": entry.note,
    }
    return _add(folder / PAIN_FILE, cells)


def add_injury(folder: Path, injury: Injury) -> Path:
    """Add an injury to ``injuries.csv`` and return its path.

    Raises
    ------
    UsageError
        If it ends before it began, or the file cannot be written.
    """
    if injury.last and injury.last < injury.first:
        raise UsageError(
            f"the last day is {injury.last}, expected one on or after the first, {injury.first}"
        )
    cells = {
        "from": injury.first.isoformat(),
        "to": injury.last.isoformat() if injury.last else "",
        "where": injury.where,
        "side": injury.side,
        "note": injury.note,
    }
    return _add(folder / INJURY_FILE, cells)


def add_weekly(folder: Path, answers: Weekly) -> Path:
    """Add answers to ``ostrc.csv`` and return its path.

    Raises
    ------
    UsageError
        If the file cannot be written or has no column for what the answers say.
    """
    points = ("" if answer is None else str(answer) for answer in answers.answers)
    cells = {
        "date": answers.day.isoformat(),
        **dict(zip(("q1", "q2", "q3", "q4"), points, strict=True)),
        "where": answers.where,
        "side": answers.side,
        "note": answers.note,
    }
    return _add(folder / WEEKLY_FILE, cells)


def _add(path: Path, cells: Mapping[str, str]) -> Path:
    """Append one line in one write: two at once give two lines, in one order or the other."""
    try:
        if not path.exists():
            _begin(path)
        # Not in text mode: that would write in pieces and turn line ends on some systems.
        handle = os.open(path, os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0))
        try:
            line = _line(path, handle, cells)
            written = os.write(handle, line)
        finally:
            os.close(handle)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            f"not noted: {path} cannot be written: {reason}; name the data folder"
        ) from error
    if written < len(line):
        raise UsageError(f"{path}: only part of the line was written; is the disk full?")
    return path


def _begin(path: Path) -> None:
    """Write the line of names, unless another process has been faster."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes((",".join(FILES[path.name]) + "\n").encode())
    try:
        # Whole or not there: whoever comes second must not meet half a line of names.
        os.link(beside, path)
    except FileExistsError:
        pass
    except OSError:
        # A memory stick knows no links.
        with suppress(FileExistsError):
            _create(path, beside.read_bytes())
    finally:
        beside.unlink(missing_ok=True)


def _create(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0), 0o666)
    try:
        os.write(handle, data)
    finally:
        os.close(handle)


def _line(path: Path, handle: int, cells: Mapping[str, str]) -> bytes:
    """A line in the file's own way: its columns, delimiter, decimals, line ends and encoding."""
    data = os.read(handle, MOST_BYTES)
    mark, encoding = encoding_of(data)
    head = data[len(mark) :].decode(encoding, "replace")
    lines = [line for line in head.splitlines() if _tells(line)]
    first = lines[0] if lines else ",".join(FILES[path.name])
    delimiter = delimiter_of(first)
    names, _ = header(path.name, first, delimiter)
    lacking = [name for name, cell in cells.items() if cell and name not in names]
    if lacking:
        raise UsageError(
            f"not noted: {path} has no column {lacking[0]!r}; add it to the first line, or leave "
            f"it out"
        )
    end = "\r\n" if "\r\n" in head else "\n"
    if delimiter == ";" and "score" in cells:
        # Where semicolons stand between cells, 3.5 is a date to a spreadsheet.
        cells = {**cells, "score": cells["score"].replace(".", ",")}
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow([_plain(cells.get(name, "")) for name in names])
    line = text.getvalue()
    if not lines and not data:
        line = ",".join(FILES[path.name]) + end + line
    elif data and not head.endswith(("\r", "\n")):
        line = end + line
    return line.encode(encoding, "replace")


def _tells(line: str) -> bool:
    """Whether a line is one of names or of an entry."""
    bare = line.strip().lower()
    return bool(bare) and not bare.startswith("#") and not bare.startswith("sep=")


def _plain(cell: str) -> str:
    """One line: a line break inside a note would make two lines of one."""
    kept = "".join(letter for letter in cell if letter.isprintable() or letter.isspace())
    return " ".join(kept.split())
