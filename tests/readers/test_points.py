"""Texts to numbers, values to points, columns to a track."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.readers.points import number, numbers, spread, track

NAN = float("nan")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", 1.5),
        (" -2\n", -2),
        ("12,5", 12.5),
        ("1e3", 1000),
        ("", NAN),
        (None, NAN),
        ("null", NAN),
        ("inf", NAN),
        ("NaN", NAN),
        ("1,234.5", NAN),
    ],
)
def test_a_number(text: str | None, value: float) -> None:
    np.testing.assert_array_equal(number(text), value)


@given(st.lists(st.one_of(st.floats().map(str), st.text(max_size=5))))
def test_numbers_are_what_each_is(texts: list[str]) -> None:
    np.testing.assert_array_equal(numbers(texts), [number(text) for text in texts])


@given(
    st.lists(st.tuples(st.integers(0, 9), st.one_of(st.floats(0, 9), st.just(NAN)))),
    st.integers(0, 8),
)
def test_the_first_value_of_a_point_counts(found: list[tuple[int, float]], count: int) -> None:
    wanted = np.full(count, np.nan)
    for where, value in found:
        if where < count and np.isnan(wanted[where]):
            wanted[where] = value
    values = np.array([value for _, value in found], dtype=float)
    np.testing.assert_array_equal(spread([where for where, _ in found], values, count), wanted)


def columns(**values: list[float]) -> dict[str, np.ndarray]:
    return {name: np.array(column, dtype=float) for name, column in values.items()}


def test_in_order_of_time_without_the_undated() -> None:
    found = track(columns(unix_s=[30, NAN, 10, 30, 20], altitude_m=[3, 9, 1, 4, 2]), on_foot=True)
    assert found["time_s"].tolist() == [0, 10, 20, 20]
    assert found["altitude_m"].tolist() == [1, 2, 3, 4]


def test_half_a_place_is_none_and_an_empty_column_is_no_column() -> None:
    found = track(
        columns(unix_s=[1, 2, 3], lat_deg=[1, NAN, 3], lon_deg=[1, 2, NAN], power_w=[NAN] * 3),
        on_foot=True,
    )
    np.testing.assert_array_equal(found["lat_deg"], [1, NAN, NAN])
    np.testing.assert_array_equal(found["lon_deg"], [1, NAN, NAN])
    assert set(found) == {"time_s", "lat_deg", "lon_deg"}
    assert "lat_deg" not in track(columns(unix_s=[1], lat_deg=[1]), on_foot=True)
    assert "lat_deg" not in track(columns(unix_s=[1], lat_deg=[1], lon_deg=[NAN]), on_foot=True)


def test_what_is_given_is_left_alone() -> None:
    given_columns = columns(unix_s=[1, 2], lat_deg=[1, 2], lon_deg=[NAN, 2], cadence_spm=[80, 81])
    track(given_columns, on_foot=True)
    assert given_columns["lat_deg"].tolist() == [1, 2]
    assert given_columns["cadence_spm"].tolist() == [80, 81]


def test_no_times_no_track() -> None:
    assert track(columns(unix_s=[NAN], lat_deg=[1], lon_deg=[1]), on_foot=True) == {}
    assert track(columns(unix_s=[]), on_foot=True) == {}


@pytest.mark.parametrize(("on_foot", "wanted"), [(True, [160.0, 162.0]), (False, None)])
def test_cadence_is_steps_on_foot_and_nothing_else(
    on_foot: bool, wanted: list[float] | None
) -> None:
    found = track(columns(unix_s=[1, 2], cadence_spm=[80, 81]), on_foot)
    assert (found["cadence_spm"].tolist() if "cadence_spm" in found else None) == wanted
