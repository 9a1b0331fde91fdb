"""Effort on slopes, best times, critical speed and hard time."""

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneewatch import columns
from kneewatch.metrics.intensity import (
    HEART_BINS,
    SPEED_BIN_MPS,
    SPEED_BINS,
    adjust_for_grade,
    best_times,
    critical_speed,
    hard_seconds,
    heart_rate_seconds,
    histogram,
)
from kneewatch.metrics.motion import Motion, measure_motion
from kneewatch.model import Floats

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


@pytest.mark.parametrize(("speed", "reserve"), [(4.0, 200.0), (2.2, 61.0), (6.4, 260.0)])
def test_critical_speed_of_an_exact_line(speed: float, reserve: float) -> None:
    # Smyth & Muniz-Pumares 2020: D = CS t + D', through 400, 800 and 5000 m.
    bests = [(metres - reserve) / speed for metres in (400, 800, 5000)]
    assert critical_speed(*bests) == pytest.approx(speed)


def test_critical_speed_of_the_world_records() -> None:
    # 43.03 s, 100.91 s, 12:35.36 (van Niekerk, Rudisha, Cheptegei).
    assert critical_speed(43.03, 100.91, 755.36) == pytest.approx(6.43, abs=0.02)


def bests_of(speed: float, reserve: float) -> tuple[float, float, float]:
    first, second, third = ((metres - reserve) / speed for metres in (400, 800, 5000))
    return first, second, third


@pytest.mark.parametrize(
    "bests",
    [
        bests_of(3.0, 0.0),  # always the same speed: never ran hard
        bests_of(3.0, 59.0),
        (60.0, 150.0, 2400.0),  # a sprint and a jog
        bests_of(1.7, 100.0),  # a walker
        bests_of(6.6, 200.0),  # faster than the world record over 10 km
        (100.0, 100.0, 1500.0),
        (200.0, 150.0, 1500.0),
        (math.nan, 150.0, 1200.0),
        (50.0, 150.0, math.nan),
    ],
)
def test_bests_that_are_none_have_no_critical_speed(bests: tuple[float, float, float]) -> None:
    assert math.isnan(critical_speed(*bests))


def histogram_of(*spent: tuple[float, float], width: float, bins: int) -> Floats:
    """Seconds spent in the middle of some bins."""
    found = np.zeros(bins)
    for value, seconds in spent:
        found[int(value / width)] += seconds
    return found


def run(day: int, *, hour: int = 7, **values: Any) -> dict[str, Any]:
    start = datetime(2025, 3, 1, hour, tzinfo=UTC) + timedelta(days=day)
    row = {
        "id": f"{day}-{hour}",
        "start": start,
        "local_date": start.date().isoformat(),
        "sport": "running",
    }
    bests = values.pop("bests", None)
    if bests:
        row |= {f"best_{m}m_s": s for m, s in zip((400, 800, 5000), bests, strict=True)}
    return row | values


def paced(*spent: tuple[float, float]) -> dict[str, Floats]:
    found = histogram_of(*spent, width=SPEED_BIN_MPS, bins=SPEED_BINS)
    return {"ga_speed_histogram_s": found}


def beating(*spent: tuple[float, float], top: float = math.nan) -> dict[str, Any]:
    found = histogram_of(*spent, width=1.0, bins=HEART_BINS)
    return {"heart_rate_histogram_s": found, "max_hr_bpm": top}


def frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    index = pd.Index([row["id"] for row in rows], name="id", dtype=object)
    return columns.frame(columns.ACTIVITIES, rows, index)


def test_hard_is_above_critical_speed() -> None:
    # CS 4.0 m/s lies on the edge of a bin: what is in the bins above counts.
    row = run(0, bests=bests_of(4.0, 200.0), **paced((3.02, 1000), (3.97, 7), (4.02, 300), (6, 50)))
    found = hard_seconds(frame([row]))
    assert found["hard_s"].tolist() == [pytest.approx(350)]
    assert found["hard_source"].tolist() == ["speed"]
    # CS 4.02: a bin of 0.05 m/s is cut at two fifths.
    row |= run(0, bests=bests_of(4.02, 200.0))
    assert hard_seconds(frame([row]))["hard_s"].iloc[0] == pytest.approx(0.6 * 300 + 50)


def test_bests_come_from_several_runs_of_the_window() -> None:
    fast = bests_of(4.0, 200.0)
    rows = [
        run(0, bests=(fast[0], math.nan, math.nan), **paced((5, 60))),
        run(10, bests=(math.nan, fast[1], math.nan), **paced((5, 60))),
        run(20, bests=(math.nan, 200.0, fast[2]), **paced((5, 60))),
        run(119, **paced((5, 60))),
        run(120, **paced((5, 60))),  # the first run is 120 days back: out
    ]
    found = hard_seconds(frame(rows))
    assert found["hard_source"].tolist() == ["none", "none", "speed", "speed", "none"]
    assert found["hard_s"].iloc[2:4].tolist() == [60, 60]
    assert found["hard_s"].isna().tolist() == [True, True, False, False, True]


