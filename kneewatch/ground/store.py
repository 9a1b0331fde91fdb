"""Indexes on disk, beside the cache: made once an extract, mapped into memory by whoever reads.

Like the rows of the cache they may be deleted at any time, and like them they tell where somebody
runs, so only the user can read them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kneewatch.errors import UsageError
from kneewatch.ground import extract
from kneewatch.ground.index import Index, build

FOLDER = "maps"

SEEN = "seen.json"
"""Digests of extracts that lie where they lay, as large and as old as they were."""

RACE_NS = 2_000_000_000
"""A file that changed so shortly ago may change again and keep its size and time stamp [ns]."""

MAGIC = b"kneewatch map\n"
ALIGNED = 64

DECIDES = ("chains.py", "classes.py", "extract.py", "index.py", "store.py")
"""Parts of this package that decide what an index holds."""


class DamagedError(Exception):
    """A file that is no index of ours, or not all of it."""


@dataclass(frozen=True)
class Map:
    """An extract, and where its index lies or will lie; a few bytes that can be sent to a worker.

    Attributes
    ----------
    extract, index : str
        Absolute paths.
    digest : str
        Of the extract's content [hex].
    """

    extract: str
    index: str
    digest: str


@contextlib.contextmanager
def maps(extracts: Sequence[Path], place: Path | None) -> Iterator[tuple[Map, ...]]:
    """Where the indexes of some extracts lie, none of them made yet.

    Parameters
    ----------
    extracts : sequence of Path
    place : Path or None
        The cache's folder; without one they lie in a temporary folder and go at the end.

    Raises
    ------
    UsageError
        If an extract cannot be opened.
    """
    if not extracts:
        yield ()
        return
    folder, passing = _folder(place)
    try:
        seen = {} if passing else _seen(folder)
        before = dict(seen)
        found = {path: _digest(path.absolute(), seen) for path in dict.fromkeys(extracts)}
        if seen != before:
            with contextlib.suppress(OSError):
                _write(folder / SEEN, [json.dumps(seen).encode()])
        yield tuple(
            Map(str(path.absolute()), str(folder / f"{version()}-{digest}.map"), digest)
            for path, digest in found.items()
        )
    finally:
        if passing:
            shutil.rmtree(folder, ignore_errors=True)


def make(wanted: Sequence[Map]) -> None:
    """Make the indexes that are missing or damaged.

    Raises
    ------
    UsageError
        If osmium is not installed or an extract is none.
    """
    for item in wanted:
        path = Path(item.index)
        try:
            load(path, check=True)
        except (OSError, DamagedError):
            index = build(extract.read(Path(item.extract)))
            for other in path.parent.glob("*.map"):
                # Those of another version nobody will ask for again.
                if not other.name.startswith(version()):
                    with contextlib.suppress(OSError):
                        other.unlink()
            # Without it each worker makes its own.
            with contextlib.suppress(OSError):
                save(index, path)


def opened(item: Map) -> Index:
    """The index of a map, made in memory where this machine does not see the file."""
    try:
        return load(Path(item.index))
    except (OSError, DamagedError):
        return build(extract.read(Path(item.extract)))


def save(index: Index, path: Path) -> None:
    """Write an index, all of it or nothing.

    Raises
    ------
    OSError
        If that is not possible.
    """
    listed: list[tuple[str, str, int]] = []
    blocks: list[bytes | memoryview] = []
    check = 0
    for name, array in index.arrays.items():
        data = np.ascontiguousarray(array).data.cast("B")
        listed.append((name, array.dtype.str, len(array)))
        for block in (data, bytes(-data.nbytes % ALIGNED)):
            check = zlib.crc32(block, check)
            blocks.append(block)
    head = json.dumps({"arrays": listed, "check": check}).encode()
    head += b" " * (-(len(MAGIC) + 8 + len(head)) % ALIGNED)
    _write(path, [MAGIC, len(head).to_bytes(8, "little"), head, *blocks])


def load(path: Path, *, check: bool = False) -> Index:
    """Map an index into memory.

    Parameters
    ----------
    path : Path
    check : bool
        Whether to read all of it and see that not a byte has changed.

    Raises
    ------
    OSError
        If it cannot be opened.
    DamagedError
        If it is none, or not all of it.
    """
    if path.stat().st_size < len(MAGIC) + 8:
        raise DamagedError(f"{path} is no map of kneewatch's")
    file = np.asarray(np.memmap(path, np.uint8, "r"))
    start = len(MAGIC) + 8
    size = int.from_bytes(file[len(MAGIC) : start].tobytes(), "little")
    if file[: len(MAGIC)].tobytes() != MAGIC or size > len(file) - start:
        raise DamagedError(f"{path} is no map of kneewatch's")
    body = file[start + size :]
    try:
        head = json.loads(file[start : start + size].tobytes())
        arrays = dict(_arrays(body, head["arrays"]))
        whole = not check or zlib.crc32(body.data) == head["check"]
    except (ValueError, LookupError, TypeError) as error:
        raise DamagedError(f"{path} is damaged: {error}") from error
    if not whole or arrays.keys() != {field.name for field in fields(Index)}:
        raise DamagedError(f"{path} is damaged")
    return Index(**arrays)


def _arrays(body: NDArray[np.uint8], listed: Any) -> Iterator[tuple[str, NDArray[Any]]]:
    place = 0
    for name, kind, count in listed:
        size = np.dtype(kind).itemsize * count
        yield name, body[place : place + size].view(kind)
        place += size + -size % ALIGNED
    if place != len(body):
        raise ValueError("it is cut off")


def info(place: Path) -> tuple[int, int]:
    """How many indexes lie beside a cache, and their bytes on disk."""
    found = [path.stat().st_size for path in (place / FOLDER).glob("*.map")]
    return len(found), sum(found)


def clear(place: Path) -> int:
    """Delete the indexes beside a cache; how many bytes that gave back.

    Raises
    ------
    UsageError
        If they cannot be deleted.
    """
    folder = place / FOLDER
    if not folder.is_dir():
        return 0
    _, freed = info(place)
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise UsageError(f"the maps in {folder} cannot be deleted: {error}") from error
    return freed


def _folder(place: Path | None) -> tuple[Path, bool]:
    """Where indexes lie, and whether they go at the end."""
    if place is not None:
        folder = (place / FOLDER).absolute()
        with contextlib.suppress(OSError):
            for part in (place, folder):
                part.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                return folder, False
    return Path(tempfile.mkdtemp(prefix="kneewatch-")), True


def _seen(folder: Path) -> dict[str, list[Any]]:
    try:
        found = json.loads((folder / SEEN).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest(path: Path, seen: dict[str, list[Any]]) -> str:
    """Digest of an extract's content [hex], read only where it is not known."""
    now = time.time_ns()
    try:
        status = path.stat()
        stamp = [status.st_size, status.st_mtime_ns]
        known = seen.get(str(path))
        if isinstance(known, list) and known[:2] == stamp and len(known) == 3:
            return str(known[2])
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:32]
    except OSError as error:
        raise UsageError(
            f"the map {path} cannot be opened: {error.strerror}; expected an extract of "
            f"OpenStreetMap ({extract.EXPECTED})"
        ) from error
    if now - status.st_mtime_ns > RACE_NS:
        seen[str(path)] = [*stamp, digest]
    return digest


def _write(path: Path, blocks: Sequence[bytes | memoryview]) -> None:
    """Write a file that only the user can read, and put it in its place when it is whole."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(blocks)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@cache
def version() -> str:
    """A digest of the code that makes an index, so that a change cannot be forgotten [hex]."""
    digest = hashlib.sha256()
    for name in DECIDES:
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()[:12]
