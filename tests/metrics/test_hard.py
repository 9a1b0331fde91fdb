"""Critical speed and hard time."""

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneewatch import columns
from kneewatch.metrics.hard import critical_speed, hard_seconds
from kneewatch.metrics.intensity import HEART_BINS, SPEED_BIN_MPS, SPEED_BINS
from kneewatch.model import Floats


@pytest.mark.parametrize(("speed", "reserve"), [(4.0, 200.0), (2.2, 61.0), (6.4, 260.0)])
def test_critical_speed_of_an_exact_line(speed: float, reserve: float) -> None:
    # Smyth & Muniz-Pumares 2020: D = CS t + D', through 400, 800 and 5000 m.
    bests = [(metres - reserve) / speed for metres in (400, 800, 5000)]
    assert critical_speed(*bests) == pytest.approx(speed)


def test_critical_speed_of_the_world_records() -> None:
    # 43.03 s, 100.91 s, 12:35.36 (van Niekerk, Rudisha, Cheptegei).
    assert critical_speed(43.03, 100.91, 755.36) == pytest.approx(6.43, abs=0.02)


def bests_of(speed: float, reserve: float) -> tuple[float, float, float]:
    first, second, third = ((metres - reserve) / speed for metres in (400, 800, 5000))
    return first, second, third


@pytest.mark.parametrize(
    "bests",
    [
        bests_of(3.0, 0.0),  # always the same speed: never ran hard
        bests_of(3.0, 59.0),
        (60.0, 150.0, 2400.0),  # a sprint and a jog
        bests_of(1.7, 100.0),  # a walker
        bests_of(6.6, 200.0),  # faster than the world record over 10 km
        (100.0, 100.0, 1500.0),
        (200.0, 150.0, 1500.0),
        (math.nan, 150.0, 1200.0),
        (50.0, 150.0, math.nan),
    ],
)
def test_bests_that_are_none_have_no_critical_speed(bests: tuple[float, float, float]) -> None:
    assert math.isnan(critical_speed(*bests))


def test_critical_speed_of_many_runs_at_once() -> None:
    many = [bests_of(4.0, 200.0), (100.0, 100.0, 1500.0), (math.nan, 150.0, 1200.0)]
    many += [(math.inf,) * 3, bests_of(3.5, 100.0), (60.0, 150.0, 2400.0)]
    found = critical_speed(*np.array(many).T)
    assert found[[0, 4]] == pytest.approx([4.0, 3.5])
    assert np.isnan(found).tolist() == [False, True, True, True, False, True]


@given(st.lists(st.floats(30, 3000), min_size=3, max_size=3))
def test_critical_speed_is_a_line_of_least_squares(bests: list[float]) -> None:
    speed = critical_speed(*bests)
    if not math.isnan(speed):
        assert speed == pytest.approx(np.polyfit(bests, [400, 800, 5000], 1)[0], rel=1e-9)


def histogram_of(*spent: tuple[float, float], width: float, bins: int) -> Floats:
    """Seconds spent in the middle of some bins."""
    found = np.zeros(bins)
    for value, seconds in spent:
        found[int(value / width)] += seconds
    return found


def run(day: int, *, hour: int = 7, **values: Any) -> dict[str, Any]:
    start = datetime(2025, 3, 1, hour, tzinfo=UTC) + timedelta(days=day)
    row = {
        "id": f"{day}-{hour}",
        "start": start,
        "local_date": start.date().isoformat(),
        "sport": "running",
    }
    bests = values.pop("bests", None)
    if bests:
        row |= {f"best_{m}m_s": s for m, s in zip((400, 800, 5000), bests, strict=True)}
    return row | values


def paced(*spent: tuple[float, float]) -> dict[str, Floats]:
    found = histogram_of(*spent, width=SPEED_BIN_MPS, bins=SPEED_BINS)
    return {"ga_speed_histogram_s": found}


def beating(*spent: tuple[float, float], top: float = math.nan) -> dict[str, Any]:
    found = histogram_of(*spent, width=1.0, bins=HEART_BINS)
    return {"heart_rate_histogram_s": found, "max_hr_bpm": top}


def frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    index = pd.Index([row["id"] for row in rows], name="id", dtype=object)
    return columns.frame(columns.ACTIVITIES, rows, index)


