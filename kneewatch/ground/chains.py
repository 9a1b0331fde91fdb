"""Pieces of way that go on as one another, joined: OpenStreetMap cuts a road at every new tag."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Chains:
    """Which chain each piece belongs to, and where in it.

    Attributes
    ----------
    chain : ndarray of int
        Number of the chain of each piece.
    start_m, end_m : ndarray
        Way along the chain at the first and at the last end of each piece [m].
    first, last : ndarray of int
        The two ends of each chain, as ``2 * piece + end``.
    """

    chain: Ints
    start_m: NDArray[np.float64]
    end_m: NDArray[np.float64]
    first: Ints
    last: Ints


def join(nodes: Ints, length_m: NDArray[np.float64], kinds: NDArray[np.uint8]) -> Chains:
    """Join pieces where two of one kind meet and nothing else does.

    Parameters
    ----------
    nodes : ndarray of int
        Numbers of the places at the two ends of each piece, ``[piece, end]``.
    length_m : ndarray
        [m]
    kinds : ndarray of uint8
        What joined pieces have in common.
    """
    size = len(length_m)
    goes_on = _goes_on(nodes.ravel(), kinds).tolist()
    lengths = length_m.tolist()
    chain, start, end = [-1] * size, [0.0] * size, [0.0] * size
    first: list[int] = []
    last: list[int] = []
    # Ends at which a chain begins; then what is left, which are rings.
    begins = [half for half in range(2 * size) if goes_on[half] < 0]
    for half in [*begins, *range(0, 2 * size, 2)]:
        if chain[half >> 1] >= 0:
            continue
        number, way, here = len(first), 0.0, half
        first.append(half)
        while here >= 0 and chain[here >> 1] < 0:
            piece = here >> 1
            chain[piece] = number
            ends = (way, way + lengths[piece])
            start[piece], end[piece] = ends if here & 1 == 0 else ends[::-1]
            way = ends[1]
            left = here ^ 1
            here = goes_on[left]
        last.append(left)
    return Chains(np.array(chain), np.array(start), np.array(end), np.array(first), np.array(last))


def _goes_on(nodes: Ints, kinds: NDArray[np.uint8]) -> Ints:
    """For each end of a piece, the end of the only other one that meets it there, else -1."""
    order = np.argsort(nodes, kind="stable")
    ordered = nodes[order]
    begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    pairs = begins[np.diff(np.append(begins, len(ordered))) == 2]
    one, other = order[pairs], order[pairs + 1]
    alike = (kinds[one >> 1] == kinds[other >> 1]) & (one >> 1 != other >> 1)
    result = np.full(len(nodes), -1)
    result[one[alike]], result[other[alike]] = other[alike], one[alike]
    return result
