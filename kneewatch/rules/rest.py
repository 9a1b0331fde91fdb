"""How much rest: days without a run, and demanding days one upon the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from kneewatch.evidence import RuleEvidence
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.efforts import (
    Demand,
    back_to_back,
    demanding_days,
    running_days,
    streaks,
)
from kneewatch.rules.facts import Facts
from kneewatch.rules.rule import rule
from kneewatch.rules.windows import between, known_days_before, say_day, tissues_of
from kneewatch.units import duration


@rule("KW121", "no-day-off", needs=("local_date",), picture=pictures.days_off)
def judge_days_off(facts: Facts) -> Iterator[Answer]:
    """Seven days of running on end, or fewer than two days off in fourteen.

    Said from runs that are in the log, never from files that are not: a missing file can hide a
    run, so the days off that are counted are at the most. Only fewer than two days off in
    fourteen weighs, and little: no study of runners gives a number of days, and the idea that
    equal days without rest go with trouble comes from a study of common illness. Training
    monotony, the figure behind it, is in ``kneewatch days``.

    Try: leave one or two days a week without a run; an easy ride or swim may stand in.
    """
    evidence = facts.evidence.rules["KW121"]
    days = running_days(facts)
    broken = False
    for first, last in streaks(days):
        length = (last - first).days + 1
        if last >= facts.recent_from and evidence["streak"].reached_by(length):
            broken = True
            yield _streak_finding(facts, days, first, last)
    if broken:
        return
    window = int(evidence["window"].value)
    off = days_off(days, facts.as_of, window)
    if known_days_before(facts, facts.as_of) < window - 1:
        yield CannotTell("KW121", "no-day-off", f"the log is shorter than {window} days")
    elif off == window:
        why = f"no run in the last {window} days; rest and missing files look alike"
        yield CannotTell("KW121", "no-day-off", why)
    else:
        text = (
            f"{off} of the last {window} days hold no run in the log; no "
            f"{evidence['streak'].value:.0f} running days on end in 4 weeks"
        )
        yield Kept("KW121", "no-day-off", text)


def days_off(days: list[date], last: date, window: int) -> int:
    """Days without a run in so many up to a day, at the most."""
    first = last - timedelta(days=window - 1)
    return window - sum(first <= day <= last for day in days)


def _streak_finding(facts: Facts, days: list[date], first: date, last: date) -> Finding:
    evidence = facts.evidence.rules["KW121"]
    window = int(evidence["window"].value)
    length = (last - first).days + 1
    # Of the fourteen days that end within the stretch, those with the least rest. What lies
    # before the log is not known to be without a run, so only whole windows count.
    ends = [first + timedelta(days=n) for n in range(length)]
    whole = [end for end in ends if known_days_before(facts, end) >= window - 1]
    fewest = min((days_off(days, end, window) for end in whole), default=window)
    weighs = not evidence["days_off"].reached_by(fewest)
    rest = f" The {window} days around them held {_days(fewest)} off." if weighs else ""
    return Finding(
        code="KW121",
        name="no-day-off",
        severity=evidence.loud(Severity.NOTE),
        grade=evidence.grade,
        start=first.isoformat(),
        end=last.isoformat(),
        observed=float(length),
        limit=evidence["streak"].value,
        unit="days",
        message=(
            f"There was a run on each of {length} days on end, {say_day(first)} to "
            f"{say_day(last)}.{rest}"
        ),
        runs=tuple(between(facts.runs, first, last).index),
        advice="leave one or two days of the coming week without a run.",
        papers=evidence.papers,
        weight=facts.evidence.log_ratio("recovery") if weighs else 0.0,
    )


def _days(count: int) -> str:
    return "no day" if count == 0 else "1 day" if count == 1 else f"{count} days"


@rule(
    "KW122",
    "hard-days-back-to-back",
    needs=("hard_s", "distance_m", "local_date"),
    picture=pictures.demanding,
)
def judge_back_to_back(facts: Facts) -> Iterator[Answer]:
    """Two hard or long days with no day between them.

    A hard day holds 8 minutes of hard running or more (see KW111), a long one half as much again
    as the usual running day of the 30 days before, so that equal days are never long. Sore muscles
    from downhill running were worst after 42 hours, which is why the day after a demanding one is
    looked at; no study ties two such days to injury, and the numbers are ours.

    Try: put an easy day, or one without a run, between two demanding ones.
    """
    evidence = facts.evidence.rules["KW122"]
    stretches = [
        stretch
        for stretch in back_to_back(demanding_days(facts, facts.recent_from))
        if evidence["days"].reached_by(len(stretch))
    ]
    for stretch in stretches:
        yield _stretch_finding(facts, evidence, stretch)
    if stretches:
        return
    runs = between(facts.runs, facts.recent_from, facts.as_of)
    if not len(runs):
        yield CannotTell("KW122", "hard-days-back-to-back", "no run in the last 4 weeks")
        return
    window = evidence["window"].value
    if known_days_before(facts, facts.as_of) < window:
        why = f"the log holds less than {window:.0f} days to take the usual running day from"
        yield CannotTell("KW122", "hard-days-back-to-back", why)
        return
    judged = between(facts.runs, facts.as_of - timedelta(days=int(window)), facts.as_of)
    if not evidence["usual_days"].reached_by(judged["local_date"].nunique()):
        why = f"too few running days in {window:.0f} days to say what is usual"
        yield CannotTell("KW122", "hard-days-back-to-back", why)
        return
    by = "hard or long" if runs["hard_s"].notna().all() else "long (or hard, where that is known)"
    text = f"no two {by} days in a row in the last 4 weeks"
    yield Kept("KW122", "hard-days-back-to-back", text)


def _stretch_finding(facts: Facts, evidence: RuleEvidence, stretch: tuple[Demand, ...]) -> Finding:
    first, last = stretch[0].day, stretch[-1].day
    exposures = {
        "hard_minutes": any(demand.hard for demand in stretch),
        "session_spike": any(demand.long for demand in stretch),
    }
    days = " and ".join(f"{say_day(d.day)} ({_why(facts, d)})" for d in stretch)
    return Finding(
        code="KW122",
        name="hard-days-back-to-back",
        severity=evidence.loud(Severity.NOTE),
        grade=evidence.grade,
        start=first.isoformat(),
        end=last.isoformat(),
        observed=float(len(stretch)),
        limit=evidence["days"].value,
        unit="days",
        message=f"Demanding days with no easy one between them: {days}.",
        runs=tuple(between(facts.runs, first, last).index),
        tissues=tissues_of(facts, *(name for name in exposures if exposures[name])),
        advice="put an easy day, or one without a run, between two demanding ones.",
        papers=evidence.papers,
        weight=facts.evidence.log_ratio("recovery"),
    )


def _why(facts: Facts, demand: Demand) -> str:
    """What made a day demanding."""
    long = f"{facts.config.units.distance(demand.distance_m)}, long for you" if demand.long else ""
    hard = f"{duration(demand.hard_s)} of hard running" if demand.hard else ""
    return " and ".join(part for part in (long, hard) if part)
