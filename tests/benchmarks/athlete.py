"""Writes the log of an athlete who does not exist: one-hour runs over ten years, as FIT files.

``python tests/benchmarks/athlete.py OUT_DIR --runs 3000 [--zip OUT.zip]``

A file is what a watch of today with a barometer and a chest strap writes: 3,600 records at 1 Hz
with position, barometric altitude, heart rate, cadence, power, running dynamics and some fields
that are in no public profile; a lap a kilometre; session and activity. Every tenth record or so
is preceded by a message that no public profile knows, and now and then the strap is out of reach
and the records have a shorter layout, so that equal headers come in short runs only.

No two files are alike: pace, length, hills, route, noise and the stretches without strap are
drawn anew for each, from a seed and its number alone. About 300 runs a year are 3,000; more of
them go into the same ten years, up to six a day. The ground and the legs are those of the sample
log (``sample_data/runner.py``); the records are written as one array, since thousands of files have
to be there in a minute.
"""

from __future__ import annotations

import argparse
import struct
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

sys.path.append(str(Path(__file__).parents[2] / "sample_data"))

from carriers import Values
from fit_encoder import BASE_TYPES, PROFILE, Field, FitWriter, fit_crc, fit_time
from ground import Floats, loop, terrain, wander
from runner import cadence, cost, degrees
from story import HOME, Run

Words = npt.NDArray[np.uint16]
Bytes = npt.NDArray[np.uint8]

SEED = 1
SECONDS = 3600
"""Records of a run, one a second."""

LAST_DAY = date(2025, 9, 30)
"""Before the holiday of the sample log, which would move the runner to the mountains."""
DAYS = 3653
RUNS_A_DAY = 6
"""Those of one day are two hours and more apart."""

GARMIN, FENIX_7, HRM_PRO = 1, 3906, 3299
SERIAL = 3_900_000_021
BODY_KG = 64

# --- the run ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Track:
    """What the watch measured, one row a second, and what the run was meant to be."""

    run: Run
    along_m: Floats
    columns: dict[str, Floats]
    """By field name of the FIT profile, in its units."""
    strap: npt.NDArray[np.bool_]
    """Whether the chest strap is in reach."""


@dataclass(frozen=True)
class File:
    """A file and what must be found in it."""

    name: str
    data: bytes
    start: datetime
    distance_m: float
    duration_s: float


def athlete(runs: int, seed: int = SEED) -> Iterator[File]:
    """Yield the runs of ten years, the oldest first.

    Parameters
    ----------
    runs : int
    seed : int
        The same runs for the same number and seed.
    """
    for number, start in enumerate(starts(runs, seed)):
        yield one_run(number, start, seed)


