"""KW803 and KW804: pain that lasts, and the weekly questionnaire on overuse problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from kneewatch.diary import Pain
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.noted import noted_within, say_site, speaks_of
from kneewatch.rules.rule import BOOK, rule
from kneewatch.rules.windows import between, say_day


@rule("KW803", "pain-persists", needs=("local_date",), picture=pictures.pain)
def judge_persistence(facts: Facts) -> Iterator[Answer]:
    """Pain at one place that comes back on three runs, or goes on for a week.

    Researchers call pain a running injury when it cuts running short for a week or three planned
    sessions, or leads to a clinician. Pain of 3 or more that returns as often, or lasts as long,
    is past the point where a few days of rest and care settle it.

    Try: have a doctor or physiotherapist look at it, and hold the plan until then.
    """
    evidence = facts.evidence.rules["KW803"]
    hurt = [
        e
        for e in facts.diary.entries
        if e.score is not None and evidence["pain"].reached_by(e.score)
    ]
    fresh = facts.as_of - timedelta(days=int(evidence["window"].value) - 1)
    if not noted_within(facts.diary, facts.as_of, evidence["window"].value):
        yield CannotTell("KW803", "pain-persists", "no pain was noted in the last 7 days")
        return
    found = False
    for site in dict.fromkeys(entry.site for entry in hurt):
        spell = _last_spell([e for e in hurt if e.site == site], evidence["window"].value)
        if spell[-1].day < fresh:
            continue
        runs = _runs_hurt(facts, spell)
        days = (spell[-1].day - spell[0].day).days + 1
        often, long = evidence["runs"].reached_by(len(runs)), evidence["days"].reached_by(days)
        if not often and not long:
            continue
        found = True
        by = "runs" if often else "days"
        count = f"on {len(runs)} runs" if often else f"over {days} days"
        yield Finding(
            code="KW803",
            name="pain-persists",
            severity=evidence.loud(Severity.WARNING),
            grade=evidence.grade,
            start=spell[0].day.isoformat(),
            end=spell[-1].day.isoformat(),
            observed=float(len(runs) if often else days),
            limit=evidence["runs" if often else "days"].value,
            unit=by,
            message=(
                f"Pain of 3 or more {say_site(*site)} was noted {count}, from "
                f"{say_day(spell[0].day)} to {say_day(spell[-1].day)}."
            ),
            runs=runs,
            advice=BOOK["KW803"].advice,
            papers=evidence.papers,
        )
    if not found:
        text = "no pain of 3 or more at one place on three runs, or over a week, was noted"
        yield Kept("KW803", "pain-persists", text)


@rule("KW804", "weekly-answers", needs=(), picture=pictures.pain)
def judge_weekly_answers(facts: Facts) -> Iterator[Answer]:
    """The weekly questionnaire on overuse problems, OSTRC-O2.

    Four questions on taking part, changed training, performance and symptoms, each 0, 8, 17 or 25
    points, 0 to 100 together. Whoever took part in full without a problem is done after the first.
    A problem is substantial when the runner could not take part, or changed training or
    performance to a moderate extent or more. Such questions find most problems that cost no
    training time. The answers of a week stand in ``ostrc.csv``: date, q1, q2, q3, q4, where, side.

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
    for answer in last:
        first, second, third, _ = answer.answers
        stopped = evidence["stopped"].reached_by(first or 0)
        most = max(second or 0, third or 0)
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
    if not broken:
        known = [answer.score for answer in last if answer.score is not None]
        score = f", {max(known)} of 100 points" if known else ""
        text = f"no substantial problem by the answers of {say_day(last[-1].day)}{score}"
        yield Kept("KW804", "weekly-answers", text)


def _last_spell(hurt: Sequence[Pain], gap_days: float) -> list[Pain]:
    """The entries at the end that no longer gap parts; days without one are unknown, not free."""
    spell: list[Pain] = []
    for entry in reversed(hurt):
        if spell and (spell[0].day - entry.day).days > gap_days:
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
