"""Polar: the training sessions of the user data export, in all three forms that are known.

Since export 2 streams are lists without times (``samples.samples[].values``) and the positions
have a clock of their own (``elapsedMillis``); before, each sample had its time. Both clocks may
leave out pauses. The other files of the export (days, sleep, profile) are claimed by nobody; a
training target looks like a session and is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, timedelta
from typing import Any

import numpy as np

from kneewatch.model import Activity, Floats, NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers.json_text import NAN, dig, known, load, number, objects, text
from kneewatch.readers.points import steps_per_minute, track
from kneewatch.readers.polar_clock import Clock, clock_of, seconds_after
from kneewatch.readers.sport_names import Sport
from kneewatch.readers.sport_numbers import POLAR
from kneewatch.readers.sports import ON_FOOT, sport_of
from kneewatch.readers.streams import Stream, joined

SAMPLES = {
    # the type since export 2, in lower case without signs, as the name was before: ours, factor
    "heartrate": ("heart_rate_bpm", 1.0),
    "speed": ("speed_mps", 1 / 3.6),
    "cadence": ("cadence_spm", 1.0),
    "altitude": ("altitude_m", 1.0),
    "distance": ("distance_m", 1.0),
    "temperature": ("temperature_c", 1.0),
}

UNSAID = {"", "16", "83"} | {"other", "other_outdoor", "other_indoor"}
"""No sport, and Polar's *other*."""

LONGEST_WITHOUT_ALTITUDE_S = 300.0
"""So long the altitude may be zero at the beginning, before it is known."""

_LEG = re.compile(r"^(?:OFFROAD_?)?(?:TRIATHLON|DUATHLON|FREE_MULTISPORT)_")


def sniff(name: str, head: bytes) -> bool:
    """Claim an object with a start, and with exercises or a sport that took a time."""
    found = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not found.startswith(b"{") or b'"startTime"' not in found:
        return False
    timed = any(word in found for word in (b'"stopTime"', b'"duration', b'"phases"'))
    return timed and (b'"exercises"' in found or b'"sport"' in found)


def read(source: Source) -> Iterator[Reading]:
    """Read a training session.

    Parameters
    ----------
    source : Source

    Yields
    ------
    Recording, Problem or NotActivity
        One Recording an exercise: a triathlon has several. A training target is NotActivity.
    """
    value, damage = load(source.data)
    session: dict[str, Any] = value if isinstance(value, dict) else {}
    exercises = objects(session.get("exercises"))
    if "done" in session or any("phases" in exercise for exercise in exercises):
        yield NotActivity(source.name, "a training target of Polar's: planned")
        return
    alone = len(exercises) < 2
    found = 0
    for exercise in exercises or [session]:
        recording = _recording(session, exercise, source, found, alone)
        if recording is not None:
            found += 1
            yield recording
    if damage:
        yield Problem(source.name, damage)
    elif not found:
        yield Problem(source.name, "a session of Polar's without a start that can be read")


def _recording(
    session: Mapping[str, Any], exercise: Mapping[str, Any], source: Source, index: int, alone: bool
) -> Recording | None:
    clock = clock_of(session, exercise, alone)
    if clock is None:
        return None
    # Of a session with one exercise the session's own words fill what the exercise leaves out.
    parts = (exercise, session) if alone else (exercise,)
    sport, sub_sport = _sport(parts)
    zone = known(_first((exercise, session), "timezoneOffsetMinutes", "timezoneOffset"))
    zone = known(_first((session,), "timeZoneOffset")) if zone is None else zone
    offset_s = zone * 60 if zone is not None and abs(zone) <= 15 * 60 else None
    start = clock.start
    if offset_s is not None:
        start = (start - timedelta(seconds=offset_s)).replace(tzinfo=UTC)
    columns = joined(_streams(exercise, clock, offset_s or 0.0))
    if columns:
        columns["segment"] = clock.segments(columns["unix_s"])
    identifier = text(dig(exercise, "identifier", "id")) or text(dig(session, "identifier", "id"))
    return Recording(
        Activity(
            id=source.digest[:12] + (f"-{index + 1}" if index else ""),
            source=source.name,
            start=start,
            utc_offset_s=offset_s,
            sport=sport,
            sub_sport=sub_sport,
            name=text(dig(session, "name")),
            notes=text(dig(session, "note")),
            device=_device(text(dig(session, "product", "modelName"))),
            distance_m=known(_first(parts, "distanceMeters", "distance")),
            elapsed_s=clock.elapsed_s,
            moving_s=clock.duration_s,
            ascent_m=known(_first(parts, "ascentMeters", "ascent")),
            descent_m=known(_first(parts, "descentMeters", "descent")),
            avg_hr_bpm=_mean(parts, "HEART_RATE", "heartRate", "hrAvg", "averageHeartRate"),
            avg_cadence_spm=_steps(parts) if sport in ON_FOOT else None,
            max_hr_setting_bpm=_body(session, "maximumHeartRate"),
            rest_hr_setting_bpm=_body(session, "restingHeartRate"),
            keys=(f"polar {identifier}",) if identifier else (),
        ),
        track(columns, sport in ON_FOOT) if columns else {},
    )


