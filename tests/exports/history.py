"""A runner's history as plain data, and the files a watch or a phone would have written of it.

Each vendor's module beside this one writes the same runs as that vendor exports them, so that a
test can read them through any two and compare.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from fit_encoder import FitWriter

Floats = npt.NDArray[np.float64]

EARTH_M_PER_DEG = 111_195.0
STEP_S = 5

PLACE = (48.2, 16.37)
"""Middle of the loop that all runs are on [deg]; their hours are those of Vienna."""

LOOP_M = 2000.0


@dataclass(frozen=True)
class Run:
    """One run.

    Attributes
    ----------
    start : datetime
        Aware UTC, whole seconds.
    distance_m, duration_s : float
        The duration a multiple of ``STEP_S``; without pauses.
    offset_s : int
        Wall clock minus UTC.
    altitudes_m : tuple of float
        At even distances from start to end; none for a treadmill.
    shoe, title, notes : str
    sub_sport : str
        FIT's name.
    recorded : bool
        Whether a device has a file of it; else it was entered by hand.
    """

    start: datetime
    distance_m: float
    duration_s: float
    offset_s: int = 7200
    altitudes_m: tuple[float, ...] = (100.0, 130.0, 90.0, 100.0)
    shoe: str = ""
    title: str = "Morning Run"
    notes: str = ""
    sub_sport: str = "generic"
    recorded: bool = True
    sport: str = "running"

    @property
    def local_start(self) -> datetime:
        """Wall clock, naive."""
        return (self.start + timedelta(seconds=self.offset_s)).replace(tzinfo=None)

    @property
    def indoors(self) -> bool:
        return not self.altitudes_m

    @property
    def ascent_m(self) -> float:
        return sum(max(b - a, 0.0) for a, b in pairwise(self.altitudes_m))

    @property
    def descent_m(self) -> float:
        return sum(max(a - b, 0.0) for a, b in pairwise(self.altitudes_m))

    @property
    def steps(self) -> int:
        return round(self.duration_s / 60 * SPM)

    def points(self, step_s: float = 2.0) -> Points:
        """A point every few seconds, and one at the end."""
        time = np.append(np.arange(0.0, self.duration_s, step_s), self.duration_s)
        way = self.distance_m * time / self.duration_s
        lat, lon = place(way)
        profile = np.linspace(0.0, self.distance_m, len(self.altitudes_m))
        altitude = np.interp(way, profile, self.altitudes_m) if self.altitudes_m else way * np.nan
        return Points(time, lat, lon, altitude, way, np.full(len(time), float(BPM)))


@dataclass(frozen=True)
class Points:
    """Parallel arrays: time since the start [s], place [deg], height [m], way [m], heart rate."""

    time_s: Floats
    lat_deg: Floats
    lon_deg: Floats
    altitude_m: Floats
    distance_m: Floats
    heart_rate_bpm: Floats


def place(way_m: Floats) -> tuple[Floats, Floats]:
    """Where on the loop one is after so many metres [deg]."""
    angle = 2 * np.pi * way_m / LOOP_M
    radius = LOOP_M / (2 * np.pi) / EARTH_M_PER_DEG
    lat, lon = PLACE
    east = radius * np.cos(angle) / math.cos(math.radians(lat))
    return lat + radius * np.sin(angle), lon + east


@dataclass(frozen=True)
class Point:
    """Where the runner was at a time; no position and no altitude indoors."""

    time: datetime
    distance_m: float
    lat_deg: float | None
    lon_deg: float | None
    altitude_m: float | None


SPM = 170
BPM = 150


def history(weeks: int = 4, start: datetime = datetime(2025, 6, 2, 5, 30, tzinfo=UTC)) -> list[Run]:
    """Four runs a week in Vienna, longer from week to week; one of them entered by hand."""
    runs = []
    for week in range(weeks):
        monday = start + timedelta(weeks=week)
        km = 6 + week
        hill = (100.0, 100.0 + 20 * (week + 1), 80.0, 100.0)
        runs += [
            _run(monday, km, hill, "Ghost 15", "Early, before work"),
            _run(monday + timedelta(days=2, hours=11), km + 2, (), "Ghost 15", "Tread"),
            _run(monday + timedelta(days=4), km + 1, hill[::-1], "Speedgoat 5", "Woods"),
            _run(monday + timedelta(days=6, hours=2), km + 6, (), "Ghost 15", "Watch forgotten"),
        ]
    return runs


def _run(start: datetime, km: float, altitudes_m: tuple[float, ...], shoe: str, title: str) -> Run:
    by_hand = title == "Watch forgotten"
    return Run(
        start,
        # Not whole, so that a display of two digits has something to round.
        km * 1000 + 3.4,
        km * 360,
        altitudes_m=altitudes_m,
        shoe=shoe,
        title=title,
        sub_sport="treadmill" if title == "Tread" else "trail" if title == "Woods" else "generic",
        recorded=not by_hand,
    )


def points(run: Run) -> Iterator[Point]:
    """The track: round the loop at an even speed, up and down as the profile says."""
    count = round(run.duration_s / STEP_S)
    for index in range(count + 1):
        share = index / count
        far = share * run.distance_m
        lat, lon = place(np.array([far]))
        yield Point(
            run.start + timedelta(seconds=index * STEP_S),
            far,
            None if run.indoors else float(lat[0]),
            None if run.indoors else float(lon[0]),
            _altitude(run, share),
        )


def _altitude(run: Run, share: float) -> float | None:
    if run.indoors:
        return None
    place = share * (len(run.altitudes_m) - 1)
    index = min(math.floor(place), len(run.altitudes_m) - 2)
    a, b = run.altitudes_m[index : index + 2]
    return a + (b - a) * (place - index)


def fit_bytes(run: Run, *, serial: int = 3900112233) -> bytes:
    """As a Garmin watch with a barometer writes it, messages of its own left out."""
    end = run.start + timedelta(seconds=run.duration_s)
    writer = FitWriter()
    writer.message(
        "file_id",
        {
            "type": "activity",
            "manufacturer": "garmin",
            "product": 4315,
            "serial_number": serial,
            "time_created": run.start,
        },
    )
    writer.message("event", {"timestamp": run.start, "event": "timer", "event_type": "start"})
    for point in points(run):
        values = {"timestamp": point.time, "distance": point.distance_m, "heart_rate": BPM}
        values |= {"cadence": SPM // 2, "enhanced_speed": run.distance_m / run.duration_s}
        if not run.indoors:
            values |= {"position_lat": point.lat_deg, "position_long": point.lon_deg}
            values |= {"enhanced_altitude": point.altitude_m}
        writer.message("record", values)
    writer.message("event", {"timestamp": end, "event": "timer", "event_type": "stop_all"})
    writer.message(
        "session",
        {
            "timestamp": end,
            "start_time": run.start,
            "sport": "running",
            "sub_sport": run.sub_sport,
            "total_elapsed_time": run.duration_s,
            "total_timer_time": run.duration_s,
            "total_distance": run.distance_m,
            "total_cycles": run.steps // 2,
            "avg_heart_rate": BPM,
            "avg_cadence": SPM // 2,
            "total_ascent": None if run.indoors else round(run.ascent_m),
            "total_descent": None if run.indoors else round(run.descent_m),
        },
    )
    local = end + timedelta(seconds=run.offset_s)
    writer.message(
        "activity",
        {
            "timestamp": end,
            "num_sessions": 1,
            "event": "activity",
            "local_timestamp": local.replace(tzinfo=None),
        },
    )
    return writer.to_bytes()


def other_fit_bytes(kind: str | int, moment: datetime) -> bytes:
    """A FIT file of a watch that is no activity: monitoring, settings, a course, a workout."""
    writer = FitWriter()
    writer.message("file_id", {"type": kind, "manufacturer": "garmin", "time_created": moment})
    writer.message("file_creator", {"software_version": 1112})
    return writer.to_bytes()


def gpx_bytes(run: Run) -> bytes:
    """As Strava's app writes it: no distance, no kind of run, heart rate in an extension."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<gpx creator="StravaGPX" version="1.1" xmlns="http://www.topografix.com/GPX/1/1" '
        'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">',
        f"<trk><name>{run.title}</name><type>running</type><trkseg>",
    ]
    lines += [
        f'<trkpt lat="{point.lat_deg:.7f}" lon="{point.lon_deg:.7f}">'
        f"<ele>{point.altitude_m:.1f}</ele><time>{point.time:%Y-%m-%dT%H:%M:%SZ}</time>"
        f"<extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>{BPM}</gpxtpx:hr>"
        "</gpxtpx:TrackPointExtension></extensions></trkpt>"
        for point in points(run)
    ]
    return "\n".join([*lines, "</trkseg></trk></gpx>"]).encode()


