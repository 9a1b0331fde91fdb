"""Which activities a rule in ``kneewatch.toml`` is about, and which one a note names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from kneewatch.config import WEEKDAYS

Flags = npt.NDArray[np.bool_]


CONTAINED = {"name": "name", "device": "device", "gear": "shoe"}
"""Conditions that are looked for in a text, and the column that holds it."""


def meeting(
    runs: pd.DataFrame,
    since: date | None,
    until: date | None,
    when: Mapping[str, str | Sequence[str]],
) -> Flags:
    """Which activities lie between two days and meet all conditions.

    Parameters
    ----------
    runs : DataFrame
        ``columns.ACTIVITIES``, with the files' own word in ``shoe``.
    since, until : date or None
        First and last day.
    when : mapping
        ``sport``, ``sub_sport``, ``surface`` and ``weekday`` are compared as they are; ``name``,
        ``device`` and ``gear`` are looked for in the text. Of several values any will do.

    Returns
    -------
    ndarray of bool
    """
    met = np.ones(len(runs), dtype=bool)
    days = runs["local_date"].to_numpy()
    if since:
        met &= days >= since.isoformat()
    if until:
        met &= days <= until.isoformat()
    for key, said in when.items():
        met &= _meets(runs, key, (said,) if isinstance(said, str) else said)
    return met


def _meets(runs: pd.DataFrame, key: str, wanted: Sequence[str]) -> Flags:
    if key == "weekday":
        numbers = [WEEKDAYS.index(day[:3].lower()) for day in wanted]
        days = runs["local_date"].to_numpy(dtype="datetime64[D]")
        # The first day of all, 1 January 1970, was a Thursday.
        return np.isin((days.astype(np.int64) + 3) % 7, numbers)
    if key not in CONTAINED:
        return runs[key].isin(list(wanted)).to_numpy(dtype=bool)
    texts = runs[CONTAINED[key]].str.casefold()
    found = np.zeros(len(runs), dtype=bool)
    for word in wanted:
        found |= texts.str.contains(word.casefold(), regex=False).to_numpy(dtype=bool)
    return found


def named(runs: pd.DataFrame, said: str) -> Flags:
    """Which activities a note means: by id, by day, or by the end of a file's path.

    Parameters
    ----------
    runs : DataFrame
        ``columns.ACTIVITIES``.
    said : str
        ``2025-10-12``, ``9f3c1a…`` or ``watch/2025-10-12.fit``.
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\d", said):
        return (runs["local_date"] == said).to_numpy(dtype=bool)
    if said in runs.index:
        return np.asarray(runs.index == said, dtype=bool)
    return np.array([any(_ends(source, said) for source in own) for own in runs["sources"]], bool)


def _ends(source: str, said: str) -> bool:
    """Whether a path ends in another, at a boundary and whatever it is packed in."""
    for name in (source, source.removesuffix(".gz")):
        for end in (said, said.removesuffix(".gz")):
            if name == end or name.endswith((f"/{end}", f"!/{end}")):
                return True
    return False
