"""GPX with gpxpy: the careful second reader, for a file that the first one stumbles over.

It is an order of magnitude slower and takes less: each track is an activity of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime

import gpxpy
import gpxpy.gpx
import numpy as np

from kneewatch.model import Activity, Floats, Problem, Recording, Source
from kneewatch.readers.points import added_up, numbers, track
from kneewatch.readers.sports import sport_of


def read(
    source: Source, columns: Mapping[str, str], on_foot: Collection[str]
) -> Iterator[Recording | Problem]:
    """Read the tracks that have times.

    Parameters
    ----------
    source : Source
    columns : mapping of str to str
        Our column by the local name of an element, in lower case.
    on_foot : collection of str
        Sports whose cadence is that of feet.

    Raises
    ------
    Exception
        Of whatever kind gpxpy or its parser raises.
    """
    gpx = gpxpy.parse(source.data)
    found = 0
    for item in gpx.tracks:
        points = [(n, point) for n, part in enumerate(item.segments) for point in part.points]
        dated = [(n, _unix(point.time), point) for n, point in points if point.time]
        if not dated:
            continue
        own = _arrays(dated, columns)
        track_id = _track_id(item)
        if track_id and "distance_m" in own:
            own["distance_m"] = added_up(own["distance_m"])
        sport, sub_sport = sport_of(item.type or item.name or gpx.name or "")
        activity = Activity(
            id=source.digest[:12] + (f"-{found + 1}" if found else ""),
            source=source.name,
            start=datetime.fromtimestamp(float(own["unix_s"].min()), UTC),
            sport=sport,
            sub_sport=sub_sport,
            name=item.name or gpx.name or "",
            notes=item.description or gpx.description or "",
            device=gpx.creator or "",
            keys=(f"track {track_id}",) if track_id else (),
        )
        found += 1
        yield Recording(activity, track(own, sport in on_foot))
    if not found:
        yield Problem(source.name, "a GPX file without a track with times")


def _track_id(item: gpxpy.gpx.GPXTrack) -> str:
    """OpenTracks' name for a track."""
    elements = (element for extension in item.extensions for element in extension.iter())
    named = (e.text for e in elements if str(e.tag).rpartition("}")[2] == "trackid" and e.text)
    return next((text.strip() for text in named), "")


def _arrays(
    dated: list[tuple[int, float, gpxpy.gpx.GPXTrackPoint]], columns: Mapping[str, str]
) -> dict[str, Floats]:
    rows = [_row(segment, unix, point, columns) for segment, unix, point in dated]
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: np.array([row.get(name, np.nan) for row in rows]) for name in names}


def _unix(time: datetime) -> float:
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def _row(
    segment: int, unix: float, point: gpxpy.gpx.GPXTrackPoint, columns: Mapping[str, str]
) -> dict[str, float]:
    row = {
        "unix_s": unix,
        "segment": float(segment),
        "lat_deg": point.latitude,
        "lon_deg": point.longitude,
    }
    if point.elevation is not None:
        row["altitude_m"] = point.elevation
    for extension in point.extensions:
        for element in extension.iter():
            column = columns.get(str(element.tag).rpartition("}")[2].rpartition(":")[2].lower())
            [value] = numbers([element.text or ""])
            if column and np.isfinite(value):
                row.setdefault(column, float(value))
    return row
