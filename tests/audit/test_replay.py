"""What would have been said on a past day: from that day's knowledge and no later."""

from __future__ import annotations

import random
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from logbook import Log, exposure, logged

import kneewatch as kw
from kneewatch import evidence
from kneewatch.audit.replay import judge_day, replay
from kneewatch.audit.verdicts import SINGLE, Verdict, audited
from kneewatch.config import Config
from kneewatch.rules import BOOK as RULES
from kneewatch.rules import review
from kneewatch.rules.alarms import own_levels
from kneewatch.rules.gather import gather

BOOK = evidence.load()
START = datetime(2025, 1, 6, 7)

USUAL = [
    {"gap": 3, "km": "8", "descent_m": "20", "min": "50", "fast_min": "3", "surface": "hard"}
] * 12
"""Five weeks that give a usual, so that what comes after them is judged."""

CELLS = {
    "km": ["", "4", "8", "8", "10", "10.8", "12", "25"],
    "descent_m": ["", "20", "20", "400"],
    "min": ["55"],
    "fast_min": ["", "2", "2", "25"],
    "surface": ["", "hard", "uneven"],
    "sport": ["", "", "", "", "cycling"],
    "name": ["", "#knee5 outer back", "Hills"],
}
SEEDS = st.integers(0, 10**6)

SOME = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def drawn(seed: int) -> list[dict[str, Any]]:
    """The usual, and up to 14 activities of every kind after it; now and then a long break."""
    rng = random.Random(seed)
    return [
        *USUAL,
        *(
            {"gap": rng.choices([0, 1, 2, 3, 20], [2, 4, 4, 3, 0.5])[0]}
            | {name: rng.choice(cells) for name, cells in CELLS.items()}
            for _ in range(rng.randint(2, 14))
        ),
    ]


