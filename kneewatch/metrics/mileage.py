"""How far each pair of shoes has come, on what, and when it will be worn out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from kneewatch.columns import SHOES, frame
from kneewatch.config import Shoe
from kneewatch.metrics.downhill import felt_descent
from kneewatch.metrics.mix import metres_by_class

PACE_DAYS = 56
"""The last 8 weeks, from which the pace of wear is taken."""

STRETCH_DAYS = 28
"""Of these, the slowest and the fastest stretch of so many days make the range."""

YOUNGEST_DAYS = 14
"""A pair is not held to be worn faster than its first two weeks say in all."""

FAR_WEEKS = 520
"""A pair that is hardly worn has no day worth naming."""

UNASSIGNED = ""
"""Name of the row that holds the runs in no known shoe."""


class Pace(NamedTuple):
    """Distance a week [m]: over the last 8 weeks, and of their slowest and fastest four."""

    mean: float
    slow: float
    fast: float


def sum_shoes(
    runs: pd.DataFrame,
    shoes: Sequence[Shoe],
    as_of: date,
    limits_m: Mapping[str, float],
    racing_share: float,
    read_from: date | None = None,
) -> pd.DataFrame:
    """Distance of each shoe, and the days on which it passes the limits.

    Parameters
    ----------
    runs : DataFrame
        ``columns.ACTIVITIES`` with ``shoe``.
    shoes : sequence of Shoe
        For what a pair had before the log, its own limit, and whether it is retired.
    as_of : date
        The last day taken into account.
    limits_m : mapping of str to float
        ``notice``, ``caution`` and ``over`` [m]; a pair with a limit of its own passes them in
        proportion.
    racing_share : float
        What share of them racing shoes are given [-].
    read_from : date, optional
        Day before which files were left unread: of a pair that may be older only part is known.

    Returns
    -------
    DataFrame
        ``columns.SHOES`` indexed by name: as listed, then those that only files name, and last
        under an empty name what was run in no known shoe, if there was any.
    """
    listed = {shoe.name: shoe for shoe in shoes}
    names = list(listed) + [
        name for name in dict.fromkeys(runs["shoe"]) if name and name not in listed
    ]
    if (runs["shoe"] == UNASSIGNED).any():
        names.append(UNASSIGNED)
    worn = runs.assign(felt_descent_m=felt_descent(runs))
    since = (as_of - timedelta(days=PACE_DAYS - 1)).isoformat()
    lately = float(worn.loc[worn["local_date"] >= since, "distance_m"].sum())
    rows = []
    for name in names:
        shoe = listed.get(name, Shoe(name))
        scale = _scale(shoe, limits_m["over"], racing_share)
        own = {limit: line * scale for limit, line in limits_m.items()}
        whole = read_from is None or (shoe.since is not None and shoe.since >= read_from)
        row = _row(worn[worn["shoe"] == name], shoe, as_of, own, lately)
        rows.append(row | {"whole": whole})
    return frame(SHOES, rows, pd.Index(names, name="shoe", dtype=object))


def _row(
    mine: pd.DataFrame, shoe: Shoe, as_of: date, limits_m: Mapping[str, float], lately_m: float
) -> dict[str, Any]:
    total = shoe.worn_m + float(mine["distance_m"].sum())
    retired = shoe.retired or (shoe.until is not None and shoe.until < as_of)
    since = (as_of - timedelta(days=PACE_DAYS - 1)).isoformat()
    recent = float(mine.loc[mine["local_date"] >= since, "distance_m"].sum())
    pace = _pace(mine, as_of)
    row: dict[str, Any] = {
        "distance_m": total,
        "start_m": shoe.worn_m,
        "runs": len(mine),
        "first_date": mine["local_date"].min() if len(mine) else "",
        "last_date": mine["local_date"].max() if len(mine) else "",
        "retired": retired,
        "weekly_m": pace.mean,
        "share": recent / lately_m if lately_m else None,
        "own_limit": shoe.limit_m is not None or shoe.kind == "racing",
        # Distance without a known descent is no level ground.
        "descent_m": float(mine["felt_descent_m"].sum(min_count=1)),
    }
    row |= {f"surface_{name}_m": float(m.sum()) for name, m in metres_by_class(mine).items()}
    if shoe.name == UNASSIGNED:
        return row
    for name, line in limits_m.items():
        row[f"{name}_m"] = line
        for end, speed in (("", pace.mean), ("_early", pace.fast), ("_late", pace.slow)):
            row[f"{name}{end}_date"] = "" if retired else _day(line - total, speed, as_of)
    return row


def _scale(shoe: Shoe, over_m: float, racing_share: float) -> float:
    """What share of the usual limits a pair is given [-]: by its own limit, else by its kind."""
    if shoe.limit_m is not None:
        return shoe.limit_m / over_m
    return racing_share if shoe.kind == "racing" else 1.0


def _pace(mine: pd.DataFrame, as_of: date) -> Pace:
    """How fast a pair is worn."""
    if not len(mine):
        return Pace(0.0, 0.0, 0.0)
    age = (as_of - date.fromisoformat(mine["local_date"].min())).days + 1
    days = min(max(age, YOUNGEST_DAYS), PACE_DAYS)
    daily = _daily(mine, as_of, days)
    mean = float(daily.sum()) * 7 / days
    if days <= STRETCH_DAYS:
        return Pace(mean, mean, mean)
    sums = np.convolve(daily, np.ones(STRETCH_DAYS), "valid") * 7 / STRETCH_DAYS
    return Pace(mean, float(sums.min()), float(sums.max()))


def _daily(mine: pd.DataFrame, as_of: date, days: int) -> npt.NDArray[np.float64]:
    """Distance on each of so many days up to ``as_of`` [m]."""
    first = np.datetime64(as_of - timedelta(days=days - 1))
    place = (mine["local_date"].to_numpy(dtype="datetime64[D]") - first).astype(np.int64)
    inside = (place >= 0) & (place < days)
    distance = mine["distance_m"].fillna(0.0).to_numpy()[inside]
    return np.bincount(place[inside], distance, minlength=days).astype(np.float64)


def _day(left_m: float, weekly_m: float, as_of: date) -> str:
    if left_m <= 0 or weekly_m <= 0:
        return ""
    weeks = left_m / weekly_m
    return (as_of + timedelta(weeks=weeks)).isoformat() if weeks < FAR_WEEKS else ""
