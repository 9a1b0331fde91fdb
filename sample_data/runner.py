"""How the sample's runner runs, and what the watch makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from ground import Floats, loop, terrain, wander
from story import SEED, Run


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


def effort(run: Run, s: Floats) -> Floats:
    """Return the wanted speed along the run as a share of its mean: easy start, repetitions."""
    share = 1 - 0.06 * np.exp(-s / 500)
    if run.strides:
        # After a warm-up 80 m as fast as it goes lightly, and 320 m to recover, in turn.
        into = s - 1600
        quick = (into >= 0) & (into < 400 * run.strides) & (np.mod(into, 400) < 80)
        return np.where(quick, 1.78, share)
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
    """Return whole timer seconds to the end: each, or at uneven steps as smart recording has it."""
    if every <= 1:
        return np.arange(np.floor(end) + 1)
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
