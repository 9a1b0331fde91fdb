"""A new watch, a treadmill or a trail switches a comparison off; that is said and counted."""

from __future__ import annotations

import pytest
from logbook import Log, read

from kneewatch import evidence
from kneewatch.model import Finding

USUAL = """
    date, km, min, fast_min, device, level_mps, spm, contact_ms, balance, down_shift, surges, turns
    2025-05-01 +2 x16, 10, 50, 2, fenix, 3.0, 170, 250, 50, -2, 1, 1
    """
CODES = ("KW501", "KW502", "KW503", "KW505", "KW603", "KW604")
each = pytest.mark.parametrize("code", CODES)

WHOLE = {
    "km": 8,
    "min": 40,
    "fast_min": 2,
    "level_mps": 3.0,
    "spm": 170,
    "contact_ms": 250,
    "balance": 50,
    "down_shift": -2,
    "surges": 1,
    "turns": 1,
}


def then(log: Log, runs: int, **cells: object) -> Log:
    """So many more runs like the others but for these cells, judged after the last."""
    for day in range(runs):
        log = log.and_then(f"2025-06-{2 + day:02}", **{**WHOLE, "device": "fenix", **cells})
    return log.on("2025-06-08")


@each
def test_runs_by_another_watch_are_counted(code: str) -> None:
    usual = read(USUAL)
    assert "not compared" not in usual.kept(code)
    one = then(usual, 1, device="coros")
    assert one.kept(code).endswith("; 1 newer run not compared (another watch)")
    assert (
        then(usual, 2, device="").kept(code).endswith("2 newer runs not compared (no watch named)")
    )


@each
def test_after_three_of_them_what_was_kept_before_is_no_answer(code: str) -> None:
    """The new watch may have no sensor at all: it cannot be compared for all that."""
    usual = read(USUAL)
    for cells in (
        {},
        {"contact_ms": "", "balance": "", "down_shift": "", "surges": "", "turns": ""},
    ):
        why = then(usual, 3, device="coros", **cells).cannot_tell(code)
        assert why.startswith("3 newer runs not compared (another watch); before them")


@each
def test_a_treadmill_switches_off_as_well(code: str) -> None:
    usual = read(USUAL)
    assert then(usual, 2, surface="treadmill").kept(code).endswith("not compared (treadmill)")
    assert then(usual, 3, surface="treadmill").cannot_tell(code).startswith("3 newer runs")


@pytest.mark.parametrize("code", CODES[:4])
def test_and_so_does_a_trail_for_the_form(code: str) -> None:
    usual = read(USUAL)
    assert then(usual, 1, surface="uneven").kept(code).endswith("1 newer run not compared (trail)")
    trails = then(usual, 2, surface="uneven")
    mixed = trails.and_then("2025-06-05", **WHOLE, device="fenix", surface="treadmill")
    assert "(trail, treadmill)" in mixed.cannot_tell(code)


@pytest.mark.parametrize("code", ["KW502", "KW503", "KW505"])
def test_a_run_that_has_nothing_of_it_is_not_counted(code: str) -> None:
    """Flat trails by the same watch without its strap: there was nothing to compare."""
    bare = {"contact_ms": "", "balance": "", "down_shift": ""}
    assert "not compared" not in then(read(USUAL), 3, surface="uneven", **bare).kept(code)


@each
def test_once_the_new_watch_can_be_compared_the_old_one_is_forgotten(code: str) -> None:
    log = read(USUAL)
    for day in range(25):
        log = log.and_then(f"2025-06-{2 + day:02}", **{**WHOLE, "device": "coros"})
    assert "not compared" not in log.on("2025-07-10").kept(code)


def test_a_finding_stands_and_says_how_many_came_after_it() -> None:
    """What was seen on an older run does not go away with a new watch."""
    odd = {"spm": 160, "contact_ms": 265, "balance": 52, "down_shift": -8, "surges": 9, "turns": 9}
    log = read(USUAL)
    for day in (2, 3, 4):
        log = log.and_then(f"2025-06-{day:02}", **{**WHOLE, **odd, "device": "fenix"})
    for day in (5, 6, 7):
        log = log.and_then(f"2025-06-{day:02}", **{**WHOLE, "device": "coros"})
    for code in CODES:
        (finding,) = [f for f in log.on("2025-06-08").broken(code) if isinstance(f, Finding)]
        assert finding.message.endswith(" 3 newer runs not compared (another watch).")


def test_three_is_our_choice_and_said_so() -> None:
    for code in CODES:
        limit = evidence.load().limit(code, "skipped")
        assert (limit.value, limit.unit, limit.basis) == (3.0, "runs", "ours")
