"""What one file of an export says of activities that lie in others: a register of gear, mostly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kneewatch.metrics.filling import UNTOLD
from kneewatch.model import NotActivity, Row


def apply_hints(rows: Sequence[Row], others: Iterable[NotActivity]) -> list[Row]:
    """Fill in what rows lack and another file says of them.

    Parameters
    ----------
    rows : sequence of dict
        Exposure rows, with their ``keys``.
    others : iterable of NotActivity
        Files without activities, with their ``hints``.

    Returns
    -------
    list of dict
        The rows; what was filled is noted by column in ``filled_from``. What a row knows of
        itself stays, and of two hints the first counts.
    """
    hints: dict[str, list[tuple[str, str, Any]]] = {}
    for other in others:
        for hint in other.hints:
            said = hints.setdefault(hint.key, [])
            said += [(name, other.source, value) for name, value in hint.values.items()]
    if not hints:
        return list(rows)
    return [
        _filled(row, [said for key in row["keys"] for said in hints.get(key, ())]) for row in rows
    ]


def _filled(row: Row, said: Sequence[tuple[str, str, Any]]) -> Row:
    filled: Row = {}
    sources: dict[str, str] = dict(row.get("filled_from") or {})
    for name, source, value in said:
        if name not in filled and row.get(name) in (None, *UNTOLD):
            filled[name] = value
            sources[name] = source
    if "shoe" in filled:
        filled["shoe_source"] = "file"
    return row | filled | {"filled_from": sources} if filled else row
