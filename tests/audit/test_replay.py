"""What would have been said on a past day: from that day's knowledge and no later."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from logbook import Log, exposure, logged

from kneewatch import evidence
from kneewatch.audit.replay import Verdict, judge_day, replay
from kneewatch.config import Config
from kneewatch.rules import review
from kneewatch.rules.gather import gather

BOOK = evidence.load()
START = datetime(2025, 1, 6, 7)

RUN = st.fixed_dictionaries(
    {
        "gap": st.sampled_from([0, 1, 1, 2, 2, 3, 20]),
        "km": st.sampled_from(["", "4", "8", "10", "12", "25"]),
        "descent_m": st.sampled_from(["", "20", "400"]),
        "min": st.sampled_from(["", "55"]),
        "sport": st.sampled_from(["", "", "", "cycling"]),
        "name": st.sampled_from(["", "#knee5 outer back", "Hills"]),
    }
)


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


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    runs=st.lists(RUN, min_size=2, max_size=14),
    cut=st.integers(1, 13),
    event=st.integers(0, 60),
)
def test_later_files_change_no_earlier_verdict(
    runs: list[dict[str, Any]], cut: int, event: int
) -> None:
    rows = rows_of(runs)
    early, late = rows[:cut], rows[cut:]
    # A day is over when the next begins: the same day's later run belongs to it.
    last = early[-1]["local_date"]
    early += [row for row in late if row["local_date"] == last]
    hurt = START.date() + timedelta(days=event)
    before = [v for v in told(early, hurt) if v.day.isoformat() <= last]
    after = told(random.Random(cut).sample(rows, len(rows)), hurt)
    assert before == [v for v in after if v.day.isoformat() <= last]
    assert len(after) >= len({r["local_date"] for r in rows if r["sport"] == "running"})


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
    assert not [code for code in (*last.alerts, *last.untold) if code.startswith(("KW4", "KW7"))]


def test_processes_say_the_same() -> None:
    rows = rows_of([{"gap": 2, "km": "8" if n % 9 else "14"} for n in range(34)])
    assert told(rows, jobs=2) == told(rows, jobs=1)


def test_an_empty_log_says_nothing() -> None:
    assert told([]) == ()
    assert told([], date(2025, 1, 1)) == ()
