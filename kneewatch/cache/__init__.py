"""One SQLite file of derived rows, which may be deleted at any time; the only SQL.

Three questions are answered: what a file gave that lies where it lay, as large and as old as it
was (``entries``, ``recall``), what some content gave, wherever it lies now (``result``), and what
the rules said of some days in an audit (``verdicts``). Nothing in here can stop an import: a cache
that cannot be used says so in ``trouble`` and goes on as an empty one.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeVar

import platformdirs

from kneewatch.cache.database import code_digest as code_digest
from kneewatch.cache.database import connect, parts, remove, transaction
from kneewatch.cache.packing import pack, unpack
from kneewatch.errors import UsageError
from kneewatch.model import File, FileResult, Source, Streamed

FOLDER_VARIABLE = "KNEEWATCH_CACHE_DIR"
FILE_NAME = "rows.sqlite"

BATCH = 200
"""Files between two writes."""

RACE_NS = 2_000_000_000
"""A file that changed so shortly ago may change again and keep its size and time stamp [ns]."""

NO_ROW = (ValueError, LookupError, TypeError, AttributeError)
"""What unpacking meets in what is no row."""

T = TypeVar("T")


class Entry(NamedTuple):
    """What is remembered of a file, or of a member of it, without its rows.

    Attributes
    ----------
    name : str
        What it is known by now.
    key : str
        Of its content; empty where there was none.
    first, last : str
        Days of its first and last start (ISO date, UTC); empty for a table and where there is
        no activity.
    said : str
        All there is, where there was no content.
    """

    name: str
    key: str
    first: str
    last: str
    said: str


@dataclass(frozen=True)
class CacheInfo:
    """What ``kneewatch cache info`` tells.

    Attributes
    ----------
    path : Path
    size : int
        Bytes on disk.
    files, results : int
        Files that need not be opened again, contents that need not be read again.
    """

    path: Path
    size: int
    files: int
    results: int


def folder() -> Path:
    """Where the cache lies: ``KNEEWATCH_CACHE_DIR``, else the platform's folder for caches."""
    given = os.environ.get(FOLDER_VARIABLE)
    return Path(given) if given else Path(platformdirs.user_cache_dir("kneewatch", appauthor=False))


def key_of(source: Source | Streamed, setting: str) -> str:
    """What the rows of some content are remembered under: a reader sees the name as well [hex]."""
    name = PurePosixPath(source.name).name
    return hashlib.sha256(f"{source.digest} {setting} {name}".encode()).hexdigest()[:32]


