"""Apple Health's export through the whole import: joined, counted once, packed in any way."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks import apple_export

import kneewatch as kw
from kneewatch import ingest as importing
from kneewatch.cache import info
from kneewatch.config import Config
from kneewatch.ingest import Ingested, ingest
from kneewatch.metrics.duplicates import merge_duplicates
from kneewatch.model import FileResult, Source, Streamed
from kneewatch.readers import wanted
from kneewatch.report import payload
from kneewatch.sources import archives, find, walk

CONFIG = Config(home_timezone="America/New_York")
KINDS = len(apple_export.KINDS)
LONG_AGO = (1.7e9, 1.7e9)


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One workout of each kind, with their routes."""
    return apple_export.write(tmp_path_factory.mktemp("phone"), 600_000, KINDS)


@pytest.fixture(scope="module")
def log(export: Path) -> Ingested:
    return ingest([export], CONFIG, jobs=1)


def age(folder: Path) -> Path:
    """Old enough to be remembered."""
    for file in folder.rglob("*"):
        os.utime(file, LONG_AGO)
    return folder


def rows_of(log: Ingested, number: int) -> list[dict[str, Any]]:
    """Rows that hold the workout of that number in the file, or a leg of it."""
    name = re.compile(rf".*/export\.xml workout {number}( leg \d)?")
    return [row for row in log.rows if any(map(name.fullmatch, row["sources"]))]


# What is found ---------------------------------------------------------------------------------


def test_the_accounts_add_up(log: Ingested) -> None:
    expected = apple_export.tally(KINDS)
    tally = log.tally
    assert tally.runs == expected["runs"]
    assert tally.other_activities == expected["others"]
    assert len(tally.duplicates) == expected["duplicates"]
    assert (tally.unreadable, tally.problems) == (0, ())
    assert {item.source.rpartition("/")[2] for item in tally.not_activities} == {
        "export_cda.xml",
        "ecg_2024-01-05.csv",
    }
    beyond = sum(1 for row in log.rows if " workout " in row["sources"][0])
    workouts = sum(" workout " in source for row in log.rows for source in row["sources"])
    assert beyond > 0
    assert tally.entries == tally.files - 1 + workouts


def test_a_route_and_its_workout_are_one_run(log: Ingested) -> None:
    [row] = rows_of(log, 1)
    assert row["sources"][0].endswith("workout-routes/route_2025-09-06_07.30am.gpx")
    assert (row["sport"], row["assumed"]) == ("running", "")
    assert row["local_start"] == "2025-09-06T07:00:13"
    assert row["distance_m"] == pytest.approx(5400, rel=0.01)


def test_a_route_is_of_the_sport_of_its_workout(log: Ingested) -> None:
    # By their speed alone all of them were runs.
    sports = {number: rows_of(log, number)[0]["sport"] for number in (8, 10, 14)}
    assert sports == {8: "walking", 10: "cycling", 14: "cycling"}


def test_a_copy_of_another_app_counts_once(log: Ingested) -> None:
    [row], [copied] = rows_of(log, 2), rows_of(log, 3)
    assert row is copied
    assert len(row["sources"]) == 3


def test_two_runs_of_a_day_count_twice(log: Ingested) -> None:
    [morning], [evening] = rows_of(log, 6), rows_of(log, 7)
    assert morning["id"] != evening["id"]
    assert morning["local_date"] == evening["local_date"]
    assert morning["distance_m"] == pytest.approx(evening["distance_m"])


def test_a_run_in_two_routes_is_one_run(log: Ingested) -> None:
    [row] = rows_of(log, 5)
    assert len(row["sources"]) == 3
    assert row["distance_m"] == pytest.approx(1980 * 3, rel=0.01)
    assert (row["moving_s"], row["elapsed_s"], row["paused_s"]) == (1980, 2580, 600)


def test_workouts_without_a_route_count_by_themselves(log: Ingested) -> None:
    [treadmill], [bare] = rows_of(log, 4), rows_of(log, 11)
    assert (treadmill["sport"], treadmill["surface"]) == ("running", "treadmill")
    assert (treadmill["distance_m"], treadmill["steps"]) == (5760, 5280)
    assert (bare["sport"], bare["distance_m"], bare["moving_s"]) == ("running", None, 2280)


def test_of_a_triathlon_the_last_leg_is_the_run(log: Ingested) -> None:
    assert [row["sport"] for row in rows_of(log, 13)] == [
        "swimming",
        "transition",
        "cycling",
        "transition",
        "running",
    ]


