"""Calendar weeks from Monday: what is known, what is not, and what adds up."""

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneewatch import columns
from kneewatch.columns import GRADE_BINS, SURFACES, WEEKS
from kneewatch.metrics.weeks import WEEKS_AT_LEAST, count_weeks, monday_of

MONDAY = date(2025, 9, 1)

SUMMED = ("distance_m", "moving_s", "descent_m", "steep_down_m", "hard_s", "steps", "braking_steps")


def run(day: date, number: int = 0, **values: Any) -> dict[str, Any]:
    return {
        "id": f"{day}-{number}",
        "start": datetime(day.year, day.month, day.day, 7, number, tzinfo=UTC),
        "local_date": day.isoformat(),
        "sport": "running",
        "surface": "unknown",
        "distance_m": 10_000.0,
        "moving_s": 3600.0,
        **values,
    }


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    index = pd.Index([row["id"] for row in rows], name="id", dtype=object)
    return columns.frame(columns.ACTIVITIES, rows, index)


def weeks(
    *rows: dict[str, Any],
    as_of: date,
    first: date | None = None,
    others: tuple[dict[str, Any], ...] = (),
) -> pd.DataFrame:
    days = [date.fromisoformat(row["local_date"]) for row in (*rows, *others)]
    return count_weeks(frame(*rows), frame(*others), first or min(days, default=None), as_of)


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        (date(2025, 9, 1), date(2025, 9, 1)),
        (date(2025, 9, 7), date(2025, 9, 1)),
        (date(2025, 1, 1), date(2024, 12, 30)),
        (date(2024, 2, 29), date(2024, 2, 26)),
    ],
)
def test_a_week_begins_on_monday(day: date, monday: date) -> None:
    assert monday_of(day) == monday
    assert monday.strftime("%A") == "Monday"


def test_an_empty_log_has_unknown_weeks() -> None:
    found = weeks(as_of=date(2025, 9, 3))
    assert found.columns.tolist() == list(WEEKS)
    assert found.index.tolist() == [
        (MONDAY - timedelta(weeks=5 - n)).isoformat() for n in range(WEEKS_AT_LEAST)
    ]
    assert found.index.name == "week"
    assert not found["known"].any()
    assert found["distance_m"].isna().all()
    assert found["runs"].tolist() == [0] * 6
    assert found["complete"].tolist() == [True] * 5 + [False]


def test_types_are_those_of_the_dictionary() -> None:
    whole = weeks(run(MONDAY), as_of=MONDAY)
    empty = weeks(as_of=MONDAY)
    for name, column in WEEKS.items():
        assert whole[name].dtype == empty[name].dtype == columns.DTYPES[column.kind]


def test_weeks_without_a_run_between_two_are_rest() -> None:
    found = weeks(run(MONDAY), run(MONDAY + timedelta(days=23)), as_of=MONDAY + timedelta(days=27))
    assert found.index[-4] == "2025-09-01"
    last = found.iloc[-4:]
    assert last["known"].all()
    assert last["distance_m"].tolist() == [10_000, 0, 0, 10_000]
    assert last["days_off"].tolist() == [6, 7, 7, 6]
    assert last["descent_m"].iloc[1] == 0
    assert last["descent_known"].iloc[1] == 1
    assert last["longest_m"].iloc[1] == 0


def test_weeks_before_the_first_file_are_unknown() -> None:
    found = weeks(run(MONDAY), as_of=MONDAY + timedelta(days=6))
    assert found["known"].tolist() == [False] * 5 + [True]
    assert found["distance_m"].isna().tolist() == [True] * 5 + [False]


# A week is known if five of its days lie in the log: the first file on Wednesday at the latest.
@pytest.mark.parametrize(("weekday", "known"), [(0, True), (2, True), (3, False), (6, False)])
def test_the_part_week_at_the_first_file(weekday: int, known: bool) -> None:
    found = weeks(run(MONDAY + timedelta(days=weekday)), as_of=MONDAY + timedelta(days=20))
    assert bool(found.loc["2025-09-01", "known"]) is known
    # What was run is counted in either case; the days before the file are not days off.
    assert found.loc["2025-09-01", "distance_m"] == 10_000
    assert found.loc["2025-09-01", "days_off"] == 6 - weekday
    assert found.loc["2025-09-08", "known"]


def test_the_first_activity_of_any_sport_begins_the_log() -> None:
    ride = run(MONDAY, sport="cycling", moving_s=5400.0)
    found = weeks(run(MONDAY + timedelta(days=5)), as_of=MONDAY + timedelta(days=6), others=(ride,))
    last = found.iloc[-1]
    assert last["known"]
    assert last["days_off"] == 6
    assert last["distance_m"] == 10_000
    assert last["other_activities"] == 1
    assert last["other_s"] == 5400


def test_the_week_that_is_still_going_on() -> None:
    rows = (run(MONDAY), run(MONDAY, 1), run(MONDAY + timedelta(days=2)))
    found = weeks(*rows, as_of=MONDAY + timedelta(days=4), first=MONDAY - timedelta(days=70))
    this = found.loc["2025-09-01"]
    assert not this["complete"]
    assert this["days_off"] == 3  # of Monday to Friday two days had a run
    assert this["runs"] == 3
    sunday = weeks(*rows, as_of=MONDAY + timedelta(days=6))
    assert sunday.loc["2025-09-01", "complete"]
    assert sunday.loc["2025-09-01", "days_off"] == 5


