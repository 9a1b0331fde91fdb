"""Arrays in order of time: made never to fall, cut into spans of points that belong together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kneewatch.model import Floats

Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


def never_falling(values: Floats) -> Floats:
    """Each value, or the highest before it; the array itself where that changes nothing."""
    if (values[1:] >= values[:-1]).all():
        return values
    return np.maximum.accumulate(values)


def spans(begins: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First point of each span and the number of its points.

    Parameters
    ----------
    begins : ndarray of bool
        Whether a new span begins, for each point but the first, which always begins one.
    """
    first = np.concatenate(([0], np.flatnonzero(begins) + 1))
    return first, np.concatenate((first[1:], [len(begins) + 1])) - first
