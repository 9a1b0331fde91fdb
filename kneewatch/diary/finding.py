"""Where the diary lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kneewatch.beside import look_for
from kneewatch.diary.entries import Doubt
from kneewatch.diary.lines import FILES, INJURY_FILE, PAIN_FILE, WEEKLY_FILE
from kneewatch.errors import ConfigError

WHOSE = (
    "not read: it lies one folder up, beside other folders with activities, and may be another "
    "runner's; name that folder, or put it beside the activities"
)


@dataclass(frozen=True)
class Place:
    """Where the diary lies.

    Attributes
    ----------
    folder : Path or None
        None where there is none.
    doubts : tuple of Doubt
        Files that may be the runner's own and are not read.
    """

    folder: Path | None = None
    doubts: tuple[Doubt, ...] = ()


def locate(paths: Iterable[Path]) -> Place:
    """The folder of the diary: one pointed at, beside the files, further down, or one up.

    Raises
    ------
    ConfigError
        If there is more than one: one runner is one folder.
    """
    found = look_for(paths, FILES)
    if len(found.folders) > 1:
        names = ", ".join(str(folder) for folder in found.folders)
        raise ConfigError(
            f"more than one folder with {PAIN_FILE}, {INJURY_FILE} or {WEEKLY_FILE} ({names}); "
            f"one runner is one folder: name it"
        )
    doubts = tuple(
        Doubt(f"{folder.name}/{name}", WHOSE)
        for folder in found.others
        for name in FILES
        if (folder / name).is_file()
    )
    return Place(next(iter(found.folders), None), doubts)


def find(paths: Iterable[Path]) -> Path | None:
    """The folder of the diary, None where there is none.

    Raises
    ------
    ConfigError
        If there is more than one.
    """
    return locate(paths).folder
