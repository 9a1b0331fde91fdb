"""A run as a watch with barometer and chest strap, a phone and a training site write it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from fit_encoder import FitWriter
from ground import Floats, wander
from runner import Samples
from story import HOME, KINDS, SEED, Run

Values = dict[str, Any]
"""A message's values by field name, of whatever types the fields take."""


def fit_file(run: Run, samples: Samples) -> bytes:
    """Write the run as a watch with barometer and chest strap does."""
    writer = FitWriter()
    sport, sub_sport, _, title = KINDS[run.kind]
    both: Values = {"sport": sport, "sub_sport": sub_sport}
    _fit_head(writer, run, {**both, "name": title})
    laps = lap_rows(samples)
    event: Values = {"event": "timer", "event_group": 0}
    writer.message("event", {"timestamp": run.utc, **event, "event_type": "start"})
    for row, record in enumerate(_fit_records(run, samples)):
        if row in samples.resumed:
            stopped = instant(run, samples.clock_s[row - 1] + 1)
            again = stopped + timedelta(seconds=run.pause_s)
            writer.message("event", {"timestamp": stopped, **event, "event_type": "stop_all"})
            writer.message("event", {"timestamp": again, **event, "event_type": "start"})
        writer.message("record", record)
        for number, part in enumerate(laps):
            if part.stop == row + 1:
                trigger = _SESSION_END if number == len(laps) - 1 else _DISTANCE
                values: Values = {**summary(run, samples[part]), **both, "message_index": number}
                ends: Values = {"event": "lap", "event_type": "stop", "lap_trigger": trigger}
                writer.message("lap", {**values, **ends})
    finish: Values = {"timestamp": instant(run, samples.clock_s[-1])}
    writer.message("event", {**finish, **event, "event_type": "stop_all"})
    writer.message("session", {**_session(run, samples, laps), **both, "sport_profile_name": title})
    writer.message(
        "activity",
        {
            **finish,
            "local_timestamp": finish["timestamp"].astimezone(HOME).replace(tzinfo=None),
            "total_timer_time": samples.timer_s[-1],
            "num_sessions": 1,
            "type": "manual",
            "event": "activity",
            "event_type": "stop",
        },
    )
    return writer.to_bytes()


_DISTANCE, _SESSION_END = 2, 7  # what ends a lap
_SERIAL = 3_900_000_017
_FENIX_5_PLUS, _HRM_RUN = 3110, 1752


def _fit_head(writer: FitWriter, run: Run, sport: Values) -> None:
    watch: Values = {"manufacturer": "garmin", "product": _FENIX_5_PLUS, "serial_number": _SERIAL}
    writer.message("file_id", {"type": "activity", **watch, "time_created": run.utc})
    writer.message("file_creator", {"software_version": 1910})
    info: Values = {"timestamp": run.utc, "software_version": 19.1}
    writer.message("device_info", {**info, **watch, "device_index": 0, "source_type": 5})
    strap: Values = {"manufacturer": "garmin", "product": _HRM_RUN, "serial_number": 3_100_000_029}
    antplus = {"device_index": 1, "device_type": 120, "source_type": 1}
    writer.message("device_info", {**info, **strap, **antplus, "software_version": 6.7})
    writer.message(
        "user_profile",
        {
            "friendly_name": "Sample",
            "gender": 0,
            "age": 41,
            "height": 1.71,
            "weight": 64.0,
            "resting_heart_rate": 54,
            "default_max_running_heart_rate": 184,
        },
    )
    writer.message("sport", sport)


def _fit_records(run: Run, samples: Samples) -> Iterator[Values]:
    rng = np.random.default_rng([SEED, run.number, 1])
    columns = {
        "heart_rate": np.round(samples.heart_rate),
        # The watch counts strides; a half is in the fraction.
        "cadence": np.floor(np.round(samples.cadence_spm) / 2),
        "fractional_cadence": np.mod(np.round(samples.cadence_spm), 2) / 2,
        "distance": samples.distance_m,
        "enhanced_speed": samples.speed_mps,
        "temperature": np.round(_warmth(run) + wander(samples.timer_s, 1200, 1.0, rng)),
    }
    if not run.indoor:
        columns["position_lat"], columns["position_long"] = samples.lat, samples.lon
        columns["enhanced_altitude"] = samples.altitude_m
    if run.kind == "ride":
        columns["cadence"] = np.round(samples.cadence_spm / 2)
        columns["fractional_cadence"] = np.zeros_like(samples.timer_s)
    else:
        columns |= _dynamics(run, samples)
    for clock, *values in zip(samples.clock_s, *columns.values(), strict=True):
        stamp: Values = {"timestamp": instant(run, clock)}
        yield stamp | dict(zip(columns, values, strict=True))


