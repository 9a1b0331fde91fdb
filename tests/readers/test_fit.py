from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from fit_encoder import EPOCH, FitWriter, Value, chained, fit_time
from hypothesis import given, settings
from hypothesis import strategies as st

from kneewatch.config import Config
from kneewatch.ingest import read_file
from kneewatch.metrics.exposure import expose
from kneewatch.metrics.motion import measure_motion
from kneewatch.model import NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers import fit

START = datetime(2025, 6, 17, 16, 4, 28, tzinfo=UTC)
Values = dict[str, Value]


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def readings(data: bytes, name: str = "watch/1.fit") -> list[Reading]:
    return list(fit.read(Source(name, data)))


def recordings(data: bytes) -> list[Recording]:
    """All that was read, where nothing may have gone wrong."""
    found = readings(data)
    assert all(isinstance(item, Recording) for item in found), found
    return [item for item in found if isinstance(item, Recording)]


def only(data: bytes) -> Recording:
    [recording] = recordings(data)
    return recording


def split(data: bytes) -> tuple[list[Recording], list[Problem]]:
    found = readings(data)
    kept = [item for item in found if isinstance(item, Recording)]
    problems = [item for item in found if isinstance(item, Problem)]
    assert len(kept) + len(problems) == len(found), found
    return kept, problems


def session(begin: float = 0, end: float = 600, **more: Value) -> Values:
    return {
        "timestamp": at(end),
        "start_time": at(begin),
        "sport": "running",
        "sub_sport": "generic",
        "total_elapsed_time": end - begin,
        "total_timer_time": end - begin,
    } | more


def writer(kind: Value = "activity", **options: bool) -> FitWriter:
    return FitWriter(**options).message(
        "file_id", {"type": kind, "manufacturer": "garmin", "product": 1, "time_created": START}
    )


def records(
    to: FitWriter, begin: int = 0, end: int = 600, step: int = 1, speed: float = 3.0
) -> FitWriter:
    """A point every ``step`` seconds, the distance running on from the start of the file."""
    for second in range(begin, end, step):
        to.message(
            "record",
            {"timestamp": at(second), "distance": speed * second, "heart_rate": 120 + second % 7},
        )
    return to


def run(begin: int = 0, end: int = 600, **options: bool) -> FitWriter:
    to = records(writer(**options), begin, end)
    return to.message("session", session(begin, end, total_distance=3.0 * (end - begin)))


# Records ---------------------------------------------------------------------------------------


def test_all_columns_come_in_si_units() -> None:
    values: Values = {
        "timestamp": at(1),
        "position_lat": 48.123456,
        "position_long": -11.654321,
        "distance": 123.45,
        "enhanced_altitude": 512.4,
        "enhanced_speed": 3.21,
        "heart_rate": 150,
        "cadence": 85,
        "fractional_cadence": 0.5,
        "power": 280,
        "step_length": 1103,
        "stance_time": 241.5,
        "stance_time_balance": 50.75,
        "vertical_oscillation": 83.2,
        "vertical_ratio": 7.54,
        "gps_accuracy": 4,
        "temperature": -3,
    }
    track = only(
        writer()
        .message("record", {"timestamp": START})
        .message("record", values)
        .message("session", session())
        .to_bytes()
    ).track
    assert {name: column[1] for name, column in track.items()} == {
        "time_s": 1,
        "segment": 0,
        "lat_deg": pytest.approx(48.123456, abs=1e-7),
        "lon_deg": pytest.approx(-11.654321, abs=1e-7),
        "distance_m": 123.45,
        "altitude_m": pytest.approx(512.4),
        "speed_mps": 3.21,
        "heart_rate_bpm": 150,
        "cadence_spm": 171,
        "power_w": 280,
        "step_length_m": pytest.approx(1.103),
        "stance_time_s": pytest.approx(0.2415),
        "stance_balance": pytest.approx(0.5075),
        "vertical_oscillation_m": pytest.approx(0.0832),
        "vertical_ratio": pytest.approx(0.0754),
        "gps_accuracy_m": 4,
        "temperature_c": -3,
    }
    assert all(np.isnan(c[0]) for n, c in track.items() if n not in ("time_s", "segment"))
    assert all(column.dtype == np.float64 for column in track.values())


