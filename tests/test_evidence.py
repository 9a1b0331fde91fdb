"""evidence.toml: every number has a reason, every paper was opened, nothing is from memory."""

from __future__ import annotations

import math
import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch import evidence
from kneewatch.evidence import GRADES, LOUDEST, Limit, Paper
from kneewatch.model import Severity

KNOWN = evidence.load()
TEXT = files("kneewatch").joinpath("evidence.toml").read_text("utf-8")

LIMITS = [(code, limit) for code, rule in KNOWN.rules.items() for limit in rule.limits.values()]


def limit(value: float) -> Limit:
    return Limit("jump", value, "share", "ours", "because")


# --- a number against a limit --------------------------------------------------------------------


@pytest.mark.parametrize("base", [3.0, 7.0, 10.0, 13.37, 42.195, 0.1])
def test_ten_percent_more_is_not_above_ten_percent(base: float) -> None:
    """Whatever 1.1 * base / base - 1 comes to in floating point."""
    share = (1.1 * base) / base - 1
    assert not limit(0.1).exceeded_by(share)
    assert limit(0.1).reached_by(share)
    assert limit(0.1).exceeded_by(share + 1e-6)
    assert not limit(0.1).reached_by(share - 1e-6)


def test_eleven_against_ten() -> None:
    assert 11 / 10 - 1 > 0.1, "the comparison that a rule must not make"
    assert not limit(0.1).exceeded_by(11 / 10 - 1)
    assert limit(0.1).exceeded_by(11.1 / 10 - 1)


@pytest.mark.parametrize("value", [0.0, 0.1, 30.0, 482_803.2])
def test_what_is_not_known_is_neither_above_nor_at(value: float) -> None:
    assert not limit(value).exceeded_by(math.nan)
    assert not limit(value).reached_by(math.nan)
    assert limit(value).exceeded_by(math.inf)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_above_is_at_and_below_is_neither(value: float, observed: float) -> None:
    compared = limit(value)
    if compared.exceeded_by(observed):
        assert compared.reached_by(observed)
        assert observed > value
    if observed > value + 1e-3:
        assert compared.exceeded_by(observed)
    if observed < value - 1e-3:
        assert not compared.reached_by(observed)


def test_a_limit_by_name() -> None:
    assert KNOWN.limit("KW102", "ratio").value == 1.10
    assert KNOWN.rules["KW102"]["ratio"] is KNOWN.limit("KW102", "ratio")
    assert KNOWN.log_ratio("spike") == pytest.approx(math.log(1.59))
    with pytest.raises(KeyError):
        KNOWN.limit("KW102", "no such limit")


# --- the numbers of the evidence -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "name", "value", "unit"),
    [
        ("KW101", "jump", 0.10, "share"),
        ("KW101", "large_jump", 0.30, "share"),
        ("KW101", "base_floor", 10_000, "m"),
        ("KW102", "ratio", 1.10, "ratio"),
        ("KW102", "ramp_start", 1.05, "ratio"),
        ("KW102", "ramp_full", 1.15, "ratio"),
        ("KW102", "double_ramp_start", 1.9, "ratio"),
        ("KW102", "double", 2.0, "ratio"),
        ("KW102", "double_ramp_full", 2.1, "ratio"),
        ("KW102", "window", 30, "days"),
        ("KW201", "ratio", 1.3, "ratio"),
        ("KW201", "floor", 150, "m"),
        ("KW201", "window", 30, "days"),
        ("KW202", "descent", 200, "m"),
        ("KW202", "steep", 1500, "m"),
        ("KW202", "familiar", 0.5, "share"),
        ("KW202", "window", 42, "days"),
        ("KW204", "ratio", 1.3, "ratio"),
        ("KW204", "window", 30, "days"),
        ("KW401", "notice", 300 * 1609.344, "m"),
        ("KW401", "caution", 700_000, "m"),
        ("KW401", "over", 500 * 1609.344, "m"),
        ("KW402", "new_shoe", 20_000, "m"),
        ("KW402", "long_run", 8_000, "m"),
        ("KW501", "fall", 0.03, "share"),
        ("KW501", "window", 42, "days"),
        ("KW501", "runs", 5, "runs"),
        ("KW501", "time", 3600, "s"),
        ("KW503", "shift", 0.01, "share"),
        ("KW503", "shifted", 3, "runs"),
        ("KW503", "window", 42, "days"),
        ("KW601", "hard", 300, "s"),
        ("KW601", "ratio", 0.80, "ratio"),
        ("KW602", "ratio", 0.80, "ratio"),
        ("KW603", "reached", 1.15, "ratio"),
        ("KW603", "window", 30, "days"),
        ("KW604", "window", 30, "days"),
    ],
)
def test_limits(code: str, name: str, value: float, unit: str) -> None:
    """EVIDENCE 1a, 1b, 3d, 6, 7, 8."""
    assert KNOWN.limit(code, name).value == pytest.approx(value)
    assert KNOWN.limit(code, name).unit == unit


