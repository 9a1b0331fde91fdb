"""Laws of the JSON and KML that vendors export: one reader, and nothing throws it off."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from exports.history import Run
from exports.nike import activity_of, write_nike
from exports.opentracks import kml, write_opentracks
from exports.polar import new_session, old_session, write_polar
from exports.suunto import header_of, samples_of, wrapped, write_suunto
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kneewatch.config import Config
from kneewatch.ingest import read_file
from kneewatch.model import FileResult, Source
from kneewatch.readers import HEAD_BYTES, READERS, gpx, nike, polar, suunto
from kneewatch.readers import kml as kml_reader

RUN = Run(
    datetime(2025, 3, 4, 17, 30, tzinfo=UTC),
    60.0,
    20.0,
    offset_s=3600,
    title="Ünder the tree",
    shoe="Blue",
)

SAMPLES = [dict(sample) for sample in samples_of(RUN)]

JSON: dict[str, Any] = {
    "polar": new_session(RUN),
    "polar before 2": old_session(RUN),
    "suunto": {"DeviceLog": {"Header": header_of(RUN), "Samples": SAMPLES}},
    "suunto app": {"Samples": [wrapped(sample) for sample in SAMPLES]},
    "nike": activity_of(RUN),
}

TEXTS = {name: json.dumps(value).encode() for name, value in JSON.items()} | {
    "kml": kml(RUN).encode()
}

ANYTHING: list[Any] = [
    None,
    True,
    0,
    -1,
    1e308,
    10**400,
    float("nan"),
    "",
    "\ud800",
    "NaN",
    "PT1H",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    [],
    [None],
    [[]],
    ["a"],
    {},
    {"a": []},
]

slow = [HealthCheck.too_slow]


def measured(data: bytes) -> FileResult:
    """Read and measured, with something said and nothing failing."""
    result = read_file(Source("1.txt", data), Config())
    assert result.rows or result.problems or result.not_activities
    for problem in result.problems:
        assert "cannot be measured" not in problem.reason, problem
        assert "cannot be read (" not in problem.reason, problem
    return result


@pytest.mark.parametrize("name", TEXTS)
def test_the_whole_is_one_activity(name: str) -> None:
    result = measured(TEXTS[name])
    assert (len(result.rows), result.problems) == (1, ())
    assert result.rows[0]["distance_m"] == pytest.approx(60, abs=0.1)


@settings(max_examples=200, deadline=None, suppress_health_check=slow)
@given(name=st.sampled_from(sorted(TEXTS)), share=st.floats(0, 1))
def test_any_prefix_is_a_reading_and_never_an_exception(name: str, share: float) -> None:
    data = TEXTS[name]
    measured(data[: int(share * len(data))])


@settings(max_examples=400, deadline=None, suppress_health_check=slow)
@given(
    name=st.sampled_from(sorted(TEXTS)),
    share=st.floats(0, 1, exclude_max=True),
    byte=st.integers(0, 255),
)
def test_any_wrong_byte_is_a_reading_and_never_an_exception(
    name: str, share: float, byte: int
) -> None:
    data = bytearray(TEXTS[name])
    data[int(share * len(data))] = byte
    measured(bytes(data))


def places(value: Any, most: int = 10**9) -> Iterator[tuple[Any, Any]]:
    """Every object and list with every key and number in it; of a list so many."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value[:most]):
        yield value, key
        if isinstance(inner, (dict, list)):
            yield from places(inner, most)


@settings(max_examples=300, deadline=None, suppress_health_check=slow)
@given(
    name=st.sampled_from(sorted(JSON)),
    changes=st.lists(st.tuples(st.floats(0, 1), st.sampled_from(ANYTHING)), min_size=1, max_size=3),
)
def test_anything_in_any_place_is_a_reading_and_never_an_exception(
    name: str, changes: list[tuple[float, Any]]
) -> None:
    value = copy.deepcopy(JSON[name])
    for share, other in changes:
        known = list(places(value))
        if known:
            holder, key = known[min(int(share * len(known)), len(known) - 1)]
            holder[key] = copy.deepcopy(other)
    measured(json.dumps(value).encode())


@pytest.mark.parametrize("number", range(len(ANYTHING)))
@pytest.mark.parametrize("name", JSON)
def test_anything_in_the_place_of_each_name(name: str, number: int) -> None:
    """Of a list the first four."""
    value = copy.deepcopy(JSON[name])
    for holder, key in list(places(value, 4)):
        before = holder[key]
        holder[key] = copy.deepcopy(ANYTHING[number])
        measured(json.dumps(value).encode())
        holder[key] = before


def test_one_reader_claims_each_file(tmp_path: Path) -> None:
    write_polar(tmp_path / "polar", [RUN])
    write_polar(tmp_path / "polar before 2", [RUN], old=True)
    write_suunto(tmp_path / "suunto", [RUN])
    write_suunto(tmp_path / "suunto app", [RUN], app=True)
    write_nike(tmp_path / "nike", [RUN])
    write_opentracks(tmp_path / "gpx", [RUN], "gpx")
    write_opentracks(tmp_path / "kml", [RUN], "kml")
    readers = {
        "polar/training-session_*.json": polar,
        "polar before 2/training-session-*.json": polar,
        "suunto/*.json": suunto,
        "suunto app/*/*.json": suunto,
        "nike/**/*.json": nike,
        "gpx/*": gpx,
        "kml/*": kml_reader,
    }
    for pattern, reader in readers.items():
        files = list(tmp_path.glob(pattern))
        assert files, pattern
        for file in files:
            head = file.read_bytes()[:HEAD_BYTES]
            assert [one for one in READERS if one.sniff("1.txt", head)] == [reader], file.name


def test_what_lies_beside_polars_sessions_is_not_loaded(tmp_path: Path) -> None:
    write_polar(tmp_path, [RUN])
    files = [file for file in tmp_path.glob("*") if not file.name.startswith("training-")]
    assert len(files) >= 2
    for file in files:
        head = file.read_bytes()[:HEAD_BYTES]
        assert not any(one.sniff(file.name, head) for one in READERS), file.name
