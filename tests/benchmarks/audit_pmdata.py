"""The audit on PMData (CC BY 4.0), the one open set with both runs and reports of injury.

python tests/benchmarks/audit_pmdata.py [FOLDER]

Splits the tables of 16 people into a folder each, in a temporary place, and audits them as a squad
with the command itself. Its reports name the knee and not its back, and one person wrote most of
them: what can be said is how often the rules spoke.
"""

from __future__ import annotations

import csv
import os
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from kneewatch import cli

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "injury"

SCORES = {"minor": 3, "major": 5}
"""The reports know two sizes; a minor one is as little as an event may be."""


def split(folder: Path, target: Path) -> list[Path]:
    """One folder a person, with a table of runs and pain.csv."""
    runs, reports = (
        _by_person(folder / f"pmdata_{name}_flat.csv") for name in ("runs", "injury_reports")
    )
    people = []
    for person in sorted(runs):
        place = target / person
        place.mkdir(parents=True)
        people.append(place)
        log = [["date", "time", "distance km", "duration", "avg hr", "type"]]
        # A run without a unit has no distance that could be trusted.
        log += [
            [
                *run["start"].split(),
                run["km"] if run["unit"] == "Kilometer" else "",
                _clock(run["active_s"]),
                run["avg_hr"].partition(".")[0],
                "treadmill running" if run["name"] == "Treadmill" else "running",
            ]
            for run in runs[person]
        ]
        _write(place / "log.csv", log)
        noted = [["date", "score", "when", "where", "side"]]
        for report in reports.get(person, []):
            noted += _entries(report)
        if len(noted) > 1:
            _write(place / "pain.csv", noted)
    return people


def _entries(report: dict[str, str]) -> list[list[str]]:
    """A report as lines of pain.csv: one a part of the body, and a zero where no knee is named."""
    day = report["time"][:10]
    lines = []
    for part in filter(None, report["all"].split("|")):
        name, _, size = part.partition(":")
        side, _, where = name.partition("_")
        if side not in ("left", "right"):
            side, where = "", name
        lines.append([day, str(SCORES[size]), "", where.replace("_", "-"), side])
    if not report["knee"]:
        lines.append([day, "0", "", "knee", ""])
    return lines


def _clock(seconds: str) -> str:
    whole = int(float(seconds or 0))
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}" if whole else ""


def _by_person(path: Path) -> dict[str, list[dict[str, str]]]:
    people: dict[str, list[dict[str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            people[line["pid"]].append(line)
    return people


def _write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def main(folder: str = str(CORPUS)) -> None:
    """Split the tables and audit the squad."""
    with TemporaryDirectory() as place:
        os.environ["KNEEWATCH_CACHE_DIR"] = str(Path(place, "cache"))
        people = split(Path(folder), Path(place, "squad"))
        click.echo(f"=== PMData: {len(people)} people with runs\n")
        cli.cli(["audit", "--squad", str(Path(place, "squad"))], standalone_mode=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
