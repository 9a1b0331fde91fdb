"""Own pain in the 48 hours after a run, against what the run was like.

Pain comes in spells and so does training, so runs are no draws of their own: an interval that
took them for such would leave out 0 in a third to a half of logs with nothing to find. Only
pain that begins is counted, and whole stretches of four weeks are left out in turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from kneewatch.audit.noted import DayPain
from kneewatch.audit.onsets import Days
from kneewatch.audit.ratios import Interval, jackknife
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

DAYS_BEFORE = 3
"""A run so shortly after a day with pain ran into it and did not bring it on. [D]"""

BLOCK_DAYS = 28
"""Pain and training both come in spells; so many days are drawn together. [D]"""

LEAST_BLOCKS = 8
"""With fewer stretches of 28 days nobody can tell a link from two spells that fell together. [D]"""

LEAST_EPISODES = 5
"""The same for times that something began to hurt. [D]"""

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
        Runs with an entry in the 48 hours after, and no pain in the days before.
    more_hurt, less_hurt : int
        Those among them after which something hurt.
    episodes, blocks : int
        Times that something began to hurt after one of them, and stretches of 28 days with one.
    difference : Interval or None
        Share after more minus share after less, with the jackknife's interval over the blocks.
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
    episodes: int = 0
    blocks: int = 0
    difference: Interval | None = None
    refused: str = ""


@dataclass(frozen=True)
class Triggers:
    """The table, or why there is none.

    Attributes
    ----------
    entries : int
        Days with an entry, zeros among them.
    runs, in_pain, unknown : int
        Runs with an entry in the 48 hours after; left out are those with pain in the days before,
        and those without an entry.
    episodes : int
        Times that something began to hurt.
    """

    entries: int
    runs: int
    in_pain: int
    unknown: int
    episodes: int = 0
    rows: tuple[Trigger, ...] = ()
    refused: str = ""


def find_triggers(runs: pd.DataFrame, pain: Mapping[date, DayPain], evidence: Evidence) -> Triggers:
    """Compare runs by what was noted in the 48 hours after them.

    A run after which nothing was noted is unknown and left out; only an entry of 0 says that
    nothing hurt. So is one with pain in the three days before: what went on was not its doing.

    Parameters
    ----------
    runs : DataFrame
        ``columns.ACTIVITIES``, in order of start.
    pain : mapping of date to DayPain
        Highest scores of each day with an entry (0-10), zeros included.
    evidence : Evidence
    """
    days = [date.fromisoformat(day) for day in runs["local_date"]]
    episodes = _episodes(pain)
    hurt = np.array([_after(day, pain) for day in days], dtype=np.float64)
    known = np.isfinite(hurt)
    sore = known & np.array([_in_pain(day, pain) for day in days], dtype=bool)
    hurt[sore] = np.nan
    found = Triggers(
        entries=len(pain),
        runs=int((known & ~sore).sum()),
        in_pain=int(sore.sum()),
        unknown=int((~known).sum()),
        episodes=len(set(episodes.values())),
    )
    if found.entries < LEAST_ENTRIES:
        noted = "1 day" if found.entries == 1 else f"{found.entries} days"
        why = f"{noted} with an entry; it takes {LEAST_ENTRIES}, zeros included"
        return replace(found, refused=why)
    asked = _Asked(
        hurt,
        np.array([_episode_after(day, episodes) for day in days], dtype=np.int64),
        np.array([(day - days[0]).days // BLOCK_DAYS for day in days], dtype=np.int64),
    )
    rows = tuple(_compare(each, asked) for each in _exposures(runs, days, evidence))
    return replace(found, rows=rows)


class _Asked(NamedTuple):
    """Of each run: 1 if something hurt after it, which episode that was (or -1), its block."""

    hurt: Floats
    episode: Days
    block: Days


class _Exposure(NamedTuple):
    name: str
    unit: str
    values: Floats
    limit: float | None


def _hurts(score: float | None) -> bool:
    return score is not None and score >= PAIN_FROM


def _episodes(pain: Mapping[date, DayPain]) -> dict[date, int]:
    """Days with pain, and which episode each belongs to; three days without one end it."""
    sore = sorted(day for day, scores in pain.items() if any(map(_hurts, scores)))
    numbers: dict[date, int] = {}
    for before, day in zip([None, *sore], sore, strict=False):
        goes_on = before is not None and (day - before).days <= DAYS_BEFORE
        numbers[day] = len(set(numbers.values())) - goes_on
    return numbers


def _episode_after(day: date, episodes: Mapping[date, int]) -> int:
    """Which episode the 48 hours after a run reach, -1 if none."""
    near = (episodes.get(day + timedelta(days=n)) for n in range(DAYS_AFTER + 1))
    return next((episode for episode in near if episode is not None), -1)


def _in_pain(day: date, pain: Mapping[date, DayPain]) -> bool:
    """Whether pain was noted in the days before a run, or on its morning."""
    if _hurts(pain.get(day, DayPain()).morning):
        return True
    before = (pain.get(day - timedelta(days=n), DayPain()) for n in range(1, DAYS_BEFORE + 1))
    return any(_hurts(score) for scores in before for score in scores)


def _after(day: date, pain: Mapping[date, DayPain]) -> float:
    """1 if something hurt in the 48 hours after, 0 if not, NaN if nobody says."""
    # What was felt on waking came from an earlier run.
    scores = [pain.get(day, DayPain()).later]
    for n in range(1, DAYS_AFTER + 1):
        scores += pain.get(day + timedelta(days=n), DayPain())
    noted = [score for score in scores if score is not None]
    return float(max(noted) >= PAIN_FROM) if noted else float("nan")


def _exposures(runs: pd.DataFrame, days: Sequence[date], evidence: Evidence) -> list[_Exposure]:
    """What each run was like, and the rule's own limit where there is one."""
    spike = evidence.rules["KW102"]
    last = [np.nan, *((b - a).days for a, b in pairwise(days))]
    surface = runs["surface"].to_numpy(dtype=object)
    ground = np.where(surface == HARD_GROUND, 1.0, 0.0)
    longer = _longer_than_before(runs, days, spike["window"].value)
    return [
        _Exposure("longer-than-30-days", "ratio", longer, spike["ratio"].value),
        _Exposure("distance", "m", _numbers(runs["distance_m"]), None),
        _Exposure("descent", "m", _numbers(felt_descent(runs)), None),
        _Exposure("steep-downhill", "m", _numbers(runs["steep_down_m"]), None),
        _Exposure("hard-time", "s", _numbers(runs["hard_s"]), None),
        _Exposure("speed", "m/s", _numbers(runs["speed_mps"]), None),
        _Exposure("hard-ground", "yes", np.where(surface == "unknown", np.nan, ground), 0.5),
        _Exposure(
            "run-the-day-before", "yes", np.where(np.isnan(last), np.nan, np.less(last, 2)), 0.5
        ),
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


def _compare(exposure: _Exposure, asked: _Asked) -> Trigger:
    name, unit, values, limit = exposure
    hurt, episode, block = asked
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
        episodes=len(set(episode[known & (hurt == 1)].tolist())),
        blocks=len(set(block[known].tolist())),
    )
    if why := _too_few(row):
        return replace(row, refused=why)
    blocks = block.max() + 1
    counts = np.array([np.bincount(block[side], minlength=blocks) for side in (more, less)])
    hits = np.array([np.bincount(block[side], hurt[side], blocks) for side in (more, less)])
    ran = counts.any(axis=0)
    difference = jackknife(hits[:, ran], counts[:, ran])
    if difference is None:
        return replace(row, refused=f"all runs of one kind lie within {BLOCK_DAYS} days")
    return replace(row, difference=difference)


def _too_few(row: Trigger) -> str:
    """What a comparison lacks; empty if it may be made."""
    if min(row.more, row.less) < LEAST_RUNS:
        return f"{row.more} and {row.less} runs; it takes {LEAST_RUNS} of each"
    if row.blocks < LEAST_BLOCKS:
        return f"runs in {row.blocks} stretches of {BLOCK_DAYS} days; it takes {LEAST_BLOCKS}"
    if row.episodes < LEAST_EPISODES:
        times = "1 time" if row.episodes == 1 else f"{row.episodes} times"
        return f"it began to hurt {times}; it takes {LEAST_EPISODES}"
    return ""
