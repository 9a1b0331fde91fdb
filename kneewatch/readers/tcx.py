"""TCX: Garmin's older exchange format, still what several sites hand out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import numpy as np

from kneewatch.model import Activity, NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers.markup import mend, text_of
from kneewatch.readers.points import Row, number, offset_s, seconds, track
from kneewatch.readers.sports import sport_of

POINT = {
    # local name of a leaf inside a track point: our column
    "LatitudeDegrees": "lat_deg",
    "LongitudeDegrees": "lon_deg",
    "AltitudeMeters": "altitude_m",
    "DistanceMeters": "distance_m",
    "Speed": "speed_mps",
    "Cadence": "cadence_spm",
    "RunCadence": "cadence_spm",
    "Watts": "power_w",
}

ON_FOOT = {"running", "walking", "hiking"}

LAP_GAP_S = 10

Element = ElementTree.Element


def sniff(name: str, head: bytes) -> bool:
    """Claim a file whose XML root is ``TrainingCenterDatabase``, or that has lost it."""
    return re.search(rb"<(?:\w+:)?(?:TrainingCenterDatabase|Activity\s+Sport=)", head) is not None


def read(source: Source) -> Iterator[Reading]:
    """Read the activities of a TCX file.

    Parameters
    ----------
    source : Source

    Yields
    ------
    Recording, Problem or NotActivity
        Courses and workouts are NotActivity; of a file that breaks off, the whole points are
        kept and a Problem says where it broke.
    """
    activities, courses, damage = _parse(source.data)
    for index, activity in enumerate(activities):
        recording = _recording(activity, source, index)
        if recording is None:
            yield Problem(source.name, "a TCX activity without a time cannot be a run")
        else:
            yield recording
    if not activities and not damage:
        kind = "a course" if courses else "no activity"
        yield NotActivity(source.name, f"a TCX file with {kind} in it")
    if damage:
        yield Problem(source.name, damage)


def _parse(data: bytes) -> tuple[list[Element], int, str]:
    """Activities as far as the XML goes, the number of courses, and where it broke."""
    text = text_of(data)
    activities, courses, damage = _elements(text)
    if damage:
        mended, what = mend(text)
        if what:
            activities, courses, damage = _elements(mended)
            said = f"mended: {'; '.join(what)}"
            damage = f"{said}; {damage}" if damage else said
    return activities, courses, damage


def _elements(text: str) -> tuple[list[Element], int, str]:
    parser: ElementTree.XMLPullParser[Element] = ElementTree.XMLPullParser(["start", "end"])
    activities: list[Element] = []
    courses = 0
    damage = ""
    try:
        parser.feed(text)
        parser.close()
    except ElementTree.ParseError as error:
        line, _ = error.position
        damage = f"the TCX file breaks off at line {line:,}: {error.msg}"
    for event, element in _events(parser):
        name = _local(element)
        # An activity counts from its start, so that one that is never closed is kept as well.
        if event == "start" and name == "Activity":
            activities.append(element)
        elif event == "start" and name == "Course":
            courses += 1
    return activities, courses, damage


def _events(parser: ElementTree.XMLPullParser[Element]) -> Iterator[tuple[str, Element]]:
    """Events up to the end, or to where the XML broke."""
    events = parser.read_events()
    while True:
        try:
            event: tuple[Any, ...] = next(events)
        except (StopIteration, ElementTree.ParseError):
            return
        if isinstance(event[1], ElementTree.Element):
            yield event[0], event[1]


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element.iter() if _local(child) == name)


def _recording(element: Element, source: Source, index: int) -> Recording | None:
    kind = element.get("Sport", "")
    # TCX knows three words; "Other" says that it was neither running nor biking.
    sport, sub_sport = ("generic", "generic") if kind == "Other" else sport_of(kind)
    rows: list[Row] = []
    segment = -1
    laps = list(_children(element, "Lap"))
    for part in _children(element, "Track"):
        segment += 1
        rows += [{"segment": float(segment)} | _row(p) for p in _children(part, "Trackpoint")]
    _join_laps(rows)
    starts = [row["unix_s"] for row in rows if np.isfinite(row["unix_s"])]
    begin = min(starts, default=seconds(_first_text(element, "Id")))
    if not np.isfinite(begin):
        return None
    heart = _mean_heart_rate(laps)
    notes = next((c.text or "" for c in element if _local(c) == "Notes"), "")
    return Recording(
        Activity(
            id=source.digest[:12] + (f"-{index + 1}" if index else ""),
            source=source.name,
            start=datetime.fromtimestamp(begin, UTC),
            utc_offset_s=offset_s(_first_text(element, "Time") or _first_text(element, "Id")),
            sport=sport,
            sub_sport=sub_sport,
            notes=notes.strip(),
            device=_device(element),
            distance_m=_lap_sum(laps, "DistanceMeters"),
            moving_s=_lap_sum(laps, "TotalTimeSeconds"),
            avg_hr_bpm=heart,
        ),
        track(rows, sport in ON_FOOT),
    )


def _row(point: Element) -> Row:
    row: Row = {"unix_s": float("nan")}
    for item in point.iter():
        name = _local(item)
        if name == "Time":
            row["unix_s"] = seconds(item.text or "")
        elif name == "HeartRateBpm":
            row["heart_rate_bpm"] = number(_first_text(item, "Value"))
        elif name in POINT:
            value = number(item.text)
            if np.isfinite(value):
                row.setdefault(POINT[name], value)
    return row


def _join_laps(rows: list[Row]) -> None:
    """A new ``Track`` within seconds of the last is a lap, not a pause; renumber segments so."""
    segment, last = 0.0, None
    for row in rows:
        if not np.isfinite(row["unix_s"]):
            continue
        if last is not None and row["segment"] != last["segment"]:
            gap = row["unix_s"] - last["unix_s"]
            segment += 0.0 if gap <= LAP_GAP_S else 1.0
        last = dict(row)
        row["segment"] = segment


def _first_text(element: Element, name: str) -> str:
    return next((child.text or "" for child in _children(element, name)), "")


def _lap_sum(laps: list[Element], name: str) -> float | None:
    """Sum over laps of a direct child, never of one inside the lap's points."""
    values = [number(child.text) for lap in laps for child in lap if _local(child) == name]
    known = [value for value in values if np.isfinite(value)]
    return sum(known) if known else None


def _mean_heart_rate(laps: list[Element]) -> float | None:
    weighted, total = 0.0, 0.0
    for lap in laps:
        beats = [number(_first_text(c, "Value")) for c in lap if _local(c) == "AverageHeartRateBpm"]
        time = _lap_sum([lap], "TotalTimeSeconds") or 0.0
        if beats and np.isfinite(beats[0]):
            weighted, total = weighted + beats[0] * time, total + time
    return weighted / total if total else None


def _device(element: Element) -> str:
    creator = next((child for child in element if _local(child) == "Creator"), None)
    name = _first_text(creator, "Name") if creator is not None else ""
    return re.sub(r"\s*Software Version.*", "", name).strip()
