"""Tracks on ways: the right class of ground in spite of a receiver's error."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from courses import METRE, UNKNOWN, Course, Town, drift

from kneewatch.columns import SURFACES
from kneewatch.ground import extract
from kneewatch.ground.extract import UNITS_A_DEGREE, Ways
from kneewatch.ground.index import Index, build
from kneewatch.ground.match import match_track

HARD, FIRM, SOFT, UNEVEN = range(4)

CITY = "quackosm_monaco.osm.pbf"
OPEN = ("graphhopper_andorra.osm.pbf", "graphhopper_north-bayreuth.osm.gz")


def found(index: Index, course: Course) -> np.ndarray:
    return match_track(index, course.lat_deg, course.lon_deg, course.time_s, course.segment)


def shares(folder: Path, name: str, error_m: float) -> tuple[float, float, float]:
    """Of the distance on known ground, that on the right class; of that on ground that the map
    does not know, that on a class; and how much of all is known."""
    town, index = Town(folder / "osm" / name), build(extract.read(folder / "osm" / name))
    truth, said = [], []
    for number, tau_s in enumerate((10.0, 15.0, 20.0, 25.0, 30.0, 20.0)):
        course = town.course(np.random.default_rng([7, number]), error_m, tau_s)
        truth.append(course.truth)
        said.append(found(index, course))
    true, was = np.concatenate(truth), np.concatenate(said)
    known = true != UNKNOWN
    return (
        float((was == true)[known].mean()),
        float((was != UNKNOWN)[~known].mean()),
        float(known.mean()),
    )


@pytest.mark.parametrize("name", OPEN)
def test_in_the_open_the_right_class_for_97_percent(corpus: Path, name: str) -> None:
    """5 m on each axis. Every second of the run is 3 m of way."""
    right, made_up, known = shares(corpus, name, 5.0)
    assert right >= 0.97
    assert known > 0.3
    assert made_up < 0.05


def test_between_houses_the_right_class_for_85_percent(corpus: Path) -> None:
    """12 m on each axis, 17 m as the crow flies, in the densest city there is."""
    right, made_up, known = shares(corpus, CITY, 12.0)
    assert right >= 0.85
    assert known > 0.3
    # Footways without a tag lie beside roads that have one; with such an error nobody can tell
    # them apart for certain.
    assert made_up < 0.35


# --- ways made up for the purpose ----------------------------------------------------------------

LAT, LON = 48.0, 11.0


def ways(*lines: tuple[int, list[tuple[float, float]]]) -> Index:
    """A map of lines: class of ground, and corners east and north of a place [m]."""
    corners = np.array([corner for _, line in lines for corner in line])
    lat, lon = degrees(corners[:, 0], corners[:, 1])
    return build(
        Ways(
            lat=np.rint(lat * UNITS_A_DEGREE).astype(np.int32),
            lon=np.rint(lon * UNITS_A_DEGREE).astype(np.int32),
            sizes=np.array([len(line) for _, line in lines]),
            classes=np.array([code for code, _ in lines], dtype=np.uint8),
        )
    )


def degrees(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return LAT + y / METRE, LON + x / (METRE * np.cos(np.radians(LAT)))


def run(
    corners: list[tuple[float, float]], error_m: float = 0.0, seed: int = 1, every_s: float = 1.0
) -> Course:
    """Along corners at 3 m/s."""
    rng = np.random.default_rng(seed)
    x, y = np.array(corners, dtype=np.float64).T
    way = np.append(0.0, np.cumsum(np.hypot(np.diff(x), np.diff(y))))
    time = np.arange(0.0, way[-1] / 3.0, every_s)
    east, north = np.interp(3 * time, way, x), np.interp(3 * time, way, y)
    if error_m:
        east += drift(len(time), error_m, 20.0, rng)
        north += drift(len(time), error_m, 20.0, rng)
    lat, lon = degrees(east, north)
    return Course(time, lat, lon, np.zeros(len(time), dtype=np.uint8))


def share_on(index: Index, course: Course, code: int) -> float:
    return float((found(index, course) == code).mean())


ROAD_AND_PATH = ways((HARD, [(0, 0), (2000, 0)]), (UNEVEN, [(0, 9), (2000, 9)]))


@pytest.mark.parametrize("seed", range(5))
def test_the_path_beside_the_road_wins_when_it_was_run(seed: int) -> None:
    """9 m lie between them, for two kilometres."""
    path = run([(0, 9), (2000, 9)], 5.0, seed)
    assert share_on(ROAD_AND_PATH, path, UNEVEN) > 0.9
    road = run([(0, 0), (2000, 0)], 5.0, seed)
    assert share_on(ROAD_AND_PATH, road, HARD) > 0.9


def test_from_the_road_to_the_path_and_back() -> None:
    index = ways(
        (HARD, [(0, 0), (600, 0), (1200, 0), (1800, 0)]),
        (SOFT, [(600, 0), (620, 25), (1180, 25), (1200, 0)]),
    )
    course = run([(0, 0), (600, 0), (620, 25), (1180, 25), (1200, 0), (1800, 0)], 3.0)
    codes = found(index, course)
    assert (codes[:190] == HARD).mean() > 0.95
    assert (codes[215:385] == SOFT).mean() > 0.95
    assert (codes[415:] == HARD).mean() > 0.95


def test_a_way_that_only_crosses_is_not_run() -> None:
    crossings = [(SOFT, [(x, -100), (x, 0), (x, 100)]) for x in range(100, 1000, 100)]
    road = (HARD, [(x, 0) for x in range(0, 1001, 100)])
    assert share_on(ways(road, *crossings), run([(0, 0), (1000, 0)], 4.0), HARD) > 0.97


def test_pieces_shorter_than_a_step_are_stepped_over() -> None:
    pieces = [(HARD, [(x, 0), (x + 4, 0)]) for x in range(0, 1000, 4)]
    beside = (SOFT, [(0, 12), (1000, 12)])
    assert share_on(ways(*pieces, beside), run([(0, 0), (1000, 0)], 4.0), HARD) > 0.97


def test_ground_that_the_map_does_not_know_stays_unknown() -> None:
    """The nearest known way is no answer where an unknown one was run."""
    index = ways((HARD, [(0, 0), (1000, 0)]), (UNKNOWN, [(0, 12), (1000, 12)]))
    assert share_on(index, run([(0, 12), (1000, 12)], 3.0), UNKNOWN) > 0.95


@pytest.mark.parametrize("off_m", [45.0, 60.0, 5000.0])
def test_far_from_every_way_is_unknown(off_m: float) -> None:
    course = run([(0, off_m), (2000, off_m)], 3.0)
    assert share_on(ROAD_AND_PATH, course, UNKNOWN) > 0.9


def test_a_meadow_between_two_roads() -> None:
    index = ways((HARD, [(0, 0), (600, 0)]), (HARD, [(1200, 0), (1800, 0)]))
    codes = found(index, run([(0, 0), (1800, 0)]))
    assert (codes[:195] == HARD).all()
    assert (codes[215:385] == UNKNOWN).all()
    assert (codes[410:] == HARD).all()


def test_a_point_every_few_seconds_is_enough() -> None:
    path = run([(0, 9), (2000, 9)], every_s=6.0)
    assert share_on(ROAD_AND_PATH, path, UNEVEN) == 1.0


def test_the_way_across_a_pause_is_not_made_up() -> None:
    """The runner stops the watch on the road and starts it on a path 300 m away."""
    index = ways((HARD, [(0, 0), (1000, 0)]), (SOFT, [(0, 300), (1000, 300)]))
    road, path = run([(0, 0), (900, 0)]), run([(900, 300), (0, 300)])
    course = Course(
        np.append(road.time_s, road.time_s[-1] + 60 + path.time_s),
        np.append(road.lat_deg, path.lat_deg),
        np.append(road.lon_deg, path.lon_deg),
        np.zeros(0, dtype=np.uint8),
    )
    segment = np.repeat([0.0, 1.0], [len(road.time_s), len(path.time_s)])
    codes = match_track(index, course.lat_deg, course.lon_deg, course.time_s, segment)
    assert (codes[: len(road.time_s)] == HARD).all()
    assert (codes[len(road.time_s) :] == SOFT).all()


def test_points_without_a_position_are_unknown() -> None:
    course = run([(0, 0), (1000, 0)])
    lost = slice(100, 150)
    course.lat_deg[lost] = np.nan
    codes = found(ways((FIRM, [(0, 0), (1000, 0)])), course)
    assert (codes[lost] == UNKNOWN).all()
    assert (codes[:100] == FIRM).all()
    assert (codes[150:] == FIRM).all()


@pytest.mark.parametrize(
    "place", [(0.0, 0.0), (-33.9, 151.2), (48.0, -170.0), (91.0, 500.0), (np.inf, 11.0)]
)
def test_a_first_position_from_elsewhere(place: tuple[float, float]) -> None:
    """Yesterday's, another continent's, or none at all."""
    course = run([(0, 0), (1000, 0)])
    course.lat_deg[0], course.lon_deg[0] = place
    codes = found(ways((FIRM, [(0, 0), (1000, 0)])), course)
    assert codes[0] == UNKNOWN
    assert (codes[1:] == FIRM).all()


def test_a_journey_is_no_run() -> None:
    course = run([(0, 0), (700_000, 0)], every_s=10.0)
    assert (found(ROAD_AND_PATH, course) == UNKNOWN).all()


@pytest.mark.parametrize("size", [0, 1, 2])
def test_hardly_any_points(size: int) -> None:
    course = run([(0, 0), (12, 0)])
    part = Course(*(column[:size] for column in vars(course).values()))
    assert (found(ways((FIRM, [(0, 0), (1000, 0)])), part) == FIRM).all()
    nowhere = Course(part.time_s, part.lat_deg * np.nan, part.lon_deg, part.truth)
    assert (found(ROAD_AND_PATH, nowhere) == UNKNOWN).all()


def test_the_other_way_round_it_is_the_same_ground() -> None:
    course = run([(0, 9), (2000, 9)], 4.0)
    back = Course(course.time_s, course.lat_deg[::-1], course.lon_deg[::-1], course.truth)
    there, again = found(ROAD_AND_PATH, course), found(ROAD_AND_PATH, back)[::-1]
    assert (there == again).mean() > 0.97


def test_one_who_stands_is_where_he_stands() -> None:
    course = run([(0, 0), (300, 0)])
    still = np.full(600, 299.0)
    lat, lon = degrees(still, np.zeros(600))
    codes = match_track(
        ROAD_AND_PATH,
        np.append(course.lat_deg, lat),
        np.append(course.lon_deg, lon),
        np.arange(len(course.time_s) + 600.0),
        np.zeros(len(course.time_s) + 600),
    )
    assert (codes == HARD).all()


def test_codes_are_places_in_the_dictionary() -> None:
    assert SURFACES[UNKNOWN] == "unknown"
    assert [SURFACES[code] for code in (HARD, FIRM, SOFT, UNEVEN)] == [
        "hard",
        "firm",
        "soft",
        "uneven",
    ]