class Cache:
    """The rows of earlier imports.

    Parameters
    ----------
    place : Path
        Folder; made where it is missing.
    setting : str
        What the rows depend on beside the content.

    Attributes
    ----------
    trouble : str
        Why it cannot be used, empty where it can.
    """

    def __init__(self, place: Path, setting: str) -> None:
        self.path = place / FILE_NAME
        self.trouble = ""
        self._setting = setting
        # Before anybody looked at a file: what counts is how old it was when it was read.
        self._opened_ns = time.time_ns()
        self._files: list[tuple[bytes, str, int, int, str]] = []
        self._results: dict[str, tuple[str, bytes]] = {}
        self._connection: sqlite3.Connection | None = None
        with self._unless_in_trouble():
            self._connection = connect(self.path)

    def entries(self, files: Sequence[File]) -> dict[str, list[Entry]]:
        """What is remembered of files that have not changed, by path; others are missing."""
        nothing: dict[str, list[Entry]] = {}
        return self._ask(lambda connection: _entries(connection, files, self._setting), nothing)

    def recall(self, entries: Sequence[Entry]) -> dict[Entry, FileResult]:
        """What the entries stand for; missing where it has gone."""

        def question(connection: sqlite3.Connection) -> dict[Entry, FileResult]:
            packed = _packed(connection, [entry.key for entry in entries if entry.key])
            return {
                entry: unpack(*packed.get(entry.key, (entry.said, b"")), entry.name, entry.key)
                for entry in entries
                if not entry.key or entry.key in packed
            }

        nothing: dict[Entry, FileResult] = {}
        return self._ask(question, nothing)

    def known(self) -> frozenset[str]:
        """Keys of all contents that are remembered."""
        select = "SELECT key FROM results"
        return self._ask(lambda c: frozenset(key for (key,) in c.execute(select)), frozenset())

    def result(self, key: str, name: str) -> FileResult | None:
        """What some content gave, under the name it has now."""

        def question(connection: sqlite3.Connection) -> FileResult | None:
            packed = _packed(connection, [key])
            return unpack(*packed[key], name, key) if key in packed else None

        return self._ask(question, None)

    def keep(self, file: File, results: Sequence[FileResult]) -> None:
        """Remember all that a file gave."""
        entries = []
        for result in results:
            suffix = result.source.removeprefix(file.name)
            # The rows of a table are its content's and not itself: an index is always wanted.
            own = [row for row in result.rows if row["sources"][0] == result.source]
            days = sorted(row["start"].date().isoformat() for row in own) or [""]
            said = "" if result.key else pack(result)[0]
            entries.append([suffix, result.key, days[0], days[-1], said])
        if self._opened_ns - file.mtime_ns > RACE_NS:
            row = (
                os.fsencode(file.path),
                self._setting,
                file.size,
                file.mtime_ns,
                json.dumps(entries),
            )
            self._files.append(row)
        self.keep_contents(results)

    def keep_contents(self, results: Sequence[FileResult]) -> None:
        """Remember what contents gave, of a file that was not read in full."""
        self._results |= {result.key: pack(result) for result in results if result.key}
        if max(len(self._results), len(self._files)) >= BATCH:
            self.flush()

    def verdicts(self, keys: Sequence[str]) -> dict[str, str]:
        """What is remembered of an audit, by key; missing where it has gone."""

        def question(connection: sqlite3.Connection) -> dict[str, str]:
            found: dict[str, str] = {}
            for batch in _batches(keys):
                select = f"SELECT key, said FROM verdicts WHERE key IN ({_marks(batch)})"
                found |= dict(connection.execute(select, batch).fetchall())
            return found

        nothing: dict[str, str] = {}
        return self._ask(question, nothing)

    def keep_verdicts(self, said: Mapping[str, str]) -> None:
        """Remember what an audit said."""

        def write(connection: sqlite3.Connection) -> None:
            with transaction(connection):
                connection.executemany(
                    "INSERT OR REPLACE INTO verdicts VALUES (?, ?)", said.items()
                )

        self._ask(write, None)

    def flush(self) -> None:
        """Write what is to be remembered."""
        self._ask(self._write, None)
        self._files, self._results = [], {}

    def close(self) -> None:
        """Write what is to be remembered, and let go."""
        self.flush()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _write(self, connection: sqlite3.Connection) -> None:
        if not self._files and not self._results:
            return
        with transaction(connection):
            connection.executemany(
                "INSERT OR REPLACE INTO results VALUES (?, ?, ?)",
                [(key, *packed) for key, packed in self._results.items()],
            )
            connection.executemany(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", self._files
            )

    def _ask(self, question: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        answer = otherwise
        with self._unless_in_trouble():
            if self._connection is not None:
                answer = question(self._connection)
        return answer

    @contextmanager
    def _unless_in_trouble(self) -> Iterator[None]:
        """Go on without a cache for good, at the first error."""
        try:
            yield
        except (sqlite3.Error, OSError, *NO_ROW) as error:
            self.trouble = self.trouble or f"{self.path}: {error}"
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            # A full disk or a lock will pass, and damage, of the file or of what it says, will not.
            # What is no text is not SQLite's own complaint and has no code.
            code = isinstance(error, sqlite3.OperationalError) and hasattr(
                error, "sqlite_errorcode"
            )
            if not code and not isinstance(error, OSError):
                with suppress(OSError):
                    remove(self.path)


def info(place: Path) -> CacheInfo:
    """Count what a cache holds.

    Raises
    ------
    UsageError
        If it cannot be opened.
    """
    path = place / FILE_NAME
    if not path.exists():
        return CacheInfo(path, 0, 0, 0)
    size = _size(path)
    with _told(path), closing(connect(path)) as connection:
        [files] = connection.execute("SELECT count(*) FROM files").fetchone()
        [results] = connection.execute("SELECT count(*) FROM results").fetchone()
        return CacheInfo(path, size, files, results)


def clear(place: Path) -> int:
    """Delete the cache; how many bytes that gave back.

    Raises
    ------
    UsageError
        If it cannot be deleted.
    """
    path = place / FILE_NAME
    with _told(path):
        freed = _size(path)
        remove(path)
    return freed


def _size(path: Path) -> int:
    return sum(part.stat().st_size for part in parts(path))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise UsageError(f"the cache {path} cannot be used: {error}") from error


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many at a time as SQLite lets a question ask for."""
    return (items[first : first + BATCH] for first in range(0, len(items), BATCH))


def _marks(batch: Sequence[object]) -> str:
    return ",".join("?" * len(batch))


def _packed(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, tuple[str, bytes]]:
    found: dict[str, tuple[str, bytes]] = {}
    for batch in _batches(keys):
        select = f"SELECT key, said, numbers FROM results WHERE key IN ({_marks(batch)})"
        found |= {key: (said, numbers) for key, said, numbers in connection.execute(select, batch)}
    return found


def _entries(
    connection: sqlite3.Connection, files: Sequence[File], setting: str
) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for batch in _batches(files):
        select = (
            "SELECT path, size, mtime_ns, results FROM files "
            f"WHERE setting = ? AND path IN ({_marks(batch)})"
        )
        given = [setting, *(os.fsencode(file.path) for file in batch)]
        rows = {path: rest for path, *rest in connection.execute(select, given)}
        for file in batch:
            size, mtime_ns, results = rows.get(os.fsencode(file.path), (-1, -1, ""))
            if (size, mtime_ns) == (file.size, file.mtime_ns):
                found[file.path] = [
                    Entry(file.name + suffix, *rest) for suffix, *rest in json.loads(results)
                ]
    return found
