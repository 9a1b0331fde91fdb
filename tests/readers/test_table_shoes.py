"""Tables of shoes, and Strava's other tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from exports.strava import OTHER_TABLES

from kneewatch.model import NotActivity, Pair, Problem, Recording, Source
from kneewatch.readers import read, table
from kneewatch.units import System

MILE = 1609.344

STRAVA = """\
Shoe Name,Shoe Brand,Shoe Model,Shoe Default Sport Types
Blue,Hoka,Speedgoat 5,Run
"",Brooks,Ghost 15,""
"",Brooks,Ghost 15,""
"",,,
"""
OWN = """\
id,name,km_12_13,owned
0,Misc,0,1
1,NB minimus MR10,617.8,0
2,NB minimus MR10BO2 ,0,1
"""


def register(text: str, units: System | None = None) -> NotActivity:
    assert table.sniff("x", text.encode())
    [found] = table.read(Source("x", text.encode()), units)
    assert isinstance(found, NotActivity)
    return found


def test_strava_names_a_pair_as_its_activities_do() -> None:
    found = register(STRAVA)
    assert found.reason == "a register of 2 pairs of shoes"
    assert found.pairs == (Pair("Hoka Speedgoat 5 Blue"), Pair("Brooks Ghost 15"))
    assert found.hints == ()


def test_older_registers_of_strava() -> None:
    three = 'Shoe Name,Shoe Brand,Shoe Model\n"",Brooks,Levitate 2\n'
    assert register(three).pairs == (Pair("Brooks Levitate 2"),)
    bare = "name,brand,model\nReds,Brooks,Levitate 2\n"
    assert register(bare).pairs == (Pair("Brooks Levitate 2 Reds"),)


def test_the_same_table_of_bikes_is_none_of_shoes() -> None:
    found = register("name,brand,model\nZatona,Peugeot,Urban\n")
    assert (found.reason, found.pairs) == ("a register of gear that is no shoes", ())


def test_a_list_kept_by_hand() -> None:
    found = register(OWN)
    assert found.reason == "a register of 3 pairs of shoes"
    assert found.pairs == (
        Pair("Misc", worn_m=0),
        Pair("NB minimus MR10", retired=True, worn_m=617_800),
        Pair("NB minimus MR10BO2", worn_m=0),
    )


@pytest.mark.parametrize(
    ("text", "units", "worn", "retired"),
    [
        ("shoe,miles,retired\nGhost,100,no\n", None, 100 * MILE, False),
        ("shoe,miles,retired\nGhost,100,yes\n", None, 100 * MILE, True),
        ("shoe,distance,active\nGhost,100,1\n", "mi", 100 * MILE, False),
        ("shoe,distance,active\nGhost,100,\n", None, 100_000, True),
        ("shoe,distance,active\nGhost,100 mi,1\n", "km", 100 * MILE, False),
        ("shoe,km,owned\nGhost,,1\n", None, None, False),
        ("shoe,km,owned\nGhost,-5,1\n", None, None, False),
    ],
)
def test_units_and_flags(
    text: str, units: System | None, worn: float | None, retired: bool
) -> None:
    [pair] = register(text, units).pairs
    assert pair.worn_m == (None if worn is None else pytest.approx(worn))
    assert pair.retired == retired


@pytest.mark.parametrize(
    "text",
    [
        # Nothing says that these are shoes.
        "id,name,km,owned\n1,Canyon,500,1\n2,Peugeot Urban,90,0\n3,Nikesh,5,1\n",
        # Runs with the shoe that they were run in are activities.
        "date,shoe,km,owned\n2024-03-15,Ghost,5,1\n",
    ],
)
def test_what_is_no_register(text: str) -> None:
    found = list(table.read(Source("shoes.csv", text.encode())))
    assert not any(isinstance(item, NotActivity) and item.pairs for item in found)


def test_runs_with_a_flag_stay_runs() -> None:
    [run] = table.read(Source("shoes.csv", b"date,shoe,km,retired\n2024-03-15,Ghost,5,no\n"))
    assert isinstance(run, Recording)
    assert run.activity.gear == "Ghost"


def test_a_register_without_pairs() -> None:
    assert register(STRAVA.splitlines()[0] + "\n").reason == "a register of 0 pairs of shoes"


def test_the_real_list(corpus: Path) -> None:
    path = corpus / "csv_exports/strava_gear_shoes_jedwards24/shoes.csv"
    found = register(path.read_text())
    assert len(found.pairs) == 41
    assert sum(pair.retired for pair in found.pairs) == 8
    assert sum(pair.worn_m or 0 for pair in found.pairs) == pytest.approx(1_596_700)
    assert found.pairs[5] == Pair("Saucony grizzly approach", worn_m=48_000)


@pytest.mark.parametrize("name", sorted(OTHER_TABLES))
def test_other_tables_of_strava_are_no_activities(name: str) -> None:
    [found] = read(Source(name, OTHER_TABLES[name].encode()))
    assert isinstance(found, NotActivity)
    assert found.pairs == ()


def test_some_of_them_are_named_for_what_they_are() -> None:
    reasons = {name: next(read(Source(name, text.encode()))) for name, text in OTHER_TABLES.items()}
    said = {name: found.reason for name, found in reasons.items() if isinstance(found, NotActivity)}
    assert said["bikes.csv"] == "a register of bikes"
    assert said["profile.csv"] == "a profile"
    assert said["goals.csv"] == "goals"
    assert said["monthly_recap_achievements.csv"] == "segments of ways"


@pytest.mark.parametrize("size", range(0, len(STRAVA), 7))
def test_any_prefix(size: int) -> None:
    for text in (STRAVA, OWN):
        found = list(table.read(Source("shoes.csv", text[:size].encode())))
        assert found
        assert all(isinstance(item, NotActivity | Problem | Recording) for item in found)
