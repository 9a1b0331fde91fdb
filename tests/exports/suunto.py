"""Suunto's JSON: a log as exports hold it, and the two files that the app keeps of each."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from exports.history import Run, local_stamp

TYPES = {"running": 3, "walking": 12, "cycling": 4, "trail running": 82}


def write_suunto(folder: Path, runs: Sequence[Run], *, app: bool = False) -> None:
    """Write one log a run, or a folder a run with ``samples.json`` and ``summary.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, run in enumerate(runs):
        samples = list(samples_of(run))
        if not app:
            log = {"DeviceLog": {"Header": header_of(run), "Samples": samples}}
            (folder / f"{run.local_start:%Y-%m-%d_%H.%M.%S}-Running.json").write_text(
                json.dumps(log)
            )
            continue
        entry = folder / f"entry_{number}_{round(run.start.timestamp())}"
        entry.mkdir()
        (entry / "samples.json").write_text(json.dumps({"Samples": list(map(wrapped, samples))}))
        summary = {"Attributes": {"suunto/sml": {"Header": header_of(run)}}, "Source": "suunto-25"}
        (entry / "summary.json").write_text(json.dumps({"Samples": [summary]}))


def header_of(run: Run) -> dict[str, Any]:
    """The totals of a run."""
    return {
        "Activity": "Running",
        "ActivityType": TYPES[run.sport],
        "Altitude": {"Max": 220.0, "Min": 200.0},
        "Ascent": 60.0,
        "AscentTime": 600,
        "DateTime": local_stamp(run),
        "Descent": 60.0,
        "DescentTime": 600,
        "Device": {
            "Info": {"HW": "Marlin_RevA1", "SW": "2.53.6"},
            "Name": "Xiamen",
            "SerialNumber": "2520C6055212",
        },
        "Distance": run.distance_m,
        "Duration": run.duration_s,
        "Notes": run.title,
        "PauseDuration": 0,
        "Personal": {"MaxHR": 3.0, "RestHR": 0.8},
        "StepCount": round(run.duration_s / 60 * 170),
    }


def samples_of(run: Run) -> Iterator[dict[str, Any]]:
    """Events, then places, beats and the rest, each with a time of its own."""
    begin = local_stamp(run)
    yield {"Events": [{"ArrayBegin": 0, "Lap": {"Type": "Start"}}], "TimeISO8601": begin}
    yield {"Events": [{"Activity": {"ActivityType": TYPES[run.sport]}}], "TimeISO8601": begin}
    points = run.points()
    for row in zip(
        points.time_s.tolist(),
        points.lat_deg.tolist(),
        points.lon_deg.tolist(),
        points.altitude_m.tolist(),
        points.distance_m.tolist(),
        points.heart_rate_bpm.tolist(),
        strict=True,
    ):
        second, lat, lon, ele, way, beats = row
        yield {
            "GPSAltitude": ele + 30,
            "Latitude": math.radians(lat),
            "Longitude": math.radians(lon),
            "TimeISO8601": local_stamp(run, second),
        }
        yield {"HR": round(beats / 60, 3), "TimeISO8601": local_stamp(run, second)}
        yield {
            "AbsPressure": 99_000,
            "Altitude": round(ele, 2),
            "Cadence": 1.417,
            "Distance": round(way, 2),
            "GroundContactTime": None if second < 10 else 0.25,
            "Power": None,
            "Speed": None if second < 10 else run.distance_m / run.duration_s,
            "Temperature": 285.15,
            "TimeISO8601": local_stamp(run, second),
        }
    end = local_stamp(run, run.duration_s)
    yield {"Events": [{"ArrayBegin": 0, "Lap": {"Type": "Stop"}}], "TimeISO8601": end}


def wrapped(sample: dict[str, Any]) -> dict[str, Any]:
    """A sample as the app keeps it."""
    inner = {name: value for name, value in sample.items() if name != "TimeISO8601"}
    return {
        "Attributes": {"suunto/sml": {"Sample": inner}},
        "Source": "suunto-2520C6055212",
        "TimeISO8601": sample["TimeISO8601"],
    }
