"""Polar's user data export: one JSON a session, as since export 2 or as before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from exports.history import Run

IDS = {"running": "1", "walking": "3", "cycling": "2", "treadmill": "17"}
NAMES = {"running": "RUNNING", "walking": "WALKING", "cycling": "CYCLING"}


def write_polar(folder: Path, runs: Sequence[Run], *, old: bool = False) -> None:
    """Write the sessions, and some of the files that lie beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, run in enumerate(runs):
        if old:
            name = f"training-session-{run.local_start:%Y-%m-%d}-26391648{number}-2cbe9312.json"
            session = old_session(run)
        else:
            name = (
                f"training-session_{run.local_start:%Y-%m-%dT%H-%M-%S}_80672851{number}-6b71.json"
            )
            session = new_session(run, number)
        (folder / name).write_text(json.dumps(session), encoding="utf-8")
    (folder / "activity-2025-03-01-6b71.json").write_text(
        '{"exportVersion":"1.6","date":"2025-03-01","samples":{"mets":[{"value":0.875}]}}'
    )
    (folder / "training-target-2025-03-02-6b71.json").write_text(
        '{"startTime":"2025-03-02T18:00","name":"Intervals","done":false,'
        '"exercises":[{"sport":"RUNNING","phases":[{"goal":{"duration":"PT10M"}}]}]}'
    )
    (folder / "account-profile-6b71.json").write_text('{"favouriteSports":["RUNNING"]}')


def new_session(run: Run, number: int = 0) -> dict[str, Any]:
    """A session as since export 2: streams once a second, positions with their own clock."""
    points = run.points(1.0)
    stop = run.local_start + timedelta(seconds=run.duration_s)
    altitude = points.altitude_m.copy()
    altitude[:10] = 0.0
    values = {
        "HEART_RATE": points.heart_rate_bpm,
        "SPEED": np.full(len(points.time_s), run.distance_m / run.duration_s * 3.6),
        "ALTITUDE": altitude,
        "DISTANCE": points.distance_m,
        "CADENCE": np.full(len(points.time_s), 85.0),
    }
    samples = [
        {"type": kind, "intervalMillis": 1000, "values": [round(float(v), 3) for v in listed]}
        for kind, listed in values.items()
    ]
    # A strap that lost touch, as Python writes it and as some exports do.
    samples[0]["values"][20:22] = [float("nan"), "NaN"]
    exercise = {
        "identifier": {"id": f"80672851{number}1"},
        "created": "2025-01-01T00:00:00",
        "startTime": run.local_start.isoformat(),
        "stopTime": stop.isoformat(),
        "timezoneOffsetMinutes": run.offset_s // 60,
        "durationMillis": round(run.duration_s * 1000),
        "distanceMeters": run.distance_m,
        "ascentMeters": 60.0,
        "descentMeters": 60.0,
        "sport": {"id": IDS[run.sport]},
        "laps": {},
        "samples": {"samples": samples},
        "routes": {
            "route": {
                "startTime": run.local_start.isoformat(),
                "wayPoints": [
                    {
                        "latitude": lat,
                        "longitude": lon,
                        "altitude": round(ele, 1),
                        "elapsedMillis": round(second * 1000),
                    }
                    for second, lat, lon, ele in zip(
                        points.time_s.tolist(),
                        points.lat_deg.tolist(),
                        points.lon_deg.tolist(),
                        points.altitude_m.tolist(),
                        strict=True,
                    )
                ],
            }
        },
    }
    return {
        "identifier": {"id": f"80672851{number}"},
        "created": "2025-01-01T00:00:00",
        "modified": "2025-01-01T00:00:00",
        "startTime": run.local_start.isoformat(),
        "stopTime": stop.isoformat(),
        "name": run.title,
        "timezoneOffsetMinutes": run.offset_s // 60,
        "durationMillis": round(run.duration_s * 1000),
        "distanceMeters": run.distance_m,
        "hrAvg": 150,
        "hrMax": 150,
        "sport": {"id": IDS[run.sport]},
        "product": {"modelName": "Polar Vantage V2"},
        "physicalInformation": {"maximumHeartRate": 184, "restingHeartRate": 48},
        "exercises": [exercise],
    }


def old_session(run: Run) -> dict[str, Any]:
    """A session as before export 2: each sample with its time, the route with the zone twice."""
    points = run.points(1.0)

    def at(second: float, shift_s: float = 0.0) -> str:
        moment = run.local_start + timedelta(seconds=second + shift_s)
        return moment.isoformat(timespec="milliseconds")

    def timed(values: Sequence[float]) -> list[dict[str, Any]]:
        return [
            {"dateTime": at(second), "value": round(value, 3)}
            for second, value in zip(points.time_s.tolist(), values, strict=True)
        ]

    exercise = {
        "startTime": at(0),
        "stopTime": at(run.duration_s),
        "timezoneOffset": run.offset_s // 60,
        "duration": f"PT{run.duration_s}S",
        "distance": run.distance_m,
        "sport": NAMES[run.sport],
        "ascent": 60.0,
        "descent": 60.0,
        "heartRate": {"min": 95, "avg": 150, "max": 164},
        "cadence": {"avg": 85, "max": 95},
        "samples": {
            "heartRate": timed(points.heart_rate_bpm.tolist()),
            "distance": timed(points.distance_m.tolist()),
            "recordedRoute": [
                {
                    "dateTime": at(second, run.offset_s),
                    "longitude": lon,
                    "latitude": lat,
                    "altitude": round(ele, 1),
                }
                for second, lat, lon, ele in zip(
                    points.time_s.tolist(),
                    points.lat_deg.tolist(),
                    points.lon_deg.tolist(),
                    points.altitude_m.tolist(),
                    strict=True,
                )
            ],
        },
    }
    return {
        "exportVersion": "1.3",
        "name": run.title,
        "startTime": at(0),
        "stopTime": at(run.duration_s),
        "timeZoneOffset": run.offset_s // 60,
        "distance": run.distance_m,
        "duration": f"PT{run.duration_s}S",
        "averageHeartRate": 150,
        "exercises": [exercise],
    }
