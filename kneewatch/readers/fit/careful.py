"""FIT bytes to columns and messages, with fitdecode: the careful second reader.

Slow, and independent of the decoder in ``decode``: what that one cannot do is left to this one,
and the tests compare the two.

fitdecode yields every field of a message in file order: a later duplicate without a value, or a
developer field of the same name, must not overwrite what a native field said. So the first value
that is not None wins, a field of the file before one that fitdecode expanded from another
(``speed`` to ``enhanced_speed``), and developer fields are kept apart under a prefix.
"""

from __future__ import annotations

import io
import struct
from typing import Any

import fitdecode
import numpy as np

from kneewatch.model import Floats
from kneewatch.readers.fit.contents import DEVELOPER, MESSAGES, FitFile, Message, drop_made_up


def decode(data: bytes) -> list[FitFile]:
    """Decode a chain of FIT files; what comes before damage is kept.

    Parameters
    ----------
    data : bytes
        The file.

    Returns
    -------
    list of FitFile
        In file order. The last one carries the damage that ended the reading.
    """
    data, damage = _with_size(data)
    stream = io.BytesIO(data)
    files: list[FitFile] = []
    rows: list[list[Message]] = []
    end, whole, closed = len(data), 0, False
    reader = fitdecode.FitReader(
        stream,
        processor=None,
        check_crc=fitdecode.CrcCheck.READONLY,
        error_handling=fitdecode.ErrorHandling.IGNORE,
    )
    try:
        for frame in reader:
            whole = stream.tell()
            if isinstance(frame, fitdecode.FitHeader):
                files.append(FitFile())
                rows.append([])
                end, closed = whole + frame.body_size, False
            elif isinstance(frame, fitdecode.FitCRC):
                closed = True
                if not frame.matched:
                    files[-1].damage = "the checksum is wrong"
            elif isinstance(frame, fitdecode.FitDataMessage):
                if frame.name == "record":
                    rows[-1].append(_values(frame))
                elif frame.name in MESSAGES:
                    files[-1].messages.setdefault(frame.name, []).append(_values(frame))
    # fitdecode meets damaged bytes with errors of any kind (struct, assertion, unicode, key).
    except Exception as error:
        beyond = f"{len(data) - end - 2:,} bytes after its end cannot be decoded"
        damage = damage or (beyond if closed else _describe(error, whole, len(data), end))
    if damage and not files:
        files.append(FitFile())
        rows.append([])
    if damage:
        files[-1].damage = damage
    for file, records in zip(files, rows, strict=True):
        file.records = _columns(records)
        if file.damage:
            drop_made_up(file)
    return files


def _values(frame: Any) -> Message:
    values: Message = {}
    for item in sorted(frame.fields, key=_is_expanded):
        value = item.value
        if value is None:
            continue
        native = item.field_def is None or not item.field_def.is_dev
        name = item.name if native else f"{DEVELOPER}{item.name}"
        if isinstance(value, tuple):
            value = next((v for v in value if v is not None), None)
        if value is not None:
            values.setdefault(name, value)
    return values


def _is_expanded(item: Any) -> bool:
    return item.field_def is None


def _columns(rows: list[Message]) -> dict[str, Floats]:
    columns: dict[str, Floats] = {}
    for index, row in enumerate(rows):
        for name, value in row.items():
            if isinstance(value, (int, float)):
                column = columns.get(name)
                if column is None:
                    column = columns[name] = np.full(len(rows), np.nan)
                column[index] = value
    if rows and "timestamp" not in columns:
        columns["timestamp"] = np.full(len(rows), np.nan)
    return columns


def _with_size(data: bytes) -> tuple[bytes, str]:
    """Put in the size that a watch writes last, where it never came to that."""
    header = data[0] if data else 0
    if data[8:12] != b".FIT" or data[4:8] != bytes(4) or len(data) <= header + 2:
        return data, ""
    size = struct.pack("<I", len(data) - header)
    return data[:4] + size + data[8:], "the watch never closed the file"


def _describe(error: Exception, whole: int, size: int, end: int) -> str:
    """What is lost behind ``whole``, the last whole message, in data that should go to ``end``."""
    if isinstance(error, fitdecode.FitHeaderError) and not whole:
        return "not a FIT file inside"
    if whole == end:
        return "the checksum at its end is missing"
    if isinstance(error, fitdecode.FitEOFError) and size < end + 2:
        lost = end + 2 - size
        share = f"{100 * lost / (end + 2):.0f} %" if end else ""
        return f"the file ends early, {lost:,} of its {end + 2:,} bytes ({share}) are missing"
    lost = size - whole
    return f"the last {lost:,} of {size:,} bytes ({100 * lost / size:.0f} %) cannot be decoded"
