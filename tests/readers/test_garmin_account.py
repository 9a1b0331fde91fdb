"""Pages of activities of Garmin's account export, and which JSON is one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from exports.garmin import _OTHER_JSON, garmin_entry, garmin_gear
from exports.history import history
from hypothesis import given, settings
from hypothesis import strategies as st

from kneewatch.model import Activity, NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers import garmin_account, wanted
from kneewatch.readers.garmin_json import BROKEN

# 10 km in 49:13.512 are 3.386 m/s, which Garmin has as 0.3386.
TREADMILL: dict[str, Any] = {
    "activityId": 24251846565,
    "name": "Treadmill Running",
    "activityType": "treadmill_running",
    "startTimeLocal": 1788641685000,
    "startTimeGmt": 1788638085000.0,
    "distance": 1000000.0,
    "duration": 2953511.962890625,
    "elapsedDuration": 2953511.962890625,
    "movingDuration": 2856871.9787597656,
    "avgSpeed": 0.3385999917984009,
    "avgHr": 141.0,
    "elevationGain": None,
    "elevationLoss": None,
    "steps": 7316.0,
    "avgDoubleCadence": 148.640625,
    "manufacturer": "GARMIN",
}
HIKE: dict[str, Any] = {
    "activityId": 24245302199,
    "name": "Hills",
    "activityType": "hiking",
    "startTimeLocal": 1788598212000,
    "beginTimestamp": 1788594612000,
    "distance": 609162.98828125,
    "duration": 7512540.0390625,
    "elevationGain": 24100.0,
    "elevationLoss": 33800.0,
}


def page(*entries: dict[str, Any]) -> bytes:
    return json.dumps([{"summarizedActivitiesExport": list(entries)}]).encode()


def readings(data: bytes) -> list[Reading]:
    return list(garmin_account.read(Source("p.json", data)))


def activities(*entries: dict[str, Any]) -> list[Activity]:
    found = readings(page(*entries))
    assert all(isinstance(reading, Recording) for reading in found), found
    return [reading.activity for reading in found if isinstance(reading, Recording)]


def only(entry: dict[str, Any]) -> Activity:
    [found] = activities(entry)
    return found


def test_centimetres_and_milliseconds() -> None:
    run, hike = activities(TREADMILL, HIKE)
    assert run.distance_m == 10_000
    assert run.elapsed_s == pytest.approx(2953.512, abs=1e-3)
    assert run.moving_s == pytest.approx(2856.872, abs=1e-3)
    assert run.distance_m / run.elapsed_s == pytest.approx(10 * TREADMILL["avgSpeed"], rel=1e-3)
    assert (run.ascent_m, run.descent_m) == (None, None)
    assert (hike.ascent_m, hike.descent_m) == (241, 338)
    assert (run.assumed, hike.assumed) == ("", "")


def test_what_else_a_page_says() -> None:
    run, hike = activities(TREADMILL | {"description": "  calf tight\n"}, HIKE)
    assert (run.sport, run.sub_sport, run.name) == ("running", "treadmill", "Treadmill Running")
    assert (hike.sport, hike.sub_sport) == ("hiking", "generic")
    assert (run.notes, run.device) == ("calf tight", "garmin")
    assert (run.steps, run.avg_hr_bpm, run.avg_cadence_spm) == (7316, 141, 148.640625)
    assert run.keys == ("garmin 24251846565",)
    assert [run.source, hike.source] == ["p.json activity 1", "p.json activity 2"]


def test_the_runners_offset_is_local_minus_utc() -> None:
    run = only(TREADMILL)
    assert run.start == datetime(2026, 9, 5, 19, 54, 45, tzinfo=UTC)
    assert run.utc_offset_s == 3600
    assert only(HIKE).utc_offset_s == 3600


@pytest.mark.parametrize(
    ("times", "start", "offset"),
    [
        (
            {"startTimeGmt": 1893456000000, "startTimeLocal": "2030-01-01T09:00:00"},
            datetime(2030, 1, 1, tzinfo=UTC),
            9 * 3600,
        ),
        (
            {"startTimeGMT": "2025-05-01 06:10:00", "startTimeLocal": "2025-05-01 02:10:00.0"},
            datetime(2025, 5, 1, 6, 10, tzinfo=UTC),
            -4 * 3600,
        ),
        # Nepal is 5:45 ahead; the second that it is off by is the device's.
        (
            {"startTimeGmt": 1746079800000, "startTimeLocal": 1746079801000 + 20_700_000},
            datetime(2025, 5, 1, 6, 10, tzinfo=UTC),
            20_700,
        ),
        ({"startTimeLocal": "2025-05-01 08:10:00"}, datetime(2025, 5, 1, 8, 10), None),
        ({"startTimeLocal": 1746087000000}, datetime(2025, 5, 1, 8, 10), None),
        ({"beginTimestamp": 1746079800000}, datetime(2025, 5, 1, 6, 10, tzinfo=UTC), None),
        (
            {"beginTimestamp": 1746079800000, "startTimeLocal": 1746079800},
            datetime(2025, 5, 1, 6, 10, tzinfo=UTC),
            None,
        ),
    ],
)
def test_starts(times: dict[str, Any], start: datetime, offset: float | None) -> None:
    bare = {key: value for key, value in TREADMILL.items() if "Time" not in key}
    run = only(bare | times)
    assert (run.start, run.utc_offset_s) == (start, offset)
    assert (run.start.tzinfo is None) == (start.tzinfo is None)


@pytest.mark.parametrize("said", [None, "yesterday", "", 0, -5, True, [1], 1e300, 10**400])
def test_no_date_is_a_problem(said: Any) -> None:
    bare = {key: value for key, value in TREADMILL.items() if "Time" not in key}
    assert readings(page(bare | {"startTimeGmt": said})) == [
        Problem("p.json activity 1", "has no date")
    ]


def test_a_page_of_the_web_site_is_in_metres_and_seconds() -> None:
    entry = TREADMILL | {"distance": 10000.0, "duration": 2953.5, "elevationGain": 55.0}
    entry |= {"elapsedDuration": 2953.5, "movingDuration": 2856.9}
    entry |= {"activityType": {"typeId": 18, "typeKey": "treadmill_running"}}
    run = only(entry)
    assert (run.distance_m, run.elapsed_s, run.moving_s) == (10_000, 2953.5, 2856.9)
    assert (run.ascent_m, run.sub_sport) == (55, "treadmill")
    assert run.assumed == (
        "durations taken as seconds: as milliseconds they would be too short; "
        "distances taken as metres: as centimetres the speeds would be too low"
    )


def test_metres_beside_milliseconds_are_seen_by_their_speed() -> None:
    run = only(TREADMILL | {"distance": 10000.0})
    assert (run.distance_m, run.elapsed_s) == (10_000, pytest.approx(2953.5, abs=0.1))
    assert run.assumed.startswith("distances taken as metres")


def test_one_slow_activity_does_not_turn_the_page() -> None:
    # Twenty metres in half an hour: a satellite was lost. The others are runs.
    runs = [TREADMILL | {"activityId": number} for number in range(3)]
    *_, slow = activities(*runs, TREADMILL | {"activityId": 9, "distance": 2000.0})
    assert (slow.distance_m, slow.assumed) == (20, "")


def test_rides_tell_no_unit() -> None:
    # 30 m in an hour by bike, as the page has it: no speed on foot contradicts.
    ride = {**TREADMILL, "activityType": "road_biking", "distance": 3000.0, "duration": 3.6e6}
    assert only(ride).distance_m == 30


@pytest.mark.parametrize(
    ("said", "sport"),
    [
        ({"activityType": "running"}, ("running", "generic")),
        ({"activityType": "trail_running"}, ("running", "trail")),
        ({"activityType": "track_running"}, ("running", "track")),
        ({"activityType": "street_running"}, ("running", "street")),
        ({"activityType": "virtual_run"}, ("running", "virtual_activity")),
        ({"activityType": "indoor_running"}, ("running", "indoor_running")),
        ({"activityType": "ultra_run"}, ("running", "ultra")),
        ({"activityType": {"typeKey": "obstacle_run"}}, ("running", "obstacle")),
        ({"activityType": None, "sportType": "RUNNING"}, ("running", "generic")),
        ({"activityType": "other", "sportType": "SWIMMING"}, ("swimming", "generic")),
        ({"activityType": "lap_swimming"}, ("swimming", "lap_swimming")),
        ({"activityType": "bikeToRunTransition_v2"}, ("transition", "generic")),
        ({"activityType": "uncategorized", "sportType": "INVALID"}, ("unknown", "generic")),
        ({"activityType": 7}, ("unknown", "generic")),
    ],
)
def test_kinds(said: dict[str, Any], sport: tuple[str, str]) -> None:
    found = only({**TREADMILL, "sportType": None} | said)
    assert (found.sport, found.sub_sport) == sport


def test_the_sum_of_a_triathlon_is_no_activity_and_its_legs_are() -> None:
    total = TREADMILL | {"activityType": "multi_sport", "activityId": 1, "parent": True}
    leg = TREADMILL | {"activityId": 2, "parentId": 1, "parent": False}
    sum_, run = readings(page(total, leg))
    assert sum_ == NotActivity("p.json activity 1", garmin_account.MULTISPORT)
    assert isinstance(run, Recording)
    for said in ({"parent": True}, {"activityType": "multi_sport"}):
        unnamed = readings(page(TREADMILL | said))
        assert unnamed == [NotActivity("p.json activity 1", garmin_account.MULTISPORT)]


def test_what_was_not_measured_is_not_known() -> None:
    run = only(TREADMILL | {"movingDuration": 0.0, "steps": 0.0, "avgHr": 0, "elevationLoss": -1})
    assert run.moving_s == pytest.approx(2953.5, abs=0.1)
    assert (run.steps, run.avg_hr_bpm, run.descent_m) == (None, None, None)
    odd = {"distance": "far", "steps": True, "avgHr": [140], "avgDoubleCadence": 10**400}
    run = only(TREADMILL | odd)
    assert (run.distance_m, run.steps, run.avg_hr_bpm) == (None, None, None)
    assert run.avg_cadence_spm is None
    assert (
        only(TREADMILL | {"avgDoubleCadence": None, "avgRunCadence": 82.5}).avg_cadence_spm == 165
    )
    assert only({**TREADMILL, "activityType": "cycling"}).avg_cadence_spm is None


def test_neither_distance_nor_duration_is_no_activity() -> None:
    empty = {"distance": 0.0, "duration": 0.0, "elapsedDuration": None, "movingDuration": None}
    assert readings(page(TREADMILL | empty)) == [
        NotActivity("p.json activity 1", "neither distance nor duration")
    ]


def test_the_watch_and_the_second_are_a_key_as_its_file_has_them() -> None:
    watch = TREADMILL | {"deviceId": 3900112233}
    assert only(watch).keys == (
        "garmin 24251846565",
        "device 3900112233 2026-09-05T19:54:45Z",
    )
    # By hand, in a triathlon, without UTC.
    for said in ({"deviceId": 0}, {"parentId": 5}, {"startTimeGmt": None}, {"deviceId": "x"}):
        assert only(watch | said).keys == ("garmin 24251846565",)


def test_an_activity_has_one_id_in_all_exports() -> None:
    before, after = only(TREADMILL), only(TREADMILL | {"name": "Renamed", "likes": 3})
    assert before.id == after.id
    assert only(HIKE).id != before.id
    nameless = {key: value for key, value in TREADMILL.items() if key != "activityId"}
    assert only(nameless).keys == ()
    assert only(nameless).id != only(nameless | {"name": "Other"}).id


def test_a_bare_list_and_several_wrappers() -> None:
    bare = json.dumps([TREADMILL, HIKE]).encode()
    assert garmin_account.sniff("x", bare)
    assert len(readings(bare)) == 2
    both = json.dumps([{"summarizedActivitiesExport": [e]} for e in (TREADMILL, HIKE)]).encode()
    assert len(readings(both)) == 2
    assert readings(page()) == [NotActivity("p.json", "a page without activities")]


def test_the_real_schema(corpus: Path) -> None:
    [path] = (corpus / "csv_exports/garmin_gdpr").glob("*.json")
    data = path.read_bytes()
    assert garmin_account.sniff(path.name, data[:8192])
    [reading] = garmin_account.read(Source(path.name, data))
    assert isinstance(reading, Recording)
    run = reading.activity
    assert (run.distance_m, run.elapsed_s, run.moving_s) == (5000, 1860, 1790)
    assert (run.start, run.utc_offset_s) == (datetime(2030, 1, 1, tzinfo=UTC), 9 * 3600)
    assert (run.sport, run.keys) == ("running", ("garmin SYNTHETIC-RUN-0001",))


@pytest.mark.parametrize("name", sorted(_OTHER_JSON))
def test_other_files_of_the_export_are_not_loaded(name: str) -> None:
    assert not wanted(name, json.dumps(_OTHER_JSON[name]).encode())


@pytest.mark.parametrize(
    "said",
    [
        [{"personalRecords": [{"activityId": 7, "personalRecordType": "Best 5km Run"}]}],
        {"type": "FeatureCollection", "features": []},
        {"exercises": [{"distance": 5000, "duration": "PT1H", "startTime": "2020-01-01T08:00"}]},
        [{"activityId": 7, "sport": "RUNNING", "vo2MaxValue": 51.0, "startTimestampGmt": 1}],
        [],
        "summarizedActivitiesExport",
    ],
)
def test_what_is_not_claimed(said: Any) -> None:
    assert not garmin_account.sniff("x_summarizedActivities.json", json.dumps(said).encode())


def test_a_letter_about_the_export_is_not_claimed() -> None:
    assert not garmin_account.sniff("x", b'Look for "summarizedActivitiesExport" in the zip.')


# Damage ------------------------------------------------------------------------------------------

RUNS = history(1)
PAGE = page(*(garmin_entry(index, run) for index, run in enumerate(RUNS)))
GEAR = json.dumps([garmin_gear(RUNS)]).encode()


def test_what_is_whole_of_a_broken_page_is_kept() -> None:
    problem, *kept = readings(PAGE[: int(0.6 * len(PAGE))])
    assert problem == Problem("p.json", f"{BROKEN}; activities kept: {len(kept)}")
    assert len(kept) == 2
    assert all(isinstance(reading, Recording) for reading in kept)


def test_one_broken_activity_costs_no_other() -> None:
    place = PAGE.index(b'"startTimeLocal"', PAGE.index(b'"Tread"'))
    problem, *kept = readings(PAGE[:place] + b"x" + PAGE[place + 1 :])
    assert problem == Problem("p.json", f"{BROKEN}; activities kept: 3")
    named = [reading.activity.name for reading in kept if isinstance(reading, Recording)]
    assert named == ["Early, before work", "Woods", "Watch forgotten"]


def test_nothing_but_openings_is_given_up() -> None:
    deep = b'[{"summarizedActivitiesExport":' + b'{"a":' * 50_000
    assert readings(deep) == [Problem("p.json", f"{BROKEN}; activities kept: 0")]


def total(data: bytes) -> list[Reading]:
    garmin_account.sniff("x", data[:8192])
    found = readings(data)
    assert found
    for reading in found:
        assert isinstance(reading, Recording | Problem | NotActivity)
        if isinstance(reading, Recording):
            assert reading.activity.distance_m is None or 0 <= reading.activity.distance_m <= 2e6
    return found


@settings(deadline=None)
@given(st.sampled_from([PAGE, GEAR]), st.floats(0, 1))
def test_any_prefix(data: bytes, share: float) -> None:
    found = total(data[: int(share * len(data))])
    if share < 1 and int(share * len(data)) < len(data):
        assert isinstance(found[0], Problem)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([PAGE, GEAR]), st.floats(0, 1, exclude_max=True), st.integers(0, 255))
def test_any_wrong_byte(data: bytes, share: float, byte: int) -> None:
    broken = bytearray(data)
    broken[int(share * len(data))] = byte
    total(bytes(broken))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*TREADMILL, *HIKE, "parent", "sportType"]), JSON))
def test_any_values(said: dict[str, Any]) -> None:
    total(page(TREADMILL | said))
