"""The same history as each vendor's export would have it, read alone and together."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from exports.garmin import write_garmin_account, write_garmin_csv, write_garmin_watch
from exports.history import Run, ten_weeks
from exports.nike import write_nike
from exports.opentracks import write_opentracks
from exports.polar import write_polar
from exports.runkeeper import write_runkeeper
from exports.strava import write_strava
from exports.suunto import write_suunto

from kneewatch.config import Config
from kneewatch.ingest import Ingested, ingest
from kneewatch.metrics.duplicates import merge_duplicates

Row = dict[str, Any]
Weeks = dict[date, tuple[int, float, float]]

RUNS = ten_weeks()[6:18]
CONFIG = Config(home_timezone="Europe/Vienna")


def within(write: Callable[..., Path], folder: Path, runs: Sequence[Run], *rest: str) -> None:
    folder.mkdir(parents=True)
    write(folder, runs, *rest)


WRITERS: dict[str, Callable[[Path, Sequence[Run]], None]] = {
    "runkeeper": write_runkeeper,
    "runkeeper in miles": lambda folder, runs: write_runkeeper(folder, runs, miles=True),
    "polar": write_polar,
    "polar before 2": lambda folder, runs: write_polar(folder, runs, old=True),
    "suunto": write_suunto,
    "suunto app": lambda folder, runs: write_suunto(folder, runs, app=True),
    "nike": write_nike,
    "opentracks gpx": lambda folder, runs: write_opentracks(folder, runs, "gpx"),
    "opentracks kml": lambda folder, runs: write_opentracks(folder, runs, "kml"),
    "opentracks kmz": lambda folder, runs: write_opentracks(folder, runs, "kmz"),
    "strava": lambda folder, runs: within(write_strava, folder, runs),
    "strava in hungarian": lambda folder, runs: within(write_strava, folder, runs, "hu"),
    "garmin account": lambda folder, runs: within(write_garmin_account, folder, runs),
    "garmin watch": lambda folder, runs: within(write_garmin_watch, folder, runs),
    "garmin table": lambda folder, runs: within(write_garmin_csv, folder, runs, "de"),
}

TOLD = {"strava in hungarian", "garmin table"}
"""Exports that leave something open, and ``doctor`` says what was taken for granted."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All exports, each in a folder of its own."""
    folder = tmp_path_factory.mktemp("exports")
    for name, write in WRITERS.items():
        write(folder / name, RUNS)
    return folder


@pytest.fixture(scope="module")
def read(folder: Path) -> dict[str, Ingested]:
    """Each export read alone."""
    return {name: ingest([folder / name], CONFIG, jobs=1) for name in WRITERS}


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weeks(rows: Sequence[Row]) -> Weeks:
    """Runs, metres and moving seconds by week of the runner's own days."""
    found: dict[date, list[float]] = defaultdict(lambda: [0, 0.0, 0.0])
    for row in rows:
        week = found[monday(date.fromisoformat(row["local_date"]))]
        week[0] += 1
        week[1] += row["distance_m"]
        week[2] += row["moving_s"]
    return {week: (int(n), metres, seconds) for week, (n, metres, seconds) in found.items()}


def truth() -> Weeks:
    return weeks(
        [
            {
                "local_date": run.local_start.date().isoformat(),
                "distance_m": run.distance_m,
                "moving_s": run.duration_s,
            }
            for run in RUNS
        ]
    )


def assert_same(found: Weeks, expected: Weeks) -> None:
    """The same to within what the formats round off."""
    assert found.keys() == expected.keys()
    for week, (runs, metres, seconds) in expected.items():
        assert found[week][0] == runs, week
        assert found[week][1] == pytest.approx(metres, rel=1e-3), week
        assert found[week][2] == pytest.approx(seconds, abs=5 * runs), week


@pytest.mark.parametrize("name", WRITERS)
def test_an_export_has_the_history(name: str, read: dict[str, Ingested]) -> None:
    tally = read[name].tally
    assert (tally.runs, tally.other_activities, tally.unreadable) == (len(RUNS), 0, 0)
    assert tally.problems == ()
    assert bool(tally.assumptions) == (name in TOLD)
    assert_same(weeks(read[name].rows), truth())


@pytest.mark.parametrize(("one", "other"), list(combinations(WRITERS, 2)))
def test_two_exports_have_the_history_of_one(
    one: str, other: str, read: dict[str, Ingested]
) -> None:
    rows, _ = merge_duplicates([dict(row) for name in (one, other) for row in read[name].rows])
    assert_same(weeks(rows), weeks(read[one].rows))


def test_all_exports_in_zips_of_zips_have_the_history(folder: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    for name in WRITERS:
        shutil.make_archive(str(inner / name), "zip", folder / name)
    shutil.make_archive(str(tmp_path / "log" / "all"), "zip", inner)
    found = ingest([tmp_path / "log"], CONFIG, jobs=1)
    assert_same(weeks(found.rows), truth())
    assert (found.tally.unreadable, found.tally.problems) == (0, ())


@pytest.mark.parametrize("name", ["runkeeper", "runkeeper in miles"])
def test_a_row_of_runkeepers_table_is_its_track(name: str, read: dict[str, Ingested]) -> None:
    """The table is of the wall clock, the tracks are in UTC."""
    found = read[name]
    assert len(found.tally.duplicates) == len(RUNS)
    assert {item.reason for item in found.tally.duplicates} == {"the index of this file"}
    for row, run in zip(found.rows, RUNS, strict=True):
        assert row["start"] == run.start
        track, table = row["sources"]
        assert track.endswith(".gpx")
        assert "cardioActivities.csv row " in table
        assert row["notes"] == run.title


def test_a_pause_of_runkeepers_is_a_new_segment(tmp_path: Path) -> None:
    write_runkeeper(tmp_path, RUNS[:1], pause_s=900)
    [row] = ingest([tmp_path], CONFIG, jobs=1).rows
    assert row["distance_m"] == pytest.approx(RUNS[0].distance_m, rel=0.005)
    assert row["moving_s"] == pytest.approx(RUNS[0].duration_s, abs=5)
    assert row["paused_s"] == pytest.approx(900, abs=5)
    assert len(row["sources"]) == 2
