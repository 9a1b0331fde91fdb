"""KW802: pain by the pain-monitoring zones. It outranks every number of the log."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kneewatch.diary import Pain
from kneewatch.evidence import RuleEvidence
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.noted import has_sign, noted_within, say_pain, say_site, speaks_of
from kneewatch.rules.rule import rule
from kneewatch.rules.sites import Site, may_be_same, morning_rise, speaking_of
from kneewatch.rules.windows import between, say_day

LIMP = "limp"

PAUSE = (
    "pause running until the pain is at 2 or less and no worse the next morning, and note that at "
    "the same place: without a note the pause goes on. Relative rest: leave out what brings it "
    "back, and keep what does not, such as walking, swimming or cycling."
)

HOLD = (
    "hold: run no longer, faster or steeper than usual in the four weeks before the pain, flat if "
    "you can, and note it during, after and the next morning. Add nothing until 2 or less is noted "
    "at the same place."
)

FIRST_AID = (
    "Protect it for 1 to 3 days, then load it again little by little.",
    "Ice for 15 to 20 minutes, several times a day, for comfort if you like.",
    "An elastic bandage if it is swollen; take it off when the foot turns cold, pale or numb.",
    "The leg raised above the level of the heart.",
)
"""What is commonly advised for the first days, as far as it may be (dubois2020)."""

GENTLE = (
    "Gentle stretching and foam rolling of quadriceps, iliotibial band, hamstrings and calf, if it "
    "does not hurt; never of a calf that is swollen, warm or tender.",
    "A doctor or physiotherapist, if it is no better after a few days.",
)

CARE = {
    "pause": (*FIRST_AID, *GENTLE),
    "hold": (FIRST_AID[1], *GENTLE),
}
"""What one can do oneself, by what the pain allows."""


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
    noted = noted_within(facts.diary, facts.as_of, evidence["stands"].value)
    scored = [e for e in noted if e.score is not None or has_sign(facts.evidence, e, LIMP)]
    states = list(_zones(facts, evidence, scored))
    zones = [zone for zone in states if zone.word]
    first = facts.as_of - timedelta(days=int(evidence["window"].value) - 1)
    fresh = [entry for entry in scored if entry.day >= first]
    if not zones and not fresh:
        why = "no pain was noted in the last 7 days, which is not the same as none"
        yield CannotTell("KW802", "pain-zone", why)
        return
    if not zones and (lone := next((zone.lone for zone in states if zone.lone), None)):
        why = f"nothing was noted before the morning of {say_day(lone.day)} to compare it with"
        yield CannotTell("KW802", "pain-zone", why)
        return
    if not zones:
        highest = max(entry.score or 0.0 for entry in fresh)
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
    """Where one site stands: ``pause``, ``hold`` or nothing.

    ``lone`` is a morning with nothing before it to compare it with.
    """

    word: str
    days: tuple[date, date]
    observed: float
    limit: float
    unit: str
    message: str
    lone: Pain | None = None


def _zones(facts: Facts, evidence: RuleEvidence, scored: Sequence[Pain]) -> Iterator[_Zone]:
    for site in dict.fromkeys(entry.site for entry in scored):
        mine = speaking_of(scored, site)
        # What was noted last, with the evening and the morning of one run together.
        newest = mine[-1].day
        cycle = [entry for entry in mine if entry.day >= newest - timedelta(days=1)]
        zone = _zone(facts, evidence, site, cycle)
        since = ""
        if zone.word and (facts.as_of - newest).days > 1:
            since = " Nothing has been noted there since."
        yield replace(zone, message=zone.message + since)


def _zone(facts: Facts, evidence: RuleEvidence, site: Site, cycle: Sequence[Pain]) -> _Zone:
    days = (cycle[0].day, cycle[-1].day)
    worst = max(cycle, key=lambda entry: entry.score or 0.0)
    score = worst.score or 0.0
    morning = next(
        (e for e in reversed(cycle) if e.when == "morning" and e.score is not None), None
    )
    rise = float("nan")
    if morning is not None:
        rise = morning_rise(facts.diary, site, morning, evidence["baseline"].value)
    limping = next((entry for entry in cycle if has_sign(facts.evidence, entry, LIMP)), None)
    running = _runs_running(facts, evidence, site)
    red, amber = evidence["red"], evidence["amber"]
    said = say_pain(worst)
    up = f"The pain {say_site(*worst.site)} was {rise:g} higher that morning than before."
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
    lone = morning if morning is not None and math.isnan(rise) else None
    return _Zone("", days, score, amber.value, "of 10", said, lone)


def _runs_running(facts: Facts, evidence: RuleEvidence, site: Site) -> int:
    """How many of the last runs, without one between them, hurt above amber at the site."""
    amber = evidence["amber"]
    hurt = [
        entry
        for entry in facts.diary.entries
        if entry.score is not None
        and amber.exceeded_by(entry.score)
        and may_be_same(entry.site, site)
    ]
    days = sorted(set(facts.runs["local_date"]), reverse=True)
    count = 0
    for day in days:
        if not any(speaks_of(entry, date.fromisoformat(day)) for entry in hurt):
            break
        count += 1
    return count
