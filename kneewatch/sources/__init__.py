"""Folders, zips within zips and .gz to sources, without unpacking anything to disk.

Finding, listing and opening are three steps, since they are three prices: ``files`` looks at
folders alone, ``places`` at the lists of zips, and only ``unpack`` reads. A ``Place`` is a few
bytes that can be sent to whoever is to read it.

Hidden files, the resource forks that macOS puts into zips, reports that kneewatch wrote and its
own ``kneewatch.toml`` are passed over; every other file comes out as something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kneewatch.model import File, NotActivity, Problem, Source
from kneewatch.sources.archives import (
    MEMBER,
    NOTES_UNREAD,
    Place,
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
    "Wanted",
    "close",
    "files",
    "find",
    "head",
    "places",
    "unpack",
    "walk",
]


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
    for file in files(paths):
        for place in places(file) if isinstance(file, File) else (file,):
            if isinstance(place, Problem):
                yield place
            else:
                yield from unpack(place, wanted)
    close()


def find(paths: Iterable[Path], name: str) -> Source | None:
    """Open again the source of that name, or None if it has gone."""

    def holds(outer: str) -> bool:
        return name == outer or name.startswith(outer + MEMBER)

    for file in files(paths):
        if not isinstance(file, File) or not holds(file.name):
            continue
        for place in places(file):
            if isinstance(place, Problem) or not holds(place.name):
                continue
            for item in unpack(place, lambda inner, _: inner == name):
                if isinstance(item, Source) and item.name == name:
                    close()
                    return item
    return None
