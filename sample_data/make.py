"""Writes the sample log: twenty weeks of a runner who does not exist.

``python sample_data/make.py`` writes the files beside itself, the same bytes at every run, and
prints the weeks. Routes are sums of sines and follow nobody's way; the plan in ``story.py`` is what
the report is to tell: a steady summer, a treadmill phase, a build-up, an evening of strides, and a
last week in the mountains with one run that is longer and steeper than anything before it.
"""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from carriers import fit_file, gpx_file, tcx_file
from runner import Samples, simulate
from story import CUT, EVERY_SECOND, TOML, Run, read_plan, story

GYM_NOTES = ("gym display", "gym display", "1 % incline", "warm in there")


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


def build() -> dict[str, bytes]:
    """Return the sample log: path within the folder -> content."""
    runs = read_plan()
    files = {"kneewatch.toml": TOML.encode()}
    files["treadmill.csv"] = treadmill_csv([run for run in runs if run.carrier == "csv"])
    older = {}
    for run in runs:
        if run.carrier == "zip":
            older[_name(run, "fit")] = fit_file(run, simulate(run, SMART_S))
        elif run.carrier != "csv":
            path, data = _carried(run)
            files[path] = data
    files["older.zip"] = zipped(older)
    return dict(sorted(files.items()))


def _carried(run: Run) -> tuple[str, bytes]:
    kind, _, gz = run.carrier.partition(".")
    folder, write = CARRIERS[kind]
    every = PHONE_EVERY_S if folder != "watch" else 1.0 if run.day >= EVERY_SECOND else SMART_S
    data = write(run, simulate(run, every))
    if kind == "cut":
        data = data[: round(CUT * len(data))]
    path = f"{folder}/{_name(run, 'fit' if kind == 'cut' else kind)}"
    return (f"{path}.gz", packed(data)) if gz else (path, data)


def _name(run: Run, suffix: str) -> str:
    return f"{run.start:%Y-%m-%d-%H-%M-%S}.{suffix}"


SMART_S, PHONE_EVERY_S = 5.0, 9.0
CARRIERS: dict[str, tuple[str, Callable[[Run, Samples], bytes]]] = {
    "fit": ("watch", fit_file),
    "cut": ("watch", fit_file),
    "gpx": ("phone", gpx_file),
    "tcx": ("tcx", tcx_file),
}


def main(folder: Path) -> None:
    """Write the sample log into a folder and print its story."""
    for path, data in build().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    print(story())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
