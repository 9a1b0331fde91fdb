"""Named cases: what is one run that came twice, and what is not."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recordings import GRAZ, VIENNA, Row, count, later, only, row, watch

from kneewatch.metrics.duplicates import elsewhere, merge_duplicates

FENIX = "garmin fenix5"
SECONDS = st.integers(-60, 60)
MPS = 10_000 / 3000


def cut(source: str, begin_s: float, end_s: float, **values: Any) -> Row:
    """What is between two moments of the run of ``watch()``."""
    return watch(
        source,
        later(begin_s),
        elapsed_s=end_s - begin_s,
        distance_m=MPS * (end_s - begin_s),
        ahead_m=MPS * begin_s,
        **values,
    )


def rules(*rows: Row) -> list[str]:
    return [copy.rule for copy in merge_duplicates(rows)[1]]


def metres(*rows: Row) -> float:
    return sum(kept["distance_m"] for kept in merge_duplicates(rows)[0])


# ---- two devices of one runner


def test_watch_and_phone_by_their_common_time() -> None:
    """The phone found its satellites late and was stopped in the kitchen."""
    phone = cut("p.gpx", 240, 3100, place=VIENNA)
    kept, copy = only(watch(place=VIENNA, avg_hr_bpm=150.0), phone)
    assert (kept["id"], copy.rule) == ("a.fit", "overlap")
    assert copy.reason == "was recorded at the same time: 97 % of the shorter one is common"


@pytest.mark.parametrize(("share", "kept"), [(0.49, 2), (0.51, 1)])
def test_more_than_half_of_the_shorter_one(share: float, kept: int) -> None:
    # A phone that was still running while the next run with the watch began.
    other = cut("p.gpx", 3000 - 1500 * share, 4500 - 1500 * share, place=VIENNA)
    assert count(watch(place=VIENNA), other) == kept


@pytest.mark.parametrize("sport", ["running", "unknown", "generic"])
def test_phone_and_watch_on_a_treadmill(sport: str) -> None:
    """Nobody sees where, and they disagree on how far."""
    indoor = watch(sub_sport="treadmill", distance_m=8000.0, avg_hr_bpm=150.0)
    phone = watch("p.tcx", later(100), elapsed_s=2700.0, sport=sport)
    assert count(indoor, phone) == 1


def test_a_treadmill_run_that_was_corrected_on_the_web_site() -> None:
    corrected = row("t.csv row 2", later(20), distance_m=10_000.0)
    kept, copy = only(watch(sub_sport="treadmill", distance_m=8000.0), corrected)
    assert (kept["distance_m"], copy.rule) == (8000, "overlap")


def test_two_sports_at_one_time_are_two() -> None:
    assert count(watch(), watch("b.fit", later(200), sport="cycling")) == 2
    # One vendor's hike is the other's walk.
    assert count(watch(sport="hiking"), watch("b.fit", later(200), sport="walking")) == 1


# ---- two runners


def test_the_phones_of_two_runners_in_two_towns() -> None:
    rows = [watch(place=VIENNA), watch("b.gpx", later(10), place=GRAZ)]
    assert count(*rows) == 2
    (told,) = elsewhere(rows)
    assert told.source == "a.fit"
    assert told.reason == (
        "was recorded at the same time as b.gpx, 144.8 km away: "
        "two people in one folder? Both count"
    )


def test_the_phones_of_two_runners_on_one_loop() -> None:
    """Same park, same hour, same length: but never in one place."""
    rows = [watch(place=VIENNA), watch("b.gpx", later(30), place=VIENNA, ahead_m=700.0)]
    assert count(*rows) == 2
    assert len(elsewhere(rows)) == 1


def test_who_runs_side_by_side_is_taken_for_one() -> None:
    """A folder cannot tell a second runner from a second device."""
    assert count(watch(place=VIENNA), watch("b.gpx", later(5), place=VIENNA)) == 1


def test_nothing_is_said_of_one_runner() -> None:
    rows = [watch(place=VIENNA), watch("b.fit", later(86_400), place=GRAZ), row("t.csv row 2")]
    assert elsewhere(merge_duplicates(rows)[0]) == ()


# ---- parts


def test_a_run_split_in_two_by_a_stopped_watch_is_two_files() -> None:
    halves = [cut("1.fit", 0, 1490, place=VIENNA), cut("2.fit", 1500, 3000, place=VIENNA)]
    assert count(*halves) == 2
    # With the clock of the first half a minute too long.
    assert count(cut("1.fit", 0, 1560, place=VIENNA), halves[1]) == 2


def laps(**values: Any) -> list[Row]:
    return [cut(f"lap {n}.fit", 600 * n, 600 * n + 600, **values) for n in range(5)]


@pytest.mark.parametrize("place", [VIENNA, None])
def test_laps_saved_as_files_are_no_duplicates(place: tuple[float, float] | None) -> None:
    assert count(*laps(place=place, device=FENIX)) == 5
    assert metres(*laps(place=place)) == pytest.approx(10_000)
    # Nor if each kept the name of the file it was cut from.
    shared = [lap | {"keys": ["device 7 2025-06-14T16:00:00Z"]} for lap in laps(place=place)]
    assert count(*shared) == 5


@pytest.mark.parametrize("place", [VIENNA, None])
@pytest.mark.parametrize("keys", [[], ["device 7 2025-06-14T16:00:00Z"]])
@pytest.mark.parametrize("rich", [{}, {"avg_hr_bpm": 150.0, "descent_m": 30.0}])
def test_the_whole_beside_its_laps(
    place: tuple[float, float] | None, keys: list[str], rich: dict[str, Any]
) -> None:
    """Whichever of them is the richer, each metre counts once."""
    rows = [watch(place=place, device=FENIX), *laps(place=place, device=FENIX, **rich)]
    rows = [r | {"keys": keys} for r in rows]
    assert metres(*rows) == pytest.approx(10_000)
    if not rich:
        assert count(*rows) == 1
        assert rules(*rows) == ["part"] * 5


def test_a_truncated_copy_beside_the_whole_file() -> None:
    half = cut("half.fit", 0, 1500, place=VIENNA, device=FENIX)
    kept, copy = only(half, watch(place=VIENNA, device=FENIX))
    assert (kept["distance_m"], copy.source, copy.rule) == (10_000, "half.fit", "part")


def test_the_phone_goes_on_where_the_battery_of_the_watch_died() -> None:
    """The richer recording holds a half; the whole counts."""
    dead = cut("a.fit", 0, 1500, place=VIENNA, avg_hr_bpm=150.0, descent_m=20.0, steps=4000.0)
    kept, _ = only(dead, watch("phone.gpx", place=VIENNA))
    assert (kept["id"], kept["distance_m"]) == ("phone.gpx", 10_000)


def test_a_phone_that_was_left_running_does_not_make_the_run_longer() -> None:
    on_the_desk = watch(
        "p.gpx", place=VIENNA, distance_m=10_400.0, elapsed_s=30_000.0, moving_s=3300.0
    )
    by_car = watch("p.gpx", distance_m=40_000.0, elapsed_s=6000.0)
    for phone in (on_the_desk, by_car):
        kept, _ = only(watch(avg_hr_bpm=150.0), phone | {"whereabouts": None})
        assert (kept["id"], kept["distance_m"]) == ("a.fit", 10_000)


def test_two_runs_of_a_day_that_a_phone_recorded_as_one() -> None:
    """It knows more of them, but not that they were runs."""
    day = watch(
        "day.gpx", sport="generic", elapsed_s=14_400.0, distance_m=30_000.0, avg_hr_bpm=99.0
    )
    runs = [watch("1.fit", later(600)), watch("2.fit", later(9000))]
    kept, (copy,) = merge_duplicates([day, *runs])
    assert [r["id"] for r in kept] == ["1.fit", "2.fit"]
    assert [r["distance_m"] for r in kept] == [10_000, 10_000]
    assert copy.source == "day.gpx"
    # Its heart rate is that of four hours, and of neither run.
    assert [r["avg_hr_bpm"] for r in kept] == [None, None]


def test_warm_up_run_and_cool_down_are_three() -> None:
    assert count(cut("1.fit", 0, 600), cut("2.fit", 640, 3000), cut("3.fit", 3020, 3600)) == 3


def test_an_end_that_cannot_be_true_holds_nothing() -> None:
    """A watch that was stopped after a week holds no run of the week."""
    left = watch(elapsed_s=7 * 86_400.0)
    assert count(left, watch("b.fit", later(86_400))) == 2


# ---- the same watch


def test_a_watch_makes_no_two_recordings_at_once() -> None:
    """Its clock was wrong, and there is no place to go by (two files of one FR70 are like that)."""
    rows = [watch(device=FENIX), watch("b.fit", later(300), elapsed_s=2800.0, device=FENIX)]
    assert count(*rows) == 2
    other = watch("b.fit", later(300), elapsed_s=2800.0, device="garmin fr935")
    assert count(rows[0], other) == 1


# ---- tables


def test_a_row_of_a_table_at_a_rounded_time() -> None:
    noted = row("t.csv row 2", datetime(2025, 6, 14, 18, 10), distance_m=9700.0, elapsed_s=3060.0)
    assert rules(watch(), noted) == ["overlap"]
    # The same time, and another run.
    assert count(watch(), noted | {"distance_m": 6000.0}) == 2


@pytest.mark.parametrize(("minutes", "kept"), [(1, 1), (4, 1), (6, 2), (20, 2)])
def test_rows_of_two_tables_have_to_cover_each_other(minutes: int, kept: int) -> None:
    wall = datetime(2025, 6, 14, 18, 0)
    rows = [row("t.csv row 2", wall), row("u.csv row 9", wall + timedelta(minutes=minutes))]
    assert count(*rows) == kept
    # Beside a track less is enough.
    assert count(watch(place=VIENNA), rows[1]) == 1


def test_two_rows_of_a_table_at_one_noted_time() -> None:
    """18:00 stands for some time or other; one of them is the watch's."""
    rows = [row(f"t.csv row {n}", datetime(2025, 6, 14, 18, 0), id=f"{n}") for n in (2, 3)]
    assert count(watch(), *rows) == 2


