"""One exposure row from one recording: totals, altitude, treadmill, legs, guesses."""

from __future__ import annotations

import math
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from fit_encoder import FitWriter

from kneewatch.columns import ACTIVITIES, GRADE_BINS
from kneewatch.metrics.exposure import GUESSED, expose, mean_in_motion, profile_of
from kneewatch.metrics.motion import measure_motion
from kneewatch.metrics.positions import EARTH_RADIUS_M
from kneewatch.model import Activity, Floats, Recording, Source
from kneewatch.readers import read

START = datetime(2025, 6, 14, 16, 0, tzinfo=UTC)
TIME = np.arange(3601.0)
SPEED = 3.0
DISTANCE = SPEED * TIME

Row = dict[str, Any]


def expose_(track: dict[str, Floats] | None = None, **about: Any) -> Row:
    fields = {"id": "a", "source": "a.fit", "start": START, "sport": "running", **about}
    return expose(Recording(Activity(**fields), track or {}), "Europe/Vienna")


def track(altitude: Floats | None = None, **more: Floats) -> dict[str, Floats]:
    columns = {"time_s": TIME, "distance_m": DISTANCE, **more}
    return columns if altitude is None else columns | {"altitude_m": altitude}


def correlated(seed: int, sd: float, memory_s: float) -> Floats:
    """Noise that forgets itself within ``memory_s`` (an Ornstein-Uhlenbeck process)."""
    rng = np.random.default_rng(seed)
    keep = math.exp(-1 / memory_s)
    level = np.empty(len(TIME))
    level[0] = rng.normal(0, sd)
    kicks = rng.normal(0, sd * math.sqrt(1 - keep**2), len(TIME))
    for n in range(1, len(TIME)):
        level[n] = keep * level[n - 1] + kicks[n]
    return level


BINS = [f"grade_{name}_m" for name in GRADE_BINS]


def unknown(row: Row, name: str) -> bool:
    value = row.get(name)
    return value is None or (isinstance(value, float) and math.isnan(value))


def test_every_key_is_a_column_or_is_for_the_import_alone() -> None:
    rows = [expose_(), expose_(track(100 + np.zeros(3601))), expose_(track(), sport="cycling")]
    for row in rows:
        beside = {"id", "assumed", "file_hint", "keys", "wall_clock_alone"}
        assert set(row) - set(ACTIVITIES) == beside


def test_an_hour_on_the_level() -> None:
    row = expose_(track())
    assert row["distance_m"] == pytest.approx(10_800)
    assert row["distance_source"] == "track"
    assert row["moving_s"] == row["elapsed_s"] == 3600
    assert row["paused_s"] == 0
    assert row["speed_mps"] == row["ga_speed_mps"] == pytest.approx(3.0)
    assert row["best_5000m_s"] == pytest.approx(5000 / 3)
    assert row["ga_speed_histogram_s"].sum() == 3600
    assert row["altitude_source"] == "none"
    assert row["local_date"] == "2025-06-14"
    assert row["sources"] == ("a.fit",)
    assert unknown(row, "descent_m")
    assert unknown(row, "steps")


# ---- altitude


def test_a_slope_with_a_barometer() -> None:
    # 5.4 km up at 4 %, 5.4 km down at 8 %.
    height = np.interp(DISTANCE, [0, 5400, 10_800], [0, 216, -216])
    row = expose_(track(height), barometer=True)
    assert row["altitude_source"] == "barometer"
    assert row["ascent_m"] == pytest.approx(216, abs=1)
    assert row["descent_m"] == pytest.approx(432, abs=1)
    assert row["steep_down_m"] == pytest.approx(5400, abs=60)
    assert row["very_steep_down_m"] == 0
    assert row["grade_p2_p5_m"] == pytest.approx(5400, abs=60)
    assert sum(row[name] for name in BINS) == pytest.approx(10_800)
    assert sum(row[f"grade_{name}_s"] for name in GRADE_BINS) == pytest.approx(3600)
    assert row["longest_descent_m"] == pytest.approx(5400, abs=60)
    assert row["longest_descent_drop_m"] == pytest.approx(432, abs=2)
    assert row["steepest_km_grade"] == pytest.approx(-0.08, abs=0.001)
    assert row["descent_speed_mps"] == pytest.approx(3.0)


