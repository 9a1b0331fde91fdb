"""The class of ground of an activity, from what its file says; unknown stays unknown."""

from __future__ import annotations

import re

from kneewatch.model import Activity

BY_SUB_SPORT = {
    "street": "hard",
    "trail": "uneven",
    "track": "firm",
    "treadmill": "treadmill",
    "indoor_running": "treadmill",
    "virtual_activity": "treadmill",
    "obstacle": "uneven",
}

BY_WORD = {
    # EVIDENCE 5's classes of OpenStreetMap's surfaces, and what people write by hand
    "hard": "asphalt asphalte asfalt asfalto tarmac concrete beton cemento paved pavement paving "
    "paving_stones chipseal metal road street strasse straße sidewalk sett hard",
    "firm": "track tartan rubber acrylic artificial_turf compacted fine_gravel cinder bahn piste "
    "pista tartanbahn firm",
    "soft": "grass gras rasen sand mud earth woodchip woodchips beach snow schnee erba hierba soft",
    "uneven": "trail gravel dirt ground rock rocks stone cobblestone cobblestones pebblestone "
    "unhewn_cobblestone mountain offroad waldweg wald forest sentier sentiero sendero schotter "
    "uneven rough path singletrack",
    "treadmill": "treadmill laufband tapis cinta band indoor hall gym",
    # It may mean everything from compacted to mud; an unpaved or country road is not a hard one.
    "unknown": "unpaved country non not un",
}

CLASS_OF = {word: class_ for class_, words in BY_WORD.items() for word in words.split()}

WAYS = {"road", "street", "strasse", "straße", "path", "sidewalk"}
"""Words for a way, which say little of its ground beside another."""


def classify_surface(activity: Activity) -> tuple[str, str]:
    """Class of ground, and what it was taken from.

    Parameters
    ----------
    activity : Activity
        ``surface`` is what a table says in words; ``sub_sport`` is FIT's kind of run. Its
        ``dirt_m`` decides nothing: unpaved may be anything from compacted to mud (EVIDENCE 5),
        and no unpaved metre is no paved one, since Strava writes 0 for a treadmill too.

    Returns
    -------
    tuple of str
        One of ``columns.SURFACES``, and ``label``, ``kind of sport`` or ``none``.
    """
    if activity.sub_sport in ("treadmill", "indoor_running"):
        return "treadmill", "kind of sport"
    said = re.sub(r"\boff[ -]road\b", "offroad", activity.surface.lower())
    # Half road, half trail is neither.
    classes = {_class_of(part) for part in re.split(r"[,;/+&]| and ", said)} - {""}
    label = classes.pop() if len(classes) == 1 else "unknown" if classes else ""
    if label not in ("", "unknown"):
        return label, "label"
    known = BY_SUB_SPORT.get(activity.sub_sport)
    if not known or (label and known == "hard"):
        return "unknown", "none"
    return known, "kind of sport"


def _class_of(text: str) -> str:
    """The class that the words name; a dirt road is dirt before it is a road."""
    words = [word for word in re.findall(r"[^\W\d]+", text) if word in CLASS_OF]
    telling = [word for word in words if word not in WAYS] or words
    return CLASS_OF[telling[0]] if telling else ""
