"""Recordings that are surely of one activity: by content, by a common key, by a vendor's index."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from math import isnan

from kneewatch.metrics.matching import (
    Span,
    at_once,
    elsewhere_m,
    is_part,
    same_sport,
    stem,
)
from kneewatch.metrics.overrides import Overrides
from kneewatch.model import Row, file_of

Reason = tuple[str, str]
"""A word for programs and a line for people."""

Edge = tuple[int, int, Reason]

CONFIGURED: Reason = ("config", "is the same by [[same]] in kneewatch.toml")
CONTENT: Reason = ("content", "the same content twice")
INDEX: Reason = ("index", "the index of this file")

KEYS = {
    "device": "made by the same device at the same second",
    "track": "has the same track id",
}
"""What a key means by its first word; of any other it is the vendor's name."""

MANY = 50
"""A name that so many files share tells nothing. [D]"""


class Classes:
    """Rows that grow together, each class with the files that its members are from.

    Parameters
    ----------
    rows : sequence of dict
    overrides : Overrides
    """

    def __init__(self, rows: Sequence[Row], overrides: Overrides) -> None:
        self.rows = rows
        self.overrides = overrides
        self.reasons: dict[int, tuple[Reason, int]] = {}
        self._class = list(range(len(rows)))
        self._members = {number: [number] for number in self._class}
        self._units = {number: _units(row) for number, row in enumerate(rows)}

    def unite(self, one: int, other: int, why: Reason, *, surely: bool = False) -> None:
        """Put two rows into one class, unless their classes hold what must stay apart.

        Parameters
        ----------
        one, other : int
            Numbers of rows.
        why : tuple of str
        surely : bool
            Even if two activities of one file come together.
        """
        a, b = sorted((self._class[one], self._class[other]))
        if a == b or self._parted(a, b) or not (surely or self._agree(a, b)):
            return
        for number in self._members[b]:
            self._class[number] = a
        self._members[a] += self._members.pop(b)
        self._units[a] |= self._units.pop(b)
        self.reasons.setdefault(one, (why, other))
        self.reasons.setdefault(other, (why, one))

    def members(self) -> Iterator[list[int]]:
        """Numbers of the rows of each class."""
        yield from self._members.values()

    def _parted(self, a: int, b: int) -> bool:
        return bool(self.overrides.different) and any(
            self.overrides.part(self.rows[i], self.rows[j])
            for i in self._members[a]
            for j in self._members[b]
        )

    def _agree(self, a: int, b: int) -> bool:
        """Whether no file has two activities in them; rows that are alike to the letter are one."""
        few, many = sorted((self._units[a], self._units[b]), key=len)
        return all(many.get(table, unit) == unit for table, unit in few.items())


def certain_classes(rows: Sequence[Row], overrides: Overrides) -> Classes:
    """Classes of rows that are surely of one activity.

    Rows of the same content; rows that share one of their keys; a row of a vendor's index and the
    file it names; and what the runner says. Two rows of one file stay two, unless they are the
    same to the letter.

    Parameters
    ----------
    rows : sequence of dict
        Exposure rows, in an order that does not hang on the order of the files.
    overrides : Overrides
    """
    classes = Classes(rows, overrides)
    number_of = {source: number for number, row in enumerate(rows) for source in row["sources"]}
    for names in overrides.same:
        for name in names[1:]:
            classes.unite(number_of[names[0]], number_of[name], CONFIGURED, surely=True)
    for one, other, why in (*_same_content(rows), *_same_key(rows)):
        classes.unite(one, other, why)
    for one, other, why in _named_files(rows):
        classes.unite(one, other, why, surely=True)
    return classes


def is_index_of(row: Row, other: Row) -> bool:
    """Whether a row of a table names the file of a recording, or shares a key with it."""
    hint = stem(row["file_hint"]) if row["file_hint"] else ""
    if hint and any(hint == stem(source) for source in other["sources"]):
        return True
    return not set(row.get("keys", ())).isdisjoint(other.get("keys", ()))


def _letters(row: Row) -> str:
    """The id without the number that a table's reader gives to rows that are alike."""
    return re.sub(r"-\d+$", "", row["id"])


def _units(row: Row) -> dict[str, tuple[str, ...]]:
    """The files of a row, and which activity of each it is."""
    units: dict[str, tuple[str, ...]] = {}
    for source in row["sources"]:
        table = file_of(source)
        units[table] = (_letters(row),) if table != source else (row["id"], source)
    return units


def _same_content(rows: Sequence[Row]) -> Iterator[Edge]:
    first: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows):
        table = file_of(row["sources"][0])
        names = [("", row["id"])]
        if table != row["sources"][0]:
            names.append((table, _letters(row)))
        for name in names:
            if (before := first.setdefault(name, number)) != number:
                yield before, number, CONTENT


def _same_key(rows: Sequence[Row]) -> Iterator[Edge]:
    holders = defaultdict(list)
    for number, row in enumerate(rows):
        for key in row.get("keys", ()):
            holders[key].append(number)
    for key, numbers in sorted(holders.items()):
        word = key.partition(" ")[0]
        why = ("key", KEYS.get(word, f"has the same number at {word}"))
        files = [file_of(source) for number in numbers for source in rows[number]["sources"]]
        if len(set(files)) == len(files) and word != "device":
            yield from ((numbers[0], number, why) for number in numbers[1:])
        else:
            # Legs of one file share its key, and so do laps that were saved as files.
            yield from ((a, b, why) for a, b in _twins([(n, rows[n]) for n in numbers]))


def _twins(rows: Sequence[tuple[int, Row]]) -> list[tuple[int, int]]:
    """Pairs of one time, place, sport and length, those that start closest together first."""
    spans = [(number, Span.of(row)) for number, row in rows]
    pairs = [
        (_apart_s(one.row, other.row), a, b)
        for (a, one), (b, other) in combinations(spans, 2)
        if same_sport(one.row, other.row)
        and at_once(one, other)
        and isnan(elsewhere_m(one, other))
        and not is_part(one.row, other.row)
        and not is_part(other.row, one.row)
    ]
    return [(a, b) for _, a, b in sorted(pairs)]


def _named_files(rows: Sequence[Row]) -> Iterator[Edge]:
    hinting = [(number, row) for number, row in enumerate(rows) if row["file_hint"]]
    if not hinting:
        return
    wanted = {stem(row["file_hint"]) for _, row in hinting}
    files = defaultdict(list)
    for number, row in enumerate(rows):
        for source in row["sources"]:
            if stem(source) in wanted:
                files[stem(source)].append(number)
    for number, row in hinting:
        own = file_of(row["sources"][0])
        alike = files[stem(row["file_hint"])]
        named = [
            other
            for other in (alike if len(alike) <= MANY else ())
            if other != number and file_of(rows[other]["sources"][0]) != own
        ]
        if named:
            yield number, max(named, key=lambda other: _fit(row, rows[other])), INDEX


def _fit(index: Row, row: Row) -> tuple[bool, int, bool, float]:
    """How well a recording fits the name that an index has for it; files may share their names."""
    source = row["sources"][0].replace("\\", "/").lower().removesuffix(".gz")
    hint = index["file_hint"].replace("\\", "/").lower().removesuffix(".gz").lstrip("/")
    own = file_of(index["sources"][0]).lower()
    common = next((n for n, (a, b) in enumerate(zip(own, source, strict=False)) if a != b), 0)
    return (
        source == hint or source.endswith("/" + hint),
        common,
        same_sport(index, row),
        -_apart_s(index, row),
    )


def _apart_s(row: Row, other: Row) -> float:
    return float(abs((row["start"] - other["start"]).total_seconds()))
