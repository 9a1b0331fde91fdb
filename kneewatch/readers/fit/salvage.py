"""A second, suspicious walk through a damaged file, that finds its step again.

Once a header byte is wrong, or a byte is missing, everything behind it is read out of step, and
nonsense may well look like messages for a while. So each definition has to make sense here, and
each time stamp has to lie near the others; where one does not, the walk goes back to the last
message that it could trust and looks for the next place from which several messages in a row
make sense.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from kneewatch.readers.fit.contents import MAX_FROM_MIDDLE_S
from kneewatch.readers.fit.layout import (
    BASE_TYPES,
    DEVELOPER_DATA_ID,
    FIELD_DESCRIPTION,
    RECORD,
    UNDESCRIBED,
    Layout,
    layout_of,
    triples,
)
from kneewatch.readers.fit.walk import (
    COMPRESSED,
    DEFINITION,
    WITH_DEVELOPER_FIELDS,
    Kept,
    Walker,
)

IN_A_ROW = 4
"""So many messages have to make sense, one of them with a time, before the walk goes on."""

PATIENCE = 60
"""So many may come before the one with a time; heart beats are written a dozen a record."""


@dataclass
class Salvaged:
    """What the second walk found.

    Attributes
    ----------
    kept : list of Kept
        The wanted messages.
    gaps : list of range
        Bytes that are no part of any message.
    dropped : int
        Records that were left out as implausible.
    """

    kept: list[Kept] = field(default_factory=list)
    gaps: list[range] = field(default_factory=list)
    dropped: int = 0


def salvage(
    data: bytes, start: int, end: int, keeps: Callable[[Layout], bool], middle: float | None
) -> Salvaged:
    """Walk over the messages of a damaged file, and past its damage.

    Parameters
    ----------
    data : bytes
    start, end : int
        Where the messages begin and end [B].
    keeps : callable
        Whether messages of a layout are wanted.
    middle : float or None
        The time around which the records lie [s].
    """
    found = Salvaged()
    walker = Walker(data, end, keeps)
    messages: list[tuple[int, Layout]] = []
    passed: list[tuple[int, int, Layout | None]] = []  # since one that could be trusted
    pos = trusted = start
    while pos < end:
        behind, layout, sure = _message(walker, walker.layouts, pos, middle)
        if behind > 0:
            if layout is None or layout.number in (FIELD_DESCRIPTION, DEVELOPER_DATA_ID):
                behind = max(walker.look(pos), pos + 1)
            if sure:
                # Its time vouches for all before it. What follows has to vouch for the rest of
                # itself: a byte may be missing behind the time.
                messages += [(at, lay) for at, _, lay in passed if lay is not None]
                passed.clear()
                trusted = pos
            passed.append((pos, behind, layout))
            pos = behind
            continue
        found.dropped += layout is not None and layout.number == RECORD and behind == MISDATED
        again = _next_in_step(walker, trusted, {at for at, _, _ in passed} | {pos}, middle)
        whole = [item for item in passed if item[1] <= again]
        messages += [(at, lay) for at, _, lay in whole if lay is not None]
        found.gaps.append(range(whole[-1][1] if whole else trusted, again))
        passed.clear()
        pos = trusted = again
    messages += [(at, lay) for at, _, lay in passed if lay is not None]
    found.kept = _sorted_out(data, messages, keeps)
    return found


BROKEN, MISDATED = -1, -2


def _message(
    walker: Walker, layouts: list[Layout | None], pos: int, middle: float | None
) -> tuple[int, Layout | None, bool]:
    """Where the message at a position ends, its layout, and whether its time vouches for it.

    In place of the end BROKEN or MISDATED, for what is no message; no layout for a definition.
    """
    data = walker.data
    header = data[pos]
    if header & (COMPRESSED | DEFINITION) == DEFINITION:
        return _definition_end(data, pos, walker.end), None, False
    if header & COMPRESSED:
        layout = layouts[header >> 5 & 3]
        if layout is not None and layout.dated is not None:
            # Nobody writes the time twice.
            return BROKEN, None, False
    else:
        layout = None if header & 0x30 else layouts[header & 15]
    if layout is None or pos + layout.size > walker.end:
        return BROKEN, layout, False
    dated = layout.dated
    if dated is None:
        return pos + layout.size, layout, False
    at = pos + dated.offset
    stamp = int.from_bytes(data[at : at + 4], "little" if layout.order == "<" else "big")
    if stamp == dated.base.invalid:
        return pos + layout.size, layout, False
    if middle is not None and abs(stamp - middle) > MAX_FROM_MIDDLE_S:
        return MISDATED, layout, False
    return pos + layout.size, layout, middle is not None


def _definition_end(data: bytes, pos: int, end: int) -> int:
    """Where a definition ends, BROKEN if it cannot be one."""
    if pos + 6 > end or data[pos + 1] or data[pos + 2] > 1:
        return BROKEN
    count = data[pos + 5]
    stop = pos + 6 + 3 * count
    developers = 0
    if data[pos] & WITH_DEVELOPER_FIELDS:
        if stop >= end:
            return BROKEN
        developers = 1 + 3 * data[stop]
    fields = triples(data, pos + 6, count) if stop + developers <= end else []
    sound = all(size and base in BASE_TYPES for _, size, base in fields)
    return stop + developers if fields and sound else BROKEN


def _next_in_step(walker: Walker, start: int, known: set[int], middle: float | None) -> int:
    """The next place from which the headers make sense, the end if there is none.

    The places that are ``known`` led into the damage.
    """
    for pos in range(start, walker.end):
        if pos not in known and _makes_sense(walker, pos, middle):
            return pos
    return walker.end


def _makes_sense(walker: Walker, pos: int, middle: float | None) -> bool:
    layouts = walker.layouts
    dated = False
    for number in range(PATIENCE):
        if dated and number >= IN_A_ROW:
            return True
        if pos == walker.end:
            return dated
        behind, layout, sure = _message(walker, layouts, pos, middle)
        if behind < 0:
            return False
        if layout is None:
            layouts = _defined(walker.data[pos:behind], layouts)
        dated = dated or sure
        pos = behind
    return False


def _defined(definition: bytes, layouts: list[Layout | None]) -> list[Layout | None]:
    count = definition[5]
    developers = definition[6 + 3 * count] if definition[0] & WITH_DEVELOPER_FIELDS else 0
    layout = layout_of(definition[1:], (UNDESCRIBED,) * developers)
    local = definition[0] & 15
    return [*layouts[:local], layout, *layouts[local + 1 :]]


def _sorted_out(
    data: bytes, messages: Iterable[tuple[int, Layout]], keeps: Callable[[Layout], bool]
) -> list[Kept]:
    kept: dict[tuple[Layout, bool], Kept] = {}
    for pos, layout in messages:
        if keeps(layout):
            key = layout, bool(data[pos] & COMPRESSED)
            kept.setdefault(key, Kept(*key)).single.append(pos)
    return list(kept.values())
