"""PMData (CC BY 4.0): 15 people with runs, five months, 225 reports. Real, and far too small.

What can be said of it: how often the rules would have spoken, how few onsets there are, and that
nothing follows. Its reports name the knee and not its back, and one person wrote most of them.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from logbook import exposure
from rich.console import Console

from kneewatch import evidence
from kneewatch.audit.hold import Audit, History, hold
from kneewatch.audit.noted import Event, spans
from kneewatch.audit.replay import replay
from kneewatch.config import Config
from kneewatch.report import audit_tables
from kneewatch.units import Units

BOOK = evidence.load()

Table = dict[str, list[dict[str, str]]]


def table(path: Path) -> Table:
    """Lines by person."""
    by_person: Table = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            by_person[line["pid"]].append(line)
    return by_person


def runs(lines: Iterable[dict[str, str]]) -> list[dict[str, Any]]:
    """Exposure rows; a run without a unit (27 of them) has no distance that could be trusted."""
    rows = []
    for number, line in enumerate(sorted(lines, key=lambda line: line["start"])):
        indoors = line["name"] == "Treadmill"
        cells = {
            "km": line["km"] if line["unit"] == "Kilometer" else "",
            "min": str(float(line["active_s"]) / 60) if line["active_s"] else "",
            "hr": line["avg_hr"],
            "sub_sport": "treadmill" if indoors else "",
            "surface": "treadmill" if indoors else "",
        }
        row = exposure(datetime.fromisoformat(line["start"]), cells)
        rows.append({**row, "id": f"{line['pid']} {number}"})
    return rows


@pytest.fixture(scope="module")
def histories(corpus: Path) -> dict[str, History]:
    """One history a person, up to the last report; an event is a report that names a knee."""
    folder = corpus / "injury"
    reports = table(folder / "pmdata_injury_reports_flat.csv")
    found = {}
    for person, lines in table(folder / "pmdata_runs_flat.csv").items():
        said = sorted({date.fromisoformat(line["time"][:10]) for line in reports[person]})
        knees = [line for line in reports[person] if line["knee"]]
        events = sorted({date.fromisoformat(line["time"][:10]) for line in knees})
        last = said[-1] if said else date.min
        rows = [row for row in runs(lines) if row["local_date"] <= last.isoformat()]
        found[person] = History(
            verdicts=replay(rows, Config(), BOOK, events),
            events=tuple(Event(day, "knee") for day in events),
            spans=spans(tuple(said), last),
            entries=tuple(said),
        )
    return found


@pytest.fixture(scope="module")
def pooled(histories: dict[str, History]) -> Audit:
    return hold(list(histories.values()), BOOK)


def test_everybody_is_judged(histories: dict[str, History]) -> None:
    assert len(histories) == 15
    assert sum(verdict.ran for h in histories.values() for verdict in h.verdicts) > 300


def test_36_reports_of_one_knee_are_a_handful_of_onsets(
    histories: dict[str, History], pooled: Audit
) -> None:
    """37 reports by two people: one person's knee that hurts for weeks is no 36 events."""
    assert sum(len(h.events) for h in histories.values()) > 30
    assert {person for person, h in histories.items() if h.events} == {"p11", "p12"}
    assert (pooled.onsets, pooled.hurt_runners, pooled.prevalent) == (3, 1, 2)
    assert pooled.onsets_without_run == 3, "who hurts that often hardly runs"
    assert dict(pooled.onset_places) == {"back": 0, "knee": 3, "unsaid": 0}


def test_nothing_is_said_of_a_link(pooled: Audit) -> None:
    held = [held for signal in pooled.signals for held in signal.held]
    assert {each.claim for each in held} == {"too few events"}
    assert {each.ratio for each in held} == {None}
    console = Console(file=io.StringIO(), width=80, color_system=None)
    with console.capture() as capture:
        audit_tables.audit(console, pooled, None, Units())
    text = " ".join(capture.get().split())
    assert f"Too few events: {pooled.onsets} onsets, and it takes 20" in text
    assert "no ratio is given" in text


def test_how_often_the_rules_spoke_can_be_said(pooled: Audit) -> None:
    """Five months hold enough runs for that, and most alerts were followed by nothing."""
    by_run = pooled.signal("KW102").held[0]
    assert by_run.exposed + by_run.quiet > 100
    assert 0 < by_run.exposed < 0.3 * (by_run.exposed + by_run.quiet)
    assert by_run.hits <= 1
