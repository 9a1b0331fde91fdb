from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kneewatch import evidence
from kneewatch.columns import ACTIVITIES, SHOES, WEEKS, frame
from kneewatch.config import Config
from kneewatch.picture import Picture, Series
from kneewatch.rules.facts import Facts
from kneewatch.rules.pictures import PICTURES, profile
from kneewatch.units import Units

AS_OF = date(2025, 6, 12)
THIS_WEEK = date(2025, 6, 9)


def index(names: Iterable[str]) -> pd.Index[Any]:
    return pd.Index(list(names), dtype=object)


def run(day: str, distance_m: float, **more: Any) -> dict[str, Any]:
    start = datetime.fromisoformat(f"{day}T07:00").replace(tzinfo=UTC)
    return {"start": start, "local_date": day, "distance_m": distance_m, **more}


def week(distance_m: float, **more: Any) -> dict[str, Any]:
    return {
        "known": True,
        "complete": True,
        "distance_m": distance_m,
        "descent_known": 1.0,
        "runs": 3,
        **more,
    }


def facts(
    weeks: list[dict[str, Any]] | None = None,
    runs: list[dict[str, Any]] | None = None,
    shoes: Mapping[str, dict[str, Any]] | None = None,
    first_day: date | None = None,
    units: Units | None = None,
) -> Facts:
    """The last week given is the week of 12 June 2025, a Thursday."""
    weeks, runs, shoes = weeks or [], runs or [], shoes or {}
    starts = [(THIS_WEEK - timedelta(weeks=n)).isoformat() for n in reversed(range(len(weeks)))]
    activities = frame(ACTIVITIES, runs, index(f"r{n}" for n in range(len(runs))))
    return Facts(
        as_of=AS_OF,
        runs=activities,
        others=activities.iloc[:0],
        weeks=frame(WEEKS, weeks, index(starts)),
        shoes=frame(SHOES, shoes.values(), index(shoes)),
        first_day=first_day,
        config=Config(units=units or Units()),
        evidence=evidence.load(),
    )


def series(picture: Picture, label: str) -> Series:
    return next(s for s in picture.series if s.label == label)


def level(picture: Picture, label: str, day: str) -> float:
    steps = series(picture, label)
    return steps.y[steps.x.index(day)]


@pytest.mark.parametrize("name", [name for name in PICTURES if name != "tissues"])
def test_an_empty_log_says_why_there_is_nothing(name: str) -> None:
    picture = PICTURES[name](facts())
    assert picture.series == ()
    assert picture.empty in picture.alt


@pytest.mark.parametrize("name", list(PICTURES))
def test_names_and_words(name: str) -> None:
    picture = PICTURES[name](facts([week(30_000.0, descent_m=100.0)], [run("2025-06-10", 9_000)]))
    assert picture.name == name
    assert picture.title
    assert picture.alt
    assert "nan" not in picture.alt
    assert "-" not in picture.alt.replace("30-day", ""), "minus signs are typographic"


def test_ten_percent_line_stands_on_the_last_week_with_running() -> None:
    """40 km, a week off, 42 km; then the week that is still going on."""
    picture = PICTURES["weekly_distance"](
        facts([week(40e3), week(0.0), week(42e3), week(12e3, complete=False)])
    )
    assert math.isnan(level(picture, "10 % line", "2025-05-19"))
    assert level(picture, "10 % line", "2025-05-26") == pytest.approx(44e3)
    assert level(picture, "10 % line", "2025-06-02") == pytest.approx(44e3)
    assert level(picture, "10 % line", "2025-06-09") == pytest.approx(46.2e3)
    assert level(picture, "10 % line", "2025-06-16") == pytest.approx(46.2e3)


def test_below_ten_kilometres_a_kilometre_may_be_added() -> None:
    picture = PICTURES["weekly_distance"](facts([week(4e3), week(5e3)]))
    assert level(picture, "10 % line", "2025-06-09") == pytest.approx(5e3)
    assert "0 of 2 full weeks went over" in picture.alt


