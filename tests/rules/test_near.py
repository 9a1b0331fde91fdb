"""Runs between 5 and 10 % longer: they weigh as EVIDENCE 13 has it, and nothing speaks of them."""

from __future__ import annotations

import math
from datetime import date

import pytest
from logbook import Log, logged, read

from kneewatch.rules.alarms import own_levels
from kneewatch.rules.near import near_spikes

STEADY = """
date, km
2025-04-07 +7 x9, 10
2025-04-10 +7 x9, 5
2025-06-09, {km}
"""


def after(km: float) -> Log:
    """Nine weeks of 10 and 5 km, and a run today."""
    return read(STEADY.format(km=km))


@pytest.mark.parametrize(
    ("km", "ratio"),
    [(10.4, 1.0), (10.5, 1.0), (10.8, 1.149), (10.99, 1.255), (11.0, 1.261), (11.01, 1.267)],
)
def test_the_weight_grows_through_the_limit(km: float, ratio: float) -> None:
    """EVIDENCE 13: 0 at 1.05, ln 1.59 at 1.15, linear between."""
    log = after(km)
    expected = math.exp(min(max((km / 10 - 1.05) / 0.10, 0.0), 1.0) * math.log(1.59))
    assert expected == pytest.approx(ratio, abs=0.001)
    assert log.attention.ratio == pytest.approx(expected)


def test_it_is_a_reason_and_no_finding() -> None:
    log = after(10.8)
    assert log.kept("KW102").endswith("the longest came to +8 %")
    assert [f for f in log.review.findings if f.code == "KW102"] == []
    reason = log.attention.reasons[0]
    assert reason.startswith(
        "The run of Mon 9 Jun was 10.8 km, about 8 % longer than the longest of the 30 days before"
    )
    assert "so it counts in part" in reason
    assert log.attention.one_in == 390, "the study's figure, 450 / 1.149"


def test_a_run_that_speaks_is_not_counted_twice() -> None:
    assert [*near_spikes(after(11.01).facts)] == []
    reasons = [reason for reason in after(11.01).attention.reasons if "The run of" in reason]
    assert len(reasons) == 1


@logged
def test_before_the_first_file_a_longer_run_may_lie(log: Log) -> None:
    """
    date, km
    2025-05-17 +2 x12, 10
    2025-06-13, 10.8
    """
    assert [*near_spikes(log.facts)] == []
    assert log.attention.ratio is None or log.attention.ratio == 1.0


@logged
def test_a_week_later_it_weighs_no_more(log: Log) -> None:
    """
    date, km
    2025-04-07 +3 x20, 10
    2025-06-06, 10.8
    2025-06-09 +3 x2, 10

    as of 2025-06-12
    """
    assert log.attention.ratio == pytest.approx(math.exp(0.3 * math.log(1.59)))
    assert log.on("2025-06-13").attention.ratio == 1.0


def test_switched_off_it_does_not_weigh() -> None:
    log = after(10.8).with_config(ignore=frozenset({"KW102"}))
    assert log.attention.ratio == 1.0


@pytest.mark.parametrize("km", [10.4, 10.8, 10.99, 11.2, 14.0])
def test_the_runs_own_level_is_that_of_the_review(km: float) -> None:
    log = after(km)
    day = date(2025, 6, 9)
    assert [*own_levels(log.facts, day)] == [(day, log.attention.level)]
