"""What the rules said of past days, remembered: a year that is over does not change.

Remembered is a block of days under a digest of all that went into it: its rows, the days asked
about, what ``kneewatch.toml`` says of them, the evidence and the code. Whatever changes, it is
asked anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from kneewatch import evidence
from kneewatch.audit.verdicts import Ask, Verdict
from kneewatch.cache import Cache, code_digest
from kneewatch.config import Config
from kneewatch.model import Row

CODE = (
    "audit",
    "rules",
    "metrics",
    "columns.py",
    "config",
    "diary",
    "evidence.py",
    "model.py",
    "units.py",
)
"""Parts of the program that decide what a verdict says."""

NO_MATTER = frozenset({"name", "notes", "sources"})
"""What a rule does not look at, once tags of pain are left out."""


class Memory:
    """Verdicts of earlier audits.

    Parameters
    ----------
    place : Path
        Folder of the cache.
    """

    def __init__(self, place: Path) -> None:
        self._place = place

    def recall(self, keys: Sequence[str]) -> dict[str, tuple[Verdict, ...]]:
        """Verdicts by key, those that are remembered."""
        with closing(Cache(self._place, "")) as rows:
            found = rows.verdicts(keys)
        read = {key: _read(said) for key, said in found.items()}
        return {key: verdicts for key, verdicts in read.items() if verdicts is not None}

    def keep(self, judged: Mapping[str, Sequence[Verdict]]) -> None:
        """Remember verdicts."""
        with closing(Cache(self._place, "")) as rows:
            rows.keep_verdicts({key: _written(verdicts) for key, verdicts in judged.items()})


def row_digest(row: Row) -> bytes:
    """Of all that rules see of an activity, however it came into memory."""
    digest = hashlib.sha256()
    for name in sorted(row.keys() - NO_MATTER):
        digest.update(f"{name}={_plain(row[name])!r};".encode())
    return digest.digest()


def block_key(rows: Iterable[bytes], asks: Iterable[Ask], first_day: date, config: Config) -> str:
    """Of a block of days [hex]."""
    asked = [(ask.day.isoformat(), ask.ran, ask.since.isoformat()) for ask in asks]
    decided = (sorted(config.ignore), config.grounds, config.notes)
    setting = (_code(), evidence.digest(), decided, first_day.isoformat())
    digest = hashlib.sha256(repr((setting, asked)).encode())
    for row in rows:
        digest.update(row)
    return digest.hexdigest()[:32]


@cache
def _code() -> str:
    return code_digest(CODE)


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.astype(np.float64).tobytes()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, datetime):
        return value.timestamp()
    return tuple(value) if isinstance(value, list) else value


def _written(verdicts: Sequence[Verdict]) -> str:
    return json.dumps([asdict(verdict) for verdict in verdicts], default=date.isoformat)


def _read(said: str) -> tuple[Verdict, ...] | None:
    """The verdicts again; None where they are none, whatever became of them."""
    try:
        return tuple(
            Verdict(
                **each
                | {
                    "day": date.fromisoformat(each["day"]),
                    "alerts": tuple(each["alerts"]),
                    "untold": tuple(each["untold"]),
                }
            )
            for each in json.loads(said)
        )
    except (ValueError, TypeError, KeyError):
        return None
