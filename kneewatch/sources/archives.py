"""Zips within zips and .gz to the bytes inside."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO

from kneewatch.model import File, NotActivity, Problem, Source
from kneewatch.sources.folders import NOTES, OWN_FOLDERS, cannot_be_opened, passed_over

Wanted = Callable[[str, bytes], bool]

Stream = IO[bytes] | gzip.GzipFile

MAX_BYTES = 1 << 30
"""A file of more than this after unpacking is reported, not read."""

MAX_DEPTH = 5
"""Archives within archives."""

MEMBER = "!/"
"""Stands between an archive and its member in a source's name."""

HEAD_BYTES = 8192

UNWANTED = "no format that kneewatch reads"

NOTES_UNREAD = "not read: notes of pain and injuries in an archive; put the file beside the archive"

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Place:
    """Where one file's worth of bytes lies.

    Attributes
    ----------
    path : str
        File on disk.
    members : tuple of str
        The way down through zips within it, empty for the file itself.
    name : str
        What it is known by, ``folder/export.zip!/activities/1.fit.gz``.
    size : int
        Bytes as packed.
    """

    path: str
    members: tuple[str, ...]
    name: str
    size: int


class _ClosedError(Exception):
    """An archive that cannot be opened, and why."""


def places(file: File) -> Iterator[Place | Problem]:
    """What is in a file: itself, or the members of a zip and of the zips named in it."""
    place = Place(file.path, (), file.name, file.size)
    try:
        with Path(file.path).open("rb") as stream:
            packed = stream.read(4).startswith(ZIP)
    except OSError as error:
        yield cannot_be_opened(file.name, error)
        return
    if packed:
        yield from _members(place)
    else:
        yield place


def unpack(place: Place, wanted: Wanted) -> Iterator[Source | Problem | NotActivity]:
    """Read what lies at a place.

    Parameters
    ----------
    place : Place
    wanted : callable
        Told a name and the first bytes, says whether the content is worth loading.
    """
    if not place.members:
        try:
            with Path(place.path).open("rb") as stream:
                yield from _unpack(stream, place.name, wanted, 0)
        except OSError as error:
            yield cannot_be_opened(place.name, error)
        return
    try:
        archive = _opened(place.path, place.members[:-1])
        with archive.open(place.members[-1]) as inner:
            yield from _unpack(inner, place.name, wanted, len(place.members))
    except (FileNotFoundError, PermissionError) as error:
        yield cannot_be_opened(place.name, error)
    # zipfile meets damage with errors of many kinds, unknown compression among them.
    except Exception as error:
        yield Problem(place.name, f"damaged inside the zip file: {error}")


def head(place: Place, size: int = HEAD_BYTES) -> bytes:
    """The first bytes at a place, out of its .gz; none where they cannot be had."""
    try:
        if place.members:
            with _opened(place.path, place.members[:-1]).open(place.members[-1]) as inner:
                first = inner.read(size)
        else:
            with Path(place.path).open("rb") as stream:
                first = stream.read(size)
        if first.startswith(GZIP):
            return zlib.decompressobj(31).decompress(first, size)
        return first
    # Whoever reads it in full will say what is wrong with it.
    except Exception:
        return b""


def close() -> None:
    """Let go of the archives that were opened last."""
    _archive.cache_clear()


def _members(place: Place) -> Iterator[Place | Problem]:
    if len(place.members) > MAX_DEPTH:
        yield Problem(place.name, f"archives within archives, more than {MAX_DEPTH} deep")
        return
    try:
        archive = _opened(place.path, place.members)
    except _ClosedError as error:
        yield Problem(place.name, str(error))
        return
    except OSError as error:
        yield cannot_be_opened(place.name, error)
        return
    for member in _listed(archive, place.name):
        if isinstance(member, Problem):
            yield member
            continue
        inner = Place(
            place.path,
            (*place.members, member.filename),
            f"{place.name}{MEMBER}{member.filename}",
            member.compress_size,
        )
        if member.filename.lower().endswith(".zip") and head(inner, 4).startswith(ZIP):
            yield from _members(inner)
        else:
            yield inner


def _opened(path: str, members: tuple[str, ...]) -> zipfile.ZipFile:
    # A forked process that went on with its parent's archive would share its place in the file.
    return _archive(path, members, Path(path).stat().st_mtime_ns, os.getpid())


