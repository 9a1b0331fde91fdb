"""Writes the sample log: twenty weeks of a runner who does not exist.

``python sample_data/make.py`` writes the files beside itself, the same bytes at every run, and
prints the weeks. Routes are sums of sines and follow nobody's way; the plan below is the story
that the report is to tell: a steady summer, a treadmill phase, a build-up, and a last week in
the mountains with one run that is longer and steeper than anything before it.
"""

from __future__ import annotations

import gzip
import io
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from fit_encoder import FitWriter

Floats = npt.NDArray[np.float64]
Values = dict[str, Any]
"""A message's values by field name, of whatever types the fields take."""

HOME = ZoneInfo("Europe/Vienna")
SEED = 20250616
HOLIDAY = date(2025, 10, 28)
"""From this day on the runner is in the mountains."""
CUT = 0.6
"""The share of its bytes that is left of the truncated file."""

# date, start, km, surface, descent [m], pace [min:s per km], carrier, then `pause=km/seconds`.
# The carrier `cut` is a FIT file that ends too early, `zip` a member of older.zip.
PLAN = """
2025-06-17 18:04  5.98 street     44 6:16 zip
2025-06-19 18:21  5.52 street     38 6:12 zip
2025-06-21 09:35  4.56 street     30 6:14 zip
2025-06-22 08:47  8.55 street     66 6:22 fit.gz pause=5.2/95
2025-06-24 18:10  6.27 street     45 6:15 fit.gz
2025-06-26 18:17  5.57 street     41 6:10 fit.gz
2025-06-28 09:12  4.86 street     33 6:14 fit
2025-06-29 08:39  8.66 street     70 6:20 fit.gz pause=4.4/70
2025-07-01 18:08  6.34 street     47 6:13 fit.gz
2025-07-03 18:26  5.85 street     42 6:09 fit.gz
2025-07-05 09:20  5.08 street     34 6:12 fit.gz
2025-07-06 08:41  8.92 street     72 6:20 fit.gz
2025-07-08 18:12  6.54 street     50 6:12 fit.gz pause=3.1/55
2025-07-10 18:30  5.98 street     43 6:08 fit.gz
2025-07-12 09:02  5.28 street     36 6:11 fit.gz
2025-07-13 08:33  9.28 street     75 6:19 fit.gz
2025-07-15 18:06  6.83 street     52 6:11 fit.gz
2025-07-17 18:22  6.22 street     46 6:07 fit.gz
2025-07-19 09:15  5.47 street     39 6:10 fit
2025-07-20 08:28  9.46 street     78 6:18 fit.gz pause=6.0/120
2025-07-29 18:11  6.42 street     47 6:14 fit.gz
2025-07-31 18:19  5.78 street     41 6:10 fit.gz
2025-08-02 09:08  4.94 street     34 6:12 fit.gz
2025-08-03 08:30  9.22 street     74 6:19 fit.gz
2025-08-05 18:14  6.82 street     50 6:10 fit.gz
2025-08-07 18:25  6.18 street     44 6:07 fit.gz
2025-08-09 09:05  5.57 street     40 6:09 fit.gz pause=2.5/65
2025-08-10 08:24  9.72 street     79 6:17 fit.gz
2025-08-12 18:40  6.50 treadmill   0 6:12 csv
2025-08-14 18:45  5.00 treadmill   0 6:06 csv
2025-08-16 10:10  6.00 treadmill   0 6:10 csv
2025-08-17 10:05  9.00 treadmill   0 6:20 csv
2025-08-19 18:42  7.00 treadmill   0 6:10 csv
2025-08-21 18:50  5.50 treadmill   0 6:04 csv
2025-08-23 10:15  6.50 treadmill   0 6:08 csv
2025-08-24 10:00  9.00 treadmill   0 6:18 csv
2025-08-26 18:05  7.02 street     51 6:10 fit.gz
2025-08-28 18:12  5.83 generic    40 6:12 gpx
2025-08-30 09:18  6.66 trail      96 6:38 fit.gz
2025-08-31 08:36 10.13 street     80 6:17 fit.gz pause=5.5/80
2025-09-02 18:02  7.45 generic    55 6:10 tcx
2025-09-04 18:20  6.08 treadmill   0 6:08 fit.gz
2025-09-06 09:10  7.18 street     52 6:08 fit.gz
2025-09-07 08:40 10.57 street     85 6:16 fit.gz
2025-09-09 17:55  8.58 trail     118 6:36 fit.gz
2025-09-11 18:00  6.42 track       0 6:00 fit.gz
2025-09-13 09:04 10.62 street     82 6:15 cut
2025-09-14 08:31 11.06 street     88 6:15 fit.gz pause=7.0/110
2025-09-16 17:50  8.28 generic    60 6:08 tcx.gz
2025-09-18 17:56  6.42 track       0 5:58 fit.gz
2025-09-20 09:12  8.14 street     61 6:08 fit.gz
2025-09-21 08:44 11.62 street     92 6:14 fit.gz
2025-09-23 17:41  8.42 generic    62 6:07 tcx.gz
2025-09-25 17:48  7.43 track       0 5:56 fit.gz
2025-09-27 09:20  8.18 generic    60 6:10 gpx pause=4.1/190
2025-09-28 08:50 12.15 street     95 6:14 fit.gz
2025-09-30 17:32  8.85 street     64 6:06 fit.gz
2025-10-02 17:40  7.43 track       0 5:56 fit.gz
2025-10-04 09:14  9.02 street     66 6:06 fit.gz pause=3.9/60
2025-10-05 08:55 12.65 street     98 6:13 fit.gz
2025-10-07 17:26  9.07 street     65 6:05 fit.gz
2025-10-09 17:30  7.41 track       0 5:55 fit.gz
2025-10-11 09:22  8.58 street     62 6:06 fit.gz
2025-10-12 09:01 13.02 street    100 6:12 fit.gz pause=8.2/105
2025-10-14 17:20  8.02 generic    58 6:08 gpx.gz
2025-10-15 16:40 24.13 ride      160 2:35 fit.gz pause=12.0/150
2025-10-16 17:24  6.42 track       0 5:55 fit
2025-10-18 09:25  7.74 street     56 6:06 fit.gz
2025-10-19 09:08 11.76 street     92 6:13 fit.gz
2025-10-21 17:10  8.54 street     63 6:05 fit.gz
2025-10-23 17:18  7.42 track       0 5:54 fit.gz
2025-10-25 09:30  7.82 street     57 6:06 fit.gz
2025-10-26 09:12 12.28 street     96 6:12 fit.gz pause=6.6/90
2025-10-28 10:05  9.38 street     72 6:06 fit.gz
2025-10-29 15:20  6.27 trail      98 6:40 fit.gz
2025-10-30 10:12  9.83 street     76 6:08 fit.gz pause=5.0/75
2025-10-31 14:50  5.97 trail     104 6:42 fit
2025-11-02 09:20 18.87 mountain  605 6:52 fit.gz pause=9.6/420
"""

