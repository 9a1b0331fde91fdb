"""KW131: other sports are information, whether there are any or none."""

from __future__ import annotations

import pytest
from logbook import EMPTY, Log, logged

from kneewatch.rules.other_sports import group_of


@logged
def test_rides_swims_and_strength_are_counted_and_no_load(log: Log) -> None:
    """
    date, km, sport, sub_sport, min
    2025-05-01 +3 x12, 10, running, , 60
    2025-06-02, 40, cycling, road, 100
    2025-06-03, 2, swimming, lap_swimming, 45
    2025-06-04, , training, yoga, 35
    2025-06-05, 8, hiking, , 120
    """
    assert log.kept("KW131") == (
        "4 other activities in 5 h 00 min in the last 28 days (2 low impact, 1 strength and "
        "mobility, 1 on foot): capacity and variety, not counted as running load"
    )


def test_they_change_neither_the_level_nor_another_rule() -> None:
    log = EMPTY.on("2025-06-08")
    for day in range(1, 31, 3):
        log = log.and_then(f"2025-05-{day:02d}", km=10, min=60)
    log = log.and_then("2025-06-07", km=16, min=90)
    more = log
    for day in range(1, 8):
        more = more.and_then(f"2025-06-{day:02d}T18:00", km=60, min=120, sport="cycling")
    assert more.attention == log.attention
    assert more.review.findings == log.review.findings
    assert more.kept("KW131")


@logged
def test_none_of_late_is_information(log: Log) -> None:
    """
    date, km, sport
    2025-03-01, 40, cycling
    2025-05-01 +3 x12, 10, running
    """
    assert log.kept("KW131").endswith("which is information and no fault")


@logged
def test_a_log_of_runs_alone_cannot_tell(log: Log) -> None:
    """
    date, km
    2025-05-01 +3 x12, 10
    """
    assert "may have been done without a watch" in log.cannot_tell("KW131")


@pytest.mark.parametrize(
    ("sport", "sub_sport", "group"),
    [
        ("cycling", "virtual_activity", "low impact"),
        ("rowing", "generic", "low impact"),
        ("fitness_equipment", "elliptical", "low impact"),
        ("training", "strength_training", "strength and mobility"),
        ("training", "pilates", "strength and mobility"),
        ("walking", "generic", "on foot"),
        ("fitness_equipment", "stair_climbing", "on foot"),
        ("soccer", "generic", "others"),
        ("training", "generic", "others"),
        ("", "", "others"),
    ],
)
def test_groups(sport: str, sub_sport: str, group: str) -> None:
    assert group_of(sport, sub_sport) == group
