"""What the rules would have said on each past day, from what was known that day.

Every verdict comes from rows up to its own day and no later one, so files that are added later
change no earlier verdict. The pain and injury log is not handed over: a rule that reads it would
be held against itself. Rules about shoes (KW4xx) need the whole life of a pair and gathering
views (KW7xx) repeat what others found, so neither is held against anything.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import NoReturn

from kneewatch.config import Config
from kneewatch.evidence import Evidence
from kneewatch.model import Row
from kneewatch.rules import BOOK, review
from kneewatch.rules.gather import gather
from kneewatch.workers import Crew

LEFT_OUT = ("KW4", "KW7")
"""Beginnings of the codes that are not audited: shoes, and the views that gather."""

WINDOW_DAYS = 200
"""As far as rules look: 28 days judged, 42 before each run, 120 more for its critical speed."""

AT_LEAST = 60
"""Activities that a window holds, if there are so many: who comes back had a usual."""

BLOCK_DAYS = 40
"""Days that a worker gets at a time."""

FEW_DAYS = 30
"""So few are judged here: starting processes would take longer."""


@dataclass(frozen=True)
class Verdict:
    """What the rules would have said at the end of a day.

    Attributes
    ----------
    ran : bool
        Whether there was a run that day.
    level : str
        The attention level; never ``symptoms``, since the pain log is not asked.
    ratio : float or None
        Its rate ratio [-].
    alerts : tuple of str
        Codes of rules that found something about the days since the run before.
    untold : tuple of str
        Codes of rules that could not tell, or are switched off.
    """

    day: date
    ran: bool
    level: str
    ratio: float | None
    alerts: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()


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
) -> tuple[Verdict, ...]:
    """Judge every past day with a run, and those on which something hurt.

    Parameters
    ----------
    rows : iterable of dict
        Exposure rows, duplicates already set aside.
    config : Config
        Of today: what was ignored or worn in those days is taken from it.
    evidence : Evidence
    events : sequence of date
        Days with pain or an injury, judged as well.
    jobs : int
        Worker processes.

    Returns
    -------
    tuple of Verdict
        In order of day, one each; the same for any number of ``jobs``.
    """
    blocks = list(_blocks(sorted(rows, key=_day_of), sorted(set(events))))
    days = sum(len(block.asks) for block in blocks)
    # What is not audited need not be asked.
    left_out = frozenset(code for code in BOOK if code.startswith(LEFT_OUT))
    work = partial(_judge_blocks, replace(config, ignore=config.ignore | left_out), evidence)
    crew: Crew[_Block, list[Verdict]] = Crew(work, _lost, 1 if days <= FEW_DAYS else jobs)
    with closing(crew.results([block] for block in blocks)) as coming:
        return tuple(verdict for judged in coming for verdict in judged)


def window_start(days: Sequence[str], run_days: Sequence[str], day: date) -> date:
    """First day of what the rules need on a day.

    Parameters
    ----------
    days, run_days : sequence of str
        Local days of all activities, and of runs with a distance [ISO date], in order.
    """
    first = day - timedelta(days=WINDOW_DAYS)
    known = bisect_right(days, day.isoformat())
    if known:
        first = min(first, date.fromisoformat(days[max(known - AT_LEAST, 0)]))
    # The base of a week is the last week with a run, however far back, and the whole of it.
    before = bisect_left(run_days, first.isoformat())
    if before:
        last = date.fromisoformat(run_days[before - 1])
        first = last - timedelta(days=last.weekday())
    return first


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
        The last day with a run before; what ended no later was said then.
    first_day : date, optional
        Day of the first activity, where that is not among the rows.
    """
    past = [
        # A tag in a title or a note is an entry of pain.
        {**row, "name": "", "notes": ""}
        for row in rows
        if row["local_date"] <= day.isoformat()
    ]
    answers = review(gather(past, config, evidence, as_of=day, first_day=first_day))
    news = {
        finding.code
        for finding in answers.findings
        if finding.end > since.isoformat() and not finding.code.startswith(LEFT_OUT)
    }
    told = {finding.code for finding in answers.findings} | {kept.code for kept in answers.kept}
    untold = {answer.code for answer in answers.cannot_tell} - told
    return Verdict(
        day=day,
        ran=any(_is_run(row) and row["local_date"] == day.isoformat() for row in past),
        level=answers.attention.level,
        ratio=answers.attention.ratio,
        alerts=tuple(sorted(news)),
        untold=tuple(sorted(code for code in untold if not code.startswith(LEFT_OUT))),
    )


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
        start = window_start(days, far, mine[0].day).isoformat()
        inside = slice(bisect_left(days, start), bisect_right(days, mine[-1].day.isoformat()))
        yield _Block(mine, tuple(rows[inside]), first_day)


def _judge_blocks(
    config: Config, evidence: Evidence, blocks: Sequence[_Block]
) -> list[list[Verdict]]:
    """The verdicts of each block. Runs in a worker."""
    return [list(_judge_block(config, evidence, block)) for block in blocks]


def _judge_block(config: Config, evidence: Evidence, block: _Block) -> Iterator[Verdict]:
    days = [_day_of(row) for row in block.rows]
    far = [_day_of(row) for row in block.rows if _is_run(row) and (row.get("distance_m") or 0) > 0]
    for ask in block.asks:
        start = window_start(days, far, ask.day).isoformat()
        inside = slice(bisect_left(days, start), bisect_right(days, ask.day.isoformat()))
        yield judge_day(block.rows[inside], config, evidence, ask.day, ask.since, block.first_day)


def _lost(block: _Block, error: Exception) -> NoReturn:
    # A rule that raises is a bug, here as everywhere.
    raise error


def _day_of(row: Row) -> str:
    day: str = row["local_date"]
    return day


def _is_run(row: Row) -> bool:
    return bool(row["sport"] == "running")
