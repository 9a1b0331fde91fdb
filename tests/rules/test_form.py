"""KW501 to KW505: step rate, ground contact and balance against the runner's own."""

from __future__ import annotations

import math

import pytest
from logbook import EMPTY, Log, logged

from kneewatch.model import Severity
from kneewatch.rules.pictures import PICTURES
from kneewatch.units import Units

# --- KW501 step rate -----------------------------------------------------------------------------


@logged
def test_three_percent_fewer_steps_than_ones_own_is_said(log: Log) -> None:
    """170 steps a minute usually, 164.9 in the last run: longer steps.

    date, km, device, level_mps, spm
    2025-05-05 +3 x11, 10, fenix, 3.0, 170
    2025-06-09, 10, fenix, 3.0, 164.9
    """
    finding = log.broken_once("KW501")
    assert finding.observed == pytest.approx(0.03)
    assert (finding.limit, finding.unit) == (0.03, "share")
    assert finding.severity == Severity.NOTE, "one run alone is not louder"
    assert finding.weight == pytest.approx(math.log(1.15))
    assert finding.runs == ("run 2025-06-09 07:00:00.000000",)
    assert "165 steps a minute on the level at 5:33 /km" in finding.message
    assert "your 11 comparable runs of the 42 days before give 170" in finding.message
    assert "1.09 m instead of 1.06" in finding.message
    assert "not seen by a watch" in finding.message
    assert set(finding.tissues) == {"popliteus", "hamstrings", "meniscus"}


@logged
def test_just_under_three_percent_is_kept(log: Log) -> None:
    """
    date, km, device, level_mps, spm
    2025-05-05 +3 x11, 10, fenix, 3.0, 170
    2025-06-09, 10, fenix, 3.0, 165
    """
    assert "at most 2.9 % below your own" in log.kept("KW501")


@logged
def test_more_steps_than_usual_are_no_matter(log: Log) -> None:
    """
    date, km, device, level_mps, spm
    2025-05-05 +3 x11, 10, fenix, 3.0, 160
    2025-06-09, 10, fenix, 3.0, 180
    """
    assert log.kept("KW501")


@logged
def test_slower_running_needs_fewer_steps(log: Log) -> None:
    """160 at 2.5 m/s and 172 at 3.5: the 162 of the last run belong to its speed.

    date, km, device, level_mps, spm
    2025-05-05 +4 x9, 10, fenix, 2.5, 160
    2025-05-06 +4 x9, 10, fenix, 3.5, 172
    2025-06-09, 10, fenix, 2.6, 161.2
    """
    assert log.kept("KW501")
    fast = log.and_then("2025-06-10", km=10, device="fenix", level_mps=3.4, spm=161.2)
    finding = fast.on("2025-06-10").broken_once("KW501")
    assert finding.observed == pytest.approx(1 - 161.2 / 170.8)


@logged
def test_two_such_runs_are_louder_and_miles_are_feet(log: Log) -> None:
    """
    date, km, device, level_mps, spm
    2025-05-05 +3 x11, 10, fenix, 3.0, 170
    2025-06-09, 10, fenix, 3.0, 160
    2025-06-10, 10, fenix, 3.0, 160
    """
    finding = log.broken_once("KW501")
    assert finding.severity == Severity.CAUTION
    assert "So it was in 2 of" in finding.message
    assert len(finding.runs) == 2
    feet = log.with_config(units=Units("mi")).broken_once("KW501").message
    assert "8:56 /mi" in feet
    assert "3.69 ft instead of" in feet


@logged
def test_five_runs_and_an_hour_are_needed(log: Log) -> None:
    """
    date, km, device, level_mps, level_min, spm
    2025-05-12 +7 x4, 10, fenix, 3.0, 30, 170
    2025-06-09, 10, fenix, 3.0, 30, 150
    """
    why = log.cannot_tell("KW501")
    assert "only 4 runs on even ground by the same watch in the 42 days" in why
    fifth = log.and_then("2025-06-04", km=10, device="fenix", level_mps=3, level_min=30, spm=170)
    assert fifth.broken_once("KW501")


