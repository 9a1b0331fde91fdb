from __future__ import annotations

import gzip
import io
import multiprocessing
import os
import random
import signal
import sys
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fit_encoder import FitWriter

from kneewatch import workers
from kneewatch.config import Config
from kneewatch.ingest import Ingested, Window, ingest, read_file
from kneewatch.ingest.window import OLDEST
from kneewatch.metrics import exposure as module
from kneewatch.model import Problem, Recording, Source
from kneewatch.readers import fit, read
from kneewatch.readers import gpx as gpx_reader

START = datetime(2025, 3, 1, 7, 0, 0, tzinfo=UTC)
CONFIG = Config(home_timezone="Europe/Berlin")
Row = dict[str, Any]


def legs(*sports: str, begin: datetime = START, step: float = 5.0) -> bytes:
    """A FIT file with ten minutes at 3 m/s for each sport."""
    who = {"type": "activity", "manufacturer": "garmin", "time_created": begin}
    to = FitWriter().message("file_id", who)
    for index, sport in enumerate(sports):
        start = begin + timedelta(seconds=700 * index)
        for second in range(0, 600, int(step)):
            when = start + timedelta(seconds=second)
            to.message("record", {"timestamp": when, "distance": 3.0 * second + 5000 * index})
        to.message(
            "session",
            {
                "start_time": start,
                "timestamp": start + timedelta(seconds=600),
                "sport": sport,
                "total_elapsed_time": 600,
                "total_timer_time": 600,
                "total_distance": 1800,
            },
        )
    return to.to_bytes()


def gpx(begin: datetime, kind: str = "running", segment: str = "") -> bytes:
    points = "".join(
        f'<trkpt lat="{48 + second * 3 / 111_195:.7f}" lon="11.5">'
        f"<time>{(begin + timedelta(seconds=second)).isoformat()}</time></trkpt>"
        for second in range(0, 900, 5)
    )
    return (
        f'<gpx version="1.1"><trk><type>{kind}</type><trkseg>{points}</trkseg></trk>{segment}</gpx>'
    ).encode()


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return out.getvalue()


TABLE = (
    "Date,Activity Type,Distance (km),Duration,Filename\n"
    "2025-03-21 08:00:00,Running,5.0,00:30:00,\n"
    "2025-03-22 08:00:00,Cycling,25.0,01:00:00,\n"
    "2025-03-23 08:00:00,Running,quite far,no idea,\n"
)


def write(folder: Path) -> Path:
    """One file of each fate."""
    folder.mkdir(exist_ok=True)
    files = {
        "run.fit": legs("running"),
        "again.fit.gz": gzip.compress(legs("running")),
        "triathlon.fit": legs("swimming", "cycling", "running", begin=day(1)),
        "walk.gpx": gpx(day(2), "walking"),
        "phone.gpx": gpx(day(3)),
        "settings.fit": FitWriter().message("file_id", {"type": 2}).to_bytes(),
        "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(99),
        "untimed.gpx": b'<gpx><trk><trkseg><trkpt lat="48" lon="11"/></trkseg></trk></gpx>',
        "cut.fit": legs("running", begin=day(4))[:900],
        "broken.fit": b"\x0e\x10\x01\x02\0\0\0\0.FIT",
        "log.csv": TABLE.encode(),
        "old.gpx": gpx(datetime(1901, 12, 13, 20, 45, tzinfo=UTC)),
        "future.gpx": gpx(datetime(2090, 1, 1, tzinfo=UTC)),
        "e.zip": zipped(a_gpx=gpx(day(5)), b_fit=legs("running", begin=day(6)), c_txt=b"read me"),
        "bad.zip": b"PK\x03\x04" + bytes(50),
        "half.gpx.gz": gzip.compress(gpx(day(7)))[:-20],
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("log") / "export")


@pytest.fixture(scope="module")
def log(tree: Path) -> Ingested:
    return ingest([tree], CONFIG, jobs=1)


def same(value: Any, other: Any) -> bool:
    if isinstance(value, np.ndarray):
        return bool(np.array_equal(value, other, equal_nan=True))
    return value == other or (value != value and other != other)


def assert_identical(rows: Sequence[Row], others: Sequence[Row]) -> None:
    assert len(rows) == len(others)
    for row, other in zip(rows, others, strict=True):
        assert row.keys() == other.keys()
        assert [name for name in row if not same(row[name], other[name])] == []