TOML = """\
# What the runner decided; the watch knows none of it.
units = "km"
home_timezone = "Europe/Vienna"

# The first pair whose dates and conditions fit a run gets its distance.
[[shoe]]
name = "Road old"
since = 2024-03-02
until = 2025-07-06
worn = "795 km"
when = { surface = "hard" }

[[shoe]]
name = "Trail"
since = 2024-08-15
worn = "105 km"
when = { surface = "uneven" }

[[shoe]]
name = "Track"
since = 2025-09-08
when = { surface = "firm" }

[[shoe]]
name = "Road daily"
since = 2025-01-18
worn = "316 km"
when = { sport = "running" }
"""

# What each surface of the plan is in a FIT file, in kneewatch's words, and on the watch's face.
KINDS = {
    "street": ("running", "street", "hard", "Run"),
    "trail": ("running", "trail", "uneven", "Trail Run"),
    "mountain": ("running", "trail", "uneven", "Trail Run"),
    "track": ("running", "track", "firm", "Track Run"),
    "treadmill": ("running", "treadmill", "treadmill", "Treadmill"),
    "generic": ("running", "generic", "unknown", "Run"),
    "ride": ("cycling", "road", "hard", "Bike"),
}
GYM_NOTES = ("gym display", "gym display", "1 % incline", "warm in there")


@dataclass(frozen=True)
class Run:
    """One line of the plan."""

    number: int
    start: datetime
    km: float
    kind: str
    descent_m: float
    pace_s: float
    carrier: str
    pause_km: float = 0.0
    pause_s: int = 0

    @property
    def day(self) -> date:
        return self.start.date()

    @property
    def utc(self) -> datetime:
        return self.start.astimezone(UTC)

    @property
    def indoor(self) -> bool:
        return self.kind == "treadmill"

    @property
    def away(self) -> bool:
        return self.day >= HOLIDAY

    @property
    def counted_km(self) -> float:
        """What a reader can find of it: the truncated file has lost its end."""
        return self.km * CUT if self.carrier == "cut" else self.km


