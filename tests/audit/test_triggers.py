"""Own triggers: who noted too little gets no table."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from logbook import Log, logged

from kneewatch import columns, evidence
from kneewatch.audit.noted import DayPain
from kneewatch.audit.ratios import wilson
from kneewatch.audit.triggers import (
    Trigger,
    Triggers,
    _Asked,
    _compare,
    _Exposure,
    find_triggers,
)

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
    2025-01-01 +16 x16, 10
    2025-01-09 +16 x16, 8
    """
    days = log.facts.runs.query("distance_m > 9000")["local_date"].tolist()
    found = find_triggers(log.facts.runs, noted(log, dict.fromkeys(days[::2], 4.0)), BOOK)
    distance = row(found, "distance")
    assert (distance.split, distance.basis) == (9000.0, "median")
    assert (distance.more, distance.more_hurt) == (16, 8)
    assert (distance.less, distance.less_hurt) == (16, 0)
    assert (found.episodes, distance.episodes, distance.blocks) == (8, 8, 9)
    assert distance.difference.value == pytest.approx(0.5)
    assert distance.difference.low > 0
    assert row(found, "hard-time").refused == "not measured on these runs"


@logged
def test_where_half_the_runs_lie_at_the_median_they_are_more(log: Log) -> None:
    """
    date, km, descent_m
    2025-01-01 +16 x16, 10, 300
    2025-01-09 +16 x15, 10, 20
    2025-09-20, 10,
    """
    runs = log.facts.runs
    hilly = runs[runs["descent_m"] > 100]["local_date"].tolist()
    found = find_triggers(runs, noted(log, dict.fromkeys(hilly[:6], 3.0)), BOOK)
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
    found = find_triggers(runs, pain, BOOK)
    spike = row(found, "longer-than-30-days")
    assert (spike.split, spike.basis) == (1.1, "limit")
    assert (spike.more, spike.more_hurt, spike.less_hurt) == (9, 9, 0)
    assert spike.difference.value == 1.0
    assert found.in_pain == 9, "the run three days after each pain ran into it"


# --- what it takes -------------------------------------------------------------------------------


@logged
def test_pain_that_goes_on_is_no_doing_of_the_runs_in_it(log: Log) -> None:
    """A week of pain after one run, with a run on each of its days.

    date, km
    2025-01-01 +5 x50, 10
    2025-09-10 +1 x8, 10
    """
    days = [f"2025-09-{day}" for day in range(10, 18)]
    found = find_triggers(log.facts.runs, noted(log, dict.fromkeys(days, 4.0)), BOOK)
    assert (found.episodes, found.in_pain, found.runs) == (1, 7, 51)
    assert row(found, "distance").refused == "0 and 51 runs; it takes 8 of each"


@logged
def test_few_episodes_are_refused_however_many_runs_hurt(log: Log) -> None:
    """Each pain follows three runs of one week; four weeks of these are four episodes.

    date, km
    2025-01-01 +14 x20, 10
    2025-01-02 +14 x20, 8
    """
    hurt = {f"2025-{day}": 4.0 for day in ("01-02", "02-27", "05-08", "07-03")}
    distance = row(find_triggers(log.facts.runs, noted(log, hurt), BOOK), "distance")
    assert distance.more_hurt + distance.less_hurt == 8
    assert distance.refused == "it began to hurt 4 times; it takes 5"


@logged
def test_few_months_are_refused(log: Log) -> None:
    """
    date, km
    2025-01-01 +8 x20, 10
    2025-01-05 +8 x20, 8
    """
    hurt = dict.fromkeys(log.facts.runs["local_date"][::7], 4.0)
    distance = row(find_triggers(log.facts.runs, noted(log, hurt), BOOK), "distance")
    assert distance.refused == "runs in 6 stretches of 28 days; it takes 8"


@logged
def test_a_holiday_in_the_hills_is_one_spell(log: Log) -> None:
    """
    date, km, descent_m
    2025-01-01 +6 x45, 10, 20
    2025-10-09 +2 x9, 10, 900
    """
    hurt = dict.fromkeys(log.facts.runs["local_date"][:42:7], 4.0)
    descent = row(find_triggers(log.facts.runs, noted(log, hurt), BOOK), "descent")
    assert descent.more == 9
    assert descent.refused == "all runs of one kind lie within 28 days"


def test_where_nothing_is_to_be_found_nothing_is_in_19_of_20_logs() -> None:
    """Pain and long runs each in spells of four weeks of their own, with no link.

    An interval that takes runs for draws of their own leaves out 0 in a third of these logs.
    """
    rng = np.random.default_rng(8)
    out = judged = naive = 0
    for _ in range(300):
        block = np.repeat(np.arange(13), 20)
        long = rng.random(260) < rng.choice([0.1, 0.9], 13)[block]
        hurt = (rng.random(260) < rng.choice([0.05, 0.6], 13)[block]).astype(float)
        asked = _Asked(hurt, np.where(hurt > 0, np.arange(260), -1), block)
        found = _compare(_Exposure("distance", "m", np.where(long, 10e3, 5e3), 7e3), asked)
        if found.difference is None:
            continue
        judged += 1
        out += found.difference.low > 0 or found.difference.high < 0
        one, other = wilson(found.more_hurt, found.more), wilson(found.less_hurt, found.less)
        apart = math.hypot(one.value - one.low, other.high - other.value)
        back = math.hypot(one.high - one.value, other.value - other.low)
        naive += not -back <= one.value - other.value <= apart
    assert judged > 250
    assert out / judged < 0.08
    assert naive / judged > 0.25, "or the test could not fail"


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
def test_one_day_with_an_entry_is_one(log: Log) -> None:
    """
    date, km
    2025-01-01 +3 x40, 10
    """
    found = find_triggers(log.facts.runs, {date(2025, 1, 1): DayPain(None, 0.0)}, BOOK)
    assert found.refused.startswith("1 day with an entry")


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
