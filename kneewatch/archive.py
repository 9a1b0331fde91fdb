"""New recordings of a watch or download, copied into a tree by date: watches forget.

A copy is one of the content: it is made beside its place, read again, compared and only then
put there, and what is in the tree already, under whatever name, is not copied again. Nothing at
the source is touched and nothing in the tree is written over.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from kneewatch import readers, sources
from kneewatch.errors import UsageError
from kneewatch.metrics.day import local_moment
from kneewatch.model import Problem, Recording, Source, Streamed

SUFFIXES = {
    "kneewatch.readers.fit": ".fit",
    "kneewatch.readers.gpx": ".gpx",
    "kneewatch.readers.tcx": ".tcx",
    "kneewatch.readers.kml": ".kml",
    "kneewatch.readers.polar": ".json",
    "kneewatch.readers.nike": ".json",
}
"""Formats with one recording a file; tables and registers stay where they are."""

BLOCK = 1 << 20


@dataclass(frozen=True)
class Archived:
    """What became of each file at the source.

    Attributes
    ----------
    copied : tuple of (str, Path)
        Name at the source and place in the tree.
    known : int
        Recordings that the tree holds already.
    others : tuple of (str, int)
        Files that hold activities and are not copied, tables above all, and how many.
    left : int
        Files without an activity: registers, settings, pictures.
    problems : tuple of Problem
        Recordings that could not be read or copied.
    """

    copied: tuple[tuple[str, Path], ...] = ()
    known: int = 0
    others: tuple[tuple[str, int], ...] = ()
    left: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass
class _Books:
    """The accounts while they are kept."""

    copied: list[tuple[str, Path]] = field(default_factory=list)
    known: int = 0
    others: list[tuple[str, int]] = field(default_factory=list)
    left: int = 0
    problems: list[Problem] = field(default_factory=list)


def archive(
    paths: Sequence[Path],
    library: Path,
    home_timezone: str | None = None,
    tell: Callable[[str], None] = lambda name: None,
) -> Archived:
    """Copy the recordings below the paths that a library does not hold yet.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders and archives.
    library : Path
        Folder of the tree, ``2025/11/2025-11-02-09-20-00.fit``; made where it is missing.
    home_timezone : str, optional
        For recordings that tell neither the wall clock nor a position.
    tell : callable
        Told the name of each file.

    Raises
    ------
    UsageError
        If a path does not exist, the library lies within one, or it cannot be written.
    """
    _check(paths, library)
    held = set(_digests(library))
    books = _Books()
    for item in sources.walk(paths, readers.wanted):
        if isinstance(item, Problem):
            books.problems.append(item)
        elif isinstance(item, Streamed):
            _count(item, books)
        elif not isinstance(item, Source):
            books.left += 1
        else:
            tell(item.name)
            _take(item, library, held, home_timezone, books)
    return Archived(
        tuple(books.copied),
        books.known,
        tuple(books.others),
        books.left,
        tuple(books.problems),
    )


def _check(paths: Iterable[Path], library: Path) -> None:
    if library.exists() and not library.is_dir():
        raise UsageError(f"{library} is a file; expected a folder for the archive")
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist; expected a watch, a folder or an archive")
        place = library.resolve()
        if path.is_dir() and (path.resolve() == place or path.resolve() in place.parents):
            raise UsageError(
                f"{library} lies within {path}, which would be copied into itself; name another"
            )


def _digests(library: Path) -> Iterator[str]:
    """Digests of all files in the tree, unpacked where they are packed."""
    if not library.is_dir():
        return
    for item in sources.walk([library], lambda name, head: True):
        if isinstance(item, Source):
            yield item.digest


def _take(
    source: Source, library: Path, held: set[str], home_timezone: str | None, books: _Books
) -> None:
    reader = readers.claim(source.name, source.data[: readers.HEAD_BYTES])
    suffix = SUFFIXES.get(reader.__name__ if reader else "")
    if suffix is None:
        _count(source, books)
        return
    if source.digest in held:
        books.known += 1
        return
    local = None
    problems = []
    for item in readers.read(source):
        if isinstance(item, Recording):
            moment = local_moment(item.activity, item.track, home_timezone)
            local = local or moment.local
        elif isinstance(item, Problem):
            problems.append(item)
    if local is None:
        # A course, settings, or a recording of which nothing can be read: that is said.
        books.problems += problems
        books.left += not problems
        return
    try:
        place = _copy(source.data, library, local, suffix)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"{library} cannot be written: {reason}; {_so_far(books)}") from error
    held.add(source.digest)
    books.copied.append((source.name, place))


def _count(source: Source | Streamed, books: _Books) -> None:
    """A file that is not copied: what is in it is said, so that nobody takes it for saved."""
    count = sum(isinstance(item, Recording) for item in readers.read(source))
    if count:
        books.others.append((source.name, count))
    else:
        books.left += 1


def _so_far(books: _Books) -> str:
    return f"{len(books.copied):,} files were copied before"


def _copy(data: bytes, library: Path, local: datetime, suffix: str) -> Path:
    """Write beside, read again, compare, then give it its name."""
    folder = library / f"{local:%Y}" / f"{local:%m}"
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f".{secrets.token_hex(8)}{suffix}"
    try:
        with beside.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        if _digest(beside) != hashlib.sha256(data).hexdigest():
            raise OSError("what was written is not what was read back")
        return _named(beside, folder, f"{local:%Y-%m-%d-%H-%M-%S}", suffix)
    finally:
        beside.unlink(missing_ok=True)


def _named(beside: Path, folder: Path, stem: str, suffix: str) -> Path:
    """Give a file its name, with a number where another recording has it; never over one."""
    for number in range(1, 1000):
        place = folder / f"{stem}{f'-{number}' if number > 1 else ''}{suffix}"
        try:
            os.link(beside, place)
        except FileExistsError:
            continue
        except OSError:
            # A memory stick knows no links.
            if place.exists():
                continue
            beside.rename(place)
        return place
    raise OSError(f"a thousand recordings are called {stem}")


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            found.update(block)
    return found.hexdigest()
