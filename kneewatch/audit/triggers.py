"""Own pain in the 48 hours after a run, against what the run was like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd

from kneewatch.audit.noted import DayPain
from kneewatch.audit.ratios import Interval, newcombe
from kneewatch.evidence import Evidence
from kneewatch.metrics.downhill import felt_descent
from kneewatch.model import Floats

LEAST_ENTRIES = 20
"""With fewer entries of pain, zeros among them, there is no table. [D]"""

LEAST_RUNS = 8
"""With fewer runs on either side a row is not shown. [D]"""

DAYS_AFTER = 2
"""48 hours in days: entries know their day, so the day of the run and the two after it. [D]"""

PAIN_FROM = 1
"""A score from here on is pain. [D]"""

HARD_GROUND = "hard"


@dataclass(frozen=True)
class Trigger:
    """One exposure: runs with more of it against runs with less.

    Attributes
    ----------
    name : str
        Key of the exposure.
    split : float or None
        More than this counts as more, in ``unit``: the rule's own limit, or the runner's median.
    basis : {"limit", "median"}
    more, less : int
        Runs with an entry in the 48 hours after.
    more_hurt, less_hurt : int
        Those among them after which something hurt.
    difference : Interval or None
        Share after more minus share after less, Newcombe's interval.
    refused : str
        Why there is none; else empty.
    """

    name: str
    unit: str
    split: float | None
    basis: str
    more: int = 0
    more_hurt: int = 0
    less: int = 0
    less_hurt: int = 0
    difference: Interval | None = None
    refused: str = ""


@dataclass(frozen=True)
class Triggers:
    """The table, or why there is none.

    Attributes
    ----------
    entries : int
        Days with an entry, zeros among them.
    runs, unknown : int
        Runs with an entry in the 48 hours after, and runs without, which are left out.
    """

    entries: int
    runs: int
    unknown: int
    rows: tuple[Trigger, ...] = ()
    refused: str = ""


def find_triggers(runs: pd.DataFrame, pain: Mapping[date, DayPain], evidence: Evidence) -> Triggers:
    """Compare runs by what was noted in the 48 hours after them.

    A run after which nothing was noted is unknown and left out; only an entry of 0 says that
    nothing hurt.

    Parameters
    ----------
    runs : DataFrame
        ``columns.ACTIVITIES``, in order of start.
    pain : mapping of date to DayPain
        Highest scores of each day with an entry (0-10), zeros included.
    evidence : Evidence
    """
    days = [date.fromisoformat(day) for day in runs["local_date"]]
    hurt = np.array([_after(day, pain) for day in days], dtype=np.float64)
    known = np.isfinite(hurt)
    entries = len(pain)
    counted, unknown = int(known.sum()), int((~known).sum())
    if entries < LEAST_ENTRIES:
        why = f"{entries} days with an entry; it takes {LEAST_ENTRIES}, zeros included"
        return Triggers(entries, counted, unknown, refused=why)
    rows = [
        _compare(name, unit, values, limit, hurt)
        for name, unit, values, limit in _exposures(runs, days, evidence)
    ]
    return Triggers(entries, counted, unknown, tuple(rows))


def _after(day: date, pain: Mapping[date, DayPain]) -> float:
    """1 if something hurt in the 48 hours after, 0 if not, NaN if nobody says."""
    # What was felt on waking came from an earlier run.
    scores = [pain.get(day, DayPain()).later]
    for n in range(1, DAYS_AFTER + 1):
        scores += pain.get(day + timedelta(days=n), DayPain())
    noted = [score for score in scores if score is not None]
    return float(max(noted) >= PAIN_FROM) if noted else float("nan")


def _exposures(
    runs: pd.DataFrame, days: Sequence[date], evidence: Evidence
) -> list[tuple[str, str, Floats, float | None]]:
    """Name, unit, value of each run, and the rule's own limit where there is one."""
    spike = evidence.rules["KW102"]
    last = [np.nan, *((b - a).days for a, b in pairwise(days))]
    surface = runs["surface"].to_numpy(dtype=object)
    ground = np.where(surface == HARD_GROUND, 1.0, 0.0)
    longer = _longer_than_before(runs, days, spike["window"].value)
    return [
        ("longer-than-30-days", "ratio", longer, spike["ratio"].value),
        ("distance", "m", _numbers(runs["distance_m"]), None),
        ("descent", "m", _numbers(felt_descent(runs)), None),
        ("steep-downhill", "m", _numbers(runs["steep_down_m"]), None),
        ("hard-time", "s", _numbers(runs["hard_s"]), None),
        ("speed", "m/s", _numbers(runs["speed_mps"]), None),
        ("hard-ground", "yes", np.where(surface == "unknown", np.nan, ground), 0.5),
        ("run-the-day-before", "yes", np.where(np.isnan(last), np.nan, np.less(last, 2)), 0.5),
    ]


def _numbers(column: pd.Series[float]) -> Floats:
    return np.asarray(column, dtype=np.float64)


def _longer_than_before(runs: pd.DataFrame, days: Sequence[date], window: float) -> Floats:
    """Each run over the longest of the 30 days before it [-]; NaN where these are not known."""
    starts, distance = runs["start"].tolist(), _numbers(runs["distance_m"])
    ratio = np.full(len(distance), np.nan)
    first = 0
    for row, start in enumerate(starts):
        while starts[first] < start - timedelta(days=window):
            first += 1
        before = distance[first:row]
        before = before[before > 0]
        if len(before) and (days[row] - days[0]).days >= window:
            ratio[row] = distance[row] / before.max()
    return ratio


def _middle(values: Floats) -> float:
    """The median; where no run has more than that, the next lower value."""
    middle, highest = float(np.median(values)), float(values.max())
    below = values[values < highest]
    return float(below.max()) if middle == highest and len(below) else middle


def _compare(name: str, unit: str, values: Floats, limit: float | None, hurt: Floats) -> Trigger:
    known = np.isfinite(values) & np.isfinite(hurt)
    basis = "median" if limit is None else "limit"
    if not known.any():
        return Trigger(name, unit, limit, basis, refused="not measured on these runs")
    split = _middle(values[known]) if limit is None else limit
    more = known & (values > split)
    less = known & ~more
    row = Trigger(
        name,
        unit,
        split,
        basis,
        more=int(more.sum()),
        more_hurt=int(hurt[more].sum()),
        less=int(less.sum()),
        less_hurt=int(hurt[less].sum()),
    )
    if min(row.more, row.less) < LEAST_RUNS:
        why = f"{row.more} and {row.less} runs; it takes {LEAST_RUNS} of each"
        return replace(row, refused=why)
    return replace(row, difference=newcombe(row.more_hurt, row.more, row.less_hurt, row.less))
