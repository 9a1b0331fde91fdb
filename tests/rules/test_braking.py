"""KW204: steps weighted by slope against the 30 days before; length alone is no matter of it."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logbook import EMPTY, Log, logged, read

from kneewatch.model import Finding, Kept, Severity
from kneewatch.plan import Session, judged, recent_rows
from kneewatch.rules import BOOK
from kneewatch.rules.braking import slope_share
from kneewatch.rules.gather import gather

USUAL = "2025-04-28 +3 x14, 10, 9000, 9200, 1"


def hills(*rows: str) -> Log:
    """Six weeks of 10 km with 1 km down, and some runs."""
    return read("\n".join(["date, km, steps, braking_steps, down_km", USUAL, *rows]))


def test_thirty_percent_more_is_within_and_a_little_more_is_not() -> None:
    assert hills("2025-06-10, 10, 9000, 11960, 4").kept("KW204")
    assert hills("2025-06-10, 10, 9000, 11970, 4").broken_once("KW204")


def test_what_it_says() -> None:
    finding = hills("2025-06-10, 13, 12100, 13200, 5.2").broken_once("KW204")
    assert finding.observed == pytest.approx(13200 / 9200)
    assert (finding.limit, finding.unit) == (1.3, "ratio")
    assert finding.severity == Severity.CAUTION, "grade C allows no more"
    assert finding.weight == pytest.approx(math.log(1.30))
    assert finding.message == (
        "The run of Tue 10 Jun counted like 13,200 level steps (12,100 real ones; a step downhill "
        "counts more, a walking one half), the most of the 30 days before like 9,200: 40 % of it "
        "went down at −2 % or steeper."
    )
    assert finding.tissues[0] == "popliteus"


@settings(max_examples=25, deadline=None)
@given(times=st.floats(1.0, 20.0), down=st.floats(0.0, 1.4))
def test_a_run_that_is_merely_longer_is_a_matter_of_distance(times: float, down: float) -> None:
    """However long, where no more than 14 % of it goes down at 7.5 %."""
    cells = f"{10 * times}, {9000 * times}, {9000 * times * (1 + 0.035 * down)}, {down * times}"
    (answer,) = BOOK["KW204"].judge(hills(f"2025-06-10, {cells}").facts)
    assert isinstance(answer, Kept)


def test_hills_that_are_usual_do_not_make_a_longer_flat_run_one_of_hills() -> None:
    """Twice as far with half the downhill of a usual run in each kilometre, plus a bit."""
    rows = "2025-04-28 +3 x14, 10, 9000, 10400, 5"
    log = read(f"date, km, steps, braking_steps, down_km\n{rows}\n2025-06-10, 20, 18000, 19300, 6")
    assert log.kept("KW204")
    assert log.broken("KW102")


def test_walking_does_not_hide_the_slopes() -> None:
    """Who walks up has fewer level steps than real ones, and brakes on the way down as well."""
    assert hills("2025-06-10, 20, 24000, 18000, 8").broken_once("KW204")


def test_it_belongs_to_the_family_of_downhill_and_adds_nothing_to_a_descent_spike() -> None:
    log = read(
        "date, km, steps, braking_steps, down_km, descent_m\n"
        "2025-04-28 +3 x14, 10, 9000, 9200, 1, 50\n2025-06-10, 10, 9000, 13000, 4, 400"
    )
    both = {f.code for f in log.review.findings if f.weight}
    assert both == {"KW201", "KW202", "KW204"}
    assert log.attention.ratio == pytest.approx(1.30)


def test_alone_it_makes_a_change() -> None:
    attention = hills("2025-06-10, 10, 9000, 12500, 4").attention
    assert (attention.level, attention.one_in) == ("change", None)
    assert attention.ratio == pytest.approx(1.30)


@logged
def test_without_steps_or_barometer_it_cannot_tell(log: Log) -> None:
    """
    date, km, descent_m, spm
    2025-04-28 +3 x14, 10, 100, 170
    """
    assert log.cannot_tell("KW204").startswith("most runs of the last 4 weeks have no steps")
    assert EMPTY.cannot_tell("KW204") == "no run in the last 4 weeks"


def test_a_month_without_a_measure_is_no_base() -> None:
    log = read(
        "date, km, steps, braking_steps, down_km\n2025-04-28 +3 x14, 10, , ,\n"
        "2025-06-10, 10, 9000, 12500, 4"
    )
    assert log.cannot_tell("KW204").startswith("most runs in the 30 days before Tue 10 Jun have")


def test_a_short_log_and_a_first_run_cannot_tell() -> None:
    text = "date, km, steps, braking_steps, down_km\n2025-05-30 +3 x3, 10, 9000, 9200, 1\n{}"
    log = read(text.format("2025-06-10, 10, 9000, 12500, 4"))
    assert log.cannot_tell("KW204") == "the log holds less than 30 days before Tue 10 Jun"
    log = read(text.format("2025-07-20, 10, 9000, 12500, 4"))
    assert log.cannot_tell("KW204") == "no run in the 30 days before Sun 20 Jul: see KW202"


def test_below_the_floor_a_ratio_says_nothing() -> None:
    text = "date, km, steps, braking_steps, down_km\n2025-04-28 +3 x14, 2, 1800, 1850, 0.2\n{}"
    assert read(text.format("2025-06-10, 4, 3600, 4900, 2")).kept("KW204")
    assert read(text.format("2025-06-10, 5, 4500, 5100, 2")).broken_once("KW204")


def test_the_share_of_slopes_by_hand_and_none_on_a_treadmill() -> None:
    """4 of 10 km at 7.5 % add 0.4 x 0.046 x 7.5 (EVIDENCE 4)."""
    log = hills("2025-06-10, 10, 9000, 12500, 4")
    assert slope_share(log.facts.runs).iloc[-1] == pytest.approx(0.138)
    indoors = log.facts.runs.assign(surface="treadmill", grade_m10_m5_m=float("nan"))
    assert (slope_share(indoors) == 0).all()


def test_a_plan_is_not_asked_for_steps() -> None:
    log = hills("2025-06-09, 10, 9000, 9200, 1")

    def facts_of(rows: list[dict], day: date):
        every = [*recent_rows(log.rows, log.as_of), *rows]
        return gather(every, log.config, log.facts.evidence, day, first_day=log.facts.first_day)

    sessions = [Session(date(2025, 6, 10 + 2 * n), 10_000) for n in range(4)]
    for verdict in judged(sessions, log.facts, facts_of).verdicts:
        assert "KW204" not in {lack.code for lack in verdict.untold}
        assert not any(isinstance(f, Finding) and f.code == "KW204" for f in verdict.findings)
