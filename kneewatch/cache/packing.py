"""What a file gave, as text and bytes and back; nothing in them can be run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np

from kneewatch.model import FileResult, Floats, Hint, NotActivity, Pair, Problem, Row


def pack(result: FileResult) -> tuple[str, bytes]:
    """Text and numbers from which a result can be made again, under whatever name.

    Parameters
    ----------
    result : FileResult

    Returns
    -------
    str, bytes
        JSON, and as float64 what would take the longest as text: the numbers of all rows, and
        their histograms without the zeros around them.
    """
    numbers: list[Floats] = []
    said = {
        "rows": [_pack_row(row, result.source, numbers) for row in result.rows],
        "lost": result.lost,
        "problems": [_pack_reason(item, result.source) for item in result.problems],
        "others": [_pack_other(item, result.source) for item in result.not_activities],
    }
    return json.dumps(said), np.concatenate(numbers).tobytes() if numbers else b""


def unpack(said: str, numbers: bytes, name: str, key: str) -> FileResult:
    """The result again.

    Parameters
    ----------
    said, numbers : str, bytes
        As ``pack`` gave them.
    name : str
        Where the content lies now.
    key : str
    """
    item = json.loads(said)
    values = np.frombuffer(numbers)
    rows, place = [], 0
    for plain in item["rows"]:
        row, place = _unpack_row(plain, values, place, name)
        rows.append(row)
    return FileResult(
        name,
        rows=tuple(rows),
        lost=item["lost"],
        problems=tuple(Problem(name + suffix, reason) for suffix, reason in item["problems"]),
        not_activities=tuple(_unpack_other(other, name) for other in item["others"]),
        key=key,
    )


def _pack_row(row: Row, name: str, numbers: list[Floats]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    arrays: dict[str, tuple[int, int, int]] = {}
    floats: dict[str, float] = {}
    histograms: list[Floats] = []
    for column, value in row.items():
        if isinstance(value, np.ndarray):
            filled = np.flatnonzero(value)
            first, end = (int(filled[0]), int(filled[-1]) + 1) if len(filled) else (0, 0)
            histograms.append(value[first:end])
            arrays[column] = (len(value), first, end)
        elif isinstance(value, float):
            floats[column] = value
        elif isinstance(value, datetime):
            plain[column] = value.isoformat()
        elif column == "sources":
            plain[column] = [source.removeprefix(name) for source in value]
        else:
            plain[column] = value
    numbers += [np.array(list(floats.values()), dtype=np.float64), *histograms]
    return plain | {"floats": " ".join(floats), "arrays": arrays}


def _unpack_row(plain: dict[str, Any], values: Floats, place: int, name: str) -> tuple[Row, int]:
    floats, arrays = plain.pop("floats").split(), plain.pop("arrays")
    plain["start"] = datetime.fromisoformat(plain["start"])
    plain["sources"] = tuple([name + suffix for suffix in plain["sources"]])
    plain.update(zip(floats, values[place : place + len(floats)].tolist(), strict=True))
    place += len(floats)
    for column, (size, first, end) in arrays.items():
        array = np.zeros(size)
        array[first:end] = values[place : place + end - first]
        plain[column] = array
        place += end - first
    return plain, place


def _pack_reason(item: Problem | NotActivity, name: str) -> tuple[str, str]:
    return item.source.removeprefix(name), item.reason


def _pack_other(item: NotActivity, name: str) -> tuple[Any, ...]:
    pairs = [asdict(pair) for pair in item.pairs]
    hints = [(hint.key, dict(hint.values)) for hint in item.hints]
    return (*_pack_reason(item, name), hints, pairs)


def _unpack_other(said: Sequence[Any], name: str) -> NotActivity:
    suffix, reason, hints, pairs = said
    return NotActivity(
        name + suffix,
        reason,
        hints=tuple(Hint(key, values) for key, values in hints),
        pairs=tuple(Pair(**pair) for pair in pairs),
    )
