"""Room left: how far until a rule speaks."""

from __future__ import annotations

from datetime import timedelta

from kneewatch.rules.facts import Facts, RoomLeft
from kneewatch.rules.load import base_week
from kneewatch.rules.score import known_descent_limit
from kneewatch.rules.windows import between, distance_in, known_days_before


def leave_room(facts: Facts) -> RoomLeft:
    """Room left on the day of ``facts.as_of``, each None where it cannot be told."""
    return RoomLeft(_run_room(facts), _week_room(facts), known_descent_limit(facts))


def _run_room(facts: Facts) -> float | None:
    evidence = facts.evidence.rules["KW102"]
    window = int(evidence["window"].value)
    runs = between(facts.runs, facts.as_of - timedelta(days=window - 1), facts.as_of)
    longest = runs["distance_m"].max()
    return float(longest) * evidence["ratio"].value if longest > 0 else None


def _week_room(facts: Facts) -> float | None:
    """What the calendar week and the rolling 7 days both leave; never below zero."""
    evidence = facts.evidence.rules["KW101"]

    def allowed(base_m: float) -> float:
        return base_m + evidence["jump"].value * max(base_m, evidence["base_floor"].value)

    this = facts.weeks.iloc[-1]
    base = base_week(facts.weeks, len(facts.weeks) - 1)
    if base is None or not this["known"]:
        return None
    room = [allowed(base[1]) - float(this["distance_m"])]
    earlier = distance_in(facts, facts.as_of - timedelta(days=7), 7)
    if earlier > 0 and known_days_before(facts, facts.as_of) >= 13:
        room.append(allowed(earlier) - distance_in(facts, facts.as_of, 7))
    return max(min(room), 0.0)
