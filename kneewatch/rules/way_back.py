"""The stages of the way back after an injury, and how far what was noted has come on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from kneewatch.diary import Injury, Pain
from kneewatch.evidence import RuleEvidence
from kneewatch.metrics.downhill import felt_descent
from kneewatch.rules.facts import Facts
from kneewatch.rules.sites import may_be_same, morning_rise
from kneewatch.rules.windows import between

STAGES = (
    "30 min of brisk walking",
    "5 times 4 min walking and 2 min jogging",
    "5 times 3 min walking and 3 min jogging",
    "5 times 2 min walking and 4 min jogging",
    "2 times 14 min jogging and 2 min walking",
    "30 min of easy, flat running without a break",
    "flat and easy, a little longer each time",
    "the old distance, flat, a little faster each time",
    "short, gentle downhill, last of all",
)
"""One way back, of many that are taught; none has been shown to be better. [D]"""

WALK, THIRTY_MINUTES, DOWNHILL = 0, 5, len(STAGES) - 1
"""Stages without running, up to which 30 minutes are the measure, and of downhill running."""

ON_FOOT = ("walking", "hiking")


@dataclass(frozen=True)
class Day:
    """A day on which something was done or noted on the way back.

    Attributes
    ----------
    state : str
        ``quiet``, ``bad`` (pain above the limit, the next morning too), ``worse`` (low, but more
        the next morning), ``unsaid`` where a part of it was not noted, ``pending`` until the next
        morning.
    stage : int
        The stage that it belongs to.
    """

    day: date
    state: str
    stage: int


@dataclass(frozen=True)
class Way:
    """How far somebody has come.

    Attributes
    ----------
    days : tuple of Day
        In order.
    stage : int
        The one that comes next.
    beyond : tuple of str
        Ids of the runs that were more than their stage.
    steep : tuple of str
        Ids of those that went downhill before it was time.
    """

    days: tuple[Day, ...]
    stage: int
    beyond: tuple[str, ...]
    steep: tuple[str, ...]

    def count(self, state: str) -> int:
        """How many days are in a state."""
        return sum(day.state == state for day in self.days)


def way(facts: Facts, evidence: RuleEvidence, injury: Injury, begin: date) -> Way:
    """Go through the days since the return.

    Each stage takes so many quiet days; a bad one goes back a stage.
    """
    stage = done = 0
    days: list[Day] = []
    for day in _days(facts, injury, begin):
        state = _state(facts, evidence, injury, day)
        days.append(Day(day, state, stage))
        if state == "quiet":
            done += 1
        elif state == "bad":
            stage, done = max(stage - 1, 0), 0
        if evidence["times"].reached_by(done):
            stage, done = min(stage + 1, len(STAGES) - 1), 0
    stage_of = {entry.day: entry.stage for entry in days}
    runs = between(facts.runs, begin, facts.as_of)
    return Way(
        tuple(days),
        stage,
        tuple(_beyond(evidence, runs, stage_of)),
        tuple(_steep(evidence, runs, stage_of)),
    )


def _days(facts: Facts, injury: Injury, begin: date) -> list[date]:
    """Days with a run, a walk, or a note of pain at the site that is not of the morning alone."""
    runs = between(facts.runs, begin, facts.as_of)["local_date"]
    others = between(facts.others, begin, facts.as_of)
    walks = others.loc[others["sport"].isin(ON_FOOT), "local_date"]
    noted = {
        entry.day
        for entry in facts.diary.entries
        if entry.day >= begin and entry.when != "morning" and _at(entry, injury)
    }
    return sorted({*map(date.fromisoformat, [*runs, *walks]), *noted})


def _state(facts: Facts, evidence: RuleEvidence, injury: Injury, day: date) -> str:
    mine = [entry for entry in facts.diary.entries if _at(entry, injury)]
    felt = [e for e in mine if e.day == day and e.when != "morning"]
    mornings = [e for e in mine if e.day == day + timedelta(days=1) and e.when == "morning"]
    scores = [entry.score or 0.0 for entry in (*felt, *mornings)]
    if any(map(evidence["pain"].exceeded_by, scores)):
        return "bad"
    if not mornings:
        return "pending" if day == facts.as_of else "unsaid"
    usual = facts.evidence.rules["KW802"]["baseline"].value
    rises = [morning_rise(facts.diary, e.site, e, usual) for e in mornings]
    if any(rise > 0 for rise in rises):
        return "worse"
    return "quiet" if felt and all(rise <= 0 for rise in rises) else "unsaid"


def _at(entry: Pain, injury: Injury) -> bool:
    site = (injury.where, injury.side)
    return entry.score is not None and may_be_same(entry.site, site)


def _beyond(evidence: RuleEvidence, runs: pd.DataFrame, stage_of: dict[date, int]) -> Iterator[str]:
    """Runs while walking is the stage, and those longer than the half hour of the first stages."""
    for run, day, seconds in _each(runs, runs["moving_s"]):
        stage = stage_of[day]
        long = stage <= THIRTY_MINUTES and evidence["half_hour"].exceeded_by(seconds)
        if stage == WALK or long:
            yield run


def _steep(evidence: RuleEvidence, runs: pd.DataFrame, stage_of: dict[date, int]) -> Iterator[str]:
    for run, day, drop in _each(runs, felt_descent(runs)):
        if stage_of[day] < DOWNHILL and evidence["descent"].exceeded_by(drop):
            yield run


def _each(runs: pd.DataFrame, values: pd.Series[float]) -> Iterator[tuple[str, date, float]]:
    for run, day, value in zip(runs.index, runs["local_date"], values, strict=True):
        yield str(run), date.fromisoformat(day), float(value)
