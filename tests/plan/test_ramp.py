"""The way to a race: every run of it quiet in its turn, and a date that comes too early named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from logbook import Log, logged

from kneewatch import evidence
from kneewatch.errors import UsageError
from kneewatch.plan import Plan, judged, race_day, ramped
from kneewatch.rules import Facts
from kneewatch.rules.gather import gather

RULES = frozenset({"KW101", "KW102", "KW103"})


def facts_of(log: Log) -> Any:
    def facts(rows: Sequence[dict[str, Any]], day: date) -> Facts:
        return gather([*log.rows, *rows], log.config, evidence.load(), day)

    return facts


def ramp_of(log: Log, km: float, day: date | None = None) -> tuple[Log, Plan]:
    # Three rules of forty: the others take their time and have no say here.
    log = log.with_config(ignore=frozenset(evidence.load().rules) - RULES)
    return log, ramped(km * 1000, day, log.facts, facts_of(log))


@logged
def test_each_run_of_it_stays_quiet(log: Log) -> None:
    """
    date, km
    2025-03-31 +7 x10, 6
    2025-04-02 +7 x10, 6
    2025-04-05 +7 x10, 10

    as of 2025-06-08
    """
    log, plan = ramp_of(log, 21.1)
    assert plan.ramp is not None
    sessions = [session for week in plan.ramp.weeks for session in week.sessions]
    assert len(sessions) >= 10
    again = judged(sessions, log.facts, facts_of(log))
    assert [v.session for v in again.verdicts if v.findings] == []
    longs = [week.long_m for week in plan.ramp.weeks if week.sessions][:-1]
    assert longs == sorted(longs), "it grows"
    assert longs[-1] > 11_000


@logged
def test_a_race_that_comes_too_early_says_by_how_much(log: Log) -> None:
    """
    date, km
    2025-03-31 +7 x10, 6
    2025-04-02 +7 x10, 6
    2025-04-05 +7 x10, 10

    as of 2025-06-08
    """
    _, plan = ramp_of(log, 21.1)
    way = plan.ramp
    assert way is not None
    assert way.verdict.state == "speaks"
    assert {f.code for f in way.verdict.findings} >= {"KW102"}
    assert way.weeks_early is not None
    assert way.weeks_early >= 2
    assert way.earliest == way.verdict.session.day + timedelta(weeks=way.weeks_early)
    _, later = ramp_of(log, 21.1, way.earliest + timedelta(weeks=4))
    assert later.ramp is not None
    assert later.ramp.weeks_early == 0, "with so much time it does not"
    assert later.ramp.verdict.state == "quiet"


@logged
def test_a_race_within_reach(log: Log) -> None:
    """
    date, km
    2025-03-31 +7 x10, 8
    2025-04-02 +7 x10, 8
    2025-04-05 +7 x10, 14

    as of 2025-06-08
    """
    _, plan = ramp_of(log, 10)
    assert plan.ramp is not None
    assert (plan.ramp.weeks_early, plan.ramp.earliest) == (0, race_day(log.as_of))


@logged
def test_the_race_is_ahead_and_not_years_off(log: Log) -> None:
    """
    date, km
    2025-03-31 +7 x10, 6
    """
    for day in (log.as_of, log.as_of + timedelta(days=400)):
        with pytest.raises(UsageError, match="within half a year"):
            ramp_of(log, 10, day)


def test_four_whole_weeks() -> None:
    assert race_day(date(2025, 6, 12)) == date(2025, 7, 13)
    assert race_day(date(2025, 6, 9)) == race_day(date(2025, 6, 15))


@logged
def test_nothing_is_proposed_where_nothing_is_known(log: Log) -> None:
    """
    date, km
    2025-01-06 +7 x2, 6

    as of 2025-06-08
    """
    _, plan = ramp_of(log, 10)
    assert plan.ramp is not None
    assert [week.sessions for week in plan.ramp.weeks if week.sessions] == []
    assert plan.ramp.weeks_early is None
