"""The table from tags to a class of ground, and which ways can be run on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.columns import GROUNDS
from kneewatch.ground.classes import can_be_run, class_of

# EVIDENCE.md, section 5, written out again: the table is held to the evidence, not to itself.
BY_EVIDENCE = {
    "hard": "asphalt concrete concrete:plates concrete:lanes paving_stones sett paved chipseal "
    "metal wood",
    "firm": "compacted fine_gravel tartan rubber acrylic artificial_turf",
    "soft": "grass woodchips earth mud snow sand",
    "uneven": "cobblestone unhewn_cobblestone gravel pebblestone ground dirt rock stone",
    "unknown": "unpaved",
}


def of(**tags: str) -> str:
    return class_of({"highway": "path", **tags})


@pytest.mark.parametrize(
    ("surface", "class_"),
    [(value, class_) for class_, values in BY_EVIDENCE.items() for value in values.split()],
)
def test_surfaces_are_those_of_the_evidence(surface: str, class_: str) -> None:
    assert of(surface=surface) == class_


@pytest.mark.parametrize(
    "tags",
    [
        *(
            {"smoothness": s}
            for s in ["bad", "very_bad", "horrible", "very_horrible", "impassable"]
        ),
        *({"tracktype": t} for t in ("grade3", "grade4", "grade5")),
        *(
            {"sac_scale": s}
            for s in (
                "mountain_hiking",
                "demanding_mountain_hiking",
                "alpine_hiking",
                "demanding_alpine_hiking",
                "difficult_alpine_hiking",
            )
        ),
    ],
    ids=str,
)
@pytest.mark.parametrize("surface", ["asphalt", "grass", "unpaved", ""])
def test_rough_is_uneven_whatever_it_is_made_of(tags: dict[str, str], surface: str) -> None:
    assert class_of({"highway": "track", "surface": surface, **tags}) == "uneven"


@pytest.mark.parametrize(
    "tags",
    [
        {"smoothness": "intermediate"},
        {"smoothness": "excellent"},
        {"tracktype": "grade1"},  # paved or heavily compacted: one of two
        {"sac_scale": "hiking"},
        {"sac_scale": "strolling"},
        {},
        {"surface": "yes"},
        {"surface": ""},
        {"surface": "asphalt;gravel"},  # half of it
        {"surface": "no_such_thing"},
    ],
    ids=str,
)
@pytest.mark.parametrize("highway", ["residential", "primary", "footway", "path", "track", "steps"])
def test_what_is_not_told_stays_unknown(highway: str, tags: dict[str, str]) -> None:
    """No kind of road is taken for hard, or for anything else."""
    assert class_of({"highway": highway, **tags}) == "unknown"


def test_what_the_evidence_leaves_open_is_ours() -> None:
    assert of(tracktype="grade2") == "firm"
    assert of(tracktype="grade2", surface="unpaved") == "firm"
    assert of(tracktype="grade2", surface="grass") == "soft"
    assert of(surface="asphalt;concrete") == "hard"
    assert of(surface="dirt/ground") == "uneven"
    assert of(surface="paving_stones:30") == "hard"
    assert of(surface="Asphalt") == "hard"
    assert class_of({"leisure": "track", "sport": "athletics"}) == "firm"
    assert class_of({"leisure": "track", "sport": "running", "surface": "grass"}) == "soft"
    assert class_of({"leisure": "track", "sport": "running", "surface": "unpaved"}) == "unknown"


@given(
    st.dictionaries(st.sampled_from(["surface", "smoothness", "tracktype", "sac_scale"]), st.text())
)
def test_any_tags_have_a_class(tags: dict[str, str]) -> None:
    assert class_of(tags) in (*GROUNDS, "unknown")
    assert not can_be_run(tags)


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "footway"},
        {"highway": "residential"},
        {"highway": "trunk"},
        {"highway": "service", "access": "private"},  # people run where they live
        {"highway": "track", "access": "no", "foot": "yes"},
        {"highway": "cycleway", "foot": "designated"},
        {"highway": "steps"},
        {"leisure": "track", "sport": "soccer;athletics"},
    ],
    ids=str,
)
def test_a_person_can_run_on(tags: dict[str, str]) -> None:
    assert can_be_run(tags)


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "motorway"},
        {"highway": "motorway_link"},
        {"highway": "construction"},
        {"highway": "proposed"},
        {"highway": "raceway"},
        {"highway": "corridor"},
        {"highway": "primary", "foot": "no"},
        {"highway": "trunk", "motorroad": "yes"},
        {"highway": "service", "access": "no"},
        {"highway": "footway", "indoor": "yes"},
        {"highway": "steps", "conveying": "forward"},
        {"leisure": "track", "sport": "horse_racing"},
        {"leisure": "track"},
        {"waterway": "river"},
        {},
    ],
    ids=str,
)
def test_nobody_runs_on(tags: dict[str, str]) -> None:
    assert not can_be_run(tags)
