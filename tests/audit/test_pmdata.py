"""PMData (CC BY 4.0): 15 people with runs, five months, 225 reports. Real, and far too small.

What can be said of it: how often the rules would have spoken, how few onsets there are, and that
nothing follows. Its reports name the knee and not its back, and one person wrote most of them.
Audited as tests/benchmarks/audit_pmdata.py does it, by the command.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from benchmarks import audit_pmdata
from click.testing import CliRunner

from kneewatch import cli


def call(*words: object) -> str:
    result = CliRunner().invoke(cli.cli, ["audit", "--squad", *map(str, words)])
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


@pytest.fixture(scope="module")
def squad(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pmdata") / "squad"
    assert len(audit_pmdata.split(corpus / "injury", place)) == 15
    return place


@pytest.fixture(scope="module")
def said(squad: Path) -> dict[str, Any]:
    return dict(json.loads(call(squad, "--json")))


def test_everybody_is_judged(said: dict[str, Any]) -> None:
    assert (said["runners"], said["followed_runners"]) == (15, 14)
    told = {rate["code"]: rate["told"] for rate in said["alarm_rates"]}
    assert told["KW102"] > 400, "most of the 564 runs with a distance"
    assert said["judged_days"] > 250


def test_36_reports_of_one_knee_are_a_handful_of_onsets(said: dict[str, Any]) -> None:
    """37 reports by two people: one person's knee that hurts for weeks is no 36 events."""
    assert (said["onsets"], said["hurt_runners"], said["prevalent"]) == (3, 1, 2)
    assert said["onset_places"] == {"back": 0, "knee": 3, "unsaid": 0}
    assert said["onsets_without_run"] == 3, "who hurts that often hardly runs"


def test_nothing_is_said_of_a_link(squad: Path, said: dict[str, Any]) -> None:
    held = [each for signal in said["signals"] for each in signal["held"]]
    assert {each["claim"] for each in held} == {"too few events"}
    assert {each["ratio"] for each in held} == {None}
    text = " ".join(call(squad).split())
    assert "Too few events: 3 onsets, and it takes 20" in text
    assert "no ratio is given" in text


def test_how_often_the_rules_spoke_can_be_said(said: dict[str, Any]) -> None:
    """Five months hold enough runs for that, and most alerts were followed by nothing."""
    rates = {rate["code"]: rate["share"] for rate in said["alarm_rates"]}
    assert 0.02 < rates["KW102"] < 0.10
    assert 0.30 < rates["KW101"] < 0.45, "EVIDENCE 1b: a third of all runs"
    spike = next(signal for signal in said["signals"] if signal["code"] == "KW102")["held"][0]
    assert (spike["days"], spike["hits"]) == (None, 0)
    assert spike["alerts"] > 5
