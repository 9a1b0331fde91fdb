"""From files and an extract to the mix of a log: import, cache, workers, verbs, configuration."""

from __future__ import annotations

import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from courses import Course, Town

import kneewatch as kw
from kneewatch import cli
from kneewatch import ingest as importing
from kneewatch.cache import Cache
from kneewatch.columns import GROUNDS, SURFACES
from kneewatch.config import ConfigError, parse
from kneewatch.ground import extract, store
from kneewatch.log import RunLog

EMPTY = "quackosm_empty.osm.pbf"
RUNS = 3


@pytest.fixture(scope="module")
def town(corpus: Path) -> Town:
    return Town(corpus / "osm" / "quackosm_monaco.osm.pbf")


@pytest.fixture
def region(corpus: Path, tmp_path: Path) -> Path:
    """An extract of our own, old enough to be trusted."""
    path = tmp_path / "maps" / "region.osm.pbf"
    path.parent.mkdir()
    path.write_bytes((corpus / "osm" / "quackosm_monaco.osm.pbf").read_bytes())
    age(path)
    return path


@pytest.fixture(scope="module")
def courses(town: Town) -> list[Course]:
    """Runs over the ways of a town, with 4 m of error."""
    return [
        town.course(np.random.default_rng([3, number]), 4.0, seconds=1200) for number in range(RUNS)
    ]


@pytest.fixture
def log(courses: list[Course], tmp_path: Path) -> Path:
    folder = tmp_path / "log"
    folder.mkdir()
    for number, course in enumerate(courses):
        (folder / f"{number}.gpx").write_text(gpx(course, datetime(2025, 10, 1 + 3 * number, 7)))
        age(folder / f"{number}.gpx")
    return folder


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("KNEEWATCH_CACHE_DIR", str(folder))
    return folder


def age(path: Path) -> None:
    moment = time.time() - 3600
    os.utime(path, (moment, moment))


def gpx(course: Course, start: datetime, kind: str = "running", creator: str = "watch") -> str:
    points = "".join(
        f'<trkpt lat="{lat:.7f}" lon="{lon:.7f}">'
        f"<time>{(start + timedelta(seconds=t)).isoformat()}Z</time></trkpt>"
        for t, lat, lon in zip(course.time_s, course.lat_deg, course.lon_deg, strict=True)
    )
    return (
        f'<gpx version="1.1" creator="{creator}"><trk><type>{kind}</type>'
        f"<trkseg>{points}</trkseg></trk></gpx>"
    )


def mix(log: RunLog) -> dict[str, float]:
    """Metres by class over all weeks."""
    return {name: float(log.weeks[f"surface_{name}_m"].sum()) for name in SURFACES}


