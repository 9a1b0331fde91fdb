"""A run whose file holds no distance is unknown and not zero: it makes no jump of the others.

2025-06-09 is a Monday.
"""

from __future__ import annotations

import math

import pytest
from logbook import Log, logged

from kneewatch.rules.load import base_week, two_week_progression
from kneewatch.rules.picture_amount import ten_percent_line


@logged
def test_a_week_is_no_base_if_a_run_in_it_has_no_distance(log: Log) -> None:
    """20 km each week; of the last whole one half is not known.

    date, km
    2025-05-05 +7 x5, 10
    2025-05-08 +7 x4, 10
    2025-06-05,
    2025-06-09, 10
    2025-06-12, 10

    as of 2025-06-15
    """
    why = "the run of Thu 5 Jun has no distance, so its week is unknown"
    assert log.cannot_tell("KW101") == why
    assert base_week(log.facts, len(log.facts.weeks) - 1) is None
    assert log.attention.level == "usual"
    assert log.attention.ratio == 1.0
    line = ten_percent_line(log.facts.weeks, 0.1, 10_000.0)
    assert line["2025-06-02"] == 22_000
    assert math.isnan(line["2025-06-09"])


@logged
def test_the_last_seven_days_have_no_such_base_either(log: Log) -> None:
    """The blank run lies within the 7 days before the last 7, in the week before last.

    date, km
    2025-05-05 +7 x5, 10
    2025-05-08 +7 x4, 10
    2025-06-08,
    2025-06-12, 10
    2025-06-15, 10
    2025-06-16, 10

    as of 2025-06-18
    """
    assert "has no distance" in log.cannot_tell("KW101")
    assert log.on("2025-07-14").kept("KW101")


@logged
def test_two_weeks_are_no_base_for_the_two_after_them(log: Log) -> None:
    """40 km in each two weeks; of those before the last two half is not known.

    date, km
    2025-04-21 +7 x8, 10
    2025-04-24 +7 x4, 10
    2025-05-22 +7 x2,
    2025-06-05 +7 x2, 10

    as of 2025-06-15
    """
    assert math.isnan(two_week_progression(log.facts))
    assert log.attention.ratio == 1.0


@logged
def test_what_is_known_may_be_a_jump_already(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x5, 20
    2025-06-09, 30
    2025-06-11,

    as of 2025-06-15
    """
    finding = log.broken_once("KW101")
    assert finding.message.startswith(
        "The week of Mon 9 Jun came to at least 30.0 km, 50 % more than the 20.0 km"
    )
    assert log.and_then("2025-06-05", km="").cannot_tell("KW101")


@logged
def test_the_longest_run_may_be_one_without_a_distance(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x4, 10
    2025-06-02,
    2025-06-09, 14
    """
    why = "1 run in the 30 days before Mon 9 Jun has no distance"
    assert log.cannot_tell("KW102") == why
    again = log.and_then("2025-06-03", km="")
    assert again.cannot_tell("KW102") == "2 runs in the 30 days before Mon 9 Jun have no distance"
    covered = log.and_then("2025-05-12T18:00", km=13)
    assert covered.kept("KW102"), "the known ones reach as far"
    assert log.and_then("2025-07-03", km=16).on("2025-07-03").broken_once("KW102"), "left behind"


@logged
def test_a_week_with_an_unknown_run_has_no_larger_part(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x5, 10
    2025-06-09, 10
    2025-06-11, 4
    2025-06-13,

    as of 2025-06-15
    """
    assert log.kept("KW103").endswith("a week that holds a run of unknown distance was not asked")
    assert (
        "71 % of the distance"
        in log.and_then("2025-06-02", km=3)
        .and_then("2025-06-04", km=1)
        .broken_once("KW103")
        .message
    )


@logged
def test_the_ratio_of_the_week_to_the_month_is_not_known(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x4, 10
    2025-06-02,
    2025-06-09, 10
    """
    assert log.cannot_tell("KW104") == "a run of the last 28 days has no distance"


@logged
def test_runs_without_distance_or_altitude_are_not_left_out_of_the_share(log: Log) -> None:
    """One of five runs before has an altitude: by their distances alone it would be all of it.

    date, km, descent_m
    2025-04-01, 10, 10
    2025-05-12 +7 x4, ,
    2025-05-13, 10, 10
    2025-06-09, 10, 300
    """
    assert log.cannot_tell("KW201") == "too few runs in the 30 days before have an altitude"
    assert log.cannot_tell("KW202") == "too few runs in the 42 days before have an altitude"


@logged
def test_a_fifth_of_the_distance_may_be_without_altitude_and_no_more(log: Log) -> None:
    """The run of 2 June may have gone down as far.

    date, km, descent_m
    2025-04-01, 10, 10
    2025-05-05 +7 x4, 10, 10
    2025-06-02, 7.5,
    2025-06-09, 10, 300
    """
    assert log.broken_once("KW201")
    assert log.broken_once("KW202")
    longer = log.and_then("2025-06-03", km=3)
    assert longer.cannot_tell("KW201")
    assert longer.cannot_tell("KW202")


@logged
def test_what_is_left_of_a_week_is_not_known_beside_an_unknown_run(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x5, 20
    2025-06-09, 5

    as of 2025-06-12
    """
    assert log.room.week_m == pytest.approx(17_000)
    assert log.and_then("2025-06-10", km="").room.week_m is None
    earlier = log.and_then("2025-06-05", km="")
    assert earlier.room.week_m is None, "and none without a base"
    assert earlier.room.run_m == pytest.approx(22_000), "no longer run is needed for that"
    long = log.and_then("2025-06-11", km=40)
    assert long.room.calm_run_m == pytest.approx(22_000)
    assert long.and_then("2025-06-06", km="").room.calm_run_m is None, "no jump was said"