@dataclass(frozen=True)
class Samples:
    """What the watch recorded; arrays of one length, one row a record."""

    timer_s: Floats
    clock_s: Floats
    distance_m: Floats
    lat: Floats
    lon: Floats
    altitude_m: Floats
    climbed_m: Floats
    dropped_m: Floats
    speed_mps: Floats
    heart_rate: Floats
    cadence_spm: Floats

    @property
    def resumed(self) -> list[int]:
        """The rows that come first after a pause."""
        paused = self.clock_s - self.timer_s
        rows: list[int] = np.flatnonzero(np.diff(paused, prepend=paused[0])).tolist()
        return rows

    def rows(self, *names: str) -> Iterator[tuple[float, ...]]:
        """Walk the records, these columns of each."""
        return zip(*(getattr(self, name) for name in names), strict=True)

    def __getitem__(self, part: slice) -> Samples:
        return Samples(*(getattr(self, field.name)[part] for field in fields(self)))


def read_plan(text: str = PLAN) -> list[Run]:
    return [_run(number, line.split()) for number, line in enumerate(text.strip().splitlines())]


def _run(number: int, words: list[str]) -> Run:
    day, clock, km, kind, descent, pace, carrier, *pause = words
    minutes, seconds = pace.split(":")
    run = Run(
        number,
        datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=HOME),
        float(km),
        kind,
        float(descent),
        60 * int(minutes) + int(seconds),
        carrier,
    )
    if pause:
        where, length = pause[0].removeprefix("pause=").split("/")
        run = replace(run, pause_km=float(where), pause_s=int(length))
    # Nobody presses start at second zero.
    return replace(run, start=run.start + timedelta(seconds=(17 * number + 11) % 60))


# --- the ground ---------------------------------------------------------------------------------


def loop(km: float, kind: str, rng: np.random.Generator) -> Callable[[Floats], tuple[Floats, ...]]:
    """Return a closed curve of a given length: metres along it -> metres east, metres north."""
    angle = np.linspace(0.0, 2 * np.pi, 4001)
    radius = 1 + sum(
        0.32 / k * rng.standard_normal() * np.sin(k * angle + 2 * np.pi * rng.random())
        for k in range(2, 6)
    )
    turn = 2 * np.pi * rng.random()
    x, y = radius * np.cos(angle), 0.65 * radius * np.sin(angle)
    x, y = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
    if kind == "track":
        x, y = _oval()
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    length = 400.0 if kind == "track" else 1000 * km
    scale = length / along[-1]

    def place(s: Floats) -> tuple[Floats, ...]:
        here = np.mod(s, length) / scale
        return tuple(scale * (np.interp(here, along, v) - v[0]) for v in (x, y))

    return place


def _oval() -> tuple[Floats, Floats]:
    """Return a running track: two straights and two half circles."""
    half, radius = 84.39 / 2, 36.8
    bend = np.linspace(-np.pi / 2, np.pi / 2, 200)
    x = np.concatenate([[-half], half + radius * np.cos(bend), -half - radius * np.cos(bend)])
    y = np.concatenate([[-radius], radius * np.sin(bend), -radius * np.sin(bend)])
    return x, y


def terrain(run: Run, rng: np.random.Generator) -> Callable[[Floats], Floats]:
    """Return altitude [m] along the loop: closed, smooth, with the descent that is planned."""
    waves = 3 if run.kind == "mountain" else 5
    steep = 1.9 if run.kind == "mountain" else 0.9
    sizes = np.array([rng.uniform(0.7, 1.3) / k**steep for k in range(1, waves + 1)])
    phases = 2 * np.pi * rng.random(waves)

    def shape(part: Floats) -> Floats:
        order = np.arange(1, waves + 1)[:, None]
        waved: Floats = (sizes[:, None] * np.sin(2 * np.pi * order * part + phases[:, None])).sum(0)
        return waved

    fall = -np.diff(shape(np.linspace(0.0, 1.0, 5001)))
    factor = run.descent_m / fall[fall > 0].sum()
    home = 1015.0 if run.away else 585.0
    # The mountain loop sets out from the valley, so that the way down comes with tired legs.
    low = np.argmin(shape(np.linspace(0.0, 1.0, 5001))) / 5000 if run.kind == "mountain" else 0.0
    start = shape(np.array([low]))

    def altitude(s: Floats) -> Floats:
        metres: Floats = home + factor * (shape(s / (1000 * run.km) + low) - start)
        return metres

    return altitude


