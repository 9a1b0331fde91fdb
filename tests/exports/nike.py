"""Nike Run Club: one JSON an activity, as its service hands them out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from exports.history import Floats, Run

APP = "com.nike.sport.running.ios"
PER = {"latitude": "DD", "longitude": "DD", "elevation": "M", "speed": "KMH", "heart_rate": "BPM"}


def write_nike(folder: Path, runs: Sequence[Run]) -> None:
    """Write the activities, named by their ids."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, run in enumerate(runs):
        activity = activity_of(run, number)
        (folder / f"{activity['id']}.json").write_text(json.dumps(activity), encoding="utf-8")


def activity_of(run: Run, number: int = 0) -> dict[str, Any]:
    """One activity with a value every few seconds."""
    points = run.points(2.5)
    begin = round(run.start.timestamp() * 1000)
    millis = begin + np.round(points.time_s * 1000).astype(int)
    speed = np.full(len(millis), run.distance_m / run.duration_s * 3.6)
    metrics: dict[str, Floats] = {
        "latitude": points.lat_deg,
        "longitude": points.lon_deg,
        "elevation": points.altitude_m,
        "speed": speed,
        "heart_rate": points.heart_rate_bpm,
    }
    steps_km = np.diff(points.distance_m) / 1000
    distance = [
        {"start_epoch_ms": int(a) + 1, "end_epoch_ms": int(b), "value": float(km)}
        for a, b, km in zip(millis[:-1], millis[1:], steps_km, strict=True)
    ]
    totals = {
        ("distance", "total"): run.distance_m / 1000,
        ("speed", "mean"): float(speed[0]),
        ("steps", "total"): round(run.duration_s / 60 * 170),
        ("ascent", "total"): 60.0,
        ("descent", "total"): 60.0,
        ("heart_rate", "mean"): 150.0,
    }
    return {
        "id": str(UUID(int=0x_FC74_9C36 << 96 | number)),
        "type": "run",
        "app_id": APP,
        "start_epoch_ms": begin,
        "end_epoch_ms": begin + round(run.duration_s * 1000),
        "last_modified": begin,
        "active_duration_ms": round(run.duration_s * 1000),
        "session": False,
        "delete_indicator": False,
        "summaries": [
            {"metric": metric, "summary": kind, "app_id": APP, "value": value}
            for (metric, kind), value in totals.items()
        ],
        "sources": ["com.nike.running.ios.applewatch"],
        "tags": {
            "com.nike.name": run.title,
            "location": "outdoors",
            "note": "calm",
            "shoe_id": "9cf5bb9b-2d07-4374-b8e6-c5b0e6da7827",
            "terrain": "road",
        },
        "metric_types": ["distance", *metrics],
        "metrics": [
            {"type": "distance", "unit": "KM", "appId": APP, "values": distance},
            *(
                {
                    "type": name,
                    "unit": PER[name],
                    "appId": APP,
                    "values": [
                        {"start_epoch_ms": int(at), "end_epoch_ms": int(at), "value": float(value)}
                        for at, value in zip(millis, values, strict=True)
                    ],
                }
                for name, values in metrics.items()
            ),
        ],
        "moments": [{"key": "split_km", "value": "1", "timestamp": begin + 330_000}],
    }
