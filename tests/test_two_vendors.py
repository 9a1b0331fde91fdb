"""One history by way of two vendors: reading both gives the same weeks as reading one."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from fit_encoder import FitWriter

import kneewatch as kw
from kneewatch import cli

WEEKS = 4
SIDE_DEG = 0.004
SIDE_M = 111_195 * SIDE_DEG
CONFIG = 'home_timezone = "Europe/Vienna"\n'


@dataclass(frozen=True)
class Run:
    """A run at 3 m/s around a loop in Vienna, as it was."""

    start: datetime
    metres: int

    @property
    def seconds(self) -> int:
        return self.metres // 3

    def points(self, step: int) -> list[tuple[datetime, float, float, float, float]]:
        """Time, latitude, longitude, distance and altitude."""
        found = []
        for second in range(0, self.seconds + 1, step):
            way = 3.0 * second
            side, along = divmod(way / SIDE_M, 1)
            # A square is a loop as well.
            lat, lon = ((along, 0), (1, along), (1 - along, 1), (0, 1 - along))[int(side) % 4]
            when = self.start + timedelta(seconds=second)
            place = (48.2 + SIDE_DEG * lat, 16.4 + 1.5003 * SIDE_DEG * lon)
            found.append((when, *place, way, 200 + 10 * abs(way / SIDE_M % 4 - 2)))
        return found


def history() -> list[Run]:
    """Four weeks: a double day on one loop each Tuesday, a long run at the end of each."""
    monday = datetime(2025, 6, 2, tzinfo=UTC)
    runs = []
    for week in range(WEEKS):
        day = monday + timedelta(days=7 * week)
        runs += [
            Run(day + timedelta(days=1, hours=5), 6000),
            Run(day + timedelta(days=1, hours=17), 6000),
            Run(day + timedelta(days=3, hours=16, minutes=10), 8400),
            Run(day + timedelta(days=6, hours=7, minutes=3, seconds=20), 12_000 + 600 * week),
        ]
    return runs


def fit(folder: Path, runs: Sequence[Run]) -> None:
    for run in runs:
        end = run.start + timedelta(seconds=run.seconds)
        who = {"type": "activity", "manufacturer": "garmin", "time_created": run.start}
        to = FitWriter().message("file_id", who)
        for when, lat, lon, way, altitude in run.points(5):
            to.message(
                "record",
                {
                    "timestamp": when,
                    "position_lat": lat,
                    "position_long": lon,
                    "distance": way,
                    "altitude": altitude,
                    "heart_rate": 150,
                    "cadence": 85,
                },
            )
        session = {"start_time": run.start, "timestamp": end, "sport": "running"}
        totals = {"total_elapsed_time": run.seconds, "total_timer_time": run.seconds}
        to.message("session", session | totals | {"total_distance": run.metres})
        (folder / f"{run.start:%Y-%m-%d-%H-%M-%S}.fit").write_bytes(to.to_bytes())


def gpx(folder: Path, runs: Sequence[Run], *, shift: timedelta = timedelta(0)) -> None:
    """A phone that found its satellites 20 s later."""
    for number, run in enumerate(runs):
        points = "".join(
            f'<trkpt lat="{lat:.6f}" lon="{lon:.6f}"><ele>{altitude:.1f}</ele>'
            f"<time>{when + shift:%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
            for when, lat, lon, _, altitude in run.points(4)[5:]
        )
        text = (
            '<gpx version="1.1" creator="StravaGPX"><trk><type>running</type>'
            f"<trkseg>{points}</trkseg></trk></gpx>"
        )
        (folder / f"{number}.gpx").write_text(text, "utf-8")


def tcx(folder: Path, runs: Sequence[Run]) -> None:
    for number, run in enumerate(runs):
        points = "".join(
            f"<Trackpoint><Time>{when:%Y-%m-%dT%H:%M:%SZ}</Time><Position>"
            f"<LatitudeDegrees>{lat:.6f}</LatitudeDegrees>"
            f"<LongitudeDegrees>{lon:.6f}</LongitudeDegrees></Position>"
            f"<DistanceMeters>{way}</DistanceMeters></Trackpoint>"
            for when, lat, lon, way, _ in run.points(6)
        )
        text = (
            '<TrainingCenterDatabase><Activities><Activity Sport="Running">'
            f"<Id>{run.start:%Y-%m-%dT%H:%M:%SZ}</Id><Lap>"
            f"<TotalTimeSeconds>{run.seconds}</TotalTimeSeconds>"
            f"<DistanceMeters>{run.metres}</DistanceMeters><Track>{points}</Track></Lap>"
            "<Creator><Name>Forerunner 935</Name></Creator></Activity></Activities>"
            "</TrainingCenterDatabase>"
        )
        (folder / f"{number}.tcx").write_text(text, "utf-8")


def csv(folder: Path, runs: Sequence[Run], *, shift: timedelta = timedelta(hours=2)) -> None:
    """A table by the runner's own clock."""
    lines = ["Date,Activity Type,Title,Distance (km),Duration,Total Descent"]
    for run in runs:
        wall = f"{run.start + shift:%Y-%m-%d %H:%M:%S}"
        time = timedelta(seconds=run.seconds)
        lines.append(f"{wall},Running,Run of {run.metres},{run.metres / 1000},{time},77")
    (folder / "activities.csv").write_text("\n".join(lines) + "\n", "utf-8")


