"""The register of gear in Garmin's account export."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kneewatch.model import Hint, NotActivity, Pair, Problem, Source
from kneewatch.readers import claim, garmin_account
from kneewatch.readers.garmin_json import BROKEN

GHOST: dict[str, Any] = {
    "gearPk": 44700764,
    "uuid": "f5292a2743d14d7b9f5b301741915660",
    "gearTypeName": "Shoes",
    "gearStatusName": "active",
    "customMakeModel": "Brooks Ghost 15",
    "displayName": None,
    "dateBegin": "2025-07-25",
    "maximumMeters": 643737.6,
}
BIKE = {"gearPk": 2, "gearTypeName": "Bike", "customMakeModel": "Gravel", "maximumMeters": 5e6}


def read(said: Any) -> NotActivity:
    data = said if isinstance(said, bytes) else json.dumps(said).encode()
    assert claim("x", data[:8192]) is garmin_account
    [found] = garmin_account.read(Source("r_gear.json", data))
    assert isinstance(found, NotActivity)
    return found


def register(*gear: dict[str, Any], worn: Any = None) -> NotActivity:
    return read([{"gearDTOS": list(gear), "gearActivityDTOs": worn or {}}])


def test_a_pair_and_what_it_was_worn_in() -> None:
    worn = {"44700764": [{"activityId": 7, "gearPk": 44700764}, {"activityId": 8}], "2": []}
    found = register(GHOST, BIKE, worn=worn)
    assert found.reason == "a register of 1 pair of shoes"
    assert found.pairs == (Pair("Brooks Ghost 15", since="2025-07-25", limit_m=643737.6),)
    assert found.hints == (
        Hint("garmin 7", {"shoe": "Brooks Ghost 15"}),
        Hint("garmin 8", {"shoe": "Brooks Ghost 15"}),
    )


def test_bikes_are_no_shoes() -> None:
    found = register(BIKE, worn={"2": [{"activityId": 7, "gearPk": 2}]})
    assert found == NotActivity("r_gear.json", "a register of 0 pairs of shoes")


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        ({"gearTypeName": "SHOES"}, True),
        ({"gearTypeName": None, "gearTypePk": 1}, True),
        ({"gearTypeName": None, "gearTypePk": 2}, False),
        ({"gearTypeName": None}, True),
        ({"gearTypeName": "Other"}, False),
    ],
)
def test_which_gear_is_shoes(kind: dict[str, Any], counts: bool) -> None:
    assert len(register(GHOST | kind).pairs) == counts


def test_of_two_pairs_in_one_activity_the_first_counts_and_that_is_said() -> None:
    other = GHOST | {"gearPk": 5, "customMakeModel": "Speedgoat"}
    worn = {"44700764": [{"activityId": 7}], "5": [{"activityId": 7}, {"activityId": 9}]}
    found = register(GHOST, other, worn=worn)
    assert [hint.values["shoe"] for hint in found.hints] == ["Brooks Ghost 15", "Speedgoat"]
    assert found.reason == (
        "a register of 2 pairs of shoes; 1 activity has two, of which the first counts"
    )


def test_links_as_one_list() -> None:
    found = register(GHOST, worn=[{"activityId": 7, "gearPk": 44700764}])
    assert found.hints == (Hint("garmin 7", {"shoe": "Brooks Ghost 15"}),)


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        ({"displayName": "blue"}, {"displayName": "red"}, ("blue", "red")),
        ({"dateBegin": "2023-02-01T00:00:00.0"}, {}, ("2023", "2025")),
        ({"dateBegin": "2025-01-02"}, {}, ("2025-01-02", "2025-07-25")),
        ({}, {}, ("44700764", "5")),
        ({"displayName": "blue"}, {}, ("44700764", "5")),
    ],
)
def test_two_pairs_of_one_name_get_apart(
    first: dict[str, Any], second: dict[str, Any], names: tuple[str, str]
) -> None:
    pairs = register(GHOST | first, GHOST | {"gearPk": 5} | second).pairs
    assert [pair.name for pair in pairs] == [f"Brooks Ghost 15 ({name})" for name in names]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"customMakeModel": " Ghost "}, "Ghost"),
        (
            {"customMakeModel": "", "gearMakeName": "Brooks", "gearModelName": "Ghost"},
            "Brooks Ghost",
        ),
        (
            {
                "customMakeModel": None,
                "gearMakeName": "Other",
                "gearModelName": "Unknown Shoes",
                "displayName": "My reds",
            },
            "My reds",
        ),
        ({"customMakeModel": None}, "shoes 44700764"),
    ],
)
def test_names(said: dict[str, Any], name: str) -> None:
    assert register(GHOST | said).pairs[0].name == name


@pytest.mark.parametrize(
    ("said", "since", "until", "retired"),
    [
        ({"dateBegin": "2022-05-01T00:00:00.0"}, "2022-05-01", "", False),
        ({"dateBegin": 1651363200000}, "2022-05-01", "", False),
        ({"dateBegin": "May"}, "", "", False),
        ({"dateBegin": None, "gearStatusName": "retired"}, "", "", True),
        ({"dateEnd": "2025-09-01", "gearStatusName": "retired"}, "2025-07-25", "2025-09-01", True),
        ({"dateEnd": "2025-09-01", "gearStatusName": None}, "2025-07-25", "2025-09-01", True),
    ],
)
def test_dates(said: dict[str, Any], since: str, until: str, retired: bool) -> None:
    [pair] = register(GHOST | said).pairs
    assert (pair.since, pair.until, pair.retired) == (since, until, retired)


@pytest.mark.parametrize(
    ("said", "limit"),
    [
        (800000, 800_000),
        (0, None),
        (None, None),
        # Nobody retires a pair at 700 m, nor at 64,000 km.
        (700, 700_000),
        (64373760, 643_737.6),
        (1e12, None),
        (-1, None),
        ("far", None),
    ],
)
def test_limits(said: Any, limit: float | None) -> None:
    assert register(GHOST | {"maximumMeters": said}).pairs[0].limit_m == (
        None if limit is None else pytest.approx(limit)
    )


def test_what_is_whole_of_a_broken_register_is_kept() -> None:
    said = {
        "gearDTOS": [GHOST, BIKE],
        "gearActivityDTOs": {
            "44700764": [
                {"activityId": 7, "gearPk": 44700764},
                {"activityId": 8, "gearPk": 44700764},
            ]
        },
    }
    data = json.dumps([said]).encode()[:-30]
    problem, found = garmin_account.read(Source("r_gear.json", data))
    assert problem == Problem("r_gear.json", f"{BROKEN}; pairs of shoes kept: 1")
    assert isinstance(found, NotActivity)
    assert found.hints == (Hint("garmin 7", {"shoe": "Brooks Ghost 15"}),)


@pytest.mark.parametrize(
    "said",
    [
        [{"gearDTOS": None}],
        [{"gearDTOS": [1, None, "x"], "gearActivityDTOs": 5}],
        [{"gearDTOS": [{"gearPk": None}], "gearActivityDTOs": {"1": 7, "2": [None]}}],
        {"gearDTOS": [GHOST | {"gearPk": True}]},
    ],
)
def test_odd_registers(said: Any) -> None:
    assert read(said) == NotActivity("r_gear.json", "a register of 0 pairs of shoes")
