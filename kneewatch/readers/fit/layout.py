"""Layouts: where in a message each field stands, and what its bytes mean.

A definition message fixes the layout of the data messages that follow it. Watches write the same
definitions again and again, within a file and from file to file, so a layout is worked out once
for each definition and kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from fitdecode.profile import MESSAGE_TYPES

from kneewatch.readers.fit.contents import DEVELOPER

TIMESTAMP = 253
"""Number of the field ``timestamp`` in every message."""

RECORD = 20
DEVELOPER_DATA_ID = 207
FIELD_DESCRIPTION = 206


class BaseType(NamedTuple):
    """A base type: its letter (for struct and numpy), its size [B], the value that means none."""

    letter: str
    size: int
    invalid: int | None = None


TEXT = BaseType("s", 1)
BYTES = BaseType("B", 1)
"""Raw bytes that are one value together: what is none is that all of them are 0xFF."""

BASE_TYPES = {
    0x00: BaseType("B", 1, 0xFF),
    0x01: BaseType("b", 1, 0x7F),
    0x02: BaseType("B", 1, 0xFF),
    0x83: BaseType("h", 2, 0x7FFF),
    0x84: BaseType("H", 2, 0xFFFF),
    0x85: BaseType("i", 4, 0x7FFFFFFF),
    0x86: BaseType("I", 4, 0xFFFFFFFF),
    0x07: TEXT,
    0x88: BaseType("f", 4),
    0x89: BaseType("d", 8),
    0x0A: BaseType("B", 1, 0),
    0x8B: BaseType("H", 2, 0),
    0x8C: BaseType("I", 4, 0),
    0x0D: BYTES,
    0x8E: BaseType("q", 8, 0x7FFFFFFFFFFFFFFF),
    0x8F: BaseType("Q", 8, 0xFFFFFFFFFFFFFFFF),
    0x90: BaseType("Q", 8, 0),
}


class Description(NamedTuple):
    """How a file itself describes a developer field."""

    name: str
    base: int


UNDESCRIBED = Description("None", 0x0D)


class Field(NamedTuple):
    """A field of a layout, ``offset`` bytes behind the header of its message.

    ``known`` is the profile's entry with name, scale, offset, components and subfields; None
    for a field that is not in the profile, and for a developer field.
    """

    number: int
    name: str
    base: BaseType
    offset: int
    size: int
    known: Any = None
    developer: bool = False

    @property
    def values(self) -> int:
        """How many values of the base type it holds."""
        return self.size // self.base.size


@dataclass(frozen=True, eq=False)
class Layout:
    """Layout of the messages that follow a definition.

    Attributes
    ----------
    number : int
        The kind of message (20 is a record).
    order : str
        ``<`` for little-endian, ``>`` for big-endian.
    size : int
        Length of a message with its header [B].
    fields : tuple of Field
        In the order of the definition, developer fields last.
    """

    number: int
    order: str
    size: int
    fields: tuple[Field, ...]

    @cached_property
    def name(self) -> str:
        """The profile's name of the kind of message, empty if it has none."""
        known = MESSAGE_TYPES.get(self.number)
        return str(known.name) if known else ""

    @cached_property
    def dated(self) -> Field | None:
        """Its time stamp, if it has one that is a plain number."""
        for field in self.fields:
            if field.number == TIMESTAMP and not field.developer and field.base.letter == "I":
                return field
        return None


@lru_cache(maxsize=2048)
def layout_of(definition: bytes, descriptions: tuple[Description, ...] = ()) -> Layout:
    """Layout that a definition message fixes.

    Parameters
    ----------
    definition : bytes
        The message behind its header byte.
    descriptions : tuple of Description
        What the file said about each of its developer fields.
    """
    big = bool(definition[1])
    number = int.from_bytes(definition[2:4], "big" if big else "little")
    message = MESSAGE_TYPES.get(number)
    known = message.fields if message else {}
    count = definition[4]
    fields = []
    offset = 1
    for field_number, size, base in triples(definition, 5, count):
        entry = known.get(field_number)
        name = "timestamp" if field_number == TIMESTAMP else f"unknown_{field_number}"
        name = entry.name if entry else name
        fields.append(Field(field_number, name, _base(base, size), offset, size, entry))
        offset += size
    own = triples(definition, 6 + 3 * count, len(descriptions))
    for (field_number, size, _), (name, base) in zip(own, descriptions, strict=True):
        kind = _base(base, size)
        fields.append(Field(field_number, DEVELOPER + name, kind, offset, size, developer=True))
        offset += size
    return Layout(number, ">" if big else "<", offset, tuple(f for f in fields if f.size))


def triples(data: bytes, start: int, count: int) -> list[tuple[int, int, int]]:
    """The three bytes that define each of ``count`` fields: number, size, base type.

    Of a developer field the last is the index of its developer.
    """
    part = data[start : start + 3 * count]
    return list(zip(part[::3], part[1::3], part[2::3], strict=True))


def _base(code: int, size: int) -> BaseType:
    """Base type of a field; bytes where it is unknown or does not fit the size."""
    base = BASE_TYPES.get(code, BYTES)
    return base if size % base.size == 0 else BYTES
