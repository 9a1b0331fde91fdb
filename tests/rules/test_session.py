"""KW102: a run against the longest of the 30 days before it (Frandsen 2025)."""

from __future__ import annotations

import math

import pytest
from logbook import EMPTY, Log, logged

from kneewatch.model import Severity
from kneewatch.rules.session import spike_weight
from kneewatch.units import Units

SINGLE, DOUBLE = math.log(1.59), math.log(2.28)


@logged
def test_eleven_after_ten_is_within(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x5, 10
    2025-06-09, 11
    """
    assert log.kept("KW102").endswith("the longest came to +10 %")


@logged
def test_eleven_point_one_after_ten_is_said(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x5, 10
    2025-06-09, 11.1
    """
    finding = log.broken_once("KW102")
    assert finding.observed == pytest.approx(1.11)
    assert (finding.limit, finding.unit) == (1.1, "ratio")
    assert finding.start == finding.end == "2025-06-09"
    assert finding.severity == Severity.NOTE, "within the error of two distances by GPS"
    assert "two distances by satellite cannot tell for certain" in finding.message
    assert finding.runs == ("run 2025-06-09 07:00:00.000000",)
    assert finding.advice == "let the next long run end near 11 km, and grow from there."


@logged
def test_forty_percent_is_said_with_the_numbers_of_the_study(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x5, 10
    2025-06-09, 14
    """
    finding = log.broken_once("KW102")
    assert finding.severity == Severity.CAUTION
    assert finding.weight == pytest.approx(SINGLE)
    assert "14.0 km, about 40 % longer than the longest of the 30 days before" in finding.message
    assert "5,205 runners" in finding.message
    assert "about 1 in 280 runs like this (between 1 in 240 and 1 in 340)" in finding.message
    assert "instead of 1 in 450" in finding.message
    assert "an overuse injury" in finding.message, "and no other kind"
    assert set(finding.tissues) == {
        "popliteus",
        "hamstrings",
        "gastrocnemius",
        "bakers_cyst",
        "meniscus",
    }


@logged
def test_only_beyond_twice_as_long_it_is_a_warning(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x5, 10
    2025-06-09, 20
    """
    assert log.broken_once("KW102").severity == Severity.CAUTION
    longer = log.and_then("2025-06-09T09:00", km=40.5).on("2025-06-09").broken("KW102")
    assert [finding.severity for finding in longer] == [Severity.WARNING, Severity.CAUTION]
    assert "2.0 times as long as" in longer[0].message
    much = log.and_then("2025-06-10", km=46).on("2025-06-10").broken("KW102")[0]
    assert "2.3 times as long as" in much.message
    assert "about 1 in 200 runs like this (between 1 in 130 and 1 in 300)" in much.message


@pytest.mark.parametrize(
    ("ratio", "weight"),
    [
        (0.5, 0.0),
        (1.0, 0.0),
        (1.05, 0.0),
        (1.10, 0.5 * SINGLE),
        (1.15, SINGLE),
        (1.4, SINGLE),
        (1.9, SINGLE),
        (2.0, (SINGLE + DOUBLE) / 2),
        (2.1, DOUBLE),
        (7.0, DOUBLE),
    ],
)
def test_the_weight_has_no_cliff(ratio: float, weight: float) -> None:
    """EVIDENCE 13: 0 to 1.05, ln 1.59 from 1.15 to 1.9, ln 2.28 from 2.1, linear between."""
    assert spike_weight(EMPTY.facts, ratio) == pytest.approx(weight, abs=1e-12)


@logged
def test_the_window_is_thirty_days_to_the_second(log: Log) -> None:
    """The 20 km lie 30 days before the run of 18:00, and 30 days and a second before the other.

    date, km
    2025-04-28, 10
    2025-05-10T18:00:00, 20
    2025-05-20, 10
    2025-06-09T18:00:00, 20
    """
    assert log.kept("KW102")
    late = log.and_then("2025-06-09T18:00:01", km=20.9)
    assert late.kept("KW102"), "the run a second before is in the window too"


@logged
def test_a_second_beyond_the_window_is_beyond_it(log: Log) -> None:
    """
    date, km
    2025-04-28, 10
    2025-05-10T18:00:00, 20
    2025-05-20, 10
    2025-06-09T18:00:01, 20
    """
    assert log.broken_once("KW102").observed == pytest.approx(2.0)


@logged
def test_the_clock_decides_and_not_the_local_day(log: Log) -> None:
    """The 20 km of 10 May, 23:30 in New York, are 11 May in UTC: within 30 days of 10 June 02:00.

    date, km
    2025-04-28, 10
    2025-05-10T23:30-04:00, 20
    2025-05-20, 10
    2025-06-10T02:00, 20
    """
    assert log.kept("KW102")


@logged
def test_after_a_break_nothing_is_divided(log: Log) -> None:
    """
    date, km
    2025-03-03 +7 x6, 10
    2025-06-09, 25
    """
    assert log.cannot_tell("KW102") == "no run in the 30 days before Mon 9 Jun: see KW103"
    assert log.broken_once("KW103").unit == "days"


@logged
def test_the_runs_after_a_return_are_judged_by_the_return(log: Log) -> None:
    """
    date, km
    2025-03-03 +7 x6, 20
    2025-06-02, 5
    2025-06-05, 8
    """
    assert log.broken_once("KW102").observed == pytest.approx(1.6)


@logged
def test_a_short_history_cannot_tell(log: Log) -> None:
    """A longer run may lie before the first file.

    date, km
    2025-05-19, 10
    2025-06-09, 15
    """
    assert log.cannot_tell("KW102") == "the log holds only 21 of the 30 days before Mon 9 Jun"


@logged
def test_a_short_history_does_not_become_kept_by_another_run(log: Log) -> None:
    """The 10 km at the end are surely within; the 15 km before them are not.

    date, km
    2025-05-19, 10
    2025-06-09, 15
    2025-06-11, 10
    """
    assert "Mon 9 Jun" in log.cannot_tell("KW102")


@logged
def test_a_short_history_is_surely_kept_where_it_is_short_enough(log: Log) -> None:
    """Whatever lies before the first file, it only raises the limit.

    date, km
    2025-05-19, 10
    2025-06-09, 11
    """
    assert log.kept("KW102")


@logged
def test_thirty_days_of_history_are_enough(log: Log) -> None:
    """
    date, km
    2025-05-10, 10
    2025-06-09, 15
    """
    assert log.broken_once("KW102")
    assert log.facts.first_day is not None


@logged
def test_another_sport_makes_the_history_known(log: Log) -> None:
    """
    date, km, sport
    2025-05-01, 30, cycling
    2025-05-19, 10, running
    2025-06-09, 15, running
    """
    assert log.broken_once("KW102").observed == pytest.approx(1.5)


@logged
def test_a_first_run_alone_cannot_be_told(log: Log) -> None:
    """
    date, km
    2025-06-09, 15
    """
    assert log.cannot_tell("KW102") == "the log holds only 0 of the 30 days before Mon 9 Jun"
    assert EMPTY.cannot_tell("KW102") == "no run with a distance in the last 4 weeks"


@logged
def test_walks_and_rides_neither_break_it_nor_raise_the_limit(log: Log) -> None:
    """
    date, km, sport
    2025-05-05 +7 x5, 10, running
    2025-06-03, 25, walking
    2025-06-04, 30, hiking
    2025-06-05, 90, cycling
    2025-06-09, 14, running
    """
    assert log.broken_once("KW102").observed == pytest.approx(1.4)


@logged
def test_treadmill_and_virtual_runs_count(log: Log) -> None:
    """
    date, km, surface, sub_sport
    2025-04-28 +7 x6, 10, hard, street
    2025-06-03, 13, treadmill, treadmill
    2025-06-09, 14, treadmill, virtual_activity
    2025-06-11, 14, uneven, trail
    """
    finding = log.broken_once("KW102")
    assert finding.observed == pytest.approx(1.3), "the treadmill run breaks it"
    assert finding.start == "2025-06-03", "and makes the 14 km after it known"


@logged
def test_a_run_without_a_distance_is_no_run_of_no_kilometres(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x5, 10
    2025-06-09,
    """
    assert log.kept("KW102").endswith("+0 %")


@logged
def test_after_four_weeks_a_spike_is_history(log: Log) -> None:
    """
    date, km
    2025-04-01 +7 x6, 10
    2025-05-14, 15
    2025-05-20 +7 x4, 10
    """
    assert log.on("2025-06-10").broken_once("KW102").start == "2025-05-14"
    assert log.on("2025-06-11").kept("KW102")


@logged
def test_nothing_after_the_day_is_seen(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x5, 10
    2025-06-09, 15
    """
    assert log.on("2025-06-08").kept("KW102")


@logged
def test_miles(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x5, 16.09344
    2025-06-09, 24.14016
    """
    finding = log.with_config(units=Units("mi")).broken_once("KW102")
    assert "15.0 mi" in finding.message
    assert "(10.0 mi)" in finding.message
    assert "11 mi" in finding.advice
    assert finding.observed == pytest.approx(1.5), "JSON stays the same"
