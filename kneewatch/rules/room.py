"""Room left: how far until a rule speaks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta

import pandas as pd

from kneewatch.metrics.downhill import felt_descent
from kneewatch.model import Finding
from kneewatch.rules.facts import Facts, RoomLeft
from kneewatch.rules.load import base_week, two_week_progression
from kneewatch.rules.windows import between, distance_in, known_days_before


def leave_room(facts: Facts, findings: Sequence[Finding]) -> RoomLeft:
    """Room left on the day of ``facts.as_of``, each None where it cannot be told.

    Parameters
    ----------
    facts : Facts
    findings : sequence of Finding
        Which runs were jumps themselves.
    """
    spikes = _runs_of(findings, "KW102")
    drops = _runs_of(findings, "KW201", "KW202")
    return RoomLeft(
        run_m=_run_room(facts, facts.runs),
        week_m=_week_room(facts),
        descent_m=_descent_room(facts, facts.runs),
        calm_run_m=_run_room(facts, facts.runs.drop(spikes)) if spikes else None,
        calm_descent_m=_descent_room(facts, facts.runs.drop(drops)) if drops else None,
    )


def _runs_of(findings: Sequence[Finding], *codes: str) -> list[str]:
    return sorted({run for finding in findings if finding.code in codes for run in finding.runs})


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


def _week_room(facts: Facts) -> float | None:
    """What the calendar week, the rolling 7 and the rolling 14 days all leave, never below zero."""
    evidence = facts.evidence.rules["KW101"]

    def allowed(base_m: float) -> float:
        return base_m + evidence["jump"].value * max(base_m, evidence["base_floor"].value)

    room = []
    this = facts.weeks.iloc[-1]
    base = base_week(facts, len(facts.weeks) - 1)
    if base is not None and this["known"]:
        room.append(allowed(base[1]) - float(this["distance_m"]))
    earlier = distance_in(facts, facts.as_of - timedelta(days=7), 7)
    if earlier > 0 and known_days_before(facts, facts.as_of) >= 13:
        room.append(allowed(earlier) - distance_in(facts, facts.as_of, 7))
    if not room:
        return None
    # KW101 asks about two weeks as well.
    fortnight = distance_in(facts, facts.as_of - timedelta(days=14), 14)
    if not math.isnan(two_week_progression(facts)):
        most = fortnight * (1 + evidence["two_week_progression"].value)
        room.append(most - distance_in(facts, facts.as_of, 14))
    return max(min(room), 0.0)
