"""The dictionary of columns, and the frames that are built from it."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kneewatch import columns
from kneewatch.columns import (
    ACTIVITIES,
    DAYS,
    DTYPES,
    GRADE_BINS,
    GRADE_LABELS,
    SHOES,
    SURFACES,
    TRACK,
    WEEKS,
    Column,
    frame,
)
from kneewatch.metrics.descent import GRADE_EDGES

TABLES = {"track": TRACK, "activities": ACTIVITIES, "weeks": WEEKS, "days": DAYS, "shoes": SHOES}

EVERY = [(table, column) for table, entries in TABLES.items() for column in entries.values()]

UNIT_OF_SUFFIX = {
    "_m": "m",
    "_s": "s",
    "_mps": "m/s",
    "_spm": "1/min",
    "_bpm": "1/min",
    "_deg": "deg",
    "_w": "W",
    "_c": "degC",
}

WITHOUT = {
    "segment",
    "stance_balance",
    "vertical_ratio",
    "steps",
    "braking_steps",
    "steepest_km_grade",
    "avg_stance_balance",
    "avg_vertical_ratio",
    "stance_time_share",
    "stance_balance_share",
    "step_rate_drift",
    "stance_time_drift",
    "descent_step_rate_shift",
    "hard_stops",
    "sharp_turns",
    "descent_known",
    "distance_known",
    "trimp",
    "acwr_coupled",
    "acwr_uncoupled",
    "acwr_ewma",
    "monotony",
    "ctl",
    "atl",
    "tsb",
}
"""Floats without a unit."""


def empty_index() -> "pd.Index[Any]":
    return pd.Index([], dtype=object)


@pytest.mark.parametrize(
    ("table", "column"), EVERY, ids=[f"{table}.{column.name}" for table, column in EVERY]
)
def test_a_column_says_what_it_is(table: str, column: Column) -> None:
    assert TABLES[table][column.name] is column
    assert re.fullmatch(r"[a-z][a-z0-9_]*", column.name)
    assert column.kind in {*DTYPES, "time"}
    assert column.over_week in ("sum", "max", "mean", "first", "none")
    assert len(column.meaning) >= 5
    assert not column.meaning.endswith(".")
    if column.kind == "float" and column.name not in WITHOUT:
        ending = max((s for s in UNIT_OF_SUFFIX if column.name.endswith(s)), key=len, default="")
        assert UNIT_OF_SUFFIX.get(ending) == column.unit
    if column.kind == "float" and column.name in WITHOUT:
        assert column.unit == "-"


def test_grade_bins_lie_between_their_edges() -> None:
    # EVIDENCE 3d: <= -15 | -15..-10 | -10..-5 | -5..-2 | -2..+2 | +2..+5 | +5..+10 | > +10.
    assert [100 * edge for edge in GRADE_EDGES] == pytest.approx([-15, -10, -5, -2, 2, 5, 10])
    assert len(GRADE_BINS) == len(GRADE_LABELS) == len(GRADE_EDGES) + 1
    for name in GRADE_BINS:
        assert {f"grade_{name}_m", f"grade_{name}_s"} < set(ACTIVITIES)
        assert f"grade_{name}_m" in WEEKS
    for surface in SURFACES:
        assert f"surface_{surface}_m" in WEEKS


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_frame_has_all_its_columns(name: str) -> None:
    table = TABLES[name]
    found = frame(table, [], empty_index())
    assert type(found) is pd.DataFrame
    assert found.columns.tolist() == list(table)
    assert len(found) == 0


def row_of(table: dict[str, Column]) -> dict[str, Any]:
    return {n: datetime(2025, 1, 1, tzinfo=UTC) for n, c in table.items() if c.kind == "time"}


@pytest.mark.parametrize("name", TABLES)
def test_types_do_not_depend_on_the_rows(name: str) -> None:
    table = TABLES[name]
    empty = frame(table, [], empty_index())
    whole = frame(table, [row_of(table)] * 2, pd.Index(["a", "b"], dtype=object))
    assert whole.dtypes.to_dict() == empty.dtypes.to_dict()
    for column, entry in table.items():
        expected = "datetime64[us, UTC]" if entry.kind == "time" else DTYPES[entry.kind]
        assert str(whole[column].dtype) == expected


def test_what_is_missing_is_unknown_by_its_kind() -> None:
    table = {
        name: Column(name, kind, "-", "none", "")
        for name, kind in (
            ("f", "float"),
            ("i", "int"),
            ("b", "bool"),
            ("t", "text"),
            ("a", "any"),
            ("w", "time"),
        )
    }
    when = datetime(2025, 6, 1, 2, 30, tzinfo=timezone(timedelta(hours=2)))
    rows: list[dict[str, Any]] = [
        {"w": when, "extra": 1},
        {"w": when, **dict.fromkeys("fibta")},
        {"w": when, "f": 2, "i": 3, "b": True, "t": "x", "a": np.arange(2)},
    ]
    found = frame(table, rows, pd.RangeIndex(3))
    assert found.columns.tolist() == list("fibtaw")
    assert found["f"].isna().tolist() == [True, True, False]
    assert found["i"].tolist() == [0, 0, 3]
    assert found["b"].tolist() == [False, False, True]
    assert found["t"].tolist() == ["", "", "x"]
    assert found["a"].iloc[0] is None
    assert found["a"].iloc[2].tolist() == [0, 1]
    assert found["w"].iloc[0] == pd.Timestamp("2025-06-01T00:30Z")


def test_zero_is_not_missing() -> None:
    found = frame(SHOES, [{"distance_m": 0.0, "runs": 0}], pd.Index(["A"], dtype=object))
    assert found["distance_m"].tolist() == [0.0]


def test_tables_do_not_share_what_differs() -> None:
    """A name that stands in two tables means the same unit and kind in both."""
    for name in set(TRACK) & set(ACTIVITIES) | set(WEEKS) & set(ACTIVITIES):
        entries = [table[name] for table in TABLES.values() if name in table]
        assert len({(entry.kind, entry.unit) for entry in entries}) == 1
    assert set(columns.EXPOSURE) < set(ACTIVITIES)
