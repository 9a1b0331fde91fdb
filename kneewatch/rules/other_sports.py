"""Sports that are not runs, by what they ask of the legs."""

from __future__ import annotations

GROUPS = ("low impact", "strength and mobility", "on foot", "others")

_LOW_IMPACT = frozenset(
    {
        "cycling",
        "e_biking",
        "swimming",
        "rowing",
        "kayaking",
        "paddling",
        "stand_up_paddleboarding",
        "cross_country_skiing",
    }
)
_STRENGTH = frozenset({"strength_training", "yoga", "pilates", "flexibility_training"})
_ON_FOOT = frozenset({"walking", "hiking", "mountaineering", "snowshoeing", "jump_rope"})


def group_of(sport: str, sub_sport: str) -> str:
    """One of ``GROUPS`` for FIT's names of a sport.

    Walks and hikes carry the body's weight, downhill too, so they are no low-impact training;
    games with their turns and stops are neither.
    """
    if sport in _LOW_IMPACT or sub_sport in ("elliptical", "indoor_cycling", "indoor_rowing"):
        return "low impact"
    if sub_sport in _STRENGTH:
        return "strength and mobility"
    return "on foot" if sport in _ON_FOOT or sub_sport == "stair_climbing" else "others"
