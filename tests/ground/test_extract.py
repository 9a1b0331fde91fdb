"""Extracts of OpenStreetMap, and files that are none."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import numpy as np
import pytest

from kneewatch.columns import SURFACES
from kneewatch.errors import UsageError
from kneewatch.ground import extract
from kneewatch.ground.extract import UNITS_A_DEGREE

XML = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
{nodes}
{ways}
</osm>
"""


def osm(nodes: dict[int, tuple[float, float]], ways: dict[str, list[int]]) -> str:
    """An extract: nodes by number, and ways by their tags, ``highway=path surface=grass``."""
    lines = [
        f'<way id="{number}">'
        + "".join(f'<nd ref="{ref}"/>' for ref in refs)
        + "".join('<tag k="{}" v="{}"/>'.format(*tag.split("=")) for tag in tags.split())
        + "</way>"
        for number, (tags, refs) in enumerate(ways.items(), 1)
    ]
    points = [f'<node id="{n}" lat="{lat}" lon="{lon}"/>' for n, (lat, lon) in nodes.items()]
    return XML.format(nodes="\n".join(points), ways="\n".join(lines))


NODES = {n: (48.0, 11.0 + n / 1000) for n in range(1, 7)}


def test_what_can_be_run_on_with_its_class(tmp_path: Path) -> None:
    path = tmp_path / "a.osm"
    path.write_text(
        osm(
            NODES,
            {
                "highway=path surface=grass": [1, 2, 3],
                "highway=motorway surface=asphalt": [1, 4],
                "highway=residential": [3, 4],
                "waterway=river": [2, 5],
                "leisure=track sport=athletics surface=tartan": [5, 6],
            },
        )
    )
    found = extract.read(path)
    assert found.sizes.tolist() == [3, 2, 2]
    assert [SURFACES[code] for code in found.classes] == ["soft", "unknown", "firm"]
    assert found.lat[0] == 48 * UNITS_A_DEGREE
    assert (found.lon[:3] / UNITS_A_DEGREE).tolist() == [11.001, 11.002, 11.003]


def test_where_an_extract_cuts_a_way_off_what_is_left_counts(tmp_path: Path) -> None:
    path = tmp_path / "cut.osm"
    path.write_text(osm(NODES, {"highway=path surface=sand": [1, 2, 99, 3, 4, 5, 98, 6]}))
    found = extract.read(path)
    assert found.sizes.tolist() == [2, 3]
    assert [SURFACES[code] for code in found.classes] == ["soft", "soft"]


def test_the_same_packed(tmp_path: Path) -> None:
    path = tmp_path / "a.osm.gz"
    path.write_bytes(gzip.compress(osm(NODES, {"highway=path": [1, 2]}).encode()))
    assert extract.read(path).sizes.tolist() == [2]


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("graphhopper_andorra.osm.pbf", 1500),
        ("graphhopper_north-bayreuth.osm.gz", 1900),
        ("quackosm_monaco.osm.pbf", 2700),
    ],
)
def test_real_extracts(corpus: Path, name: str, ways: int) -> None:
    found = extract.read(corpus / "osm" / name)
    assert len(found.sizes) > ways
    assert len(found.lat) == len(found.lon) == found.sizes.sum()
    assert {SURFACES[code] for code in np.unique(found.classes)} >= {"hard", "uneven", "unknown"}


def test_an_empty_extract_says_so(corpus: Path) -> None:
    with pytest.raises(UsageError, match="holds no way that a person can run on"):
        extract.read(corpus / "osm" / "quackosm_empty.osm.pbf")


@pytest.mark.parametrize("name", ["a.osm.pbf", "a.osm", "a.osm.gz", "a.osm.bz2", "a.zip", "a"])
def test_what_is_no_extract_says_so_in_one_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"date,distance\n2025-01-01,10\n" * 100)
    with pytest.raises(UsageError, match=r"cannot be read as an extract of OpenStreetMap") as met:
        extract.read(path)
    assert "\n" not in str(met.value)
    assert str(path) in str(met.value)
    assert ".osm.pbf" in str(met.value)


@pytest.mark.parametrize("part", [0.2, 0.6, 0.95])
def test_half_an_extract_is_no_map_of_half_the_region(
    corpus: Path, tmp_path: Path, part: float
) -> None:
    data = (corpus / "osm" / "quackosm_monaco.osm.pbf").read_bytes()
    path = tmp_path / "half.osm.pbf"
    path.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(UsageError, match="cannot be read"):
        extract.read(path)


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "osmium", None)
    with pytest.raises(UsageError, match=r"pip install 'kneewatch\[osm\]'"):
        extract.read(tmp_path / "a.osm.pbf")