def test_very_steep_is_steep_too() -> None:
    row = expose_(track(2000 - 0.12 * DISTANCE), barometer=True)
    assert row["very_steep_down_m"] == pytest.approx(10_800)
    assert row["steep_down_m"] == pytest.approx(10_800)
    assert row["grade_m15_m10_m"] == pytest.approx(10_800)


@pytest.mark.parametrize("barometer", [None, False])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_satellite_altitude_never_fills_the_steep_bins(seed: int, barometer: bool | None) -> None:
    # EVIDENCE 3e: satellite altitude wanders by 4 m with a memory of 60 s, and 0.7 m white; a
    # flat run's raw descent comes to some 1,700 m, and 7.6 % of its way seems -5 % or steeper.
    rng = np.random.default_rng(seed)
    height = 200 + correlated(seed, 4.0, 60.0) + rng.normal(0, 0.7, len(TIME))
    assert -np.minimum(np.diff(height), 0).sum() > 1000
    row = expose_(track(height), barometer=barometer)
    assert row["altitude_source"] == "gps"
    assert row["descent_m"] < 80
    for name in ("steep_down_m", "very_steep_down_m", "braking_steps", *BINS):
        assert unknown(row, name), name
    assert row["ga_speed_mps"] == pytest.approx(3.0, rel=0.02)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_flat_run_with_a_barometer_stays_flat(seed: int) -> None:
    # A barometer: 0.5 m with a memory of 15 s, and a drift with the weather of 10 m in the hour.
    height = 200 + correlated(seed, 0.5, 15.0) - 10 * TIME / 3600
    row = expose_(track(np.round(height * 5) / 5), barometer=True)
    assert row["altitude_source"] == "barometer"
    assert row["descent_m"] < 25
    assert row["steep_down_m"] == 0
    assert row["grade_flat_m"] > 0.99 * 10_800


def test_the_devices_numbers_where_the_track_has_no_altitude() -> None:
    told = {"ascent_m": 80.0, "descent_m": 90.0}
    for row in (expose_(track(), **told), expose_(track(np.zeros(3601)), **told), expose_(**told)):
        assert row["altitude_source"] == "device"
        assert (row["ascent_m"], row["descent_m"]) == (80, 90)
        assert unknown(row, "steep_down_m")
    ours = expose_(track(500 - 0.03 * DISTANCE), barometer=True, **told)
    assert ours["descent_m"] == pytest.approx(324, abs=1)
    assert (ours["device_ascent_m"], ours["device_descent_m"]) == (80, 90)


# ---- totals


def test_the_devices_total_comes_first() -> None:
    row = expose_(track(), distance_m=11_000.0, elapsed_s=3700.0)
    assert (row["distance_m"], row["distance_source"]) == (11_000, "device")
    assert row["device_distance_m"] == 11_000
    assert row["elapsed_s"] == 3700
    # A device that writes 0 has not measured.
    assert expose_(track(), distance_m=0.0)["distance_m"] == pytest.approx(10_800)


def test_a_row_of_a_table() -> None:
    row = expose_(
        distance_m=10_000.0,
        elapsed_s=3200.0,
        moving_s=3000.0,
        steps=8500.0,
        avg_hr_bpm=150.0,
        avg_cadence_spm=170.0,
        gear="Road",
    )
    assert row["speed_mps"] == pytest.approx(10 / 3)
    assert (row["steps"], row["steps_source"]) == (8500, "device")
    assert (row["avg_hr_bpm"], row["avg_cadence_spm"]) == (150, 170)
    assert (row["shoe"], row["shoe_source"]) == ("Road", "file")
    assert unknown(row, "paused_s")
    assert row.get("heart_rate_histogram_s") is None


