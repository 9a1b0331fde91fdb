"""Suunto: the JSON of watch and app, in SI units.

``{"DeviceLog": {"Header": ..., "Samples": [...]}}`` is what exports hold; the app keeps the same
samples, each wrapped in ``Attributes`` and ``suunto/sml``, in one file and the header in another.
A sample tells a few things of one moment. Angles are radians, beats and strides are per second,
temperatures are absolute.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from kneewatch.model import Activity, Floats, NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers.json_text import dig, known, load, number, text
from kneewatch.readers.moments import seconds, unix_seconds
from kneewatch.readers.points import track
from kneewatch.readers.sport_names import Sport
from kneewatch.readers.sport_numbers import SUUNTO
from kneewatch.readers.sports import ON_FOOT, sport_of
from kneewatch.readers.streams import Stream, joined
from kneewatch.readers.suunto_log import Leg, Log, legs_of, pauses, start_of, unwrapped

SAMPLES = {
    "Latitude": "lat_deg",
    "Longitude": "lon_deg",
    "Distance": "distance_m",
    "Altitude": "altitude_m",
    "Speed": "speed_mps",
    "HR": "heart_rate_bpm",
    "Cadence": "cadence_spm",
    "Power": "power_w",
    "Temperature": "temperature_c",
    "GroundContactTime": "stance_time_s",
    "VerticalOscillation": "vertical_oscillation_m",
}

OFTEN = 5.0
"""Beats and strides a second are fewer than this, a minute more."""


def sniff(name: str, head: bytes) -> bool:
    """Claim an object with a ``DeviceLog``, with samples in Suunto's markup, or with its header."""
    found = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return found.startswith(b"{") and (
        b'"DeviceLog"' in found
        or b"suunto/sml" in found
        or b"suunto\\/sml" in found
        or (b'"Header"' in found and b'"ActivityType"' in found)
    )


def read(source: Source) -> Iterator[Reading]:
    """Read a log.

    Parameters
    ----------
    source : Source

    Yields
    ------
    Recording, Problem or NotActivity
        One Recording a leg: several sports in a row make several.
    """
    value, damage = load(source.data)
    log = unwrapped(value)
    columns, resumed = _columns(log.samples)
    recordings = list(_recordings(log, columns, resumed, source))
    yield from recordings
    if damage:
        yield Problem(source.name, damage)
    elif not recordings:
        yield NotActivity(source.name, "a file of Suunto's without an activity")


def _columns(samples: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Floats], Floats]:
    """Columns of all samples, those of pauses left out, and when pauses ended [Unix s]."""
    times = unix_seconds([text(item.get("TimeISO8601") or item.get("UTC")) for item in samples])
    streams: dict[str, Stream] = {}
    names = dict(SAMPLES)
    if not any(known(item.get("Altitude")) is not None for item in samples):
        names["GPSAltitude"] = names.pop("Altitude")
    for name, ours in names.items():
        where = [index for index, item in enumerate(samples) if item.get(name) is not None]
        if where:
            values = np.array([number(samples[index][name]) for index in where])
            streams[ours] = times[where], _in_our_units(ours, values)
    columns = joined(_degrees(streams))
    begins, ends = pauses(samples, times)
    if columns and len(begins):
        unix = columns["unix_s"]
        inside = np.zeros(len(unix), bool)
        for begin, end in zip(begins, ends, strict=True):
            inside |= (unix > begin) & (unix < end)
        columns = {name: column[~inside] for name, column in columns.items()}
    return columns, ends


def _in_our_units(ours: str, values: Floats) -> Floats:
    if ours in ("heart_rate_bpm", "cadence_spm"):
        often = values[values > 0]
        return values * 60 if len(often) and np.median(often) < OFTEN else values
    if ours == "temperature_c":
        return np.where(values > 150, values - 273.15, values)
    if ours in ("stance_time_s", "vertical_oscillation_m"):
        return np.where(values > 0, values, np.nan)
    return values


