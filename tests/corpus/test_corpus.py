"""Files that nobody here wrote: each ends as something, and what is known of them comes out."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from kneewatch.model import file_of

if TYPE_CHECKING:
    from conftest import RealLog

AT_LEAST_M = 500
"""A metre or two of rounding decides on less."""


def names(corpus: Path) -> set[str]:
    """All files, and in their stead the members of a zip."""
    found = set()
    for file in corpus.rglob("*"):
        name = f"corpus/{file.relative_to(corpus).as_posix()}"
        if file.suffix == ".zip":
            found |= {f"{name}!/{member}" for member in zipfile.ZipFile(file).namelist()}
        elif file.is_file():
            found.add(name)
    return found


# Nothing is lost -------------------------------------------------------------------------------


def test_every_file_ends_as_something(real_log: RealLog, corpus: Path) -> None:
    tally = real_log.ingested.tally
    said = {row["sources"][0] for row in real_log.rows}
    said |= {item.source for item in tally.problems}
    said |= {item.source for item in tally.not_activities}
    told = set(map(file_of, said))
    assert told == names(corpus)
    assert tally.files == len(told) >= 890


def test_no_reader_and_no_measure_raises(real_log: RealLog) -> None:
    reasons = [item.reason for item in real_log.ingested.tally.problems]
    assert len(reasons) >= 15
    assert not [reason for reason in reasons if "cannot be read (" in reason]
    assert not [reason for reason in reasons if "cannot be measured" in reason]


def test_the_accounts_add_up(real_log: RealLog) -> None:
    found, tally = real_log.ingested, real_log.ingested.tally
    assert len(found.rows) == tally.runs + tally.other_activities
    assert len(real_log.rows) == len(found.rows) + len(tally.duplicates)
    assert tally.entries == len(real_log.rows) + len(tally.not_activities) + tally.unreadable
    # Entries are files, and what a file has beyond its first.
    apart = {item.source for item in (*tally.problems, *tally.not_activities)}
    apart -= {row["sources"][0] for row in real_log.rows}
    entries = [row["sources"][0] for row in real_log.rows] + sorted(apart)
    assert tally.entries == len(entries)
    files = set(map(file_of, entries))
    assert tally.entries == tally.files + len(entries) - len(files)


def test_each_duplicate_names_what_counts(real_log: RealLog) -> None:
    kept = {source for row in real_log.ingested.rows for source in row["sources"]}
    duplicates = real_log.ingested.tally.duplicates
    assert len(duplicates) >= 5
    for copy in duplicates:
        assert {copy.source, copy.kept} <= kept
    starts = [(row["start"], row["id"]) for row in real_log.ingested.rows]
    assert starts == sorted(starts)
    assert len(set(starts)) == len(starts)


LIKELY = {
    # a part or a time in common: what was set aside, and what counts
    "cerknicko-without-times.gpx": "cerknicko-jezero.gpx",
    "activity_5039744860.gpx": "2020-06-01-16-52-40.fit",  # the web site's and the watch's
    "36bb9510-27b3-4c13-9d68-55b59af24ec3.gpx.gz": "2020-12-02T06_08_29-300_Running.tcx",
    "f5bda6ea-d83c-466d-9ced-c480d4b02073.gpx.gz": "2020-12-13T07_25_55-300_Running.tcx",
    "16aebccf-cf92-4b85-bf64-b7d2d219396b.gpx.gz": "examples__11km.tcx.gz",
}


def test_what_is_likely_one_is_one(real_log: RealLog) -> None:
    """Looked at by hand: phone beside watch, and files cut short; no two strangers' runs."""
    likely = {
        copy.source.rpartition("/")[2].rpartition("__")[2]: copy.kept.rpartition("__")[2]
        for copy in real_log.ingested.tally.duplicates
        if copy.rule not in ("content", "start", "key", "index")
    }
    kept = {name: found.rpartition("/")[2] for name, found in likely.items()}
    assert kept == {name: found.removeprefix("examples__") for name, found in LIKELY.items()}


