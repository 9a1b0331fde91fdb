"""KML: tracks of OpenTracks and others, also out of a KMZ, which is a zip around one.

A track is ``Track`` with a ``when`` and a ``coord`` a point, and what sensors told in lists beside
them. Names count without their prefix: before KML 2.3 these were Google's own (``gx:Track``). A
line without times cannot be a run.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np

from kneewatch.model import Activity, Floats, NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers.kml_walk import KmlWalk, Placemark, Segment
from kneewatch.readers.markup import root_in
from kneewatch.readers.moments import offset_s, unix_seconds
from kneewatch.readers.points import added_up, numbers, track
from kneewatch.readers.sports import ON_FOOT, sport_of
from kneewatch.readers.xml_points import RefusedError

LISTS = {
    # name of a list beside the points, in lower case without signs: our column
    "speed": "speed_mps",
    "heartrate": "heart_rate_bpm",
    "hr": "heart_rate_bpm",
    "cadence": "cadence_spm",
    "power": "power_w",
    "temperature": "temperature_c",
    "accuracyhorizontal": "gps_accuracy_m",
}

STEPS = "distance"
"""OpenTracks' list of what a sensor counted since the point before [m]."""

MAYBE_ON_FOOT = ON_FOOT | {"unknown"}


def sniff(name: str, head: bytes) -> bool:
    """Claim a file whose XML root is ``kml``."""
    return root_in(head, rb"kml[\s>]")


def read(source: Source) -> Iterator[Reading]:
    """Read the tracks of a KML file.

    Parameters
    ----------
    source : Source

    Yields
    ------
    Recording, Problem or NotActivity
        One Recording a placemark with a track. Lines without times are a Problem, places and
        pictures NotActivity. Of a file that breaks off, the whole points are kept and a Problem
        says where it broke.
    """
    try:
        found = KmlWalk.through(source.data)
    except RefusedError as refusal:
        yield Problem(source.name, f"the KML file cannot be read: {refusal}")
        return
    recordings = 0
    for placemark in found.placemarks:
        recording = _recording(placemark, found.generator, source, recordings)
        if recording is not None:
            recordings += 1
            yield recording
    if found.damage:
        yield Problem(source.name, found.damage)
    elif not recordings and found.lines:
        lines = "a line" if found.lines == 1 else f"{found.lines:,} lines"
        yield Problem(source.name, f"a KML file with {lines} without times, which cannot be a run")
    elif not recordings:
        yield NotActivity(source.name, "a KML file without a track: places or pictures")


def _recording(
    placemark: Placemark, generator: str, source: Source, index: int
) -> Recording | None:
    parts = [_columns(segment) for segment in placemark.segments]
    names = dict.fromkeys(name for part in parts for name in part)
    sizes = [len(part["unix_s"]) for part in parts]
    columns = {
        name: np.concatenate(
            [part.get(name, np.full(n, np.nan)) for part, n in zip(parts, sizes, strict=True)]
        )
        for name in names
    }
    unix = columns.get("unix_s", np.array([]))
    if not np.isfinite(unix).any():
        return None
    columns["segment"] = np.repeat(np.arange(len(parts), dtype=np.float64), sizes)
    if "distance_m" in columns:
        columns["distance_m"] = added_up(columns["distance_m"])
    sport, sub_sport = sport_of(placemark.kind)
    if sport == "unknown":
        sport, sub_sport = sport_of(placemark.words.get("name", ""))
    told = next(when for segment in placemark.segments for when in segment.whens if when)
    track_id = placemark.words.get("trackid", "")
    activity = Activity(
        id=source.digest[:12] + (f"-{index + 1}" if index else ""),
        source=source.name,
        start=datetime.fromtimestamp(float(np.nanmin(unix)), UTC),
        utc_offset_s=offset_s(told),
        sport=sport,
        sub_sport=sub_sport,
        name=placemark.words.get("name", ""),
        notes=placemark.words.get("description", ""),
        device=generator,
        keys=(f"track {track_id}",) if track_id else (),
    )
    return Recording(activity, track(columns, sport in MAYBE_ON_FOOT))


def _columns(segment: Segment) -> dict[str, Floats]:
    """Columns of one stretch; the first time and the first place belong together, and so on."""
    size = min(len(segment.whens), len(segment.coords))
    places = [coord.split() for coord in segment.coords[:size]]
    columns = {"unix_s": unix_seconds(segment.whens[:size])}
    for place, name in enumerate(("lon_deg", "lat_deg", "altitude_m")):
        columns[name] = numbers([parts[place] if len(parts) > place else "" for parts in places])
    for name, values in segment.lists.items():
        plain = "".join(letter for letter in name.lower() if letter.isalpha())
        column = "distance_m" if plain == STEPS else LISTS.get(plain)
        # A list of another length belongs to no point.
        if column and len(values) == len(segment.whens) and column not in columns:
            columns[column] = numbers(values[:size])
    return columns
