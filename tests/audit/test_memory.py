"""An audit is remembered, and forgotten wherever anything of it changes."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from logbook import read

import kneewatch as kw
from kneewatch import evidence
from kneewatch.audit import memory, replay
from kneewatch.audit.memory import Memory, row_digest
from kneewatch.cache import Cache
from kneewatch.config import Config

BOOK = evidence.load()
LOG = read("date, km\n2024-01-01 +2 x200, 10\n2025-02-10, 16\n")


def judged(place: Path, rows: Any = LOG.rows, config: Config | None = None, *events: date) -> Any:
    return replay.replay(rows, config or Config(), BOOK, events, memory=Memory(place))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many days were asked about, by each call."""
    days: list[int] = []
    judge = replay._judge_blocks

    def counting(config: Config, book: Any, blocks: Any) -> Any:
        days.append(sum(len(block.asks) for block in blocks))
        return judge(config, book, blocks)

    monkeypatch.setattr(replay, "_judge_blocks", counting)
    return days


def test_a_second_audit_asks_no_rule(tmp_path: Path, asked: list[int]) -> None:
    first = judged(tmp_path)
    assert sum(asked) == len(first) == 201
    asked.clear()
    assert judged(tmp_path) == first == replay.replay(LOG.rows, Config(), BOOK)
    assert sum(asked) == 201, "that was the one without a memory"


def test_a_new_run_asks_about_its_own_months_alone(tmp_path: Path, asked: list[int]) -> None:
    judged(tmp_path)
    asked.clear()
    longer = LOG.and_then("2025-02-12T07:00", km=10).rows
    assert judged(tmp_path, longer) == replay.replay(longer, Config(), BOOK)
    assert asked[0] < 46, "a quarter of a year at the most"


@pytest.mark.parametrize("changed", ["ignore", "rows", "event", "evidence", "code"])
def test_whatever_changes_is_asked_anew(
    tmp_path: Path, asked: list[int], changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(tmp_path)
    asked.clear()
    rows, config, events = LOG.rows, Config(), ()
    if changed == "ignore":
        config = Config(ignore=frozenset({"KW102"}))
    elif changed == "rows":
        rows = ({**rows[0], "distance_m": 10_001.0}, *rows[1:])
    elif changed == "event":
        events = (date(2024, 1, 2),)
    elif changed == "evidence":
        monkeypatch.setattr(memory.evidence, "digest", lambda: "another")
    else:
        monkeypatch.setattr(memory, "_code", lambda: "another")
    judged(tmp_path, rows, config, *events)
    assert sum(asked) > (0 if changed == "event" else 30)


def test_names_and_heart_rates_of_today_change_nothing(tmp_path: Path, asked: list[int]) -> None:
    first = judged(tmp_path)
    asked.clear()
    renamed = tuple({**row, "name": "Hills", "sources": ("moved.csv",)} for row in LOG.rows)
    assert judged(tmp_path, renamed, Config(max_heart_rate_bpm=150.0)) == first
    assert asked == []


def test_a_row_is_the_same_however_it_came_into_memory() -> None:
    row = {"a": 1.5, "b": np.array([0.0, 2.0]), "c": ("x",), "d": None}
    same = {"d": None, "c": ["x"], "b": np.array([0, 2]), "a": np.float64(1.5)}
    assert row_digest(row) == row_digest(same)
    assert row_digest(row) != row_digest({**row, "a": 1.5000001})
    assert row_digest(row) != row_digest({**row, "b": np.array([2.0, 0.0])})


def test_what_is_damaged_is_asked_anew(tmp_path: Path) -> None:
    first = judged(tmp_path)
    with Cache(tmp_path, "")._connection as connection:
        connection.execute("UPDATE verdicts SET said = '[{\"day\": 3}]'")
    assert judged(tmp_path) == first
    Cache(tmp_path, "").path.write_bytes(b"no database")
    assert judged(tmp_path) == first


def test_the_log_remembers_unless_it_is_told_not_to(sample: Path, tmp_path: Path) -> None:
    def remembered() -> int:
        with sqlite3.connect(tmp_path / "rows.sqlite") as connection:
            return connection.execute("SELECT count(*) FROM verdicts").fetchone()[0]

    log = kw.load(sample, cache=tmp_path, jobs=1)
    assert remembered() == 0
    first = log.history().verdicts
    assert remembered() > 0
    assert kw.load(sample, cache=tmp_path, jobs=1).history().verdicts == first
    assert kw.load(sample, cache=False, jobs=1).history().verdicts == first
