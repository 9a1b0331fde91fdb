"""KW101: the week against the week before. Weeks run from Monday; 2025-06-09 is one."""

from __future__ import annotations

import math

import pytest
from logbook import EMPTY, Log, logged

from kneewatch import evidence
from kneewatch.model import Severity
from kneewatch.rules.load import measure_jump
from kneewatch.units import Units


@logged
def test_eleven_after_ten_is_ten_percent_and_within(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x5, 10
    2025-06-09, 11

    as of 2025-06-15
    """
    assert log.kept("KW101").endswith("the highest came to +10 %")


@logged
def test_a_hundred_metres_more_than_ten_percent_are_said(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x5, 10
    2025-06-09, 11.1

    as of 2025-06-15
    """
    finding = log.broken_once("KW101")
    assert finding.observed == pytest.approx(0.11)
    assert (finding.limit, finding.unit) == (0.1, "share")
    assert (finding.start, finding.end) == ("2025-06-09", "2025-06-15")
    assert finding.severity == Severity.NOTE
    assert finding.message == (
        "The week of Mon 9 Jun came to 11.1 km, 11 % more than the 10.0 km of the week of Mon 2 "
        "Jun."
    )
    assert finding.advice.startswith("go back to about 10 km for a week")
    assert finding.tissues == ()


@logged
def test_the_sum_of_runs_is_judged_and_not_a_run(log: Log) -> None:
    """Eleven runs that add up to 11 km in floating point still are 10 % more.

    date, km
    2025-05-05 +7 x5, 10
    2025-06-09T06:00, 1.1
    2025-06-09T07:00, 2.2
    2025-06-10, 3.3
    2025-06-11, 4.4

    as of 2025-06-15
    """
    assert log.kept("KW101")


@logged
def test_thirty_percent_exactly_is_not_loud(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x5, 20
    2025-06-09, 26

    as of 2025-06-15
    """
    assert log.broken_once("KW101").severity == Severity.NOTE


@logged
def test_beyond_thirty_percent_it_is_louder_and_no_more_than_caution(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x5, 20
    2025-06-09, 26.1

    as of 2025-06-15
    """
    assert log.broken_once("KW101").severity == Severity.CAUTION
    tenfold = log.and_then("2025-06-12T07:00", km=180)
    assert tenfold.broken_once("KW101").severity == Severity.CAUTION


@logged
def test_below_a_base_of_ten_kilometres_kilometres_are_compared(log: Log) -> None:
    """Five more kilometres than 2 km: no percentage, which would be 250 %.

    date, km
    2025-05-05 +7 x5, 2
    2025-06-09, 7

    as of 2025-06-15
    """
    finding = log.broken_once("KW101")
    assert (finding.observed, finding.limit, finding.unit) == (pytest.approx(5000.0), 1000.0, "m")
    assert "5.0 km more than the 2.0 km" in finding.message
    assert "%" not in finding.message
    assert finding.severity == Severity.CAUTION


@logged
def test_one_kilometre_may_be_added_to_a_small_base(log: Log) -> None:
    """Half as much again, and still only one kilometre.

    date, km
    2025-05-05 +7 x5, 2
    2025-06-09, 3

    as of 2025-06-15
    """
    assert "base at least 10 km" in log.kept("KW101")
    assert log.and_then("2025-06-11", km=0.1).broken_once("KW101").unit == "m"


def test_the_floor_joins_the_two_measures_without_a_step() -> None:
    rule = evidence.load().rules["KW101"]
    below, at = (measure_jump(base + 1100.0, base, rule) for base in (9_999.999, 10_000.0))
    assert (below.unit, at.unit) == ("m", "share")
    assert below.grown == pytest.approx(at.grown * 10_000)
    assert (below.broken, below.large) == (at.broken, at.large) == (True, False)


@logged
def test_after_weeks_off_the_base_is_the_last_week_with_running_and_said(log: Log) -> None:
    """
    date, km
    2025-04-07 +7 x5, 30
    2025-06-09, 40

    as of 2025-06-15
    """
    finding = log.broken_once("KW101")
    assert finding.observed == pytest.approx(1 / 3)
    assert finding.message.endswith(
        "33 % more than the 30.0 km of the week of Mon 5 May, 5 weeks back, the last with a run."
    )


@logged
def test_an_unfinished_week_is_judged_upwards(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x5, 30
    2025-06-10, 36

    as of 2025-06-11
    """
    finding = log.broken_once("KW101")
    assert finding.message.startswith("The week of Mon 9 Jun so far came to 36.0 km, 20 % more")
    assert finding.end == "2025-06-11"


@logged
def test_an_unfinished_week_is_never_a_fall(log: Log) -> None:
    """On Tuesday it holds 5 km of the 30 of the weeks before, and no week came to -83 %.

    date, km
    2025-06-02, 30
    2025-06-10, 5
    """
    message = log.kept("KW101")
    assert "-" not in message
    assert "highest" not in message


@logged
def test_unknown_weeks_are_no_base(log: Log) -> None:
    """The log begins in the week that is judged: the weeks before it are not weeks of rest.

    date, km
    2025-06-09, 10
    2025-06-12, 30
    """
    assert log.cannot_tell("KW101") == "no earlier week with running lies whole in the log"
    assert EMPTY.cannot_tell("KW101") == log.cannot_tell("KW101")


@logged
def test_a_part_week_at_the_start_is_no_base(log: Log) -> None:
    """Its only known days are Saturday and Sunday; four times as much follows.

    date, km
    2025-05-31, 10
    2025-06-03, 20
    2025-06-05, 20

    as of 2025-06-08
    """
    assert log.cannot_tell("KW101")


@logged
def test_a_ride_before_the_first_run_makes_the_weeks_known_but_no_base(log: Log) -> None:
    """
    date, km, sport
    2025-04-01, 50, cycling
    2025-06-09, 30, running
    """
    assert log.cannot_tell("KW101")


@logged
def test_rides_and_walks_are_no_running(log: Log) -> None:
    """
    date, km, sport
    2025-05-05 +7 x6, 20, running
    2025-06-10, 80, cycling
    2025-06-11, 15, walking
    2025-06-12, 15, hiking

    as of 2025-06-15
    """
    assert log.kept("KW101")


@logged
def test_a_treadmill_week_counts(log: Log) -> None:
    """
    date, km, surface, sub_sport
    2025-05-05 +7 x5, 20, hard, street
    2025-06-10, 15, treadmill, treadmill
    2025-06-12, 15, treadmill, virtual_activity

    as of 2025-06-15
    """
    assert log.broken_once("KW101").observed == pytest.approx(0.5)


@logged
def test_seven_days_across_a_monday(log: Log) -> None:
    """No calendar week is above 20 km, but Thursday to Wednesday hold 35 after 20.

    date, km
    2025-05-04 +7 x5, 20
    2025-06-07, 20
    2025-06-10, 15

    as of 2025-06-11
    """
    finding = log.broken_once("KW101")
    assert (finding.start, finding.end) == ("2025-06-05", "2025-06-11")
    assert finding.message == (
        "The last 7 days came to 35.0 km, 75 % more than the 20.0 km of the 7 days before. "
        "The last 14 days came to 55.0 km, 38 % more than the 14 before."
    )


@logged
def test_fourteen_days_are_two_times_seven(log: Log) -> None:
    """On the 14th day of the log its first week of seven days is whole, and not before.

    date, km
    2025-05-29, 10
    2025-06-05, 20

    as of 2025-06-11
    """
    assert log.broken_once("KW101").message.startswith("The last 7 days came to 20.0 km, 100 %")
    assert log.on("2025-06-10").kept("KW101"), "20 after 10 km, had it been whole"


@logged
def test_a_run_of_this_day_a_week_ago_is_of_the_week_before(log: Log) -> None:
    """
    date, km
    2025-05-12, 10
    2025-06-05, 10
    2025-06-12, 10
    """
    assert log.kept("KW101")


@logged
def test_an_old_jump_does_not_hide_the_one_of_these_days(log: Log) -> None:
    """The week of 19 May jumped; so do the last 7 days, in which no calendar week does.

    date, km
    2025-05-04 +7 x3, 20
    2025-05-25, 26
    2025-06-01, 20
    2025-06-07, 20
    2025-06-10, 15

    as of 2025-06-11
    """
    ends = [finding.end for finding in log.broken("KW101")]
    assert ends == ["2025-06-11", "2025-05-25"]


@logged
def test_one_jump_is_said_once(log: Log) -> None:
    """On Monday the rolling 7 days repeat what the calendar week has said.

    date, km
    2025-05-05 +7 x4, 20
    2025-06-03, 30
    2025-06-09, 2

    as of 2025-06-09
    """
    assert log.broken_once("KW101").end == "2025-06-08"


@logged
def test_four_weeks_back_it_is_history(log: Log) -> None:
    """The jump lies in the week of 12 May, the fifth from the last.

    date, km
    2025-05-05, 10
    2025-05-12 +7 x5, 30

    as of 2025-06-15
    """
    assert log.kept("KW101")
    assert log.on("2025-06-08").broken_once("KW101").start == "2025-05-12"


@logged
def test_two_weeks_above_thirty_percent_weigh_a_little(log: Log) -> None:
    """The level takes the two weeks against the two before, not the week.

    date, km
    2025-04-07 +7 x8, 20
    2025-06-02, 26
    2025-06-09, 29

    as of 2025-06-15
    """
    newest, before = log.broken("KW101")
    assert newest.weight == pytest.approx(0.2231, abs=1e-4), "ln 1.25"
    assert (before.start, before.weight) == ("2025-06-02", 0.0), "its week is over"
    calmer = log.on("2025-06-08").broken_once("KW101")
    assert calmer.weight == 0.0, "46 after 40 km are 15 %"


@logged
def test_a_runner_in_miles_reads_miles(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x5, 16.09344
    2025-06-09, 32.18688

    as of 2025-06-15
    """
    message = log.with_config(units=Units("mi")).broken_once("KW101").message
    assert "came to 20.0 mi, 100 % more than the 10.0 mi" in message
    assert "km" not in message


@logged
def test_two_weeks_are_said_where_no_week_has_said_it(log: Log) -> None:
    """A week off, and back to 20 km: no week is above the last one with running, two are.

    date, km
    2025-04-07 +7 x6, 20
    2025-05-26, 20
    2025-06-02, 20

    as of 2025-06-08
    """
    fortnight = log.broken_once("KW101")
    assert (fortnight.observed, fortnight.limit, fortnight.unit) == (1.0, 0.3, "share")
    assert (fortnight.start, fortnight.end) == ("2025-05-26", "2025-06-08")
    assert fortnight.message == (
        "The last 14 days came to 40.0 km, 100 % more than the 20.0 km of the 14 days before."
    )
    assert fortnight.weight == pytest.approx(math.log(1.25))
    cut = log.and_then("2025-04-01", km=5).on("2025-06-01")
    assert cut.kept("KW101"), "20 after 20 km: the week off lies in the last 14 days"


@logged
def test_the_week_in_which_the_log_begins_is_no_base(log: Log) -> None:
    """From Wednesday on it is known, and Monday and Tuesday of it are not.

    date, km
    2025-05-28, 10
    2025-06-03, 10
    2025-06-05, 10

    as of 2025-06-08
    """
    assert log.cannot_tell("KW101")
