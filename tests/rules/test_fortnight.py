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
