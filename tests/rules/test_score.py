"""The level: numbers of EVIDENCE 13, what it takes to be given, and how loud a grade may be."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from logbook import EMPTY, Log, logged, read

from kneewatch import evidence
from kneewatch.evidence import LOUDEST
from kneewatch.model import Finding, Severity
from kneewatch.rules import BOOK, review
from kneewatch.rules.score import add_up, attend, cover, level_of, one_in

KNOWN = evidence.load()

SPIKE, DOUBLE = math.log(1.59), math.log(2.28)
DOWNHILL, INTENSITY, FORM, RECOVERY = (math.log(cap) for cap in (1.30, 1.25, 1.15, 1.10))


@pytest.mark.parametrize(
    ("families", "ratio"),
    [
        ([], 1.0),
        ([SPIKE], 1.59),
        ([DOWNHILL], 1.30),
        ([DOUBLE], 2.28),
        ([SPIKE, DOWNHILL], 1.81),
        ([DOWNHILL, SPIKE], 1.81),
        ([SPIKE, DOWNHILL, INTENSITY], 2.03),
        ([DOUBLE, DOWNHILL, INTENSITY, FORM, RECOVERY], 3.0),
    ],
)
def test_worked_examples(families: list[float], ratio: float) -> None:
    """EVIDENCE 13: 40 % alone 1.59, descent alone 1.30, three of them 2.0, all at cap 3.27 -> 3."""
    assert add_up(families, KNOWN) == pytest.approx(ratio, abs=0.005)


def test_all_at_cap_would_be_more_than_is_shown() -> None:
    caps = [DOUBLE, DOWNHILL, INTENSITY, FORM, RECOVERY]
    unclipped = math.exp(caps[0] + 0.5 * sum(caps[1:]))
    assert unclipped == pytest.approx(3.27, abs=0.01)
    assert add_up(caps, KNOWN) == KNOWN.score["highest"] == 3.0


@given(st.lists(st.floats(-2.0, 2.0), max_size=6))
def test_never_below_one_and_never_above_the_highest(families: list[float]) -> None:
    """What went with fewer injuries is no credit."""
    assert 1.0 <= add_up(families, KNOWN) <= 3.0


@pytest.mark.parametrize(
    ("ratio", "level"),
    [
        (1.0, "usual"),
        (1.2499, "usual"),
        (1.25, "change"),
        (1.59, "change"),
        (1.7499, "change"),
        (1.75, "clear-jump"),
        (2.28, "clear-jump"),
        (2.4999, "clear-jump"),
        (2.5, "big-jump"),
        (3.0, "big-jump"),
    ],
)
def test_levels(ratio: float, level: str) -> None:
    assert level_of(ratio, KNOWN) == level


@pytest.mark.parametrize(
    ("ratio", "runs"),
    [(1.0, 450), (1.30, 350), (1.59, 280), (1.81, 250), (2.28, 200), (3.0, 150), (4.8, 94)],
)
def test_one_in_so_many_runs_to_two_figures(ratio: float, runs: int) -> None:
    assert one_in(ratio, 450) == runs


@logged
def test_a_steady_log_is_usual_and_not_called_anything_better(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-07 +7 x10, 10, 100
    2025-04-10 +7 x9, 6, 50
    """
    attention = log.attention
    assert (attention.level, attention.ratio, attention.one_in) == ("usual", 1.0, 450)
    assert attention.reasons == (
        "Nothing that studies tie to more injuries changed in the last 7 days. Most overuse "
        "injuries come without such a change.",
        "Form is not judged and does not count: most of the last 4 weeks has no step rate.",
    )


@logged
def test_what_is_in_the_dark_is_named_beside_the_level(log: Log) -> None:
    """EVIDENCE 13: a level says on what data it rests.

    date, km, spm, descent_m, surface
    2025-04-07 +7 x9, 10, 170, , hard
    2025-04-10 +7 x9, 10, 170, , hard
    2025-06-09, 10, 170, 100, hard
    """
    dark = [reason for reason in log.attention.reasons if "not judged" in reason]
    assert dark == [
        "Downhill running is not judged and does not count: most of the last 4 weeks has no "
        "altitude."
    ]
    indoors = [{**row, "surface": "treadmill"} for row in log.rows]
    assert replace(log, rows=tuple(indoors)).attention.reasons == log.attention.reasons[:1]


