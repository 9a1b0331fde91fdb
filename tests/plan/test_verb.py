"""``kneewatch plan`` and ``RunLog.plan`` on the sample log."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import kneewatch as kw
from kneewatch import cli
from kneewatch.plan import Session

SAMPLE = Path(__file__).parents[2] / "sample_data"
LAST = date(2025, 11, 2)


@pytest.fixture(scope="module")
def log() -> kw.RunLog:
    return kw.load(SAMPLE)


def call(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(cli.cli, ["plan", *map(str, words)])
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


def told(*words: object) -> dict[str, Any]:
    return dict(json.loads(call(*words, "--json")))


def test_a_run_that_is_too_long_names_its_limit() -> None:
    plan = told(SAMPLE, "30km", "--on", "2025-11-09")
    (session,) = plan["sessions"]
    assert plan["as_of"] == LAST.isoformat()
    assert session["state"] == "speaks"
    assert session["limit"] == "KW102"
    assert session["nearest"]["distance_m"] < 30_000
    assert session["calm_run_m"] == pytest.approx(14_300, rel=0.01)


def test_in_words() -> None:
    said = " ".join(call(SAMPLE, "30km", "--descent", "400m", "--hard", "20min").split())
    assert "Mon 3 November 2025 30.0 km, 400 m down, 20 min hard" in said
    assert "Limit Its distance: session-spike (KW102)." in said
    assert "no promise" in said


def test_the_nearest_version_is_on_the_day_itself_where_there_is_one() -> None:
    """It was '14 km, 17 min hard on Tuesday', while this stays quiet on Monday."""
    (session,) = told(SAMPLE, "14km", "--descent", "400m", "--hard", "20min")["sessions"]
    assert session["nearest"] == {
        "date": "2025-11-03",
        "distance_m": 12_500.0,
        "descent_m": 400.0,
        "hard_s": 420.0,
        "note": "",
    }
    (again,) = told(SAMPLE, "12.5km", "--descent", "400m", "--hard", "7min")["sessions"]
    assert again["state"] == "quiet"


def test_a_run_by_its_time() -> None:
    (session,) = told(SAMPLE, "60min")["sessions"]
    assert session["planned"]["distance_m"] == pytest.approx(9500, rel=0.02)
    assert "at your usual" in session["planned"]["note"]


def test_miles_by_option() -> None:
    (session,) = told(SAMPLE, "5", "--units", "mi")["sessions"]
    assert session["planned"]["distance_m"] == pytest.approx(5 * 1609.344)


def test_a_plan_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("date,distance\n2025-11-04,8\n2025-11-0x,8\n2025-11-08,9\n")
    plan = told(SAMPLE, "--from", path)
    assert [s["planned"]["date"] for s in plan["sessions"]] == ["2025-11-04", "2025-11-08"]
    assert plan["problems"][0]["source"] == "plan.csv row 3"


def test_a_race() -> None:
    plan = told(SAMPLE, "--race", "10km")
    assert [week["week"] for week in plan["ramp"]["weeks"]][:2] == ["2025-10-27", "2025-11-03"]
    assert plan["ramp"]["weeks_early"] == 0
    assert plan["ramp"]["race"]["date"] == "2025-11-30"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "a distance is missing"),
        (("-5km",), "kneewatch: the distance is '-5km', expected one such as 18km"),
        (("18km", "--on", "2020-01-01"), "lies before 2025-11-02, the log's last day"),
        (("14km", "--hard", "200min"), "do not fit into a run"),
        (("18km", "--harf", "20min"), "No such option"),
        (("18", "--hard", "soon"), "expected minutes such as 20min"),
        (("18x",), "expected one such as 18km"),
        (("18km", "--on", "Sunday"), "expected one such as 2025-11-08"),
        (("18km", "--descent", "steep"), "the descent is 'steep'"),
        (("--race", "10km", "--hard", "5"), "--hard is no matter of a --race"),
        (("--race", "10km", "--on", "2029-01-01"), "within half a year"),
        (("--race", "10km", "--on", "2020-01-01"), "lies before 2025-11-02"),
    ],
)
def test_errors_in_a_line(words: tuple[str, ...], expected: str) -> None:
    assert expected in call(SAMPLE, *words, code=2)


def test_the_log_plans_as_the_verb_does(log: kw.RunLog) -> None:
    """What is planned changes nothing in the log."""
    before = log.check()
    plan = log.plan([Session(LAST + timedelta(days=7), 30_000)])
    assert plan.verdicts[0].findings[0].code == "KW102"
    assert log.check() == before
    assert len(log.runs) == len(kw.load(SAMPLE).runs)
    assert log.ramp(10_000).ramp is not None


def test_what_is_ahead_of_another_day_is_not_known_then() -> None:
    """Held against 1 September, the runs of October are no part of the log."""
    early = kw.load(SAMPLE, as_of="2025-09-01")
    (verdict,) = early.plan([Session(date(2025, 11, 9), 10_000)]).verdicts
    assert verdict.unknown_days > 60
    assert verdict.state != "quiet"
