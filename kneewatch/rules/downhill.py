"""How steep: descent against what the legs are used to."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import pandas as pd

from kneewatch.evidence import Limit
from kneewatch.metrics.downhill import felt_descent, felt_steep_down, is_restless
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import RECENT_DAYS, Facts
from kneewatch.rules.rule import BOOK, rule
from kneewatch.rules.windows import (
    before,
    between,
    day_of,
    known_days_before,
    recent,
    rows_before,
    say_day,
    tissues_of,
)
from kneewatch.units import Units, percent

NO_ALTITUDE = "no run of the last 4 weeks has an altitude"


def lacking_altitude(values: pd.Series) -> str:
    """Why the recent runs, of which this is known or not, cannot be judged."""
    if not len(values):
        return "no run in the last 4 weeks"
    if not values.notna().any():
        return NO_ALTITUDE
    return "too few runs of the last 4 weeks have an altitude"


def no_run_of(values: pd.Series) -> str:
    """The subject of a rule that is kept, by whether all runs could be asked."""
    return "no run" if values.notna().all() else "no run with an altitude"


def well_known(values: pd.Series, distance_m: pd.Series, share: Limit) -> bool:
    """Whether a value is known for so much of the distance.

    A run whose distance is not known counts like the mean of the others, not as nothing.
    """
    weight = distance_m.fillna(distance_m.mean()).fillna(1.0)
    total = weight.sum()
    return bool(total > 0 and share.reached_by(weight[values.notna()].sum() / total))


@rule("KW201", "descent-spike", needs=("descent_m", "altitude_source"), picture=pictures.descent)
def judge_descent_spike(facts: Facts) -> Iterator[Answer]:
    """A run with over 30 % more descent than the most of the 30 days before it.

    The idea of the session spike carried over to descent above 150 m: going down raises
    braking forces, though the joints' own load does not simply rise with the slope. No study
    ties descent measured by a watch to injury; the numbers are ours. A treadmill run counts as
    no descent, a run without altitude as unknown.

    Try: on the next hilly run keep to 1.3 times the descent of before the jump; walk the
    steepest stretches, or go down them with short quick steps.
    """
    evidence = facts.evidence.rules["KW201"]
    window = evidence["window"].value
    broken = False
    doubtful: str | None = None
    runs = recent(facts)
    down = felt_descent(runs)
    for _, run in runs.iterrows():
        mine = float(down[str(run.name)])
        if math.isnan(mine):
            continue
        earlier = before(facts, run, window)
        known = felt_descent(earlier)
        most = float(known.max()) if known.notna().any() else math.nan
        base = max(most if most > 0 else 0.0, evidence["floor"].value / evidence["ratio"].value)
        ratio = mine / base
        if not evidence["ratio"].exceeded_by(ratio):
            continue
        if known_days_before(facts, day_of(run)) < window:
            doubtful = f"the log holds less than {window:.0f} days before {say_day(day_of(run))}"
            continue
        if not len(earlier):
            doubtful = f"no run in the {window:.0f} days before {say_day(day_of(run))}: see KW202"
            continue
        share = evidence["known_share"]
        if math.isnan(most) or not well_known(known, earlier["distance_m"], share):
            doubtful = f"too few runs in the {window:.0f} days before have an altitude"
            continue
        broken = True
        yield _descent_finding(facts, run, mine, most, mine / most if most > 0 else ratio)
    if broken:
        return
    if doubtful or not well_known(down, runs["distance_m"], evidence["known_share"]):
        yield CannotTell("KW201", "descent-spike", doubtful or lacking_altitude(down))
        return
    text = "of the last 4 weeks went down over 30 % more than those before it"
    yield Kept("KW201", "descent-spike", f"{no_run_of(down)} {text}")


def _doubt(run: pd.Series, units: Units) -> str:
    """What to say of a descent that is not well measured; empty for a good one."""
    if run["altitude_source"] == "gps":
        return " (by satellite altitude, roughly)"
    if is_restless(run):
        steady = units.height(float(run["steady_descent_m"]))
        return f" (the altitude was restless that day; it may be as little as {steady})"
    return ""


def _descent_finding(
    facts: Facts, run: pd.Series, mine: float, most: float, ratio: float
) -> Finding:
    evidence, units = facts.evidence.rules["KW201"], facts.config.units
    day = day_of(run)
    message = (
        f"The run of {say_day(day)} went down about {units.height(mine)}{_doubt(run, units)}; "
        f"the most of the 30 days before was {units.height(most)}."
    )
    return Finding(
        code="KW201",
        name="descent-spike",
        severity=evidence.loud(Severity.CAUTION),
        grade=evidence.grade,
        start=day.isoformat(),
        end=day.isoformat(),
        observed=ratio,
        limit=evidence["ratio"].value,
        unit="ratio",
        message=message,
        runs=(str(run.name),),
        tissues=tissues_of(facts, "downhill"),
        advice=(
            f"on the next hilly run keep to about "
            f"{units.height(max(most * evidence['ratio'].value, evidence['floor'].value))} of "
            f"descent; walk the steepest stretches, or go down them with short quick steps."
        ),
        papers=evidence.papers,
        weight=facts.evidence.log_ratio("downhill"),
    )


@rule(
    "KW202",
    "unaccustomed-downhill",
    needs=("descent_m", "steep_down_m"),
    picture=pictures.grade_mix,
)
def judge_unaccustomed_downhill(facts: Facts) -> Iterator[Answer]:
    """Much downhill with nothing like it in the 42 days before.

    A run with at least 200 m of descent, or 1.5 km at -5 % or steeper, and no run with half of
    that in 42 days. One bout of downhill running protects the muscles for three to six weeks,
    not for nine: that is the one downhill threshold with experiments behind it. It is about
    soreness and damage of muscle; for injury it is carried over.

    Try: expect sore muscles around the second day, run flat until they are gone, and put a short
    downhill run in every three weeks. Pain at the outer back of the knee going down is a reason
    to stop descending.
    """
    evidence = facts.evidence.rules["KW202"]
    runs = recent(facts)
    measures = (
        ("descent", felt_descent(runs), felt_descent(facts.runs)),
        ("steep", felt_steep_down(runs), felt_steep_down(facts.runs)),
    )
    broken = False
    doubtful: str | None = None
    for _, run in runs.iterrows():
        new = _unaccustomed(facts, run, measures)
        if isinstance(new, str):
            doubtful = new
        elif new is not None:
            broken = True
            yield _unaccustomed_finding(facts, run, new)
    if broken:
        return
    down = measures[0][1]
    if doubtful or not well_known(down, runs["distance_m"], evidence["known_share"]):
        yield CannotTell("KW202", "unaccustomed-downhill", doubtful or lacking_altitude(down))
        return
    text = "of the last 4 weeks went down much more than the 42 days before knew"
    yield Kept("KW202", "unaccustomed-downhill", f"{no_run_of(down)} {text}")


class Downhill(NamedTuple):
    """What a run had that the weeks before had not: ``descent`` or ``steep``, [m]."""

    measure: str
    mine: float
    most: float


def _unaccustomed(
    facts: Facts, run: pd.Series, measures: tuple[tuple[str, pd.Series, pd.Series], ...]
) -> Downhill | str | None:
    """What is new about the downhill of a run; None if nothing is, words if it cannot be told."""
    evidence = facts.evidence.rules["KW202"]
    window = evidence["window"].value
    rows = rows_before(facts, run, window)
    distance = facts.runs["distance_m"].iloc[rows]
    for name, values, all_values in measures:
        mine = float(values[str(run.name)])
        past = all_values.iloc[rows]
        most = float(past.max()) if past.notna().any() else 0.0
        known_to_legs = most >= evidence["familiar"].value * mine
        if known_to_legs or not evidence[name].reached_by(mine):
            continue
        if known_days_before(facts, day_of(run)) < window:
            return f"the log holds less than {window:.0f} days before {say_day(day_of(run))}"
        if len(past) and not well_known(past, distance, evidence["known_share"]):
            what = "an altitude" if name == "descent" else "a barometer"
            return f"too few runs in the {window:.0f} days before have {what}"
        return Downhill(name, mine, most)
    return None


def _unaccustomed_finding(facts: Facts, run: pd.Series, new: Downhill) -> Finding:
    measure, mine, most = new
    evidence, units = facts.evidence.rules["KW202"], facts.config.units
    day = day_of(run)
    if measure == "descent":
        what = f"about {units.height(mine)} of descent{_doubt(run, units)}"
        past = units.height(most)
    else:
        what = f"{units.distance(mine)} at −5 % or steeper"
        past = units.distance(most)
    message = (
        f"The run of {say_day(day)} had {what}; the most in the 42 days before was {past}. "
        f"Going down raises braking forces, by about 27 % at −5 % and 46 % at −10 %."
    )
    return Finding(
        code="KW202",
        name="unaccustomed-downhill",
        severity=evidence.loud(Severity.CAUTION),
        grade=evidence.grade,
        start=day.isoformat(),
        end=day.isoformat(),
        observed=mine,
        limit=evidence[measure].value,
        unit="m",
        message=message,
        runs=(str(run.name),),
        tissues=tissues_of(facts, "downhill"),
        advice=BOOK["KW202"].advice,
        papers=evidence.papers,
        weight=facts.evidence.log_ratio("downhill"),
    )


@rule(
    "KW203", "steeper-than-usual", needs=("steep_down_m", "distance_m"), picture=pictures.grade_mix
)
def judge_steepness_mix(facts: Facts) -> Iterator[Answer]:
    """The last 4 weeks hold more than twice the usual share of steep downhill.

    Share of the distance at -5 % or steeper in the last 4 weeks against the 12 weeks before. It
    needs a barometer: altitude by satellite cannot tell such slopes. No study gives a number for
    it, and descent is not a confirmed risk factor among trail runners, so it is information.

    Try: mix in a flat route for every hilly one while this settles.
    """
    evidence = facts.evidence.rules["KW203"]
    now = recent(facts)
    last = facts.recent_from - timedelta(days=1)
    usual_days = int(evidence["usual"].value)
    usual = between(facts.runs, last - timedelta(days=usual_days - 1), last)
    if known_days_before(facts, facts.recent_from) < RECENT_DAYS:
        why = "less than 4 weeks of log lie before the last 4"
        yield CannotTell("KW203", "steeper-than-usual", why)
        return
    shares = []
    for runs, when in ((now, "the last 4 weeks"), (usual, "the weeks before")):
        steep = felt_steep_down(runs)
        if not well_known(steep, runs["distance_m"], evidence["known_share"]):
            why = f"no barometer for most of the distance of {when}"
            if not len(runs):
                why = f"no run in {when}"
            yield CannotTell("KW203", "steeper-than-usual", why)
            return
        shares.append(float(steep.sum() / runs.loc[steep.notna(), "distance_m"].sum()))
    share, before_share = shares
    grown = share / before_share if before_share > 0 else math.inf
    doubled = evidence["times_usual"].exceeded_by(grown)
    weeks = min(known_days_before(facts, facts.recent_from), usual_days) // 7
    if not (evidence["min_share"].reached_by(share) and doubled):
        text = (
            f"{percent(share)} of the distance at −5 % or steeper, usually {percent(before_share)}"
        )
        yield Kept("KW203", "steeper-than-usual", text)
        return
    yield Finding(
        code="KW203",
        name="steeper-than-usual",
        severity=evidence.loud(Severity.NOTE),
        grade=evidence.grade,
        start=facts.recent_from.isoformat(),
        end=facts.as_of.isoformat(),
        observed=share,
        limit=max(before_share * evidence["times_usual"].value, evidence["min_share"].value),
        unit="share",
        message=(
            f"{percent(share)} of the last 4 weeks' distance went down at −5 % or steeper; in the "
            f"{weeks} weeks before it was {percent(before_share)}."
        ),
        runs=tuple(now.index[felt_steep_down(now) > 0]),
        tissues=tissues_of(facts, "downhill"),
        advice=BOOK["KW203"].advice,
        papers=evidence.papers,
    )
