"""Elevation against synthetic tracks whose truth is known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneewatch.metrics.descent import GRADE_EDGES, bin_by_grade, descents
from kneewatch.metrics.elevation import process_elevation

SPEED = 3.0
TIME = np.arange(3600.0)
DISTANCE = SPEED * TIME
ONE = np.zeros(len(TIME))

TERRAIN = {
    "flat": np.zeros(len(TIME)),
    "bumps of 5 m": 2.5 * np.sin(2 * np.pi * DISTANCE / 300),
    "rollers of 15 m": 7.5 * np.sin(2 * np.pi * DISTANCE / 600),
    "hills of 150 m": 75 * (1 - np.cos(2 * np.pi * DISTANCE / 3900)),
}
# Descent of a noiseless hour, mean and range of 30 noisy ones, as measured, widened a little.
EXPECTED = {
    ("barometer", "flat"): (0, 0, 5, 10),
    ("barometer", "bumps of 5 m"): (180, 175, 205, 215),
    ("barometer", "rollers of 15 m"): (270, 265, 285, 295),
    ("barometer", "hills of 150 m"): (384, 378, 390, 394),
    ("gps", "flat"): (0, 0, 45, 70),
    # 5 m are below what GPS altitude can tell from its noise: they are lost, and must be.
    ("gps", "bumps of 5 m"): (180, 0, 65, 100),
    ("gps", "rollers of 15 m"): (270, 200, 250, 330),
    ("gps", "hills of 150 m"): (384, 375, 400, 415),
}


def correlated(rng, count, sd, memory_s):
    keep = math.exp(-1 / memory_s)
    kicks = rng.normal(0, sd * math.sqrt(1 - keep**2), count)
    kicks[0] = rng.normal(0, sd)
    # x[i] = keep x[i-1] + kick[i], as a sum over the last twelve memories
    weights = keep ** np.arange(int(12 * memory_s))
    return np.convolve(kicks, weights)[:count]


def noisy(source, level, seed):
    rng = np.random.default_rng(seed)
    if source == "barometer":
        noise = correlated(rng, len(level), 0.5, 15) + np.cumsum(rng.normal(0, 0.02, len(level)))
    else:
        noise = correlated(rng, len(level), 4.0, 60) + rng.normal(0, 0.7, len(level))
    return np.round((level + noise) / 0.2) * 0.2


@pytest.mark.parametrize(("source", "terrain"), EXPECTED)
def test_descent_of_known_terrain(source, terrain):
    true, least, most, worst = EXPECTED[source, terrain]
    level = TERRAIN[terrain]
    assert np.maximum(-np.diff(level), 0).sum() == pytest.approx(true, rel=0.05)
    runs = [
        process_elevation(TIME, DISTANCE, noisy(source, level, seed), ONE) for seed in range(12)
    ]
    assert {run.source for run in runs} == {source}
    descent = [run.descent_m for run in runs]
    assert least <= np.mean(descent) <= most
    assert max(descent) <= worst


@pytest.mark.parametrize("source", ["barometer", "gps"])
def test_a_flat_run_has_no_steep_grade(source):
    steep = 0.0
    for seed in range(12):
        run = process_elevation(TIME, DISTANCE, noisy(source, TERRAIN["flat"], seed), ONE)
        metres, _ = bin_by_grade(run.grade, np.full(len(TIME), SPEED), np.ones(len(TIME)))
        steep += metres[:3].sum()
        assert run.steep_known is (source == "barometer")
    assert steep / 12 < {"barometer": 1.0, "gps": 30.0}[source]


def test_a_steady_slope_is_kept_exactly():
    run = process_elevation(TIME, DISTANCE, 500 - 0.06 * DISTANCE, ONE)
    assert run.descent_m == pytest.approx(0.06 * DISTANCE[-1])
    assert run.ascent_m == 0
    np.testing.assert_allclose(run.grade, -0.06, atol=1e-9)
    np.testing.assert_allclose(run.altitude_m, 500 - 0.06 * DISTANCE, atol=1e-6)


@pytest.mark.parametrize(
    "altitude",
    [[], [5.0], [5.0, 5.0], [0.0] * 40, [120.4] * 40, [math.nan] * 40, [math.nan, 7.0]],
    ids=["empty", "one", "two alike", "zeros", "constant", "all NaN", "one of two"],
)
def test_no_altitude_is_no_altitude(altitude):
    time = np.arange(float(len(altitude)))
    run = process_elevation(time, 3 * time, altitude, np.zeros(len(time)), True)
    assert run.source == "none"
    assert not run.steep_known
    assert math.isnan(run.descent_m)
    assert math.isnan(run.ascent_m)
    assert run.grade.shape == run.altitude_m.shape == time.shape
    assert np.isnan(run.grade).all()


def test_two_samples_are_a_leg():
    run = process_elevation([0, 60], [0, 200], [100, 90], [0, 0], True)
    assert (run.ascent_m, run.descent_m) == (0, 10)
    np.testing.assert_allclose(run.grade, -0.05)


def test_no_distance_gives_a_descent_and_no_grade():
    level = TERRAIN["hills of 150 m"]
    run = process_elevation(TIME, np.full(len(TIME), np.nan), level, ONE, True)
    assert run.descent_m == pytest.approx(384, abs=3)
    assert np.isnan(run.grade).all()
    assert math.isnan(run.roughness_m_per_km)


def test_no_time_is_no_altitude():
    level = TERRAIN["hills of 150 m"]
    assert process_elevation(np.full(len(TIME), np.nan), DISTANCE, level, ONE).source == "none"


@pytest.mark.parametrize(("pause_s", "counted"), [(30.0, 40.0), (600.0, 0.0)])
def test_a_long_pause_hides_its_change_of_altitude(pause_s, counted):
    time = np.concatenate((TIME, TIME + TIME[-1] + pause_s))
    distance = np.concatenate((DISTANCE, DISTANCE + DISTANCE[-1]))
    altitude = np.concatenate((100 + ONE, 60 + ONE))
    segment = np.concatenate((ONE, ONE + 1))
    run = process_elevation(time, distance, altitude, segment, True)
    assert run.descent_m == counted
    assert run.ascent_m == 0
    assert run.altitude_m[-1] == 60


def test_a_gap_without_pause_counts_and_is_unknown_inside():
    level = 300 - 0.02 * DISTANCE
    holed = level.copy()
    holed[1000:1010] = np.nan
    holed[2000:2200] = np.nan
    run = process_elevation(TIME, DISTANCE, holed, ONE, True)
    assert run.descent_m == pytest.approx(level[0] - level[-1])
    assert np.isfinite(run.altitude_m[1000:1010]).all()
    assert np.isnan(run.altitude_m[2000:2200]).all()
    assert np.isnan(run.grade[2000:2200]).all()
    assert np.isfinite(run.grade[:2000]).all()


def test_glitches_are_no_terrain():
    level = 200 + TERRAIN["rollers of 15 m"]
    true = process_elevation(TIME, DISTANCE, level, ONE, True)
    bad = level.copy()
    bad[500] += 80  # a spike
    bad[1500:1503] -= 70  # a short excursion
    bad[:3] = 0  # home altitude until the watch knows better
    run = process_elevation(TIME, DISTANCE, bad, ONE, True)
    assert run.descent_m == pytest.approx(true.descent_m, abs=5)
    assert run.ascent_m == pytest.approx(true.ascent_m, abs=5)
    assert np.nanmax(np.abs(run.grade - true.grade)) < 0.02


def test_gusts_show_in_the_steady_descent():
    gusts = np.where(np.arange(len(TIME)) % 40 == 7, 5.0, 0.0)
    run = process_elevation(TIME, DISTANCE, gusts, ONE, True, sum_smooth_s=0)
    assert run.descent_m == pytest.approx(450, abs=10)
    assert run.steady_descent_m == 0
    still = process_elevation(TIME, DISTANCE, TERRAIN["hills of 150 m"], ONE, True)
    assert still.steady_descent_m == pytest.approx(still.descent_m, rel=0.02)


def test_disorder_and_duplicates_change_nothing():
    level = TERRAIN["rollers of 15 m"]
    plain = process_elevation(TIME, DISTANCE, level, ONE, True)
    order = np.concatenate((np.arange(100), [50, 60, 60], np.arange(100, 3600)))
    messy = process_elevation(TIME[order], DISTANCE[order], level[order], ONE[order], True)
    assert messy.descent_m == pytest.approx(plain.descent_m)
    np.testing.assert_allclose(messy.grade, plain.grade[order], atol=1e-9)
    assert messy.altitude_m.shape == order.shape


def test_smart_recording_keeps_its_extremes():
    # A point every 5 s, the turns among them: nothing is averaged away.
    level = np.where(np.arange(721) % 2 == 0, 0.0, 4.0)
    time = 5.0 * np.arange(721)
    run = process_elevation(time, 3 * time, level, np.zeros(721), True)
    assert run.descent_m == run.ascent_m == 360 * 4.0


def test_grade_bins_meet_at_their_edges():
    grade = [-0.2, *GRADE_EDGES, 0.3, math.nan]
    metres, seconds = bin_by_grade(grade, np.ones(10), np.full(10, 2.0))
    np.testing.assert_array_equal(metres, [2, 1, 1, 1, 1, 1, 1, 1])
    np.testing.assert_array_equal(seconds, 2 * metres)
    metres, seconds = bin_by_grade([], [], [])
    assert metres.tolist() == seconds.tolist() == [0.0] * 8


def descents_of(altitude, time=TIME, distance=DISTANCE, segment=ONE):
    run = process_elevation(time, distance, altitude, segment, True)
    return descents(distance, run.altitude_m, run.grade, time, segment)


def test_descents_of_a_hill():
    # 3 km level, 2 km at -8 %, a level bend of 60 m, 1 km at -4 %, level again
    level = 400 + np.interp(DISTANCE, [3000, 5000, 5060, 6060], [0, -160, -160, -200])
    found = descents_of(level)
    assert found.longest_m == pytest.approx(3060, abs=100)
    assert found.longest_drop_m == pytest.approx(200, abs=4)
    assert found.steepest_km_grade == pytest.approx(-0.08, abs=0.001)
    assert found.speed_mps == pytest.approx(SPEED)


def test_descents_that_are_none():
    flat = descents_of(np.linspace(0, 5, len(TIME)))
    assert (flat.longest_m, flat.longest_drop_m, flat.steepest_km_grade) == (0, 0, 0)
    assert math.isnan(flat.speed_mps)
    nothing = descents([], [], [], [], [])
    assert nothing.longest_m == 0
    assert math.isnan(nothing.steepest_km_grade)
    short = descents_of(-0.05 * DISTANCE[:200], TIME[:200], DISTANCE[:200], ONE[:200])
    assert math.isnan(short.steepest_km_grade)
    assert short.longest_m == pytest.approx(597)


def test_a_pause_is_neither_descent_nor_slow_running():
    time = np.concatenate((TIME, TIME + TIME[-1] + 900))
    distance = np.concatenate((DISTANCE, DISTANCE + DISTANCE[-1]))
    altitude = np.concatenate((900 - 0.03 * DISTANCE, 300 - 0.03 * DISTANCE))
    found = descents_of(altitude, time, distance, np.concatenate((ONE, ONE + 1)))
    assert found.steepest_km_grade == pytest.approx(-0.03, abs=0.0005)
    assert found.longest_drop_m == pytest.approx(0.03 * distance[-1], rel=0.001)
    assert found.speed_mps == pytest.approx(SPEED)


@st.composite
def tracks(draw):
    """A run in steps of 0.2 m with gaps, pauses, standing still and shifts of level.

    The shifts are off the grid: none is exactly at the limit, where rounding would decide.
    """
    count = draw(st.integers(2, 60))

    def steps(values):
        return draw(st.lists(values, min_size=count, max_size=count))

    time = np.cumsum(steps(st.sampled_from([1, 1, 1, 3, 5, 20, 90]))).astype(float)
    distance = np.cumsum(steps(st.sampled_from([0.0, 3.0, 12.0, 40.0])))
    altitude = np.cumsum(steps(st.integers(-20, 20))) * 0.2
    altitude += np.cumsum(steps(st.sampled_from([0.0] * 9 + [45.1, -80.1])))
    segment = np.cumsum(steps(st.sampled_from([0, 0, 0, 1]))).astype(float)
    return time, distance, altitude, segment


@given(tracks(), st.booleans())
@settings(deadline=None, max_examples=200)
def test_the_way_back_swaps_ascent_and_descent(track, barometer):
    time, distance, altitude, segment = track
    there = process_elevation(*track, barometer)
    back = process_elevation(
        time[-1] - time[::-1],
        distance[-1] - distance[::-1],
        altitude[::-1],
        segment[::-1],
        barometer,
    )
    assert back.source == there.source
    np.testing.assert_allclose(back.ascent_m, there.descent_m, atol=1e-6)
    np.testing.assert_allclose(back.descent_m, there.ascent_m, atol=1e-6)
    np.testing.assert_allclose(back.altitude_m[::-1], there.altitude_m, atol=1e-6)
    np.testing.assert_allclose(back.grade[::-1], -there.grade, atol=1e-6)


@given(tracks(), st.floats(-400, 4000), st.booleans())
@settings(deadline=None, max_examples=100)
def test_the_height_above_the_sea_is_no_matter(track, offset, barometer):
    time, distance, altitude, segment = track
    low = process_elevation(*track, barometer)
    high = process_elevation(time, distance, altitude + offset, segment, barometer)
    np.testing.assert_allclose(high.descent_m, low.descent_m, atol=1e-6)
    np.testing.assert_allclose(high.ascent_m, low.ascent_m, atol=1e-6)
    np.testing.assert_allclose(high.grade, low.grade, atol=1e-6)
    np.testing.assert_allclose(high.altitude_m - offset, low.altitude_m, atol=1e-6)


@given(tracks())
@settings(deadline=None, max_examples=100)
def test_the_sums_are_those_of_a_way(track):
    time, distance, altitude, segment = track
    run = process_elevation(*track, True)
    if run.source == "none":
        return
    fallen = np.maximum(-np.diff(altitude), 0).sum()
    climbed = np.maximum(np.diff(altitude), 0).sum()
    assert 0 <= run.steady_descent_m <= run.descent_m <= fallen + 1e-6
    assert 0 <= run.ascent_m <= climbed + 1e-6
    found = descents(distance, run.altitude_m, run.grade, time, segment)
    assert found.longest_m <= distance[-1] - distance[0] + 1e-6


@given(tracks())
@settings(deadline=None, max_examples=100)
def test_two_runs_in_one_file_add_up(track):
    """Runs joined over a pause: the sums add up but for the one leg that spans the pause."""
    time, distance, altitude, segment = track
    once = process_elevation(*track, True, sum_smooth_s=0)
    twice = process_elevation(
        np.concatenate((time, time + time[-1] + 3600)),
        np.concatenate((distance, distance + distance[-1])),
        np.concatenate((altitude, altitude)),
        np.concatenate((segment, segment + segment[-1] + 1)),
        True,
        sum_smooth_s=0,
    )
    if once.source == "none":
        return
    assert twice.descent_m == pytest.approx(2 * once.descent_m, abs=2 * 3.1 + 1e-6)


@given(
    st.lists(
        st.tuples(
            st.floats(-1e4, 1e6) | st.just(math.nan),
            st.floats(0, 1e6) | st.just(math.nan),
            st.floats(-500, 9000) | st.just(math.nan),
            st.integers(0, 3),
        ),
        max_size=30,
    ),
    st.sampled_from([True, False, None]),
)
@settings(deadline=None, max_examples=300)
def test_any_input_is_survived(samples, barometer):
    columns = np.array(samples, dtype=float).reshape(-1, 4).T
    run = process_elevation(*columns, barometer)
    assert run.source in {"barometer", "gps", "none"}
    assert run.altitude_m.shape == run.grade.shape == (len(samples),)
    assert (run.source == "none") == math.isnan(run.descent_m)
    descents(columns[1], run.altitude_m, run.grade, columns[0], columns[3])


@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1), st.sampled_from([True, False, None]), st.booleans())
def test_a_point_without_altitude_changes_no_other(seed, barometer, spike):
    """A track that lacks nothing takes a shorter way; the longer one gives the same bits."""
    rng = np.random.default_rng(seed)
    time = np.cumsum(rng.integers(1, 4, 400)).astype(float)
    distance = np.cumsum(rng.uniform(0, 4, 400) * (rng.random(400) > 0.1))
    altitude = np.round(np.cumsum(rng.normal(0, 0.4, 400)) * 5) / 5
    altitude[200] += 80.0 * spike
    segment = (np.arange(400) > 250).astype(float)
    columns = time, distance, altitude, segment
    whole = process_elevation(*columns, barometer)
    between = (time[99] + time[100]) / 2, np.nan, np.nan, 0.0
    longer = (np.insert(c, 100, value) for c, value in zip(columns, between, strict=True))
    lacking = process_elevation(*longer, barometer)
    for name in ("source", "ascent_m", "descent_m", "steady_descent_m"):
        assert getattr(whole, name) == getattr(lacking, name)
    for name in ("altitude_m", "grade"):
        others = np.delete(getattr(lacking, name), 100)
        np.testing.assert_array_equal(getattr(whole, name), others)