def test_score() -> None:
    """EVIDENCE 13 and 1a: 1 overuse injury in 450 runs, HRR 1.59 and 2.28."""
    assert KNOWN.score == {
        "spike": 1.59,
        "double_spike": 2.28,
        "hard_minutes": 1.25,
        "recovery": 1.10,
        "spike_class": [1.59, 1.34, 1.89],
        "double_spike_class": [2.28, 1.50, 3.48],
        "two_week_progression": 1.25,
        "downhill": 1.30,
        "form": 1.15,
        "others_count": 0.5,
        "highest": 3.0,
        "change": 1.25,
        "clear_jump": 1.75,
        "big_jump": 2.5,
        "runs_per_injury": 450,
        "window_days": 7,
        "history_days": 28,
        "history_runs": 8,
        "longest_gap_days": 10,
        "alarm_budget": 0.10,
        "previous_injury": 1.72,
        "previous_injury_class": [1.722, 1.114, 2.661],
        "highest_with_person": 4.0,
    }
    runs_per_injury = 588_071 / 1_820 / 0.72
    assert runs_per_injury == pytest.approx(450, abs=2)


def test_the_middle_classes_are_pooled_by_inverse_variance() -> None:
    """1.64 (1.31-2.05) and 1.52 (1.16-2.00) make 1.59 (1.34-1.89)."""
    weights, means = [], []
    for ratio, low, high in ((1.64, 1.31, 2.05), (1.52, 1.16, 2.00)):
        weights.append(1 / ((math.log(high) - math.log(low)) / (2 * 1.96)) ** 2)
        means.append(math.log(ratio))
    mean = sum(w * m for w, m in zip(weights, means, strict=True)) / sum(weights)
    spread = 1.96 / math.sqrt(sum(weights))
    pooled = [math.exp(mean), math.exp(mean - spread), math.exp(mean + spread)]
    assert pooled == pytest.approx([KNOWN.score["spike"], 1.34, 1.89], abs=0.01)


@pytest.mark.parametrize(
    ("code", "grade"),
    [
        ("KW101", "convention"),
        ("KW102", "B"),
        ("KW103", "D"),
        ("KW201", "C"),
        ("KW202", "C"),
        ("KW203", "D"),
        ("KW204", "C"),
        ("KW301", "D"),
        ("KW302", "D"),
        ("KW401", "convention"),
        ("KW402", "D"),
        ("KW701", "D"),
    ],
)
def test_grades(code: str, grade: str) -> None:
    assert KNOWN.rules[code].grade == grade


def test_what_limits_a_study_is_said_with_it() -> None:
    """EVIDENCE 1a, 7 and 3c against 3d."""
    said = KNOWN.papers["frandsen2025"].says
    for words in ("observational", "exploratory", "reported by the runners themselves", "evenly"):
        assert words in said
    assert "winter2020" in KNOWN.rules["KW501"].papers_for
    assert "lower step frequency" in KNOWN.papers["winter2020"].says
    assert KNOWN.rules["KW202"].grade == "C"
    assert "alone would be D" in KNOWN.limit("KW202", "window").why
    assert KNOWN.rules["KW604"].papers_for == (), "Merck speaks of downhill running"


def test_what_a_grade_allows() -> None:
    assert LOUDEST.keys() == GRADES.keys()
    assert max(LOUDEST.values()) == Severity.WARNING
    assert [LOUDEST[grade] for grade in ("A", "B", "C", "convention", "D")] == [3, 3, 2, 2, 1]


# --- what stands in the file ---------------------------------------------------------------------


