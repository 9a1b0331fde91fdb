"""Which entries of the diary speak of one place: by their words, in doubt on the safe side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from kneewatch.diary import BACK, Diary, Pain

Site = tuple[str, str]
"""Place and side, as ``Pain.site`` gives them."""

KNEE = (*BACK, "knee")


def may_be_same(one: Site, other: Site) -> bool:
    """Whether two sites may be one: so far as a word was left out, they may.

    ``back`` is all of the back of the knee, ``knee`` all of the knee, and no place any place.
    """
    return _sides_meet(one[1], other[1]) and _places_meet(one[0], other[0])


def settles(later: Site, earlier: Site) -> bool:
    """Whether a low score at one site says something of the pain at another.

    An entry without a place settles none that was named, and the back of the knee settles nothing
    of the rest of the knee.
    """
    place, pain = later[0], earlier[0]
    if not _sides_meet(later[1], earlier[1]):
        return False
    if not pain:
        return place in ("", *KNEE)
    return place == pain or (bool(place) and pain in BACK and _places_meet(place, pain))


def speaking_of(entries: Iterable[Pain], site: Site) -> list[Pain]:
    """Entries at a site, and those that settle what is there."""
    return [entry for entry in entries if entry.site == site or settles(entry.site, site)]


def common(entries: Sequence[Pain]) -> Site:
    """The site of entries that may be one, as far as they agree."""
    places = {entry.where for entry in entries if entry.where}
    sides = {entry.side for entry in entries if entry.side}
    place = places.pop() if len(places) == 1 else _widest(places)
    return place, sides.pop() if len(sides) == 1 else "both" if "both" in sides else ""


def morning_rise(diary: Diary, site: Site, morning: Pain, days: float) -> float:
    """How much higher a morning's score is than what was usual before it at the site [-].

    That is the last morning noted there in so many days; where there is none, the lowest score of
    the day before. NaN without either: nobody can tell.
    """
    if morning.score is None:
        return float("nan")
    since, yesterday = morning.day - timedelta(days=days), morning.day - timedelta(days=1)
    mornings, day_before = [], []
    for entry in speaking_of(diary.entries, site):
        if entry.score is None:
            continue
        if entry.when == "morning" and since <= entry.day < morning.day:
            mornings.append(entry.score)
        if entry.day == yesterday:
            day_before.append(entry.score)
    usual = mornings[-1] if mornings else min(day_before, default=float("nan"))
    return morning.score - usual


def _widest(places: set[str]) -> str:
    if not places:
        return ""
    return "back" if places <= set(BACK) else "knee" if places <= set(KNEE) else ""


def _sides_meet(one: str, other: str) -> bool:
    return one == other or "" in (one, other) or "both" in (one, other)


def _places_meet(one: str, other: str) -> bool:
    if one == other or "" in (one, other):
        return True
    if "knee" in (one, other):
        return one in KNEE and other in KNEE
    return "back" in (one, other) and one in BACK and other in BACK