def test_enhanced_values_come_before_plain_ones_point_by_point() -> None:
    to = writer()
    to.message("record", {"timestamp": at(0), "enhanced_altitude": 310.2, "altitude": 12})
    to.message("record", {"timestamp": at(1), "enhanced_altitude": None, "altitude": 311.4})
    to.message("record", {"timestamp": at(2), "altitude": None, "enhanced_altitude": 312.6})
    to.message("record", {"timestamp": at(3), "speed": 1.5, "enhanced_speed": 3.25})
    to.message("record", {"timestamp": at(4), "speed": 3.5})
    track = only(to.message("session", session()).to_bytes()).track
    assert track["altitude_m"][:3] == pytest.approx([310.2, 311.4, 312.6])
    assert track["speed_mps"][3:] == pytest.approx([3.25, 3.5])


@pytest.mark.parametrize(
    ("native", "theirs", "column", "value"),
    [
        ("distance", "distance", "distance_m", 500.0),
        ("heart_rate", "heart_rate", "heart_rate_bpm", 151.0),
        ("enhanced_speed", "enhanced_speed", "speed_mps", 3.5),
        ("cadence", "cadence", "cadence_spm", 170.0),
        ("power", "power", "power_w", 260.0),
    ],
)
def test_a_developer_field_named_like_a_native_one_never_shadows_it(
    native: str, theirs: str, column: str, value: float
) -> None:
    to = writer()
    field = to.developer_field(theirs, "float32", number=3)
    stored = value / 2 if native == "cadence" else value
    to.message("record", {"timestamp": at(0), native: stored}, {field: 7.0})
    to.message("record", {"timestamp": at(1), native: None}, {field: 7.0})
    track = only(to.message("session", session()).to_bytes()).track
    np.testing.assert_array_equal(track[column], [value, np.nan])


def test_a_developer_field_alone_is_no_native_one() -> None:
    to = writer()
    field = to.developer_field("distance", "float32")
    to.message("record", {"timestamp": at(0)}, {field: 7.0})
    assert set(only(to.to_bytes()).track) == {"time_s", "segment"}


@pytest.mark.parametrize("pair", [(100_000, None), (None, 100_000), (100_000, 700)])
def test_of_a_field_that_comes_twice_the_first_value_counts(
    pair: tuple[int | None, int | None],
) -> None:
    to = writer()
    for second in (0, 1):
        stamp = fit_time(at(second))
        fields = [(253, "uint32", stamp), *((5, "uint32", value) for value in pair)]
        to.message_raw(20, fields)
    assert only(to.to_bytes()).track["distance_m"].tolist() == [1000, 1000]


def test_of_an_array_the_first_value_counts() -> None:
    to = writer().message("record", {"timestamp": START, "enhanced_speed": [3.0, 3.5]})
    assert only(to.to_bytes()).track["speed_mps"].tolist() == [3.0]


def test_records_are_put_in_order_and_those_without_a_time_left_out() -> None:
    to = writer()
    for second, beats in ((5, 105), (0, 100), (None, 200), (2, 102), (2, 103)):
        when = None if second is None else at(second)
        to.message("record", {"timestamp": when, "heart_rate": beats})
    track = only(to.message("session", session()).to_bytes()).track
    assert track["time_s"].tolist() == [0, 2, 2, 5]
    assert track["heart_rate_bpm"].tolist() == [100, 102, 103, 105]


def test_time_counts_from_the_start_of_the_session() -> None:
    late = records(writer(), 8, 20).message("session", session(0, 20))
    assert only(late.to_bytes()).track["time_s"][[0, -1]].tolist() == [8, 19]
    early = records(writer(), 0, 20).message("session", session(4, 20))
    assert only(early.to_bytes()).track["time_s"][[0, -1]].tolist() == [0, 19]


def test_compressed_time_stamps_are_added_up() -> None:
    to = writer().message("record", {"timestamp": at(0), "heart_rate": 100})
    for second in (3, 20, 45, 70):
        to.message("record", {"heart_rate": 100 + second}, compressed=at(second))
    track = only(to.message("session", session()).to_bytes()).track
    assert track["time_s"].tolist() == [0, 3, 20, 45, 70]
    assert track["heart_rate_bpm"].tolist() == [100, 103, 120, 145, 170]


