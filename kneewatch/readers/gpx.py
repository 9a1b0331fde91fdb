"""GPX: tracks of phones, web sites and some watches.

Tracks that follow each other within half an hour are one activity, as many apps begin a new track
at every pause or lap; tracks further apart are activities of their own. A new segment is a pause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from kneewatch.model import Activity, Floats, NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers.markup import root_in
from kneewatch.readers.moments import offset_s
from kneewatch.readers.points import added_up, numbers, track
from kneewatch.readers.sports import ON_FOOT, sport_of
from kneewatch.readers.xml_points import PointWalk, RefusedError

LEAVES = {
    # local name in any namespace, in lower case: our column
    "time": "unix_s",
    "ele": "altitude_m",
    "hr": "heart_rate_bpm",
    "heartrate": "heart_rate_bpm",
    "heart_rate": "heart_rate_bpm",
    "cad": "cadence_spm",
    "cadence": "cadence_spm",
    "runcadence": "cadence_spm",
    "run_cadence": "cadence_spm",
    "speed": "speed_mps",
    "distance": "distance_m",
    "atemp": "temperature_c",
    "temp": "temperature_c",
    "power": "power_w",
    "powerinwatts": "power_w",
}

PLACES = {"lat": "lat_deg", "lon": "lon_deg"}

TRACK_ID = "trackid"
"""OpenTracks' name for a track, the same in every format that it writes."""

MAX_GAP_BETWEEN_TRACKS_S = 1800

FEW_UNDATED = 10
"""So many points without a time are left out without a word."""

MAYBE_ON_FOOT = ON_FOOT | {"unknown"}
"""Most files do not name their sport, and runs are the most of them."""


@dataclass
class _Track:
    """One ``trk``: the numbers of its first point and of each segment's first, and its words."""

    begin: int
    segments: list[int] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Part:
    """A track's points: its first and the one after its last, first and last time [Unix s]."""

    track: _Track
    begin: int
    end: int
    first_s: float
    last_s: float

    @property
    def kind(self) -> str:
        return self.track.words.get("type", "")


