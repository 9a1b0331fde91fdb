"""Which device recorded a file and when: what its copies have in common, however edited.

A watch writes its serial number and the time of creation into ``file_id``, and sites hand both
out again. Apps write what they like: a constant number, no time. Of 719 real activity files no two
with a number that passes here share it and the time.
"""

from __future__ import annotations

from datetime import UTC, datetime

from kneewatch.readers.fit.contents import EPOCH_S, MAX_DATE_S, MIN_DATE_S, FitFile

SMALLEST_SERIAL = 100_000
"""Smaller numbers (1, 1701, 12345) are those of apps and of tests."""

DUMMIES = frozenset({0x7FFFFFFF, 0xFFFFFFFF, 123456, 1234567, 12345678, 123456789, 1234567890})
"""Numbers that stand for none; the first is what Garmin's kit for developers suggests."""

MAX_FROM_START_S = 2 * 86400
"""A file that was created further from its activity has a made-up time."""


def keys_of(file: FitFile, start_s: float, leg: int) -> tuple[str, ...]:
    """The key of a session, none where the device or its time is not real.

    Parameters
    ----------
    file : FitFile
    start_s : float
        Start of the session in FIT's seconds.
    leg : int
        Number of the session in its file, from 0.
    """
    file_id = file.first("file_id")
    serial, created = file_id.get("serial_number"), file_id.get("time_created")
    if not isinstance(serial, int) or serial < SMALLEST_SERIAL or serial in DUMMIES:
        return ()
    if not isinstance(created, (int, float)) or not MIN_DATE_S <= created <= MAX_DATE_S:
        return ()
    if not abs(created - start_s) <= MAX_FROM_START_S:
        return ()
    moment = datetime.fromtimestamp(EPOCH_S + created, UTC)
    number = f" {leg + 1}" if leg else ""
    return (f"device {serial} {moment:%Y-%m-%dT%H:%M:%SZ}{number}",)
