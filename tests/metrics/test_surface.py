"""The class of ground from labels and from the kind of sport."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.columns import SURFACES
from kneewatch.metrics.surface import BY_SUB_SPORT, BY_WORD, classify_surface
from kneewatch.model import Activity


def classify(surface: str = "", sub_sport: str = "generic") -> tuple[str, str]:
    start = datetime(2025, 6, 1, tzinfo=UTC)
    return classify_surface(
        Activity("a", "a.fit", start, "running", sub_sport=sub_sport, surface=surface)
    )


# EVIDENCE 5's classes of OpenStreetMap's values. "wood" is left out: by hand it may mean a forest.
OPEN_STREET_MAP = {
    "hard": "asphalt concrete concrete:plates concrete:lanes paving_stones sett paved chipseal "
    "metal",
    "firm": "compacted fine_gravel tartan rubber acrylic artificial_turf",
    "soft": "grass woodchips earth mud snow sand",
    "uneven": "cobblestone unhewn_cobblestone gravel pebblestone ground dirt rock stone",
    "unknown": "unpaved",
}


@pytest.mark.parametrize(
    ("word", "class_"),
    [(word, class_) for class_, words in OPEN_STREET_MAP.items() for word in words.split()],
)
def test_words_of_the_map(word: str, class_: str) -> None:
    assert classify(word)[0] == class_


@pytest.mark.parametrize(
    ("words", "class_"),
    [
        ("Asphalt", "hard"),
        ("ASFALTO", "hard"),
        ("Straße", "hard"),
        ("road, some trail", "unknown"),
        ("trail/road", "unknown"),  # half and half is neither
        ("asphalt/concrete", "hard"),
        ("gravel, grass", "unknown"),
        ("not paved", "unknown"),
        ("country road", "unknown"),
        ("Forest road", "uneven"),
        ("off-road", "uneven"),
        ("Off road", "uneven"),
        ("offroad", "uneven"),
        ("unpaved road", "unknown"),
        ("dirt road", "uneven"),
        ("track 400 m", "firm"),
        ("Tartanbahn", "firm"),
        ("Wiese", "unknown"),
        ("gras", "soft"),
        ("Laufband", "treadmill"),
        ("tapis roulant", "treadmill"),
        ("42", "unknown"),
        ("", "unknown"),
        ("broadway", "unknown"),  # no word is looked for inside another
        ("abroad", "unknown"),
    ],
)
def test_words_of_people(words: str, class_: str) -> None:
    found, source = classify(words)
    assert found == class_
    assert source == ("none" if class_ == "unknown" else "label")


@pytest.mark.parametrize(
    ("sub_sport", "class_"),
    [
        ("street", "hard"),
        ("trail", "uneven"),
        ("track", "firm"),
        ("treadmill", "treadmill"),
        ("indoor_running", "treadmill"),
        ("virtual_activity", "treadmill"),
        ("generic", "unknown"),
        ("ultra", "unknown"),
        ("mixed_surface", "unknown"),
        ("sub_sport_99", "unknown"),
        ("", "unknown"),
    ],
)
def test_kinds_of_sport(sub_sport: str, class_: str) -> None:
    found, source = classify(sub_sport=sub_sport)
    assert found == class_
    assert source == ("none" if class_ == "unknown" else "kind of sport")


def test_a_label_outranks_the_kind_of_sport() -> None:
    assert classify("grass", "street") == ("soft", "label")
    # A word that says nothing does not.
    assert classify("Prater", "street") == ("hard", "kind of sport")


def test_a_treadmill_is_one_whatever_the_label() -> None:
    assert classify("road", "treadmill") == ("treadmill", "kind of sport")


def test_unpaved_is_never_hard() -> None:
    assert classify("unpaved", "street") == ("unknown", "none")
    assert classify("unpaved", "trail") == ("uneven", "kind of sport")


@given(st.text(max_size=30), st.text(max_size=15) | st.sampled_from(sorted(BY_SUB_SPORT)))
def test_what_is_not_known_is_never_hard(surface: str, sub_sport: str) -> None:
    found, source = classify(surface, sub_sport)
    assert found in SURFACES
    said = {word for word in BY_WORD["hard"].split() if word in surface.lower()}
    if found == "hard":
        assert said or sub_sport == "street"
    assert (found == "unknown") == (source == "none")
