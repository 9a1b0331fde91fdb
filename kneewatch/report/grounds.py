"""How sure a rule is, in words: grade, limits and their basis, papers for and against."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from kneewatch.evidence import GRADES, LOUDEST, Evidence, Measure, Paper, RuleEvidence
from kneewatch.model import Finding
from kneewatch.report import spelling, words
from kneewatch.rules import BOOK
from kneewatch.rules.knee import EXPOSURES_OF, exposures_of
from kneewatch.units import Units, duration, percent

BASES = {
    "paper": "from a study",
    "convention": "the usual advice",
    "ours": "our own choice",
}
"""Where a limit comes from."""

SUPPORT = {2: "reviewed or laboratory support", 1: "a plausible mechanism"}
"""How well it is known that an exposure loads a tissue."""


@dataclass(frozen=True)
class LimitWords:
    """A limit as a row: what it is called, its value, its basis and why."""

    name: str
    value: str
    basis: str
    why: str


@dataclass(frozen=True)
class Loaded:
    """A tissue behind the knee and what of the findings loads it.

    Attributes
    ----------
    by : tuple of (str, tuple of str)
        How well it is known that such running loads it, which may be empty, and the rules.
    """

    name: str
    pattern: str
    other: str
    by: tuple[tuple[str, tuple[str, ...]], ...]


def grade_title(grade: str) -> str:
    """``Grade B``, or ``Convention``."""
    return "Convention" if grade == "convention" else f"Grade {grade}"


def grade_meaning(grade: str) -> str:
    """What stands behind a grade."""
    return GRADES.get(grade, "no grade")


def grade_line(grade: str) -> str:
    """Both in one line."""
    return f"{grade_title(grade)}: {grade_meaning(grade)}"


def how_loud(grade: str) -> str:
    """How loud a rule of the grade may be."""
    loudest = LOUDEST.get(grade)
    return f"so it speaks no louder than a {words.SEVERITIES[loudest].lower()}" if loudest else ""


def amount(value: float, unit: str, units: Units) -> str:
    """A number of a limit's unit in words.

    Metres below a kilometre are heights or short, those above are distances.
    """
    if value is None or math.isnan(value):
        return "unknown"
    if unit == "m":
        if abs(value) < 1000:
            return units.height(value)
        return units.distance(value, 0 if abs(value) >= 100_000 else 1)
    if unit == "share":
        return percent(value)
    if unit == "ratio":
        return f"{value:.3g} times"
    if unit == "s":
        return duration(value)
    if unit == "m/s":
        return units.pace(value)
    name = unit.removesuffix("s") if value == 1 else unit
    return f"{value:,.4g} {name}".removesuffix(" -").strip()


def measured(finding: Finding, units: Units) -> str:
    """What was observed against its limit; empty where that is no measure.

    A limit of none (KW701 speaks of one finding as of three) says nothing beside the message.
    """
    if finding.limit == 0:
        return ""
    if finding.unit == "m" and abs(finding.limit) < 1000:
        # The limit tells whether it is a height, however great that is.
        return f"{units.height(finding.observed)}; the limit is {units.height(finding.limit)}"
    seen = amount(finding.observed, finding.unit, units)
    return f"{seen}; the limit is {amount(finding.limit, finding.unit, units)}"


OTHERWISE = frozenset(BOOK) - EXPOSURES_OF.keys() - {"KW701"}
"""Rules that speak of no exposure of the table of EVIDENCE 12."""

_UNIT = re.compile(r"_(m|s|mps|spm|deg|days|percent|m_per_km)$")


def limits(rule: RuleEvidence, units: Units) -> list[LimitWords]:
    """The limits of a rule, in the order of the book."""
    return [
        LimitWords(
            spelling.spoken(name),
            amount(limit.value, limit.unit, units),
            BASES.get(limit.basis, limit.basis),
            limit.why,
        )
        for name, limit in rule.limits.items()
    ]


def measures(listed: Iterable[Measure]) -> dict[str, list[LimitWords]]:
    """How what a rule looks at is measured: rows by what is measured; in SI, as the code has it."""
    rows: dict[str, list[LimitWords]] = {}
    for measure in listed:
        name = _UNIT.sub("", measure.name.rpartition(".")[2].lower()).replace("_", " ")
        basis = BASES.get(measure.basis, measure.basis)
        row = LimitWords(name, _size(measure), basis, measure.why)
        rows.setdefault(spelling.spoken(measure.what), []).append(row)
    return rows


def _size(measure: Measure) -> str:
    values = measure.value if isinstance(measure.value, tuple) else (measure.value,)
    times, unit = {"share": (100, "%"), "ratio": (1, "times")}.get(measure.unit, (1, measure.unit))
    # 100 times 0.3 comes to a little more than 30.
    return f"{' to '.join(f'{times * value:.6g}' for value in values)} {unit}".replace("-", "−")


def papers(keys: tuple[str, ...], evidence: Evidence) -> list[Paper]:
    """The papers of those keys; a key without a paper is passed over."""
    return [evidence.papers[key] for key in keys if key in evidence.papers]


def second_hand(paper: Paper) -> str:
    """A remark on a paper that was only read about, empty on one that was opened."""
    return "" if paper.read == "abstract or full text" else "read about in another text"


def loaded(findings: tuple[Finding, ...], evidence: Evidence) -> list[Loaded]:
    """The tissues that the findings load, those with most support first.

    Sums over a tissue are no probability, so none are made.
    """
    by: dict[str, list[tuple[Finding, int]]] = {}
    # Two hard days in a row (KW122) are no column of the table of what loads a tissue, so nothing
    # can be said of how well that is known.
    findings = tuple(f for f in findings if f.code not in OTHERWISE)
    # A finding that only gathers the others would name every tissue twice.
    gathered = {key for finding in findings if finding.code != "KW701" for key in finding.tissues}
    for finding in findings:
        for key in finding.tissues:
            if finding.code == "KW701" and key in gathered:
                continue
            by.setdefault(key, []).append((finding, _support(finding, key, evidence)))
    order = sorted(by, key=lambda key: -max(support for _, support in by[key]))
    return [_loaded(key, by[key], evidence) for key in order]


def _support(finding: Finding, key: str, evidence: Evidence) -> int:
    tissue = evidence.tissues.get(key)
    names = exposures_of(finding) if tissue else ()
    return max((tissue.loads.get(name, 0) for name in names), default=0) if tissue else 0


def _loaded(key: str, by: list[tuple[Finding, int]], evidence: Evidence) -> Loaded:
    tissue = evidence.tissues.get(key)
    ways: dict[str, dict[str, str]] = {}
    for finding, support in sorted(by, key=lambda item: -item[1]):
        way = ways.setdefault(SUPPORT.get(support, ""), {})
        way[finding.code] = spelling.spoken(finding.name)
    told = tuple(
        (support, tuple(f"{name} ({code})" for code, name in way.items()))
        for support, way in ways.items()
    )
    if tissue is None:
        return Loaded(spelling.spoken(key), "", "", told)
    return Loaded(tissue.name, tissue.pattern, tissue.other, told)