def accounts_add_up(found: Ingested) -> None:
    """Each entry has one fate, and each file at least one entry."""
    tally = found.tally
    assert tally.entries == (
        tally.runs
        + tally.other_activities
        + len(tally.duplicates)
        + len(tally.not_activities)
        + tally.unreadable
    )
    assert tally.runs + tally.other_activities == len(found.rows)
    assert tally.entries >= tally.files


# The accounts ----------------------------------------------------------------------------------


def test_each_file_has_its_fate(log: Ingested) -> None:
    tally = log.tally
    accounts_add_up(log)
    runs = {row["sources"][0] for row in log.rows if row["sport"] == "running"}
    assert {name.removeprefix("export/") for name in runs} == {
        "again.fit.gz",  # the same as run.fit, and first by its name
        "triathlon.fit",
        "phone.gpx",
        "cut.fit",
        "e.zip!/a.gpx",
        "e.zip!/b.fit",
        "half.gpx.gz",
        "log.csv row 2",
    }
    assert (tally.runs, tally.other_activities) == (8, 4)  # a swim, two rides, a walk
    [copy] = tally.duplicates
    assert (copy.source, copy.kept) == ("export/run.fit", "export/again.fit.gz")
    assert {item.source for item in tally.not_activities} == {
        "export/settings.fit",
        "export/picture.png",
        "export/e.zip!/c.txt",
    }
    assert {item.source for item in tally.problems} == {
        "export/untimed.gpx",
        "export/cut.fit",  # kept, but not whole
        "export/half.gpx.gz",  # as well
        "export/broken.fit",
        "export/log.csv row 4",
        "export/old.gpx",
        "export/future.gpx",
        "export/bad.zip",
    }
    assert tally.unreadable == 6
    # 15 files and a zip of three; the triathlon adds two entries, the table two.
    assert tally.files == 18
    assert tally.entries == 18 + 2 + 2


def test_what_is_said_names_no_home(log: Ingested) -> None:
    said = repr(log.tally) + "".join(str(row["sources"]) for row in log.rows)
    assert "export/" in said
    assert str(Path.home()) not in said
    assert "pytest" not in said


def test_a_clock_that_was_never_set_is_a_problem(log: Ingested) -> None:
    said = {item.source: item.reason for item in log.tally.problems}
    assert said["export/old.gpx"] == "its clock was wrong: 1901-12-13"
    assert said["export/future.gpx"] == "its clock was wrong: 2090-01-01"
    years = {row["start"].year for row in log.rows}
    assert years == {2025}


def test_other_sports_never_count_as_runs(log: Ingested) -> None:
    sports = sorted(row["sport"] for row in log.rows if row["sport"] != "running")
    assert sports == ["cycling", "cycling", "swimming", "walking"]
    runs = [row for row in log.rows if row["sport"] == "running"]
    assert sum(row["distance_m"] for row in runs if "triathlon" in row["sources"][0]) == 1800


@pytest.mark.parametrize(
    "order",
    [
        ("run.fit", "again.fit.gz", "log.csv", "e.zip", "triathlon.fit", "phone.gpx"),
        ("again.fit.gz", "phone.gpx", "triathlon.fit", "e.zip", "log.csv", "run.fit"),
    ],
)
def test_the_order_of_the_files_changes_nothing(tree: Path, order: tuple[str, ...]) -> None:
    plain = ingest([tree / name for name in sorted(order)], CONFIG, jobs=1)
    other = ingest([tree / name for name in order], CONFIG, jobs=1)
    assert_identical(plain.rows, other.rows)
    assert set(plain.tally.duplicates) == set(other.tally.duplicates)


def test_no_shuffling_changes_anything(tree: Path, log: Ingested) -> None:
    files = sorted(tree.iterdir())
    alone = ingest(files, CONFIG, jobs=1)
    assert alone.tally.entries == log.tally.entries
    for seed in range(5):
        random.Random(seed).shuffle(files)
        other = ingest(files, CONFIG, jobs=1)
        assert_identical(alone.rows, other.rows)
        assert set(alone.tally.problems) == set(other.tally.problems)
        assert other.tally.entries == log.tally.entries


def test_two_processes_give_what_one_gives(tree: Path, log: Ingested) -> None:
    other = ingest([tree], CONFIG, jobs=2)
    assert_identical(log.rows, other.rows)
    assert log.tally == other.tally


