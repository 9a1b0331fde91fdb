"""Which shoe a run was in, how far it has come, and when it will be worn out."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from kneewatch import columns
from kneewatch.columns import SHOES
from kneewatch.config import Shoe
from kneewatch.metrics.shoes import assign_shoes, sum_shoes

DAY = date(2025, 9, 1)

WORN_OUT_M = 804_672.0
"""500 miles."""


def run(days: int = 0, **values: Any) -> dict[str, Any]:
    day = DAY + timedelta(days=days)
    return {
        "id": f"{day}-{values.get('name', '')}",
        "start": datetime(day.year, day.month, day.day, 7, tzinfo=UTC),
        "local_date": day.isoformat(),
        "sport": "running",
        "sub_sport": "generic",
        "surface": "hard",
        "distance_m": 10_000.0,
        "shoe_source": "file" if values.get("shoe") else "none",
        **values,
    }


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    index = pd.Index([row["id"] for row in rows], name="id", dtype=object)
    return columns.frame(columns.ACTIVITIES, rows, index)


def assigned(row: dict[str, Any], *shoes: Shoe) -> tuple[str, str]:
    found = assign_shoes(frame(row), shoes).iloc[0]
    return found["shoe"], found["shoe_source"]


def summed(rows: list[dict[str, Any]], *shoes: Shoe, as_of: date = DAY) -> pd.DataFrame:
    runs = frame(*rows)
    for name, column in assign_shoes(runs, shoes).items():
        runs[name] = column
    return sum_shoes(runs, shoes, as_of, WORN_OUT_M)


@pytest.mark.parametrize(
    ("since", "until", "worn"),
    [
        (None, None, True),
        (DAY, DAY, True),
        (DAY + timedelta(days=1), None, False),
        (None, DAY - timedelta(days=1), False),
        (DAY - timedelta(days=9), DAY + timedelta(days=9), True),
    ],
)
def test_first_and_last_day_of_use(since: date | None, until: date | None, worn: bool) -> None:
    found = assigned(run(), Shoe("A", since=since, until=until))
    assert found == (("A", "kneewatch.toml") if worn else ("", "none"))


@pytest.mark.parametrize(
    ("when", "worn"),
    [
        ({}, True),
        ({"surface": "uneven"}, True),
        ({"surface": "hard"}, False),
        ({"sub_sport": "trail", "surface": "uneven"}, True),
        ({"sub_sport": "street", "surface": "uneven"}, False),
        ({"sport": "running"}, True),
        ({"sport": "walking"}, False),
        ({"name": "lindkogel"}, True),
        ({"name": "LINDKOGEL"}, True),
        ({"name": "Rax"}, False),
    ],
)
def test_which_runs_a_pair_is_taken_for(when: dict[str, str], worn: bool) -> None:
    row = run(surface="uneven", sub_sport="trail", name="Round the Lindkogel")
    assert assigned(row, Shoe("A", when=when))[0] == ("A" if worn else "")


def test_the_first_pair_that_matches() -> None:
    road, trail, other = Shoe("Road"), Shoe("Trail", when={"surface": "uneven"}), Shoe("Other")
    assert assigned(run(surface="uneven"), road, trail)[0] == "Road"
    assert assigned(run(surface="uneven"), trail, road, other)[0] == "Trail"
    assert assigned(run(surface="hard"), trail, road, other)[0] == "Road"


def test_the_files_own_word_comes_first() -> None:
    assert assigned(run(shoe="From the watch"), Shoe("Road")) == ("From the watch", "file")


def test_no_shoes_at_all() -> None:
    assert assigned(run()) == ("", "none")
    assert len(assign_shoes(frame(), [Shoe("A")])) == 0
    empty = summed([])
    assert empty.columns.tolist() == list(SHOES)
    assert empty.index.name == "shoe"
    assert len(empty) == 0


def test_distance_with_what_it_had() -> None:
    rows = [run(-1), run(0, distance_m=5000.0), run(0, name="x", distance_m=None, shoe="Old")]
    found = summed(rows, Shoe("Road", worn_m=300_000.0), Shoe("Spare", worn_m=7000.0))
    assert found.index.tolist() == ["Road", "Spare", "Old"]
    assert found["distance_m"].tolist() == [315_000, 7000, 0]
    assert found["start_m"].tolist() == [300_000, 7000, 0]
    assert found["runs"].tolist() == [2, 0, 1]
    assert found.loc["Road", ["first_date", "last_date"]].tolist() == ["2025-08-31", "2025-09-01"]
    assert found.loc["Spare", ["first_date", "last_date"]].tolist() == ["", ""]
    for name, column in SHOES.items():
        assert found[name].dtype == columns.DTYPES[column.kind]


def test_a_file_may_name_a_pair_of_the_list() -> None:
    found = summed([run(shoe="Road"), run(1)], Shoe("Road", worn_m=1000.0), as_of=DAY)
    assert found.index.tolist() == ["Road"]
    assert found.loc["Road", "distance_m"] == 21_000
    assert found.loc["Road", "runs"] == 2


def test_pairs_of_files_come_in_order_of_their_first_run() -> None:
    rows = [run(-3, shoe="B"), run(-2, shoe="A"), run(-1, shoe="B")]
    assert summed(rows).index.tolist() == ["B", "A"]


@pytest.mark.parametrize(("until", "retired"), [(None, False), (0, False), (-1, True), (5, False)])
def test_retired_after_its_last_day(until: int | None, retired: bool) -> None:
    last = None if until is None else DAY + timedelta(days=until)
    found = summed([run(-9)], Shoe("A", until=last))
    assert bool(found.loc["A", "retired"]) is retired
    assert (found.loc["A", "forecast_date"] == "") is retired


def test_a_week_of_the_last_four() -> None:
    # Days 0 to 27 back count, day 28 does not.
    rows = [run(0), run(-27), run(-28, distance_m=90_000.0)]
    found = summed(rows, Shoe("A"))
    assert found.loc["A", "weekly_m"] == 5000
    assert found.loc["A", "distance_m"] == 110_000


@pytest.mark.parametrize(
    ("worn_m", "forecast"),
    [
        # 10 km in the last 28 days are 2.5 km a week.
        (WORN_OUT_M - 10_000 - 2500, "2025-09-08"),
        (WORN_OUT_M - 10_000 - 25_000, "2025-11-10"),
        (WORN_OUT_M - 10_000 - 1250, "2025-09-04"),  # 3.5 days
        (WORN_OUT_M - 10_000 - 1, "2025-09-01"),
        (WORN_OUT_M - 10_000, ""),  # there already
        (WORN_OUT_M, ""),
        (WORN_OUT_M - 10_000 - 2500 * 519, "2035-08-13"),
    ],
)
def test_the_day_on_which_it_passes_500_miles(worn_m: float, forecast: str) -> None:
    found = summed([run(-5)], Shoe("A", worn_m=worn_m))
    assert found.loc["A", "forecast_date"] == forecast


def test_no_forecast_without_a_pace() -> None:
    assert summed([run(-40)], Shoe("A")).loc["A", "forecast_date"] == ""
    # Hardly worn: ten years and more are no day worth naming.
    slow = summed([run(-5, distance_m=1000.0)], Shoe("A"))
    assert slow.loc["A", "weekly_m"] == 250
    assert slow.loc["A", "forecast_date"] == ""
