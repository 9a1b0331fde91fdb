"""The way between positions: published distances, and points without one."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.metrics.positions import EARTH_RADIUS_M, bridged, haversine
from kneewatch.model import Floats


def dms(degrees: int, minutes: int, seconds: int) -> float:
    return degrees + minutes / 60 + seconds / 3600


def one(value: float) -> Floats:
    return np.array([value])


def test_haversine_against_published_distances() -> None:
    # Chris Veness, "Calculate distance, bearing and more between Latitude/Longitude points"
    # (movable-type.co.uk): Land's End to John o' Groats 968.9 km with R = 6371 km.
    far = haversine(
        one(dms(50, 3, 59)), one(-dms(5, 42, 53)), one(dms(58, 38, 38)), one(-dms(3, 4, 12))
    )
    assert far[0] == pytest.approx(968_900, abs=60)
    # Rosetta Code, "Haversine formula": Nashville to Los Angeles 2887.2599506 km, R = 6372.8 km.
    airports = haversine(one(36.12), one(-86.67), one(33.94), one(-118.40))
    assert airports[0] == pytest.approx(2_887_259.9506 * EARTH_RADIUS_M / 6_372_800, rel=1e-9)


@pytest.mark.parametrize(
    ("here", "there", "share"),
    [
        ((0, 0), (1, 0), 1 / 360),
        ((0, 0), (0, 1), 1 / 360),
        ((60, 0), (60, 0), 0),
        ((0, 179.5), (0, -179.5), 1 / 360),  # across the date line
        ((90, 0), (-90, 0), 1 / 2),
        ((0, 0), (0, 180), 1 / 2),
    ],
)
def test_haversine_as_a_share_of_the_globe(
    here: tuple[float, float], there: tuple[float, float], share: float
) -> None:
    metres = haversine(one(here[0]), one(here[1]), one(there[0]), one(there[1]))
    assert metres[0] == pytest.approx(share * 2 * math.pi * EARTH_RADIUS_M, abs=1e-6)


@given(st.lists(st.floats(0, 1e5), min_size=2, max_size=30), st.data())
def test_a_bridge_stands_on_what_is_known(metres: list[float], data: st.DataObject) -> None:
    way, time = np.array(metres), np.arange(float(len(metres)))
    flags = st.lists(st.booleans(), min_size=len(metres), max_size=len(metres))
    known = np.array(data.draw(flags.filter(any)))
    expected = np.maximum.accumulate(np.interp(time, time[known], way[known]))
    np.testing.assert_array_equal(bridged(way, time, known), expected)


def test_points_of_one_instant_keep_their_own_way() -> None:
    time = np.array([0.0, 1.0, 1.0, 2.0])
    way = np.array([0.0, 3.0, 4.0, 6.0])
    np.testing.assert_array_equal(bridged(way, time, np.ones(4, dtype=bool)), way)
