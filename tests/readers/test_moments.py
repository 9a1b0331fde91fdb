"""Times in bulk are what they are one by one, to the last bit."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.readers.moments import offset_s, seconds, unix_seconds

MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30))
DIGITS = st.integers(0, 9)
NEARLY = st.builds(
    "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z".format,
    st.integers(0, 9999),
    st.integers(0, 14),
    st.integers(0, 33),
    st.integers(0, 25),
    st.integers(0, 61),
    st.integers(0, 61),
    st.sampled_from(["", ".", ".5", ".25", ".000", ".999", ".123456", ".1234567", ",5", ".x"]),
)
ISO = st.builds(
    lambda moment, zone, digits, blank: blank + moment.isoformat(timespec=digits) + zone + blank,
    MOMENTS,
    st.sampled_from(["Z", "Z", "Z", "", "+02:00", "-0730", "+00:00", "z"]),
    st.sampled_from(["seconds", "milliseconds", "microseconds"]),
    st.sampled_from(["", "", "\n  "]),
)
ODD = st.sampled_from(
    [
        "",
        "null",
        "2024-05-01",
        "2024-05-01 06:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "２０２４-05-01T06:00:00Z",
        "2024-02-30T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2000-02-29T00:00:00Z",
        "2024-05-01T06:00:0\u00b2Z",
        "2024-05-01T06:00:00ZZZZZ",
    ]
)


def one_by_one(texts: list[str]) -> np.ndarray:
    return np.array([seconds(text) for text in texts])


@given(st.lists(st.one_of(ISO, NEARLY, ODD, st.text(max_size=24)), max_size=30))
def test_in_bulk_as_one_by_one(texts: list[str]) -> None:
    np.testing.assert_array_equal(unix_seconds(texts), one_by_one(texts))


@given(st.lists(MOMENTS, max_size=30), st.sampled_from([0, 1, 2, 3, 4, 5, 6]))
def test_every_digit_counts(moments: list[datetime], digits: int) -> None:
    """The same through another road: the datetimes themselves."""
    step = 10 ** (6 - digits)
    moments = [m.replace(microsecond=m.microsecond // step * step, tzinfo=UTC) for m in moments]
    texts = [
        f"{m:%Y-%m-%dT%H:%M:%S}".rjust(19, "0")
        + (f".{m.microsecond // step:0{digits}}Z" if digits else "Z")
        for m in moments
    ]
    wanted = np.array([m.timestamp() for m in moments])
    np.testing.assert_array_equal(unix_seconds(texts), wanted)


def test_every_day_of_four_centuries() -> None:
    days = np.arange("1896-01-01", "2300-01-01", dtype="datetime64[D]")
    found = unix_seconds([f"{day}T00:00:00Z" for day in days])
    np.testing.assert_array_equal(found, days.astype(np.int64) * 86_400.0)


def test_nothing_is_nothing() -> None:
    assert unix_seconds([]).tolist() == []


@pytest.mark.parametrize("text", ["", "null", "2024-13-01T00:00:00Z", "0001-01-01T00:00:00+10:00x"])
def test_what_is_no_time(text: str) -> None:
    assert math.isnan(seconds(text))
    assert offset_s(text) is None