def test_a_duration_alone_is_a_run_of_unknown_length() -> None:
    row = expose_(moving_s=1800.0)
    assert row["moving_s"] == row["elapsed_s"] == 1800
    assert unknown(row, "distance_m")
    assert unknown(row, "speed_mps")
    assert row["distance_source"] == "none"


def test_pauses_are_neither_way_nor_motion() -> None:
    moved = track(segment=(TIME > 1800).astype(float))
    moved["time_s"] = np.where(TIME > 1800, TIME + 900, TIME)
    row = expose_(moved)
    assert row["elapsed_s"] == 4500
    assert row["paused_s"] == 901
    assert row["moving_s"] == 3599
    assert row["distance_m"] == pytest.approx(10_797)


def test_a_track_that_lost_most_of_the_run_does_not_say_how_long_it_moved() -> None:
    row = expose_(
        {"time_s": TIME[:600], "distance_m": DISTANCE[:600]},
        distance_m=10_800.0,
        elapsed_s=3600.0,
        moving_s=3500.0,
    )
    assert row["moving_s"] == 3500
    assert row["distance_m"] == 10_800
    assert row["speed_mps"] == pytest.approx(10_800 / 3500)


def test_no_points_or_one_are_no_track() -> None:
    for points in ({}, {"time_s": np.array([0.0])}, {"time_s": np.array([])}):
        row = expose_(points, distance_m=5000.0, moving_s=1500.0)
        assert row["distance_m"] == 5000
        assert row.get("heart_rate_histogram_s") is None


# ---- treadmill


def test_a_treadmill_has_its_distance_and_no_grade() -> None:
    # A game's mountains in the altitude, a pod's speed, the treadmill's own distance at the end.
    game = {
        "time_s": TIME,
        "speed_mps": np.full(3601, 2.9),
        "altitude_m": 500 - 0.08 * DISTANCE,
        "cadence_spm": np.full(3601, 170.0),
    }
    row = expose_(game, sub_sport="treadmill", barometer=True, distance_m=10_800.0)
    assert row["surface"] == "treadmill"
    assert row["distance_m"] == 10_800
    assert row["altitude_source"] == "none"
    for name in ("descent_m", "ascent_m", "steep_down_m", *BINS):
        assert unknown(row, name), name
    assert row["ga_speed_mps"] == pytest.approx(2.9)
    assert row["steps"] == row["braking_steps"] == pytest.approx(10_200)
    alone = expose_(game, sub_sport="treadmill")
    assert alone["distance_m"] == pytest.approx(2.9 * 3600)
    assert alone["distance_source"] == "track"


def test_virtual_running_is_treadmill() -> None:
    row = expose_(track(500 - 0.08 * DISTANCE), sub_sport="virtual_activity", barometer=True)
    assert row["surface"] == "treadmill"
    assert unknown(row, "descent_m")


# ---- triathlon


def test_a_leg_of_a_triathlon_is_itself() -> None:
    """Distance and time of the file run on over all legs; the run's are its own."""
    writer = FitWriter()
    writer.message("file_id", {"type": "activity", "manufacturer": "garmin", "time_created": START})
    for second in range(0, 5401, 5):
        # 3600 s of cycling at 8 m/s, then 1800 s of running at 3 m/s.
        metres = 8 * min(second, 3600) + 3 * max(second - 3600, 0)
        writer.message(
            "record",
            {
                "timestamp": START + timedelta(seconds=second),
                "distance": float(metres),
                "heart_rate": 140 if second < 3600 else 160,
            },
        )
    for sport, begin, seconds, metres in (
        ("cycling", 0, 3600, 28_800.0),
        ("running", 3600, 1800, 5400.0),
    ):
        writer.message(
            "session",
            {
                "timestamp": START + timedelta(seconds=begin + seconds),
                "start_time": START + timedelta(seconds=begin),
                "sport": sport,
                "sub_sport": "generic",
                "total_elapsed_time": float(seconds),
                "total_timer_time": float(seconds),
                "total_distance": metres,
            },
        )
    legs = list(read(Source("t.fit", writer.to_bytes())))
    ride, run = (expose(leg, "Europe/Vienna") for leg in legs if isinstance(leg, Recording))
    assert (ride["sport"], run["sport"]) == ("cycling", "running")
    assert run["distance_m"] == 5400
    assert run["moving_s"] == pytest.approx(1800, abs=5)
    assert run["start"] == START + timedelta(hours=1)
    assert run["avg_hr_bpm"] == pytest.approx(160)
    assert run["best_5000m_s"] == pytest.approx(5000 / 3, abs=5)
    assert unknown(ride, "best_400m_s")
    assert ride["id"] != run["id"]
    # Without the sessions' totals the way of the leg is that of its own track.
    leg = {"time_s": np.arange(601.0), "distance_m": 28_800 + 3 * np.arange(601.0)}
    assert expose_(leg)["distance_m"] == pytest.approx(1800)