def test_what_shares_a_key_or_is_named_is_one(real_log: RealLog) -> None:
    """A track that OpenTracks wrote twice, and Apple's route beside its workout."""
    sure = {
        copy.source.rpartition("__")[2].rpartition("/")[2]: copy.kept.rpartition("__")[2]
        for copy in real_log.ingested.tally.duplicates
        if copy.rule in ("key", "index")
    }
    assert sure["gpx_timezone.gpx"] == "legacy_gpx_pause_resume.gpx"
    assert "route_2019-06-11_3.00pm.gpx" in sure or any("workout" in name for name in sure)


@pytest.mark.parametrize("part", ["/watch_2013_2017/", "/other_sports_sample/"])
def test_years_of_one_watch_have_no_duplicates(real_log: RealLog, part: str) -> None:
    assert not [copy for copy in real_log.ingested.tally.duplicates if part in copy.source]


def test_one_watch_with_a_wrong_clock_has_two_runs(real_log: RealLog) -> None:
    """Nine days apart by its counter, at one time by what it called local time."""
    kept = {source for row in real_log.ingested.rows for source in row["sources"][:1]}
    for name in ("antfs-dump.63.fit", "compressed-speed-distance.fit"):
        assert [source for source in kept if source.endswith(name)]


def test_two_places_at_once_are_two_people(real_log: RealLog) -> None:
    asked = [item for item in real_log.ingested.tally.assumptions if "two people" in item.reason]
    assert {"701583.fit.gz", "704913.fit.gz", "15447840.fit.gz"} <= {
        name.rpartition("/")[2]
        for item in asked
        for name in (item.source, item.reason.partition(" as ")[2].partition(",")[0])
    }


# The parts of the corpus -----------------------------------------------------------------------


def test_other_sports_are_no_runs(real_log: RealLog) -> None:
    rows = real_log.of("/other_sports_sample/")
    assert len(rows) == 31
    assert real_log.runs("/other_sports_sample/") == []
    assert not [row for row in rows if row["sport"] == "unknown"]


def test_the_watchs_log_is_runs(real_log: RealLog) -> None:
    files = {row["sources"][0] for row in real_log.of("/watch_2013_2017/")}
    assert len(files) == 635
    assert len(real_log.runs("/watch_2013_2017/")) == 636
    kept = [row for row in real_log.ingested.rows if "/watch_2013_2017/" in row["sources"][0]]
    assert sum(row["sport"] == "running" for row in kept) >= 630
    assert real_log.problems("/watch_2013_2017/") == []
    assert {row["day_from"] for row in real_log.of("/watch_2013_2017/")} == {"file"}


def test_hikes_in_zips_are_no_runs(real_log: RealLog) -> None:
    rows = real_log.of("/zip_download/")
    assert len(rows) == 12
    assert all("!/" in row["sources"][0] for row in rows)
    assert real_log.runs("/zip_download/") == []


def test_phone_runs_know_no_descent(real_log: RealLog) -> None:
    """The app writes into ``ele`` the change since the last point: centimetres, never a height."""
    rows = real_log.of("/phone_gpx_no_elevation/")
    assert len(rows) == 68
    runs = real_log.runs("/phone_gpx_no_elevation/")
    # One was left running for a day, and names no sport.
    assert len(runs) == 67
    assert {row["altitude_source"] for row in runs} == {"none"}
    assert not [row for row in runs if "descent_m" in row or "steep_down_m" in row]
    assert {row["distance_source"] for row in runs} == {"gps"}


# Distance --------------------------------------------------------------------------------------


def shares(real_log: RealLog, sources: set[str]) -> dict[str, float]:
    """Ours over the device's own total, of every run that has a track and a total."""
    return {
        row["sources"][0]: row["track_m"] / row["device_distance_m"]
        for row in real_log.runs()
        if (row["device_distance_m"] or 0) >= AT_LEAST_M
        and row["track_source"] in sources
        and row["points"] >= 2
    }


