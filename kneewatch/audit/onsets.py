"""Days of pain to onsets, and the days on which there could have been one.

Ten days of the same pain are one onset and not ten, and pain that was there when the notes began
is none. All choices here are ours; no study fixes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from kneewatch.audit.noted import Event, Span

Flags = npt.NDArray[np.bool_]
Days = npt.NDArray[np.int64]

QUIET_DAYS = 14
"""Days without an entry of pain after which a new one is a new onset. [D]"""

NONE: Days = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Followed:
    """The time over which pain was noted, day by day from ``start``.

    Attributes
    ----------
    start : int
        Ordinal of the first day.
    inside : ndarray of bool
        Days over which pain was noted.
    at_risk : ndarray of bool
        Those on which a new onset could have been noted: not while the last one still went on.
    onsets : ndarray of int
        Places in ``at_risk`` of the onsets.
    mornings : ndarray of int
        Those among them that were there before any run of their day.
    kinds : tuple of str
        Of each onset where it was: ``back``, ``knee`` or ``unsaid``.
    prevalent : int
        Episodes that were there when the notes began, or began again: no onsets.
    """

    start: int
    inside: Flags
    at_risk: Flags
    onsets: Days
    mornings: Days = field(default_factory=NONE.copy)
    kinds: tuple[str, ...] = ()
    prevalent: int = 0


def follow(
    events: Iterable[Event],
    spans: Sequence[Span],
    away: Iterable[date] = (),
    quiet_days: int = QUIET_DAYS,
) -> Followed:
    """Find the onsets within some stretches of days.

    Parameters
    ----------
    events : iterable of Event
        In any order, at most one a day.
    spans : sequence of (date, date)
        Stretches over which pain was noted, both days included, in order; a day in them without
        an event counts as one without pain.
    away : iterable of date
        Days on which no onset is looked for.
    quiet_days : int
        Days without an event that end an episode.
    """
    if not spans:
        return Followed(0, np.zeros(0, dtype=bool), np.zeros(0, dtype=bool), NONE)
    start = spans[0][0].toordinal()
    size = max(spans[-1][1].toordinal() - start + 1, 0)
    inside = np.zeros(size, dtype=bool)
    for first, last in spans:
        inside[first.toordinal() - start : last.toordinal() - start + 1] = True
    at_risk = inside.copy()
    lost = np.array([day.toordinal() - start for day in away], dtype=np.int64)
    at_risk[lost[(lost >= 0) & (lost < size)]] = False
    begins = {first.toordinal() - start for first, _ in spans}
    onsets: dict[int, Event] = {}
    prevalent = 0
    ended: int | None = None
    for event in sorted(events, key=lambda event: event.day):
        place = event.day.toordinal() - start
        if place >= size:
            break
        # What hurts on the first day of the notes began before them.
        old = place in begins
        if ended is not None and place - ended <= quiet_days:
            quiet_from = ended + 1
        elif place >= 0 and at_risk[place] and not old:
            onsets[place] = event
            quiet_from = place + 1
        else:
            prevalent += old
            quiet_from = place
        at_risk[max(quiet_from, 0) : max(place + quiet_days + 1, 0)] = False
        ended = place
    return Followed(
        start,
        inside,
        at_risk,
        np.array(list(onsets), dtype=np.int64),
        np.array([place for place, event in onsets.items() if event.morning], dtype=np.int64),
        tuple(event.place for event in onsets.values()),
        prevalent,
    )
