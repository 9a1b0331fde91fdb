"""Sources to rows: reads every file in worker processes and keeps account of each."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from multiprocessing.context import BaseContext
from pathlib import Path

from kneewatch.config import Config
from kneewatch.metrics.duplicates import merge_duplicates
from kneewatch.metrics.exposure import Row, expose
from kneewatch.model import NotActivity, Problem, Recording, Source, Tally
from kneewatch.readers import read, wanted
from kneewatch.sources import walk

Item = Source | Problem | NotActivity

Progress = Callable[[int, str], None]
"""Told how many files are done, and the name of the last."""

EARLIEST = datetime(1990, 1, 2, tzinfo=UTC)
"""An earlier start is a clock that was never set."""

MAX_WAITING_BYTES = 32 << 20
"""Bytes that wait for each worker."""

FEW_FILES = 8
"""Starting worker processes takes longer than reading so few files."""


@dataclass(frozen=True)
class FileResult:
    """What one file gave.

    Attributes
    ----------
    rows : tuple of dict
        Exposure rows.
    lost : int
        Activities that were read and do not count; each has its problem.
    """

    source: str
    rows: tuple[Row, ...] = ()
    lost: int = 0
    problems: tuple[Problem, ...] = ()
    not_activities: tuple[NotActivity, ...] = ()


@dataclass(frozen=True)
class Ingested:
    """All that an import gave: the rows that count, and the account of every file."""

    rows: tuple[Row, ...]
    tally: Tally


def ingest(
    paths: Iterable[Path],
    config: Config,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Ingested:
    """Import everything below the paths.

    Parameters
    ----------
    paths : iterable of Path
        Files, folders and archives.
    config : Config
    jobs : int, optional
        Worker processes; as many as the machine gives CPUs by default, none for 1.
    progress : callable, optional
        Told after each file.

    Returns
    -------
    Ingested
        The same whatever ``jobs`` is.
    """
    results = []
    for result in _results(list(paths), config, jobs):
        results.append(result)
        if progress:
            progress(len(results), result.source)
    return _account(results)


def read_file(source: Source, config: Config) -> FileResult:
    """Read one file and measure what is in it. Pure; runs in a worker process."""
    rows: list[Row] = []
    problems: list[Problem] = []
    others: list[NotActivity] = []
    lost: list[Problem] = []
    latest = datetime.now(UTC) + timedelta(days=2)
    units = config.units.system if config.units_given else None
    for item in read(source, units):
        if isinstance(item, Recording):
            try:
                row = expose(item, config.home_timezone)
            except Exception as error:  # one strange track must not cost the whole import
                what = f"{type(error).__name__}: {error}"
                lost.append(Problem(item.activity.source, f"cannot be measured ({what})"))
                continue
            if EARLIEST <= row["start"] <= latest:
                rows.append(row)
            else:
                when = row["start"].date()
                lost.append(Problem(item.activity.source, f"its clock was wrong: {when}"))
        elif isinstance(item, Problem):
            problems.append(item)
        else:
            others.append(item)
    return FileResult(
        source.name,
        rows=tuple(rows),
        lost=len(lost),
        problems=(*lost, *problems),
        not_activities=tuple(others),
    )


def _results(paths: list[Path], config: Config, jobs: int | None) -> Iterator[FileResult]:
    items = walk(paths, wanted)
    # A worker that comes here is running a script without a main guard, which would go on so.
    workers = 1 if multiprocessing.parent_process() else jobs or _cpus()
    first: list[Item] = []
    for item in items:
        first.append(item)
        if len(first) > FEW_FILES:
            break
    if workers == 1 or len(first) <= FEW_FILES:
        yield from (_result(item, config) for item in first)
        yield from (_result(item, config) for item in items)
        return
    with ProcessPoolExecutor(workers, mp_context=_context()) as pool:
        pending: deque[tuple[Item, Future[FileResult] | None]] = deque()
        waiting = 0
        for item in chain(first, items):
            # Only so many bytes wait at a time.
            while pending and waiting > MAX_WAITING_BYTES * workers:
                done, future = pending.popleft()
                waiting -= _weight(done)
                yield _fetch(done, future, config)
            pending.append((item, _submit(pool, item, config)))
            waiting += _weight(item)
        for done, future in pending:
            yield _fetch(done, future, config)


def _weight(item: Item) -> int:
    return len(item.data) if isinstance(item, Source) else 0


def _submit(pool: ProcessPoolExecutor, item: Item, config: Config) -> Future[FileResult] | None:
    try:
        return pool.submit(_result, item, config)
    except BrokenProcessPool:
        return None


def _fetch(item: Item, future: Future[FileResult] | None, config: Config) -> FileResult:
    """The result of a worker; read here where the workers could not be started or have died.

    A plain script without a main guard cannot start any where processes are not forked.
    """
    try:
        return future.result() if future else _result(item, config)
    except BrokenProcessPool:
        return _result(item, config)


def _cpus() -> int:
    """CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _context() -> BaseContext:
    """How to start workers.

    Forking works from a plain script without a main guard, but can hang in a process that runs
    threads, as a notebook does; starting anew cannot.
    """
    if sys.platform == "linux":
        return multiprocessing.get_context(
            "fork" if threading.active_count() == 1 else "forkserver"
        )
    return multiprocessing.get_context("spawn")


def _result(item: Item, config: Config) -> FileResult:
    if isinstance(item, Source):
        return read_file(item, config)
    if isinstance(item, Problem):
        return FileResult(item.source, problems=(item,))
    return FileResult(item.source, not_activities=(item,))


def _account(results: list[FileResult]) -> Ingested:
    rows, duplicates = merge_duplicates([row for result in results for row in result.rows])
    problems = tuple(problem for result in results for problem in result.problems)
    # A Problem beside what was found in a file is no entry of its own; one in its stead is.
    accounted = {result.source for result in results if result.rows or result.lost}
    accounted |= {item.source for result in results for item in result.not_activities}
    unreadable = {problem.source for problem in problems} - accounted
    tally = Tally(
        files=len({result.source for result in results}),
        runs=sum(row["sport"] == "running" for row in rows),
        other_activities=sum(row["sport"] != "running" for row in rows),
        duplicates=tuple(duplicates),
        not_activities=tuple(item for result in results for item in result.not_activities),
        unreadable=len(unreadable) + sum(result.lost for result in results),
        problems=problems,
        assumptions=_assumptions(results),
    )
    return Ingested(tuple(rows), tally)


def _assumptions(results: list[FileResult]) -> tuple[Problem, ...]:
    said: dict[tuple[str, str], None] = {}
    for result in results:
        for row in result.rows:
            if row["assumed"]:
                said[(row["sources"][0], row["assumed"])] = None
    return tuple(Problem(source, reason) for source, reason in said)
