"""Sources to rows: reads every file in worker processes and keeps account of each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

from kneewatch import ground, sources
from kneewatch.cache import Cache, key_of
from kneewatch.config import Config
from kneewatch.errors import KneewatchError
from kneewatch.ingest.account import Ingested, dated, take_account
from kneewatch.ingest.shares import Share, recall, result_of, shares_of
from kneewatch.ingest.window import Unread, Window, put_off
from kneewatch.model import (
    File,
    FileResult,
    NotActivity,
    Problem,
    Recording,
    Row,
    Source,
    Streamed,
)
from kneewatch.sources import Place, Unpacked

__all__ = ["Ingested", "Progress", "Window", "ingest", "read_file"]

Progress = Callable[[int, int, str], None]
"""Told how many files are done, of how many, and the name of the last."""

CHUNK_BYTES = 4 << 20
CHUNK_FILES = 32
"""What a worker gets at a time: so much that the way there does not count, and no more."""

FEW_FILES = 8
"""So few are read here."""


def ingest(
    paths: Iterable[Path],
    config: Config,
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    cache: Path | None = None,
    window: Window | None = None,
    progress: Progress | None = None,
) -> Ingested:
    """Import everything below the paths.

    Parameters
    ----------
    paths : iterable of Path
        Files, folders and archives.
    config : Config
    jobs : int, optional
        Worker processes; as many as this process has CPUs by default, none for 1.
    executor : concurrent.futures.Executor, optional
        Other workers, which see the same files; ``jobs`` is then how many they are.
    cache : Path, optional
        Folder of the rows that need not be derived again.
    window : Window, optional
        How much to read; by default everything.
    progress : callable, optional
        Told after each file.

    Returns
    -------
    Ingested
        The same whoever reads, and whatever was remembered.
    """
    with ExitStack() as stack:
        maps = stack.enter_context(ground.maps(config.osm, cache))
        setting = _setting(config, maps)
        memory = Cache(cache, setting) if cache else None
        # Also what was read until somebody pressed Ctrl-C.
        stack.callback(sources.close)
        if memory:
            stack.callback(memory.close)
        shares = shares_of(_found(paths, maps), memory)
        unread = put_off(shares, window) if window else Unread()
        if memory:
            recall(shares, memory)
        if any(share.places for share in shares):
            ground.make(maps)
            # A file that is mapped into memory and cut by somebody else takes the process with it.
            stack.callback(ground.ground_of.cache_clear)
            _read(shares, config, maps, setting, memory, jobs, executor, progress)
    results = [dated(result) for share in shares for result in share.results]
    ingested = take_account(results, config, partial_read=bool(unread.places))
    tally = replace(
        ingested.tally,
        unread=unread.places,
        unread_later=unread.later,
        read_from=unread.read_from,
    )
    return replace(ingested, tally=tally, notice=memory.trouble if memory else "")


def read_file(
    source: Source | Streamed, config: Config, where: ground.Ground | None = None
) -> FileResult:
    """Read one file and measure what is in it. Pure; runs in a worker process."""
    # Only whoever reads needs the readers, and a second check reads nothing.
    from kneewatch.metrics.exposure import expose
    from kneewatch.readers import read

    rows: list[Row] = []
    problems: list[Problem] = []
    others: list[NotActivity] = []
    lost: list[Problem] = []
    units = config.units.system if config.units_given else None
    for item in read(source, units):
        if isinstance(item, Recording):
            try:
                rows.append(expose(item, config.home_timezone, where))
            except Exception as error:  # one strange track must not cost the whole import
                what = f"{type(error).__name__}: {error}"
                lost.append(Problem(item.activity.source, f"cannot be measured ({what})"))
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


def _found(paths: Iterable[Path], maps: Sequence[ground.Map]) -> list[File | Problem]:
    """All files below the paths; a map may lie beside the runs and is none of them."""
    extracts = {item.extract for item in maps}
    files = sources.files(paths)
    return [item for item in files if isinstance(item, Problem) or item.path not in extracts]


def _read(
    shares: Sequence[Share],
    config: Config,
    maps: tuple[ground.Map, ...],
    setting: str,
    memory: Cache | None,
    jobs: int | None,
    executor: Executor | None,
    progress: Progress | None,
) -> None:
    """Read what is to be read, and remember it as it comes."""
    # A second check reads nothing and needs nobody.
    from kneewatch.workers import Crew, cpus, cut

    places = [place for share in shares for place in share.places]
    known = memory.known() if memory else frozenset()
    read = partial(_read_places, config, maps, setting)
    # Starting worker processes takes longer than reading a few files.
    few = len(places) <= FEW_FILES and executor is None
    hands = 1 if few else jobs or cpus()
    if hands > 1 or executor:
        # A zip within a zip lies in memory, and whoever reads it opens it anew.
        sources.close()
    crew = Crew(partial(read, known), _lost, hands, executor)
    chunks = cut(places, lambda place: place.size, CHUNK_BYTES, CHUNK_FILES)
    tell = _count(sum(len(share.places) or 1 for share in shares), progress)
    with closing(crew.results(chunks)) as coming:
        for share in shares:
            for place in share.places:
                share.results += _refilled(memory, known, read, place, next(coming))
                tell(place.name)
            if not share.places:
                tell(share.name)
            elif memory and share.file and share.whole and not share.passing:
                memory.keep(share.file, share.results)
            elif memory:
                memory.keep_contents(share.results)


def _count(total: int, progress: Progress | None) -> Callable[[str], None]:
    """Tells of each file, with its number."""
    numbers = count(1)

    def tell(name: str) -> None:
        if progress:
            progress(next(numbers), total, name)

    return tell


def _read_places(
    config: Config,
    maps: tuple[ground.Map, ...],
    setting: str,
    known: frozenset[str],
    places: Sequence[Place],
) -> list[list[FileResult]]:
    """What each place gave; no more than its key where that is known. Runs in a worker."""
    from kneewatch.readers import wanted

    where = ground.ground_of(maps)

    def read(item: Unpacked) -> FileResult:
        if isinstance(item, (Problem, NotActivity)):
            return result_of(item)
        if isinstance(item, Streamed):
            return _read_streamed(item, config, where, setting)
        key = key_of(item, setting)
        if key in known:
            return FileResult(item.name, key=key)
        return replace(read_file(item, config, where), key=key)

    return [[read(item) for item in sources.unpack(place, wanted)] for place in places]


def _read_streamed(
    item: Streamed, config: Config, where: ground.Ground | None, setting: str
) -> FileResult:
    """Read what comes in pieces; its key is known when it has been gone through, and not before."""
    result = read_file(item, config, where)
    # What the system denied is not the content's.
    if any(problem.passing for problem in result.problems):
        return result
    return replace(result, key=key_of(item, setting))


def _refilled(
    memory: Cache | None,
    known: frozenset[str],
    read: Callable[[frozenset[str], Sequence[Place]], list[list[FileResult]]],
    place: Place,
    results: list[FileResult],
) -> list[FileResult]:
    """Results with what a worker left out, since it is remembered."""
    if memory is None or not any(result.key in known for result in results):
        return results
    filled = []
    for result in results:
        full = memory.result(result.key, result.source) if result.key in known else result
        if full is None:
            # Somebody has cleared the cache meanwhile.
            return read(frozenset(), [place])[0]
        filled.append(full)
    return filled


def _lost(place: Place, error: Exception) -> list[FileResult]:
    what = f"reading it has killed a worker process ({type(error).__name__})"
    if isinstance(error, KneewatchError):
        what = f"a worker cannot read it: {error}"
    return [result_of(Problem(place.name, what, passing=True))]


def _setting(config: Config, maps: Sequence[ground.Map]) -> str:
    """What rows depend on beside the file."""
    units = config.units.system if config.units_given else ""
    machine = "" if config.home_timezone else f"{time.tzname} {time.timezone} {time.altzone}"
    known = "".join(f" {item.digest}" for item in maps)
    return f"{units} {config.home_timezone or ''} {machine}{known}"