def starts(runs: int, seed: int = SEED) -> list[datetime]:
    """Return when each run starts, spread evenly over ten years of days from six in the morning."""
    a_day = -(-runs // DAYS)
    if a_day > RUNS_A_DAY:
        raise ValueError(f"at most {RUNS_A_DAY * DAYS:,} runs fit into ten years, not {runs:,}")
    days = -(-runs // a_day)
    rng = np.random.default_rng([seed, runs])
    found = []
    for number, jitter_min in enumerate(rng.uniform(0, 40, runs)):
        day, turn = divmod(number, a_day)
        back = timedelta(days=DAYS * (days - 1 - day) // days)
        morning = datetime.combine(LAST_DAY - back, datetime.min.time(), HOME)
        minutes = 60 * 6 + turn * 60 * 16 / a_day + jitter_min
        found.append(morning + timedelta(minutes=round(minutes, 1)))
    return found


def one_run(number: int, start: datetime, seed: int = SEED) -> File:
    """Run for an hour and write down what the watch saw."""
    rng = np.random.default_rng([seed, number])
    km = float(rng.uniform(8.6, 13.2))
    kind = "trail" if rng.random() < 0.25 else "street"
    hills_m = km * float(rng.uniform(12, 45) if kind == "trail" else rng.uniform(3, 14))
    run = Run(number, start, km, kind, hills_m, (SECONDS - 1) / km, "fit")
    track = measure(run, rng)
    return File(
        f"{start.astimezone(UTC):%Y-%m-%d-%H-%M-%S}.fit",
        fit_file(track, rng),
        start,
        1000 * km,
        SECONDS - 1.0,
    )


def measure(run: Run, rng: np.random.Generator) -> Track:
    """Run it on the ground of the sample log: slower uphill, with a heart that lags behind."""
    s = np.linspace(0.0, 1000 * run.km, 2001)
    place, ground = loop(run.km, run.kind, rng), terrain(run, rng)
    height = ground(s)
    grade = 100 * np.gradient(height, s)
    wanted = (1 - 0.06 * np.exp(-s / 500)) * np.exp(wander(s, 80, 0.035, rng))
    wanted /= cost(grade) ** 0.75
    clock = np.concatenate([[0.0], np.cumsum(2 * np.diff(s) / (wanted[1:] + wanted[:-1]))])
    clock *= (SECONDS - 1) / clock[-1]

    t = np.arange(SECONDS, dtype=np.float64)
    along = np.interp(t, clock, s)
    v = np.gradient(along)
    g = np.interp(along, s, grade)
    steps = np.round(cadence(t, v, g, run, rng))
    lat, lon = degrees(run, place(along), t, rng)
    effort = v * cost(g)
    step_mm = 60_000 * v / steps
    bounce_mm = 60 + 0.027 * step_mm + wander(t, 60, 1.5, rng)
    weather = wander(t, 900, 0.9, rng) + wander(t, 20, 0.12, rng)
    power = 1.04 * BODY_KG * effort + rng.normal(0.0, 4.0, SECONDS)
    columns = {
        "timestamp": fit_time(run.utc) + t,
        "position_lat": lat,
        "position_long": lon,
        "distance": along,
        "enhanced_altitude": np.interp(along, s, height) + weather,
        "enhanced_speed": v,
        "heart_rate": _lagging(66 + 27 * effort + 6 * t / SECONDS + wander(t, 90, 2.0, rng)),
        # The watch counts strides; a half is in the fraction.
        "cadence": np.floor(steps / 2),
        "fractional_cadence": np.mod(steps, 2) / 2,
        "power": power,
        "accumulated_power": np.cumsum(power),
        "temperature": 14 - 9 * np.cos(2 * np.pi * run.day.month / 12) + wander(t, 1200, 1.0, rng),
        "unknown_134": np.full(SECONDS, 100.0),
        "unknown_135": 75 + wander(t, 30, 5.0, rng),
        "unknown_136": 75 + wander(t, 30, 5.0, rng),
        "unknown_140": 1000 * v + wander(t, 5, 30.0, rng),
        "unknown_143": 80 - t / 300,
        "stance_time": 262 - 24 * (v - 2.72) + wander(t, 60, 3.0, rng),
        "stance_time_balance": 49.7 + wander(t, 120, 0.25, rng),
        "vertical_oscillation": bounce_mm,
        "vertical_ratio": 100 * bounce_mm / step_mm,
        "step_length": step_mm,
    }
    return Track(run, along, columns, wander(t, 30, 1.0, rng) < 2.2)


def _lagging(beats: Floats, lag_s: float = 38.0) -> Floats:
    """Follow the wish as a heart does: an exponential response, from a walk to the start."""
    memory = np.exp(-np.arange(round(6 * lag_s)) / lag_s)
    padded = np.concatenate([np.full(len(memory) - 1, 96.0), beats])
    followed: Floats = np.convolve(padded, memory / memory.sum(), mode="valid")
    return followed


# --- the file -----------------------------------------------------------------------------------

DYNAMICS = (
    "stance_time",
    "stance_time_balance",
    "vertical_oscillation",
    "vertical_ratio",
    "step_length",
)
"""The fields of the chest strap. They come last, so that the shorter layout is a beginning."""

RECORD = {
    **{
        name: PROFILE["record"][1][name]
        for name in (
            "timestamp",
            "position_lat",
            "position_long",
            "distance",
            "enhanced_altitude",
            "enhanced_speed",
            "heart_rate",
            "cadence",
            "fractional_cadence",
            "power",
        )
    },
    "accumulated_power": Field(29, "uint32"),
    "temperature": PROFILE["record"][1]["temperature"],
    # Numbers and sizes as in the files of such watches; nobody outside knows what they mean.
    "unknown_134": Field(134, "uint8"),
    "unknown_135": Field(135, "uint8"),
    "unknown_136": Field(136, "uint8"),
    "unknown_140": Field(140, "uint16"),
    "unknown_143": Field(143, "uint8"),
    **{name: PROFILE["record"][1][name] for name in DYNAMICS},
}
SHORT = {name: field for name, field in RECORD.items() if name not in DYNAMICS}
PRIVATE = {"data": Field(2, "uint32")}
RECORD_MESSAGE, PRIVATE_MESSAGE = 20, 233
PRIVATE_EVERY = 10
LONG_LOCAL, SHORT_LOCAL, PRIVATE_LOCAL = 0, 1, 2


def fit_file(track: Track, rng: np.random.Generator) -> bytes:
    """Encode a run, with both checksums."""
    records = _records(track, rng)
    body = _head(track.run) + _definitions() + records + _tail(track)
    head = struct.pack("<BBHI4s", 14, 0x20, 2132, len(body), b".FIT")
    data = head + struct.pack("<H", fit_crc(head)) + body
    return data + struct.pack("<H", crc16(data))


def _records(track: Track, rng: np.random.Generator) -> bytes:
    """Encode all records and what stands between them: one matrix, less what is not written."""
    rows = np.zeros(SECONDS, _row_type(PRIVATE, RECORD))
    rows["header_0"] = PRIVATE_LOCAL
    rows["data"] = rng.integers(0, 2**32, SECONDS, np.uint32)
    rows["header_1"] = np.where(track.strap, LONG_LOCAL, SHORT_LOCAL)
    for name, field in RECORD.items():
        stored = np.round((track.columns[name] + field.offset) * field.scale)
        rows[name] = stored.astype(rows.dtype[name])
    matrix: Bytes = rows.view(np.uint8).reshape(SECONDS, -1)
    written = np.ones(matrix.shape, np.bool_)
    between = _row_type(PRIVATE).itemsize
    short = between + _row_type(SHORT).itemsize
    written[:, :between] = (rng.random(SECONDS) < 1 / PRIVATE_EVERY)[:, None]
    written[:, short:] = track.strap[:, None]
    return matrix[written].tobytes()


def _row_type(*messages: dict[str, Field]) -> np.dtype[Any]:
    """Return messages one after the other as the type of an array's row: header byte, fields."""
    columns: list[tuple[str, str]] = []
    for number, fields in enumerate(messages):
        columns.append((f"header_{number}", "u1"))
        columns += [(name, f"<{BASE_TYPES[field.base].pack}") for name, field in fields.items()]
    return np.dtype(columns)


def _definitions() -> bytes:
    return b"".join(
        struct.pack("<BBBHB", 0x40 | local, 0, 0, message, len(fields))
        + b"".join(
            bytes((field.number, BASE_TYPES[field.base].size, BASE_TYPES[field.base].code))
            for field in fields.values()
        )
        for local, message, fields in (
            (LONG_LOCAL, RECORD_MESSAGE, RECORD),
            (SHORT_LOCAL, RECORD_MESSAGE, SHORT),
            (PRIVATE_LOCAL, PRIVATE_MESSAGE, PRIVATE),
        )
    )


def _head(run: Run) -> bytes:
    writer = FitWriter()
    watch: Values = {"manufacturer": GARMIN, "product": FENIX_7, "serial_number": SERIAL}
    strap: Values = {"manufacturer": GARMIN, "product": HRM_PRO, "serial_number": SERIAL + 1}
    info: Values = {"timestamp": run.utc, "software_version": 15.2}
    antplus: Values = {"device_index": 1, "device_type": 120, "source_type": 1}
    writer.message("file_id", {"type": "activity", **watch, "time_created": run.utc})
    writer.message("file_creator", {"software_version": 1520})
    writer.message("device_info", {**info, **watch, "device_index": 0, "source_type": 5})
    writer.message("device_info", {**info, **strap, **antplus})
    writer.message("sport", {**_sport(run), "name": "Run"})
    writer.message("event", {"timestamp": run.utc, "event": "timer", "event_type": "start"})
    return _messages(writer)


def _tail(track: Track) -> bytes:
    writer = FitWriter()
    end = track.run.utc + timedelta(seconds=SECONDS - 1)
    marks = np.searchsorted(track.along_m, np.arange(1000.0, track.along_m[-1], 1000.0))
    bounds = [0, *(row for row in marks.tolist() if row < SECONDS - 1), SECONDS - 1]
    writer.message("event", {"timestamp": end, "event": "timer", "event_type": "stop_all"})
    sport = _sport(track.run)
    for number, (first, last) in enumerate(pairwise(bounds)):
        lap: Values = {"message_index": number, "event": "lap", "event_type": "stop"}
        writer.message("lap", {**_totals(track, first, last), **sport, **lap})
    session: Values = {
        "message_index": 0,
        "first_lap_index": 0,
        "num_laps": len(bounds) - 1,
        "event": "session",
        "event_type": "stop",
        **{f"avg_{name}": np.mean(track.columns[name]) for name in DYNAMICS},
    }
    writer.message("session", {**_totals(track, 0, SECONDS - 1), **sport, **session})
    activity: Values = {
        "timestamp": end,
        "local_timestamp": end.astimezone(HOME).replace(tzinfo=None),
        "total_timer_time": SECONDS - 1,
        "num_sessions": 1,
        "type": "manual",
        "event": "activity",
        "event_type": "stop",
    }
    writer.message("activity", activity)
    return _messages(writer)


def _sport(run: Run) -> Values:
    return {"sport": "running", "sub_sport": run.kind}


def _totals(track: Track, first: int, last: int) -> Values:
    """Return what a lap and a session have in common."""
    part = {name: column[first : last + 1] for name, column in track.columns.items()}
    metres = track.along_m[last] - track.along_m[first]
    # The pressure's own noise is not what a watch sums up.
    smooth = np.convolve(part["enhanced_altitude"], np.full(15, 1 / 15), mode="valid")
    rise = np.diff(smooth) if len(smooth) > 1 else np.zeros(1)
    strides = np.mean(part["cadence"] + part["fractional_cadence"])
    return {
        "timestamp": track.run.utc + timedelta(seconds=last),
        "start_time": track.run.utc + timedelta(seconds=first),
        "start_position_lat": part["position_lat"][0],
        "start_position_long": part["position_long"][0],
        "total_elapsed_time": last - first,
        "total_timer_time": last - first,
        "total_distance": metres,
        "total_cycles": strides * (last - first) / 60,
        "total_calories": 0.98 * BODY_KG * metres / 1000,
        "total_ascent": np.maximum(rise, 0).sum(),
        "total_descent": np.maximum(-rise, 0).sum(),
        "avg_heart_rate": np.mean(part["heart_rate"]),
        "max_heart_rate": np.max(part["heart_rate"]),
        "avg_cadence": np.floor(strides),
        "avg_fractional_cadence": np.mod(strides, 1),
        "max_cadence": np.max(part["cadence"]),
        "enhanced_avg_speed": metres / (last - first),
        "enhanced_max_speed": np.max(part["enhanced_speed"]),
    }


def _messages(writer: FitWriter) -> bytes:
    """Return the encoder's messages without its header and checksum, which are not needed."""
    return writer.to_bytes(crc=0)[14:-2]


# --- the checksum -------------------------------------------------------------------------------


def crc16(data: bytes) -> int:
    """Return the CRC-16 that ends a FIT file, of thousands of bytes at a time.

    The checksum starts at 0 and is linear: that of two pieces is that of the first, moved on by
    as many zero bytes as the second has, XOR that of the second. So pieces of two bytes are
    joined in pairs until one is left; zeros in front change nothing and fill up where one lacks.
    """
    padded = b"\0" * (len(data) % 2) + data
    crc = _zeros(0)[np.frombuffer(padded, "<u2")] if padded else np.zeros(1, np.uint16)
    level = 0
    while len(crc) > 1:
        if len(crc) % 2:
            crc = np.concatenate([np.zeros(1, np.uint16), crc])
        crc = _zeros(level)[crc[0::2]] ^ crc[1::2]
        level += 1
    return int(crc[0])


@cache
def _zeros(level: int) -> Words:
    """Return what each checksum becomes after two zero bytes, four, eight and so on.

    At level 0 that is also the checksum of each pair of bytes.
    """
    if level:
        half = _zeros(level - 1)
        twice: Words = half[half]
        return twice
    table = np.arange(2**16, dtype=np.uint16)
    for _ in range(16):
        table = table >> np.uint16(1) ^ np.where(table & 1, np.uint16(0xA001), np.uint16(0))
    return table


# --- the folder ---------------------------------------------------------------------------------


def write(folder: Path, runs: int, seed: int = SEED) -> None:
    """Write the runs into a folder that is there only when it is complete."""
    unfinished = folder.with_name(folder.name + ".part")
    unfinished.mkdir(parents=True, exist_ok=True)
    for file in athlete(runs, seed):
        (unfinished / file.name).write_bytes(file.data)
    unfinished.replace(folder)


def pack(folder: Path, archive: Path) -> None:
    """Zip a folder, as a vendor's export comes."""
    unfinished = archive.with_name(archive.name + ".part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(folder.iterdir()):
            packed.write(file, f"{folder.name}/{file.name}")
    unfinished.replace(archive)


def main() -> None:
    """Write what the command line asks for, and say how long it took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, metavar="OUT_DIR")
    parser.add_argument("--runs", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--zip", type=Path, metavar="OUT.zip")
    asked = parser.parse_args()
    began = time.perf_counter()
    write(asked.folder, asked.runs, asked.seed)
    megabytes = sum(file.stat().st_size for file in asked.folder.iterdir()) / 1e6
    _say(f"{asked.folder}: {asked.runs:,} runs, {megabytes:,.0f} MB", began)
    if asked.zip:
        began = time.perf_counter()
        pack(asked.folder, asked.zip)
        _say(f"{asked.zip}: {asked.zip.stat().st_size / 1e6:,.0f} MB", began)


def _say(what: str, began: float) -> None:
    sys.stdout.write(f"{what}, {time.perf_counter() - began:.1f} s\n")


if __name__ == "__main__":
    main()
