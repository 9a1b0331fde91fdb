"""KW301, KW302: on what ground. Unknown ground is never taken for hard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from logbook import EMPTY, Log, logged

from kneewatch.columns import GROUNDS
from kneewatch.model import Severity
from kneewatch.report import holdings
from kneewatch.rules.surface import surface_shares


@logged
def test_eighty_percent_hard_is_within(log: Log) -> None:
    """
    date, km, surface
    2025-05-19 +7 x4, 8, hard
    2025-05-21 +7 x4, 2, soft
    """
    assert log.kept("KW301") == "80 % of the last 4 weeks' known distance was on hard ground"


@logged
def test_more_is_said_as_a_note(log: Log) -> None:
    """
    date, km, surface
    2025-05-19 +7 x4, 8.1, hard
    2025-05-21 +7 x4, 1.9, soft
    """
    finding = log.broken_once("KW301")
    assert finding.observed == pytest.approx(0.81)
    assert (finding.limit, finding.unit) == (0.8, "share")
    assert (finding.severity, finding.weight) == (Severity.NOTE, 0.0)
    assert len(finding.runs) == 4


@logged
def test_unknown_ground_is_never_hard(log: Log) -> None:
    """
    date, km, surface
    2025-05-19 +7 x4, 10, unknown
    """
    assert log.cannot_tell("KW301") == (
        "the files name the ground of 0 % of the last 4 weeks' distance"
    )
    assert EMPTY.cannot_tell("KW301") == "no run in the last 4 weeks"


@logged
def test_half_of_the_ground_must_be_known(log: Log) -> None:
    """
    date, km, surface
    2025-05-19 +7 x4, 5, hard
    2025-05-21 +7 x4, 5, unknown
    """
    finding = log.broken_once("KW301")
    assert finding.observed == 1.0
    assert "of the 50 % whose ground is known" in finding.message
    assert log.and_then("2025-06-11T09:00", km=0.1).cannot_tell("KW301")


@logged
def test_the_treadmill_is_known_ground_and_not_hard(log: Log) -> None:
    """
    date, km, surface
    2025-05-19 +7 x4, 5, hard
    2025-05-21 +7 x4, 5, treadmill
    """
    assert log.kept("KW301").startswith("50 %")


@logged
def test_only_the_last_four_weeks_count(log: Log) -> None:
    """
    date, km, surface
    2025-04-01 +2 x20, 10, hard
    2025-05-19 +7 x4, 10, soft

    as of 2025-06-15
    """
    assert log.kept("KW301").startswith("0 %")


@logged
def test_shares_are_of_what_is_known(log: Log) -> None:
    """
    date, km, surface
    2025-06-02, 6, hard
    2025-06-03, 2, soft
    2025-06-04, 2, unknown
    """
    shares, known = surface_shares(log.facts.runs)
    assert shares == {"hard": pytest.approx(0.75), "soft": pytest.approx(0.25)}
    assert known == pytest.approx(0.8)
    assert surface_shares(EMPTY.facts.runs) == ({}, 0.0)


# --- KW302: new ground -------------------------------------------------------------------------


@logged
def test_new_ground_is_a_note(log: Log) -> None:
    """
    date, km, surface
    2025-04-28 +7 x6, 10, hard
    2025-06-09, 8, uneven
    """
    finding = log.broken_once("KW302")
    assert (finding.observed, finding.limit, finding.unit) == (0.0, 0.1, "share")
    assert (finding.severity, finding.weight) == (Severity.NOTE, 0.0)
    assert finding.message == (
        "1 run from Mon 9 Jun (8.0 km) was on uneven ground (trail), which was 0 % of the 30 days "
        "before."
    )
    assert set(finding.tissues) == {"popliteus", "meniscus", "pcl"}


@logged
def test_new_smooth_ground_names_no_tissue(log: Log) -> None:
    """
    date, km, surface
    2025-04-28 +7 x6, 10, hard
    2025-06-09, 8, treadmill
    """
    assert log.broken_once("KW302").tissues == ()


@logged
def test_ten_percent_of_the_days_before_are_known_to_the_legs(log: Log) -> None:
    """
    date, km, surface
    2025-04-21, 10, hard
    2025-05-11, 1, uneven
    2025-05-20, 9, hard
    2025-06-09, 8, uneven
    """
    assert log.kept("KW302")
    diluted = log.and_then("2025-06-07", km=1, surface="hard").broken_once("KW302")
    assert diluted.observed == pytest.approx(1 / 11)
    assert "was 9 % of the 30 days before" in diluted.message


@logged
def test_runs_on_the_same_new_ground_are_one_finding(log: Log) -> None:
    """
    date, km, surface
    2025-04-28 +7 x6, 30, hard
    2025-06-09, 4, uneven
    2025-06-10, 4, uneven
    2025-06-11, 4, soft
    """
    findings = log.broken("KW302")
    assert sorted(len(finding.runs) for finding in findings) == [1, 2]
    assert any(f.message.startswith("2 runs from Mon 9 Jun (8.0 km) were on") for f in findings)


@logged
def test_with_too_little_known_before_it_cannot_tell(log: Log) -> None:
    """
    date, km, surface
    2025-04-28 +7 x3, 10, hard
    2025-05-19 +7 x3, 10, unknown
    2025-06-09, 8, uneven
    """
    assert log.cannot_tell("KW302") == "the files do not name the ground of enough runs"


@logged
def test_the_first_days_of_a_log_cannot_tell_new_ground(log: Log) -> None:
    """The 30 days before hold trails, for all that the files say.

    date, km, surface
    2025-06-02, 10, hard
    2025-06-05, 8, uneven
    2025-06-09, 8, hard
    """
    assert log.cannot_tell("KW302") == "the log is not longer than 30 days"
    assert EMPTY.cannot_tell("KW302") == "no run in the last 4 weeks"


@logged
def test_runs_on_unknown_ground_are_not_denied(log: Log) -> None:
    """
    date, km, surface
    2025-04-21, 10, hard
    2025-05-12 +7 x4, 5, hard
    2025-05-14 +7 x4, 6, unknown
    """
    assert log.cannot_tell("KW302")
    assert log.and_then("2025-06-04T18:00", km=10, surface="hard").kept("KW302")


# --- by metres, where a map tells them ---------------------------------------------------------


def mapped(log: Log, **shares: float) -> Log:
    """The same log, with so much of each run on each class of ground as a map would say."""
    rows = tuple(
        row | {f"surface_{name}_m": shares.get(name, 0.0) * row["distance_m"] for name in GROUNDS}
        for row in log.rows
    )
    return replace(log, rows=rows)


@logged
def test_the_share_of_hard_ground_is_of_metres(log: Log) -> None:
    """
    date, km, surface
    2025-05-19 +7 x4, 10, hard
    """
    assert log.broken_once("KW301").observed == 1.0
    kept = mapped(log, hard=0.6, soft=0.3).kept("KW301")
    assert kept == "67 % of the last 4 weeks' known distance was on hard ground"
    finding = mapped(log, hard=0.54, soft=0.06).broken_once("KW301")
    assert finding.observed == pytest.approx(0.9)
    assert "of the 60 % whose ground is known" in finding.message
    assert len(finding.runs) == 4
    why = mapped(log, hard=0.4).cannot_tell("KW301")
    assert why == "the files name the ground of 40 % of the last 4 weeks' distance"


@logged
def test_coverage_is_of_metres(log: Log) -> None:
    """
    date, km, surface
    2025-05-19 +7 x4, 10, hard
    """
    told = mapped(log, hard=0.4, uneven=0.22).review.coverage
    assert told is not None
    assert told.surface == pytest.approx(0.62)
    assert told.ground == {"hard": pytest.approx(0.4), "uneven": pytest.approx(0.22)}
    assert holdings.ground(told) == "hard 40 %, uneven 22 %; 62 % of distance known"


@logged
def test_half_a_run_on_new_ground_is_news(log: Log) -> None:
    """
    date, km, surface
    2025-04-28 +7 x6, 10, hard
    2025-06-09, 8, unknown
    """
    before, last = log.rows[:-1], log.rows[-1]

    def ending(**metres: float) -> Log:
        row = last | {f"surface_{name}_m": metres.get(name, 0.0) for name in GROUNDS}
        return replace(log, rows=(*before, row))

    finding = ending(uneven=4000.0, hard=4000.0 - 1).broken_once("KW302")
    assert "was on uneven ground (trail), which was 0 % of the 30 days before" in finding.message
    assert ending(uneven=3900.0, hard=4100.0).kept("KW302")
    # No class has half of it: it is of none.
    assert ending(uneven=3000.0, soft=3000.0, hard=2000.0).kept("KW302")