def wander(x: Floats, every: float, spread: float, rng: np.random.Generator) -> Floats:
    """Return smooth noise: normal knots `every` so much of x, joined by straight lines."""
    knots = rng.standard_normal(int(x[-1] / every) + 2)
    return spread * np.interp(x, every * np.arange(len(knots)), knots)


# --- the runner ---------------------------------------------------------------------------------


def effort(run: Run, s: Floats) -> Floats:
    """Return the wanted speed along the run as a share of its mean: easy start, repetitions."""
    share = 1 - 0.06 * np.exp(-s / 500)
    if run.kind != "track":
        return share
    # Warm-up, then 600 m fast and 400 m jogged in turn, then easy laps to the end.
    into = s - 1600
    fast = (into >= 0) & (into < 1000 * round(run.km - 2.4)) & (np.mod(into, 1000) < 600)
    return np.where(fast, 1.34, 0.93 * share)


def cost(grade: Floats) -> Floats:
    """Return the effort of a slope [%] against the level, after Strava's published curve."""
    g = np.clip(grade, -30, 30)
    return 1 + 0.03266 * g + 0.0020536 * g**2 - 3.99e-6 * g**3 - 5.294e-7 * g**4


def simulate(run: Run, every: float) -> Samples:
    """Run it: `every` so many seconds on average the watch writes a record."""
    rng = np.random.default_rng([SEED, run.number])
    s = np.linspace(0.0, 1000 * run.km, int(500 * run.km) + 1)
    place, ground = loop(run.km, run.kind, rng), terrain(run, rng)
    height = ground(s)
    grade = 100 * np.gradient(height, s)
    pace = 1000 / run.pace_s
    speed = pace * effort(run, s) * np.exp(wander(s, 60, 0.035, rng)) / cost(grade) ** 0.75
    speed = np.convolve(np.pad(speed, 5, mode="edge"), np.full(11, 1 / 11), mode="valid")
    if run.kind == "mountain":
        # Stones and roots: downhill is no faster than the legs can place the feet.
        speed = np.minimum(speed, 1.12 * pace)
    clock = np.concatenate([[0.0], np.cumsum(np.diff(s) / (0.5 * (speed[1:] + speed[:-1])))])

    t = record_times(clock[-1], every, rng)
    along = np.interp(t, clock, s)
    v, g = np.interp(t, clock, speed), np.interp(along, s, grade)
    rise = np.diff(height, prepend=height[0])
    climb, drop = np.cumsum(np.maximum(rise, 0)), np.cumsum(np.maximum(-rise, 0))
    paused = np.where(along > 1000 * run.pause_km, float(run.pause_s), 0.0)
    lat, lon = degrees(run, place(along), t, rng)
    weather = wander(t, 900, 0.9, rng)
    return Samples(
        timer_s=t,
        clock_s=t + paused,
        distance_m=along,
        lat=lat,
        lon=lon,
        altitude_m=ground(along) + weather + wander(t, 20, 0.12, rng),
        climbed_m=np.interp(along, s, climb),
        dropped_m=np.interp(along, s, drop),
        speed_mps=v,
        heart_rate=heart_rate(t, v * cost(g) ** 0.9, paused, run, rng),
        cadence_spm=cadence(t, v, g, run, rng),
    )


def record_times(end: float, every: float, rng: np.random.Generator) -> Floats:
    """Return whole timer seconds at uneven steps, as smart recording leaves them, to the end."""
    steps = np.floor(every - 2 + 5 * rng.random(int(end / (every - 2)) + 2))
    times = np.concatenate([[0.0], np.cumsum(steps)])
    last = np.floor(end)
    return np.append(times[times < last - 1], last)


