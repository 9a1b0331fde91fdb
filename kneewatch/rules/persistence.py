"""KW803 and KW804: pain that lasts, and the weekly questionnaire on overuse problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kneewatch.diary import Pain
from kneewatch.evidence import RuleEvidence
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.noted import noted_within, say_site, speaks_of
from kneewatch.rules.rule import BOOK, rule
from kneewatch.rules.sites import common, may_be_same, settles
from kneewatch.rules.windows import between, say_day


@rule("KW803", "pain-persists", needs=("local_date",), picture=pictures.pain)
def judge_persistence(facts: Facts) -> Iterator[Answer]:
    """Pain at one place that comes back on three runs, or goes on for a week.

    Researchers call pain a running injury when it cuts running short for a week or three planned
    sessions, or leads to a clinician. Pain of 3 or more that returns as often, or lasts as long,
    is past the point where a few days of rest and care settle it. A 0 at the place ends a week; a
    run with a 0 ends a row of runs. A place that was said in part may be the same as another.

    Try: have a doctor or physiotherapist look at it, and hold the plan until then.
    """
    evidence = facts.evidence.rules["KW803"]
    if not noted_within(facts.diary, facts.as_of, evidence["window"].value):
        yield CannotTell("KW803", "pain-persists", "no pain was noted in the last 7 days")
        return
    told: list[set[Pain]] = []
    for spell in sorted(_spells(facts, evidence), key=lambda spell: -len(spell.entries)):
        # What one word calls the back of the knee and another its outer part is told once.
        if any(told_of >= set(spell.entries) for told_of in told):
            continue
        told.append(set(spell.entries))
        yield _persists(facts, evidence, spell)
    if not told:
        text = "no pain of 3 or more at one place on three runs, or over a week, was noted"
        yield Kept("KW803", "pain-persists", text)


@dataclass(frozen=True)
class _Spell:
    """Pain at one site, up to the newest of it, that came back or went on.

    ``runs`` are the ids of the runs that it speaks of, where these are what counts.
    """

    entries: tuple[Pain, ...]
    runs: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """From the first to the last, both counted."""
        return (self.entries[-1].day - self.entries[0].day).days + 1


def _spells(facts: Facts, evidence: RuleEvidence) -> Iterator[_Spell]:
    """For each site the spell that is long, by runs or else by days."""
    scored = [entry for entry in facts.diary.entries if entry.score is not None]
    hurt = [entry for entry in scored if evidence["pain"].reached_by(entry.score or 0.0)]
    gap = evidence["window"].value
    fresh = facts.as_of - timedelta(days=int(gap) - 1)
    for site in dict.fromkeys(entry.site for entry in hurt):
        mine = [entry for entry in hurt if may_be_same(entry.site, site)]
        if mine[-1].day < fresh:
            continue
        free = [entry for entry in scored if entry.score == 0 and settles(entry.site, site)]
        # A good morning after each run does not make the runs themselves free of pain.
        returns = _last_spell(mine, [e for e in free if e.when != "morning"], gap)
        runs = _runs_hurt(facts, returns)
        lasts = _Spell(tuple(_last_spell(mine, free, gap)))
        if evidence["runs"].reached_by(len(runs)):
            yield _Spell(tuple(returns), runs)
        elif evidence["days"].reached_by(lasts.days):
            yield lasts


def _persists(facts: Facts, evidence: RuleEvidence, spell: _Spell) -> Finding:
    first, last = spell.entries[0].day, spell.entries[-1].day
    count = f"on {len(spell.runs)} runs" if spell.runs else f"over {spell.days} days"
    site = say_site(*common(spell.entries))
    return Finding(
        code="KW803",
        name="pain-persists",
        severity=evidence.loud(Severity.WARNING),
        grade=evidence.grade,
        start=first.isoformat(),
        end=last.isoformat(),
        observed=float(len(spell.runs) or spell.days),
        limit=evidence["runs" if spell.runs else "days"].value,
        unit="runs" if spell.runs else "days",
        message=(
            f"Pain of 3 or more{f' {site}' if site else ''} was noted {count}, from "
            f"{say_day(first)} to {say_day(last)}."
        ),
        runs=spell.runs or _runs_hurt(facts, spell.entries),
        advice=BOOK["KW803"].advice,
        papers=evidence.papers,
    )


@rule("KW804", "weekly-answers", needs=(), picture=pictures.pain)
def judge_weekly_answers(facts: Facts) -> Iterator[Answer]:
    """The weekly questionnaire on overuse problems, OSTRC-O2.

    Four questions on taking part, changed training, performance and symptoms, each 0, 8, 17 or 25
    points, 0 to 100 together. Whoever took part in full without a problem is done after the first,
    whatever else is filled in.
    A problem is substantial when the runner could not take part, or changed training or
    performance to a moderate extent or more. Such questions find most problems that cost no
    training time. ``kneewatch weekly add`` asks them; the answers of a week stand in ``ostrc.csv``:
    date, q1, q2, q3, q4, where, side.

    Try: answer the four questions on the same day each week; a substantial problem belongs to a
    clinician, and the plan holds until then.
    """
    evidence = facts.evidence.rules["KW804"]
    since = facts.as_of - timedelta(days=int(evidence["window"].value) - 1)
    answers = [answer for answer in facts.diary.weekly if answer.day >= since]
    if not answers:
        why = "no answers of the last two weeks in ostrc.csv"
        yield CannotTell("KW804", "weekly-answers", why)
        return
    last = [answer for answer in answers if answer.day == answers[-1].day]
    broken = False
    lacking = False
    for answer in last:
        first, second, third, _ = answer.answers
        if first == 0:
            continue
        stopped = evidence["stopped"].reached_by(first or 0)
        most = max(second or 0, third or 0)
        lacking |= None in (first, second, third)
        if not stopped and not evidence["changed"].reached_by(most):
            continue
        broken = True
        said = "no running was possible" if stopped else "training or performance was changed much"
        score = "" if answer.score is None else f" ({answer.score} of 100 points)"
        where = f" {say_site(answer.where, answer.side)}" if answer.where else ""
        yield Finding(
            code="KW804",
            name="weekly-answers",
            severity=evidence.loud(Severity.WARNING),
            grade=evidence.grade,
            start=answer.day.isoformat(),
            end=answer.day.isoformat(),
            observed=float((first or 0) if stopped else most),
            limit=evidence["stopped" if stopped else "changed"].value,
            unit="points",
            message=(
                f"By the answers of {say_day(answer.day)} a problem{where} was substantial: "
                f"{said}{score}."
            ),
            runs=tuple(between(facts.runs, answer.day - timedelta(days=6), answer.day).index),
            advice=BOOK["KW804"].advice,
            papers=evidence.papers,
        )
    if not broken and lacking:
        why = (
            f"the second or third answer of {say_day(last[-1].day)} is empty, and they decide "
            f"whether a problem is substantial"
        )
        yield CannotTell("KW804", "weekly-answers", why)
    elif not broken:
        known = [answer.score for answer in last if answer.score is not None]
        score = f", {max(known)} of 100 points" if known else ""
        text = f"no substantial problem by the answers of {say_day(last[-1].day)}{score}"
        yield Kept("KW804", "weekly-answers", text)


def _last_spell(hurt: Sequence[Pain], free: Sequence[Pain], gap_days: float) -> list[Pain]:
    """The entries at the end that neither a longer gap parts nor a day noted as free of pain.

    Days without an entry are unknown, not free.
    """
    spell: list[Pain] = []
    for entry in reversed(hurt):
        if spell:
            after, before = spell[0].day, entry.day
            parted = any(before < zero.day < after for zero in free)
            if parted or (after - before).days > gap_days:
                break
        spell.insert(0, entry)
    return spell


def _runs_hurt(facts: Facts, spell: Sequence[Pain]) -> tuple[str, ...]:
    """Ids of the runs, one a day, that the entries speak of."""
    near = between(facts.runs, spell[0].day - timedelta(days=1), spell[-1].day)
    days = {
        day: str(run)
        for run, day in near["local_date"].items()
        if any(speaks_of(entry, date.fromisoformat(day)) for entry in spell)
    }
    return tuple(days.values())