def test_without_real_bests_the_heart_is_asked() -> None:
    row = run(0, bests=bests_of(3.0, 0.0), **paced((3, 600)), **beating((150, 100), (180, 40)))
    assert hard_seconds(frame([row]))["hard_source"].tolist() == ["none"]
    known = hard_seconds(frame([row]), max_heart_rate_bpm=200)
    # 88 % of 200 is 176.
    assert known["hard_s"].tolist() == [40]
    assert known["hard_source"].tolist() == ["heart rate"]


def test_heart_rate_reserve_where_the_resting_rate_is_known() -> None:
    # 80 % of the reserve between 50 and 190 is 162; 88 % of 190 is 167.2.
    row = run(0, **beating((162, 100), (170, 30), (161, 500)))
    rested = hard_seconds(frame([row]), max_heart_rate_bpm=190, resting_heart_rate_bpm=50)
    assert rested["hard_s"].tolist() == [130]
    assert hard_seconds(frame([row]), max_heart_rate_bpm=190)["hard_s"].tolist() == [30]
    by_watch = run(
        0, **beating((162, 100), (170, 30)), max_hr_setting_bpm=190.0, rest_hr_setting_bpm=50.0
    )
    assert hard_seconds(frame([by_watch]))["hard_s"].tolist() == [130]
    # What the runner says outranks the watch; a watch that says 0 says nothing.
    assert hard_seconds(frame([by_watch]), max_heart_rate_bpm=220)["hard_s"].tolist() == [0]
    zero = by_watch | {"rest_hr_setting_bpm": 0.0}
    assert hard_seconds(frame([zero]))["hard_s"].tolist() == [30]


def test_the_highest_that_was_seen_stands_in_for_the_maximum() -> None:
    rows = [
        run(0, **beating((170, 60), top=180.0)),  # 88 % of 180 is 158.4
        run(1, **beating((170, 60), top=200.0)),  # of 200, 176
        run(2, **beating((170, 60), top=175.0)),
    ]
    assert hard_seconds(frame(rows))["hard_s"].tolist() == [60, 0, 0]


def test_nothing_measured_is_unknown_and_not_zero() -> None:
    found = hard_seconds(frame([run(0)]))
    assert found["hard_s"].isna().all()
    assert found["hard_source"].tolist() == ["none"]
    empty = hard_seconds(frame([]))
    assert empty.columns.tolist() == ["hard_s", "hard_source"]
    assert len(empty) == 0


def test_an_evening_race_does_not_change_the_morning() -> None:
    morning = run(0, hour=6, bests=bests_of(3.6, 200.0), **paced((3.8, 600)))
    evening = run(0, hour=18, bests=bests_of(4.0, 200.0), **paced((3.8, 600)))
    alone = hard_seconds(frame([morning]))
    both = hard_seconds(frame([morning, evening]))
    assert alone["hard_s"].tolist() == [600]
    assert both["hard_s"].tolist() == [600, 0]


runs = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.sampled_from([7, 18]),
        st.sampled_from([None, (3.4, 100.0), (3.9, 200.0), (4.4, 300.0), (3.0, 0.0)]),
        st.floats(2, 6),
        st.floats(100, 200) | st.just(math.nan),
    ),
    max_size=12,
    unique_by=lambda drawn: drawn[:2],
)


@given(runs, st.data())
@settings(deadline=None, max_examples=60)
def test_later_runs_never_change_an_earlier_one(
    drawn: list[tuple[int, int, tuple[float, float] | None, float, float]], data: st.DataObject
) -> None:
    rows = [
        run(
            day,
            hour=hour,
            bests=bests_of(*line) if line else None,
            **paced((speed, 100), (speed + 1, 10)),
            **beating((150, 50), (170, 20), top=top),
        )
        for day, hour, line, speed, top in sorted(drawn, key=lambda entry: entry[:2])
    ]
    keep = data.draw(st.integers(0, len(rows)))
    whole, part = hard_seconds(frame(rows)), hard_seconds(frame(rows[:keep]))
    pd.testing.assert_frame_equal(whole.iloc[:keep], part)


def test_the_window_is_by_the_runners_own_days() -> None:
    first = date(2025, 3, 1)
    row = run(0, bests=bests_of(4.0, 200.0), **paced((5, 60)))
    late = run(119, **paced((5, 60))) | {
        "local_date": (first + timedelta(days=120)).isoformat(),
    }
    assert hard_seconds(frame([row, late]))["hard_source"].tolist() == ["speed", "none"]