# ---- clocks in other time zones


def wrong(hours: float, source: str = "t.csv row 2", **values: Any) -> Row:
    """The run of ``watch()`` in a table whose clock is hours off."""
    wall = datetime(2025, 6, 14, 18, 0, 20) + timedelta(hours=hours)
    return row(source, wall, **{"distance_m": 10_100.0, "elapsed_s": 3010.0} | values)


@pytest.mark.parametrize("hours", [-14, -5.75, -2, -0.25, 0.25, 1, 5.5, 12, 14])
def test_a_table_in_another_time_zone(hours: float) -> None:
    kept, copy = only(watch(), wrong(hours, elapsed_s=3010.0, distance_m=10_100.0))
    assert kept["id"] == "a.fit"
    overlapping = abs(hours) == 0.25  # more than half of the run
    assert copy.rule == ("overlap" if overlapping else "time zone")


def test_what_is_said_of_another_time_zone() -> None:
    _, copy = only(watch(), wrong(2))
    assert copy.reason == (
        "starts 2:00 h later, to the minute, and is as long to a hair: another time zone"
    )
    assert "starts 5:45 h earlier" in only(watch(), wrong(-5.75))[1].reason


@pytest.mark.parametrize(
    "values",
    [
        {"distance_m": 10_300.0},
        {"elapsed_s": 3100.0},
        {"distance_m": None},
        {"elapsed_s": None},
        {"sport": "walking"},
    ],
)
def test_another_time_zone_takes_more_than_another_run(values: dict[str, Any]) -> None:
    assert count(watch(), wrong(2, **values)) == 2


