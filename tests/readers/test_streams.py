from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.readers.streams import joined

SECONDS = np.arange(0.0, 60.0)


def test_streams_meet_at_the_times_of_the_leading_one() -> None:
    places = SECONDS + 0.4
    columns = joined(
        {
            "heart_rate_bpm": (SECONDS, 100 + SECONDS),
            "lat_deg": (places, 48 + places),
            "lon_deg": (places, 11 + places),
        }
    )
    np.testing.assert_array_equal(columns["unix_s"], places)
    np.testing.assert_array_equal(columns["lat_deg"], 48 + places)
    np.testing.assert_allclose(columns["heart_rate_bpm"][:-1], 100.4 + SECONDS[:-1])
    # Behind the last beat by less than a second it still holds.
    assert columns["heart_rate_bpm"][-1] == 159


def test_few_places_do_not_lead() -> None:
    few = SECONDS[::3]
    columns = joined({"lat_deg": (few, few), "speed_mps": (SECONDS, SECONDS)})
    np.testing.assert_array_equal(columns["unix_s"], SECONDS)
    np.testing.assert_array_equal(columns["lat_deg"][:58], SECONDS[:58])


def test_nothing_is_known_in_a_gap() -> None:
    broken = np.append(np.arange(0.0, 10.0), np.arange(30.0, 60.0))
    columns = joined({"speed_mps": (SECONDS, SECONDS), "altitude_m": (broken, broken)})
    told = np.isfinite(columns["altitude_m"])
    assert SECONDS[~told].tolist() == list(np.arange(11.0, 29.0))


def test_where_the_leading_stream_is_silent_others_count() -> None:
    begin = np.arange(0.0, 100.0)
    late = np.arange(80.0, 140.0)
    columns = joined({"lat_deg": (begin, begin), "heart_rate_bpm": (late, late)})
    assert columns["unix_s"][-1] == 139
    assert np.isnan(columns["lat_deg"][-1])
    assert columns["heart_rate_bpm"][-1] == 139
    assert (np.diff(columns["unix_s"]) > 0).all()


def test_samples_out_of_order_twice_or_without_a_value() -> None:
    times = np.array([2.0, 0.0, 1.0, 1.0, np.nan, 3.0])
    columns = joined({"speed_mps": (times, np.array([2.0, 0.0, 1.0, 9.0, 5.0, np.nan]))})
    assert columns["unix_s"].tolist() == [0, 1, 2]
    assert columns["speed_mps"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("streams", [{}, {"speed_mps": (np.array([]), np.array([]))}])
def test_no_samples_are_no_columns(streams: dict[str, tuple[np.ndarray, np.ndarray]]) -> None:
    assert joined(streams) == {}


@given(
    st.dictionaries(
        st.sampled_from(["lat_deg", "lon_deg", "speed_mps", "altitude_m"]),
        st.lists(st.tuples(st.floats(-1e9, 1e9), st.floats(-1e3, 1e3)), max_size=30),
    )
)
def test_columns_are_parallel_and_within_what_was_measured(
    samples: dict[str, list[tuple[float, float]]],
) -> None:
    streams = {
        name: (np.array([t for t, _ in listed]), np.array([v for _, v in listed]))
        for name, listed in samples.items()
    }
    columns = joined(streams)
    for name, column in columns.items():
        assert len(column) == len(columns["unix_s"])
        if name != "unix_s":
            told = column[np.isfinite(column)]
            values = streams[name][1]
            # Up to rounding.
            assert not len(told) or values.min() - 1e-9 <= told.min()
            assert not len(told) or told.max() <= values.max() + 1e-9
