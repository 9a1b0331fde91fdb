"""A judged plan in print: the limit by name, the nearest version, and never a promise."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from rich.console import Console

from kneewatch.model import CannotTell, Finding, Problem, Severity
from kneewatch.plan import Plan, Ramp, Session, Verdict
from kneewatch.plan.ramp import Week
from kneewatch.report import payload, plan_tables
from kneewatch.rules import Symptoms
from kneewatch.units import Units

DAY = date(2025, 11, 9)
SPIKE = Finding(
    code="KW102",
    name="session-spike",
    severity=Severity.CAUTION,
    grade="B",
    start=DAY.isoformat(),
    end=DAY.isoformat(),
    observed=1.38,
    limit=1.1,
    unit="ratio",
    message="The run of Sun 9 Nov was 18.0 km, about 38 % longer.",
)
LOUD = Verdict(
    session=Session(DAY, 18_000, 400, 1200, "long \x1b[31m[bold]"),
    state="speaks",
    level="change",
    findings=(SPIKE, replace(SPIKE, code="KW201", name="descent-spike")),
    answers_to={"KW102": ("distance",), "KW201": ("descent",)},
    nearest=Session(DAY, 14_000, 120, 1200),
)
QUIET = Verdict(session=Session(DAY, 9_000), state="quiet", level="usual", descent_m=90.0)


def printed(plan: Plan, system: str = "km") -> str:
    console = Console(width=80, color_system=None)
    with console.capture() as capture:
        plan_tables.plan(console, plan, Units(system))  # type: ignore[arg-type]
    return " ".join(capture.get().split())


def test_the_limit_and_the_nearest_version() -> None:
    said = printed(Plan(date(2025, 11, 2), (LOUD, QUIET)))
    assert "Limit Its distance: session-spike (KW102)." in said
    assert "Also descent-spike (KW201)." in said
    assert "Quiet Up to about 14.0 km, 120 m down, 20 min hard." in said
    assert "Stays below what the rules speak of." in said
    assert "About 90 m of descent, as is usual for you" in said
    assert "Each session is judged as if those before it had been run" in said
    assert "Grade B" in said
    assert "\x1b" not in said
    assert "[bold]" in said


def test_miles_and_feet() -> None:
    said = printed(Plan(date(2025, 11, 2), (LOUD,)), "mi")
    assert "11.2 mi, 1,310 ft down" in said


def test_another_day_and_none() -> None:
    moved = replace(LOUD, nearest=replace(LOUD.session, day=date(2025, 11, 11)))
    assert "on Tue 11 November 2025" in printed(Plan(DAY, (moved,)))
    advised = replace(SPIKE, advice="begin with half of the longest run before the break.")
    none = replace(LOUD, findings=(SPIKE, advised), answers_to={}, nearest=None)
    assert "No version of it does" in printed(Plan(DAY, (none,)))
    unmoved = replace(none, findings=(advised,))
    assert "Try Begin with half of the longest run" in printed(Plan(DAY, (unmoved,)))


def test_what_cannot_be_told_is_not_called_quiet() -> None:
    lack = CannotTell("KW102", "session-spike", "the log holds only 3 of the 30 days")
    untold = Verdict(Session(DAY, 9_000), "cannot-tell", "not-enough-history", untold=(lack,))
    said = printed(Plan(DAY, (untold,)))
    assert "Cannot tell." in said
    assert "Stays below" not in said
    assert "Session spike (KW102): The log holds only 3 of the 30 days." in said


def test_symptoms_leave_no_room_for_a_version() -> None:
    felt = Symptoms("pause", ("Pain of 7 out of 10 was noted on Sun 2 Nov.",), "pause running.")
    pain = Verdict(LOUD.session, "symptoms", "symptoms", action=felt.action)
    said = printed(Plan(DAY, (pain,), symptoms=felt))
    assert "Why Pain of 7 out of 10" in said
    assert "Do Pause running." in said
    assert "Limit" not in said
    assert "Up to about" not in said
    assert plan_tables.QUIET_NOTE not in said


def test_jumps_that_count_as_usual_are_named() -> None:
    calm = replace(QUIET, calm_run_m=14_300.0, unknown_days=5)
    said = printed(Plan(DAY, (calm,)))
    assert "with it left out a run ends at about 14.3 km." in said
    assert "The 5 days before it" in said


@pytest.mark.parametrize(
    ("state", "early", "expected"),
    [
        ("quiet", 0, "stays below what the rules speak of after these weeks"),
        ("speaks", 1, "comes about 1 week too early by the rules"),
        ("speaks", 3, "quiet from about 30 November 2025"),
        ("speaks", None, "by more than a year"),
        ("cannot-tell", None, "cannot be judged"),
    ],
)
def test_a_ramp(state: str, early: int | None, expected: str) -> None:
    week = Week(date(2025, 11, 3), 0.0, (Session(date(2025, 11, 6), 8_500),))
    verdict = replace(LOUD, state=state)
    said = printed(Plan(DAY, (verdict,), (), Ramp((week,), verdict, early)))
    assert expected in said
    assert "3 Nov 2025 8.5 km 8.5 km Thu 8.5" in said


def test_a_ramp_from_nothing() -> None:
    verdict = replace(LOUD, state="cannot-tell")
    said = printed(Plan(DAY, (verdict,), (), Ramp((Week(DAY, 0.0, ()),), verdict, None)))
    assert "No weeks can be proposed" in said
    assert "too early" not in said


def test_bad_lines_are_named() -> None:
    said = printed(Plan(DAY, (), (Problem("plan.csv row 4", "no date"),)))
    assert "plan.csv row 4: no date" in said
    assert "No session to judge." in said


def test_as_data() -> None:
    week = Week(date(2025, 11, 3), 0.0, (Session(date(2025, 11, 6), 8_500),))
    plan = Plan(DAY, (LOUD,), (), Ramp((week,), LOUD, 2))
    told = json.loads(payload.dumps(plan_tables.data(plan)))
    (session,) = told["sessions"]
    assert session["planned"]["distance_m"] == 18_000
    assert session["limit"] == "KW102"
    assert session["findings"][0]["answers_to"] == ["distance"]
    assert session["nearest"]["descent_m"] == 120
    assert told["ramp"]["weeks_early"] == 2
    assert told["ramp"]["earliest"] == "2025-11-23"
    assert told["ramp"]["weeks"][0]["long_m"] == 8_500
    assert json.loads(payload.dumps(plan_tables.data(Plan(DAY))))["ramp"] is None


def test_nothing_is_called_safe() -> None:
    values = [value for value in vars(plan_tables).values() if isinstance(value, str)]
    said = " ".join([*values, *plan_tables.STATES.values(), printed(Plan(DAY, (LOUD, QUIET)))])
    assert len(said) > 500
    assert not re.search(r"\bsafe|harmless|no risk|you have|fine\b", said, re.I)