@logged
def test_five_short_runs_are_no_hour(log: Log) -> None:
    """
    date, km, device, level_mps, level_min, spm
    2025-05-12 +5 x5, 10, fenix, 3.0, 11, 170
    2025-06-09, 10, fenix, 3.0, 30, 150
    """
    assert "only 5 runs" in log.cannot_tell("KW501")
    assert "with 55 min of level running" in log.cannot_tell("KW501")
    assert log.and_then(
        "2025-06-08", km=10, device="fenix", level_mps=3, level_min=11, spm=170
    ).broken_once("KW501")


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"device": "forerunner"}, "only 0 runs on even ground by the same watch"),
        ({"device": ""}, "do not name the watch"),
        ({"device": "fenix", "surface": "treadmill"}, "treadmill and trail runs are not compared"),
        ({"device": "fenix", "sub_sport": "trail"}, "treadmill and trail runs are not compared"),
        ({"device": "fenix", "level_mps": 4.5}, "at a speed that the runs before hardly hold"),
        ({"device": "fenix", "level_min": 5}, "too little level running"),
        ({"device": "fenix", "spm": ""}, "too little level running"),
    ],
)
def test_what_cannot_be_compared_is_not_kept(cells: dict[str, object], why: str) -> None:
    log = Log((), EMPTY.as_of)
    usual = {"km": 10, "device": "fenix", "level_mps": 3.0, "spm": 170}
    for day in range(1, 28, 3):
        log = log.and_then(f"2025-04-{day:02}T07:00", **usual)
    log = log.and_then("2025-05-12T07:00", **usual | {"spm": 150} | cells).on("2025-06-01")
    assert why in log.cannot_tell("KW501")


@logged
def test_runs_on_trails_and_treadmills_are_not_the_usual_either(log: Log) -> None:
    """
    date, km, device, level_mps, spm, surface
    2025-05-05 +3 x6, 10, fenix, 3.0, 180, treadmill
    2025-05-06 +3 x6, 10, fenix, 3.0, 180, uneven
    2025-05-07 +3 x11, 10, fenix, 3.0, 170, hard
    2025-06-09, 10, fenix, 3.0, 169, hard
    """
    assert "at most 0.6 % below" in log.kept("KW501")


# --- KW502 long steps with long contact ----------------------------------------------------------


@logged
def test_long_steps_with_long_contact(log: Log) -> None:
    """
    date, km, device, level_mps, spm, contact_ms
    2025-05-05 +3 x11, 10, fenix, 3.0, 170, 250
    2025-06-08, 10, fenix, 3.0, 160, 250
    2025-06-09, 10, fenix, 3.0, 160, 260
    """
    finding = log.broken_once("KW502")
    assert finding.runs == ("run 2025-06-09 07:00:00.000000",), "the contact of the first was usual"
    assert "260 ms a step instead of your usual 250" in finding.message
    assert "possible; a watch cannot see it" in finding.message
    assert finding.severity == Severity.NOTE
    assert finding.weight == 0
    assert "takes a chest strap" in EMPTY.and_then("2025-06-01", km=9).cannot_tell("KW502")


@logged
def test_long_contact_with_usual_steps_is_kept(log: Log) -> None:
    """
    date, km, device, level_mps, spm, contact_ms
    2025-05-05 +3 x11, 10, fenix, 3.0, 170, 250
    2025-06-09, 10, fenix, 3.0, 170, 270
    """
    assert log.kept("KW502")


# --- KW503 balance -------------------------------------------------------------------------------


@logged
def test_a_shift_in_three_runs(log: Log) -> None:
    """
    date, km, device, balance
    2025-05-01 +4 x9, 10, fenix, 50.2
    2025-06-07 +1 x3, 10, fenix, 51.3
    """
    finding = log.broken_once("KW503")
    assert finding.observed == pytest.approx(0.011)
    assert "the left foot was on the ground for longer than usual" in finding.message
    assert "51.3 % of the contact time, where 50.2 %" in finding.message
    assert len(finding.runs) == 3
    assert finding.tissues == ()
    assert log.on("2025-06-08").kept("KW503"), "two runs may be the strap"


@logged
def test_a_shift_says_most_beside_pain(log: Log) -> None:
    """
    date, km, device, balance
    2025-05-01 +4 x9, 10, fenix, 50.2
    2025-06-07 +1 x3, 10, fenix, 51.3
    """

    def said(*entries: str) -> str:
        pain = "\n".join(("date, score, when, where, side", *entries))
        return log.noting(pain=pain).broken_once("KW503").message

    alone = log.broken_once("KW503").message
    assert "guards itself" not in alone
    beside = said("2025-06-01, 2, during, calf, left", "2025-06-08, 3, after, outer-back, right")
    assert beside == (
        f"{alone} You noted pain on the right on Sun 8 Jun: beside that a shift is most worth "
        f"asking about, since it can be an early sign of a leg that guards itself."
    )
    assert "You noted pain on Sun 8 Jun" in said("2025-06-08, 1, after, back,")
    assert said("2025-06-08, 0, after, back, right") == alone, "none is none"
    assert said("2025-05-12, 5, after, back, right") == alone, "four weeks and a day ago"