def _device(model: str) -> str:
    return model if model.startswith("Polar") else f"Polar {model}".strip()


def _first(parts: tuple[Mapping[str, Any], ...], *names: str) -> Any:
    return next(
        (part[name] for part in parts for name in names if part.get(name) is not None), None
    )


def _sport(parts: tuple[Mapping[str, Any], ...]) -> Sport:
    for part in parts:
        said = part.get("sport")
        word = str(said.get("id", "")) if isinstance(said, dict) else text(said)
        if word.lower() in UNSAID:
            continue
        sport = sport_of(POLAR.get(word, _LEG.sub("", word)))
        # A number that is no run's, or a name that nobody knows, is no guess at a run.
        return sport if sport[0] != "unknown" or word.isdecimal() else ("generic", "generic")
    return ("generic", "generic") if any("sport" in part for part in parts) else sport_of("")


def _mean(parts: tuple[Mapping[str, Any], ...], kind: str, old: str, *names: str) -> float | None:
    """Mean of a stream as Polar has it."""
    for part in parts:
        listed = objects(dig(part, "statistics", "statistics"))
        told = [dig(item, "avg") for item in listed if item.get("type") == kind]
        for value in (*told, dig(part, old, "avg"), *(part.get(name) for name in names)):
            mean = known(value)
            if mean:
                return mean
    return None


def _steps(parts: tuple[Mapping[str, Any], ...]) -> float | None:
    cadence = _mean(parts, "CADENCE", "cadence")
    return float(steps_per_minute(np.array([cadence]))[0]) if cadence else None


def _body(session: Mapping[str, Any], name: str) -> float | None:
    for place in ("physicalInformation", "physicalInformationSnapshot"):
        value = known(dig(session, place, name))
        if value:
            return value
    return None


def _streams(exercise: Mapping[str, Any], clock: Clock, offset_s: float) -> dict[str, Stream]:
    """Streams over the seconds since the start, on the wall clock."""
    samples, route = _samples(exercise, clock), _route(exercise, clock, offset_s)
    places = route.get("lat_deg")
    if places is not None and clock.hidden_pause:
        # Nobody says when the watch stood still, but the positions have lived through it.
        size = len(places[0])
        samples = {
            name: (places[0][: len(values)], values[:size])
            if abs(len(values) - size) <= max(0.01 * size, 3)
            else (times, values)
            for name, (times, values) in samples.items()
        }
    streams = route | samples
    if "altitude_m" in streams:
        streams["altitude_m"] = _without_zeros(*streams["altitude_m"])
    return streams


def _samples(exercise: Mapping[str, Any], clock: Clock) -> dict[str, Stream]:
    streams: dict[str, Stream] = {}
    samples = dig(exercise, "samples")
    for item in objects(dig(samples, "samples")):
        meant = SAMPLES.get(text(item.get("type")).replace("_", "").lower())
        interval_s = number(item.get("intervalMillis")) / 1000
        values = item.get("values")
        if meant and interval_s > 0 and isinstance(values, list):
            times = np.arange(len(values), dtype=np.float64) * interval_s
            streams.setdefault(meant[0], (clock.on_wall(times), _numbers(values) * meant[1]))
    for name, listed in samples.items() if isinstance(samples, dict) else ():
        meant, items = SAMPLES.get(name.lower()), objects(listed)
        if meant and items:
            times = seconds_after(clock.start, [item.get("dateTime") for item in items])
            values = _numbers([item.get("value") for item in items]) * meant[1]
            streams.setdefault(meant[0], (clock.on_wall(times), values))
    return streams


def _route(exercise: Mapping[str, Any], clock: Clock, offset_s: float) -> dict[str, Stream]:
    route = dig(exercise, "routes", "route")
    items = objects(dig(route, "wayPoints"))
    if items:
        [first] = seconds_after(clock.start, [dig(route, "startTime")])
        since = _numbers([item.get("elapsedMillis") for item in items]) / 1000
    else:
        items = objects(dig(exercise, "samples", "recordedRoute"))
        times = seconds_after(clock.start, [item.get("dateTime") for item in items])
        first = np.nanmin(times) if np.isfinite(times).any() else 0.0
        since = times - first
    times = clock.on_wall(since + clock.place_of_route(float(first), offset_s))
    names = {"latitude": "lat_deg", "longitude": "lon_deg", "altitude": "altitude_m"}
    return {
        ours: (times, _numbers([item.get(name) for item in items]))
        for name, ours in names.items()
        if any(name in item for item in items)
    }


def _numbers(values: list[Any]) -> Floats:
    return np.array([number(value) for value in values], dtype=np.float64)


def _without_zeros(times: Floats, values: Floats) -> Stream:
    """Altitudes without the zeros that stand at the beginning for *not known yet*."""
    other = np.flatnonzero(np.isfinite(values) & (values != 0))
    if not len(other):
        return times, np.full(len(values), NAN)
    first = other[0]
    if first and times[first] - times[0] <= LONGEST_WITHOUT_ALTITUDE_S:
        return times[first:], values[first:]
    return times, values
