"""The weeks as they stood on an earlier day are those of a log that ends on it."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
from logbook import Log, logged

from kneewatch.audit.weekly import ASKED, weeks_until
from kneewatch.rules.windows import between


@logged
def test_as_if_the_log_ended_there(log: Log) -> None:
    """Runs with and without a distance, and weeks without any.

    date, km
    2025-03-05 +2 x12, 10
    2025-03-20T18:00,
    2025-04-14 +3 x6,
    2025-05-19 +2 x8, 12
    """
    facts = log.facts
    for days in range(90):
        day = date(2025, 3, 5) + timedelta(days=days)
        runs = between(facts.runs, date(2025, 1, 1), day)
        found = weeks_until(facts.weeks, runs, day)
        expected = log.on(day.isoformat()).facts.weeks[ASKED]
        found = found.loc[expected.index.intersection(found.index)]
        pd.testing.assert_frame_equal(
            found, expected.loc[found.index], check_dtype=False, check_names=False
        )
        assert found.index[-1] == expected.index[-1]