def test_an_unfinished_week_is_no_whole_one() -> None:
    picture = PICTURES["weekly_distance"](facts([week(40e3), week(12e3, complete=False)]))
    assert series(picture, "distance").x == ("2025-06-02",)
    assert series(picture, "this week so far").y == (12e3,)
    assert series(picture, "this week so far").role == "current"
    assert "This week so far 12.0 km" in picture.alt


def test_unknown_weeks_are_shaded_and_no_zeros() -> None:
    unknown: dict[str, Any] = {"known": False, "complete": True}
    picture = PICTURES["weekly_distance"](facts([unknown, unknown, week(40e3), week(41e3)]))
    shaded = [(band.start, band.end) for band in picture.bands]
    # A young log is shown with eight weeks; neighbours are one stretch.
    assert shaded == [("2025-04-21", "2025-06-02")]
    assert series(picture, "distance").x == ("2025-06-02", "2025-06-09")


def test_twenty_six_weeks_are_shown() -> None:
    picture = PICTURES["weekly_distance"](facts([week(30e3 + n) for n in range(40)]))
    assert len(series(picture, "distance").x) == 26
    # The line of the first one rests on a week that is not shown.
    assert not math.isnan(series(picture, "10 % line").y[0])


def test_words_come_in_the_units_of_the_runner() -> None:
    picture = PICTURES["weekly_distance"](facts([week(16_093.44)], units=Units("mi")))
    assert "10.0 mi" in picture.alt
    assert series(picture, "distance").y == (16_093.44,)


def test_a_run_above_the_ceiling_is_marked() -> None:
    """
    2025-05-15  10 km
    2025-05-20  11 km    10 % longer is within
    2025-06-10  12.2 km  more than 12.1
    """
    runs = [run("2025-05-15", 10e3), run("2025-05-20", 11e3), run("2025-06-10", 12.2e3)]
    weeks = [week(0.0)] * 6 + [week(10e3), week(11e3), week(0.0), week(0.0), week(12.2e3)]
    picture = PICTURES["long_runs"](facts(weeks, runs, first_day=date(2025, 1, 1)))
    assert series(picture, "run above the limit").x == ("2025-06-10",)
    assert series(picture, "run above the limit").role == "alarm"
    assert series(picture, "run").y == (10e3, 11e3)
    assert level(picture, "30-day limit", "2025-06-10") == pytest.approx(12.1e3)
    assert math.isnan(level(picture, "30-day limit", "2025-05-15")), "nothing in 30 days before"
    assert series(picture, "30-day limit").y[-1] == pytest.approx(1.1 * 12.2e3), "the next run's"
    assert "The limit for the next run is 13.4 km" in picture.alt


def test_a_log_younger_than_the_window_has_no_ceiling() -> None:
    runs = [run("2025-06-03", 5e3), run("2025-06-10", 15e3)]
    picture = PICTURES["long_runs"](
        facts([week(5e3), week(15e3)], runs, first_day=date(2025, 6, 3))
    )
    assert [s.label for s in picture.series] == ["run"]


def test_descent_that_is_not_known_is_not_zero() -> None:
    weeks = [week(30e3, descent_m=200.0) for _ in range(5)]
    weeks += [week(30e3), week(30e3, descent_m=90.0, descent_known=0.4), week(9e3, descent_m=0.0)]
    picture = PICTURES["descent"](facts(weeks))
    assert [(b.start, b.end) for b in picture.bands] == [("2025-05-26", "2025-06-02")]
    assert series(picture, "descent").y == (200.0,) * 5 + (0.0,)
    assert series(picture, "at least (altitude known in part)").y == (90.0,)
    assert [(m.label, m.value) for m in picture.marks] == [("usual week", 200.0)]


def test_no_altitude_at_all_is_said() -> None:
    for name in ("descent", "grade_mix"):
        picture = PICTURES[name](facts([week(30e3), week(31e3)]))
        assert picture.series == ()
        assert "no altitude" in picture.alt


