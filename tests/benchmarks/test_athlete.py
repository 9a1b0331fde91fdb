"""The made-up athlete's files are clean for fitdecode and are to kneewatch what they claim."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import fitdecode
import numpy as np
import pytest
from benchmarks import athlete
from benchmarks.athlete import SECONDS, File, crc16, starts
from fit_encoder import fit_crc
from hypothesis import given
from hypothesis import strategies as st

import kneewatch as kw

RUNS = 4


@pytest.fixture(scope="module")
def files() -> list[File]:
    return list(athlete.athlete(RUNS))


@given(st.binary(max_size=300))
def test_the_fast_checksum_is_the_encoders(data: bytes) -> None:
    assert crc16(data) == fit_crc(data)


def test_fitdecode_finds_no_damage(files: list[File]) -> None:
    for file in files:
        names = Counter(message.name for message in decoded(file))
        assert names["record"] == SECONDS
        assert names["session"] == names["activity"] == names["file_id"] == 1
        assert names["lap"] == np.ceil(file.distance_m / 1000)
        assert names["unknown_233"] == pytest.approx(SECONDS / athlete.PRIVATE_EVERY, rel=0.25)


def test_equal_headers_come_in_short_runs(files: list[File]) -> None:
    local = [message.local_mesg_num for message in decoded(files[0])]
    lengths = [len(list(same)) for _, same in groupby(local)]
    assert np.mean(lengths) < athlete.PRIVATE_EVERY


def test_the_strap_is_missed_now_and_then() -> None:
    made = athlete.athlete(20)
    without = [
        sum(m.name == "record" and not m.has_field("stance_time") for m in decoded(file))
        for file in made
    ]
    assert 0 < sum(without) < 0.05 * 20 * SECONDS


def test_kneewatch_reads_the_runs_that_are_claimed(files: list[File], tmp_path: Path) -> None:
    for file in files:
        (tmp_path / file.name).write_bytes(file.data)
    log = kw.load(tmp_path, jobs=1)
    assert not log.tally.problems
    assert len(log.runs) == RUNS
    for file, (_, run) in zip(files, log.runs.iterrows(), strict=True):
        assert run["start"] == file.start
        assert run["distance_m"] == pytest.approx(file.distance_m, abs=0.01)
        assert 8000 < run["distance_m"] < 14_000
        assert run["moving_s"] == file.duration_s
        assert run["altitude_source"] == "barometer"
        assert run["descent_m"] == pytest.approx(run["device_descent_m"], rel=0.1)
        assert run["steps_source"] == "cadence"
        assert 9000 < run["steps"] < 11_000


def test_the_same_number_and_seed_give_the_same_bytes(files: list[File]) -> None:
    assert [file.data for file in athlete.athlete(RUNS)] == [file.data for file in files]
    assert len({file.data for file in files}) == RUNS


@pytest.mark.parametrize("runs", [1, 300, 3000, 10_000])
def test_no_two_runs_overlap_in_ten_years(runs: int) -> None:
    begun = starts(runs)
    apart = np.diff([start.timestamp() for start in begun])
    assert len(begun) == runs
    assert runs == 1 or apart.min() > SECONDS
    assert (begun[-1] - begun[0]).days <= athlete.DAYS
    assert begun[-1].date() == athlete.LAST_DAY


def test_a_folder_is_there_when_it_is_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(athlete, "one_run", failing_after(2, athlete.one_run))
    with pytest.raises(OSError, match="full"):
        athlete.write(tmp_path / "log", 3)
    assert not (tmp_path / "log").exists()
    monkeypatch.undo()
    athlete.write(tmp_path / "log", 3)
    assert len(list((tmp_path / "log").iterdir())) == 3


def failing_after(calls: int, real: Callable[..., File]) -> Callable[..., File]:
    left = iter(range(calls))

    def run(*arguments: object) -> File:
        if next(left, None) is None:
            raise OSError("the disk is full")
        return real(*arguments)

    return run


def decoded(file: File) -> list[fitdecode.FitDataMessage]:
    """Read with every check that fitdecode has."""
    with fitdecode.FitReader(
        io.BytesIO(file.data),
        check_crc=fitdecode.CrcCheck.RAISE,
        error_handling=fitdecode.ErrorHandling.RAISE,
    ) as reader:
        return [frame for frame in reader if isinstance(frame, fitdecode.FitDataMessage)]
