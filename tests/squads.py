"""Made-up squads: alerts and onsets drawn run by run, and whole training logs with notes.

The first are without a track and without a rule; the logs go through all of them.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.random import Generator

from kneewatch.audit.counts import Looks
from kneewatch.audit.noted import Event
from kneewatch.audit.onsets import Followed, follow
from kneewatch.audit.outcome import History
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


Day = tuple[date, float]
"""A day and what was run on it [km]."""

SPIKE = 1.10


def training(rng: Generator, runs: int, often: float = 0.08) -> list[Day]:
    """A runner of 7 to 11 km one to three days apart; now and then one far beyond the last 30 days.

    No closer than a month, so that the legs have forgotten it.
    """
    days: list[Day] = []
    for day in map(date.fromordinal, run_days(rng, runs).tolist()):
        before = [km for ago, km in days if (day - ago).days <= 30]
        fresh = len(before) > 8 and max(before) < 11.5
        far = fresh and rng.random() < often * 4
        km = max(before) * rng.uniform(1.3, 1.7) if far else rng.uniform(7.0, 11.0)
        days.append((day, round(float(km), 2)))
    return days


def is_spike(days: list[Day], place: int) -> bool:
    """Whether a run was over 10 % longer than all of the 30 days before it."""
    day, km = days[place]
    before = [earlier for ago, earlier in days[:place] if (day - ago).days <= 30]
    return bool(before) and km > SPIKE * max(before)


def notes(
    rng: Generator, days: list[Day], base: float, ratio: float, late: bool = True
) -> dict[date, float]:
    """Scores by day: 0 on days with a run, and pain 0 to 2 days after some.

    A spike is followed by it ``ratio`` times as often as other runs.
    """
    hurt: dict[date, float] = {}
    for place, (day, _) in enumerate(days):
        chance = base * (ratio if is_spike(days, place) else 1.0)
        if rng.random() < chance:
            hurt[day + timedelta(days=int(rng.integers(0, 3)) if late else 0)] = 4.0
    return dict.fromkeys((day for day, _ in days), 0.0) | hurt


def write_runner(folder: Path, days: list[Day], scores: dict[date, float]) -> None:
    """A runner's folder as the audit reads it: a table of runs, and pain.csv."""
    folder.mkdir(parents=True)
    runs = [f"{day},18:00,{km},{int(km * 5.5)}:00" for day, km in days]
    lines = "\n".join(["date,time,distance km,duration", *runs])
    (folder / "log.csv").write_text(lines + "\n", "utf-8")
    pain = [f"{day},{score:g},after,back,left" for day, score in sorted(scores.items())]
    (folder / "pain.csv").write_text("\n".join(["date,score,when,where,side", *pain]) + "\n")
