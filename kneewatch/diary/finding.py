"""Where the diary lies."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from kneewatch.diary.lines import FILES, INJURY_FILE, PAIN_FILE, WEEKLY_FILE
from kneewatch.errors import ConfigError


def find(paths: Iterable[Path]) -> Path | None:
    """The folder that holds the diary: one pointed at, beside the files, or one further down.

    Raises
    ------
    ConfigError
        If there is more than one: one runner is one folder.
    """
    paths = list(paths)
    folders = dict.fromkeys((p if p.is_dir() else p.parent).resolve() for p in paths)
    found = [folder for folder in folders if any(_is_file(folder / name) for name in FILES)]
    for path in paths:
        if path.is_dir():
            for here, below, files in os.walk(path):
                below[:] = [name for name in below if not name.startswith(".")]
                if not FILES.keys().isdisjoint(files):
                    found.append(Path(here).resolve())
    found = list(dict.fromkeys(found))
    if len(found) > 1:
        names = ", ".join(str(folder) for folder in found)
        raise ConfigError(
            f"more than one folder with {PAIN_FILE}, {INJURY_FILE} or {WEEKLY_FILE} ({names}); "
            f"one runner is one folder: name it"
        )
    return found[0] if found else None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    # A folder that may not be looked into: the import says so.
    except OSError:
        return False
