"""What a decoder makes of one FIT file, whichever decoder it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kneewatch.model import Floats

EPOCH_S = 631065600
"""FIT's zero, 1989-12-31T00:00:00Z, as a Unix time [s]."""

MIN_DATE_S = 0x10000000
"""Smaller time stamps count from power-on and are no dates [s]."""

MAX_DATE_S = 0xFFFFFFFE
"""Larger ones have no room in the 32 bits of a time stamp [s]."""

MAX_FROM_MIDDLE_S = 36 * 3600
"""Further from the middle of a damaged file, a time was made up by the damage [s]."""

DEVELOPER = "developer."
"""Prefix of developer fields, 11 % of which are named like a native one."""

MESSAGES = frozenset(
    {"file_id", "session", "lap", "event", "activity", "device_info", "user_profile", "sport"}
)
"""Messages that are decoded besides the records."""

Message = dict[str, Any]

Wanted = Mapping[str, frozenset[str] | None]
"""Names of the fields to decode, by the name of their message; None for all of them."""

EVERYTHING: Wanted = dict.fromkeys(MESSAGES | {"record"})


@dataclass
class FitFile:
    """One FIT file of a chain.

    Attributes
    ----------
    messages : dict of str to list of dict
        All messages but records, by name, in file order; times in FIT seconds.
    records : dict of str to ndarray
        One float64 column a field, NaN where a record lacks it.
    damage : str
        What was wrong with the bytes, empty when nothing was.
    dropped : int
        Records that were decoded from damaged bytes and are not plausible.
    """

    messages: dict[str, list[Message]] = field(default_factory=dict)
    records: dict[str, Floats] = field(default_factory=dict)
    damage: str = ""
    dropped: int = 0

    def first(self, name: str) -> Message:
        """The first message of that name, or an empty one."""
        return next(iter(self.messages.get(name, [])), {})

    def __len__(self) -> int:
        return len(self.records.get("timestamp", ()))


def middle_of(time: Floats) -> float | None:
    """The time around which a file's records lie [s], None if none has a time.

    Zeros are no times: there may be more of them than of records, where a watch had set aside
    the room for a long run before it died.
    """
    known = time[np.isfinite(time) & (time > 0)]
    return float(np.median(known)) if len(known) else None


def is_made_up(time: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which records damaged bytes made up: those far from the others in time.

    A hole of zeros makes every decoder invent records; their clock gives them away. Where no
    record has a time, none is called made up.
    """
    middle = middle_of(time)
    if middle is None:
        return np.zeros(len(time), bool)
    plausible = np.abs(time - middle) < MAX_FROM_MIDDLE_S
    if middle >= MIN_DATE_S:
        plausible &= time >= MIN_DATE_S
    return ~plausible


def drop_made_up(file: FitFile) -> None:
    """Leave out the records of a damaged file that the damage made up, and count them."""
    made_up = is_made_up(file.records.get("timestamp", np.array([])))
    if made_up.any():
        file.dropped += int(made_up.sum())
        file.records = {name: column[~made_up] for name, column in file.records.items()}
