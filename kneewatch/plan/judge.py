"""Planned sessions through the rules, one after the other, as if they had been run."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from kneewatch.model import CannotTell, Finding
from kneewatch.plan.measures import Measure, measures
from kneewatch.plan.session import Session, Usual, as_run, with_hard_time
from kneewatch.rules import SWITCHED_OFF, Facts, Review, review
from kneewatch.rules.news import is_worse
from kneewatch.rules.room import leave_room
from kneewatch.units import Units

Row = dict[str, Any]
FactsOf = Callable[[Sequence[Row], date], Facts]
"""Facts of a log with some more rows, as of a day."""

LATER_DAYS = 7
"""How far a session is moved to look for a day on which it stays quiet. [D]"""

GAP_DAYS = 3
"""From so many days between the last run that is known and a session on, they are named. [D]"""

GATHERING = "KW7"
"""Codes of the views that only gather what other rules found."""

PLANNABLE = ("KW1", "KW2")
"""Codes of rules about what a plan says: amount, intensity, recovery, descent."""

UNPLANNED = frozenset({"KW204"})
"""Rules about what no plan names: how steep the ground is, and how many steps it takes."""

NO_HARD_MEASURE = (
    "there is neither a critical speed nor a maximum heart rate to count hard minutes against"
)


@dataclass(frozen=True)
class Verdict:
    """What the rules would say of one planned session.

    Attributes
    ----------
    session : Session
        As it is planned.
    state : str
        ``quiet``, ``speaks``, ``cannot-tell``; ``symptoms`` or ``return`` where what is felt, or
        an injury, comes before any plan: then nothing of it is judged.
    level : str
        The attention level on the evening of that day; ``symptoms`` where it was not judged.
    findings : tuple of Finding
        Those that the session causes or makes worse, the weightiest first.
    answers_to : mapping of str to tuple of str
        Code: which of ``distance``, ``descent``, ``hard`` and ``day`` the finding goes away with.
    nearest : Session or None
        The largest version that stays quiet; None where there is none or none is needed.
    untold : tuple of CannotTell
        Rules about this session that lack what they need.
    descent_m : float or None
        What it was taken to go down, as planned or as is usual [m].
    unknown_days : int
        Days before it of which neither log nor plan says anything, if they are many.
    calm_run_m, calm_descent_m : float or None
        Where it goes beyond that: how far it might go if a run that was a jump itself did not
        count as what the legs are used to [m].
    action : str
        What the symptoms or the way back from an injury ask for, where these come first.
    refused : str
        The measure that is out of the question, whatever its amount; else empty.
    """

    session: Session
    state: str
    level: str
    findings: tuple[Finding, ...] = ()
    answers_to: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nearest: Session | None = None
    untold: tuple[CannotTell, ...] = ()
    descent_m: float | None = None
    unknown_days: int = 0
    calm_run_m: float | None = None
    calm_descent_m: float | None = None
    action: str = ""
    refused: str = ""

    @property
    def limiting(self) -> Finding | None:
        """The finding that speaks loudest."""
        return self.findings[0] if self.findings else None


@dataclass(frozen=True)
class Evening:
    """What is known on the evening of a session: what it caused, what cannot be told, the level."""

    caused: tuple[Finding, ...]
    untold: tuple[CannotTell, ...]
    level: str


@dataclass
class Judge:
    """Judges sessions in order; each is part of the log for those after it.

    Attributes
    ----------
    facts_of : callable
        The log with more rows.
    usual : Usual
    units : Units
        In whose steps the nearest version is sought.
    last_day : date
        The last day of which the log says something.
    """

    facts_of: FactsOf
    usual: Usual
    units: Units
    last_day: date
    _rows: list[Row] = field(default_factory=list)
    _before: dict[date, Review] = field(default_factory=dict)
    _evenings: dict[Session, Evening] = field(default_factory=dict)

    def ask(self, session: Session) -> Verdict:
        """What the rules say of a session, after those that were taken up."""
        evening = self._evening(session)
        facts = self._facts(self._rows, session.day)
        days = (session.day - self.last_day).days - 1
        weigh = {code for code, rule in facts.evidence.rules.items() if rule.family != "none"}
        known = Verdict(
            session=session,
            state="quiet",
            level=evening.level,
            findings=evening.caused,
            untold=self._about(session.day, evening.untold, weigh),
            descent_m=self.usual.filled(session),
            unknown_days=days if days >= GAP_DAYS else 0,
        )
        room = leave_room(facts)
        known = replace(
            known,
            calm_run_m=_exceeded(room.calm_run_m, session.distance_m),
            calm_descent_m=_exceeded(room.calm_descent_m, session.descent_m),
        )
        if evening.caused:
            answers_to, nearest = self._nearest(session)
            return replace(known, state="speaks", answers_to=answers_to, nearest=nearest)
        lacking = any(answer.code == "KW102" for answer in known.untold)
        return replace(known, state="cannot-tell" if lacking else "quiet")

    def take_up(self, session: Session) -> None:
        """Count a session as run from now on."""
        self._rows.append(as_run(session, self.usual, len(self._rows)))
        self.last_day = max(self.last_day, session.day)
        self._before.clear()
        self._evenings.clear()

    def quiet_version(self, session: Session) -> Session | None:
        """The session itself where it stays quiet, else the largest version that does."""
        return self._nearest(session)[1] if self._codes(session) else session

    def _facts(self, rows: Sequence[Row], day: date) -> Facts:
        """The log with planned rows, as of a day."""
        return with_hard_time(self.facts_of(rows, day), rows)

    def _evening(self, session: Session) -> Evening:
        """What is known on the evening of a session."""
        if session in self._evenings:
            return self._evenings[session]
        run = as_run(session, self.usual, len(self._rows))
        facts = self._facts([*self._rows, run], session.day)
        after = review(facts, room=False)
        about = [
            finding
            for finding in after.findings
            if run["id"] in finding.runs and not finding.code.startswith(GATHERING)
        ]
        caused: tuple[Finding, ...] = ()
        if about:
            before = {_key(found): found for found in self._review_before(session.day).findings}
            caused = tuple(
                found for found in about if is_worse(found, before.get(_key(found, run["id"])))
            )
        untold = [answer for answer in after.cannot_tell if answer.code.startswith(PLANNABLE)]
        if session.hard_s and math.isnan(facts.runs["hard_s"][run["id"]]):
            untold.append(CannotTell("", "hard-minutes", NO_HARD_MEASURE))
        self._evenings[session] = Evening(caused, tuple(untold), after.attention.level)
        return self._evenings[session]

    def _about(
        self, day: date, untold: tuple[CannotTell, ...], weigh: set[str]
    ) -> tuple[CannotTell, ...]:
        """What cannot be told of the session itself, and not only of runs before it."""
        told_before = self._review_before(day).cannot_tell if untold else ()
        return tuple(
            answer
            for answer in untold
            if (answer.code in weigh or not answer.code)
            and answer.code not in UNPLANNED
            and (answer.why == SWITCHED_OFF or answer not in told_before)
        )

    def _review_before(self, day: date) -> Review:
        if day not in self._before:
            self._before[day] = review(self._facts(self._rows, day), room=False)
        return self._before[day]

    def _codes(self, session: Session) -> set[str]:
        return {finding.code for finding in self._evening(session).caused}

    def _nearest(self, session: Session) -> tuple[dict[str, tuple[str, ...]], Session | None]:
        """What each finding answers to, and the largest version of a session that stays quiet.

        The first day counts on which there is one. A finding that goes away with several measures
        together answers to each of them; one that no version and no day is rid of, to nothing.
        """
        answers = self._answers(session)
        for later in range(LATER_DAYS + 1):
            version = self._cut(session.on(session.day + timedelta(days=later)))
            if version is not None:
                together = tuple(
                    measure.name
                    for measure in measures(self.units)
                    if not later and measure.of(version) != measure.of(session)
                )
                return {
                    code: names or together or ("day",) for code, names in answers.items()
                }, version
        return answers, None

    def _cut(self, session: Session) -> Session | None:
        """The largest version of a session on its day that stays quiet; None if there is none."""
        if not self._codes(session):
            return session
        if self._codes(self._smallest(session)):
            return None
        version = session
        for measure in self._planned(session):
            loud = self._codes(version)
            gone = loud - self._codes(measure.set_to(version, measure.fewest))
            version = self._largest(version, measure, gone) if gone else version
        return self._grown(session) if self._codes(version) else version

    def _grown(self, session: Session) -> Session:
        """A version for findings that no measure alone is rid of: a run both long and hard.

        From the least that is worth a run, each measure is grown as far as it stays quiet: the
        distance first, or the hard time first, whichever leaves more of the plan.
        """
        orders = self._planned(session)[::-1], self._planned(session)
        versions = []
        for order in orders:
            version = self._smallest(session)
            for measure in order:
                whole = measure.with_value(version, measure.of(session))
                codes = self._codes(whole)
                version = self._largest(whole, measure, codes) if codes else whole
            versions.append(version)

        def kept(version: Session) -> float:
            return sum(each.of(version) / each.of(session) for each in self._planned(session))

        return max(versions, key=kept)

    def _planned(self, session: Session) -> list[Measure]:
        """The measures of a session that can be cut."""
        return [each for each in measures(self.units) if each.of(session) > each.fewest * each.step]

    def _answers(self, session: Session) -> dict[str, tuple[str, ...]]:
        """By code, the measures without which the finding goes away."""
        answers: dict[str, tuple[str, ...]] = dict.fromkeys(sorted(self._codes(session)), ())
        for measure in self._planned(session):
            left = self._codes(measure.set_to(session, measure.fewest))
            for code in answers.keys() - left:
                answers[code] += (measure.name,)
        return answers

    def _smallest(self, session: Session) -> Session:
        """The least that is worth a run."""
        for measure in self._planned(session):
            session = measure.set_to(session, measure.fewest)
        return session

    def _largest(self, session: Session, measure: Measure, codes: set[str]) -> Session:
        """The version with the most of one measure, in whole steps, where some rules are quiet."""
        # From a number of steps that is quiet to one that is not.
        quiet, loud = measure.fewest, math.ceil(measure.of(session) / measure.step)
        while loud - quiet > 1:
            middle = (quiet + loud) // 2
            if self._codes(measure.set_to(session, middle)) & codes:
                loud = middle
            else:
                quiet = middle
        return measure.set_to(session, quiet)


def _exceeded(calm_m: float | None, planned_m: float | None) -> float | None:
    """The calmer figure where a plan goes beyond it."""
    beyond = calm_m is not None and planned_m is not None and planned_m > calm_m + 1e-6
    return calm_m if beyond else None


def _key(finding: Finding, session: str = "") -> tuple[str, str, str, frozenset[str]]:
    """What tells a finding from others, whether the session is among its runs or not."""
    others = frozenset(finding.runs) - {session}
    return finding.code, finding.start, finding.unit, others
