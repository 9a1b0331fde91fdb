"""A plan before it is run: each session through the same rules, as if it had been run.

Nothing is decided here that the rules do not decide: a planned run becomes an exposure row, and
the review with it is held against the review without it. What stays quiet stays below what the
rules speak of, and no more is said of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kneewatch.errors import UsageError
from kneewatch.metrics.reach import window_start
from kneewatch.model import Problem
from kneewatch.plan import amounts, calendar, table
from kneewatch.plan.judge import FactsOf, Judge, Verdict
from kneewatch.plan.ramp import Ramp, race_day, ramp, within_reach
from kneewatch.plan.session import Session, hard_beyond, usual
from kneewatch.plan.terms import Terms
from kneewatch.rules import Facts, Symptoms, review

__all__ = [
    "Plan",
    "Ramp",
    "Session",
    "Terms",
    "Verdict",
    "judged",
    "next_day",
    "race_day",
    "ramped",
    "read",
    "recent_rows",
    "session",
    "terms",
]

INJURED = ("injury", "return")
"""What is felt where an injury goes on, or on the way back from it."""


@dataclass(frozen=True)
class Plan:
    """Verdicts on planned sessions, and what could not be read of the plan.

    Attributes
    ----------
    as_of : date
        The last day of the log that was taken into account.
    ramp : Ramp or None
        The weeks up to a race, where one was asked for.
    symptoms : Symptoms or None
        What is felt on that day, or an injury, which comes before every plan, however far ahead.
    """

    as_of: date
    verdicts: tuple[Verdict, ...] = ()
    problems: tuple[Problem, ...] = ()
    ramp: Ramp | None = None
    symptoms: Symptoms | None = None


def terms(facts: Facts) -> Terms:
    """What the words of a plan are read by, for a runner."""
    config = facts.config
    return Terms(facts.as_of, config.units, config.home_timezone, usual(facts).speed_mps)


def read(path: Path, terms: Terms) -> tuple[list[Session], list[Problem]]:
    """Sessions of a table or a calendar file, and what could not be read of it.

    Raises
    ------
    UsageError
        If the file cannot be opened or is neither.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be opened: {error.strerror}") from error
    if b"BEGIN:VCALENDAR" in data[:2000].upper():
        return calendar.read(data.decode("utf-8-sig", "replace"), path.name, terms)
    if b"\x00" in data[:200] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UsageError(f"{path}: neither a table nor a calendar; expected plan.csv or plan.ics")
    return table.read(data, path.name, terms)


def recent_rows(rows: Iterable[Mapping[str, Any]], as_of: date) -> list[Mapping[str, Any]]:
    """Exposure rows that a session is held against: as far back as the rules reach."""
    past = [row for row in rows if row["local_date"] <= as_of.isoformat()]
    runs = (row for row in past if row["sport"] == "running" and (row.get("distance_m") or 0) > 0)
    days, far = (sorted(row["local_date"] for row in some) for some in (past, runs))
    first = window_start(days, far, as_of).isoformat()
    return [row for row in past if row["local_date"] >= first]


def next_day(facts: Facts) -> date:
    """The day of the next run: the last one of the log, or the one after if it holds a run."""
    ran = facts.as_of.isoformat() in set(facts.runs["local_date"])
    return facts.as_of + timedelta(days=1) if ran else facts.as_of


def session(
    distance: str,
    facts: Facts,
    day: date | str | None = None,
    descent: str | None = None,
    hard: str | None = None,
) -> Session:
    """A session from the words of a command, such as ``18km``, ``400m`` and ``20min``.

    Parameters
    ----------
    day : date or str, optional
        By default that of the next run.

    Raises
    ------
    UsageError
        If one of them cannot be understood, or they do not go together.
    """
    units = facts.config.units
    metres, made = terms(facts).distance(distance)
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day)
        except ValueError as error:
            raise UsageError(f"the day is {day!r}, expected one such as 2025-11-08") from error
    day = day or next_day(facts)
    if day < facts.as_of:
        last = f"{facts.as_of}, the log's last day"
        raise UsageError(f"{day} lies before {last}; expected a later one")
    planned = Session(
        day=day,
        distance_m=metres,
        descent_m=None if descent is None else amounts.height(descent, units),
        hard_s=None if hard is None else amounts.minutes(hard),
        note=made,
    )
    if beyond := hard_beyond(planned, usual(facts)):
        raise UsageError(beyond)
    return planned


def judged(
    sessions: Sequence[Session],
    facts: Facts,
    facts_of: FactsOf,
    problems: Sequence[Problem] = (),
) -> Plan:
    """Verdicts in the order of days, each as if those before it had been run as planned.

    A session before the log's last day, or on a day with a run, is named and left out: what was
    run then is known. What is felt today, or an injury, comes before all of them.
    """
    mine = usual(facts)
    ran = facts.as_of.isoformat() in set(facts.runs["local_date"])
    ahead: list[Session] = []
    named = [*problems]
    for session in sorted(sessions, key=lambda session: session.day):
        why = ""
        if session.day < facts.as_of:
            why = f"lies before the log's last day, {facts.as_of}"
        elif session.day == facts.as_of and ran:
            why = "there is a run that day already"
        if why := why or hard_beyond(session, mine):
            named.append(Problem(f"session of {session.day}", why))
        else:
            ahead.append(session)
    felt = felt_today(facts)
    if felt is not None:
        return _felt_first(felt, facts.as_of, ahead, named)
    judge = _judge(facts, facts_of)
    verdicts = []
    for session in ahead:
        verdicts.append(judge.ask(session))
        judge.take_up(session)
    return Plan(facts.as_of, tuple(verdicts), tuple(named))


def ramped(
    distance_m: float,
    day: date | None,
    facts: Facts,
    facts_of: FactsOf,
    descent_m: float | None = None,
) -> Plan:
    """The weeks up to a race; none while something is felt, or on the way back from an injury.

    Parameters
    ----------
    day : date, optional
        By default the end of the fourth whole week.

    Raises
    ------
    UsageError
        If the race is not within the next half year.
    """
    race = Session(day or race_day(facts.as_of), distance_m, descent_m, note="race")
    within_reach(race, facts)
    felt = felt_today(facts)
    if felt is not None:
        return _felt_first(felt, facts.as_of, [race], ())
    way = ramp(race, facts, _judge(facts, facts_of))
    return Plan(facts.as_of, (way.verdict,), (), way)


def felt_today(facts: Facts) -> Symptoms | None:
    """What is felt on the log's last day, an injury that goes on or ended lately included.

    Asked once, as of that day: a note does not wear off because a session lies far ahead.
    """
    return review(facts, room=False).symptoms


def _felt_first(
    felt: Symptoms, as_of: date, sessions: Iterable[Session], problems: Sequence[Problem]
) -> Plan:
    """Each session with what comes before it, and nothing else; none beside a red flag."""
    if felt.red_flag:
        return Plan(as_of, symptoms=felt)
    injured = felt.urgency in INJURED
    verdicts = [
        Verdict(
            session,
            "return" if injured else "symptoms",
            "symptoms",
            action=felt.action,
            # Downhill comes last on the way back.
            refused="descent" if injured and session.descent_m else "",
        )
        for session in sessions
    ]
    return Plan(as_of, tuple(verdicts), tuple(problems), None, felt)


def _judge(facts: Facts, facts_of: FactsOf) -> Judge:
    last = date.fromisoformat(facts.runs["local_date"].max()) if len(facts.runs) else facts.as_of
    return Judge(facts_of, usual(facts), facts.config.units, last)
