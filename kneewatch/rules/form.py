"""How it was run: step rate, ground contact and balance against the runner's own.

Nothing here knows a right step rate. A run is held against the runs of the weeks before it by the
same watch, on roads and tracks alone: a treadmill, a trail and another sensor each change the
numbers without the legs having changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from kneewatch.evidence import RuleEvidence
from kneewatch.model import Answer, CannotTell, Finding, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.rule import BOOK, rule
from kneewatch.rules.usual import (
    NO_RUN,
    NO_SENSOR,
    Terms,
    Usual,
    and_newer,
    kept,
    passed_over,
    sums_of,
    usual_line,
)
from kneewatch.rules.windows import Run, day_of, recent, say_day, tissues_of
from kneewatch.units import percent


def _terms(evidence: RuleEvidence) -> Terms:
    return Terms(
        days=evidence["window"].value,
        runs=evidence["runs"],
        time=evidence["time"],
        own_time=evidence["own_time"],
        reach=evidence["reach"],
    )


@rule(
    "KW501",
    "step-rate-residual",
    needs=("step_rate_sums", "device", "surface"),
    picture=pictures.step_rate,
)
def judge_step_rate(facts: Facts) -> Iterator[Answer]:
    """A run with a step rate at least 3 % below your own at that speed: longer steps than usual.

    Your own line of step rate on speed and grade is fitted to the level running of the 42 days
    before. In the laboratory a higher step rate lowers what the knee has to take up and a lower
    one raises it, and shear within the knee was highest in women with few steps a minute. No
    number is right for everybody, 180 neither. Whether the foot lands far ahead of a straight
    knee (overstriding) or on the heel is not seen by a watch.

    Try: on the next easy runs at that speed, take slightly shorter and quicker steps, up to your
    usual rate; if you cannot, ask what the legs are sparing. A gait assessment would show where
    the foot lands.
    """
    evidence = facts.evidence.rules["KW501"]
    low: list[tuple[Run, Usual]] = []
    judged: list[Run] = []
    lacking = NO_RUN
    lowest = 0.0
    for _, run in recent(facts).iterrows():
        usual = usual_line(facts, run, "step_rate_sums", _terms(evidence))
        if isinstance(usual, str):
            lacking = usual
            continue
        judged.append(run)
        lowest = min(lowest, usual.residual)
        if evidence["fall"].reached_by(-usual.residual):
            low.append((run, usual))
    if not judged:
        yield CannotTell("KW501", "step-rate-residual", lacking)
        return
    skipped = passed_over(facts, judged[-1])
    if not low:
        text = (
            f"in {len(judged)} comparable runs of the last 4 weeks the step rate was at most "
            f"{-100 * lowest:.1f} % below your own at that speed"
        )
        yield kept("KW501", text, skipped, evidence["skipped"])
        return
    run, usual = low[-1]
    units = facts.config.units
    steps = [60 * usual.speed_mps / rate / units.short_m for rate in (usual.value, usual.expected)]
    more = f" So it was in {len(low)} of {len(judged)} comparable runs." if len(low) > 1 else ""
    yield Finding(
        code="KW501",
        name="step-rate-residual",
        severity=evidence.loud(Severity.CAUTION if len(low) > 1 else Severity.NOTE),
        grade=evidence.grade,
        start=day_of(low[0][0]).isoformat(),
        end=day_of(run).isoformat(),
        observed=-usual.residual,
        limit=evidence["fall"].value,
        unit="share",
        message=(
            f"On {say_day(day_of(run))} you took {usual.value:.0f} steps a minute on the level at "
            f"{units.pace(usual.speed_mps)}; your {usual.runs} comparable runs of the "
            f"{evidence['window'].value:.0f} days before give {usual.expected:.0f} at that speed. "
            f"That is {percent(-usual.residual)} fewer and longer steps, {steps[0]:.2f} "
            f"{units.short_name} instead of {steps[1]:.2f}.{more} Whether the foot landed far "
            f"ahead of the knee is not seen by a watch.{and_newer(skipped)}"
        ),
        runs=tuple(str(entry.name) for entry, _ in low),
        tissues=tissues_of(facts, "long_steps"),
        advice=BOOK["KW501"].advice,
        papers=evidence.papers,
        weight=facts.evidence.log_ratio("form"),
    )


@rule(
    "KW502",
    "long-step-and-contact",
    needs=("step_rate_sums", "stance_time_sums", "device", "surface"),
    picture=pictures.step_rate,
)
def judge_long_contact(facts: Facts) -> Iterator[Answer]:
    """Longer steps than your own at that speed, and the foot longer on the ground as well.

    The step length at a speed says the same as the step rate (KW501). A long step with a long
    ground contact is the nearest that a watch comes to a foot that lands far ahead: possible
    overstriding, no more. Watches measure ground contact poorly but repeatably, so only the change
    from your own counts. Information only; no study ties it to injury.

    Try: let somebody film you from the side at that speed, and look where the foot lands; a gait
    assessment does it better.
    """
    evidence = facts.evidence.rules["KW502"]
    found: list[tuple[Run, Usual, Usual]] = []
    judged: list[Run] = []
    lacking = NO_RUN
    if len(asked := recent(facts)):
        lacking = NO_SENSOR.format(what="a ground contact time")
    for _, run in asked.iterrows():
        if not sums_of(run["stance_time_sums"])[0] > 0:
            continue
        pair = [
            usual_line(facts, run, column, _terms(evidence))
            for column in ("step_rate_sums", "stance_time_sums")
        ]
        told = [usual for usual in pair if isinstance(usual, Usual)]
        if len(told) < len(pair):
            lacking = next(usual for usual in pair if isinstance(usual, str))
            continue
        judged.append(run)
        rate, contact = told
        fewer = evidence["fewer_steps"].reached_by(-rate.residual)
        if fewer and evidence["longer_contact"].reached_by(contact.residual):
            found.append((run, rate, contact))
    if not judged:
        yield CannotTell("KW502", "long-step-and-contact", lacking)
        return
    skipped = passed_over(facts, judged[-1], asked["stance_time_share"] > 0)
    if not found:
        runs = "1 comparable run" if len(judged) == 1 else f"{len(judged)} comparable runs"
        text = f"no long steps with long ground contact in {runs} of 4 weeks"
        yield kept("KW502", text, skipped, evidence["skipped"])
        return
    run, rate, contact = found[-1]
    yield Finding(
        code="KW502",
        name="long-step-and-contact",
        severity=evidence.loud(Severity.NOTE),
        grade=evidence.grade,
        start=day_of(found[0][0]).isoformat(),
        end=day_of(run).isoformat(),
        observed=contact.residual,
        limit=evidence["longer_contact"].value,
        unit="share",
        message=(
            f"On {say_day(day_of(run))} your feet were on the ground for "
            f"{1000 * contact.value:.0f} ms a step instead of your usual "
            f"{1000 * contact.expected:.0f} at that speed, with {percent(-rate.residual)} fewer "
            f"steps a minute. Long steps with long contact make overstriding possible; a watch "
            f"cannot see it.{and_newer(skipped)}"
        ),
        runs=tuple(str(entry.name) for entry, _, _ in found),
        tissues=tissues_of(facts, "long_steps"),
        advice=BOOK["KW502"].advice,
        papers=evidence.papers,
    )
