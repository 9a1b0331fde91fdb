"""An extract of OpenStreetMap to the ways that a person can run on, as flat arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kneewatch.columns import SURFACES
from kneewatch.errors import UsageError
from kneewatch.ground.classes import can_be_run, class_of

if TYPE_CHECKING:
    import osmium

KEYS = ("highway", "leisure")
"""Ways without any of these are not looked at."""

EXPECTED = ".osm.pbf, .osm, .osm.gz or .osm.bz2"

UNITS_A_DEGREE = 10_000_000
"""OpenStreetMap keeps coordinates as whole ten-millionths of a degree."""


@dataclass(frozen=True)
class Ways:
    """Lines of an extract, one after the other.

    Attributes
    ----------
    lat, lon : ndarray of int32
        Corners of all lines [1e-7 deg].
    sizes : ndarray of int
        Number of corners of each line, at least 2.
    classes : ndarray of uint8
        Class of ground of each line, by place in ``columns.SURFACES``.
    """

    lat: NDArray[np.int32]
    lon: NDArray[np.int32]
    sizes: NDArray[np.int64]
    classes: NDArray[np.uint8]


def read(path: Path) -> Ways:
    """Read the ways that a person can run on.

    Parameters
    ----------
    path : Path
        ``.osm.pbf``, ``.osm``, ``.osm.gz`` or ``.osm.bz2``.

    Raises
    ------
    UsageError
        If osmium is not installed, if the file is none of these or damaged, or if nobody could
        run on anything in it.
    """
    osmium = installed()
    lines: list[NDArray[np.int32]] = []
    classes: list[int] = []
    try:
        for way in _ways(osmium, path):
            tags = {tag.k: tag.v for tag in way.tags}
            if not can_be_run(tags):
                continue
            code = SURFACES.index(class_of(tags))
            for line in _lines(osmium, way):
                lines.append(line)
                classes.append(code)
    except (RuntimeError, OSError, ValueError) as error:
        why = " ".join(str(error).split())
        raise UsageError(
            f"{path} cannot be read as an extract of OpenStreetMap ({EXPECTED}): {why}"
        ) from error
    if not lines:
        raise UsageError(
            f"{path} holds no way that a person can run on; expected an extract of OpenStreetMap "
            "of where you run"
        )
    corners = np.concatenate(lines)
    return Ways(
        lat=np.ascontiguousarray(corners[:, 1]),
        lon=np.ascontiguousarray(corners[:, 0]),
        sizes=np.array([len(line) for line in lines], dtype=np.int64),
        classes=np.array(classes, dtype=np.uint8),
    )


def installed() -> Any:
    """The osmium package.

    Raises
    ------
    UsageError
        If it is not installed.
    """
    try:
        import osmium
        import osmium.filter
        import osmium.geom
    except ImportError as error:
        raise UsageError(
            "a map of OpenStreetMap needs osmium: pip install 'kneewatch[osm]'"
        ) from error
    return osmium


def _ways(osmium: Any, path: Path) -> Iterator[osmium.osm.Way]:
    kinds = osmium.osm.NODE | osmium.osm.WAY
    found = osmium.FileProcessor(str(path), kinds).with_locations()
    for item in found.with_filter(osmium.filter.KeyFilter(*KEYS)):
        if item.is_way():
            yield item


def _lines(osmium: Any, way: osmium.osm.Way) -> Iterator[NDArray[np.int32]]:
    """Longitude and latitude of the corners; where an extract cuts a way off, of what it holds."""
    line: list[tuple[int, int]] = []
    for node in way.nodes:
        place = node.location
        if place.valid():
            corner = (place.x, place.y)
            if not line or corner != line[-1]:
                line.append(corner)
        elif line:
            yield from _line(line)
            line = []
    yield from _line(line)


def _line(corners: list[tuple[int, int]]) -> Iterator[NDArray[np.int32]]:
    if len(corners) >= 2:
        yield np.array(corners, dtype=np.int32)
