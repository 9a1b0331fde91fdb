"""KW101 over two weeks, and the part week at the beginning of a log."""

from __future__ import annotations

import math

import pytest
from logbook import Log, logged


@logged
def test_two_large_weeks_weigh_even_when_the_jump_is_a_week_old(log: Log) -> None:
    """
    date, km
    2025-04-28 +2 x3, 6.667
    2025-05-05 +2 x3, 6.667
    2025-05-12 +2 x3, 6.667
    2025-05-19 +2 x3, 6.667
    2025-05-26 +1 x5, 6.4
    2025-06-02 +1 x5, 6.4

    as of 2025-06-08
    """
    finding = next(f for f in log.review.findings if f.unit == "share" and f.weight > 0)
    assert finding.code == "KW101"
    assert finding.observed == pytest.approx(0.6, abs=0.01)
    assert (finding.start, finding.end) == ("2025-05-26", "2025-06-08")
    assert finding.weight == pytest.approx(math.log(1.25))
    assert log.attention.ratio == pytest.approx(1.25)
    assert log.attention.level == "change"


@logged
def test_a_part_week_at_the_beginning_is_no_base(log: Log) -> None:
    """The same training each week, in a log that begins on a Wednesday.

    date, km
    2025-06-04, 8
    2025-06-06, 8
    2025-06-08, 8
    2025-06-09, 8
    2025-06-11, 8
    2025-06-13, 8
    2025-06-15, 8

    as of 2025-06-15
    """
    assert "KW101" not in {finding.code for finding in log.review.findings}
    assert log.room.week_m is None


@logged
def test_what_carries_the_weight_of_a_week_is_said(log: Log) -> None:
    """The jump of a week weighs only because two weeks grew; the reason has to say so.

    date, km
    2025-04-28 +2 x3, 6.667
    2025-05-05 +2 x3, 6.667
    2025-05-12 +2 x3, 6.667
    2025-05-19 +2 x3, 6.667
    2025-05-26 +2 x3, 6.667
    2025-06-02 +1 x5, 9

    as of 2025-06-08
    """
    finding = log.broken_once("KW101")
    assert finding.weight == pytest.approx(math.log(1.25))
    assert finding.message.endswith(
        "The last 14 days came to 65.0 km, 62 % more than the 14 before."
    )
    assert finding.message in log.attention.reasons
    week_later = log.and_then("2025-06-09", km=5).on("2025-06-15").broken("KW101")
    assert all(found.weight == 0 for found in week_later)
    assert all("14 days" not in found.message for found in week_later)
    blank = log.and_then("2025-06-06T18:00", km="").broken_once("KW101")
    assert "came to at least 45.0 km" in blank.message
    assert blank.message.endswith("came to at least 65.0 km, 62 % more than the 14 before.")
