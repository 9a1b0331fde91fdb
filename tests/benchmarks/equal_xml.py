"""Every GPX and TCX file of the corpus against gpxpy and tcxreader, value by value.

``python tests/benchmarks/equal_xml.py [corpus]`` prints what was compared, what differs and why,
and which files the other libraries refuse. The test in ``tests/corpus`` does the same.
"""

from __future__ import annotations

import io
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import gpxpy
import numpy as np
from tcxreader.tcxreader import TCXReader

from kneewatch.model import NotActivity, Recording, Source
from kneewatch.readers import gpx, tcx
from kneewatch.sources import walk

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"

Columns = Mapping[str, np.ndarray]
Row = dict[str, float | None]

DIFFERENCES = {
    # end of a file's name, column: why ours is right
    ("gpx11_with_speed_no_namespace.gpx", "speed_mps"): (
        "the speed of GPX 1.0 in a file that calls itself 1.1, where gpxpy does not look for it"
    ),
    ("runpandas__tests__io__data__tcx__run.tcx", "speed_mps"): (
        "the speed in the TPX has no prefix and so no namespace that tcxreader looks for it in"
    ),
}


@dataclass
class Comparison:
    """What came of one format."""

    files: int = 0
    points: int = 0
    values: int = 0
    numbers: int = 0
    differences: dict[tuple[str, str], str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    """By the other library: file, and what became of it here."""


def sources(corpus: Path, reader: ModuleType) -> Iterator[Source]:
    """The corpus' files that a reader claims, out of their archives."""
    for item in walk([corpus], reader.sniff):
        if isinstance(item, Source):
            yield item


def by_gpxpy(data: bytes) -> Columns:
    """Columns as a user of gpxpy gets them, of all points in the order of the file."""
    points = gpxpy.parse(data.decode()).walk(only_points=True)
    return columns([gpxpy_row(point) for point in points])


def gpxpy_row(point: gpxpy.gpx.GPXTrackPoint) -> Row:
    row: Row = {
        "unix_s": unix(point.time),
        "lat_deg": point.latitude,
        "lon_deg": point.longitude,
        "altitude_m": point.elevation,
        "speed_mps": point.speed,
    }
    for extension in point.extensions:
        for element in extension.iter():
            name = str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()
            column = gpx.LEAVES.get(name)
            if column and row.get(column) is None:
                row[column] = real(element.text)
    return row


def real(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def by_tcxreader(data: bytes) -> Columns:
    """Columns as a user of tcxreader gets them, of all activities in the order of the file."""
    exercise = TCXReader().read(io.BytesIO(data), only_gps=False)
    rows = []
    for point in exercise.trackpoints:
        more = point.tpx_ext
        row: Row = {
            "unix_s": unix(point.time),
            "lat_deg": point.latitude,
            "lon_deg": point.longitude,
            "altitude_m": point.elevation,
            "distance_m": point.distance,
            "heart_rate_bpm": point.hr_value,
            "cadence_spm": more.get("RunCadence") if point.cadence is None else point.cadence,
            "speed_mps": more.get("Speed"),
            "power_w": more.get("Watts"),
        }
        rows.append(row)
    return columns(rows)


def unix(moment: datetime | None) -> float | None:
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def columns(rows: list[Row]) -> Columns:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: np.array([row.get(name) for row in rows], dtype=np.float64) for name in names}


def ours_gpx(data: bytes) -> Columns:
    return gpx.GpxWalk.through(data).arrays()


def ours_tcx(data: bytes) -> Columns:
    """Points of the activities alone: tcxreader knows no courses."""
    found = tcx.TcxWalk.through(data)
    inside = np.zeros(found.count, dtype=bool)
    for activity in found.activities:
        inside[activity.begin : activity.end] = True
    return {name: column[inside] for name, column in found.arrays().items()}


FORMATS: dict[str, tuple[ModuleType, Callable[[bytes], Columns], Callable[[bytes], Columns]]] = {
    "GPX": (gpx, by_gpxpy, ours_gpx),
    "TCX": (tcx, by_tcxreader, ours_tcx),
}


def compare(corpus: Path, kind: str) -> Comparison:
    """Compare all files of a format.

    Parameters
    ----------
    corpus : Path
    kind : {"GPX", "TCX"}
    """
    reader, theirs, ours = FORMATS[kind]
    result = Comparison()
    for source in sources(corpus, reader):
        result.files += 1
        try:
            wanted = theirs(source.data)
        # The libraries raise errors of many kinds.
        except Exception as error:
            what = f"{type(error).__name__}: {' '.join(str(error).split())[:80]}"
            result.refused[source.name] = f"{what} | here: {outcome(reader, source)}"
            continue
        found = ours(source.data)
        size = len(found["unix_s"])
        result.points += size
        nothing = np.full(size, np.nan)
        for name in sorted({*wanted, *found}):
            theirs_are, ours_are = wanted.get(name, nothing), found.get(name, nothing)
            if np.array_equal(theirs_are, ours_are, equal_nan=True):
                result.values += size
                result.numbers += int(np.isfinite(ours_are).sum())
            else:
                result.differences[source.name, name] = difference(theirs_are, ours_are)
    return result


def difference(theirs: np.ndarray, ours: np.ndarray) -> str:
    if len(theirs) != len(ours):
        return f"{len(theirs)} points there, {len(ours)} here"
    apart = ~((theirs == ours) | (np.isnan(theirs) & np.isnan(ours)))
    first = int(np.flatnonzero(apart)[0])
    return f"{apart.sum()} of {len(ours)}, first {theirs[first]} there, {ours[first]} here"


def outcome(reader: ModuleType, source: Source) -> str:
    """What becomes of a file here, in words."""
    said = []
    for item in reader.read(source):
        if isinstance(item, Recording):
            said.append(f"{len(item.track.get('time_s', ()))} points")
        elif isinstance(item, NotActivity):
            said.append(f"no activity ({item.reason})")
        else:
            said.append(f"problem ({item.reason})")
    return ", ".join(said)


def reason(name: str, column: str) -> str | None:
    """Why a file may differ, None if nothing is known."""
    found = (why for (end, of), why in DIFFERENCES.items() if name.endswith(end) and of == column)
    return next(found, None)


def report(kind: str, found: Comparison) -> Iterator[str]:
    """Lines on a format."""
    yield (
        f"{kind}: {found.files} files, {len(found.refused)} of them refused by the other; "
        f"{found.points:,} points, {found.values:,} values equal, {found.numbers:,} of them "
        f"numbers; {len(found.differences)} columns differ"
    )
    for (name, column), what in found.differences.items():
        yield f"  {name} {column}: {what}: {reason(name, column) or 'NOT NAMED'}"
    for name, what in found.refused.items():
        yield f"  refused: {name}: {what}"


def main(corpus: Path) -> None:
    for kind in FORMATS:
        sys.stdout.writelines(f"{line}\n" for line in report(kind, compare(corpus, kind)))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS)
