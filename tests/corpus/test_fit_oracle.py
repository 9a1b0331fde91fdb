"""Our FIT decoder against fitdecode on real files; ``benchmarks/equal_fit.py`` takes all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from benchmarks.equal_fit import compare, fit_files, unpacked

from kneewatch.model import Reading, Recording, Source
from kneewatch.readers import fit
from kneewatch.readers.fit.contents import EVERYTHING
from kneewatch.readers.fit.decode import chain

EVERY = 40
"""Of the files of the long logs one in so many is compared."""

ENHANCED = {
    # file: why ours differs, and is right
    "coros-pace-2-cycling-misaligned-fields.fit": "a word in place of the number, in an event",
    "strava-android-app-201.10-b1218918.fit": "goes on behind the missing bytes",
}


def chosen(corpus: Path) -> Iterator[tuple[str, bytes]]:
    yield from fit_files(corpus / "fit")
    logs = sorted(path for path in (corpus / "logs").rglob("*.fit*") if path.is_file())
    for path in logs[::EVERY]:
        yield from unpacked(path.name, path)


def test_every_column_is_as_fitdecode_has_it(corpus: Path) -> None:
    values = files = 0
    for name, data in chosen(corpus):
        found = compare(data)
        files += 1
        values += found.values
        differs = name.rpartition("__")[2] in ENHANCED
        assert bool(found.differences) == differs, f"{name}: {found.differences[:3]}"
        if "strava" not in name:
            assert found.equal == found.values, name
    assert files >= 65
    assert values >= 1_500_000


def test_one_word_in_an_event_is_all_that_differs_in_the_misaligned_file(corpus: Path) -> None:
    [path] = corpus.rglob("*coros-pace-2*.fit")
    found = compare(path.read_bytes())
    assert {line.partition(":")[0] for line in found.differences} == {"event"}
    assert all("'timer_trigger': ('manual', 0)" in line for line in found.differences)


def test_behind_missing_bytes_the_step_is_found_again(corpus: Path) -> None:
    """A phone's file that lost its carriage returns; fitdecode has the first 472 records."""
    [path] = corpus.rglob("*strava-android-app*.fit")
    [file] = chain(path.read_bytes())
    assert len(file) == 5329
    assert file.damage == "399 of 78,233 bytes (1 %) cannot be decoded"
    distance = file.records["distance"]
    assert np.nanmax(distance) == 11274.04
    assert np.all(np.diff(distance[np.isfinite(distance)]) >= 0)
    assert np.all(np.diff(file.records["timestamp"]) <= 4)
    assert np.nanmax(file.records["enhanced_altitude"]) < 1200
    assert file.first("session")["total_distance"] == 11274.04


def readings(data: bytes) -> list[Reading]:
    return list(fit.read(Source("a.fit", data)))


def test_what_is_not_decoded_is_not_missed(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [data for _, data in chosen(corpus)]
    sparing = [readings(data) for data in files]
    monkeypatch.setattr(fit, "USES", EVERYTHING)
    for data, before in zip(files, sparing, strict=True):
        for one, other in zip(before, readings(data), strict=True):
            if isinstance(one, Recording) and isinstance(other, Recording):
                assert one.activity == other.activity
                assert one.track.keys() == other.track.keys()
                for name, column in one.track.items():
                    np.testing.assert_array_equal(column, other.track[name])
            else:
                assert one == other
