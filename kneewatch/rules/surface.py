"""On what ground. Unknown ground is said to be unknown and never taken for hard."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kneewatch.metrics.mix import metres_by_class, surface_shares
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.rule import BOOK, rule
from kneewatch.rules.windows import (
    before,
    day_of,
    known_days_before,
    recent,
    say_day,
    tissues_of,
)
from kneewatch.units import percent

GROUND = {
    "hard": "hard ground (asphalt, concrete)",
    "firm": "firm ground (track, fine gravel)",
    "soft": "soft ground (grass, woodchips, sand)",
    "uneven": "uneven ground (trail)",
    "treadmill": "the treadmill",
}


def ground_of(runs: pd.DataFrame) -> pd.Series[str]:
    """The class that at least half of each run's distance was on, ``unknown`` without one."""
    metres = pd.DataFrame(metres_by_class(runs), index=runs.index)
    half = metres.sum(axis=1) / 2
    # A run without a distance is of its class all the same.
    most = metres.idxmax(axis=1).where(half > 0, runs["surface"])
    return most.where(metres.max(axis=1) >= half, "unknown")


@rule("KW301", "hard-surface-share", needs=("surface", "distance_m"), picture=pictures.surface_mix)
def judge_hard_share(facts: Facts) -> Iterator[Answer]:
    """More than 80 % of the last 4 weeks' known distance on hard ground.

    Asphalt and concrete press alike; grass presses a little less in one study, no less in
    another, and shakes the shin more in a third. That hard ground hurts knees is not
    established, so this is information. The share is of the distance whose ground the files or
    a map name; where that is less than half, it cannot be told.

    Try: take one run a week to a park, a track or a forest road, and change ground gradually.
    """
    evidence = facts.evidence.rules["KW301"]
    runs = recent(facts)
    shares, known = surface_shares(runs)
    if not evidence["known_share"].reached_by(known):
        why = f"the files name the ground of {percent(known)} of the last 4 weeks' distance"
        if not len(runs):
            why = "no run in the last 4 weeks"
        yield CannotTell("KW301", "hard-surface-share", why)
        return
    hard = shares.get("hard", 0.0)
    if not evidence["hard_share"].exceeded_by(hard):
        text = f"{percent(hard)} of the last 4 weeks' known distance was on hard ground"
        yield Kept("KW301", "hard-surface-share", text)
        return
    yield Finding(
        code="KW301",
        name="hard-surface-share",
        severity=evidence.loud(Severity.NOTE),
        grade=evidence.grade,
        start=facts.recent_from.isoformat(),
        end=facts.as_of.isoformat(),
        observed=hard,
        limit=evidence["hard_share"].value,
        unit="share",
        message=(
            f"{percent(hard)} of the last 4 weeks' distance was on hard ground, of the "
            f"{percent(known)} whose ground is known."
        ),
        runs=tuple(runs.index[ground_of(runs) == "hard"]),
        advice=BOOK["KW301"].advice,
        papers=evidence.papers,
    )


@rule("KW302", "surface-change", needs=("surface", "distance_m"), picture=pictures.surface_mix)
def judge_surface_change(facts: Facts) -> Iterator[Answer]:
    """A run, or half of it, on a class of ground that was under 10 % of the 30 days before.

    Runners stiffen or soften their legs to suit the ground, and a sudden change asks for it all
    at once. No surface is known to cause or to prevent knee injury: this is information.

    Try: make the first runs on new ground short and easy, and look where the foot goes.
    """
    evidence = facts.evidence.rules["KW302"]
    window = evidence["window"].value
    changed: dict[str, list[tuple[pd.Series, float]]] = {}
    judged, doubtful = 0, False
    asked = recent(facts)
    ground = ground_of(asked)
    for (_, run), on in zip(asked.iterrows(), ground, strict=True):
        earlier = before(facts, run, window)
        if on == "unknown" or not len(earlier):
            continue
        judged += 1
        shares, known = surface_shares(earlier)
        usual = shares.get(on, 0.0)
        if evidence["usual_share"].reached_by(usual):
            continue
        whole = known_days_before(facts, day_of(run)) >= window
        if whole and evidence["known_share"].reached_by(known):
            changed.setdefault(on, []).append((run, usual))
        else:
            # What the files do not tell may have been ground of this class.
            doubtful = True
    for surface, runs in changed.items():
        yield _change_finding(facts, surface, runs)
    if changed:
        return
    named = surface_shares(asked)[1]
    if doubtful or not judged or not evidence["known_share"].reached_by(named):
        why = "the files do not name the ground of enough runs"
        if known_days_before(facts, facts.as_of) < window:
            why = f"the log is not longer than {window:.0f} days"
        if not len(asked):
            why = "no run in the last 4 weeks"
        yield CannotTell("KW302", "surface-change", why)
        return
    yield Kept("KW302", "surface-change", "no run of the last 4 weeks was on ground new to them")


def _change_finding(facts: Facts, surface: str, runs: list[tuple[pd.Series, float]]) -> Finding:
    evidence, units = facts.evidence.rules["KW302"], facts.config.units
    first, usual = runs[0]
    total = units.distance(sum(float(run["distance_m"]) for run, _ in runs))
    count = "1 run" if len(runs) == 1 else f"{len(runs)} runs"
    verb = "was" if len(runs) == 1 else "were"
    return Finding(
        code="KW302",
        name="surface-change",
        severity=evidence.loud(Severity.NOTE),
        grade=evidence.grade,
        start=day_of(first).isoformat(),
        end=day_of(runs[-1][0]).isoformat(),
        observed=usual,
        limit=evidence["usual_share"].value,
        unit="share",
        message=(
            f"{count} from {say_day(day_of(first))} ({total}) {verb} on {GROUND[surface]}, which "
            f"was {percent(usual)} of the 30 days before."
        ),
        runs=tuple(str(run.name) for run, _ in runs),
        tissues=tissues_of(facts, "uneven") if surface == "uneven" else (),
        advice=BOOK["KW302"].advice,
        papers=evidence.papers,
    )
