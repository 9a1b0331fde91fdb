"""Which shoe a run was in, and how far each shoe has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from kneewatch.columns import SHOES, frame
from kneewatch.config import Shoe

WEEKLY_WINDOW_DAYS = 28


def assign_shoes(runs: pd.DataFrame, shoes: Sequence[Shoe]) -> pd.DataFrame:
    """The shoe of each run: the file's own word first, else the first pair that matches.

    Parameters
    ----------
    runs : DataFrame
        ``columns.ACTIVITIES``.
    shoes : sequence of Shoe
        As ``kneewatch.toml`` lists them.

    Returns
    -------
    DataFrame
        ``shoe`` and ``shoe_source`` on the index of ``runs``.
    """
    names, sources = [], []
    for _, run in runs.iterrows():
        if run["shoe"]:
            names.append(run["shoe"])
            sources.append(run["shoe_source"])
            continue
        match = next((shoe.name for shoe in shoes if _worn_in(shoe, run)), "")
        names.append(match)
        sources.append("kneewatch.toml" if match else "none")
    return pd.DataFrame({"shoe": names, "shoe_source": sources}, index=runs.index, dtype=object)


def _worn_in(shoe: Shoe, run: pd.Series[Any]) -> bool:
    day = date.fromisoformat(run["local_date"])
    if (shoe.since and day < shoe.since) or (shoe.until and day > shoe.until):
        return False
    return all(
        value.lower() in run["name"].lower() if key == "name" else value == run[key]
        for key, value in shoe.when.items()
    )


def sum_shoes(
    runs: pd.DataFrame, shoes: Sequence[Shoe], as_of: date, worn_out_m: float
) -> pd.DataFrame:
    """Distance of each shoe.

    Parameters
    ----------
    runs : DataFrame
        ``columns.ACTIVITIES`` with ``shoe``.
    shoes : sequence of Shoe
        For what a pair had before the log and whether it is retired.
    as_of : date
        The last day taken into account.
    worn_out_m : float
        Distance that the forecast is for [m].

    Returns
    -------
    DataFrame
        ``columns.SHOES`` indexed by name: as configured, then those that only files name.
    """
    listed = {shoe.name: shoe for shoe in shoes}
    names = list(listed) + [
        name for name in dict.fromkeys(runs["shoe"]) if name and name not in listed
    ]
    recent = (as_of - timedelta(days=WEEKLY_WINDOW_DAYS - 1)).isoformat()
    rows = []
    for name in names:
        mine = runs[runs["shoe"] == name]
        shoe = listed.get(name, Shoe(name))
        total = shoe.worn_m + float(mine["distance_m"].sum())
        retired = shoe.until is not None and shoe.until < as_of
        weekly = float(mine.loc[mine["local_date"] >= recent, "distance_m"].sum()) / (
            WEEKLY_WINDOW_DAYS / 7
        )
        rows.append(
            {
                "distance_m": total,
                "start_m": shoe.worn_m,
                "runs": len(mine),
                "first_date": mine["local_date"].min() if len(mine) else "",
                "last_date": mine["local_date"].max() if len(mine) else "",
                "retired": retired,
                "weekly_m": weekly,
                "forecast_date": "" if retired else _forecast(total, weekly, worn_out_m, as_of),
            }
        )
    return frame(SHOES, rows, pd.Index(names, name="shoe", dtype=object))


def _forecast(total_m: float, weekly_m: float, worn_out_m: float, as_of: date) -> str:
    if total_m >= worn_out_m or weekly_m <= 0:
        return ""
    weeks = (worn_out_m - total_m) / weekly_m
    # A pair that is hardly worn has no day worth naming.
    return (as_of + timedelta(weeks=weeks)).isoformat() if weeks < 520 else ""
