"""KW701: what fired, and which tissues that loads (EVIDENCE 12). No number, no condition."""

from __future__ import annotations

import re

import pytest
from logbook import EMPTY, Log, logged, read

from kneewatch import evidence
from kneewatch.model import Severity
from kneewatch.rules.knee import EXPOSURES_OF, TissueView, fired_exposures, unplaced, view

TABLE = """
popliteus      1 2 0 1 1 1
hamstrings     1 1 2 2 1 0
gastrocnemius  1 1 2 2 0 0
bakers_cyst    1 1 1 0 0 0
meniscus       1 1 0 1 1 1
pcl            0 1 0 1 0 1
"""
"""EVIDENCE 12 by row: spike, downhill, hard minutes, surges, long steps, uneven; ●● 2, ● 1."""

EXPOSURES = ("session_spike", "downhill", "hard_minutes", "surges", "long_steps", "uneven")


def test_the_table_is_that_of_the_evidence() -> None:
    rows = [line.split() for line in TABLE.strip().splitlines()]
    expected = {name: dict(zip(EXPOSURES, map(int, loads), strict=True)) for name, *loads in rows}
    assert {key: dict(t.loads) for key, t in evidence.load().tissues.items()} == expected


def test_every_rule_that_loads_the_knee_is_known() -> None:
    assert {name for names in EXPOSURES_OF.values() for name in names} == set(EXPOSURES)
    assert EXPOSURES_OF.keys() <= evidence.load().rules.keys()


@logged
def test_nothing_fired(log: Log) -> None:
    """
    date, km, descent_m, surface
    2025-04-07 +7 x10, 10, 50, hard
    """
    assert log.kept("KW701") == (
        "nothing that loads the back of the knee has changed by the rules that could tell"
    )
    assert EMPTY.cannot_tell("KW701") == (
        "the log holds too little to know what is usual; it takes a log of 28 days with 8 runs"
    )


@pytest.mark.parametrize(
    ("rows", "is_thin"),
    [
        ("2025-06-01, 10, 50\n2025-06-09, 10, 50", True),
        ("2025-06-01 +1 x9, 10, 50", True),
        ("2025-05-01, 10, 50\n2025-06-04 +1 x6, 10, 50", True),
        ("2025-05-13 +4 x7, 10, 50\n2025-06-09, 10, 50", False),
    ],
)
def test_a_log_that_holds_little_calls_nothing_usual(rows: str, is_thin: bool) -> None:
    """Rules that find nothing in a few days say nothing of what is usual."""
    log = read(f"date, km, descent_m\n{rows}")
    for seen in log.review.knee:
        assert (seen.kept == ()) == is_thin
        assert ("a log of 28 days with 8 runs" in seen.change) == is_thin
    if is_thin:
        assert "too little to know what is usual" in log.cannot_tell("KW701")
    else:
        assert log.kept("KW701")


@logged
def test_what_changed_in_a_thin_log_is_told_and_nothing_stayed_as_usual(log: Log) -> None:
    """
    date, km
    2025-04-20, 10
    2025-05-20 +4 x4, 10
    2025-06-09, 15
    """
    finding = log.broken_once("KW701")
    assert "stayed as usual" not in finding.message
    assert "Not to be told from this log: more downhill" in finding.message


@logged
def test_a_long_run_names_five_tissues(log: Log) -> None:
    """
    date, km
    2025-04-07 +7 x9, 10
    2025-06-09, 12
    """
    finding = log.broken_once("KW701")
    assert set(finding.tissues) == {
        "popliteus",
        "hamstrings",
        "gastrocnemius",
        "bakers_cyst",
        "meniscus",
    }
    assert finding.message.startswith("What changed (a longer run than usual) loads tissues")
    assert (finding.observed, finding.severity, finding.weight) == (1.0, Severity.NOTE, 0.0)
    assert finding.runs == ("run 2025-06-09 07:00:00.000000",)
    assert finding.start == finding.end == "2025-06-09"


