"""Bytes to recordings: one file a format. Exactly one reader may claim a file, by its bytes.

To add a format, write a module with ``sniff(name, head) -> bool`` and
``read(source) -> Iterator[Recording | Problem | NotActivity]`` and name it in ``READERS``.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from kneewatch.model import NotActivity, Problem, Reading, Source
from kneewatch.readers import fit, gpx, kml, nike, polar, suunto, table, tcx
from kneewatch.units import System

READERS: tuple[ModuleType, ...] = (fit, gpx, tcx, kml, polar, suunto, nike, table)

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


def wanted(name: str, head: bytes) -> bool:
    """Whether a reader claims a file, so that its content is worth loading."""
    return claim(name, head) is not None


def read(source: Source, units: System | None = None) -> Iterator[Reading]:
    """Read one file with the reader that claims it.

    Parameters
    ----------
    source : Source
    units : {"km", "mi"}, optional
        What a table means that says neither.

    Yields
    ------
    Recording, Problem or NotActivity
        At least one; a fault of the reader itself is a Problem too, so that one file never
        costs the import.
    """
    reader = claim(source.name, source.data[:HEAD_BYTES])
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