def test_half_a_place_is_none() -> None:
    to = writer()
    for second in range(60):
        place: Values = {"position_lat": 48.0, "distance": 3.0 * second}
        to.message("record", {"timestamp": at(second)} | place)
    recording = only(to.message("session", session(0, 60)).to_bytes())
    assert "lat_deg" not in recording.track
    assert expose(recording)["distance_m"] == 177


# Cadence ---------------------------------------------------------------------------------------


def with_cadence(cadence: list[float], sport: str = "running") -> Recording:
    to = writer()
    for second, value in enumerate(cadence):
        whole = math.floor(value)
        to.message(
            "record",
            {"timestamp": at(second), "cadence": whole, "fractional_cadence": value - whole},
        )
    return only(to.message("session", session(sport=sport)).to_bytes())


def test_strides_become_steps() -> None:
    assert with_cadence([0, 84.5, 85, 86]).track["cadence_spm"].tolist() == [0, 169, 170, 172]


def test_apps_that_write_steps_are_believed() -> None:
    assert with_cadence([0, 168, 170, 172]).track["cadence_spm"].tolist() == [0, 168, 170, 172]


def test_a_pedal_is_no_foot() -> None:
    assert "cadence_spm" not in with_cadence([85, 86], "cycling").track


def test_a_walkers_cadence_is_steps_too() -> None:
    assert with_cadence([55, 56], "walking").track["cadence_spm"].tolist() == [110, 112]


@pytest.mark.parametrize(
    ("cadence", "cycles", "spm", "steps"), [(85, 850, 171, 1700), (170, 1700, 170.5, 1700)]
)
def test_the_sessions_cadence_and_steps(
    cadence: int, cycles: int, spm: float, steps: float
) -> None:
    values = session(avg_cadence=cadence, avg_fractional_cadence=0.5, total_cycles=cycles)
    activity = only(writer().message("session", values).to_bytes()).activity
    assert (activity.avg_cadence_spm, activity.steps) == (spm, steps)


def test_a_ride_has_no_steps() -> None:
    values = session(sport="cycling", avg_cadence=85, total_cycles=850)
    activity = only(writer().message("session", values).to_bytes()).activity
    assert (activity.avg_cadence_spm, activity.steps) == (None, None)


# The session and what stands around it ---------------------------------------------------------


def test_the_devices_own_totals_are_kept() -> None:
    to = run()
    to.message(
        "session",
        session(
            2000,
            2700,
            total_distance=2100.5,
            total_moving_time=650,
            total_ascent=41,
            total_descent=1234,
            avg_heart_rate=148,
            sub_sport="trail",
        ),
    )
    to.message(
        "user_profile",
        {"resting_heart_rate": 47, "default_max_running_heart_rate": 187, "weight": 62.5},
    )
    flat, hilly = recordings(to.to_bytes())
    activity = hilly.activity
    assert (activity.sport, activity.sub_sport) == ("running", "trail")
    assert activity.start == at(2000)
    assert activity.distance_m == 2100.5
    assert (activity.elapsed_s, activity.moving_s) == (700, 650)
    assert (activity.ascent_m, activity.descent_m) == (41, 1234)
    assert activity.avg_hr_bpm == 148
    assert (activity.max_hr_setting_bpm, activity.rest_hr_setting_bpm) == (187, 47)
    assert activity.device == "garmin hrm1"
    assert (flat.activity.ascent_m, flat.activity.descent_m) == (None, None)


def test_the_name_is_that_of_the_profile_on_the_watch() -> None:
    to = run().message("sport", {"sport": "running", "sub_sport": "trail", "name": "Trail Run"})
    assert only(to.to_bytes()).activity.name == "Trail Run"


@pytest.mark.parametrize(("source", "kind", "known"), [(5, 4, True), (1, 4, None), (5, 0, None)])
def test_a_barometer_of_the_watchs_own(source: int, kind: int, known: bool | None) -> None:
    info: Values = {"timestamp": START, "device_index": 3, "device_type": kind}
    to = run().message("device_info", info | {"source_type": source})
    assert only(to.to_bytes()).activity.barometer is known


def test_laps_add_nothing_to_the_totals() -> None:
    to = records(writer())
    for lap in range(2):
        to.message(
            "lap",
            {"timestamp": at(300 * (lap + 1)), "start_time": at(300 * lap), "total_distance": 9e3},
        )
    recording = only(to.message("session", session(total_distance=1800)).to_bytes())
    assert recording.activity.distance_m == 1800
    assert recording.track["distance_m"][-1] == 3 * 599


