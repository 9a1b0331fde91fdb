"""What the rules would have said on each past day, from what was known that day.

Every verdict comes from rows up to its own day and no later one, so files that are added later
change no earlier verdict. Neither do the pain and injury log, which is not handed over, since a
rule that reads it would be held against itself, nor the heart rates in ``kneewatch.toml``, which
are those of today. Rules about shoes (KW4xx) need the whole life of a pair, gathering views
(KW7xx) repeat what others found, those about what is felt (KW8xx) have nothing to read, and some
only tell and never speak: none of these is held against anything.

A rule about single runs is asked about the days since the run before. One about weeks is asked
about all of them, and has spoken where that is new or worse than at the run before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import NoReturn

from kneewatch.config import Config
from kneewatch.diary import Diary
from kneewatch.evidence import Evidence
from kneewatch.metrics.reach import window_start
from kneewatch.metrics.weeks_until import weeks_until
from kneewatch.model import CannotTell, Finding, Row
from kneewatch.rules import BOOK, Facts
from kneewatch.rules.alarms import own_ratio
from kneewatch.rules.facts import RECENT_DAYS
from kneewatch.rules.gather import gather
from kneewatch.rules.near import near_spikes
from kneewatch.rules.news import is_news
from kneewatch.rules.score import add_up, history, lacking_for_level, level_of, log_ratios
from kneewatch.workers import Crew

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

BLOCK_DAYS = 40
"""Days that a worker gets at a time."""

FEW_DAYS = 30
"""So few are judged here: starting processes would take longer."""

Progress = Callable[[int, int], None]
"""Told how many days are judged, and of how many."""


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
class _Ask:
    """A day to be judged, and the last day with a run before it."""

    day: date
    ran: bool
    since: date


@dataclass(frozen=True)
class _Block:
    """Days in a row, and the rows that any of them needs, in order of local day."""

    asks: tuple[_Ask, ...]
    rows: tuple[Row, ...]
    first_day: date


def replay(
    rows: Iterable[Row],
    config: Config,
    evidence: Evidence,
    events: Sequence[date] = (),
    *,
    jobs: int = 1,
    progress: Progress | None = None,
) -> tuple[Verdict, ...]:
    """Judge every past day with a run, and those on which something hurt.

    Parameters
    ----------
    rows : iterable of dict
        Exposure rows, duplicates already set aside.
    config : Config
        Of today: which rules were ignored in those days is taken from it, and no more.
    evidence : Evidence
    events : sequence of date
        Days with pain or an injury, judged as well.
    jobs : int
        Worker processes.
    progress : callable, optional

    Returns
    -------
    tuple of Verdict
        In order of day, one each; the same for any number of ``jobs``.
    """
    blocks = list(_blocks(sorted(rows, key=_day_of), sorted(set(events))))
    days = sum(len(block.asks) for block in blocks)
    work = partial(_judge_blocks, of_today(config), evidence)
    crew: Crew[_Block, list[Verdict]] = Crew(work, _lost, 1 if days <= FEW_DAYS else jobs)
    verdicts: list[Verdict] = []
    with closing(crew.results([block] for block in blocks)) as coming:
        for judged in coming:
            verdicts += judged
            if progress:
                progress(len(verdicts), days)
    return tuple(verdicts)


def of_today(config: Config) -> Config:
    """The configuration without what was not known in those days.

    A maximum heart rate that was measured last week would make other runs hard; what the watch
    was set to then stands in its files.
    """
    return replace(config, max_heart_rate_bpm=None, resting_heart_rate_bpm=None, shoes=())


def judge_day(
    rows: Sequence[Row],
    config: Config,
    evidence: Evidence,
    day: date,
    since: date = date.min,
    first_day: date | None = None,
) -> Verdict:
    """The verdict of one day; ``rows`` after it are not looked at.

    Parameters
    ----------
    since : date
        The last day with a run before; what was said then is no news.
    first_day : date, optional
        Day of the first activity, where that is not among the rows.
    """
    past = [row for row in rows if row["local_date"] <= day.isoformat()]
    ran = any(_is_run(row) and row["local_date"] == day.isoformat() for row in past)
    facts = _gathered(past, of_today(config), evidence, day, first_day)
    (verdict,) = _Replayed(facts).verdicts((_Ask(day, ran, since),))
    return verdict


@dataclass
class _Replayed:
    """A log that is looked at day by day; each sees no later run than its own.

    Attributes
    ----------
    facts : Facts
        As of the last of the days. What it knows of a run was known by the end of that run.
    """

    facts: Facts
    _singles: list[Finding] = field(default_factory=list)
    _weekly: list[Finding] = field(default_factory=list)

    def verdicts(self, asks: Sequence[_Ask]) -> Iterator[Verdict]:
        """The verdicts of some days, in order."""
        first = asks[0]
        if first.since > date.min:
            before = self._until(first.since)
            of_level = replace(before, recent_days=before.evidence.score["window_days"])
            self._singles = [*self._said(of_level, SINGLE)[0], *near_spikes(of_level)]
            self._weekly, _ = self._said(before, self._weeks_asked())
        for ask in asks:
            yield self._verdict(ask)

    def _verdict(self, ask: _Ask) -> Verdict:
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


def _gathered(
    rows: Sequence[Row], config: Config, evidence: Evidence, as_of: date, first_day: date | None
) -> Facts:
    # A tag in a title or a note is an entry of pain.
    return replace(gather(rows, config, evidence, as_of, first_day=first_day), diary=Diary())


def _blocks(rows: Sequence[Row], events: Sequence[date]) -> Iterator[_Block]:
    if not rows:
        return
    days = [_day_of(row) for row in rows]
    ran = sorted({_day_of(row) for row in rows if _is_run(row)})
    far = [_day_of(row) for row in rows if _is_run(row) and (row.get("distance_m") or 0) > 0]
    first_day = date.fromisoformat(days[0])
    asked = sorted({*ran, *(day.isoformat() for day in events if day >= first_day)})
    asks = []
    for text in asked:
        place = bisect_left(ran, text)
        since = date.fromisoformat(ran[place - 1]) if place else date.min
        is_run = place < len(ran) and ran[place] == text
        asks.append(_Ask(date.fromisoformat(text), is_run, since))
    for at in range(0, len(asks), BLOCK_DAYS):
        mine = tuple(asks[at : at + BLOCK_DAYS])
        # What was said at the run before the first is asked as well.
        begin = max(mine[0].since, first_day)
        start = window_start(days, far, begin).isoformat()
        inside = slice(bisect_left(days, start), bisect_right(days, mine[-1].day.isoformat()))
        yield _Block(mine, tuple(rows[inside]), first_day)


def _judge_blocks(
    config: Config, evidence: Evidence, blocks: Sequence[_Block]
) -> list[list[Verdict]]:
    """The verdicts of each block. Runs in a worker."""
    return [
        [
            *_Replayed(
                _gathered(block.rows, config, evidence, block.asks[-1].day, block.first_day)
            ).verdicts(block.asks)
        ]
        for block in blocks
    ]


def _lost(block: _Block, error: Exception) -> NoReturn:
    # A rule that raises is a bug, here as everywhere.
    raise error


def _day_of(row: Row) -> str:
    day: str = row["local_date"]
    return day


def _is_run(row: Row) -> bool:
    return bool(row["sport"] == "running")