@logged
def test_downhill_names_all_and_the_best_supported_first(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-07 +7 x9, 10, 50
    2025-06-09, 10, 300
    """
    finding = log.broken_once("KW701")
    assert finding.tissues[0] == "popliteus"
    assert set(finding.tissues) == set(evidence.load().tissues)
    assert "(more downhill than usual)" in finding.message, "two rules, one exposure"
    assert finding.observed == 1.0


@logged
def test_a_steeper_month_is_downhill(log: Log) -> None:
    """No single run stands out, and the mix does.

    date, km, descent_m, steep_km
    2025-02-24 +7 x12, 10, 190, 0.1
    2025-05-19 +7 x4, 10, 190, 0.6

    as of 2025-06-15
    """
    assert {finding.code for finding in log.review.findings} == {"KW203", "KW701"}
    assert log.broken_once("KW701").tissues[0] == "popliteus"
    assert "pcl" in log.broken_once("KW701").tissues
    assert "gastrocnemius" in log.broken_once("KW701").tissues, "which uneven ground does not load"


@logged
def test_uneven_ground_names_three(log: Log) -> None:
    """
    date, km, descent_m, surface
    2025-04-07 +7 x9, 10, 50, hard
    2025-06-09, 10, 50, uneven
    """
    assert log.broken_once("KW701").tissues == ("popliteus", "meniscus", "pcl")


@logged
def test_soft_ground_and_shoes_and_weeks_name_none(log: Log) -> None:
    """They break rules, of which none is an exposure of the table.

    date, km, descent_m, surface, shoe
    2025-03-31 +7 x10, 10, 50, hard, Old
    2025-06-09, 10, 50, soft, New
    2025-06-10, 10, 50, hard, Old
    """
    fired = {finding.code for finding in log.review.findings}
    assert fired == {"KW101", "KW302", "KW402"}
    assert log.kept("KW701")


@logged
def test_all_at_once_is_said_in_a_row(log: Log) -> None:
    """
    date, km, descent_m, surface
    2025-04-07 +7 x9, 10, 50, hard
    2025-06-09, 14, 300, uneven
    """
    finding = log.broken_once("KW701")
    assert finding.message.startswith(
        "What changed (a longer run than usual, more downhill than usual and uneven ground or "
        "sharp turns) loads"
    )
    assert finding.observed == 3.0
    assert finding.tissues[0] == "popliteus"


@logged
def test_a_rule_that_is_switched_off_is_not_gathered(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-07 +7 x9, 10, 50
    2025-06-09, 14, 50
    """
    assert log.broken_once("KW701")
    assert log.with_config(ignore=frozenset({"KW102"})).kept("KW701")


@logged
def test_no_probability_and_no_verdict(log: Log) -> None:
    """
    date, km, descent_m, surface
    2025-04-07 +7 x9, 10, 50, hard
    2025-06-09, 14, 300, uneven
    """
    finding = log.broken_once("KW701")
    said = f"{finding.message} {finding.advice}"
    assert not re.search(r"probab|likel|chance|risk|percent|%|\d|you (may )?have|injur", said)
    assert "clinician" in finding.advice


@pytest.mark.parametrize("key", list(evidence.load().tissues))
def test_a_pattern_describes_and_does_not_conclude(key: str) -> None:
    tissue = evidence.load().tissues[key]
    said = f"{tissue.pattern} {tissue.other}"
    assert not re.search(r"probab|likel|chance|%|you have|means that", said)
    assert tissue.pattern
    assert tissue.other


# --- the view per tissue --------------------------------------------------------------------------


def views(log: Log) -> dict[str, TissueView]:
    answers = log.review
    untold = {answer.code for answer in answers.cannot_tell}
    return {seen.tissue.key: seen for seen in view(log.facts, answers.findings, untold)}


@logged
def test_each_exposure_of_a_tissue_is_fired_or_kept_or_untold(log: Log) -> None:
    """
    date, km, descent_m, surface
    2025-04-07 +7 x9, 10, 50, hard
    2025-06-09, 14, 300, hard
    """
    for seen in views(log).values():
        fired = [exposed.exposure for exposed in seen.fired]
        every = [*fired, *seen.kept, *seen.untold]
        assert len(set(every)) == len(every)
        assert set(every) == {name for name, load in seen.tissue.loads.items() if load}
    popliteus = views(log)["popliteus"]
    assert [exposed.exposure for exposed in popliteus.fired] == ["downhill", "session_spike"]
    assert [exposed.strength for exposed in popliteus.fired] == [2, 1]
    assert popliteus.fired[1].codes == ("KW102",)
    assert popliteus.fired[1].grades == ("C/B",), "mechanism, injury"
    assert "uneven" in popliteus.kept
    assert "long_steps" in popliteus.untold, "no step rate"
    assert "a step rate" in popliteus.change
    assert "KW102" in popliteus.change


@logged
def test_entries_are_shown_where_they_lie_and_nowhere_else(log: Log) -> None:
    """
    date, km, name
    2025-04-07 +7 x9, 10,
    2025-06-05, 10, pain:2 outer back left
    2025-06-09, 10, pain:1 calf
    """
    noted = {key: [entry.where for entry in seen.noted] for key, seen in views(log).items()}
    assert noted["popliteus"] == ["outer-back"]
    assert noted["gastrocnemius"] == ["calf"]
    assert noted["bakers_cyst"] == []
    assert "what you noted comes before" in views(log)["popliteus"].change
    assert "would outrank it" in views(log)["bakers_cyst"].change


@logged
def test_entries_without_a_place_are_no_structures_and_not_lost(log: Log) -> None:
    """
    date, km, name
    2025-04-07 +7 x9, 10,
    2025-06-09, 10, pain:2
    """
    assert all(seen.noted == () for seen in log.review.knee)
    assert [entry.score for entry in unplaced(log.facts)] == [2.0]


@logged
def test_old_entries_and_zeros_are_none(log: Log) -> None:
    """
    date, km, name
    2025-04-07, 10, pain:6 outer back
    2025-04-14 +7 x8, 10,
    2025-06-09, 10, pain:0 outer back
    """
    assert all(seen.noted == () for seen in views(log).values())


def test_no_place_points_to_one_tissue_alone() -> None:
    """Whoever notes a place at the back of the knee is shown more than one structure."""
    places = [place for tissue in evidence.load().tissues.values() for place in tissue.places]
    assert {place for place in places if places.count(place) == 1} <= {"calf", "thigh"}


@logged
def test_the_message_says_what_stayed_and_what_was_noted(log: Log) -> None:
    """
    date, km, descent_m, name
    2025-04-07 +7 x9, 10, 50,
    2025-06-09, 14, 50, pain:1 outer back
    """
    message = log.broken_once("KW701").message
    assert "stayed as usual: more downhill than usual" in message
    assert "that comes before the log" in message
    assert "Not to be told from this log" in message


@logged
def test_soft_ground_is_no_exposure(log: Log) -> None:
    """
    date, km, surface
    2025-03-31 +7 x10, 10, hard
    2025-06-09, 10, soft
    """
    assert "KW302" in {finding.code for finding in log.review.findings}
    assert fired_exposures(log.review.findings) == ()


@logged
def test_the_view_tells_no_chances(log: Log) -> None:
    """
    date, km, descent_m, surface
    2025-04-07 +7 x9, 10, 50, hard
    2025-06-09, 14, 300, uneven
    """
    for seen in views(log).values():
        assert not re.search(r"probab|likel|chance|risk|%|you (may )?have|safe", seen.change)
