"""A planned session is judged as if it had been run, and what it is told agrees with the room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from logbook import EMPTY, Log, exposure, logged

from kneewatch import evidence
from kneewatch.config import Config
from kneewatch.errors import UsageError
from kneewatch.plan import Session, judged, next_day, recent_rows, session
from kneewatch.plan.judge import Judge, Verdict
from kneewatch.plan.session import as_run, usual, with_hard_time
from kneewatch.rules import Facts, review
from kneewatch.rules.efforts import hard_before
from kneewatch.rules.gather import gather
from kneewatch.units import Units

TODAY = date(2025, 6, 12)


def facts_of(log: Log) -> Any:
    def facts(rows: Sequence[dict[str, Any]], day: date) -> Facts:
        first = log.facts.first_day
        every = [*recent_rows(log.rows, log.as_of), *rows]
        return gather(every, log.config, evidence.load(), day, first_day=first)

    return facts


def plan_of(log: Log, *sessions: Session) -> tuple[Verdict, ...]:
    return judged(sessions, log.facts, facts_of(log)).verdicts


def only(log: Log, *codes: str) -> Log:
    """The log with no other rules, which takes a tenth of the time."""
    others = frozenset(evidence.load().rules) - set(codes)
    return replace(log, config=replace(log.config, ignore=others))


def codes(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.findings}


# --- agreement with the room left ----------------------------------------------------------------


@st.composite
def logs(draw: st.DrawFn) -> Log:
    """Some weeks of one run a day at most, as of 12 June 2025, a day without one."""
    first = draw(st.integers(31, 60))
    ago = draw(st.sets(st.integers(1, first - 1), min_size=1, max_size=10)) | {first}
    rows = [
        exposure(
            datetime.fromisoformat(
                f"{TODAY - timedelta(days=days)}T{draw(st.integers(5, 21)):02}:00"
            ),
            {
                "km": str(draw(st.integers(1, 300)) / 10),
                "descent_m": str(draw(st.integers(0, 600))),
            },
        )
        for days in sorted(ago, reverse=True)
    ]
    return Log(tuple(rows), TODAY)


few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(logs())
def test_a_run_as_long_as_the_room_stays_quiet_and_a_little_more_does_not(log: Log) -> None:
    log = only(log, "KW102")
    room = review(log.facts).room_left.run_m
    assume(room is not None and room > 2000)
    assert room is not None
    (within,) = plan_of(log, Session(TODAY, room))
    (beyond,) = plan_of(log, Session(TODAY, 1.01 * room))
    assert within.state == "quiet"
    assert within.nearest is None
    assert (beyond.state, codes(beyond)) == ("speaks", {"KW102"})
    assert beyond.answers_to == {"KW102": ("distance",)}
    assert beyond.nearest is not None
    assert room - 500 < beyond.nearest.distance_m <= room, "rounded down to half a kilometre"


@few
@given(logs())
def test_the_same_for_descent(log: Log) -> None:
    log = only(log, "KW201")
    room = review(log.facts).room_left.descent_m
    assume(room is not None)
    assert room is not None
    (within,) = plan_of(log, Session(TODAY, 1000, room))
    (beyond,) = plan_of(log, Session(TODAY, 1000, 1.01 * room + 1))
    assert within.findings == ()
    assert codes(beyond) == {"KW201"}
    assert beyond.nearest is not None
    assert beyond.nearest.descent_m is not None
    assert room - 10 < beyond.nearest.descent_m <= room


@few
@given(logs(), st.integers(20, 500), st.integers(0, 900))
def test_the_nearest_version_stays_quiet_and_is_no_larger(log: Log, km: int, down: int) -> None:
    log = only(log, "KW101", "KW102", "KW103", "KW201", "KW202")
    session = Session(TODAY, km * 100.0, float(down))
    (verdict,) = plan_of(log, session)
    assert (verdict.state == "speaks") == bool(verdict.findings)
    if verdict.nearest is None:
        return
    (again,) = plan_of(log, verdict.nearest)
    assert again.findings == ()
    assert verdict.nearest.distance_m <= session.distance_m
    assert (verdict.nearest.descent_m or 0) <= down
    assert verdict.nearest != session


@logged
def test_a_run_both_long_and_hard_is_cut_in_both_on_its_day(log: Log) -> None:
    """The day after a demanding one: neither figure alone makes it an easy day.

    date, km, min, fast_min
    2025-04-07 +7 x9, 8, 50, 2
    2025-04-09 +7 x9, 8, 50, 2
    2025-06-09, 8, 50, 2
    2025-06-11, 8, 50, 9
    """
    log = only(log, "KW122")
    plan = Session(TODAY, 14_000.0, hard_s=1200.0)
    (verdict,) = plan_of(log, plan)
    assert verdict.answers_to == {"KW122": ("hard", "distance")}
    assert verdict.nearest == Session(TODAY, 11_500.0, hard_s=420.0), "below 12 km and 8 minutes"
    for larger in (
        replace(verdict.nearest, distance_m=12e3),
        replace(verdict.nearest, hard_s=480.0),
    ):
        assert plan_of(log, larger)[0].state == "speaks"


# --- what a session causes -----------------------------------------------------------------------


@logged
def test_what_was_there_before_is_not_the_sessions(log: Log) -> None:
    """The jump of Monday is no matter of a short run on Thursday.

    date, km, descent_m
    2025-04-07 +7 x9, 10, 50
    2025-04-09 +7 x9, 10, 50
    2025-06-09, 15, 50

    as of 2025-06-11
    """
    assert log.broken("KW102")
    (verdict,) = plan_of(log, Session(TODAY, 3_000, 20))
    assert (verdict.state, verdict.findings) == ("quiet", ())


@logged
def test_what_gets_worse_is(log: Log) -> None:
    """The week has spoken already, and room_left says so.

    date, km
    2025-04-07 +7 x10, 10
    2025-04-09 +7 x9, 5
    2025-06-11, 8

    as of 2025-06-11
    """
    assert log.room.week_m == 0.0
    (verdict,) = plan_of(log, Session(TODAY, 4_000))
    assert "KW101" in codes(verdict)
    assert verdict.answers_to["KW101"] == ("day",), "any run would"
    assert verdict.nearest is not None
    assert verdict.nearest.day == date(2025, 6, 16), "the Monday after"


@logged
def test_a_plan_builds_on_itself(log: Log) -> None:
    """12.1 km follow 11, and not 10.

    date, km
    2025-04-07 +7 x10, 10
    """
    log = only(log, "KW102")
    first, second = Session(date(2025, 6, 13), 11_000), Session(date(2025, 6, 20), 12_100)
    assert [v.state for v in plan_of(log, second, first)] == ["quiet", "quiet"]
    assert [v.session for v in plan_of(log, second, first)] == [first, second]
    assert plan_of(log, second)[0].state == "speaks"


@logged
def test_a_loud_session_is_taken_as_run_by_those_after_it(log: Log) -> None:
    """
    date, km
    2025-04-07 +7 x10, 10
    """
    log = only(log, "KW102")
    loud, next_ = Session(date(2025, 6, 13), 20_000), Session(date(2025, 6, 20), 20_000)
    jump, after = plan_of(log, loud, next_)
    assert (jump.state, after.state) == ("speaks", "quiet")
    assert after.calm_run_m == pytest.approx(11_000), "the jump left out"
    assert jump.calm_run_m is None


@logged
def test_a_short_log_cannot_tell(log: Log) -> None:
    """
    date, km
    2025-06-09, 10
    """
    (verdict,) = plan_of(log, Session(TODAY, 15_000))
    assert verdict.state == "cannot-tell"
    assert "KW102" in {lack.code for lack in verdict.untold}


@logged
def test_after_a_break_nothing_is_quiet(log: Log) -> None:
    """No ratio after 30 days, and no silent pass.

    date, km
    2025-03-03 +7 x8, 10

    as of 2025-06-11
    """
    (verdict,) = plan_of(log, Session(TODAY, 15_000))
    assert verdict.state in ("speaks", "cannot-tell")
    assert codes(verdict) >= {"KW103"}
    assert verdict.unknown_days == (TODAY - date(2025, 4, 21)).days - 1


def test_an_empty_log_cannot_tell() -> None:
    (verdict,) = plan_of(EMPTY, Session(TODAY, 5_000))
    assert verdict.state == "cannot-tell"
    assert verdict.nearest is None


@logged
def test_a_session_of_yesterday_is_named(log: Log) -> None:
    """
    date, km
    2025-04-07 +7 x10, 10
    """
    past = Session(date(2025, 6, 1), 10_000)
    plan = judged([past], log.facts, facts_of(log))
    assert plan.verdicts == ()
    assert plan.problems[0].source == "session of 2025-06-01"


@logged
def test_a_day_that_has_its_run_is_named_and_nothing_is_added_on_top(log: Log) -> None:
    """
    date, km
    2025-04-07 +7 x10, 10
    """
    same, next_ = Session(date(2025, 6, 9), 10_000), Session(date(2025, 6, 16), 10_000)
    plan = judged([same, next_], log.facts, facts_of(log))
    assert [verdict.session for verdict in plan.verdicts] == [next_]
    assert plan.problems[0].reason == "there is a run that day already"
    later = log.on("2025-06-10")
    assert judged([Session(later.as_of, 10_000)], later.facts, facts_of(later)).verdicts


@logged
def test_the_next_day_is_free(log: Log) -> None:
    """
    date, km
    2025-04-07 +7 x10, 10
    """
    assert next_day(log.facts) == date(2025, 6, 10), "9 June has its run"
    assert next_day(log.on("2025-06-11").facts) == date(2025, 6, 11)


@logged
def test_versions_are_in_the_runners_steps(log: Log) -> None:
    """
    date, km
    2025-04-07 +7 x10, 16.09344
    """
    log = only(log, "KW102").with_config(
        units=Units("mi"), ignore=frozenset(evidence.load().rules) - {"KW102"}
    )
    (verdict,) = plan_of(log, Session(TODAY, 20_000))
    assert verdict.nearest is not None
    assert verdict.nearest.distance_m / 1609.344 == pytest.approx(11.0), "11 miles, after 10"


# --- what a planned run is taken for --------------------------------------------------------------


@logged
def test_what_a_plan_leaves_unsaid_is_the_usual(log: Log) -> None:
    """
    date, km, descent_m, min
    2025-04-07 +7 x10, 10, 100, 60
    """
    mine = usual(log.facts)
    run = as_run(Session(TODAY, 20_000), mine)
    assert run["moving_s"] == pytest.approx(7200)
    assert run["descent_m"] == 100, "1 % of 20 km, and no more than the most of the last weeks"
    assert as_run(Session(TODAY, 5_000), mine)["descent_m"] == pytest.approx(50)
    assert as_run(Session(TODAY, 5_000, 0.0), mine)["descent_m"] == 0.0


def test_of_an_empty_log_nothing_is_usual() -> None:
    mine = usual(EMPTY.facts)
    run = as_run(Session(TODAY, 5_000), mine)
    assert (run["moving_s"], run["descent_m"], run["altitude_source"]) == (None, None, "none")


@logged
def test_descent_that_is_known_for_a_few_runs_is_not_the_usual(log: Log) -> None:
    """
    date, km, descent_m
    2025-05-19, 3, 100
    2025-05-26 +7 x3, 10,
    """
    assert as_run(Session(TODAY, 5_000), usual(log.facts))["descent_m"] is None


@logged
def test_hard_minutes_are_counted_by_heart_rate(log: Log) -> None:
    """
    date, km, min
    2025-04-07 +7 x10, 10, 60
    """
    log = log.with_config(max_heart_rate_bpm=190.0)
    for hard_s in (1200.0, None):
        run = as_run(Session(TODAY, 10_000, hard_s=hard_s), usual(log.facts))
        facts = with_hard_time(facts_of(log)([run], TODAY), [run])
        assert facts.runs["hard_s"][run["id"]] == (hard_s or 0.0)


@logged
def test_a_plan_is_no_measure_of_itself(log: Log) -> None:
    """Twenty minutes went by critical speed and ninety by heart rate: nobody holds it for an hour.

    date, km, min, fast_min
    2025-04-07 +7 x10, 15, 90, 10
    """
    for minutes in (20, 55, 75):
        run = as_run(Session(TODAY, 15_000, hard_s=60.0 * minutes), usual(log.facts))
        facts = with_hard_time(facts_of(log)([run], TODAY), [run])
        mine = facts.runs.loc[run["id"]]
        assert (mine["hard_source"], mine["hard_s"]) == ("speed", 60.0 * minutes)
        assert mine["critical_speed_mps"] == pytest.approx(
            log.facts.runs["critical_speed_mps"].iloc[-1]
        )
        (verdict,) = plan_of(log, Session(TODAY, 15_000, hard_s=60.0 * minutes))
        assert "faster than critical speed" in next(
            finding.message for finding in verdict.findings if finding.code == "KW111"
        )
        later = as_run(
            Session(TODAY + timedelta(days=7), 15_000, hard_s=600.0), usual(log.facts), 1
        )
        both = [run, later]
        facts = with_hard_time(facts_of(log)(both, TODAY + timedelta(days=7)), both)
        earlier = hard_before(facts, facts.runs.loc[later["id"]])
        assert earlier.most_s == pytest.approx(60.0 * minutes), "it counts for those after it"


@logged
def test_more_hard_time_than_the_run_takes_is_no_plan(log: Log) -> None:
    """
    date, km, min
    2025-04-07 +7 x10, 10, 60
    """
    facts = log.facts
    with pytest.raises(UsageError, match="3 h 20 min of hard running do not fit into a run that"):
        session("14km", facts, hard="200min")
    assert session("14km", facts, hard="84min").hard_s == 84 * 60
    plan = judged([Session(TODAY, 10_000, hard_s=7200.0)], facts, facts_of(log))
    assert plan.verdicts == ()
    assert "do not fit" in plan.problems[0].reason


@logged
def test_hard_minutes_without_a_measure_are_not_called_quiet(log: Log) -> None:
    """
    date, km, min
    2025-04-07 +7 x10, 10, 60
    """
    (verdict,) = plan_of(log, Session(TODAY, 10_000, hard_s=1200.0))
    assert "hard-minutes" in {lack.name for lack in verdict.untold}


def test_a_judge_asks_about_one_evening_once() -> None:
    asked = []

    def counting(rows: Any, day: date) -> Facts:
        asked.append(day)
        return gather(rows, Config(), evidence.load(), day)

    judge = Judge(counting, usual(EMPTY.facts), Units(), TODAY)
    judge.quiet_version(Session(TODAY, 5_000))
    judge.quiet_version(Session(TODAY, 5_000))
    assert len(asked) == 1