def test_a_session_may_come_before_its_records() -> None:
    first = records(writer().message("session", session(total_distance=1800))).to_bytes()
    last = run().to_bytes()
    assert only(first).activity.start == only(last).activity.start
    np.testing.assert_array_equal(only(first).track["time_s"], only(last).track["time_s"])


@pytest.mark.parametrize("written", [{"timestamp": at(600)}, {"timestamp": None}, {}])
def test_a_session_without_a_start_begins_with_its_first_record(written: Values) -> None:
    values = {"sport": "running", "start_time": None, "total_distance": 1800} | written
    recording = only(records(writer(), 7).message("session", values).to_bytes())
    assert recording.activity.start == at(7)
    assert recording.activity.distance_m == 1800
    assert recording.track["time_s"][[0, -1]].tolist() == [0, 592]


def test_a_session_without_a_start_and_without_records_began_before_its_end() -> None:
    values = {"timestamp": at(600), "sport": "running", "total_elapsed_time": 500}
    assert only(writer().message("session", values).to_bytes()).activity.start == at(100)


def test_a_session_whose_start_is_no_date_begins_with_its_first_record() -> None:
    values = session(total_distance=1800) | {"start_time": EPOCH + timedelta(seconds=4000)}
    assert only(records(writer(), 7).message("session", values).to_bytes()).activity.start == at(7)


@pytest.mark.parametrize("message", ["sport", "lap"])
def test_records_without_a_session_take_the_sport_from_elsewhere(message: str) -> None:
    to = records(writer().message(message, {"sport": "running", "sub_sport": "trail"}))
    activity = only(to.to_bytes()).activity
    assert (activity.sport, activity.sub_sport) == ("running", "trail")
    assert (activity.start, activity.distance_m) == (START, None)


def test_records_alone_are_of_unknown_sport() -> None:
    recording = only(records(writer()).to_bytes())
    assert recording.activity.sport == "unknown"
    # It moves like a run, so it is taken for one, and says so.
    row = expose(recording)
    assert (row["sport"], bool(row["assumed"])) == ("running", True)


def test_a_sport_without_a_name_keeps_its_number() -> None:
    activity = only(writer().message("session", session(sport=211)).to_bytes()).activity
    assert activity.sport == "sport_211"


def test_the_id_is_the_contents() -> None:
    data = run().to_bytes()
    [here], [there] = readings(data, "a.fit"), readings(data, "b/c.fit")
    assert isinstance(here, Recording)
    assert isinstance(there, Recording)
    assert here.activity.id == there.activity.id == Source("", data).digest[:12]
    assert (here.activity.source, there.activity.source) == ("a.fit", "b/c.fit")


# The runner's clock ----------------------------------------------------------------------------


def with_local_time(local: datetime | None, start: datetime = START) -> Recording:
    to = run()
    to.message("activity", {"timestamp": start, "num_sessions": 1, "local_timestamp": local})
    return only(to.to_bytes())


@pytest.mark.parametrize("hours", [2, -7, 5.75, 12.75, -9.5, 14, 0])
def test_the_offset_comes_from_the_local_time(hours: float) -> None:
    local = START.replace(tzinfo=None) + timedelta(hours=hours)
    recording = with_local_time(local)
    assert recording.activity.utc_offset_s == 3600 * hours
    row = expose(recording, "Pacific/Auckland")
    assert (row["local_start"], row["day_from"]) == (local.isoformat(), "file")


def test_a_few_seconds_between_the_clocks_are_no_offset() -> None:
    local = START.replace(tzinfo=None) + timedelta(hours=2, seconds=-70)
    assert with_local_time(local).activity.utc_offset_s == 7200


@pytest.mark.parametrize(
    "local", [None, START.replace(tzinfo=None) + timedelta(days=3), EPOCH + timedelta(days=1)]
)
def test_a_local_time_that_cannot_be_is_none(local: datetime | None) -> None:
    assert with_local_time(local).activity.utc_offset_s is None


