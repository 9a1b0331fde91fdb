"""What is surely one activity: the same content, a common key, a vendor's index."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from recordings import START, Row, count, later, only, row, watch

from kneewatch.metrics.duplicates import merge_duplicates


def keyed(source: str, *keys: str, start: datetime = START, **values: Any) -> Row:
    return watch(source, start, **values) | {"keys": list(keys)}


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("garmin 123456789", "has the same number at garmin"),
        ("track 6b0e1c", "has the same track id"),
    ],
)
def test_a_common_key_goes_before_all_else(key: str, reason: str) -> None:
    """Another clock, another length, another sport."""
    one = keyed("a.fit", key, "device 1 2025-06-14T16:00:00Z", avg_hr_bpm=150.0, steps=9.0)
    other = keyed("b.json", key, start=later(86_400), distance_m=4000.0, sport="walking")
    kept, copy = only(one, other)
    assert (kept["id"], kept["sport"]) == ("a.fit", "running")
    assert (copy.source, copy.rule, copy.reason) == ("b.json", "key", reason)
    assert kept["keys"] == [key, "device 1 2025-06-14T16:00:00Z"]
    assert count(one, keyed("c.fit", "garmin 1", start=later(86_400))) == 2


def test_one_device_and_one_second_of_creation() -> None:
    key = "device 3900112233 2025-06-14T16:00:00Z"
    rows = [keyed("a.fit", key, distance_m=10_000.0), keyed("b.fit", key, distance_m=9000.0)]
    _, copy = only(*rows)
    assert (copy.rule, copy.reason) == ("key", "made by the same device at the same second")


def test_keys_reach_from_file_to_file() -> None:
    rows = [
        keyed("a.fit", "device 1 x"),
        keyed("b.json activity 4", "garmin 7", "device 1 x"),
        keyed("c.csv row 5", "garmin 7", start=later(50_000), distance_m=1.0),
    ]
    assert count(*rows) == 1


def test_the_legs_of_one_file_stay_apart_and_find_their_twins() -> None:
    """A triathlon in two downloads, each leg under the key of its file."""

    def legs(name: str) -> list[Row]:
        return [
            keyed(name, "device 1 x", id=f"{name}{n}", start=later(4000.0 * n), sport=sport)
            for n, sport in enumerate(["swimming", "cycling", "running"])
        ]

    assert count(*legs("tri.fit")) == 3
    kept, copies = merge_duplicates([*legs("tri.fit"), *legs("again.fit")])
    assert [r["sport"] for r in kept] == ["swimming", "cycling", "running"]
    assert [copy.rule for copy in copies] == ["key"] * 3
    # A transition of half a minute is no twin of the leg after it.
    short = keyed("tri.fit", "device 1 x", id="t", start=later(3970), sport="transition")
    assert count(*legs("tri.fit"), *legs("again.fit"), short) == 4


def test_an_index_with_two_numbers_for_one_run() -> None:
    """The watch and the phone were both uploaded: two numbers, two rows, one run."""
    rows = [
        keyed("77.fit", "garmin 77"),
        keyed("78.gpx", "garmin 78", start=later(20)),
        row("s.json activity 1") | {"keys": ["garmin 77"]},
        row("s.json activity 2", later(20)) | {"keys": ["garmin 78"]},
    ]
    assert count(*rows) == 1


def test_what_the_runner_changed_on_the_web_site_counts() -> None:
    index = row("s.json activity 1", sport="walking") | {"keys": ["garmin 77"]}
    kept, _ = only(keyed("77.fit", "garmin 77"), index)
    assert kept["sport"] == "walking"
    assert kept["filled_from"]["sport"] == "s.json activity 1"
    # A phone beside the watch is no index.
    kept, _ = only(keyed("77.fit", "track 1"), keyed("b.gpx", "track 1", sport="walking"))
    assert kept["sport"] == "running"


def test_a_vendors_wrong_clock_does_not_lead_to_another_run() -> None:
    """The summary of the evening is in another time zone, in which lies the run of the noon."""
    rows = [
        keyed("77.fit", "garmin 77"),
        row("s.json activity 1", later(-7200)) | {"keys": ["garmin 77"]},
        watch("76.fit", later(-7190), distance_m=9800.0),
    ]
    assert count(*rows) == 2


def test_a_day_that_is_surely_of_one_run_is_not_that_of_another() -> None:
    """A double day beside a diary that names the file of the morning."""
    rows = [
        watch("77.fit"),
        watch("78.fit", later(-9 * 3600 - 321)),
        row("d.csv row 2", datetime(2025, 6, 14), file_hint="77.fit"),
    ]
    assert count(*rows) == 2
    assert count(*rows, row("d.csv row 3", datetime(2025, 6, 14), file_hint="78.fit")) == 2


# ---- many rows in one file


def workout(number: int, device: str, start: datetime = START, **values: Any) -> Row:
    source = f"export.zip!/export.xml workout {number}"
    return row(source, start, device=device, utc_offset_s=7200.0, **values)


def test_workouts_of_two_devices_in_one_export_are_copies() -> None:
    """Apple Health holds what the watch recorded, and what Strava wrote into it."""
    kept, copy = only(
        workout(1, "Watch", avg_hr_bpm=150.0),
        workout(2, "Strava", later(90), distance_m=10_700.0, elapsed_s=2850.0),
    )
    assert (kept["device"], copy.rule) == ("Watch", "overlap")
    assert count(workout(1, "Watch"), workout(2, "Strava", later(4000))) == 2


def test_workouts_of_one_device_are_never_copies() -> None:
    assert count(workout(1, "Watch"), workout(2, "Watch")) == 2
    assert count(workout(1, ""), workout(2, "Strava")) == 2


def test_a_route_beside_the_export_is_the_workout_it_belongs_to() -> None:
    route = watch("export.zip!/workout-routes/r.gpx", later(12), sport="unknown")
    rows = [workout(1, "Watch"), workout(2, "Strava", later(40)), route]
    assert count(*rows) == 1


def test_rows_of_a_summary_without_devices_are_activities_of_their_own() -> None:
    rows = [row(f"s.json activity {n}", later(20 * n), id=f"{n}") for n in range(3)]
    assert count(*rows) == 3


# ---- the index and the files it names


def test_of_files_with_one_name_the_one_in_its_place() -> None:
    """Two exports of two years, each with its index and its numbers from 1 on."""
    rows = []
    for year in (0, 1):
        start = START + timedelta(days=365 * year)
        rows += [
            watch(f"export {year}/activities/1.gpx", start),
            row(f"export {year}/activities.csv row 2", start, file_hint="activities/1.gpx"),
        ]
    kept, copies = merge_duplicates(rows)
    assert len(kept) == 2
    for copy in copies:
        assert copy.rule == "index"
        assert copy.source.split("/")[0] == copy.kept.split("/")[0]


def test_of_the_legs_of_a_file_an_index_means_the_one_it_is_about() -> None:
    legs = [
        watch("tri.fit", id="1", sport="cycling"),
        watch("tri.fit", later(3100), id="2"),
    ]
    index = row("i.csv row 2", later(3110), file_hint="tri.fit", name="Brick")
    kept, _ = merge_duplicates([*legs, index])
    assert [r["name"] for r in kept] == ["", "Brick"]


def test_a_name_that_a_hundred_files_share_tells_nothing() -> None:
    files = [watch(f"{n}/track.gpx", later(86_400 * n)) for n in range(100)]
    assert count(*files, row("i.csv row 2", later(-5e6), file_hint="track.gpx")) == 101
    assert count(*files, row("i.csv row 2", later(86_410), file_hint="track.gpx")) == 100
