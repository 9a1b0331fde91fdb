"""TCX: Garmin's older exchange format, still what several sites hand out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from kneewatch.model import Activity, Floats, NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers.markup import root_in
from kneewatch.readers.moments import offset_s, seconds
from kneewatch.readers.points import number, track
from kneewatch.readers.sports import ON_FOOT, sport_of
from kneewatch.readers.xml_points import PointWalk, RefusedError

LEAVES = {
    # local name of an element inside a track point: our column
    "Time": "unix_s",
    "LatitudeDegrees": "lat_deg",
    "LongitudeDegrees": "lon_deg",
    "AltitudeMeters": "altitude_m",
    "DistanceMeters": "distance_m",
    "HeartRateBpm": "heart_rate_bpm",
    "Speed": "speed_mps",
    "Cadence": "cadence_spm",
    "RunCadence": "cadence_spm",
    "Watts": "power_w",
}

LAP_GAP_S = 10


@dataclass
class _Activity:
    """One ``Activity``: its points from ``begin`` to before ``end``, and what it says itself.

    Attributes
    ----------
    tracks : list of int
        Number of the first point of each ``Track``.
    laps : list of dict
        Numbers of each lap by the names of its own elements, never of those of its points.
    """

    sport: str
    begin: int
    end: int | None = None
    tracks: list[int] = field(default_factory=list)
    laps: list[dict[str, float]] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)


class TcxWalk(PointWalk):
    """One pass over a TCX file."""

    POINT = "Trackpoint"
    LEAVES = LEAVES
    WRAPPER = ("HeartRateBpm", "Value")

    def __init__(self) -> None:
        super().__init__()
        self.activities: list[_Activity] = []
        self.courses = 0

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note where activities, laps and tracks begin."""
        if name == "Activity":
            self.activities.append(_Activity(attributes.get("Sport", ""), self.count))
        elif name == "Course":
            self.courses += 1
        elif name == "Lap" and self._inside:
            self.activities[-1].laps.append({})
        elif name == "Track" and self._inside:
            self.activities[-1].tracks.append(self.count)

    def closed(self, name: str, text: str) -> None:
        """Take the words of an activity and the numbers of a lap; the first of a kind counts."""
        if not self._inside:
            return
        activity, around = self.activities[-1], self.path[-2:]
        if name == "Activity":
            activity.end = self.count
        elif around[1:] == ["Activity"] and name in ("Id", "Notes"):
            activity.words.setdefault(name, text)
        elif around == ["Activity", "Creator"] and name == "Name":
            activity.words.setdefault("Creator", text)
        elif around[1:] == ["Lap"] and name in ("TotalTimeSeconds", "DistanceMeters"):
            activity.laps[-1].setdefault(name, number(text))
        elif around == ["Lap", "AverageHeartRateBpm"] and name == "Value":
            activity.laps[-1].setdefault("AverageHeartRateBpm", number(text))

    @property
    def _inside(self) -> bool:
        """Whether an activity is open; a course has laps and tracks as well."""
        return bool(self.activities) and self.activities[-1].end is None


def sniff(name: str, head: bytes) -> bool:
    """Claim a file whose XML root is ``TrainingCenterDatabase``, or that has lost it."""
    return root_in(head, rb"TrainingCenterDatabase|Activity\s+Sport=")


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
    try:
        found = TcxWalk.through(source.data)
    except RefusedError as refusal:
        yield Problem(source.name, f"the TCX file cannot be read: {refusal}")
        return
    columns = found.arrays()
    for index, activity in enumerate(found.activities):
        recording = _recording(found, columns, activity, source, index)
        if recording is None:
            yield Problem(source.name, "a TCX activity without a time cannot be a run")
        else:
            yield recording
    damage = _damage(found)
    if not found.activities and not damage:
        kind = "a course" if found.courses else "no activity"
        yield NotActivity(source.name, f"a TCX file with {kind} in it")
    if damage:
        yield Problem(source.name, damage)


def _damage(found: TcxWalk) -> str:
    """What was wrong with the file, in words."""
    said = [f"mended: {'; '.join(found.mended)}"] if found.mended else []
    if found.broken is not None:
        where, why = found.broken.line, found.broken.reason
        said.append(f"the TCX file breaks off at line {where:,}: {why}")
    return "; ".join(said)


def _recording(
    found: TcxWalk, columns: Mapping[str, Floats], activity: _Activity, source: Source, index: int
) -> Recording | None:
    # TCX knows three words; "Other" says that it was neither running nor biking.
    other = activity.sport == "Other"
    sport, sub_sport = ("generic", "generic") if other else sport_of(activity.sport)
    end = found.count if activity.end is None else activity.end
    own = {name: column[activity.begin : end] for name, column in columns.items()}
    dated = np.flatnonzero(np.isfinite(own["unix_s"]))
    id_text = activity.words.get("Id", "")
    begin = float(own["unix_s"][dated].min()) if len(dated) else seconds(id_text)
    if not np.isfinite(begin):
        return None
    told = found.text("unix_s", activity.begin + int(dated[0])) if len(dated) else id_text
    return Recording(
        Activity(
            id=source.digest[:12] + (f"-{index + 1}" if index else ""),
            source=source.name,
            start=datetime.fromtimestamp(begin, UTC),
            utc_offset_s=offset_s(told),
            sport=sport,
            sub_sport=sub_sport,
            notes=activity.words.get("Notes", ""),
            device=re.sub(r"\s*Software Version.*", "", activity.words.get("Creator", "")).strip(),
            distance_m=_lap_sum(activity.laps, "DistanceMeters"),
            moving_s=_lap_sum(activity.laps, "TotalTimeSeconds"),
            avg_hr_bpm=_mean_heart_rate(activity.laps),
        ),
        track(own | {"segment": _segments(activity, own["unix_s"])}, sport in ON_FOOT),
    )


def _segments(activity: _Activity, unix: Floats) -> Floats:
    """Number of the segment of each point, NaN without a time.

    A new ``Track`` within seconds of the last is a lap, not a pause.
    """
    dated = np.flatnonzero(np.isfinite(unix))
    part = np.searchsorted(activity.tracks, activity.begin + dated, side="right")
    pause = (np.diff(part) != 0) & (np.diff(unix[dated]) > LAP_GAP_S)
    result = np.full(len(unix), np.nan)
    result[dated[:1]] = 0
    result[dated[1:]] = np.cumsum(pause)
    return result


def _lap_sum(laps: list[dict[str, float]], name: str) -> float | None:
    known = [lap[name] for lap in laps if np.isfinite(lap.get(name, np.nan))]
    return sum(known) if known else None


def _mean_heart_rate(laps: list[dict[str, float]]) -> float | None:
    """Mean of the laps' means, each by its time [1/min]."""
    weighted, total = 0.0, 0.0
    for lap in laps:
        beats, time = lap.get("AverageHeartRateBpm", np.nan), lap.get("TotalTimeSeconds", np.nan)
        if np.isfinite(beats) and np.isfinite(time):
            weighted, total = weighted + beats * time, total + time
    return weighted / total if total else None
