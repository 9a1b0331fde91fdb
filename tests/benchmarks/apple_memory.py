"""What importing a large export of Apple Health costs, measured from outside.

``python tests/benchmarks/apple_memory.py [--megabytes 1024] [--workouts 360] [--data DIR]``

Every line is a ``python -m kneewatch runs --json`` (or the ``check`` after it) on the made-up
export of ``apple_export.py``: unpacked, as export.zip, as that zip in another, and export.xml.gz.
That it gave as many runs as there are is checked. CPU time is that of all its processes.

Memory is what the command and all its processes hold together at one moment, pages that they
share counted once (PSS on Linux), the largest of samples taken every few milliseconds; beside it
the peak of the largest single process as the kernel counts it, shared pages and all. Asked are
300 MB. The files are read once before, so that no disk is measured.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from apple_export import pack, tally, write

KNEEWATCH = (sys.executable, "-m", "kneewatch")
SAMPLE_S = 0.01
ASKED_MB = 300


@dataclass(frozen=True)
class Cost:
    """What a command took."""

    wall_s: float
    cpu_s: float
    together_mb: float
    largest_mb: float
    out: bytes


def spend(command: Sequence[str], cache: Path) -> Cost:
    """Run a command to its end, looking at its memory all the time."""
    settings = {**os.environ, "KNEEWATCH_CACHE_DIR": str(cache)}
    together = 0.0
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, env=settings)
        watched = psutil.Process(child.pid)
        while not (ended := os.wait4(child.pid, os.WNOHANG))[0]:
            together = max(together, held_mb(watched))
            time.sleep(SAMPLE_S)
        wall = time.perf_counter() - began
        _, status, used = ended
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
        out.seek(0)
        cpu = used.ru_utime + used.ru_stime
        return Cost(wall, cpu, together, used.ru_maxrss * 1024 / 1e6, out.read())


def held_mb(process: psutil.Process) -> float:
    """What a process and its children hold now."""
    held = 0
    for one in (process, *children(process)):
        try:
            held += one.memory_full_info().pss
        except psutil.Error:
            continue
    return held / 1e6


def children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


def packings(data: Path, size: int, count: int) -> Iterator[tuple[str, Path]]:
    """The export in all packings, made where it is missing."""
    plain = data / "plain"
    if not plain.exists():
        write(plain, size, count)
    yield "unpacked", plain
    zipped = data / "zip" / "export.zip"
    if not zipped.exists():
        zipped.parent.mkdir()
        pack(zipped, size, count)
    yield "export.zip", zipped.parent
    nested = data / "nested" / "backup.zip"
    if not nested.exists():
        nested.parent.mkdir()
        with zipfile.ZipFile(nested, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(zipped, "phone/export.zip")
    yield "export.zip in a zip", nested.parent
    packed = data / "gz"
    if not packed.exists():
        shutil.copytree(plain, packed)
        [export] = packed.rglob("export.xml")
        with export.open("rb") as source, gzip.open(f"{export}.gz", "wb", 6) as out:
            shutil.copyfileobj(source, out)
        export.unlink()
    yield "export.xml.gz", packed


def measure(data: Path, size: int, count: int) -> Iterator[str]:
    """Lines of the table."""
    yield f"{'':34}{'wall s':>8}{'CPU s':>8}{'together MB':>13}{'largest MB':>12}"
    for name, folder in packings(data, size, count):
        for file in folder.rglob("*"):
            if file.is_file():
                with file.open("rb") as source:
                    while source.read(1 << 24):
                        pass
        with tempfile.TemporaryDirectory() as cache:
            first = spend((*KNEEWATCH, "runs", str(folder), "--json"), Path(cache))
            runs, wanted = first.out.count(b'"local_start":'), tally(count)["runs"]
            lost = "" if runs == wanted else f"  {runs} RUNS OF {wanted}"
            much = "" if first.together_mb < ASKED_MB else f"  MORE THAN {ASKED_MB} MB"
            yield line(name, first) + lost + much
            again = spend((*KNEEWATCH, "check", str(folder), "--json"), Path(cache))
            json.loads(again.out)
            yield line("  check after it", again)


def line(name: str, cost: Cost) -> str:
    times = f"{cost.wall_s:8.2f}{cost.cpu_s:8.2f}"
    return f"{name:34}{times}{cost.together_mb:13.0f}{cost.largest_mb:12.0f}"


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--workouts", type=int, default=360)
    parser.add_argument("--data", type=Path, help="keep the exports here (default: nowhere)")
    given = parser.parse_args()
    data = given.data or Path(tempfile.mkdtemp(prefix="kneewatch-apple-"))
    data.mkdir(parents=True, exist_ok=True)
    try:
        for text in measure(data, given.megabytes << 20, given.workouts):
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
    finally:
        if given.data is None:
            shutil.rmtree(data)


if __name__ == "__main__":
    main()
