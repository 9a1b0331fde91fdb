"""Streams that a file keeps apart, each with its own times, to the columns of one track."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kneewatch.model import Floats

Stream = tuple[Floats, Floats]
"""Times [s] and what was measured at each."""

FAR_S = 5.0
"""Where the leading stream is silent for longer, the times of the others count."""

MAX_GAP_S = 15.0
"""Between two samples that lie further apart nothing is known."""

NEAR_S = 1.0
"""So close to a sample it still holds."""


def joined(streams: Mapping[str, Stream]) -> dict[str, Floats]:
    """Columns over the same times, ``unix_s`` among them.

    One stream leads: the positions, where they are about as many as the most; else the one with
    the most samples. Its times are the track's, and those of others where it is silent. What
    another stream measured is read off between its samples, NaN in its gaps.

    Parameters
    ----------
    streams : mapping of str to tuple of ndarray
        Times and values by column; samples without either are left out.
    """
    whole = {name: _sorted(*stream) for name, stream in streams.items()}
    whole = {name: stream for name, stream in whole.items() if len(stream[0])}
    if not whole:
        return {}
    times = _times([times for times, _ in _leading_first(whole)])
    return {"unix_s": times} | {name: _read_off(times, *whole[name]) for name in whole}


def _sorted(times: Floats, values: Floats) -> Stream:
    """Samples in order of time, one a moment."""
    size = min(len(times), len(values))
    times, values = times[:size], values[:size]
    kept = np.isfinite(times) & np.isfinite(values)
    own, first = np.unique(times[kept], return_index=True)
    return own, values[kept][first]


def _leading_first(streams: Mapping[str, Stream]) -> list[Stream]:
    most = max(len(times) for times, _ in streams.values())

    def rank(name: str) -> tuple[bool, int]:
        count = len(streams[name][0])
        return not (name in ("lat_deg", "lon_deg") and 2 * count >= most), -count

    return [streams[name] for name in sorted(streams, key=rank)]


def _times(ranked: Sequence[Floats]) -> Floats:
    """The times of the first, and of each following where those before it are silent."""
    times = ranked[0]
    for others in ranked[1:]:
        right = np.searchsorted(times, others)
        before = np.abs(others - times[np.maximum(right - 1, 0)])
        after = np.abs(times[np.minimum(right, len(times) - 1)] - others)
        silent = np.minimum(before, after) > FAR_S
        if silent.any():
            times = np.sort(np.concatenate((times, others[silent])))
    return times


def _read_off(at: Floats, times: Floats, values: Floats) -> Floats:
    """Values between samples, NaN where they lie too far apart."""
    result = np.interp(at, times, values)
    right = np.searchsorted(times, at)
    before, after = times[np.maximum(right - 1, 0)], times[np.minimum(right, len(times) - 1)]
    inside = (right > 0) & (right < len(times)) & (after - before <= MAX_GAP_S)
    near = np.minimum(np.abs(at - before), np.abs(after - at)) <= NEAR_S
    result[~(inside | near)] = np.nan
    return result