def workout(by: str, start: str, end: str, km: float) -> str:
    day = "2025-01-05"
    return (
        f'<Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="30"'
        f' durationUnit="min" totalDistance="{km}" totalDistanceUnit="km" sourceName="{by}"'
        f' startDate="{day} {start} +0100" endDate="{day} {end} +0100"/>'
    )


@pytest.mark.parametrize(
    ("second", "runs"),
    [
        (workout("Strava", "08:00:00", "08:30:00", 5.0), 1),
        (workout("Nike Run Club", "08:00:40", "08:30:10", 5.1), 1),
        (workout("Watch", "08:00:00", "08:30:00", 5.0), 1),  # the same to the letter
        (workout("Watch", "18:00:00", "18:30:00", 5.0), 2),
        (workout("Strava", "18:00:00", "18:30:00", 5.0), 2),
    ],
)
def test_copies_without_a_route_count_once_and_a_double_day_twice(
    tmp_path: Path, second: str, runs: int
) -> None:
    first = workout("Watch", "08:00:00", "08:30:00", 5.0)
    (tmp_path / "Exportieren.xml").write_text(f"<HealthData>{first}{second}</HealthData>", "utf-8")
    found = ingest([tmp_path], CONFIG, jobs=1)
    assert found.tally.runs == runs
    assert found.tally.entries == 2


def test_workouts_are_no_rows_of_one_table(log: Ingested) -> None:
    """The helper that keeps rows of one table apart must not keep a copy from its run."""
    [row] = rows_of(log, 4)
    copy = row | {
        "id": "copy",
        "sources": (row["sources"][0].replace("workout 4", "workout 99"),),
        "device": "Strava",
    }
    kept, duplicates = merge_duplicates([row, copy])
    assert (len(kept), len(duplicates)) == (1, 1)


def test_the_next_export_adds_nothing(export: Path, tmp_path: Path, log: Ingested) -> None:
    later = tmp_path / "later"
    shutil.copytree(export, later)
    [xml] = later.rglob("export.xml")
    text = xml.read_text("utf-8")
    # The phone's clock has gone back meanwhile, and it writes its device by another number.
    assert " +0200" in text
    xml.write_text(text.replace("0x282a45810", "0x1"), "utf-8")
    both = ingest([export, later], CONFIG, jobs=1)
    assert both.tally.runs == log.tally.runs
    assert both.tally.other_activities == log.tally.other_activities


# However it is packed --------------------------------------------------------------------------


def packings(export: Path, folder: Path) -> Iterator[Path]:
    zipped = folder / "zip" / "export.zip"
    zipped.parent.mkdir(parents=True)
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(export.rglob("*")):
            archive.write(file, file.relative_to(export))
    yield zipped.parent
    nested = folder / "nested" / "backup.zip"
    nested.parent.mkdir()
    with zipfile.ZipFile(nested, "w") as archive:
        archive.write(zipped, "phone/export.zip")
    yield nested.parent
    packed = folder / "gz"
    shutil.copytree(export, packed)
    [xml] = packed.rglob("export.xml")
    Path(f"{xml}.gz").write_bytes(gzip.compress(xml.read_bytes()))
    xml.unlink()
    yield packed


