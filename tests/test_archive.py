"""Recordings copied into a tree by date, each once, and nothing else touched."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import zipfile
from pathlib import Path

import pytest

from kneewatch import archive as module
from kneewatch.archive import archive
from kneewatch.errors import UsageError

SAMPLE = Path(__file__).parents[1] / "sample_data"
WATCH = SAMPLE / "watch"
RUN = WATCH / "2025-10-16-17-24-53.fit"
PACKED = WATCH / "2025-11-02-09-20-00.fit.gz"


def content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def watch(tmp_path: Path) -> Path:
    folder = tmp_path / "watch" / "GARMIN" / "Activity"
    folder.mkdir(parents=True)
    shutil.copy(RUN, folder)
    shutil.copy(PACKED, folder)
    (folder.parent / "GarminDevice.xml").write_text("<Device/>", "utf-8")
    return tmp_path / "watch"


def test_by_the_runners_own_date_unpacked_and_verified(watch: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    before = content(watch)
    done = archive([watch], library)
    assert sorted(content(library)) == [
        "2025/10/2025-10-16-17-24-53.fit",
        "2025/11/2025-11-02-09-20-00.fit",
    ]
    assert (library / "2025/10/2025-10-16-17-24-53.fit").read_bytes() == RUN.read_bytes()
    unpacked = gzip.decompress(PACKED.read_bytes())
    assert (library / "2025/11/2025-11-02-09-20-00.fit").read_bytes() == unpacked
    assert (len(done.copied), done.known, done.left, done.problems) == (2, 0, 1, ())
    assert content(watch) == before


def test_a_second_time_copies_nothing(watch: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    archive([watch], library)
    first = content(library)
    done = archive([watch], library)
    assert (len(done.copied), done.known) == (0, 2)
    assert content(library) == first


def test_what_is_there_under_another_name_or_packed_is_known(watch: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "mine.fit.gz").write_bytes(gzip.compress(RUN.read_bytes()))
    done = archive([watch], library)
    assert (len(done.copied), done.known) == (1, 1)


def test_out_of_a_zip_and_twice_in_one_source(tmp_path: Path) -> None:
    export = tmp_path / "export.zip"
    with zipfile.ZipFile(export, "w") as packed:
        packed.write(RUN, "activities/1.fit")
        packed.write(RUN, "activities/2.fit")
        packed.writestr("activities.csv", "Date,Distance\n2025-01-01,5\n")
    done = archive([export], tmp_path / "library")
    assert (len(done.copied), done.known, done.left) == (1, 1, 0)
    assert done.others == (("export.zip!/activities.csv", 1),)


def test_two_recordings_of_one_second_keep_both(watch: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    other = library / "2025" / "10" / "2025-10-16-17-24-53.fit"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"something else")
    archive([watch], library)
    assert other.read_bytes() == b"something else"
    assert (other.parent / "2025-10-16-17-24-53-2.fit").read_bytes() == RUN.read_bytes()


def test_a_damaged_file_is_a_problem_and_the_rest_goes_on(watch: Path, tmp_path: Path) -> None:
    (watch / "GARMIN" / "Activity" / "a.fit").write_bytes(RUN.read_bytes()[:40])
    done = archive([watch], tmp_path / "library")
    assert len(done.copied) == 2
    assert len(done.problems) == 1
    assert done.problems[0].source.endswith("a.fit")


def test_a_copy_that_does_not_read_back_is_an_error(
    watch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_digest", lambda path: "0")
    with pytest.raises(UsageError, match="not what was read back"):
        archive([watch], tmp_path / "library")
    assert content(tmp_path / "library") == {}


@pytest.mark.parametrize("where", ["watch", "watch/GARMIN/mine"])
def test_a_library_within_the_source_is_refused(watch: Path, where: str) -> None:
    with pytest.raises(UsageError, match="lies within"):
        archive([watch], watch.parent / where)


def test_a_file_is_no_library(watch: Path, tmp_path: Path) -> None:
    (tmp_path / "library").write_text("x", "utf-8")
    with pytest.raises(UsageError, match="is a file"):
        archive([watch], tmp_path / "library")


def test_a_source_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        archive([tmp_path / "no"], tmp_path / "library")


def test_without_links_the_name_is_given_all_the_same(
    watch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError("a memory stick")

    monkeypatch.setattr(module.os, "link", no_links)
    library = tmp_path / "library"
    assert len(archive([watch], library).copied) == 2
    assert len(content(library)) == 2