@pytest.mark.parametrize(
    "sources", [{"track"}, {"track", "gps"}], ids=["own distance", "with ours from positions"]
)
def test_distance_is_the_devices(real_log: RealLog, sources: set[str]) -> None:
    found = shares(real_log, sources)
    close = [name for name, share in found.items() if abs(share - 1) <= 0.005]
    print(f"{len(close)} of {len(found)} runs within 0.5 %: {len(close) / len(found):.2%}")  # noqa: T201
    assert len(found) >= 640
    assert len(close) >= 0.99 * len(found)
    # The watch went out and lost two hours; in two it counted on while it was stopped; of one
    # phone's file most bytes are damaged, and of another's run all but two points were cut out.
    assert {name.rpartition("/")[2] for name in found.keys() - set(close)} <= {
        "682050.fit.gz",
        "711229.fit.gz",
        "689075.fit.gz",
        "export.xml workout 1",
        "tests__files__strava-android-app-201.10-b1218918.fit",
    }


def test_a_run_counts_by_the_devices_total(real_log: RealLog) -> None:
    for row in real_log.runs():
        if (row["device_distance_m"] or 0) > 0:
            assert row["distance_m"] == row["device_distance_m"], row["sources"]
            assert row["distance_source"] == "device"


def test_the_way_between_positions_is_near_the_devices(real_log: RealLog) -> None:
    """The watch's own distance against ours from its positions, in another format."""
    own = {row["start"]: row["distance_m"] for row in real_log.of("/fit/GoldenCheetah/")}
    ratios = [
        row["distance_m"] / own[row["start"]]
        for row in real_log.of("/gpx/GoldenCheetah/")
        if own.get(row["start"], 0) > 10_000
    ]
    assert len(ratios) == 4
    assert np.all(np.abs(np.array(ratios) - 1) <= 0.05)


# Single files ----------------------------------------------------------------------------------


def test_of_a_damaged_recording_what_decodes_is_kept(real_log: RealLog) -> None:
    [row] = real_log.of("strava-android-app")
    # Everybody else's reader ends after 473.
    assert row["points"] >= 5329
    assert (row["sport"], row["distance_m"]) == ("running", 11274.04)
    [problem] = real_log.problems("strava-android-app")
    assert problem == (
        "399 of 78,233 bytes (1 %) cannot be decoded; "
        "5,329 records kept, 16 implausible ones dropped"
    )


def test_a_triathlon_of_five_files_in_one(real_log: RealLog) -> None:
    rows = sorted(real_log.of("sample_mulitple_header"), key=lambda row: row["start"])
    assert [row["sport"] for row in rows] == [
        "swimming",
        "transition",
        "cycling",
        "transition",
        "running",
    ]
    run = rows[-1]
    assert run["distance_m"] == 9805.92
    assert run["track_m"] == pytest.approx(9805.92, rel=0.005)
    assert run["points"] == 518
    assert run["device_descent_m"] == 2
    assert run["local_date"] == "2018-05-27"


def test_a_multisport_day_has_two_runs(real_log: RealLog) -> None:
    rows = real_log.of("activity-large-fenxi2-multisport")
    assert len(rows) == 7
    runs = [row for row in rows if row["sport"] == "running"]
    assert sorted(row["distance_m"] for row in runs) == [2245.23, 12740.37]
    assert sorted(row["device_descent_m"] for row in runs) == [0, 802]
    for row in runs:
        assert row["track_m"] == pytest.approx(row["distance_m"], rel=0.005)


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("antfs-dump.63.fit", "2012-02-13T11:23:51"),
        ("compressed-speed-distance.fit", "2012-02-13T11:16:16"),
    ],
)
def test_a_watch_without_satellites_has_its_wall_clock(
    real_log: RealLog, name: str, local: str
) -> None:
    [row] = real_log.runs(name)
    assert (row["local_start"], row["day_from"]) == (local, "file")
    # Berlin, where this runner was not, is taken for home: an hour ahead in winter.
    assert row["start"] == datetime.fromisoformat(local).replace(hour=10, tzinfo=UTC)


