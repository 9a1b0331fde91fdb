"""Apple Health: the workouts of its export.xml, whatever the file is called in the phone's tongue.

- Dates carry the offset of the phone on the day of the export, so the runner's wall clock is taken
  from ``HKTimeZone`` first, which a workout has from the watch.
- ``duration`` leaves pauses out. Totals stand in ``WorkoutStatistics`` since iOS 16, before that in
  attributes, and at times inside the ``WorkoutActivity`` parts alone.
- A route is a GPX file of its own since iOS 13: ``Activity.file_hint`` names it, or them. Before
  that its points stood in the workout.
- Of a triathlon each part is an activity. Apple does not say which sport a part is; the distance
  that was counted in it does.
- The same run written again by another app is another workout here, and a duplicate later.
- Heart rates and steps as single Records are not read: with the millions of others they would
  cost more than all the rest.

No real export of a triathlon was at hand, nor one of a workout with several routes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from kneewatch.model import (
    Activity,
    NotActivity,
    Problem,
    Reading,
    Recording,
    Source,
    Streamed,
    Track,
)
from kneewatch.readers import apple_totals as totals
from kneewatch.readers.apple_element import Element, element_of, moment_of
from kneewatch.readers.apple_scan import WorkoutScan
from kneewatch.readers.points import numbers, track
from kneewatch.readers.sport_names import Sport
from kneewatch.readers.sports import ON_FOOT, UNKNOWN, sport_of

TYPE = "HKWorkoutActivityType"
SPORTS: Mapping[str, Sport] = {
    # Apple's names that are no plain words for what they mean; all others are.
    "AmericanFootball": ("american_football", "generic"),
    "Cooldown": ("training", "generic"),
    "EquestrianSports": ("horseback_riding", "generic"),
    "Fishing": ("fishing", "generic"),
    "HandCycling": ("cycling", "hand_cycling"),
    "HighIntensityIntervalTraining": ("hiit", "generic"),
    "Hockey": ("hockey", "generic"),
    "Hunting": ("hunting", "generic"),
    "MindAndBody": ("meditation", "generic"),
    "PaddleSports": ("paddling", "generic"),
    "PreparationAndRecovery": ("training", "flexibility_training"),
    "SnowSports": ("generic", "generic"),
    "SwimBikeRun": ("multisport", "generic"),
    "TableTennis": ("racket", "table_tennis"),
    "Transition": ("transition", "generic"),
    "WaterFitness": ("swimming", "generic"),
    "WaterPolo": ("generic", "generic"),
    "WheelchairRunPace": ("wheelchair_push_run", "generic"),
}

NAMELESS: Sport = ("generic", "generic")
"""A sport that FIT has no name for, or that the runner called *Other*: in no case a run."""

INDOORS = {
    "running": "treadmill",
    "walking": "indoor_walking",
    "cycling": "indoor_cycling",
    "rowing": "indoor_rowing",
}
"""Kind of a sport where ``HKIndoorWorkout`` is set."""

LEAST_LEG_M = 1000.0
"""A part of a triathlon on foot that is shorter is the way from one sport to the next."""

POINTS = {
    "latitude": "lat_deg",
    "longitude": "lon_deg",
    "altitude": "altitude_m",
    "speed": "speed_mps",
}

STRAVA = re.compile(r"strava://activities/(\d+)")
_ROOT = re.compile(rb"<(?:!DOCTYPE\s+)?HealthData[\s>\[]")


def sniff(name: str, head: bytes) -> bool:
    """Claim a file whose XML root is ``HealthData``."""
    return _ROOT.search(head) is not None


def read(source: Source | Streamed) -> Iterator[Reading]:
    """Read the workouts of an export.

    Parameters
    ----------
    source : Source or Streamed

    Yields
    ------
    Recording, Problem or NotActivity
        Of a file that breaks off, the whole workouts are kept and a Problem says where it broke.
    """
    scan = WorkoutScan(source.pieces())
    count = 0
    for count, block in enumerate(scan, 1):
        name = f"{source.name} workout {count}"
        if block is None:
            yield Problem(name, "has no end and was left out")
        else:
            yield from _activities(block, name)
    if scan.trouble is not None or not scan.whole:
        why = "it ends early" if scan.trouble is None else str(scan.trouble)
        where = " within a workout" if scan.within else ""
        # What the system denies today it may give tomorrow; damage has no number.
        passing = getattr(scan.trouble, "errno", None) is not None
        reason = f"the export breaks off{where} after {scan.size:,} bytes: {why}"
        yield Problem(source.name, f"{reason}; {count:,} workouts before", passing)
    elif not count:
        yield NotActivity(source.name, "an Apple Health export with no workout in it")


def _activities(block: bytes, name: str) -> Iterator[Reading]:
    workout = element_of(block)
    start = moment_of(workout.get("startDate")) if workout else None
    if workout is None or start is None:
        yield Problem(name, "a workout without a start that can be read")
        return
    kind = workout.get("workoutActivityType").removeprefix(TYPE)
    parts = list(workout.named("WorkoutActivity"))
    if kind == "SwimBikeRun" and len(parts) > 1:
        for number, part in enumerate(parts, 1):
            began = moment_of(part.get("startDate"))
            where = f"{name} leg {number}"
            if began is None:
                yield Problem(where, "a part of a workout without a start that can be read")
            else:
                yield _leg(workout, part, began, where)
    else:
        routes = list(workout.named("WorkoutRoute"))
        yield _recording(workout, workout, start, name, _sport(workout, kind), routes)


def _leg(workout: Element, part: Element, start: datetime, name: str) -> Recording:
    """One sport of a triathlon, with the routes that begin in it."""
    first, last = start.timestamp(), totals.end_of(part, start).timestamp()
    routes = [
        route
        for route in workout.named("WorkoutRoute")
        if (began := moment_of(route.get("startDate"))) and first <= began.timestamp() < last
    ]
    return _recording(workout, part, start, name, _sport_of_leg(part), routes)


def _recording(
    workout: Element,
    part: Element,
    start: datetime,
    name: str,
    sport: Sport,
    routes: Sequence[Element],
) -> Recording:
    """An activity of a workout, or of a part of it."""
    offset = totals.utc_offset(workout, start)
    activity = Activity(
        id=_id(workout, start, totals.end_of(part, start)),
        source=name,
        start=start.astimezone(UTC) if start.tzinfo else start,
        utc_offset_s=None if offset is None else offset.total_seconds(),
        sport=sport[0],
        sub_sport=sport[1],
        device=" ".join(workout.get("sourceName").split()),
        distance_m=totals.distance_m(part, sport[0]),
        elapsed_s=totals.elapsed_s(part, start),
        moving_s=totals.moving_s(part, start),
        ascent_m=totals.height_m(part, "HKElevationAscended"),
        descent_m=totals.height_m(part, "HKElevationDescended"),
        steps=totals.total(part, "StepCount", {"count": 1.0}),
        avg_hr_bpm=totals.mean_heart_rate_bpm(part),
        file_hint="\n".join(_files(routes)),
        keys=tuple(
            f"strava {number}" for number in STRAVA.findall(totals.said(workout, "HKExternalUUID"))
        ),
    )
    return Recording(activity, _track(routes, sport[0] in ON_FOOT))


def _id(workout: Element, start: datetime, end: datetime) -> str:
    """The same in each export, though the offset of its dates and what else it says change."""
    moments = [moment.astimezone(UTC) if moment.tzinfo else moment for moment in (start, end)]
    words = [workout.get("workoutActivityType"), workout.get("sourceName")]
    said = " ".join([*words, *(moment.isoformat() for moment in moments)])
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _sport(workout: Element, kind: str) -> Sport:
    sport, sub_sport = SPORTS.get(kind) or sport_of(kind)
    if (sport, sub_sport) == UNKNOWN and kind:
        return NAMELESS
    if sport in INDOORS and totals.said(workout, "HKIndoorWorkout") == "1":
        return sport, INDOORS[sport]
    return sport, sub_sport


def _sport_of_leg(part: Element) -> Sport:
    found = totals.distances_m(part)
    longest = max(found, key=lambda kind: found[kind], default="")
    sport = totals.DISTANCES.get(longest, "transition")
    on_the_way = sport == "running" and found[longest] < LEAST_LEG_M
    return "transition" if on_the_way else sport, "generic"


def _files(routes: Sequence[Element]) -> list[str]:
    references = [entry for route in routes for entry in route.named("FileReference")]
    return list(dict.fromkeys(path for entry in references if (path := entry.get("path"))))


def _track(routes: Sequence[Element], on_foot: bool) -> Track:
    """The points that stand in a workout of iOS 12 and before; each route is a segment."""
    points = [(n, point) for n, route in enumerate(routes) for point in route.named("Location")]
    if not points:
        return {}
    times = [moment_of(point.get("date")) for _, point in points]
    columns = {
        "unix_s": np.array([moment.timestamp() if moment else np.nan for moment in times]),
        "segment": np.array([float(n) for n, _ in points]),
    }
    for name, column in POINTS.items():
        columns[column] = numbers([point.get(name) for _, point in points])
    # Below zero is what the phone writes when it does not know.
    columns["speed_mps"][columns["speed_mps"] < 0] = np.nan
    return track(columns, on_foot)
