"""Decoded FIT messages to recordings: one a session, each with its own stretch of records."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from kneewatch.model import Activity, Floats, Recording, Source
from kneewatch.readers.fit.contents import (
    EPOCH_S,
    MAX_DATE_S,
    MIN_DATE_S,
    FitFile,
    Message,
    Wanted,
)
from kneewatch.readers.fit.identity import keys_of
from kneewatch.readers.points import MAX_STRIDES_PER_MIN, steps_per_minute
from kneewatch.readers.sports import ON_FOOT

SEMICIRCLE_DEG = 180 / 2**31

FIELDS = {
    # ours: (FIT fields, the better first; factor)
    "lat_deg": (("position_lat",), SEMICIRCLE_DEG),
    "lon_deg": (("position_long",), SEMICIRCLE_DEG),
    "distance_m": (("distance",), 1),
    "altitude_m": (("enhanced_altitude", "altitude"), 1),
    "speed_mps": (("enhanced_speed", "speed"), 1),
    "heart_rate_bpm": (("heart_rate",), 1),
    "power_w": (("power",), 1),
    "step_length_m": (("step_length",), 1e-3),
    "stance_time_s": (("stance_time",), 1e-3),
    "stance_balance": (("stance_time_balance",), 1e-2),
    "vertical_oscillation_m": (("vertical_oscillation",), 1e-3),
    "vertical_ratio": (("vertical_ratio",), 1e-2),
    "gps_accuracy_m": (("gps_accuracy",), 1),
    "temperature_c": (("temperature",), 1),
}

USES: Wanted = {
    "record": frozenset(
        {"timestamp", "cadence", "fractional_cadence"}.union(
            *(fields for fields, _ in FIELDS.values())
        )
    ),
    "file_id": frozenset(
        {"type", "manufacturer", "product", "garmin_product", "serial_number", "time_created"}
    ),
    "session": frozenset(
        {
            "timestamp",
            "start_time",
            "sport",
            "sub_sport",
            "total_elapsed_time",
            "total_timer_time",
            "total_moving_time",
            "total_distance",
            "total_ascent",
            "total_descent",
            "total_strides",
            "total_cycles",
            "avg_heart_rate",
            "avg_cadence",
            "avg_running_cadence",
            "avg_fractional_cadence",
        }
    ),
    "lap": frozenset({"sport", "sub_sport"}),
    "sport": frozenset({"sport", "sub_sport", "name"}),
    "event": frozenset({"timestamp", "event", "event_type"}),
    "activity": frozenset({"timestamp", "local_timestamp"}),
    "device_info": frozenset({"source_type", "device_type", "local_device_type"}),
    "user_profile": frozenset(
        {"default_max_running_heart_rate", "default_max_heart_rate", "resting_heart_rate"}
    ),
}
"""All that is made use of here; nothing else has to be decoded."""

QUARTER_HOUR_S = 900


def recordings(file: FitFile, source: Source, already: int) -> Iterator[Recording]:
    """Yield one Recording a session, in order; one for all records where there is no session.

    Parameters
    ----------
    file : FitFile
    source : Source
    already : int
        How many recordings earlier files of the chain gave, so that ids stay unique.
    """
    sessions = sorted(file.messages.get("session", []), key=_start_of)
    time = file.records.get("timestamp", np.array([]))
    order = np.argsort(time, kind="stable")
    order = order[(time[order] >= 0) & (time[order] <= MAX_DATE_S)]
    time = time[order]
    if not sessions:
        if not len(time):
            return
        sessions = [_session_from_records(file, time)]
    # A session ends where the next begins: events and records between two legs belong to one.
    bounds = [-np.inf, *(_start_of(session) for session in sessions[1:]), np.inf]
    index = already
    for leg, session in enumerate(sessions):
        start = _start_of(session)
        if len(sessions) == 1:
            mine = order
        else:
            mine = order[(time >= bounds[leg]) & (time < bounds[leg + 1])]
        if np.isinf(start) and not len(mine):
            continue
        first = file.records["timestamp"][mine[0]] if len(mine) else start
        # A session written before its records, or by a restarted watch, may carry no start, or
        # one that is not a date.
        dated = MIN_DATE_S <= start <= MAX_DATE_S and "start_time" in session
        if len(mine) and not dated and (first >= MIN_DATE_S or np.isinf(start)):
            start = first
        begin, offset = _clock(file, start)
        if begin is None:
            continue
        zero = min(start, first) if len(mine) else start
        yield Recording(
            _activity(file, session, source, index, begin, offset, keys_of(file, start, leg)),
            _track(file, mine, zero, _sport(session)[0]),
        )
        index += 1


def _start_of(session: Message) -> float:
    start = _number(session, "start_time")
    if start is None and (end := _number(session, "timestamp")) is not None:
        start = end - (_number(session, "total_elapsed_time", "total_timer_time") or 0.0)
    return float("inf") if start is None or not 0 <= start <= MAX_DATE_S else start


def _clock(file: FitFile, start: float) -> tuple[datetime | None, float | None]:
    """Start of an activity and its offset from UTC [s], as far as the file knows them."""
    activity = file.first("activity")
    stamp, local = activity.get("timestamp"), activity.get("local_timestamp")
    shift = None
    if isinstance(stamp, (int, float)) and isinstance(local, (int, float)) and local >= MIN_DATE_S:
        shift = float(local - stamp)
    if start >= MIN_DATE_S:
        begin = datetime.fromtimestamp(EPOCH_S + start, UTC)
        if shift is None or abs(shift) > 14.25 * 3600:
            return begin, None
        return begin, round(shift / QUARTER_HOUR_S) * QUARTER_HOUR_S
    if shift is not None and np.isfinite(start):
        # The watch had no date from a satellite: all times count from power-on, and only the
        # wall clock of the activity message is a date.
        moment = datetime.fromtimestamp(EPOCH_S, UTC) + timedelta(seconds=start + shift)
        return moment.replace(tzinfo=None), None
    return None, None


def _sport(session: Message) -> tuple[str, str]:
    sport, sub_sport = session.get("sport"), session.get("sub_sport")
    return _text(sport, "sport") or "unknown", _text(sub_sport, "sub_sport") or "generic"


def _text(value: Any, prefix: str) -> str:
    """A name as it is; a number that the profile has no name for with a prefix."""
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{prefix}_{value}"


def _session_from_records(file: FitFile, time: Floats) -> Message:
    """Stand-in for the session of a file that lost it, usually with its end."""
    session: Message = {"start_time": float(time[0])}
    for name in ("sport", "lap"):
        message = file.first(name)
        if message.get("sport") is not None:
            session["sport"] = message["sport"]
            session["sub_sport"] = message.get("sub_sport")
            return session
    return session


def _column(file: FitFile, names: tuple[str, ...]) -> Floats:
    """The first of the columns that has a value, record by record."""
    columns = [file.records[name] for name in names if name in file.records]
    if not columns:
        return np.full(len(file), np.nan)
    merged = columns[0]
    for column in columns[1:]:
        merged = np.where(np.isnan(merged), column, merged)
    return merged


def _track(file: FitFile, mine: np.ndarray[Any, Any], zero: float, sport: str) -> dict[str, Floats]:
    if not len(mine):
        return {}
    stamp = file.records["timestamp"][mine]
    track = {"time_s": stamp - zero, "segment": _segments(file, stamp)}
    for name, (fields, factor) in FIELDS.items():
        if file.records.keys().isdisjoint(fields):
            continue
        column = _column(file, fields)[mine]
        known = np.isfinite(column)
        if known.any():
            if not known.all():
                # An infinite number is none.
                column[~known] = np.nan
            track[name] = column * factor
    if sport in ON_FOOT:
        strides = _column(file, ("cadence",))[mine]
        if np.isfinite(strides).any():
            part = np.nan_to_num(_column(file, ("fractional_cadence",))[mine])
            track["cadence_spm"] = steps_per_minute(strides + part)
    if ("lat_deg" in track) != ("lon_deg" in track):
        # Half a place is none.
        track.pop("lat_deg", None)
        track.pop("lon_deg", None)
    if "distance_m" in track and len(file.messages.get("session", [])) > 1:
        # In a triathlon the distance runs on over all legs.
        track["distance_m"] = track["distance_m"] - _first(track["distance_m"])
    return track


def _first(column: Floats) -> float:
    return float(column[np.isfinite(column)][0])


def _segments(file: FitFile, stamp: Floats) -> Floats:
    """Number of pauses before each record, from the events of the timer."""
    restarts = []
    stopped = False
    events = [event for event in file.messages.get("event", []) if event.get("event") == "timer"]
    for event in sorted(events, key=lambda event: _number(event, "timestamp") or 0.0):
        kind = str(event.get("event_type", ""))
        if kind.startswith("stop"):
            stopped = True
        elif kind == "start" and stopped:
            stopped = False
            when = _number(event, "timestamp")
            restarts.append(np.nan if when is None else when)
    return np.searchsorted(np.array(restarts), stamp, side="right").astype(np.float64)


def _activity(
    file: FitFile,
    session: Message,
    source: Source,
    index: int,
    begin: datetime,
    offset: float | None,
    keys: tuple[str, ...],
) -> Activity:
    file_id, profile = file.first("file_id"), file.first("user_profile")
    sport, sub_sport = _sport(session)
    product = file_id.get("garmin_product", file_id.get("product"))
    maker = _text(file_id.get("manufacturer"), "manufacturer")
    moving_s = _number(session, "total_moving_time", "total_timer_time")
    steps = cadence = None
    if sport in ON_FOOT:
        steps = _steps(_number(session, "total_strides", "total_cycles"), moving_s)
        whole = _number(session, "avg_running_cadence", "avg_cadence")
        part = _number(session, "avg_fractional_cadence") or 0.0
        cadence = _steps(whole + part) if whole else None
    return Activity(
        id=source.digest[:12] + (f"-{index + 1}" if index else ""),
        source=source.name,
        start=begin,
        utc_offset_s=offset,
        sport=sport,
        sub_sport=sub_sport,
        name=_text(file.first("sport").get("name"), "") if sport != "unknown" else "",
        device=f"{maker} {'' if product is None else product}".strip(),
        barometer=_has_barometer(file),
        distance_m=_number(session, "total_distance"),
        elapsed_s=_number(session, "total_elapsed_time"),
        moving_s=moving_s,
        ascent_m=_number(session, "total_ascent"),
        descent_m=_number(session, "total_descent"),
        steps=steps,
        avg_hr_bpm=_number(session, "avg_heart_rate"),
        avg_cadence_spm=cadence,
        max_hr_setting_bpm=_number(profile, "default_max_running_heart_rate")
        or _number(profile, "default_max_heart_rate"),
        rest_hr_setting_bpm=_number(profile, "resting_heart_rate"),
        keys=keys,
    )


def _steps(strides: float | None, time_s: float | None = 60.0) -> float | None:
    """Steps made in a time; some apps write them where the profile means strides."""
    if not strides:
        return None
    counts_steps = time_s and strides * 60 / time_s > MAX_STRIDES_PER_MIN
    return strides if counts_steps else 2 * strides


def _number(message: Message, *names: str) -> float | None:
    for name in names:
        value = message.get(name)
        if isinstance(value, (int, float)) and math.isfinite(value):
            return float(value)
    return None


def _has_barometer(file: FitFile) -> bool | None:
    """True where the watch lists a barometer among its own sensors, as Garmin's do since 2015."""
    sensors = (
        (info.get("source_type"), info.get("local_device_type", info.get("device_type")))
        for info in file.messages.get("device_info", [])
    )
    return True if ("local", "barometer") in sensors else None
