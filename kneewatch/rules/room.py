"""Room left: how far until a rule speaks."""

from __future__ import annotations

import math
from datetime import timedelta

import pandas as pd

from kneewatch.evidence import RuleEvidence
from kneewatch.metrics.downhill import felt_descent
from kneewatch.rules.downhill import well_known
from kneewatch.rules.facts import Facts, RoomLeft
from kneewatch.rules.load import base_week, measure_jump, two_week_progression
from kneewatch.rules.windows import (
    between,
    distance_in,
    known_days_before,
    least_distance_in,
    rows_before,
)

BASE_WEEKS = 4
"""A week longer ago is no measure any more of what a week may hold. [D]"""


def leave_room(facts: Facts) -> RoomLeft:
    """Room left on the day of ``facts.as_of``, each None where it cannot be told."""
    spikes = _jumps(facts, facts.runs["distance_m"], "KW102")
    drops = _jumps(facts, felt_descent(facts.runs), "KW201")
    return RoomLeft(
        run_m=_run_room(facts, facts.runs),
        week_m=_week_room(facts, calm=False),
        descent_m=_descent_room(facts, facts.runs),
        calm_run_m=_run_room(facts, facts.runs.drop(spikes)) if spikes else None,
        calm_week_m=_week_room(facts, calm=True),
        calm_descent_m=_descent_room(facts, facts.runs.drop(drops)) if drops else None,
    )


def next_run_m(facts: Facts) -> float | None:
    """Length of the next run before KW102 speaks, runs left out that were jumps themselves [m]."""
    spikes = _jumps(facts, facts.runs["distance_m"], "KW102")
    return _run_room(facts, facts.runs.drop(spikes)) or _run_room(facts, facts.runs)


def _jumps(facts: Facts, values: pd.Series[float], code: str) -> list[str]:
    """Runs of the rule's window that were jumps themselves, whether a finding still says so."""
    evidence = facts.evidence.rules[code]
    floor = evidence.limits["floor"].value if "floor" in evidence.limits else 0.0
    jumps = []
    for _, run in _window(facts, facts.runs, evidence["window"].value).iterrows():
        earlier = values.iloc[rows_before(facts, run, evidence["window"].value)]
        most, mine = earlier.max(), float(values[str(run.name)])
        # Where too little is known the rule is silent, and so no jump was said.
        told = most > 0 and _told(facts, earlier, evidence)
        if told and mine > floor and evidence["ratio"].exceeded_by(mine / most):
            jumps.append(str(run.name))
    return jumps


def _told(facts: Facts, earlier: pd.Series[float], evidence: RuleEvidence) -> bool:
    """Whether enough is known of the runs before one to call it a jump."""
    if "known_share" not in evidence.limits:
        return not earlier.isna().any()
    return well_known(earlier, facts.runs["distance_m"][earlier.index], evidence["known_share"])


def _run_room(facts: Facts, runs: pd.DataFrame) -> float | None:
    evidence = facts.evidence.rules["KW102"]
    longest = _window(facts, runs, evidence["window"].value)["distance_m"].max()
    return float(longest) * evidence["ratio"].value if longest > 0 else None


def _descent_room(facts: Facts, runs: pd.DataFrame) -> float | None:
    evidence = facts.evidence.rules["KW201"]
    known = felt_descent(_window(facts, runs, evidence["window"].value))
    if not known.notna().any():
        return None
    return float(max(known.max() * evidence["ratio"].value, evidence["floor"].value))


def _window(facts: Facts, runs: pd.DataFrame, days: float) -> pd.DataFrame:
    return between(runs, facts.as_of - timedelta(days=int(days) - 1), facts.as_of)


def _week_room(facts: Facts, calm: bool) -> float | None:
    """What the calendar week, the rolling 7 and the rolling 14 days all leave, never below zero.

    With ``calm``, a last week that was a jump itself gives way to the week before it; None if it
    was none.
    """
    evidence = facts.evidence.rules["KW101"]

    def allowed(base_m: float) -> float:
        return base_m + evidence["jump"].value * max(base_m, evidence["base_floor"].value)

    room: list[float] = []
    this = facts.weeks.iloc[-1]
    week_m = distance_in(facts, facts.as_of, 7)
    if this["distance_known"] < 1 or math.isnan(week_m):
        # What was run already is not known, nor then what is left.
        return None
    last = len(facts.weeks) - 1
    base = base_week(facts, last)
    if base is not None and base[0] < str(facts.weeks.index[max(last - BASE_WEEKS, 0)]):
        base = None
    if calm:
        base = _before_the_jump(facts, base)
        if base is None:
            return None
    if base is not None and this["known"]:
        room.append(allowed(base[1]) - float(this["distance_m"]))
    earlier = distance_in(facts, facts.as_of - timedelta(days=7), 7)
    if not calm and earlier > 0 and known_days_before(facts, facts.as_of) >= 13:
        room.append(allowed(earlier) - week_m)
    if not room:
        return None
    # KW101 asks about two weeks as well.
    before = distance_in(facts, facts.as_of - timedelta(days=14), 14)
    if not math.isnan(two_week_progression(facts)):
        most = before * (1 + evidence["two_week_progression"].value)
        room.append(most - least_distance_in(facts, facts.as_of, 14))
    return max(min(room), 0.0)


def _before_the_jump(facts: Facts, base: tuple[str, float] | None) -> tuple[str, float] | None:
    """The base of a base week that was a jump itself, None if it was none."""
    if base is None:
        return None
    position = list(facts.weeks.index).index(base[0])
    earlier = base_week(facts, position)
    if earlier is None:
        return None
    jump = measure_jump(base[1], earlier[1], facts.evidence.rules["KW101"])
    return earlier if jump.broken else None
