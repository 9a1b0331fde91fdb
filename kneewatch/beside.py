"""Where a runner's own files lie: the configuration and the diary, beside the data.

In a folder pointed at or beside a file pointed at, or further down; if there is none, in the folder
one up, as long as no other folder in there holds activities. With others beside it, it may be a
squad's, and what it holds another runner's.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ACTIVITIES = (
    *(".fit", ".gpx", ".tcx", ".csv", ".tsv", ".json", ".xml", ".kml", ".kmz", ".hrm", ".pwx"),
    *(".sml", ".db", ".sqlite", ".zip", ".gz", ".7z", ".tar"),
)
"""Endings of files that may hold activities; what is in them is a reader's affair."""

OWN = frozenset({"kneewatch.toml", "pain.csv", "injuries.csv", "ostrc.csv"})
"""Files of the runner's own, which hold none."""


@dataclass(frozen=True)
class Found:
    """Where files of some names lie.

    Attributes
    ----------
    folders : tuple of Path
        That hold one of them.
    others : tuple of Path
        One up, not taken since other folders with activities lie beside.
    """

    folders: tuple[Path, ...] = ()
    others: tuple[Path, ...] = ()


def look_for(paths: Iterable[Path], names: Collection[str]) -> Found:
    """Folders that hold a file of one of the names.

    Parameters
    ----------
    paths : iterable of Path
        Files and folders with the data.
    """
    paths = list(paths)
    pointed = list(dict.fromkeys((p if p.is_dir() else p.parent).resolve() for p in paths))
    below = [
        Path(here).resolve()
        for path in paths
        if path.is_dir()
        for here, files in _visible(path)
        if not files.isdisjoint(names)
    ]
    found = dict.fromkeys([*(folder for folder in pointed if _holds(folder, names)), *below])
    if found:
        return Found(tuple(found))
    up = dict.fromkeys(folder.parent for folder in pointed if folder.parent != folder)
    holding = [folder for folder in up if folder not in pointed and _holds(folder, names)]
    alone = tuple(folder for folder in holding if not _has_others(folder, pointed))
    return Found(alone, tuple(folder for folder in holding if folder not in alone))


def has_activities(folder: Path) -> bool:
    """Whether a file that may hold activities lies in a folder or below it."""
    return any(_may_hold(name) for _, files in _visible(folder) for name in files)


def _may_hold(name: str) -> bool:
    return name.lower().endswith(ACTIVITIES) and name not in OWN and name[0] != "."


def _has_others(folder: Path, pointed: Collection[Path]) -> bool:
    """Whether activities lie in another folder than those pointed at."""
    try:
        inside = [each for each in folder.iterdir() if each.is_dir() and each.name[0] != "."]
    except OSError:
        return False
    return any(
        has_activities(each)
        for each in inside
        if not any(path.is_relative_to(each.resolve()) for path in pointed)
    )


def _visible(folder: Path) -> Iterator[tuple[str, set[str]]]:
    """Folders from here down with the names of their files, hidden ones left out."""
    for here, below, files in os.walk(folder):
        below[:] = [name for name in below if not name.startswith(".")]
        yield here, set(files)


def _holds(folder: Path, names: Collection[str]) -> bool:
    try:
        return any((folder / name).is_file() for name in names)
    # A folder that may not be looked into: the import says so.
    except OSError:
        return False
