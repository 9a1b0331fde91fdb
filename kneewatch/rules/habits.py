"""Sudden things on the way: surges, hard stops, sharp turns, against the runner's own 30 days.

All of it is information: nobody has published a tested way to count these from a watch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from kneewatch.evidence import RuleEvidence
from kneewatch.model import Answer, CannotTell, Finding, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.rule import BOOK, rule
from kneewatch.rules.usual import (
    NO_RUN,
    NO_WATCH,
    and_newer,
    is_on_a_machine,
    kept,
    on_a_machine,
    on_like_ground,
    passed_over,
    surges_and_stops,
)
from kneewatch.rules.windows import (
    Run,
    before,
    day_of,
    known_days_before,
    recent,
    say_day,
    tissues_of,
)
from kneewatch.units import duration

NO_CRITICAL = "no critical speed could be taken from the best efforts"
SMART = "no run of the last 4 weeks was recorded every second"


class Sudden(NamedTuple):
    """A run, its count, and the most in a run like it before."""

    run: Run
    now: float
    most: float


Counts = Callable[[Run, pd.DataFrame], "pd.Series[float]"]
"""Counts in runs as they are to be held against one run; NaN where they are not known."""


@rule(
    "KW603",
    "surges-and-stops",
    needs=("surge_histogram", "hard_stops", "critical_speed_mps", "device", "surface"),
    picture=pictures.sudden,
)
def judge_surges(facts: Facts) -> Iterator[Answer]:
    """More surges and hard stops in a run than in any of the 30 days before it.

    A surge is 1.5 m/s faster within 5 seconds and ends well above critical speed; a hard stop
    goes from a run to standing within 3. Calf and hamstrings do the work of both, and calf
    strains are known for sudden starts and stops. The counting is ours, and a watch that looks
    once a second misses some: only the comparison with your own runs by the same watch means
    something, roads against roads and trails against trails.

    Try: after a week without them, bring intervals and sprints back in small numbers, and roll
    into and out of each instead of stamping.
    """
    evidence = facts.evidence.rules["KW603"]
    asked = recent(facts)

    def counts(run: Run, runs: pd.DataFrame) -> pd.Series[float]:
        """Surges above that run's own speed, and stops; unknown where it has none."""
        return surges_and_stops(runs, evidence["reached"].value * float(run["critical_speed_mps"]))

    lacking = NO_CRITICAL if asked["critical_speed_mps"].isna().all() else SMART
    found, judged, lacking = _beyond_the_most(facts, evidence, counts, lacking)
    if not judged:
        yield CannotTell("KW603", "surges-and-stops", lacking)
        return
    skipped = _passed_over(facts, judged[-1])
    if not found:
        text = f"no more surges and hard stops than usual in {_runs(judged)} of the last 4 weeks"
        yield kept("KW603", text, skipped, evidence["skipped"])
        return
    run, now, most = found[-1]
    message = (
        f"The run of {say_day(day_of(run))} held {now:.0f} surges and hard stops in "
        f"{duration(float(run['moving_s']))}; the most in a run of the "
        f"{evidence['window'].value:.0f} days before was {most:.0f}. Calf and hamstrings take "
        f"these, both of which cross the back of the knee.{and_newer(skipped)}"
    )
    yield _count_finding(facts, "KW603", evidence, found, message, "surges")


@rule(
    "KW604",
    "sharp-turns",
    needs=("sharp_turns", "device", "surface"),
    picture=pictures.sudden,
)
def judge_turns(facts: Facts) -> Iterator[Answer]:
    """More sharp turns at speed in a run than in any of the 30 days before it.

    A sharp turn changes direction by 120 degrees or more within 5 seconds, out of a run and with
    a loss of speed of 30 % or more; the bends of an athletics track are not counted. Such a turn
    twists the loaded knee, which the meniscus and the popliteus take. The counting is ours, from
    positions that are good to some metres, and held against runs by the same watch on like ground.

    Try: turn in a small arc with short steps instead of on the spot, and choose a loop over
    there-and-back for the fast parts.
    """
    evidence = facts.evidence.rules["KW604"]
    lacking = "no run of the last 4 weeks has positions every second"
    found, judged, lacking = _beyond_the_most(
        facts, evidence, lambda _, runs: runs["sharp_turns"], lacking, bare="track"
    )
    if not judged:
        yield CannotTell("KW604", "sharp-turns", lacking)
        return
    skipped = _passed_over(facts, judged[-1])
    if not found:
        text = f"no more sharp turns than usual in {_runs(judged)} of the last 4 weeks"
        yield kept("KW604", text, skipped, evidence["skipped"])
        return
    run, now, most = found[-1]
    message = (
        f"The run of {say_day(day_of(run))} held {now:.0f} sharp turns at speed; the most in a run "
        f"of the {evidence['window'].value:.0f} days before was {most:.0f}. Turning on a loaded "
        f"knee twists it.{and_newer(skipped)}"
    )
    yield _count_finding(facts, "KW604", evidence, found, message, "uneven")


