"""Which class of ground a track was run on: the likeliest way through the ways beside it.

A hidden Markov model after Newson and Krumm (2009): how far a way lies from the track and how it
is headed, against how well one can have come there from the way before. A path beside a road wins
where it is the nearer one for long enough, since nobody hops from one to the other and back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kneewatch.columns import SURFACES
from kneewatch.ground.index import Index
from kneewatch.ground.nearby import Nearby, Reals, nearby
from kneewatch.ground.stretch import Stretch, stretch
from kneewatch.model import Floats

Codes = NDArray[np.uint8]

UNKNOWN = SURFACES.index("unknown")

MOST_SAMPLES = 40_000
"""Nobody runs 560 km in one go; what does so is a car, and would take a lot of memory."""


def match_track(
    index: Index, lat_deg: Floats, lon_deg: Floats, time_s: Floats, segment: Floats
) -> Codes:
    """The class of ground at each point of a track.

    Parameters
    ----------
    index : Index
    lat_deg, lon_deg : ndarray
        NaN where there is no position [deg].
    time_s : ndarray
        Never decreasing [s].
    segment : ndarray
        Grows wherever the recording was paused.

    Returns
    -------
    ndarray of uint8
        Place in ``columns.SURFACES``; unknown without a position, beside all ways, and on a way
        whose ground the map does not know.
    """
    codes = np.full(len(lat_deg), UNKNOWN, dtype=np.uint8)
    samples = stretch(lat_deg, lon_deg, time_s, segment)
    if samples is None or len(samples.x_m) > MOST_SAMPLES:
        return codes
    found = nearby(index, samples)
    if found is None:
        return codes
    edge = likeliest(samples, found)
    class_ = np.where(edge >= 0, index.edge_class[edge], np.uint8(UNKNOWN))
    told = samples.of_point >= 0
    codes[told] = class_[samples.of_point[told]]
    return codes


def likeliest(
    samples: Stretch,
    found: Nearby,
    *,
    off_cost: float = 0.6,
) -> NDArray[np.int64]:
    """Edge that each sample was run on, -1 beside all ways (Viterbi).

    Parameters
    ----------
    samples : Stretch
    found : Nearby
    off_cost : float
        Of a sample beside all ways: that of a way 25 m off, where 5 m are usual.
    """
    size = len(samples.x_m)
    steps = _steps(samples, found)
    costs = np.column_stack((found.cost, np.full(size, off_cost, dtype=np.float32)))
    scores = np.empty_like(costs)
    scores[0] = costs[0]
    for n in range(1, size):
        # Thousands of small sums: a reduction without its wrapping takes half the time.
        np.minimum.reduce(steps[n - 1] + scores[n - 1], axis=1, out=scores[n])
        scores[n] += costs[n]
    chosen = np.empty(size, dtype=np.int64)
    chosen[-1] = scores[-1].argmin()
    for n in range(size - 1, 0, -1):
        chosen[n - 1] = (steps[n - 1, chosen[n]] + scores[n - 1]).argmin()
    edges = np.column_stack((found.edge, np.full(size, -1)))
    return edges[np.arange(size), chosen]


def _steps(
    samples: Stretch,
    found: Nearby,
    *,
    doubt_m: float = 8.0,
    gap_cost: float = 0.3,
    turn_cost: float = 0.2,
    hop_cost: float = 9.0,
    leave_cost: float = 8.0,
    stay_cost: float = 0.3,
) -> Reals:
    """What each step costs, ``[step, to, from]``; the last candidate is beside all ways.

    Parameters
    ----------
    doubt_m : float
        A way on the map that is longer or shorter than the one run by so much costs 1 [m].
    gap_cost : float
        A metre between the ends of two ways: what is shorter than a step is stepped over.
    turn_cost, hop_cost : float
        From one way to another over their ends, and right across.
    leave_cost, stay_cost : float
        To leave the ways or come back, and to stay beside them.
    """
    ran = np.hypot(np.diff(samples.x_m), np.diff(samples.y_m)).astype(np.float32)[:, None, None]
    came, went = found.edge[:-1, None, :], found.edge[1:, :, None]
    along = np.abs(_from_to(np.subtract, found.along_m, found.along_m))
    ways = np.where(came == went, np.abs(along - ran) / doubt_m, np.float32(hop_cost))
    for end_m, east_m, north_m in found.ends:
        for other_m, other_east_m, other_north_m in found.ends:
            east = _from_to(np.subtract, east_m, other_east_m)
            north = _from_to(np.subtract, north_m, other_north_m)
            gap = np.sqrt(east * east + north * north)
            way = _from_to(np.add, end_m, other_m) + gap
            way -= ran
            np.abs(way, out=way)
            way /= doubt_m
            gap *= gap_cost
            way += gap
            way += turn_cost
            np.minimum(ways, way, out=ways)
    size, to, from_ = ways.shape
    steps = np.full((size, to + 1, from_ + 1), leave_cost, dtype=np.float32)
    np.minimum(ways, hop_cost, out=steps[:, :-1, :-1])
    steps[:, -1, -1] = stay_cost
    steps[samples.fresh[1:]] = 0.0
    return steps


def _from_to(combine: np.ufunc, before: Reals, after: Reals) -> Reals:
    """Each candidate of a sample with each of the next, ``[step, to, from]``."""
    result: Reals = combine(after[1:, :, None], before[:-1, None, :])
    return result
