"""KW201, KW202, KW203: descent against what the legs are used to."""

from __future__ import annotations

import math

import pytest
from logbook import EMPTY, Log, logged

from kneewatch.model import Severity
from kneewatch.units import Units

# --- KW201: a run against the 30 days before it ------------------------------------------------


@logged
def test_thirty_percent_more_descent_is_within(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-28 +7 x6, 10, 200
    2025-06-09, 10, 260
    """
    assert log.kept("KW201") == (
        "no run of the last 4 weeks went down over 30 % more than those before it"
    )


@logged
def test_more_than_that_is_said(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-28 +7 x6, 10, 200
    2025-06-09, 10, 263
    """
    finding = log.broken_once("KW201")
    assert finding.observed == pytest.approx(1.315)
    assert (finding.limit, finding.unit) == (1.3, "ratio")
    assert finding.severity == Severity.CAUTION, "grade C allows no more"
    assert finding.weight == pytest.approx(math.log(1.30))
    assert finding.message == (
        "The run of Mon 9 Jun went down about 260 m; the most of the 30 days before was 200 m."
    )
    assert "about 260 m of descent" in finding.advice
    assert finding.tissues[0] == "popliteus"
    assert set(finding.tissues) == set(log.facts.evidence.tissues)


@logged
def test_below_150_metres_a_ratio_says_nothing(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-28 +7 x6, 10, 20
    2025-06-09, 10, 150
    """
    assert log.kept("KW201")
    assert log.and_then("2025-06-09T18:00", km=5, descent_m=151).kept("KW201"), "150 are known now"


@logged
def test_above_150_metres_it_speaks(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-28 +7 x6, 10, 20
    2025-06-09, 10, 151
    """
    finding = log.broken_once("KW201")
    assert "about 150 m of descent" in finding.advice, "the floor, not 1.3 times 20 m"


@logged
def test_flat_runs_are_known_to_be_flat(log: Log) -> None:
    """Zero measured metres are a base; nothing is divided by them.

    date, km, descent_m
    2025-04-28 +7 x6, 10, 0
    2025-06-09, 10, 200
    """
    finding = log.broken_once("KW201")
    assert math.isfinite(finding.observed)
    assert "was 0 m" in finding.message


@logged
def test_unknown_altitude_is_not_zero(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-28 +7 x6, 10,
    2025-06-09, 10, 200
    """
    why = "too few runs in the 30 days before have an altitude"
    assert log.cannot_tell("KW201") == why
    assert log.cannot_tell("KW202") == "too few runs in the 42 days before have an altitude"


@logged
def test_a_few_known_runs_do_not_speak_for_the_month(log: Log) -> None:
    """One short run of it has an altitude; the 40 km beside it may have gone down as far.

    date, km, descent_m
    2025-04-28, 10, 50
    2025-05-12 +7 x4, 10,
    2025-06-04, 3, 50
    2025-06-07, 40, 200
    """
    assert log.cannot_tell("KW201") == "too few runs in the 30 days before have an altitude"
    fifths = log.and_then("2025-05-30", km=156, descent_m=50)
    assert "have an altitude" in fifths.cannot_tell("KW201"), "159 of 199 km"
    assert log.and_then("2025-05-30", km=157, descent_m=50).broken_once("KW201"), "160 of 200"


@logged
def test_no_altitude_at_all(log: Log) -> None:
    """
    date, km
    2025-04-07 +7 x10, 10
    """
    for code in ("KW201", "KW202"):
        assert log.cannot_tell(code) == "no run of the last 4 weeks has an altitude"
        assert EMPTY.cannot_tell(code) == "no run in the last 4 weeks"
    assert log.cannot_tell("KW203") == "no barometer for most of the distance of the last 4 weeks"


@logged
def test_one_treadmill_run_does_not_speak_for_runs_without_altitude(log: Log) -> None:
    """
    date, km, descent_m, surface
    2025-04-28 +7 x6, 10, , hard
    2025-06-03, 5, , treadmill
    2025-06-09, 10, , hard
    """
    for code in ("KW201", "KW202"):
        assert log.cannot_tell(code) == "too few runs of the last 4 weeks have an altitude"


@logged
def test_a_few_runs_without_altitude_are_named(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-28 +7 x6, 10, 100
    2025-06-04, 5,
    2025-06-09, 10, 100
    """
    for code in ("KW201", "KW202"):
        assert log.kept(code).startswith("no run with an altitude of the last 4 weeks went down")


@logged
def test_a_treadmill_has_no_descent(log: Log) -> None:
    """Nor is what the watch's barometer made of an air conditioner one.

    date, km, descent_m, surface
    2025-04-28 +7 x6, 10, , treadmill
    2025-06-05, 10, 400, treadmill
    2025-06-09, 10, 200, hard
    """
    finding = log.broken_once("KW201")
    assert finding.start == "2025-06-09"
    assert "was 0 m" in finding.message


@logged
def test_altitude_by_satellite_is_said_to_be_rough(log: Log) -> None:
    """
    date, km, descent_m, altitude
    2025-04-28 +7 x6, 10, 100, gps
    2025-06-09, 10, 250, gps
    """
    assert "about 250 m (by satellite altitude, roughly)" in log.broken_once("KW201").message
    assert "about 250 m of descent (by satellite" in log.broken_once("KW202").message


@logged
def test_a_short_history_cannot_tell_a_spike_of_descent(log: Log) -> None:
    """The flat run after it changes nothing.

    date, km, descent_m
    2025-05-20, 10, 100
    2025-06-09, 10, 250
    2025-06-10, 10, 0
    """
    assert log.cannot_tell("KW201") == "the log holds less than 30 days before Mon 9 Jun"
    assert log.cannot_tell("KW202") == "the log holds less than 42 days before Mon 9 Jun"


@logged
def test_a_short_history_is_surely_kept_below_the_floor(log: Log) -> None:
    """
    date, km, descent_m
    2025-05-20, 10, 10
    2025-06-09, 10, 150
    """
    assert log.kept("KW201")
    assert log.kept("KW202")


@logged
def test_after_a_month_without_a_run_there_is_no_most(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-01 +3 x9, 10, 100
    2025-06-01, 10, 300
    """
    assert log.cannot_tell("KW201") == "no run in the 30 days before Sun 1 Jun: see KW202"
    assert log.broken_once("KW202")


@logged
def test_hills_of_a_hike_are_no_running(log: Log) -> None:
    """
    date, km, descent_m, sport
    2025-04-28 +7 x6, 10, 100, running
    2025-06-05, 10, 900, hiking
    2025-06-09, 10, 250, running
    """
    assert "was 100 m" in log.broken_once("KW201").message


@logged
def test_heights_in_feet(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-28 +7 x6, 10, 100
    2025-06-09, 10, 304.8
    """
    message = log.with_config(units=Units("mi")).broken_once("KW201").message
    assert "about 1,000 ft" in message
    assert "330 ft" in message


# --- KW202: nothing like it in 42 days ---------------------------------------------------------


@logged
def test_200_metres_are_asked_about(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-14 +7 x8, 10, 99
    2025-06-09, 10, 200
    """
    finding = log.broken_once("KW202")
    assert (finding.observed, finding.limit, finding.unit) == (200.0, 200.0, "m")
    assert finding.severity == Severity.CAUTION
    assert finding.weight == pytest.approx(math.log(1.30))
    assert "the most in the 42 days before was 100 m" in finding.message
    assert "27 % at −5 % and 46 % at −10 %" in finding.message
    assert log.and_then("2025-06-07", descent_m=100, km=9).kept("KW202"), "half is known"


@logged
def test_199_metres_are_not(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-14 +7 x8, 10, 0
    2025-06-09, 10, 199
    """
    assert log.kept("KW202") == (
        "no run of the last 4 weeks went down much more than the 42 days before knew"
    )


@logged
def test_legs_know_it_for_42_days(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-10, 10, 0
    2025-04-28T07:00, 10, 150
    2025-05-05 +7 x5, 10, 0
    2025-06-09T07:00, 10, 300
    """
    assert log.kept("KW202")


@logged
def test_and_not_for_longer(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-10, 10, 0
    2025-04-28T06:59:59, 10, 150
    2025-05-05 +7 x5, 10, 0
    2025-06-09T07:00, 10, 300
    """
    assert log.broken_once("KW202").start == "2025-06-09"


@logged
def test_steep_kilometres_ask_as_well(log: Log) -> None:
    """Little descent in all, but 1.5 km of it at -5 % or steeper.

    date, km, descent_m, steep_km
    2025-04-14 +7 x8, 10, 150, 0.7
    2025-06-09, 10, 150, 1.5
    """
    finding = log.broken_once("KW202")
    assert (finding.observed, finding.limit, finding.unit) == (1500.0, 1500.0, "m")
    assert "had 1.5 km at −5 % or steeper; the most in the 42 days before was 0.7 km" in (
        finding.message
    )
    assert log.and_then("2025-06-07", km=10, descent_m=100, steep_km=0.75).kept("KW202")


@logged
def test_steepness_is_not_known_by_satellite(log: Log) -> None:
    """
    date, km, descent_m, steep_km, altitude
    2025-04-14 +7 x8, 10, 150, , gps
    2025-06-09, 10, 150, 1.6, barometer
    """
    assert log.cannot_tell("KW202") == "too few runs in the 42 days before have a barometer"


@logged
def test_no_run_for_six_weeks_is_no_downhill_for_six_weeks(log: Log) -> None:
    """Known to be none: the log goes on, with rides.

    date, km, descent_m, sport
    2025-03-01, 10, 500, running
    2025-06-01, 40, 900, cycling
    2025-06-09, 10, 250, running
    """
    assert "the most in the 42 days before was 0 m" in log.broken_once("KW202").message


# --- KW203: the mix of the last four weeks -----------------------------------------------------


@logged
def test_twice_the_share_is_within(log: Log) -> None:
    """
    date, km, descent_m, steep_km
    2025-02-23 +7 x12, 10, 100, 0.2
    2025-05-19 +7 x4, 10, 100, 0.4

    as of 2025-06-15
    """
    assert log.kept("KW203") == "4 % of the distance at −5 % or steeper, usually 2 %"


@logged
def test_more_than_twice_is_said(log: Log) -> None:
    """
    date, km, descent_m, steep_km
    2025-02-23 +7 x12, 10, 100, 0.2
    2025-05-19 +7 x4, 10, 100, 0.41

    as of 2025-06-15
    """
    finding = log.broken_once("KW203")
    assert finding.observed == pytest.approx(0.041)
    assert (finding.limit, finding.unit) == (pytest.approx(0.04), "share")
    assert finding.severity == Severity.NOTE
    assert finding.weight == 0.0
    assert (finding.start, finding.end) == ("2025-05-19", "2025-06-15")
    assert "in the 12 weeks before it was 2 %" in finding.message
    assert len(finding.runs) == 4


@logged
def test_below_three_percent_a_doubling_is_no_matter(log: Log) -> None:
    """
    date, km, descent_m, steep_km
    2025-02-23 +7 x12, 10, 100, 0.0
    2025-05-19 +7 x4, 10, 100, 0.29

    as of 2025-06-15
    """
    assert log.kept("KW203")
    three = log.and_then("2025-06-14", km=8, descent_m=60, steep_km=0.28)
    assert three.broken_once("KW203").observed == pytest.approx(0.03), "three percent are one"


@logged
def test_the_weeks_before_are_those_of_the_log(log: Log) -> None:
    """
    date, km, descent_m, steep_km
    2025-04-14 +7 x5, 10, 100, 0.1
    2025-05-19 +7 x4, 10, 100, 0.5

    as of 2025-06-15
    """
    assert "in the 5 weeks before it was 1 %" in log.broken_once("KW203").message


@logged
def test_less_than_four_weeks_before_cannot_tell(log: Log) -> None:
    """
    date, km, descent_m, steep_km
    2025-04-22 +7 x4, 10, 100, 0.1
    2025-05-19 +7 x4, 10, 100, 0.5

    as of 2025-06-15
    """
    assert log.cannot_tell("KW203") == "less than 4 weeks of log lie before the last 4"
    assert EMPTY.cannot_tell("KW203") == log.cannot_tell("KW203")


@logged
def test_weeks_by_satellite_cannot_tell(log: Log) -> None:
    """
    date, km, descent_m, steep_km, altitude
    2025-02-23 +7 x12, 10, 100, , gps
    2025-05-19 +7 x4, 10, 100, 0.5, barometer

    as of 2025-06-15
    """
    assert log.cannot_tell("KW203") == "no barometer for most of the distance of the weeks before"
    assert log.on("2025-08-31").cannot_tell("KW203") == "no run in the last 4 weeks"


@logged
def test_the_treadmill_is_level(log: Log) -> None:
    """
    date, km, descent_m, steep_km, surface
    2025-02-23 +7 x12, 10, , , treadmill
    2025-05-19 +7 x4, 10, 100, 0.5, hard

    as of 2025-06-15
    """
    assert log.broken_once("KW203").observed == pytest.approx(0.05)
