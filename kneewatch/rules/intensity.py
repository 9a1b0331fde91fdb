"""How hard: fast running against the most of the 30 days before."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd

from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.efforts import hard_before, hard_ratio
from kneewatch.rules.facts import Facts
from kneewatch.rules.rule import rule
from kneewatch.rules.windows import between, day_of, known_days_before, say_day, tissues_of
from kneewatch.units import duration, percent

WEEK_DAYS = 7

NO_MEASURE = (
    "too few runs of the last 4 weeks have hard time to speak of: it takes best efforts over 400, "
    "800 and 5000 m in 120 days that lie well above the usual speed, or a heart rate and its "
    "maximum (max_heart_rate in kneewatch.toml)"
)


@rule(
    "KW111",
    "hard-minutes-spike",
    needs=("hard_s", "hard_source", "moving_s"),
    picture=pictures.hard_minutes,
)
def judge_hard_minutes(facts: Facts) -> Iterator[Answer]:
    """A run with over 30 % more hard minutes than the most of the 30 days before it.

    Hard is above critical speed, taken from the best grade-adjusted 400, 800 and 5000 m of 120
    days where these are bests at all: what was exceeded for an hour, or lies less than 10 % above
    the usual speed of those days, is no critical speed. Without one it is above 88 % of the
    maximum heart rate, or 80 % of the reserve where the resting rate is known. The runs before are
    measured by the same. Fast running loads the calf and the hamstrings, which cross the back of
    the knee; that it brings injuries is not shown: the one trial of growing by pace against
    growing by distance found no difference. The numbers are ours.

    Try: on the next fast run keep to 1.3 times the hard minutes of before the jump, in short
    pieces with easy running between them.
    """
    evidence = facts.evidence.rules["KW111"]
    window = evidence["window"].value
    broken = False
    doubtful: str | None = None
    runs = between(facts.runs, facts.recent_from, facts.as_of)
    hard = runs["hard_s"]
    for _, run in runs[[evidence["floor"].reached_by(mine) for mine in hard]].iterrows():
        day = day_of(run)
        earlier = hard_before(facts, run)
        ratio = hard_ratio(facts, float(run["hard_s"]), earlier.most_s)
        if not evidence["ratio"].exceeded_by(ratio):
            continue
        if known_days_before(facts, day) < window:
            doubtful = f"the log holds less than {window:.0f} days before {say_day(day)}"
        elif math.isnan(earlier.known):
            doubtful = f"no run in the {window:.0f} days before {say_day(day)}: see KW103"
        elif not evidence["known_share"].reached_by(earlier.known):
            doubtful = (
                f"too few runs in the {window:.0f} days before {say_day(day)} have a pace or a "
                f"heart rate to compare with"
            )
        else:
            broken = True
            yield _hard_finding(facts, run, earlier.most_s, ratio)
    if broken:
        return
    known = float(hard.notna().mean()) if len(hard) else 0.0
    if doubtful or not evidence["known_share"].reached_by(known):
        lacking = NO_MEASURE if len(hard) else "no run in the last 4 weeks"
        yield CannotTell("KW111", "hard-minutes-spike", doubtful or lacking)
        return
    floor = duration(evidence["floor"].value)
    text = f"no run of the last 4 weeks with {floor} of hard running had over 30 % more than before"
    share = hard_share(facts, facts.as_of)
    if not math.isnan(share):
        text += f"; of the running time of the last 7 days {percent(share)} was hard"
    yield Kept("KW111", "hard-minutes-spike", text)


def hard_share(facts: Facts, last: date) -> float:
    """Share of hard time in the 7 days up to a day [-]; NaN where it is not known."""
    runs = between(facts.runs, last - timedelta(days=WEEK_DAYS - 1), last)
    total = float(runs["moving_s"].sum(skipna=False))
    if runs["hard_s"].isna().any() or not total > 0:
        return math.nan
    return float(runs["hard_s"].sum()) / total


def hard_weight(facts: Facts, ratio: float) -> float:
    """Log rate ratio of a run with so many more hard minutes (EVIDENCE 13).

    Zero at the limit, in full from ``ramp_full``, linear between.
    """
    evidence = facts.evidence.rules["KW111"]
    start, full = evidence["ratio"].value, evidence["ramp_full"].value
    grown = min(max((ratio - start) / (full - start), 0.0), 1.0)
    return grown * facts.evidence.log_ratio("hard_minutes")


def _measure(facts: Facts, run: pd.Series) -> str:
    """What counted as hard in a run."""
    if run["hard_source"] == "speed":
        pace = facts.config.units.pace(float(run["critical_speed_mps"]))
        return f"faster than critical speed, about {pace} on the level"
    return f"by heart rate, above {run['hard_hr_bpm']:.0f} beats a minute, so roughly"


def _hard_finding(facts: Facts, run: pd.Series, most_s: float, ratio: float) -> Finding:
    evidence = facts.evidence.rules["KW111"]
    day = day_of(run)
    before = duration(most_s) if most_s > 0 else "none"
    share = hard_share(facts, day)
    of_week = (
        ""
        if math.isnan(share)
        else f" Of the running time of the 7 days up to it {percent(share)} was hard."
    )
    next_s = max(most_s * evidence["ratio"].value, evidence["floor"].value)
    return Finding(
        code="KW111",
        name="hard-minutes-spike",
        severity=evidence.loud(Severity.CAUTION),
        grade=evidence.grade,
        start=day.isoformat(),
        end=day.isoformat(),
        observed=ratio,
        limit=evidence["ratio"].value,
        unit="ratio",
        message=(
            f"The run of {say_day(day)} held {duration(float(run['hard_s']))} of hard running "
            f"({_measure(facts, run)}); the most of the 30 days before was {before}.{of_week} Fast "
            f"running loads the calf and the hamstrings, the muscles that cross the back of the "
            f"knee."
        ),
        runs=(str(run.name),),
        tissues=tissues_of(facts, "hard_minutes"),
        advice=(
            f"on the next fast run keep to about {duration(next_s)} of hard running, in short "
            f"pieces with easy running between them."
        ),
        papers=evidence.papers,
        weight=hard_weight(facts, ratio),
    )