def test_other_sports_have_no_running_numbers() -> None:
    row = expose_(track(500 - 0.03 * DISTANCE), sport="cycling", barometer=True)
    assert row["moving_s"] == 3600
    for name in ("best_400m_s", "descent_m", "steps", "ga_speed_mps"):
        assert name not in row


# ---- guesses


def test_a_guess_of_the_sport_is_said() -> None:
    row = expose_(track(), sport="unknown")
    assert (row["sport"], row["assumed"]) == ("running", GUESSED)
    both = expose_(track(), sport="unknown", assumed="no time zone")
    assert both["assumed"] == f"no time zone; {GUESSED}"
    plain = expose_(track())
    assert plain["assumed"] == ""
    walk = expose_(
        {"time_s": TIME, "distance_m": 1.4 * TIME}, sport="unknown", assumed="no time zone"
    )
    assert (walk["sport"], walk["assumed"]) == ("unknown", "no time zone")


def test_what_the_file_calls_a_walk_is_no_run_however_fast() -> None:
    assert expose_(track(), sport="walking")["sport"] == "walking"
    assert expose_(track(), sport="generic")["sport"] == "generic"


# ---- heart, steps, form


def test_heart_rate() -> None:
    beats = np.where(TIME < 1800, 140.0, 160.0)
    beats[100] = 250.0  # a spike of one second is no maximum
    beats[200:300] = np.nan
    row = expose_(track(heart_rate_bpm=beats))
    assert row["max_hr_bpm"] == 160
    assert 149 < row["avg_hr_bpm"] < 152
    assert expose_(track(), avg_hr_bpm=144.0)["avg_hr_bpm"] == 144
    assert math.isnan(expose_(track())["max_hr_bpm"])


def test_form_is_the_mean_of_what_was_measured_in_motion() -> None:
    halves = {
        "cadence_spm": np.where(TIME <= 1800, 160.0, 180.0),
        "stance_time_s": np.where(TIME <= 1800, 0.26, np.nan),
        "stance_balance": np.full(3601, 0.5),
        "vertical_ratio": np.zeros(3601),
    }
    row = expose_(track(**halves))
    assert row["avg_cadence_spm"] == pytest.approx(170)
    assert row["steps"] == pytest.approx(30 * 160 + 30 * 180)
    assert row["avg_stance_time_s"] == pytest.approx(0.26)
    assert row["avg_stance_balance"] == pytest.approx(0.5)
    assert math.isnan(row["avg_vertical_ratio"])  # zero is not measured
    assert math.isnan(row["avg_vertical_oscillation_m"])
    assert row["step_length_m"] == pytest.approx(180 / 170)
    own = expose_(track(**halves, step_length_m=np.full(3601, 1.1)))
    assert own["step_length_m"] == pytest.approx(1.1)


