"""KW805: coming back from an injury that the runner noted, and what it means for the next."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd

from kneewatch.diary import Injury
from kneewatch.evidence import RuleEvidence
from kneewatch.metrics.burden import days_lost
from kneewatch.metrics.downhill import felt_descent
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.noted import say_site
from kneewatch.rules.rule import rule
from kneewatch.rules.windows import between, say_day

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

YEAR_DAYS = 365


@rule("KW805", "return-to-run", needs=("local_date", "descent_m"), picture=pictures.pain)
def judge_return(facts: Facts) -> Iterator[Answer]:
    """The way back after an injury: flat first, then distance, then pace, downhill last.

    It begins on the day an injury is entered and ends six weeks after its last day, the time for
    which downhill running is to be limited after trouble with the popliteus tendon. Each stage is
    run twice or more with pain of 2 or less that is no worse the next morning, before the next
    one. A run without a note of pain is not taken for one without pain. There is no agreement on
    the best plan, so this is one way among many.

    Try: begin with walking, then walk and jog; flat first, then distance, then pace, downhill last;
    strength for glutes, hamstrings, thighs and calves beside it.
    """
    evidence = facts.evidence.rules["KW805"]
    if not facts.diary.injuries:
        yield CannotTell("KW805", "return-to-run", "no injury was noted in injuries.csv")
        return
    injury = _current(facts, evidence)
    if injury is None:
        weeks = f"{evidence['window'].value / 7:.0f} weeks"
        text = f"no injury that was noted goes on, and none ended in the last {weeks}"
        yield Kept("KW805", "return-to-run", text)
        return
    days = (facts.as_of - (injury.last or injury.first)).days
    begin = injury.first if injury.last is None else injury.last + timedelta(days=1)
    runs = between(facts.runs, begin, facts.as_of)
    said, advice = _open(injury, runs) if injury.last is None else _way(facts, evidence, runs)
    yield Finding(
        code="KW805",
        name="return-to-run",
        severity=evidence.loud(Severity.CAUTION),
        grade=evidence.grade,
        start=injury.first.isoformat(),
        end=facts.as_of.isoformat(),
        observed=float(days),
        limit=evidence["window"].value,
        unit="days",
        message=f"{_name(injury)} {_since(injury, days)} {said} {_lost(facts)}",
        runs=tuple(str(run) for run in runs.index),
        advice=advice,
        papers=evidence.papers,
    )


def _current(facts: Facts, evidence: RuleEvidence) -> Injury | None:
    """The newest injury that goes on, or that ended within the window."""
    open_ = [injury for injury in facts.diary.injuries if injury.last is None]
    ended = [
        injury
        for injury in facts.diary.injuries
        if injury.last and not evidence["window"].exceeded_by((facts.as_of - injury.last).days)
    ]
    known = open_ or sorted(ended, key=lambda injury: injury.last or injury.first)
    return known[-1] if known else None


def _name(injury: Injury) -> str:
    where = say_site(injury.where, injury.side)
    return f"The injury {where}" if where else "The injury"


def _since(injury: Injury, days: int) -> str:
    if injury.last is None:
        return f"of {say_day(injury.first)} goes on."
    return f"ended on {say_day(injury.last)}, {_count(days, 'day')} ago."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _open(injury: Injury, runs: pd.DataFrame) -> tuple[str, str]:
    said = f"Since then the log holds {_count(len(runs), 'run')}."
    advice = (
        "relative rest: leave out what hurts, keep what does not; walk, swim or cycle, and enter "
        "the last day of the injury when running begins again."
    )
    return said, advice


def _way(facts: Facts, evidence: RuleEvidence, runs: pd.DataFrame) -> tuple[str, str]:
    """What the runs since the return show, and the next stage."""
    quiet = [day for day in dict.fromkeys(runs["local_date"]) if _quiet(facts, evidence, day)]
    unsaid = [
        day for day in dict.fromkeys(runs["local_date"]) if _quiet(facts, evidence, day) is None
    ]
    said = [f"Since then the log holds {_count(len(runs), 'run')}."]
    if quiet:
        low = f"pain was noted at {evidence['pain'].value:g} or less"
        said.append(f"On {_count(len(quiet), 'day')} of running {low}, the next morning too.")
    if unsaid:
        said.append(f"For {_count(len(unsaid), 'day')} of running nothing was noted, 0 neither.")
    drops = felt_descent(runs)
    steep = [run for run in runs.index if evidence["descent"].exceeded_by(drops[run])]
    if steep:
        most = facts.config.units.height(float(drops[steep].max()))
        said.append(f"{_count(len(steep), 'run')} went downhill already, up to {most}.")
    stage = min(int(len(quiet) // evidence["times"].value), len(STAGES) - 1)
    advice = f"next: {STAGES[stage]}, twice or more before you go on; downhill last."
    if unsaid and not quiet:
        advice = (
            f"note the pain of each run and of the next morning, 0 as well, so that the stage can "
            f"be told; the way back begins with {STAGES[0]}."
        )
    return " ".join(said), advice


def _quiet(facts: Facts, evidence: RuleEvidence, day: str) -> bool | None:
    """Whether what was noted for a run and its next morning stays low; None if nothing was."""
    run = date.fromisoformat(day)
    scores = [
        entry.score
        for entry in facts.diary.entries
        if entry.score is not None
        and entry.day == (run + timedelta(days=1) if entry.when == "morning" else run)
    ]
    return not any(map(evidence["pain"].exceeded_by, scores)) if scores else None


def _lost(facts: Facts) -> str:
    first = facts.as_of - timedelta(days=YEAR_DAYS - 1)
    lost = lost_days(facts, first)
    return f"By injuries.csv {_count(lost, 'day')} of the last 12 months went to injuries."


def lost_days(facts: Facts, first: date) -> int:
    """Days from ``first`` on that went to injuries [d]."""
    spells = [(injury.first, injury.last) for injury in facts.diary.injuries]
    return days_lost(spells, first, facts.as_of)


def baseline(facts: Facts, ratio: float) -> tuple[float | None, str]:
    """The ratio with an injury of the last 12 months (malisoux2015), and a sentence on it.

    It stands apart from the level: it is about the runner and no training changes it.
    """
    score = facts.evidence.score
    first = facts.as_of - timedelta(days=YEAR_DAYS - 1)
    if not any(i.last is None or i.last >= first for i in facts.diary.injuries):
        return None, ""
    with_person = min(
        math.exp(math.log(ratio) + facts.evidence.log_ratio("previous_injury")),
        score["highest_with_person"],
    )
    factor, low, high = score["previous_injury_class"]
    people = facts.evidence.papers["malisoux2015"].people
    lost = lost_days(facts, first)
    reason = (
        f"You noted an injury in the last 12 months; runners with an earlier one were hurt "
        f"{factor:.1f} times as often ({low:.1f} to {high:.1f}). That is from a study of {people} "
        f"runners; it stands apart from the level, since no training changes it. By injuries.csv "
        f"{_count(lost, 'day')} of these months went to injuries."
    )
    return with_person, reason
