"""Messages other than records, one dict each, in the profile's words and units."""

from __future__ import annotations

import math
import struct
from functools import lru_cache
from typing import Any, NamedTuple

from fitdecode.profile import MESSAGE_TYPES

from kneewatch.readers.fit.contents import Message
from kneewatch.readers.fit.layout import BYTES, TEXT, Field, Layout
from kneewatch.readers.fit.walk import text


class Slot(NamedTuple):
    """A field among the values that struct unpacks: ``width`` of them from ``start``."""

    field: Field
    start: int
    width: int


class Plan(NamedTuple):
    """What to unpack from the messages of a layout."""

    unpack: struct.Struct
    slots: tuple[Slot, ...]


def values_at(
    data: bytes, pos: int, layout: Layout, wanted: frozenset[str] | None = None
) -> Message:
    """Fields of the message at a position that have a value.

    Of a field that comes twice, and of an array, the first valid value counts; a field that
    the file has counts before the same one expanded from another.

    Parameters
    ----------
    data : bytes
    pos : int
        Offset of its header [B].
    layout : Layout
    wanted : frozenset of str, optional
        Names of the fields to decode; all by default.
    """
    plan = _plan(layout, wanted)
    flat = plan.unpack.unpack_from(data, pos)
    raws = [(slot.field, _raw(slot, flat)) for slot in plan.slots]
    numbers = [(field.number, raw) for field, raw in raws if not field.developer]
    message: Message = {}
    expanded: Message = {}
    for field, raw in raws:
        if raw is None:
            continue
        known = field.known
        if known is None:
            message.setdefault(field.name, _first(raw))
            continue
        meant = _resolved(known, numbers) if known.subfields else known
        if meant.components:
            _expand(expanded, meant, field, raw, layout, numbers)
        message.setdefault(meant.name, _rendered(meant, _scaled(meant, _first(raw))))
    message = message | {k: v for k, v in expanded.items() if k not in message}
    if wanted is None:
        return message
    return {name: value for name, value in message.items() if name in wanted}


@lru_cache(maxsize=2048)
def _plan(layout: Layout, wanted: frozenset[str] | None) -> Plan:
    needed = {field for field in layout.fields if _is_needed(field, wanted)}
    # A field may mean one thing or another, which other fields decide.
    deciding = {
        reference.def_num
        for field in needed
        for sub in (field.known and field.known.subfields) or ()
        for reference in sub.ref_fields
    }
    form, slots, start = [f"{layout.order}x"], [], 0
    for field in layout.fields:
        if field in needed or (field.number in deciding and not field.developer):
            letter, size = field.base.letter, field.base.size
            form.append(f"{field.size // size}{letter}")
            width = 1 if field.base is TEXT else field.values
            slots.append(Slot(field, start, width))
            start += width
        else:
            form.append(f"{field.size}x")
    return Plan(struct.Struct("".join(form)), tuple(slots))


def _is_needed(field: Field, wanted: frozenset[str] | None) -> bool:
    if wanted is None or field.name in wanted:
        return True
    known = field.known
    others = [*(known.subfields or ()), *(known.components or ())] if known else []
    return any(other.name in wanted for other in others)


def _raw(slot: Slot, flat: tuple[Any, ...]) -> Any:
    """The stored value, a tuple of an array; None where there is none."""
    field, start, width = slot
    base = field.base
    if base is TEXT:
        return text(flat[start]) or None
    if base is BYTES:
        raw = flat[start : start + width]
        return None if all(value == 0xFF for value in raw) else raw
    if width == 1:
        return _valid(flat[start], base.invalid)
    items = tuple(_valid(value, base.invalid) for value in flat[start : start + width])
    return None if all(item is None for item in items) else items


def _valid(value: Any, invalid: int | None) -> Any:
    if invalid is None:
        return None if math.isnan(value) else value
    return None if value == invalid else value


def _first(raw: Any) -> Any:
    return next(item for item in raw if item is not None) if isinstance(raw, tuple) else raw


def _resolved(known: Any, numbers: list[tuple[int, Any]]) -> Any:
    """The subfield that other fields of the message choose, else the field itself."""
    for sub in known.subfields or ():
        for reference in sub.ref_fields:
            if (reference.def_num, reference.raw_value) in numbers:
                return sub
    return known


def _scaled(known: Any, raw: Any) -> Any:
    if not isinstance(raw, (int, float)):
        return raw
    value: float = raw / known.scale if known.scale else raw
    return value - known.offset if known.offset else value


def _rendered(known: Any, value: Any) -> Any:
    words = known.type.enum
    return words.get(value, value) if words else value


def _expand(
    into: Message,
    known: Any,
    field: Field,
    raw: Any,
    layout: Layout,
    numbers: list[tuple[int, Any]],
) -> None:
    """Take a field apart into those that its bits hold."""
    number = int.from_bytes(raw, "little") if field.base is BYTES else _first(raw)
    if not isinstance(number, (int, float)):
        return
    siblings = MESSAGE_TYPES[layout.number].fields
    for part in known.components:
        if isinstance(number, int):
            if part.bit_offset >= 8 * field.size:
                continue
            value = number >> part.bit_offset & (1 << part.bits) - 1
        else:
            value = number
        meant = _resolved(siblings[part.def_num], numbers)
        into.setdefault(meant.name, _rendered(meant, _scaled(part, value)))
