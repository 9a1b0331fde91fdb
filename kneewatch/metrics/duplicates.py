"""One run, one count: recordings of the same activity, the richer of which counts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from kneewatch.columns import GROUNDS
from kneewatch.metrics.motion import GUESSED
from kneewatch.model import Duplicate

Row = dict[str, Any]
Bucket = tuple[str, int | str]

CLOSE_S = 60.0
CLOSE_SHARE = 0.05
CLOSE_DURATION_SHARE = 0.10

UNTOLD = ("", "none", "unknown")
"""Words for what is not known."""

MEASURED = ("map", "loop of a track")
"""What a class of ground was taken from, if not from the file's word."""

FILLED = ("name", "notes", "device_distance_m", "device_ascent_m", "device_descent_m")
"""What a poorer recording may add to the richer."""


def merge_duplicates(rows: Sequence[Row]) -> tuple[list[Row], list[Duplicate]]:
    """Set aside recordings that start within a minute of a richer one of the same length.

    Starts are compared in UTC and on the wall clock, since tables know the wall clock alone; a
    table that knows the day alone is compared by day. Distances may differ by 5 %; where one has
    none, durations by 10 %. A row of a vendor's index that names its file is that file. Two rows
    of one table are two activities, unless they are the same to the letter.

    Parameters
    ----------
    rows : sequence of dict
        Exposure rows.

    Returns
    -------
    list of dict, list of Duplicate
        The rows that count, in order of start, with all ``sources``; and what was set aside.
    """
    kept: list[Row] = []
    places: dict[Bucket, list[int]] = {}
    duplicates: list[Duplicate] = []
    # The richer first, so that what is set aside never has to be taken back.
    for row in sorted(
        rows, key=lambda row: (*_poverty(row), row["start"], row["id"], row["sources"])
    ):
        buckets = _buckets(row)
        near = {index for key in _around(buckets) for index in places.get(key, ())}
        twin = next((index for index in sorted(near) if _same(row, kept[index])), None)
        for key in buckets:
            places.setdefault(key, []).append(len(kept) if twin is None else twin)
        if twin is None:
            kept.append(row)
            continue
        duplicates.append(
            Duplicate(row["sources"][0], kept[twin]["sources"][0], _reason(row, kept[twin]))
        )
        kept[twin] = _joined(kept[twin], row)
    kept.sort(key=lambda row: (row["start"], row["id"]))
    return kept, duplicates


