"""A planned session, and the exposure row that it would leave in the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd

from kneewatch.metrics.downhill import felt_descent
from kneewatch.metrics.intensity import HEART_BINS, SPEED_BINS
from kneewatch.rules.facts import Facts
from kneewatch.rules.windows import recent
from kneewatch.units import duration

PLANNED = "planned"
"""What the id of a planned run begins with."""

HARD = "planned_hard_s"
"""Key of a planned row that is no column: its hard time, until it is put to the log's measure."""

ROUNDED_S = 60.0
"""People plan in whole minutes."""


@dataclass(frozen=True)
class Session:
    """One run that is meant to be run.

    Attributes
    ----------
    day : date
    distance_m : float
        [m]
    descent_m : float or None
        Height to be lost [m]; None where the plan does not say.
    hard_s : float or None
        Hard time [s]; None where the plan names none.
    note : str
        The plan's own words.
    """

    day: date
    distance_m: float
    descent_m: float | None = None
    hard_s: float | None = None
    note: str = ""

    def on(self, day: date) -> Session:
        """The same on another day."""
        return replace(self, day=day)


@dataclass(frozen=True)
class Usual:
    """How this runner runs: what a plan leaves unsaid is filled from it.

    Attributes
    ----------
    speed_mps : float or None
        Distance over moving time of the last four weeks [m/s].
    descent_share : float or None
        Descent over distance of the runs of the last four weeks that know it [-].
    most_descent_m : float
        The most that one of these runs went down [m].
    offset : timedelta
        Wall clock minus UTC on the last run.
    """

    speed_mps: float | None
    descent_share: float | None
    most_descent_m: float
    offset: timedelta

    def filled(self, session: Session) -> float | None:
        """Descent of a session, as planned or as is usual for its distance [m].

        What the plan does not say is never more than one of the last runs had: it is there so
        that later sessions have something to be compared with, and causes nothing by itself.
        """
        if session.descent_m is not None or self.descent_share is None:
            return session.descent_m
        return min(self.descent_share * session.distance_m, self.most_descent_m)


def usual(facts: Facts) -> Usual:
    """The usual of the last four weeks of a log."""
    runs = recent(facts)
    timed = runs[runs["moving_s"] > 0]
    down = felt_descent(runs)
    known = down.notna()
    distance = float(runs.loc[known, "distance_m"].sum())
    # Where most of the distance has no altitude, the rest is no measure of it.
    enough = distance > 0 and distance >= 0.5 * float(runs["distance_m"].sum())
    return Usual(
        speed_mps=float(timed["distance_m"].sum() / timed["moving_s"].sum())
        if len(timed)
        else None,
        descent_share=float(down.sum()) / distance if enough else None,
        most_descent_m=float(down.max()) if enough else 0.0,
        offset=_offset(facts),
    )


def _offset(facts: Facts) -> timedelta:
    """Wall clock minus UTC where the runner last was."""
    if not len(facts.runs):
        return timedelta(0)
    last = facts.runs.iloc[-1]
    try:
        wall = datetime.fromisoformat(str(last["local_start"]))
    except ValueError:
        return timedelta(0)
    start: datetime = last["start"].to_pydatetime().replace(tzinfo=None)
    return wall.replace(tzinfo=None) - start


def as_run(session: Session, usual: Usual, number: int = 0) -> dict[str, Any]:
    """The exposure row of a session as if it had been run.

    At the end of its day, so that the days before count whole, as they do for the room left.

    Parameters
    ----------
    number : int
        Tells sessions apart and keeps those of one day in order.
    """
    wall = datetime.combine(session.day, time(23, 59)) + timedelta(milliseconds=number)
    moving = session.distance_m / usual.speed_mps if usual.speed_mps else None
    descent = usual.filled(session)
    return {
        "id": f"{PLANNED} {session.day.isoformat()} {number}",
        "start": (wall - usual.offset).replace(tzinfo=UTC),
        "local_date": session.day.isoformat(),
        "local_start": wall.isoformat(),
        "sport": "running",
        "sub_sport": "generic",
        "sources": (PLANNED,),
        "distance_m": session.distance_m,
        "moving_s": moving,
        "elapsed_s": moving,
        "speed_mps": usual.speed_mps,
        "ga_speed_mps": usual.speed_mps,
        "descent_m": descent,
        "altitude_source": "none" if descent is None else "device",
        "surface": "unknown",
        "shoe": "",
        "shoe_source": "none",
        **_histograms(0.0, moving or session.hard_s or 0.0),
        HARD: session.hard_s or 0.0,
    }


def with_hard_time(facts: Facts, rows: Sequence[Mapping[str, Any]]) -> Facts:
    """The facts of a log with planned runs, their hard time as planned.

    It is held against the critical speed and the heart rate of the log without them: a plan of
    hard running is no best effort, and what is planned for an hour says nothing of what was held.

    Parameters
    ----------
    rows : sequence of mapping
        Planned runs as ``as_run`` makes them, all of it easy.
    """
    hard = {row["id"]: row for row in rows if row.get(HARD)}
    if not hard:
        return facts
    runs = facts.runs.copy()
    for name in ("ga_speed_histogram_s", "heart_rate_histogram_s"):
        runs[name] = pd.Series(
            [
                _histograms(hard[run][HARD], hard[run]["moving_s"] or 0.0)[name]
                if run in hard
                else cell
                for run, cell in runs[name].items()
            ],
            index=runs.index,
            dtype=object,
        )
    told = runs.index.isin(hard) & (runs["hard_source"] != "none")
    runs.loc[told, "hard_s"] = [hard[run][HARD] for run in runs.index[told]]
    return replace(facts, runs=runs)


def hard_beyond(session: Session, usual: Usual) -> str:
    """Why the hard time of a session cannot be; empty where it can, or nobody knows."""
    if not session.hard_s or not usual.speed_mps:
        return ""
    moving = session.distance_m / usual.speed_mps
    if session.hard_s <= moving + ROUNDED_S:
        return ""
    return (
        f"{duration(session.hard_s)} of hard running do not fit into a run that takes you about "
        f"{duration(moving)}"
    )


def _histograms(hard_s: float, moving_s: float) -> dict[str, Any]:
    """Hard time, put where speed and heart rate both count it, and the rest where neither does."""
    easy = max(moving_s - hard_s, 0.0)
    if not hard_s + easy:
        return {}
    speeds, beats = np.zeros(SPEED_BINS), np.zeros(HEART_BINS)
    speeds[0] = beats[0] = easy
    speeds[-1] = beats[-1] = hard_s
    return {"ga_speed_histogram_s": speeds, "heart_rate_histogram_s": beats}
