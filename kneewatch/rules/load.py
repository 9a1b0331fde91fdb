"""How much: the week, the longest run, and the way back after a break."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

from kneewatch.evidence import Limit, RuleEvidence
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.rule import BOOK, rule
from kneewatch.rules.score import one_in
from kneewatch.rules.windows import (
    before,
    between,
    day_of,
    distance_in,
    known_days_before,
    recent,
    say_day,
    tissues_of,
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

    Try: repeat last week's distance once, and let the next week grow by what is left of 10 %.
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
        advice=BOOK["KW101"].advice,
        papers=evidence.papers,
        weight=facts.evidence.log_ratio("two_week_progression") if counts else 0.0,
    )


@rule("KW102", "session-spike", needs=("distance_m", "start"), picture=pictures.long_runs)
def judge_session_spike(facts: Facts) -> Iterator[Answer]:
    """A run more than 10 % longer than the longest of the 30 days before it.

    The one amount rule that a large cohort carries: such runs were followed by more overuse
    injuries. Treadmill and virtual runs count, walks and hikes do not. Two distances by GPS make
    a ratio that is good to about 6 %, so the weight grows between 5 and 15 % and there is no
    cliff at 10 %. After 30 days without a run there is no ratio; KW103 speaks instead.

    Try: let the next long run end near the distance named under room left, and grow from there.
    """
    evidence = facts.evidence.rules["KW102"]
    window = evidence["window"].value
    judged, highest = 0, 0.0
    broken = False
    lacking: str | None = None
    for _, run in recent(facts).iterrows():
        earlier = before(facts, run, window)["distance_m"]
        longest = float(earlier.max()) if len(earlier) else math.nan
        known = known_days_before(facts, day_of(run))
        if not longest > 0:
            short = known < window
            lacking = (
                f"the log holds only {known} of the {window:.0f} days before {say_day(day_of(run))}"
                if short
                else f"no run in the {window:.0f} days before {say_day(day_of(run))}: see KW103"
            )
            continue
        ratio = float(run["distance_m"]) / longest
        if evidence["ratio"].exceeded_by(ratio) and known < window:
            # A longer run may lie before the first file.
            lacking = (
                f"the log holds only {known} of the {window:.0f} days before {say_day(day_of(run))}"
            )
            continue
        judged += 1
        highest = max(highest, ratio)
        if evidence["ratio"].exceeded_by(ratio):
            broken = True
            yield _spike_finding(facts, run, ratio, longest)
    if broken:
        return
    if not judged:
        why = lacking or "no run with a distance in the last 4 weeks"
        yield CannotTell("KW102", "session-spike", why)
        return
    more = f"the longest came to {100 * (highest - 1):+.0f} %"
    text = f"no run of the last 4 weeks was more than 10 % longer than those before it; {more}"
    yield Kept("KW102", "session-spike", text)


def spike_weight(facts: Facts, ratio: float) -> float:
    """Log rate ratio of a run so much longer (frandsen2025, EVIDENCE 13).

    Zero up to 1.05, in full from 1.15, the higher class between 1.9 and 2.1, linear between.
    """
    limits = facts.evidence.rules["KW102"].limits
    single, double = facts.evidence.log_ratio("spike"), facts.evidence.log_ratio("double_spike")
    first = _ramp(ratio, limits["ramp_start"], limits["ramp_full"])
    second = _ramp(ratio, limits["double_ramp_start"], limits["double_ramp_full"])
    return first * single + second * (double - single)


def _ramp(value: float, start: Limit, full: Limit) -> float:
    return min(max((value - start.value) / (full.value - start.value), 0.0), 1.0)


def _spike_finding(facts: Facts, run: pd.Series, ratio: float, longest_m: float) -> Finding:
    evidence, units = facts.evidence.rules["KW102"], facts.config.units
    day = day_of(run)
    double = evidence["double"].exceeded_by(ratio)
    full = evidence["ramp_full"].reached_by(ratio)
    wanted = Severity.WARNING if double else Severity.CAUTION if full else Severity.NOTE
    weight = spike_weight(facts, ratio)
    usual = facts.evidence.score["runs_per_injury"]
    people = facts.evidence.papers["frandsen2025"].people
    longer = f"{ratio:.1f} times as long as" if double else f"{percent(ratio - 1)} longer than"
    message = (
        f"The run of {say_day(day)} was {units.distance(run['distance_m'])}, about {longer} the "
        f"longest of the 30 days before ({units.distance(longest_m)}). In a study of {people:,} "
        f"runners about 1 in {one_in(math.exp(weight), usual)} runs like this was followed by an "
        f"overuse injury, instead of 1 in {usual}."
    )
    return Finding(
        code="KW102",
        name="session-spike",
        severity=evidence.loud(wanted),
        grade=evidence.grade,
        start=day.isoformat(),
        end=day.isoformat(),
        observed=ratio,
        limit=evidence["ratio"].value,
        unit="ratio",
        message=message,
        runs=(str(run.name),),
        tissues=tissues_of(facts, "session_spike"),
        advice=BOOK["KW102"].advice,
        papers=evidence.papers,
        weight=weight,
    )


@rule(
    "KW103",
    "long-run-share-or-break",
    needs=("distance_m", "local_date"),
    picture=pictures.long_runs,
)
def judge_share_and_break(facts: Facts) -> Iterator[Answer]:
    """A first run after more than 14 days off, or one run as long as the rest of its week.

    Neither number is carried by a study: they are ours, and shown as information. After a break
    the distances of before say little about what the legs are used to now. A long usual session
    in itself went with fewer injuries, so the share is no verdict on long runs.

    Try: begin with half of the longest run before the break, flat and easy, and add days before
    distance; or spread the week over one more short run.
    """
    evidence = facts.evidence.rules["KW103"]
    answers = [*_breaks(facts, evidence), *_long_shares(facts, evidence)]
    yield from answers
    if answers:
        return
    if known_days_before(facts, facts.as_of) < evidence["break_days"].value:
        why = f"the log is not longer than {evidence['break_days'].value:.0f} days"
        yield CannotTell("KW103", "long-run-share-or-break", why)
        return
    text = "no break of more than 14 days and no run longer than the rest of its week"
    yield Kept("KW103", "long-run-share-or-break", f"in the last 4 weeks {text}")


def _breaks(facts: Facts, evidence: RuleEvidence) -> Iterator[Finding]:
    days = [date.fromisoformat(day) for day in facts.runs["local_date"]]
    for position in range(1, len(days)):
        off = (days[position] - days[position - 1]).days
        if days[position] < facts.recent_from or not evidence["break_days"].exceeded_by(off):
            continue
        run = facts.runs.iloc[position]
        distance = facts.config.units.distance(run["distance_m"])
        message = (
            f"The run of {say_day(days[position])} ({distance}) was the first in {off} days. What "
            f"the legs were used to before the break is no measure any more."
        )
        yield _share_finding(facts, (days[position], days[position]), off, "break_days", message)


def _long_shares(facts: Facts, evidence: RuleEvidence) -> Iterator[Finding]:
    """The newest of the last weeks in which one run was longer than the rest together."""
    for position in range(len(facts.weeks) - 1, max(len(facts.weeks) - 1 - WEEKS_JUDGED, -1), -1):
        row = facts.weeks.iloc[position]
        if not row["known"] or not evidence["min_runs"].reached_by(row["runs"]):
            continue
        share = float(row["longest_m"] / row["distance_m"]) if row["distance_m"] else 0.0
        if evidence["long_run_share"].exceeded_by(share):
            monday = date.fromisoformat(str(facts.weeks.index[position]))
            last = min(monday + timedelta(days=6), facts.as_of)
            units = facts.config.units
            message = (
                f"In the week of {say_day(monday)} one run made up {percent(share)} of the "
                f"distance ({units.distance(row['longest_m'])} of "
                f"{units.distance(row['distance_m'])})."
            )
            yield _share_finding(facts, (monday, last), share, "long_run_share", message)
            return


def _share_finding(
    facts: Facts, days: tuple[date, date], observed: float, limit: str, message: str
) -> Finding:
    evidence = facts.evidence.rules["KW103"]
    return Finding(
        code="KW103",
        name="long-run-share-or-break",
        severity=evidence.loud(Severity.NOTE),
        grade=evidence.grade,
        start=days[0].isoformat(),
        end=days[1].isoformat(),
        observed=float(observed),
        limit=evidence[limit].value,
        unit=evidence[limit].unit,
        message=message,
        runs=tuple(between(facts.runs, *days).index),
        advice=BOOK["KW103"].advice,
        papers=evidence.papers,
    )