def call(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(cli.cli, [str(word) for word in words])
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


def test_a_map_tells_the_ground_of_runs(log: Path, region: Path, courses: list[Course]) -> None:
    plain, told = kw.load(log, cache=False), kw.load(log, osm=region, cache=False)
    assert set(plain.runs["surface"]) == {"unknown"}
    assert plain.runs["surface_hard_m"].isna().all()
    assert (told.runs["surface_source"] == "map").all()
    assert (told.runs["surface"] == "hard").all()
    found = mix(told)
    assert sum(found.values()) == pytest.approx(told.weeks["distance_m"].sum())
    # What the runs were laid on, class by class, to a tenth of the whole.
    truth = np.concatenate([course.truth for course in courses])
    for code, name in enumerate(SURFACES):
        share = found[name] / sum(found.values())
        assert share == pytest.approx((truth == code).mean(), abs=0.1), name


@pytest.mark.parametrize("how", [{"jobs": 1}, {"jobs": 2}, {"cache": False}])
def test_whoever_reads_it_is_the_same(
    log: Path, region: Path, place: Path, monkeypatch: pytest.MonkeyPatch, how: dict[str, Any]
) -> None:
    monkeypatch.setattr(importing, "FEW_FILES", 0)
    one = kw.load(log, osm=region, cache=False, jobs=1)
    assert mix(kw.load(log, osm=region, **how)) == mix(one)


def test_other_peoples_workers_read_it_too(log: Path, region: Path, place: Path) -> None:
    with ProcessPoolExecutor(2) as pool:
        there = kw.load(log, osm=region, executor=pool, jobs=2)
    assert mix(there) == mix(kw.load(log, osm=region, cache=False))


def test_a_second_check_reads_neither_runs_nor_map(
    log: Path, region: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = kw.load(log, osm=region)

    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("read again")

    monkeypatch.setattr(importing, "read_file", never)
    monkeypatch.setattr(extract, "read", never)
    monkeypatch.setattr(store, "load", never)
    monkeypatch.setitem(sys.modules, "osmium", None)
    assert mix(kw.load(log, osm=region)) == mix(first)


def test_another_map_derives_anew(log: Path, region: Path, corpus: Path, place: Path) -> None:
    """And the same map by another name does not."""
    told = mix(kw.load(log, osm=region))
    plain = mix(kw.load(log))
    assert plain["unknown"] == pytest.approx(sum(told.values()))
    elsewhere = kw.load(log, osm=corpus / "osm" / "graphhopper_andorra.osm.pbf")
    assert mix(elsewhere) == plain
    region.rename(region.with_name("moved.osm.pbf"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cache, "keep", lambda *_: pytest.fail("derived anew"))
        assert mix(kw.load(log, osm=region.with_name("moved.osm.pbf"))) == told


def test_a_damaged_index_is_made_anew(log: Path, region: Path, place: Path) -> None:
    told = mix(kw.load(log, osm=region))
    (index,) = (place / store.FOLDER).glob("*.map")
    index.write_bytes(index.read_bytes()[:5000])
    (place / "rows.sqlite").unlink()
    assert mix(kw.load(log, osm=region)) == told


@pytest.mark.parametrize(
    ("kind", "creator"), [("VirtualRun", "StravaGPX"), ("running", "Zwift"), ("53", "StravaGPX")]
)
def test_a_run_on_a_screen_is_never_matched(
    town: Town, region: Path, tmp_path: Path, kind: str, creator: str
) -> None:
    course = town.course(np.random.default_rng(1), 1.0, seconds=900)
    folder = tmp_path / "virtual"
    folder.mkdir()
    (folder / "v.gpx").write_text(gpx(course, datetime(2025, 10, 1, 7), kind, creator))
    log = kw.load(folder, osm=region, cache=False)
    assert log.runs["surface"].tolist() == ["treadmill"]
    assert log.runs[[f"surface_{name}_m" for name in GROUNDS]].isna().all(axis=None)


def test_a_map_beside_the_runs_is_no_file_of_theirs(log: Path, region: Path) -> None:
    inside = log / "region.osm.pbf"
    region.rename(inside)
    tally = kw.load(log, osm=inside, cache=False).tally
    assert (tally.files, tally.runs, tally.not_activities) == (RUNS, RUNS, ())


def test_the_configuration_names_it_as_it_lies(log: Path, region: Path, place: Path) -> None:
    region.rename(log / "region.osm.pbf")
    (log / "kneewatch.toml").write_text('osm = "region.osm.pbf"\n')
    told = kw.load(log)
    assert told.config.osm == (log / "region.osm.pbf",)
    assert (told.runs["surface_source"] == "map").all()
    # What is asked for counts instead.
    assert set(kw.load(log, osm=[]).runs["surface"]) == {"unknown"}
    assert call("runs", log).count("hard") == RUNS


def test_what_the_configuration_may_say() -> None:
    assert parse({}).osm == ()
    assert parse({"osm": ["a.osm.pbf", "b.osm"]}).osm == (Path("a.osm.pbf"), Path("b.osm"))
    for wrong in (3, [3], {"file": "a"}, True):
        with pytest.raises(ConfigError, match="osm must name a file or a list of files"):
            parse({"osm": wrong})


@pytest.mark.parametrize("verb", ["check", "runs", "weeks", "days", "shoes", "doctor", "audit"])
def test_every_verb_takes_it(verb: str, log: Path, region: Path, place: Path) -> None:
    printed = call(verb, log, "--osm", region)
    if verb == "weeks":
        rows = json.loads(call("weeks", log, "--osm", region, "--json"))
        assert sum(row["surface_hard_m"] or 0 for row in rows) > 1000
    if verb == "check":
        assert "of distance known" in " ".join(printed.split())


def test_coverage_stands_beside_the_mix(
    log: Path, region: Path, place: Path, tmp_path: Path
) -> None:
    """The same share in the terminal, the page, the text and the chart."""
    told = kw.load(log, osm=region)
    metres = mix(told)
    share = f"{100 * (1 - metres['unknown'] / sum(metres.values())):.0f} % of distance known"
    assert share != "100 % of distance known"
    assert share in " ".join(call("check", log, "--osm", region).split())
    page = told.report(tmp_path / "out").read_text("utf-8").replace("\N{NO-BREAK SPACE}", " ")
    assert page.count(share) >= 2
    assert (tmp_path / "out" / "report.md").read_text("utf-8").count(share) >= 2
    assert share in told.plot("surface_mix").get_ylabel()
    coverage = json.loads(call("check", log, "--osm", region, "--json"))["coverage"]
    assert coverage["surface"] == pytest.approx(1 - metres["unknown"] / sum(metres.values()))
    assert sum(coverage["ground"].values()) == pytest.approx(coverage["surface"])


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("no.osm.pbf", b"no map", "cannot be read as an extract of OpenStreetMap"),
        ("no.txt", b"no map", "cannot be read as an extract of OpenStreetMap"),
        ("missing.osm.pbf", None, "cannot be opened"),
    ],
)
def test_what_is_no_map_is_said_in_one_line(
    log: Path, place: Path, tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    printed = call("check", log, "--osm", path, code=2)
    assert printed.startswith("kneewatch: ")
    assert says in printed
    assert printed.count("\n") == 1


def test_an_empty_map_is_said_in_one_line(log: Path, place: Path, corpus: Path) -> None:
    printed = call("check", log, "--osm", corpus / "osm" / EMPTY, code=2)
    assert "holds no way that a person can run on" in printed
    assert printed.count("\n") == 1


def test_without_the_extra(log: Path, region: Path, place: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "osmium", None)
        printed = call("check", log, "--osm", region, code=2)
    assert printed == (
        "kneewatch: a map of OpenStreetMap needs osmium: pip install 'kneewatch[osm]'\n"
    )
    # Nothing was remembered that a later check would take for what the map says.
    assert (kw.load(log, osm=region).runs["surface_source"] == "map").all()


def test_the_cache_counts_maps_and_lets_go_of_them(log: Path, region: Path, place: Path) -> None:
    call("check", log, "--osm", region)
    assert "1 map in 0.5 MB" in call("cache", "info")
    call("cache", "clear")
    assert not (place / store.FOLDER).exists()
    assert "map" not in call("cache", "info").splitlines()[-1]
