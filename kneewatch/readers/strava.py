"""Strava's ``activities.csv`` in whatever language: its columns by their order.

Header, kinds of sport and dates are in the language of the account, and Strava has some thirty.
The order of the columns is the same in all of them and has been since 2019: new ones came before
the last. So where a header is not English, and the numbers below it are what Strava has in these
places, each column gets its English name back by its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kneewatch.readers.sports import UNKNOWN, fold, sport_of, words
from kneewatch.readers.table_columns import meaning_of
from kneewatch.readers.table_dates import moment
from kneewatch.readers.table_text import Row
from kneewatch.readers.table_values import METRES, clean, number


def _names_in(listed: str) -> list[str]:
    return listed.split("|")


_FIRST = _names_in(
    "Activity ID|Activity Date|Activity Name|Activity Type|Activity Description|Elapsed Time|"
    "Distance"
)
"""The columns before those that came and went."""

_BEHIND = _names_in(
    "Athlete Weight|Bike Weight|Elapsed Time|Moving Time|Distance|Max Speed|Average Speed|"
    "Elevation Gain|Elevation Loss|Elevation Low|Elevation High|Max Grade|Average Grade|"
    "Average Positive Grade|Average Negative Grade|Max Cadence|Average Cadence|Max Heart Rate|"
    "Average Heart Rate|Max Watts|Average Watts|Calories|Max Temperature|Average Temperature|"
    "Relative Effort|Total Work|Number of Runs|Uphill Time|Downhill Time|Other Time|"
    "Perceived Exertion|Type|Start Time|Weighted Average Power|Power Count|"
    "Prefer Perceived Exertion|Perceived Relative Effort|Commute|Total Weight Lifted|From Upload|"
    "Grade Adjusted Distance|Weather Observation Time|Weather Condition|Weather Temperature|"
    "Apparent Temperature|Dewpoint|Humidity|Weather Pressure|Wind Speed|Wind Gust|Wind Bearing|"
    "Precipitation Intensity|Sunrise Time|Sunset Time|Moon Phase|Bike|Gear|"
    "Precipitation Probability|Precipitation Type|Cloud Cover|Weather Visibility|UV Index|"
    "Weather Ozone|Jump Count|Total Grit|Average Flow|Flagged|Average Elapsed Speed|Dirt Distance|"
    "Newly Explored Distance|Newly Explored Dirt Distance|Activity Count|Total Steps|Carbon Saved|"
    "Pool Length|Training Load|Intensity|Average Grade Adjusted Pace|Timer Time|Total Cycles|"
    "Recovery|With Pet|Competition|Long Run|For a Cause|With Kid|Downhill Distance|Total Sets|"
    "Total Reps"
)
"""The columns behind the name of the file, but for the last one, which is of pictures."""

_BETWEEN = {
    9: _names_in("Commute|Activity Gear|Filename"),
    10: _names_in("Relative Effort|Commute|Activity Gear|Filename"),
    11: _names_in("Max Heart Rate|Relative Effort|Commute|Activity Gear|Filename"),
    12: _names_in(
        "Max Heart Rate|Relative Effort|Commute|Activity Private Note|Activity Gear|Filename"
    ),
}
"""The columns between, by where the name of the file stands: more of them from year to year."""

ORDER = (*_FIRST, *_BETWEEN[12], *_BEHIND, "Media")
"""All columns of an export of 2026."""

_NEEDED = ("Activity Date", "Activity Type", "Elapsed Time", "Moving Time", "Distance", "Filename")
_METRES_BEHIND_FILE = 5
_WHOLE_EXPORT = 80
"""A table with so many columns is no extract of one."""

_FILE = re.compile(r"activities/[^/\s]+\.(?:fit|gpx|tcx)(?:\.gz)?", re.I)
_AGREE = 0.8

ORDER_NOTE = "columns taken by Strava's order: the language of the header is not known"

_ADJUSTED = ("Grade Adjusted Distance", "Average Grade Adjusted Pace")
_RUN_MPS = (1.2, 7.0)


def is_strava(header: Row, rows: Sequence[Row]) -> bool:
    """Whether the columns are Strava's by what stands in them, whatever they are called."""
    return _file_place(header, rows) is not None


