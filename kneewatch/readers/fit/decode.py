"""FIT bytes to columns and messages, with numpy.

1. ``walk``: one pass over the message headers says where each message is.
2. ``columns``: the records are gathered as rows, and each column wanted is read from them.
3. ``stamps``: compressed time stamps are added up.
4. ``messages``: the few other messages wanted become dicts.
5. ``crc``: the checksum says whether to believe all that.
6. ``salvage``: where it does not, a second walk looks for what can be trusted.

``careful`` does the same with fitdecode, fifty times more slowly. It takes over should anything
unforeseen happen here, and the tests compare the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import itemgetter

import numpy as np

from kneewatch.model import Floats
from kneewatch.readers.fit import careful
from kneewatch.readers.fit.columns import Records
from kneewatch.readers.fit.contents import (
    EVERYTHING,
    MAX_FROM_MIDDLE_S,
    FitFile,
    Wanted,
    drop_made_up,
    middle_of,
)
from kneewatch.readers.fit.crc import crc16
from kneewatch.readers.fit.layout import RECORD, Layout
from kneewatch.readers.fit.messages import values_at
from kneewatch.readers.fit.salvage import salvage
from kneewatch.readers.fit.stamps import compressed_stamps
from kneewatch.readers.fit.walk import Kept, Walker

Clocks = Callable[[], Iterable[Kept]]

CRC_SIZE = 2
EARLY = 25
"""So many records at the beginning are less likely to be out of step than all."""
MARK = b".FIT"


def decode(data: bytes, wanted: Wanted = EVERYTHING) -> list[FitFile]:
    """Decode a chain of FIT files; what comes before damage is kept, and much of what follows.

    Parameters
    ----------
    data : bytes
        The file.
    wanted : mapping of str to frozenset of str or None, optional
        Names of the fields to decode, by message; all fields of ``MESSAGES`` and of the records
        by default.

    Returns
    -------
    list of FitFile
        In file order. The last one carries the damage that ended the reading.
    """
    try:
        return chain(data, wanted)
    # Damaged bytes can fail in ways that nobody thought of; another decoder may do better.
    except Exception:
        return careful.decode(data)


def chain(data: bytes, wanted: Wanted = EVERYTHING) -> list[FitFile]:
    """Like ``decode``, but with no other decoder to fall back on."""
    files: list[FitFile] = []
    pos = 0
    while pos < len(data):
        if not _is_header(data, pos):
            if files:
                rest = len(data) - pos
                files[-1].damage = f"{rest:,} bytes after its end cannot be decoded"
            else:
                files.append(FitFile(damage="not a FIT file inside"))
            break
        file, pos = _file(data, pos, wanted)
        files.append(file)
    return files


def _is_header(data: bytes, pos: int) -> bool:
    return data[pos + 8 : pos + 12] == MARK and 12 <= data[pos] <= len(data) - pos


def _file(data: bytes, pos: int, wanted: Wanted) -> tuple[FitFile, int]:
    """Decode the file at a position; also say where the next one begins."""

    def keeps(layout: Layout) -> bool:
        return layout.name in wanted

    start = pos + data[pos]
    size = int.from_bytes(data[pos + 4 : pos + 8], "little")
    # A watch writes the size last, and one that died never came to that.
    unclosed = not size and len(data) > start + CRC_SIZE and not _is_header(data, start + CRC_SIZE)
    end = len(data) if unclosed else start + size
    walker = Walker(data, min(end, len(data)), keeps)
    stop = walker.run(start)
    kept = walker.found()

    def clocks() -> Iterable[Kept]:
        # Any message may set the clock, so that all of them are needed.
        again = Walker(data, walker.end, lambda layout: True)
        again.run(start)
        return again.found()

    following = end + CRC_SIZE
    whole = stop == end and following <= len(data)
    if whole and not unclosed and crc16(memoryview(data)[pos:following]) == 0:
        return _contents(data, kept, clocks, wanted), following

    file = _contents(data, kept, clocks, wanted)
    file.damage = "the watch never closed the file" if unclosed else _described(data, stop, end)
    time = file.records.get("timestamp", np.array([]))
    drop_made_up(file)
    files = [file]
    for middle in _middles(time):
        found = salvage(data, start, walker.end, keeps, middle)
        file = _contents(data, found.kept, partial(list, found.kept), wanted)
        file.damage, file.dropped = files[0].damage, found.dropped
        if found.gaps and not unclosed:
            file.damage = _lost(data, found.gaps, following)
        drop_made_up(file)
        files.append(file)
    return max(files, key=_amount), following


def _middles(time: Floats) -> list[float | None]:
    """Around which times to look for records: all that was read may be out of step, or a part."""
    early, middle = middle_of(time[np.isfinite(time)][:EARLY]), middle_of(time)
    if early is None or middle is None or abs(early - middle) < MAX_FROM_MIDDLE_S:
        return [middle]
    return [middle, early]


def _amount(file: FitFile) -> int:
    return len(file) + sum(map(len, file.messages.values()))


def _described(data: bytes, stop: int, end: int) -> str:
    """What is lost behind ``stop``, the last whole message, of messages up to ``end``."""
    size, whole = len(data), end + CRC_SIZE
    if stop == end:
        missing = size < whole
        return "the checksum at its end is missing" if missing else "the checksum is wrong"
    if size < whole:
        lost = whole - size
        share = f"{100 * lost / whole:.0f} %"
        return f"the file ends early, {lost:,} of its {whole:,} bytes ({share}) are missing"
    return _lost(data, [range(stop, end)], whole)


def _lost(data: bytes, gaps: Sequence[range], following: int) -> str:
    """How much of the data lies in the gaps between what was understood."""
    size = len(data)
    at_end = len(gaps) == 1 and gaps[0].stop + CRC_SIZE >= min(size, following) == size
    lost = size - gaps[0].start if at_end else sum(map(len, gaps))
    the_last = "the last " if at_end else ""
    return f"{the_last}{lost:,} of {size:,} bytes ({100 * lost / size:.0f} %) cannot be decoded"


def _contents(data: bytes, kept: Sequence[Kept], clocks: Clocks, wanted: Wanted) -> FitFile:
    """Columns and messages from the places that a walk found."""
    file = FitFile()
    stamps = _stamps(data, kept, clocks)
    records = Records(data, _of_records(kept))
    columns = wanted.get("record")
    for name in records.names() if columns is None else columns:
        column = records.column(name)
        if column is not None:
            file.records[name] = column
    if len(records):
        file.records["timestamp"] = _times(data, records, stamps)
    places = [
        (pos, one.layout)
        for one in kept
        if one.layout.number != RECORD
        for pos in one.positions.tolist()
    ]
    for pos, layout in sorted(places, key=itemgetter(0)):
        message = values_at(data, pos, layout, wanted[layout.name])
        if pos in stamps:
            message.setdefault("timestamp", stamps[pos])
        file.messages.setdefault(layout.name, []).append(message)
    return file


def _of_records(kept: Iterable[Kept]) -> list[Kept]:
    return [one for one in kept if one.layout.number == RECORD]


def _stamps(data: bytes, kept: Iterable[Kept], clocks: Clocks) -> dict[int, int]:
    """Time of the messages that have it in their header, by position."""
    if not any(one.compressed for one in kept):
        return {}
    return compressed_stamps(data, clocks())


def _times(data: bytes, records: Records, stamps: Mapping[int, int]) -> Floats:
    time = records.column("timestamp")
    if time is None:
        time = np.full(len(records), np.nan)
    for number in np.flatnonzero(np.isnan(time)) if stamps else ():
        time[number] = stamps.get(int(records.positions[number]), np.nan)
    return time