@logged
def test_a_spike_of_forty_percent_alone(log: Log) -> None:
    """
    date, km
    2025-04-07 +7 x9, 10
    2025-04-10 +7 x9, 5
    2025-06-09, 14
    """
    attention = log.attention
    assert attention.ratio == pytest.approx(1.59)
    assert (attention.level, attention.one_in) == ("change", 280)
    assert [reason[:22] for reason in attention.reasons if "not judged" not in reason] == [
        "The run of Mon 9 Jun w"
    ]


@logged
def test_a_descent_spike_alone(log: Log) -> None:
    """Two rules speak of it, and one family counts it once.

    date, km, descent_m
    2025-04-07 +7 x9, 10, 50
    2025-04-10 +7 x9, 5, 50
    2025-06-09, 10, 400
    """
    assert {f.code for f in log.review.findings if f.weight} == {"KW201", "KW202"}
    assert log.attention.ratio == pytest.approx(1.30)
    # No study counted injuries per run by descent.
    assert (log.attention.level, log.attention.one_in) == ("change", None)


@logged
def test_spike_and_descent_add_up_by_half(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-07 +7 x9, 10, 50
    2025-04-10 +7 x9, 5, 50
    2025-06-09, 14, 400
    """
    assert log.attention.ratio == pytest.approx(1.59 * math.sqrt(1.30))
    assert log.attention.level == "clear-jump"


@logged
def test_two_spikes_of_one_family_count_once(log: Log) -> None:
    """
    date, km
    2025-04-07 +7 x9, 10
    2025-04-10 +7 x9, 5
    2025-06-09, 12
    2025-06-11, 14
    """
    assert len(log.broken("KW102")) == 2
    assert log.attention.ratio == pytest.approx(1.59)


@logged
def test_seven_days_and_no_more(log: Log) -> None:
    """
    date, km
    2025-04-07 +7 x9, 10
    2025-04-10 +7 x9, 5
    2025-06-09, 14
    """
    assert log.on("2025-06-15").attention.level == "change"
    late = log.on("2025-06-16")
    assert late.attention.level == "usual"
    assert late.broken("KW102"), "the finding stays"


@logged
def test_what_is_switched_off_does_not_count(log: Log) -> None:
    """
    date, km
    2025-04-07 +7 x9, 10
    2025-04-10 +7 x9, 5
    2025-06-09, 14
    """
    off = log.with_config(ignore=frozenset({"KW102"}))
    assert off.attention.ratio == 1.0
    assert off.cannot_tell("KW102") == "switched off in kneewatch.toml"


# --- what it takes to give a level at all ------------------------------------------------------


@logged
def test_27_days_are_not_enough(log: Log) -> None:
    """
    date, km
    2025-05-15 +3 x10, 10
    """
    assert log.on("2025-06-11").attention.level == "usual"
    young = log.on("2025-06-10").attention
    assert (young.level, young.ratio, young.one_in) == ("not-enough-history", None, None)
    assert young.reasons == ("The log holds 27 days; it takes 28.",)


@logged
def test_7_runs_are_not_enough(log: Log) -> None:
    """
    date, km
    2025-04-21 +7 x8, 10
    """
    assert log.attention.level == "usual"
    assert log.on("2025-06-08").attention.reasons == ("The log holds 7 runs; it takes 8.",)


@logged
def test_a_gap_of_11_days_is_too_long(log: Log) -> None:
    """
    date, km
    2025-04-01 +3 x17, 10
    2025-05-30, 10
    """
    assert log.rows[-2]["local_date"] == "2025-05-19"
    ten = log.and_then("2025-05-31", km=10).on("2025-05-31")
    assert ten.attention.level == "usual"
    assert log.on("2025-06-09").attention.level == "usual", "10 days since the last run"
    gap = log.on("2025-06-10").attention
    assert gap.level == "not-enough-history"
    assert gap.reasons[0].startswith("The last 30 days hold a gap of 11 days without a run")


@logged
def test_no_run_in_30_days(log: Log) -> None:
    """
    date, km
    2025-04-01 +3 x17, 10
    """
    assert log.on("2025-06-30").attention.reasons == ("There is no run in the last 30 days.",)
    assert EMPTY.attention.level == "not-enough-history"
    assert "The log holds 0 days; it takes 28." in EMPTY.attention.reasons


@logged
def test_a_short_log_is_not_called_usual_nor_a_jump(log: Log) -> None:
    """
    date, km
    2025-06-02, 10
    2025-06-09, 30
    """
    assert log.attention.level == "not-enough-history"
    assert "The log holds 2 runs; it takes 8." in log.attention.reasons


@logged
def test_days_before_the_log_are_no_gap(log: Log) -> None:
    """
    date, km
    2025-05-20 +3 x6, 10
    """
    assert cover(log.facts).longest_gap_days == 2


@logged
def test_coverage_is_by_distance(log: Log) -> None:
    """
    date, km, descent_m, surface, shoe, altitude, hr, spm
    2025-05-20, 30, 100, hard, Blue, barometer, 150, 170
    2025-05-21, 10, 100, , , gps, , 170
    2025-06-09, 10, , treadmill, , , 150,
    """
    known = cover(log.facts)
    assert known.altitude == {"barometer": 0.6, "gps": 0.2, "none": 0.2}
    assert (known.surface, known.shoe) == (0.8, 0.6)
    assert (known.heart_rate, known.cadence) == (0.8, 0.8)
    assert (known.history_days, known.runs, known.recent_runs) == (21, 3, 3)
    assert (known.first_run, known.last_run) == ("2025-05-20", "2025-06-09")
    assert known.longest_gap_days == 18


# --- how loud --------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(BOOK))
@pytest.mark.parametrize("wanted", list(Severity))
def test_the_grade_caps_the_severity(code: str, wanted: Severity) -> None:
    rule = KNOWN.rules[code]
    loudest = {
        "A": Severity.WARNING,
        "B": Severity.WARNING,
        "C": Severity.CAUTION,
        "convention": Severity.CAUTION,
        "D": Severity.NOTE,
    }[rule.grade]
    assert rule.loud(wanted) == min(wanted, loudest)
    assert LOUDEST[rule.grade] == loudest
    assert rule.loud(wanted) < Severity.URGENT, "urgent is for the runner's own entries"


LOUD = """
date, km, descent_m, steep_km, surface, shoe
2025-01-06 +7 x22, 10, 20, 0, hard, Old
2025-01-08 +7 x22, 5, 20, 0, hard, Old
2025-06-09, 90, 2900, 20, uneven, New
2025-06-10, 5, 900, 5, uneven, New
2025-06-11, 5, 900, 5, hard, Old
"""


@pytest.mark.parametrize("grade", sorted(LOUDEST))
def test_with_another_grade_every_rule_is_as_loud_as_that_allows(grade: str) -> None:
    """The worst week imaginable, judged as if all evidence were of one grade."""
    facts = read(LOUD).facts
    graded: dict[str, Any] = {
        code: replace(rule, grade=grade) for code, rule in facts.evidence.rules.items()
    }
    found = review(replace(facts, evidence=replace(facts.evidence, rules=graded))).findings
    assert {f.code for f in found} >= {"KW101", "KW102", "KW103", "KW201", "KW202", "KW701"}
    assert max(f.severity for f in found) == LOUDEST[grade]
    assert {f.grade for f in found} == {grade}


def test_a_finding_without_weight_never_colours_the_level() -> None:
    facts = EMPTY.facts
    note = Finding(
        "KW401", "shoe-mileage", Severity.CAUTION, "C", "2025-06-12", "2025-06-12", 1, 1, "m", "x"
    )
    steady = replace(
        cover(facts), history_days=99, runs=99, longest_gap_days=1, last_run="2025-06-12"
    )
    assert attend(facts, [note], steady).level == "usual"
    assert attend(facts, [replace(note, weight=SPIKE)], steady).level == "change"
