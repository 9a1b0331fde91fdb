"""KW103: the way back after a break, and one run against the rest of its week."""

from __future__ import annotations

import pytest
from logbook import EMPTY, Log, logged

from kneewatch.model import Severity


@logged
def test_fourteen_days_off_are_no_break(log: Log) -> None:
    """
    date, km
    2025-04-14 +7 x6, 10
    2025-06-03, 10
    """
    assert log.kept("KW103")


@logged
def test_fifteen_days_off_are_one(log: Log) -> None:
    """
    date, km
    2025-04-14 +7 x6, 10
    2025-06-04, 10
    """
    finding = log.broken_once("KW103")
    assert (finding.observed, finding.limit, finding.unit) == (15.0, 14.0, "days")
    assert finding.start == finding.end == "2025-06-04"
    assert finding.message == (
        "The run of Wed 4 Jun (10.0 km) came after 15 days without a run in the log. If that was a "
        "break, what the legs were used to before it is no measure any more."
    ), "a file that is not there looks like rest"
    blank = log.and_then("2025-06-04T18:00", km=1).and_then("2025-06-21", km="").on("2025-06-21")
    assert blank.broken("KW103")[0].message.startswith("The run of Sat 21 Jun came after 16 days")
    assert finding.severity == Severity.NOTE
    assert finding.advice.startswith("begin with half of the longest run before the break")
    assert "week" not in finding.advice, "the advice on lopsided weeks is another"


@logged
def test_other_sports_do_not_end_a_break(log: Log) -> None:
    """
    date, km, sport
    2025-04-14 +7 x4, 10, running
    2025-05-12 +2 x10, 40, cycling
    2025-06-04, 10, running
    """
    assert log.broken_once("KW103").observed == 29.0


@logged
def test_a_first_run_after_weeks_of_other_sports_is_one_after_a_break(log: Log) -> None:
    """
    date, km, sport
    2025-04-14 +7 x8, 40, cycling
    2025-06-04, 10, running
    """
    assert log.broken_once("KW103").observed == 51.0
    assert log.cannot_tell("KW102").endswith("see KW103")


@logged
def test_the_beginning_of_the_log_is_no_break(log: Log) -> None:
    """
    date, km
    2025-05-20, 10
    2025-06-03, 10
    """
    assert log.kept("KW103")


@logged
def test_a_break_that_still_goes_on_is_not_denied(log: Log) -> None:
    """20 days after the last run nobody has come back yet: there is no first run to judge.

    date, km
    2025-04-14 +7 x6, 10

    as of 2025-06-08
    """
    assert log.cannot_tell("KW103").startswith(
        "no run in the log for 20 days; the way back is judged"
    )
    assert log.on("2025-06-30").cannot_tell("KW103") == "no run in the last 4 weeks"


@logged
def test_an_old_break_is_history(log: Log) -> None:
    """
    date, km
    2025-04-01, 10
    2025-05-01 +3 x15, 10
    """
    assert log.on("2025-05-28").broken_once("KW103").start == "2025-05-01"
    assert log.on("2025-05-29").kept("KW103")


@logged
def test_a_run_as_long_as_the_rest_is_half_and_within(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x6, 5
    2025-05-07 +7 x6, 5
    2025-05-10 +7 x6, 10
    """
    assert log.on("2025-06-15").kept("KW103")


@logged
def test_a_longer_run_is_more_than_half(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x5, 5
    2025-05-07 +7 x5, 5
    2025-05-10 +7 x5, 10
    2025-06-09, 5
    2025-06-11, 5
    2025-06-14, 11

    as of 2025-06-15
    """
    finding = log.broken_once("KW103")
    assert finding.observed == pytest.approx(11 / 21)
    assert (finding.limit, finding.unit) == (0.5, "share")
    assert finding.message == (
        "In the week of Mon 9 Jun one run made up 52 % of the distance (11.0 km of 21.0 km)."
    )
    assert finding.advice.startswith("spread the week's distance")
    assert "break" not in finding.advice
    assert len(finding.runs) == 3
    so_far = log.on("2025-06-14").broken_once("KW103")
    assert "In the week of Mon 9 Jun, so far, one run" in so_far.message


@logged
def test_with_two_runs_one_is_always_the_larger_part(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x6, 5
    2025-05-10 +7 x6, 15
    """
    assert log.kept("KW103")


@logged
def test_no_louder_than_a_note_and_no_weight(log: Log) -> None:
    """Both at once: a return, and its week's only long run.

    date, km
    2025-04-14 +7 x4, 10
    2025-06-03, 2
    2025-06-05, 2
    2025-06-07, 30

    as of 2025-06-08
    """
    findings = log.broken("KW103")
    assert {finding.unit for finding in findings} == {"days", "share"}
    assert {finding.severity for finding in findings} == {Severity.NOTE}
    assert {finding.weight for finding in findings} == {0.0}


@logged
def test_a_log_of_a_few_days_cannot_tell(log: Log) -> None:
    """
    date, km
    2025-06-02 +2 x5, 10
    """
    assert log.cannot_tell("KW103") == "the log is not longer than 14 days"
    assert EMPTY.cannot_tell("KW103") == log.cannot_tell("KW103")


# --- KW104: told, never a warning ----------------------------------------------------------------


@logged
def test_a_ratio_beyond_every_zone_is_told_and_no_warning(log: Log) -> None:
    """
    date, km
    2025-05-01 +3 x11, 5
    2025-06-02 +1 x7, 25
    """
    said = log.kept("KW104")
    assert "is 3.33, told" in said, "175 km in 7 days over 210 km in 28, a day each"
    assert said.endswith("in runners a high one did not go with more injuries, so it is no warning")
    without = log.with_config(ignore=frozenset({"KW104"}))
    assert without.attention.ratio == log.attention.ratio


@logged
def test_the_ratio_waits_for_a_month(log: Log) -> None:
    """
    date, km
    2025-05-14 +1 x26, 5
    """
    assert log.cannot_tell("KW104") == "the log is shorter than 28 days"
    assert "is 1.00" in log.and_then("2025-05-12", km=5).and_then("2025-05-13", km=5).kept("KW104")
    assert log.on("2025-08-01").cannot_tell("KW104") == "no run with a distance in the last 28 days"
