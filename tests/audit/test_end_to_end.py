"""Real reviews of a made-up runner: what was put into the log comes out of the audit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from logbook import exposure

from kneewatch import evidence
from kneewatch.audit.history import look_back
from kneewatch.audit.hold import hold
from kneewatch.audit.noted import noted
from kneewatch.audit.outcome import History
from kneewatch.config import Config
from kneewatch.diary import Diary, Pain

START = datetime(2022, 1, 3, 7)
RUNS, EVERY = 132, 6
BOOK = evidence.load()


def day(run: int) -> date:
    return (START + timedelta(days=EVERY * run)).date()


def diary(*runs: int) -> Diary:
    """Zeros every 24 days from the first to the last, and pain after those runs."""
    zeros = [Pain(day(run), 0.0) for run in {*range(0, RUNS, 4), RUNS - 1} - {*runs}]
    hurt = [Pain(day(run), 4.0, where="outer-back") for run in runs]
    return Diary(tuple(sorted([*zeros, *hurt], key=lambda entry: entry.day)))


@pytest.fixture(scope="module")
def jumps() -> History:
    """Two years of 10 km every sixth day, each sixth run 16 km, which hurts."""
    rows = [
        exposure(START + timedelta(days=EVERY * n), {"km": "16" if n % 6 == 5 else "10"})
        for n in range(RUNS)
    ]
    return look_back(rows, Config(), BOOK, diary(*range(5, RUNS, 6)), day(RUNS - 1))


def test_jumps_that_hurt_are_found(jumps: History) -> None:
    audit = hold([jumps], BOOK)
    by_run = audit.signal("KW102").held[0]
    assert audit.onsets == 22
    assert (by_run.hits, by_run.misses) == (22, 0)
    assert by_run.claim == "more after alerts"


def test_on_the_day_itself_nobody_was_warned(jumps: History) -> None:
    week = hold([jumps], BOOK).signal("KW102").held[1]
    assert (week.hits, week.same_day) == (0, 22)


def test_pain_after_other_runs_is_not_laid_at_their_door(jumps: History) -> None:
    other = noted(diary(*range(2, RUNS, 6)), BOOK, day(RUNS - 1))
    moved = replace(jumps, events=other.events, entries=other.entries)
    audit = hold([moved], BOOK)
    assert audit.onsets == 22
    by_run = audit.signal("KW102").held[0]
    assert by_run.hits == 0
    assert by_run.claim != "more after alerts"