def rows_of(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Exposure rows, each so many days after the one before."""
    start, rows = START, []
    for number, run in enumerate(runs):
        start += timedelta(days=run["gap"], minutes=1)
        cells = {name: cell for name, cell in run.items() if name != "gap"}
        rows.append({**exposure(start, cells), "id": str(number)})
    return rows


def told(rows: Any, *events: date, jobs: int = 1) -> tuple[Verdict, ...]:
    return replay(rows, Config(), BOOK, events, jobs=jobs)


# --- what is known on a day -----------------------------------------------------------------------


@SOME
@given(seed=SEEDS, cut=st.integers(1, 13), event=st.integers(36, 70))
def test_later_files_change_no_earlier_verdict(seed: int, cut: int, event: int) -> None:
    rows = rows_of(drawn(seed))
    early, late = rows[: len(USUAL) + cut], rows[len(USUAL) + cut :]
    # A day is over when the next begins: the same day's later run belongs to it.
    last = early[-1]["local_date"]
    early += [row for row in late if row["local_date"] == last]
    hurt = START.date() + timedelta(days=event)
    before = [v for v in told(early, hurt) if v.day.isoformat() <= last]
    after = told(random.Random(cut).sample(rows, len(rows)), hurt)
    assert before == [v for v in after if v.day.isoformat() <= last]
    assert len(after) >= len({r["local_date"] for r in rows if r["sport"] == "running"})


def test_drawn_runs_do_get_verdicts() -> None:
    """Or the laws here would hold of nothing: of 357 drawn verdicts none had a level once."""
    seen = [verdict for seed in range(12) for verdict in told(rows_of(drawn(seed)))[len(USUAL) :]]
    assert sum(verdict.ratio is not None for verdict in seen) > 0.8 * len(seen) > 40
    assert {"usual", "change", "clear-jump"} < {verdict.level for verdict in seen}
    codes = {code for verdict in seen for code in verdict.alerts}
    assert codes >= {"KW101", "KW102", "KW111", "KW201", "KW202", "KW302"}


def test_files_of_later_days_change_no_verdict_of_a_file(sample: Path, tmp_path: Path) -> None:
    """The sample's files up to a day, read alone, say what all of them say of that day."""

    def verdicts(last: str) -> tuple[Verdict, ...]:
        folder = tmp_path / last
        for kind in ("watch", "tcx", "phone"):
            (folder / kind).mkdir(parents=True)
            for file in sorted((sample / kind).iterdir()):
                if file.name[:10] <= last:
                    shutil.copy(file, folder / kind)
        return kw.load(folder, jobs=1, as_of="2025-11-02").history(jobs=1).verdicts

    every, some = verdicts("2025-11-02"), verdicts("2025-09-20")
    assert len(some) > 30
    assert some == every[: len(some)]
    assert len({verdict.level for verdict in some}) > 1
    assert {code for verdict in some for code in verdict.alerts} >= {"KW101", "KW301"}


@SOME
@given(seed=SEEDS)
def test_a_shared_log_says_what_one_that_ends_that_day_says(seed: int) -> None:
    rows = rows_of(drawn(seed))
    together = told(rows)
    ran = [verdict.day for verdict in together]
    for place in range(len(USUAL), len(ran)):
        alone = judge_day(rows, Config(), BOOK, ran[place], ran[place - 1])
        assert together[place] == alone, ran[place]


@SOME
@given(seed=SEEDS)
def test_it_says_what_the_review_of_that_day_says(seed: int) -> None:
    """The level of each day, and what single runs were found to be."""
    rows = rows_of([{**run, "name": ""} for run in drawn(seed)])
    since = date.min
    for verdict in told(rows):
        day = verdict.day.isoformat()
        past = [row for row in rows if row["local_date"] <= day]
        said = review(gather(past, Config(), BOOK, verdict.day))
        given_ = (said.attention.level, said.attention.ratio)
        assert (verdict.level, verdict.ratio) == (given_[0], pytest.approx(given_[1])), day
        found = {f.code for f in said.findings if f.code in SINGLE and f.end > since.isoformat()}
        assert found == SINGLE.intersection(verdict.alerts), day
        since = verdict.day


def test_heart_rates_of_today_do_not_reach_back() -> None:
    """A maximum that was measured last week would make runs of last year hard."""
    beats = [{"gap": 3, "km": "8", "min": "50", "beats_min": "2"}] * 14
    rows = rows_of([*beats, {"gap": 3, "km": "8", "min": "50", "beats_min": "20"}])
    assert "KW111" in told(rows)[-1].alerts, "by the watch's own setting"
    low = Config(max_heart_rate_bpm=150.0, resting_heart_rate_bpm=40.0)
    assert replay(rows, low, BOOK) == told(rows)


def test_what_is_ignored_today_was_not_heard() -> None:
    rows = rows_of([*USUAL, {"gap": 2, "km": "25"}])
    last = replay(rows, Config(ignore=frozenset({"KW102"})), BOOK)[-1]
    assert "KW102" in last.untold
    assert "KW102" not in last.alerts


def test_progress_is_told() -> None:
    told_: list[tuple[int, int]] = []
    rows = rows_of([{"gap": 2, "km": "8"}] * 60)
    replay(rows, Config(), BOOK, progress=lambda done, of: told_.append((done, of)))
    assert [of for _, of in told_] == [60] * len(told_)
    assert 0 < told_[0][0] < told_[-1][0] == 60


def test_the_window_loses_nothing_that_rules_look_at() -> None:
    """Two years with breaks: the verdict from the window is that from the whole log."""
    rng = random.Random(7)
    runs = [
        {
            "gap": 95 if n in (70, 90) else rng.choice([2, 3, 4, 5]),
            "km": rng.choice(["5", "8", "10", "14", "22"]),
            "descent_m": rng.choice(["", "30", "350"]),
            "min": "50",
            "hr": rng.choice(["", "150", "171"]),
            "sport": rng.choice(["", "", "", "cycling"]),
        }
        for n in range(130)
    ]
    rows = rows_of(runs)
    verdicts = told(rows)
    assert (verdicts[-1].day - verdicts[0].day).days > 500
    ran = [verdict.day for verdict in verdicts]
    for place in sorted({*rng.sample(range(1, len(ran)), 5), len(ran) - 1}):
        whole = judge_day(rows, Config(), BOOK, ran[place], ran[place - 1])
        assert verdicts[place] == whole, ran[place]
    assert {code for verdict in verdicts for code in verdict.alerts} > {"KW101", "KW102"}


@logged
def test_an_alert_is_said_once_and_on_its_day(log: Log) -> None:
    """The review goes on naming a jump for four weeks; the audit counts the day it was news.

    date, km
    2025-04-01 +3 x16, 10
    2025-05-19, 16
    2025-05-22 +3 x6, 10
    """
    alerts = [v.day.isoformat() for v in told(log.rows) if "KW102" in v.alerts]
    assert alerts == ["2025-05-19"]
    later = review(gather(log.rows, Config(), BOOK, date(2025, 5, 31))).findings
    assert "KW102" in {finding.code for finding in later}


@logged
def test_a_week_is_said_once_and_again_where_it_gets_worse(log: Log) -> None:
    """Saturday's run makes the week a jump; Sunday's makes it a larger one; Monday adds nothing.

    date, km
    2025-03-31 +7 x6, 10
    2025-04-02 +7 x6, 10
    2025-04-05 +7 x5, 10
    2025-05-10, 30
    2025-05-11, 10
    2025-05-12 +2 x3, 8
    """
    alerts = [v.day.isoformat() for v in told(log.rows) if "KW101" in v.alerts]
    assert alerts == ["2025-05-10", "2025-05-11"]
    for day in ("2025-05-12", "2025-05-14"):
        assert "KW101" in {finding.code for finding in log.on(day).review.findings}


@logged
def test_what_is_said_of_four_weeks_counts_when_it_begins(log: Log) -> None:
    """KW203 ends today on every day for a month; it is one alert.

    date, km, descent_m, steep_km
    2025-01-06 +3 x30, 10, 50, 0.1
    2025-04-06 +3 x6, 10, 300, 3
    2025-04-24 +3 x20, 10, 50, 0.1
    """
    alerts = [v.day.isoformat() for v in told(log.rows) if "KW203" in v.alerts]
    assert len(alerts) == 1
    spoken = {"KW203" in {f.code for f in log.on(f"2025-04-{d}").review.findings} for d in (15, 27)}
    assert spoken == {True}


@logged
def test_a_jump_is_the_level_of_its_own_day_and_colours_those_after_it(log: Log) -> None:
    """
    date, km
    2025-04-01 +2 x23, 10
    2025-05-19, 22
    2025-05-21 +2 x3, 3
    2025-05-27, 3
    """
    said = [(v.own_level, v.level) for v in told(log.rows)[-5:]]
    jump = "clear-jump"
    assert said == [(jump, jump), ("usual", jump), ("usual", jump), ("usual", jump), ("usual",) * 2]
    days = [v for v in told(log.rows, date(2025, 5, 20)) if not v.ran]
    assert [(v.own_level, v.own_ratio) for v in days] == [("", None)]


@logged
def test_the_own_level_is_that_of_the_report(log: Log) -> None:
    """
    date, km, descent_m, min, fast_min
    2025-03-03 +2 x30, 10, 50, 60, 2
    2025-05-02, 10.8, 60, 60, 2
    2025-05-04, 26, 400, 160, 30
    2025-05-16 +2 x5, 10, 50, 60, 2
    2025-05-27, 14, 50, 80, 25
    2025-05-28, 14, 300, 80, 25
    """
    own = {v.day: v.own_level or None for v in told(log.rows)}
    assert own == dict(own_levels(log.facts, date(2025, 3, 3)))
    assert {"usual", "big-jump", None} <= {*own.values()}


@logged
def test_the_level_is_that_of_the_review(log: Log) -> None:
    """
    date, km
    2025-04-01 +3 x16, 10
    2025-05-19, 16
    """
    last = told(log.rows)[-1]
    attention = log.attention
    assert (last.level, last.ratio) == (attention.level, attention.ratio)
    assert last.level == "change"


@logged
def test_what_cannot_be_told_is_not_quiet(log: Log) -> None:
    """
    date, km
    2025-05-05 +2 x5, 10
    """
    first = told(log.rows)[0]
    assert {"KW102", "KW201"} <= set(first.untold)
    assert (first.level, first.ratio) == ("not-enough-history", None)


@logged
def test_days_that_hurt_are_judged_too(log: Log) -> None:
    """
    date, km
    2025-05-05 +7 x3, 10
    """
    days = told(log.rows, date(2025, 5, 14), date(2025, 5, 19), date(2024, 1, 1))
    assert [(v.day.day, v.ran) for v in days] == [(5, True), (12, True), (14, False), (19, True)]


@logged
def test_tags_of_pain_in_titles_are_not_asked(log: Log) -> None:
    """
    date, km, name
    2025-05-05 +3 x9, 10, Hills
    2025-06-09, 10, #knee8 outer back
    """
    plain = [{**row, "name": ""} for row in log.rows]
    assert told(log.rows) == told(plain)
    assert "symptoms" not in {verdict.level for verdict in told(log.rows)}


@logged
def test_shoes_and_views_are_left_out(log: Log) -> None:
    """
    date, km, shoe
    2025-01-05 +2 x50, 15, Old
    2025-04-15, 30, Old
    """
    last = judge_day(log.rows, Config(), BOOK, log.as_of, log.as_of - timedelta(days=2))
    assert "KW102" in last.alerts
    assert "KW401" in {finding.code for finding in log.review.findings}
    said = {*last.alerts, *last.untold}
    assert not [code for code in said if code.startswith(("KW4", "KW7", "KW8"))]
    assert said <= {*audited()}
    assert {*audited()} >= SINGLE
    assert {code for code in RULES if code not in audited()} == {
        *("KW104", "KW131", "KW401", "KW402", "KW701"),
        *("KW801", "KW802", "KW803", "KW804", "KW805"),
    }


def test_processes_say_the_same() -> None:
    rows = rows_of([{"gap": 2, "km": "8" if n % 9 else "14"} for n in range(34)])
    assert told(rows, jobs=2) == told(rows, jobs=1)


def test_an_empty_log_says_nothing() -> None:
    assert told([]) == ()
    assert told([], date(2025, 1, 1)) == ()