def test_progress_counts_each_file(tree: Path) -> None:
    told: list[tuple[int, str]] = []
    ingest([tree], CONFIG, jobs=1, progress=lambda count, total, name: told.append((count, name)))
    assert [count for count, _ in told] == list(range(1, len(told) + 1))
    assert {name for _, name in told} >= {"export/run.fit", "export/e.zip!/a.gpx"}


def test_nothing_gives_nothing(tmp_path: Path) -> None:
    found = ingest([tmp_path], CONFIG)
    assert found.rows == ()
    assert (found.tally.files, found.tally.entries) == (0, 0)


# Duplicates ------------------------------------------------------------------------------------


def test_the_same_file_twice_is_one_run(tmp_path: Path) -> None:
    data = legs("running")
    for name in ("a/1.fit", "b/2.fit", "c/1.fit"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(data)
    found = ingest([tmp_path], CONFIG)
    assert (found.tally.runs, len(found.tally.duplicates), found.tally.entries) == (1, 2, 3)
    assert {copy.reason for copy in found.tally.duplicates} == {"the same content twice"}
    [row] = found.rows
    assert len(row["sources"]) == 3


def test_a_triathlon_twice_is_one_triathlon(tmp_path: Path) -> None:
    data = legs("swimming", "cycling", "running")
    (tmp_path / "1.fit").write_bytes(data)
    (tmp_path / "2.fit").write_bytes(data)
    found = ingest([tmp_path], CONFIG)
    tally = found.tally
    assert (tally.runs, tally.other_activities, len(tally.duplicates)) == (1, 2, 3)
    assert sum(row["distance_m"] for row in found.rows) == 3 * 1800


def test_the_row_of_an_index_and_its_file_are_one_run(tmp_path: Path) -> None:
    (tmp_path / "activities").mkdir()
    (tmp_path / "activities" / "77.fit.gz").write_bytes(gzip.compress(legs("running")))
    (tmp_path / "activities.csv").write_text(
        "Activity ID,Activity Date,Activity Name,Activity Type,Elapsed Time,Distance,Filename,"
        "Activity Gear\n"
        '77,"Mar 1, 2025, 7:00:00 AM",Early one,Run,600,1.80,activities/77.fit.gz,Old Shoe\n'
        '78,"Mar 2, 2025, 7:00:00 AM",Late one,Run,1200,3.60,,\n',
        "utf-8",
    )
    found = ingest([tmp_path], CONFIG)
    tally = found.tally
    assert (tally.runs, tally.files, tally.entries) == (2, 2, 3)
    [copy] = tally.duplicates
    assert copy.reason == "the index of this file"
    assert copy.kept.endswith("activities/77.fit.gz")
    first = found.rows[0]
    assert (first["name"], first["shoe"]) == ("Early one", "Old Shoe")
    assert first["heart_rate_histogram_s"] is not None


# Failures --------------------------------------------------------------------------------------


def test_a_reader_that_raises_costs_its_own_file_alone(
    tree: Path, log: Ingested, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fit.read

    def broken(source: Source) -> Iterator[object]:
        if source.name.endswith("triathlon.fit"):
            raise ZeroDivisionError("by a\nzero")
        yield from real(source)

    monkeypatch.setattr(fit, "read", broken)
    found = ingest([tree], CONFIG, jobs=1)
    accounts_add_up(found)
    problem = Problem("export/triathlon.fit", "cannot be read (ZeroDivisionError: by a zero)")
    assert set(found.tally.problems) - set(log.tally.problems) == {problem}
    assert found.tally.runs == log.tally.runs - 1
    assert found.tally.other_activities == log.tally.other_activities - 2
    assert found.tally.entries == log.tally.entries - 2


def test_a_track_that_cannot_be_measured_costs_itself_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = module.expose

    def broken(recording: Recording, home: str | None, where: Any) -> Row:
        if recording.activity.sport == "cycling":
            raise ValueError("strange")
        return real(recording, home, where)

    monkeypatch.setattr(module, "expose", broken)
    result = read_file(Source("t.fit", legs("swimming", "cycling", "running")), CONFIG)
    assert [row["sport"] for row in result.rows] == ["swimming", "running"]
    assert result.problems == (Problem("t.fit", "cannot be measured (ValueError: strange)"),)
    assert result.lost == 1


def test_a_leg_with_a_wrong_clock_is_an_entry_of_its_own(tmp_path: Path) -> None:
    old = gpx(datetime(1985, 1, 1, tzinfo=UTC)).decode().removeprefix('<gpx version="1.1">')
    data = gpx(START, segment=old.removesuffix("</gpx>"))
    assert len(list(read(Source("1.gpx", data)))) == 2
    (tmp_path / "1.gpx").write_bytes(data)
    tally = ingest([tmp_path], CONFIG).tally
    assert (tally.files, tally.runs, tally.unreadable, tally.entries) == (1, 1, 1, 2)
    assert [item.reason for item in tally.problems] == ["its clock was wrong: 1985-01-01"]


BARE = b'<gpx><trk><name>A & B</name><trkseg><trkpt lat="1" lon="1"/></trkseg></trk></gpx>'


@pytest.mark.parametrize(
    ("name", "data"),
    [
        # Two problems each: of the file and of what packs it, of the times and of what was mended.
        ("1.fit.gz", gzip.compress(b"\x0e\x10\0\0\1\0\0\0.FIT" + bytes(50), mtime=0)[:-6]),
        ("1.gpx", BARE),
    ],
)
def test_a_file_with_two_problems_is_one_entry(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    tally = ingest([tmp_path], CONFIG).tally
    assert len(tally.problems) == 2
    assert (tally.files, tally.entries, tally.unreadable) == (1, 1, 1)


def test_settings_in_a_damaged_gz_are_one_entry(tmp_path: Path) -> None:
    settings = FitWriter().message("file_id", {"type": 2}).to_bytes()
    (tmp_path / "1.fit.gz").write_bytes(gzip.compress(settings)[:-6])
    tally = ingest([tmp_path], CONFIG).tally
    assert (tally.files, tally.entries, len(tally.not_activities)) == (1, 1, 1)
    assert len(tally.problems) == 1


def test_two_folders_of_one_name_keep_their_accounts_apart(tmp_path: Path) -> None:
    for index, name in enumerate(("old", "new")):
        (tmp_path / name / "export").mkdir(parents=True)
        (tmp_path / name / "export" / "1.fit").write_bytes(legs("running", begin=day(index)))
    (tmp_path / "new" / "export" / "2.fit").write_bytes(b"no FIT file")
    (tmp_path / "old" / "export" / "2.fit").write_bytes(legs("running", begin=day(9)))
    tally = ingest([tmp_path / "old" / "export", tmp_path / "new" / "export"], CONFIG).tally
    assert (tally.files, tally.runs, tally.unreadable, tally.entries) == (4, 3, 1, 4)


# A part of the log ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run every fifth day for 200 days, in three formats and a zip, and a table of two runs."""
    export = tmp_path_factory.mktemp("years") / "export"
    export.mkdir()
    for number in range(0, 200, 5):
        if number % 3 == 0:
            (export / f"{number}.gpx").write_bytes(gpx(day(number)))
        elif number % 3 == 1:
            (export / f"{number}.fit").write_bytes(legs("running", begin=day(number)))
        else:
            packed = gzip.compress(legs("running", begin=day(number)))
            (export / f"{number}.zip").write_bytes(zipped(r_fit=packed))
    (export / "log.csv").write_text(TABLE)
    for file in export.iterdir():
        # Of a file that is still being written nothing is remembered.
        os.utime(file, (1.7e9, 1.7e9))
    return export


@pytest.mark.parametrize("as_of", [None, day(120).date()])
def test_no_more_is_read_than_a_verdict_needs(years: Path, as_of: date | None) -> None:
    whole = ingest([years], CONFIG, jobs=1)
    window = Window(as_of, days=40, files=0, few=0)
    part = ingest([years], CONFIG, jobs=1, window=window)
    last = as_of or day(195).date()
    tally = part.tally
    assert tally.unread > 20
    assert tally.entries + tally.unread == whole.tally.entries
    assert tally.read_from is not None
    # The whole week of the last run before the window belongs to it.
    assert 40 <= (last - tally.read_from).days <= 40 + 5 + 6
    assert tally.read_from.weekday() == 0
    # The oldest tell since when there is a log.
    assert part.rows[0]["local_date"] == START.date().isoformat()
    tracks = {row["local_date"]: row["id"] for row in whole.rows if "csv" not in row["sources"][0]}
    expected = {
        identity
        for local_day, identity in tracks.items()
        if tally.read_from <= date.fromisoformat(local_day) <= last
    }
    found = {row["id"] for row in part.rows}
    # A table is read whatever its days are.
    assert expected <= found
    assert len(found - expected) <= 3 + OLDEST
    assert {row["sources"][0] for row in part.rows} >= {"export/log.csv row 2"}


def test_who_comes_back_from_a_break_had_a_usual(years: Path) -> None:
    as_of = day(195 + 100).date()
    part = ingest([years], CONFIG, jobs=1, window=Window(as_of, days=40, files=10, few=0))
    assert sum(row["distance_m"] > 0 for row in part.rows) >= 10
    assert part.tally.read_from is not None
    assert part.tally.read_from <= day(150).date()


def test_a_little_more_is_no_reason_to_leave_it_out(years: Path) -> None:
    part = ingest([years], CONFIG, jobs=1, window=Window(days=40, files=0, few=200))
    assert (part.tally.unread, part.tally.read_from) == (0, None)
    assert part.tally == ingest([years], CONFIG, jobs=1).tally


def test_what_was_left_out_is_read_when_it_is_asked_for(years: Path, tmp_path: Path) -> None:
    window = Window(days=40, files=0, few=0)
    first = ingest([years], CONFIG, jobs=1, cache=tmp_path, window=window)
    whole = ingest([years], CONFIG, jobs=1, cache=tmp_path)
    assert_identical(whole.rows, ingest([years], CONFIG, jobs=1).rows)
    # What is remembered is not looked at either, so that a verdict never depends on it.
    again = ingest([years], CONFIG, jobs=1, cache=tmp_path, window=window)
    assert first.tally.unread > 0
    assert again.tally == first.tally
    assert_identical(again.rows, first.rows)


def test_a_wrong_clock_moves_no_window(years: Path, tmp_path: Path) -> None:
    export = tmp_path / "export"
    export.mkdir()
    for file in years.glob("*.gpx"):
        (export / file.name).write_bytes(file.read_bytes())
    window = Window(days=40, files=0, few=0)
    plain = ingest([export], CONFIG, jobs=1, window=window)
    (export / "future.gpx").write_bytes(gpx(datetime(2090, 1, 1, tzinfo=UTC)))
    (export / "old.gpx").write_bytes(gpx(datetime(1970, 1, 1, tzinfo=UTC)))
    found = ingest([export], CONFIG, jobs=1, window=window)
    assert_identical(found.rows, plain.rows)
    assert plain.tally.unread == found.tally.unread > 0
    assert found.tally.read_from == plain.tally.read_from
    assert {item.source for item in found.tally.problems} == {
        "export/future.gpx",
        "export/old.gpx",
    }


def test_a_file_that_was_left_unread_is_not_missing(years: Path) -> None:
    oldest = min(years.glob("*.gpx")).name
    config = replace(CONFIG, same=((oldest, "nowhere.fit"), ("nowhere.gpx", "nowhere.fit")))
    plain, whole = ingest([years], CONFIG, jobs=1), ingest([years], config, jobs=1)
    said = whole.tally.problems[len(plain.tally.problems) :]
    assert [item.source for item in said] == ["kneewatch.toml"] * 3
    assert whole.tally.entries == plain.tally.entries
    part = ingest([years], config, jobs=1, window=Window(days=40, files=0, few=0))
    assert part.tally.unread
    assert "kneewatch.toml" not in {item.source for item in part.tally.problems}


# Workers ----------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="no process is forked there")
def test_a_file_that_kills_its_reader_is_a_problem(
    years: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ingest([years], CONFIG, jobs=1)
    victim = next(row["sources"][0] for row in whole.rows if row["sources"][0].endswith(".gpx"))

    def deadly(source: Source) -> Iterator[object]:
        if source.name == victim:
            os.kill(os.getpid(), signal.SIGKILL)
        yield from gpx_read(source)

    gpx_read = gpx_reader.read
    monkeypatch.setattr(gpx_reader, "read", deadly)
    # Workers that are started anew would know nothing of it.
    monkeypatch.setattr(workers, "_context", lambda: multiprocessing.get_context("fork"))
    found = ingest([years], CONFIG, jobs=2)
    accounts_add_up(found)
    [problem] = set(found.tally.problems) - set(whole.tally.problems)
    assert problem.source == victim
    assert problem.reason.startswith("reading it has killed a worker process")
    assert found.tally.runs == whole.tally.runs - 1
    assert found.tally.entries == whole.tally.entries


def test_threads_of_somebody_else_give_the_same(tree: Path, log: Ingested) -> None:
    with ThreadPoolExecutor(3) as executor:
        other = ingest([tree], CONFIG, executor=executor, jobs=3)
    assert_identical(log.rows, other.rows)
    assert log.tally == other.tally
