"""How much: the week against the week before."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

from kneewatch.evidence import RuleEvidence
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.rule import rule
from kneewatch.rules.windows import (
    between,
    distance_in,
    known_days_before,
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


def base_week(weeks: pd.DataFrame, position: int) -> tuple[str, float] | None:
    """The last known week with running before a week: its first day and distance [m]."""
    for at in range(position - 1, -1, -1):
        row = weeks.iloc[at]
        if not row["known"]:
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
    percent. Above 30 % it speaks louder. It is widely advised; the only trial of it found no
    difference, and in the largest cohort the weekly change had no relationship with injury.

    Try: go back to the distance of the week before the jump for a week, and let the weeks after
    it grow by 10 % at most.
    """
    evidence = facts.evidence.rules["KW101"]
    weeks, units = facts.weeks, facts.config.units
    judged, highest = 0, -math.inf
    broken = False
    for position in range(max(len(weeks) - WEEKS_JUDGED, 0), len(weeks)):
        row = weeks.iloc[position]
        base = base_week(weeks, position)
        if not row["known"] or base is None:
            continue
        distance = float(row["distance_m"])
        jump = measure_jump(distance, base[1], evidence)
        judged += 1
        highest = max(highest, distance / base[1] - 1)
        if jump.broken:
            broken = True
            monday = date.fromisoformat(str(weeks.index[position]))
            last = min(monday + timedelta(days=6), facts.as_of)
            whole = "" if row["complete"] else " so far"
            label = f"The week of {say_day(monday)}{whole}"
            yield _jump_finding(facts, jump, label, monday, last, distance, base)
    rolling = _rolling_jump(facts, evidence)
    if rolling is not None:
        judged += 1
        if rolling.broken and not broken:
            broken = True
            base_m = distance_in(facts, facts.as_of - timedelta(days=7), 7)
            first = facts.as_of - timedelta(days=6)
            label = "The last 7 days"
            before_that = ((first - timedelta(days=7)).isoformat(), base_m)
            yield _jump_finding(
                facts,
                rolling,
                label,
                first,
                facts.as_of,
                distance_in(facts, facts.as_of, 7),
                before_that,
            )
    if broken:
        return
    if judged == 0:
        why = "no earlier week with running lies whole in the log"
        yield CannotTell("KW101", "weekly-mileage-jump", why)
        return
    limit = percent(evidence["jump"].value)
    most = f"; the highest came to {100 * highest:+.0f} %" if highest > -1 else ""
    floor = units.distance(evidence["base_floor"].value, 0)
    text = f"no week of the last {WEEKS_JUDGED} grew by more than {limit} (base at least {floor})"
    yield Kept("KW101", "weekly-mileage-jump", text + most)


def _rolling_jump(facts: Facts, evidence: RuleEvidence) -> Jump | None:
    """The last 7 days against the 7 before, None where these hold no run or are not known."""
    if known_days_before(facts, facts.as_of) < 13:
        return None
    base = distance_in(facts, facts.as_of - timedelta(days=7), 7)
    if base <= 0:
        return None
    return measure_jump(distance_in(facts, facts.as_of, 7), base, evidence)


def two_week_progression(facts: Facts) -> float:
    """Distance of the last 14 days over that of the 14 before, minus 1; NaN if not known."""
    earlier = distance_in(facts, facts.as_of - timedelta(days=14), 14)
    floor = facts.evidence.limit("KW101", "base_floor").value
    if known_days_before(facts, facts.as_of) < 27 or earlier < floor:
        return math.nan
    return distance_in(facts, facts.as_of, 14) / earlier - 1


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
    more = (
        f"{percent(jump.grown)} more"
        if jump.unit == "share"
        else f"{units.distance(jump.grown)} more"
    )
    message = (
        f"{label} came to {units.distance(distance_m)}, {more} than the "
        f"{units.distance(base[1])} of the week of {say_day(base_day)}{gap}."
    )
    counts = last >= facts.as_of - timedelta(days=6) and evidence[
        "two_week_progression"
    ].exceeded_by(two_week_progression(facts))
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
