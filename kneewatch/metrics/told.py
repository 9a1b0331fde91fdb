"""What was set aside, as it is told to the runner."""

from __future__ import annotations

import math

from kneewatch.model import Duplicate, Glance, Row


def duplicate(row: Row, kept: Row, reason: str, rule: str) -> Duplicate:
    """A recording that was set aside for another, as it is told to the runner."""
    source, richer = row["sources"][0], kept["sources"][0]
    return Duplicate(source, richer, reason, rule, _glance(row), _glance(kept))


def _glance(row: Row) -> Glance:
    known = {
        name: value
        for name in ("distance_m", "elapsed_s")
        if (value := row.get(name)) is not None and math.isfinite(value)
    }
    return Glance(local_start=row["local_start"], device=row.get("device") or "", **known)