def no_date(activity: bool = True) -> bytes:
    """A watch without satellites counts from its power-on; the wall clock alone is a date."""
    boot = EPOCH + timedelta(seconds=40_000)
    to = writer()
    for second in range(0, 600, 5):
        when = boot + timedelta(seconds=second)
        to.message("record", {"timestamp": when, "distance": 3.0 * second})
    end = boot + timedelta(seconds=600)
    to.message("session", session() | {"start_time": boot, "timestamp": end})
    if activity:
        local = datetime(2025, 6, 17, 18, 14, 28)
        to.message("activity", {"timestamp": end, "local_timestamp": local})
    return to.to_bytes()


def test_without_a_date_the_wall_clock_counts() -> None:
    recording = only(no_date())
    assert recording.activity.start == datetime(2025, 6, 17, 18, 4, 28)
    assert recording.activity.utc_offset_s is None
    assert recording.track["time_s"][[0, -1]].tolist() == [0, 595]
    row = expose(recording, "America/Bogota")
    assert row["local_date"] == "2025-06-17"
    assert row["start"] == datetime(2025, 6, 17, 23, 4, 28, tzinfo=UTC)


def test_without_any_date_there_is_a_problem() -> None:
    [problem] = readings(no_date(activity=False))
    assert isinstance(problem, Problem)
    assert "without a session and without a dated record" in problem.reason


def test_damage_does_not_cost_the_records_without_a_date() -> None:
    data = no_date()
    [recording], [problem] = split(data[:-2] + bytes(b ^ 0xFF for b in data[-2:]))
    assert len(recording.track["time_s"]) == 120
    assert problem.reason == "the checksum is wrong; 120 records kept"


# Pauses ----------------------------------------------------------------------------------------


def event(to: FitWriter, second: int, kind: str, of: str = "timer") -> None:
    to.message("event", {"timestamp": at(second), "event": of, "event_type": kind})


@pytest.mark.parametrize("stop", ["stop", "stop_all", "stop_disable_all"])
def test_the_timers_stops_divide_the_track(stop: str) -> None:
    to = writer()
    event(to, 0, "start")
    records(to, 0, 100)
    event(to, 99, stop)
    event(to, 400, "start")
    # Carried on for a kilometre while the watch was stopped; it does not count it.
    for second in range(400, 500):
        to.message("record", {"timestamp": at(second), "distance": 297.0 + 3 * (second - 400)})
    event(to, 499, stop)
    recording = only(to.message("session", session(0, 499)).to_bytes())
    track = recording.track
    assert track["segment"].tolist() == [0] * 100 + [1] * 100
    motion = measure_motion(track)
    assert motion.step_s.sum() == 99 + 99
    assert motion.moving_s == pytest.approx(198, abs=2)
    assert expose(recording)["paused_s"] == 301


def test_only_a_start_after_a_stop_is_a_new_segment() -> None:
    to = writer()
    for second, kind, of in (
        (0, "start", "timer"),
        (10, "start", "timer"),  # again, without a stop
        (20, "stop", "lap"),
        (21, "start", "lap"),
        (30, "marker", "timer"),
        (40, "stop_all", "timer"),
        (40, "stop_all", "timer"),
        (50, "start", "timer"),
        (90, "stop_all", "timer"),
    ):
        event(to, second, kind, of)
    records(to, 0, 100)
    assert only(to.to_bytes()).track["segment"].tolist() == [0] * 50 + [1] * 50


@pytest.mark.parametrize(("base", "stamp"), [("string", "no time"), ("float64", math.inf)])
def test_an_event_whose_time_is_none_costs_nothing(base: str, stamp: Value) -> None:
    to = run()
    to.message_raw(21, [(253, base, stamp), (0, "enum", 0), (1, "enum", 0)])
    assert len(only(to.to_bytes()).track["time_s"]) == 600


def test_numbers_without_end_are_none() -> None:
    to = writer()
    for second, metres in enumerate([0.0, math.inf, -math.inf, 9.0]):
        stamp = ("uint32", fit_time(at(second)))
        to.message_raw(20, [(253, *stamp), (2, "float32", math.inf), (5, "float64", 100 * metres)])
    to.message_raw(20, [(253, "float64", math.inf), (5, "float64", 900.0)])
    to.message_raw(18, [(2, "float64", 1e18), (9, "float32", math.inf), (5, "enum", 1)])
    recording = only(to.to_bytes())
    np.testing.assert_array_equal(recording.track["distance_m"], [0, math.nan, math.nan, 9])
    assert "altitude_m" not in recording.track
    assert recording.activity.start == START
    assert recording.activity.distance_m is None