def degrees(
    run: Run, metres: tuple[Floats, ...], t: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return latitude and longitude, with a receiver's slow error of about two metres."""
    lat0, lon0 = (47.214, 11.352) if run.away else (47.252, 11.402)
    east, north = (v + wander(t, 40, 1.6, rng) for v in metres)
    metre = 180 / (np.pi * 6_371_000)
    return lat0 + north * metre, lon0 + east * metre / np.cos(np.radians(lat0))


def heart_rate(
    t: Floats, flat_speed: Floats, paused: Floats, run: Run, rng: np.random.Generator
) -> Floats:
    """Return beats a minute: follows the effort with a lag, drifts up, drops in a pause."""
    rest = 128.0 if run.kind == "ride" else 143.0
    usual = 1000 / run.pace_s if run.kind == "ride" else 2.72
    gain = 6.0 if run.kind == "ride" else 27.0
    rest += 2.2 * rng.standard_normal()  # good days and bad days
    wanted = rest + gain * (flat_speed - usual) + 6 * t / 3600 + wander(t, 90, 2.0, rng)
    beats = np.empty_like(t)
    now = 96.0
    for i, (target, step, halt) in enumerate(
        zip(wanted, np.diff(t, prepend=0.0), np.diff(paused, prepend=0.0), strict=True)
    ):
        now += (target - now) * (1 - np.exp(-step / 38))
        now = 98 + (now - 98) * np.exp(-halt / 60)
        beats[i] = now
    return np.clip(beats, 80, 183)


def cadence(t: Floats, v: Floats, g: Floats, run: Run, rng: np.random.Generator) -> Floats:
    """Return steps a minute: quicker with speed and uphill, slower where it turns to walking."""
    if run.kind == "ride":
        return 164 + wander(t, 60, 7.0, rng)
    shuffle = 24 * np.maximum(1.9 - v, 0)
    steps: Floats = 165 + 9.5 * (v - 2.72) + 0.28 * g - shuffle + wander(t, 75, 0.9, rng)
    return steps


# --- the carriers -------------------------------------------------------------------------------


def fit_file(run: Run, samples: Samples) -> bytes:
    """Write the run as a watch with barometer and chest strap does."""
    writer = FitWriter()
    sport, sub_sport, _, title = KINDS[run.kind]
    both: Values = {"sport": sport, "sub_sport": sub_sport}
    _fit_head(writer, run, {**both, "name": title})
    laps = _laps(samples)
    event: Values = {"event": "timer", "event_group": 0}
    writer.message("event", {"timestamp": run.utc, **event, "event_type": "start"})
    for row, record in enumerate(_fit_records(run, samples)):
        if row in samples.resumed:
            stopped = _instant(run, samples.clock_s[row - 1] + 1)
            again = stopped + timedelta(seconds=run.pause_s)
            writer.message("event", {"timestamp": stopped, **event, "event_type": "stop_all"})
            writer.message("event", {"timestamp": again, **event, "event_type": "start"})
        writer.message("record", record)
        for number, part in enumerate(laps):
            if part.stop == row + 1:
                trigger = _SESSION_END if number == len(laps) - 1 else _DISTANCE
                values: Values = {**_summary(run, samples[part]), **both, "message_index": number}
                ends: Values = {"event": "lap", "event_type": "stop", "lap_trigger": trigger}
                writer.message("lap", {**values, **ends})
    finish: Values = {"timestamp": _instant(run, samples.clock_s[-1])}
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
        stamp: Values = {"timestamp": _instant(run, clock)}
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


def _laps(samples: Samples) -> list[slice]:
    """Return the rows of each kilometre; neighbours share the record that parts them."""
    marks = np.arange(1000.0, samples.distance_m[-1], 1000.0)
    rows = np.searchsorted(samples.distance_m, marks).tolist()
    last = len(samples.timer_s) - 1
    bounds = [0, *(row for row in rows if row < last), last]
    return [slice(first, end + 1) for first, end in pairwise(bounds)]


def _summary(run: Run, part: Samples) -> Values:
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
        "timestamp": _instant(run, last),
        "start_time": _instant(run, first),
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
        **_summary(run, samples),
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


def _instant(run: Run, clock_s: float) -> datetime:
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
        f"<time>{_zulu(_instant(run, clock))}</time><extensions><gpxtpx:TrackPointExtension>"
        f"<gpxtpx:hr>{beats:.0f}</gpxtpx:hr><gpxtpx:cad>{steps / 2:.0f}</gpxtpx:cad>"
        "</gpxtpx:TrackPointExtension></extensions></trkpt>\n"
        for lat, lon, height, clock, beats, steps in part.rows(
            "lat", "lon", "altitude_m", "clock_s", "heart_rate", "cadence_spm"
        )
    )


