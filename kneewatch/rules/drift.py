"""What shifts: the balance between the feet, the form within a long run, and on descents."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.rule import BOOK, rule
from kneewatch.rules.usual import (
    NO_RUN,
    NO_SENSOR,
    alike_before,
    and_newer,
    kept,
    passed_over,
    unlike,
)
from kneewatch.rules.windows import Run, day_of, recent, say_day, tissues_of
from kneewatch.units import percent


@rule(
    "KW503",
    "stance-balance-shift",
    needs=("avg_stance_balance", "stance_balance_share", "device", "surface"),
    picture=pictures.stance_balance,
)
def judge_balance(facts: Facts) -> Iterator[Answer]:
    """Ground contact shifted from one foot to the other by a percentage point, in 3 runs.

    Against the middle of your own runs of the 42 days before, since few people stand at 50 to 50.
    A past injury may leave a side that is spared, and a new pain may show as one before it is
    spoken of; so it says most beside pain that you noted. No study has followed runners to see
    whether a shift is followed by injury.

    Try: ask whether something hurts or feels tight on the side that is on the ground for less
    time, write it down with the pain entries, and look whether the strap sat as always.
    """
    evidence = facts.evidence.rules["KW503"]
    days = evidence["window"].value
    shifts: list[tuple[Run, float, float]] = []
    lacking = NO_RUN
    if len(asked := recent(facts)):
        lacking = NO_SENSOR.format(what="a balance between the feet")
    judged: list[Run] = []
    for _, run in asked.iterrows():
        if not evidence["coverage"].reached_by(run["stance_balance_share"]):
            continue
        if why := unlike(run):
            lacking = why
            continue
        earlier = alike_before(facts, run, days)
        earlier = earlier[earlier["stance_balance_share"] >= evidence["coverage"].value]
        if not evidence["earlier"].reached_by(len(earlier)):
            lacking = (
                f"only {len(earlier)} runs with it by the same watch in the {days:.0f} days "
                f"before {say_day(day_of(run))}"
            )
            continue
        judged.append(run)
        usual = float(earlier["avg_stance_balance"].median())
        shift = float(run["avg_stance_balance"]) - usual
        if evidence["shift"].reached_by(abs(shift)):
            shifts.append((run, usual, shift))
    told = asked["stance_balance_share"] >= evidence["coverage"].value
    skipped = passed_over(facts, judged[-1], told) if judged else []
    left = [entry for entry in shifts if entry[2] > 0]
    right = [entry for entry in shifts if entry[2] < 0]
    side, moved = ("left", left) if len(left) >= len(right) else ("right", right)
    if evidence["shifted"].reached_by(len(moved)):
        run, usual, shift = moved[-1]
        now = float(run["avg_stance_balance"])
        yield Finding(
            code="KW503",
            name="stance-balance-shift",
            severity=evidence.loud(Severity.NOTE),
            grade=evidence.grade,
            start=day_of(moved[0][0]).isoformat(),
            end=day_of(run).isoformat(),
            observed=abs(shift),
            limit=evidence["shift"].value,
            unit="share",
            message=(
                f"In {len(moved)} runs of the last 4 weeks the {side} foot was on the ground for "
                f"longer than usual: on {say_day(day_of(run))} the left had {100 * now:.1f} % of "
                f"the contact time, where {100 * usual:.1f} % is the middle of your own runs "
                f"before. That may be a leg that is spared, or a strap that sits askew."
                f"{_beside_pain(facts)}{and_newer(skipped)}"
            ),
            runs=tuple(str(entry.name) for entry, _, _ in moved),
            advice=BOOK["KW503"].advice,
            papers=evidence.papers,
        )
        return
    if not evidence["shifted"].reached_by(len(judged)):
        if judged:
            least = evidence["shifted"].value
            lacking = f"it takes {least:.0f} runs, and {len(judged)} can be compared"
        yield CannotTell("KW503", "stance-balance-shift", lacking)
        return
    own = len(judged) - len(moved)
    text = f"the balance between the feet was your own in {own} of {len(judged)} runs"
    yield kept("KW503", text, skipped, evidence["skipped"])


def _beside_pain(facts: Facts) -> str:
    """What a shift is worth beside pain that was noted in these weeks; empty where none was."""
    felt = [
        entry
        for entry in facts.diary.entries
        if facts.recent_from <= entry.day <= facts.as_of and (entry.score or 0) > 0
    ]
    if not felt:
        return ""
    side = felt[-1].side
    where = "" if not side else " on both sides" if side == "both" else f" on the {side}"
    return (
        f" You noted pain{where} on {say_day(felt[-1].day)}: beside that a shift is most worth "
        f"asking about, since it can be an early sign of a leg that guards itself."
    )


@rule(
    "KW504",
    "late-run-drift",
    needs=("step_rate_drift", "stance_time_drift", "surface"),
    picture=pictures.step_rate,
)
def judge_drift(facts: Facts) -> Iterator[Answer]:
    """A long run whose last third has slower steps, or longer contact, at the speed of its first.

    Compared are the same speeds on the level within one run of an hour or more, so that slowing
    down is not taken for a change of form. Tired legs run so; whether that hurts anybody's knee
    has not been studied.

    Try: end the next long run before the form goes, or put its last part on the flat and easy;
    strength work for calves, hamstrings and hips makes the form last.
    """
    evidence = facts.evidence.rules["KW504"]
    asked = recent(facts)
    lacking = NO_RUN if not len(asked) else "no run of an hour or more tells its step rate"
    drifted: list[Run] = []
    judged = 0
    for _, run in asked.iterrows():
        rate, contact = float(run["step_rate_drift"]), float(run["stance_time_drift"])
        if pd.isna(rate) and pd.isna(contact):
            continue
        # Within one run the watch is one and the same; the ground may still change on a trail.
        if run["surface"] == "uneven" or run["sub_sport"] == "trail":
            lacking = "the long runs were on trails, where the ground changes underfoot"
            continue
        judged += 1
        if evidence["fall"].reached_by(-rate) or evidence["longer_contact"].reached_by(contact):
            drifted.append(run)
    if not judged:
        yield CannotTell("KW504", "late-run-drift", lacking)
        return
    if not drifted:
        runs = "1 long run" if judged == 1 else f"{judged} long runs"
        yield Kept("KW504", "late-run-drift", f"the form lasted to the end in {runs} of 4 weeks")
        return
    run = drifted[-1]
    rate, contact = float(run["step_rate_drift"]), float(run["stance_time_drift"])
    slower = evidence["fall"].reached_by(-rate)
    parts = []
    if slower:
        parts.append(f"took {percent(-rate)} fewer steps a minute")
    if evidence["longer_contact"].reached_by(contact):
        parts.append(f"had {percent(contact)} longer ground contact")
    limit = evidence["fall" if slower else "longer_contact"]
    yield Finding(
        code="KW504",
        name="late-run-drift",
        severity=evidence.loud(Severity.NOTE),
        grade=evidence.grade,
        start=day_of(drifted[0]).isoformat(),
        end=day_of(run).isoformat(),
        observed=-rate if slower else contact,
        limit=limit.value,
        unit="share",
        message=(
            f"In the last third of the run of {say_day(day_of(run))} "
            f"({facts.config.units.distance(float(run['distance_m']))}) you "
            f"{' and '.join(parts)} than in its first third at the same speeds, on the level."
        ),
        runs=tuple(str(entry.name) for entry in drifted),
        tissues=tissues_of(facts, "long_steps") if slower else (),
        advice=BOOK["KW504"].advice,
        papers=evidence.papers,
    )


@rule(
    "KW505",
    "descent-step-rate",
    needs=("descent_step_rate_shift", "device", "surface"),
    picture=pictures.step_rate,
)
def judge_descent_steps(facts: Facts) -> Iterator[Answer]:
    """Longer steps downhill than you usually take there.

    The step rate at -5 % or steeper is held against the level of the same run at like speed, and
    that against the middle of your own runs of the 42 days before. Most people take fewer steps
    downhill; what counts is that it is more so than usual. Knee and braking load of a step rise
    downhill; what longer steps add to them there is our inference.

    Try: take the next descent with short, quick steps and no faster than the level before it.
    """
    evidence = facts.evidence.rules["KW505"]
    days = evidence["window"].value
    asked = recent(facts)
    lacking = (
        "no run of the last 4 weeks has 2 minutes of steep descent by barometer, with step rate "
        "and with level running at like speed"
    )
    if not len(asked):
        lacking = NO_RUN
    longer: list[tuple[Run, float, float]] = []
    judged: list[Run] = []
    for _, run in asked.iterrows():
        shift = float(run["descent_step_rate_shift"])
        if pd.isna(shift):
            continue
        if why := unlike(run):
            lacking = why
            continue
        earlier = alike_before(facts, run, days)["descent_step_rate_shift"].dropna()
        if not evidence["earlier"].reached_by(len(earlier)):
            lacking = (
                f"only {len(earlier)} runs with such a descent by the same watch in the "
                f"{days:.0f} days before {say_day(day_of(run))}"
            )
            continue
        judged.append(run)
        usual = float(earlier.median())
        if evidence["fall"].reached_by(usual - shift):
            longer.append((run, shift, usual))
    if not judged:
        yield CannotTell("KW505", "descent-step-rate", lacking)
        return
    skipped = passed_over(facts, judged[-1], asked["descent_step_rate_shift"].notna())
    if not longer:
        runs = "1 run" if len(judged) == 1 else f"{len(judged)} runs"
        text = f"on the descents of {runs} the step rate was your own for such slopes"
        yield kept("KW505", text, skipped, evidence["skipped"])
        return
    run, shift, usual = longer[-1]
    yield Finding(
        code="KW505",
        name="descent-step-rate",
        severity=evidence.loud(Severity.NOTE),
        grade=evidence.grade,
        start=day_of(longer[0][0]).isoformat(),
        end=day_of(run).isoformat(),
        observed=usual - shift,
        limit=evidence["fall"].value,
        unit="share",
        message=(
            f"On the descents of {say_day(day_of(run))} your step rate was {100 * shift:+.1f} % "
            f"against the level at the same speed; {100 * usual:+.1f} % is the middle of your own "
            f"runs before. So the steps downhill were longer than usual.{and_newer(skipped)}"
        ),
        runs=tuple(str(entry.name) for entry, _, _ in longer),
        tissues=tissues_of(facts, "downhill", "long_steps"),
        advice=BOOK["KW505"].advice,
        papers=evidence.papers,
    )