@pytest.mark.parametrize(("code", "known"), LIMITS, ids=lambda x: getattr(x, "name", x))
def test_every_limit_has_unit_basis_and_reason(code: str, known: Limit) -> None:
    assert known.unit in {
        "share",
        "ratio",
        "m",
        "s",
        "days",
        "runs",
        "events",
        "findings",
        "of 10",
        "points",
        "signs",
        "steps",
    }
    assert known.basis in {"paper", "convention", "ours"}
    assert len(known.why.split()) >= 4
    assert not known.why.endswith(".")
    if known.basis == "paper":
        assert KNOWN.rules[code].papers, "by which paper"
    if known.unit == "share":
        assert 0 < known.value <= 1


@pytest.mark.parametrize("rule", list(KNOWN.rules.values()), ids=list(KNOWN.rules))
def test_every_rule_has_both_grades_and_a_family(rule: evidence.RuleEvidence) -> None:
    assert rule.grade in GRADES
    assert rule.mech in {"A", "B", "C", "D"}
    assert rule.family in {"amount", "downhill", "intensity", "form", "recovery", "none"}
    assert set(rule.papers) <= KNOWN.papers.keys()


@pytest.mark.parametrize("paper", list(KNOWN.papers.values()), ids=list(KNOWN.papers))
def test_every_paper_says_something_and_was_opened(paper: Paper) -> None:
    assert paper.read in {"abstract or full text", "secondary source"}
    assert paper.cite
    assert paper.says.endswith(".")
    assert len(paper.says.split()) > 8
    assert paper.people is None or paper.people > 0
    assert re.fullmatch(r"(10\.\d{4,}/\S+)?", paper.doi)


def test_the_table_of_tissues_is_whole() -> None:
    exposures = {exposure for tissue in KNOWN.tissues.values() for exposure in tissue.loads}
    assert len(exposures) == 6
    for tissue in KNOWN.tissues.values():
        assert tissue.loads.keys() == exposures
        assert set(tissue.loads.values()) <= {0, 1, 2}


def test_red_flags_come_by_urgency() -> None:
    urgencies = {"emergency", "same_day", "within_days"}
    assert set(KNOWN.red_flags) == urgencies | {"persistence", "actions", "context"}
    assert KNOWN.red_flags["actions"].keys() == urgencies
    said = " ".join(sign for key in urgencies for sign in KNOWN.red_flags[key])
    for sign in ("breathlessness", "one calf", "locks", "pulsates", "fever"):
        assert sign in said


FROM_MEMORY = {
    "Heiderscheit's knee work at +5 and +10 % steps": r"[−-]20 %|[−-]34 %|34 %",
    "Silbernagel's zones": r"0[-–]2 safe|2[-–]5 accept|5[-–]10 high|acceptable",
    "Cook's page": r"13\s*[:(]\s*248|248-253",
    "exponents of tissue damage": r"\b6\.6\b|exponents?\b|power of 9|σ",
    "Luedke's odds": r"\b6\.7\b|164 (spm|steps)",
    "Foster's share of illnesses": r"\b89 %",
    "Gabbett's zones": r"0\.8\s*(-|–|to)\s*1\.3\b",
    "the 10 % rule's author": r"Ullyot",
    "Mayfield's series": r"Mayfield",
    "Rethnam's shoes": r"Rethnam",
    "Minetti's page and range": r"1039|[-−–±+]\s*0\.45",
    "Strava's elevation thresholds": r"10 m / 2 m",
    "life of racing shoes": r"200[-–]400 km",
    "heavy runners' shoes": r"85 kg",
    "the surface studies not opened": r"Hardin|Dixon|Tillman|García",
    "a daily rate after Lövdal": r"\b1\.4 %",
    "RUNSAFE's unread hazard of ratios": r"ACWR",
    "dashboard injuries": r"dashboard",
}


@pytest.mark.parametrize("pattern", FROM_MEMORY.values(), ids=FROM_MEMORY.keys())
def test_nothing_from_memory_is_printed(pattern: str) -> None:
    """What EVIDENCE tags [M] stays out until someone opens the paper (EVIDENCE 14)."""
    assert re.findall(pattern, TEXT, re.I) == []


def test_a_count_in_the_text_is_the_count_of_people() -> None:
    """Where a paper's sentence says how many people, it is the same number."""
    for paper in KNOWN.papers.values():
        if paper.people and paper.people > 400:
            assert f"{paper.people:,}" in paper.says or str(paper.people) in paper.says, paper.key
