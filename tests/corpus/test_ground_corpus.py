"""The ground of real files: none of them goes round a track, and none of Zwift's is on a road."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import RealLog


def test_no_loop_of_a_park_is_taken_for_a_track(real_log: RealLog) -> None:
    """Nobody who named a run in these logs named a track, and 19 go round and round somewhere:

    loops of 339 to 460 m that are lanes there and back and blocks with corners.
    """
    with_track = [row for row in real_log.rows if row["points"] > 300]
    assert len(with_track) > 700
    flagged = [row["sources"] for row in with_track if row["surface_source"] == "loop of a track"]
    assert flagged == []


def test_what_was_ridden_on_a_screen_is_on_no_road(real_log: RealLog) -> None:
    zwift = [row for row in real_log.rows if row["device"].startswith("zwift")]
    assert len(zwift) == 2
    assert {row["surface"] for row in zwift} == {"treadmill"}
