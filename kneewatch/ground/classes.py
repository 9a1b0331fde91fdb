"""The one table from the tags of a way in OpenStreetMap to a class of ground.

What is not marked as ours is EVIDENCE 5. A road without a tag for its surface stays unknown,
whatever kind of road it is: in the extract of North Bayreuth 6 of the 19 residential roads that do
have one are gravel.
"""

from __future__ import annotations

from collections.abc import Mapping

UNKNOWN = "unknown"

BY_SURFACE = {
    "hard": "asphalt concrete concrete:plates concrete:lanes paving_stones sett paved chipseal "
    "metal wood",
    "firm": "compacted fine_gravel tartan rubber acrylic artificial_turf",
    "soft": "grass woodchips earth mud snow sand",
    "uneven": "cobblestone unhewn_cobblestone gravel pebblestone ground dirt rock stone",
    # It may mean everything from compacted to mud.
    "unknown": "unpaved",
}

BY_SURFACE_OURS = {
    "hard": "bricks brick cement tiles metal_grid",
    "firm": "cinder rubbercrumb",
    "soft": "mulch bark",
    "uneven": "stepping_stones rocks stones scree pebbles",
}
"""Rarer values and other spellings, which EVIDENCE 5 leaves open. [D]"""

ROUGH = {
    "smoothness": "bad very_bad horrible very_horrible impassable",
    "tracktype": "grade3 grade4 grade5",
    "sac_scale": "mountain_hiking demanding_mountain_hiking alpine_hiking "
    "demanding_alpine_hiking difficult_alpine_hiking",
}
"""Tags that make a way uneven whatever its surface is made of."""

FIRM_TRACKTYPES = frozenset({"grade2"})
"""Mostly solid by definition: compacted, or gravel rolled in. Of what is not tagged better. [D]"""

WAYS = (
    "footway path track steps pedestrian living_street residential service unclassified tertiary "
    "tertiary_link secondary secondary_link primary primary_link trunk trunk_link cycleway "
    "bridleway road"
)
"""Values of ``highway`` that a person can run on."""

ATHLETICS = frozenset({"running", "athletics"})

ALLOWED = frozenset({"yes", "designated", "permissive", "destination", "official"})

_CLASS_OF = {
    value: class_
    for table in (BY_SURFACE, BY_SURFACE_OURS)
    for class_, values in table.items()
    for value in values.split()
}
_WAYS = frozenset(WAYS.split())
_ROUGH = {key: frozenset(values.split()) for key, values in ROUGH.items()}


def class_of(tags: Mapping[str, str]) -> str:
    """The class of ground of a way.

    Parameters
    ----------
    tags : mapping of str to str
        Of a way that a person can run on.

    Returns
    -------
    str
        ``hard``, ``firm``, ``soft``, ``uneven`` or ``unknown``.
    """
    if any(tags.get(key) in rough for key, rough in _ROUGH.items()):
        return "uneven"
    known = _surface_class(tags.get("surface", ""))
    if known != UNKNOWN:
        return known
    if tags.get("tracktype") in FIRM_TRACKTYPES:
        return "firm"
    # A running track is one, whatever its lanes are covered with. [D]
    return "firm" if is_athletics(tags) and "surface" not in tags else UNKNOWN


def _surface_class(value: str) -> str:
    """The class of a value; of several in one, the class if they agree."""
    parts = [part.strip().lower() for part in value.replace("/", ";").split(";")]
    # ``concrete:lanes`` stands in the table; of others the part before the colon counts. [D]
    met = {_CLASS_OF.get(part) or _CLASS_OF.get(part.partition(":")[0], UNKNOWN) for part in parts}
    return met.pop() if len(met) == 1 else UNKNOWN


def is_athletics(tags: Mapping[str, str]) -> bool:
    """Whether it is the track of a sports ground."""
    sports = {sport.strip() for sport in tags.get("sport", "").split(";")}
    return tags.get("leisure") == "track" and not sports.isdisjoint(ATHLETICS)


def can_be_run(tags: Mapping[str, str]) -> bool:
    """Whether a person can run on a way, and may as far as its tags say. [D]

    What is private stays: people run where they live. Indoors no watch knows where it is.
    """
    if is_athletics(tags):
        return True
    if tags.get("highway") not in _WAYS or tags.get("indoor") == "yes":
        return False
    foot = tags.get("foot", "")
    if foot == "no" or tags.get("motorroad") == "yes" or "conveying" in tags:
        return False
    return tags.get("access") != "no" or foot in ALLOWED
