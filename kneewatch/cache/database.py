"""The SQLite file itself: made, found wanting and made anew, opened to one user alone."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

READS = (
    "readers",
    "metrics",
    "sources",
    "cache",
    "ground",
    "columns.py",
    "ingest",
    "model.py",
    "units.py",
)
"""Parts of the program that decide what a row says, within the package."""

BUSY_S = 20.0
"""How long another kneewatch may be writing [s]."""

RETRY_S = 0.01

TABLES = ("version", "files", "results", "verdicts")

SCHEMA = """
CREATE TABLE version (version TEXT NOT NULL);
CREATE TABLE files (
    path BLOB NOT NULL, setting TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    results TEXT NOT NULL, PRIMARY KEY (path, setting)
) WITHOUT ROWID;
CREATE TABLE results (key TEXT PRIMARY KEY, said TEXT NOT NULL, numbers BLOB NOT NULL);
CREATE TABLE verdicts (key TEXT PRIMARY KEY, said TEXT NOT NULL);
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open the database, made where it is missing and made anew where it cannot be used.

    Raises
    ------
    OSError, sqlite3.Error
        If that is not possible.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Rows tell where somebody runs: SQLite itself would make the file as open as the system does.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    try:
        return _prepared(path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        # No database any more, whatever became of it; all in it can be derived again.
        remove(path)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        return _prepared(path)


def _prepared(path: Path) -> sqlite3.Connection:
    """A connection to a database of this version, made anew where it is of another."""
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    try:
        _log_ahead(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        if _version_in(connection) != version():
            with transaction(connection):
                # Another process may have come first.
                if _version_in(connection) != version():
                    _begin_anew(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Let others read while one writes."""
    latest = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            # For this alone SQLite does not wait itself, where two make the file at once.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > latest:
                raise
            time.sleep(RETRY_S)


def _version_in(connection: sqlite3.Connection) -> str:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not tables:
        return ""
    if not tables.issuperset(TABLES):
        raise sqlite3.DatabaseError("no cache of kneewatch's")
    [found] = connection.execute("SELECT version FROM version").fetchone() or ("",)
    return str(found)


def _begin_anew(connection: sqlite3.Connection) -> None:
    for table in TABLES:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in filter(str.strip, SCHEMA.split(";")):
        connection.execute(statement)
    connection.execute("INSERT INTO version VALUES (?)", (version(),))


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of what is written, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        # A full disk has ended it already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def parts(path: Path) -> list[Path]:
    """The file of a database and those that SQLite keeps beside it."""
    return [part for part in (path, *map(Path, (f"{path}-wal", f"{path}-shm"))) if part.exists()]


def remove(path: Path) -> None:
    """Delete a database.

    Raises
    ------
    OSError
        If it cannot be deleted.
    """
    for part in parts(path):
        part.unlink(missing_ok=True)


@cache
def version() -> str:
    """A digest of the code that makes the rows, so that a change cannot be forgotten [hex]."""
    return code_digest(READS)


def code_digest(names: tuple[str, ...]) -> str:
    """A digest of some parts of the program [hex]."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for name in names:
        place = package / name
        for file in sorted(place.rglob("*.py")) if place.is_dir() else (place,):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:32]
