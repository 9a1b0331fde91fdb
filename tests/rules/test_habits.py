"""KW601 to KW604: easing in and out of hard runs, surges, hard stops, sharp turns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from logbook import EMPTY, Log, logged, read

from kneewatch.metrics.intensity import SPEED_BIN_MPS, SPEED_BINS
from kneewatch.model import Severity
from kneewatch.rules.easing import median_above
from kneewatch.rules.picture_form import sudden

# Critical speed is 4.0 m/s in these logs, and the hard part is run at 5.0 to 5.05, one bin of the
# histogram (see tests/logbook.py).


@logged
def test_hard_runs_that_begin_cold(log: Log) -> None:
    """Four fifths of 5 m/s are 4: the first began at 2.8, the others above.

    date, km, min, fast_min, start_mps, end_mps
    2025-05-25, 10, 50, 10, 2.8, 2.8
    2025-05-28, 10, 50, 10, 4.5, 2.8
    2025-06-01, 10, 50, 10, 4.2, 2.8
    2025-06-04, 10, 50, 10, 4.5, 4.5
    2025-06-08, 10, 50, 5, 4.1, 4.5
    """
    finding = log.broken_once("KW601")
    assert finding.observed == pytest.approx(4 / 5)
    assert finding.severity == Severity.NOTE
    assert finding.weight == 0
    assert finding.tissues == ()
    assert "4 of 5 hard runs" in finding.message
    assert "on Sun 8 Jun minutes 1 to 8 were run at 82 % of the speed" in finding.message
    assert "made no difference to injuries" in finding.message
    assert log.kept("KW602") == "3 of 5 hard runs of the last 4 weeks ended easily"
    assert log.on("2025-06-07").kept("KW601"), "three of four are not said yet"


@logged
def test_one_or_two_hard_runs_are_no_habit(log: Log) -> None:
    """
    date, km, min, fast_min, start_mps, end_mps
    2025-06-01 +3 x3, 10, 50, 10, 4.9, 4.9
    """
    for code in ("KW601", "KW602"):
        assert log.broken_once(code)
        two = log.on("2025-06-06").cannot_tell(code)
        assert two == "only 2 hard runs in the last 4 weeks; it takes 3"
        assert "only 1 hard run in" in log.on("2025-06-02").cannot_tell(code)


@logged
def test_what_lies_a_week_back_was_said_then(log: Log) -> None:
    """
    date, km, min, fast_min, start_mps, end_mps
    2025-06-01 +3 x3, 10, 50, 10, 4.9, 4.9
    2025-06-08 +3 x3, 10, 50, 0, 2.8, 2.8
    """
    for code, how in (("KW601", "began"), ("KW602", "ended")):
        assert log.on("2025-06-13").broken_once(code)
        assert log.on("2025-06-14").kept(code) == (
            f"0 of 3 hard runs of the last 4 weeks {how} easily; none of the others lies in the "
            f"last 7 days"
        )


@logged
def test_minutes_that_came_together_in_seconds_are_no_hard_run(log: Log) -> None:
    """Ten minutes above critical speed, and no 800 m of them at a stretch: hills, or a crowd.

    date, km, min, fast_min, start_mps, end_mps
    2025-06-01 +3 x3, 10, 50, 10, 4.9, 4.9
    """

    def with_best(best_s: float | None) -> Log:
        """The critical speed of 4 m/s comes from the first run, and the others have this best."""
        return replace(
            log, rows=(log.rows[0], *(row | {"best_800m_s": best_s} for row in log.rows[1:]))
        )

    for code in ("KW601", "KW602"):
        assert "only 1 hard run in" in with_best(201.0).cannot_tell(code)
        assert "only 1 hard run in" in with_best(None).cannot_tell(code)
        assert with_best(200.0).broken_once(code)


@logged
def test_a_fast_start_is_cold_even_if_its_middle_is_easy(log: Log) -> None:
    """
    date, km, min, fast_min, start_mps, top_mps, end_mps
    2025-06-01 +3 x3, 10, 50, 10, 2.8, 4.1, 4.6
    """
    assert log.broken_once("KW601")
    assert "the last 5 were run at 92 % of the speed" in log.broken_once("KW602").message


@logged
def test_nothing_above_critical_speed_is_not_at_it(log: Log) -> None:
    """
    date, km, min, fast_min, start_mps, top_mps, end_mps
    2025-06-01 +3 x3, 10, 50, 10, 2.8, 4.0, 4.0
    """
    assert log.kept("KW601")
    assert log.kept("KW602")


@logged
def test_another_recording_may_be_the_warm_up(log: Log) -> None:
    """
    date, km, min, fast_min, start_mps, end_mps, sport
    2025-05-26T08:00 +3 x3, 10, 50, 10, 4.9, 4.9, running
    """
    assert log.broken_once("KW601")
    assert log.broken_once("KW602")
    walk = log.and_then("2025-06-01T07:35", km=1, sport="walking")
    assert walk.kept("KW601")
    assert walk.broken_once("KW602")
    early = log.and_then("2025-06-01T07:29", km=1, sport="walking")
    assert early.broken_once("KW601")
    ride = log.and_then("2025-06-01T07:55", km=1, sport="cycling")
    assert ride.broken_once("KW601"), "a ride to the track is not on foot"


@logged
def test_easy_runs_are_not_asked(log: Log) -> None:
    """
    date, km, min, fast_min, start_mps, end_mps
    2025-06-01 +2 x4, 10, 50, 4.9, 4.9, 4.9
    """
    for code in ("KW601", "KW602"):
        assert "held 5 minutes above critical speed" in log.cannot_tell(code)
        alone = EMPTY.and_then("2025-06-01", km=9, start_mps=4.9, end_mps=4.9)
        assert "no critical speed" in alone.cannot_tell(code)
        assert EMPTY.cannot_tell(code) == "no run in the last 4 weeks"


@logged
def test_a_hard_run_whose_start_is_not_known_is_not_judged(log: Log) -> None:
    """
    date, km, min, fast_min
    2025-06-01 +3 x3, 10, 50, 10
    """
    assert log.cannot_tell("KW601") == log.cannot_tell("KW602")


def test_the_median_of_the_hard_part() -> None:
    spent = np.zeros(SPEED_BINS)
    spent[int(3.0 / SPEED_BIN_MPS + 0.5)] = 1000
    spent[int(4.5 / SPEED_BIN_MPS + 0.5)] = 60
    spent[int(5.0 / SPEED_BIN_MPS + 0.5)] = 100
    assert median_above(spent, 4.0) == pytest.approx(5.0, abs=SPEED_BIN_MPS)
    assert median_above(spent, 2.0) == pytest.approx(3.0, abs=SPEED_BIN_MPS)
    assert np.isnan(median_above(spent, 6.0))


# --- KW603, KW604 --------------------------------------------------------------------------------


@logged
def test_more_surges_than_in_any_run_of_thirty_days(log: Log) -> None:
    """
    date, km, min, fast_min, surges, stops, device
    2025-05-01 +5 x7, 10, 50, 2, 4, 2, w
    2025-06-03, 10, 50, 2, 6, 2, w
    """
    finding = log.broken_once("KW603")
    assert finding.observed == pytest.approx(8 / 6)
    assert "held 8 surges and hard stops in 50 min" in finding.message
    assert "before was 6" in finding.message
    assert "gastrocnemius" in finding.tissues
    assert finding.weight == 0
    fewer = log.and_then("2025-06-04", km=9, min=50, fast_min=2, surges=7, stops=3, device="w")
    assert len(fewer.on("2025-06-04").broken_once("KW603").runs) == 1, "8 are the most by then"


@logged
def test_six_is_the_least_that_is_spoken_of(log: Log) -> None:
    """
    date, km, min, fast_min, surges, stops, device
    2025-05-01 +5 x7, 10, 50, 2, 0, 0, w
    2025-06-03, 10, 50, 2, 5, 0, w
    """
    assert log.kept("KW603")
    again = log.and_then("2025-06-04", km=9, min=50, fast_min=2, surges=7, stops=0, device="w")
    assert again.on("2025-06-04").broken_once("KW603")


@logged
def test_smart_recording_is_not_a_run_without_surges(log: Log) -> None:
    """Four of the runs before were recorded every second: too few.

    date, km, min, fast_min, surges, turns, device
    2025-05-01, 10, 50, 2, , 0, w
    2025-05-05 +5 x4, 10, 50, 2, 0, 0, w
    2025-06-02, 10, 50, 2, , 0, w
    2025-06-03, 10, 50, 2, 20, 9, w
    """
    assert log.cannot_tell("KW603") == (
        "only 4 of 5 runs of the 30 days before Tue 3 Jun were recorded every second by the same "
        "watch on like ground"
    )
    assert log.on("2025-05-02").cannot_tell("KW603").endswith("recorded every second")
    assert log.broken_once("KW604").observed == pytest.approx(9)
    blind = EMPTY.and_then("2025-06-01", km=9, surges=9, device="w")
    assert "no critical speed" in blind.cannot_tell("KW603")


@logged
def test_sharp_turns(log: Log) -> None:
    """
    date, km, turns, device
    2025-05-01 +5 x7, 10, 3, w
    2025-06-03, 10, 4, w
    """
    finding = log.broken_once("KW604")
    assert finding.observed == pytest.approx(4 / 3)
    assert "held 4 sharp turns at speed" in finding.message
    assert set(finding.tissues) == {"popliteus", "meniscus", "pcl"}
    assert log.on("2025-06-02").kept("KW604")


@logged
def test_before_thirty_days_of_log_the_most_is_not_known(log: Log) -> None:
    """
    date, km, turns, device
    2025-05-06 +3 x9, 10, 0, w
    2025-06-03, 10, 9, w
    """
    assert "the log holds only 28 of the 30 days" in log.cannot_tell("KW604")
    assert "positions every second" in EMPTY.and_then("2025-06-01", km=9).cannot_tell("KW604")


SUDDEN = """
    date, km, min, fast_min, surges, turns, device, surface
    2025-05-01 +3 x10, 10, 50, 2, 1, 1, {device}, {surface}
    2025-06-03, 10, 50, 2, 9, 9, w, hard
    """


@pytest.mark.parametrize("code", ["KW603", "KW604"])
def test_another_watch_counts_in_another_way(code: str) -> None:
    assert read(SUDDEN.format(device="w", surface="hard")).broken_once(code)
    assert read(SUDDEN.format(device="w", surface="firm")).broken_once(code)
    for device, surface in (("v", "hard"), ("", "hard"), ("w", "uneven")):
        why = read(SUDDEN.format(device=device, surface=surface)).cannot_tell(code)
        assert why.startswith("only 0 of 9 runs of the 30 days before Tue 3 Jun"), why
    nameless = read(SUDDEN.format(device="", surface="hard").replace("w, hard", ", hard"))
    assert nameless.cannot_tell(code) == "the files do not name the watch, which may have changed"


@pytest.mark.parametrize("code", ["KW603", "KW604"])
def test_a_trail_is_held_against_trails_and_a_treadmill_against_nothing(code: str) -> None:
    trails = SUDDEN.format(device="w", surface="uneven")
    assert read(trails.replace("w, hard", "w, uneven")).broken_once(code)
    mill = SUDDEN.format(device="w", surface="hard").replace("w, hard", "w, treadmill")
    assert "on a treadmill" in read(mill).cannot_tell(code)


@pytest.mark.parametrize("code", ["KW603", "KW604"])
def test_four_fifths_of_the_runs_before_are_counted_alike(code: str) -> None:
    """Nine runs by the same watch; a run by another one may have held more, a treadmill run not."""
    log = read(SUDDEN.format(device="w", surface="hard"))
    others = [f"2025-05-{day}" for day in (11, 14, 17)]
    for day in others[:2]:
        log = log.and_then(day, km=5, min=30, device="v")
        assert log.broken_once(code)
    mill = log.and_then("2025-05-19", km=5, min=30, device="w", surface="treadmill")
    assert mill.broken_once(code)
    third = log.and_then(others[2], km=5, min=30, device="v")
    assert "only 9 of 12 runs" in third.cannot_tell(code)


def test_the_bends_of_a_track_are_no_turns_and_hide_none() -> None:
    """Three of twelve runs on a track: surges may be among them, turns may not."""
    log = read(SUDDEN.format(device="w", surface="hard"))
    for day in (11, 14, 17):
        log = log.and_then(f"2025-05-{day}", km=5, min=30, device="w", sub_sport="track")
    assert log.broken_once("KW604")
    assert "only 9 of 12 runs" in log.cannot_tell("KW603")


def test_the_picture_shows_one_watch() -> None:
    """Eleven runs, the last by another watch."""
    log = read(SUDDEN.format(device="v", surface="hard"))
    (surges, turns) = sudden(log.facts).series
    assert surges.x == turns.x == ("2025-06-03",)
    same = sudden(read(SUDDEN.format(device="w", surface="hard")).facts)
    assert [len(part.x) for part in same.series] == [11, 11]
