"""A squad is a folder of folders, one a runner."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kneewatch.errors import UsageError


def runners(paths: Iterable[Path]) -> list[Path]:
    """One path a runner: each path, or the folders in one that holds folders alone.

    Parameters
    ----------
    paths : iterable of Path

    Raises
    ------
    UsageError
        If one does not exist, or two are the same: nobody counts twice.
    """
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist; expected a runner's folder, or a squad's")
        inside = _visible(path) if path.is_dir() else []
        only_folders = bool(inside) and all(each.is_dir() for each in inside)
        found += inside if only_folders else [path]
    places = [path.resolve() for path in found]
    for number, place in enumerate(places):
        if place in places[:number]:
            raise UsageError(f"{found[number]} is named twice; a runner counts once")
    return found


def _visible(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if not each.name.startswith("."))
