"""Nike Run Club: one JSON an activity, as its service hands them out and third parties save them.

Each metric has values with times of their own: distances are what was run since the value before,
in kilometres, speeds are in kilometres an hour. A page of the list of activities holds the totals
alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from kneewatch.model import Activity, Floats, NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers.json_text import dig, known, load, number, objects, text
from kneewatch.readers.points import track
from kneewatch.readers.sport_names import Sport
from kneewatch.readers.sports import ON_FOOT, sport_of
from kneewatch.readers.streams import Stream, joined

METRICS = {
    "latitude": ("lat_deg", 1.0),
    "longitude": ("lon_deg", 1.0),
    "elevation": ("altitude_m", 1.0),
    "distance": ("distance_m", 1000.0),
    "speed": ("speed_mps", 1 / 3.6),
    "heart_rate": ("heart_rate_bpm", 1.0),
    "cadence": ("cadence_spm", 1.0),
}

FIRST_MS, LAST_MS = 315_964_800_000, 7_258_118_400_000
"""Times outside these are none [Unix ms]."""


def sniff(name: str, head: bytes) -> bool:
    """Claim an object with Nike's times of a start and of being active."""
    found = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return found.startswith(b"{") and (
        b'"start_epoch_ms"' in found and (b'"active_duration_ms"' in found or b"com.nike." in found)
    )


def read(source: Source) -> Iterator[Reading]:
    """Read an activity, or a page of the list of activities.

    Parameters
    ----------
    source : Source

    Yields
    ------
    Recording, Problem or NotActivity
    """
    value, damage = load(source.data)
    page = dig(value, "activities")
    items = objects(page if isinstance(page, list) else [value])
    found = 0
    for item in items:
        start_ms = number(item.get("start_epoch_ms"))
        if FIRST_MS <= start_ms < LAST_MS and item.get("delete_indicator") is not True:
            yield _recording(item, start_ms, source, found)
            found += 1
    if damage:
        yield Problem(source.name, damage)
    elif not found:
        yield NotActivity(source.name, "a file of Nike's without an activity")


def _recording(item: Mapping[str, Any], start_ms: float, source: Source, index: int) -> Recording:
    tags = item.get("tags")
    sport, sub_sport = _sport(text(item.get("type")), text(dig(tags, "location")))
    end_ms, active_ms = number(item.get("end_epoch_ms")), known(item.get("active_duration_ms"))
    shoe, identifier = text(dig(tags, "shoe_id")), text(item.get("id"))
    distance_km = _summary(item, "distance", "total")
    activity = Activity(
        id=source.digest[:12] + (f"-{index + 1}" if index else ""),
        source=source.name,
        start=datetime.fromtimestamp(start_ms / 1000, UTC),
        sport=sport,
        sub_sport=sub_sport,
        name=text(dig(tags, "com.nike.name")),
        notes=text(dig(tags, "note")),
        # Nike keeps the names of shoes elsewhere; its number tells one pair from another.
        gear=f"Nike shoe {shoe[:8]}" if shoe else "",
        gear_named=False,
        surface=text(dig(tags, "terrain")),
        device="Nike Run Club",
        distance_m=None if distance_km is None else distance_km * 1000,
        elapsed_s=(end_ms - start_ms) / 1000 if end_ms > start_ms else None,
        moving_s=None if active_ms is None else active_ms / 1000,
        ascent_m=_summary(item, "ascent", "total"),
        descent_m=_summary(item, "descent", "total"),
        steps=_summary(item, "steps", "total") or None,
        avg_hr_bpm=_summary(item, "heart_rate", "mean") or None,
        keys=(f"nike {identifier}",) if identifier else (),
    )
    columns = joined(_streams(item))
    if columns:
        resumed = np.array(_resumed(item))
        columns["segment"] = np.searchsorted(resumed, columns["unix_s"], "right").astype(float)
    return Recording(activity, track(columns, sport in ON_FOOT) if columns else {})


def _sport(kind: str, location: str) -> Sport:
    sport = sport_of(kind)
    if sport == ("running", "generic") and location.lower().startswith("indoor"):
        return "running", "treadmill"
    return sport


def _summary(item: Mapping[str, Any], metric: str, kind: str) -> float | None:
    told = (
        known(summary.get("value"))
        for summary in objects(item.get("summaries"))
        if summary.get("metric") == metric and summary.get("summary") == kind
    )
    return next((value for value in told if value is not None), None)


def _streams(item: Mapping[str, Any]) -> dict[str, Stream]:
    streams: dict[str, Stream] = {}
    for metric in objects(item.get("metrics")):
        meant = METRICS.get(text(metric.get("type")).lower())
        values = objects(metric.get("values"))
        if not meant or not values:
            continue
        name, factor = meant
        begin, end = _seconds(values, "start_epoch_ms"), _seconds(values, "end_epoch_ms")
        measured = np.array([number(value.get("value")) for value in values]) * factor
        if name == "distance_m":
            order = np.argsort(begin, kind="stable")
            way = np.cumsum(np.nan_to_num(measured[order]))
            stream = np.append(begin[order[:1]], end[order]), np.append(0.0, way)
        else:
            stream = begin, measured
        streams.setdefault(name, stream)
    return streams


def _seconds(values: list[dict[str, Any]], name: str) -> Floats:
    """Unix times [s], NaN for what is none."""
    millis = np.array([number(value.get(name)) for value in values])
    return np.where((millis >= FIRST_MS) & (millis < LAST_MS), millis / 1000, np.nan)


def _resumed(item: Mapping[str, Any]) -> list[float]:
    """When a pause ended [Unix s]."""
    return sorted(
        number(moment.get("timestamp")) / 1000
        for moment in objects(item.get("moments"))
        if moment.get("key") == "halt"
        and text(moment.get("value")).endswith("resume")
        and FIRST_MS <= number(moment.get("timestamp")) < LAST_MS
    )
