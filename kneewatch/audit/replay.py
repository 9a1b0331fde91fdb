"""What the rules would have said on each past day, from what was known that day.

Every verdict comes from rows up to its own day and no later one, so files that are added later
change no earlier verdict. The pain and injury log is not handed over, since a rule that reads it
would be held against itself, nor are the heart rates in ``kneewatch.toml``, which are those of
today. Rules about shoes (KW4xx) need the whole life of a pair, gathering views (KW7xx) repeat
what others found, those about what is felt (KW8xx) have nothing to read, and some only tell and
never speak: none of these is held against anything.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import groupby
from typing import NoReturn

from kneewatch.audit.memory import Memory, block_key, row_digest
from kneewatch.audit.verdicts import Ask, Replayed, Verdict, gathered
from kneewatch.config import Config
from kneewatch.evidence import Evidence
from kneewatch.metrics.reach import window_start
from kneewatch.model import Row
from kneewatch.workers import Crew

BLOCK_DAYS = 91
"""Days of the calendar that a worker gets at a time; the same days whatever else was run."""

FEW_DAYS = 30
"""So few are judged here: starting processes would take longer."""

Progress = Callable[[int, int], None]
"""Told how many days are judged, and of how many."""


@dataclass(frozen=True)
class _Block:
    """Days in a row, and the rows that any of them needs, in order of local day."""

    asks: tuple[Ask, ...]
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
    memory: Memory | None = None,
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
    memory : Memory, optional
        Where earlier verdicts are remembered.

    Returns
    -------
    tuple of Verdict
        In order of day, one each; the same for any number of ``jobs``.
    """
    config = of_today(config)
    blocks = list(_blocks(sorted(rows, key=_day_of), sorted(set(events))))
    keys = _keys(blocks, config) if memory else [""] * len(blocks)
    known = memory.recall(keys) if memory else {}
    new = [(key, block) for key, block in zip(keys, blocks, strict=True) if key not in known]
    days = sum(len(block.asks) for _, block in new)
    work = partial(_judge_blocks, config, evidence)
    crew: Crew[_Block, list[Verdict]] = Crew(work, _lost, 1 if days <= FEW_DAYS else jobs)
    judged: list[tuple[Verdict, ...]] = []
    with closing(crew.results([block] for _, block in new)) as coming:
        for verdicts in coming:
            judged.append(tuple(verdicts))
            if progress:
                progress(sum(map(len, judged)), days)
    if memory:
        memory.keep({key: said for (key, _), said in zip(new, judged, strict=True)})
    left = iter(judged)
    return tuple(
        verdict for key in keys for verdict in (known[key] if key in known else next(left))
    )


def _keys(blocks: Sequence[_Block], config: Config) -> list[str]:
    digests: dict[int, bytes] = {}
    for row in (row for block in blocks for row in block.rows):
        if id(row) not in digests:
            digests[id(row)] = row_digest(row)
    return [
        block_key((digests[id(row)] for row in block.rows), block.asks, block.first_day, config)
        for block in blocks
    ]


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
    facts = gathered(past, of_today(config), evidence, day, first_day)
    (verdict,) = Replayed(facts).verdicts((Ask(day, ran, since),))
    return verdict


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
        asks.append(Ask(date.fromisoformat(text), is_run, since))
    for _, group in groupby(asks, key=lambda ask: ask.day.toordinal() // BLOCK_DAYS):
        mine = tuple(group)
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
            *Replayed(
                gathered(block.rows, config, evidence, block.asks[-1].day, block.first_day)
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