@pytest.mark.parametrize("minutes", [7, 62, 121.5, 14 * 60 + 15, 24 * 60])
def test_no_time_zone_is_so_far_away(minutes: float) -> None:
    assert count(watch(elapsed_s=300.0), wrong(minutes / 60, elapsed_s=301.0)) == 2


def test_a_clock_that_is_sure_of_its_zone_twice() -> None:
    sure = {"utc_offset_s": 7200.0}
    other = watch("b.gpx", later(7200), **sure)
    assert count(watch(**sure), other) == 2
    assert count(watch(**sure), watch("b.gpx", later(7200))) == 1


def test_a_track_in_another_time_zone_has_to_be_in_the_same_places() -> None:
    """Local time in the place of UTC: the same run, two hours later."""
    here = watch(place=VIENNA)
    assert count(here, watch("b.gpx", later(7200), place=VIENNA)) == 1
    # The same loop again, half a minute later after the full hour, and as fast.
    again = watch("b.gpx", later(7230), place=VIENNA)
    assert count(here, again) == 2
    assert count(here, watch("b.gpx", later(7200), place=GRAZ)) == 2


def test_the_same_loop_morning_and_evening_with_one_watch() -> None:
    """Twelve hours apart to the minute: a double day."""
    day = [watch(device=FENIX), watch("b.fit", later(12 * 3600), device=FENIX)]
    assert count(*day) == 2
    # Whatever other vendors have of it.
    vendors = [r | {"sources": (f"x/{r['id'][0]}.gpx",), "id": f"x{r['id']}"} for r in day]
    table = [wrong(0, "t.csv row 2"), wrong(12, "t.csv row 3")]
    assert count(*day, *vendors) == 2
    assert count(*day, *table) == 2
    assert count(*day, *vendors, *table) == 2
    # And where a vendor has one half of it alone.
    assert count(*day, table[0]) == 2
    assert count(*day, table[1]) == 2
    assert count(*vendors, *day, table[1]) == 2


