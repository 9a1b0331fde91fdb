"""Made-up squads: alerts and onsets drawn run by run, without a track and without a rule."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.random import Generator

from kneewatch.audit.counts import Looks
from kneewatch.audit.hold import History
from kneewatch.audit.noted import Event
from kneewatch.audit.onsets import Followed, follow
from kneewatch.audit.verdicts import Verdict

FIRST = date(2024, 1, 1)

CLASSES = (1.0, 1.64, 1.52, 2.28)
"""Hazard ratios of frandsen2025 for a run up to 10, 30, 100 % longer, and beyond."""

SHARES = (0.88, 0.06, 0.045, 0.015)
"""How many runs of each class; ours."""

BASE = 1 / 450


def run_days(rng: Generator, runs: int) -> np.ndarray:
    """Ordinals of runs one to three days apart."""
    return FIRST.toordinal() + np.cumsum(rng.integers(1, 4, runs))


def followed(days: np.ndarray, hurt: np.ndarray) -> Followed:
    """The runner's notes: something hurt on those days of his or her runs."""
    events = [Event(date.fromordinal(int(day))) for day in days[hurt]]
    return follow(events, [(FIRST, date.fromordinal(int(days[-1]) + 1))])


def studied(
    rng: Generator, runners: int, runs: int
) -> list[tuple[np.ndarray, np.ndarray, Followed]]:
    """Days, class of each run and notes of runners whose injuries follow the study."""
    squad = []
    for _ in range(runners):
        days, kind = run_days(rng, runs), rng.choice(4, runs, p=SHARES)
        hurt = rng.random(runs) < BASE * np.array(CLASSES)[kind]
        squad.append((days, kind, followed(days, hurt)))
    return squad


def looks(days: np.ndarray, kind: np.ndarray, one: int) -> Looks:
    """One class against the reference; the other classes cannot tell."""
    return Looks(days, kind == one, (kind == one) | (kind == 0))


def history(
    rng: Generator,
    runs: int,
    base: float,
    often: float,
    ratio: float = 1.0,
    lasting: int = 1,
) -> History:
    """A runner with an alert on a share ``often`` of the runs, each on ``lasting`` runs in a row.

    A run of KW102 is followed by pain ``ratio`` times as often as the others.
    """
    days = run_days(rng, runs)
    spike = rng.random(runs) < often
    weekly = np.convolve(rng.random(runs) < often, np.ones(lasting))[:runs] > 0
    hurt = rng.random(runs) < np.minimum(base * np.where(spike, ratio, 1.0), 1.0)
    level = np.convolve(spike, np.ones(3))[:runs] > 0
    verdicts = [
        Verdict(
            day=date.fromordinal(int(day)),
            ran=True,
            level="change" if high else "usual",
            ratio=1.59 if high else 1.0,
            alerts=tuple(c for c, on in (("KW101", w), ("KW102", s)) if on),
            own_level="change" if s else "usual",
            own_ratio=1.59 if s else 1.0,
        )
        for day, high, w, s in zip(days, level, weekly, spike, strict=True)
    ]
    events = tuple(Event(verdict.day) for verdict, now in zip(verdicts, hurt, strict=True) if now)
    span = FIRST, verdicts[-1].day + timedelta(days=1)
    return History(tuple(verdicts), events, (span,), span)
