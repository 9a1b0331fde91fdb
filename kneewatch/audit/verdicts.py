"""What the rules say of a day in a log, with nothing of the days after it.

A rule about single runs is asked about the days since the run before. One about weeks is asked
about all of them, and has spoken where that is new or worse than at the run before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from kneewatch.config import Config
from kneewatch.diary import Diary
from kneewatch.evidence import Evidence
from kneewatch.metrics.weeks_until import weeks_until
from kneewatch.model import CannotTell, Finding, Row
from kneewatch.rules import BOOK, Facts
from kneewatch.rules.alarms import own_ratio
from kneewatch.rules.facts import RECENT_DAYS
from kneewatch.rules.gather import gather
from kneewatch.rules.near import near_spikes
from kneewatch.rules.news import is_news
from kneewatch.rules.score import add_up, history, lacking_for_level, level_of, log_ratios

LEFT_OUT = ("KW4", "KW7", "KW8")
"""Beginnings of the codes that are not audited: shoes, views that gather, what is felt."""

ONLY_TELL = frozenset({"KW104", "KW131"})
"""Rules without a limit to break, which never speak."""

SINGLE = frozenset(
    {
        *("KW102", "KW111", "KW201", "KW202", "KW204", "KW302"),
        *("KW501", "KW502", "KW504", "KW505", "KW603", "KW604"),
    }
)
"""Rules that judge one run after the other: a later one changes nothing about it."""


@dataclass(frozen=True)
class Verdict:
    """What the rules would have said at the end of a day.

    Attributes
    ----------
    ran : bool
        Whether there was a run that day.
    level : str
        The attention level; never ``symptoms``, since the pain log is not asked. It looks back
        some days, so a jump colours the runs after it as well.
    ratio : float or None
        Its rate ratio [-].
    alerts : tuple of str
        Codes of rules that spoke: of the days since the run before, or of weeks anew.
    untold : tuple of str
        Codes of rules that could not tell, or are switched off.
    own_level : str
        The level that the day's runs reached of themselves; empty without a run or a level.
    own_ratio : float or None
        Its rate ratio [-].
    """

    day: date
    ran: bool
    level: str
    ratio: float | None
    alerts: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    own_level: str = ""
    own_ratio: float | None = None


@dataclass(frozen=True)
class Ask:
    """A day to be judged, and the last day with a run before it."""

    day: date
    ran: bool
    since: date


@dataclass
class Replayed:
    """A log that is looked at day by day; each sees no later run than its own.

    Attributes
    ----------
    facts : Facts
        As of the last of the days. What it knows of a run was known by the end of that run.
    """

    facts: Facts
    _singles: list[Finding] = field(default_factory=list)
    _weekly: list[Finding] = field(default_factory=list)

    def verdicts(self, asks: Sequence[Ask]) -> Iterator[Verdict]:
        """The verdicts of some days, in order."""
        first = asks[0]
        if first.since > date.min:
            before = self._until(first.since)
            of_level = replace(before, recent_days=before.evidence.score["window_days"])
            self._singles = [*self._said(of_level, SINGLE)[0], *near_spikes(of_level)]
            self._weekly, _ = self._said(before, self._weeks_asked())
        for ask in asks:
            yield self._verdict(ask)

    def _verdict(self, ask: Ask) -> Verdict:
        facts = self._until(ask.day)
        gap = (ask.day - ask.since).days if ask.since > date.min else RECENT_DAYS
        new = replace(facts, recent_days=min(gap, RECENT_DAYS))
        singles, untold = self._said(new, SINGLE)
        weekly, untold_weekly = self._said(facts, self._weeks_asked())
        since = ask.since.isoformat()
        alerts = {finding.code for finding in singles}
        alerts |= {
            finding.code
            for finding in weekly
            if finding.end > since and is_news(finding, self._weekly, facts.recent_from.isoformat())
        }
        self._singles += [*singles, *near_spikes(new)]
        if ask.ran:
            self._weekly = weekly
        ratio, own = self._ratios(facts, [*self._singles, *weekly])
        evidence = facts.evidence
        return Verdict(
            day=ask.day,
            ran=ask.ran,
            level="not-enough-history" if ratio is None else level_of(ratio, evidence),
            ratio=ratio,
            alerts=tuple(sorted(alerts)),
            untold=tuple(sorted(untold | untold_weekly)),
            own_level="" if own is None or not ask.ran else level_of(own, evidence),
            own_ratio=own if ask.ran else None,
        )

    def _ratios(
        self, facts: Facts, findings: Sequence[Finding]
    ) -> tuple[float | None, float | None]:
        """The rate ratio of the level, and that of the day alone."""
        evidence = facts.evidence
        if lacking_for_level(history(facts), evidence):
            return None, None
        window = timedelta(days=evidence.score["window_days"] - 1)
        first = (facts.as_of - window).isoformat()
        counted = [found for found in findings if found.weight > 0 and found.end >= first]
        ratio = add_up(log_ratios(counted, evidence), evidence)
        return ratio, own_ratio(counted, facts.as_of, evidence)

    def _said(self, facts: Facts, codes: Iterable[str]) -> tuple[list[Finding], set[str]]:
        """Findings of some rules, and the codes of those that could not tell."""
        findings: list[Finding] = []
        untold: set[str] = set()
        for code in sorted(codes):
            if code in facts.config.ignore:
                untold.add(code)
                continue
            answers = [*BOOK[code].judge(facts)]
            found = [answer for answer in answers if isinstance(answer, Finding)]
            findings += found
            if not found and any(isinstance(answer, CannotTell) for answer in answers):
                untold.add(code)
        return findings, untold

    def _weeks_asked(self) -> Iterator[str]:
        """Codes of the rules about weeks."""
        return (code for code in audited() if code not in SINGLE)

    def _until(self, day: date) -> Facts:
        """The facts of a day."""
        facts, text = self.facts, day.isoformat()
        runs, others = (
            activities[activities["local_date"].to_numpy() <= text]
            for activities in (facts.runs, facts.others)
        )
        return replace(
            facts, as_of=day, runs=runs, others=others, weeks=weeks_until(facts.weeks, runs, day)
        )


def audited() -> list[str]:
    """Codes of the rules that are held against something."""
    return [code for code in BOOK if not code.startswith(LEFT_OUT) and code not in ONLY_TELL]


def gathered(
    rows: Sequence[Row], config: Config, evidence: Evidence, as_of: date, first_day: date | None
) -> Facts:
    """The facts of a log, and nothing that was felt."""
    # A tag in a title or a note is an entry of pain.
    return replace(gather(rows, config, evidence, as_of, first_day=first_day), diary=Diary())
