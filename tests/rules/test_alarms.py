"""How often own runs reach a clear jump of themselves."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from logbook import Log, logged, read

import kneewatch as kw
from kneewatch.report import holdings
from kneewatch.rules.alarms import own_levels, own_rate


@logged
def test_one_run_counts_once_though_the_level_stands_for_a_week(log: Log) -> None:
    """Twelve weeks of 10 km every other day; one run of 25 km, and shorter ones after it.

    date, km
    2025-03-03 +2 x42, 10
    2025-05-27, 25
    2025-05-29 +2 x3, 5
    """
    rate = own_rate(log.facts)
    loud = [day for day, level in own_levels(log.facts, date(2025, 3, 3)) if level == "clear-jump"]
    assert loud == [date(2025, 5, 27)]
    assert (rate.loud, rate.runs) == (1, 46 - 14)
    assert rate.share == pytest.approx(1 / 32)
    assert not rate.over_budget
    assert log.review.attention.level == "clear-jump"


@logged
def test_too_little_before_a_run_is_no_quiet_run(log: Log) -> None:
    """Four runs.

    date, km
    2025-03-03 +2 x4, 10
    """
    rate = own_rate(log.facts)
    assert (rate.runs, rate.untold, rate.share) == (0, 4, None)
    assert "no day with a run" in holdings.alarms(rate)


@logged
def test_a_level_of_a_day_is_that_of_a_log_which_ends_there(log: Log) -> None:
    """Runs of all sizes, with hills and hard minutes.

    date, km, descent_m, min, fast_min
    2025-03-03 +2 x30, 10, 50, 60, 2
    2025-05-02, 10, 60, 60, 2
    2025-05-04, 26, 400, 160, 30
    2025-05-16 +2 x5, 10, 50, 60, 2
    2025-05-27, 14, 50, 80, 25
    2025-05-28, 14, 300, 80, 25
    """
    compared = {}
    for day, level in own_levels(log.facts, date(2025, 3, 3)):
        alone = log.on(day.isoformat()).review
        week = (day - timedelta(days=6)).isoformat()
        older = [f for f in alone.findings if f.weight and week <= f.end < day.isoformat()]
        if not older:
            given = alone.attention.level
            compared[day] = (level, None if given == "not-enough-history" else given)
    assert all(own == given for own, given in compared.values()), compared
    assert {"usual", "big-jump", None} <= {own for own, _ in compared.values()}


@logged
def test_an_alarm_at_every_turn_is_said_to_be_background(log: Log) -> None:
    """A runner who doubles the distance every month.

    date, km
    2025-01-01 +2 x15, 4
    2025-02-01 +2 x2, 9
    2025-03-05 +2 x2, 20
    2025-04-07 +2 x2, 42
    """
    rate = own_rate(log.facts)
    assert rate.over_budget
    assert "take a single one as background" in holdings.alarms(rate)


def test_a_year_and_no_more(log_of_two_years: Log) -> None:
    rate = own_rate(log_of_two_years.facts)
    assert rate.since == log_of_two_years.facts.as_of - timedelta(days=364)
    assert rate.runs == pytest.approx(365 / 2, abs=1)


@pytest.fixture
def log_of_two_years() -> Log:
    rows = "\n".join(f"{date(2023, 1, 1) + timedelta(days=2 * n)}, 10" for n in range(365))
    return read(f"date, km\n{rows}\n")


def test_the_audit_gives_each_run_the_same_level_of_its_own() -> None:
    log = kw.load(Path(__file__).parents[2] / "sample_data" / "watch")
    replayed = {
        verdict.day: verdict.own_level or None for verdict in log.history().verdicts if verdict.ran
    }
    assert dict(own_levels(log.facts, date(2000, 1, 1))) == replayed
    assert {"usual", "change", "clear-jump"} <= set(replayed.values())
