"""One activity by clocks that are whole quarter-hours apart: a wrong time zone, or a second run.

The same loop twice a day is common, and on one of eight such days it begins a whole quarter-hour
later, to the minute. So a shift takes more than a common start: all but equal lengths, the same
places at the same moments, and that other runs of the same files are shifted alike. [D]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from kneewatch.metrics.matching import (
    QUARTER_S,
    Likeness,
    Span,
    at_once,
    close,
    kind_of,
    places,
    same_sport,
    shift_s,
    times_close,
)
from kneewatch.metrics.recorded import Run
from kneewatch.metrics.whereabouts import metres_apart
from kneewatch.model import Row

SHIFTED_DISTANCE = 0.02
SHIFTED_DURATION = 0.01
SHIFTED_DURATION_S = 10.0
CLOSE_PLACE_M = 50.0

Kinds = tuple[str, str]


class Zones:
    """How recordings of one kind of file lie to those of another, over the whole log.

    Parameters
    ----------
    runs : sequence of Run
    pairs : sequence of (int, int)
        Numbers of those that are worth a closer look.
    """

    def __init__(self, runs: Sequence[Run], pairs: Sequence[tuple[int, int]]) -> None:
        near = [(runs[a], runs[b]) for a, b in pairs]
        self._votes = Counter(
            _seen_from(one, other, shift)
            for one, other in near
            if (shift := _likely_shift_s(one.span, other.span))
        )
        self._agreeing = set(_agreeing(runs, near) if self._votes else ())

    def likeness(self, one: Run, other: Run) -> Likeness | None:
        """Whether two recordings are one activity, by clocks in different time zones.

        Asked only of recordings whose files and devices differ. At least one of them must leave
        its zone open, way and time of both must be known and all but equal, and where both have
        positions, those must agree from moment to moment: whoever runs the same loop again is
        elsewhere on it. Where they do not have them, two files of one kind are two runs, and so
        are two of which no other of their kinds is shifted alike while some agree.

        Parameters
        ----------
        one, other : Run
        """
        shift = _likely_shift_s(one.span, other.span)
        if not shift:
            return None
        seen = _seen_from(one, other, shift)
        (kind, other_kind), votes = seen[0], self._votes[seen]
        alone = votes < 2 and seen[0] in self._agreeing
        if (alone or kind == other_kind) and not _both_placed(one.span, other.span):
            return None
        hours, minutes = divmod(round(abs(shift) / 60), 60)
        said = f"starts {hours}:{minutes:02} h {'earlier' if shift > 0 else 'later'}"
        reason = f"{said}, to the minute, and is as long to a hair: another time zone"
        return Likeness((4, -votes, abs(shift)), "time zone", reason)


def _likely_shift_s(one: Span, other: Span) -> float:
    """Whole quarter-hours between two recordings that may be one activity; zero for others [s]."""
    shift = shift_s(one, other)
    if (
        not shift
        or not (_zone_open(one) or _zone_open(other))
        or not same_sport(one.row, other.row)
        or not _all_but_equal(one.row, other.row)
    ):
        return 0.0
    if _both_placed(one, other):
        by_utc = QUARTER_S * round((other.utc_s - one.utc_s) / QUARTER_S)
        if not metres_apart(*places(one, other), by_utc, 0.0) <= CLOSE_PLACE_M:
            return 0.0
    return shift


def _seen_from(one: Run, other: Run, shift: float) -> tuple[Kinds, float]:
    """A shift between two kinds of files, in whichever order; of one kind, without its sign."""
    a, b = kind_of(one.source), kind_of(other.source)
    if a == b:
        return (a, b), abs(shift)
    return ((a, b), shift) if a < b else ((b, a), -shift)


def _agreeing(runs: Iterable[Run], near: Iterable[tuple[Run, Run]]) -> Iterator[Kinds]:
    """Kinds of files with recordings at one time, each by its own clock."""
    together = [(one, other) for one, other in near if at_once(one.span, other.span)]
    # What went into a row before has agreed with it.
    for group in (*together, *((run,) for run in runs if len(run.row["sources"]) > 1)):
        kinds = {kind_of(source) for run in group for source in run.row["sources"]}
        yield from combinations(sorted(kinds), 2)


def _zone_open(span: Span) -> bool:
    """Whether the file leaves open which zone its clock was in."""
    return span.wall_alone or span.row["day_from"] != "file"


def _both_placed(one: Span, other: Span) -> bool:
    return all(place is not None and len(place) for place in places(one, other))


def _all_but_equal(one: Row, other: Row) -> bool:
    way = close(one.get("distance_m"), other.get("distance_m"), SHIFTED_DISTANCE)
    return bool(way and times_close(one, other, SHIFTED_DURATION, SHIFTED_DURATION_S))
