"""The whole audit: counts, what is claimed, what is refused, Brier and bins."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest
from numpy.random import default_rng
from squads import history

from kneewatch import evidence
from kneewatch.audit.calibration import calibrate
from kneewatch.audit.hold import hold
from kneewatch.audit.noted import Event
from kneewatch.audit.onsets import follow
from kneewatch.audit.outcome import Audit, History
from kneewatch.audit.verdicts import Verdict

BOOK = evidence.load()
FIRST = date(2025, 1, 1)
RATIOS = (1.0, 1.2, 1.25, 1.59, 2.0, 2.6)


def verdicts(ratios: list[float | None], step: int = 2) -> tuple[Verdict, ...]:
    level = {1.0: "usual", 1.2: "usual", 1.25: "change", 1.59: "change", 2.0: "clear-jump"}
    return tuple(
        Verdict(
            FIRST + timedelta(days=step * n),
            True,
            level.get(ratio, "big-jump") if ratio else "not-enough-history",
            ratio,
            ("KW102",) if ratio and ratio > 1.2 else (),
            own_level=level.get(ratio, "big-jump") if ratio else "",
            own_ratio=ratio,
        )
        for n, ratio in enumerate(ratios)
    )


def runner(ratios: list[float | None], *hurt: int, step: int = 2) -> History:
    """Something hurt on the day of so many runs."""
    said = verdicts(ratios, step)
    events = tuple(Event(said[n].day) for n in hurt)
    return History(said, events, ((FIRST, said[-1].day),), (FIRST,))


def enough(ratio: float = 1.0) -> Audit:
    rng = default_rng(1)
    return hold([history(rng, 400, 0.05, 0.1, ratio) for _ in range(3)], BOOK)


def test_few_onsets_give_counts_and_no_ratio() -> None:
    audit = hold([runner([1.0] * 20 + [1.59] + [1.0] * 20, 21)], BOOK)
    assert not audit.enough
    every = [held for signal in audit.signals for held in signal.held]
    assert {held.claim for held in every} == {"too few events"}
    assert {held.ratio for held in every} == {None}
    week = audit.signal("KW102").held[1]
    assert (week.days, week.alerts, week.hits, week.lead_days) == (7, 1, 1, 2.0)


def test_the_base_rate_is_a_share_of_stretches() -> None:
    """One onset in 87 days; Garwood's limits of a count of 1 are 0.0253 and 5.572."""
    audit = hold([runner([1.0] * 51, 25)], BOOK)
    assert (audit.onsets, audit.days_at_risk) == (1, 101 - 14)
    week = dict(audit.base_rates)[7]
    assert week.value == pytest.approx(1 - math.exp(-7 / 87))
    assert week.low == pytest.approx(1 - math.exp(-7 * 0.02532 / 87), rel=1e-3)
    assert week.high == pytest.approx(1 - math.exp(-7 * 5.5716 / 87), rel=1e-3)


def test_a_base_rate_is_never_more_than_all_stretches() -> None:
    """Every 16 days an onset, so two days in sixteen are at risk."""
    audit = hold([runner([1.0] * 200, *range(2, 200, 8))], BOOK)
    share = dict(audit.base_rates)[14]
    assert audit.onsets * 14 / audit.days_at_risk > 1, "what it was before"
    assert share.low < share.value < share.high <= 1


def test_a_few_days_give_no_base_rate() -> None:
    audit = hold([runner([1.0] * 14, 7)], BOOK)
    assert audit.days_at_risk < 28
    assert audit.base_rates == ((7, None), (14, None))


def test_the_level_counts_from_where_it_stands() -> None:
    audit = hold([runner([1.0] * 30 + [1.59, 1.0, 2.0, 1.0, 2.6] + [1.0] * 9)], BOOK)
    assert audit.signal("level-change").held[0].exposed == 3
    assert audit.signal("level-clear-jump").held[0].exposed == 2


