"""KW121 and KW122: days without a run, and demanding days one upon the other."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from logbook import EMPTY, Log, logged

from kneewatch.model import Severity
from kneewatch.rules.efforts import streaks

# --- KW121 ---------------------------------------------------------------------------------------


@logged
def test_six_days_on_end_are_kept(log: Log) -> None:
    """
    date, km
    2025-05-01 +4 x6, 8
    2025-06-01 +1 x6, 8
    """
    assert log.kept("KW121").startswith("8 of the last 14 days hold no run in the log")


@logged
def test_seven_days_on_end_are_said_and_weigh_nothing(log: Log) -> None:
    """
    date, km
    2025-05-01 +4 x6, 8
    2025-06-01 +1 x7, 8
    """
    finding = log.broken_once("KW121")
    assert (finding.observed, finding.limit, finding.unit) == (7.0, 7.0, "days")
    assert (finding.start, finding.end) == ("2025-06-01", "2025-06-07")
    assert finding.message == "There was a run on each of 7 days on end, Sun 1 Jun to Sat 7 Jun."
    assert finding.severity == Severity.NOTE
    assert finding.weight == 0.0
    assert len(finding.runs) == 7


@pytest.mark.parametrize(("gap", "weighs"), [(True, True), (False, True)])
def test_fewer_than_two_days_off_in_fourteen_weigh(gap: bool, weighs: bool) -> None:
    first = date(2025, 5, 20)
    days = [first + timedelta(days=n) for n in range(14) if not (gap and n == 6)]
    log = _log([date(2025, 4, 20), *days])
    finding = log.broken("KW121")[-1]
    assert (finding.weight > 0) is weighs
    assert finding.weight == pytest.approx(math.log(1.10))
    assert ("1 day off" if gap else "no day off") in finding.message


def test_two_days_off_in_fourteen_are_enough() -> None:
    first = date(2025, 5, 20)
    days = [first + timedelta(days=n) for n in range(14) if n not in (4, 6)]
    (finding,) = _log([date(2025, 4, 20), *days]).broken("KW121")
    assert finding.observed == 7.0
    assert finding.weight == 0.0


def _log(days: list[date]) -> Log:
    log = EMPTY.on(days[-1].isoformat())
    for day in days:
        log = log.and_then(day.isoformat(), km=8)
    return log


@logged
def test_days_before_the_first_file_are_not_known_to_be_off(log: Log) -> None:
    """Ten days of a new log: nobody knows whether the four before them were days off.

    date, km
    2025-06-01 +1 x10, 8
    """
    finding = log.broken_once("KW121")
    assert finding.weight == 0.0
    assert "off" not in finding.message.removesuffix(".").split("Tue 10 Jun")[-1]


@logged
def test_missing_files_never_make_a_finding_and_are_not_called_rest(log: Log) -> None:
    """
    date, km
    2025-05-01 +2 x8, 8

    as of 2025-06-01
    """
    assert log.cannot_tell("KW121").endswith("rest and missing files look alike")
    assert "hold no run in the log" in log.on("2025-05-20").kept("KW121")


@logged
def test_two_runs_a_day_are_one_running_day_and_other_sports_none(log: Log) -> None:
    """
    date, km, sport
    2025-05-01 +4 x6, 8, running
    2025-06-01 +2 x4, 8, running
    2025-06-01T18:00 +2 x4, 8, running
    2025-06-02 +2 x3, 30, cycling
    """
    assert log.kept("KW121")


@logged
def test_a_young_log_cannot_tell_of_rest(log: Log) -> None:
    """
    date, km
    2025-06-02 +2 x5, 10
    """
    assert log.cannot_tell("KW121") == "the log is shorter than 14 days"
    assert log.on("2025-06-15").kept("KW121")


@given(st.sets(st.integers(0, 60), max_size=40))
def test_streaks_cover_each_running_day_once(numbers: set[int]) -> None:
    days = sorted(date(2025, 1, 1) + timedelta(days=n) for n in numbers)
    found = streaks(days)
    covered = [a + timedelta(days=n) for a, b in found for n in range((b - a).days + 1)]
    assert covered == days
    assert all((c - b).days > 1 for (_, b), (c, _) in pairwise(found))


# --- KW122 ---------------------------------------------------------------------------------------


@logged
def test_two_long_days_back_to_back(log: Log) -> None:
    """
    date, km
    2025-05-01 +3 x12, 10
    2025-06-07, 16
    2025-06-08, 15
    """
    finding = log.broken_once("KW122")
    assert (finding.observed, finding.limit, finding.unit) == (2.0, 2.0, "days")
    assert (finding.start, finding.end) == ("2025-06-07", "2025-06-08")
    assert finding.message == (
        "Demanding days with no easy one between them: Sat 7 Jun (16.0 km, long for you) and Sun "
        "8 Jun (15.0 km, long for you)."
    )
    assert finding.severity == Severity.NOTE
    assert finding.weight == pytest.approx(math.log(1.10))
    assert "popliteus" in finding.tissues


@logged
def test_a_day_between_is_enough(log: Log) -> None:
    """
    date, km
    2025-05-01 +3 x12, 10
    2025-06-07, 16
    2025-06-09, 16
    """
    assert log.kept("KW122") == (
        "no two long (or hard, where that is known) days in a row in the last 4 weeks"
    )


@logged
def test_equal_days_are_never_long(log: Log) -> None:
    """
    date, km
    2025-05-01 +1 x40, 30
    """
    assert log.kept("KW122")


@logged
def test_a_hard_day_and_a_long_one(log: Log) -> None:
    """
    date, km, min, fast_min
    2025-05-01 +3 x12, 10, 60, 0
    2025-06-07, 10, 60, 8
    2025-06-08, 15, 90, 0
    """
    finding = log.broken_once("KW122")
    assert "Sat 7 Jun (8 min of hard running) and Sun 8 Jun (15.0 km, long" in finding.message
    assert log.with_config(ignore=frozenset({"KW121"})).broken("KW122")
    assert log.on("2025-06-07").kept("KW122") == (
        "no two hard or long days in a row in the last 4 weeks"
    )


@logged
def test_two_runs_make_a_day(log: Log) -> None:
    """Two short runs of a day are a long day together.

    date, km
    2025-05-01 +3 x12, 10
    2025-06-07, 8
    2025-06-07T18:00, 8
    2025-06-08, 16
    """
    assert log.broken_once("KW122").start == "2025-06-07"


@logged
def test_a_longer_stretch_is_one_finding(log: Log) -> None:
    """
    date, km
    2025-05-01 +3 x12, 10
    2025-06-07 +1 x3, 16
    """
    assert log.broken_once("KW122").observed == 3.0


@logged
def test_what_is_usual_needs_a_month_and_some_days(log: Log) -> None:
    """
    date, km
    2025-05-20 +3 x6, 10
    2025-06-07, 16
    2025-06-08, 16
    """
    assert "less than 30 days" in log.cannot_tell("KW122")
    few = EMPTY.on("2025-06-08").and_then("2025-04-01", km=5).and_then("2025-06-07", km=20)
    few = few.and_then("2025-06-08", km=20)
    assert "too few running days" in few.cannot_tell("KW122")
    assert EMPTY.cannot_tell("KW122") == "no run in the last 4 weeks"


@logged
def test_hard_days_need_no_history(log: Log) -> None:
    """
    date, km, min, fast_min
    2025-06-07, 10, 60, 12
    2025-06-08, 10, 60, 12
    """
    assert log.broken_once("KW122").tissues
