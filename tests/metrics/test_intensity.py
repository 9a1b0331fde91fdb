"""Effort on slopes, best times, and time by speed and heart rate."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.metrics.intensity import (
    HEART_BINS,
    SPEED_BIN_MPS,
    SPEED_BINS,
    adjust_for_grade,
    best_times,
    heart_rate_seconds,
    histogram,
)
from kneewatch.metrics.motion import Motion, measure_motion

# Minetti et al. 2002, J Appl Physiol 93:1039-1046: cost of running in J/kg/m on the level 3.6,
# at +5 % 4.69, +10 % 5.97, +20 % 9.01, by the paper's polynomial.
UPHILL = {0.05: 4.69, 0.10: 5.97, 0.20: 9.01}
# The polynomial fitted to runs of 240,000 athletes.
DOWNHILL = {-0.05: 0.888, -0.10: 0.877, -0.15: 0.959, -0.20: 1.115}


@pytest.mark.parametrize(("grade", "cost"), UPHILL.items())
def test_uphill_is_minettis_cost_over_that_of_the_level(grade: float, cost: float) -> None:
    assert adjust_for_grade(np.array([grade]))[0] == pytest.approx(cost / 3.6, abs=0.005 / 3.6)


@pytest.mark.parametrize(("grade", "factor"), DOWNHILL.items())
def test_downhill_is_what_athletes_do(grade: float, factor: float) -> None:
    assert adjust_for_grade(np.array([grade]))[0] == pytest.approx(factor, abs=0.0005)


def test_level_unknown_and_beyond() -> None:
    found = adjust_for_grade(np.array([0.0, np.nan, 0.35, 0.9, -0.35, -0.9]))
    assert found[0] == found[1] == 1.0
    assert found[2] == found[3] > 3
    assert found[4] == found[5] > 1


@given(st.floats(0, 0.34))
def test_steeper_up_is_harder(grade: float) -> None:
    less, more = adjust_for_grade(np.array([grade, grade + 0.01]))
    assert more > less >= 1


def along(*stretches: tuple[float, int]) -> Motion:
    """A track from stretches of (speed [m/s], seconds)."""
    speed = np.concatenate([np.full(seconds, speed) for speed, seconds in stretches])
    time = np.arange(len(speed) + 1.0)
    return measure_motion({"time_s": time, "distance_m": np.append(0, np.cumsum(speed))})


def test_best_times_of_an_even_run() -> None:
    motion = along((4.0, 1500))
    best = best_times(motion, motion.step_m)
    assert best == {400: pytest.approx(100), 800: pytest.approx(200), 5000: pytest.approx(1250)}


def test_the_fastest_stretch_wherever_it_is() -> None:
    motion = along((3.0, 600), (5.0, 100), (3.0, 600), (4.0, 250), (3.0, 300))
    best = best_times(motion, motion.step_m)
    # 500 m at 5 m/s hold the 400; the 800 are those and 300 m at 3 m/s; or the 1000 m at 4 m/s.
    assert best[400] == pytest.approx(80)
    assert best[800] == pytest.approx(min(100 + 300 / 3, 800 / 4))
    # 5000 m: all that is fast, 1500 of the 6300 m, and 3500 m at 3 m/s.
    assert best[5000] == pytest.approx(100 + 250 + 3500 / 3)


def test_too_short_for_a_best() -> None:
    motion = along((4.0, 150))
    best = best_times(motion, motion.step_m)
    assert best[400] == pytest.approx(100)
    assert math.isnan(best[800])
    assert math.isnan(best[5000])
    to_the_metre = along((4.0, 100))
    assert best_times(to_the_metre, to_the_metre.step_m)[400] == pytest.approx(100)


def test_standing_after_the_finish_is_not_of_the_effort() -> None:
    motion = along((4.0, 200), (0.0, 60))
    assert best_times(motion, motion.step_m)[800] == pytest.approx(200)


def test_a_rest_within_an_effort_is_time() -> None:
    motion = along((4.0, 100), (0.0, 60), (4.0, 100))
    best = best_times(motion, motion.step_m)
    assert best[400] == pytest.approx(100)
    assert best[800] == pytest.approx(260)
    # A stopped watch is a rest like any other.
    time = np.concatenate((np.arange(101.0), 400 + np.arange(101.0)))
    way = np.concatenate((4 * np.arange(101.0), 400 + 4 * np.arange(101.0)))
    paused = measure_motion(
        {"time_s": time, "distance_m": way, "segment": np.repeat([0.0, 1.0], 101)}
    )
    assert best_times(paused, paused.step_m)[800] == pytest.approx(500)


def test_bests_count_uphill_as_the_faster_level_run() -> None:
    motion = along((3.0, 1000))
    best = best_times(motion, motion.step_m * adjust_for_grade(np.full(1001, 0.05)))
    assert best[400] == pytest.approx(400 / (3 * 4.69 / 3.6), rel=0.002)


def test_faster_than_anyone_is_no_best() -> None:
    # World records: 400 m 43.03 s (van Niekerk 2016), 800 m 100.91 s (Rudisha 2012).
    car = along((3.0, 300), (20.0, 100), (3.0, 300))
    best = best_times(car, car.step_m)
    assert best[400] >= 43
    assert best[800] >= 100


def test_histogram_holds_every_second() -> None:
    values = np.array([0.0, 0.049, 0.05, 3.0, 99.0, np.nan, 2.0])
    seconds = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 0.0])
    found = histogram(values, seconds, SPEED_BIN_MPS, SPEED_BINS)
    assert found.shape == (SPEED_BINS,)
    assert found[:2].tolist() == [3.0, 4.0]
    assert found[60] == 8
    assert found[-1] == 16
    assert found.sum() == 31


def test_the_first_minute_of_each_segment_is_the_hearts_lag() -> None:
    time = np.concatenate((np.arange(301.0), 600 + np.arange(201.0)))
    track = {
        "time_s": time,
        "distance_m": 3 * np.arange(502.0),
        "segment": np.repeat([0.0, 1.0], (301, 201)),
        "heart_rate_bpm": np.where(time < 600, 150.0, 165.0),
    }
    found = heart_rate_seconds(track, measure_motion(track))
    assert found.shape == (HEART_BINS,)
    assert found[150] == 241  # from second 60 to second 300, both included
    assert found[165] == 141
    assert found.sum() == 382


def test_standing_is_no_heart_time() -> None:
    motion = along((3.0, 300), (0.0, 300))
    track = {"time_s": motion.time_s, "heart_rate_bpm": np.full(601, 170.0)}
    assert heart_rate_seconds(track, motion).sum() == pytest.approx(241, abs=6)
    assert heart_rate_seconds({"time_s": motion.time_s}, motion).sum() == 0


@given(st.lists(st.floats(-0.35, 0.35), min_size=1, max_size=50))
def test_factors_are_those_of_the_polynomials_as_printed(grades: list[float]) -> None:
    g = np.array(grades)
    p = 100 * g
    up = (155.4 * g**5 - 30.4 * g**4 - 43.3 * g**3 + 46.3 * g**2 + 19.5 * g + 3.6) / 3.6
    down = 1 + 0.03266 * p + 0.0020536 * p**2 - 3.99e-6 * p**3 - 5.294e-7 * p**4
    np.testing.assert_allclose(adjust_for_grade(g), np.where(g > 0, up, down), rtol=1e-13)


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0]), min_size=2, max_size=40))
def test_the_first_minute_of_each_segment_is_left_out(steps: list[float]) -> None:
    segment = np.cumsum(np.array(steps) == 2.0).astype(float)
    time = 30.0 * np.arange(len(steps))
    motion = measure_motion(
        {"time_s": time, "segment": segment, "distance_m": 3 * time},
    )
    counted = 0.0
    for i, when in enumerate(time):
        since = when - time[np.flatnonzero(segment == segment[i])[0]]
        counted += motion.step_s[i] if motion.moving[i] and since >= 60 else 0.0
    heart = np.full(len(steps), 150.0)
    track = {"time_s": time, "segment": segment, "heart_rate_bpm": heart}
    assert heart_rate_seconds(track, motion)[150] == counted
