"""Papers and limits from ``evidence.toml``; the one place where a number meets a limit."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from kneewatch.model import Severity

LOUDEST = {
    "A": Severity.WARNING,
    "B": Severity.WARNING,
    "C": Severity.CAUTION,
    "convention": Severity.CAUTION,
    "D": Severity.NOTE,
}
"""How loud a rule of that grade may be."""

GRADES = {
    "A": "trials, or several large cohorts that agree",
    "B": "one large cohort with measured exposure",
    "C": "small or conflicting cohorts, or laboratory mechanics carried over to injury",
    "D": "expert opinion, case series, null or contradictory results",
    "convention": "widely advised, carried by no study",
}

_NOISE = 1e-9


@dataclass(frozen=True)
class Paper:
    """A publication, and what it says in a sentence or two."""

    key: str
    cite: str
    says: str
    read: str
    doi: str = ""
    people: int | None = None


@dataclass(frozen=True)
class Limit:
    """A number that decides whether to warn.

    Attributes
    ----------
    value : float
        In ``unit``, SI.
    basis : {"paper", "convention", "ours"}
        Where the number comes from.
    why : str
        One sentence.
    """

    name: str
    value: float
    unit: str
    basis: str
    why: str

    def exceeded_by(self, observed: float) -> bool:
        """Whether ``observed`` is above the limit, beyond the noise of arithmetic.

        Eleven against ten kilometres is an increase of 10 % and not above 10 %, whatever
        ``11 / 10 - 1`` comes to. NaN never exceeds.
        """
        return observed > self.value + _NOISE * max(1.0, abs(self.value))

    def reached_by(self, observed: float) -> bool:
        """Whether ``observed`` is at the limit or above it."""
        return observed >= self.value - _NOISE * max(1.0, abs(self.value))


@dataclass(frozen=True)
class Measure:
    """A number that decides how something is measured, as the code has it.

    Attributes
    ----------
    name : str
        Where it stands in ``kneewatch.metrics``: ``hard.critical_speed.reserve_m`` for a keyword,
        ``weeks.DAYS_FOR_A_KNOWN_WEEK`` for a constant.
    value : float or tuple of float
        In ``unit``, SI; two are a range.
    basis, why : str
        As of a limit.
    papers : tuple of str
        Keys of those that it leans on.
    rules : tuple of str
        Codes of the rules that rest on it.
    what : str
        What is measured with it.
    """

    name: str
    value: float | tuple[float, ...]
    unit: str
    basis: str
    why: str
    papers: tuple[str, ...]
    rules: tuple[str, ...]
    what: str


@dataclass(frozen=True)
class RuleEvidence:
    """What is known for and against one rule, and its limits."""

    code: str
    grade: str
    mech: str
    family: str
    papers_for: tuple[str, ...]
    papers_against: tuple[str, ...]
    limits: Mapping[str, Limit]

    def __getitem__(self, name: str) -> Limit:
        return self.limits[name]

    def loud(self, wanted: Severity) -> Severity:
        """The severity that is wanted, or the loudest that the grade allows."""
        return min(wanted, LOUDEST[self.grade])

    @property
    def papers(self) -> tuple[str, ...]:
        """Keys of all papers, for and against."""
        return (*self.papers_for, *self.papers_against)


@dataclass(frozen=True)
class Tissue:
    """A structure at the back of the knee and which exposures load it (EVIDENCE 12).

    Attributes
    ----------
    loads : mapping of str to int
        Exposure: 0 none, 1 plausible mechanism, 2 reviewed or laboratory support.
    places : tuple of str
        Where it lies, in the words of a pain entry; others lie there too.
    """

    key: str
    name: str
    pattern: str
    other: str
    loads: Mapping[str, int]
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sign:
    """Something a runner may notice and note.

    Attributes
    ----------
    key, says : str
        ``cold-foot`` and what it stands for in words.
    urgency : {"emergency", "same_day", "within_days", "none"}
        How soon it belongs to a clinician; ``none`` for what is no red flag.
    also : tuple of str
        Other names for it.
    clot : bool
        Whether the context of a blood clot is asked with it.
    """

    key: str
    says: str
    urgency: str
    also: tuple[str, ...] = ()
    clot: bool = False


@dataclass(frozen=True)
class Evidence:
    """The whole of ``evidence.toml``."""

    rules: Mapping[str, RuleEvidence]
    papers: Mapping[str, Paper]
    tissues: Mapping[str, Tissue]
    red_flags: Mapping[str, Any]
    score: Mapping[str, Any]
    signs: Mapping[str, Sign] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)

    def limit(self, code: str, name: str) -> Limit:
        """The limit ``name`` of rule ``code``."""
        return self.rules[code].limits[name]

    def measures_of(self, code: str) -> tuple[Measure, ...]:
        """The numbers that decide how what a rule looks at is measured."""
        return tuple(each for each in self.measures.values() if code in each.rules)

    def sign(self, name: str) -> Sign | None:
        """The sign of that name or of one of its other names, None where there is none."""
        if name in self.signs:
            return self.signs[name]
        return next((sign for sign in self.signs.values() if name in sign.also), None)

    def log_ratio(self, name: str) -> float:
        """Natural logarithm of a rate ratio of the score [-]."""
        return math.log(self.score[name])


def _text() -> str:
    return files("kneewatch").joinpath("evidence.toml").read_text("utf-8")


@cache
def digest() -> str:
    """Of the limits and papers, so that what was said can be traced to them [hex]."""
    return hashlib.sha256(_text().encode()).hexdigest()[:16]


@cache
def load() -> Evidence:
    """Read ``evidence.toml`` once."""
    table = tomllib.loads(_text())
    signs = {
        key: Sign(key, **{**entry, "also": tuple(entry.get("also", ()))})
        for key, entry in table["sign"].items()
    }
    return Evidence(
        rules={code: _rule(code, entry) for code, entry in table["rule"].items()},
        papers={key: Paper(key, **entry) for key, entry in table["paper"].items()},
        tissues={
            key: Tissue(key, **{**entry, "places": tuple(entry["places"])})
            for key, entry in table["tissue"].items()
        },
        red_flags=_red_flags(table["red_flags"], signs),
        score=table["score"],
        signs=signs,
        measures=dict(_measures(table["measure"])),
    )


def _measures(modules: Mapping[str, Any]) -> Iterator[tuple[str, Measure]]:
    """All numbers of measuring by name; what holds for a function holds for its keywords."""
    for module, entries in modules.items():
        for name, entry in entries.items():
            if "value" in entry:
                yield f"{module}.{name}", _measure(f"{module}.{name}", entry)
                continue
            of_all = {key: entry[key] for key in ("what", "rules", "papers")}
            for keyword, number in entry.items():
                if keyword not in of_all:
                    path = f"{module}.{name}.{keyword}"
                    yield path, _measure(path, {**of_all, **number})


def _measure(name: str, entry: Mapping[str, Any]) -> Measure:
    value = entry["value"]
    lists = {key: tuple(entry[key]) for key in ("rules", "papers")}
    value = tuple(value) if isinstance(value, list) else value
    return Measure(name=name, **{**entry, **lists, "value": value})


def _red_flags(table: Mapping[str, Any], signs: Mapping[str, Sign]) -> dict[str, Any]:
    """What to do by urgency, and with it the signs in words."""
    lists = {
        urgency: [sign.says for sign in signs.values() if sign.urgency == urgency]
        for urgency in table["actions"]
    }
    return {**lists, **table}


def _rule(code: str, entry: Mapping[str, Any]) -> RuleEvidence:
    limits = {name: Limit(name=name, **limit) for name, limit in entry["limits"].items()}
    return RuleEvidence(
        code=code,
        grade=entry["grade"],
        mech=entry["mech"],
        family=entry["family"],
        papers_for=tuple(entry["for"]),
        papers_against=tuple(entry["against"]),
        limits=limits,
    )
