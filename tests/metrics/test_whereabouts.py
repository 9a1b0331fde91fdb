"""Where somebody was at a few moments: the same moments in every recording of a run."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import DEGREE_M, GRAZ, VIENNA, watch

from kneewatch.cache.packing import pack, unpack
from kneewatch.metrics.whereabouts import metres_apart, whereabouts
from kneewatch.model import FileResult, Floats

START = datetime(2025, 6, 14, 16, 0, 7, tzinfo=UTC)


def north(start: datetime, seconds: float, *, step: float = 5.0, mps: float = 3.0) -> Floats:
    """Who runs north from Vienna, as if on the way since 16:00:07."""
    time = np.arange(0.0, seconds + 1, step)
    way = mps * (time + (start - START).total_seconds())
    lat = VIENNA[0] + way / DEGREE_M
    return whereabouts(start, {"lat_deg": lat, "lon_deg": np.full(len(time), VIENNA[1])}, time)


@pytest.mark.parametrize(
    ("minutes", "step_s"),
    [(20, 75), (24, 75), (40, 150), (90, 300), (240, 900), (1440, 900)],
)
def test_moments_are_full_multiples_of_some_minutes(minutes: int, step_s: int) -> None:
    found = north(START, 60.0 * minutes).reshape(-1, 3)
    assert len(found) == 60 * minutes // step_s
    assert set(np.diff(found[:, 0])) == {step_s}
    assert not (found[:, 0] % step_s).any()
    assert len(found) <= (20 if minutes <= 100 else 96)


def test_positions_are_rounded_to_ten_metres() -> None:
    found = north(START, 1200.0).reshape(-1, 3)
    assert np.array_equal(found[:, 1:], found[:, 1:].round(4))
    when = found[:, 0] - START.timestamp()
    assert found[:, 1] == pytest.approx(VIENNA[0] + 3 * when / DEGREE_M, abs=6e-5)


def test_nothing_is_made_up_over_a_gap_or_without_a_fix() -> None:
    time = np.array([0.0, 60.0, 75.0, 2000.0, 2010.0, 2400.0])
    placed = {"lat_deg": np.full(6, 48.0), "lon_deg": np.full(6, 16.0)}
    assert whereabouts(START, placed, time).reshape(-1, 3)[:, 0] - START.timestamp() == (
        pytest.approx([], abs=0)
    )
    zeros = {"lat_deg": np.zeros(6), "lon_deg": np.zeros(6)}
    lost = {"lat_deg": np.full(6, np.nan), "lon_deg": np.full(6, np.nan)}
    for track in (zeros, lost, {}):
        assert len(whereabouts(START, track, time)) == 0


def test_across_the_date_line_lies_no_way_around_the_world() -> None:
    time = np.arange(0.0, 601.0, 5.0)
    lon = 179.999 + 0.0001 * np.arange(len(time))
    lon[lon > 180] -= 360
    found = whereabouts(START, {"lat_deg": np.full(len(time), 10.0), "lon_deg": lon}, time)
    assert (np.abs(found.reshape(-1, 3)[:, 2]) > 179.9).all()


def test_one_run_on_two_devices_is_in_one_place() -> None:
    a, b = north(START, 3000.0), north(START + timedelta(seconds=41), 2900.0, step=1.0)
    assert metres_apart(a, b) < 20


@pytest.mark.parametrize("minutes", [2, 8, 30, 120])
def test_a_lap_is_where_the_whole_is(minutes: int) -> None:
    whole = north(START, 6 * 3600.0)
    lap = north(START + timedelta(minutes=100), 60.0 * minutes)
    assert len(lap)
    assert metres_apart(lap, whole) < 20
    assert metres_apart(whole, lap) < 20
    assert (
        metres_apart(
            lap - (0, 0.5, 0) if len(lap) == 3 else lap - np.tile((0, 0.5, 0), len(lap) // 3), whole
        )
        > 5000
    )


def test_the_same_loop_later_is_elsewhere_on_it() -> None:
    one = north(START, 3000.0)
    later = north(START, 3000.0, mps=3.1)
    assert metres_apart(one, later) == pytest.approx(150, abs=20)


@given(st.integers(-56, 56))
def test_a_clock_that_is_quarter_hours_off_hides_nothing(quarters: int) -> None:
    one = watch(place=VIENNA)["whereabouts"]
    other = one + np.tile((900.0 * quarters, 0, 0), len(one) // 3)
    assert metres_apart(one, other, 900.0 * quarters) == 0


def test_two_towns_are_far_apart() -> None:
    one, other = watch(place=VIENNA), watch(place=GRAZ)
    assert metres_apart(one["whereabouts"], other["whereabouts"]) == pytest.approx(145e3, rel=0.02)


def test_without_positions_nobody_knows() -> None:
    known = watch(place=VIENNA)["whereabouts"]
    for unknown in (None, np.zeros(0), watch()["whereabouts"]):
        assert math.isnan(metres_apart(known, unknown))
        assert math.isnan(metres_apart(unknown, known))


def test_they_survive_the_cache() -> None:
    row = watch(place=VIENNA)
    (again,) = unpack(*pack(FileResult("a.fit", rows=(row,))), "b.fit", "key").rows
    assert np.array_equal(again["whereabouts"], row["whereabouts"])
    assert again["wall_clock_alone"] is False
