"""What the readers share: texts and numbers of points to the columns of a track."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from kneewatch.model import Floats

MAX_STRIDES_PER_MIN = 130
"""More than this in the median, and the file counts steps where others count strides."""


def steps_per_minute(cadence: Floats) -> Floats:
    """Cadence of a runner or walker as steps a minute, whichever way the file counts.

    Parameters
    ----------
    cadence : ndarray
        Strides (one foot) or steps (both feet) a minute.
    """
    moving = cadence[cadence > 0]
    strides = not len(moving) or np.median(moving) <= MAX_STRIDES_PER_MIN
    return cadence * 2 if strides else cadence


def number(text: str | None) -> float:
    """A number, with a decimal comma or point, NaN for what is none (``null``, empty, words)."""
    try:
        value = float(text.replace(",", ".")) if text else float("nan")
    except ValueError:
        return float("nan")
    return value if math.isfinite(value) else float("nan")


def numbers(texts: Sequence[str]) -> Floats:
    """Each what ``number`` makes of it, at once where all are numbers."""
    try:
        values = np.fromiter(map(float, texts), np.float64, len(texts))
    except ValueError:
        return np.array([number(text) for text in texts], dtype=np.float64)
    values[np.isinf(values)] = np.nan
    return values


def spread(where: Sequence[int], values: Floats, count: int) -> Floats:
    """One value a point: the first that is one, NaN where there is none.

    Parameters
    ----------
    where : sequence of int
        Number of the point that each value is of; what lies behind the last point is left out.
    values : ndarray
    count : int
        Number of points.
    """
    place = np.array(where, dtype=np.int64)
    kept = (place < count) & np.isfinite(values)
    result = np.full(count, np.nan)
    # Of several assignments to one place the last counts: the first of the file.
    result[place[kept][::-1]] = values[kept][::-1]
    return result


def added_up(steps: Floats) -> Floats:
    """Distance since the start of what was counted since the point before, as OpenTracks writes it.

    Parameters
    ----------
    steps : ndarray
        NaN where nothing was counted.
    """
    return np.where(np.isfinite(steps), np.cumsum(np.nan_to_num(steps)), np.nan)


def track(columns: Mapping[str, Floats], on_foot: bool) -> dict[str, Floats]:
    """Columns of a track, sorted by time, undated points left out.

    Parameters
    ----------
    columns : mapping of str to ndarray
        By name, ``unix_s`` the points' times.
    on_foot : bool
        Whether cadence means steps.
    """
    unix = columns["unix_s"]
    dated = np.flatnonzero(np.isfinite(unix))
    if not len(dated):
        return {}
    order = dated[np.argsort(unix[dated], kind="stable")]
    result = {"time_s": unix[order] - unix[order[0]]}
    result |= {name: column[order] for name, column in columns.items() if name != "unix_s"}
    if "lat_deg" in result and "lon_deg" in result:
        # Half a place is none.
        nowhere = np.isnan(result["lat_deg"]) | np.isnan(result["lon_deg"])
        result["lat_deg"][nowhere] = result["lon_deg"][nowhere] = np.nan
    else:
        result.pop("lat_deg", None)
        result.pop("lon_deg", None)
    result = {name: column for name, column in result.items() if np.isfinite(column).any()}
    if "cadence_spm" in result:
        if on_foot:
            result["cadence_spm"] = steps_per_minute(result["cadence_spm"])
        else:
            del result["cadence_spm"]
    return result