Writer = Callable[..., None]
VENDORS: dict[str, Writer] = {"fit": fit, "gpx": gpx, "tcx": tcx, "csv": csv}


def load(root: Path, *vendors: str, **how: Any) -> kw.RunLog:
    """The log of what the vendors wrote into folders of their own."""
    root.mkdir(exist_ok=True)
    (root / "kneewatch.toml").write_text(CONFIG, "utf-8")
    for name in vendors:
        (root / name).mkdir()
        VENDORS[name](root / name, history(), **how.get(name, {}))
    return kw.load(root, as_of="2025-06-29", jobs=1, cache=False)


SUMS = ("distance_m", "runs", "longest_m", "moving_s", "days_off", "other_activities")


def alike(one: kw.RunLog, other: kw.RunLog) -> None:
    """The same weeks, as far as two vendors' metres are the same."""
    for name in SUMS:
        pd.testing.assert_series_equal(
            one.weeks[name], other.weeks[name], rtol=0.02, check_dtype=False
        )


RICHEST = ("fit", "tcx", "gpx", "csv")
"""Whose amounts count where several have a run."""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, kw.RunLog]:
    """What each vendor gives by itself."""
    root = tmp_path_factory.mktemp("alone")
    return {name: load(root / name, name) for name in VENDORS}


def test_each_vendor_has_the_whole_history(alone: dict[str, kw.RunLog]) -> None:
    for name, log in alone.items():
        assert len(log.runs) == 4 * WEEKS, name
        assert log.tally.duplicates == ()
        alike(log, alone["fit"])


@pytest.mark.parametrize(
    "vendors",
    [*itertools.combinations(VENDORS, 2), *itertools.combinations(VENDORS, 3), tuple(VENDORS)],
    ids="+".join,
)
def test_reading_all_is_reading_one(
    vendors: tuple[str, ...], alone: dict[str, kw.RunLog], tmp_path: Path
) -> None:
    log = load(tmp_path / "log", *vendors)
    assert len(log.runs) == 4 * WEEKS
    assert len(log.tally.duplicates) == 4 * WEEKS * (len(vendors) - 1)
    assert all(len(sources) == len(vendors) for sources in log.runs["sources"])
    for name in vendors:
        alike(log, alone[name])


@pytest.mark.parametrize("vendors", [("fit", "csv"), ("tcx", "csv"), ("fit", "tcx")])
def test_the_weeks_are_those_of_the_richer(
    vendors: tuple[str, str], alone: dict[str, kw.RunLog], tmp_path: Path
) -> None:
    log, richer = load(tmp_path / "log", *vendors), alone[vendors[0]]
    for name in SUMS:
        pd.testing.assert_series_equal(log.weeks[name], richer.weeks[name])


@pytest.mark.parametrize("hours", [-6.5, -2, 1, 5.5, 9.75])
def test_a_vendor_in_another_time_zone(
    hours: float, alone: dict[str, kw.RunLog], tmp_path: Path
) -> None:
    """A table in UTC or in the zone of somebody else; tracks that call local time UTC."""
    off = timedelta(hours=hours)
    log = load(tmp_path / "t", "fit", "csv", csv={"shift": timedelta(hours=2) + off})
    alike(log, alone["fit"])
    assert {copy.rule for copy in log.tally.duplicates} == {"time zone"}
    log = load(tmp_path / "g", "fit", "gpx", gpx={"shift": off})
    alike(log, alone["fit"])


