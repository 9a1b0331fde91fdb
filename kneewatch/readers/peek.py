"""The day of a file from its first bytes, to know what is recent before reading all of it."""

from __future__ import annotations

import re
import struct
from datetime import UTC, date, datetime

from kneewatch.readers.fit.contents import EPOCH_S, MAX_DATE_S, MIN_DATE_S

PEEK_BYTES = 1024

# A GPX file's own time is often that of the export, so the first point is asked.
_MOMENT = re.compile(
    rb"<(?:\w+:)?(?:trkpt\b.*?<(?:\w+:)?time|Id|Time)>\s*(\d{4}-\d\d-\d\d)T\d", re.DOTALL
)
_FILE_ID, _TIME_CREATED, _SECONDS = 0, 4, 4


def peek(head: bytes) -> date | None:
    """The day on which an activity was recorded, None where the beginning does not say.

    A guess good enough to put a file off: clocks may be wrong and days are those of UTC.

    Parameters
    ----------
    head : bytes
        The first ``PEEK_BYTES`` of a file.
    """
    if head[8:12] == b".FIT":
        return _peek_fit(head)
    match = _MOMENT.search(head)
    try:
        return date.fromisoformat(match[1].decode()) if match else None
    except ValueError:
        return None


def _peek_fit(head: bytes) -> date | None:
    """``time_created`` of a ``file_id`` that comes first, as the profile demands."""
    place = head[0]
    if len(head) < place + 6 or head[place] & 0xF0 != 0x40:
        return None
    order = ">" if head[place + 2] else "<"
    number, count = struct.unpack_from(order + "HB", head, place + 3)
    if number != _FILE_ID:
        return None
    value = place + 6 + 3 * count + 1
    if len(head) < value:
        return None
    for field in range(count):
        kind, size = head[place + 6 + 3 * field : place + 8 + 3 * field]
        if (kind, size) == (_TIME_CREATED, _SECONDS) and len(head) >= value + size:
            [seconds] = struct.unpack_from(order + "I", head, value)
            valid = MIN_DATE_S <= seconds <= MAX_DATE_S
            return datetime.fromtimestamp(EPOCH_S + seconds, UTC).date() if valid else None
        value += size
    return None
