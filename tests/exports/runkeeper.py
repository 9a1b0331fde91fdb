"""Runkeeper's export: a table of the wall clock, and a GPX file a run in UTC."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from exports.history import Run, stamp

COLUMNS = (
    "Activity Id,Date,Type,Route Name,Distance ({far}),Duration,Average Pace,"
    "Average Speed ({speed}),Calories Burned,Climb ({high}),Average Heart Rate (bpm),"
    "Friend's Tagged,Notes,GPX File"
)
METRES_PER_MILE = 1609.344


def write_runkeeper(
    folder: Path, runs: Sequence[Run], *, miles: bool = False, pause_s: float = 0.0
) -> None:
    """Write ``cardioActivities.csv``, ``measurements.csv`` and the GPX files.

    Parameters
    ----------
    pause_s : float
        In the middle of each run [s].
    """
    folder.mkdir(parents=True, exist_ok=True)
    units = ("mi", "mph", "ft") if miles else ("km", "km/h", "m")
    head = COLUMNS.format(far=units[0], speed=units[1], high=units[2]).split(",")
    per_unit = METRES_PER_MILE if miles else 1000.0
    with (folder / "cardioActivities.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(head)
        for number, run in enumerate(sorted(runs, key=lambda run: run.start, reverse=True)):
            far = run.distance_m / per_unit
            table.writerow(
                [
                    f"6234f4a9-ed4a-49cf-b2d3-{number:012d}",
                    f"{run.local_start:%Y-%m-%d %H:%M:%S}",
                    run.sport.capitalize(),
                    "",
                    f"{far:.2f}",
                    _clock(run.duration_s),
                    _clock(run.duration_s / far),
                    f"{far / run.duration_s * 3600:.2f}",
                    "500.0",
                    "60",
                    "150.0",
                    "",
                    run.title,
                    gpx_name(run),
                ]
            )
    (folder / "measurements.csv").write_text("Date,Type,Value\n", encoding="utf-8")
    for run in runs:
        (folder / gpx_name(run)).write_text(_gpx(run, pause_s), encoding="utf-8")


def gpx_name(run: Run) -> str:
    """Name of a run's track, by its wall clock."""
    return f"{run.local_start:%Y-%m-%d-%H%M%S}.gpx"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _gpx(run: Run, pause_s: float) -> str:
    """The track, without heart rate; behind a pause begins a new segment."""
    points = run.points()
    half = len(points.time_s) // 2
    rows = [
        f'<trkpt lat="{lat:.9f}" lon="{lon:.9f}"><ele>{ele:.1f}</ele>'
        f"<time>{_time(run, second + pause_s * (number >= half))}</time></trkpt>\n"
        for number, (second, lat, lon, ele) in enumerate(
            zip(
                points.time_s.tolist(),
                points.lat_deg.tolist(),
                points.lon_deg.tolist(),
                points.altitude_m.tolist(),
                strict=True,
            )
        )
    ]
    if pause_s:
        rows.insert(half, "</trkseg>\n<trkseg>\n")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Runkeeper - '
        'http://www.runkeeper.com" xmlns="http://www.topografix.com/GPX/1/1">\n<trk>\n'
        f"<name><![CDATA[{run.sport.capitalize()} {run.local_start:%m/%d/%y %I:%M %p}]]></name>"
        f"<time>{_time(run, 0)}</time>\n<trkseg>\n{''.join(rows)}</trkseg>\n</trk>\n</gpx>\n"
    )


def _time(run: Run, second: float) -> str:
    return f"{stamp(run.start + timedelta(seconds=second))[:19]}Z"
