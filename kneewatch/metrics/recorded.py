"""Activities while their recordings come together, and which of those are worth comparing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kneewatch.metrics.certain import CONFIGURED, is_index_of
from kneewatch.metrics.filling import fill, poverty
from kneewatch.metrics.matching import OVERLAP, Span, is_part, near, overlap, same_sport
from kneewatch.model import Row

SIGHT_S = 50 * 3600.0
"""Starts of one day, on wall clocks of any two time zones, lie no further apart."""

COVERED = 0.8
LIKE_SPEED = 0.2
"""A recording of which richer ones hold less than this share, and which goes on at their speed, is
the whole that they broke off; one that goes on otherwise was left running. [D]"""


class Run:
    """An activity: its row, filled up, and the rows that went into it.

    Parameters
    ----------
    row : dict
        Exposure row of one recording.

    Attributes
    ----------
    span : Span
        When it took place by its richest recording.
    clocks : list of Span
        By that, and by those that the runner says are the same.
    """

    def __init__(self, row: Row) -> None:
        self.row = row
        self.members = [row]
        self.span = Span.of(row)
        self.clocks = [self.span]
        self.kept: Run | None = None
        self._poverty: tuple[object, ...] | None = None

    @property
    def poverty(self) -> tuple[object, ...]:
        """Sorts the richer first, in an order that does not hang on that of the files."""
        if self._poverty is None:
            row = self.row
            self._poverty = (*poverty(row), row["start"], row["id"], row["sources"])
        return self._poverty

    @property
    def source(self) -> str:
        """The file of its richest recording."""
        return str(self.row["sources"][0])

    @property
    def counts(self) -> Run:
        """The activity that counts for it: itself, unless it was set aside."""
        run = self
        while run.kept:
            run = run.kept
        return run

    def take(self, other: Run, why: str = "") -> None:
        """Fill up from a poorer recording, which no longer counts.

        Parameters
        ----------
        other : Run
        why : str
            What makes it certain that they are one, in a word; empty where it is but likely.
        """
        if other.row["id"] == self.row["id"]:
            # A copy knows nothing else.
            self.row = self.row | {"sources": (*self.row["sources"], *other.row["sources"])}
        else:
            corrects = not other.span.track and is_index_of(other.row, self.row)
            self.row = fill(self.row, other.row, corrects=corrects)
        if why:
            keys = (*self.row.get("keys", ()), *other.row.get("keys", ()))
            self.row["keys"] = list(dict.fromkeys(keys))
        if why == CONFIGURED[0]:
            # Else a vendor's wrong clock would lead to the other run of the day.
            self.clocks += other.clocks
        self.members += other.members
        self.span = self.clocks[0] = Span.of(self.row)
        self._poverty = None
        other.kept = self


def by_wealth(runs: Sequence[Run]) -> list[Run]:
    """The richer first, so that what is set aside never has to be taken back.

    The whole comes before richer parts of it, unless those leave little of it.
    """
    if len({run.row["id"] for run in runs}) == 1:
        return sorted(runs, key=lambda run: run.row["sources"])
    order = sorted(runs, key=lambda run: run.poverty)
    for whole in [run for run in order if run.span.track]:
        richer = order[: order.index(whole)]
        parts = [run for run in richer if run.row["id"] != whole.row["id"] and _holds(whole, run)]
        if parts and _goes_on(whole, parts):
            order.remove(whole)
            order.insert(order.index(parts[0]), whole)
    return order


def pairs_of(runs: Sequence[Run]) -> list[tuple[int, int]]:
    """Numbers of runs that are worth a closer look, each pair once."""
    owners = [number for number, run in enumerate(runs) for _ in run.clocks]
    spans = [span for run in runs for span in run.clocks]
    found = ((owners[a], owners[b]) for a, b in neighbours(spans))
    return list(dict.fromkeys((a, b) for a, b in found if a != b))


def components(runs: Sequence[Run], pairs: Iterable[tuple[int, int]]) -> list[list[Run]]:
    """Runs that may be of one activity, directly or through others; most are alone."""
    label = list(range(len(runs)))

    def root(number: int) -> int:
        while label[number] != number:
            label[number] = number = label[label[number]]
        return number

    for a, b in pairs:
        label[root(a)] = root(b)
    found: dict[int, list[Run]] = {}
    for number, run in enumerate(runs):
        found.setdefault(root(number), []).append(run)
    return list(found.values())


def neighbours(spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Pairs that are worth a closer look, by number."""
    order = sorted(range(len(spans)), key=lambda number: spans[number].utc_s)
    for place, a in enumerate(order):
        one = spans[a]
        sight = one.utc_s + max(SIGHT_S, one.elapsed_s)
        for later in range(place + 1, len(order)):
            b = order[later]
            if spans[b].utc_s > sight:
                break
            if near(one, spans[b]):
                yield a, b


def _holds(whole: Run, part: Run) -> bool:
    return (
        part.span.track
        and overlap(part.span, whole.span) > OVERLAP
        and is_part(part.row, whole.row)
        and same_sport(part.row, whole.row)
    )


def _goes_on(whole: Run, parts: Sequence[Run]) -> bool:
    """Whether a recording goes on where its richer parts end, and as they did."""
    covered, end = 0.0, float("-inf")
    for span in sorted((run.span for run in parts), key=lambda span: span.utc_s):
        last = span.utc_s + span.elapsed_s
        covered += max(last - max(span.utc_s, end), 0.0)
        end = max(end, last)
    speed = whole.row.get("speed_mps") or 0.0
    return covered < COVERED * (whole.row.get("moving_s") or 0.0) and all(
        abs((run.row.get("speed_mps") or 0.0) - speed) <= LIKE_SPEED * speed for run in parts
    )