def test_braking_steps_take_the_slope() -> None:
    # EVIDENCE 4: at -8 % a step counts 1 + 0.046 x 8 level steps.
    fall = track(1000 - 0.08 * DISTANCE, cadence_spm=np.full(3601, 170.0))
    row = expose_(fall, barometer=True)
    assert row["steps"] == pytest.approx(10_200)
    assert row["braking_steps"] == pytest.approx(10_200 * 1.368, rel=0.001)
    # Nothing says that ground without an altitude is level.
    assert unknown(expose_(track(cadence_spm=np.full(3601, 170.0))), "braking_steps")


# ---- directions


def test_the_way_back_swaps_ascent_and_descent() -> None:
    height = 100 + 30 * np.sin(DISTANCE / 500) - 0.01 * DISTANCE
    there = expose_(track(height), barometer=True)
    back = expose_(track(height[::-1]), barometer=True)
    assert there["descent_m"] > there["ascent_m"] + 90
    assert back["ascent_m"] == pytest.approx(there["descent_m"])
    assert back["descent_m"] == pytest.approx(there["ascent_m"])
    assert back["grade_flat_m"] == pytest.approx(there["grade_flat_m"], abs=15)
    assert back["grade_p5_p10_m"] == pytest.approx(there["grade_m10_m5_m"], abs=15)


@pytest.mark.parametrize("lat", [0.0, 48.0, 70.0])
def test_positions_are_as_good_as_the_devices_distance(lat: float) -> None:
    # East along a parallel: a degree is shorter by the cosine of the latitude.
    degree_m = EARTH_RADIUS_M * math.radians(1) * math.cos(math.radians(lat))
    row = expose_(
        {"time_s": TIME, "lat_deg": np.full(3601, lat), "lon_deg": 10 + DISTANCE / degree_m}
    )
    assert row["distance_source"] == "gps"
    assert row["distance_m"] == pytest.approx(10_800, rel=1e-4)
    assert row["moving_s"] == 3600


def test_a_profile_is_as_long_as_its_track() -> None:
    fall = Recording(
        Activity("a", "a.fit", START, "running", barometer=True), track(500 - 0.05 * DISTANCE)
    )
    drawn, altitude, grade = profile_of(fall)
    assert drawn["distance_m"][-1] == pytest.approx(10_800)
    np.testing.assert_allclose(grade, -0.05, atol=1e-9)
    np.testing.assert_allclose(altitude, 500 - 0.05 * DISTANCE, atol=1e-6)
    flat, nothing, _ = profile_of(Recording(fall.activity, track()))
    assert len(flat["distance_m"]) == len(nothing) == 3601
    assert np.isnan(nothing).all()


def test_worker_processes_need_no_pandas() -> None:
    code = "import sys, kneewatch.metrics.exposure; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_mean_is_over_moving_time_and_what_was_measured() -> None:
    rng = np.random.default_rng(1)
    speed = np.repeat(rng.choice([0.0, 3.0], 30), 20)
    time = np.cumsum(rng.integers(1, 3, 600)).astype(float)
    column = rng.choice([0.0, np.nan, 0.24, 0.25, 0.26], 600)
    columns = {"time_s": time, "distance_m": np.cumsum(speed), "stance_time_s": column}
    motion = measure_motion(columns)
    told = motion.moving & (column > 0)
    expected = np.average(column[told], weights=motion.step_s[told])
    assert mean_in_motion(columns, "stance_time_s", motion) == pytest.approx(expected)
    assert motion.moving_step_s.sum() == pytest.approx(motion.moving_s)
    assert math.isnan(mean_in_motion(columns, "vertical_ratio", motion))
    assert math.isnan(mean_in_motion(columns | {"x": np.zeros(600)}, "x", motion))


def test_the_heavy_members_are_plain_arrays() -> None:
    row = expose_(track(heart_rate_bpm=np.full(3601, 150.0)))
    for name, bins in (("ga_speed_histogram_s", 200), ("heart_rate_histogram_s", 250)):
        assert type(row[name]) is np.ndarray
        assert row[name].dtype == np.float64
        assert row[name].shape == (bins,)
    assert row["ga_speed_histogram_s"].sum() == row["moving_s"] == 3600
    assert row["heart_rate_histogram_s"][150] == 3600 - 59
