"""Kilometres and miles: display alone."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.units import METRES_PER_MILE, System, Units, duration, percent

KM, MI = Units("km"), Units("mi")


def test_a_mile_is_the_international_mile() -> None:
    # Yard and pound agreement of 1959: 1 yd = 0.9144 m, 1,760 yd a mile, 3 ft a yard.
    assert pytest.approx(1760 * 0.9144, abs=1e-12) == METRES_PER_MILE
    assert MI.short_m == pytest.approx(0.9144 / 3, abs=1e-15)
    assert (KM.long_m, KM.short_m) == (1000, 1)
    assert (KM.long_name, KM.short_name, MI.long_name, MI.short_name) == ("km", "m", "mi", "ft")


@pytest.mark.parametrize(
    ("metres", "km", "mi"),
    [
        (42_195.0, "42.2 km", "26.2 mi"),  # a marathon
        (0.0, "0.0 km", "0.0 mi"),
        (1_609_344.0, "1,609.3 km", "1,000.0 mi"),
        (math.nan, "unknown", "unknown"),
    ],
)
def test_distances(metres: float, km: str, mi: str) -> None:
    assert (KM.distance(metres), MI.distance(metres)) == (km, mi)


def test_digits_of_a_distance() -> None:
    assert KM.distance(700_000, 0) == "700 km"
    assert MI.distance(700_000, 0) == "435 mi"
    assert KM.distance(400, 2) == "0.40 km"


@pytest.mark.parametrize(
    ("metres", "m", "ft"),
    [
        (8848.86, "8,850 m", "29,030 ft"),  # Everest: 29,031.7 ft
        (0.0, "0 m", "0 ft"),
        (4.9, "0 m", "20 ft"),
        (5.1, "10 m", "20 ft"),
        (math.nan, "unknown", "unknown"),
    ],
)
def test_heights_are_rounded_as_well_as_they_are_known(metres: float, m: str, ft: str) -> None:
    assert (KM.height(metres), MI.height(metres)) == (m, ft)


@pytest.mark.parametrize(
    ("speed", "km", "mi"),
    [
        (1000 / 330, "5:30 /km", "8:51 /mi"),
        (1000 / 299.6, "5:00 /km", "8:02 /mi"),  # seconds never come to 60
        (1000 / 359.7, "6:00 /km", "9:39 /mi"),
        (0.2, "83:20 /km", "134:07 /mi"),
        (0.0, "-", "-"),
        (-1.0, "-", "-"),
        (math.nan, "-", "-"),
    ],
)
def test_paces(speed: float, km: str, mi: str) -> None:
    assert (KM.pace(speed), MI.pace(speed)) == (km, mi)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 min"),
        (29, "0 min"),
        (31, "1 min"),
        (3569, "59 min"),
        (3571, "1 h 00 min"),  # minutes never come to 60
        (3900, "1 h 05 min"),
        (90_000, "25 h 00 min"),
        (math.nan, "unknown"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.38, "38 %"), (0.0, "0 %"), (1.0, "100 %"), (2.5, "250 %"), (math.nan, "unknown")],
)
def test_percents(share: float, words: str) -> None:
    assert percent(share) == words


@given(st.floats(0, 1e7))
def test_what_is_shown_is_what_was_meant(metres: float) -> None:
    for units, step in ((KM, 1000), (MI, METRES_PER_MILE)):
        shown = float(units.distance(metres, 3).split()[0].replace(",", ""))
        assert shown * step == pytest.approx(metres, abs=0.51e-3 * step)


@given(st.floats(0.3, 12))
def test_a_pace_is_a_clock(speed: float) -> None:
    for units in (KM, MI):
        minutes, seconds = units.pace(speed).split(" ")[0].split(":")
        assert len(seconds) == 2
        assert int(seconds) < 60
        took = 60 * int(minutes) + int(seconds)
        assert took == pytest.approx(units.long_m / speed, abs=0.501)


@pytest.mark.parametrize(
    ("metres", "system", "said"),
    [
        (26_899.0, "km", ("26", "km")),
        (9_999.0, "km", ("9.5", "km")),
        (14_000.0, "km", ("14", "km")),
        (14_319.5, "mi", ("8.5", "mi")),
        (0.0, "km", ("0", "km")),
        (-5.0, "km", ("0", "km")),
    ],
)
def test_a_limit_is_rounded_down(metres: float, system: System, said: tuple[str, str]) -> None:
    assert Units(system).up_to(metres) == said
