"""How long: a run against the longest of the 30 days before it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from kneewatch.evidence import Limit
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.room import next_run_m
from kneewatch.rules.rule import rule
from kneewatch.rules.score import one_in
from kneewatch.rules.windows import (
    before,
    day_of,
    known_days_before,
    recent,
    say_day,
    tissues_of,
)
from kneewatch.units import percent


@rule("KW102", "session-spike", needs=("distance_m", "start"), picture=pictures.long_runs)
def judge_session_spike(facts: Facts) -> Iterator[Answer]:
    """A run more than 10 % longer than the longest of the 30 days before it.

    The one amount rule that a large cohort carries: such runs were followed by more overuse
    injuries. Treadmill and virtual runs count, walks and hikes do not. Two distances by GPS make
    a ratio that is good to about 6 %, so the weight grows between 5 and 15 % and there is no
    cliff at 10 %. A run of unknown distance may have been the longest, so beside one a jump cannot
    be told. After 30 days without a run there is no ratio; KW103 speaks instead.

    Try: let the next long run end near 1.1 times the longest run before the jump, and grow from
    there.
    """
    evidence = facts.evidence.rules["KW102"]
    window = evidence["window"].value
    judged, highest = 0, 0.0
    broken = False
    lacking: str | None = None
    doubtful: str | None = None
    for _, run in recent(facts).iterrows():
        earlier = before(facts, run, window)["distance_m"]
        longest = float(earlier.max()) if len(earlier) else math.nan
        known = known_days_before(facts, day_of(run))
        short = (
            f"the log holds only {known} of the {window:.0f} days before {say_day(day_of(run))}"
            if known < window
            else None
        )
        if not longest > 0:
            alone = f"no run in the {window:.0f} days before {say_day(day_of(run))}: see KW103"
            lacking = short or alone
            continue
        ratio = float(run["distance_m"]) / longest
        blank = int(earlier.isna().sum())
        if evidence["ratio"].exceeded_by(ratio) and (short or blank):
            # A longer run may lie before the first file, or be one whose distance is not known.
            doubtful = short or _without_distance(blank, window, run)
            continue
        judged += 1
        highest = max(highest, ratio)
        if evidence["ratio"].exceeded_by(ratio):
            broken = True
            yield _spike_finding(facts, run, ratio, longest)
    if broken:
        return
    if doubtful or not judged:
        why = doubtful or lacking or "no run with a distance in the last 4 weeks"
        yield CannotTell("KW102", "session-spike", why)
        return
    more = f"the longest came to {100 * (highest - 1):+.0f} %"
    text = f"no run of the last 4 weeks was more than 10 % longer than those before it; {more}"
    yield Kept("KW102", "session-spike", text)


def _without_distance(blank: int, window: float, run: pd.Series) -> str:
    runs = "1 run" if blank == 1 else f"{blank} runs"
    have = "has" if blank == 1 else "have"
    return f"{runs} in the {window:.0f} days before {say_day(day_of(run))} {have} no distance"


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


def _study(facts: Facts, double: bool) -> str:
    """What the study found for runs of that class, counts first, with its interval."""
    score = facts.evidence.score
    usual = score["runs_per_injury"]
    ratio, low, high = score["double_spike_class" if double else "spike_class"]
    pooled = "" if double else ", two classes of the study taken together by us"
    return (
        f"In a study of {facts.evidence.papers['frandsen2025'].people:,} runners, mostly men "
        f"around 46, about 1 in {one_in(ratio, usual)} runs like this (between 1 in "
        f"{one_in(high, usual)} and 1 in {one_in(low, usual)}) was followed by an overuse injury "
        f"of whatever kind, instead of 1 in {usual}: {ratio:.2f} times as often ({low:.2f} to "
        f"{high:.2f}{pooled})."
    )


def _spike_finding(facts: Facts, run: pd.Series, ratio: float, longest_m: float) -> Finding:
    evidence, units = facts.evidence.rules["KW102"], facts.config.units
    day = day_of(run)
    double = evidence["double"].exceeded_by(ratio)
    full = evidence["ramp_full"].reached_by(ratio)
    wanted = Severity.WARNING if double else Severity.CAUTION if full else Severity.NOTE
    longer = f"{ratio:.1f} times as long as" if double else f"{percent(ratio - 1)} longer than"
    message = (
        f"The run of {say_day(day)} was {units.distance(run['distance_m'])}, about {longer} the "
        f"longest of the 30 days before ({units.distance(longest_m)}). {_study(facts, double)}"
    )
    # What is left today, not what was left on the day of the jump.
    near = " ".join(units.up_to(next_run_m(facts) or longest_m * evidence["ratio"].value))
    if not full:
        message += " That close to the edge, two distances by satellite cannot tell for certain."
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
        advice=f"let the next long run end near {near}, and grow from there.",
        papers=evidence.papers,
        weight=spike_weight(facts, ratio),
    )
