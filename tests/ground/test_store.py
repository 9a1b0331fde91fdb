"""Indexes beside the cache: made once, private, and made anew where they are damaged."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from courses import Town

from kneewatch.errors import UsageError
from kneewatch.ground import Ground, extract, ground_of, store
from kneewatch.ground.index import build
from kneewatch.ground.store import DamagedError, Map

MONACO = "quackosm_monaco.osm.pbf"


@pytest.fixture
def monaco(corpus: Path, tmp_path: Path) -> Path:
    """A copy of our own, old enough to be trusted."""
    path = tmp_path / "region.osm.pbf"
    path.write_bytes((corpus / "osm" / MONACO).read_bytes())
    moment = time.time() - 3600
    os.utime(path, (moment, moment))
    return path


def made(monaco: Path, place: Path) -> Map:
    with store.maps([monaco], place) as maps:
        store.make(maps)
    return maps[0]


def the_same(one: object, other: object) -> bool:
    arrays = [item.arrays for item in (one, other)]  # type: ignore[attr-defined]
    return all(np.array_equal(arrays[0][name], arrays[1][name]) for name in arrays[0])


def test_what_is_saved_comes_back(monaco: Path, tmp_path: Path) -> None:
    index = build(extract.read(monaco))
    store.save(index, tmp_path / "a.map")
    for check in (True, False):
        assert the_same(store.load(tmp_path / "a.map", check=check), index)


def test_only_the_user_can_read_it(monaco: Path, tmp_path: Path) -> None:
    """It tells where somebody runs."""
    place = tmp_path / "cache"
    made(monaco, place)
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    files = [*(place / store.FOLDER).iterdir()]
    assert {path.suffix for path in files} == {".map", ".json"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_it_is_made_once(monaco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = made(monaco, tmp_path)
    # Neither the extract is read again nor osmium needed.
    monkeypatch.setitem(sys.modules, "osmium", None)
    monkeypatch.setattr(hashlib, "file_digest", None)
    assert made(monaco, tmp_path) == first


def test_another_content_is_another_map(monaco: Path, corpus: Path, tmp_path: Path) -> None:
    first = made(monaco, tmp_path)
    monaco.write_bytes((corpus / "osm" / "graphhopper_andorra.osm.pbf").read_bytes())
    second = made(monaco, tmp_path)
    assert second.digest != first.digest
    assert second.index != first.index
    assert Path(first.index).exists()


def test_a_file_that_has_just_changed_is_looked_at_again(monaco: Path, tmp_path: Path) -> None:
    """It may change once more within its time stamp."""
    os.utime(monaco)
    made(monaco, tmp_path)
    assert not (tmp_path / store.FOLDER / store.SEEN).exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:10],
        lambda data: data[: len(data) // 2],
        lambda data: data + b"more",
        lambda data: b"x" + data[1:],
        lambda data: data[:-100] + bytes([data[-100] ^ 1]) + data[-99:],
        lambda data: data[:30] + b"{" + data[31:],
        lambda data: bytes(len(data)),
        lambda data: store.MAGIC + (1 << 60).to_bytes(8, "little") + data,
    ],
)
def test_a_damaged_map_is_made_anew(monaco: Path, tmp_path: Path, damage: object) -> None:
    item = made(monaco, tmp_path)
    path = Path(item.index)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))  # type: ignore[operator]
    with pytest.raises(DamagedError):
        store.load(path, check=True)
    assert made(monaco, tmp_path) == item
    assert path.read_bytes() == whole


def test_any_prefix_is_damage_and_nothing_else(monaco: Path, tmp_path: Path) -> None:
    data = Path(made(monaco, tmp_path).index).read_bytes()
    path = tmp_path / "part.map"
    for size in [*range(0, 2000, 37), *range(2000, len(data), 20011)]:
        path.write_bytes(data[:size])
        with pytest.raises(DamagedError):
            store.load(path)


def test_what_is_seen_may_be_anything(monaco: Path, tmp_path: Path) -> None:
    item = made(monaco, tmp_path)
    for said in (b"", b"[]", b"{", b'{"%s": 3}' % bytes(monaco), b"\xff"):
        (tmp_path / store.FOLDER / store.SEEN).write_bytes(said)
        assert made(monaco, tmp_path) == item


def test_those_of_another_version_go(monaco: Path, tmp_path: Path) -> None:
    old = tmp_path / store.FOLDER / "0123456789ab-cdef.map"
    old.parent.mkdir()
    old.write_bytes(b"old")
    made(monaco, tmp_path)
    assert not old.exists()


def test_without_a_cache_nothing_stays(monaco: Path) -> None:
    with store.maps([monaco], None) as (item,):
        store.make([item])
        assert Path(item.index).exists()
    assert not Path(item.index).parent.exists()


def test_a_folder_that_cannot_be_written_costs_no_import(monaco: Path, tmp_path: Path) -> None:
    place = tmp_path / "cache"
    place.write_text("a file")
    with store.maps([monaco], place) as (item,):
        store.make([item])
        assert store.load(Path(item.index), check=True)
    assert place.read_text() == "a file"


def test_whoever_does_not_see_the_index_makes_its_own(monaco: Path, tmp_path: Path) -> None:
    """A worker of a cluster, on another machine."""
    item = made(monaco, tmp_path)
    elsewhere = Map(item.extract, str(tmp_path / "nowhere" / "a.map"), item.digest)
    assert the_same(store.opened(elsewhere), store.load(Path(item.index)))


def test_an_extract_that_is_not_there(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match=r"region\.osm\.pbf cannot be opened: No such file"),
        store.maps([tmp_path / "region.osm.pbf"], tmp_path),
    ):
        pass


def test_no_maps_are_no_ground(tmp_path: Path) -> None:
    with store.maps([], tmp_path / "cache") as maps:
        assert maps == ()
    assert not (tmp_path / "cache").exists()
    assert ground_of(()) is None


def test_a_process_opens_a_map_once(monaco: Path, tmp_path: Path) -> None:
    item = made(monaco, tmp_path)
    assert ground_of((item,)) is ground_of((Map(item.extract, item.index, item.digest),))


def test_of_two_maps_the_one_that_knows(monaco: Path, corpus: Path, tmp_path: Path) -> None:
    """A runner near a border has an extract of either side."""
    run = Town(monaco).course(np.random.default_rng(1), 3.0, seconds=600)
    told = (run.lat_deg, run.lon_deg, run.time_s, run.segment)
    one = made(monaco, tmp_path)
    with store.maps([corpus / "osm" / "graphhopper_andorra.osm.pbf"], tmp_path) as (other,):
        store.make([other])
    alone = Ground((one,))(*told)
    assert len({*alone.tolist()}) > 1
    for both in ((one, other), (other, one)):
        assert np.array_equal(Ground(both)(*told), alone)
