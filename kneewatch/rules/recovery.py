"""How spread: the way back after a break, and one run against the rest of its week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from kneewatch.evidence import RuleEvidence
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.rule import rule
from kneewatch.rules.windows import between, known_days_before, say_day
from kneewatch.units import percent

WEEKS_JUDGED = 4

SPREAD = "spread the week's distance over one more short run."


@rule(
    "KW103",
    "long-run-share-or-break",
    needs=("distance_m", "local_date"),
    picture=pictures.long_runs,
)
def judge_share_and_break(facts: Facts) -> Iterator[Answer]:
    """A first run after more than 14 days off, or one run longer than the rest of its week.

    Neither number is carried by a study: they are ours, and shown as information. After a break
    the distances of before say little about what the legs are used to now. A long usual session
    in itself went with fewer injuries, so the share is no verdict on long runs.

    Try: after a break, begin with half of the longest run before it, flat and easy, and add days
    before distance. In a lopsided week, spread the distance over one more short run.
    """
    evidence = facts.evidence.rules["KW103"]
    answers = [*_breaks(facts, evidence), *_long_shares(facts, evidence)]
    yield from answers
    if answers:
        return
    if known_days_before(facts, facts.as_of) < evidence["break_days"].value:
        why = f"the log is not longer than {evidence['break_days'].value:.0f} days"
        yield CannotTell("KW103", "long-run-share-or-break", why)
        return
    if not len(between(facts.runs, facts.recent_from, facts.as_of)):
        yield CannotTell("KW103", "long-run-share-or-break", "no run in the last 4 weeks")
        return
    off = (facts.as_of - date.fromisoformat(facts.runs["local_date"].max())).days
    if evidence["break_days"].exceeded_by(off):
        why = f"no run for {off} days; the way back is judged when it begins"
        yield CannotTell("KW103", "long-run-share-or-break", why)
        return
    text = (
        "no run came after more than 14 days off, and in no week of three runs or more was one "
        "longer than the rest"
    )
    yield Kept("KW103", "long-run-share-or-break", f"in the last 4 weeks {text}")


def _breaks(facts: Facts, evidence: RuleEvidence) -> Iterator[Finding]:
    days = [date.fromisoformat(day) for day in facts.runs["local_date"]]
    # A log that holds other sports before the first run knows of a break before it as well.
    for position, (before, day) in enumerate(pairwise([facts.first_day or facts.as_of, *days])):
        off = (day - before).days - (1 if position else 0)
        if day < facts.recent_from or not evidence["break_days"].exceeded_by(off):
            continue
        run = facts.runs.iloc[position]
        distance = facts.config.units.distance(run["distance_m"])
        message = (
            f"The run of {say_day(day)} ({distance}) came after {off} days without one. What the "
            f"legs were used to before the break is no measure any more."
        )
        advice = (
            "begin with half of the longest run before the break, flat and easy, and add days "
            "before distance."
        )
        yield _share_finding(facts, (day, day), off, "break_days", message, advice)


def _long_shares(facts: Facts, evidence: RuleEvidence) -> Iterator[Finding]:
    """The newest of the last weeks in which one run was longer than the rest together."""
    for position in range(len(facts.weeks) - 1, max(len(facts.weeks) - 1 - WEEKS_JUDGED, -1), -1):
        row = facts.weeks.iloc[position]
        if not row["known"] or not evidence["min_runs"].reached_by(row["runs"]):
            continue
        share = float(row["longest_m"] / row["distance_m"]) if row["distance_m"] else 0.0
        if evidence["long_run_share"].exceeded_by(share):
            monday = date.fromisoformat(str(facts.weeks.index[position]))
            last = min(monday + timedelta(days=6), facts.as_of)
            units = facts.config.units
            so_far = "" if row["complete"] else ", so far,"
            message = (
                f"In the week of {say_day(monday)}{so_far} one run made up {percent(share)} of the "
                f"distance ({units.distance(row['longest_m'])} of "
                f"{units.distance(row['distance_m'])})."
            )
            yield _share_finding(facts, (monday, last), share, "long_run_share", message, SPREAD)
            return


def _share_finding(
    facts: Facts, days: tuple[date, date], observed: float, limit: str, message: str, advice: str
) -> Finding:
    evidence = facts.evidence.rules["KW103"]
    return Finding(
        code="KW103",
        name="long-run-share-or-break",
        severity=evidence.loud(Severity.NOTE),
        grade=evidence.grade,
        start=days[0].isoformat(),
        end=days[1].isoformat(),
        observed=float(observed),
        limit=evidence[limit].value,
        unit=evidence[limit].unit,
        message=message,
        runs=tuple(between(facts.runs, *days).index),
        advice=advice,
        papers=evidence.papers,
    )
