from __future__ import annotations

import gzip
import io
import os
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from kneewatch.model import File, NotActivity, Problem, Source
from kneewatch.sources import archives, find, folders, walk

Found = Source | Problem | NotActivity


def everything(name: str, head: bytes) -> bool:
    return True


def noise(size: int) -> bytes:
    """Bytes that no packer makes smaller."""
    state, out = 1, bytearray()
    while len(out) < size:
        state = state * 1103515245 + 12345 & 0x7FFFFFFF
        out.append(state >> 16 & 0xFF)
    return bytes(out)


def zipped(members: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def locked(members: Mapping[str, bytes], name: str) -> bytes:
    """A zip one of whose members says that it is encrypted."""
    data = bytearray(zipped(members, zipfile.ZIP_STORED))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = 0
        while (place := data.find(mark, place)) >= 0:
            header = 30 if mark == b"PK\x03\x04" else 46
            if data[place + header :].startswith(name.encode()):
                data[place + flags] |= 1
            place += 4
    return bytes(data)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "somebody" / "export"
    folder.mkdir(parents=True)
    return folder


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def contents(items: list[Found]) -> dict[str, bytes]:
    """Names and bytes, where nothing may have gone wrong."""
    assert all(isinstance(item, Source) for item in items), items
    found = {item.name: item.data for item in items if isinstance(item, Source)}
    assert len(found) == len(items)
    return found


def items(*paths: Path) -> list[Found]:
    return list(walk(paths, everything))


# What is found ---------------------------------------------------------------------------------


def test_a_folder_is_walked_to_its_bottom_in_order(export: Path) -> None:
    put(export, {"b.gpx": b"2", "a.fit": b"1", "2024/05/c.tcx": b"4", "2024/z.csv": b"3"})
    found = contents(items(export))
    assert list(found.items()) == [
        ("export/a.fit", b"1"),
        ("export/b.gpx", b"2"),
        ("export/2024/z.csv", b"3"),
        ("export/2024/05/c.tcx", b"4"),
    ]


def test_archives_are_opened_where_they_lie(export: Path) -> None:
    inner = zipped({"activities/1.fit.gz": gzip.compress(b"one"), "2.gpx": b"two"})
    outer = zipped({"part.zip": inner, "x/3.tcx": b"three"})
    put(export, {"e.zip": outer, "4.gpx.gz": gzip.compress(b"four")})
    put(export, {"e.zip.gz": gzip.compress(outer)})
    assert contents(items(export)) == {
        "export/4.gpx.gz": b"four",
        "export/e.zip!/part.zip!/activities/1.fit.gz": b"one",
        "export/e.zip!/part.zip!/2.gpx": b"two",
        "export/e.zip!/x/3.tcx": b"three",
        "export/e.zip.gz!/part.zip!/activities/1.fit.gz": b"one",
        "export/e.zip.gz!/part.zip!/2.gpx": b"two",
        "export/e.zip.gz!/x/3.tcx": b"three",
    }


@pytest.mark.parametrize(
    ("name", "data"),
    [("1", gzip.compress(b"one", mtime=0)), ("1.fit", gzip.compress(b"one", mtime=0))],
)
def test_the_bytes_say_what_is_packed(export: Path, name: str, data: bytes) -> None:
    put(export, {name: data})
    assert contents(items(export)) == {f"export/{name}": b"one"}
    put(export, {name: zipped({"2.gpx": b"two"})})
    assert contents(items(export)) == {f"export/{name}!/2.gpx": b"two"}


def test_a_name_ending_in_gz_need_not_be_packed(export: Path) -> None:
    put(export, {"1.gpx.gz": b"<gpx>"})
    assert contents(items(export)) == {"export/1.gpx.gz": b"<gpx>"}


def test_several_paths_files_and_folders(export: Path) -> None:
    put(export, {"a/1.fit": b"1", "b/2.fit": b"2", "c.zip": zipped({"3.fit": b"3"})})
    found = contents(items(export / "b", export / "c.zip", export / "a" / "1.fit"))
    assert found == {"b/2.fit": b"2", "c.zip!/3.fit": b"3", "1.fit": b"1"}


def test_a_file_that_two_paths_name_is_found_once(export: Path) -> None:
    put(export, {"a/1.fit": b"1"})
    assert list(contents(items(export, export / "a", export / "a" / "1.fit"))) == ["export/a/1.fit"]


def test_two_paths_of_one_name_are_told_apart(export: Path) -> None:
    put(export, {"x/run/1.fit": b"1", "y/run/1.fit": b"2", "z/1.fit": b"3", "w/1.fit": b"4"})
    paths = [export / name for name in ("x/run", "y/run", "z/1.fit", "w/1.fit")]
    expected = {"run/1.fit": b"1", "run (2)/1.fit": b"2", "1.fit": b"3", "1.fit (2)": b"4"}
    assert contents(items(*paths)) == expected
    for name, data in expected.items():
        source = find(paths, name)
        assert source is not None
        assert source.data == data


def test_no_name_tells_a_home(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(export, {"a.fit": b"1", "z.zip": zipped({"b.fit": b"2"}), "bad.zip": b"PK\x03\x04bad"})
    monkeypatch.chdir(export)
    for path in (export, Path(), Path("../export"), export / "a.fit", export / "bad.zip"):
        for item in items(path):
            said = item.name if isinstance(item, Source) else item.source + item.reason
            assert "somebody" not in said
            assert not said.startswith(("/", ".."))
    assert {"export/a.fit", "export/z.zip!/b.fit"} <= {
        item.name for item in items(Path()) if isinstance(item, Source)
    }


def test_what_is_hidden_or_ours_is_passed_over(export: Path) -> None:
    put(
        export,
        {
            ".DS_Store": b"x",
            ".git/1.fit": b"x",
            "__MACOSX/1.fit": b"x",
            "kneewatch-report/report.html": b"x",
            "kneewatch.toml": b"x",
            "pain.csv": b"x",
            "a/.b/1.fit": b"x",
            "e.zip": zipped(
                {
                    "__MACOSX/._1.fit": b"x",
                    "a/__MACOSX/1.fit": b"x",
                    ".hidden/1.fit": b"x",
                    "b/._1.fit": b"x",
                    "kneewatch.toml": b"x",
                    "folder/": b"",
                    "./c/1.fit": b"kept",
                }
            ),
            "1.fit": b"kept",
        },
    )
    found = contents(items(export))
    assert set(found.values()) == {b"kept"}
    assert len(found) == 2


def test_what_is_not_wanted_is_no_activity(export: Path) -> None:
    png, run = b"\x89PNG" + bytes(9000), b"run" + bytes(9000)
    asked: list[tuple[str, int]] = []

    def wanted(name: str, head: bytes) -> bool:
        asked.append((name, len(head)))
        return head.startswith(b"run")

    put(export, {"1": run, "2.png": png, "3.zip": zipped({"4.png": png, "5": run})})
    put(export, {"6.png.gz": gzip.compress(png)})
    found = list(walk([export], wanted))
    assert [item for item in found if isinstance(item, NotActivity)] == [
        NotActivity("export/2.png", archives.UNWANTED),
        NotActivity("export/3.zip!/4.png", archives.UNWANTED),
        NotActivity("export/6.png.gz", archives.UNWANTED),
    ]
    kept = contents([item for item in found if isinstance(item, Source)])
    assert kept == {"export/1": run, "export/3.zip!/5": run}
    assert {size for _, size in asked} == {archives.HEAD_BYTES}


def test_find_opens_each_source_again(export: Path) -> None:
    inner = zipped({"1.fit.gz": gzip.compress(b"one"), "2.gpx": b"two"})
    put(export, {"a.fit": b"a", "e.zip": zipped({"p.zip": inner}), "z/b.gz": gzip.compress(b"b")})
    every = contents(items(export))
    assert len(every) == 4
    for name, data in every.items():
        source = find([export], name)
        assert source == Source(name, data)
    assert find([export], "export/e.zip!/gone.fit") is None
    (export / "a.fit").unlink()
    assert find([export], "export/a.fit") is None
    assert find([], "export/z/b.gz") is None


def test_the_digest_is_the_contents_however_packed(export: Path) -> None:
    put(export, {"a": b"run", "b": gzip.compress(b"run"), "c": zipped({"x": b"run"}), "d": b"ran"})
    digests = [item.digest for item in items(export) if isinstance(item, Source)]
    assert len(digests) == 4
    assert len(set(digests)) == 2


# Links -----------------------------------------------------------------------------------------


def test_a_link_back_up_does_not_go_round_for_ever(export: Path) -> None:
    put(export, {"a/b/1.fit": b"1"})
    (export / "a" / "b" / "up").symlink_to(export, target_is_directory=True)
    (export / "a" / "again").symlink_to(export / "a" / "b", target_is_directory=True)
    found = contents(items(export))
    assert list(found.values()) == [b"1"]


def test_a_linked_folder_and_file_are_followed(export: Path, tmp_path: Path) -> None:
    put(tmp_path / "elsewhere", {"1.fit": b"1", "2.fit": b"2"})
    (export / "more").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (export / "3.fit").symlink_to(tmp_path / "elsewhere" / "2.fit")
    found = contents(items(export))
    assert sorted(found.values()) == [b"1", b"2"]


def test_a_link_to_nothing_is_a_problem(export: Path) -> None:
    (export / "1.fit").symlink_to(export / "gone.fit")
    [problem] = items(export)
    assert problem == Problem("export/1.fit", "cannot be opened: No such file or directory")


# Damage ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["file", "member"])
def test_of_a_damaged_gz_the_whole_part_is_kept(export: Path, place: str) -> None:
    text = noise(60_000)
    packed = gzip.compress(text)
    broken = packed[: len(packed) // 2]
    name = "export/1.gpx.gz"
    put(export, {"1.gpx.gz": broken})
    if place == "member":
        (export / "1.gpx.gz").unlink()
        put(export, {"e.zip": zipped({"1.gpx.gz": broken})})
        name = "export/e.zip!/1.gpx.gz"
    source, problem = items(export)
    assert isinstance(source, Source)
    assert source.name == name
    assert text.startswith(source.data)
    assert len(source.data) == pytest.approx(30_000, rel=0.1)
    assert isinstance(problem, Problem)
    assert problem.source == name
    assert problem.reason.startswith("the gzip file is damaged: ")


def test_a_gz_with_a_wrong_checksum_is_kept_whole(export: Path) -> None:
    packed = bytearray(gzip.compress(b"run" * 5000))
    packed[-8] ^= 1
    put(export, {"1.fit.gz": bytes(packed)})
    source, problem = items(export)
    assert isinstance(source, Source)
    assert source.data == b"run" * 5000
    assert isinstance(problem, Problem)


def test_junk_behind_a_gz_costs_nothing_and_is_said(export: Path) -> None:
    put(export, {"1.fit.gz": gzip.compress(b"run" * 5000) + b"junk"})
    source, problem = items(export)
    assert isinstance(source, Source)
    assert source.data == b"run" * 5000
    assert isinstance(problem, Problem)


@pytest.mark.parametrize("size", [3, 12])
def test_a_gz_with_nothing_in_it_is_a_problem(export: Path, size: int) -> None:
    put(export, {"1.fit.gz": gzip.compress(noise(100))[:size]})
    [problem] = items(export)
    assert isinstance(problem, Problem)
    assert problem.source == "export/1.fit.gz"


def test_a_damaged_zip_is_a_problem_and_the_rest_goes_on(export: Path) -> None:
    whole = zipped({"1.fit": noise(1000), "2.fit": b"2"})
    put(export, {"a.zip": whole[: len(whole) // 2], "b.fit": b"b"})
    problem, source = items(export)
    assert isinstance(problem, Problem)
    assert problem.source == "export/a.zip"
    assert problem.reason.startswith("the zip file is damaged: ")
    assert isinstance(source, Source)


def test_a_damaged_member_is_a_problem_and_the_rest_goes_on(export: Path) -> None:
    data = bytearray(zipped({"1.fit": noise(1000), "2.fit": b"2"}, zipfile.ZIP_STORED))
    data[100] ^= 1
    put(export, {"a.zip": bytes(data)})
    problem, source = items(export)
    assert isinstance(problem, Problem)
    assert problem.source == "export/a.zip!/1.fit"
    assert problem.reason.startswith("damaged inside the zip file: ")
    assert source == Source("export/a.zip!/2.fit", b"2")


def test_a_damaged_zip_in_a_zip_is_a_problem_of_its_own(export: Path) -> None:
    put(export, {"a.zip": zipped({"b.zip": b"PK\x03\x04" + bytes(99), "c.fit": b"c"})})
    problem, source = items(export)
    assert isinstance(problem, Problem)
    assert problem.source == "export/a.zip!/b.zip"
    assert source == Source("export/a.zip!/c.fit", b"c")


def test_a_member_with_a_password_is_a_problem(export: Path) -> None:
    put(export, {"a.zip": locked({"1.fit": b"one", "2.fit": b"two"}, "1.fit")})
    assert items(export) == [
        Problem("export/a.zip!/1.fit", "the zip file is locked with a password"),
        Source("export/a.zip!/2.fit", b"two"),
    ]


def test_of_two_members_of_one_name_the_last_counts_and_the_other_is_said(export: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("1.fit", b"old")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("1.fit", b"new")
    put(export, {"a.zip": out.getvalue()})
    assert items(export) == [
        Problem(
            "export/a.zip!/1.fit", "another file of the same name lies behind it in the zip file"
        ),
        Source("export/a.zip!/1.fit", b"new"),
    ]


def test_a_zip_that_goes_while_it_is_read_cannot_be_opened(export: Path) -> None:
    put(export, {"a.zip": zipped({"1.fit": b"1"})})
    [file] = folders.files([export])
    assert isinstance(file, File)
    [place] = archives.places(file)
    assert isinstance(place, archives.Place)
    archives.close()
    (export / "a.zip").unlink()
    [problem] = archives.unpack(place, everything)
    assert problem == Problem("export/a.zip!/1.fit", "cannot be opened: No such file or directory")
    assert isinstance(problem, Problem)
    assert problem.passing


def test_an_empty_zip_holds_nothing(export: Path) -> None:
    put(export, {"a.zip": zipped({})})
    assert items(export) == []


def test_archives_nested_without_end_are_a_problem(export: Path) -> None:
    data = zipped({"1.fit": b"run"})
    for _ in range(3):
        data = zipped({"a.zip": data})
    put(export, {"a.zip": data})
    [source] = items(export)
    assert isinstance(source, Source)
    for _ in range(4):
        data = zipped({"a.zip": data})
    put(export, {"a.zip": data})
    [problem] = items(export)
    assert isinstance(problem, Problem)
    assert problem.reason == "archives within archives, more than 5 deep"


@pytest.mark.parametrize("packed", [False, True])
def test_what_is_too_large_is_not_read(
    export: Path, packed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_BYTES", 1 << 20)
    for size, kept in ((1 << 20, True), ((1 << 20) + 1, False)):
        put(export, {"1": gzip.compress(bytes(size)) if packed else bytes(size)})
        [item] = items(export)
        assert isinstance(item, Source) is kept
        assert kept or item == Problem("export/1", "larger than 1 MiB")


def test_a_zip_in_a_zip_is_unpacked_once(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Going back in a packed stream means unpacking all before it again, for each member."""
    inner = zipped({f"{(7 * n) % 50}.fit": noise(2000) + bytes([n]) for n in range(50)})
    put(export, {"a.zip": zipped({"b.zip": inner})})
    read = 0
    real = zipfile.ZipExtFile.read

    def counting(self: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        nonlocal read
        data = real(self, n)
        read += len(data)
        return data

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counting)
    assert len(contents(items(export))) == 50
    assert read <= 3 * len(inner)


# What cannot be opened -------------------------------------------------------------------------


def refuse(monkeypatch: pytest.MonkeyPatch, name: str, place: object, member: str) -> None:
    """Let the system deny what the tests' own user may well be allowed."""
    real = getattr(place, member)

    def opened(path: Path | str, *more: object, **named: object) -> object:
        if Path(path).name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *more, **named)

    monkeypatch.setattr(place, member, opened)


def test_a_file_that_may_not_be_read_is_a_problem(
    export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(export, {"1.fit": b"1", "2.fit": b"2"})
    refuse(monkeypatch, "1.fit", Path, "open")
    assert items(export) == [
        Problem("export/1.fit", "cannot be opened: Permission denied"),
        Source("export/2.fit", b"2"),
    ]


@pytest.mark.parametrize("name", ["private", "export"])
def test_a_folder_that_may_not_be_listed_is_a_problem(
    export: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(export, {"private/1.fit": b"1", "2.fit": b"2"})
    refuse(monkeypatch, name, os, "scandir")
    where = "export" if name == "export" else "export/private"
    problem = Problem(where, "cannot be opened: Permission denied")
    assert problem in items(export)
    assert (Source("export/2.fit", b"2") in items(export)) is (name == "private")
    assert find([export], "export/private/1.fit") is None


def test_a_path_that_is_not_there_is_a_problem(export: Path) -> None:
    [problem] = items(export / "gone")
    assert problem == Problem("gone", "cannot be opened: No such file or directory")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(export: Path) -> None:
    os.mkfifo(export / "1.fit")
    assert items(export) == [Problem("export/1.fit", "no ordinary file")]


@pytest.mark.skipif(sys.platform != "linux", reason="names are text on this system")
def test_a_name_that_is_no_text_can_be_printed(export: Path) -> None:
    put(export, {os.fsdecode(b"l\xe4ufe\xff/1.fit"): b"1"})
    [name] = contents(items(export))
    assert name.encode("utf-8").decode() == name
    assert name.endswith("/1.fit")
    assert find([export], name) == Source(name, b"1")


def test_a_report_of_ours_is_not_read_again(tmp_path: Path) -> None:
    export = tmp_path / "export"
    page = b'<!doctype html><meta name="generator" content="kneewatch">'
    put(export, {"1.fit": b"run", "out/index.html": page, "out/report.json": b"{}"})
    put(export, {"mine/index.html": b"<!doctype html>", "mine/2.fit": b"run2"})
    names = [
        item.name
        for item in walk([export], lambda name, head: name.endswith(".fit"))
        if isinstance(item, Source)
    ]
    assert names == ["export/1.fit", "export/mine/2.fit"]
