"""A made-up history of runs, which the other modules here write as each vendor's export would."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

PLACE = (48.2, 16.4)
"""Middle of the loop [deg]; the hours of the runs are those of Vienna."""

LOOP_M = 2000.0
METRES_PER_DEGREE = 111_195.0
HILL_M = 20.0


@dataclass(frozen=True)
class Points:
    """Parallel arrays: time since the start [s], place [deg], height [m], way [m], heart rate."""

    time_s: Floats
    lat_deg: Floats
    lon_deg: Floats
    altitude_m: Floats
    distance_m: Floats
    heart_rate_bpm: Floats


@dataclass(frozen=True)
class Run:
    """One run at a constant speed around a loop with one hill.

    Attributes
    ----------
    start : datetime
        Aware UTC.
    offset_s : int
        Wall clock minus UTC [s].
    """

    start: datetime
    offset_s: int
    distance_m: float
    duration_s: float
    title: str
    shoe: str = ""
    sport: str = "running"

    @property
    def local(self) -> datetime:
        """Start on the runner's wall clock, naive."""
        return (self.start + timedelta(seconds=self.offset_s)).replace(tzinfo=None)

    def points(self, step_s: float = 2.0) -> Points:
        """A point every few seconds, and one at the end."""
        time = np.append(np.arange(0.0, self.duration_s, step_s), self.duration_s)
        way = self.distance_m * time / self.duration_s
        angle = 2 * np.pi * way / LOOP_M
        radius = LOOP_M / (2 * np.pi) / METRES_PER_DEGREE
        lat, lon = PLACE
        return Points(
            time,
            lat + radius * np.sin(angle),
            lon + radius * np.cos(angle) / math.cos(math.radians(lat)),
            200 + HILL_M / 2 * (1 - np.cos(angle)),
            way,
            np.full(len(time), 150.0),
        )


def ten_weeks() -> list[Run]:
    """Three runs a week, of which one is long, over the change to summer time."""
    runs = []
    for week in range(10):
        for day, hour, km, minutes in ((1, 18, 6.0, 34), (3, 6, 8.4, 46), (6, 9, 14 + week, 90)):
            local = datetime(2025, 2, 24 + 0, hour, 30) + timedelta(weeks=week, days=day)
            offset = 7200 if local >= datetime(2025, 3, 30, 3) else 3600
            start = (local - timedelta(seconds=offset)).replace(tzinfo=UTC)
            title = "Long run" if day == 6 else "Evening run" if hour == 18 else "Before work"
            shoe = "Ghost 15" if day == 6 else "Kinvara 14"
            runs.append(Run(start, offset, km * 1000, minutes * 60.0, title, shoe))
    return runs


def stamp(moment: datetime) -> str:
    """UTC as most files have it: ``2025-05-05T06:30:00.000Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local_stamp(run: Run, seconds: float = 0.0) -> str:
    """Wall clock with its offset: ``2025-05-05T08:30:00.000+02:00``."""
    zone = f"{'-' if run.offset_s < 0 else '+'}{abs(run.offset_s) // 3600:02d}:"
    zone += f"{abs(run.offset_s) % 3600 // 60:02d}"
    return (run.local + timedelta(seconds=seconds)).isoformat(timespec="milliseconds") + zone
