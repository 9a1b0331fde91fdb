"""How often a runner's own runs reach a level: an alarm that sounds every week is none.

EVIDENCE 13 allows a clear jump for at most one run in ten. What a run *reaches* is its own level:
what the rules say of its day, with nothing that the days before it did. The level of the whole
review looks back some days, so one run may colour several verdicts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from kneewatch.diary import Diary
from kneewatch.evidence import Evidence
from kneewatch.metrics.weeks_until import weeks_until
from kneewatch.model import Finding
from kneewatch.rules.facts import Facts, OwnRate
from kneewatch.rules.near import near_spikes
from kneewatch.rules.rule import BOOK
from kneewatch.rules.score import COUNTED, add_up, history, lacking_for_level, level_of, log_ratios

LOUD = frozenset({"clear-jump", "big-jump"})

YEAR_DAYS = 365

STRETCH_DAYS = 7
"""A stretch of demanding days that ends on a day is seen from so far back."""


def own_rate(facts: Facts, days: int = YEAR_DAYS) -> OwnRate:
    """How often the runs of the last days reached a clear jump of themselves.

    Parameters
    ----------
    facts : Facts
    days : int
        As far back from ``as_of``.
    """
    since = facts.as_of - timedelta(days=days - 1)
    levels = [level for _, level in own_levels(facts, since)]
    told = [level for level in levels if level is not None]
    return OwnRate(
        since=max(since, facts.first_day) if facts.first_day else since,
        runs=len(told),
        untold=len(levels) - len(told),
        loud=sum(level in LOUD for level in told),
        budget=facts.evidence.score["alarm_budget"],
        window_days=facts.evidence.score["window_days"],
    )


def own_levels(facts: Facts, since: date) -> Iterator[tuple[date, str | None]]:
    """Each day with a run from one day on, and the level that it reached of itself.

    None where too little was known before it. Nothing later is looked at, and no pain.
    """
    days = facts.runs["local_date"].to_numpy()
    for text in np.unique(days[days >= since.isoformat()].astype(str)):
        day = date.fromisoformat(text)
        ratio = _ratio_on(facts, day)
        yield day, None if ratio is None else level_of(ratio, facts.evidence)


def own_ratio(findings: Iterable[Finding], day: date, evidence: Evidence) -> float:
    """The rate ratio of what was found about a day, the days before it left out [-].

    Parameters
    ----------
    findings : iterable of Finding
        On that day, runs just short of a spike among them; no week weighs of itself, but the
        progression over two of them does.
    """
    counted = [found for found in findings if found.weight > 0 and found.end >= day.isoformat()]
    return add_up(log_ratios(counted, evidence), evidence)


def _ratio_on(facts: Facts, day: date) -> float | None:
    runs = facts.runs[facts.runs["local_date"].to_numpy() <= day.isoformat()]
    known = replace(
        facts,
        as_of=day,
        runs=runs,
        weeks=weeks_until(facts.weeks, runs, day),
        diary=Diary(),
        recent_days=STRETCH_DAYS,
    )
    if lacking_for_level(history(known), facts.evidence):
        return None
    findings = [
        answer
        for code in sorted(COUNTED - facts.config.ignore)
        for answer in BOOK[code].judge(known)
        if isinstance(answer, Finding)
    ]
    return own_ratio([*findings, *near_spikes(known)], day, facts.evidence)
