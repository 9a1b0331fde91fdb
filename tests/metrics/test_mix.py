"""On what ground how far: metres where a map tells them, else the class of the whole run."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kneewatch import columns
from kneewatch.columns import GROUNDS, SURFACES
from kneewatch.metrics.mix import metres_by_class, surface_shares
from kneewatch.metrics.weeks import count_weeks


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    """Runs on one day after another, of a class or of metres by class."""
    full = [
        {
            "start": datetime(2025, 9, 1 + n, 7, tzinfo=UTC),
            "local_date": date(2025, 9, 1 + n).isoformat(),
            "sport": "running",
            "distance_m": 10_000.0,
            **row,
        }
        for n, row in enumerate(rows)
    ]
    return columns.frame(columns.ACTIVITIES, full, pd.RangeIndex(len(full)))


def told(**metres: float) -> dict[str, Any]:
    return {"surface": "hard"} | {f"surface_{name}_m": metres.get(name, 0.0) for name in GROUNDS}


def test_a_run_without_a_map_is_of_its_class_all_the_way() -> None:
    metres = metres_by_class(frame({"surface": "soft"}, {"surface": "treadmill"}))
    assert list(metres) == list(SURFACES)
    assert metres["soft"].tolist() == [10_000.0, 0.0]
    assert metres["treadmill"].tolist() == [0.0, 10_000.0]


def test_a_run_with_a_map_is_of_its_metres() -> None:
    metres = metres_by_class(frame(told(hard=4000.0, uneven=1500.0)))
    assert {name: values[0] for name, values in metres.items() if values[0]} == {
        "hard": 4000.0,
        "uneven": 1500.0,
        "unknown": 4500.0,
    }


def test_they_add_up_to_the_distance() -> None:
    runs = frame(
        told(hard=9_000.0, firm=1_000.0), told(), {"surface": "unknown"}, {"distance_m": None}
    )
    total = np.sum(list(metres_by_class(runs).values()), axis=0)
    assert total.tolist() == [10_000.0, 10_000.0, 10_000.0, 0.0]


def test_shares_are_of_what_is_known() -> None:
    shares, known = surface_shares(frame(told(hard=3000.0, soft=1000.0), {"surface": "soft"}))
    assert known == pytest.approx(0.7)
    assert shares == {"hard": pytest.approx(3 / 14), "soft": pytest.approx(11 / 14)}
    assert surface_shares(frame()) == ({}, 0.0)


def test_a_week_adds_the_metres_up() -> None:
    runs = frame(told(hard=4000.0, uneven=1500.0), {"surface": "uneven"})
    weeks = count_weeks(runs, runs.iloc[:0], date(2025, 8, 25), date(2025, 9, 7))
    week = weeks.loc["2025-09-01"]
    assert week["surface_hard_m"] == 4000.0
    assert week["surface_uneven_m"] == 11_500.0
    assert week["surface_unknown_m"] == 4500.0
    assert math.fsum(week[f"surface_{name}_m"] for name in SURFACES) == week["distance_m"]
