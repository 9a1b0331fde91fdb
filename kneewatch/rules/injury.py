"""KW805: an injury that goes on, and the way back from one, which the plan has to follow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta

from kneewatch.diary import Injury
from kneewatch.evidence import RuleEvidence
from kneewatch.metrics.burden import days_lost
from kneewatch.metrics.downhill import felt_descent
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.noted import say_site
from kneewatch.rules.rule import rule
from kneewatch.rules.way_back import STAGES, Way, way
from kneewatch.rules.windows import between, say_day

YEAR_DAYS = 365

LONG_DAYS = 7
"""From so many days on an injury that goes on belongs to a clinician (yamato2015)."""


@rule("KW805", "return-to-run", needs=("local_date", "descent_m"), picture=pictures.pain)
def judge_return(facts: Facts) -> Iterator[Answer]:
    """The way back after an injury: flat first, then distance, then pace, downhill last.

    It begins on the day an injury of the leg is entered and ends six weeks after its last day, the
    time for which downhill running is to be limited after trouble with the popliteus tendon. Until
    then there is no level, and no other advice stands before it. Each stage takes two days or
    more, walks among them, on which pain at the place of the injury is noted at 2 or less and is no
    worse the next morning; pain above 2 goes back a stage. A day without both notes is not taken
    for one without pain. There is no agreement on the best plan, so this is one way among many.

    Try: begin with walking, then walk and jog; flat first, then distance, then pace, downhill last;
    strength for glutes, hamstrings, thighs and calves beside it.
    """
    evidence = facts.evidence.rules["KW805"]
    if not facts.diary.injuries:
        yield CannotTell("KW805", "return-to-run", "no injury was noted in injuries.csv")
        return
    injury = current(facts)
    if injury is None:
        weeks = f"{evidence['window'].value / 7:.0f} weeks"
        text = f"no injury of the leg that was noted goes on, and none ended in the last {weeks}"
        yield Kept("KW805", "return-to-run", text)
        return
    days = (facts.as_of - (injury.last or injury.first)).days
    begin = injury.first if injury.last is None else injury.last + timedelta(days=1)
    runs = between(facts.runs, begin, facts.as_of)
    said = [f"Since then the log holds {_count(len(runs), 'run')}."]
    if injury.last is None:
        advice = _rest(days)
    else:
        gone = way(facts, evidence, injury, begin)
        said += _told(facts, evidence, gone)
        advice = _next(gone)
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
        message=" ".join((f"{_name(injury)} {_since(injury, days)}", *said, _lost(facts))),
        runs=tuple(str(run) for run in runs.index),
        advice=advice,
        papers=evidence.papers,
    )


def current(facts: Facts) -> Injury | None:
    """The newest injury of the leg that goes on, or that ended within the window."""
    window = facts.evidence.rules["KW805"]["window"]
    injuries = [injury for injury in facts.diary.injuries if injury.of_leg]
    open_ = [injury for injury in injuries if injury.last is None]
    ended = [
        injury
        for injury in injuries
        if injury.last and not window.exceeded_by((facts.as_of - injury.last).days)
    ]
    known = open_ or sorted(ended, key=lambda injury: injury.last or injury.first)
    return known[-1] if known else None


def _name(injury: Injury) -> str:
    where = say_site(injury.where, injury.side)
    return f"The injury {where}" if where else "The injury"


def _since(injury: Injury, days: int) -> str:
    if injury.last is None:
        return f"goes on, since {say_day(injury.first)}."
    return f"ended on {say_day(injury.last)}, {_count(days, 'day')} ago."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _rest(days: int) -> str:
    """What to do while an injury goes on."""
    clinician = ""
    if days >= LONG_DAYS:
        clinician = " It has gone on for a week: have a doctor or physiotherapist look at it."
    return (
        "relative rest: leave out what hurts, keep what does not; walk, swim or cycle. When "
        f"running begins again, enter its last day: kneewatch injury end --on DATE.{clinician}"
    )


def _told(facts: Facts, evidence: RuleEvidence, gone: Way) -> Iterator[str]:
    """What was noted and run on the way, a sentence each."""
    low = f"{evidence['pain'].value:g}"
    if quiet := gone.count("quiet"):
        days = _count(quiet, "day")
        yield f"On {days} pain was noted at {low} or less, no worse the next morning."
    if worse := gone.count("worse"):
        yield f"On {_count(worse, 'day')} it was that low, but more the next morning."
    if bad := gone.count("bad"):
        yield f"On {_count(bad, 'day')} it was above {low}: a stage back each time."
    if unsaid := gone.count("unsaid"):
        yield f"For {_count(unsaid, 'day')} the pain or the next morning was not noted."
    units = facts.config.units
    if gone.beyond:
        most = facts.runs.loc[[*gone.beyond], "distance_m"].max()
        yield (
            f"{_count(len(gone.beyond), 'run')} went beyond the stage of that day, up to "
            f"{units.distance(float(most))}."
        )
    if gone.steep:
        most = felt_descent(facts.runs.loc[[*gone.steep]]).max()
        yield (
            f"{_count(len(gone.steep), 'run')} went downhill already, up to "
            f"{units.height(float(most))}."
        )


def _next(gone: Way) -> str:
    """The stage that comes next."""
    note = "Note the pain of each such day and of the next morning, 0 as well"
    stage = f"{STAGES[gone.stage]}, on two days or more before you go on; downhill last."
    if gone.days and not any(gone.count(state) for state in ("quiet", "bad", "worse")):
        return (
            f"{note.lower()}, so that the stage can be told; the way back begins with {STAGES[0]}."
        )
    if gone.days and [day for day in gone.days if day.state != "pending"][-1].state == "bad":
        return f"a stage back: {stage} {note}."
    return f"next: {stage} {note}."


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
    mine = [injury for injury in facts.diary.injuries if injury.of_leg]
    if not any(i.last is None or i.last >= first for i in mine):
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
