"""Who starts quickly: what is not needed for a task is not imported for it."""

import subprocess
import sys

import pytest

SHOW = "import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"


def packages_after(statement: str) -> set[str]:
    """Top-level packages that a fresh interpreter holds after a statement."""
    command = [sys.executable, "-c", f"{statement}\n{SHOW}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module", ["kneewatch", "kneewatch.model", "kneewatch.errors", "kneewatch.units"]
)
def test_the_ground_floor_needs_nothing(module: str) -> None:
    """The help waits for these, and says no more than click knows."""
    heavy = {"numpy", "pandas", "matplotlib", "jinja2", "rich", "tzfpy", "gpxpy", "fitdecode"}
    assert not packages_after(f"import {module}") & heavy


@pytest.mark.parametrize("module", ["kneewatch.config", "kneewatch.columns", "kneewatch.evidence"])
def test_settings_need_no_arrays(module: str) -> None:
    assert not packages_after(f"import {module}") & {"numpy", "pandas", "matplotlib"}


def test_a_worker_needs_no_frames_and_no_pictures() -> None:
    """Each worker process reads files and measures tracks; a frame is built from all of them."""
    held = packages_after("import kneewatch.readers, kneewatch.metrics.exposure")
    assert "numpy" in held
    assert not held & {"pandas", "matplotlib", "jinja2", "rich", "click"}


def test_a_check_draws_nothing() -> None:
    held = packages_after(
        "import kneewatch.rules, kneewatch.report.terminal, kneewatch.report.payload"
    )
    assert "pandas" in held
    assert not held & {"matplotlib", "jinja2"}


def test_public_names_come_when_asked_for() -> None:
    statement = """
import sys, kneewatch
assert set(kneewatch.__all__) <= set(dir(kneewatch))
assert "pandas" not in sys.modules
assert kneewatch.UsageError.__module__ == "kneewatch.errors"
assert "pandas" not in sys.modules
from kneewatch import *
assert load.__module__ == "kneewatch.log"
assert all(name in globals() for name in kneewatch.__all__)
assert not hasattr(kneewatch, "lod")
"""
    assert "pandas" in packages_after(statement)