@lru_cache(maxsize=MAX_DEPTH + 1)
def _archive(path: str, members: tuple[str, ...], mtime_ns: int, process: int) -> zipfile.ZipFile:
    """An archive, kept open: its list may be long, and a zip within a zip has to be unpacked."""
    try:
        if not members:
            return zipfile.ZipFile(path)
        # In memory: going back in a packed stream means unpacking it anew for each member.
        with _opened(path, members[:-1]).open(members[-1]) as inner:
            data = inner.read(MAX_BYTES + 1)
    except (FileNotFoundError, PermissionError):
        raise
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _ClosedError(f"the zip file is damaged: {error}") from error
    except Exception as error:
        raise _ClosedError(f"damaged inside the zip file: {error}") from error
    if len(data) > MAX_BYTES:
        raise _ClosedError(f"larger than {MAX_BYTES >> 20:,} MiB")
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _ClosedError(f"the zip file is damaged: {error}") from error


def _listed(archive: zipfile.ZipFile, name: str) -> Iterator[zipfile.ZipInfo | Problem]:
    """Members in order of their names, those left out that are hidden or ours."""
    last = {info.filename: info for info in archive.infolist()}
    for member in sorted(archive.infolist(), key=lambda info: info.filename):
        path = PurePosixPath(member.filename)
        inner = f"{name}{MEMBER}{member.filename}"
        hidden = any(part.startswith(".") or part in OWN_FOLDERS for part in path.parts)
        if path.name in NOTES and not hidden:
            yield Problem(inner, NOTES_UNREAD)
            continue
        if member.is_dir() or hidden or passed_over(path.name):
            continue
        if member is not last[member.filename]:
            # Whoever adds to a zip file what is in it already means to replace it.
            yield Problem(inner, "another file of the same name lies behind it in the zip file")
        elif member.flag_bits & 0x1:
            yield Problem(inner, "the zip file is locked with a password")
        else:
            yield member


def _unpack(
    stream: Stream, name: str, wanted: Wanted, depth: int
) -> Iterator[Source | Problem | NotActivity]:
    first = stream.read(HEAD_BYTES)
    packed = first.startswith(ZIP)
    if depth > MAX_DEPTH:
        yield Problem(name, f"archives within archives, more than {MAX_DEPTH} deep")
    elif first.startswith(GZIP):
        stream.seek(0)
        yield from _gzip(stream, name, wanted, depth)
    elif packed or wanted(name, first):
        data = first + stream.read(MAX_BYTES + 1 - len(first))
        if len(data) > MAX_BYTES:
            yield Problem(name, f"larger than {MAX_BYTES >> 20:,} MiB")
        elif packed:
            yield from _zip(data, name, wanted, depth)
        else:
            yield Source(name, data)
    else:
        yield NotActivity(name, UNWANTED)


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
    parts: list[bytes] = []
    size = 0
    while (block := stream.read(1 << 12)) and size <= MAX_BYTES:
        before = unpacker.copy()
        try:
            parts.append(unpacker.decompress(block))
        except zlib.error:
            # An error costs what its call has unpacked; byte by byte that is next to nothing.
            parts += _up_to_the_error(before, block)
            break
        size += len(parts[-1])
    return b"".join(parts) if size <= MAX_BYTES else b""


def _up_to_the_error(unpacker: zlib._Decompress, block: bytes) -> Iterator[bytes]:
    for place in range(len(block)):
        try:
            yield unpacker.decompress(block[place : place + 1])
        except zlib.error:
            return


def _zip(
    data: bytes, name: str, wanted: Wanted, depth: int
) -> Iterator[Source | Problem | NotActivity]:
    """A zip that is not named so, or lies in a .gz."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        yield Problem(name, f"the zip file is damaged: {error}")
        return
    with archive:
        for member in _listed(archive, name):
            if isinstance(member, Problem):
                yield member
                continue
            inner_name = f"{name}{MEMBER}{member.filename}"
            try:
                with archive.open(member) as inner:
                    yield from _unpack(inner, inner_name, wanted, depth + 1)
            except Exception as error:
                yield Problem(inner_name, f"damaged inside the zip file: {error}")
