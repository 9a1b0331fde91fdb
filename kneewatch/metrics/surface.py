"""The class of ground of an activity: what its file says, its laps, and a map; unknown stays so."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from kneewatch.columns import GROUNDS, SURFACES
from kneewatch.metrics.motion import Motion
from kneewatch.metrics.sequences import Flags
from kneewatch.model import Activity, Row

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

GUESSES = frozenset({"street", "trail"})
"""Kinds of run that say what was meant and not what was run on: a map knows better."""

VIRTUAL = re.compile(r"\b(zwift|rouvy|virtualtraining|kinomap|bkool|mywhoosh)\b", re.IGNORECASE)
"""Makers of worlds on a screen, whose roads may bear the coordinates of real ones."""

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
    if activity.sub_sport in ("treadmill", "indoor_running") or is_virtual(activity):
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


def is_virtual(activity: Activity) -> bool:
    """Whether it was run on a screen: so its file says, or who made it, or how it is called.

    Zwift names what it uploads ``Zwift - Run in New York``, and its New York is where the real
    one is.
    """
    return (
        activity.sub_sport == "virtual_activity"
        or VIRTUAL.search(activity.device) is not None
        or VIRTUAL.match(activity.name) is not None
    )


def measure_ground(
    class_: str,
    source: str,
    activity: Activity,
    motion: Motion,
    distance_m: float | None,
    *,
    mapped: NDArray[np.uint8] | None,
    laps: Flags | None,
) -> Row:
    """Class of ground by distance, and that of the run.

    A map wins over a guess (``GUESSES``) and over nothing. What the file says for certain stays
    the class of the run, and that of what the map does not know. The run is of the class of at
    least half of what is known, if that is at least half of it. [D]

    Parameters
    ----------
    class_, source : str
        As ``classify_surface`` gave them.
    activity : Activity
    motion : Motion
    distance_m : float or None
        That counts for the run; what the track does not hold of it is unknown [m].
    mapped : ndarray of uint8, optional
        What a map says of each point, by place in ``columns.SURFACES``.
    laps : ndarray of bool, optional
        Which points lie on a running track.

    Returns
    -------
    dict
        ``surface``, ``surface_source`` and ``surface_{class}_m``, none of these where neither a
        map nor laps tell anything.
    """
    settled: Row = {"surface": class_, "surface_source": source}
    codes = np.full(len(motion.step_m), SURFACES.index("unknown"), dtype=np.uint8)
    if mapped is not None:
        codes[:] = mapped
    if laps is not None:
        codes[laps] = SURFACES.index("firm")
    way = np.bincount(codes, motion.step_m, minlength=len(SURFACES)).astype(np.float64)
    total = float(way.sum())
    if distance_m and 0 < distance_m < total:
        way *= distance_m / total
    whole = max(distance_m or 0.0, float(way.sum()))
    metres = dict(zip(GROUNDS, way[: len(GROUNDS)].tolist(), strict=True))
    known = sum(metres.values())
    if not known:
        return settled
    if source == "label" or (source != "none" and activity.sub_sport not in GUESSES):
        if laps is None and activity.sub_sport == "track":
            # Nobody knows which way is a lap, and the paths round a stadium are no track.
            return settled
        metres[class_] = metres.get(class_, 0.0) + whole - known
    elif (most := max(metres, key=lambda name: metres[name])) and known >= whole / 2:
        told = metres[most] >= known / 2
        lapped = laps is not None and motion.step_m[laps].sum() >= metres[most] / 2
        by = "loop of a track" if most == "firm" and lapped else "map"
        settled = {"surface": most if told else "unknown", "surface_source": by}
    elif laps is not None:
        settled = {"surface": "firm", "surface_source": "loop of a track"}
    elif source != "none":
        metres[class_] += whole - known
    return settled | {f"surface_{name}_m": metre for name, metre in metres.items()}


def _class_of(text: str) -> str:
    """The class that the words name; a dirt road is dirt before it is a road."""
    words = [word for word in re.findall(r"[^\W\d]+", text) if word in CLASS_OF]
    telling = [word for word in words if word not in WAYS] or words
    return CLASS_OF[telling[0]] if telling else ""