@logged
def test_shifts_to_both_sides_do_not_add_up(log: Log) -> None:
    """
    date, km, device, balance
    2025-05-01 +4 x9, 10, fenix, 50
    2025-06-06 +2 x2, 10, fenix, 52
    2025-06-07 +2 x2, 10, fenix, 48
    """
    assert log.kept("KW503")


@logged
def test_a_new_strap_is_no_shift(log: Log) -> None:
    """
    date, km, device, balance
    2025-05-01 +2 x12, 10, fenix, 50
    2025-05-26 +2 x4, 10, forerunner, 52

    as of 2025-06-21
    """
    why = log.cannot_tell("KW503")
    assert "only 3 runs with it by the same watch in the 42 days before Sun 1 Jun" in why


@logged
def test_balance_needs_a_sensor(log: Log) -> None:
    """
    date, km, device
    2025-05-01 +2 x20, 10, fenix
    """
    assert "no run of the last 4 weeks has a balance" in log.cannot_tell("KW503")


# --- KW504 and KW505 -----------------------------------------------------------------------------


@logged
def test_drift_within_a_long_run(log: Log) -> None:
    """
    date, km, drift, contact_drift
    2025-06-01, 18, 1, 2
    2025-06-08, 20, -3.5, 6
    """
    finding = log.broken_once("KW504")
    assert finding.start == finding.end == "2025-06-08"
    assert "(20.0 km) you took 4 % fewer steps a minute and had 6 % longer" in finding.message
    assert log.on("2025-06-07").kept("KW504")


@logged
def test_contact_alone_is_drift_too_and_trails_are_not_judged(log: Log) -> None:
    """
    date, km, drift, contact_drift, surface
    2025-06-01, 18, -9, , uneven
    2025-06-08, 20, , 5, hard
    """
    finding = log.broken_once("KW504")
    assert finding.observed == pytest.approx(0.05)
    assert finding.runs == ("run 2025-06-08 07:00:00.000000",)
    assert "trails" in log.on("2025-06-07").cannot_tell("KW504")
    assert "no run of an hour" in EMPTY.and_then("2025-06-01", km=9).cannot_tell("KW504")


@logged
def test_longer_steps_downhill_than_usual_there(log: Log) -> None:
    """
    date, km, device, down_shift
    2025-05-05 +7 x4, 10, fenix, -2
    2025-06-09, 10, fenix, -5
    """
    finding = log.broken_once("KW505")
    assert finding.observed == pytest.approx(0.03)
    assert "-5.0 % against the level at the same speed; -2.0 %" in finding.message
    assert "popliteus" in finding.tissues
    assert log.on("2025-06-08").kept("KW505")
    assert "only 2 runs with such a descent" in log.on("2025-05-19").cannot_tell("KW505")


# --- the pictures --------------------------------------------------------------------------------


@logged
def test_the_picture_shows_ones_own_line(log: Log) -> None:
    """
    date, km, device, level_mps, spm, balance, surges, turns
    2025-04-05 +4 x9, 10, fenix, 2.5, 160, 50, 2, 1
    2025-04-06 +4 x9, 10, fenix, 3.5, 172, 50, 0, 0
    2025-06-08, 10, other, 3.0, 120, 50, 3, 0
    2025-06-09, 10, fenix, 3.0, 160, 51.5, 3, 9
    """
    picture = PICTURES["step_rate"](log.facts)
    by = {series.label: series for series in picture.series}
    assert by["last 4 weeks"].y == pytest.approx((160.0,)), "another watch is another line"
    assert by["your own line"].x == (2.5, 3.5)
    assert by["your own line"].y == pytest.approx((159.7, 171.7), abs=0.5)
    assert by["3 % below"].y == pytest.approx([0.97 * y for y in by["your own line"].y])
    assert "1 lie 3 % or more below it" in picture.alt
    balance = PICTURES["stance_balance"](log.facts)
    assert max(balance.series[0].y) == pytest.approx(0.515)
    assert [mark.value for mark in balance.marks] == pytest.approx([0.5, 0.51, 0.49])
    sudden = PICTURES["sudden"](log.facts)
    assert {series.label for series in sudden.series} == {"hard stops", "sharp turns"}
    assert "sharp turns: 16, at most 9" in sudden.alt
