"""KW401, KW402: in which shoes."""

from __future__ import annotations

from datetime import date

import pytest
from logbook import EMPTY, Log, logged

from kneewatch.config import Shoe
from kneewatch.model import Severity
from kneewatch.units import Units


@logged
def test_the_three_limits(log: Log) -> None:
    """300 miles, 700 km, 500 miles: 1 m below, and at them.

    date, km, shoe
    2025-06-02, 10, Blue
    2025-06-05, 10, Blue
    """

    def worn(total_m: float) -> Log:
        return log.with_config(shoes=(Shoe("Blue", worn_m=total_m - 20_000),))

    assert worn(482_802).kept("KW401") == "no pair in use has 483 km yet; the furthest has 483 km"
    notice = worn(482_803.2).broken_once("KW401")
    assert (notice.severity, notice.limit) == (Severity.NOTE, 482_803.2)
    assert "time to have a look" in notice.message
    assert worn(699_999).broken_once("KW401").severity == Severity.NOTE
    caution = worn(700_000).broken_once("KW401")
    assert (caution.severity, caution.limit) == (Severity.CAUTION, 700_000.0)
    assert worn(804_671).broken_once("KW401").limit == 700_000.0
    over = worn(804_672).broken_once("KW401")
    assert (over.severity, over.limit) == (Severity.CAUTION, 804_672.0)
    assert "most guides would change" in over.message
    assert worn(2_000_000).broken_once("KW401").severity == Severity.CAUTION, "mere convention"
    assert {f.weight for f in (notice, caution, over)} == {0.0}
    assert {f.tissues for f in (notice, caution, over)} == {()}


@logged
def test_miles_are_round_for_those_who_count_in_miles(log: Log) -> None:
    """
    date, km, shoe
    2025-06-05, 10, Blue
    """
    worn = (Shoe("Blue", worn_m=800_000),)
    message = log.with_config(shoes=worn, units=Units("mi")).broken_once("KW401").message
    assert "“Blue” has 503 mi, past 500 mi" in message


@logged
def test_the_forecast_says_when_500_miles_come(log: Log) -> None:
    """40 km in four weeks are 10 a week; 104.672 km are left, 73 days.

    date, km, shoe
    2025-05-12 +7 x4, 10, Blue

    as of 2025-06-08
    """
    blue = log.with_config(shoes=(Shoe("Blue", worn_m=660_000),))
    assert blue.broken_once("KW401").message.endswith(
        "At the present 10.0 km a week they pass 805 km around 20 August 2025."
    )
    assert blue.facts.shoes["over_date"]["Blue"] == "2025-08-20"
    past = log.with_config(shoes=(Shoe("Blue", worn_m=800_000),)).broken_once("KW401")
    assert "At the present" not in past.message


@logged
def test_retired_pairs_are_quiet(log: Log) -> None:
    """
    date, km, shoe
    2025-06-05, 10, Blue
    """

    def until(day: date | None) -> Log:
        return log.with_config(shoes=(Shoe("Blue", worn_m=900_000, until=day),))

    assert until(None).broken("KW401")
    assert until(date(2025, 6, 5)).broken("KW401"), "its last day is not over"
    assert until(date(2025, 6, 4)).kept("KW401") == "no pair in use has 483 km yet"


@logged
def test_a_pair_forgotten_in_the_cupboard_is_quiet(log: Log) -> None:
    """
    date, km, shoe
    2025-03-01, 10, Blue
    2025-05-30, 10, Red
    """
    old = log.with_config(shoes=(Shoe("Blue", worn_m=900_000), Shoe("Red")))
    assert old.on("2025-05-30").broken_once("KW401").message.startswith("“Blue” has 910 km")
    assert old.on("2025-05-31").kept("KW401").endswith("the furthest has 10 km")


