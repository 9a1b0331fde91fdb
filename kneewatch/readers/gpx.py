"""GPX: tracks of phones, web sites and some watches.

Tracks that follow each other within half an hour are one activity, as many apps begin a new track
at every pause or lap; tracks further apart are activities of their own. A new segment is a pause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import gpxpy
import gpxpy.gpx
import numpy as np

from kneewatch.model import Activity, NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers.markup import mend, text_of
from kneewatch.readers.points import Row, number, track
from kneewatch.readers.sports import sport_of

EXTENSIONS = {
    # local name in any namespace: our column
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

MAX_GAP_BETWEEN_TRACKS_S = 1800

ON_FOOT = {"running", "walking", "hiking", "unknown"}

_POINT = re.compile(r"<trkpt\b(?P<head>[^>]*?)(?:/>|>.*?</trkpt\s*>)", re.DOTALL)
_PLACE = re.compile(r"""\b(?:lat|lon)\s*=\s*["']\s*[-+]?\.?\d""")
_NUMBER = re.compile(r"<(ele|speed)>([^<]*)</\1>")
# gpxpy refuses a whole file for one of these, and kneewatch needs none of them.
_UNUSED = re.compile(
    r"<(sat|fix|hdop|vdop|pdop|course|magvar|geoidheight|ageofdgpsdata|dgpsid|number)>[^<]*</\1>"
)


def sniff(name: str, head: bytes) -> bool:
    """Claim a file whose XML root is ``gpx``; a ``.gpx`` without it is claimed, to say so."""
    if re.search(rb"<(?:\w+:)?gpx[\s>]", head):
        return True
    return name.lower().endswith((".gpx", ".gpx.gz")) and head[8:12] != b".FIT"


def read(source: Source) -> Iterator[Reading]:
    """Read the tracks of a GPX file.

    Parameters
    ----------
    source : Source

    Yields
    ------
    Recording, Problem or NotActivity
        Routes and waypoints without a track are NotActivity; a track without times is a Problem.
    """
    gpx, damage = _parse(source.data)
    if gpx is None:
        yield Problem(source.name, damage)
        return
    groups = _activities(gpx)
    for index, group in enumerate(groups):
        yield _recording(gpx, group, source, index)
    if not groups:
        count = sum(len(s.points) for t in gpx.tracks for s in t.segments)
        if count:
            points = "1 point" if count == 1 else f"{count:,} points"
            reason = f"a GPX track of {points} without times cannot be a run"
            yield Problem(source.name, reason)
        else:
            yield NotActivity(source.name, "a GPX file without a track: routes or waypoints")
    if damage:
        yield Problem(source.name, damage)


def _parse(data: bytes) -> tuple[gpxpy.gpx.GPX | None, str]:
    """Parse as it is, else mended; and what had to be mended."""
    text = text_of(data)
    # gpxpy knows GPX without a prefix alone.
    if prefix := re.search(r"<(\w+):gpx[\s>]", text):
        text = re.sub(rf"(</?){prefix[1]}:", r"\1", text)
    try:
        return gpxpy.parse(text), ""
    # gpxpy raises errors of many kinds (its own, ValueError, the XML parser's).
    except Exception as error:
        first = _one_line(error)
    mended, what = _mend(text)
    try:
        return gpxpy.parse(mended), what
    except Exception:
        return None, f"the GPX file cannot be read: {first}"


def _mend(text: str) -> tuple[str, str]:
    """Take out what is no GPX, leave out points without a place, close the end."""
    text, what = mend(text)
    if re.search(r"</gpx\s*>\s*$", text) is None:
        end = text.rfind("</trkpt>")
        whole = end + len("</trkpt>") if end >= 0 else 0
        lost = len(text[whole:].encode())
        text = text[:whole] + "</trkseg></trk></gpx>" if whole else text
        what.append(f"the file ends early; {lost:,} bytes after the last whole point lost")
    kept = _POINT.sub(_keep_placed, text)
    if gone := text.count("<trkpt") - kept.count("<trkpt"):
        text = kept
        what.append(f"{gone:,} point{'s' if gone > 1 else ''} without a place left out")
    numbers = _NUMBER.sub(_keep_number, text)
    if numbers != text:
        text = numbers
        what.append("values that are no numbers left out")
    return _UNUSED.sub("", text), "mended: " + "; ".join(what) if what else ""


