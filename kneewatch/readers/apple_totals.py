"""What a workout of Apple Health says of itself as a whole: distance, times, heights, steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kneewatch.readers.apple_element import (
    METRES,
    SECONDS,
    Element,
    length_m,
    moment_of,
    quantity,
)
from kneewatch.readers.sports import ON_FOOT

STATISTIC = "HKQuantityTypeIdentifier"

DISTANCES = {
    # statistic: the sport that it is of; Apple counts all ways on foot in one
    "DistanceWalkingRunning": "running",
    "DistanceCycling": "cycling",
    "DistanceSwimming": "swimming",
}

PAUSES = {
    # event: whether a pause begins or ends; the watch's own are written beside the runner's
    "HKWorkoutEventTypePause": True,
    "HKWorkoutEventTypeMotionPaused": True,
    "HKWorkoutEventTypeResume": False,
    "HKWorkoutEventTypeMotionResumed": False,
}

EXACT_S = 1.0
"""Times are whole seconds, so a difference of no more is none."""


def said(workout: Element, key: str) -> str:
    """The first of its metadata of some key; Apple writes them before and behind the events."""
    entries = (entry for entry in workout.named("MetadataEntry") if entry.get("key") == key)
    return next((entry.get("value") for entry in entries), "")


def utc_offset(workout: Element, start: datetime) -> timedelta | None:
    """Local time minus UTC where and when it was, else on the phone at the export."""
    try:
        return start.astimezone(ZoneInfo(said(workout, "HKTimeZone"))).utcoffset()
    # Of a name that is none, or is a path, comes one of many errors.
    except (OSError, LookupError, ValueError):
        return start.utcoffset()


def end_of(part: Element, start: datetime) -> datetime:
    """When a workout or a part of it ended; where that is not said, after its duration."""
    end = moment_of(part.get("endDate"))
    if end is not None and (end.tzinfo is None) == (start.tzinfo is None) and end >= start:
        return end
    return start + timedelta(seconds=min(_duration_s(part) or 0.0, 1e7))


def elapsed_s(part: Element, start: datetime) -> float | None:
    """Time from start to end [s]."""
    return (end_of(part, start) - start).total_seconds() or None


def moving_s(part: Element, start: datetime) -> float | None:
    """Time without the pauses [s], by the duration or, where that has them in it, by the events."""
    elapsed, duration = elapsed_s(part, start), _duration_s(part)
    if elapsed is None or (duration is not None and duration < elapsed - EXACT_S):
        return duration
    return max(elapsed - _paused_s(part, start, end_of(part, start)), 0.0)


def distance_m(part: Element, sport: str) -> float | None:
    """Distance of a workout [m]: that of its sport, else the longest of what was counted."""
    found = distances_m(part)
    gait = "running" if sport in ON_FOOT else sport
    own = [metres for kind, metres in found.items() if DISTANCES.get(kind) == gait]
    in_all = quantity(part.get("totalDistance"), part.get("totalDistanceUnit"), METRES)
    # Zero is what apps write that have counted none.
    return next(iter(own), None) or max(found.values(), default=None) or in_all or None


def distances_m(part: Element) -> dict[str, float]:
    """Distances by the name of their statistic [m]."""
    kinds = dict.fromkeys(
        entry.get("type").removeprefix(STATISTIC)
        for holder in (part, *part.named("WorkoutActivity"))
        for entry in holder.named("WorkoutStatistics")
    )
    found = {kind: total(part, kind, METRES) for kind in kinds if kind.startswith("Distance")}
    return {kind: metres for kind, metres in found.items() if metres}


def total(part: Element, kind: str, units: Mapping[str, float]) -> float | None:
    """Sum of a statistic, of the whole or else of its parts; zero tells nothing."""
    whole = _sum(part, kind, units)
    if whole is not None:
        return whole or None
    legs = [_sum(leg, kind, units) for leg in part.named("WorkoutActivity")]
    return sum(known for known in legs if known is not None) or None


def mean_heart_rate_bpm(part: Element) -> float | None:
    """Mean heart rate [1/min], of the whole or else of its parts by their time."""
    own = [value for entry in _statistics(part, "HeartRate") if (value := _beats(entry))]
    if own:
        return own[0]
    beats = seconds = 0.0
    for leg in part.named("WorkoutActivity"):
        rates = [value for entry in _statistics(leg, "HeartRate") if (value := _beats(entry))]
        spent = _duration_s(leg)
        if rates and spent:
            beats, seconds = beats + rates[0] * spent, seconds + spent
    return beats / seconds if seconds else None


def height_m(part: Element, key: str) -> float | None:
    """Height gained or lost [m], of the whole or else of its parts."""
    whole = length_m(said(part, key))
    if whole is not None:
        return whole
    legs = [length_m(said(leg, key)) for leg in part.named("WorkoutActivity")]
    known = [height for height in legs if height is not None]
    return sum(known) if known else None


def _statistics(part: Element, kind: str) -> list[Element]:
    named = part.named("WorkoutStatistics")
    return [entry for entry in named if entry.get("type") == STATISTIC + kind]


def _sum(part: Element, kind: str, units: Mapping[str, float]) -> float | None:
    sums = (
        quantity(entry.get("sum"), entry.get("unit"), units) for entry in _statistics(part, kind)
    )
    return next((value for value in sums if value is not None), None)


def _beats(entry: Element) -> float | None:
    return quantity(entry.get("average"), entry.get("unit"), {"count/min": 1.0, "count/s": 60.0})


def _duration_s(part: Element) -> float | None:
    unit = part.get("durationUnit") or "min"
    duration = quantity(part.get("duration"), unit, SECONDS)
    return duration if duration and duration > 0 else None


def _paused_s(part: Element, start: datetime, end: datetime) -> float:
    """Time from each pause to the next going on, or to the end [s]."""
    paused, since = 0.0, None
    for when, pause in sorted(_pauses(part.named("WorkoutEvent"), start, end)):
        if pause and since is None:
            since = when
        elif not pause and since is not None:
            paused, since = paused + (when - since).total_seconds(), None
    return paused + ((end - since).total_seconds() if since is not None else 0.0)


def _pauses(
    events: Iterable[Element], start: datetime, end: datetime
) -> Iterable[tuple[datetime, bool]]:
    for event in events:
        pause, when = PAUSES.get(event.get("type")), moment_of(event.get("date"))
        if pause is None or when is None or (when.tzinfo is None) != (start.tzinfo is None):
            continue
        yield min(max(when, start), end), pause