def test_a_shift_that_one_run_has_alone_is_a_second_run() -> None:
    """A table that agrees with the watch on other days is in no other time zone."""
    day = 86_400
    agreed = [watch("1.fit", later(day), device=FENIX), wrong(24, "t.csv row 3")]
    assert count(watch(device=FENIX), wrong(2)) == 1
    assert count(watch(device=FENIX), wrong(2), *agreed) == 3
    # Who was abroad for two days was there twice.
    abroad = [watch("2.fit", later(9 * day), device=FENIX), wrong(9 * 24 + 2, "t.csv row 4")]
    assert count(watch(device=FENIX), wrong(2), *agreed, *abroad) == 3
    # Where both were at the same moments, their clocks are all that differs.
    here = [watch(place=VIENNA, device=FENIX), watch("b.gpx", later(7200), place=VIENNA)]
    same = [watch("3.fit", later(day), device=FENIX), watch("c.gpx", later(day))]
    assert count(*here, *same) == 2


# Nobody can tell a shift that is as long as the time between the two runs of a day.
@given(st.integers(-56, 56).filter(lambda n: abs(n) > 3 and abs(abs(n) - 40) > 3), SECONDS)
@settings(deadline=None, max_examples=40)
def test_a_whole_log_in_another_time_zone(quarters: int, seconds: int) -> None:
    """Two runs a day, every second day, exported twice: half of it counts."""
    days = [later(86_400 * 2 * n + 3600 * hour) for n in range(4) for hour in (0, 10)]
    lengths = [8000.0 + 700 * n + 5000 * (n % 2) for n in range(8)]
    mine = [
        watch(f"{n}.fit", when, device=FENIX, distance_m=length, elapsed_s=length / 3)
        for n, (when, length) in enumerate(zip(days, lengths, strict=True))
    ]
    shift = timedelta(seconds=7200 + 900 * quarters + seconds)
    theirs = [
        row(
            f"t.csv row {n}",
            (when + shift).replace(tzinfo=None),
            distance_m=length * 1.01,
            elapsed_s=length / 3 + 5,
        )
        for n, (when, length) in enumerate(zip(days, lengths, strict=True))
    ]
    kept, copies = merge_duplicates([*mine, *theirs])
    assert [r["distance_m"] for r in kept] == lengths
    assert len(copies) == 8
