"""Which shoe a run was in, how far it has come, and when it will be worn out."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch import columns
from kneewatch.columns import SHOES
from kneewatch.config import RunNote, Shoe
from kneewatch.metrics.mileage import sum_shoes
from kneewatch.metrics.shoes import assign_shoes, explain_shoe, known_shoes
from kneewatch.model import Pair

DAY = date(2025, 9, 1)

WORN_OUT_M = 804_672.0
"""500 miles."""

LIMITS = {"notice": 482_803.2, "caution": 700_000.0, "over": WORN_OUT_M}


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
    return sum_shoes(runs, shoes, as_of, LIMITS, 0.6)


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


def test_a_pair_without_conditions_takes_what_is_left() -> None:
    road, trail, other = Shoe("Road"), Shoe("Trail", when={"surface": "uneven"}), Shoe("Other")
    assert assigned(run(surface="uneven"), road, trail)[0] == "Trail"
    assert assigned(run(surface="uneven"), trail, road, other)[0] == "Trail"
    assert assigned(run(surface="hard"), other, road, trail)[0] == "Other"


def test_more_conditions_come_before_fewer() -> None:
    trail = Shoe("Trail", when={"surface": "uneven"})
    wet = Shoe("Wet", when={"surface": "uneven", "name": "rain"})
    assert assigned(run(surface="uneven", name="Rain"), trail, wet)[0] == "Wet"
    assert assigned(run(surface="uneven", name="Sun"), trail, wet)[0] == "Trail"


@pytest.mark.parametrize(
    ("when", "worn"),
    [
        ({"weekday": "Mon"}, True),
        ({"weekday": "monday"}, True),
        ({"weekday": ("Tue", "Mon")}, True),
        ({"weekday": ("Tue", "Thu")}, False),
        ({"device": "fenix"}, True),
        ({"device": "forerunner"}, False),
        ({"name": ("track", "bahn")}, True),
    ],
)
def test_by_weekday_and_device(when: dict[str, Any], worn: bool) -> None:
    """1 September 2025 was a Monday."""
    row = run(device="Garmin Fenix 7", name="Bahn: 10 x 400")
    assert assigned(row, Shoe("A", when=when))[0] == ("A" if worn else "")


def test_the_gear_text_of_a_file_is_translated() -> None:
    ghost = Shoe("Blue ones", when={"gear": "ghost 15"})
    assert assigned(run(shoe="Brooks Ghost 15"), ghost) == ("Blue ones", "kneewatch.toml")
    assert assigned(run(shoe="Brooks Ghost 16"), ghost) == ("Brooks Ghost 16", "file")
    # Without a word there is nothing to translate.
    assert assigned(run(), ghost) == ("", "none")


def test_the_list_decides_how_a_name_is_spelt() -> None:
    assert assigned(run(shoe="ROAD"), Shoe("Road")) == ("Road", "file")


@pytest.mark.parametrize("said", ["2025-09-01", "2025-09-01-", "a/watch/run.fit", "run.fit"])
def test_a_note_about_a_run_comes_before_all(said: str) -> None:
    row = run(shoe="From the watch", sources=("x.zip!/a/watch/run.fit.gz",))
    found = assign_shoes(frame(row), [Shoe("Road")], [RunNote(said, shoe="Racer")]).iloc[0]
    assert tuple(found) == ("Racer", "kneewatch.toml [[run]]")


def test_a_note_means_whole_names() -> None:
    row = run(sources=("watch/my-run.fit",))
    found = assign_shoes(frame(row), [], [RunNote("run.fit", shoe="Racer")]).iloc[0]
    assert tuple(found) == ("", "none")


def test_the_register_of_a_vendor_fills_in_what_the_list_leaves_open() -> None:
    pairs = [
        Pair("Brooks Ghost 15", since="2024-01-02", retired=True, worn_m=9e3, limit_m=6e5),
        Pair("Hoka Clifton", until="2025-01-01"),
    ]
    mine = Shoe("Blue ones", when={"gear": "ghost"}, limit_m=5e5)
    ghost, clifton = known_shoes([mine], pairs)
    assert (ghost.name, ghost.worn_m, ghost.limit_m, ghost.retired) == ("Blue ones", 9e3, 5e5, True)
    assert ghost.since is None
    assert (clifton.name, clifton.until, clifton.register) == (
        "Hoka Clifton",
        date(2025, 1, 1),
        True,
    )
    assert assigned(run(shoe="Hoka Clifton"), clifton) == ("Hoka Clifton", "file")


def test_why_a_run_is_in_its_shoe() -> None:
    shoes = [
        Shoe("Trail", when={"surface": "uneven"}),
        Shoe("Old", until=DAY - timedelta(days=1), when={"weekday": "Mon"}),
        Shoe("Road", since=DAY),
    ]
    assert explain_shoe(frame(run()), shoes) == [
        "the file names no shoe",
        "[[shoe]] 'Trail': asks for surface = 'uneven', here 'hard'",
        "[[shoe]] 'Old': until 2025-08-31, the run was on 2025-09-01",
        "[[shoe]] 'Road' matches: since 2025-09-01",
    ]
    assert explain_shoe(frame(run()), shoes[:1])[-1] == "no rule matches: not assigned"
    assert explain_shoe(frame(run(shoe="X")), shoes) == [
        "the file says 'X'",
        "no rule is about that word, so it stands",
    ]
    noted = explain_shoe(frame(run()), shoes, [RunNote("2025-09-01", shoe="Racer")])
    assert noted == ["[[run]] run = '2025-09-01' says 'Racer'"]


@given(
    st.lists(
        st.sampled_from(
            [
                Shoe("A"),
                Shoe("B", when={"surface": "hard"}),
                Shoe("C", when={"name": "x", "surface": "hard"}),
                Shoe("D", when={"gear": "ghost"}),
                Shoe("E", since=DAY),
            ]
        ),
        unique_by=lambda shoe: shoe.name,
    ),
    st.sampled_from(["", "Ghost", "Other"]),
    st.sampled_from(["hard", "soft"]),
)
def test_the_explanation_ends_with_the_shoe_that_was_given(
    shoes: list[Shoe], gear: str, surface: str
) -> None:
    row = frame(run(shoe=gear, surface=surface, name="x"))
    shoe = assign_shoes(row, shoes)["shoe"].iloc[0]
    last = explain_shoe(row, shoes)[-1]
    if shoe and shoe != gear:
        assert last.startswith(f"[[shoe]] {shoe!r} matches")
    else:
        assert last == (
            "no rule is about that word, so it stands" if gear else "no rule matches: not assigned"
        )


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
    assert (found.loc["A", "over_date"] == "") is retired


def test_a_week_of_the_last_eight() -> None:
    # Days 0 to 55 back count, day 56 does not.
    rows = [run(0), run(-55), run(-56, distance_m=90_000.0)]
    found = summed(rows, Shoe("A"))
    assert found.loc["A", "weekly_m"] == 2500
    assert found.loc["A", "distance_m"] == 110_000


def test_a_new_pair_is_not_judged_by_weeks_before_it() -> None:
    assert summed([run(-27), run(0)], Shoe("A")).loc["A", "weekly_m"] == 5000
    # Nor by its first day alone.
    assert summed([run(0)], Shoe("A")).loc["A", "weekly_m"] == 5000


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
    found = summed([run(-27)], Shoe("A", worn_m=worn_m))
    assert found.loc["A", "over_date"] == forecast


def test_a_range_from_the_slowest_and_the_fastest_four_weeks() -> None:
    """40 km in the first four weeks of eight, 80 km in the last four."""
    rows = [run(-7 * n, distance_m=20_000.0) for n in range(4)]
    rows += [run(-7 * n) for n in range(4, 8)]
    rows.append(run(-55, distance_m=0.0))
    found = summed(rows, Shoe("A", worn_m=WORN_OUT_M - 120_000 - 15_000)).loc["A"]
    assert found["weekly_m"] == 15_000
    assert found["over_date"] == "2025-09-08"
    assert found["over_early_date"] == (DAY + timedelta(days=15 * 7 / 20)).isoformat()
    assert found["over_late_date"] == (DAY + timedelta(days=15 * 7 / 10)).isoformat()


def test_all_three_limits_have_a_day() -> None:
    found = summed([run(-27)], Shoe("A", worn_m=LIMITS["notice"] - 12_500)).loc["A"]
    days = [found[f"{name}_date"] for name in LIMITS]
    assert days[0] == "2025-09-08"
    assert days == sorted(days)
    assert all(days)


def test_a_pair_that_rested_for_four_weeks_has_an_open_end() -> None:
    found = summed([run(-40), run(-41)], Shoe("A")).loc["A"]
    assert found["over_date"]
    assert found["over_late_date"] == ""


def test_no_forecast_without_a_pace() -> None:
    assert summed([run(-60)], Shoe("A")).loc["A", "over_date"] == ""
    # Hardly worn: ten years and more are no day worth naming.
    slow = summed([run(-27, distance_m=1000.0)], Shoe("A"))
    assert slow.loc["A", "weekly_m"] == 250
    assert slow.loc["A", "over_date"] == ""


@pytest.mark.parametrize(
    ("shoe", "notice", "over", "own"),
    [
        (Shoe("A"), 482_803.2, 804_672.0, False),
        (Shoe("A", kind="trail"), 482_803.2, 804_672.0, False),
        (Shoe("A", kind="racing"), 0.6 * 482_803.2, 0.6 * 804_672.0, True),
        (Shoe("A", limit_m=400_000.0), 240_000.0, 400_000.0, True),
        (Shoe("A", kind="racing", limit_m=400_000.0), 240_000.0, 400_000.0, True),
    ],
)
def test_limits_of_ones_own(shoe: Shoe, notice: float, over: float, own: bool) -> None:
    found = summed([run()], shoe).loc["A"]
    assert found[["notice_m", "over_m"]].tolist() == pytest.approx([notice, over])
    assert bool(found["own_limit"]) is own


def test_what_is_in_no_known_shoe_is_told() -> None:
    rows = [run(-1, shoe="A", distance_m=30_000.0), run(0)]
    found = summed(rows)
    assert found.index.tolist() == ["A", ""]
    assert found["share"].tolist() == [0.75, 0.25]
    assert found.loc["", "distance_m"] == 10_000


def test_ground_and_descent_of_a_pair() -> None:
    rows = [
        run(-2, surface="uneven", descent_m=300.0, altitude_source="barometer"),
        run(-1, surface="hard", descent_m=20.0, altitude_source="barometer"),
        run(0, surface="hard", name="x"),
    ]
    found = summed(rows, Shoe("A")).loc["A"]
    assert (found["surface_uneven_m"], found["surface_hard_m"]) == (10_000, 20_000)
    assert found["descent_m"] == 320


def test_all_distance_is_on_some_ground() -> None:
    rows = [run(-n, surface=surface) for n, surface in enumerate(columns.SURFACES)]
    found = summed(rows, Shoe("A"))
    parts = found[[f"surface_{surface}_m" for surface in columns.SURFACES]].sum(axis=1)
    assert parts.tolist() == found["distance_m"].tolist()


def test_older_runs_that_were_left_unread_are_owned_up_to() -> None:
    runs = frame(run(shoe="A"), run(1, shoe="B"))
    shoes = [Shoe("A", since=DAY), Shoe("B")]
    found = sum_shoes(runs, shoes, DAY + timedelta(days=1), LIMITS, 0.6, read_from=DAY)
    assert found["whole"].tolist() == [True, False]


@pytest.mark.parametrize("order", [1, -1])
def test_a_name_within_another_name_is_another_pair(order: int) -> None:
    names = ["Brooks Ghost 15", "Brooks Ghost 15 GTX"][::order]
    shoes = known_shoes([], [Pair(name) for name in names])
    assert [shoe.name for shoe in shoes] == names
    for name in names:
        assert assigned(run(shoe=name), *shoes) == (name, "file")
    # As kneewatch init writes them.
    listed = [Shoe(name, when={"gear": name}) for name in names]
    assert [shoe.name for shoe in known_shoes(listed, [Pair(name) for name in names])] == names
    for name in names:
        assert assigned(run(shoe=name), *listed)[0] == name


def test_a_note_is_spelt_as_the_list_has_it() -> None:
    found = assign_shoes(frame(run()), [Shoe("Trail")], [RunNote("2025-09-01", shoe="trail")])
    assert found["shoe"].tolist() == ["Trail"]
