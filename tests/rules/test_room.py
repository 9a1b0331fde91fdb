"""The room left is where a rule begins to speak: so far it is silent, 1 % further it is not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from logbook import EMPTY, Log, exposure, logged

from kneewatch.model import Finding, Kept
from kneewatch.rules import BOOK, RoomLeft
from kneewatch.rules.room import leave_room

TODAY = date(2025, 6, 12)
TONIGHT = "2025-06-12T23:59:00"

few = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def logs(draw: st.DrawFn, oldest: int = 60, newest: int = 0) -> Log:
    """Some weeks of one run a day at most, as of 12 June 2025, a Thursday."""
    first = draw(st.integers(31, oldest))
    ago = draw(st.sets(st.integers(newest, first - 1), min_size=1, max_size=14)) | {first}
    rows: list[dict[str, Any]] = []
    for days in sorted(ago, reverse=True):
        start = f"{TODAY - timedelta(days=days)}T{draw(st.integers(5, 21)):02}:00"
        row = {
            "km": str(draw(st.integers(1, 400)) / 10),
            "descent_m": str(draw(st.integers(0, 600))),
        }
        rows.append(exposure(datetime.fromisoformat(start), row))
    return Log(tuple(rows), TODAY)


def room_of(log: Log) -> RoomLeft:
    """The room left, without asking all rules for it."""
    return leave_room(log.facts)


def asked(log: Log, code: str) -> list[Any]:
    return list(BOOK[code].judge(log.facts))


def findings_of_tonight(log: Log, code: str) -> list[Finding]:
    """Findings that rest on the run of tonight."""
    tonight = log.rows[-1]["id"]
    return [a for a in asked(log, code) if isinstance(a, Finding) and tonight in a.runs]


@few
@given(logs())
def test_a_run_as_long_as_the_room_is_silent_and_one_percent_more_speaks(log: Log) -> None:
    room = room_of(log).run_m
    assume(room is not None)
    assert room is not None
    assert findings_of_tonight(log.and_then(TONIGHT, km=room / 1000), "KW102") == []
    assert findings_of_tonight(log.and_then(TONIGHT, km=1.01 * room / 1000), "KW102")


@few
@given(logs())
def test_the_same_for_descent(log: Log) -> None:
    room = room_of(log).descent_m
    assume(room is not None)
    assert room is not None
    within = log.and_then(TONIGHT, km=1, descent_m=room)
    assert findings_of_tonight(within, "KW201") == []
    assert findings_of_tonight(log.and_then(TONIGHT, km=1, descent_m=1.01 * room), "KW201")


def of_these_days(log: Log) -> list[Finding]:
    """Findings of KW101 that reach into the last seven days."""
    since = (log.as_of - timedelta(days=6)).isoformat()
    return [a for a in asked(log, "KW101") if isinstance(a, Finding) and a.end >= since]


@few
@given(logs())
def test_the_same_for_what_the_week_leaves(log: Log) -> None:
    """1 % of the distance that the fortnight would hold, not of what is left."""
    room = room_of(log).week_m
    assume(room is not None and not of_these_days(log))
    assert room is not None
    if room > 0:
        assert of_these_days(log.and_then(TONIGHT, km=room / 1000)) == []
    held = sum(r["distance_m"] for r in log.rows if r["local_date"] >= "2025-05-30") + room
    assert of_these_days(log.and_then(TONIGHT, km=(room + 0.01 * held + 1) / 1000))


@few
@given(logs(oldest=40), st.integers(0, 40))
def test_none_is_left_where_the_week_has_spoken(log: Log, day: int) -> None:
    judged = log.on((TODAY - timedelta(days=day)).isoformat())
    this_week = [f for f in of_these_days(judged) if f.end == judged.as_of.isoformat()]
    left = room_of(judged).week_m
    if this_week:
        assert left == 0.0
    else:
        assert left is None or left >= 0.0


@few
@given(logs(oldest=60))
def test_beyond_the_room_no_rule_is_kept(log: Log) -> None:
    """Also where the log is too short to speak: then it cannot tell."""
    young = Log(log.rows[-3:], log.as_of)
    room = room_of(young)
    if room.run_m is not None:
        answers = asked(young.and_then(TONIGHT, km=1.01 * room.run_m / 1000), "KW102")
        assert not any(isinstance(answer, Kept) for answer in answers)
    if room.descent_m is not None:
        more = young.and_then(TONIGHT, km=1, descent_m=1.01 * room.descent_m)
        assert not any(isinstance(answer, Kept) for answer in asked(more, "KW201"))


@logged
def test_in_numbers(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-07 +7 x10, 10, 200
    2025-04-10 +7 x9, 5, 100
    """
    room = log.room
    assert room.run_m == pytest.approx(11_000)
    assert room.week_m == pytest.approx(1.1 * 15_000 - 15_000), "10 and 5 in the last 7 days"
    assert room.descent_m == pytest.approx(260)
    assert (room.calm_run_m, room.calm_descent_m) == (None, None)


