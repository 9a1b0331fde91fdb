"""One run, one count: recordings of the same activity, the richer of which counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from kneewatch.metrics.exposure import GUESSED
from kneewatch.model import Duplicate

Row = dict[str, Any]

CLOSE_S = 60.0
CLOSE_SHARE = 0.05
CLOSE_DURATION_SHARE = 0.10

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
    places: dict[tuple[str, Any], list[int]] = {}
    duplicates: list[Duplicate] = []
    # The richer first, so that what is set aside never has to be taken back.
    for row in sorted(
        rows, key=lambda row: (*_poverty(row), row["start"], row["id"], row["sources"])
    ):
        near = sorted({index for key in _keys(row, near=True) for index in places.get(key, ())})
        twin = next((index for index in near if _same(row, kept[index])), None)
        for key in _keys(row, near=False):
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


def _keys(row: Row, near: bool) -> Iterator[tuple[str, Any]]:
    """Buckets in which a row lies, or in which its twins may lie."""
    around = (-1, 0, 1) if near else (0,)
    for clock, seconds in (("utc", row["start"].timestamp()), ("wall", _wall(row))):
        for shift in around:
            yield clock, int(seconds // CLOSE_S) + shift
    yield "day", row["local_date"]
    names = [_stem(name) for name in (row["file_hint"], row["sources"][0]) if name]
    for name in names:
        yield "file", name


def _stem(name: str) -> str:
    """The last part of a path, without a packing suffix."""
    return re.split(r"[/\\]", name)[-1].lower().removesuffix(".gz")


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
    apart = abs((row["start"] - other["start"]).total_seconds())
    if min(apart, abs(_wall(row) - _wall(other))) > CLOSE_S and (
        # Of two rows of one day, one has already found its recording.
        not set(tables).isdisjoint(others) or not _day_alone(row, other)
    ):
        return False
    return _as_long(row, other)


def _names(index: Row, recording: Row) -> bool:
    """Whether a row of an index names the file of a recording."""
    hint = index["file_hint"]
    return bool(hint) and any(_stem(hint) == _stem(source) for source in recording["sources"])


def _table(source: str) -> str:
    """The file of a source; a table's rows are named by its file and number."""
    return re.sub(r" row \d+$", "", source)


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
        if a and b and np.isfinite(a) and np.isfinite(b):
            return bool(abs(a - b) <= share * max(a, b))
    # A start to the minute is enough to go by, a day alone is not.
    return not _day_alone(row, other)


def _has_track(row: Row) -> bool:
    return row.get("heart_rate_histogram_s") is not None


def _richness(row: Row) -> tuple[bool, int]:
    """A track beats a row of a table; then the more that is known, the better."""
    known = sum(1 for value in row.values() if _known(value))
    return _has_track(row), known


def _poverty(row: Row) -> tuple[bool, int]:
    track, known = _richness(row)
    return not track, -known


def _known(value: Any) -> bool:
    if value is None or (isinstance(value, str) and value in ("", "none", "unknown")):
        return False
    return not (isinstance(value, float) and np.isnan(value))


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
