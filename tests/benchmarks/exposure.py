"""From bytes to the exposure row: what decoding, reading and each step of the row take.

``PYTHONPATH=sample_data python tests/benchmarks/exposure.py``
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
from athlete import athlete
from fit_encoder import FitWriter, Value
from side_by_side import medians

from kneewatch.metrics.day import local_moment
from kneewatch.metrics.descent import bin_by_grade, descents
from kneewatch.metrics.exposure import elevation_of, expose, mean_in_motion, segment_of
from kneewatch.metrics.form import measure_form
from kneewatch.metrics.habits import measure_habits
from kneewatch.metrics.intensity import (
    SPEED_BIN_MPS,
    SPEED_BINS,
    adjust_for_grade,
    best_times,
    heart_rate_seconds,
    histogram,
)
from kneewatch.metrics.motion import measure_motion
from kneewatch.metrics.steps import braking_weighted_steps, count_steps
from kneewatch.model import Recording, Source
from kneewatch.readers import read
from kneewatch.readers.fit import decode

SECONDS = 3600
RUNS = 5
"""One-hour runs a round: the clock is read a few times only."""

START = datetime(2024, 5, 4, 7, 0, tzinfo=UTC)

DYNAMICS = (
    "cadence_spm",
    "step_length_m",
    "stance_time_s",
    "stance_balance",
    "vertical_oscillation_m",
    "vertical_ratio",
)

MOST_TIMES = 2.0
"""The exposure row takes no more than so many times the decoding."""


def one_hour(seed: int) -> bytes:
    """A hilly run of an hour with a point a second, as a watch with a barometer writes it."""
    random = np.random.default_rng(seed)
    clock = np.arange(SECONDS)
    speed = 2.9 + 0.4 * np.sin(clock / 200) + random.normal(0, 0.1, SECONDS)
    speed[1200:1240] = 0.0
    way = np.cumsum(speed)
    heading = clock / 900
    columns = {
        "position_lat": 52.4 + np.cumsum(speed * np.cos(heading)) / 111_200,
        "position_long": 13.05 + np.cumsum(speed * np.sin(heading)) / 67_800,
        "distance": way,
        "enhanced_altitude": 100
        + 40 * np.sin(way / 700)
        + 8 * np.sin(way / 90)
        + np.cumsum(random.normal(0, 0.05, SECONDS)),
        "enhanced_speed": speed.clip(min=0),
        "heart_rate": 150 + 15 * np.sin(clock / 300),
        "cadence": 86 + random.normal(0, 1.5, SECONDS),
        "power": 250 + random.normal(0, 20, SECONDS),
        "temperature": np.full(SECONDS, 20.0),
        "step_length": 1050 + random.normal(0, 30, SECONDS),
        "stance_time": 250 + random.normal(0, 10, SECONDS),
        "stance_time_balance": 50 + random.normal(0, 1, SECONDS),
        "vertical_oscillation": 90 + random.normal(0, 4, SECONDS),
        "vertical_ratio": 8.5 + random.normal(0, 0.3, SECONDS),
    }
    file = FitWriter()
    file.message("file_id", {"type": "activity", "manufacturer": "garmin", "product": 4315})
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    for second, row in enumerate(rows):
        record: dict[str, Value] = {"timestamp": START + timedelta(seconds=second)}
        file.message("record", record | dict(zip(columns, row, strict=True)))
    file.message(
        "session",
        {
            "timestamp": START + timedelta(seconds=SECONDS),
            "start_time": START,
            "sport": "running",
            "total_elapsed_time": float(SECONDS),
            "total_timer_time": float(SECONDS),
            "total_distance": float(way[-1]),
        },
    )
    return file.to_bytes()


def steps_of(recording: Recording) -> dict[str, Callable[[], object]]:
    """The steps of ``expose``, each on what the steps before it gave."""
    activity, track = recording.activity, recording.track
    motion = measure_motion(track)
    elevation = elevation_of(activity, track, motion)
    if elevation is None or not elevation.steep_known:
        raise ValueError("a benchmark of descents needs a barometer")
    grade = elevation.grade
    factor = adjust_for_grade(grade)
    moving_s = np.where(motion.moving, motion.step_s, 0.0)
    counted = count_steps(track, motion, None)
    return {
        "day": lambda: local_moment(activity, track, None),
        "motion": lambda: measure_motion(track),
        "elevation": lambda: elevation_of(activity, track, motion),
        "descents": lambda: descents(
            motion.distance_m, elevation.altitude_m, grade, motion.time_s, segment_of(track)
        ),
        "metres by grade": lambda: bin_by_grade(grade, motion.step_m, moving_s),
        "effort on a slope": lambda: adjust_for_grade(grade),
        "best efforts": lambda: best_times(motion, motion.step_m * factor),
        "speeds in a histogram": lambda: histogram(
            motion.speed_mps * factor, moving_s, SPEED_BIN_MPS, SPEED_BINS
        ),
        "heart rates in a histogram": lambda: heart_rate_seconds(track, motion),
        "steps": lambda: count_steps(track, motion, None),
        "steps that brake": lambda: braking_weighted_steps(counted, motion, grade),
        "form": lambda: measure_form(track, motion, grade, True),
        "habits": lambda: measure_habits(track, motion, motion.speed_mps * factor, False),
        "means": lambda: [mean_in_motion(track, name, motion) for name in DYNAMICS],
    }


def main() -> None:
    """Print milliseconds of CPU time for one run of an hour, and the ratio to decoding."""
    watch = [file.data for file in athlete(RUNS)]
    show("as a watch writes it, messages of its own among the records", watch)
    show("records alone, which are decoded in one go", [one_hour(seed) for seed in range(RUNS)])


def show(what: str, files: list[bytes]) -> None:
    """Print the table of some runs of an hour."""
    recordings = [
        found
        for data in files
        for found in read(Source("run.fit", data))
        if isinstance(found, Recording)
    ]
    steps = [steps_of(recording) for recording in recordings]

    def together(name: str) -> Callable[[], object]:
        return lambda: [step[name]() for step in steps]

    candidates: dict[str, Callable[[], object]] = {
        "decoding": lambda: [decode(data) for data in files],
        "reading": lambda: [list(read(Source("run.fit", data))) for data in files],
        "exposure": lambda: [expose(recording) for recording in recordings],
    }
    times = medians(candidates | {name: together(name) for name in steps[0]})
    rest = times["exposure"] - sum(times[name] for name in steps[0])
    lines = [f"{what}: {SECONDS} records, milliseconds a run"]
    lines += [f"{name:28}{1e3 * times[name] / RUNS:10.3f}" for name in candidates]
    for base in ("decoding", "reading"):
        lines.append(f"{f'exposure / {base}':28}{times['exposure'] / times[base]:10.3f}")
    lines += [f"of decoding no more than {MOST_TIMES:.0f}", ""]
    lines += [f"  {name:26}{1e3 * times[name] / RUNS:10.3f}" for name in steps[0]]
    lines += [f"  {'the rest of the row':26}{1e3 * rest / RUNS:10.3f}"]
    sys.stdout.write("\n".join(lines) + "\n\n")


if __name__ == "__main__":
    main()
