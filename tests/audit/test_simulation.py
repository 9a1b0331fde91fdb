"""The audit finds what was put in, and nothing where nothing was.

Simulated squads: the study's hazard ratios, one injury in 450 runs (EVIDENCE 1a).
"""

from __future__ import annotations

import math
from datetime import date, datetime, time
from typing import Any

import numpy as np
import pytest
import squads
from logbook import exposure

from kneewatch import evidence
from kneewatch.audit.counts import Looks, count_by_run
from kneewatch.audit.hold import hold
from kneewatch.audit.noted import Event, noted, spans
from kneewatch.audit.onsets import Followed, follow
from kneewatch.audit.outcome import Audit, History
from kneewatch.audit.ratios import Stratum, rate_ratio
from kneewatch.audit.replay import replay
from kneewatch.audit.verdicts import Verdict
from kneewatch.config import Config
from kneewatch.diary import Diary, Pain
from kneewatch.report import audit_words

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


# --- pain that is noted later, and whole logs -----------------------------------------------------


def test_pain_that_is_noted_later_draws_a_ratio_towards_one() -> None:
    """Noted up to two days later it is laid at the door of a run in between.

    What is lost is bounded, and nothing is found where nothing was.
    """
    rng = np.random.default_rng(5)
    truth, found = 4.0, {True: [], False: []}
    for _ in range(25):
        squad = [squads.training(rng, 300) for _ in range(12)]
        for late, values in found.items():
            strata = []
            for days in squad:
                scores = squads.notes(rng, days, 1 / 50, truth, late)
                strata.append(count_by_run(*drawn(days, scores)))
            values.append(rate_ratio(strata).value)
    prompt, later = np.mean(found[False]), np.mean(found[True])
    assert prompt == pytest.approx(truth, rel=0.15)
    assert 1.6 < later < 0.85 * prompt


def drawn(days: list[squads.Day], scores: dict[date, float]) -> tuple[Looks, Followed]:
    """The runs of a log, spikes as alerts, and what was noted."""
    events = [Event(day) for day, score in scores.items() if score >= 3]
    places = np.array([day.toordinal() for day, _ in days], dtype=np.int64)
    alert = np.array([squads.is_spike(days, place) for place in range(len(days))])
    span = days[0][0], max(scores)
    return Looks(places, alert, np.ones(len(days), dtype=bool)), follow(events, [span])


@pytest.fixture(scope="module")
def squad() -> list[tuple[list[squads.Day], tuple[Verdict, ...]]]:
    """Five drawn logs, each day put to the rules."""
    rng = np.random.default_rng(12)
    logs = [squads.training(rng, 110) for _ in range(5)]
    return [(days, replay(rows_of(days), Config(), evidence.load())) for days in logs]


def rows_of(days: list[squads.Day]) -> list[dict[str, Any]]:
    return [
        exposure(datetime.combine(day, time(18)), {"km": str(km), "min": str(km * 5.5)})
        for day, km in days
    ]


def held(
    squad: list[tuple[list[squads.Day], tuple[Verdict, ...]]], base: float, ratio: float
) -> Audit:
    """Notes drawn for the logs, and held against what the rules said."""
    rng = np.random.default_rng(3)
    histories = []
    for days, verdicts in squad:
        scores = squads.notes(rng, days, base, ratio, late=False)
        entries = tuple(Pain(day, score, where="back") for day, score in sorted(scores.items()))
        about = noted(Diary(entries), evidence.load(), max(scores))
        histories.append(
            History(verdicts, about.events, spans(about.entries, max(scores)), about.entries)
        )
    return hold(histories, evidence.load())


def test_the_rules_alert_where_a_jump_was_drawn(
    squad: list[tuple[list[squads.Day], tuple[Verdict, ...]]],
) -> None:
    for days, verdicts in squad:
        put_in = {days[place][0] for place in range(len(days)) if squads.is_spike(days, place)}
        told = {verdict.day for verdict in verdicts if "KW102" not in verdict.untold}
        said = {verdict.day for verdict in verdicts if "KW102" in verdict.alerts}
        assert said == put_in & told
        assert said


def test_a_strong_effect_in_drawn_logs_is_found(
    squad: list[tuple[list[squads.Day], tuple[Verdict, ...]]],
) -> None:
    audit = held(squad, 1 / 30, 18.0)
    by_run = audit.signal("KW102").held[0]
    assert audit.enough
    assert by_run.claim == "more after alerts"
    assert by_run.ratio.low > 2
    assert audit.signal("level-change").held[0].ratio.value > 2


def test_without_an_effect_drawn_logs_show_none(
    squad: list[tuple[list[squads.Day], tuple[Verdict, ...]]],
) -> None:
    audit = held(squad, 1 / 12, 1.0)
    assert audit.enough
    claims = {each.claim for signal in audit.signals for each in signal.held}
    assert claims <= {"no difference seen", "cannot be compared"}
    assert audit.signal("KW102").held[0].ratio.low < 1


def test_what_it_takes_to_see_a_doubling() -> None:
    """The figure of CANNOT_SAY: an alert on one run in ten, 110 onsets, four squads in five."""
    rng = np.random.default_rng(9)
    seen = 0
    for _ in range(400):
        hits = int(rng.binomial(110, 0.1 * 2 / (0.1 * 2 + 0.9)))
        found = rate_ratio([Stratum(hits, 1_000, 110 - hits, 9_000)])
        seen += found.low > 1
    assert seen / 400 == pytest.approx(0.8, abs=0.07)
    assert "110 onsets" in audit_words.CANNOT_SAY
