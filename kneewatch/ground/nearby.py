"""Ways within reach of each sample of a track, the likeliest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kneewatch.ground.extract import UNITS_A_DEGREE
from kneewatch.ground.index import COLUMNS, METRES_A_DEGREE, REACH_M, Index, cell_of
from kneewatch.ground.stretch import Stretch

Ints = NDArray[np.int64]
Reals = NDArray[np.float32]

STANDS_M = 6.0
"""On less way than this a heading is noise [m]."""

FINE = 4096
"""Costs are compared in steps of a thousandth, of which so many can be told apart."""


@dataclass(frozen=True)
class Nearby:
    """Candidates of each sample, one row each, padded with none.

    Attributes
    ----------
    edge : ndarray of int
        -1 for none.
    cost : ndarray
        What it costs to have been there, infinite for none [-].
    along_m : ndarray
        From the first corner of the edge to its nearest point [m].
    ends : tuple of (ndarray, ndarray, ndarray)
        Of its first and of its last corner: how far it is there, and where that lies east and
        north of the origin [m].
    """

    edge: Ints
    cost: Reals
    along_m: Reals
    ends: tuple[tuple[Reals, Reals, Reals], tuple[Reals, Reals, Reals]]


def nearby(
    index: Index,
    samples: Stretch,
    *,
    most: int = 12,
    error_m: float = 8.0,
    weight: float = 0.12,
    heading_weight: float = 1.0,
    heading_reach: int = 2,
) -> Nearby | None:
    """Ways within reach of each sample, None if there is not one.

    Parameters
    ----------
    index : Index
    samples : Stretch
    most : int
        As many candidates as a sample may have.
    error_m : float
        Error of a receiver, between that in the open and that between houses [m].
    weight : float
        Of the distance. A receiver's error changes within tens of seconds and a sample is a few
        seconds away from the next, so that each of them tells only a part.
    heading_weight : float
        Of the angle between the way run, over ``heading_reach`` samples on both sides, and the
        way on the map.
    """
    sample, segment = _pairs(index, samples)
    off, along, turned = _projected(index, samples, sample, segment, heading_reach)
    near = np.flatnonzero(off < REACH_M)
    if not len(near):
        return None
    sample, segment, along = sample[near], segment[near], along[near]
    cost = weight * off[near] ** 2 / (2 * error_m**2) + heading_weight * turned[near]
    edge = index.segment_edge[segment].astype(np.int64)
    best = _best(sample, edge, cost)
    sample, edge, cost, along = sample[best], edge[best], cost[best], along[best]
    rank, chosen = _ranked(sample, cost, most)
    sample, edge, along = sample[chosen], edge[chosen], along[chosen]
    shape = (len(samples.x_m), int(rank.max()) + 1)

    def table(values: NDArray[Any], none: float) -> Any:
        filled = np.full(shape, none, dtype=values.dtype)
        filled[sample, rank] = values
        return filled

    first = (along, *_local(index, index.edge_first[edge], samples))
    last = (index.edge_m[edge] - along, *_local(index, index.edge_last[edge], samples))
    return Nearby(
        edge=table(edge, -1),
        cost=table(cost[chosen], np.inf),
        along_m=table(along, 0.0),
        ends=(
            (table(first[0], 0.0), table(first[1], 0.0), table(first[2], 0.0)),
            (table(last[0], 0.0), table(last[1], 0.0), table(last[2], 0.0)),
        ),
    )


def _pairs(index: Index, samples: Stretch) -> tuple[Ints, Ints]:
    """Samples and segments in pairs: all segments of the nine cells around each sample."""
    number = cell_of(samples.lat_deg, samples.lon_deg, index.frame)
    # Three cells beside each other follow one another.
    middle = (number[:, None] + COLUMNS * np.arange(-1, 2)).ravel()
    first = index.cell_start[np.searchsorted(index.cell, middle - 1)]
    end = index.cell_start[np.searchsorted(index.cell, middle + 1, side="right")]
    count = end - first
    place = np.arange(count.sum()) + np.repeat(first - (np.cumsum(count) - count), count)
    sample = np.repeat(np.repeat(np.arange(len(number)), 3), count)
    return sample, index.cell_segments[place].astype(np.int64)


def _local(index: Index, corner: NDArray[np.int32] | Ints, samples: Stretch) -> tuple[Reals, Reals]:
    """Corners east and north of the origin of a stretch [m]."""
    lat, lon, metre = samples.origin
    east = index.lon[corner] - np.int32(round(lon * UNITS_A_DEGREE))
    north = index.lat[corner] - np.int32(round(lat * UNITS_A_DEGREE))
    return (
        east.astype(np.float32) * np.float32(metre / UNITS_A_DEGREE),
        north.astype(np.float32) * np.float32(METRES_A_DEGREE / UNITS_A_DEGREE),
    )


def _projected(
    index: Index, samples: Stretch, sample: Ints, segment: Ints, reach: int
) -> tuple[Reals, Reals, Reals]:
    """Distance of each pair, way along the edge to the nearest point, and 1 - cosine between."""
    corner = index.segment_corner[segment]
    ax, ay = _local(index, corner, samples)
    bx, by = _local(index, corner + 1, samples)
    bx -= ax
    by -= ay
    x, y = samples.x_m.astype(np.float32), samples.y_m.astype(np.float32)
    px, py = x[sample] - ax, y[sample] - ay
    length: Reals = np.maximum(np.sqrt(bx * bx + by * by), np.float32(1e-3))
    share: Reals = np.clip((px * bx + py * by) / (length * length), 0.0, 1.0)
    px -= share * bx
    py -= share * by
    off = np.sqrt(px * px + py * py)
    hx, hy = _heading(x, reach), _heading(y, reach)
    long: Reals = np.maximum(np.sqrt(hx * hx + hy * hy), np.float32(1e-3))
    hx /= long
    hy /= long
    turned: Reals = np.abs(hx[sample] * bx + hy[sample] * by)
    np.subtract(1, turned / length, out=turned)
    # Who stands is not headed anywhere.
    turned[long[sample] < STANDS_M] = 0.0
    start = index.segment_start_m[segment]
    along: Reals = start + share * (index.segment_end_m[segment] - start)
    return off, along, turned


def _heading(values: Reals, reach: int) -> Reals:
    """Change from so many samples before to so many behind."""
    number = np.arange(len(values))
    ahead = values[np.minimum(number + reach, len(values) - 1)]
    return ahead - values[np.maximum(number - reach, 0)]


def _best(sample: Ints, edge: Ints, cost: Reals) -> Ints:
    """Of the pairs of one sample and one edge, the one with the lowest cost."""
    pair = sample * (int(edge.max()) + 1) + edge
    key = pair * FINE + np.minimum(cost * 1000, FINE - 1).astype(np.int64)
    order = np.argsort(key)
    pair = pair[order]
    result: Ints = order[np.append(True, pair[1:] != pair[:-1])]
    return result


def _ranked(sample: Ints, cost: Reals, most: int) -> tuple[Ints, Ints]:
    """Place of each pair among those of its sample, and which pairs come that far."""
    order = np.argsort(sample * FINE + np.minimum(cost * 1000, FINE - 1).astype(np.int64))
    ordered = sample[order]
    rank = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    kept = rank < most
    return rank[kept], order[kept]
