"""Means of a line through samples, whatever their distance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kneewatch.metrics.sequences import spans
from kneewatch.model import Floats


def smoother(t: Floats, altitude: Floats, block: NDArray[np.int64]) -> Callable[[float], Floats]:
    """Centred mean of the line through the samples, as a function of the window [s].

    The window shrinks towards a block's ends. The mean of the line, not of the samples: it is the
    same for 1 Hz and for smart recording, and a steady slope stays exactly what it is.

    Parameters
    ----------
    t : ndarray
        Times, each later than the one before [s].
    altitude : ndarray
        [m]
    block : ndarray of int
        Numbers of the stretches that are smoothed each by itself, as `stretches` gives them.

    Returns
    -------
    callable
        From the width of the window [s] to the mean at each time [m]; a window of 0 changes
        nothing.
    """
    first, length = spans(block[1:] != block[:-1])
    start, end = t[first], t[first + length - 1]
    room = np.minimum(t - np.repeat(start, length), np.repeat(end, length) - t)

    base = float(altitude[0])
    level = altitude - base  # keeps the integral small, and with it the rounding
    step = np.diff(t)
    bend = np.diff(level) / step / 2.0
    number = np.arange(len(t), dtype=np.float64)
    area = np.zeros(len(t))
    np.cumsum(step * (level[1:] + level[:-1]) / 2.0, out=area[1:])

    def area_until(when: Floats) -> Floats:
        # Found faster than by a search. Where rounding takes the sample after for the one before,
        # the area is the same.
        k = np.minimum(np.interp(when, t, number).astype(np.int64), len(t) - 2)
        ahead = when - t[k]
        return np.asarray(area[k] + ahead * (level[k] + ahead * bend[k]))

    # All but the ends of each block; one block is the rule, and a slice of it costs nothing.
    inside = slice(1, -1) if len(first) == 1 else np.flatnonzero(room > 0.0)
    middle = t[inside]

    def smoothed(window_s: float) -> Floats:
        if window_s <= 0.0:
            return altitude
        half = np.minimum(window_s / 2.0, room[inside])
        mean = level.copy()
        mean[inside] = (area_until(middle + half) - area_until(middle - half)) / (2.0 * half)
        return mean + base

    return smoothed
