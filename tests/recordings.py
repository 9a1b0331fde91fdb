"""Exposure rows of made-up recordings: of watches, phones and tables, with a place or without."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from kneewatch.metrics.duplicates import merge_duplicates
from kneewatch.metrics.exposure import expose
from kneewatch.metrics.overrides import Overrides
from kneewatch.model import Activity, Duplicate, Recording

Row = dict[str, Any]

START = datetime(2025, 6, 14, 16, 0, tzinfo=UTC)

VIENNA = (48.20, 16.40)
GRAZ = (47.07, 15.44)

LOOP_M = 2500.0
"""Length of the loop that everybody runs: where somebody is on it depends on when."""

DEGREE_M = 111_195.0


def later(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def row(
    source: str,
    start: datetime = START,
    *,
    track: bool = False,
    place: tuple[float, float] | None = None,
    ahead_m: float = 0.0,
    extra: dict[str, Any] | None = None,
    **values: Any,
) -> Row:
    """The exposure row of a file: a table's or, with a track, a watch's.

    With a place it is run around a loop there, at an even pace and from ``ahead_m`` on; ``extra``
    has more columns.
    """
    fields = {"sport": "running", "distance_m": 10_000.0, "elapsed_s": 3000.0} | values
    metres, seconds = fields["distance_m"] or 0.0, fields["elapsed_s"] or 3000.0
    points: dict[str, Any] = {}
    if track:
        time = np.append(np.arange(0.0, seconds, 10.0), seconds)
        way = metres * time / seconds
        points = {"time_s": time, "distance_m": way}
        if place:
            turn = 2 * np.pi * (ahead_m + way) / LOOP_M
            radius = LOOP_M / (2 * np.pi) / DEGREE_M
            points["lat_deg"] = place[0] + radius * np.sin(turn)
            points["lon_deg"] = place[1] + radius * np.cos(turn) / np.cos(np.radians(place[0]))
        points |= extra or {}
    activity = Activity(id=fields.pop("id", source), source=source, start=start, **fields)
    return expose(Recording(activity, points), "Europe/Vienna")


def watch(source: str = "a.fit", start: datetime = START, **values: Any) -> Row:
    return row(source, start, track=True, **values)


def count(*rows: Row, overrides: Overrides | None = None) -> int:
    """How many of them count; nothing is lost on the way."""
    kept, duplicates = merge_duplicates(rows, overrides or Overrides())
    assert len(kept) + len(duplicates) == len(rows)
    sources = [source for kept_row in kept for source in kept_row["sources"]]
    assert sorted(set(sources)) == sorted({source for r in rows for source in r["sources"]})
    assert len({r["id"] for r in kept}) == len(kept)
    return len(kept)


def only(*rows: Row) -> tuple[Row, Duplicate]:
    """What is left of two recordings of one activity, and what was set aside."""
    (kept,), (copy,) = merge_duplicates(rows)
    return kept, copy
