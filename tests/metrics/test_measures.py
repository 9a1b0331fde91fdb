"""The numbers that decide how something is measured are in the code what evidence.toml says."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

import pytest

from kneewatch import evidence
from kneewatch.evidence import Measure
from kneewatch.metrics import elevation, form, habits, hard, intensity, steps
from kneewatch.report import grounds, methods
from kneewatch.rules import BOOK

KNOWN = evidence.load()
MODULES = (elevation, form, habits, hard, intensity, steps)


def in_the_code(name: str) -> Any:
    """A constant of a module, or the default of a function's keyword."""
    module, *path = name.split(".")
    found = getattr(import_module(f"kneewatch.metrics.{module}"), path[0])
    return inspect.signature(found).parameters[path[1]].default if path[1:] else found


def defaults() -> list[str]:
    """Every keyword of a function of these modules whose default is a number or a range."""
    found = []
    for module in MODULES:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != module.__name__:
                continue
            for keyword, parameter in inspect.signature(function).parameters.items():
                only = parameter.kind is inspect.Parameter.KEYWORD_ONLY
                if only and isinstance(parameter.default, int | float | tuple):
                    found.append(f"{module.__name__.rpartition('.')[2]}.{name}.{keyword}")
    return found


@pytest.mark.parametrize("measure", list(KNOWN.measures.values()), ids=list(KNOWN.measures))
def test_the_code_has_the_number(measure: Measure) -> None:
    value = in_the_code(measure.name)
    assert value == measure.value
    assert isinstance(value, tuple) == isinstance(measure.value, tuple)


@pytest.mark.parametrize("name", defaults())
def test_no_number_stands_in_the_code_alone(name: str) -> None:
    assert name in KNOWN.measures


@pytest.mark.parametrize("measure", list(KNOWN.measures.values()), ids=list(KNOWN.measures))
def test_every_number_has_unit_basis_and_reason(measure: Measure) -> None:
    assert measure.basis in {"paper", "ours"}
    assert measure.unit
    assert len(measure.why.split()) >= 3
    assert not measure.why.endswith(".")
    assert set(measure.papers) <= KNOWN.papers.keys()
    assert set(measure.rules) <= BOOK.keys()
    if measure.basis == "paper":
        assert measure.papers, "by which paper"
    if measure.unit == "share":
        values = measure.value if isinstance(measure.value, tuple) else (measure.value,)
        assert all(-1 <= value <= 1 for value in values)


def test_a_rule_tells_its_own_numbers() -> None:
    told = grounds.measures(KNOWN.measures_of("KW601"))
    assert "How a run begins and ends" in told
    held = next(row for row in told["How a run begins and ends"] if row.name == "held")
    assert (held.value, held.basis) == ("30 s", "our own choice")
    assert "not one after the other" in held.why, "EVIDENCE 8 says no second"
    assert "A sharp turn" not in told
    assert KNOWN.measures_of("KW401") == ()
    (reserve, *_) = told["Critical speed from the best efforts"]
    assert reserve.value == "60 to 450 m"
    steep = grounds.measures(KNOWN.measures_of("KW505"))["Running on the level, and steep down"]
    assert [row.value for row in steep if row.name == "steep grade"] == ["−5 %"]


def test_the_small_print_has_these_numbers() -> None:
    (hard_running,) = [said for label, said in methods.METHODS if label == "Hard running"]
    for name, words in (
        ("window_days", "{:.0f} days"),
        ("share_of_max", "{:.0%}"),
        ("share_of_reserve", "{:.0%}"),
    ):
        value = KNOWN.measures[f"hard.hard_seconds.{name}"].value
        assert words.format(value).replace("%", " %") in hard_running
