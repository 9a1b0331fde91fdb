"""Laws that hold for every reader: who claims a file, and that none is thrown off by damage."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kneewatch.config import Config
from kneewatch.ingest import read_file
from kneewatch.model import FileResult, NotActivity, Problem, Recording, Source
from kneewatch.readers import (
    HEAD_BYTES,
    NO_FORMAT,
    READERS,
    apple_health,
    claim,
    fit,
    garmin_account,
    gpx,
    read,
    table,
    tcx,
)
from kneewatch.sources import walk

SAMPLE = Path(__file__).parents[2] / "sample_data"

CLAIMANTS: dict[str, ModuleType] = {"fit": fit, "gpx": gpx, "tcx": tcx, "csv": table}


def sources(folder: Path) -> Iterator[Source]:
    """Every file whatever is in it, unpacked."""
    for item in walk([folder], lambda name, head: True):
        assert isinstance(item, Source), item
        yield item


def claimants(source: Source) -> list[ModuleType]:
    return [reader for reader in READERS if reader.sniff(source.name, source.data[:HEAD_BYTES])]


def test_one_reader_claims_each_sample_and_it_is_the_right_one(sample: Path) -> None:
    seen: set[str] = set()
    for source in sources(sample):
        suffix = source.name.removesuffix(".gz").rpartition(".")[2]
        wanted = [CLAIMANTS[suffix]] if suffix in CLAIMANTS else []
        assert claimants(source) == wanted, source.name
        seen.add(suffix)
    assert set(CLAIMANTS) <= seen


def test_at_most_one_reader_claims_a_real_file(corpus: Path) -> None:
    count = 0
    folders = [corpus / name for name in ("fit", "gpx", "tcx", "csv_exports", "osm", "injury")]
    for folder in folders:
        for source in sources(folder):
            found = claimants(source)
            suffix = source.name.removesuffix(".gz").rpartition(".")[2]
            if "/apple_health/" in source.name and suffix == "xml":
                assert found == [apple_health], source.name
            elif suffix in CLAIMANTS:
                assert found == [CLAIMANTS[suffix]], source.name
                count += 1
            elif source.name.endswith("summarizedActivities.json"):
                assert found == [garmin_account]
            else:
                assert found == [], source.name
    assert count >= 130


@pytest.mark.parametrize(
    "name", ["1", "1.txt", "1.xml", "1.fit", "1.tcx", "1.csv"], ids=lambda name: f"as {name}"
)
def test_the_bytes_decide_and_not_the_name(name: str) -> None:
    for folder, reader in (("phone", gpx), ("tcx", tcx)):
        data = next(iter(sources(SAMPLE / folder))).data
        if name != "1.fit":
            assert claim(name, data[:HEAD_BYTES]) is reader
    assert claim(name, next(iter(sources(SAMPLE / "watch"))).data[:HEAD_BYTES]) is fit


def test_what_nobody_claims_is_no_activity() -> None:
    for data in (b"", b"\x89PNG\r\n\x1a\n" + bytes(50), b"Dear diary, today I ran.", b"{}"):
        assert list(read(Source("x.bin", data))) == [NotActivity("x.bin", NO_FORMAT)]


def test_a_reader_that_fails_is_one_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    good = next(iter(read(Source("1.fit", next(sources(SAMPLE / "watch")).data))))

    def broken(source: Source) -> Iterator[object]:
        yield good
        raise RuntimeError("no\nidea " + "x" * 500)

    monkeypatch.setattr(fit, "read", broken)
    first, second = read(Source("1.fit", b"\x0e\x10\0\0\0\0\0\0.FIT"))
    assert first is good
    assert isinstance(second, Problem)
    assert second.reason.startswith("cannot be read (RuntimeError: no idea xxx")
    assert len(second.reason) < 200


def test_a_reader_that_says_nothing_is_spoken_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "read", lambda source: iter(()))
    [reading] = read(Source("1.fit", b""))
    assert reading == NotActivity("1.fit", "nothing in it")


# Damage ----------------------------------------------------------------------------------------


def smallest() -> dict[str, bytes]:
    """The smallest sample of each format; a zip holds them all."""
    found: dict[str, bytes] = {}
    for source in sources(SAMPLE):
        suffix = source.name.removesuffix(".gz").rpartition(".")[2]
        if suffix in CLAIMANTS and len(source.data) < len(found.get(suffix, bytes(1 << 30))):
            found[suffix] = source.data
    assert found.keys() == CLAIMANTS.keys()
    # The whole of an XML sample is some hundred kilobytes; its beginning and its end do as well.
    for suffix, end in (("gpx", b"</trkpt>"), ("tcx", b"</Trackpoint>")):
        data = found[suffix]
        head, tail = data.index(end, 9000) + len(end), data.rindex(end) + len(end)
        found[suffix] = data[:head] + data[tail:]
    found["fit"] = next(filter(is_whole, (shortened(found["fit"], n) for n in range(9000, 9100))))
    return found


def shortened(data: bytes, size: int) -> bytes:
    """A FIT file of so many bytes and no checksum."""
    body = data[14:][:size]
    return data[:4] + len(body).to_bytes(4, "little") + data[8:14] + body


def is_whole(data: bytes) -> bool:
    """Whether a FIT file ends where a message ends."""
    _, problem = read(Source("1.fit", data))
    return isinstance(problem, Problem) and problem.reason.startswith("the checksum")


SMALL = smallest()


def measured(suffix: str, data: bytes) -> FileResult:
    """Read and measured; it must come to an end, with something said."""
    source = Source(f"1.{suffix}", data)
    readings = list(read(source))
    assert readings
    for reading in readings:
        assert isinstance(reading, (Recording, Problem, NotActivity))
        assert isinstance(reading, Recording) or reading.reason
    result = read_file(source, Config())
    assert result.rows or result.problems or result.not_activities
    assert not any("cannot be measured" in problem.reason for problem in result.problems)
    return result


@pytest.mark.parametrize("suffix", CLAIMANTS)
def test_the_whole_small_sample_is_read(suffix: str) -> None:
    result = measured(suffix, SMALL[suffix])
    assert len(result.rows) == (8 if suffix == "csv" else 1)
    assert len(result.problems) == (suffix == "fit")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(suffix=st.sampled_from(sorted(CLAIMANTS)), share=st.floats(0, 1))
def test_any_prefix_is_a_reading_and_never_an_exception(suffix: str, share: float) -> None:
    data = SMALL[suffix]
    result = measured(suffix, data[: int(share * len(data))])
    assert not any("cannot be read (" in problem.reason for problem in result.problems)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    suffix=st.sampled_from(sorted(CLAIMANTS)),
    share=st.floats(0, 1, exclude_max=True),
    byte=st.integers(0, 255),
)
def test_any_wrong_byte_is_a_reading_and_never_an_exception(
    suffix: str, share: float, byte: int
) -> None:
    data = bytearray(SMALL[suffix])
    data[int(share * len(data))] = byte
    assert measured(suffix, bytes(data)).source == f"1.{suffix}"


@settings(max_examples=40, deadline=None)
@given(cut=st.floats(0, 1), place=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
def test_any_damaged_archive_is_something(
    tmp_path_factory: pytest.TempPathFactory, cut: float, place: float, byte: int
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.fit.gz", gzip.compress(SMALL["fit"][:500]))
        archive.writestr("b.csv", SMALL["csv"])
    data = bytearray(packed.getvalue())
    data[int(place * len(data))] = byte
    file = tmp_path_factory.getbasetemp() / "damaged.zip"
    file.write_bytes(data[: max(int(cut * len(data)), 1)] if cut < 0.7 else data)
    items = list(walk([file], lambda name, head: True))
    assert items
    assert all(item.name if isinstance(item, Source) else item.reason for item in items)
