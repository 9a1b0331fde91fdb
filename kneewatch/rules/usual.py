"""A run against the same runner's own runs of the weeks before, by the same watch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kneewatch.evidence import Limit
from kneewatch.metrics.form import SUMS, Line, fit_line
from kneewatch.metrics.habits import surges_above
from kneewatch.model import CannotTell, Floats, Kept
from kneewatch.rules.facts import Facts
from kneewatch.rules.rule import BOOK
from kneewatch.rules.windows import Run, before, day_of, recent, say_day

NO_RUN = "no run in the last 4 weeks"
NO_SENSOR = "no run of the last 4 weeks has {what}: it takes a chest strap, a pod or such a watch"


@dataclass(frozen=True)
class Terms:
    """What a comparison with the runner's own line takes.

    Attributes
    ----------
    days : float
        Window before the run [days].
    runs, time : Limit
        Runs, and level running in them [s], that the line rests on.
    own_time : Limit
        Level running of the run itself [s].
    reach : Limit
        How far its speed may lie from theirs [standard deviations].
    """

    days: float
    runs: Limit
    time: Limit
    own_time: Limit
    reach: Limit


@dataclass(frozen=True)
class Usual:
    """A runner's own line over the weeks before a run, and what the run has to it.

    Attributes
    ----------
    runs : int
        How many it was fitted to.
    value, speed_mps : float
        Mean of the run on the level, and its mean speed there.
    expected : float
        What the line gives at the run's own speed and grade.
    """

    line: Line
    runs: int
    value: float
    speed_mps: float
    expected: float

    @property
    def residual(self) -> float:
        """How far the run lies from its line [share]."""
        return self.value / self.expected - 1


UNEVEN = ("treadmill", "uneven")
INDOORS = ("treadmill", "indoor_running", "virtual_activity")
KINDS = ("trail", "obstacle", *INDOORS)
"""Surfaces and kinds of run on which form is another matter."""

NO_WATCH = "the files do not name the watch, which may have changed"


def on_a_machine(runs: pd.DataFrame) -> pd.Series[bool]:
    """Which runs led nowhere: on a treadmill, or on a course that is not there."""
    return (runs["surface"] == "treadmill") | runs["sub_sport"].isin(INDOORS)


def on_even_ground(runs: pd.DataFrame) -> pd.Series[bool]:
    """Which runs can be compared by form: no treadmill, no trail, nothing virtual."""
    return ~runs["surface"].isin(UNEVEN) & ~runs["sub_sport"].isin(KINDS)


def is_on_a_machine(run: Run) -> bool:
    """The same of one run."""
    return bool(run["surface"] == "treadmill" or run["sub_sport"] in INDOORS)


def on_like_ground(runs: pd.DataFrame, run: Run) -> pd.Series[bool]:
    """Which runs were on even ground if that run was, and on uneven ground if it was not."""
    return on_even_ground(runs) == has_even_ground(run)


def has_even_ground(run: Run) -> bool:
    """Whether one run was on even ground, as ``on_even_ground`` has it."""
    return run["surface"] not in UNEVEN and run["sub_sport"] not in KINDS


def alike_before(facts: Facts, run: Run, days: float) -> pd.DataFrame:
    """Runs of the days before a run, by the same watch and on even ground."""
    earlier = before(facts, run, days)
    alike: pd.DataFrame = earlier[on_even_ground(earlier) & (earlier["device"] == run["device"])]
    return alike


def unlike(run: Run) -> str:
    """Why a run cannot be held against others at all, empty if it can."""
    if not has_even_ground(run):
        return "treadmill and trail runs are not compared by form"
    return "" if run["device"] else NO_WATCH


def passed_over(facts: Facts, last: Run, concerned: pd.Series[bool] | None = None) -> list[str]:
    """Why runs after the last that was compared were not, where watch or ground is the reason.

    Parameters
    ----------
    facts : Facts
    last : Run
        The newest run that could be compared.
    concerned : Series of bool, optional
        Which of the recent runs have what the rule looks at; by default all. By another watch
        nothing can be compared, whether it has that or not.
    """
    runs = recent(facts)
    told = np.ones(len(runs), dtype=np.bool_) if concerned is None else concerned.to_numpy()
    first = list(runs.index).index(last.name) + 1
    reasons = []
    for (_, run), mine in zip(runs.iloc[first:].iterrows(), told[first:], strict=True):
        if run["device"] != last["device"]:
            reasons.append("another watch" if run["device"] else "no watch named")
        elif not mine:
            continue
        elif is_on_a_machine(run):
            reasons.append("treadmill")
        elif not has_even_ground(run):
            reasons.append("trail")
    return reasons


def not_compared(reasons: Sequence[str]) -> str:
    """``3 newer runs not compared (another watch)``."""
    runs = "1 newer run" if len(reasons) == 1 else f"{len(reasons)} newer runs"
    return f"{runs} not compared ({', '.join(dict.fromkeys(reasons))})"


def and_newer(reasons: Sequence[str]) -> str:
    """The same as a sentence at the end of a message, empty where there are none."""
    return f" {not_compared(reasons)}." if reasons else ""


def kept(code: str, text: str, reasons: Sequence[str], most: Limit) -> Kept | CannotTell:
    """A rule that found nothing: kept, unless the newest runs could not be asked.

    A finding stands all the same: what was seen on an older run does not go away with a new watch.
    """
    name = BOOK[code].name
    if most.reached_by(len(reasons)):
        return CannotTell(code, name, f"{not_compared(reasons)}; before them {text}")
    return Kept(code, name, f"{text}; {not_compared(reasons)}" if reasons else text)


def usual_line(facts: Facts, run: Run, column: str, terms: Terms) -> Usual | str:
    """A run against the runner's own line of the weeks before, or why there is none.

    Parameters
    ----------
    facts : Facts
    run : Run
    column : str
        Column of sums, as ``metrics.form.line_sums`` makes them.
    terms : Terms
    """
    if why := unlike(run):
        return why
    own = sums_of(run[column])
    if not terms.own_time.reached_by(own[0]):
        return "too little level running with what this rule needs"
    days = terms.days
    earlier = [sums_of(cell) for cell in alike_before(facts, run, days)[column]]
    told = [sums for sums in earlier if sums[0] > 0]
    together = np.sum(told, axis=0) if told else np.zeros(SUMS)
    line = fit_line(together)
    if (
        line is None
        or not terms.runs.reached_by(len(told))
        or not terms.time.reached_by(line.seconds)
    ):
        return (
            f"only {len(told)} runs on even ground by the same watch in the {days:.0f} days "
            f"before {say_day(day_of(run))}, with {line.seconds / 60 if line else 0:.0f} min of "
            f"level running that tell it"
        )
    speed, grade = float(own[1] / own[0]), float(own[2] / own[0])
    # On one's only loop the spread is next to nothing, and like speed is still like speed.
    spread = max(line.speed_spread_mps, 0.1)
    if terms.reach.exceeded_by(abs(speed - line.speed_mps) / spread):
        return f"the run of {say_day(day_of(run))} was at a speed that the runs before hardly hold"
    return Usual(line, len(told), float(own[3] / own[0]), speed, line.at(speed, grade))


def sums_of(cell: object) -> Floats:
    """The sums in a cell, zeros where there are none."""
    return cell if isinstance(cell, np.ndarray) else np.zeros(SUMS)


def surges_and_stops(runs: pd.DataFrame, above_mps: float) -> pd.Series[float]:
    """Surges that end above a speed, and hard stops, of each run.

    NaN where a run was not recorded every second, and without a speed.
    """
    if np.isnan(above_mps):
        return pd.Series(np.nan, index=runs.index)
    surges = [
        surges_above(cell, above_mps) if isinstance(cell, np.ndarray) else np.nan
        for cell in runs["surge_histogram"]
    ]
    return pd.Series(surges, index=runs.index, dtype="float64") + runs["hard_stops"]
