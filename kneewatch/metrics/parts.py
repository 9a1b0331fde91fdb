"""One activity whose recording lies in several files, as its index tells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import numpy as np

from kneewatch.columns import EXPOSURE
from kneewatch.metrics.filling import ALTITUDE
from kneewatch.metrics.overrides import UNSAID, Overrides
from kneewatch.metrics.told import duplicate
from kneewatch.model import Duplicate, Row


def join_parts(
    rows: Sequence[Row], overrides: Overrides = UNSAID
) -> tuple[list[Row], list[Duplicate]]:
    """Make one row of the recordings that a row of an index names together.

    Apple's phone ends a route and begins another at times, though the workout goes on.

    Parameters
    ----------
    rows : sequence of dict
        Exposure rows; ``file_hint`` may name several files, one a line.
    overrides : Overrides
        What the runner calls different is no part of the same.

    Returns
    -------
    list of dict, list of Duplicate
        The rows, each with one file in its ``file_hint`` at most; and the files that are now
        in the row of another. The track of such a row is that of its first file.
    """
    found = list(rows)
    parts: list[Duplicate] = []
    several = [n for n, row in enumerate(found) if "\n" in row["file_hint"]]
    if not several:
        return found, parts
    places: dict[str, list[int]] = {}
    for n, row in enumerate(found):
        places.setdefault(_last_name(row["sources"][0]), []).append(n)
    gone: set[int] = set()
    for n in several:
        index = found[n]
        named = [_named(hint, index, found, places) for hint in index["file_hint"].split("\n")]
        own = sorted(
            {m for m in named if m is not None and m != n} - gone, key=lambda m: found[m]["start"]
        )
        own = [m for m in own if m == own[0] or not overrides.part(found[own[0]], found[m])]
        hint = found[own[0]]["sources"][0] if own else index["file_hint"].partition("\n")[0]
        found[n] = index | {"file_hint": hint}
        if len(own) > 1:
            first, *others = own
            parts += [
                duplicate(found[m], found[first], "a part of the same", "route") for m in others
            ]
            found[first] = _added([found[m] for m in own])
            gone.update(others)
    return [row for n, row in enumerate(found) if n not in gone], parts


def _named(hint: str, index: Row, rows: Sequence[Row], places: dict[str, list[int]]) -> int | None:
    """The row of the file that an index names, in its own folder before any other."""
    near = places.get(_last_name(hint), [])
    folder = index["sources"][0].rpartition("/")[0]
    beside = f"{folder}/{hint.lstrip('/')}".lower()
    own = (n for n in near if rows[n]["sources"][0].lower() == beside)
    return next(own, next(iter(near), None))


def _last_name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2].lower()


FIRST = frozenset({"start_speed_mps", "start_top_speed_mps"})
LAST = frozenset({"end_speed_mps"})
LEAST = frozenset({"steepest_km_grade", "best_400m_s", "best_800m_s", "best_5000m_s"})
"""Columns of which neither a sum nor a mean makes sense."""


def _added(parts: Sequence[Row]) -> Row:
    """One row of several, one after the other."""
    first, last = parts[0], parts[-1]
    row = dict(first)
    moving = [_number(part.get("moving_s")) for part in parts]
    for name, column in EXPOSURE.items():
        values = [part.get(name) for part in parts]
        arrays = [value for value in values if isinstance(value, np.ndarray)]
        if arrays and ("histogram" in name or name.endswith("_sums")):
            row[name] = np.sum(arrays, axis=0)
        elif name == "whereabouts" and arrays:
            row[name] = np.concatenate(arrays)
        elif column.kind == "float" and any(value is not None for value in values):
            row[name] = _add(name, column.over_week, [_number(value) for value in values], moving)
    # Half a descent is not that of the whole.
    if any(part.get("altitude_source", "none") == "none" for part in parts):
        row |= dict.fromkeys(ALTITUDE, None) | {"altitude_source": "none"}
    row["keys"] = list(dict.fromkeys(key for part in parts for key in part.get("keys", ())))
    ended = last["start"] + timedelta(seconds=_or_zero(last.get("elapsed_s")))
    row["elapsed_s"] = (ended - first["start"]).total_seconds()
    row["paused_s"] = max(row["elapsed_s"] - sum(_or_zero(p.get("elapsed_s")) for p in parts), 0.0)
    row["paused_s"] += sum(_or_zero(part.get("paused_s")) for part in parts)
    if row.get("distance_m") and row.get("moving_s"):
        row["speed_mps"] = row["distance_m"] / row["moving_s"]
    return row | {"sources": tuple(source for part in parts for source in part["sources"])}


def _add(name: str, how: str, values: Iterable[float], moving: Iterable[float]) -> float:
    known = [(v, _or_zero(w)) for v, w in zip(values, moving, strict=True) if math.isfinite(v)]
    if not known:
        return math.nan
    numbers = [value for value, _ in known]
    if name in FIRST:
        return numbers[0]
    if name in LAST:
        return numbers[-1]
    if name in LEAST:
        return min(numbers)
    if how == "sum":
        return sum(numbers)
    if how == "max":
        return max(numbers)
    weight = sum(spent for _, spent in known)
    if not weight:
        return known[0][0]
    return sum(value * spent for value, spent in known) / weight


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _or_zero(value: float | None) -> float:
    return value if value is not None and math.isfinite(value) else 0.0
