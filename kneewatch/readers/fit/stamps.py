"""Compressed time stamps: the low five bits of the time, in the header of the message."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from kneewatch.readers.fit.columns import Records
from kneewatch.readers.fit.walk import COMPRESSED, Kept

LOW_BITS = 0x1F


def compressed_stamps(data: bytes, kept: Iterable[Kept]) -> dict[int, int]:
    """What the compressed time stamps mean.

    A whole time stamp, in a message of whatever kind, sets the clock; each compressed one moves
    it on by less than 32 s, to where the low bits agree.

    Parameters
    ----------
    data : bytes
    kept : iterable of Kept
        All messages with whole or compressed time stamps.

    Returns
    -------
    dict of int to int
        Time [s] by the offset of the message [B].
    """
    messages = Records(data, kept)
    headers = np.frombuffer(data, np.uint8)[messages.positions]
    short = np.flatnonzero(headers & COMPRESSED)
    whole = messages.column("timestamp")
    if whole is None:
        whole = np.full(len(messages), np.nan)
    setters = np.flatnonzero(~np.isnan(whole))
    # Zero stands for the clock before it was ever set.
    clock = np.concatenate([[0], whole[setters].astype(np.int64)])
    of = np.searchsorted(setters, short, side="right")
    low = (headers[short] & LOW_BITS).astype(np.int64)
    opens = np.diff(of, prepend=-1) != 0
    before = np.where(opens, clock[of], np.concatenate([[0], low[:-1]]))
    moved = np.cumsum((low - before) & LOW_BITS)
    # The sum runs over all messages; each stretch counts from the message that set its clock.
    first = np.flatnonzero(opens)
    carried = np.repeat(
        np.where(first > 0, moved[first - 1], 0), np.diff(np.append(first, len(short)))
    )
    stamps = clock[of] + moved - carried
    return dict(zip(messages.positions[short].tolist(), stamps.tolist(), strict=True))
