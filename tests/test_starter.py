"""A first kneewatch.toml: it can be read, says what was found, and is never written over."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from logbook import EMPTY, Log, logged

import kneewatch as kw
from kneewatch import config, starter
from kneewatch.errors import UsageError
from kneewatch.model import Pair

SAMPLE = Path(__file__).parents[1] / "sample_data"


def parsed(text: str, folder: Path) -> config.Config:
    return config.load(starter.write(folder, text))


def test_what_the_sample_tells(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "log")
    (tmp_path / "log" / "kneewatch.toml").unlink()
    found = parsed(kw.load(tmp_path / "log").starter(), tmp_path)
    assert found.home_timezone == "Europe/Vienna"
    assert (found.max_heart_rate_bpm, found.resting_heart_rate_bpm) == (184, 54)
    assert [shoe.name for shoe in found.shoes] == ["Road daily"]
    assert found.units.system == "km"


@logged
def test_shoes_of_files_and_registers(log: Log) -> None:
    """Two pairs that files name, one of them in a register.

    date, km, shoe
    2025-05-05, 10, Ghost "15"
    2025-05-07, 10, Clifton\\9
    """
    pairs = [Pair('Ghost "15"', since="2024-01-02", retired=True, worn_m=90_000, limit_m=6e5)]
    text = starter.compose(log.facts, pairs, "America/New_York")
    found = config.parse(starter_table(text))
    ghost, clifton = found.shoes
    assert (ghost.name, ghost.since, ghost.until) == (
        'Ghost "15"',
        date(2024, 1, 2),
        date(2025, 5, 5),
    )
    assert (ghost.worn_m, ghost.limit_m) == (90_000, 600_000)
    assert (clifton.name, clifton.since, clifton.until) == ("Clifton\\9", date(2025, 5, 7), None)
    assert found.units.system == "mi"


def starter_table(text: str) -> dict[str, object]:
    import tomllib

    return tomllib.loads(text)


def test_an_empty_log_gives_examples_alone(tmp_path: Path) -> None:
    found = parsed(starter.compose(EMPTY.facts, [], ""), tmp_path)
    assert found.shoes == ()
    assert found.home_timezone is None


@pytest.mark.parametrize(
    ("zone", "units"),
    [
        ("America/Chicago", "mi"),
        ("Europe/London", "mi"),
        ("America/Toronto", "km"),
        ("Europe/Vienna", "km"),
        ("", "km"),
    ],
)
def test_units_by_the_zone(zone: str, units: str, tmp_path: Path) -> None:
    assert parsed(starter.compose(EMPTY.facts, [], zone), tmp_path).units.system == units


def test_comments_become_settings_when_their_sign_is_taken_away(tmp_path: Path) -> None:
    text = starter.compose(EMPTY.facts, [], "")
    lines = [
        line.removeprefix("# ") if "=" in line or "[[" in line else line
        for line in text.splitlines()
    ]
    kept = [line for line in lines if not line.startswith("when = ") or "name" in line]
    kept = [line for line in kept if "weekday" not in line]
    found = parsed("\n".join(kept), tmp_path)
    assert found.shoes
    assert found.grounds
    assert found.notes


def test_what_is_there_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "kneewatch.toml").write_text("units = 'mi'", "utf-8")
    with pytest.raises(UsageError, match="stays as it is"):
        starter.write(tmp_path, "units = 'km'")
    assert (tmp_path / "kneewatch.toml").read_text("utf-8") == "units = 'mi'"


def test_the_zone_of_most_runs() -> None:
    assert starter.most_frequent(["A", "B", "", "A"]) == "A"
    assert starter.most_frequent(["A", "B"]) == "B"
    assert starter.most_frequent([""]) == ""