def _buckets(row: Row) -> list[Bucket]:
    """Where a row lies: its minute on both clocks, its day, its file and the one it names."""
    own: list[Bucket] = [
        ("utc", int(row["start"].timestamp() // CLOSE_S)),
        ("wall", int(_wall(row) // CLOSE_S)),
        ("day", row["local_date"]),
        ("file", _stem(row["sources"][0])),
    ]
    return [*own, ("hint", _stem(row["file_hint"]))] if row["file_hint"] else own


def _around(buckets: Sequence[Bucket]) -> Iterator[Bucket]:
    """Where the twins of a row may lie."""
    for kind, place in buckets:
        if isinstance(place, int):
            yield from ((kind, place + shift) for shift in (-1, 0, 1))
        else:
            # Files of one name in a thousand folders are no twins, unless an index names them.
            yield {"file": "hint", "hint": "file"}.get(kind, kind), place


def _stem(name: str) -> str:
    """The last part of a path, without a packing suffix."""
    return name.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".gz")


def _wall(row: Row) -> float:
    return datetime.fromisoformat(row["local_start"]).replace(tzinfo=UTC).timestamp()


def _same(row: Row, other: Row) -> bool:
    if row["id"] == other["id"]:
        return True
    tables, others = ([_table(source) for source in r["sources"]] for r in (row, other))
    if tables[0] == others[0]:
        # Two rows or two legs of one file are two activities. A table's reader numbers rows that
        # are the same to the letter.
        alike = re.sub(r"-\d+$", "", row["id"]) == re.sub(r"-\d+$", "", other["id"])
        return alike and row["sources"][0] != other["sources"][0]
    if _names(row, other) or _names(other, row):
        return True
    if _sport(row) and _sport(other) and _sport(row) != _sport(other):
        return False
    if _apart_s(row, other) > CLOSE_S and (
        # Of two rows of one day, one has already found its recording.
        not set(tables).isdisjoint(others) or not _day_alone(row, other)
    ):
        return False
    return _as_long(row, other)


def _apart_s(row: Row, other: Row) -> float:
    """Time between two starts, on the clock by which they lie closer [s]."""
    by_utc: float = abs((row["start"] - other["start"]).total_seconds())
    return min(by_utc, abs(_wall(row) - _wall(other)))


def _names(index: Row, recording: Row) -> bool:
    """Whether a row of an index names the file of a recording."""
    hint = index["file_hint"]
    return bool(hint) and any(_stem(hint) == _stem(source) for source in recording["sources"])


def _table(source: str) -> str:
    """The file of a source; a table's rows are named by its file and number."""
    table, _, number = source.rpartition(" row ")
    return table if number.isdecimal() else source


def _sport(row: Row) -> str:
    """The sport that the file itself says, empty where it was guessed or is not known."""
    return "" if row["sport"] == "unknown" or GUESSED in row["assumed"] else str(row["sport"])


def _day_alone(row: Row, other: Row) -> bool:
    """Whether one of the two is from a table that knows the day and no time."""
    same_day = row["local_date"] == other["local_date"]
    return same_day and any(
        r["day_from"] == "file" and r["local_start"].endswith("T00:00:00") and not _has_track(r)
        for r in (row, other)
    )


def _as_long(row: Row, other: Row) -> bool:
    for name, share in (("distance_m", CLOSE_SHARE), ("elapsed_s", CLOSE_DURATION_SHARE)):
        a, b = row.get(name), other.get(name)
        if a and b and math.isfinite(a) and math.isfinite(b):
            return bool(abs(a - b) <= share * max(a, b))
    # A start to the minute is enough to go by, a day alone is not.
    return not _day_alone(row, other)


def _has_track(row: Row) -> bool:
    return row.get("heart_rate_histogram_s") is not None


def _richness(row: Row) -> tuple[bool, int]:
    """A track beats a row of a table; then the more that is known, the better."""
    return _has_track(row), sum(map(_known, row.values()))


def _poverty(row: Row) -> tuple[bool, int]:
    track, known = _richness(row)
    return not track, -known


def _known(value: Any) -> bool:
    if isinstance(value, float):
        return not math.isnan(value)
    return value is not None and not (isinstance(value, str) and value in UNTOLD)


def _joined(better: Row, worse: Row) -> Row:
    filled = {
        name: worse[name]
        for name in FILLED
        if not _known(better.get(name)) and _known(worse.get(name))
    }
    if not better["shoe"] and worse["shoe"]:
        filled |= {"shoe": worse["shoe"], "shoe_source": worse["shoe_source"]}
    if better["surface"] == "unknown" and worse["surface"] != "unknown":
        filled |= {"surface": worse["surface"], "surface_source": worse["surface_source"]}
    if worse["surface"] == "treadmill" and better.get("surface_source") in MEASURED:
        # Run in a world on a screen, whose roads lie where real ones do.
        filled |= {"surface": "treadmill", "surface_source": worse["surface_source"]}
    if (better | filled)["surface"] == "treadmill":
        filled |= dict.fromkeys((f"surface_{name}_m" for name in GROUNDS), None)
    # What the runner told the web site corrects what the watch was set to.
    corrected = _names(worse, better) and _sport(worse) not in ("", _sport(better))
    if corrected or (_sport(worse) and not _sport(better)):
        left = better["assumed"].replace(GUESSED, "").removesuffix("; ")
        filled |= {"sport": worse["sport"], "sub_sport": worse["sub_sport"], "assumed": left}
    sources = tuple(dict.fromkeys((*better["sources"], *worse["sources"])))
    return better | filled | {"sources": sources}


def _reason(row: Row, twin: Row) -> str:
    if row["id"] == twin["id"]:
        return "the same content twice"
    if row["file_hint"] or twin["file_hint"]:
        return "the index of this file"
    return "starts within a minute and is as long"
