"""Reads the three files of the diary.

A line that cannot be read is a Problem and the others stay. Such a line may hold a sign that
belongs to a clinician, so it is a Doubt as well: no verdict passes over it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from kneewatch.diary import days
from kneewatch.diary.days import Order, UnreadableError
from kneewatch.diary.entries import ANSWERS, WHERES, Diary, Doubt, Injury, Pain, Weekly, settled
from kneewatch.diary.lines import (
    FILES,
    INJURY_FILE,
    PAIN_FILE,
    WEEKLY_FILE,
    Cells,
    Page,
    page_of,
    text_of,
)
from kneewatch.diary.vocabulary import place_and_side, signs_of, unknown_signs, when_of
from kneewatch.model import Problem

Entry = TypeVar("Entry", Pain, Injury, Weekly)

SIGNS_LIST = "see kneewatch pain signs"

_DATES = ("date", "from", "to")


def read(folder: Path | None, today: date | None = None) -> Diary:
    """The diary in a folder, empty where there is none.

    Parameters
    ----------
    folder : Path or None
        As ``find`` gives it.
    today : date, optional
        The machine's day by default; a note from a later one is none that can be right.
    """
    if folder is None:
        return Diary()
    account = _Account(today or date.today())
    entries = _read(folder / PAIN_FILE, _pain, account)
    injuries = _read(folder / INJURY_FILE, _injury, account)
    weekly = _read(folder / WEEKLY_FILE, _weekly, account)
    return Diary(
        tuple(sorted(entries, key=lambda entry: entry.day)),
        tuple(sorted(settled(injuries), key=lambda injury: injury.first)),
        tuple(sorted(weekly, key=lambda answer: answer.day)),
        tuple(account.problems),
        tuple(account.doubts),
    )


@dataclass
class _Account:
    """What became of lines that could not be read as they stand."""

    today: date
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    order: Order = "open"
    source: str = ""
    places: set[str] = field(default_factory=set)

    def problem(self, reason: str) -> None:
        """Something that was taken for granted."""
        self.problems.append(Problem(self.source, reason))

    def doubt(self, reason: str, then: str, doubt: Doubt | None = None) -> None:
        """Something behind which a sign may hide."""
        self.problems.append(Problem(self.source, f"{reason}; {then}" if then else reason))
        self.doubts.append(doubt or Doubt(self.source, reason))

    def day(self, cells: Cells, column: str) -> date:
        """The day in a column."""
        said = cells.get(column, "")
        try:
            read = days.day_of(said, self.order, self.today)
        except UnreadableError as error:
            raise UnreadableError(f"{column} is {error}") from None
        if read.other:
            self.problem(
                f"{column} is {said!r}, taken for {read.day}; if it is {read.other}, write that"
            )
        return read.day

    def past(self, cells: Cells, column: str) -> date:
        """The day in a column on which something has happened."""
        day = self.day(cells, column)
        try:
            return days.not_ahead(day, self.today)
        except UnreadableError as error:
            raise UnreadableError(f"{column} is {error}") from None


Make = Callable[[Cells, _Account], Entry | None]


def _read(path: Path, make: Make[Entry], account: _Account) -> list[Entry]:
    account.source = path.name
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        account.doubt(f"cannot be opened: {error.strerror or error}", "")
        return []
    text = text_of(data)
    if text is None:
        account.doubt("is no text; save it as CSV under this name", "none of it counts")
        return []
    page = page_of(path.name, text)
    account.order = days.order_of(
        [cells.get(name, "") for _, cells in page.rows for name in _DATES], page.delimiter
    )
    _name_unknown_columns(path.name, page, account)
    found = []
    for number, reason in page.broken:
        account.source = f"{path.name} line {number}"
        account.doubt(reason, "the line does not count")
    for number, cells in page.rows:
        account.source = f"{path.name} line {number}"
        entry = make(cells, account)
        if entry is not None:
            found.append(entry)
    return found


def _name_unknown_columns(name: str, page: Page, account: _Account) -> None:
    """A column that nobody reads is said; where none is known to hold signs, it may be that one."""
    unknown = [
        column
        for column in page.columns
        if column not in FILES[name] and any(cells.get(column) for _, cells in page.rows)
    ]
    if not unknown:
        return
    listed = ", ".join(repr(column) for column in unknown)
    reason = f"no column is called {listed} (known are {', '.join(FILES[name])})"
    if "signs" in FILES[name] and "signs" not in page.columns:
        account.doubt(reason, "what stands in it is not read")
    else:
        account.problem(f"{reason}; what stands in it is not read")


def _pain(cells: Cells, account: _Account) -> Pain | None:
    where, side = place_and_side(cells.get("where", ""), cells.get("side", ""))
    signs = signs_of(cells.get("signs", ""))
    failed: list[str] = []
    score = day = None
    try:
        day = account.past(cells, "date")
    except UnreadableError as error:
        failed.append(str(error))
    try:
        score = _score(cells.get("score", ""))
    except UnreadableError as error:
        failed.append(str(error))
    if not failed and score is None and not signs:
        failed.append("neither a score from 0 to 10 nor a sign")
    if unknown := unknown_signs(signs):
        failed.append(f"{unknown[0]!r} is no sign of the list, so no rule looks at it")
    known = [name for name in signs if name not in unknown]
    counts = day is not None and (score is not None or bool(signs))
    if failed:
        then = _then(day, counts, bool(known), bool(unknown))
        doubt = Doubt(account.source, "; ".join(failed), day, score, where, side, tuple(known))
        account.doubt(doubt.reason, then, doubt)
    elif where and where not in WHERES and where not in account.places:
        account.places.add(where)
        account.problem(f"{where!r} is none of the places {', '.join(WHERES)}; it is kept as it is")
    if day is None or not counts:
        return None
    return Pain(
        day=day,
        score=score,
        when=when_of(cells.get("when", "")),
        where=where,
        side=side,
        signs=signs,
        note=cells.get("note", ""),
        source=account.source,
    )


def _then(day: date | None, counts: bool, known: bool, unknown: bool) -> str:
    """What becomes of a line that could not be read in full."""
    if unknown:
        return SIGNS_LIST
    if day is None and known:
        return "its signs count until the date is mended"
    return "the signs count" if counts else "the line does not count"


def _injury(cells: Cells, account: _Account) -> Injury | None:
    try:
        first = account.past(cells, "from")
        last = account.day(cells, "to") if cells.get("to") else None
        if last and last < first:
            raise UnreadableError(f"to is {last}, expected a day on or after from, {first}")
    except UnreadableError as error:
        account.doubt(str(error), "the line does not count")
        return None
    where, side = place_and_side(cells.get("where", ""), cells.get("side", ""))
    return Injury(first, last, where, side, cells.get("note", ""), account.source)


def _weekly(cells: Cells, account: _Account) -> Weekly | None:
    day = None
    try:
        day = account.past(cells, "date")
        first, *others = (_answer(cells, f"q{number}") for number in range(1, 5))
        if first is None:
            raise UnreadableError("q1 is empty; it decides whether the others are asked")
    except UnreadableError as error:
        doubt = Doubt(account.source, str(error), day)
        account.doubt(doubt.reason, "the line does not count", doubt)
        return None
    where, side = place_and_side(cells.get("where", ""), cells.get("side", ""))
    return Weekly(
        day=day,
        answers=(first, others[0], others[1], others[2]),
        where=where,
        side=side,
        note=cells.get("note", ""),
        source=account.source,
    )


def _score(said: str) -> float | None:
    if not said:
        return None
    match = re.fullmatch(r"(\d{1,2}(?:[.,]\d+)?)(?:\s*(?:/|of|von|de|sur|su)\s*10)?", said)
    score = float(match[1].replace(",", ".")) if match else -1.0
    if not 0 <= score <= 10:
        raise UnreadableError(f"score is {said!r}, expected a number from 0 to 10")
    return score


def _answer(cells: Cells, column: str) -> int | None:
    said = cells.get(column, "")
    if not said:
        return None
    if said not in map(str, ANSWERS):
        raise UnreadableError(f"{column} is {said!r}, expected one of 0, 8, 17, 25")
    return int(said)
