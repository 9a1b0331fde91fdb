"""Days of pain to onsets, and the days on which there could have been one.

Ten days of the same pain are one onset and not ten. All choices here are ours; no study fixes
them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Days = npt.NDArray[np.int64]

QUIET_DAYS = 14
"""Days without an entry of pain after which a new one is a new onset. [D]"""


@dataclass(frozen=True)
class Followed:
    """The time over which pain was noted, day by day from ``start``.

    Attributes
    ----------
    start : int
        Ordinal of the first day.
    at_risk : ndarray of bool
        Days on which a new onset could have been noted: not while the last one still went on.
    onsets : ndarray of int
        Places in ``at_risk`` of the onsets.
    """

    start: int
    at_risk: Flags
    onsets: Days


def follow(
    events: Iterable[date], first: date, last: date, quiet_days: int = QUIET_DAYS
) -> Followed:
    """Find the onsets between two days, both included.

    Parameters
    ----------
    events : iterable of date
        Days with pain or an injury, in any order.
    first, last : date
        The days over which they were noted; a day without an event counts as one without pain.
    quiet_days : int
        Days without an event that end an episode.
    """
    start, size = first.toordinal(), max((last - first).days + 1, 0)
    at_risk = np.ones(size, dtype=bool)
    onsets = []
    ended: int | None = None
    for place in sorted({day.toordinal() - start for day in events}):
        if place >= size:
            break
        if ended is None or place - ended > quiet_days:
            if place >= 0:
                onsets.append(place)
            at_risk[max(place + 1, 0) : max(place + quiet_days + 1, 0)] = False
        else:
            at_risk[max(ended + 1, 0) : max(place + quiet_days + 1, 0)] = False
        ended = place
    return Followed(start, at_risk, np.array(onsets, dtype=np.int64))