def test_steep_bins_are_stacked_and_the_flat_is_left_out() -> None:
    metres = {
        "grade_flat_m": 20e3,
        "grade_m5_m2_m": 3e3,
        "grade_m10_m5_m": 2e3,
        "grade_m15_m10_m": 400.0,
        "grade_below_m15_m": 100.0,
    }
    picture = PICTURES["grade_mix"](facts([week(30e3, **metres), week(30e3)]))
    assert [s.y for s in picture.series] == [(3e3,), (2e3,), (500.0,)]
    assert [s.base for s in picture.series] == [(0.0,), (3e3,), (5e3,)]
    assert [s.role for s in picture.series] == ["down1", "down2", "down3"]
    assert picture.bands[-1].start == "2025-06-09"


def test_surface_shares_add_up() -> None:
    ground = {"surface_hard_m": 6e3, "surface_soft_m": 3e3, "surface_unknown_m": 1e3}
    picture = PICTURES["surface_mix"](facts([week(10e3, **ground), week(0.0)]))
    assert {s.label: s.y for s in picture.series} == {
        "hard": (pytest.approx(0.6),),
        "soft": (pytest.approx(0.3),),
        "not known": (pytest.approx(0.1),),
    }
    assert "hard 60 %" in picture.alt
    assert "90 % of distance known" in picture.alt
    assert picture.y_label == "90 % of distance known; share of weekly distance"


def test_shoes_in_use_come_first() -> None:
    shoes = {
        "Old": {"distance_m": 900e3, "retired": True},
        "Short": {"distance_m": 20e3},
        "Long": {"distance_m": 400e3},
        "Unknown": {"distance_m": math.nan},
    }
    picture = PICTURES["shoes"](facts(shoes=shoes))
    assert picture.lying
    assert [(s.label, s.x, s.role) for s in picture.series] == [
        ("in use", ("Long", "Short"), "main"),
        ("retired", ("Old",), "muted"),
    ]
    assert [m.label for m in picture.marks] == ["300 mi", "700 km", "500 mi"]
    assert "Old 900 km, retired" in picture.alt


def test_of_many_shoes_the_title_says_how_many_are_shown() -> None:
    picture = PICTURES["shoes"](facts(shoes={f"S{n}": {"distance_m": 1e3 * n} for n in range(15)}))
    assert len(picture.series[0].x) == 12
    assert "12 of 15" in picture.title
    assert "3 more are not shown" in picture.alt


def test_tissues_agree_with_the_evidence() -> None:
    picture = PICTURES["tissues"](facts())
    strong = series(picture, "reviewed or laboratory support")
    downhill = [
        picture.rows[int(y)] for x, y in zip(strong.x, strong.y, strict=True) if x == "downhill"
    ]
    assert downhill == ["Popliteus tendon"]
    loads = [load for t in evidence.load().tissues.values() for load in t.loads.values() if load]
    assert sum(len(s.x) for s in picture.series) == len(loads)


ACTIVITY = pd.Series({"name": "Hill", "local_date": "2025-06-08", "descent_m": 150.0}, name="ab/1")


def test_profile_shows_what_is_steep() -> None:
    distance = np.arange(0.0, 5000.0, 2.0)
    grade = np.where(distance < 2000, 0.0, np.where(distance < 3000, -0.12, -0.06))
    altitude = 500.0 + np.cumsum(grade * 2.0)
    picture = profile({"distance_m": distance}, ACTIVITY, altitude, grade)
    very = series(picture, "steeper than −10 %")
    shown = [x for x, y in zip(very.x, very.y, strict=True) if not math.isnan(y)]
    assert shown[0] == pytest.approx(2000.0, abs=10.0)
    assert shown[-1] == pytest.approx(3000.0, abs=20.0)
    assert picture.name == "profile-ab-1"
    assert picture.notes[0].text == "steepest −12 %"
    assert "1.0 km at −10 % or steeper" in picture.alt.replace("of which ", "")


def test_profile_without_grade_or_altitude() -> None:
    distance, nothing = np.arange(0.0, 5000.0, 2.0), np.full(2500, np.nan)
    flat = profile({"distance_m": distance}, ACTIVITY, np.full(2500, 300.0), nothing)
    assert [s.role for s in flat.series] == ["flat"]
    assert flat.notes == ()
    assert "not known" in flat.alt
    assert profile({"distance_m": distance}, ACTIVITY, nothing, nothing).series == ()
    assert profile({}, ACTIVITY, np.array([]), np.array([])).series == ()
