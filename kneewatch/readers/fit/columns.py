"""Columns of records, straight from the bytes.

The rows are gathered once, in file order and whatever their layout. Then each column that is
asked for is read from its place in the rows: at one place for all of them where the layouts
agree, else layout by layout.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

import numpy as np

from kneewatch.model import Floats
from kneewatch.readers.fit.places import Place, places
from kneewatch.readers.fit.walk import Kept, Positions

MAX_ROWS_BYTES = 1 << 26
"""Rows are not gathered where a broken definition would make them longer than this [B]."""


class Records:
    """Messages of one kind, to be read column by column.

    Parameters
    ----------
    data : bytes
    kept : iterable of Kept
        Where they are.

    Attributes
    ----------
    positions : ndarray
        Offsets of their headers in the file [B], ascending.
    """

    def __init__(self, data: bytes, kept: Iterable[Kept]) -> None:
        kept = list(kept)
        self._data = data
        self._places = [places(one.layout) for one in kept]
        parts = [one.positions for one in kept]
        self._owner: Positions | None = None
        if len(parts) == 1:
            self.positions = np.sort(parts[0])
        else:
            # Sorted by position, with the number of the layout in the low bits.
            low = len(parts).bit_length()
            keys = [part << low | number for number, part in enumerate(parts)]
            merged = np.sort(np.concatenate([np.array([], np.int64), *keys]))
            self.positions = merged >> low
            self._owner = merged & ((1 << low) - 1)
        self._subsets: dict[tuple[int, ...], Positions] = {}
        self._rows = self._gathered(max((one.layout.size for one in kept), default=1))

    def __len__(self) -> int:
        return len(self.positions)

    def names(self) -> list[str]:
        """Names of all columns that the layouts have a place for."""
        return list(dict.fromkeys(name for known in self._places for name in known))

    def column(self, name: str) -> Floats | None:
        """One value a record, NaN where it lacks it; None where all lack it.

        Parameters
        ----------
        name : str
            A field of the profile, ``unknown_N``, or a developer field under its prefix.
        """
        where = [known.get(name, ()) for known in self._places]
        result: Floats | None = None
        for rank in count():
            readings: dict[Place, list[int]] = {}
            for number, found in enumerate(where):
                if rank < len(found):
                    readings.setdefault(found[rank], []).append(number)
            if not readings:
                break
            running = [place for place in readings if place.running]
            values = self._read({p: o for p, o in readings.items() if not p.running})
            if running:
                low = self._read({p: readings[p] for p in running}, raw=True)
                counted = _added_up(low, running[0].bits)
                if counted is not None:
                    counted = _scaled(counted, running[0])
                values = _first_of(values, counted)
            result = _first_of(result, values)
        return None if result is None or np.isnan(result).all() else result

    def _read(self, readings: dict[Place, list[int]], raw: bool = False) -> Floats | None:
        result: Floats | None = None
        for place, owners in readings.items():
            if len(owners) == len(self._places):
                return self._values(place, None, raw)
            if result is None:
                result = np.full(len(self), np.nan)
            index = self._records_of(tuple(owners))
            result[index] = self._values(place, index, raw)
        return result

    def _records_of(self, owners: tuple[int, ...]) -> Positions:
        index = self._subsets.get(owners)
        if index is None:
            mine = np.zeros(len(self._places), bool)
            mine[list(owners)] = True
            index = self._subsets[owners] = np.flatnonzero(mine[self._owner])
        return index

    def _values(self, place: Place, index: Positions | None, raw: bool) -> Floats:
        if not place.code:
            return self._byte_values(place, index, raw)
        stored = self._stored(place.code, place.offset, index)
        if place.bits:
            part = stored.astype(np.int64) >> place.first_bit & (1 << place.bits) - 1
            values = part.astype(np.float64)
        else:
            values = stored.astype(np.float64)
        if place.invalid is not None:
            values[stored == place.invalid] = np.nan
        if place.words:
            values[np.isin(values, list(place.words))] = np.nan
        return values if raw else _scaled(values, place)

    def _byte_values(self, place: Place, index: Positions | None, raw: bool) -> Floats:
        """The first of raw bytes; or a number of some of their bits, little end first."""
        taken = range(place.size if not place.bits else min(place.size, 7))
        each = [self._stored("u1", place.offset + i, index) for i in taken]
        none = np.logical_and.reduce([one == 0xFF for one in each])
        if place.bits:
            if place.first_bit >= 8 * place.size:
                return np.full(len(none), np.nan)
            whole = np.zeros(len(none), np.int64)
            for i, one in enumerate(each):
                whole |= one.astype(np.int64) << 8 * i
            values = (whole >> place.first_bit & (1 << place.bits) - 1).astype(np.float64)
        else:
            values = each[0].astype(np.float64)
        values[none] = np.nan
        return values if raw else _scaled(values, place)

    def _stored(
        self, code: str, offset: int, index: Positions | None
    ) -> np.ndarray[tuple[int], np.dtype[Any]]:
        """The bytes at one place of all records, or of some, as they are stored."""
        if self._rows is not None:
            size = self._rows.itemsize
            column: np.ndarray[tuple[int], np.dtype[Any]] = np.ndarray(
                (len(self._rows),), code, self._rows, offset, (size,)
            )
            return column if index is None else column[index]
        at = self.positions if index is None else self.positions[index]
        span = len(self._data) - offset - np.dtype(code).itemsize + 1
        anywhere: np.ndarray[tuple[int], np.dtype[Any]] = np.ndarray(
            (span,), code, self._data, offset, (1,)
        )
        return anywhere[at]

    def _gathered(self, span: int) -> np.ndarray[tuple[int], np.dtype[np.void]] | None:
        """All records as rows of equal length, that of the longest layout [B]."""
        if span * len(self) > MAX_ROWS_BYTES or not len(self):
            return None
        data = self._data
        if self.positions[-1] + span > len(data):
            data += bytes(span)
        anywhere: np.ndarray[tuple[int], np.dtype[np.void]] = np.ndarray(
            (len(data) - span + 1,), f"V{span}", data, 0, (1,)
        )
        return anywhere[self.positions]


def _scaled(values: Floats, place: Place) -> Floats:
    if place.scale:
        values /= place.scale
    if place.shift:
        values -= place.shift
    return values


def _first_of(first: Floats | None, second: Floats | None) -> Floats | None:
    """The first where it has a value, else the second."""
    if first is None or second is None:
        return second if first is None else first
    missing = np.isnan(first)
    if missing.any():
        first[missing] = second[missing]
    return first


def _added_up(low: Floats | None, bits: int) -> Floats | None:
    """A count of which each record has the lowest bits alone, that runs on where they wrap."""
    if low is None:
        return None
    known = np.flatnonzero(~np.isnan(low))
    parts = np.concatenate([[0], low[known].astype(np.int64)])
    low[known] = np.cumsum((parts[1:] - parts[:-1]) & (1 << bits) - 1)
    return low
