"""How often the legs brake: steps weighted by slope, against the most of the 30 days before."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from kneewatch.metrics.steps import PER_PERCENT, STEEPEST_PERCENT
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.downhill import well_known
from kneewatch.rules.facts import Facts
from kneewatch.rules.rule import BOOK, rule
from kneewatch.rules.windows import (
    Run,
    before,
    day_of,
    known_days_before,
    recent,
    say_day,
    tissues_of,
)
from kneewatch.units import percent

BRAKING = {
    "grade_below_m15_m": PER_PERCENT * STEEPEST_PERCENT,
    "grade_m15_m10_m": PER_PERCENT * 12.5,
    "grade_m10_m5_m": PER_PERCENT * 7.5,
    "grade_m5_m2_m": PER_PERCENT * 3.5,
}
"""What a step on a slope of that class counts beyond one on the level, by the middle of the class
(EVIDENCE 4)."""

NOT_COUNTED = "most runs of the last 4 weeks have no steps or no barometer to weigh them by"


def slope_share(runs: pd.DataFrame) -> pd.Series[float]:
    """What the slopes of each run add to a step on the level, in the mean of its distance [-].

    Zero on a treadmill, NaN where no barometer was there.
    """
    added = sum(
        (runs[name] * weight for name, weight in BRAKING.items()), start=0.0 * runs["steps"]
    )
    share: pd.Series[float] = added / runs["distance_m"]
    return share.where(runs["surface"] != "treadmill", 0.0)


@rule(
    "KW204",
    "braking-steps",
    needs=("braking_steps", "steps", "distance_m", "surface", *BRAKING),
    picture=pictures.grade_mix,
)
def judge_braking_steps(facts: Facts) -> Iterator[Answer]:
    """A run that counts like over 30 % more level steps than any of the 30 days before, by slopes.

    Going down raises braking forces by about 4.6 % for each percent of slope, so each step is
    weighted by that, and a walking one counts half. A run counts only if its slopes alone add a
    twentieth or more, and over 30 % more than those of any of these runs: one that is merely
    longer is a matter of distance (KW102). It needs a step rate and a barometer. No study
    ties such steps to injury, joint moments do not simply rise downhill, and the 30 % are ours.
    There is no room left for it: nobody plans in steps that are weighted.

    Try: bring the next hilly run back to the length of before, go down with short quick steps,
    and walk the steepest stretches.
    """
    evidence = facts.evidence.rules["KW204"]
    window = evidence["window"].value
    runs = recent(facts)
    share, broken = slope_share(runs), False
    doubtful: str | None = None
    for _, run in runs[[evidence["slopes"].reached_by(added) for added in share]].iterrows():
        earlier = before(facts, run, window)
        most = _most(earlier["braking_steps"])
        floor = evidence["floor"].value / evidence["ratio"].value
        ratio = float(run["braking_steps"]) / max(most, floor)
        added = float(share[str(run.name)]) * float(run["steps"])
        before_added = _most(slope_share(earlier) * earlier["steps"])
        grown = added / before_added if before_added > 0 else math.inf
        if not evidence["ratio"].exceeded_by(min(ratio, grown)):
            continue
        day = day_of(run)
        if known_days_before(facts, day) < window:
            doubtful = f"the log holds less than {window:.0f} days before {say_day(day)}"
        elif not len(earlier):
            doubtful = f"no run in the {window:.0f} days before {say_day(day)}: see KW202"
        elif not well_known(
            earlier["braking_steps"], earlier["distance_m"], evidence["known_share"]
        ):
            doubtful = (
                f"most runs in the {window:.0f} days before {say_day(day)} have no steps or no "
                f"barometer"
            )
        else:
            broken = True
            yield _finding(facts, run, most, ratio)
    if broken:
        return
    if doubtful or not well_known(
        runs["braking_steps"], runs["distance_m"], evidence["known_share"]
    ):
        lacking = NOT_COUNTED if len(runs) else "no run in the last 4 weeks"
        yield CannotTell("KW204", "braking-steps", doubtful or lacking)
        return
    text = "no run of the last 4 weeks counted over 30 % more braking steps than those before it"
    yield Kept("KW204", "braking-steps", text)


def _most(values: pd.Series[float]) -> float:
    return float(values.max()) if values.notna().any() else 0.0


def _finding(facts: Facts, run: Run, most: float, ratio: float) -> Finding:
    evidence = facts.evidence.rules["KW204"]
    day = day_of(run)
    down = sum(float(run[name]) for name in BRAKING) / float(run["distance_m"])
    return Finding(
        code="KW204",
        name="braking-steps",
        severity=evidence.loud(Severity.CAUTION),
        grade=evidence.grade,
        start=day.isoformat(),
        end=day.isoformat(),
        observed=ratio,
        limit=evidence["ratio"].value,
        unit="ratio",
        message=(
            f"The run of {say_day(day)} counted like {_steps(float(run['braking_steps']))} level "
            f"steps ({_steps(float(run['steps']))} real ones; a step downhill counts more, a "
            f"walking one half), the most of the 30 days before like {_steps(most)}: "
            f"{percent(down)} of it went down at −2 % or steeper."
        ),
        runs=(str(run.name),),
        tissues=tissues_of(facts, "downhill"),
        advice=BOOK["KW204"].advice,
        papers=evidence.papers,
        weight=facts.evidence.log_ratio("downhill"),
    )


def _steps(count: float) -> str:
    return f"{round(count, -2):,.0f}"
