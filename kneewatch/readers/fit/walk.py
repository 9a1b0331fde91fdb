"""The walk over message headers: which message lies where.

Nothing in a FIT file says where its messages are but the messages themselves: the header byte
names one of 16 local definitions, and that fixes where the next header is. So this part is one
loop in Python, and it does as little as it can for each message: wanted ones leave their
position, others are passed over, and only definitions and the like are looked at.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import cached_property

import numpy as np

from kneewatch.readers.fit.layout import (
    BASE_TYPES,
    DEVELOPER_DATA_ID,
    FIELD_DESCRIPTION,
    UNDESCRIBED,
    Description,
    Field,
    Layout,
    layout_of,
    triples,
)

Positions = np.ndarray[tuple[int], np.dtype[np.int64]]

COMPRESSED = 0x80
"""Header bit of a message whose time stamp is in the header itself."""

DEFINITION = 0x40
WITH_DEVELOPER_FIELDS = 0x20

PROBE = 16
"""Only where this many messages on the header is the same, a run is counted."""

STRETCH = 1024
"""At most this many messages are counted at a time."""


class Kept:
    """Positions of the messages of one layout: single ones, and runs of neighbours.

    Parameters
    ----------
    layout : Layout
    compressed : bool
        Whether their headers hold time stamps.
    """

    def __init__(self, layout: Layout, compressed: bool) -> None:
        self.layout = layout
        self.compressed = compressed
        self.single: list[int] = []
        self.runs: list[range] = []

    @cached_property
    def positions(self) -> Positions:
        """Offsets of the headers in the file [B], in no order; to be asked for at the end."""
        single = np.fromiter(self.single, np.int64, len(self.single))
        if not self.runs:
            return single
        runs = [np.arange(run.start, run.stop, run.step, dtype=np.int64) for run in self.runs]
        return np.concatenate([single, *runs])


class Walker:
    """A walk over the messages of one file of a chain.

    Parameters
    ----------
    data : bytes
    end : int
        Where the file's messages end.
    keeps : callable
        Whether messages of a layout are wanted.

    Attributes
    ----------
    layouts : list of Layout or None
        What each of the 16 local numbers stands for at present.
    """

    def __init__(self, data: bytes, end: int, keeps: Callable[[Layout], bool]) -> None:
        self.data = data
        self.end = end
        self.keeps = keeps
        self.layouts: list[Layout | None] = [None] * 16
        self._kept: dict[tuple[Layout, bool], Kept] = {}
        self._described: dict[int, dict[int, Description]] = {}
        # By header byte: the size of the message, negative if it is wanted, 0 if it has to be
        # looked at; and what takes its position.
        self._steps = [0] * 256
        self._keep: list[Kept | None] = [None] * 256
        self._probe = 0

    def run(self, pos: int) -> int:
        """Walk as far as the headers make sense.

        Parameters
        ----------
        pos : int
            Offset of the first header [B].

        Returns
        -------
        int
            Offset behind the last whole message [B]; ``end`` if all is well.
        """
        data, end, steps, keep = self.data, self.end, self._steps, self._keep
        step = 0
        while pos < end:
            step = steps[data[pos]]
            if step > 0:
                pos += step
            elif step:
                header = data[pos]
                kept = keep[header]
                assert kept is not None
                kept.single.append(pos)
                pos -= step
                if (
                    pos < end - self._probe
                    and data[pos] == header
                    and data[pos - PROBE * step] == header
                ):
                    pos = self._pass_run(pos, -step, kept)
            else:
                behind = self.look(pos)
                if behind < 0:
                    return pos
                pos = behind
        if pos > end:
            # The last message breaks off.
            pos -= abs(step)
            for kept in self._kept.values():
                if kept.single and kept.single[-1] == pos:
                    kept.single.pop()
        return pos

    def found(self) -> list[Kept]:
        """Where the wanted messages are."""
        return [kept for kept in self._kept.values() if kept.single or kept.runs]

    def _pass_run(self, pos: int, size: int, kept: Kept) -> int:
        """Pass over messages with the same header: each one's place follows from the last's."""
        stop = min(self.end - size + 1, pos + STRETCH * size)
        headers = self.data[pos:stop:size]
        run = len(headers) - len(headers.lstrip(headers[:1]))
        kept.runs.append(range(pos, pos + run * size, size))
        return pos + run * size

    def layout_at(self, pos: int) -> Layout | None:
        """Layout of the data message at a position, None if it was never defined."""
        header = self.data[pos]
        if header & COMPRESSED:
            return self.layouts[header >> 5 & 3]
        return None if header & (DEFINITION | 0x10) else self.layouts[header & 15]

    def look(self, pos: int) -> int:
        """Take in the definition or description at a position; where it ends, -1 for neither."""
        if self.data[pos] & (COMPRESSED | DEFINITION) == DEFINITION:
            return self._define(pos)
        layout = self.layout_at(pos)
        if layout is None:
            return -1
        if pos + layout.size > self.end:
            return -1
        self._describe(layout, pos)
        return pos + layout.size

    def _define(self, pos: int) -> int:
        data, header = self.data, self.data[pos]
        if pos + 6 > self.end:
            return -1
        stop = behind = pos + 6 + 3 * data[pos + 5]
        descriptions: tuple[Description, ...] = ()
        if header & WITH_DEVELOPER_FIELDS:
            if stop >= self.end:
                return -1
            behind = stop + 1 + 3 * data[stop]
            if behind > self.end:
                return -1
            descriptions = tuple(
                self._described.get(index, {}).get(number, UNDESCRIBED)
                for number, _, index in triples(data, stop + 1, data[stop])
            )
        if behind > self.end:
            return -1
        self._assign(header & 15, layout_of(data[pos + 1 : behind], descriptions))
        return behind

    def _assign(self, local: int, layout: Layout) -> None:
        self.layouts[local] = layout
        step = 0 if layout.number in (FIELD_DESCRIPTION, DEVELOPER_DATA_ID) else layout.size
        wanted = bool(step) and self.keeps(layout)
        if wanted:
            step = -step
            self._probe = max(self._probe, (PROBE + 1) * layout.size)
        kept = self._kept_of(layout, False) if wanted else None
        for header in (local, local | WITH_DEVELOPER_FIELDS):
            self._steps[header] = step
            self._keep[header] = kept
        if local < 4:
            kept = self._kept_of(layout, True) if wanted else None
            first = COMPRESSED | local << 5
            self._steps[first : first + 32] = [step] * 32
            self._keep[first : first + 32] = [kept] * 32

    def _kept_of(self, layout: Layout, compressed: bool) -> Kept:
        key = layout, compressed
        if key not in self._kept:
            self._kept[key] = Kept(layout, compressed)
        return self._kept[key]

    def _describe(self, layout: Layout, pos: int) -> None:
        """Take in what the file says about its developer fields."""
        said = {
            field.number: _value(self.data, pos, layout, field) for field in reversed(layout.fields)
        }
        index = said.get(0 if layout.number == FIELD_DESCRIPTION else 3)
        if not isinstance(index, int):
            return
        if layout.number == DEVELOPER_DATA_ID:
            self._described[index] = {}
            return
        number, base, name = said.get(1), said.get(2), said.get(3)
        if isinstance(number, int):
            self._described.setdefault(index, {})[number] = Description(
                name if isinstance(name, str) and name else UNDESCRIBED.name,
                base if isinstance(base, int) else UNDESCRIBED.base,
            )


def _value(data: bytes, pos: int, layout: Layout, field: Field) -> int | str:
    start = pos + field.offset
    if field.base is BASE_TYPES[0x07]:
        return text(data[start : start + field.size])
    value: int = struct.unpack_from(layout.order + field.base.letter, data, start)[0]
    return value


def text(raw: bytes) -> str:
    """Text up to its first NUL; what stands behind it is left over from other texts."""
    return raw.partition(b"\0")[0].decode("utf-8", "replace")
