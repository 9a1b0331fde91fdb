"""Exports on this machine are known by what lies inside them."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from kneewatch import discover
from kneewatch.discover import ACTIVITY_FILES, downloads, kind_of, look_around, recognise


def zipped(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"x" * 10)
    return path


def tree(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x" * 10)
    return folder


EXPORTS = [
    ("Strava export", ["activities.csv", "activities/123.fit.gz", "shoes.csv"]),
    ("Strava export", ["activities/123.gpx"]),
    ("Garmin account export", ["DI_CONNECT/DI-Connect-Fitness/a_gear.json"]),
    ("Garmin account export", ["x/DI_CONNECT/DI-Connect-Uploaded-Files/U_0-_Part1.zip"]),
    ("Apple Health export", ["apple_health_export/Exportieren.xml"]),
    ("Runkeeper export", ["cardioActivities.csv", "2019-05-04-163509.gpx"]),
    ("Polar export", ["training-session-2014-01-27-1-2.json", "account-data.json"]),
    ("Polar export", ["training-session_2023-11-15T12-23-32_1-2.json"]),
    ("Garmin watch", ["GARMIN/Activity/2023-12-11-20-04-18.fit", "GARMIN/GarminDevice.xml"]),
    ("Garmin watch", ["Activity/68T62508.FIT"]),
    (ACTIVITY_FILES, ["2024/run.tcx.gz"]),
    ("", ["photo.jpg", "notes.txt"]),
    ("", []),
]


@pytest.mark.parametrize(("kind", "names"), EXPORTS)
def test_by_what_lies_inside(kind: str, names: list[str], tmp_path: Path) -> None:
    assert kind_of(names) == kind
    for found in (
        recognise(zipped(tmp_path / "whatever.bin", *names)),
        recognise(tree(tmp_path / "folder", *names)) if names else None,
    ):
        assert (found.kind if found else "") == (kind if found or names else "")


def test_apple_healths_file_alone(tmp_path: Path) -> None:
    page = tmp_path / "Export.xml"
    page.write_text("<?xml version='1.0'?><HealthData locale='de_AT'></HealthData>", "utf-8")
    found = recognise(page)
    assert found is not None
    assert found.kind == "Apple Health export"


def test_what_lies_in_a_folder_is_listed_newest_first(tmp_path: Path) -> None:
    old = zipped(tmp_path / "export_1.zip", "activities.csv")
    os.utime(old, (1_600_000_000, 1_600_000_000))
    tree(tmp_path, "a.fit", "b.GPX", "letter.pdf", ".hidden.fit")
    tree(tmp_path / "watch", "Activity/1.fit", "Activity/2.fit")
    found = look_around([tmp_path])
    assert [(item.kind, item.files) for item in found if item.path != tmp_path] == [
        ("Garmin watch", 2),
        ("Strava export", 0),
    ]
    (single,) = [item for item in found if item.path == tmp_path]
    assert (single.kind, single.files, single.size) == ("single activity files", 2, 20)
    assert {path.name for path in single.paths} == {"a.fit", "b.GPX"}
    assert single.command == f"kneewatch report {tmp_path}/*.GPX {tmp_path}/*.fit"


def test_a_command_can_be_pasted(tmp_path: Path) -> None:
    found = recognise(zipped(tmp_path / "my export.zip", "activities.csv"))
    assert found is not None
    assert found.command == f"kneewatch report '{tmp_path}/my export.zip'"


def test_broken_and_closed_places_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    assert look_around([tmp_path, tmp_path / "nowhere"]) == []


def test_the_folder_for_downloads_by_the_systems_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert downloads() == []
    (tmp_path / "Téléchargements").mkdir()
    (tmp_path / ".config").mkdir()
    told = 'XDG_DESKTOP_DIR="$HOME/Bureau"\nXDG_DOWNLOAD_DIR="$HOME/Téléchargements"\n'
    (tmp_path / ".config" / "user-dirs.dirs").write_text(told, "utf-8")
    assert downloads() == [tmp_path / "Téléchargements"]


def test_a_watch_that_is_plugged_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = tree(tmp_path / "media" / "GARMIN", "Garmin/Activity/2025-01-01-07-00-00.fit")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(discover.sys, "platform", "linux")
    monkeypatch.setattr(discover, "_linux_roots", lambda: [tmp_path / "media"])
    monkeypatch.setattr(discover.os.path, "ismount", lambda path: path == watch)
    (found,) = look_around()
    assert (found.path, found.kind, found.files) == (watch, "Garmin watch", 1)
