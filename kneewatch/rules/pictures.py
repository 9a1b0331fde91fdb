"""All pictures of a runner by name."""

from __future__ import annotations

from collections.abc import Callable

from kneewatch.picture import Picture
from kneewatch.rules.facts import Facts
from kneewatch.rules.picture_amount import long_runs, weekly_distance
from kneewatch.rules.picture_downhill import descent, grade_mix, profile
from kneewatch.rules.picture_form import stance_balance, step_rate, sudden
from kneewatch.rules.picture_ground import shoes, surface_mix, tissues
from kneewatch.rules.picture_pain import pain
from kneewatch.rules.picture_rest import days_off, demanding, hard_minutes, other_sports

__all__ = [
    "PICTURES",
    "days_off",
    "demanding",
    "descent",
    "grade_mix",
    "hard_minutes",
    "long_runs",
    "other_sports",
    "pain",
    "profile",
    "shoes",
    "stance_balance",
    "step_rate",
    "sudden",
    "surface_mix",
    "tissues",
    "weekly_distance",
]

PICTURES: dict[str, Callable[[Facts], Picture]] = {
    "weekly_distance": weekly_distance,
    "long_runs": long_runs,
    "hard_minutes": hard_minutes,
    "days_off": days_off,
    "demanding": demanding,
    "other_sports": other_sports,
    "descent": descent,
    "grade_mix": grade_mix,
    "step_rate": step_rate,
    "stance_balance": stance_balance,
    "sudden": sudden,
    "surface_mix": surface_mix,
    "shoes": shoes,
    "tissues": tissues,
    "pain": pain,
}
"""All pictures of a runner by name, in the order of a report."""
