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
OWN_PAGE = b'<meta name="generator" content="kneewatch">'
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
        if isinstance(file, OSError):
            yield _closed(name, file)
        else:
            yield from _open(file, name, wanted)


def find(paths: Iterable[Path], name: str) -> Source | None:
    """Open again the source of that name, or None if it has gone."""
    for file, outer in _files(paths):
        if isinstance(file, OSError):
            continue
        if name == outer or name.startswith(outer + MEMBER):
            for item in _open(file, outer, lambda inner, _: inner == name):
                if isinstance(item, Source) and item.name == name:
                    return item
    return None


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path | OSError, str]]:
    """Each file once, with the name it is known by: relative, so that no report tells a home.

    A folder that cannot be listed comes with its error.
    """
    seen: set[tuple[int, int]] = set()
    labels: set[str] = set()
    for root in paths:
        if root.is_dir():
            label = _label(root.resolve().name, labels)
            for found in _below(root, seen):
                file = Path(found.filename) if isinstance(found, OSError) else found
                yield found, _spell(str(PurePosixPath(label, file.relative_to(root).as_posix())))
        elif _first_time(root, seen):
            yield root, _spell(_label(root.name, labels))


def _label(name: str, labels: set[str]) -> str:
    """The name, with a number behind it where another path has it already."""
    label, count = name, 1
    while label in labels:
        count += 1
        label = f"{name} ({count})"
    labels.add(label)
    return label


def _spell(name: str) -> str:
    """The name with escapes for bytes that are no text: not every system's names are."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _below(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path | OSError]:
    closed: list[OSError] = []
    for here, folders, files in os.walk(folder, followlinks=True, onerror=closed.append):
        yield from closed
        closed.clear()
        # A link back up would go round for ever.
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in OWN_FOLDERS
            and not _is_report(Path(here, name))
            and _first_time(Path(here, name), seen)
        )
        for name in sorted(files):
            file = Path(here, name)
            if not _passed_over(name) and _first_time(file, seen):
                yield file
    yield from closed


def _is_report(folder: Path) -> bool:
    """Whether kneewatch wrote this folder: a second run must not read what the first one wrote."""
    try:
        with (folder / "index.html").open("rb") as page:
            return OWN_PAGE in page.read(4096)
    except OSError:
        return False


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
    if file.exists() and not file.is_file():
        # Opening a pipe would wait for ever.
        yield Problem(name, "no ordinary file")
        return
    try:
        with file.open("rb") as stream:
            yield from _unpack(stream, name, wanted, 0)
    except OSError as error:
        yield _closed(name, error)


def _closed(name: str, error: OSError) -> Problem:
    return Problem(name, f"cannot be opened: {error.strerror or error}")


def _unpack(
    stream: Stream, name: str, wanted: Wanted, depth: int
) -> Iterator[Source | Problem | NotActivity]:
    head = stream.read(HEAD_BYTES)
    packed = head.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    if depth > MAX_DEPTH:
        yield Problem(name, f"archives within archives, more than {MAX_DEPTH} deep")
    elif head.startswith(b"\x1f\x8b"):
        stream.seek(0)
        yield from _gzip(stream, name, wanted, depth)
    elif packed and depth == 0:
        yield from _zip(stream, name, wanted, depth)
    elif packed or wanted(name, head):
        data = head + stream.read(MAX_BYTES + 1 - len(head))
        if len(data) > MAX_BYTES:
            yield Problem(name, f"larger than {MAX_BYTES >> 20:,} MiB")
        elif packed:
            # In memory: going back in a packed stream means unpacking it anew for each member.
            yield from _zip(io.BytesIO(data), name, wanted, depth)
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