def tcx_bytes(run: Run) -> bytes:
    """As an older app writes it, with the blanks in front that Strava hands out."""
    lines = [
        '          <?xml version="1.0" encoding="UTF-8"?>',
        '<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/'
        'TrainingCenterDatabase/v2"><Activities><Activity Sport="Running">',
        f"<Id>{run.start:%Y-%m-%dT%H:%M:%SZ}</Id>",
        f'<Lap StartTime="{run.start:%Y-%m-%dT%H:%M:%SZ}">',
        f"<TotalTimeSeconds>{run.duration_s}</TotalTimeSeconds>",
        f"<DistanceMeters>{run.distance_m}</DistanceMeters><Track>",
    ]
    for point in points(run):
        place = (
            ""
            if run.indoors
            else f"<Position><LatitudeDegrees>{point.lat_deg:.7f}</LatitudeDegrees>"
            f"<LongitudeDegrees>{point.lon_deg:.7f}</LongitudeDegrees></Position>"
            f"<AltitudeMeters>{point.altitude_m:.1f}</AltitudeMeters>"
        )
        lines.append(
            f"<Trackpoint><Time>{point.time:%Y-%m-%dT%H:%M:%SZ}</Time>{place}"
            f"<DistanceMeters>{point.distance_m:.2f}</DistanceMeters>"
            f"<HeartRateBpm><Value>{BPM}</Value></HeartRateBpm></Trackpoint>"
        )
    return "\n".join(
        [*lines, "</Track></Lap></Activity></Activities></TrainingCenterDatabase>"]
    ).encode()


