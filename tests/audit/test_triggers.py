"""Own triggers: who noted too little gets no table."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from logbook import Log, logged

from kneewatch import columns, evidence
from kneewatch.audit.noted import DayPain
from kneewatch.audit.ratios import newcombe
from kneewatch.audit.triggers import Trigger, Triggers, find_triggers

BOOK = evidence.load()


def noted(log: Log, hurts: dict[str, float], other: float = 0.0) -> dict[date, DayPain]:
    """The day of each run with a score, 0 by default."""
    days = dict.fromkeys(log.facts.runs["local_date"], other) | hurts
    return {date.fromisoformat(day): DayPain(None, score) for day, score in days.items()}


def row(found: Triggers, name: str) -> Trigger:
    return next(each for each in found.rows if each.name == name)


@logged
def test_longer_runs_against_the_others(log: Log) -> None:
    """Every second long run hurts, and no other.

    date, km
    2025-01-01 +6 x16, 10
    2025-01-04 +6 x16, 8
    """
    days = log.facts.runs.query("distance_m > 9000")["local_date"].tolist()
    found = find_triggers(log.facts.runs, noted(log, dict.fromkeys(days[::2], 4.0)), BOOK)
    distance = row(found, "distance")
    assert (distance.split, distance.basis) == (9000.0, "median")
    assert (distance.more, distance.more_hurt) == (16, 8)
    assert (distance.less, distance.less_hurt) == (16, 0)
    assert distance.difference.value == pytest.approx(0.5)
    assert distance.difference.low > 0
    assert row(found, "hard-time").refused == "not measured on these runs"


@logged
def test_where_half_the_runs_lie_at_the_median_they_are_more(log: Log) -> None:
    """
    date, km, descent_m
    2025-01-01 +6 x16, 10, 300
    2025-01-04 +6 x15, 10, 20
    2025-04-10, 10,
    """
    runs = log.facts.runs
    hilly = runs[runs["descent_m"] > 100]["local_date"].tolist()
    found = find_triggers(runs, noted(log, dict.fromkeys(hilly[:6], 3.0)), BOOK)
    # Day 3 after a hilly run is beyond its 48 hours, so no flat run takes over its pain.
    descent = row(found, "descent")
    assert (found.entries, found.runs, found.unknown) == (32, 32, 0)
    assert (descent.split, descent.basis, descent.unit) == (20.0, "median", "m")
    assert (descent.more, descent.more_hurt) == (16, 6)
    assert (descent.less, descent.less_hurt) == (15, 0), "the run without a descent is neither"


@logged
def test_runs_all_alike_cannot_be_split(log: Log) -> None:
    """
    date, km
    2025-01-01 +6 x30, 10
    """
    found = find_triggers(log.facts.runs, noted(log, {}), BOOK)
    assert row(found, "distance").refused == "0 and 30 runs; it takes 8 of each"


@logged
def test_the_rules_own_limit_splits_where_there_is_one(log: Log) -> None:
    """Every fourth run is a jump, and each of them hurts the day after.

    date, km
    2024-11-01 +4 x20, 10
    2025-01-20 +33 x9, 12
    2025-01-24 +33 x9, 6
    2025-01-28 +33 x9, 10
    """
    runs = log.facts.runs
    long = runs[runs["distance_m"] > 11e3]["local_date"]
    pain = noted(log, {})
    pain |= {date.fromisoformat(day) + timedelta(days=1): DayPain(None, 4.0) for day in long}
    spike = row(find_triggers(runs, pain, BOOK), "longer-than-30-days")
    assert (spike.split, spike.basis) == (1.1, "limit")
    assert (spike.more, spike.more_hurt, spike.less_hurt) == (9, 9, 0)
    assert spike.difference == newcombe(9, 9, 0, spike.less)
    assert spike.difference.low > 0.5


@logged
def test_thin_notes_are_refused(log: Log) -> None:
    """
    date, km
    2025-01-01 +3 x40, 10
    """
    few = dict(list(noted(log, {}).items())[:19])
    found = find_triggers(log.facts.runs, few, BOOK)
    assert found.rows == ()
    assert found.refused == "19 days with an entry; it takes 20, zeros included"


@logged
def test_a_run_without_an_entry_is_unknown_and_not_free_of_pain(log: Log) -> None:
    """
    date, km
    2025-01-01 +5 x40, 10
    """
    days = list(noted(log, {}))
    found = find_triggers(log.facts.runs, dict.fromkeys(days[:25], DayPain(None, 0.0)), BOOK)
    assert (found.runs, found.unknown) == (25, 15)


@pytest.mark.parametrize(
    ("after", "morning", "counts"),
    [
        (0, False, True),
        (0, True, False),
        (1, True, True),
        (2, False, True),
        (3, True, False),
        (-1, False, False),
    ],
)
def test_48_hours_are_the_day_and_the_two_after(after: int, morning: bool, counts: bool) -> None:
    """The morning of the run's own day lies before the run."""
    day = date(2025, 1, 1)
    many = {day + timedelta(days=100 + n): DayPain(None, 0.0) for n in range(20)}
    hurt = DayPain(3.0, None) if morning else DayPain(None, 3.0)
    cells = {"local_date": day.isoformat(), "start": pd.Timestamp("2025-01-01", tz="UTC")}
    runs = columns.frame(columns.ACTIVITIES, [cells], pd.Index(["a"])).assign(hard_s=float("nan"))
    found = find_triggers(runs, many | {day + timedelta(days=after): hurt}, BOOK)
    assert (found.runs == 1) is counts


def test_no_run_at_all() -> None:
    runs = columns.frame(columns.ACTIVITIES, [], pd.Index([], dtype=object)).assign(hard_s=0.0)
    pain = {date(2025, 1, 1) + timedelta(days=n): DayPain(None, 0.0) for n in range(30)}
    assert all(each.refused for each in find_triggers(runs, pain, BOOK).rows)
