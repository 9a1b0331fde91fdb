"""Where somebody was at a few moments of an activity: to tell two people from two devices."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np

from kneewatch.metrics.positions import haversine
from kneewatch.model import Floats, Track

GRIDS_S = (75, 150, 300, 900)
"""Each divides the next, so that a short recording and a long one share moments, and the last
divides the time between any two time zones [s]."""

MOMENTS = 20
"""So many are enough to compare; on the coarsest grid there may be more, up to two days."""

MOST = 192

DECIMALS = 4
"""Of a degree: 11 metres of latitude."""

LONGEST_GAP_S = 60.0
"""Between positions further apart nobody knows the way."""

SAME_PLACE_M = 200.0
"""Two devices of one runner are never this far apart for long. [D]"""

FASTEST_MPS = 6.0
"""Nobody who is on foot gets away from a place any faster for minutes. [D]"""


def whereabouts(start: datetime, track: Track, time_s: Floats) -> Floats:
    """Positions at full multiples of some minutes, counted from 1970 on.

    Parameters
    ----------
    start : datetime
        Aware.
    track : Track
        ``lat_deg``, ``lon_deg`` where there are positions [deg].
    time_s : ndarray
        Time since the start, never decreasing [s].

    Returns
    -------
    ndarray
        Time [Unix s], latitude and longitude [deg] of one moment after the other, in one row
        and rounded; empty without positions.
    """
    if "lat_deg" not in track:
        return np.zeros(0)
    lat, lon = track["lat_deg"], track["lon_deg"]
    # A receiver without a fix may write zeros.
    placed = np.flatnonzero((np.abs(lat) <= 90) & (np.abs(lon) <= 180) & ((lat != 0) | (lon != 0)))
    if len(placed) < 2:
        return np.zeros(0)
    when, lat, lon = start.timestamp() + time_s[placed], lat[placed], lon[placed]
    moments = _moments(float(when[0]), float(when[-1]))
    after = np.clip(np.searchsorted(when, moments), 1, len(when) - 1)
    # On the other side of the date line lies no way between two longitudes.
    near = (when[after] - when[after - 1] <= LONGEST_GAP_S) & (
        np.abs(lon[after] - lon[after - 1]) < 1
    )
    moments = moments[near]
    found = (moments, np.interp(moments, when, lat), np.interp(moments, when, lon))
    rounded: Floats = np.column_stack(found).round(DECIMALS).ravel()
    return rounded


def _moments(first_s: float, last_s: float) -> Floats:
    step = next((g for g in GRIDS_S if (last_s - first_s) / g < MOMENTS), GRIDS_S[-1])
    begin = math.ceil(first_s / step)
    count = min(math.floor(last_s / step) - begin + 1, MOST)
    moments: Floats = step * np.arange(begin, begin + max(count, 0), dtype=np.float64)
    return moments


def metres_apart(
    one: Floats | None,
    other: Floats | None,
    shift_s: float = 0.0,
    fastest_mps: float = FASTEST_MPS,
) -> float:
    """How far apart two recordings were for half of the moments that both know [m].

    Where they share no moment, as a lap and the long run it is of may, at least how far: the way
    to where the other was closest in time, less what can be run meanwhile.

    Parameters
    ----------
    one, other : ndarray or None
        From ``whereabouts``.
    shift_s : float
        By how much the clock of the other is ahead [s].
    fastest_mps : float
        [m/s]

    Returns
    -------
    float
        NaN where one has no positions, or none while the other has.
    """
    if one is None or other is None or not len(one) or not len(other):
        return math.nan
    few, many = sorted((one.reshape(-1, 3), other.reshape(-1, 3) - (shift_s, 0, 0)), key=len)
    closest = np.abs(few[:, :1] - many[:, 0]).argmin(axis=1)
    away_s = np.abs(few[:, 0] - many[closest, 0])
    common = away_s == 0
    if not common.any():
        common = away_s <= GRIDS_S[-1]
    if not common.any():
        return math.nan
    few, many, away_s = few[common], many[closest][common], away_s[common]
    way = haversine(few[:, 1], few[:, 2], many[:, 1], many[:, 2])
    return float(np.median(np.maximum(way - fastest_mps * away_s, 0.0)))