# Several sessions, several files ---------------------------------------------------------------

LEGS = (
    ("swimming", 0, 300, 400.0, 0),
    ("cycling", 320, 900, 5000.0, 90),
    ("running", 930, 1530, 1800.0, 12),
)


def triathlon(to: FitWriter | None = None, order: int = 1) -> bytes:
    """Three legs with a walk between; the distance runs on, as the watch writes it."""
    to = to or writer()
    done = 0.0
    for _, begin, end, metres, _ in LEGS:
        event(to, begin, "start")
        for second in range(begin, end):
            share = (second - begin) / (end - 1 - begin)
            values: Values = {"timestamp": at(second), "distance": done + metres * share}
            to.message("record", values | {"cadence": 80, "altitude": 500 - 12 * share})
        event(to, end - 1, "stop_all")
        done += metres
    for sport, begin, end, metres, descent in LEGS[::order]:
        more: Values = {"sport": sport, "total_distance": metres, "total_descent": descent}
        to.message("session", session(begin, end, **more))
    return to.to_bytes()


@pytest.mark.parametrize("order", [1, -1], ids=["in order", "reversed"])
def test_each_leg_of_a_triathlon_has_its_own_records(order: int) -> None:
    swim, ride, legs = recordings(triathlon(order=order))
    assert [leg.activity.sport for leg in (swim, ride, legs)] == ["swimming", "cycling", "running"]
    assert [leg.activity.distance_m for leg in (swim, ride, legs)] == [400, 5000, 1800]
    assert [leg.activity.descent_m for leg in (swim, ride, legs)] == [0, 90, 12]
    assert [len(leg.track["time_s"]) for leg in (swim, ride, legs)] == [300, 580, 600]
    assert [leg.track["time_s"][0] for leg in (swim, ride, legs)] == [0, 0, 0]
    assert legs.activity.start == at(930)
    assert legs.track["distance_m"][[0, -1]] == pytest.approx([0, 1800])
    assert "cadence_spm" not in ride.track
    assert legs.track["cadence_spm"].tolist() == [160] * 600
    assert len({leg.activity.id for leg in (swim, ride, legs)}) == 3


def test_a_triathlon_counts_its_run_alone() -> None:
    result = read_file(Source("tri.fit", triathlon()), Config())
    runs = [row for row in result.rows if row["sport"] == "running"]
    [run_row] = runs
    assert len(result.rows) == 3
    assert run_row["distance_m"] == 1800
    assert run_row["elapsed_s"] == 600
    assert run_row["moving_s"] == pytest.approx(599, abs=3)
    assert run_row["device_descent_m"] == 12
    assert run_row["descent_m"] == pytest.approx(12, abs=1)
    assert run_row["steps"] == pytest.approx(160 * 599 / 60, rel=0.01)
    others = [row for row in result.rows if row["sport"] != "running"]
    assert [row.get("descent_m") for row in others] == [None, None]
    assert [row.get("steps") for row in others] == [None, None]


def test_each_file_of_a_chain_is_read() -> None:
    second = records(writer(), 5000, 5300)
    second.message("session", session(5000, 5300, total_distance=900))
    first, last = recordings(chained(run(), second))
    assert (first.activity.start, last.activity.start) == (START, at(5000))
    assert (len(first.track["time_s"]), len(last.track["time_s"])) == (600, 300)
    assert first.activity.id != last.activity.id


def test_ids_of_a_chain_stay_unique() -> None:
    found = recordings(triathlon() + run(9000, 9100).to_bytes() + run(19000, 19100).to_bytes())
    assert len({recording.activity.id for recording in found}) == len(found) == 5


def test_settings_behind_an_activity_are_passed_over() -> None:
    assert only(chained(run(), writer(2))).activity.sport == "running"


@pytest.mark.parametrize(
    ("kind", "name"),
    [(2, "settings"), ("course", "course"), ("workout", "workout"), (15, "monitoring_a")],
)
def test_what_is_no_activity_says_what_it_is(kind: Value, name: str) -> None:
    data = records(writer(kind), 0, 20).to_bytes()
    assert readings(data) == [NotActivity("watch/1.fit", f"a FIT file of type {name}")]
    [other] = readings(data[:-1] + bytes([data[-1] ^ 1]))
    assert isinstance(other, NotActivity)
    assert other.reason == f"a FIT file of type {name} (the checksum is wrong)"


