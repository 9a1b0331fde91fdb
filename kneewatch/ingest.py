"""Sources to rows: reads every file in worker processes and keeps account of each."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

from kneewatch import ground, sources
from kneewatch.cache import Cache, Entry, key_of
from kneewatch.config import FILE_NAME, Config
from kneewatch.errors import KneewatchError
from kneewatch.metrics.duplicates import elsewhere, merge_duplicates
from kneewatch.metrics.hints import apply_hints
from kneewatch.metrics.overrides import resolve
from kneewatch.metrics.parts import join_parts
from kneewatch.model import (
    File,
    FileResult,
    NotActivity,
    Pair,
    Problem,
    Recording,
    Row,
    Source,
    Streamed,
    Tally,
)
from kneewatch.sources import Place, Unpacked

Progress = Callable[[int, int, str], None]
"""Told how many files are done, of how many, and the name of the last."""

EARLIEST = datetime(1990, 1, 2, tzinfo=UTC)
"""An earlier start is a clock that was never set."""

CHUNK_BYTES = 4 << 20
CHUNK_FILES = 32
"""What a worker gets at a time: so much that the way there does not count, and no more."""

OLDEST = 3
"""So many of the oldest files are read in any case: one of them may have had a wrong clock."""

DOUBT = timedelta(days=1)
"""The beginning of a file tells its day by UTC, and the runner's may be another."""

FEW_FILES = 8
"""So few are read here."""


@dataclass(frozen=True)
class Window:
    """As much of a log as a verdict needs.

    Attributes
    ----------
    as_of : date or None
        The last day; by default today, or the log's last.
    since : date or None
        A day from which on all is needed, however long ago.
    days : int
        Before the last day, and the whole week of the last activity before them.
    files : int
        At least so many files, if the days hold fewer: who comes back from a break had a usual.
    few : int
        If no more than this lie outside, they are read all the same.
    """

    as_of: date | None = None
    since: date | None = None
    days: int = 190
    files: int = 60
    few: int = 200


@dataclass(frozen=True)
class Ingested:
    """All that an import gave: the rows that count, and the account of every file.

    Attributes
    ----------
    notice : str
        Why there was no cache, empty where there was one or none was asked for.
    pairs : tuple of Pair
        Shoes that the vendors' registers list.
    """

    rows: tuple[Row, ...]
    tally: Tally
    notice: str = ""
    pairs: tuple[Pair, ...] = ()


@dataclass
class _Share:
    """One file's share of the import: what is known of it, and what is to be read in it."""

    name: str
    file: File | None
    results: list[FileResult]
    places: list[Place] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    whole: bool = True

    @property
    def passing(self) -> bool:
        """Whether the next import may find more in the file."""
        return any(item.passing for result in self.results for item in result.problems)


@dataclass(frozen=True)
class _Unread:
    """What was left out: how many places, how many later ones, the day from which on none was."""

    places: int = 0
    later: int = 0
    read_from: date | None = None


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
        shares = _shares(_found(paths, maps), memory)
        unread = _put_off(shares, window) if window else _Unread()
        if memory:
            _recall(shares, memory)
        if any(share.places for share in shares):
            ground.make(maps)
            # A file that is mapped into memory and cut by somebody else takes the process with it.
            stack.callback(ground.ground_of.cache_clear)
            _read(shares, config, maps, setting, memory, jobs, executor, progress)
    results = [_dated(result) for share in shares for result in share.results]
    ingested = _account(results, config, partial_read=bool(unread.places))
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


def _shares(found: Sequence[File | Problem], memory: Cache | None) -> list[_Share]:
    entries = memory.entries([item for item in found if isinstance(item, File)]) if memory else {}
    shares = []
    for item in found:
        if isinstance(item, Problem):
            shares.append(_Share(item.source, None, [_result_of(item)]))
        elif item.path in entries:
            shares.append(_Share(item.name, item, [], entries=entries[item.path]))
        else:
            shares.append(_listed(item))
    return shares


def _listed(file: File) -> _Share:
    """The share of a file of which nothing is remembered."""
    inside = list(sources.places(file))
    closed = [_result_of(place) for place in inside if isinstance(place, Problem)]
    places = [place for place in inside if isinstance(place, Place)]
    return _Share(file.name, file, closed, places)


def _recall(shares: list[_Share], memory: Cache) -> None:
    """Fill in what the entries stand for; a file one of whose contents has gone is read."""
    recalled = memory.recall([entry for share in shares for entry in share.entries])
    for index, share in enumerate(shares):
        if all(entry in recalled for entry in share.entries):
            share.results += [recalled[entry] for entry in share.entries]
        elif share.file:
            shares[index] = _listed(share.file)


