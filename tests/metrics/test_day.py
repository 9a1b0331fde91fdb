"""The runner's own day: file, else position, else home, else machine."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.metrics.day import Moment, local_moment
from kneewatch.metrics.exposure import expose
from kneewatch.model import Activity, Floats, Recording

CENTRAL_PARK = (40.7829, -73.9654)
TOKYO = (35.6852, 139.7528)
KATHMANDU = (27.7172, 85.3240)
VIENNA = (48.2167, 16.3959)
HONOLULU = (21.2740, -157.8190)


def at(*places: tuple[float, float]) -> dict[str, Floats]:
    lat, lon = np.array(places, dtype=np.float64).T
    return {"lat_deg": lat, "lon_deg": lon}


def moment(
    start: str,
    track: dict[str, Floats] | None = None,
    home: str | None = None,
    offset_s: float | None = None,
) -> Moment:
    activity = Activity("a", "a.fit", datetime.fromisoformat(start), "running")
    activity = Activity(**{**vars(activity), "utc_offset_s": offset_s})
    return local_moment(activity, track or {}, home)


@pytest.fixture
def machine_in_auckland(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("the machine's zone cannot be set here")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


# Offsets by the IANA zones: New York is UTC-5, UTC-4 from 9 March to 2 November 2025; Tokyo UTC+9
# all year; Kathmandu UTC+5:45; Vienna UTC+2 until 26 October 2025, 01:00 UTC.
@pytest.mark.parametrize(
    ("start", "place", "local"),
    [
        ("2025-01-01T04:30:00+00:00", CENTRAL_PARK, "2024-12-31T23:30:00"),
        ("2025-03-09T06:59:00+00:00", CENTRAL_PARK, "2025-03-09T01:59:00"),
        ("2025-03-09T07:00:00+00:00", CENTRAL_PARK, "2025-03-09T03:00:00"),
        ("2025-11-02T05:30:00+00:00", CENTRAL_PARK, "2025-11-02T01:30:00"),
        ("2025-11-02T06:30:00+00:00", CENTRAL_PARK, "2025-11-02T01:30:00"),
        ("2025-06-14T22:30:00+00:00", TOKYO, "2025-06-15T07:30:00"),
        ("2025-06-14T18:20:00+00:00", KATHMANDU, "2025-06-15T00:05:00"),
        ("2025-10-26T00:59:00+00:00", VIENNA, "2025-10-26T02:59:00"),
        ("2025-10-26T01:00:00+00:00", VIENNA, "2025-10-26T02:00:00"),
        ("2025-06-15T09:30:00+00:00", HONOLULU, "2025-06-14T23:30:00"),
    ],
)
def test_the_zone_of_the_first_position(start: str, place: tuple[float, float], local: str) -> None:
    found = moment(start, at(place), home="Europe/London")
    assert found.local.isoformat() == local
    assert found.local.tzinfo is None
    assert found.day_from == "position"
    assert found.start == datetime.fromisoformat(start)


def test_the_first_known_position_counts_and_not_a_later_one() -> None:
    nowhere = (np.nan, np.nan)
    flight = at(nowhere, nowhere, TOKYO, CENTRAL_PARK)
    found = moment("2025-06-14T22:30:00+00:00", flight)
    assert found.local == datetime(2025, 6, 15, 7, 30)


@pytest.mark.parametrize("wrong", [(0.0, 0.0), (91.0, 10.0), (10.0, 180.1), (47.0, np.nan)])
def test_a_position_that_is_none_is_passed_over(wrong: tuple[float, float]) -> None:
    start = "2025-06-14T22:30:00+00:00"
    assert moment(start, at(wrong, TOKYO)).local == datetime(2025, 6, 15, 7, 30)
    alone = moment(start, at(wrong), home="Europe/Vienna")
    assert (alone.local, alone.day_from) == (datetime(2025, 6, 15, 0, 30), "home_timezone")


def test_a_position_on_the_equator_or_the_prime_meridian_is_one() -> None:
    # Greenwich, in summer time; Quito's monument to the equator, UTC-5.
    greenwich = moment("2025-07-01T23:30:00+00:00", at((51.4779, 0.0)))
    assert (greenwich.local, greenwich.day_from) == (datetime(2025, 7, 2, 0, 30), "position")
    quito = moment("2025-07-01T04:30:00+00:00", at((0.0, -78.4558)))
    assert (quito.local, quito.day_from) == (datetime(2025, 6, 30, 23, 30), "position")


def test_the_files_own_offset_comes_first() -> None:
    found = moment("2025-06-14T22:30:00+00:00", at(TOKYO), "Europe/Vienna", offset_s=-4 * 3600.0)
    assert (found.local, found.day_from) == (datetime(2025, 6, 14, 18, 30), "file")


def test_an_offset_of_zero_is_an_offset() -> None:
    found = moment("2025-06-14T22:30:00+00:00", at(TOKYO), "Asia/Tokyo", offset_s=0.0)
    assert (found.local, found.day_from) == (datetime(2025, 6, 14, 22, 30), "file")


def test_home_comes_before_the_machine(machine_in_auckland: None) -> None:
    start = "2025-06-14T22:30:00+00:00"
    home = moment(start, home="America/New_York")
    assert (home.local, home.day_from) == (datetime(2025, 6, 14, 18, 30), "home_timezone")
    machine = moment(start)
    # New Zealand's winter: UTC+12.
    assert (machine.local, machine.day_from) == (datetime(2025, 6, 15, 10, 30), "machine")


def test_a_tables_wall_clock_stays_what_it_is(machine_in_auckland: None) -> None:
    home = moment("2025-06-14T06:15:00", home="America/New_York")
    assert (home.local, home.day_from) == (datetime(2025, 6, 14, 6, 15), "file")
    assert home.start == datetime(2025, 6, 14, 10, 15, tzinfo=UTC)
    machine = moment("2025-06-14T06:15:00")
    assert machine.local == datetime(2025, 6, 14, 6, 15)
    assert machine.start == datetime(2025, 6, 13, 18, 15, tzinfo=UTC)
    assert machine.start.tzinfo is UTC


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1)),
    st.sampled_from(["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Vienna", "Asia/Kolkata"]),
)
def test_no_home_moves_the_day_of_a_table(start: datetime, home: str) -> None:
    found = moment(start.isoformat(), home=home)
    assert found.local == start
    # No zone is further than 14 hours from UTC.
    assert abs(found.start.replace(tzinfo=None) - start) <= timedelta(hours=14)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1)), st.integers(-48, 56))
def test_local_minus_utc_is_the_files_offset(start: datetime, quarters: int) -> None:
    found = moment(start.replace(tzinfo=UTC).isoformat(), offset_s=900.0 * quarters)
    assert found.local - start == timedelta(minutes=15 * quarters)


def test_a_run_across_midnight_belongs_to_its_start() -> None:
    time_s = np.arange(3600.0)
    track = {"time_s": time_s, "distance_m": 3 * time_s, **at(*[TOKYO] * len(time_s))}
    start = datetime(2025, 8, 31, 14, 30, tzinfo=UTC)  # 23:30 in Tokyo, a Sunday
    row = expose(Recording(Activity("a", "a.fit", start, "running"), track))
    assert row["local_date"] == "2025-08-31"
    assert row["local_start"] == "2025-08-31T23:30:00"
    assert row["day_from"] == "position"
    assert row["start"] == start