def test_a_file_that_does_not_say_its_type_is_an_activity() -> None:
    to = records(FitWriter().message("session", session()))
    assert only(to.to_bytes()).activity.sport == "running"


# Bytes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options", [{"big_endian": True}, {"header_size": 12}, {"header_crc": False}], ids=str
)
def test_the_same_file_written_in_another_way(options: dict[str, bool]) -> None:
    plain, other = recordings(triathlon()), recordings(triathlon(writer(**options)))
    for a, b in zip(plain, other, strict=True):
        assert (a.activity.start, a.activity.distance_m) == (
            b.activity.start,
            b.activity.distance_m,
        )
        assert a.track.keys() == b.track.keys()
        for name in a.track:
            np.testing.assert_array_equal(a.track[name], b.track[name])


def test_a_wrong_checksum_costs_nothing_and_is_said() -> None:
    data = run().to_bytes()
    [recording], [problem] = split(data[:-1] + bytes([data[-1] ^ 1]))
    assert len(recording.track["time_s"]) == 600
    assert recording.activity.distance_m == 1800
    assert problem == Problem("watch/1.fit", "the checksum is wrong; 600 records kept")


def test_a_missing_checksum_costs_nothing_and_is_said() -> None:
    [recording], [problem] = split(run().to_bytes()[:-2])
    assert len(recording.track["time_s"]) == 600
    assert problem.reason == "the checksum at its end is missing; 600 records kept"


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
def test_of_a_truncated_file_all_whole_records_are_kept(share: float) -> None:
    data = run().to_bytes()
    cut = data[: int(share * len(data))]
    [recording], [problem] = split(cut)
    kept = len(recording.track["time_s"])
    assert kept == pytest.approx(600 * share, rel=0.05)
    np.testing.assert_array_equal(recording.track["distance_m"], 3.0 * np.arange(kept))
    missing = len(data) - len(cut)
    assert problem.reason == (
        f"the file ends early, {missing:,} of its {len(data):,} bytes "
        f"({100 * missing / len(data):.0f} %) are missing; {kept} records kept"
    )


def test_what_cannot_be_decoded_is_counted() -> None:
    to = records(writer(), 0, 100)
    whole = len(to)
    data = to.bytes_raw(b"\x4f\0\0").to_bytes()  # a definition that breaks off
    [recording], [problem] = split(data)
    assert len(recording.track["time_s"]) == 100
    assert len(data) - 14 - whole == 5
    assert problem.reason == (
        f"the last 5 of {len(data):,} bytes (0 %) cannot be decoded; 100 records kept"
    )


@pytest.mark.parametrize("crc", [True, False])
def test_a_watch_that_died_never_wrote_the_size(crc: bool) -> None:
    data = records(writer(), 0, 200).to_bytes(data_size=0)
    [recording], [problem] = split(data if crc else data[:-2])
    assert len(recording.track["time_s"]) == 200
    assert problem.reason == "the watch never closed the file; 200 records kept"


@pytest.mark.parametrize("room", [1_000, 20_000, 100_000])
def test_the_room_that_a_watch_had_set_aside_costs_no_record(room: int) -> None:
    """Zeros up to the end of the file, which may pass for more records than there are."""
    data = records(FitWriter(), 0, 200).to_bytes(data_size=0)[:-2]
    [recording], [problem] = split(data + bytes(room))
    assert recording.track["time_s"].tolist() == list(range(200))
    assert "; 200 records kept" in problem.reason


def test_records_that_damage_made_up_are_dropped() -> None:
    # No file_id, so that a zero is the header of a record.
    data = bytearray(records(FitWriter(), 0, 3000).to_bytes())
    middle = len(data) // 2
    data[middle : middle + 512] = bytes(512)
    [recording], problems = split(bytes(data))
    time = recording.track["time_s"]
    assert 1400 <= len(time) <= 3000
    assert time.min() >= 0
    assert time.max() < 3000
    assert len(problems) == 1
    assert "implausible ones dropped" in problems[0].reason


