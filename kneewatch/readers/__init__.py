"""Bytes to recordings: one file a format. Exactly one reader may claim a file, by its bytes.

To add a format, write a module with ``sniff(name, head) -> bool`` and
``read(source) -> Iterator[Recording | Problem | NotActivity]`` and name it in ``READERS``. One
that takes ``source.pieces()`` and never the whole, since its files may be larger than the memory,
is in ``IN_PIECES`` as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Literal

from kneewatch.model import NotActivity, Problem, Reading, Source, Streamed
from kneewatch.readers import (
    apple_health,
    fit,
    garmin_account,
    gpx,
    kml,
    nike,
    polar,
    suunto,
    table,
    tcx,
)
from kneewatch.units import System

READERS: tuple[ModuleType, ...] = (
    fit,
    gpx,
    tcx,
    kml,
    garmin_account,
    polar,
    suunto,
    nike,
    apple_health,
    table,
)

IN_PIECES = frozenset({apple_health})

HEAD_BYTES = 8192
"""As much of a file as a reader needs to see to claim it."""

NO_FORMAT = "no format that kneewatch reads"


def claim(name: str, head: bytes) -> ModuleType | None:
    """The reader that claims a file, None if none does.

    Parameters
    ----------
    name : str
        Where the file lies.
    head : bytes
        Its first ``HEAD_BYTES`` bytes.
    """
    return next((reader for reader in READERS if reader.sniff(name, head)), None)


def wanted(name: str, head: bytes) -> bool | Literal["in pieces"]:
    """Whether a reader claims a file, so that its content is worth loading, or going through."""
    reader = claim(name, head)
    return "in pieces" if reader in IN_PIECES else reader is not None


def read(source: Source | Streamed, units: System | None = None) -> Iterator[Reading]:
    """Read one file with the reader that claims it.

    Parameters
    ----------
    source : Source or Streamed
    units : {"km", "mi"}, optional
        What a table means that says neither.

    Yields
    ------
    Recording, Problem or NotActivity
        At least one; a fault of the reader itself is a Problem too, so that one file never
        costs the import.
    """
    reader = claim(source.name, source.head[:HEAD_BYTES])
    if reader is None:
        yield NotActivity(source.name, NO_FORMAT)
        return
    found = False
    try:
        for reading in reader.read(source, units) if reader is table else reader.read(source):
            found = True
            yield reading
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        yield Problem(source.name, f"cannot be read ({' '.join(what.split())[:160]})")
        return
    if not found:
        yield NotActivity(source.name, "nothing in it")
