"""ISO times to Unix seconds: thousands at once where they are regular, else one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from kneewatch.model import Floats

Bytes = npt.NDArray[np.uint8]

_TO_SECOND = len("2024-05-01T06:00:00")
_MARKS = {4: "-", 7: "-", 10: "T", 13: ":", 16: ":"}
_PARTS = {"year": (0, 4), "month": (5, 7), "day": (8, 10)} | {
    "hour": (11, 13),
    "minute": (14, 16),
    "second": (17, 19),
}
_BOUNDS = {
    # Microseconds since 1970 that a double holds exactly.
    "year": (1700, 2250),
    "month": (1, 12),
    "day": (1, 31),
    "hour": (0, 23),
    "minute": (0, 59),
    "second": (0, 59),
}
_MAX_DIGITS = 6


def seconds(text: str) -> float:
    """Unix time of an ISO time [s]; without a zone it is taken as UTC, NaN if it is no time."""
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "T"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    # An offset may carry the first or the last day of the calendar over its edge.
    except (ValueError, OverflowError):
        return float("nan")


def offset_s(text: str) -> float | None:
    """UTC offset that an ISO time itself names [s]; None for Z, which says nothing of a place."""
    try:
        offset = datetime.fromisoformat(text.strip().replace(" ", "T")).utcoffset()
    except ValueError:
        return None
    return offset.total_seconds() if offset else None


def unix_seconds(texts: Sequence[str]) -> Floats:
    """Unix times of ISO times [s], each what ``seconds`` makes of it.

    Parameters
    ----------
    texts : sequence of str
        ``2024-05-01T06:00:00Z``, with up to six digits after the second, goes at once; anything
        else goes through ``seconds``.
    """
    stripped = [text.strip() for text in texts]
    lengths = np.fromiter(map(len, stripped), np.int64, len(stripped))
    result = np.full(len(stripped), np.nan)
    regular = np.zeros(len(stripped), dtype=bool)
    for length in np.unique(lengths):
        digits = length - _TO_SECOND - 2
        if digits == -1 or 1 <= digits <= _MAX_DIGITS:
            here = np.flatnonzero(lengths == length)
            joined = "".join([stripped[index] for index in here])
            table = np.frombuffer(joined.encode("latin-1", errors="replace"), np.uint8)
            result[here], regular[here] = _regular(table.reshape(len(here), length))
    for index in np.flatnonzero(~regular):
        result[index] = seconds(stripped[index])
    return result


def _regular(table: Bytes) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Unix times of texts of one length, one a row [s], and which of them are regular."""
    length = table.shape[1]
    marks = dict(_MARKS) | {length - 1: "Z"} | ({_TO_SECOND: "."} if length > 20 else {})
    places = list(marks)
    regular = (table[:, places] == np.array([ord(mark) for mark in marks.values()])).all(axis=1)
    values = table.astype(np.int64) - ord("0")
    others = [place for place in range(length) if place not in marks]
    regular &= ((values[:, others] >= 0) & (values[:, others] <= 9)).all(axis=1)
    values[~regular] = 0
    part = {name: _whole(values[:, begin:end]) for name, (begin, end) in _PARTS.items()}
    for name, (low, high) in _BOUNDS.items():
        regular &= (part[name] >= low) & (part[name] <= high)
    month = (12 * (part["year"] - 1970) + part["month"] - 1).astype("datetime64[M]")
    regular &= part["day"] <= _days(month + 1) - _days(month)
    day = _days(month) + part["day"] - 1
    whole = ((day * 24 + part["hour"]) * 60 + part["minute"]) * 60 + part["second"]
    fraction = values[:, _TO_SECOND + 1 : -1]
    micros = _whole(fraction) * 10 ** (_MAX_DIGITS - fraction.shape[1])
    # In this order the double is the one nearest to the time, as datetime gives it.
    return (whole * 1_000_000 + micros) / 1e6, regular


def _whole(digits: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Numbers of digits, one a row."""
    return digits @ 10 ** np.arange(digits.shape[1], dtype=np.int64)[::-1]


def _days(month: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
    """Days from 1970 to the month's first."""
    return month.astype("datetime64[D]").astype(np.int64)
