"""Ways cut at their junctions and joined where they go on, and a grid that finds those near."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kneewatch.ground.chains import join
from kneewatch.ground.extract import UNITS_A_DEGREE, Ways

Ints = NDArray[np.int64]

METRES_A_DEGREE = 111_195.0
"""Of latitude, on a sphere of the mean radius of the earth."""

REACH_M = 35.0
"""A way further off than this is not looked at, and cells are at least as wide. [D]

Three times the error of a receiver between houses; more would only find more wrong ways.
"""

MOST_CELLS = 100_000

COLUMNS = 1 << 20
"""Cells of one row of the grid have numbers that follow each other; so many fit around it."""


@dataclass(frozen=True)
class Index:
    """A map to look up, flat arrays all of it.

    A *segment* is a straight line between two corners of a way; an *edge* is all that lies
    between two junctions and is of one class.

    Attributes
    ----------
    lat, lon : ndarray of int32
        Corners [1e-7 deg]; a segment ends at the corner after the one it begins at.
    segment_corner, segment_edge : ndarray of int32
        First corner and edge of each segment.
    segment_start_m, segment_end_m : ndarray of float32
        Way along the edge at which it begins and ends; it may run against the edge [m].
    edge_first, edge_last : ndarray of int32
        Corners at the two ends of each edge.
    edge_m : ndarray of float32
        Length [m].
    edge_class : ndarray of uint8
        Class of ground, by place in ``columns.SURFACES``.
    cell : ndarray of int64
        Numbers of the cells that hold a segment, ascending.
    cell_start : ndarray of int64
        Where each one's segments begin in ``cell_segments``, and the end of the last.
    cell_segments : ndarray of int32
        Segments by cell; one that crosses several lies in all of them.
    frame : ndarray of float64
        Latitude and longitude of the first row and column, height and width of a cell [deg].
    """

    lat: NDArray[np.int32]
    lon: NDArray[np.int32]
    segment_corner: NDArray[np.int32]
    segment_edge: NDArray[np.int32]
    segment_start_m: NDArray[np.float32]
    segment_end_m: NDArray[np.float32]
    edge_first: NDArray[np.int32]
    edge_last: NDArray[np.int32]
    edge_m: NDArray[np.float32]
    edge_class: NDArray[np.uint8]
    cell: Ints
    cell_start: Ints
    cell_segments: NDArray[np.int32]
    frame: NDArray[np.float64]

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def build(ways: Ways) -> Index:
    """Cut ways at their junctions, join what goes on, and lay the grid."""
    line = np.repeat(np.arange(len(ways.sizes)), ways.sizes)
    begins = np.flatnonzero(line[1:] == line[:-1])
    node, met = _nodes(ways)
    new = met[begins] > 1
    new[np.flatnonzero(np.diff(line[begins], prepend=-1))] = True
    piece, first = np.cumsum(new) - 1, np.flatnonzero(new)
    last = np.append(first[1:], len(begins)) - 1
    way = np.append(0.0, np.cumsum(_lengths(ways, begins)))
    length, classes = way[last + 1] - way[first], ways.classes[line[begins[first]]]
    corners = np.column_stack((begins[first], begins[last] + 1))
    chains = join(node[corners], length, classes)
    # A piece may run against its edge.
    forth = np.sign(chains.end_m - chains.start_m)
    base, begun = chains.start_m[piece], way[first][piece]
    start = base + forth[piece] * (way[:-1] - begun)
    end = base + forth[piece] * (way[1:] - begun)
    edge_m = np.zeros(len(chains.first))
    np.maximum.at(edge_m, chains.chain, np.maximum(chains.start_m, chains.end_m))
    frame = _frame(ways)
    cell, segment = _cells(ways, begins, frame)
    order = np.lexsort((segment, cell))
    numbers, starts = np.unique(cell[order], return_index=True)
    return Index(
        lat=ways.lat,
        lon=ways.lon,
        segment_corner=begins.astype(np.int32),
        segment_edge=chains.chain[piece].astype(np.int32),
        segment_start_m=start.astype(np.float32),
        segment_end_m=end.astype(np.float32),
        edge_first=corners.ravel()[chains.first].astype(np.int32),
        edge_last=corners.ravel()[chains.last].astype(np.int32),
        edge_m=edge_m.astype(np.float32),
        edge_class=classes[chains.first >> 1],
        cell=numbers,
        cell_start=np.append(starts, len(order)).astype(np.int64),
        cell_segments=segment[order].astype(np.int32),
        frame=frame,
    )


def _nodes(ways: Ways) -> tuple[Ints, Ints]:
    """Number of the place of each corner, and how many corners lie there.

    Where two lines share a corner they meet: OpenStreetMap gives a bridge and what lies below it
    no corner in common.
    """
    place = ways.lon.astype(np.int64) * (1 << 32) + ways.lat
    _, number, met = np.unique(place, return_inverse=True, return_counts=True)
    return number, met[number]


def _lengths(ways: Ways, begins: Ints) -> NDArray[np.float64]:
    """Length of each segment [m]."""
    metre = METRES_A_DEGREE / UNITS_A_DEGREE
    ends = begins + 1
    north = (ways.lat[ends] - ways.lat[begins].astype(np.float64)) * metre
    shrink = np.cos(np.radians(ways.lat[begins] / UNITS_A_DEGREE))
    east = (ways.lon[ends] - ways.lon[begins].astype(np.float64)) * metre * shrink
    result: NDArray[np.float64] = np.hypot(north, east)
    return result


def _frame(ways: Ways) -> NDArray[np.float64]:
    south, north = (float(edge) / UNITS_A_DEGREE for edge in (ways.lat.min(), ways.lat.max()))
    west = float(ways.lon.min()) / UNITS_A_DEGREE
    high = REACH_M / METRES_A_DEGREE
    # Where degrees of longitude are the shortest; at the poles nobody runs round the clock.
    wide = high / max(float(np.cos(np.radians(max(abs(south), abs(north))))), 0.01)
    return np.array([south - high, west - wide, high, wide])


def cell_of(
    lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64], frame: NDArray[np.float64]
) -> Ints:
    """Number of the cell that each position lies in, -2 outside the frame."""
    row = np.floor((lat_deg - frame[0]) / frame[2])
    column = np.floor((lon_deg - frame[1]) / frame[3])
    inside = (row >= 0) & (column >= 0) & (column < COLUMNS - 1)
    with np.errstate(invalid="ignore"):
        number = row.astype(np.int64) * COLUMNS + column.astype(np.int64)
    return np.where(inside, number, -2)


def _cells(ways: Ways, begins: Ints, frame: NDArray[np.float64]) -> tuple[Ints, Ints]:
    """Cells and segments in pairs: each segment in all cells that its bounding box touches."""

    def span(corners: NDArray[np.int32], start: float, size: float) -> tuple[Ints, Ints]:
        a, b = corners[begins], corners[begins + 1]
        low, high = (
            ((side / UNITS_A_DEGREE - start) // size).astype(np.int64)
            for side in (np.minimum(a, b), np.maximum(a, b))
        )
        return low, high - low + 1

    south, rows = span(ways.lat, frame[0], frame[2])
    west, columns = span(ways.lon, frame[1], frame[3])
    # A line round the world is damage or crosses the date line.
    count = np.where(rows * columns <= MOST_CELLS, rows * columns, 0)
    segment = np.repeat(np.arange(len(begins)), count)
    nth = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
    row = south[segment] + nth // columns[segment]
    column = west[segment] + nth % columns[segment]
    return row * COLUMNS + column, segment