def test_a_jump_is_charged_to_its_own_run_and_not_to_those_after_it() -> None:
    """The study's rate is one per run; the level stands for a week."""
    said = tuple(
        replace(verdict, level="clear-jump", ratio=2.28) if 30 < n < 34 else verdict
        for n, verdict in enumerate(verdicts([1.0] * 30 + [2.28] + [1.0] * 9))
    )
    audit = hold([History(said, (Event(said[32].day),), ((FIRST, said[-1].day),))], BOOK)
    by_run = audit.signal("level-clear-jump").held[0]
    assert (by_run.exposed, by_run.hits, by_run.misses) == (1, 0, 1)
    assert [each.onsets for each in audit.calibration.bins] == [1, 0, 0, 0, 0]
    rate = next(rate for rate in audit.alarm_rates if rate.code == "level-clear-jump")
    assert (rate.spoke, rate.stood, rate.told) == (1, 4, 40)


def test_without_a_level_a_run_is_not_quiet() -> None:
    audit = hold([runner([None] * 10 + [1.0] * 10)], BOOK)
    by_run = audit.signal("level-change").held[0]
    assert (by_run.exposed, by_run.quiet) == (0, 10)


def test_who_noted_nothing_is_left_out_and_counted() -> None:
    audit = hold([runner([1.0] * 20), History(verdicts([1.0] * 20))], BOOK)
    assert (audit.runners, audit.followed_runners, audit.judged_days) == (2, 1, 20)
    nobody = hold([History(verdicts([1.0] * 20))], BOOK)
    assert (nobody.followed_runners, nobody.onsets, nobody.days_at_risk) == (0, 0, 0)
    assert nobody.calibration is None
    assert hold([], BOOK).runners == 0


def test_notes_that_begin_after_their_end_follow_nobody() -> None:
    said = verdicts([1.0, 1.59, 1.0])
    span = FIRST + timedelta(days=9), FIRST
    audit = hold([History(said, (Event(FIRST),), (span,))], BOOK)
    assert (audit.onsets, audit.days_at_risk, audit.judged_days) == (0, 0, 0)
    assert audit.base_rates == ((7, None), (14, None))
    assert audit.calibration is None


def test_the_order_of_runners_changes_nothing() -> None:
    rng = default_rng(5)
    squad = [history(rng, 150, 0.05, 0.1) for _ in range(4)]
    assert hold(squad, BOOK) == hold(squad[::-1], BOOK)


def test_claims_allow_for_all_that_was_compared() -> None:
    audit = enough()
    compared = sum(held.ratio is not None for s in audit.signals for held in s.held)
    assert audit.enough
    assert audit.comparisons == compared == 9, "two rules and a level; no clear jump was drawn"
    assert audit.signal("level-clear-jump").held[0].claim == "cannot be compared"


def test_five_bins_by_level() -> None:
    said = verdicts([*RATIOS, None])
    hurt = said[4].day
    found = calibrate(
        [(said, follow([Event(hurt)], [(FIRST, said[-1].day + timedelta(days=3))]))], BOOK.score
    )
    assert [each.runs for each in found.bins] == [1, 1, 2, 1, 0], "the last run lay in pain"
    assert [each.onsets for each in found.bins] == [0, 0, 0, 1, 0]
    assert [each.high for each in found.bins] == [1.0, 1.25, 1.75, 2.5, None]
    assert found.bins[0].expected == pytest.approx(1 / 450)
    assert found.bins[2].expected == pytest.approx((1.25 + 1.59) / 2 / 450)
    assert found.bins[3].seen.value == 1.0
    assert found.bins[3].seen.low == pytest.approx(0.2065, abs=1e-4), "Wilson, 1 of 1"


def test_brier_by_hand() -> None:
    """Four runs, one followed by pain: the base rate of 1/4 gives 3/16."""
    said = verdicts([1.0, 1.0, 1.0, 2.0], step=2)
    found = calibrate([(said, follow([Event(said[-1].day)], [(FIRST, said[-1].day)]))], BOOK.score)
    assert found.brier_base == pytest.approx(3 / 16)
    assert found.brier_study == pytest.approx((3 / 450**2 + (1 - 2 / 450) ** 2) / 4)
    assert found.brier_scaled == pytest.approx((3 * 0.2**2 + 0.6**2) / 4)


def test_a_ratio_that_tells_something_beats_the_base_rate() -> None:
    rng = default_rng(6)
    squad = [history(rng, 500, 0.02, 0.1, ratio=12.0) for _ in range(4)]
    followed = [(h.verdicts, follow(h.events, h.spans)) for h in squad]
    found = calibrate(followed, BOOK.score)
    assert found.brier_scaled < found.brier_base
