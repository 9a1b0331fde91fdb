"""Distance and moving time of tracks whose truth is known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneewatch.metrics.motion import guess_running, measure_motion
from kneewatch.metrics.positions import EARTH_RADIUS_M, haversine
from kneewatch.model import Floats

DEGREE_M = EARTH_RADIUS_M * math.pi / 180
"""Length of a degree of a great circle [m]: 111,195."""

Columns = dict[str, Floats]


def meridian(metres: Floats, lat0: float = 48.0) -> Columns:
    """Positions so far north of a point."""
    return {"lat_deg": lat0 + metres / DEGREE_M, "lon_deg": np.full(len(metres), 16.0)}


def steady(speed: float, seconds: int, every: int = 1) -> Columns:
    time = np.arange(0.0, seconds + 1, every)
    return {"time_s": time, **meridian(speed * time)}


def test_way_between_positions() -> None:
    motion = measure_motion(steady(3.0, 600))
    assert motion.source == "gps"
    assert motion.total_m == pytest.approx(1800)
    assert motion.moving_s == 600
    np.testing.assert_allclose(motion.speed_mps, 3.0)
    np.testing.assert_allclose(motion.distance_m, 3.0 * motion.time_s, atol=1e-6)


def test_the_devices_own_distance_comes_before_positions() -> None:
    track = steady(3.0, 600)
    motion = measure_motion({**track, "distance_m": 3.1 * track["time_s"]})
    assert motion.source == "track"
    assert motion.total_m == pytest.approx(1860)


def test_smart_recording_is_as_long_as_every_second() -> None:
    uneven = np.unique(np.concatenate(([0], np.cumsum([7, 1, 12, 3, 30, 5] * 10), [600])))
    track = {"time_s": uneven.astype(float), **meridian(3.0 * uneven)}
    motion = measure_motion(track)
    assert motion.total_m == pytest.approx(3.0 * uneven[-1])
    assert motion.moving_s == uneven[-1]
    np.testing.assert_allclose(motion.speed_mps, 3.0)


@pytest.mark.parametrize("own", [True, False], ids=["device", "positions"])
def test_a_pause_gives_neither_distance_nor_time(own: bool) -> None:
    # 300 s of running, then a tram of 900 m in 400 s with the watch stopped, 300 s of running.
    half = np.arange(301.0)
    time = np.concatenate((half, 700 + half))
    metres = np.concatenate((3 * half, 1800 + 3 * half))
    track = {"time_s": time, "segment": np.repeat([0.0, 1.0], 301), **meridian(metres)}
    if own:
        track["distance_m"] = metres
    motion = measure_motion(track)
    assert motion.source == ("track" if own else "gps")
    assert motion.total_m == pytest.approx(1800)
    assert motion.moving_s == motion.step_s.sum() == 600
    # The smoothing does not see the pause either.
    np.testing.assert_allclose(motion.speed_mps, 3.0, rtol=1e-6)
    without = measure_motion({**track, "segment": np.zeros(602)})
    assert without.total_m == pytest.approx(2700)
    assert without.moving_s == 1000


def test_a_pause_between_points_without_a_position() -> None:
    # The receiver needs a while after the pause: the way across it is still none.
    track = steady(3.0, 600)
    track["lat_deg"][301:] += 500 / DEGREE_M
    track["lat_deg"][296:310] = np.nan
    track["segment"] = (np.arange(601) > 300).astype(float)
    motion = measure_motion(track)
    # Known are the seconds 0-295 and 310-600.
    assert motion.total_m == pytest.approx(3 * (295 + 290))


def test_a_spike_of_the_receiver_is_left_out() -> None:
    track = steady(3.0, 600)
    track["lat_deg"][200] += 0.01  # 1.1 km away and back
    track["lon_deg"][400:402] += 0.01
    motion = measure_motion(track)
    assert motion.total_m == pytest.approx(1800, abs=1)
    assert motion.speed_mps.max() < 6


def test_a_first_position_of_yesterday_is_no_way() -> None:
    track = steady(3.0, 600)
    track["lat_deg"][0] -= 0.05  # 5.6 km
    motion = measure_motion(track)
    assert motion.total_m == pytest.approx(1800, abs=10)


def test_a_gap_at_running_speed_is_way() -> None:
    track = steady(3.0, 600)
    for column in ("lat_deg", "lon_deg"):
        track[column][200:320] = np.nan  # a tunnel
    motion = measure_motion(track)
    assert motion.total_m == pytest.approx(1800)
    assert motion.moving_s == 600


def test_standing_with_jitter_is_not_moving() -> None:
    rng = np.random.default_rng(7)
    # 300 s running, 600 s at a bus stop, 300 s running; jitter of 1 m each way at every second.
    metres = np.concatenate((3 * np.arange(300.0), np.full(600, 900.0), 900 + 3 * np.arange(301.0)))
    time = np.arange(len(metres), dtype=float)
    track = {"time_s": time, **meridian(metres)}
    jitter = rng.normal(0, 1.0, (2, len(metres)))
    stand = slice(300, 900)
    raw = {**track, "lat_deg": track["lat_deg"].copy(), "lon_deg": track["lon_deg"].copy()}
    raw["lat_deg"][stand] += jitter[0, stand] / DEGREE_M
    raw["lon_deg"][stand] += jitter[1, stand] / DEGREE_M / math.cos(math.radians(48))
    assert haversine(
        raw["lat_deg"][:-1], raw["lon_deg"][:-1], raw["lat_deg"][1:], raw["lon_deg"][1:]
    )[310:890].sum() == pytest.approx(1027, rel=0.1)  # 580 steps of sqrt(pi) m on average
    motion = measure_motion(raw)
    assert motion.moving_s == pytest.approx(600, abs=40)
    assert motion.total_m == pytest.approx(1800, abs=60)
    assert not motion.moving[330:870].any()


def test_running_to_and_fro_is_moving() -> None:
    # Shuttles of 15 m at 3 m/s come back to where they were every 10 s.
    time = np.arange(601.0)
    there = 15 - np.abs(np.mod(3 * time, 30) - 15)
    motion = measure_motion({"time_s": time, **meridian(there)})
    assert motion.moving_s == 600
    assert motion.total_m == pytest.approx(1800)


def test_a_slow_walk_is_moving() -> None:
    assert measure_motion(steady(0.8, 600)).moving_s == 600
    crawl = measure_motion(steady(0.4, 600))
    assert crawl.moving_s == 0


def test_standing_by_the_devices_distance() -> None:
    time = np.arange(901.0)
    metres = np.interp(time, [0, 300, 600, 900], [0, 900, 900, 1800])
    motion = measure_motion({"time_s": time, "distance_m": metres})
    assert motion.moving_s == pytest.approx(600, abs=10)
    assert motion.total_m == 1800


def test_missing_distances_are_bridged() -> None:
    track = steady(3.0, 600)
    own = 3.0 * track["time_s"]
    own[[5, 6, 7, 300, 599]] = np.nan
    motion = measure_motion({**track, "distance_m": own})
    assert motion.source == "track"
    assert motion.total_m == pytest.approx(1800)
    np.testing.assert_allclose(motion.distance_m, 3.0 * track["time_s"])


def test_a_device_that_knows_few_distances_is_not_believed() -> None:
    track = steady(3.0, 600)
    own = np.full(601, np.nan)
    own[:100] = 9.0 * np.arange(100)
    motion = measure_motion({**track, "distance_m": own})
    assert motion.source == "gps"
    assert motion.total_m == pytest.approx(1800)
    # Without positions they are better than nothing.
    alone = measure_motion({"time_s": track["time_s"], "distance_m": own})
    assert (alone.source, alone.total_m) == ("track", pytest.approx(891))


def test_distances_that_never_grow_are_none() -> None:
    still = measure_motion({"time_s": np.arange(60.0), "distance_m": np.zeros(60)})
    assert still.source == "none"
    assert math.isnan(still.total_m)
    assert still.moving_s == 0


def test_a_leg_that_does_not_begin_at_zero() -> None:
    time = np.arange(601.0)
    motion = measure_motion({"time_s": time, "distance_m": 40_000 + 3 * time})
    assert motion.total_m == pytest.approx(1800)


def test_what_was_run_before_the_first_point_counts() -> None:
    time = np.arange(601.0)
    motion = measure_motion({"time_s": time, "distance_m": 36 + 3 * time})
    assert motion.total_m == pytest.approx(1836)


def test_a_distance_that_falls_back_is_no_way_back() -> None:
    time = np.arange(601.0)
    own = 3 * time
    own[300:310] -= 50
    motion = measure_motion({"time_s": time, "distance_m": own})
    assert motion.total_m == pytest.approx(1800)
    assert (motion.step_m >= 0).all()


def test_a_treadmill_by_speed_alone() -> None:
    time = np.arange(601.0)
    speed = np.where(time <= 300, 2.5, 3.5)
    speed[10] = np.nan  # a lost signal of the pod is one second less
    motion = measure_motion({"time_s": time, "speed_mps": speed})
    assert motion.source == "track"
    assert motion.total_m == pytest.approx(299 * 2.5 + 300 * 3.5)
    assert motion.moving_s == 599


def test_time_that_stands_or_goes_backward() -> None:
    good = steady(3.0, 600)
    order = np.concatenate((np.arange(301), [300, 300, 280], np.arange(301, 601)))
    bad = {name: column[order] for name, column in good.items()}
    motion = measure_motion(bad)
    assert (np.diff(motion.time_s) >= 0).all()
    assert motion.step_s.sum() == 600
    assert motion.moving_s == pytest.approx(600, abs=2)
    own = measure_motion({"time_s": bad["time_s"], "distance_m": 3 * bad["time_s"]})
    assert own.total_m == pytest.approx(1800)
    assert np.isfinite(own.speed_mps).all()


def test_no_time_at_all() -> None:
    motion = measure_motion({"time_s": np.zeros(5), **meridian(np.zeros(5))})
    assert motion.moving_s == 0
    assert motion.total_m == 0
    assert not motion.moving.any()


@pytest.mark.parametrize(
    ("speed", "seconds", "running"),
    [
        (1.8, 3600, False),  # a brisk walk
        (2.0, 3600, True),
        (3.0, 3600, True),
        (5.7, 3600, True),
        (6.0, 3600, False),  # a bicycle
        (3.0, 290, False),  # too short to tell
        (3.0, 310, True),
    ],
)
def test_what_moves_like_a_runner(speed: float, seconds: int, running: bool) -> None:
    time = np.arange(seconds + 1.0)
    assert guess_running(measure_motion({"time_s": time, "distance_m": speed * time})) is running


def test_a_slow_cyclist_is_betrayed_by_the_descent() -> None:
    time = np.arange(3601.0)
    speed = np.where((time > 1800) & (time <= 1900), 13.0, 5.0)
    ride = {"time_s": time, "distance_m": np.cumsum(speed)}
    assert not guess_running(measure_motion(ride))
    # By positions as well, though 13 m/s would be a jump for a runner.
    assert not guess_running(measure_motion({"time_s": time, **meridian(np.cumsum(speed))}))
    run = {"time_s": time, "distance_m": np.cumsum(np.where(speed > 6, 7.0, 4.0))}
    assert guess_running(measure_motion(run))


def test_nobody_runs_on_the_spot() -> None:
    still = measure_motion({"time_s": np.arange(3600.0), **meridian(np.zeros(3600))})
    assert not guess_running(still)


steps = st.lists(
    st.tuples(
        st.sampled_from([0.0, 1.0, 1.0, 1.0, 5.0, 20.0]),
        st.floats(0, 8),
        st.sampled_from([0, 0, 0, 1]),
        st.booleans(),
    ),
    min_size=2,
    max_size=60,
)


def drawn(rows: list[tuple[float, float, int, bool]], own: bool) -> Columns:
    waits, speeds, pauses, known = (np.array(column, float) for column in zip(*rows, strict=True))
    metres = np.cumsum(waits * speeds)
    track = {"time_s": np.cumsum(waits), "segment": np.cumsum(pauses)}
    column = {"distance_m": metres} if own else meridian(metres)
    return track | {
        name: np.where(known.astype(bool), values, np.nan) for name, values in column.items()
    }


@given(steps, st.booleans())
@settings(deadline=None)
def test_what_always_holds(rows: list[tuple[float, float, int, bool]], own: bool) -> None:
    track = drawn(rows, own)
    motion = measure_motion(track)
    span = track["time_s"][-1] - track["time_s"][0]
    assert (np.diff(motion.distance_m) >= 0).all()
    assert (motion.step_m >= 0).all()
    assert np.isfinite(motion.speed_mps).all()
    assert 0 <= motion.moving_s <= motion.step_s.sum() <= span + 1e-9
    metres = np.cumsum([wait * speed for wait, speed, _, _ in rows])
    # What a device had counted by its first point is way as well; between positions it is unknown.
    before = 0.0 if own else metres[0]
    # Noise of the coordinates' last digits: a nanodegree a point.
    assert not motion.total_m > metres[-1] - before + 1e-3 * len(rows)
    # Pauses cost nothing but the stretch across them.
    crossing = np.diff(track["segment"]) != 0
    assert motion.step_m[1:][crossing].sum() == 0
    assert motion.step_s[1:][crossing].sum() == 0


@pytest.mark.parametrize("own", [True, False], ids=["device", "positions"])
def test_way_without_time_is_way(own: bool) -> None:
    # Some editors of tracks write one time stamp into every point.
    metres = 3.0 * np.arange(200.0)
    columns = {"distance_m": metres} if own else meridian(metres)
    motion = measure_motion({"time_s": np.zeros(200), **columns})
    assert motion.total_m == pytest.approx(597)
    assert motion.moving_s == 0


def test_what_was_counted_by_the_first_point_is_way() -> None:
    time = np.arange(601.0)
    motion = measure_motion({"time_s": time, "distance_m": 102 + 3 * time})
    assert motion.total_m == pytest.approx(1902)


def test_a_counter_that_begins_anew_goes_on() -> None:
    time = np.arange(601.0)
    own = 3 * np.where(time <= 300, time, time - 301)
    motion = measure_motion({"time_s": time, "distance_m": own})
    assert motion.total_m == pytest.approx(900 + 3 * 299)
    assert motion.moving_s == pytest.approx(600, abs=5)


@pytest.mark.parametrize("wrong", [0.0, 99_999.0])
def test_a_spike_of_the_counter_is_no_way(wrong: float) -> None:
    time = np.arange(601.0)
    own = 3 * time
    own[300] = wrong
    motion = measure_motion({"time_s": time, "distance_m": own})
    assert motion.total_m == pytest.approx(1800, abs=7)
    assert motion.speed_mps.max() < 4


@pytest.mark.parametrize(("metres", "moving_s"), [(20.0, 600), (180.0, 720)])
def test_a_gap_is_motion_if_its_own_way_is(metres: float, moving_s: int) -> None:
    """No points for two minutes, without a pause of the watch."""
    first = np.arange(301.0)
    time = np.concatenate((first, 420 + first))
    own = np.concatenate((3 * first, 900 + metres + 3 * first))
    motion = measure_motion({"time_s": time, "distance_m": own})
    assert motion.moving_s == pytest.approx(moving_s, abs=1)
    assert motion.total_m == pytest.approx(1800 + metres)
