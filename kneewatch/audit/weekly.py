"""The weeks of a log as they stood on an earlier day."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from kneewatch.model import Floats

ASKED = ["known", "complete", "distance_m", "distance_known", "runs", "longest_m"]
"""What rules ask of a week; a rule that asks for more fails here and does not go on with less."""


def weeks_until(weeks: pd.DataFrame, runs: pd.DataFrame, day: date) -> pd.DataFrame:
    """The weeks up to a day, its own as far as it had come.

    Counting all weeks anew for each day would take most of the time of an audit, and all but the
    last are what they were.

    Parameters
    ----------
    weeks : DataFrame
        ``columns.WEEKS`` of a later day.
    runs : DataFrame
        ``columns.ACTIVITIES`` up to the day.
    """
    monday = (day - timedelta(days=day.weekday())).isoformat()
    until = weeks[ASKED].iloc[: int(weeks.index.searchsorted(monday, side="right"))]
    days = runs["local_date"].to_numpy()
    distances = runs["distance_m"].to_numpy()[days >= monday]
    mine = np.nan_to_num(distances)
    told = bool(until["known"].iloc[-1]) or len(mine) > 0
    own = {
        "known": until["known"].iloc[-1],
        "complete": day.weekday() == 6,
        "distance_m": mine.sum() if told else np.nan,
        "distance_known": _known(distances) if told else np.nan,
        "runs": len(mine),
        "longest_m": mine.max(initial=0.0) if told else np.nan,
    }
    return pd.DataFrame(
        {name: [*until[name].to_numpy()[:-1], own[name]] for name in ASKED}, index=until.index
    )


def _known(distances: Floats) -> float:
    """Share of the runs of a week whose distance is known; of none, all."""
    return float(np.isfinite(distances).mean()) if len(distances) else 1.0