def _dynamics(run: Run, samples: Samples) -> dict[str, Floats]:
    """Return what a chest strap adds, the same for the records and for the session's means."""
    rng = np.random.default_rng([SEED, run.number, 2])
    t, v = samples.timer_s, samples.speed_mps
    step_mm = 60_000 * v / samples.cadence_spm
    bounce_mm = 60 + 0.027 * step_mm + wander(t, 60, 1.5, rng)
    return {
        "stance_time": 262 - 24 * (v - 2.72) + wander(t, 60, 3.0, rng),
        "stance_time_balance": 49.7 + wander(t, 120, 0.25, rng),
        "vertical_oscillation": bounce_mm,
        "vertical_ratio": 100 * bounce_mm / step_mm,
        "step_length": step_mm,
    }


def lap_rows(samples: Samples) -> list[slice]:
    """Return the rows of each kilometre; neighbours share the record that parts them."""
    marks = np.arange(1000.0, samples.distance_m[-1], 1000.0)
    rows = np.searchsorted(samples.distance_m, marks).tolist()
    last = len(samples.timer_s) - 1
    bounds = [0, *(row for row in rows if row < last), last]
    return [slice(first, end + 1) for first, end in pairwise(bounds)]


def summary(run: Run, part: Samples) -> Values:
    """Return the totals that a lap and a session have in common."""
    first, last = part.clock_s[0], part.clock_s[-1]
    metres = part.distance_m[-1] - part.distance_m[0]
    seconds = part.timer_s[-1] - part.timer_s[0]
    strides = np.mean(part.cadence_spm) / 2
    outdoor = {
        "start_position_lat": part.lat[0],
        "start_position_long": part.lon[0],
        "total_ascent": part.climbed_m[-1] - part.climbed_m[0],
        "total_descent": part.dropped_m[-1] - part.dropped_m[0],
    }
    return {
        "timestamp": instant(run, last),
        "start_time": instant(run, first),
        **({} if run.indoor else outdoor),
        "total_elapsed_time": last - first,
        "total_timer_time": seconds,
        "total_distance": metres,
        "total_cycles": strides * seconds / 60,
        "total_calories": (0.35 if run.kind == "ride" else 0.98) * 64 * metres / 1000,
        "avg_heart_rate": np.mean(part.heart_rate),
        "max_heart_rate": np.max(part.heart_rate),
        "avg_cadence": np.floor(strides),
        "avg_fractional_cadence": np.mod(strides, 1),
        "max_cadence": np.max(part.cadence_spm) / 2,
        "enhanced_avg_speed": metres / seconds,
        "enhanced_max_speed": np.max(part.speed_mps),
    }


def _session(run: Run, samples: Samples, laps: list[slice]) -> Values:
    values: Values = {
        **summary(run, samples),
        "message_index": 0,
        "first_lap_index": 0,
        "num_laps": len(laps),
        "event": "session",
        "event_type": "stop",
        "trigger": 0,
    }
    if run.kind == "ride":
        return values
    strap = _dynamics(run, samples)
    return values | {f"avg_{name}": np.mean(column) for name, column in strap.items()}


def instant(run: Run, clock_s: float) -> datetime:
    return run.utc + timedelta(seconds=round(clock_s))


def _warmth(run: Run) -> float:
    """Return what a thermometer on the wrist shows [deg C], cooler towards November."""
    days = (run.day - date(2025, 7, 10)).days
    return 25.0 if run.indoor else 25.0 - 0.13 * max(days, 0)


