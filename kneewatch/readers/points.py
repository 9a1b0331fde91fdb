"""What the XML readers share: points in time order to the columns of a track."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from kneewatch.model import Floats

MAX_STRIDES_PER_MIN = 130
"""More than this in the median, and the file counts steps where others count strides."""

Row = dict[str, float]
"""One point by column name; ``unix_s`` is its time."""


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


def seconds(text: str) -> float:
    """Unix time of an ISO time [s]; without a zone it is taken as UTC, NaN if it is no time."""
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "T"))
    except ValueError:
        return float("nan")
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def offset_s(text: str) -> float | None:
    """UTC offset that an ISO time itself names [s]; None for Z, which says nothing of a place."""
    try:
        offset = datetime.fromisoformat(text.strip().replace(" ", "T")).utcoffset()
    except ValueError:
        return None
    return offset.total_seconds() if offset else None


def number(text: str | None) -> float:
    """A number, NaN for what is none (``null``, empty, words)."""
    try:
        value = float(text) if text else float("nan")
    except ValueError:
        return float("nan")
    return value if np.isfinite(value) else float("nan")


def track(rows: Sequence[Row], on_foot: bool) -> dict[str, Floats]:
    """Columns of a track from its points, sorted by time, undated ones left out.

    Parameters
    ----------
    rows : sequence of Row
    on_foot : bool
        Whether cadence means steps.
    """
    dated = [row for row in rows if np.isfinite(row.get("unix_s", np.nan))]
    if not dated:
        return {}
    names = dict.fromkeys(name for row in dated for name in row)
    columns = {
        name: np.array([row.get(name, np.nan) for row in dated], dtype=np.float64) for name in names
    }
    order = np.argsort(columns["unix_s"], kind="stable")
    columns = {name: column[order] for name, column in columns.items()}
    start = columns.pop("unix_s")
    result = {"time_s": start - start[0]}
    result |= {name: column for name, column in columns.items() if np.isfinite(column).any()}
    if ("lat_deg" in result) != ("lon_deg" in result):
        # Half a place is none.
        result.pop("lat_deg", None)
        result.pop("lon_deg", None)
    if "cadence_spm" in result:
        if on_foot:
            result["cadence_spm"] = steps_per_minute(result["cadence_spm"])
        else:
            del result["cadence_spm"]
    return result
