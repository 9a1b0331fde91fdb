"""What is felt today comes before every plan, however far ahead it lies."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from logbook import Log, read
from rich.console import Console

from kneewatch import evidence
from kneewatch.plan import Plan, Session, judged, ramped
from kneewatch.report import felt, payload, plan_tables
from kneewatch.rules import Facts
from kneewatch.rules.gather import gather
from kneewatch.units import Units

TODAY = date(2025, 6, 10)
LOG = """
date, km
2025-03-31 +7 x11, 6
2025-04-02 +7 x10, 6
2025-04-05 +7 x10, 10
"""
DAYS = (1, 8, 29, 60)


def noting(pain: str = "", injuries: str = "") -> Log:
    return (
        read(LOG)
        .on(TODAY.isoformat())
        .noting(
            f"date, score, where, signs\n{pain}" if pain else "",
            f"from, to, where\n{injuries}" if injuries else "",
        )
    )


def facts_of(log: Log) -> Any:
    def facts(rows: Sequence[dict[str, Any]], day: date) -> Facts:
        diary = log.diary.until(log.as_of)
        return gather([*log.rows, *rows], log.config, evidence.load(), day, diary=diary)

    return facts


def plan_of(log: Log, **cells: Any) -> Plan:
    sessions = [Session(TODAY + timedelta(days=n), 30_000, **cells) for n in DAYS]
    return judged(sessions, log.facts, facts_of(log))


def ramp_of(log: Log) -> Plan:
    return ramped(21_097.5, None, log.facts, facts_of(log))


def printed(plan: Plan) -> str:
    console = Console(width=80, color_system=None)
    with console.capture() as capture:
        plan_tables.plan(console, plan, Units())
    return re.sub(r"\s+", " ", capture.get())


def told(plan: Plan) -> dict[str, Any]:
    return dict(json.loads(payload.dumps(plan_tables.data(plan))))


@pytest.mark.parametrize(
    ("pain", "urgency"), [("2025-06-09, 7, back,", "pause"), ("2025-06-09, 4, back,", "hold")]
)
def test_pain_of_today_holds_for_all_days_of_a_plan(pain: str, urgency: str) -> None:
    """Eight days on the note was too old to be heard, and the session 'stays below'."""
    plan = plan_of(noting(pain))
    assert plan.symptoms is not None
    assert plan.symptoms.urgency == urgency
    assert [verdict.state for verdict in plan.verdicts] == ["symptoms"] * len(DAYS)
    for session in told(plan)["sessions"]:
        assert session["symptoms"] == plan.symptoms.action
        assert session["findings"] == session["cannot_tell"] == []
        assert session["nearest"] is session["calm_run_m"] is session["limit"] is None
    said = printed(plan)
    assert f"First {felt.VERDICTS[urgency].title}" in said
    assert "was noted on Mon 9 Jun" in said
    assert "Stays below" not in said
    assert plan_tables.QUIET_NOTE not in said


@pytest.mark.parametrize("pain", ["2025-06-09, 7, back,", "2025-06-09, 4, back,"])
def test_no_weeks_are_proposed_while_something_hurts(pain: str) -> None:
    plan = ramp_of(noting(pain))
    assert plan.ramp is None
    assert [verdict.state for verdict in plan.verdicts] == ["symptoms"]
    assert "Long run" not in printed(plan)


def test_a_red_flag_stands_alone_with_its_context() -> None:
    log = noting("2025-06-03, , , swelling")
    for plan in (plan_of(log), ramp_of(log)):
        assert (plan.verdicts, plan.ramp) == ((), None)
        assert plan.symptoms is not None
        assert plan.symptoms.context
        console = Console(width=80, color_system=None)
        with console.capture() as capture:
            felt.tell(console, plan.symptoms)
        assert printed(plan) == re.sub(r"\s+", " ", capture.get())
        said = told(plan)
        assert said["symptoms"]["urgency"] == "same_day"
        assert (said["sessions"], said["problems"], said["ramp"]) == ([], [], None)


@pytest.mark.parametrize("injuries", ["2025-06-05, , knee", "2025-04-20, 2025-05-05, calf"])
def test_on_the_way_back_from_an_injury_no_session_is_judged(injuries: str) -> None:
    log = noting(injuries=injuries)
    plan = plan_of(log, descent_m=300.0)
    assert plan.symptoms is not None
    assert [(v.state, v.refused) for v in plan.verdicts] == [("return", "descent")] * len(DAYS)
    assert ramp_of(log).ramp is None
    said = printed(plan)
    assert f"First {felt.VERDICTS[plan.symptoms.urgency].title}" in said
    assert "Refused Its descent. Downhill running comes last of all" in said
    assert "Stays below" not in said
    assert {session["return"] for session in told(plan)["sessions"]} == {plan.symptoms.action}
    flat = plan_of(log, descent_m=0.0)
    assert {verdict.refused for verdict in flat.verdicts} == {""}


@pytest.mark.parametrize(
    ("pain", "injuries"),
    [("", ""), ("2025-06-09, 0, back,", ""), ("", "2025-01-01, 2025-02-01, knee")],
)
def test_where_nothing_is_felt_a_plan_is_judged(pain: str, injuries: str) -> None:
    log = noting(pain, injuries)
    plan = plan_of(log)
    assert plan.symptoms is None
    assert {verdict.state for verdict in plan.verdicts} <= {"speaks", "quiet", "cannot-tell"}
    assert plan.verdicts[0].findings
    assert told(plan)["symptoms"] is None