def _keep_placed(match: re.Match[str]) -> str:
    return match[0] if len(_PLACE.findall(match["head"])) == 2 else ""


def _keep_number(match: re.Match[str]) -> str:
    if np.isfinite(number(match[2])):
        return match[0]
    value = number(match[2].strip().replace(",", "."))
    return f"<{match[1]}>{value}</{match[1]}>" if np.isfinite(value) else ""


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:160]


def _activities(gpx: gpxpy.gpx.GPX) -> list[list[gpxpy.gpx.GPXTrack]]:
    """Tracks with times, grouped into activities, in order of time."""
    dated = []
    for item in gpx.tracks:
        times = [_unix(p.time) for s in item.segments for p in s.points if p.time]
        if times:
            dated.append((min(times), max(times), item))
    dated.sort(key=lambda entry: entry[0])
    groups: list[list[gpxpy.gpx.GPXTrack]] = []
    end = -np.inf
    for first, last, item in dated:
        follows = 0 <= first - end <= MAX_GAP_BETWEEN_TRACKS_S
        if groups and follows and item.type == groups[-1][-1].type:
            groups[-1].append(item)
        else:
            groups.append([item])
        end = last
    return groups


def _unix(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _recording(
    gpx: gpxpy.gpx.GPX, group: list[gpxpy.gpx.GPXTrack], source: Source, index: int
) -> Recording:
    first = group[0]
    sport, sub_sport = sport_of(first.type or "")
    if sport == "unknown":
        sport, sub_sport = sport_of(first.name or gpx.name or "")
    rows = [
        {"segment": float(number_of_segment)} | _row(point)
        for number_of_segment, segment in enumerate(s for t in group for s in t.segments)
        for point in segment.points
    ]
    start = min(row["unix_s"] for row in rows if np.isfinite(row["unix_s"]))
    local = next((p.time for t in group for s in t.segments for p in s.points if p.time), None)
    offset = local.utcoffset() if local is not None and local.tzinfo else None
    creator = gpx.creator or ""
    activity = Activity(
        id=source.digest[:12] + (f"-{index + 1}" if index else ""),
        source=source.name,
        start=datetime.fromtimestamp(start, UTC),
        # Z says UTC and nothing about the runner's clock; any other offset is the runner's.
        utc_offset_s=offset.total_seconds() if offset else None,
        sport=sport,
        sub_sport=sub_sport,
        name=(first.name or gpx.name or "").strip(),
        notes=(first.description or gpx.description or "").strip(),
        device=creator.strip(),
        barometer=True if "barometer" in creator.lower() else None,
    )
    return Recording(activity, track(rows, sport in ON_FOOT))


def _row(point: gpxpy.gpx.GPXTrackPoint) -> Row:
    row: Row = {
        "unix_s": _unix(point.time) if point.time else float("nan"),
        "lat_deg": float(point.latitude),
        "lon_deg": float(point.longitude),
    }
    if point.elevation is not None:
        row["altitude_m"] = float(point.elevation)
    if point.speed is not None:
        row["speed_mps"] = float(point.speed)
    for element in point.extensions:
        _extend(row, element)
    return row


def _extend(row: Row, element: Any) -> None:
    """Take what an extension holds, in whatever namespace and however deep."""
    for item in element.iter():
        if isinstance(item.tag, str):
            column = EXTENSIONS.get(item.tag.rpartition("}")[2].rpartition(":")[2].lower())
            value = number(item.text) if column else float("nan")
            if column and np.isfinite(value):
                row.setdefault(column, value)
