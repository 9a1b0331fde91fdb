"""All pictures of a runner by name."""

from __future__ import annotations

from collections.abc import Callable

from kneewatch.picture import Picture
from kneewatch.rules.facts import Facts
from kneewatch.rules.picture_amount import long_runs, weekly_distance
from kneewatch.rules.picture_downhill import descent, grade_mix, profile
from kneewatch.rules.picture_ground import shoes, surface_mix, tissues

__all__ = [
    "PICTURES",
    "descent",
    "grade_mix",
    "long_runs",
    "profile",
    "shoes",
    "surface_mix",
    "tissues",
    "weekly_distance",
]

PICTURES: dict[str, Callable[[Facts], Picture]] = {
    "weekly_distance": weekly_distance,
    "long_runs": long_runs,
    "descent": descent,
    "grade_mix": grade_mix,
    "surface_mix": surface_mix,
    "shoes": shoes,
    "tissues": tissues,
}
"""All pictures of a runner by name, in the order of a report."""
