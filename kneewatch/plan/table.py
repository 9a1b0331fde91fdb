"""Sessions from a table: date, distance, and if it has them descent, hard, note."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kneewatch.errors import UsageError
from kneewatch.model import Problem
from kneewatch.plan import amounts
from kneewatch.plan.session import Session
from kneewatch.plan.terms import Terms
from kneewatch.readers import table_text
from kneewatch.readers.table_dates import Order, moment, order_of
from kneewatch.units import Units

HEADINGS = {
    "date": ("date", "day", "when"),
    "distance": ("distance", "dist", "km", "kilometres", "kilometers", "mi", "miles", "length"),
    "descent": ("descent", "down", "downhill", "elevation loss", "loss"),
    "hard": ("hard", "hard minutes", "tempo", "fast"),
    "note": ("note", "notes", "title", "name", "workout", "session", "description"),
}
"""What the columns may be called, a unit in brackets left aside."""

EXPECTED = "expected columns date and distance, and if you like descent, hard and note"


RESTS = ("", "-", "–", "0", "rest", "off", "none")
"""What stands in place of a distance where there is no run."""


def read(data: bytes, name: str, terms: Terms) -> tuple[list[Session], list[Problem]]:
    """Sessions, and the rows and columns that could not be read; a day of rest is none.

    Raises
    ------
    UsageError
        If there is no column of dates or of distances.
    """
    text = table_text.decode(data, _known)
    delimiter, head = table_text.split_header(text, _known)
    places = _places(head)
    if not places.keys() >= {"date", "distance"}:
        found = ", ".join(cell for cell in head if cell) or "nothing"
        raise UsageError(f"{name}: the first line is {found[:80]!r}; {EXPECTED}")
    rows = [
        (number, row)
        for number, row in table_text.rows(text, delimiter, lambda row: any(map(moment, row)))
        if row and row != head
    ]
    order = _order(places, [row for _, row in rows if not isinstance(row, str)], terms.units)
    sessions: list[Session] = []
    problems: list[Problem] = []
    if unused := [cell.strip() for cell in head if cell.strip() and not _heading(cell)[0]]:
        problems.append(Problem(name, f"not used: the columns {', '.join(unused)[:80]}"))
    for number, row in rows:
        try:
            if isinstance(row, str):
                raise UsageError(row)
            if not _is_rest(row, places):
                sessions.append(_session(row, head, places, order, terms))
        except UsageError as error:
            problems.append(Problem(f"{name} row {number}", str(error)))
    if not rows:
        problems.append(Problem(name, "no row below its first line"))
    return sessions, problems


def _heading(cell: str) -> tuple[str, str]:
    """A heading as ours and the unit it names: ``Distance (mi)`` is distance and mi."""
    unit = re.search(
        r"[(\[_ ](km|mi|miles?|ft|feet|m|min|h|hrs?|hours?)[)\]]?$", cell.strip().lower()
    )
    bare = cell.strip().lower()
    plain = re.sub(r"[\W_]+", " ", bare[: unit.start()] if unit else bare).strip()
    for ours, names in HEADINGS.items():
        if plain in names:
            own = plain if plain in ("km", "mi", "miles") else ""
            return ours, unit[1] if unit else own
    return "", ""


def _known(row: Sequence[str]) -> int:
    return sum(bool(_heading(cell)[0]) for cell in row)


def _places(head: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, cell in enumerate(head):
        ours = _heading(cell)[0]
        if ours:
            places.setdefault(ours, place)
    return places


def _order(places: Mapping[str, int], rows: Sequence[Sequence[str]], units: Units) -> Order:
    days = [_cell(row, places, "date") for row in rows]
    return order_of(days, english=True, miles=units.system == "mi")[0]


def _cell(row: Sequence[str], places: Mapping[str, int], name: str) -> str:
    place = places.get(name, len(row))
    return row[place].strip() if place < len(row) else ""


def _is_rest(row: Sequence[str], places: Mapping[str, int]) -> bool:
    """Whether a row says that there is no run that day."""
    nothing = not _cell(row, places, "descent") and not _cell(row, places, "hard")
    return nothing and _cell(row, places, "distance").lower() in RESTS


def _session(
    row: Sequence[str], head: Sequence[str], places: Mapping[str, int], order: Order, terms: Terms
) -> Session:
    """One row as a session; a unit in the heading stands for those that the cells leave out."""

    def said(name: str) -> str:
        cell = _cell(row, places, name)
        unit = _heading(head[places[name]])[1] if name in places else ""
        return f"{cell} {unit}" if unit and re.fullmatch(r"[\d.,]+", cell) else cell

    when = moment(_cell(row, places, "date"), order)
    if when is None:
        cell = _cell(row, places, "date")
        raise UsageError(f"the date is {cell!r}, expected a day such as 2025-11-08")
    note = _cell(row, places, "note")
    if other := amounts.other_sport(note):
        raise UsageError(other)
    metres, made = terms.distance(said("distance"))
    return Session(
        day=when.day,
        distance_m=metres,
        descent_m=amounts.height(said("descent"), terms.units) if said("descent") else None,
        hard_s=amounts.minutes(said("hard")) if said("hard") else None,
        note=", ".join(filter(None, (note, made))),
    )
