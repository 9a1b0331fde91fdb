"""The audit finds what was put in, and nothing where nothing was.

Simulated squads: the study's hazard ratios, one injury in 450 runs (EVIDENCE 1a).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
import squads

from kneewatch import evidence
from kneewatch.audit.counts import count_by_run
from kneewatch.audit.hold import hold
from kneewatch.audit.ratios import rate_ratio

REPLICATES = 60


@pytest.fixture(scope="module")
def intervals() -> dict[int, list]:
    """Intervals of each class over many squads of 150 runners and two years."""
    rng = np.random.default_rng(1)
    found: dict[int, list] = {1: [], 2: [], 3: []}
    for _ in range(REPLICATES):
        squad = squads.studied(rng, 150, 350)
        for one, intervals in found.items():
            strata = [count_by_run(squads.looks(d, k, one), f) for d, k, f in squad]
            intervals.append(rate_ratio(strata))
    return found


def test_intervals_hold_the_truth_about_as_often_as_they_say(intervals: dict[int, list]) -> None:
    held = sum(
        interval.low <= squads.CLASSES[one] <= (interval.high or math.inf)
        for one, each in intervals.items()
        for interval in each
    )
    # 171 of 180 expected, with a spread of 3.
    assert 162 <= held <= 179


@pytest.mark.parametrize("one", [1, 2, 3])
def test_ratios_are_right_on_average(intervals: dict[int, list], one: int) -> None:
    values = [interval.value for interval in intervals[one]]
    spread = np.std(values) / math.sqrt(len(values))
    assert np.mean(values) == pytest.approx(squads.CLASSES[one], abs=3.5 * spread)
    assert spread < 0.2, "or the test could not fail"


def test_where_there_is_no_effect_none_is_claimed() -> None:
    """Runners who hurt more often also get more alerts, and weekly alerts come in rows."""
    rng = np.random.default_rng(2)
    book = evidence.load()
    silent = 0
    for _ in range(100):
        squad = [
            squads.history(rng, 150, base=0.03 + 0.02 * n, often=0.02 + 0.02 * n, lasting=3)
            for n in range(5)
        ]
        audit = hold(squad, book)
        assert audit.enough
        claims = {held.claim for signal in audit.signals for held in signal.held}
        silent += claims <= {"no difference seen", "cannot be compared"}
    assert silent >= 95


def test_a_strong_effect_is_claimed() -> None:
    """Otherwise claiming nothing would be no merit."""
    rng = np.random.default_rng(3)
    squad = [squads.history(rng, 400, base=1 / 60, often=0.08, ratio=5.0) for _ in range(20)]
    by_run = hold(squad, evidence.load()).signal("KW102").held[0]
    assert by_run.claim == "more after alerts"
    assert by_run.ratio.low < 5.0 < by_run.ratio.high


def test_people_are_not_mixed_up() -> None:
    """One hurts and jumps often, one neither: pooled without strata that would be a link."""
    rng = np.random.default_rng(4)
    squad = [squads.history(rng, 3000, 0.05, 0.30), squads.history(rng, 3000, 0.002, 0.01)]
    by_run = hold(squad, evidence.load()).signal("KW102").held[0]
    crude = (by_run.hits / by_run.exposed) / (by_run.misses / by_run.quiet)
    assert crude > 1.5
    assert by_run.ratio.low < 1 < by_run.ratio.high