def test_junk_behind_the_end_costs_nothing_and_is_said() -> None:
    [recording], [problem] = split(run().to_bytes() + b"no FIT file at all")
    assert len(recording.track["time_s"]) == 600
    assert problem.reason == "18 bytes after its end cannot be decoded; 600 records kept"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"<html>no such file</html>" * 9, "not a FIT file inside; nothing could be kept"),
        (b"\x0e\x10", "not a FIT file inside; nothing could be kept"),
        (run().to_bytes()[:14], "nothing could be kept"),
        (writer().to_bytes(), "a FIT file without a session and without a dated record"),
    ],
    ids=["empty", "no FIT", "two bytes", "header alone", "no activity in it"],
)
def test_a_file_with_nothing_in_it_is_one_problem(data: bytes, reason: str) -> None:
    [problem] = readings(data)
    assert isinstance(problem, Problem)
    assert problem.reason.endswith(reason)


def test_claimed_by_its_mark_or_its_name() -> None:
    head = run().to_bytes()[:100]
    assert fit.sniff("noname", head)
    assert fit.sniff("A.FIT", b"")
    assert not fit.sniff("a.gpx", b"<gpx>")
    assert not fit.sniff("benefit.csv", b"Date,Distance\n")


# Laws ------------------------------------------------------------------------------------------


def optional(values: st.SearchStrategy[float]) -> st.SearchStrategy[float | None]:
    return st.none() | values


POINTS = st.lists(
    st.fixed_dictionaries(
        {
            "gap": st.integers(1, 4000),
            "heart_rate": optional(st.integers(30, 240)),
            "distance": optional(st.integers(0, 10**7).map(lambda value: value / 100)),
            "position_lat": optional(st.integers(-80, 80)),
            "position_long": optional(st.integers(-170, 170)),
            "enhanced_altitude": optional(st.integers(-2000, 20000).map(lambda value: value / 5)),
            "step_length": optional(st.integers(1, 3000)),
            "compressed": st.booleans(),
        }
    ),
    min_size=1,
    max_size=30,
)
COLUMNS = (
    ("heart_rate", "heart_rate_bpm", 1.0),
    ("distance", "distance_m", 1.0),
    ("position_lat", "lat_deg", 1.0),
    ("enhanced_altitude", "altitude_m", 1.0),
    ("step_length", "step_length_m", 1e-3),
)


@settings(max_examples=60, deadline=None)
@given(points=POINTS, big_endian=st.booleans(), late=st.booleans())
def test_what_is_written_is_read(
    points: list[dict[str, float | None]], big_endian: bool, late: bool
) -> None:
    to = writer(big_endian=big_endian)
    clock = 0
    times = []
    for index, point in enumerate(points):
        gap = int(point["gap"] or 0)
        # A compressed time stamp reaches 31 seconds, and needs a whole one before it.
        short = bool(point["compressed"]) and index > 0
        clock += min(gap, 31) if short else gap
        times.append(clock)
        values: Values = {n: v for n, v in point.items() if n not in ("gap", "compressed")}
        if short:
            to.message("record", values, compressed=at(clock))
        else:
            to.message("record", {"timestamp": at(clock)} | values)
    begin = times[0] if late else 0
    to.message("session", session(begin, clock + 1, total_distance=77.5))
    recording = only(to.to_bytes())
    assert recording.activity.start == at(begin)
    assert recording.activity.distance_m == 77.5
    assert recording.track["time_s"].tolist() == [time - begin for time in times]
    placed = [
        any(p[name] is not None for p in points) for name in ("position_lat", "position_long")
    ]
    for field, column, factor in COLUMNS:
        expected = [math.nan if p[field] is None else p[field] * factor for p in points]  # type: ignore[operator]
        if np.isnan(expected).all() or (column == "lat_deg" and not all(placed)):
            assert column not in recording.track
        else:
            np.testing.assert_allclose(recording.track[column], expected, atol=1e-6)


def prefixes(data: bytes) -> Iterator[bytes]:
    for size in range(0, len(data), max(len(data) // 60, 1)):
        yield data[:size]


def test_the_longer_a_prefix_the_more_is_kept() -> None:
    data = records(writer(), 0, 100).to_bytes()
    kept = []
    for part in prefixes(data):
        found, problems = split(part)
        assert len(problems) == 1, len(part)
        kept.append(sum(len(item.track["time_s"]) for item in found))
    assert kept == sorted(kept)
    assert kept[-1] >= 95
    assert struct.unpack_from("<I", data, 4)[0] == len(data) - 16
