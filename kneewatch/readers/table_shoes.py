"""Tables that list shoes rather than activities, and the other tables of Strava's export."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kneewatch.model import NotActivity, Pair
from kneewatch.readers.sports import fold, words
from kneewatch.readers.table_columns import meaning_of
from kneewatch.readers.table_text import Row
from kneewatch.readers.table_values import METRES, clean, number
from kneewatch.units import System

STRAVA_SHOES = {"shoename": "name", "shoebrand": "brand", "shoemodel": "model"}
STRAVA_GEAR = ["name", "brand", "model"]
"""Header of shoes.csv and of bikes.csv before 2019, which only what is listed tells apart."""

OTHERS = {
    "bikename": "a register of bikes",
    "emailaddress": "a profile",
    "goaltype": "goals",
    "routefilename": "a list of routes",
    "segmentid": "segments of ways",
    "segmentname": "segments of ways",
    "challengename": "challenges",
    "eventtitle": "events",
    "clubname": "clubs",
}
"""What a table is that has a column of this name."""

_SHOES = re.compile(
    r"shoe|footwear|schuh|chaussure|basket|zapatilla|calzado|scarpe|tenis|sapatilha|schoen|boty|"
    r"buty|skor|シュース|跑鞋|鞋"
)
_BRANDS = re.compile(
    r"\b(?:361|adidas|allbirds|altra|asics|brooks|craft|diadora|haglofs|hoka|inov ?8|"
    r"joma|kalenji|karhu|kiprun|la sportiva|li ning|merrell|mizuno|nb|new balance|newton|nike|"
    r"nnormal|on cloud|on running|puma|reebok|salming|salomon|saucony|scarpa|skechers|"
    r"speedland|tarahumara|topo|under armour|vibram|vivobarefoot|xero)\b"
)
_BRANDED = 0.3
"""A list in which so many entries name a maker of shoes is one of shoes."""
_NAMES = ("name", "shoe", "shoes", "model", "pair", "schuh", "schuhe", "modell", "bezeichnung")
_KEPT = ("owned", "active", "inuse", "current")
_GONE = ("retired", "inactive", "discarded", "wornout")
_OF_ACTIVITIES = ("date", "date_utc", "start", "time", "elapsed")
_FALSE = frozenset(("0", "0.0", "false", "no", "n", "nein", "non", ""))


def is_register(header: Row) -> bool:
    """Whether a header is one of these tables, for what no other column gives away."""
    compact = _compact(header)
    return (
        compact == STRAVA_GEAR
        or set(STRAVA_SHOES) <= set(compact)
        or not OTHERS.keys().isdisjoint(compact)
    )


def register_of(
    name: str, header: Row, rows: Sequence[Row], units: System | None
) -> NotActivity | None:
    """What a table of shoes says, or what a table of something else is; None for any other.

    Parameters
    ----------
    name : str
        Where it lies.
    header : list of str
    rows : sequence of list of str
    units : {"km", "mi"}, optional
        What a column of distances is in that does not say.
    """
    compact = _compact(header)
    if set(STRAVA_SHOES) <= set(compact):
        return _listed(name, _strava(compact, rows))
    if compact == STRAVA_GEAR:
        if _are_shoes(header, rows):
            return _listed(name, _strava(compact, rows))
        return NotActivity(name, "a register of gear that is no shoes")
    known = next((OTHERS[cell] for cell in compact if cell in OTHERS), "")
    if known:
        return NotActivity(name, known)
    own = _own(header, rows, units)
    return _listed(name, own) if own is not None and _are_shoes(header, rows) else None


def _are_shoes(header: Row, rows: Sequence[Row]) -> bool:
    """Whether a list is one of shoes, by its header or by who made what it lists."""
    if _SHOES.search(" ".join(_compact(header))):
        return True
    branded = sum(any(_BRANDS.search(fold(cell)) for cell in row) for row in rows)
    return bool(rows) and branded >= _BRANDED * len(rows)


def _listed(name: str, pairs: Sequence[Pair]) -> NotActivity:
    many = f"{len(pairs)} pair{'' if len(pairs) == 1 else 's'}"
    return NotActivity(name, f"a register of {many} of shoes", pairs=tuple(pairs))


def _strava(compact: Row, rows: Sequence[Row]) -> list[Pair]:
    """Pairs as the gear of Strava's activities is written: brand, model, and the name if any."""
    place = {STRAVA_SHOES.get(cell, cell): index for index, cell in enumerate(compact)}
    pairs = []
    for row in rows:
        said = [_cell(row, place[part]) for part in ("brand", "model", "name")]
        if any(said):
            pairs.append(Pair(" ".join(part for part in said if part)))
    return list(dict.fromkeys(pairs))


def _own(header: Row, rows: Sequence[Row], units: System | None) -> list[Pair] | None:
    """Pairs of a list kept by hand: a name, a distance, and whether the pair is still worn."""
    if any(meaning_of(cell) in _OF_ACTIVITIES for cell in header):
        return None
    spoken = [words(cell) for cell in header]
    compact = _compact(header)
    names = [index for index, cell in enumerate(compact) if cell in _NAMES]
    far = [(index, unit) for index, said in enumerate(spoken) if (unit := _unit(said, units))]
    flags = [(i, cell in _GONE) for i, cell in enumerate(compact) if cell in (*_KEPT, *_GONE)]
    if not names or not far or not flags:
        return None
    (metres_at, unit), (flag_at, gone) = far[0], flags[0]
    pairs = []
    for row in rows:
        worn = number(_cell(row, metres_at))
        raised = fold(_cell(row, flag_at)) not in _FALSE
        if _cell(row, names[0]):
            pairs.append(
                Pair(
                    _cell(row, names[0]),
                    retired=raised == gone,
                    worn_m=worn[0] * METRES[worn[1] or unit] if worn and worn[0] >= 0 else None,
                )
            )
    return pairs


def _unit(spoken: Row, units: System | None) -> str:
    """Unit of a column of distances, empty for any other."""
    for word in spoken:
        if word in ("km", "kilometer", "kilometers", "kilometres", "kilometre"):
            return "km"
        if word in ("mi", "miles", "mile", "meilen"):
            return "mi"
    return (units or "km") if spoken[:1] in (["distance"], ["distanz"], ["strecke"]) else ""


def _compact(header: Row) -> Row:
    return ["".join(words(cell)) for cell in header]


def _cell(row: Row, place: int) -> str:
    return clean(row[place]) if place < len(row) else ""
