"""Folders, zips within zips and .gz to sources, without unpacking anything to disk.

Hidden files, the resource forks that macOS puts into zips, reports that kneewatch wrote and its
own ``kneewatch.toml`` are passed over; every other file comes out as something.
"""

from __future__ import annotations

import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from kneewatch.model import NotActivity, Problem, Source

Wanted = Callable[[str, bytes], bool]

Stream = IO[bytes] | gzip.GzipFile

MAX_BYTES = 1 << 30
"""A file of more than this after unpacking is reported, not read."""

MAX_DEPTH = 5
"""Archives within archives."""

OWN_FILES = {"kneewatch.toml", "pain.csv"}
OWN_FOLDERS = {"kneewatch-report", "__MACOSX"}

MEMBER = "!/"
"""Stands between an archive and its member in a source's name."""

HEAD_BYTES = 8192

UNWANTED = "no format that kneewatch reads"


def walk(paths: Iterable[Path], wanted: Wanted) -> Iterator[Source | Problem | NotActivity]:
    """Yield each file below the paths, in a stable order.

    Parameters
    ----------
    paths : iterable of Path
        Files and folders.
    wanted : callable
        Told a name and the first bytes, says whether the content is worth loading.

    Yields
    ------
    Source, Problem or NotActivity
        A Problem for what cannot be opened, a NotActivity for what is not wanted.
    """
    for file, name in _files(paths):
        yield from _open(file, name, wanted)


def find(paths: Iterable[Path], wanted: Wanted, name: str) -> Source | None:
    """Open again the source of that name, or None if it has gone."""
    for file, outer in _files(paths):
        if name == outer or name.startswith(outer + MEMBER):
            for item in _open(file, outer, wanted):
                if isinstance(item, Source) and item.name == name:
                    return item
    return None


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Each file once, with the name it is known by: relative, so that no report tells a home."""
    seen: set[tuple[int, int]] = set()
    for root in paths:
        if root.is_dir():
            label = root.resolve().name
            for file in _below(root, seen):
                yield file, str(PurePosixPath(label, file.relative_to(root).as_posix()))
        elif _first_time(root, seen):
            yield root, root.name


def _below(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
    for here, folders, files in os.walk(folder, followlinks=True):
        # A link back up would go round for ever.
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in OWN_FOLDERS
            and _first_time(Path(here, name), seen)
        )
        for name in sorted(files):
            file = Path(here, name)
            if not _passed_over(name) and _first_time(file, seen):
                yield file


def _first_time(path: Path, seen: set[tuple[int, int]]) -> bool:
    try:
        status = path.stat()
    except OSError:
        return True
    key = (status.st_dev, status.st_ino)
    if status.st_ino and key in seen:
        return False
    seen.add(key)
    return True


def _passed_over(name: str) -> bool:
    return name.startswith(".") or name in OWN_FILES


def _open(file: Path, name: str, wanted: Wanted) -> Iterator[Source | Problem | NotActivity]:
    try:
        with file.open("rb") as stream:
            yield from _unpack(stream, name, wanted, 0)
    except OSError as error:
        yield Problem(name, f"cannot be opened: {error.strerror or error}")


def _unpack(
    stream: Stream, name: str, wanted: Wanted, depth: int
) -> Iterator[Source | Problem | NotActivity]:
    head = stream.read(HEAD_BYTES)
    if depth > MAX_DEPTH:
        yield Problem(name, f"archives within archives, more than {MAX_DEPTH} deep")
    elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _zip(_seekable(stream, head), name, wanted, depth)
    elif head.startswith(b"\x1f\x8b"):
        yield from _gzip(_seekable(stream, head), name, wanted, depth)
    elif wanted(name, head):
        data = head + stream.read(MAX_BYTES + 1 - len(head))
        if len(data) > MAX_BYTES:
            yield Problem(name, f"larger than {MAX_BYTES >> 20:,} MiB")
        else:
            yield Source(name, data)
    else:
        yield NotActivity(name, UNWANTED)


def _seekable(stream: Stream, head: bytes) -> Stream:
    if stream.seekable():
        stream.seek(0)
        return stream
    return io.BytesIO(head + stream.read(MAX_BYTES))


def _gzip(
    stream: Stream, name: str, wanted: Wanted, depth: int
) -> Iterator[Source | Problem | NotActivity]:
    try:
        with gzip.open(stream, "rb") as inner:
            yield from _unpack(inner, name, wanted, depth + 1)
    except (OSError, EOFError, zlib.error) as error:
        whole = _salvage(stream)
        if whole and wanted(name, whole[:HEAD_BYTES]):
            yield Source(name, whole)
        yield Problem(name, f"the gzip file is damaged: {error}")


def _salvage(stream: Stream) -> bytes:
    """As much of a broken gzip stream as can be unpacked."""
    stream.seek(0)
    unpacker = zlib.decompressobj(31)
    data = b""
    try:
        while block := stream.read(1 << 12):
            data += unpacker.decompress(block)
            if len(data) > MAX_BYTES:
                return b""
    except zlib.error:
        pass
    return data


def _zip(
    stream: Stream, name: str, wanted: Wanted, depth: int
) -> Iterator[Source | Problem | NotActivity]:
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        yield Problem(name, f"the zip file is damaged: {error}")
        return
    with archive:
        for member in sorted(archive.infolist(), key=lambda info: info.filename):
            path = PurePosixPath(member.filename)
            hidden = any(part.startswith(".") or part in OWN_FOLDERS for part in path.parts)
            if member.is_dir() or hidden or _passed_over(path.name):
                continue
            inner_name = f"{name}{MEMBER}{member.filename}"
            if member.flag_bits & 0x1:
                yield Problem(inner_name, "the zip file is locked with a password")
                continue
            try:
                with archive.open(member) as inner:
                    yield from _unpack(inner, inner_name, wanted, depth + 1)
            # zipfile meets damage with errors of many kinds, unknown compression among them.
            except Exception as error:
                yield Problem(inner_name, f"damaged inside the zip file: {error}")
