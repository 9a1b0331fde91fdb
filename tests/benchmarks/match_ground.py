"""How fast one-hour runs are told their ground by a map, and how right.

``python tests/benchmarks/match_ground.py [--runs 1000] [--jobs 2] [--copies 1]``

For Monaco and for Andorra: runs of 3,600 points at 1 Hz over the ways of the extract, with the
error of a receiver on them (``tests/courses.py``), each matched once. Time is that of the wall,
from the start of the processes to the last answer, with the map's index opened from disk in each
of them; making the index is told apart. ``--copies 64`` lays so many maps beside each other, to
see what a city of that size costs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).parents[1]))

from courses import UNKNOWN, Course, Town

from kneewatch.ground import extract, store
from kneewatch.ground.extract import UNITS_A_DEGREE, Ways
from kneewatch.ground.index import build
from kneewatch.ground.match import match_track

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "osm"
PLACES = (
    ("Monaco", "quackosm_monaco.osm.pbf", 12.0),
    ("Andorra", "graphhopper_andorra.osm.pbf", 5.0),
)


def beside_each_other(ways: Ways, copies: int) -> Ways:
    """The same ways so many times, each an extract's width further east."""
    width = int(ways.lon.max()) - int(ways.lon.min()) + UNITS_A_DEGREE // 1000
    shifts = np.repeat(np.arange(copies) * width, len(ways.lon))
    return replace(
        ways,
        lat=np.tile(ways.lat, copies),
        lon=(np.tile(ways.lon.astype(np.int64), copies) + shifts).astype(np.int32),
        sizes=np.tile(ways.sizes, copies),
        classes=np.tile(ways.classes, copies),
    )


def tell(index: Path, courses: list[Course]) -> list[tuple[float, float, float]]:
    """Seconds on known ground, those of them that the right class was told of, and CPU time [s]."""
    opened = store.load(index)
    told = []
    for course in courses:
        began = time.process_time()
        codes = match_track(opened, course.lat_deg, course.lon_deg, course.time_s, course.segment)
        took = time.process_time() - began
        known = course.truth != UNKNOWN
        told.append((float(known.sum()), float((codes == course.truth)[known].sum()), took))
    return told


def measure(name: str, file: str, error_m: float, options: argparse.Namespace) -> None:
    town = Town(CORPUS / file)
    courses = [
        town.course(np.random.default_rng([1, number]), error_m) for number in range(options.runs)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "index.map")
        began = time.perf_counter()
        ways = beside_each_other(extract.read(CORPUS / file), options.copies)
        read = time.perf_counter()
        store.save(build(ways), path)
        made = time.perf_counter()
        chunks = [courses[n : n + 25] for n in range(0, len(courses), 25)]
        start = time.perf_counter()
        with ProcessPoolExecutor(options.jobs) as pool:
            told = [pair for part in pool.map(partial(tell, path), chunks) for pair in part]
        took = time.perf_counter() - start
        size = path.stat().st_size / 1e6
    known, right, cpu = np.sum(told, axis=0)
    sys.stdout.write(
        f"{name}: {len(ways.lat):,} corners, read in {read - began:.1f} s, index of {size:.1f} MB "
        f"in {made - read:.1f} s\n  {options.runs:,} runs of an hour in {took:.1f} s by "
        f"{options.jobs} processes: {options.runs / took:.0f} a second, "
        f"{1000 * cpu / options.runs:.1f} ms of CPU each; error {error_m:.0f} m an "
        f"axis, {100 * right / known:.1f} % of the known distance on the right class\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--copies", type=int, default=1)
    options = parser.parse_args()
    for name, file, error_m in PLACES:
        measure(name, file, error_m, options)


if __name__ == "__main__":
    main()