@logged
def test_without_shoes_it_cannot_tell(log: Log) -> None:
    """
    date, km
    2025-06-05, 10
    """
    for code in ("KW401", "KW402"):
        assert log.cannot_tell(code).startswith("no run names its shoes; list them as [[shoe]]")
        assert EMPTY.cannot_tell(code) == log.cannot_tell(code)
    listed = log.with_config(shoes=(Shoe("Blue", when={"surface": "uneven"}, worn_m=9e5),))
    assert listed.cannot_tell("KW401"), "a pair that no run was in says nothing"


@logged
def test_each_pair_is_judged(log: Log) -> None:
    """
    date, km, shoe
    2025-06-02, 10, Blue
    2025-06-05, 10, Red
    """
    both = log.with_config(shoes=(Shoe("Red", worn_m=5e5), Shoe("Blue", worn_m=7.1e5)))
    assert [f.observed for f in both.broken("KW401")] == [720_000.0, 510_000.0]


@logged
def test_the_runs_of_the_log_add_up(log: Log) -> None:
    """Walks in them are not counted.

    date, km, shoe, sport
    2025-01-01 +1 x70, 7, Blue, running
    2025-05-02 +1 x30, 10, Blue, walking

    as of 2025-05-31
    """
    assert log.broken_once("KW401").observed == pytest.approx(490_000.0)


# --- KW402: a long run in a new pair -----------------------------------------------------------


@logged
def test_a_long_run_in_a_new_pair(log: Log) -> None:
    """
    date, km, shoe
    2025-04-28 +7 x6, 10, Blue
    2025-06-09, 8.1, Red
    """
    finding = log.broken_once("KW402")
    assert (finding.observed, finding.limit, finding.unit) == (8100.0, 8000.0, "m")
    assert (finding.severity, finding.weight) == (Severity.NOTE, 0.0)
    assert finding.message == ("The run of Mon 9 Jun was 8.1 km in “Red”, which had 0.0 km before.")


@logged
def test_eight_kilometres_are_not_long(log: Log) -> None:
    """
    date, km, shoe
    2025-04-28 +7 x6, 10, Blue
    2025-06-09, 8, Red
    """
    assert log.kept("KW402")


@logged
def test_from_20_kilometres_on_a_pair_is_not_new(log: Log) -> None:
    """
    date, km, shoe
    2025-04-28 +7 x6, 10, Blue
    2025-06-04, 8, Red
    2025-06-05, 8, Red
    2025-06-09, 12, Red
    """
    assert "which had 16.0 km before" in log.broken_once("KW402").message
    assert log.and_then("2025-06-06", km=4, shoe="Red").kept("KW402")


@logged
def test_a_pair_of_the_logs_first_weeks_may_be_old(log: Log) -> None:
    """
    date, km, shoe
    2025-05-19, 10, Blue
    2025-06-09, 12, Red
    """
    assert log.cannot_tell("KW402") == "no run of the last 4 weeks in a pair of known age"


@logged
def test_unless_its_age_is_told(log: Log) -> None:
    """
    date, km, shoe
    2025-05-19, 10, Blue
    2025-06-09, 12, Red
    """

    def red(since: date | None, worn_m: float = 0.0) -> Log:
        return log.with_config(shoes=(Shoe("Red", since=since, worn_m=worn_m),))

    assert red(date(2025, 6, 9)).broken_once("KW402")
    assert red(date(2025, 5, 1), worn_m=12_000).broken_once("KW402")
    assert red(date(2025, 5, 1), worn_m=20_000).kept("KW402")
    assert red(date(2024, 5, 1)).cannot_tell("KW402"), "a year of runs that no file tells"
    assert red(None).cannot_tell("KW402")


@logged
def test_after_30_days_a_new_name_is_a_new_pair(log: Log) -> None:
    """
    date, km, shoe
    2025-05-10, 10, Blue
    2025-06-09, 12, Red
    """
    assert log.broken_once("KW402").start == "2025-06-09"
    assert log.and_then("2025-05-09", km=5).broken("KW402")
