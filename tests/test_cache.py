from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch import cache as module
from kneewatch import ingest as importing
from kneewatch.cache import FILE_NAME, Cache, clear, folder, info, key_of
from kneewatch.cache import database as database_module
from kneewatch.cache.packing import pack, unpack
from kneewatch.config import Config
from kneewatch.errors import UsageError
from kneewatch.ingest import Ingested, ingest
from kneewatch.model import File, FileResult, NotActivity, Problem, Source
from kneewatch.sources import Place, Wanted

CONFIG = Config(home_timezone="Europe/Berlin")

TABLE = (
    "Date,Activity Type,Distance (km),Duration\n2025-03-{day:02} 08:00:00,Running,{km},00:30:00\n"
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Twelve tables of a run each, old enough to be remembered, and a picture."""
    export = tmp_path / "export"
    export.mkdir()
    for day in range(1, 13):
        put(export / f"{day:02}.csv", TABLE.format(day=day, km=day).encode())
    put(export / "picture.png", b"\x89PNG\r\n\x1a\n" + bytes(99))
    return export


def put(file: Path, data: bytes, age_s: float = 3600) -> None:
    file.write_bytes(data)
    moment = time.time() - age_s
    os.utime(file, (moment, moment))


def load(log: Path, place: Path | None, **how: Any) -> Ingested:
    return ingest([log], CONFIG, jobs=1, cache=place, **how)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that have been read."""
    names: list[str] = []
    real = importing.read_file

    def reading(source: Source, config: Config, where: Any) -> FileResult:
        names.append(source.name)
        return real(source, config, where)

    monkeypatch.setattr(importing, "read_file", reading)
    return names


def same(one: Ingested, other: Ingested) -> bool:
    return [sorted(row.items()) for row in one.rows] == [
        sorted(row.items()) for row in other.rows
    ] and one.tally == other.tally


# What is remembered ------------------------------------------------------------------------------


def test_a_second_import_reads_nothing_and_gives_the_same(
    log: Path, place: Path, read: list[str]
) -> None:
    first = load(log, place)
    assert len(read) == 12
    read.clear()
    assert same(load(log, place), first)
    assert read == []
    assert same(load(log, None), first)
    assert len(read) == 12


def test_the_sample_is_the_same_from_the_cache(sample: Path, place: Path, tmp_path: Path) -> None:
    copy = tmp_path / "sample"
    shutil.copytree(sample, copy)
    for file in copy.rglob("*"):
        os.utime(file, (1.7e9, 1.7e9))
    [plain, cold, warm] = [load(copy, where) for where in (None, place, place)]
    for other in (cold, warm):
        assert other.tally == plain.tally
        assert len(other.rows) == len(plain.rows)
        for row, remembered in zip(plain.rows, other.rows, strict=True):
            assert row.keys() == remembered.keys()
            for name in row:
                np.testing.assert_equal(remembered[name], row[name], name)
    assert (cold.notice, warm.notice) == ("", "")


@pytest.mark.parametrize("change", ["content", "content of one size", "time alone"])
def test_a_file_that_changed_is_read_again(
    log: Path, place: Path, read: list[str], change: str
) -> None:
    load(log, place)
    read.clear()
    file = log / "03.csv"
    before = file.stat()
    if change == "content":
        put(file, TABLE.format(day=3, km=33.3).encode(), age_s=60)
    elif change == "content of one size":
        put(file, TABLE.format(day=3, km=9).encode(), age_s=60)
        assert file.stat().st_size == before.st_size
    else:
        put(file, file.read_bytes(), age_s=60)
    again = load(log, place)
    assert same(again, load(log, None))
    # Its content is known, so it was opened and no more.
    expected = [] if change == "time alone" else ["export/03.csv"]
    assert read[: len(expected)] == expected
    assert len(read) == len(expected) + 12


def test_a_file_that_was_moved_is_not_read_again(
    log: Path, place: Path, read: list[str], tmp_path: Path
) -> None:
    load(log, place)
    read.clear()
    moved = tmp_path / "elsewhere"
    log.rename(moved)
    found = load(moved, place)
    assert read == []
    assert same(found, load(moved, None))
    assert found.rows[0]["sources"] == ("elsewhere/01.csv row 2",)


def test_a_file_that_changes_as_it_is_read_is_not_trusted(
    log: Path, place: Path, read: list[str]
) -> None:
    put(log / "03.csv", TABLE.format(day=3, km=3).encode(), age_s=0)
    load(log, place)
    size = (log / "03.csv").stat().st_size
    moment = (log / "03.csv").stat().st_mtime_ns
    (log / "03.csv").write_bytes(TABLE.format(day=3, km=9).encode())
    os.utime(log / "03.csv", ns=(moment, moment))
    assert (log / "03.csv").stat().st_size == size
    assert same(load(log, place), load(log, None))


@pytest.mark.parametrize(
    "config",
    [Config(home_timezone="Asia/Tokyo"), Config(home_timezone=None)],
)
def test_another_setting_is_another_row(log: Path, place: Path, config: Config) -> None:
    load(log, place)
    found = ingest([log], config, jobs=1, cache=place)
    assert same(found, ingest([log], config, jobs=1))


def test_another_version_begins_anew(
    log: Path, place: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(log, place)
    read.clear()
    monkeypatch.setattr(database_module, "version", lambda: "a metric was changed")
    load(log, place)
    assert len(read) == 12
    assert info(place).files == 13


def test_the_version_is_that_of_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "kneewatch"
    shutil.copytree(Path(module.__file__).parents[1], package)
    monkeypatch.setattr(database_module, "__file__", str(package / "cache" / "database.py"))
    derive = database_module.version.__wrapped__
    before = derive()
    assert before == database_module.version()
    with (package / "metrics" / "steps.py").open("a") as file:
        file.write("\n")
    assert derive() != before


@given(
    st.lists(
        st.dictionaries(st.sampled_from("ab"), st.none() | st.floats() | st.text()), max_size=3
    ),
    st.lists(st.sampled_from([0.0, 1.5, 0.1]), max_size=9),
)
def test_what_is_packed_is_unpacked(said: list[dict[str, Any]], seconds: list[float]) -> None:
    spent = np.array(seconds, dtype=np.float64)
    start = datetime(2025, 3, 1, 7, tzinfo=UTC)
    rows = [
        {**row, "start": start, "sources": (f"a/1.csv row {n}",), "h": spent, "i": spent * 2}
        for n, row in enumerate(said)
    ]
    result = FileResult(
        "a/1.csv",
        rows=tuple(rows),
        lost=1,
        problems=(Problem("a/1.csv row 3", "none"),),
        not_activities=(NotActivity("a/1.csv", "no"),),
        key="k",
    )
    again = unpack(*pack(result), "a/1.csv", "k")
    np.testing.assert_equal(again.rows, result.rows)
    assert (again.lost, again.key) == (1, "k")
    moved = unpack(*pack(result), "b/2.csv", "k")
    assert moved.problems == (Problem("b/2.csv row 3", "none"),)
    assert moved.not_activities == (NotActivity("b/2.csv", "no"),)
    assert [row["sources"] for row in moved.rows] == [
        (f"b/2.csv row {n}",) for n in range(len(said))
    ]


def test_the_name_is_a_part_of_the_key() -> None:
    keys = {key_of(Source(name, b"x"), "s") for name in ("a/1.fit", "b/1.fit", "a/1.csv")}
    assert len(keys) == 2


# Where it lies -----------------------------------------------------------------------------------


def test_nobody_else_may_read_it(log: Path, place: Path) -> None:
    umask = os.umask(0)
    try:
        load(log, place)
    finally:
        os.umask(umask)
    files = list(place.iterdir())
    assert place / FILE_NAME in files
    if os.name == "posix":
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert stat.S_IMODE(place.stat().st_mode) == 0o700


def test_the_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KNEEWATCH_CACHE_DIR", str(tmp_path / "mine"))
    assert folder() == tmp_path / "mine"
    monkeypatch.delenv("KNEEWATCH_CACHE_DIR")
    assert folder().name == "kneewatch"


def test_info_and_clear(log: Path, place: Path, read: list[str]) -> None:
    assert info(place).files == 0
    assert not place.exists()
    load(log, place)
    found = info(place)
    # The picture is known to be none, and has no content that was read.
    assert (found.files, found.results) == (13, 12)
    assert found.size > 0
    assert clear(place) == found.size
    assert list(place.iterdir()) == []
    assert clear(place) == 0
    read.clear()
    load(log, place)
    assert len(read) == 12


def test_what_cannot_be_opened_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(UsageError, match="cannot be used"):
        info(tmp_path)


# Trouble -----------------------------------------------------------------------------------------


def fill(place: Path, data: bytes) -> None:
    place.mkdir()
    (place / FILE_NAME).write_bytes(data)


def foreign(place: Path) -> None:
    place.mkdir()
    with sqlite3.connect(place / FILE_NAME) as connection:
        connection.execute("CREATE TABLE results (something TEXT)")
    connection.close()


def cut_short(place: Path) -> None:
    whole = place / FILE_NAME
    whole.write_bytes(whole.read_bytes()[:5000])


DAMAGES: dict[str, Callable[[Path], None]] = {
    "empty": lambda place: fill(place, b""),
    "no database": lambda place: fill(place, b"something else entirely" * 99),
    "a database of others": foreign,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_no_cache_is_made_one(log: Path, place: Path, damage: str) -> None:
    DAMAGES[damage](place)
    plain = load(log, None)
    for _ in range(2):
        found = load(log, place)
        assert same(found, plain)
        assert found.notice == ""
    assert info(place).files == 13


def test_a_cache_that_lost_its_end_is_given_up_and_made_anew(log: Path, place: Path) -> None:
    plain = load(log, place)
    cut_short(place)
    for _ in range(3):
        found = load(log, place)
        assert same(found, plain)
    assert found.notice == ""
    assert info(place).files == 13


@pytest.mark.parametrize("moved", [False, True])
@pytest.mark.parametrize("said", ["'{'", "'[]'", "'{\"rows\": [1]}'", "CAST(x'ff' AS TEXT)"])
def test_a_row_that_is_none_is_said_once(
    log: Path, place: Path, tmp_path: Path, said: str, moved: bool
) -> None:
    load(log, place)
    with sqlite3.connect(place / FILE_NAME) as connection:
        connection.execute(f"UPDATE results SET said = {said}")
    connection.close()
    log = log.rename(tmp_path / "moved") if moved else log
    plain = load(log, None)
    found = load(log, place)
    assert same(found, plain)
    assert found.notice.startswith(str(place))
    for _ in range(2):
        found = load(log, place)
        assert same(found, plain)
        assert found.notice == ""


@pytest.mark.parametrize("zipped", [False, True])
def test_what_cannot_be_opened_today_is_tried_again(
    log: Path, place: Path, monkeypatch: pytest.MonkeyPatch, zipped: bool
) -> None:
    if zipped:
        with zipfile.ZipFile(log / "13.zip", "w") as archive:
            archive.writestr("1.csv", TABLE.format(day=13, km=13))
        os.utime(log / "13.zip", (1.7e9, 1.7e9))
    victim = log / ("13.zip" if zipped else "03.csv")
    plain = load(log, None)
    real = importing.sources.unpack

    def unpack(place: Place, wanted: Wanted) -> Iterator[Source | Problem | NotActivity]:
        if place.path != str(victim):
            return real(place, wanted)
        gone = Place(place.path + ".gone", place.members, place.name, place.size)
        return real(gone, wanted)

    # As a worker on another machine finds it, where the disk is not mounted.
    with monkeypatch.context() as patch:
        patch.setattr(importing.sources, "unpack", unpack)
        found = load(log, place)
        [problem] = found.tally.problems
        assert problem.reason == "cannot be opened: No such file or directory"
    assert same(load(log, place), plain)


def test_a_file_that_killed_a_worker_is_tried_again(
    log: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> list[list[FileResult]]:
        raise MemoryError

    with monkeypatch.context() as patch, ThreadPoolExecutor(1) as executor:
        patch.setattr(importing, "_read_places", fail)
        found = ingest([log], CONFIG, jobs=1, executor=executor, cache=place)
        assert found.tally.unreadable == len(found.tally.problems) == 13
    assert same(load(log, place), load(log, None))


def test_a_file_that_was_new_when_it_was_read_is_not_trusted_later(
    log: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import may take longer than a file needs to seem old."""
    put(log / "03.csv", TABLE.format(day=3, km=3).encode(), age_s=0)
    began = time.time_ns()
    monkeypatch.setattr(
        importing, "_read_places", later(importing._read_places, began + 60 * 10**9, monkeypatch)
    )
    load(log, place)
    assert info(place).files == 12


def later(
    work: Callable[..., Any], moment_ns: int, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """The work, after which the clock says another time."""

    def working(*given: Any) -> Any:
        done = work(*given)
        monkeypatch.setattr(module.time, "time_ns", lambda: moment_ns)
        return done

    return working


def test_a_cleared_content_is_read_again(log: Path, place: Path, read: list[str]) -> None:
    plain = load(log, place)
    with sqlite3.connect(place / FILE_NAME) as connection:
        connection.execute("DELETE FROM results WHERE rowid % 2")
    connection.close()
    read.clear()
    assert same(load(log, place), plain)
    assert len(read) == 6


def test_a_content_that_is_cleared_meanwhile_is_read_again(
    log: Path, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(log, place)
    log = log.rename(tmp_path / "moved")
    monkeypatch.setattr(Cache, "result", lambda self, key, name: None)
    assert same(load(log, place), load(log, None))


@pytest.mark.parametrize("place_is", ["a file", "below a file"])
def test_without_a_place_for_it_all_goes_on_and_says_so(
    log: Path, tmp_path: Path, place_is: str
) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    found = load(log, blocked if place_is == "a file" else blocked / "cache")
    assert found.rows == load(log, None).rows
    assert found.notice.startswith(str(blocked))
    assert "\n" not in found.notice


def test_a_full_disk_costs_the_cache_alone(
    log: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sqlite3.connect

    def small(*given: Any, **named: Any) -> sqlite3.Connection:
        connection = real(*given, **named)
        connection.execute("PRAGMA max_page_count = 8")
        return connection

    for day in range(13, 29):
        put(log / f"{day}.csv", TABLE.format(day=day, km=day).encode())
    monkeypatch.setattr(sqlite3, "connect", small)
    found = load(log, place)
    assert same(found, load(log, None)) or found.rows == load(log, None).rows
    assert "full" in found.notice


def test_a_home_that_is_read_only(log: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *how: object) -> int:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(os, "open", refuse)
    found = load(log, place)
    assert found.rows == load(log, None).rows
    assert "Read-only file system" in found.notice


def test_two_at_once(log: Path, place: Path) -> None:
    command = [sys.executable, "-m", "kneewatch", "runs", str(log), "--json"]
    environment = {**os.environ, "KNEEWATCH_CACHE_DIR": str(place)}
    both = [
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    said = {process.communicate(timeout=60) for process in both}
    assert len(said) == 1
    [(out, err)] = said
    assert err == ""
    assert out.count('"id"') == 12
    assert info(place).files == 13


def test_who_finds_the_file_being_made_waits(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite does not wait itself where two change a new file to a write-ahead log."""
    place.mkdir()
    maker = sqlite3.connect(place / FILE_NAME, isolation_level=None, check_same_thread=False)
    maker.execute("CREATE TABLE version (version TEXT)")
    maker.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr(database_module, "BUSY_S", 0.0)
    refused = Cache(place, "")
    assert "locked" in refused.trouble
    monkeypatch.setattr(database_module, "BUSY_S", 20.0)
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        maker.execute("COMMIT")

    real = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *given, **named: real(*given, isolation_level=None, timeout=0)
    )
    monkeypatch.setattr(database_module.time, "sleep", sleep)
    memory = Cache(place, "")
    assert memory.trouble == ""
    assert len(waits) == 1
    memory.close()
    maker.close()


def test_a_file_of_many_results_is_written_in_time(log: Path, place: Path) -> None:
    memory = Cache(place, "")
    file = File(str(log / "x.zip"), "x.zip", 1, 1)
    results = [FileResult(f"x.zip!/{n}", key=str(n)) for n in range(module.BATCH + 1)]
    memory.keep(file, results)
    # Not before it is closed: what is kept is kept at once.
    assert info(place).results == module.BATCH + 1
    memory.close()
    assert memory.trouble == ""


# SIGKILL -----------------------------------------------------------------------------------------

KILLS = 12


@pytest.mark.skipif(os.name != "posix", reason="a signal of POSIX")
def test_a_kill_at_any_moment_leaves_a_correct_report(
    sample: Path, place: Path, tmp_path: Path
) -> None:
    """Killed after ever longer, from the first import on to the writing; then all is as ever."""
    export = tmp_path / "export"
    shutil.copytree(sample, export)
    for file in export.rglob("*"):
        os.utime(file, (1.7e9, 1.7e9))
    # A write for each two files, to be killed in many of them.
    program = "from kneewatch import cache, cli; cache.BATCH = 2; cli.main()"
    command = [sys.executable, "-c", program, "runs", str(export), "--json", "--jobs", "2"]
    plain = subprocess.run([*command, "--no-cache"], capture_output=True, check=True).stdout
    environment = {**os.environ, "KNEEWATCH_CACHE_DIR": str(place)}
    moments = random.Random(0)
    whole, killed = 1.0, 0
    for attempt in range(4 * KILLS):
        if attempt % 3:
            shutil.rmtree(place, ignore_errors=True)
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(whole * moments.uniform(0.1, 1.0))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        began = time.monotonic()
        done = subprocess.run(command, env=environment, capture_output=True, check=False)
        # As long as it takes on this machine now, the cache half full.
        whole = time.monotonic() - began
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout == plain
        if killed == KILLS:
            break
    assert killed == KILLS
