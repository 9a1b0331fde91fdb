"""How spread: the way back after a break, one run against its week, the week against the month."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from kneewatch.evidence import RuleEvidence
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.rule import rule
from kneewatch.rules.windows import between, distance_in, known_days_before, say_day
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

    Neither number is carried by a study: they are ours, and shown as information. Days off are
    days without a run in the log; a missing file looks like one. After a break the distances of
    before say little about what the legs are used to now. A long usual session in itself went with
    fewer injuries, so the share is no verdict on long runs.

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
        why = f"no run in the log for {off} days; the way back is judged when it begins"
        yield CannotTell("KW103", "long-run-share-or-break", why)
        return
    text = (
        "no run came after more than 14 days without one in the log, and in no week of three runs "
        "or more was one longer than the rest"
    )
    if (facts.weeks["distance_known"].iloc[-WEEKS_JUDGED:] < 1).any():
        text += "; a week that holds a run of unknown distance was not asked"
    yield Kept("KW103", "long-run-share-or-break", f"in the last 4 weeks {text}")


def _breaks(facts: Facts, evidence: RuleEvidence) -> Iterator[Finding]:
    days = [date.fromisoformat(day) for day in facts.runs["local_date"]]
    # A log that holds other sports before the first run knows of a break before it as well.
    for position, (before, day) in enumerate(pairwise([facts.first_day or facts.as_of, *days])):
        off = (day - before).days - (1 if position else 0)
        if day < facts.recent_from or not evidence["break_days"].exceeded_by(off):
            continue
        run = facts.runs.iloc[position]
        known = run["distance_m"] > 0
        length = f" ({facts.config.units.distance(run['distance_m'])})" if known else ""
        # A run that no file tells of and a rest look alike.
        message = (
            f"The run of {say_day(day)}{length} came after {off} days without a run in the log. "
            f"If that was a break, what the legs were used to before it is no measure any more."
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
        # A run of unknown distance may be the larger part of the rest.
        if row["distance_known"] < 1:
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


@rule(
    "KW104",
    "acute-chronic-ratio",
    needs=("distance_m", "local_date"),
    picture=pictures.weekly_distance,
)
def judge_acute_chronic(facts: Facts) -> Iterator[Answer]:
    """The distance of 7 days against that of 28, for those who ask: not a warning.

    Watches and coaches use the ratio with a zone from 0.8 to 1.3 or 1.5. In runners it points the
    other way: a high ratio went with fewer injuries in one cohort, and the largest found the same
    direction. Dividing by chronic loads picked at random did about as well, and a week that is
    part of its own month makes a correlation of about 0.5 by arithmetic. So it has no limit here,
    weighs nothing, and is only told. ``kneewatch days`` has it in three forms.

    Try: look at the longest run of the last 30 days instead (KW102), which a large cohort carries.
    """
    evidence = facts.evidence.rules["KW104"]
    acute, chronic = int(evidence["acute"].value), int(evidence["chronic"].value)
    if known_days_before(facts, facts.as_of) < chronic - 1:
        yield CannotTell("KW104", "acute-chronic-ratio", f"the log is shorter than {chronic} days")
        return
    month = distance_in(facts, facts.as_of, chronic)
    if math.isnan(month):
        why = f"a run of the last {chronic} days has no distance"
        yield CannotTell("KW104", "acute-chronic-ratio", why)
        return
    if not month > 0:
        why = f"no run with a distance in the last {chronic} days"
        yield CannotTell("KW104", "acute-chronic-ratio", why)
        return
    ratio = distance_in(facts, facts.as_of, acute) / acute / (month / chronic)
    text = (
        f"the ratio of the last {acute} days to the last {chronic} is {ratio:.2f}, told for those "
        f"who ask: in runners a high one did not go with more injuries, so it is no warning"
    )
    yield Kept("KW104", "acute-chronic-ratio", text)