def tcx_file(run: Run, samples: Samples) -> bytes:
    """Write the run as a training site hands it out: laps with a track each."""
    garmin = "http://www.garmin.com/xmlschemas"
    laps = "".join(_tcx_lap(run, samples, part) for part in _laps(samples))
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
    total = _summary(run, part)
    # The record at the border is written once, in the earlier lap.
    own = samples[slice(rows.start + (rows.start > 0), rows.stop)]
    points = "".join(
        f"<Trackpoint><Time>{_zulu(_instant(run, clock))}</Time><Position>"
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


def treadmill_csv(runs: list[Run]) -> bytes:
    """Write down what the gym's display showed, as the runner kept it."""
    lines = ["date,time,distance km,duration,surface,shoe,notes"]
    for row, run in enumerate(runs):
        minutes, seconds = divmod(round(run.km * run.pace_s), 60)
        lines.append(
            f"{run.day},{run.start:%H:%M},{run.km:.1f},0:{minutes:02d}:{seconds:02d},"
            f"treadmill,Road daily,{GYM_NOTES[row % len(GYM_NOTES)]}"
        )
    return "\n".join([*lines, ""]).encode()


def packed(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def zipped(members: dict[str, bytes]) -> bytes:
    """Pack an archive whose bytes do not depend on the clock or on the platform."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, date_time=(2025, 6, 23, 20, 0, 0))
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data, compresslevel=9)
    return out.getvalue()


# --- the folder ---------------------------------------------------------------------------------


def build() -> dict[str, bytes]:
    """Return the sample log: path within the folder -> content."""
    runs = read_plan()
    files = {"kneewatch.toml": TOML.encode()}
    files["treadmill.csv"] = treadmill_csv([run for run in runs if run.carrier == "csv"])
    older = {}
    for run in runs:
        if run.carrier == "zip":
            older[_name(run, "fit")] = fit_file(run, simulate(run, WATCH_EVERY_S))
        elif run.carrier != "csv":
            path, data = _carried(run)
            files[path] = data
    files["older.zip"] = zipped(older)
    return dict(sorted(files.items()))


def _carried(run: Run) -> tuple[str, bytes]:
    kind, _, gz = run.carrier.partition(".")
    folder, write, every = CARRIERS[kind]
    data = write(run, simulate(run, every))
    if kind == "cut":
        data = data[: round(CUT * len(data))]
    path = f"{folder}/{_name(run, 'fit' if kind == 'cut' else kind)}"
    return (f"{path}.gz", packed(data)) if gz else (path, data)


def _name(run: Run, suffix: str) -> str:
    return f"{run.start:%Y-%m-%d-%H-%M-%S}.{suffix}"


WATCH_EVERY_S, PHONE_EVERY_S = 5.0, 9.0
CARRIERS: dict[str, tuple[str, Callable[[Run, Samples], bytes], float]] = {
    "fit": ("watch", fit_file, WATCH_EVERY_S),
    "cut": ("watch", fit_file, WATCH_EVERY_S),
    "gpx": ("phone", gpx_file, PHONE_EVERY_S),
    "tcx": ("tcx", tcx_file, PHONE_EVERY_S),
}


def story() -> str:
    """Return the weeks and the shoes as the plan has them, for the eye."""
    runs = [run for run in read_plan() if run.kind != "ride"]
    lines = ["week        runs    km  longest  descent  most in a run"]
    monday = date(2025, 6, 16)
    for week in range(20):
        first = monday + timedelta(weeks=week)
        inside = [run for run in runs if first <= run.day < first + timedelta(weeks=1)]
        km = [run.counted_km for run in inside] or [0.0]
        down = [run.descent_m for run in inside] or [0.0]
        lines.append(
            f"{first}  {len(inside):4d} {sum(km):5.1f} {max(km):8.2f} {sum(down):8.0f} "
            f"{max(down):14.0f}"
        )
    lines.append("")
    lines += [f"{name:12s} {km:5.0f} km" for name, km in shoe_km(runs).items()]
    return "\n".join(lines)


def shoe_km(runs: list[Run]) -> dict[str, float]:
    """Return each shoe's distance at the end, by the rules of kneewatch.toml."""
    shoes = tomllib.loads(TOML)["shoe"]
    total = {shoe["name"]: float(shoe.get("worn", "0 km").split()[0]) for shoe in shoes}
    for run in runs:
        for shoe in shoes:
            known = {"surface": KINDS[run.kind][2], "sport": KINDS[run.kind][0]}
            in_time = shoe["since"] <= run.day <= shoe.get("until", run.day)
            if in_time and all(known[key] == value for key, value in shoe["when"].items()):
                total[shoe["name"]] += run.counted_km
                break
    return total


def main(folder: Path) -> None:
    """Write the sample log into a folder and print its story."""
    for path, data in build().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    print(story())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