def printed(*words: object) -> Any:
    done = CliRunner().invoke(cli.cli, [str(word) for word in words])
    assert done.exit_code == 0, (done.output, done.exception)
    return json.loads(done.stdout) if "--json" in words else done.stdout


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Watch and table of one history."""
    root = tmp_path_factory.mktemp("both") / "log"
    load(root, "fit", "csv")
    return root


def test_what_is_from_where_is_shown(both: Path) -> None:
    for row in printed("runs", both, "--json"):
        source = row["sources"][1]
        assert source.startswith("log/csv/activities.csv row ")
        assert row["sources"][0].endswith(".fit")
        assert row["name"] == f"Run of {row['distance_m']:.0f}"
        assert row["filled_from"] == {"name": source, "device_descent_m": source}
        assert row["altitude_source"] != "device"
        assert "whereabouts" not in row


def test_doctor_names_each_and_how_to_say_otherwise(both: Path) -> None:
    told = printed("doctor", both, "--json")
    parts = ("runs", "other_activities", "duplicates", "not_activities", "unreadable")
    assert sum(told[part] for part in parts) == told["entries"]
    assert told["duplicates"] == len(told["duplicate_of"]) == 4 * WEEKS
    text = " ".join(printed("doctor", both).split())
    assert "log/csv/activities.csv row 2: starts within a minute and is as long (kept: log/" in text
    assert "name both under [[different]] in kneewatch.toml" in text


def test_the_lines_that_are_printed_say_otherwise(both: Path, tmp_path: Path) -> None:
    text = printed("duplicates", both)
    assert "Set aside  log/csv/activities.csv row 2" in text
    assert "2025-06-03 07:00, 6.0 km, 33 min" in text
    (first, *rest) = printed("duplicates", both, "--json")
    assert len(rest) == 4 * WEEKS - 1
    assert list(first) == [
        "source",
        "kept",
        "reason",
        "rule",
        "seen",
        "kept_seen",
        "override",
    ]
    # To be copied as they stand.
    for line in first["override"].splitlines():
        assert line in text
    other = tmp_path / "other.toml"
    other.write_text(CONFIG + first["override"] + "\n", "utf-8")
    found = printed("doctor", both, "--json", "--config", other)
    assert (found["runs"], found["duplicates"]) == (4 * WEEKS + 1, 4 * WEEKS - 1)
    assert found["problems"] == []


def test_same_and_problems_by_way_of_the_file(both: Path, tmp_path: Path) -> None:
    names = sorted(path.name for path in (both / "fit").iterdir())
    other = tmp_path / "other.toml"
    other.write_text(
        f'{CONFIG}[[same]]\nfiles = ["fit/{names[0]}", "fit/{names[1]}"]\n'
        '[[same]]\nfiles = ["nowhere.fit", "activities.csv row 2"]\n',
        "utf-8",
    )
    told = printed("doctor", both, "--json", "--config", other)
    assert told["runs"] == 4 * WEEKS - 1
    (problem,) = told["problems"]
    assert problem["source"] == "kneewatch.toml"
    assert "'nowhere.fit'" in problem["reason"]
    parts = ("runs", "other_activities", "duplicates", "not_activities", "unreadable")
    assert sum(told[part] for part in parts) == told["entries"]
    copies = printed("duplicates", both, "--json", "--config", other)
    assert [c["override"] for c in copies if c["rule"] == "config"] == [
        "# take the [[same]] that names them out of kneewatch.toml"
    ]


def test_one_content_that_is_called_different_has_two_tracks(tmp_path: Path) -> None:
    root = tmp_path / "log"
    for name in ("a", "b"):
        (root / name).mkdir(parents=True)
        fit(root / name, history()[:1])
    named = CONFIG + '[[different]]\nfiles = ["a/%s", "b/%s"]\n'
    file = next((root / "a").iterdir()).name
    (root / "kneewatch.toml").write_text(named % (file, file), "utf-8")
    log = kw.load(root, as_of="2025-06-29", jobs=1, cache=False)
    assert len(log.runs) == 2
    one, other = (log.track(run) for run in log.runs.index)
    assert len(one) > 100
    pd.testing.assert_frame_equal(one, other)


def test_a_log_without_copies(tmp_path: Path) -> None:
    load(tmp_path / "log", "tcx")
    assert printed("duplicates", tmp_path / "log") == "No duplicates.\n"
    assert printed("duplicates", tmp_path / "log", "--json") == []
