"""Hard runs and demanding days, as rules and pictures see them."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from kneewatch.metrics.hard import hard_seconds_by
from kneewatch.rules.facts import Facts
from kneewatch.rules.windows import Run, before, between, known_days_before


class Before(NamedTuple):
    """The hard time of the runs before one, by that one's own measure.

    Attributes
    ----------
    most_s : float
        The most in one run [s]; NaN where nothing is known.
    known : float
        Share of these runs that the measure knows [-]; NaN without a run.
    """

    most_s: float
    known: float


class Demand(NamedTuple):
    """What made a day hard or long."""

    day: date
    hard_s: float
    distance_m: float
    hard: bool
    long: bool


def hard_before(facts: Facts, run: Run) -> Before:
    """Hard time in the window before a run, above what counts as hard in this one.

    Critical speed and the highest heart rate move with the runner; today's measure for all of
    them keeps a better or an older best from making a jump of its own.
    """
    earlier = before(facts, run, facts.evidence.limit("KW111", "window").value)
    if not len(earlier):
        return Before(math.nan, math.nan)
    if run["hard_source"] == "speed":
        theirs = hard_seconds_by(earlier, speed_mps=float(run["critical_speed_mps"]))
    else:
        theirs = hard_seconds_by(earlier, heart_rate_bpm=float(run["hard_hr_bpm"]))
    return Before(float(theirs.max()), float(theirs.notna().mean()))


def hard_ratio(facts: Facts, hard_s: float, most_s: float) -> float:
    """Hard time over the most before, which counts as no less than makes the floor a jump."""
    limits = facts.evidence.rules["KW111"].limits
    floor = limits["floor"].value / limits["ratio"].value
    return hard_s / max(most_s if most_s > 0 else 0.0, floor)


def demanding_days(facts: Facts, first: date) -> list[Demand]:
    """Running days from one day on that were hard or long, in order.

    Long is against the usual running day of the weeks before, so that equal days are never long;
    with too few of them only hard time is looked at.
    """
    limits = facts.evidence.rules["KW122"].limits
    window = int(limits["window"].value)
    since = between(facts.runs, first - timedelta(days=window), facts.as_of)
    labels, place = np.unique(since["local_date"].to_numpy().astype(str), return_inverse=True)
    hard_of_day = np.bincount(place, np.nan_to_num(since["hard_s"].to_numpy()), len(labels))
    # One run without a distance leaves its day's unknown.
    distance_of_day = np.bincount(place, since["distance_m"].to_numpy(), len(labels))
    found = []
    for at in range(int(np.searchsorted(labels, first.isoformat())), len(labels)):
        day = date.fromisoformat(str(labels[at]))
        hard_s, distance = float(hard_of_day[at]), float(distance_of_day[at])
        begin = np.searchsorted(labels, (day - timedelta(days=window)).isoformat())
        usual = distance_of_day[begin:at]
        usual = usual[~np.isnan(usual)]
        enough = limits["usual_days"].reached_by(len(usual))
        known = enough and known_days_before(facts, day) >= window
        long = known and limits["long"].reached_by(distance / float(np.median(usual)))
        hard = limits["hard"].reached_by(hard_s)
        if hard or long:
            found.append(Demand(day, hard_s, distance, hard, long))
    return found


def back_to_back(days: list[Demand]) -> list[tuple[Demand, ...]]:
    """Stretches of demanding days with no day between them, in order; a day alone is one too."""
    found: list[tuple[Demand, ...]] = []
    for demand in days:
        if found and (demand.day - found[-1][-1].day).days == 1:
            found[-1] = (*found[-1], demand)
        else:
            found.append((demand,))
    return found


def running_days(facts: Facts) -> list[date]:
    """All days with a run, in order."""
    return sorted({date.fromisoformat(str(day)) for day in facts.runs["local_date"]})


def streaks(days: list[date]) -> list[tuple[date, date]]:
    """First and last day of each stretch of running days without a day off."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and (day - found[-1][1]).days == 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