def _degrees(streams: dict[str, Stream]) -> dict[str, Stream]:
    """Positions in degrees: as degrees such small angles would all lie in the Gulf of Guinea."""
    lat, lon = streams.get("lat_deg"), streams.get("lon_deg")
    if lat is None or lon is None:
        return streams
    if not (np.abs(lat[1]) > np.pi / 2).any() and not (np.abs(lon[1]) > np.pi).any():
        return streams | {
            "lat_deg": (lat[0], np.rad2deg(lat[1])),
            "lon_deg": (lon[0], np.rad2deg(lon[1])),
        }
    return streams


def _recordings(
    log: Log, columns: Mapping[str, Floats], resumed: Floats, source: Source
) -> Iterator[Recording]:
    unix = columns.get("unix_s", np.array([]))
    start = start_of(log)
    if start is None:
        return
    legs = legs_of(log)
    if len(legs) < 2:
        kind = str(log.header.get("ActivityType", legs[0].kind if legs else ""))
        legs = [Leg(kind, seconds(start.isoformat()), np.inf)]
    windows = [item for item in log.windows if text(item.get("Type")) == "Activity"]
    for index, leg in enumerate(legs):
        alone = len(legs) == 1
        totals = log.header if alone else windows[index] if len(windows) == len(legs) else {}
        mine = np.ones(len(unix), bool) if alone else (unix >= leg.begin) & (unix < leg.end)
        own = {name: column[mine] for name, column in columns.items()}
        if own and len(own["unix_s"]):
            own["segment"] = np.searchsorted(resumed, own["unix_s"], "right").astype(np.float64)
        activity = _activity(log, totals, leg, start, index, source, alone)
        yield Recording(activity, track(own, activity.sport in ON_FOOT) if own else {})


def _sport(kind: str) -> Sport:
    name = SUUNTO.get(kind, "")
    return ("generic", "generic") if name == "other" else sport_of(name)


def _activity(
    log: Log,
    totals: Mapping[str, Any],
    leg: Leg,
    start: datetime,
    index: int,
    source: Source,
    alone: bool,
) -> Activity:
    sport, sub_sport = _sport(leg.kind)
    elapsed, paused = known(totals.get("Duration")), known(totals.get("PauseDuration")) or 0.0
    # The duration of a header holds its pauses, that of a window does not.
    moving = elapsed - paused if alone and elapsed is not None else elapsed
    steps = known(totals.get("StepCount")) if sport in ON_FOOT else None
    pressure = any(known(sample.get("AbsPressure")) for sample in log.samples)
    zone = start.utcoffset()
    begin = datetime.fromtimestamp(leg.begin, UTC)
    return Activity(
        id=source.digest[:12] + (f"-{index + 1}" if index else ""),
        source=source.name,
        start=begin if start.tzinfo else begin.replace(tzinfo=None),
        # Z says UTC and nothing about the runner's clock; any other offset is the runner's.
        utc_offset_s=zone.total_seconds() if zone else None,
        sport=sport,
        sub_sport=sub_sport,
        notes=text(log.header.get("Notes")),
        device=" ".join(("Suunto", text(dig(log.header, "Device", "Name")))).strip(),
        barometer=True if pressure else None,
        distance_m=known(totals.get("Distance")),
        elapsed_s=elapsed if alone else None,
        moving_s=moving,
        ascent_m=known(totals.get("Ascent")),
        descent_m=known(totals.get("Descent")),
        steps=steps or None,
        max_hr_setting_bpm=_beats(dig(log.header, "Personal", "MaxHR")),
        rest_hr_setting_bpm=_beats(dig(log.header, "Personal", "RestHR")),
    )


def _beats(value: Any) -> float | None:
    """Beats a minute."""
    beats = known(value)
    if not beats or beats <= 0:
        return None
    return beats * 60 if beats < OFTEN else beats
