"""Which files lie below some paths; no file is opened.

Paths are plain text in here: there may be ten thousand, and taking Paths apart would take longer
than asking the disk.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from kneewatch.model import File, Problem

NOTES = {"pain.csv", "injuries.csv", "ostrc.csv"}
OWN_FILES = {"kneewatch.toml", *NOTES}
OWN_PAGE = b'<meta name="generator" content="kneewatch">'
OWN_FOLDERS = {"kneewatch-report", "__MACOSX"}


Status = os.stat_result | OSError


def files(paths: Iterable[Path]) -> Iterator[File | Problem]:
    """Each file below the paths once, in a stable order.

    Yields
    ------
    File or Problem
        A Problem for a folder that cannot be listed and for what is no ordinary file.
    """
    seen: set[tuple[int, int]] = set()
    labels: set[str] = set()
    for root in map(Path.absolute, paths):
        if root.is_dir():
            label = _label(root.resolve().name, labels)
            start = len(os.path.join(root, ""))
            for path, status in _below(str(root), seen):
                name = f"{label}/{path[start:]}".rstrip("/") if len(path) >= start else label
                yield _file(path, _spell(name.replace(os.sep, "/")), status)
        else:
            status = _status(root)
            if _first_time(status, seen):
                yield _file(str(root), _spell(_label(root.name, labels)), status)


def cannot_be_opened(name: str, error: OSError) -> Problem:
    """The Problem of a file or folder that the system denies."""
    return Problem(name, f"cannot be opened: {error.strerror or error}", passing=True)


def passed_over(name: str) -> bool:
    """Whether a file of that name is hidden or ours."""
    return name.startswith(".") or name in OWN_FILES


def _file(path: str, name: str, status: Status) -> File | Problem:
    if isinstance(status, OSError):
        return cannot_be_opened(name, status)
    if not stat.S_ISREG(status.st_mode):
        # Opening a pipe would wait for ever.
        return Problem(name, "no ordinary file")
    return File(path, name, status.st_size, status.st_mtime_ns)


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


def _below(folder: str, seen: set[tuple[int, int]]) -> Iterator[tuple[str, Status]]:
    closed: list[OSError] = []
    for here, folders, names in os.walk(folder, followlinks=True, onerror=closed.append):
        yield from ((error.filename, error) for error in closed)
        closed.clear()
        # A link back up would go round for ever.
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in OWN_FOLDERS
            and not _is_report(Path(here, name))
            and _first_time(_status(Path(here, name)), seen)
        )
        for name in sorted(names):
            if passed_over(name):
                continue
            path = os.path.join(here, name)
            status = _status(path)
            if _first_time(status, seen):
                yield path, status
    yield from ((error.filename, error) for error in closed)


def _is_report(folder: Path) -> bool:
    """Whether kneewatch wrote this folder: a second run must not read what the first one wrote."""
    try:
        with (folder / "index.html").open("rb") as page:
            return OWN_PAGE in page.read(4096)
    except OSError:
        return False


def _status(path: str | Path) -> Status:
    try:
        return os.stat(path)
    except OSError as error:
        return error


def _first_time(status: Status, seen: set[tuple[int, int]]) -> bool:
    if isinstance(status, OSError) or not status.st_ino:
        return True
    key = (status.st_dev, status.st_ino)
    if key in seen:
        return False
    seen.add(key)
    return True