def _beyond_the_most(
    facts: Facts, evidence: RuleEvidence, counts: Counts, lacking: str, bare: str = ""
) -> tuple[list[Sudden], list[Run], str]:
    """Runs that hold more than any like them before, those that were judged, and what lacked."""
    found: list[Sudden] = []
    judged: list[Run] = []
    asked = recent(facts)
    if not len(asked):
        lacking = NO_RUN
    for name, run in asked.iterrows():
        now = float(counts(run, asked.loc[[name]]).iloc[0])
        if np.isnan(now):
            continue
        most = _most(facts, run, counts, evidence, bare)
        if isinstance(most, str):
            lacking = most
            continue
        judged.append(run)
        many = evidence["floor"].reached_by(now)
        if many and evidence["times_most"].exceeded_by(_over(now, most)):
            found.append(Sudden(run, now, most))
    return found, judged, lacking


def _passed_over(facts: Facts, last: Run) -> list[str]:
    """Newer runs that were not compared; trails are, with trails."""
    return [why for why in passed_over(facts, last) if why != "trail"]


def _runs(judged: Sequence[Run]) -> str:
    return "1 run" if len(judged) == 1 else f"{len(judged)} runs"


def _over(now: float, most: float) -> float:
    """Times the most so far; against none, the count itself."""
    return now / max(most, 1.0)


def _most(facts: Facts, run: Run, counts: Counts, evidence: RuleEvidence, bare: str) -> float | str:
    """The most in a run of the days before that is like this one, or why that is not known.

    Another watch smooths in another way, and a trail winds: each changes the counts by itself.
    ``bare`` is a kind of run that can hold none, so that nothing is hidden in it.
    """
    if is_on_a_machine(run):
        return "on a treadmill and on a virtual course there is nothing to count"
    if not run["device"]:
        return NO_WATCH
    days = evidence["window"].value
    known = known_days_before(facts, day_of(run))
    if known < days:
        return f"the log holds only {known} of the {days:.0f} days before {say_day(day_of(run))}"
    earlier = before(facts, run, days)
    # A treadmill has neither traffic nor corners: nothing is hidden in such a run.
    earlier = earlier[~on_a_machine(earlier) & (earlier["sub_sport"] != bare)]
    alike = earlier[on_like_ground(earlier, run) & (earlier["device"] == run["device"])]
    told = counts(run, alike).dropna()
    share = len(told) / max(len(earlier), 1)
    if not evidence["runs"].reached_by(len(told)) or not evidence["known_share"].reached_by(share):
        return (
            f"only {len(told)} of {len(earlier)} runs of the {days:.0f} days before "
            f"{say_day(day_of(run))} were recorded every second by the same watch on like ground"
        )
    return float(told.max())


def _count_finding(
    facts: Facts,
    code: str,
    evidence: RuleEvidence,
    found: Sequence[Sudden],
    message: str,
    exposure: str,
) -> Finding:
    _, now, most = found[-1]
    return Finding(
        code=code,
        name=BOOK[code].name,
        severity=evidence.loud(Severity.NOTE),
        grade=evidence.grade,
        start=day_of(found[0][0]).isoformat(),
        end=day_of(found[-1][0]).isoformat(),
        observed=_over(now, most),
        limit=evidence["times_most"].value,
        unit="ratio",
        message=message,
        runs=tuple(str(run.name) for run, _, _ in found),
        tissues=tissues_of(facts, exposure),
        advice=BOOK[code].advice,
        papers=evidence.papers,
    )
