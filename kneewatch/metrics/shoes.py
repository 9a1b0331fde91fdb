"""Which shoe a run was in, and how far each shoe has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
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
    names = runs["shoe"].to_numpy(dtype=object, copy=True)
    sources = runs["shoe_source"].to_numpy(dtype=object, copy=True)
    bare = names == ""
    sources[bare] = "none"
    for shoe in shoes:
        worn = bare & _worn_in(shoe, runs)
        names[worn], sources[worn] = shoe.name, "kneewatch.toml"
        bare &= ~worn
    return pd.DataFrame({"shoe": names, "shoe_source": sources}, index=runs.index, dtype=object)


def _worn_in(shoe: Shoe, runs: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which runs a pair is taken for."""
    days = runs["local_date"]
    worn = np.ones(len(runs), dtype=bool)
    if shoe.since:
        worn &= days >= shoe.since.isoformat()
    if shoe.until:
        worn &= days <= shoe.until.isoformat()
    for key, value in shoe.when.items():
        if key == "name":
            worn &= runs["name"].str.lower().str.contains(value.lower(), regex=False)
        else:
            worn &= runs[key] == value
    return worn


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
    worn = runs[["shoe", "local_date", "distance_m"]]
    for name in names:
        mine = worn[worn["shoe"] == name]
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
