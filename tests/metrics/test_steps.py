"""Steps from cadence, and steps weighted by braking."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from fit_encoder import FitWriter
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.metrics.exposure import expose
from kneewatch.metrics.motion import Motion, measure_motion
from kneewatch.metrics.steps import Steps, braking_weighted_steps, count_steps
from kneewatch.model import Floats, Recording, Source
from kneewatch.readers import read

Columns = dict[str, Floats]


def steady(speed: float, seconds: int, cadence: Floats | float | None = None) -> Columns:
    time = np.arange(seconds + 1.0)
    track = {"time_s": time, "distance_m": speed * time}
    if cadence is not None:
        track["cadence_spm"] = np.broadcast_to(np.float64(cadence), time.shape).copy()
    return track


def count(track: Columns, device: float | None = None) -> Steps:
    return count_steps(track, measure_motion(track), device)


def test_cadence_times_time() -> None:
    steps = count(steady(3.0, 600, 170.0))
    assert steps.total == pytest.approx(1700)
    assert steps.source == "cadence"
    assert steps.per_point is not None
    assert steps.per_point.sum() == steps.total


def test_fractions_of_a_step_count() -> None:
    # 85.5 strides a minute for an hour are 10,260 steps; without the fraction 60 fewer.
    assert count(steady(3.0, 3600, 171.0)).total == pytest.approx(10_260)
    assert count(steady(3.0, 3600, 171.5)).total == pytest.approx(10_290)


def fit_run(seconds: int, strides: int, fraction: float, total_strides: int | None) -> Recording:
    """A FIT file as a watch writes it: strides a minute, and strides in all."""
    start = datetime(2025, 6, 17, 16, 0, tzinfo=UTC)
    writer = FitWriter()
    writer.message("file_id", {"type": "activity", "manufacturer": "garmin", "time_created": start})
    for second in range(seconds + 1):
        writer.message(
            "record",
            {
                "timestamp": start + timedelta(seconds=second),
                "distance": 3.0 * second,
                "cadence": strides,
                "fractional_cadence": fraction,
            },
        )
    writer.message(
        "session",
        {
            "timestamp": start + timedelta(seconds=seconds),
            "start_time": start,
            "sport": "running",
            "sub_sport": "generic",
            "total_elapsed_time": float(seconds),
            "total_timer_time": float(seconds),
            "total_distance": 3.0 * seconds,
            "total_cycles": total_strides,
        },
    )
    (recording,) = read(Source("a.fit", writer.to_bytes()))
    assert isinstance(recording, Recording)
    return recording


def test_strides_are_doubled_once() -> None:
    # FIT: cadence in strides a minute, fractional_cadence in 1/128, total_cycles as strides.
    recording = fit_run(600, 85, 0.5, 850)
    row = expose(recording)
    assert row["steps"] == pytest.approx(2 * 85.5 * 10)
    assert row["steps_source"] == "cadence"
    assert row["avg_cadence_spm"] == pytest.approx(171)
    assert recording.activity.steps == 1700
    # The length of a step: 180 m a minute over 171 steps a minute.
    assert row["step_length_m"] == pytest.approx(180 / 171)


def test_smart_recording_counts_the_same() -> None:
    every = steady(3.0, 600, 170.0)
    kept = np.array([0, 7, 8, 30, 31, 100, 250, 600])
    smart = {name: column[kept] for name, column in every.items()}
    assert count(smart).total == pytest.approx(count(every).total)


def test_small_gaps_are_filled_in_proportion() -> None:
    track = steady(3.0, 600, 170.0)
    track["cadence_spm"][100:160] = np.nan
    steps = count(track)
    assert steps.total == pytest.approx(1700)
    assert steps.source == "cadence"


@pytest.mark.parametrize(("known", "source"), [(481, "cadence"), (479, "device")])
def test_with_a_fifth_missing_the_device_knows_better(known: int, source: str) -> None:
    track = steady(3.0, 600, 170.0)
    track["cadence_spm"][known + 1 :] = np.nan
    steps = count(track, 1666.0)
    assert steps.source == source
    assert steps.total == pytest.approx(1700 if source == "cadence" else 1666)


def test_pauses_have_no_steps() -> None:
    track = steady(3.0, 600, 170.0)
    track["time_s"][301:] += 900
    track["segment"] = (np.arange(601) > 300).astype(float)
    assert count(track).total == pytest.approx(170 * 599 / 60)


def test_no_cadence_no_steps() -> None:
    track = steady(3.0, 600)
    assert count(track, 1650.0) == Steps(1650.0, "device")
    nothing = count(track)
    assert math.isnan(nothing.total)
    assert nothing.source == "none"
    # A device that writes 0 has not counted.
    assert count(track, 0.0).source == "none"
    assert count(steady(3.0, 600, math.nan)).source == "none"


def weigh(
    speed: float, cadence: float, grade: float | Floats, seconds: int = 600
) -> tuple[float, Motion]:
    track = steady(speed, seconds, cadence)
    motion = measure_motion(track)
    slope = np.broadcast_to(np.float64(grade), motion.time_s.shape)
    return braking_weighted_steps(count_steps(track, motion, None), motion, slope), motion


# EVIDENCE 4: 1 + 0.046 |g %| below -2 %, up to 16 %; Gottschall & Kram 2005 measured +73 % of
# braking at -9 degrees, which is -15.84 %.
@pytest.mark.parametrize(
    ("grade", "weight"),
    [
        (0.0, 1.0),
        (-0.02, 1.0),
        (-0.0201, 1 + 0.046 * 2.01),
        (-0.05, 1.23),
        (-0.10, 1.46),
        (-0.1584, 1.73),
        (-0.16, 1.736),
        (-0.30, 1.736),
        (0.10, 1.0),
        (math.nan, 1.0),
    ],
)
def test_weight_of_a_slope(grade: float, weight: float) -> None:
    found, _ = weigh(3.0, 170.0, grade)
    assert found == pytest.approx(1700 * weight, rel=0.002)


@pytest.mark.parametrize(
    ("speed", "cadence", "half"),
    [(3.0, 170.0, False), (1.9, 170.0, True), (3.0, 129.0, True), (2.0, 130.0, False)],
)
def test_walking_steps_count_half(speed: float, cadence: float, half: bool) -> None:
    found, _ = weigh(speed, cadence, 0.0)
    assert found == pytest.approx(10 * cadence * (0.5 if half else 1), rel=0.001)


def test_each_step_has_the_weight_of_its_place() -> None:
    slope = np.where(np.arange(601) <= 300, 0.0, -0.10)
    found, _ = weigh(3.0, 170.0, slope)
    assert found == pytest.approx(850 + 850 * 1.46)


def test_a_devices_total_cannot_be_weighted() -> None:
    _, motion = weigh(3.0, 170.0, 0.0)
    found = braking_weighted_steps(Steps(1700.0, "device"), motion, np.zeros(601))
    assert math.isnan(found)


@given(
    st.floats(0.6, 6), st.floats(60, 220), st.lists(st.floats(-0.4, 0.4), min_size=61, max_size=61)
)
def test_weighted_steps_lie_between_half_and_the_steepest(
    speed: float, cadence: float, grades: list[float]
) -> None:
    found, motion = weigh(speed, cadence, np.array(grades), 60)
    assert motion.moving_s == 60
    assert 0.5 * cadence - 1e-6 <= found <= 1.736 * cadence + 1e-6
