"""KW802: pain by the pain-monitoring zones. It outranks every number of the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kneewatch.diary import Pain
from kneewatch.evidence import RuleEvidence
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.noted import has_sign, noted_within, say_pain, say_site, speaks_of
from kneewatch.rules.rule import rule
from kneewatch.rules.windows import between, say_day

LIMP = "limp"

PAUSE = (
    "pause running until the pain is at 2 or less and no worse the next morning. Relative rest: "
    "leave out what brings it back and keep what does not, such as walking, swimming or cycling; "
    "ice for comfort if you like, a bandage and the leg raised if it is swollen, and gentle load "
    "again after 1 to 3 days."
)

HOLD = (
    "hold: run no longer, faster or steeper than last week, flat if you can, and note the pain "
    "during, after and the next morning. Stop adding until it is at 2 or less."
)


@rule("KW802", "pain-zone", needs=("local_date",), picture=pictures.pain)
def judge_zone(facts: Facts) -> Iterator[Answer]:
    """Pain during, after and on the morning after a run, by the pain-monitoring zones.

    Pain up to 2 that is no worse the next morning asks for nothing. Above 2, or one more than
    usual the next morning, training holds; above 5, two more the next morning, a limp, or three
    runs running above 2, it pauses. The day after counts because tissue answers late. The zones
    were tried in people with Achilles tendon pain and are the usual advice elsewhere; for the back
    of the knee nobody has tested them. They are not for swelling, locking or a knee that gives
    way: those are red flags.

    Try: note the pain during, after and the next morning, and let that lead the plan.
    """
    evidence = facts.evidence.rules["KW802"]
    noted = noted_within(facts.diary, facts.as_of, evidence["window"].value)
    scored = [e for e in noted if e.score is not None or has_sign(facts.evidence, e, LIMP)]
    if not scored:
        why = "no pain was noted in the last 7 days, which is not the same as none"
        yield CannotTell("KW802", "pain-zone", why)
        return
    zones = [zone for zone in _zones(facts, evidence, scored) if zone.word]
    if not zones:
        highest = max(entry.score or 0.0 for entry in scored)
        text = f"the pain noted last is at 2 or less, at most {highest:g} in the last 7 days"
        if highest > evidence["amber"].value:
            text = f"the pain noted last is at 2 or less, after up to {highest:g} in these 7 days"
        yield Kept("KW802", "pain-zone", text)
        return
    worst = next((zone for zone in zones if zone.word == "pause"), zones[0])
    first, last = worst.days
    yield Finding(
        code="KW802",
        name="pain-zone",
        severity=evidence.loud(Severity.WARNING if worst.word == "pause" else Severity.CAUTION),
        grade=evidence.grade,
        start=first.isoformat(),
        end=last.isoformat(),
        observed=worst.observed,
        limit=worst.limit,
        unit=worst.unit,
        message=" ".join(dict.fromkeys(zone.message for zone in (worst, *zones))),
        runs=tuple(between(facts.runs, first - timedelta(days=1), last).index),
        advice=PAUSE if worst.word == "pause" else HOLD,
        papers=evidence.papers,
    )


@dataclass(frozen=True)
class _Zone:
    """Where one site stands: ``pause``, ``hold`` or nothing."""

    word: str
    days: tuple[date, date]
    observed: float
    limit: float
    unit: str
    message: str


def _zones(facts: Facts, evidence: RuleEvidence, scored: Sequence[Pain]) -> Iterator[_Zone]:
    for site in dict.fromkeys(entry.site for entry in scored):
        mine = [entry for entry in scored if entry.site == site]
        # What was noted last, with the evening and the morning of one run together.
        newest = mine[-1].day
        cycle = [entry for entry in mine if entry.day >= newest - timedelta(days=1)]
        yield _zone(facts, evidence, cycle)


def _zone(facts: Facts, evidence: RuleEvidence, cycle: Sequence[Pain]) -> _Zone:
    days = (cycle[0].day, cycle[-1].day)
    worst = max(cycle, key=lambda entry: entry.score or 0.0)
    score = worst.score or 0.0
    rise = _morning_rise(facts, evidence, cycle)
    limping = next((entry for entry in cycle if has_sign(facts.evidence, entry, LIMP)), None)
    running = _runs_running(facts, evidence, worst)
    red, amber = evidence["red"], evidence["amber"]
    said = say_pain(worst)
    up = f"The pain {say_site(*worst.site)} was {rise:g} higher that morning than the one before."
    if red.exceeded_by(score):
        return _Zone("pause", days, score, red.value, "of 10", said)
    if evidence["limp"].exceeded_by(float(limping is not None)) and limping:
        message = f"A limp was noted on {say_day(limping.day)}."
        return _Zone("pause", days, 1.0, evidence["limp"].value, "signs", message)
    if evidence["morning_red"].reached_by(rise):
        return _Zone("pause", days, rise, evidence["morning_red"].value, "points", f"{said} {up}")
    if amber.exceeded_by(score) and evidence["running"].reached_by(running):
        message = f"{said} It was above 2 on each of the last {running} runs."
        return _Zone("pause", days, running, evidence["running"].value, "runs", message)
    if amber.exceeded_by(score):
        return _Zone("hold", days, score, amber.value, "of 10", said)
    if evidence["morning_amber"].reached_by(rise):
        limit = evidence["morning_amber"].value
        return _Zone("hold", days, rise, limit, "points", f"{said} {up}")
    return _Zone("", days, score, amber.value, "of 10", said)


def _morning_rise(facts: Facts, evidence: RuleEvidence, cycle: Sequence[Pain]) -> float:
    """Newest morning against the one noted before it at the same site; NaN without either."""
    site, window = cycle[0].site, timedelta(days=evidence["baseline"].value)
    mornings = [
        entry
        for entry in facts.diary.entries
        if entry.when == "morning" and entry.site == site and entry.score is not None
    ]
    now = next((entry for entry in reversed(mornings) if entry in cycle), None)
    if now is None or now.score is None:
        return float("nan")
    before = [e.score for e in mornings if now.day - window <= e.day < now.day]
    return now.score - before[-1] if before and before[-1] is not None else float("nan")


def _runs_running(facts: Facts, evidence: RuleEvidence, worst: Pain) -> int:
    """How many of the last runs, without one between them, hurt above amber at the same site."""
    amber = evidence["amber"]
    hurt = [
        entry
        for entry in facts.diary.entries
        if entry.site == worst.site and entry.score is not None and amber.exceeded_by(entry.score)
    ]
    days = sorted(set(facts.runs["local_date"]), reverse=True)
    count = 0
    for day in days:
        if not any(speaks_of(entry, date.fromisoformat(day)) for entry in hurt):
            break
        count += 1
    return count
