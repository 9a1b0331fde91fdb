"""One run, one count: recordings of the same activity, the richer of which counts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from kneewatch.metrics.certain import certain_classes
from kneewatch.metrics.matching import (
    Likeness,
    Span,
    at_once,
    elsewhere_m,
    has_device,
    kind_of,
    likeness,
)
from kneewatch.metrics.overrides import UNSAID, Overrides
from kneewatch.metrics.recorded import Run, by_wealth, components, neighbours, pairs_of
from kneewatch.metrics.told import duplicate
from kneewatch.metrics.zones import Zones
from kneewatch.model import Duplicate, Problem, Row, file_of

Aside = tuple[Run, str, str, str]
"""What was set aside, with a word for programs, a line for people, and the file it was found like,
which need not be the one that counts in the end."""


def merge_duplicates(
    rows: Sequence[Row], overrides: Overrides = UNSAID
) -> tuple[list[Row], list[Duplicate]]:
    """Set aside recordings of an activity that a richer recording has.

    What is surely one activity comes first (``certain.certain_classes``), then what is likely one
    by the same clock (``matching.likeness``), last what is likely one by clocks in different time
    zones (``zones.Zones``). Two rows or two legs of one file are two activities,
    unless they are of different devices or the same to the letter.

    Parameters
    ----------
    rows : sequence of dict
        Exposure rows.
    overrides : Overrides
        What the runner says, which goes before all of it.

    Returns
    -------
    list of dict, list of Duplicate
        The rows that count, in order of start, with all ``sources`` and what was ``filled_from``
        which of them; and what was set aside.
    """
    rows = sorted(rows, key=lambda row: (row["start"], row["id"], row["sources"]))
    runs, aside = _certain(rows, overrides)
    pairs = pairs_of(runs)
    zones = Zones(runs, pairs)
    kept: list[Run] = []
    for component in components(runs, pairs):
        before = 0
        # What a run was filled up with may show that it is yet another recording's.
        while 1 < len(component) != before:
            before = len(component)
            component = _by_one_clock(component, overrides, aside)
            component = _by_other_clocks(component, zones, overrides, aside)
        kept += component
    kept.sort(key=lambda run: (run.row["start"], run.row["id"], run.row["sources"]))
    return _with_own_ids(kept), _told(aside)


def elsewhere(rows: Sequence[Row]) -> tuple[Problem, ...]:
    """What counts twice since it was recorded at one time in two places.

    Parameters
    ----------
    rows : sequence of dict
        The rows that count.
    """
    spans = [Span.of(row) for row in rows if row.get("whereabouts") is not None]
    told = []
    for a, b in neighbours(spans):
        one, other = (spans[n].row["sources"][0] for n in (a, b))
        apart = elsewhere_m(spans[a], spans[b])
        if math.isfinite(apart) and one != other:
            reason = (
                f"was recorded at the same time as {other}, {apart / 1000:,.1f} km away: "
                "two people in one folder? Both count"
            )
            told.append(Problem(one, reason))
    return tuple(sorted(told, key=lambda item: (item.source, item.reason)))


def _certain(rows: Sequence[Row], overrides: Overrides) -> tuple[list[Run], list[Aside]]:
    classes = certain_classes(rows, overrides)
    each = [Run(row) for row in rows]
    reasons = {
        id(each[number]): (why, rows[like]["sources"][0])
        for number, (why, like) in classes.reasons.items()
    }
    runs, aside = [], []
    for numbers in classes.members():
        first, *others = by_wealth([each[number] for number in numbers])
        for other in others:
            (rule, reason), like = reasons[id(other)]
            first.take(other, rule)
            aside.append((other, rule, reason, like))
        runs.append(first)
    return runs, aside


def _by_one_clock(runs: Sequence[Run], overrides: Overrides, aside: list[Aside]) -> list[Run]:
    kept: list[Run] = []
    for run in by_wealth(runs):
        found: list[tuple[Likeness, Run]] = []
        for other in kept:
            if _may_be_one(run, other) and not overrides.part(run.row, other.row):
                likes = (likeness(one, two) for one in run.clocks for two in other.clocks)
                found += [(like, other) for like in likes if like]
        _settle(run, found, kept, aside)
    return kept


def _by_other_clocks(
    runs: Sequence[Run], zones: Zones, overrides: Overrides, aside: list[Aside]
) -> list[Run]:
    kept: list[Run] = []
    for run in runs:
        found: list[tuple[Likeness, Run]] = []
        for other in kept:
            # Who runs twice a day mostly does so with one watch.
            if not _one_recorder(run, other) and not overrides.part(run.row, other.row):
                like = zones.likeness(run, other)
                found += [(like, other)] if like else []
        _settle(run, found, kept, aside)
    return kept


def _settle(
    run: Run, found: Sequence[tuple[Likeness, Run]], kept: list[Run], aside: list[Aside]
) -> None:
    """Let a run count, or set it aside for what it is most like."""
    if not found:
        kept.append(run)
        return
    like, other = min(found, key=lambda item: item[0].rank)
    other.take(run)
    aside.append((run, like.rule, like.reason, other.members[0]["sources"][0]))


def _may_be_one(run: Run, other: Run) -> bool:
    """Whether their files leave open that two runs are one activity."""
    own, theirs = file_of(run.source), file_of(other.source)
    if own == theirs and not _of_two_devices(run.row, other.row):
        return False
    if run.span.track:
        return True
    # Of two rows of a table that lie at one time, one has already found its recording.
    return not any(
        file_of(source) == own
        # Of what went into a row before, neither time nor device is known any more.
        and (place or (at_once(run.span, Span.of(row)) and not _of_two_devices(run.row, row)))
        for row in other.members
        for place, source in enumerate(row["sources"])
    )


def _of_two_devices(row: Row, other: Row) -> bool:
    return has_device(row) and has_device(other) and bool(row["device"] != other["device"])


def _one_recorder(run: Run, other: Run) -> bool:
    """Whether something of both may have been made by one device and in one kind of file."""
    return any(
        kind == other_kind and (None in (device, other_device) or device == other_device)
        for kind, device in _recorders(run)
        for other_kind, other_device in _recorders(other)
    )


def _recorders(run: Run) -> set[tuple[str, str | None]]:
    """Kinds of files and devices; of what went into a row before, the device is not known."""
    return {
        (kind_of(source), None if place else row.get("device", ""))
        for row in run.members
        for place, source in enumerate(row["sources"])
    }


def _with_own_ids(runs: Sequence[Run]) -> list[Row]:
    """Rows; files of one content that the runner calls different get a number behind their id."""
    seen: Counter[str] = Counter()
    rows = []
    for run in runs:
        again, name = seen[run.row["id"]], run.row["id"]
        seen[name] += 1
        rows.append(run.row | {"id": f"{name}~{again + 1}"} if again else run.row)
    return rows


def _told(aside: Sequence[Aside]) -> list[Duplicate]:
    told = []
    for run, rule, why, like in aside:
        row, kept = run.members[0], run.counts.members[0]
        source, richer = row["sources"][0], kept["sources"][0]
        reason = why if like in (source, richer) else f"{why}, with {like}"
        told.append(duplicate(row, kept, reason, rule))
    return sorted(told, key=lambda copy: (copy.seen.local_start, copy.kept, copy.source, copy.rule))