def gpx_file(run: Run, samples: Samples) -> bytes:
    """Write the run as a phone does; a pause starts a new segment."""
    bounds = [0, *samples.resumed, len(samples.timer_s)]
    segments = "".join(
        f"  <trkseg>\n{_gpx_points(run, samples[first:stop])}  </trkseg>\n"
        for first, stop in pairwise(bounds)
    )
    title = "Morning Run" if run.start.hour < 12 else "Evening Run"
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="Sample phone tracker"'
        ' xmlns="http://www.topografix.com/GPX/1/1"'
        ' xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">\n'
        f" <metadata><time>{_zulu(run.utc)}</time></metadata>\n"
        f" <trk>\n  <name>{title}</name>\n  <type>running</type>\n{segments} </trk>\n</gpx>\n"
    )
    return text.encode()


def _gpx_points(run: Run, part: Samples) -> str:
    return "".join(
        f'   <trkpt lat="{lat:.6f}" lon="{lon:.6f}"><ele>{height:.1f}</ele>'
        f"<time>{_zulu(instant(run, clock))}</time><extensions><gpxtpx:TrackPointExtension>"
        f"<gpxtpx:hr>{beats:.0f}</gpxtpx:hr><gpxtpx:cad>{steps / 2:.0f}</gpxtpx:cad>"
        "</gpxtpx:TrackPointExtension></extensions></trkpt>\n"
        for lat, lon, height, clock, beats, steps in part.rows(
            "lat", "lon", "altitude_m", "clock_s", "heart_rate", "cadence_spm"
        )
    )


def tcx_file(run: Run, samples: Samples) -> bytes:
    """Write the run as a training site hands it out: laps with a track each."""
    garmin = "http://www.garmin.com/xmlschemas"
    laps = "".join(_tcx_lap(run, samples, part) for part in lap_rows(samples))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<TrainingCenterDatabase xmlns="{garmin}/TrainingCenterDatabase/v2"'
        f' xmlns:ns3="{garmin}/ActivityExtension/v2"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        f'<Activities><Activity Sport="Running">\n<Id>{_zulu(run.utc)}</Id>\n{laps}'
        '<Creator xsi:type="Device_t"><Name>fenix 5 Plus</Name></Creator>\n'
        "</Activity></Activities>\n</TrainingCenterDatabase>\n"
    )
    return text.encode()


def _tcx_lap(run: Run, samples: Samples, rows: slice) -> str:
    part = samples[rows]
    total = summary(run, part)
    # The record at the border is written once, in the earlier lap.
    own = samples[slice(rows.start + (rows.start > 0), rows.stop)]
    points = "".join(
        f"<Trackpoint><Time>{_zulu(instant(run, clock))}</Time><Position>"
        f"<LatitudeDegrees>{lat:.6f}</LatitudeDegrees>"
        f"<LongitudeDegrees>{lon:.6f}</LongitudeDegrees></Position>"
        f"<AltitudeMeters>{height:.1f}</AltitudeMeters><DistanceMeters>{metres:.2f}"
        f"</DistanceMeters><HeartRateBpm><Value>{beats:.0f}</Value></HeartRateBpm>"
        f"<Extensions><ns3:TPX><ns3:Speed>{speed:.3f}</ns3:Speed>"
        f"<ns3:RunCadence>{steps / 2:.0f}</ns3:RunCadence></ns3:TPX></Extensions></Trackpoint>\n"
        for clock, lat, lon, height, metres, beats, speed, steps in own.rows(
            "clock_s",
            "lat",
            "lon",
            "altitude_m",
            "distance_m",
            "heart_rate",
            "speed_mps",
            "cadence_spm",
        )
    )
    return (
        f'<Lap StartTime="{_zulu(total["start_time"])}">\n'
        f"<TotalTimeSeconds>{total['total_timer_time']:.0f}</TotalTimeSeconds>"
        f"<DistanceMeters>{total['total_distance']:.2f}</DistanceMeters>"
        f"<MaximumSpeed>{total['enhanced_max_speed']:.3f}</MaximumSpeed>"
        f"<Calories>{total['total_calories']:.0f}</Calories>"
        f"<AverageHeartRateBpm><Value>{total['avg_heart_rate']:.0f}</Value></AverageHeartRateBpm>"
        f"<MaximumHeartRateBpm><Value>{total['max_heart_rate']:.0f}</Value></MaximumHeartRateBpm>"
        "<Intensity>Active</Intensity><TriggerMethod>Distance</TriggerMethod>\n"
        f"<Track>\n{points}</Track>\n</Lap>\n"
    )


def _zulu(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
