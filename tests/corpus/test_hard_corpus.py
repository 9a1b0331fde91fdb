"""Critical speed and hard time on the real logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from kneewatch import columns
from kneewatch.metrics.hard import hard_seconds

if TYPE_CHECKING:
    from conftest import RealLog


def hard_runs(real_log: RealLog, part: str) -> pd.DataFrame:
    rows = sorted(real_log.runs(part), key=lambda row: row["start"])
    index = pd.Index([row["id"] for row in rows], name="id", dtype=object)
    runs = columns.frame(columns.ACTIVITIES, rows, index)
    return runs.drop(columns=hard_seconds(runs).columns).join(hard_seconds(runs))


@pytest.mark.parametrize(
    ("part", "with_one"),
    [("/watch_2013_2017/", range(400, 460)), ("/phone_gpx_no_elevation/", range(5, 20))],
)
def test_critical_speed_lies_clearly_above_what_is_run_every_day(
    part: str, with_one: range, real_log: RealLog
) -> None:
    """Nobody runs day by day above critical speed for half of the time (smyth2020).

    The bests of the phone's runner are those of jogging: 43 of 67 runs had a critical speed 3 %
    above the usual one, and a median of 43 % of their time above it.
    """
    runs = hard_runs(real_log, part)
    by_speed = runs[runs["hard_source"] == "speed"]
    assert runs["critical_speed_mps"].notna().sum() in with_one
    share = by_speed["hard_s"] / by_speed["moving_s"]
    assert share.median() < 0.2
    assert runs["hard_s"].notna().mean() > 0.7, "the heart rate is asked where there is one"