def ten_weeks() -> list[Run]:
    """Three runs a week, of which one is long, over the change to summer time."""
    runs = []
    for week in range(10):
        for day, hour, km, minutes in ((1, 18, 6.0, 34), (3, 6, 8.4, 46), (6, 9, 14 + week, 90)):
            local = datetime(2025, 2, 24 + 0, hour, 30) + timedelta(weeks=week, days=day)
            offset = 7200 if local >= datetime(2025, 3, 30, 3) else 3600
            start = (local - timedelta(seconds=offset)).replace(tzinfo=UTC)
            title = "Long run" if day == 6 else "Evening run" if hour == 18 else "Before work"
            shoe = "Ghost 15" if day == 6 else "Kinvara 14"
            runs.append(
                Run(start, km * 1000, minutes * 60.0, offset_s=offset, title=title, shoe=shoe)
            )
    return runs


def stamp(moment: datetime) -> str:
    """UTC as most files have it: ``2025-05-05T06:30:00.000Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local_stamp(run: Run, seconds: float = 0.0) -> str:
    """Wall clock with its offset: ``2025-05-05T08:30:00.000+02:00``."""
    zone = f"{'-' if run.offset_s < 0 else '+'}{abs(run.offset_s) // 3600:02d}:"
    zone += f"{abs(run.offset_s) % 3600 // 60:02d}"
    return (run.local_start + timedelta(seconds=seconds)).isoformat(timespec="milliseconds") + zone