def test_hard_is_above_critical_speed() -> None:
    # CS 4.0 m/s lies on the edge of a bin: what is in the bins above counts.
    row = run(0, bests=bests_of(4.0, 200.0), **paced((3.02, 1000), (3.97, 7), (4.02, 300), (6, 50)))
    found = hard_seconds(frame([row]))
    assert found["hard_s"].tolist() == [pytest.approx(350)]
    assert found["hard_source"].tolist() == ["speed"]
    # CS 4.02: a bin of 0.05 m/s is cut at two fifths.
    row |= run(0, bests=bests_of(4.02, 200.0))
    assert hard_seconds(frame([row]))["hard_s"].iloc[0] == pytest.approx(0.6 * 300 + 50)


def test_bests_come_from_several_runs_of_the_window() -> None:
    fast = bests_of(4.0, 200.0)
    rows = [
        run(0, bests=(fast[0], math.nan, math.nan), **paced((5, 60), (3, 600))),
        run(10, bests=(math.nan, fast[1], math.nan), **paced((5, 60), (3, 600))),
        run(20, bests=(math.nan, 200.0, fast[2]), **paced((5, 60), (3, 600))),
        run(119, **paced((5, 60), (3, 600))),
        run(120, **paced((5, 60), (3, 600))),  # the first run is 120 days back: out
    ]
    found = hard_seconds(frame(rows))
    assert found["hard_source"].tolist() == ["none", "none", "speed", "speed", "none"]
    assert found["hard_s"].iloc[2:4].tolist() == [60, 60]
    assert found["hard_s"].isna().tolist() == [True, True, False, False, True]


def test_without_real_bests_the_heart_is_asked() -> None:
    row = run(0, bests=bests_of(3.0, 0.0), **paced((3, 600)), **beating((150, 100), (180, 40)))
    assert hard_seconds(frame([row]))["hard_source"].tolist() == ["none"]
    known = hard_seconds(frame([row]), max_heart_rate_bpm=200)
    # 88 % of 200 is 176.
    assert known["hard_s"].tolist() == [40]
    assert known["hard_source"].tolist() == ["heart rate"]


def test_heart_rate_reserve_where_the_resting_rate_is_known() -> None:
    # 80 % of the reserve between 50 and 190 is 162; 88 % of 190 is 167.2.
    row = run(0, **beating((162, 100), (170, 30), (161, 500)))
    rested = hard_seconds(frame([row]), max_heart_rate_bpm=190, resting_heart_rate_bpm=50)
    assert rested["hard_s"].tolist() == [130]
    assert hard_seconds(frame([row]), max_heart_rate_bpm=190)["hard_s"].tolist() == [30]
    by_watch = run(
        0, **beating((162, 100), (170, 30)), max_hr_setting_bpm=190.0, rest_hr_setting_bpm=50.0
    )
    assert hard_seconds(frame([by_watch]))["hard_s"].tolist() == [130]
    # What the runner says outranks the watch; a watch that says 0 says nothing.
    assert hard_seconds(frame([by_watch]), max_heart_rate_bpm=220)["hard_s"].tolist() == [0]
    zero = by_watch | {"rest_hr_setting_bpm": 0.0}
    assert hard_seconds(frame([zero]))["hard_s"].tolist() == [30]


def test_the_highest_that_was_seen_stands_in_for_the_maximum() -> None:
    rows = [
        run(0, **beating((170, 60), top=180.0)),  # 88 % of 180 is 158.4
        run(1, **beating((170, 60), top=200.0)),  # of 200, 176
        run(2, **beating((170, 60), top=175.0)),
    ]
    assert hard_seconds(frame(rows))["hard_s"].tolist() == [60, 0, 0]


def test_nothing_measured_is_unknown_and_not_zero() -> None:
    found = hard_seconds(frame([run(0)]))
    assert found["hard_s"].isna().all()
    assert found["hard_source"].tolist() == ["none"]
    empty = hard_seconds(frame([]))
    assert empty.columns.tolist() == [
        "hard_s",
        "hard_source",
        "critical_speed_mps",
        "hard_hr_bpm",
    ]
    assert len(empty) == 0