class GpxWalk(PointWalk):
    """One pass over a GPX file."""

    POINT = "trkpt"
    LEAVES = LEAVES
    ANY_CASE = True

    def __init__(self) -> None:
        super().__init__()
        self.creator = ""
        self.words: dict[str, str] = {}
        # Points before any track, in a file that has lost its beginning, are a track as well.
        self.tracks = [_Track(0)]

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note where tracks and segments begin."""
        if name == "trk":
            self.tracks.append(_Track(self.count))
        elif name == "trkseg":
            self.tracks[-1].segments.append(self.count)
        elif name == "gpx":
            self.creator = attributes.get("creator", "").strip()

    def closed(self, name: str, text: str) -> None:
        """Take the words of a track or of the file; the first of a kind counts."""
        if text and name == TRACK_ID and "trk" in self.path:
            self.tracks[-1].words.setdefault(name, text)
        elif text and self.path and name in ("name", "desc", "type"):
            if self.path[-1] == "trk":
                self.tracks[-1].words.setdefault(name, text)
            elif self.path[-1] in ("gpx", "metadata"):
                self.words.setdefault(name, text)

    def arrays(self) -> dict[str, Floats]:
        """Columns of the points with their places, which GPX has in attributes."""
        points = self.attributes[: self.count]
        return super().arrays() | {
            column: numbers([point.get(name, "") for point in points])
            for name, column in PLACES.items()
        }


def sniff(name: str, head: bytes) -> bool:
    """Claim a file whose XML root is ``gpx``; a ``.gpx`` without it is claimed, to say so."""
    if root_in(head, rb"gpx[\s>]"):
        return True
    return name.lower().endswith((".gpx", ".gpx.gz")) and head[8:12] != b".FIT"


def read(source: Source) -> Iterator[Reading]:
    """Read the tracks of a GPX file; with gpxpy, should our own reader stumble.

    Parameters
    ----------
    source : Source

    Yields
    ------
    Recording, Problem or NotActivity
        Routes and waypoints without a track are NotActivity; a track without times is a Problem.
        Of a file that breaks off, the whole points are kept and a Problem says where it broke.
    """
    try:
        readings = list(_read(source))
    except Exception:
        from kneewatch.readers import gpx_careful

        readings = list(gpx_careful.read(source, LEAVES, MAYBE_ON_FOOT))
    yield from readings


def _read(source: Source) -> Iterator[Reading]:
    try:
        found = GpxWalk.through(source.data)
    except RefusedError as refusal:
        yield Problem(source.name, f"the GPX file cannot be read: {refusal}")
        return
    if found.broken is not None and not found.count:
        line, reason = found.broken.line, found.broken.reason
        yield Problem(source.name, f"the GPX file cannot be read: {reason} in line {line:,}")
        return
    columns = found.arrays()
    groups = _activities(_parts(found, columns["unix_s"]))
    for index, group in enumerate(groups):
        yield _recording(found, columns, group, source, index)
    if not groups and found.count:
        points = "1 point" if found.count == 1 else f"{found.count:,} points"
        yield Problem(source.name, f"a GPX track of {points} without times cannot be a run")
    elif not groups:
        yield NotActivity(source.name, "a GPX file without a track: routes or waypoints")
    if damage := _damage(found, columns):
        yield Problem(source.name, f"mended: {'; '.join(damage)}")


def _damage(found: GpxWalk, columns: Mapping[str, Floats]) -> list[str]:
    """What was wrong with the file, in words."""
    said = list(found.mended)
    if found.broken is not None:
        where = f"breaks off at line {found.broken.line:,}: {found.broken.reason}"
        where = "ends early" if found.broken.early else where
        said.append(
            f"the file {where}; {found.broken.lost:,} bytes after the last whole point lost"
        )
    if placeless := int(np.isnan(columns["lat_deg"] + columns["lon_deg"]).sum()):
        points = "1 point" if placeless == 1 else f"{placeless:,} points"
        said.append(f"{points} without a place kept as a gap")
    undated = int(np.isnan(columns["unix_s"]).sum())
    # Single points before the first fix are in many files and no loss.
    if FEW_UNDATED < undated < found.count:
        said.append(f"{undated:,} points without a time left out")
    heights = found.columns["altitude_m"].texts
    if any(heights[index].strip() for index in np.flatnonzero(np.isnan(numbers(heights)))):
        said.append("values that are no numbers left out")
    return said


def _parts(found: GpxWalk, unix: Floats) -> list[_Part]:
    """The tracks with times."""
    ends = [item.begin for item in found.tracks[1:]] + [found.count]
    parts = []
    for item, end in zip(found.tracks, ends, strict=True):
        times = unix[item.begin : end]
        if np.isfinite(times).any():
            parts.append(
                _Part(item, item.begin, end, float(np.nanmin(times)), float(np.nanmax(times)))
            )
    return parts


def _activities(parts: list[_Part]) -> list[list[_Part]]:
    """Tracks grouped into activities, in order of time."""
    groups: list[list[_Part]] = []
    end = -np.inf
    for part in sorted(parts, key=lambda part: part.first_s):
        follows = 0 <= part.first_s - end <= MAX_GAP_BETWEEN_TRACKS_S
        if groups and follows and part.kind == groups[-1][-1].kind:
            groups[-1].append(part)
        else:
            groups.append([part])
        end = part.last_s
    return groups


def _recording(
    found: GpxWalk, columns: Mapping[str, Floats], group: list[_Part], source: Source, index: int
) -> Recording:
    points = np.concatenate([np.arange(part.begin, part.end) for part in group])
    own = {name: column[points] for name, column in columns.items()}
    words = found.words | group[0].track.words
    track_ids = dict.fromkeys(part.track.words.get(TRACK_ID, "") for part in group)
    if any(track_ids) and "distance_m" in own:
        own["distance_m"] = added_up(own["distance_m"])
    sport, sub_sport = sport_of(group[0].kind)
    if sport == "unknown":
        sport, sub_sport = sport_of(words.get("name", ""))
    first = points[np.isfinite(own["unix_s"])][0]
    activity = Activity(
        id=source.digest[:12] + (f"-{index + 1}" if index else ""),
        source=source.name,
        start=datetime.fromtimestamp(float(np.nanmin(own["unix_s"])), UTC),
        # Z says UTC and nothing about the runner's clock; any other offset is the runner's.
        utc_offset_s=offset_s(found.text("unix_s", int(first))),
        sport=sport,
        sub_sport=sub_sport,
        name=words.get("name", ""),
        notes=words.get("desc", ""),
        device=found.creator,
        barometer=True if "barometer" in found.creator.lower() else None,
        keys=tuple(f"track {track_id}" for track_id in track_ids if track_id),
    )
    return Recording(activity, track(own | {"segment": _segments(group)}, sport in MAYBE_ON_FOOT))


def _segments(group: list[_Part]) -> Floats:
    """Number of the segment of each point of an activity."""
    numbered, before = [], 0
    for part in group:
        places = np.arange(part.begin, part.end)
        inside = np.searchsorted(part.track.segments, places, side="right") - 1
        numbered.append(before + np.maximum(inside, 0))
        before += max(len(part.track.segments), 1)
    return np.concatenate(numbered).astype(np.float64)
