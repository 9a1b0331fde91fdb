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
    "road street strasse straße route strada calle sidewalk sett hard",
    "firm": "track tartan rubber compacted fine_gravel cinder bahn piste pista tartanbahn firm",
    "soft": "grass gras rasen sand mud earth woodchip woodchips beach snow schnee erba hierba soft",
    "uneven": "trail gravel dirt ground rock rocks stone cobblestone cobblestones mountain "
    "waldweg wald forest sentier sentiero sendero schotter uneven rough path singletrack",
    "treadmill": "treadmill laufband tapis cinta band indoor hall gym",
}

CLASS_OF = {word: class_ for class_, words in BY_WORD.items() for word in words.split()}


def classify_surface(activity: Activity) -> tuple[str, str]:
    """Class of ground, and what it was taken from.

    Parameters
    ----------
    activity : Activity
        ``surface`` is what a table says in words; ``sub_sport`` is FIT's kind of run.

    Returns
    -------
    tuple of str
        One of ``columns.SURFACES``, and ``label``, ``kind of sport`` or ``none``.
    """
    if activity.sub_sport in ("treadmill", "indoor_running"):
        return "treadmill", "kind of sport"
    for word in re.findall(r"[^\W\d]+", activity.surface.lower()):
        if word in CLASS_OF:
            return CLASS_OF[word], "label"
    known = BY_SUB_SPORT.get(activity.sub_sport)
    return (known, "kind of sport") if known else ("unknown", "none")
