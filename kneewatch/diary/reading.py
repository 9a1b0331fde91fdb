"""Reads the three files of the diary. A line that cannot be read is a Problem, the others stay."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

from kneewatch import evidence
from kneewatch.diary.entries import ANSWERS, SIDES, WHENS, Diary, Injury, Pain, Weekly
from kneewatch.errors import ConfigError
from kneewatch.model import Problem

PAIN_FILE, INJURY_FILE, WEEKLY_FILE = "pain.csv", "injuries.csv", "ostrc.csv"

FILES: Mapping[str, tuple[str, ...]] = {
    PAIN_FILE: ("date", "score", "when", "where", "side", "signs", "note"),
    INJURY_FILE: ("from", "to", "where", "side", "note"),
    WEEKLY_FILE: ("date", "q1", "q2", "q3", "q4", "where", "side", "note"),
}
"""Columns of each file; a file may have them in another order, or lack some."""

NAMES = {
    "day": "date",
    "pain": "score",
    "nrs": "score",
    "sign": "signs",
    "notes": "note",
    "place": "where",
    "site": "where",
    "body part": "where",
    "body_part": "where",
}
"""Other names of columns, as people write them."""

PLACES = {
    "back of knee": "back",
    "back of the knee": "back",
    "behind the knee": "back",
    "behind knee": "back",
    "back-of-knee": "back",
} | {
    f"{part} {rest}": f"{part}-back"
    for part in ("inner", "middle", "outer")
    for rest in ("back", "back of knee", "back of the knee")
}

_NEW_ENTRY = re.compile(r'\s*"?\d{4}-\d\d-\d\d')

Entry = TypeVar("Entry", Pain, Injury, Weekly)
Cells = Mapping[str, str]


class _UnreadableError(Exception):
    """A cell that is not what its column holds."""


def find(paths: Iterable[Path]) -> Path | None:
    """The folder that holds the diary: one pointed at, beside the files, or one further down.

    Raises
    ------
    ConfigError
        If there is more than one: one runner is one folder.
    """
    paths = list(paths)
    folders = dict.fromkeys((p if p.is_dir() else p.parent).resolve() for p in paths)
    found = [folder for folder in folders if any(_is_file(folder / name) for name in FILES)]
    for path in paths:
        if path.is_dir():
            for here, below, files in os.walk(path):
                below[:] = [name for name in below if not name.startswith(".")]
                if not FILES.keys().isdisjoint(files):
                    found.append(Path(here).resolve())
    found = list(dict.fromkeys(found))
    if len(found) > 1:
        names = ", ".join(str(folder) for folder in found)
        raise ConfigError(
            f"more than one folder with {PAIN_FILE}, {INJURY_FILE} or {WEEKLY_FILE} ({names}); "
            f"one runner is one folder: name it"
        )
    return found[0] if found else None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    # A folder that may not be looked into: the import says so.
    except OSError:
        return False


def read(folder: Path | None) -> Diary:
    """The diary in a folder, empty where there is none.

    Parameters
    ----------
    folder : Path or None
        As ``find`` gives it.
    """
    problems: list[Problem] = []
    if folder is None:
        return Diary()
    entries = _read(folder / PAIN_FILE, _pain, problems)
    injuries = _read(folder / INJURY_FILE, _injury, problems)
    weekly = _read(folder / WEEKLY_FILE, _weekly, problems)
    return Diary(
        tuple(sorted(entries, key=lambda entry: entry.day)),
        tuple(sorted(injuries, key=lambda injury: injury.first)),
        tuple(sorted(weekly, key=lambda answer: answer.day)),
        tuple(problems),
    )


def _read(
    path: Path, make: Callable[[Cells, str, list[Problem]], Entry], problems: list[Problem]
) -> list[Entry]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        problems.append(Problem(path.name, f"cannot be opened: {error.strerror or error}"))
        return []
    found = []
    for number, cells in rows(path.name, data, problems):
        source = f"{path.name} line {number}"
        try:
            found.append(make(cells, source, problems))
        except _UnreadableError as error:
            problems.append(Problem(source, f"{error}; the line does not count"))
    return found


def rows(name: str, data: bytes, problems: list[Problem]) -> Iterator[tuple[int, Cells]]:
    """Lines of one of the files as cells by column, with their numbers from 1.

    A spreadsheet's semicolons or tabs, its byte order mark and its line breaks inside quotes are
    all understood; a file without a line of names has the usual columns.
    """
    lines = data.decode("utf-8-sig", "replace").splitlines()
    names: tuple[str, ...] | None = None
    delimiter = ","
    for number, line in _whole(lines):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if names is None:
            delimiter = delimiter_of(line)
            names, is_header = header(name, line, delimiter)
            if is_header:
                continue
        try:
            cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter))]
        except csv.Error as error:
            problems.append(Problem(f"{name} line {number}", f"{error}; the line does not count"))
            continue
        # Names in the midst of a file, as where two files were put together, are no entry.
        if not any(cells) or [cell.lower() for cell in cells] == list(FILES[name]):
            continue
        if any(cells[len(names) :]):
            # A comma in a note without quotes: the note is put together again.
            cells = [*cells[: len(names) - 1], f"{delimiter} ".join(cells[len(names) - 1 :])]
        yield number, dict(zip(names, cells, strict=False))


def _whole(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Lines, those joined that a quoted note runs over; a lost quote costs its own line alone."""
    at = 0
    while at < len(lines):
        end = at + 1
        while (
            "\n".join(lines[at:end]).count('"') % 2
            and end < len(lines)
            and not _NEW_ENTRY.match(lines[end])
        ):
            end += 1
        whole = "\n".join(lines[at:end])
        if whole.count('"') % 2:
            end = at + 1
            whole = lines[at].replace('"', "")
        yield at + 1, whole
        at = end


