"""What a finding measured, and which tissues the findings load."""

from __future__ import annotations

from typing import Any

import pytest

from kneewatch import evidence
from kneewatch.model import Finding, Severity
from kneewatch.report import grounds
from kneewatch.units import Units

KNOWN = evidence.load()


def finding(code: str, **changes: Any) -> Finding:
    cells = {
        "name": code.lower(),
        "severity": Severity.NOTE,
        "grade": "D",
        "start": "2025-11-02",
        "end": "2025-11-02",
        "observed": 1.4,
        "limit": 1.1,
        "unit": "ratio",
        "message": "it was more",
    }
    return Finding(code=code, **{**cells, **changes})


@pytest.mark.parametrize(
    ("observed", "limit", "system", "words"),
    [
        (6700.0, 200.0, "km", "6,700 m; the limit is 200 m"),
        (900.0, 200.0, "mi", "2,950 ft; the limit is 660 ft"),
        (3200.0, 1500.0, "km", "3.2 km; the limit is 1.5 km"),
        (800.0, 1500.0, "km", "800 m; the limit is 1.5 km"),
    ],
)
def test_descent_is_a_height_however_great(
    observed: float, limit: float, system: Any, words: str
) -> None:
    """KW202: 6.7 km against 200 m looked like a distance."""
    said = finding("KW202", observed=observed, limit=limit, unit="m")
    assert grounds.measured(said, Units(system)) == words


def test_a_limit_of_none_is_no_measure() -> None:
    gathered = finding("KW701", observed=3.0, limit=0.0, unit="findings")
    assert grounds.measured(gathered, Units()) == ""
    assert grounds.measured(finding("KW102"), Units()) == "1.4 times; the limit is 1.1 times"


def test_hard_days_in_a_row_are_not_among_what_loads_a_tissue() -> None:
    """KW122 names tissues, but the table of EVIDENCE 12 has no such column: no strength to say."""
    calf = ("gastrocnemius", "hamstrings")
    fast, days = (finding(code, tissues=calf) for code in ("KW111", "KW122"))
    gathered = finding("KW701", tissues=calf)
    told = grounds.loaded((fast, days, gathered), KNOWN)
    assert len(told) == 2
    for tissue in told:
        assert tissue.by == (("reviewed or laboratory support", ("Kw111 (KW111)",)),)
    assert grounds.loaded((days,), KNOWN) == []
