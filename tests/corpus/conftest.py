"""The real files, imported once for all tests."""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kneewatch.config import Config
from kneewatch.ingest import Ingested, ingest
from kneewatch.ingest import account as module
from kneewatch.metrics import exposure
from kneewatch.metrics.motion import measure_motion
from kneewatch.model import Recording

Row = dict[str, Any]

expose = exposure.expose

YARDSTICK = "/watch_2013_2017/"


@dataclass(frozen=True)
class RealLog:
    """What the import gave, and every row before duplicates were set aside.

    A row has ``points``, ``track_m`` and ``track_source`` besides, and for the runs of the
    yardstick ``arrays``: time [s], distance [m], altitude [m], segment.
    """

    ingested: Ingested = field(repr=False)
    rows: tuple[Row, ...] = field(repr=False)

    def of(self, part: str) -> list[Row]:
        """Rows of the files whose name holds the part."""
        return [row for row in self.rows if part in row["sources"][0]]

    def runs(self, part: str = "") -> list[Row]:
        return [row for row in self.of(part) if row["sport"] == "running"]

    def problems(self, part: str) -> list[str]:
        return [item.reason for item in self.ingested.tally.problems if part in item.source]

    def not_activities(self, part: str) -> list[str]:
        return [item.reason for item in self.ingested.tally.not_activities if part in item.source]


def look(recording: Recording, home: str | None = None, where: Any = None) -> Row:
    """The exposure row with what the tests compare it to."""
    track = recording.track
    size = len(track.get("time_s", ()))
    seen: Row = {"points": size, "track_m": float("nan"), "track_source": "none"}
    if size >= 2:
        motion = measure_motion(track)
        seen |= {"track_m": motion.total_m, "track_source": motion.source}
    if YARDSTICK in recording.activity.source and size:
        unknown = track["time_s"] * float("nan")
        names = ("time_s", "distance_m", "altitude_m", "segment")
        seen["arrays"] = tuple(track.get(name, unknown) for name in names)
    return expose(recording, home, where) | seen


def import_all(corpus: Path) -> RealLog:
    every: list[Row] = []
    merge = module.merge_duplicates

    def keep(rows: list[Row], *said: Any) -> Any:
        every.extend(rows)
        return merge(rows, *said)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exposure, "expose", look)
        patch.setattr(module, "merge_duplicates", keep)
        found = ingest([corpus], Config(home_timezone="Europe/Berlin"), jobs=1)
    return RealLog(found, tuple(every))


def once(place: Path, make: Callable[[], RealLog]) -> RealLog:
    """Made by the first of several processes, taken over by the others."""
    ready = place.with_suffix(".ready")
    try:
        place.open("xb").close()
    except FileExistsError:
        for _ in range(6000):
            if ready.exists():
                result = pickle.loads(ready.read_bytes())
                if isinstance(result, RealLog):
                    return result
                raise RuntimeError(f"the import failed in another process: {result}") from None
            time.sleep(0.1)
        raise
    result = "it never ended"
    try:
        result = make()
    except BaseException as error:
        result = repr(error)
        raise
    finally:
        half = place.with_suffix(".half")
        half.write_bytes(pickle.dumps(result))
        half.replace(ready)
    return result


@pytest.fixture(scope="session")
def real_log(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> RealLog:
    """The import of all real files."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None:
        return import_all(corpus)
    shared = tmp_path_factory.getbasetemp().parent / f"real-log-{run}"
    return once(shared, lambda: import_all(corpus))
