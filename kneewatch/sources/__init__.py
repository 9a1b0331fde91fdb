"""Folders, zips within zips and .gz to sources, without unpacking anything to disk.

Finding, listing and opening are three steps, since they are three prices: ``files`` looks at
folders alone, ``places`` at the lists of zips, and only ``unpack`` reads. A ``Place`` is a few
bytes that can be sent to whoever is to read it.

Hidden files, the resource forks that macOS puts into zips, reports that kneewatch wrote and its
own ``kneewatch.toml`` are passed over; every other file comes out as something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

from kneewatch.model import File, Problem, Source, Streamed
from kneewatch.sources.archives import (
    MEMBER,
    NOTES_UNREAD,
    Place,
    Unpacked,
    Wanted,
    close,
    head,
    places,
    unpack,
)
from kneewatch.sources.folders import files

__all__ = [
    "NOTES_UNREAD",
    "Place",
    "Unpacked",
    "Wanted",
    "close",
    "files",
    "find",
    "head",
    "places",
    "unpack",
    "walk",
]


def walk(paths: Iterable[Path], wanted: Wanted) -> Iterator[Unpacked]:
    """Yield each file below the paths, in a stable order.

    Parameters
    ----------
    paths : iterable of Path
        Files and folders.
    wanted : callable
        Told a name and the first bytes, says whether the content is worth loading.

    Yields
    ------
    Source, Streamed, Problem or NotActivity
        A Problem for what cannot be opened, a NotActivity for what is not wanted.
    """
    for file in files(paths):
        for place in places(file) if isinstance(file, File) else (file,):
            if isinstance(place, Problem):
                yield place
            else:
                yield from unpack(place, wanted)
    close()


def find(
    paths: Iterable[Path], name: str, wanted: Wanted | None = None
) -> Source | Streamed | None:
    """Open again the source of that name, or None if it has gone.

    Parameters
    ----------
    paths : iterable of Path
    name : str
    wanted : callable, optional
        Whether it is read in pieces; by default it is loaded.
    """

    def holds(outer: str) -> bool:
        return name == outer or name.startswith(outer + MEMBER)

    def asked(inner: str, first: bytes) -> bool | Literal["in pieces"]:
        if inner != name:
            return False
        return (wanted is not None and wanted(inner, first)) or True

    for file in files(paths):
        if not isinstance(file, File) or not holds(file.name):
            continue
        for place in places(file):
            if isinstance(place, Problem) or not holds(place.name):
                continue
            unpacked = unpack(place, asked)
            for item in unpacked:
                if isinstance(item, (Source, Streamed)) and item.name == name:
                    close()
                    if isinstance(item, Streamed):
                        return replace(item, rest=_held(item.rest, unpacked))
                    return item
    return None


def _held(rest: Iterator[bytes], stream: object) -> Iterator[bytes]:
    """The pieces; what has the file open would close it as soon as nobody holds it."""
    yield from rest
    del stream