def test_a_week_across_new_year() -> None:
    eve, new_year = date(2024, 12, 31), date(2025, 1, 1)
    found = weeks(run(eve), run(new_year), as_of=date(2025, 1, 6), first=date(2024, 11, 4))
    assert found.index[-2:].tolist() == ["2024-12-30", "2025-01-06"]
    assert found.loc["2024-12-30", "distance_m"] == 20_000
    assert found.loc["2024-12-30", "days_off"] == 5
    assert found.loc["2025-01-06", "distance_m"] == 0
    assert len(found) == 10
    assert found.index.is_unique


def test_sums_maxima_and_grounds() -> None:
    full: dict[str, Any] = {name: 100.0 + n for n, name in enumerate(SUMMED)}
    bins = {f"grade_{name}_m": 10.0 * n for n, name in enumerate(GRADE_BINS)}
    rows = (
        run(MONDAY, **{**full, **bins, "distance_m": 5000.0, "surface": "hard"}),
        run(MONDAY, 1, **{**full, **bins, "distance_m": 8000.0, "surface": "uneven"}),
        run(MONDAY + timedelta(days=6), **{**full, **bins, "distance_m": 1.0, "surface": "hard"}),
    )
    week = weeks(*rows, as_of=MONDAY + timedelta(days=6)).loc["2025-09-01"]
    assert week["runs"] == 3
    assert week["distance_m"] == 13_001
    assert week["longest_m"] == 8000
    for name in SUMMED[1:]:
        assert week[name] == 3 * full[name]
    for name, metres in bins.items():
        assert week[name] == 3 * metres
    assert week["surface_hard_m"] == 5001
    assert week["surface_uneven_m"] == 8000
    assert sum(week[f"surface_{s}_m"] for s in SURFACES) == week["distance_m"]
    assert week["descent_known"] == 1
    assert week["distance_known"] == 1


def test_what_is_partly_known_is_summed_and_said() -> None:
    rows = (
        run(MONDAY, distance_m=6000.0, descent_m=50.0, steps=6000.0),
        run(MONDAY, 1, distance_m=2000.0),
        run(MONDAY, 2, distance_m=math.nan),
    )
    week = weeks(*rows, as_of=MONDAY).loc["2025-09-01"]
    assert week["distance_m"] == 8000
    assert week["distance_known"] == pytest.approx(2 / 3)
    assert week["runs"] == 3
    assert week["longest_m"] == 6000
    assert week["descent_m"] == 50
    assert week["descent_known"] == 0.75
    assert week["steps"] == 6000


@pytest.mark.parametrize("name", [*SUMMED[1:], "grade_flat_m"])
def test_what_nobody_measured_is_unknown_and_not_zero(name: str) -> None:
    week = weeks(run(MONDAY, **{name: math.nan}), as_of=MONDAY).loc["2025-09-01"]
    assert math.isnan(week[name])
    rest = weeks(run(MONDAY - timedelta(days=7)), as_of=MONDAY).loc["2025-09-01"]
    assert rest[name] == 0


def test_a_treadmill_is_level_ground() -> None:
    rows = (
        run(MONDAY, surface="treadmill", distance_m=7000.0, descent_m=math.nan),
        run(MONDAY, 1, distance_m=3000.0, descent_m=80.0, steep_down_m=400.0, grade_flat_m=2000.0),
    )
    week = weeks(*rows, as_of=MONDAY).loc["2025-09-01"]
    assert week["descent_m"] == 80
    assert week["descent_known"] == 1
    assert week["steep_down_m"] == 400
    assert week["grade_flat_m"] == 9000
    assert week["surface_treadmill_m"] == 7000
    alone = weeks(rows[0] | {"descent_m": 120.0}, as_of=MONDAY).loc["2025-09-01"]
    # A game's mountains are none.
    assert alone["descent_m"] == 0
    assert alone["steep_down_m"] == 0
    assert alone["grade_m10_m5_m"] == 0


def test_the_table_reaches_back_to_the_first_file() -> None:
    found = weeks(run(MONDAY), as_of=MONDAY + timedelta(weeks=30))
    assert len(found) == 31
    assert found.index[0] == "2025-09-01"
    assert found["known"].all()


# Metres and seconds in whole numbers, so that no sum depends on its order.
amounts = st.integers(0, 40_000).map(float)


@given(
    st.lists(st.tuples(st.integers(0, 45), amounts, amounts, amounts), min_size=1, max_size=15),
    st.data(),
)
@settings(deadline=None, max_examples=20)
def test_splitting_a_run_in_two_changes_no_weekly_sum(
    drawn: list[tuple[int, float, float, float]], data: st.DataObject
) -> None:
    names = ("distance_m", "moving_s", "descent_m")
    rows = [
        run(MONDAY + timedelta(days=day), n, **dict(zip(names, amounts, strict=True)))
        for n, (day, *amounts) in enumerate(drawn)
    ]
    victim = data.draw(st.integers(0, len(rows) - 1))
    share = data.draw(st.sampled_from([0.0, 0.25, 0.5]))
    halves = [
        rows[victim] | {"id": f"half-{part}"} | {n: part * rows[victim][n] for n in names}
        for part in (share, 1 - share)
    ]
    split = [*rows[:victim], *halves, *rows[victim + 1 :]]
    as_of = MONDAY + timedelta(days=48)
    whole, parts = weeks(*rows, as_of=as_of), weeks(*split, as_of=as_of)
    same = [name for name in WEEKS if name not in ("runs", "longest_m")]
    pd.testing.assert_frame_equal(parts[same], whole[same])
    assert parts["runs"].sum() == whole["runs"].sum() + 1
    assert whole["distance_m"].sum() == sum(row["distance_m"] for row in rows)
