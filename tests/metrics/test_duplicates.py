"""One run, one count: which recordings are the same run, and what is left of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recordings import GRAZ, START, VIENNA, Row, count, later, row, watch

from kneewatch.metrics.duplicates import merge_duplicates
from kneewatch.metrics.exposure import GUESSED


def untimed(source: str, start: datetime = START, **values: Any) -> Row:
    """A row of a table that does not say how long it took."""
    return row(source, start, elapsed_s=None, **values)


@pytest.mark.parametrize(("seconds", "kept"), [(0, 1), (59, 1), (60, 1), (61, 2)])
@pytest.mark.parametrize("sign", [1, -1])
def test_starts_within_a_minute(seconds: int, kept: int, sign: int) -> None:
    assert count(watch(), untimed("b.csv row 2", later(sign * seconds))) == kept


@pytest.mark.parametrize(
    ("metres", "kept"),
    [(10_000, 1), (9500, 1), (9499, 2), (10_526, 1), (10_527, 2)],  # 5 % of the longer
)
def test_distances_within_a_twentieth(metres: float, kept: int) -> None:
    assert count(watch(), untimed("b.csv row 2", distance_m=float(metres))) == kept


@pytest.mark.parametrize(("seconds", "kept"), [(2700, 1), (2699, 2), (3333, 1), (3334, 2)])
def test_durations_where_one_has_no_distance(seconds: float, kept: int) -> None:
    timed = row("b.csv row 2", DAY, distance_m=None, elapsed_s=float(seconds))
    assert count(watch(), timed) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"elapsed_s": 3000.0}, 1),  # as the watch has it, pauses and all
        ({"elapsed_s": 2400.0}, 1),  # as it has the time in motion
        ({"elapsed_s": 2000.0, "moving_s": 1700.0}, 2),
        ({"elapsed_s": 3000.0, "distance_m": 8000.0}, 2),  # way and time, not one of them
    ],
)
def test_either_of_two_durations_is_enough(said: dict[str, float], kept: int) -> None:
    timed = row("w.csv row 9", moving_s=2400.0)
    assert count(timed, row("b.csv row 2", DAY, **said)) == kept


def test_nothing_to_compare_but_the_start() -> None:
    assert count(watch(), row("b.csv row 2", distance_m=None, elapsed_s=None)) == 1


def test_the_wall_clock_of_a_table_is_compared_with_that_of_the_watch() -> None:
    # 16:00 UTC in New York is 12:00; the table at home in Vienna takes its 12:00 for 10:00 UTC.
    abroad = watch(utc_offset_s=-4 * 3600.0)
    table = row("b.csv row 2", datetime(2025, 6, 14, 12, 0, 30))
    assert abs((abroad["start"] - table["start"]).total_seconds()) > 3600
    assert count(abroad, table) == 1
    assert count(abroad, untimed("b.csv row 2", datetime(2025, 6, 14, 12, 1, 1))) == 2
    # What is the same moment by the clock at home is hours away by his own.
    assert count(abroad, row("b.csv row 2", datetime(2025, 6, 14, 18, 0), distance_m=9600.0)) == 2


def test_utc_is_compared_where_the_zones_differ() -> None:
    tokyo, vienna = watch(utc_offset_s=9 * 3600.0), watch("b.gpx", utc_offset_s=2 * 3600.0)
    assert tokyo["local_start"] != vienna["local_start"]
    assert count(tokyo, vienna) == 1


def test_the_same_wall_clock_alone_makes_no_twins() -> None:
    one = watch(utc_offset_s=0.0)
    other = watch("b.fit", START - timedelta(hours=5), utc_offset_s=5 * 3600.0, distance_m=6e3)
    assert one["local_start"] == other["local_start"]
    assert count(one, other) == 2


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ("running", "running", 1),
        ("running", "cycling", 2),
        ("unknown", "running", 1),
        ("unknown", "unknown", 1),
    ],
)
def test_other_sports_are_other_activities(first: str, second: str, kept: int) -> None:
    assert count(row("a.csv row 2", sport=first), row("b.csv row 2", sport=second)) == kept


def test_the_same_content_twice() -> None:
    kept, (duplicate,) = merge_duplicates([watch("b/a.fit", id="x"), watch("a/a.fit", id="x")])
    assert len(kept) == 1
    assert (duplicate.source, duplicate.kept) == ("b/a.fit", "a/a.fit")
    assert duplicate.reason == "the same content twice"


# ---- the vendor's index


def test_a_row_of_the_index_is_its_file() -> None:
    file = watch("export.zip!/activities/77.fit.gz", distance_m=10_000.0)
    index = row(
        "export.zip!/activities.csv row 5",
        START + timedelta(days=3),  # whatever its clock
        distance_m=4000.0,
        sport="walking",
        file_hint="activities/77.fit.gz",
        name="Evening run",
        gear="Road",
    )
    kept, duplicates = merge_duplicates([index, file])
    assert [r["distance_m"] for r in kept] == [10_000]
    # Who changes the type on the web site means it.
    assert kept[0]["sport"] == "walking"
    assert kept[0]["name"] == "Evening run"
    assert (kept[0]["shoe"], kept[0]["shoe_source"]) == ("Road", "file")
    assert kept[0]["sources"] == (
        "export.zip!/activities/77.fit.gz",
        "export.zip!/activities.csv row 5",
    )
    assert duplicates[0].reason == "the index of this file"


@pytest.mark.parametrize("hint", ["77.gpx", r"activities\77.gpx", "x/y/77.GPX.gz"])
def test_a_hint_is_compared_by_its_last_part(hint: str) -> None:
    index = row("i.csv row 2", START + timedelta(days=9), file_hint=hint)
    assert count(watch("unpacked/77.gpx"), index) == 1
    assert count(watch("unpacked/177.gpx"), index) == 2


def test_the_index_of_a_run_that_was_uploaded_twice() -> None:
    """Watch and phone, each with a row of the index: still one run."""
    rows = [
        watch("77.fit", heart_rate := START, avg_hr_bpm=150.0),
        watch("78.gpx", later(20), distance_m=10_200.0),
        row("i.csv row 2", heart_rate, file_hint="77.fit", name="Run"),
        row("i.csv row 3", later(20), file_hint="78.gpx", name="Phone", distance_m=10_200.0),
    ]
    assert count(*rows) == 1


def test_a_ride_that_a_file_without_a_sport_calls_a_run() -> None:
    """The index knows the sport, the track was guessed to be one."""
    guessed = watch("77.gpx", sport="unknown")
    assert (guessed["sport"], guessed["assumed"]) == ("running", GUESSED)
    index = row("i.csv row 2", sport="cycling", sub_sport="road", file_hint="77.gpx")
    (kept,), _ = merge_duplicates([guessed, index])
    assert (kept["sport"], kept["sub_sport"], kept["assumed"]) == ("cycling", "road", "")
    assert kept["distance_m"] == 10_000
    # Without the hint as well: a guess does not make it another activity.
    assert count(guessed, row("i.csv row 2", sport="cycling")) == 1


def test_a_run_that_nothing_but_the_table_calls_one() -> None:
    unknown = watch("77.gpx", sport="unknown", distance_m=3000.0)  # too slow for a guess
    assert unknown["sport"] == "unknown"
    (kept,), _ = merge_duplicates([unknown, row("i.csv row 2", distance_m=3000.0)])
    assert kept["sport"] == "running"


def test_another_sport_in_a_table_that_does_not_name_the_file_is_another_activity() -> None:
    assert count(watch("77.fit"), row("i.csv row 2", sport="walking")) == 2


# ---- tables that know the day alone

DAY = datetime(2025, 6, 14)


def test_a_day_with_nothing_to_compare_is_no_twin() -> None:
    assert count(watch(), row("b.csv row 2", DAY, distance_m=None, elapsed_s=None)) == 2


def test_a_table_of_days_is_compared_by_day() -> None:
    assert count(watch(), row("b.csv row 2", DAY)) == 1
    assert count(watch(), row("b.csv row 2", DAY + timedelta(days=1))) == 2
    assert count(watch(), row("b.csv row 2", DAY, distance_m=8000.0)) == 2


def test_a_run_at_midnight_with_a_track_is_no_row_of_days() -> None:
    midnight = watch("b.fit", datetime(2025, 6, 13, 22, 0, tzinfo=UTC), utc_offset_s=7200.0)
    assert midnight["local_start"].endswith("T00:00:00")
    assert count(midnight, watch(utc_offset_s=7200.0)) == 2


def test_a_double_day_stays_two() -> None:
    morning = watch("a.fit", datetime(2025, 6, 14, 5, 0, tzinfo=UTC))
    evening = watch("b.fit", datetime(2025, 6, 14, 16, 0, tzinfo=UTC))
    assert count(morning, evening) == 2
    # With a table of days beside them.
    rows = [row("t.csv row 2", DAY, name="early"), row("t.csv row 3", DAY, name="late")]
    assert count(morning, evening, *rows) == 2
    # One of them was run without the watch.
    assert count(morning, *rows) == 2
    # Neither has a watch.
    assert count(*rows) == 2


def test_two_tables_of_days_are_compared_row_by_row() -> None:
    rows = [
        row("t.csv row 2", DAY, name="early"),
        row("t.csv row 3", DAY, name="late"),
        row("u.csv row 7", DAY),
        row("u.csv row 8", DAY, name="second"),
    ]
    assert count(*rows) == 2
    assert count(*rows[:3]) == 2


def test_rows_of_one_table_are_two_unless_the_same_to_the_letter() -> None:
    one = row("t.csv row 2", DAY, id="abc")
    assert count(one, row("t.csv row 3", DAY, id="def")) == 2
    # The reader numbers rows that are alike.
    assert count(one, row("t.csv row 3", DAY, id="abc-2")) == 1
    assert count(one, row("t.csv row 3", DAY, id="abcd-2")) == 2


def test_legs_of_one_file_are_two() -> None:
    legs = [watch("tri.fit", id="abc"), watch("tri.fit", later(30), id="abc-2")]
    assert count(*legs) == 2


# ---- what is left


def test_the_richer_wins_whatever_it_is_called() -> None:
    poor = watch("a.gpx", name="Lunch run", notes="warm")
    rich = watch("z.fit", ascent_m=80.0, descent_m=82.0, avg_hr_bpm=150.0, steps=8000.0)
    (kept,), (duplicate,) = merge_duplicates([poor, rich])
    assert kept["id"] == "z.fit"
    assert kept["sources"] == ("z.fit", "a.gpx")
    assert (kept["name"], kept["notes"]) == ("Lunch run", "warm")
    assert (duplicate.source, duplicate.kept) == ("a.gpx", "z.fit")
    assert duplicate.reason == "starts within a minute and is as long"


def test_a_track_beats_any_row_of_a_table() -> None:
    table = row(
        "t.csv row 2", name="x", notes="y", gear="z", surface="asphalt", steps=9.0, descent_m=1.0
    )
    (kept,), _ = merge_duplicates([table, watch()])
    assert kept["id"] == "a.fit"
    assert (kept["surface"], kept["surface_source"]) == ("hard", "label")
    assert kept["shoe"] == "z"
    assert kept["device_descent_m"] == 1.0


def test_what_the_richer_knows_stays() -> None:
    rich = watch(name="Mine", gear="Road", surface="track", descent_m=50.0, avg_hr_bpm=140.0)
    poor = row("t.csv row 2", name="Other", gear="Trail", surface="gravel", descent_m=90.0)
    (kept,), _ = merge_duplicates([poor, rich])
    assert (kept["name"], kept["shoe"], kept["surface"]) == ("Mine", "Road", "firm")
    assert kept["device_descent_m"] == 50.0


def test_the_rows_are_left_as_they_were() -> None:
    rows = [watch(), watch("b.gpx", name="x")]
    before = [dict(r) for r in rows]
    merge_duplicates(rows)
    assert all(list(a.items())[:12] == list(b.items())[:12] for a, b in zip(rows, before, strict=1))
    assert [r["sources"] for r in rows] == [("a.fit",), ("b.gpx",)]


def test_nothing_from_nothing() -> None:
    assert merge_duplicates([]) == ([], [])


@st.composite
def logs(draw: st.DrawFn) -> list[Row]:
    """Many recordings of few hours of two days, so that most have a twin."""
    rows = []
    kinds = ["watch", "phone", "table", "days", "index", "lap", "workout"]
    for n in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(kinds))
        minutes = draw(st.sampled_from([0, 0, 0, 5, 40, 90, 600, 1440]))
        seconds = draw(st.sampled_from([0, 0, 30, 60]))
        start = later(60 * minutes + seconds)
        metres = draw(st.sampled_from([10_000.0, 10_000.0, 9900.0, 9700.0, 6000.0]))
        device = draw(st.sampled_from(["", "fenix", "phone"]))
        place = draw(st.sampled_from([None, VIENNA, VIENNA, GRAZ]))
        # Vendors contradict each other on the time of a run, but not by its number.
        by_file = ["track", "device 3"] if kind in ("watch", "lap") else ["garmin"]
        keys = draw(st.sampled_from([[], [], *([f"{key} {minutes}"] for key in by_file)]))
        how = {"distance_m": metres, "device": device}
        if kind in ("watch", "phone"):
            extra = {"avg_hr_bpm": 150.0, "descent_m": 9.0} if kind == "watch" else {"name": "x"}
            suffix = "fit" if kind == "watch" else "gpx"
            rows.append(watch(f"{n}.{suffix}", start, place=place, **how, **extra))
        elif kind == "lap":
            lap = {**how, "elapsed_s": 900.0, "distance_m": 3000.0}
            rows.append(watch(f"{n}.fit", start, place=place, **lap))
        elif kind == "workout":
            rows.append(row(f"export.xml workout {n}", start, utc_offset_s=7200.0, **how))
            keys = []
        elif kind == "table":
            wall = start.replace(tzinfo=None) + timedelta(hours=2)
            rows.append(row(f"t.csv row {n}", wall, distance_m=metres))
        elif kind == "days":
            wall = datetime(2025, 6, start.day)
            rows.append(row(f"d.csv row {n}", wall, distance_m=metres))
        else:
            rows.append(row(f"i.csv row {n}", start, file_hint=f"{max(n - 1, 0)}.fit"))
        # No table has one number twice.
        table = rows[-1]["sources"][0].rpartition(" row ")[0]
        said = [r["keys"] for r in rows[:-1] if r["sources"][0].startswith(f"{table} row")]
        rows[-1]["keys"] = [] if kind == "index" or (table and keys in said) else keys
    return rows


def plain(rows: list[Row]) -> list[Row]:
    skip = {"heart_rate_histogram_s", "ga_speed_histogram_s", "whereabouts"}
    return [{name: repr(r[name]) for name in r if name not in skip} for r in rows]


@given(logs(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=120)
def test_the_order_of_the_files_is_no_matter(rows: list[Row], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    kept, duplicates = merge_duplicates(rows)
    again, set_aside = merge_duplicates(shuffled)
    assert plain(again) == plain(kept)
    assert set_aside == duplicates
    # Nothing lost, nothing twice.
    assert len(kept) + len(duplicates) == len(rows)
    sources = [source for r in kept for source in r["sources"]]
    assert sorted(sources) == sorted(source for r in rows for source in r["sources"])
    assert [r["start"] for r in kept] == sorted(r["start"] for r in kept)
    # Each names what counts in its stead.
    assert {copy.kept for copy in duplicates} <= {r["sources"][0] for r in kept}
    assert {copy.source for copy in duplicates} == set(sources) - {r["sources"][0] for r in kept}


@given(logs())
@settings(deadline=None, max_examples=120)
def test_a_second_look_finds_nothing_more(rows: list[Row]) -> None:
    kept, _ = merge_duplicates(rows)
    again, more = merge_duplicates(kept)
    assert more == []
    assert plain(again) == plain(kept)


@given(logs(), st.data())
@settings(deadline=None, max_examples=120)
def test_copies_of_any_files_change_nothing(rows: list[Row], data: st.DataObject) -> None:
    """Byte for byte the same, in another folder: what counts is as it was, to the last value."""
    picked = [r for r in rows if data.draw(st.booleans())]
    copies = [r | {"sources": (f"zz copies/{r['sources'][0]}",)} for r in picked]
    kept, duplicates = merge_duplicates(rows)
    again, set_aside = merge_duplicates([*rows, *copies])
    assert len(set_aside) == len(duplicates) + len(copies)
    untold = {"sources": "", "filled_from": ""}
    assert [r | untold for r in plain(again)] == [r | untold for r in plain(kept)]


def test_one_file_name_in_a_thousand_folders() -> None:
    """Each is compared with its neighbours in time and not with all of its name."""
    asked = 0

    class Counted(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            nonlocal asked
            asked += key == "sport"
            return super().__getitem__(key)

    rows = [watch(f"{n}/activity.fit", later(86_400.0 * n)) for n in range(1000)]
    assert len(merge_duplicates([Counted(row) for row in rows])[0]) == 1000
    assert asked < 4000