def _put_off(shares: list[_Share], window: Window) -> _Unread:
    """Leave out what lies outside a window, by what is remembered of it or its beginning says."""
    today = datetime.now(UTC).date()
    days: dict[Entry | Place, tuple[date, date]] = {}
    for share in shares:
        days |= {entry: span for entry in share.entries if (span := _remembered_span(entry))}
        days |= {place: span for place in share.places if (span := _told_span(place))}
    # A wrong clock tells nothing; whoever reads the file in full will say so.
    days = {
        item: span
        for item, span in days.items()
        if EARLIEST.date() <= span[0] and span[1] <= today + DOUBT
    }
    known = [day for span in days.values() for day in set(span)]
    last = window.as_of or min(today, max(known, default=date.max))
    first = _first_day(window, sorted(day for day in known if day <= last), last)
    # Days are those of UTC.
    left = [i for i, (a, b) in days.items() if b < first - DOUBT or a > last + DOUBT]
    if len(left) <= window.few:
        return _Unread()
    unread = set(sorted(left, key=lambda item: (days[item], item.name))[OLDEST:])
    for share in shares:
        share.entries = [entry for entry in share.entries if entry not in unread]
        kept = [place for place in share.places if place not in unread]
        share.whole = len(kept) == len(share.places)
        share.places = kept
    later = sum(days[item][0] > last for item in unread)
    return _Unread(len(unread), later, first)


def _remembered_span(entry: Entry) -> tuple[date, date] | None:
    if not entry.first:
        return None
    return date.fromisoformat(entry.first), date.fromisoformat(entry.last)


def _told_span(place: Place) -> tuple[date, date] | None:
    # Who has nothing to peek at needs no reader.
    from kneewatch.readers.peek import PEEK_BYTES, peek

    # A large file may hold years.
    day = peek(sources.head(place, PEEK_BYTES)) if place.size <= CHUNK_BYTES else None
    return (day, day) if day else None


def _first_day(window: Window, past: Sequence[date], last: date) -> date:
    """First day of a window that ends on ``last``, where there are activities on ``past`` days."""
    first = last - timedelta(days=window.days)
    if window.since:
        first = min(first, window.since)
    first = min([first, *past[-window.files :][:1]]) if window.files else first
    before = past[: bisect_left(past, first)]
    return before[-1] - timedelta(days=before[-1].weekday()) if before else first


def _read(
    shares: Sequence[_Share],
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
            return _result_of(item)
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
    return [_result_of(Problem(place.name, what, passing=True))]


def _result_of(item: Problem | NotActivity) -> FileResult:
    if isinstance(item, Problem):
        return FileResult(item.source, problems=(item,))
    return FileResult(item.source, not_activities=(item,))


def _setting(config: Config, maps: Sequence[ground.Map]) -> str:
    """What rows depend on beside the file."""
    units = config.units.system if config.units_given else ""
    machine = "" if config.home_timezone else f"{time.tzname} {time.timezone} {time.altzone}"
    known = "".join(f" {item.digest}" for item in maps)
    return f"{units} {config.home_timezone or ''} {machine}{known}"


def _dated(result: FileResult) -> FileResult:
    """A result without activities whose clock was wrong, which are lost."""
    latest = datetime.now(UTC) + timedelta(days=2)
    wrong = [row for row in result.rows if not EARLIEST <= row["start"] <= latest]
    if not wrong:
        return result
    lost = tuple(
        Problem(row["sources"][0], f"its clock was wrong: {row['start'].date()}") for row in wrong
    )
    return replace(
        result,
        rows=tuple(row for row in result.rows if EARLIEST <= row["start"] <= latest),
        lost=result.lost + len(lost),
        problems=(*lost, *result.problems),
    )


def _account(results: list[FileResult], config: Config, *, partial_read: bool) -> Ingested:
    others = [item for result in results for item in result.not_activities]
    hinted = apply_hints([row for result in results for row in result.rows], others)
    overrides = resolve(hinted, config.same, config.different, FILE_NAME)
    joined, parts = join_parts(hinted, overrides)
    rows, duplicates = merge_duplicates(joined, overrides)
    problems = tuple(problem for result in results for problem in result.problems)
    # A Problem beside what was found in a file is no entry of its own; one in its stead is.
    accounted = {result.source for result in results if result.rows or result.lost}
    accounted |= {item.source for item in others}
    # What was lost is counted by itself; its problem may be named by a row of the file.
    accounted |= {item.source for result in results for item in result.problems[: result.lost]}
    unreadable = {problem.source for problem in problems} - accounted
    tally = Tally(
        files=len({result.source for result in results}),
        runs=sum(row["sport"] == "running" for row in rows),
        other_activities=sum(row["sport"] != "running" for row in rows),
        duplicates=(*parts, *duplicates),
        not_activities=tuple(others),
        unreadable=len(unreadable) + sum(result.lost for result in results),
        # A file that was left unread is not one that is not there.
        problems=problems if partial_read else (*problems, *overrides.problems),
        assumptions=(*_assumptions(results), *elsewhere(rows)),
    )
    pairs = dict.fromkeys(pair for item in others for pair in item.pairs)
    return Ingested(tuple(rows), tally, pairs=tuple(pairs))


def _assumptions(results: list[FileResult]) -> tuple[Problem, ...]:
    said: dict[tuple[str, str], None] = {}
    for result in results:
        for row in result.rows:
            if row["assumed"]:
                said[(row["sources"][0], row["assumed"])] = None
    return tuple(Problem(source, reason) for source, reason in said)
