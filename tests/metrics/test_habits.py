"""Surges, hard stops and sharp turns of tracks whose truth is known; how a run begins and ends."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneewatch.metrics.exposure import expose
from kneewatch.metrics.habits import SURGE_BIN_MPS, measure_habits, surges_above
from kneewatch.metrics.motion import measure_motion
from kneewatch.metrics.positions import EARTH_RADIUS_M
from kneewatch.model import Activity, Floats, Recording, Source
from kneewatch.readers import read

DEGREE_M = EARTH_RADIUS_M * np.pi / 180
COUNTS = ("surge_histogram", "hard_stops", "sharp_turns")


def track_of(
    speed: Floats, heading_deg: Floats | float = 0.0, device_speed: bool = True
) -> dict[str, Floats]:
    """A point a second at these speeds, from the first to the second and so on."""
    size = len(speed)
    way = np.concatenate(([0.0], np.cumsum(speed[1:])))
    heading = np.radians(np.broadcast_to(heading_deg, size))
    north, east = np.cumsum(speed * np.cos(heading)), np.cumsum(speed * np.sin(heading))
    track = {
        "time_s": np.arange(float(size)),
        "distance_m": way,
        "lat_deg": 48 + north / DEGREE_M,
        "lon_deg": 16 + east / DEGREE_M / np.cos(np.radians(48)),
    }
    return track | {"speed_mps": speed.astype(float)} if device_speed else track


def habits(track: dict[str, Floats], on_track: bool = False) -> dict[str, Any]:
    motion = measure_motion(track)
    return measure_habits(track, motion, motion.speed_mps, on_track)


def with_bursts(count: int, high: float = 5.0, seconds: int = 900) -> Floats:
    """3 m/s, with bursts of 10 s every minute that set in within 3 s."""
    speed = np.full(seconds, 3.0)
    for n in range(count):
        at = 60 * (n + 1)
        speed[at : at + 3] = np.linspace(3, high, 4)[1:]
        speed[at + 3 : at + 10] = high
        speed[at + 10 : at + 18] = np.linspace(high, 3, 9)[1:]
    return speed


# --- surges --------------------------------------------------------------------------------------


@pytest.mark.parametrize("device_speed", [True, False], ids=["device", "distance"])
@pytest.mark.parametrize("count", [0, 1, 7])
def test_bursts_are_surges(count: int, device_speed: bool) -> None:
    row = habits(track_of(with_bursts(count), device_speed=device_speed))
    assert row["surge_histogram"].sum() == count
    assert surges_above(row["surge_histogram"], 4.5) == count
    assert surges_above(row["surge_histogram"], 5.3) == 0
    assert row["hard_stops"] == 0
    assert row["sharp_turns"] == 0


def test_a_slower_rise_is_none_and_a_smaller_one_neither() -> None:
    slow = np.concatenate((np.full(300, 3.0), np.linspace(3, 5, 12), np.full(300, 5.0)))
    assert habits(track_of(slow))["surge_histogram"].sum() == 0
    assert habits(track_of(with_bursts(5, high=4.4)))["surge_histogram"].sum() == 0
    assert habits(track_of(with_bursts(5, high=4.5)))["surge_histogram"].sum() == 5


def test_a_long_acceleration_is_one_surge_that_ends_where_it_ends() -> None:
    speed = np.concatenate((np.full(300, 1.0), np.linspace(1, 6, 12), np.full(300, 6.0)))
    histogram = habits(track_of(speed))["surge_histogram"]
    assert histogram.sum() == 1
    assert histogram[int(6.0 / SURGE_BIN_MPS)] == 1


def test_setting_off_from_a_stop_ends_slow() -> None:
    speed = np.full(900, 3.0)
    speed[400:430] = 0.0
    histogram = habits(track_of(speed))["surge_histogram"]
    assert histogram.sum() == 1
    assert surges_above(histogram, 3.5) == 0


@given(st.floats(0.0, 9.0))
@settings(deadline=None)
def test_constant_speed_has_neither_surge_nor_stop(speed: float) -> None:
    row = habits(track_of(np.full(600, speed)))
    assert all(np.sum(row.get(name, 0)) == 0 for name in COUNTS)


@given(st.integers(0, 8), st.floats(0.0, 2.0))
@settings(deadline=None, max_examples=30)
def test_the_same_bursts_from_another_speed_are_as_many(count: int, faster: float) -> None:
    speed = with_bursts(count) + faster
    assert habits(track_of(speed))["surge_histogram"].sum() == count


@given(st.integers(0, 6), st.integers(0, 6))
@settings(deadline=None, max_examples=30)
def test_two_runs_one_after_the_other_hold_what_both_hold(one: int, two: int) -> None:
    parts = [with_bursts(one), with_bursts(two)]
    whole = track_of(np.concatenate(parts))
    paused = whole | {"segment": np.repeat([0.0, 1.0], 900)}
    for track in (whole, paused):
        assert habits(track)["surge_histogram"].sum() == one + two


# --- stops ---------------------------------------------------------------------------------------


def stopping(within: int, seconds: int = 900) -> Floats:
    speed = np.full(seconds, 3.2)
    speed[400 : 400 + within] = np.linspace(3.2, 0, within + 1)[1:]
    speed[400 + within : 460] = 0.0
    speed[460:470] = np.linspace(0, 3.2, 10)
    return speed


@pytest.mark.parametrize(("within", "stops"), [(1, 1), (2, 1), (3, 1), (5, 0), (10, 0)])
def test_stops_within_three_seconds_are_hard(within: int, stops: int) -> None:
    assert habits(track_of(stopping(within)))["hard_stops"] == stops


def test_time_run_backwards_has_no_hard_stop_but_where_a_surge_was_one() -> None:
    """Backwards, the stop is a start from standing, and the slow start a slow stop."""
    forward, backward = stopping(2), stopping(2)[::-1].copy()
    assert habits(track_of(forward))["hard_stops"] == 1
    assert habits(track_of(backward))["hard_stops"] == 0
    assert habits(track_of(backward))["surge_histogram"].sum() == 1


def test_a_watch_that_pauses_is_no_stop() -> None:
    track = track_of(stopping(2))
    segment = np.zeros(900)
    segment[404:] = 1
    assert habits(track | {"segment": segment})["hard_stops"] == 0
    # The end of the recording is a pause as well.
    cut = {name: column[:404] for name, column in track.items()}
    assert habits(cut)["hard_stops"] == 0


def test_a_receiver_that_says_it_is_lost_is_believed() -> None:
    track = track_of(stopping(2))
    good = track | {"gps_accuracy_m": np.full(900, 4.0)}
    assert habits(good)["hard_stops"] == 1
    lost = good["gps_accuracy_m"].copy()
    lost[395:405] = 25
    assert habits(track | {"gps_accuracy_m": lost})["hard_stops"] == 0


# --- turns ---------------------------------------------------------------------------------------


def turning(angle: float, low: float = 1.5, every: int = 120, seconds: int = 900) -> Any:
    """Straight on at 3.2 m/s; every two minutes slower and round by the angle."""
    speed, heading = np.full(seconds, 3.2), np.zeros(seconds)
    for at in range(every, seconds - 20, every):
        speed[at : at + 2] = low
        heading[at + 1 :] += angle
    return track_of(speed, heading)


@pytest.mark.parametrize(("angle", "turns"), [(180, 7), (130, 7), (100, 0), (90, 0), (0, 0)])
def test_turns_of_a_hundred_and_twenty_degrees(angle: float, turns: int) -> None:
    row = habits(turning(angle))
    assert row["sharp_turns"] == turns
    assert habits(turning(-angle))["sharp_turns"] == turns, "left as right"


def test_a_turn_without_braking_is_none_and_a_walked_one_neither() -> None:
    assert habits(turning(150, low=2.9))["sharp_turns"] == 0
    walked = turning(150)
    slow = track_of(np.full(900, 1.5), np.repeat([0.0, 180.0], 450))
    assert habits(slow)["sharp_turns"] == 0
    assert "sharp_turns" not in habits(walked, on_track=True)
    blind = {name: column for name, column in walked.items() if not name.endswith("_deg")}
    assert "sharp_turns" not in habits(blind)
    assert "hard_stops" in habits(blind)


# --- what cannot be told -------------------------------------------------------------------------


@pytest.mark.parametrize("every", [3, 5])
def test_smart_recording_tells_nothing(every: int) -> None:
    track = {name: column[::every] for name, column in track_of(with_bursts(7, 5, 2400)).items()}
    row = habits(track)
    assert not set(COUNTS) & row.keys()
    assert "start_speed_mps" in row, "that it does tell"


def test_a_lost_second_now_and_then_and_points_between_seconds_are_no_matter() -> None:
    whole = track_of(with_bursts(7))
    keep = np.ones(900, dtype=bool)
    keep[[35, 215, 216, 517]] = False
    some = {name: column[keep] for name, column in whole.items()}
    assert habits(some)["surge_histogram"].sum() == 7
    odd = whole | {"time_s": whole["time_s"] + 0.3 * (np.arange(900) % 2)}
    assert habits(odd)["surge_histogram"].sum() == 7


def test_missing_speeds_and_positions_are_passed_over() -> None:
    track = turning(180)
    for name in ("speed_mps", "lat_deg", "lon_deg"):
        track[name][:9] = np.nan
    row = habits(track)
    assert row["sharp_turns"] == 7
    assert row["surge_histogram"].sum() == habits(turning(180))["surge_histogram"].sum()


def test_nothing_is_counted_across_a_gap() -> None:
    """A tunnel of a minute, with 5 m/s behind it and 3 before."""
    speed = np.repeat([3.0, 5.0], 450)
    track = track_of(speed)
    assert habits(track)["surge_histogram"].sum() == 1
    cut = np.r_[0:420, 480:900]
    assert habits({n: c[cut] for n, c in track.items()})["surge_histogram"].sum() == 0


def test_a_few_seconds_are_no_run_without_surges() -> None:
    assert habits(track_of(np.full(200, 3.0))) == {}


# --- start and end -------------------------------------------------------------------------------


def test_start_and_end() -> None:
    speed = np.repeat([2.5, 4.0, 2.0], [600, 1200, 400])
    row = habits(track_of(speed))
    assert row["start_speed_mps"] == pytest.approx(2.5)
    assert row["start_top_speed_mps"] == pytest.approx(2.5)
    assert row["end_speed_mps"] == pytest.approx(2.0)


def test_the_fastest_of_the_start_has_to_be_held() -> None:
    speed = np.full(2000, 2.5)
    speed[100:110] = 6.0
    assert habits(track_of(speed))["start_top_speed_mps"] == pytest.approx(2.5)
    speed[200:230] = 5.0
    assert habits(track_of(speed))["start_top_speed_mps"] > 4.5
    assert habits(track_of(speed))["start_speed_mps"] == pytest.approx(2.5)


def test_a_pause_is_no_part_of_the_start() -> None:
    speed = np.repeat([2.5, 4.0], [480, 1500])
    track = track_of(speed)
    track["time_s"][300:] += 1000
    track["segment"] = np.repeat([0.0, 1.0], [300, 1680])
    assert habits(track)["start_speed_mps"] == pytest.approx(2.5)


# --- whole rows ----------------------------------------------------------------------------------


def test_the_row_of_a_run_holds_them() -> None:
    start = datetime(2025, 6, 14, 16, 0, tzinfo=UTC)
    activity = Activity("a", "a.fit", start, "running", barometer=True)
    track = turning(180) | {
        "cadence_spm": np.full(900, 170.0),
        "altitude_m": 200 + 5 * np.sin(np.arange(900) / 100),
    }
    row = expose(Recording(activity, track), "Europe/Vienna")
    assert row["sharp_turns"] == 7
    assert row["step_rate_sums"][0] > 500
    assert "sharp_turns" not in expose(
        Recording(Activity("a", "a.fit", start, "running", sub_sport="track"), track)
    )


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("dtcooper/tests__files__activity-small-fenix2-run.fit", True),
        ("dtcooper/tests__files__sample_mulitple_header.fit", False),
    ],
    ids=["every second", "smart"],
)
def test_real_runs(corpus: Path, name: str, second: bool) -> None:
    data = (corpus / "fit" / name).read_bytes()
    recording = next(
        r
        for r in read(Source(name, data))
        if isinstance(r, Recording) and r.activity.sport == "running"
    )
    row = expose(recording, "Europe/Vienna")
    assert ("hard_stops" in row) is second
    # A strap or a wrist tells its ground contact for nearly all of the run.
    assert row["stance_time_share"] > 0.9
    rate = row["step_rate_sums"][3] / row["step_rate_sums"][0]
    assert 140 < rate < 200
    contact = row["stance_time_sums"][3] / row["stance_time_sums"][0]
    assert 0.2 < contact < 0.35
    if second:
        assert row["surge_histogram"].sum() < 10


def test_a_real_watch_with_smart_recording(corpus: Path) -> None:
    """A point every 3 to 6 seconds: how it began is known, how often it surged is not."""
    files = sorted((corpus / "logs" / "watch_2013_2017").glob("**/*.fit.gz"))[100:106]
    assert files
    for file in files:
        data = gzip.decompress(file.read_bytes())
        for recording in read(Source(file.name, data)):
            assert isinstance(recording, Recording)
            row = expose(recording, "Europe/Vienna")
            assert not set(COUNTS) & row.keys()
            if row["moving_s"] > 1200:
                assert 1 < row["start_speed_mps"] < 6
