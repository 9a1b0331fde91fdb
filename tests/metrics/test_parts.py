"""One activity in several files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from kneewatch.metrics.duplicates import merge_duplicates
from kneewatch.metrics.exposure import expose
from kneewatch.metrics.parts import join_parts
from kneewatch.model import Activity, Recording

Row = dict[str, Any]

START = datetime(2025, 6, 14, 16, 0, tzinfo=UTC)


def file(source: str, begin_s: float = 0, seconds: float = 900, speed: float = 3.0) -> Row:
    """The row of a stretch run at one speed, ten metres down."""
    time = np.arange(0.0, seconds + 1)
    track = {
        "time_s": time,
        "distance_m": speed * time,
        "altitude_m": 300 - 10 * time / seconds,
        "heart_rate_bpm": np.full(len(time), 100 + 10 * speed),
    }
    start = START + timedelta(seconds=begin_s)
    activity = Activity(source, source, start, "unknown", barometer=True)
    return expose(Recording(activity, track), "Europe/Vienna")


def index(hint: str, source: str = "x/export.xml workout 1", **values: Any) -> Row:
    fields = {"sport": "running", "distance_m": 5400.0, "elapsed_s": 2400.0} | values
    return expose(Recording(Activity("w", source, START, file_hint=hint, **fields)), None)


ONE, TWO = "x/workout-routes/a.gpx", "x/workout-routes/b.gpx"
BOTH = "/workout-routes/a.gpx\n/workout-routes/b.gpx"


def test_files_of_one_activity_are_one_row() -> None:
    first, second = file(ONE), file(TWO, 1500, speed=4.0)
    (left, row), [part] = join_parts([index(BOTH), second, first])
    assert (part.source, part.kept) == (TWO, ONE)
    assert row["sources"] == (ONE, TWO)
    assert row["id"] == first["id"]
    assert row["distance_m"] == pytest.approx(900 * 7.0)
    assert row["moving_s"] == pytest.approx(first["moving_s"] + second["moving_s"])
    assert row["elapsed_s"] == 2400
    assert row["paused_s"] == 600
    assert row["speed_mps"] == pytest.approx(row["distance_m"] / row["moving_s"])
    assert row["descent_m"] == pytest.approx(first["descent_m"] + second["descent_m"])
    assert row["avg_hr_bpm"] == pytest.approx(135, abs=0.5)
    assert row["max_hr_bpm"] == 140
    assert row["best_400m_s"] == pytest.approx(100, rel=0.02)
    beats = first["heart_rate_histogram_s"] + second["heart_rate_histogram_s"]
    assert np.array_equal(row["heart_rate_histogram_s"], beats)
    assert set(np.flatnonzero(beats)) == {130, 140}
    assert left["file_hint"] == ONE


def test_the_parts_and_their_index_count_once() -> None:
    rows, parts = join_parts([file(TWO, 1500), index(BOTH), file(ONE)])
    [row], duplicates = merge_duplicates(rows)
    assert len(parts) + len(duplicates) == 2
    assert (row["sport"], row["distance_m"]) == ("running", pytest.approx(5400))
    assert set(row["sources"]) == {ONE, TWO, "x/export.xml workout 1"}


@pytest.mark.parametrize("there", [[ONE], [TWO], []])
def test_a_file_that_is_not_there_is_not_missed(there: list[str]) -> None:
    rows, parts = join_parts([index(BOTH), *map(file, there)])
    assert not parts
    assert rows[0]["file_hint"].endswith((*there, "/a.gpx"))
    assert "\n" not in rows[0]["file_hint"]
    kept, _ = merge_duplicates(rows)
    assert len(kept) == 1


def test_files_beside_the_index_come_before_those_of_the_same_name_elsewhere() -> None:
    old = [file(name.replace("x/", "old/")) for name in (ONE, TWO)]
    new = [file(ONE), file(TWO, 1500)]
    rows, parts = join_parts([*old, *new, index(BOTH)])
    assert [(part.source, part.kept) for part in parts] == [(TWO, ONE)]
    assert len(rows) == 4


def test_one_file_that_two_rows_name_is_taken_once() -> None:
    again = index(BOTH, "x/export.xml workout 2")
    rows, parts = join_parts([index(BOTH), again, file(ONE), file(TWO, 1500)])
    assert len(parts) == 1
    assert len(rows) == 3
    assert {row["file_hint"] for row in rows[:2]} == {ONE}


def test_without_such_an_index_nothing_changes() -> None:
    rows = [file(ONE), file(TWO, 1500), index("a.gpx")]
    assert join_parts(rows) == (rows, [])


def test_what_begins_and_ends_a_run_is_of_its_first_and_last_part() -> None:
    slow, fast = file("r1.gpx", 0, speed=2.5), file("r2.gpx", 1000, speed=4.5)
    joined, _ = join_parts([index("r1.gpx\nr2.gpx"), slow, fast])
    [run] = [row for row in joined if row["sources"][0] == "r1.gpx"]
    assert run["start_speed_mps"] == slow["start_speed_mps"]
    assert run["end_speed_mps"] == fast["end_speed_mps"]
    assert len(run["whereabouts"]) == len(slow["whereabouts"]) + len(fast["whereabouts"])


def test_half_a_descent_is_none() -> None:
    known = file("r1.gpx", 0) | {"altitude_source": "barometer", "descent_m": 15.4}
    unknown = file("r2.gpx", 1000) | {"altitude_source": "none", "descent_m": None}
    for parts in ([known, unknown], [unknown | {"start": known["start"]}, known]):
        joined, _ = join_parts([index("r1.gpx\nr2.gpx"), *parts])
        [run] = [row for row in joined if len(row["sources"]) == 2]
        assert (run["altitude_source"], run["descent_m"]) == ("none", None)
