"""KW111: hard minutes against the most of the 30 days before."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logbook import EMPTY, Log, logged, read

from kneewatch.model import Finding, Severity
from kneewatch.rules.intensity import hard_weight


@logged
def test_thirty_percent_more_is_within(log: Log) -> None:
    """
    date, km, min, fast_min
    2025-05-05 +7 x5, 10, 60, 10
    2025-06-09, 10, 60, 13
    """
    assert log.kept("KW111").startswith("no run of the last 4 weeks with 8 min of hard running")


@logged
def test_more_than_thirty_percent_is_said_with_its_measure(log: Log) -> None:
    """
    date, km, min, fast_min
    2025-05-05 +7 x5, 10, 60, 12
    2025-06-09, 10, 60, 24
    """
    finding = log.broken_once("KW111")
    assert finding.observed == pytest.approx(2.0)
    assert (finding.limit, finding.unit) == (1.3, "ratio")
    assert finding.start == finding.end == "2025-06-09"
    assert finding.severity == Severity.CAUTION
    assert finding.weight == pytest.approx(math.log(1.25))
    assert finding.message == (
        "The run of Mon 9 Jun held 24 min of hard running (faster than critical speed, about 4:10 "
        "/km on the level); the most of the 30 days before was 12 min. Of the running time of the "
        "7 days up to it 40 % was hard. Fast running loads the calf and the hamstrings, the "
        "muscles that cross the back of the knee."
    )
    assert {"gastrocnemius", "hamstrings"} <= set(finding.tissues)
    assert "popliteus" not in finding.tissues
    assert finding.advice.startswith("on the next fast run keep to about 16 min of hard running")


@pytest.mark.parametrize(
    ("ratio", "share"), [(0.5, 0.0), (1.3, 0.0), (1.65, 0.5), (2.0, 1.0), (9.0, 1.0)]
)
def test_the_weight_has_no_cliff(ratio: float, share: float) -> None:
    assert hard_weight(EMPTY.facts, ratio) == pytest.approx(share * math.log(1.25), abs=1e-12)


@logged
def test_below_eight_minutes_nothing_is_said(log: Log) -> None:
    """Seven against one is seven times as much, and too little to speak of.

    date, km, min, fast_min
    2025-05-05 +7 x5, 10, 60, 1
    2025-06-09, 10, 60, 7.9
    """
    assert log.kept("KW111")
    assert log.and_then("2025-06-10", km=10, min=60, fast_min=10.9).on("2025-06-10").broken("KW111")


@logged
def test_first_hard_minutes_after_none(log: Log) -> None:
    """Nothing hard in 30 days: any 8 minutes and more are new, and the ratio stays a number.

    date, km, min, fast_min
    2025-05-05 +7 x5, 10, 60, 0
    2025-06-09, 10, 60, 20
    """
    finding = log.broken_once("KW111")
    assert math.isfinite(finding.observed)
    assert "the most of the 30 days before was none" in finding.message
    assert "keep to about 8 min" in finding.advice


@logged
def test_by_heart_rate_where_there_is_no_pace(log: Log) -> None:
    """
    date, km, min, beats_min
    2025-05-05 +7 x5, 10, 60, 10
    2025-06-09, 10, 60, 20
    """
    finding = log.broken_once("KW111")
    assert "(by heart rate, above 176 beats a minute, so roughly)" in finding.message
    assert log.with_config(max_heart_rate_bpm=215.0).kept("KW111"), "nothing is hard then"


@logged
def test_without_pace_and_heart_rate_nothing_can_be_told(log: Log) -> None:
    """
    date, km, min
    2025-05-05 +7 x6, 10, 60
    """
    assert "too few runs of the last 4 weeks have hard time to speak of" in log.cannot_tell("KW111")
    assert EMPTY.cannot_tell("KW111") == "no run in the last 4 weeks"


@logged
def test_a_run_that_was_not_measured_may_have_been_the_harder_one(log: Log) -> None:
    """Two of five runs before have no pace.

    date, km, min, fast_min
    2025-05-12 +7 x2, 10, 60,
    2025-05-26 +3 x3, 10, 60, 10
    2025-06-09, 10, 60, 20
    """
    log = log.and_then("2025-04-20", km=5, min=30, fast_min=0)
    assert "to compare with" in log.cannot_tell("KW111")


@logged
def test_a_young_log_cannot_tell_but_small_doses_are_kept(log: Log) -> None:
    """
    date, km, min, fast_min
    2025-05-26 +3 x4, 10, 60, 5
    2025-06-09, 10, 60, 20
    """
    assert log.cannot_tell("KW111") == "the log holds less than 30 days before Mon 9 Jun"
    assert log.on("2025-06-08").kept("KW111")


@logged
def test_after_a_month_without_a_run_there_is_nothing_to_compare_with(log: Log) -> None:
    """
    date, km, min, fast_min
    2025-04-01 +2 x4, 10, 60, 5
    2025-06-09, 10, 60, 20
    """
    assert log.cannot_tell("KW111").endswith("see KW103")


@logged
def test_a_better_critical_speed_is_no_jump_and_an_older_one_neither(log: Log) -> None:
    """The bests drop out of their 120 days, or a new one comes: all runs by one measure.

    date, km, min, fast_min
    2025-05-05 +7 x5, 10, 60, 15
    2025-06-09, 10, 60, 15
    """
    slower = {f"best_{m}m_s": (m - 200) / 3.4 for m in (400, 800, 5000)}
    faster = {f"best_{m}m_s": (m - 200) / 4.5 for m in (400, 800, 5000)}
    for first, last in ((slower, faster), (faster, slower)):
        rows = [{**row, **first} for row in log.rows[:-1]] + [{**log.rows[-1], **last}]
        changed = Log(tuple(rows), log.as_of)
        assert changed.kept("KW111")


@logged
def test_a_jump_tells_the_share_of_its_week(log: Log) -> None:
    """20 of 120 minutes in the week up to the run; what came later is another week.

    date, km, min, fast_min
    2025-05-05 +7 x5, 10, 60, 6
    2025-06-07, 10, 60, 0
    2025-06-09, 10, 60, 20
    2025-06-11, 10, 60, 0
    """
    share = "Of the running time of the 7 days up to it 17 % was hard."
    assert share in log.broken_once("KW111").message
    unknown = log.and_then("2025-06-08", km=8, min=50)
    assert "was hard" not in unknown.broken_once("KW111").message, "not all of it is known"


@logged
def test_the_share_of_hard_time_is_told(log: Log) -> None:
    """
    date, km, min, fast_min
    2025-05-05 +7 x5, 10, 60, 6
    2025-06-09, 10, 60, 6
    2025-06-11, 10, 60, 0
    """
    assert log.kept("KW111").endswith("of the running time of the last 7 days 5 % was hard")
    unknown = log.and_then("2025-06-10", km=8, min=50)
    assert "was hard" not in unknown.kept("KW111"), "not all of it is known"


@given(st.lists(st.floats(0, 40), min_size=6, max_size=6), st.floats(1.0, 3.0))
@settings(max_examples=25, deadline=None)
def test_harder_before_never_makes_a_finding(minutes: list[float], factor: float) -> None:
    """Raising what was done before can only quieten what comes after."""

    def log(before: list[float]) -> Log:
        rows = "\n".join(
            f"2025-05-{5 + 4 * n:02d}, 10, 90, {fast:.3f}" for n, fast in enumerate(before)
        )
        text = f"date, km, min, fast_min\n2025-04-01, 10, 90, 0\n{rows}\n2025-06-02, 10, 90, 20"
        return read(text)

    def last(found: Log) -> bool:
        return any(
            isinstance(a, Finding) and a.start == "2025-06-02" for a in found._answers("KW111")
        )

    if not last(log(minutes)):
        assert not last(log([min(fast * factor, 85.0) for fast in minutes]))


@logged
def test_it_counts_in_full_alone_and_by_half_beside_a_longer_run(log: Log) -> None:
    """EVIDENCE 13: the largest family in full, the others by half.

    date, km, min, fast_min
    2025-05-01 +4 x10, 10, 60, 10
    2025-06-09, 10, 60, 25
    """
    assert log.attention.ratio == pytest.approx(1.25)
    assert log.attention.level == "change"
    longer = log.and_then("2025-06-09T18:00", km=14, min=80).attention
    assert longer.ratio == pytest.approx(1.59 * math.sqrt(1.25))
    assert longer.level == "clear-jump"
