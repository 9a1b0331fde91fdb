"""Whole exports of Garmin and Strava, read as a runner would point kneewatch at them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from exports.garmin import (
    FIRST_ACTIVITY,
    garmin_entry,
    garmin_gear,
    write_garmin_account,
    write_garmin_csv,
    write_garmin_watch,
)
from exports.history import history
from exports.strava import LANGUAGES, OTHER_TABLES, gear_text, write_strava

import kneewatch as kw
from kneewatch.cli import cli
from kneewatch.config import Config
from kneewatch.ingest import Ingested, ingest

RUNS = history(3)
RECORDED = [run for run in RUNS if run.recorded]
KM = [round(run.distance_m, 1) for run in RUNS]


def read(*paths: Path) -> Ingested:
    found = ingest(paths, Config(home_timezone="Europe/Vienna"), jobs=1)
    tally = found.tally
    assert tally.problems == ()
    # Nothing silently lost: each file, and each activity beyond the first in one.
    assert tally.entries == tally.files + sum(len(row["sources"]) for row in found.rows) - len(
        {_file(source) for row in found.rows for source in row["sources"]}
    )
    return found


def _file(source: str) -> str:
    return source.split(" activity ")[0].split(" row ")[0]


def distances(found: Ingested) -> list[float]:
    return [round(row["distance_m"], 1) for row in found.rows]


# Garmin's account --------------------------------------------------------------------------------


def test_the_account_export_joins_its_pages_to_its_files(tmp_path: Path) -> None:
    found = read(write_garmin_account(tmp_path, RUNS, page=5))
    assert distances(found) == KM
    assert (found.tally.runs, found.tally.other_activities) == (len(RUNS), 0)
    assert len(found.tally.duplicates) == len(RECORDED)
    for row, run in zip(found.rows, RUNS, strict=True):
        first, *others = row["sources"]
        assert first.endswith(".fit") == run.recorded
        assert len(others) == run.recorded
        # The file knows neither; the index does.
        assert (row["name"], row["shoe"]) == (run.title, run.shoe)
        assert row["local_start"] == run.local_start.isoformat()
        assert row["altitude_source"] == (
            "barometer" if run.recorded and not run.indoors else "none"
        )


def test_monitoring_and_the_rest_of_the_account_are_counted(tmp_path: Path) -> None:
    found = read(write_garmin_account(tmp_path, RUNS))
    reasons = Counter(item.reason for item in found.tally.not_activities)
    assert reasons == {
        "a FIT file of type monitoring_b": len(RUNS),
        "a register of 2 pairs of shoes": 1,
        # Profile, sleep, days, records, metrics.
        "no format that kneewatch reads": 5,
    }
    assert found.tally.unreadable == 0


def test_a_shoe_is_said_to_come_from_the_register(tmp_path: Path) -> None:
    path = write_garmin_account(tmp_path, [replace(run, recorded=False) for run in RUNS])
    found = read(path)
    for row, run in zip(found.rows, RUNS, strict=True):
        [(column, source)] = row["filled_from"].items()
        assert (column, row["shoe"], row["shoe_source"]) == ("shoe", run.shoe, "file")
        assert source.endswith("_gear.json")
    shown = CliRunner().invoke(cli, ["runs", "--json", str(path)])
    assert shown.exit_code == 0, shown.output
    first = json.loads(shown.stdout)[0]
    assert first["filled_from"]["shoe"].endswith("_gear.json")


def test_an_activity_of_a_page_can_be_opened_and_has_no_track(tmp_path: Path) -> None:
    log = kw.load(write_garmin_account(tmp_path, [replace(RUNS[0], recorded=False)]), jobs=1)
    assert len(log.track(log.runs.index[0])) == 0


def test_the_register_of_the_account_is_handed_on(tmp_path: Path) -> None:
    [ghost, speedgoat] = read(write_garmin_account(tmp_path, RUNS)).pairs
    assert (ghost.name, ghost.since, ghost.limit_m) == ("Ghost 15", "2025-06-02", 643_737.6)
    assert (speedgoat.name, speedgoat.retired) == ("Speedgoat 5", False)


def test_two_exports_of_one_account_are_one_history(tmp_path: Path) -> None:
    for folder, runs in (("march", RUNS[:8]), ("april", RUNS)):
        (tmp_path / folder).mkdir()
        renamed = [replace(run, title=f"{run.title} in {folder}") for run in runs]
        write_garmin_account(tmp_path / folder, renamed)
    found = read(tmp_path)
    assert distances(found) == KM


def test_an_unpacked_account_with_broken_pages_keeps_the_files(tmp_path: Path) -> None:
    page = json.dumps([{"summarizedActivitiesExport": [garmin_entry(0, RUNS[0])]}])
    (tmp_path / "a_0_summarizedActivities.json").write_text(page[:-40])
    (tmp_path / "a_gear.json").write_text(json.dumps([garmin_gear(RUNS)]))
    found = ingest([tmp_path], Config(), jobs=1)
    assert found.rows == ()
    assert found.tally.unreadable == 1
    [problem] = found.tally.problems
    assert problem.reason.endswith("activities kept: 0")
    assert len(found.pairs) == 2


def test_an_activity_with_a_wrong_clock_is_lost_once(tmp_path: Path) -> None:
    future = replace(RUNS[0], start=datetime(2093, 1, 1, tzinfo=UTC))
    entries = [garmin_entry(0, future), garmin_entry(1, RUNS[1])]
    page = json.dumps([{"summarizedActivitiesExport": entries}])
    (tmp_path / "a_0_summarizedActivities.json").write_text(page)
    write_garmin_csv(tmp_path, [future])
    tally = ingest([tmp_path], Config(), jobs=1).tally
    assert (tally.files, tally.runs, tally.unreadable, tally.entries) == (2, 1, 2, 3)
    assert {problem.reason for problem in tally.problems} == {"its clock was wrong: 2093-01-01"}


def test_a_shoe_of_the_file_itself_stays(tmp_path: Path) -> None:
    gear = garmin_gear(RUNS)
    gear["gearDTOS"][0]["customMakeModel"] = "Another name"
    write_garmin_account(tmp_path, RUNS, gear=gear)
    write_garmin_csv(tmp_path, RUNS)
    shoes = {row["shoe"] for row in read(tmp_path).rows}
    assert shoes <= {"Another name", "Ghost 15", "Speedgoat 5"}
    assert "" not in shoes
    assert gear["gearActivityDTOs"]["44700764"][0]["activityId"] == FIRST_ACTIVITY


# The watch ---------------------------------------------------------------------------------------


def test_a_watch_as_a_drive(tmp_path: Path) -> None:
    found = read(write_garmin_watch(tmp_path, RUNS))
    assert distances(found) == [round(run.distance_m, 1) for run in RECORDED]
    assert found.tally.duplicates == ()
    assert found.tally.unreadable == 0
    reasons = Counter(item.reason for item in found.tally.not_activities)
    assert reasons["no format that kneewatch reads"] == 6
    assert reasons["a GPX file without a track: routes or waypoints"] == 1
    kinds = [reason for reason in reasons if reason.startswith("a FIT file of type ")]
    assert sum(reasons[kind] for kind in kinds) == 12


def test_doctor_on_a_watch(tmp_path: Path) -> None:
    root = write_garmin_watch(tmp_path, RUNS)
    shown = CliRunner().invoke(cli, ["doctor", "--json", str(root)])
    assert shown.exit_code == 0, shown.output
    said = json.loads(shown.stdout)
    assert said["files"] == sum(path.is_file() for path in root.rglob("*"))
    assert said["runs"] == len(RECORDED)


# Strava ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zipped", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_strava_joins_its_table_to_its_files(language: str, zipped: bool, tmp_path: Path) -> None:
    found = read(write_strava(tmp_path, RUNS, language, zipped=zipped))
    assert distances(found) == pytest.approx(KM, rel=2e-4)
    assert (found.tally.runs, found.tally.other_activities) == (len(RUNS), 0)
    assert len(found.tally.duplicates) == len(RECORDED)
    for row, run in zip(found.rows, RUNS, strict=True):
        assert "activities.csv row" in row["sources"][-1]
        assert (len(row["sources"]) == 2) == run.recorded
        assert (row["name"], row["shoe"]) == (run.title, gear_text(run.shoe))
        assert row["local_date"] == run.local_start.date().isoformat()


def test_strava_lists_its_shoes_and_leaves_the_rest(tmp_path: Path) -> None:
    found = read(write_strava(tmp_path, RUNS))
    assert [pair.name for pair in found.pairs] == ["Brooks Ghost 15", "Hoka Speedgoat 5 Blue"]
    assert {row["shoe"] for row in found.rows} == {pair.name for pair in found.pairs}
    assert len(found.tally.not_activities) == len(OTHER_TABLES) + 1
    assert found.tally.assumptions == ()


def test_strava_says_what_it_took_for_granted(tmp_path: Path) -> None:
    found = read(write_strava(tmp_path, RUNS, "hu"))
    assert all("Strava's order" in assumed.reason for assumed in found.tally.assumptions)
    assert len(found.tally.assumptions) >= len(RUNS) - len(RECORDED)


def test_a_run_by_hand_has_the_unpaved_metres_of_the_table(tmp_path: Path) -> None:
    woods = [replace(run, recorded=False) for run in RUNS if run.sub_sport == "trail"]
    rows = read(write_strava(tmp_path, woods)).rows
    assert [row["dirt_m"] for row in rows] == pytest.approx([0.7 * r.distance_m for r in woods])
    # That it is a trail says the kind of run; a share of unpaved ways says nothing.
    assert {(row["surface"], row["surface_source"]) for row in rows} == {
        ("uneven", "kind of sport")
    }
    assert "dirt_m" in kw.load(tmp_path, jobs=1).runs.columns


# Any of them -------------------------------------------------------------------------------------


@pytest.mark.parametrize("decimal_comma", [False, True])
def test_all_four_ways_out_at_once_are_one_history(tmp_path: Path, decimal_comma: bool) -> None:
    same_shoes = [replace(run, shoe="") for run in RUNS]
    for name in ("account", "watch", "strava", "table"):
        (tmp_path / name).mkdir()
    write_garmin_account(tmp_path / "account", same_shoes)
    write_garmin_watch(tmp_path / "watch", same_shoes)
    write_strava(tmp_path / "strava", same_shoes, "fr")
    write_garmin_csv(tmp_path / "table", same_shoes, "de", decimal_comma=decimal_comma)
    assert distances(read(tmp_path)) == pytest.approx(KM, abs=5)
