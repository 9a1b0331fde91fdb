"""Sums for a runner's own line, and what drifts within a run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.metrics.form import SUMS, fit_line, like_speed_shift, line_sums, measure_form
from kneewatch.metrics.motion import measure_motion
from kneewatch.model import Floats

RNG = np.random.default_rng(4)


def samples(size: int, seed: int = 1) -> tuple[Floats, Floats, Floats]:
    rng = np.random.default_rng(seed)
    speed, grade = rng.uniform(2.1, 4.5, size), rng.uniform(-0.03, 0.03, size)
    return speed, grade, 130 + 12 * speed + 40 * grade


def form(
    cadence: Floats | float, speed: Floats | float = 3.0, seconds: int = 3600, **more: Any
) -> dict[str, Any]:
    """Form of a run of a point a second; its grade is 0 unless told."""
    time = np.arange(seconds + 1.0)
    way = np.concatenate(([0.0], np.cumsum(np.broadcast_to(speed, seconds))))
    grade = more.pop("grade", np.zeros(seconds + 1))
    known = more.pop("steep_known", True)
    track = {
        "time_s": time,
        "distance_m": way,
        "cadence_spm": np.broadcast_to(np.asarray(cadence, dtype=float), time.shape).copy(),
        **more,
    }
    return measure_form(track, measure_motion(track), grade, known)


# --- the line ------------------------------------------------------------------------------------


def test_a_line_without_noise_comes_back() -> None:
    speed, grade, steps = samples(500)
    line = fit_line(line_sums(speed, grade, steps, np.ones(500)))
    assert line is not None
    assert (line.level, line.per_speed, line.per_grade) == pytest.approx((130, 12, 40), rel=1e-6)
    assert line.at(3.0, 0.01) == pytest.approx(166.4)
    assert line.speed_mps == pytest.approx(speed.mean())
    assert line.speed_spread_mps == pytest.approx(speed.std())
    assert line.seconds == 500


def test_it_is_the_line_of_least_squares_by_time() -> None:
    speed, grade, steps = samples(300)
    steps = steps + RNG.normal(0, 4, 300)
    seconds = RNG.integers(1, 5, 300).astype(float)
    line = fit_line(line_sums(speed, grade, steps, seconds))
    design = np.column_stack((np.ones(300), speed, grade))
    root = np.sqrt(seconds)
    expected = np.linalg.lstsq(design * root[:, None], steps * root, rcond=None)[0]
    assert line is not None
    assert (line.level, line.per_speed, line.per_grade) == pytest.approx(tuple(expected), rel=1e-6)


def test_what_did_not_vary_has_no_slope() -> None:
    ones = np.ones(100)
    line = fit_line(line_sums(3 * ones, 0 * ones, 170 * ones, ones))
    assert line is not None
    assert (line.per_speed, line.per_grade) == (0, 0)
    assert line.at(4.0) == pytest.approx(170)
    # Grade that goes with speed to the letter: the two share what they explain.
    speed = np.linspace(2.5, 3.5, 100)
    both = fit_line(line_sums(speed, 0.01 * (speed - 3), 134 + 12 * speed, ones))
    assert both is not None
    assert both.at(3.2, 0.002) == pytest.approx(134 + 12 * 3.2, abs=0.01)
    assert fit_line(np.zeros(SUMS)) is None


@given(st.integers(1, 200), st.integers(1, 199), st.integers(0, 9))
def test_cutting_a_run_in_two_changes_no_sum(size: int, cut: int, seed: int) -> None:
    speed, grade, steps = samples(size, seed)
    seconds = np.ones(size)
    parts = [slice(0, cut), slice(cut, None)]
    whole = line_sums(speed, grade, steps, seconds)
    halves = sum(line_sums(speed[p], grade[p], steps[p], seconds[p]) for p in parts)
    np.testing.assert_allclose(halves, whole, rtol=1e-9, atol=1e-9)
    assert whole.shape == (SUMS,)
    assert whole[0] == size


def test_noise_of_the_speed_does_not_flatten_the_line() -> None:
    """A receiver off by 0.6 m/s from second to second, on a run between 2.5 and 3.5 m/s."""
    rng = np.random.default_rng(5)
    speed = np.repeat(np.linspace(2.5, 3.5, 10), 360)
    cadence = np.concatenate(([160.0], 130 + 12 * speed))
    noisy = np.maximum(speed + np.convolve(rng.normal(0, 2.0, 3600), np.ones(5) / 5, "same"), 0)
    line = fit_line(form(cadence, noisy)["step_rate_sums"])
    assert line is not None
    assert 9 < line.per_speed <= 13


# --- one run -------------------------------------------------------------------------------------


def test_a_steady_hour() -> None:
    row = form(170.0)
    assert row["step_rate_sums"][0] == pytest.approx(3600, abs=2)
    assert row["step_rate_sums"][3] / row["step_rate_sums"][0] == pytest.approx(170)
    assert row["step_rate_drift"] == pytest.approx(0, abs=1e-12)
    assert row.get("stance_time_sums") is None
    assert "stance_balance_share" not in row
    assert "stance_time_drift" not in row


def test_only_level_running_is_summed() -> None:
    # A third at 4 % up, a third walking, a third level; 100 s of that without cadence.
    third = np.repeat([0, 1, 2], 1200)
    speed = np.where(third == 1, 1.4, 3.0)
    grade = np.concatenate(([0.0], np.where(third == 0, 0.04, 0.0)))
    cadence = np.concatenate(([170.0], np.where(third == 1, 100.0, 170.0)))
    cadence[3000:3100] = np.nan
    row = form(cadence, speed, grade=grade)
    assert row["step_rate_sums"][0] == pytest.approx(1100, abs=8)
    unknown = np.full(3601, np.nan)
    assert "step_rate_sums" not in form(170.0, grade=unknown), "unknown is not level"
    assert form(170.0, seconds=50)["step_rate_sums"] is None, "and 50 seconds are no run"
    track = {"time_s": np.arange(9.0), "distance_m": 3 * np.arange(9.0)}
    assert measure_form(track, measure_motion(track), None, False) == {}


def test_drift_is_told_apart_from_slowing_down() -> None:
    """Steps of 130 + 12 v all along: slower at the end, and no other form."""
    time = np.arange(7200)
    speed = 3.2 - 0.4 * time / 7200 + 0.5 * np.sin(time / 60)
    cadence = np.concatenate(([170.0], 130 + 12 * speed))
    assert form(cadence, speed, 7200)["step_rate_drift"] == pytest.approx(0, abs=0.002)
    tired = cadence.copy()
    tired[4800:] *= 0.95
    assert form(tired, speed, 7200)["step_rate_drift"] == pytest.approx(-0.05, abs=0.002)
    half = form(cadence[:3001], speed[:3000], 3000)
    assert "step_rate_drift" not in half, "not a long run"


def test_contact_time_drifts_and_its_gaps_are_no_contact() -> None:
    contact = np.concatenate((np.full(2000, 0.25), np.full(1601, 0.275)))
    contact[::3] = np.nan
    row = form(170.0, stance_time_s=contact, stance_balance=np.full(3601, np.nan))
    assert row["stance_time_drift"] == pytest.approx(0.1, abs=0.01)
    assert row["stance_time_share"] == pytest.approx(2 / 3, abs=0.001)
    assert row["stance_balance_share"] == 0
    sums = row["stance_time_sums"]
    assert sums[0] == pytest.approx(2400)
    assert 0.25 < sums[3] / sums[0] < 0.275


def test_descents_are_held_against_the_level_at_like_speed() -> None:
    grade = np.repeat([0.0, -0.06, 0.0], [1801, 900, 900])
    cadence = np.where(grade < 0, 160.0, 170.0)
    assert form(cadence, grade=grade)["descent_step_rate_shift"] == pytest.approx(160 / 170 - 1)
    assert "descent_step_rate_shift" not in form(cadence, grade=grade, steep_known=False)
    fast = np.where(grade[1:] < 0, 4.0, 2.5)
    row = form(cadence, fast, grade=grade)
    assert np.isnan(row["descent_step_rate_shift"]), "never as fast on the level"


def test_no_shift_without_two_minutes_in_common() -> None:
    speed, seconds = np.full(400, 3.0), np.ones(400)
    values = np.repeat([170.0, 160.0], 200)
    early, late = np.arange(200), np.arange(200, 400)
    assert like_speed_shift(speed, seconds, values, early, late) == pytest.approx(160 / 170 - 1)
    assert np.isnan(like_speed_shift(speed, seconds, values, early[:119], late))
    assert np.isnan(like_speed_shift(speed, seconds, values, early[:0], late))