def delimiter_of(line: str) -> str:
    """What separates the cells of a file, by its first line."""
    return max(",;\t", key=line.count)


def header(name: str, line: str, delimiter: str) -> tuple[tuple[str, ...], bool]:
    """Columns of a file by its first line, and whether that line names them at all."""
    if _NEW_ENTRY.match(line):
        return FILES[name], False
    cells = [cell.strip().lower() for cell in next(csv.reader([line], delimiter=delimiter))]
    return tuple(NAMES.get(cell, cell) for cell in cells), True


def _pain(cells: Cells, source: str, problems: list[Problem]) -> Pain:
    day, signs = _day(cells, "date"), signs_of(cells.get("signs", ""))
    try:
        score = _score(cells.get("score", ""))
    except _UnreadableError as error:
        if not signs:
            raise
        # A sign is not lost for a slip in the number.
        problems.append(Problem(source, f"{error}; the signs count"))
        score = None
    if score is None and not signs:
        raise _UnreadableError("neither a score from 0 to 10 nor a sign")
    unknown = [name for name in signs if evidence.load().sign(name) is None]
    if unknown:
        reason = f"{unknown[0]!r} is no sign of the list, so no rule looks at it"
        problems.append(Problem(source, f"{reason}; see kneewatch pain signs"))
    return Pain(
        day=day,
        score=score,
        when=when_of(cells.get("when", "")),
        where=place_of(cells.get("where", "")),
        side=side_of(cells.get("side", "")),
        signs=signs,
        note=cells.get("note", ""),
        source=source,
    )


def _injury(cells: Cells, source: str, _: list[Problem]) -> Injury:
    first = _day(cells, "from")
    last = _day(cells, "to") if cells.get("to") else None
    if last and last < first:
        raise _UnreadableError(f"to is {last}, expected a day on or after from, {first}")
    where, side = place_of(cells.get("where", "")), side_of(cells.get("side", ""))
    return Injury(first, last, where, side, cells.get("note", ""), source)


def _weekly(cells: Cells, source: str, _: list[Problem]) -> Weekly:
    first, *others = (_answer(cells, f"q{number}") for number in range(1, 5))
    if first is None:
        raise _UnreadableError("q1 is empty; it decides whether the others are asked")
    return Weekly(
        day=_day(cells, "date"),
        answers=(first, others[0], others[1], others[2]),
        where=place_of(cells.get("where", "")),
        side=side_of(cells.get("side", "")),
        note=cells.get("note", ""),
        source=source,
    )


def _day(cells: Cells, column: str) -> date:
    said = cells.get(column, "")
    try:
        return date.fromisoformat(said[:10])
    except ValueError:
        raise _UnreadableError(f"{column} is {said!r}, expected a day such as 2025-06-16") from None


def _score(said: str) -> float | None:
    if not said:
        return None
    match = re.fullmatch(r"(\d{1,2}(?:[.,]\d+)?)(?:\s*/\s*10)?", said)
    score = float(match[1].replace(",", ".")) if match else -1.0
    if not 0 <= score <= 10:
        raise _UnreadableError(f"score is {said!r}, expected a number from 0 to 10")
    return score


def _answer(cells: Cells, column: str) -> int | None:
    said = cells.get(column, "")
    if not said:
        return None
    if said not in map(str, ANSWERS):
        raise _UnreadableError(f"{column} is {said!r}, expected one of 0, 8, 17, 25")
    return int(said)


def signs_of(said: str) -> tuple[str, ...]:
    """Names of signs, apart by spaces, semicolons, commas or strokes."""
    return tuple(dict.fromkeys(re.split(r"[\s;,|+]+", said.strip().lower()))) if said else ()


def when_of(said: str) -> str:
    """``during``, ``after`` or ``morning``; other words are kept."""
    word = said.lower()
    return next((when for when in WHENS if when in word), word)


def place_of(said: str) -> str:
    """A place of ours where it is one; other words are kept."""
    word = " ".join(said.lower().replace("_", " ").split())
    return PLACES.get(word.replace("-", " "), word.replace(" ", "-"))


def side_of(said: str) -> str:
    """``left``, ``right`` or ``both``; other words are kept."""
    word = said.lower()
    return next((side for side in SIDES if word and side.startswith(word)), word)
