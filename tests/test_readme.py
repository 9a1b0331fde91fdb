"""What the README shows is run as it stands there."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from kneewatch import config
from kneewatch.readers import READERS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


COMMANDS = [
    line.removeprefix("$ ").partition("#")[0].strip()
    for block in blocks("console")
    for line in block.splitlines()
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample in it, as a reader of the README has it."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "sample_data", folder / "sample_data")
    # What the command before it would have made.
    shutil.copytree(ROOT / "sample_data" / "phone", folder / "library")
    return folder


def test_every_verb_is_shown() -> None:
    verbs = {command.split()[1] for command in COMMANDS}
    assert verbs == {
        "report",
        "check",
        "runs",
        "explain",
        "plan",
        "audit",
        "doctor",
        "duplicates",
        "shoes",
        "archive",
        "init",
        "demo",
        "cache",
        "pain",
    }


@pytest.mark.parametrize("command", COMMANDS)
def test_command_works(command: str, place: Path) -> None:
    program = Path(sys.executable).with_name("kneewatch")
    words = command.split()
    assert words[0] == "kneewatch"
    done = subprocess.run(
        [str(program), *words[1:]], cwd=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert len(lines) > {"duplicates": 0, "cache": 1, "audit": 1, "init": 1, "shoes": 2}.get(
        words[1], 5
    )
    if "-o" in words:
        written = {path.name for path in (place / "out").iterdir()}
        assert written == {"index.html", "report.md", "report.json", "charts"}


def test_python_works(place: Path) -> None:
    # The other block is for a cluster, and tested on one.
    code, _ = blocks("python")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    )
    assert done.returncode == 0, done.stderr
    assert "clear-jump" in done.stdout


def test_configuration_is_valid() -> None:
    (text,) = blocks("toml")
    settings = config.parse(tomllib.loads(text))
    assert settings.shoes[0].worn_m == 120_000
    assert settings.ignore == {"KW301"}
    assert len(settings.same) == len(settings.different) == 1


def test_every_format_is_named() -> None:
    names = {reader.__name__.rpartition(".")[2] for reader in READERS}
    vendors = {"garmin_account", "apple_health", "polar", "suunto", "nike"}
    assert names == {"fit", "gpx", "tcx", "kml", "table"} | vendors
    words = ("FIT", "GPX", "TCX", "CSV", "KML", "Polar", "Suunto", "Nike", "Apple Health")
    assert all(f"| {word}" in README for word in (*words, "Garmin's account export"))


def test_every_linked_file_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).is_file()] == []
