"""Gaps, spikes and counters that began anew must not wreck a track."""

from __future__ import annotations

import numpy as np
import pytest

from kneewatch.metrics.motion import measure_motion
from kneewatch.model import Floats

SPEED = 3.0


def steady(seconds: int = 1800) -> dict[str, Floats]:
    time = np.arange(seconds + 1, dtype=float)
    return {"time_s": time, "distance_m": SPEED * time}


def test_standing_over_a_gap_is_no_running() -> None:
    track = steady()
    after = steady()
    joined = {
        "time_s": np.concatenate((track["time_s"], 1800 + 3600 + after["time_s"])),
        "distance_m": np.concatenate((track["distance_m"], 5400 + 3 + after["distance_m"])),
    }
    motion = measure_motion(joined)
    assert motion.moving_s == pytest.approx(3600, abs=10)
    assert motion.total_m == pytest.approx(10_803)


def test_running_over_a_gap_counts() -> None:
    track = steady()
    sparse = {name: column[::60] for name, column in track.items()}
    motion = measure_motion(sparse)
    assert motion.moving_s == 1800
    assert motion.total_m == 5400


def test_one_wild_distance_is_left_out() -> None:
    track = steady()
    track["distance_m"][900] = 4_000_000.0
    motion = measure_motion(track)
    assert motion.total_m == pytest.approx(5400, abs=10)
    assert motion.moving_s == pytest.approx(1800, abs=10)


def test_a_counter_that_begins_anew_goes_on() -> None:
    track = steady()
    track["distance_m"][900:] -= track["distance_m"][899]
    motion = measure_motion(track)
    assert motion.total_m == pytest.approx(5400, abs=5)
    assert motion.moving_s == pytest.approx(1800, abs=10)


def test_a_small_step_back_is_made_good_by_what_follows() -> None:
    track = steady()
    track["distance_m"][900] -= 20
    assert measure_motion(track).total_m == pytest.approx(5400)