def test_distances_that_are_packed_with_speeds_add_up(real_log: RealLog) -> None:
    [row] = real_log.runs("compressed-speed-distance.fit")
    assert row["device_distance_m"] == 10248.67
    assert row["track_m"] == pytest.approx(10248.67, rel=0.001)


KEPT_IN_PART = {
    # rows, and what is said
    "activity-filecrc.fit": (3, "the checksum is wrong; 14 records kept"),
    "activity-unexpected-eof.fit": (
        1,
        "the file ends early, 3 of its 771 bytes (0 %) are missing; 14 records kept",
    ),
    "activity-settings-corruptheader.fit": (
        1,
        "83 bytes after its end cannot be decoded; 14 records kept",
    ),
    "nick.fit": (1, "the last 19 of 403,456 bytes (0 %) cannot be decoded; 14,391 records kept"),
    "tcx__malformed.tcx": (1, "mended: undeclared prefix xsi"),
    "DeveloperData.fit": (0, "a FIT file without a session and without a dated record"),
    "cerknicko-without-times.gpx": (1, "mended: 291 points without a time left out"),
    "allermuir-hill-race.gpx": (
        0,
        "a GPX track of 826 points without times cannot be a run",
    ),
    "Mojstrovka.gpx": (0, "its clock was wrong: 1901-12-13"),
    "pmdata_runs_flat.csv": (
        0,
        "a table of 15 people (p01, p02, p03, ...): give each a folder of its own",
    ),
}


@pytest.mark.parametrize("name", KEPT_IN_PART)
def test_what_is_kept_and_what_is_said(real_log: RealLog, name: str) -> None:
    rows, problem = KEPT_IN_PART[name]
    assert len(real_log.of(name)) == rows
    assert set(real_log.problems(name)) == ({problem} if problem else set())


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("MonitoringFile.fit", "a FIT file of type monitoring_b"),
        ("Settings.fit", "a FIT file of type settings"),
        ("WeightScaleSingleUser.fit", "a FIT file of type weight"),
        ("WorkoutRepeatSteps.fit", "a FIT file of type workout"),
        ("testcourse.tcx.gz", "a TCX file with a course in it"),
        ("testcourse.gpx", "a GPX file without a track: routes or waypoints"),
        ("test_files__route.gpx", "a GPX file without a track: routes or waypoints"),
        ("unicode_with_bom.gpx", "a GPX file without a track: routes or waypoints"),
    ],
)
def test_what_is_no_activity_says_what_it_is(real_log: RealLog, name: str, reason: str) -> None:
    assert set(real_log.not_activities(name)) == {reason}
    assert real_log.of(name) == []
    assert real_log.problems(name) == []


def test_a_recording_in_two_formats_counts_once(real_log: RealLog) -> None:
    [run] = [row for row in real_log.ingested.rows if "testdata.tcx" in str(row["sources"])]
    assert sorted(Path(source).name for source in run["sources"]) == [
        "tests__testdata.gpx",
        "tests__testdata.tcx",
    ]


def test_a_mended_file_is_read_to_its_end(real_log: RealLog) -> None:
    """The same run as in ``sample.tcx``, with a prefix that nobody declared."""
    [mended], [sound] = real_log.of("malformed.tcx"), real_log.of("examples__sample.tcx")
    for name in ("distance_m", "track_m", "start"):
        assert mended[name] == sound[name] or mended[name] == pytest.approx(sound[name]), name
    # It has one point of a time alone that the other has not.
    assert mended["points"] == sound["points"] + 1 == 384


def test_the_offset_of_a_time_is_the_runners(real_log: RealLog) -> None:
    [row] = real_log.of("gpx_timezone.gpx")
    assert row["local_start"] == "2021-01-07T21:51:59"
    assert row["start"].replace(microsecond=0) == datetime(2021, 1, 7, 20, 36, 59, tzinfo=UTC)


def test_tcx_other_is_no_run(real_log: RealLog) -> None:
    rows = real_log.of("sup_activity_1.tcx") + real_log.of("cross-country-skiing_activity_1.tcx")
    assert [row["sport"] for row in rows] == ["generic"] * 3
