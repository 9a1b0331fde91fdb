"""How much: the week against the week before."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from kneewatch.evidence import RuleEvidence
from kneewatch.metrics.weeks import monday_of
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.rule import rule
from kneewatch.rules.windows import (
    between,
    day_of,
    distance_in,
    known_days_before,
    least_distance_in,
    say_day,
)
from kneewatch.units import percent

WEEKS_JUDGED = 4


class Jump(NamedTuple):
    """Growth against a base, as a share, or as metres where the base is too small for one."""

    grown: float
    unit: str
    limit: float
    large: bool
    broken: bool


def measure_jump(distance_m: float, base_m: float, evidence: RuleEvidence) -> Jump:
    """Compare a week with its base.

    Parameters
    ----------
    distance_m, base_m : float
        [m]
    evidence : RuleEvidence
        Of KW101.
    """
    jump, large, floor = evidence["jump"], evidence["large_jump"], evidence["base_floor"]
    share = distance_m / max(base_m, floor.value) - base_m / max(base_m, floor.value)
    broken, is_large = jump.exceeded_by(share), large.exceeded_by(share)
    if floor.reached_by(base_m):
        return Jump(share, "share", jump.value, is_large, broken)
    return Jump(share * floor.value, "m", jump.value * floor.value, is_large, broken)


def base_week(facts: Facts, position: int) -> tuple[str, float] | None:
    """The last week with running before a week: its first day and distance [m].

    None if the log begins within it, or a run in it has no distance: a part of a week would make
    the next one look like a jump.
    """
    weeks = facts.weeks
    for at in range(position - 1, -1, -1):
        row = weeks.iloc[at]
        if facts.first_day is None or str(weeks.index[at]) < facts.first_day.isoformat():
            return None
        if row["distance_known"] < 1:
            return None
        if row["distance_m"] > 0:
            return str(weeks.index[at]), float(row["distance_m"])
    return None


@rule(
    "KW101",
    "weekly-mileage-jump",
    needs=("distance_m", "local_date"),
    picture=pictures.weekly_distance,
)
def judge_weekly_jump(facts: Facts) -> Iterator[Answer]:
    """Weekly distance more than 10 % above the week before.

    The 10 % rule, by calendar week from Monday and by rolling 7 days. The week that is still
    going on is judged upwards only. The base is the last week with running; where that lies
    further back the message says so. Below a base of 10 km kilometres are compared instead of
    percent. A run without a distance is unknown and not zero. Above 30 % it speaks louder. It is
    widely advised; the only trial of it found no difference, and in the largest cohort the weekly
    change had no relationship with injury.

    Try: go back to the distance of the week before the jump for a week, and let the weeks after
    it grow by 10 % at most.
    """
    evidence = facts.evidence.rules["KW101"]
    weeks, units = facts.weeks, facts.config.units
    judged, highest = 0, -math.inf
    broken = weighed = False
    newest = date.min
    for position in range(max(len(weeks) - WEEKS_JUDGED, 0), len(weeks)):
        row = weeks.iloc[position]
        base = base_week(facts, position)
        if not row["known"] or base is None:
            continue
        distance = float(row["distance_m"])
        jump = measure_jump(distance, base[1], evidence)
        judged += 1
        if row["complete"] and not row["distance_known"] < 1:
            highest = max(highest, distance / base[1] - 1)
        if jump.broken:
            broken = True
            monday = date.fromisoformat(str(weeks.index[position]))
            last = min(monday + timedelta(days=6), facts.as_of)
            newest = last
            whole = "" if row["complete"] else " so far"
            label = f"The week of {say_day(monday)}{whole}"
            finding = _jump_finding(facts, jump, label, monday, last, distance, base)
            weighed |= finding.weight > 0
            yield finding
    rolling = _rolling_jump(facts, evidence)
    if rolling is not None:
        judged += 1
        first = facts.as_of - timedelta(days=6)
        # A calendar week that reaches into these days has said it already.
        if rolling.broken and newest < first:
            broken = True
            base_m = distance_in(facts, facts.as_of - timedelta(days=7), 7)
            label = "The last 7 days"
            before_that = ((first - timedelta(days=7)).isoformat(), base_m)
            finding = _jump_finding(
                facts,
                rolling,
                label,
                first,
                facts.as_of,
                least_distance_in(facts, facts.as_of, 7),
                before_that,
            )
            weighed |= finding.weight > 0
            yield finding
    progression = two_week_progression(facts)
    if evidence["two_week_progression"].exceeded_by(progression) and not weighed:
        broken = True
        yield _progression_finding(facts, progression)
    if broken:
        return
    unknown = _unknown_week(facts)
    if unknown or judged == 0:
        why = unknown or "no earlier week with running lies whole in the log"
        yield CannotTell("KW101", "weekly-mileage-jump", why)
        return
    limit = percent(evidence["jump"].value)
    most = f"; the highest came to {100 * highest:+.0f} %" if highest > 0 else ""
    floor = units.distance(evidence["base_floor"].value, 0)
    text = f"no week of the last {WEEKS_JUDGED} grew by more than {limit} (base at least {floor})"
    yield Kept("KW101", "weekly-mileage-jump", text + most)


def _unknown_week(facts: Facts) -> str:
    """Which run without a distance leaves a week, or the base of one, unknown; empty if none."""
    first = monday_of(facts.as_of) - timedelta(weeks=WEEKS_JUDGED)
    runs = between(facts.runs, first, facts.as_of)
    blank = runs[runs["distance_m"].isna()]
    if not len(blank):
        return ""
    return f"the run of {say_day(day_of(blank.iloc[-1]))} has no distance, so its week is unknown"


def _rolling_jump(facts: Facts, evidence: RuleEvidence) -> Jump | None:
    """The last 7 days against the 7 before, None where these hold no run or are not known."""
    if known_days_before(facts, facts.as_of) < 13:
        return None
    base = distance_in(facts, facts.as_of - timedelta(days=7), 7)
    if not base > 0:
        return None
    return measure_jump(least_distance_in(facts, facts.as_of, 7), base, evidence)


def two_week_progression(facts: Facts) -> float:
    """Distance of the last 14 days over that of the 14 before, minus 1; NaN if not known.

    At least so much, where a run of the last 14 has no distance.
    """
    earlier = distance_in(facts, facts.as_of - timedelta(days=14), 14)
    floor = facts.evidence.limit("KW101", "base_floor").value
    if known_days_before(facts, facts.as_of) < 27 or not earlier >= floor:
        return math.nan
    return least_distance_in(facts, facts.as_of, 14) / earlier - 1


def _fortnight(facts: Facts) -> str:
    """What the last two weeks came to."""
    now = least_distance_in(facts, facts.as_of, 14)
    least = _at_least(facts, facts.as_of - timedelta(days=13), facts.as_of)
    return f"The last 14 days came to {least}{facts.config.units.distance(now)}"


def _progression_finding(facts: Facts, progression: float) -> Finding:
    evidence, units = facts.evidence.rules["KW101"], facts.config.units
    earlier = distance_in(facts, facts.as_of - timedelta(days=14), 14)
    first = facts.as_of - timedelta(days=13)
    return Finding(
        code="KW101",
        name="weekly-mileage-jump",
        severity=evidence.loud(Severity.CAUTION),
        grade=evidence.grade,
        start=first.isoformat(),
        end=facts.as_of.isoformat(),
        observed=progression,
        limit=evidence["two_week_progression"].value,
        unit="share",
        message=(
            f"{_fortnight(facts)}, {percent(progression)} more than the "
            f"{units.distance(earlier)} of the 14 days before."
        ),
        runs=tuple(between(facts.runs, first, facts.as_of).index),
        advice=(
            "stay at this distance until two weeks are like the two before, and let the weeks "
            "after it grow by 10 % at most."
        ),
        papers=evidence.papers,
        weight=facts.evidence.log_ratio("two_week_progression"),
    )


def _at_least(facts: Facts, first: date, last: date) -> str:
    """What goes before a distance to which a run adds that is not known."""
    unknown = between(facts.runs, first, last)["distance_m"].isna().any()
    return "at least " if unknown else ""


def _jump_finding(
    facts: Facts,
    jump: Jump,
    label: str,
    first: date,
    last: date,
    distance_m: float,
    base: tuple[str, float],
) -> Finding:
    evidence, units = facts.evidence.rules["KW101"], facts.config.units
    base_day = date.fromisoformat(base[0])
    weeks_back = (first - base_day).days // 7
    gap = f", {weeks_back} weeks back, the last with a run" if weeks_back > 1 else ""
    calendar = first.weekday() == 0 and base_day.weekday() == 0
    before_that = f"the week of {say_day(base_day)}{gap}" if calendar else "the 7 days before"
    more = (
        f"{percent(jump.grown)} more"
        if jump.unit == "share"
        else f"{units.distance(jump.grown)} more"
    )
    least = _at_least(facts, first, last)
    message = (
        f"{label} came to {least}{units.distance(distance_m)}, {more} than the "
        f"{units.distance(base[1])} of {before_that}."
    )
    progression = two_week_progression(facts)
    within = last >= facts.as_of - timedelta(days=6)
    counts = within and evidence["two_week_progression"].exceeded_by(progression)
    if counts:
        # The weight is not that of the week, so what carries it has to be said.
        message += f" {_fortnight(facts)}, {percent(progression)} more than the 14 before."
    return Finding(
        code="KW101",
        name="weekly-mileage-jump",
        severity=evidence.loud(Severity.CAUTION if jump.large else Severity.NOTE),
        grade=evidence.grade,
        start=first.isoformat(),
        end=last.isoformat(),
        observed=jump.grown,
        limit=jump.limit,
        unit=jump.unit,
        message=message,
        runs=tuple(between(facts.runs, first, last).index),
        advice=(
            f"go back to about {units.distance(base[1], 0)} for a week, and let the weeks after it "
            f"grow by 10 % at most."
        ),
        papers=evidence.papers,
        weight=facts.evidence.log_ratio("two_week_progression") if counts else 0.0,
    )