def english_header(header: Row, rows: Sequence[Row]) -> tuple[Row, tuple[str, ...]]:
    """The header in English, with a note if its own names did not say as much.

    Parameters
    ----------
    header : list of str
    rows : sequence of list of str
        Enough of them to see what kind of values each column has.

    Returns
    -------
    list of str, tuple of str
        The header as it was if it is English, or not Strava's.
    """
    if len(header) < 2 or words(header[1]) == ["activity", "date"]:
        return header, ()
    place = _file_place(header, rows)
    if place is None:
        return header, ()
    names = _names(len(header), place)
    told = all(
        meaning_of(cell) for name, cell in zip(names, header, strict=True) if name in _NEEDED
    )
    return names, () if told else (ORDER_NOTE,)


def _names(width: int, place: int) -> Row:
    """English names of the columns where the name of the file stands at ``place``."""
    behind = [*_BEHIND[: max(width - place - 2, 0)], "Media"]
    return [*_FIRST, *_BETWEEN[place], *behind, *[""] * width][:width]


def _file_place(header: Row, rows: Sequence[Row]) -> int | None:
    """Where the name of the file stands, None if the table is not Strava's."""
    for place in _BETWEEN:
        if place < len(header) and _fits(header, rows, place):
            return place
    return None


def _fits(header: Row, rows: Sequence[Row], place: int) -> bool:
    """Whether the values are those of a table with the name of the file at ``place``."""
    files = [cell for row in rows if (cell := _cell(row, place))]
    if any(not _FILE.fullmatch(cell) for cell in files):
        return False
    named = meaning_of(header[place]) == "file"
    if not files and not named and len(header) < _WHOLE_EXPORT:
        return False
    whole = len(header) > place + _METRES_BEHIND_FILE
    if not whole and len(header) != place + 1:
        return False
    said = [row for row in rows if any(row)]
    return (
        bool(said)
        and _share(_cell(row, 0).isdecimal() for row in said) >= _AGREE
        and _share(moment(_cell(row, 1)) is not None for row in said) >= _AGREE
        and (not whole or _is_told_twice(said, place))
        and not _contradicted(header, place)
    )


def _is_told_twice(rows: Sequence[Row], place: int) -> bool:
    """Whether the distance for the eye [km or mi] is the one in metres behind the file's name."""
    agree = []
    for row in rows:
        shown, metres = _value(row, len(_FIRST) - 1), _value(row, place + _METRES_BEHIND_FILE)
        if shown > 0 and metres > 0:
            # Shown are two digits behind the point; in the pool it is metres or yards.
            agree.append(
                any(
                    abs(metres - factor * shown) <= 0.006 * factor + 0.002 * metres
                    for factor in METRES.values()
                )
            )
    return bool(agree) and _share(agree) >= _AGREE


def _contradicted(header: Row, place: int) -> bool:
    """Whether a name that is known says something else than its place."""
    alike = {frozenset(pair) for pair in (("date", "date_utc"), ("descent", "descent_beside_gain"))}
    for name, cell in zip(_names(len(header), place), header, strict=True):
        wanted, found = meaning_of(name), meaning_of(cell)
        if wanted and found and wanted != found and frozenset((wanted, found)) not in alike:
            return True
    return False


def running_words(header: Row, rows: Sequence[Row]) -> frozenset[str]:
    """Kinds of sport in a language that is not known, folded, that are running.

    Strava adjusts distances for grade in running alone, so most activities of the kind must have
    such a distance, at the speed of a run.

    Parameters
    ----------
    header : list of str
        In English.
    rows : sequence of list of str
    """
    # Of two columns of one name the second is the one in metres.
    place = {name: index for index, name in enumerate(header)}
    adjusted = [place[name] for name in _ADJUSTED if name in place]
    if not adjusted or not {"Activity Type", "Distance", "Moving Time"} <= set(place):
        return frozenset()
    kinds: dict[str, list[bool]] = {}
    for row in rows:
        kind = _cell(row, place["Activity Type"])
        metres, seconds = _value(row, place["Distance"]), _value(row, place["Moving Time"])
        if kind and metres > 0 and seconds > 0 and sport_of(kind) == UNKNOWN:
            at_speed = _RUN_MPS[0] <= metres / seconds <= _RUN_MPS[1]
            is_adjusted = any(_value(row, index) > 0 for index in adjusted)
            kinds.setdefault(fold(kind), []).append(is_adjusted and at_speed)
    return frozenset(kind for kind, runs in kinds.items() if _share(runs) >= _AGREE)


def _value(row: Row, place: int) -> float:
    found = number(_cell(row, place), ".")
    return found[0] if found else 0.0


def _cell(row: Row, place: int) -> str:
    return clean(row[place]) if place < len(row) else ""


def _share(items: Iterable[bool]) -> float:
    found = list(items)
    return sum(found) / len(found) if found else 0.0
