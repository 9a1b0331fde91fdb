"""Laps of a track by their shape: found in spite of a receiver's error, and no loop of a park."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest
from courses import METRE, drift

from kneewatch.metrics.exposure import expose
from kneewatch.metrics.motion import measure_motion
from kneewatch.metrics.oval import fit_oval, on_an_oval
from kneewatch.model import Activity, Floats, Recording, Track

LAT, LON = 48.0, 11.0

Shape = tuple[Floats, Floats]


def oval(straight_m: float, radius_m: float) -> Shape:
    """Two straights and two bends, counter-clockwise."""
    half, turn = straight_m / 2, np.linspace(-np.pi / 2, np.pi / 2, 100)
    east = half + radius_m * np.cos(turn), radius_m * np.sin(turn)
    west = -half - radius_m * np.cos(turn), -radius_m * np.sin(turn)
    return np.append(east[0], west[0]), np.append(east[1], west[1])


def track_lane(lane: int) -> Shape:
    """A standard track: run 30 cm from the kerb of a radius of 36.5 m, lanes of 1.22 m."""
    return oval(84.39, 36.8 + 1.22 * (lane - 1))


def ellipse(a_m: float, b_m: float) -> Shape:
    turn = np.linspace(0, 2 * np.pi, 200)[:-1]
    return a_m * np.cos(turn), b_m * np.sin(turn)


def corners(*places: tuple[float, float]) -> Shape:
    x, y = np.array(places, dtype=np.float64).T
    return x, y


def laps(
    shape: Shape,
    rng: np.random.Generator,
    *,
    count: float = 8.0,
    error_m: float = 4.0,
    warm_m: float = 1500.0,
    speed_mps: float = 4.0,
    every_s: int = 1,
    rest_s: int = 0,
) -> tuple[Track, Floats]:
    """A way there, laps and a way home at 1 Hz, and whether each point was on a lap.

    With ``rest_s`` the runner stands for so long after each lap.
    """
    x, y = np.append(shape[0], shape[0][0]), np.append(shape[1], shape[1][0])
    round_ = np.append(0.0, np.cumsum(np.hypot(np.diff(x), np.diff(y))))
    lap = round_[-1]
    along = np.arange(-warm_m, count * lap + warm_m, speed_mps)
    if rest_s:
        ends = np.flatnonzero(np.diff(np.floor(np.clip(along, 0, count * lap) / lap)) > 0)
        along = np.repeat(along, np.where(np.isin(np.arange(len(along)), ends), rest_s, 1))
    on = (along >= 0) & (along < count * lap)
    east = np.interp(np.clip(along, 0, count * lap) % lap, round_, x)
    north = np.interp(np.clip(along, 0, count * lap) % lap, round_, y)
    away = np.where(along < 0, along, np.maximum(along - count * lap, 0.0))
    east, north = east + away, north - 30 * np.sin(away / 200)
    turn = rng.uniform(0, 2 * np.pi)
    east, north = (
        east * np.cos(turn) - north * np.sin(turn) + drift(len(along), error_m, 20.0, rng),
        east * np.sin(turn) + north * np.cos(turn) + drift(len(along), error_m, 20.0, rng),
    )
    way = np.append(0.0, np.cumsum(np.diff(along))) * rng.uniform(0.98, 1.03)
    track = {
        "time_s": np.arange(len(along), dtype=np.float64),
        "distance_m": way,
        "lat_deg": LAT + north / METRE,
        "lon_deg": LON + east / (METRE * np.cos(np.radians(LAT))),
    }
    return {name: column[::every_s] for name, column in track.items()}, on[::every_s]


def found(track: Track) -> Floats | None:
    return on_an_oval(track, measure_motion(track))


@pytest.mark.parametrize("lane", range(1, 9))
@pytest.mark.parametrize("error_m", [2.0, 4.0, 6.0])
def test_laps_of_a_track_are_found_in_every_lane(lane: int, error_m: float) -> None:
    """So that no error of the receiver hides more than one in ten."""
    hits = []
    for seed in range(6):
        track, truth = laps(track_lane(lane), np.random.default_rng([lane, seed]), error_m=error_m)
        on = found(track)
        hits.append(on is not None)
        if on is not None:
            assert (on == truth).mean() > 0.9
    assert np.mean(hits) > 0.8


@pytest.mark.parametrize("straight_m", [80.0, 98.52])
def test_older_tracks(straight_m: float) -> None:
    """Two straights and two bends of 400 m all the same."""
    shape = oval(straight_m, (400 - 2 * straight_m) / (2 * np.pi))
    hits = [found(laps(shape, np.random.default_rng(n))[0]) is not None for n in range(10)]
    assert np.mean(hits) > 0.8


def test_laps_with_rests_and_few_points() -> None:
    for how in ({"rest_s": 60}, {"every_s": 4}, {"rest_s": 90, "every_s": 3}, {"warm_m": 0.0}):
        hits = [
            found(laps(track_lane(1), np.random.default_rng(n), **how)[0]) is not None
            for n in range(5)
        ]
        assert np.mean(hits) > 0.7, how


PARKS: dict[str, Shape] = {
    "a round of 400 m": ellipse(63.7, 63.7),
    "a round of 450 m": ellipse(71.6, 71.6),
    "a pond": ellipse(80.0, 50.0),
    "a long pond": ellipse(90.0, 35.0),
    "a block": corners((0, 0), (130, 0), (130, 75), (0, 75)),
    "a block of a track's size": corners((0, 0), (157, 0), (157, 73), (0, 73)),
    "a block of a track's lap": corners((0, 0), (140, 0), (140, 72), (0, 72)),
    "a square": corners((0, 0), (105, 0), (105, 105), (0, 105)),
    "a triangle": corners((0, 0), (180, 0), (60, 110)),
    "a trapezium": corners((0, 0), (160, 0), (130, 75), (20, 75)),
    "a corner house": corners((0, 0), (150, 0), (150, 40), (70, 40), (70, 80), (0, 80)),
    "a round of 800 m": oval(168.0, 73.0),
    "a round of 600 m": oval(140.0, 51.0),
    "a small track": oval(40.0, 19.1),
    "a lane and back": corners((0, 0), (215, 0), (215, 4), (0, 4)),
}


@pytest.mark.parametrize("name", PARKS)
@pytest.mark.parametrize("error_m", [2.0, 4.0, 6.0])
def test_loops_of_a_park_are_no_track(name: str, error_m: float) -> None:
    hits = [
        found(laps(PARKS[name], np.random.default_rng(n), error_m=error_m, count=12.0)[0])
        is not None
        for n in range(8)
    ]
    assert not any(hits)


def test_two_laps_are_too_few() -> None:
    assert found(laps(track_lane(1), np.random.default_rng(1), count=2.0)[0]) is None


def test_without_a_position_nothing_is_found() -> None:
    track, _ = laps(track_lane(1), np.random.default_rng(1))
    for lost in (("lat_deg", "lon_deg"), ("lat_deg",)):
        assert found({name: column for name, column in track.items() if name not in lost}) is None
    nowhere = {**track, "lat_deg": track["lat_deg"] * np.nan}
    assert found(nowhere) is None
    assert found({name: column[:2] for name, column in track.items()}) is None


def test_positions_may_be_missing() -> None:
    track, truth = laps(track_lane(1), np.random.default_rng(1))
    track["lat_deg"][::7] = np.nan
    on = found(track)
    assert on is not None
    assert not on[::7].any()
    assert (on == truth)[1::7].mean() > 0.95


def test_the_fit_finds_the_size() -> None:
    x, y = track_lane(3)
    grid = np.linspace(0, len(x) - 1, 400)
    rng = np.random.default_rng(1)
    x, y = (np.interp(grid, np.arange(len(x)), side) + rng.normal(0, 1, 400) for side in (x, y))
    fitted = fit_oval(x + 500, y - 200)
    assert fitted is not None
    assert (fitted.x_m, fitted.y_m) == pytest.approx((500, -200), abs=1)
    assert 2 * (fitted.long_m - fitted.wide_m) == pytest.approx(84.39, abs=2)
    assert fitted.wide_m == pytest.approx(39.24, abs=1)
    assert fitted.bend_m == pytest.approx(39.24, abs=3)
    assert fitted.lap_m == pytest.approx(84.39 * 2 + 2 * np.pi * 39.24, abs=6)


@pytest.mark.parametrize("shape", [lambda: np.zeros(50), lambda: np.linspace(0, 400, 50)])
def test_the_fit_survives_what_is_no_loop(shape: Callable[[], Floats]) -> None:
    fit_oval(shape(), np.zeros(50))
    assert fit_oval(np.linspace(0, 5000, 50), np.zeros(50)) is None


# --- in the row of a run -------------------------------------------------------------------------


def row(track: Track, **about: str) -> dict[str, object]:
    activity = Activity(
        id="a", source="a.fit", start=datetime(2025, 6, 14, tzinfo=UTC), sport="running", **about
    )
    return expose(Recording(activity, track), "Europe/Vienna")


def test_such_a_run_is_one_on_a_track() -> None:
    """Its ground is firm as far as it went round, and its bends are no turns."""
    track, on = laps(track_lane(1), np.random.default_rng(1), count=10.0)
    lapped = row(track)
    assert (lapped["surface"], lapped["surface_source"]) == ("firm", "loop of a track")
    assert lapped["surface_firm_m"] == pytest.approx(4000, rel=0.1)
    assert lapped["surface_hard_m"] == 0.0
    assert "sharp_turns" not in lapped
    assert "hard_stops" in lapped
    assert 0.3 < on.mean() < 0.8


def test_what_the_file_says_stays() -> None:
    track, _ = laps(track_lane(1), np.random.default_rng(1), count=10.0)
    said = row(track, sub_sport="track")
    assert (said["surface"], said["surface_source"]) == ("firm", "kind of sport")
    # The way there and home was what it was: nobody else knows it.
    assert said["surface_firm_m"] == pytest.approx(said["distance_m"])
    grass = row(track, surface="Rasen")
    assert (grass["surface"], grass["surface_source"]) == ("soft", "label")
    hall = row(track, sub_sport="indoor_running")
    assert (hall["surface"], "surface_firm_m" in hall) == ("treadmill", False)


def test_a_loop_of_a_park_has_turns() -> None:
    loop = row(laps(PARKS["a block"], np.random.default_rng(1))[0])
    assert loop["surface"] == "unknown"
    assert "sharp_turns" in loop