@logged
def test_the_rolling_week_may_leave_less_than_the_calendar_week(log: Log) -> None:
    """On Monday nothing of the week is run; of the last 7 days 22 km are, after 20.

    date, km
    2025-05-18 +7 x2, 20
    2025-06-01, 20
    2025-06-07, 11
    2025-06-08, 11

    as of 2025-06-09
    """
    assert log.room.week_m == pytest.approx(0.0)
    assert log.on("2025-06-14").room.week_m == pytest.approx(1.3 * 40_000 - 42_000), "14 days"
    assert log.on("2025-06-15").room.week_m == pytest.approx(24_200)


@logged
def test_a_week_that_is_only_known_by_its_days(log: Log) -> None:
    """No calendar week before this one lies whole in the log, but 14 days do.

    date, km
    2025-05-29 +2 x4, 5
    2025-06-07, 5

    as of 2025-06-11
    """
    assert log.on("2025-06-10").room.week_m is not None
    room = log.room.week_m
    assert room is not None
    assert of_these_days(log.and_then("2025-06-11T20:00", km=room / 1000)) == []
    assert of_these_days(log.and_then("2025-06-11T20:00", km=room / 1000 + 0.2))


@logged
def test_a_jump_is_left_out_of_the_room_it_would_make(log: Log) -> None:
    """
    date, km, descent_m
    2025-04-07 +7 x10, 10, 200
    2025-06-10, 20, 600
    """
    room = log.room
    assert (room.run_m, room.descent_m) == (pytest.approx(22_000), pytest.approx(780))
    assert (room.calm_run_m, room.calm_descent_m) == (pytest.approx(11_000), pytest.approx(260))


@logged
def test_small_weeks_leave_a_kilometre(log: Log) -> None:
    """
    date, km, descent_m
    2025-05-19, 3, 0
    2025-05-26, 3, 0
    2025-06-02, 3, 0

    as of 2025-06-10
    """
    assert log.room.week_m == pytest.approx(4_000)
    assert log.room.descent_m == 150.0, "the floor"


@logged
def test_what_cannot_be_told_is_none(log: Log) -> None:
    """
    date, km
    2025-06-10, 10
    """
    assert log.room.week_m is None
    assert log.room.descent_m is None
    nothing = EMPTY.room
    assert (nothing.run_m, nothing.week_m, nothing.descent_m) == (None, None, None)
    assert log.on("2025-07-20").room.run_m is None, "no run in 30 days"


@logged
def test_a_week_that_was_a_jump_is_no_base_of_the_calm_room(log: Log) -> None:
    """
    date, km
    2025-04-09 +7 x8, 20
    2025-06-04, 28

    as of 2025-06-11
    """
    assert log.room.week_m == pytest.approx(1.3 * 40_000 - 28_000), "two weeks after two of 40 km"
    assert log.room.calm_week_m == pytest.approx(22_000)
    assert log.on("2025-06-03").room.calm_week_m is None


@logged
def test_a_week_of_long_ago_is_no_measure_of_this_one(log: Log) -> None:
    """
    date, km
    2025-04-09 +7 x3, 20

    as of 2025-05-25
    """
    assert log.room.week_m == pytest.approx(22_000), "four weeks back"
    assert log.on("2025-05-26").room.week_m is None