def test_however_it_is_packed_the_same_is_found(
    export: Path, log: Ingested, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [xml] = export.rglob("export.xml")
    # More than may be loaded, so that whoever loads it is found out.
    monkeypatch.setattr(archives, "MAX_BYTES", 500_000)
    assert xml.stat().st_size > archives.MAX_BYTES
    for folder in (export, *packings(export, tmp_path)):
        found = ingest([folder], CONFIG, jobs=2)
        assert found.tally.problems == ()
        assert found.tally.runs == log.tally.runs
        assert [row["id"] for row in found.rows] == [row["id"] for row in log.rows]
        assert [row["distance_m"] for row in found.rows] == [row["distance_m"] for row in log.rows]


def test_it_comes_in_pieces_with_the_digest_of_its_content(export: Path, tmp_path: Path) -> None:
    [xml] = export.rglob("export.xml")
    whole = Source("x", xml.read_bytes())
    for folder in (export, *packings(export, tmp_path)):
        count = 0
        for item in walk([folder], wanted):
            if isinstance(item, Streamed):
                count += 1
                assert item.head == whole.data[: len(item.head)]
                assert b"".join(item.pieces()) == whole.data
                assert item.digest == whole.digest
        assert count == 1


def test_the_digest_goes_through_what_nobody_has_asked_for() -> None:
    data = bytes(range(256)) * 100
    item = Streamed("x", data[:100], iter([data[100:5000], data[5000:]]))
    assert next(item.pieces()) == data[:100]
    assert item.digest == item.digest == Source("x", data).digest


@pytest.mark.parametrize("packing", ["gz", "zip"])
def test_of_damaged_packing_the_whole_workouts_count(
    export: Path, tmp_path: Path, packing: str
) -> None:
    [xml] = export.rglob("export.xml")
    # The workouts first, so that there is something to lose behind them.
    text = xml.read_text("utf-8")
    begin, end = text.index("<Workout w", text.index("]>")), text.rindex("</Workout>")
    records = text[text.index(" <Record") : begin]
    data = f"<HealthData>{text[begin:end]}</Workout>{records}</HealthData>".encode()
    assert len(records) > 100_000
    if packing == "gz":
        packed = gzip.compress(data, mtime=0)
        (tmp_path / "export.xml.gz").write_bytes(packed[: -len(packed) // 20])
    else:
        with zipfile.ZipFile(tmp_path / "e.zip", "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("export.xml", data)
        raw = bytearray((tmp_path / "e.zip").read_bytes())
        raw[len(data) - 50] ^= 1
        (tmp_path / "e.zip").write_bytes(raw)
    found = ingest([tmp_path], CONFIG, jobs=1)
    assert found.tally.runs + found.tally.other_activities >= KINDS
    [problem] = found.tally.problems
    assert "the export breaks off after" in problem.reason
    assert not problem.passing


# What is remembered ----------------------------------------------------------------------------


def test_a_second_import_reads_nothing(
    export: Path, tmp_path: Path, log: Ingested, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "log"
    shutil.copytree(export, folder)
    age(folder)
    names: list[str] = []
    real = importing.read_file

    def reading(source: Source | Streamed, *rest: Any) -> FileResult:
        names.append(source.name)
        return real(source, *rest)

    monkeypatch.setattr(importing, "read_file", reading)
    first = ingest([folder], CONFIG, jobs=1, cache=tmp_path / "cache")
    assert any(name.endswith("export.xml") for name in names)
    names.clear()
    second = ingest([folder], CONFIG, jobs=1, cache=tmp_path / "cache")
    assert names == []
    assert second.tally == first.tally
    for one, other in zip(first.rows, second.rows, strict=True):
        assert one.keys() == other.keys()
        assert all(np.array_equal(one[k], other[k]) or one[k] != one[k] for k in one)
    assert first.tally.runs == log.tally.runs


def test_what_has_moved_is_known_by_its_content(export: Path, tmp_path: Path) -> None:
    ingest([export], CONFIG, jobs=1, cache=tmp_path / "cache")
    known = info(tmp_path / "cache").results
    moved = tmp_path / "moved"
    shutil.copytree(export, moved)
    again = ingest([moved], CONFIG, jobs=1, cache=tmp_path / "cache")
    assert {row["sources"][0].partition("/")[0] for row in again.rows} == {"moved"}
    assert info(tmp_path / "cache").results == known


# The track, read again -------------------------------------------------------------------------


def test_the_track_of_an_old_run_is_read_from_the_export(export: Path, tmp_path: Path) -> None:
    for folder in (export, *packings(export, tmp_path)):
        log = kw.load(folder, cache=False, jobs=1)
        [run] = [row for row in log._ingested.rows if row["sources"][0].endswith("workout 9")]
        track = log.track(run["id"])
        assert len(track) == 2161
        assert track["lat_deg"].iloc[0] == pytest.approx(48.2)
        [bare] = [row for row in log._ingested.rows if row["sources"][0].endswith("workout 11")]
        assert log.track(bare["id"]).empty


def test_a_streamed_file_that_is_found_again_is_whole(export: Path) -> None:
    [xml] = export.rglob("export.xml")
    name = f"{export.name}/apple_health_export/export.xml"
    item = find([export], name, wanted)
    assert isinstance(item, Streamed)
    assert b"".join(item.pieces()) == xml.read_bytes()
    plain = find([export], name)
    assert isinstance(plain, Source)
    assert find([export], name + "x", wanted) is None


def test_the_lines_that_part_two_routes_do_so(export: Path, log: Ingested) -> None:
    """What ``kneewatch duplicates`` prints for a second route can be pasted."""
    [copy] = [copy for copy in log.tally.duplicates if copy.rule == "route"]
    assert copy.seen.local_start
    assert copy.kept_seen.local_start
    decided = tomllib.loads(payload.overriding(copy))["different"][0]["files"]
    found = ingest([export], replace(CONFIG, different=(tuple(decided),)), jobs=1)
    assert found.tally.problems == log.tally.problems
    assert not [copy for copy in found.tally.duplicates if copy.rule == "route"]
    assert len(found.rows) == len(log.rows) + 1
    assert {row["sources"][0] for row in found.rows} >= set(decided)