def test_an_evening_race_does_not_change_the_morning() -> None:
    morning = run(0, hour=6, bests=bests_of(3.6, 200.0), **paced((3.8, 600), (3, 900)))
    evening = run(0, hour=18, bests=bests_of(4.0, 200.0), **paced((3.8, 600), (3, 900)))
    alone = hard_seconds(frame([morning]))
    both = hard_seconds(frame([morning, evening]))
    assert alone["hard_s"].tolist() == [600]
    assert both["hard_s"].tolist() == [600, 0]


runs = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.sampled_from([7, 18]),
        st.sampled_from([None, (3.4, 100.0), (3.9, 200.0), (4.4, 300.0), (3.0, 0.0)]),
        st.floats(2, 6),
        st.floats(100, 200) | st.just(math.nan),
    ),
    max_size=12,
    unique_by=lambda drawn: drawn[:2],
)


@given(runs, st.data())
@settings(deadline=None, max_examples=60)
def test_later_runs_never_change_an_earlier_one(
    drawn: list[tuple[int, int, tuple[float, float] | None, float, float]], data: st.DataObject
) -> None:
    rows = [
        run(
            day,
            hour=hour,
            bests=bests_of(*line) if line else None,
            **paced((speed, 100), (speed + 1, 10)),
            **beating((150, 50), (170, 20), top=top),
        )
        for day, hour, line, speed, top in sorted(drawn, key=lambda entry: entry[:2])
    ]
    keep = data.draw(st.integers(0, len(rows)))
    whole, part = hard_seconds(frame(rows)), hard_seconds(frame(rows[:keep]))
    pd.testing.assert_frame_equal(whole.iloc[:keep], part)


def test_the_window_is_by_the_runners_own_days() -> None:
    first = date(2025, 3, 1)
    row = run(0, bests=bests_of(4.0, 200.0), **paced((5, 60), (3, 600)))
    late = run(119, **paced((5, 60), (3, 600))) | {
        "local_date": (first + timedelta(days=120)).isoformat(),
    }
    assert hard_seconds(frame([row, late]))["hard_source"].tolist() == ["speed", "none"]


def test_a_flight_west_gives_a_day_twice() -> None:
    """Days may go back in order of start; the window is each run's own."""
    fast = bests_of(4.0, 200.0)
    rows = [
        run(0, bests=fast, **paced((5, 60), (3, 600))),
        run(120, **paced((5, 60), (3, 600))),
        run(120, hour=18, **paced((5, 60), (3, 600))) | {"local_date": "2025-06-28"},  # 119 days on
        run(121, **paced((5, 60), (3, 600))),
    ]
    found = hard_seconds(frame(rows))
    assert found["hard_source"].tolist() == ["speed", "none", "speed", "none"]


def test_beyond_the_last_bin_nothing_is_hard() -> None:
    row = run(0, **beating((200, 60)))
    assert hard_seconds(frame([row]), max_heart_rate_bpm=300)["hard_s"].tolist() == [0]


# --- what is no critical speed and no maximum ----------------------------------------------------


def test_a_speed_exceeded_for_an_hour_is_no_critical_speed() -> None:
    """Bests from easy running make a line as well; a long run then shows that they are none."""
    bests = bests_of(3.0, 100.0)
    easy = run(0, bests=bests, **paced((2.5, 9000)))
    within = run(7, **paced((3.2, 3599), (2.5, 600)))
    beyond = run(7, **paced((3.2, 3601), (2.5, 600)))
    assert hard_seconds(frame([easy, within]))["hard_source"].tolist() == ["speed"] * 2
    found = hard_seconds(frame([easy, beyond]))
    assert found["hard_source"].tolist() == ["speed", "none"], "not known before that day"
    assert math.isnan(found["critical_speed_mps"].iloc[1])
    later = hard_seconds(
        frame([easy, beyond, run(130, bests=bests, **paced((3.2, 600), (2.5, 900)))])
    )
    assert later["hard_source"].iloc[2] == "speed", "the long run has left the window"


