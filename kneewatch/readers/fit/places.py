"""Where in a message the values of each column stand, and how they become numbers."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from kneewatch.readers.fit.layout import BYTES, TEXT, TIMESTAMP, Field, Layout


class Place(NamedTuple):
    """Where in a row a value stands, and how its bytes become a number.

    ``code`` is a numpy type, or empty for raw bytes, of which there are ``size``. A part of the
    bits is taken where ``bits`` is not 0; ``running`` marks parts that count on from record to
    record. ``words`` are the values that stand for a word and are no numbers.
    """

    offset: int
    code: str
    size: int
    invalid: int | None = None
    scale: float | None = None
    shift: float | None = None
    first_bit: int = 0
    bits: int = 0
    running: bool = False
    words: frozenset[int] = frozenset()


@lru_cache(maxsize=2048)
def places(layout: Layout) -> dict[str, tuple[Place, ...]]:
    """Places of each column in a layout, the one that counts first.

    Of a field that comes twice, and of an array, the first valid value counts. A field that
    the file has counts before the same one expanded from another (``speed`` to
    ``enhanced_speed``), wherever they stand.
    """
    own: dict[str, list[Place]] = {}
    expanded: dict[str, list[Place]] = {}
    for field in layout.fields:
        if field.base is TEXT:
            continue
        found = _of_field(layout, field)
        own.setdefault(field.name, []).extend(found)
        for part in (field.known and field.known.components) or ():
            name = str(part.name)
            expanded.setdefault(name, []).extend(_part(place, part) for place in found)
    names = own | expanded
    return {name: tuple(own.get(name, []) + expanded.get(name, [])) for name in names}


def _of_field(layout: Layout, field: Field) -> list[Place]:
    known = field.known
    scale, shift = (known.scale, known.offset) if known else (None, None)
    # Clocks have a word too, for their smallest value, but are numbers.
    named = known and known.type.enum and field.number != TIMESTAMP
    words = frozenset(known.type.enum) if named else frozenset()
    if field.base is BYTES:
        return [Place(field.offset, "", field.size, scale=scale, shift=shift)]
    letter, size, invalid = field.base
    code = letter if size == 1 else layout.order + letter
    code = code.replace("B", "u1").replace("b", "i1")
    return [
        Place(field.offset + size * i, code, size, invalid, scale, shift, words=words)
        for i in range(field.values)
    ]


def _part(place: Place, part: Any) -> Place:
    whole = place._replace(scale=part.scale, shift=part.offset, words=frozenset())
    if place.code[-1:] in ("f", "d"):
        return whole
    return whole._replace(first_bit=part.bit_offset, bits=part.bits, running=bool(part.accumulate))