def test_a_line_just_above_the_usual_speed_is_no_critical_speed() -> None:
    """Who jogs with a few strides has bests on a line, and half of the time would be hard."""
    jogs = [
        run(day, bests=bests_of(2.84, 100.0), **paced((2.6, 900), (2.72, 900), (2.92, 700)))
        for day in range(0, 40, 4)
    ]
    found = hard_seconds(frame(jogs))
    assert found["hard_source"].tolist() == ["none"] * 10
    assert found["critical_speed_mps"].isna().all()
    assert found["hard_s"].isna().all(), "unknown and not zero"
    beating_ = [{**row, **beating((150, 2000), (180, 60))} for row in jogs]
    by_heart = hard_seconds(frame(beating_), max_heart_rate_bpm=200)
    assert by_heart["hard_source"].tolist() == ["heart rate"] * 10


@pytest.mark.parametrize(("critical", "source"), [(3.02, "none"), (3.03, "speed")])
def test_how_far_above_the_usual_speed_a_critical_speed_lies(critical: float, source: str) -> None:
    """The middle of the time is 2.75 m/s, where the slower bins end: 1.10 times are 3.025."""
    row = run(0, bests=bests_of(critical, 200), **paced((2.5, 450), (2.72, 450), (3.4, 900)))
    assert hard_seconds(frame([row]))["hard_source"].tolist() == [source]


def test_the_usual_speed_is_that_of_the_same_days_and_of_no_later_one() -> None:
    rows = [
        run(0, **paced((2.6, 4000))),
        run(1, bests=bests_of(3.2, 200.0), **paced((3.3, 900))),
        run(2, **paced((3.1, 9000))),  # from here on most of the time was run at 3.1
        run(123, bests=bests_of(3.2, 200.0), **paced((2.6, 3000))),  # 121 days later
    ]
    found = hard_seconds(frame(rows))
    assert found["hard_source"].tolist() == ["none", "speed", "none", "speed"]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 250),
            st.lists(st.tuples(st.integers(40, 80), st.integers(1, 4000)), min_size=1, max_size=4),
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda drawn: drawn[0],
    )
)
@settings(deadline=None, max_examples=80)
def test_the_usual_speed_is_the_middle_of_all_seconds(
    drawn: list[tuple[int, list[tuple[int, int]]]],
) -> None:
    """Held against all seconds one by one, a bin of 0.05 m/s apart at the most."""
    drawn.sort()
    middle = [(bin_ + 0.5) * SPEED_BIN_MPS for bin_ in range(SPEED_BINS)]
    rows = [
        run(day, bests=bests_of(3.3, 200.0), **paced(*((middle[b], s) for b, s in spent)))
        for day, spent in drawn
    ]
    found = hard_seconds(frame(rows), held_s=math.inf)["hard_source"]
    for (day, _), source in zip(drawn, found, strict=True):
        inside = [spent for other, spent in drawn if day - 120 < other <= day]
        seconds = np.concatenate([np.repeat(middle[b], s) for spent in inside for b, s in spent])
        usual = float(np.median(seconds))
        if 1.10 * (usual + SPEED_BIN_MPS) < 3.3:
            assert source == "speed"
        if 1.10 * (usual - SPEED_BIN_MPS) > 3.3:
            assert source == "none"


def test_a_heart_rate_that_the_easiest_run_comes_near_is_no_maximum() -> None:
    """Who only ran easily, up to 154, has no hard time at 144."""
    easy = run(0, avg_hr_bpm=144.0, **beating((144, 2000), top=154.0))
    assert hard_seconds(frame([easy]))["hard_source"].tolist() == ["none"]
    fast = run(1, avg_hr_bpm=165.0, **beating((175, 900), top=190.0))
    found = hard_seconds(frame([easy, fast]))
    assert found["hard_source"].tolist() == ["none", "heart rate"]
    assert found["hard_hr_bpm"].iloc[1] == pytest.approx(0.88 * 190)
    assert hard_seconds(frame([easy]), max_heart_rate_bpm=160)["hard_s"].tolist() == [2000]


def test_a_file_without_settings_has_those_of_the_file_before() -> None:
    set_ = {"max_hr_setting_bpm": 190.0, "rest_hr_setting_bpm": 50.0}
    rows = [run(0, **set_, **beating((150, 900))), run(1, **beating((150, 900), top=152.0))]
    assert hard_seconds(frame(rows))["hard_hr_bpm"].tolist() == [162.0, 162.0]
    far = [rows[0], run(121, **beating((150, 900), top=152.0))]
    assert hard_seconds(frame(far))["hard_hr_bpm"].tolist() == [162.0, pytest.approx(0.88 * 152)]
