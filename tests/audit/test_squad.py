"""Which folders are runners."""

from __future__ import annotations

from pathlib import Path

import pytest

from kneewatch.audit.squad import runners
from kneewatch.errors import UsageError


def test_a_folder_of_folders_is_a_squad(tmp_path: Path) -> None:
    for name in ("b", "a", ".git"):
        (tmp_path / name).mkdir()
    assert runners([tmp_path]) == [tmp_path / "a", tmp_path / "b"]


def test_a_folder_with_files_is_one_runner(tmp_path: Path) -> None:
    (tmp_path / "activities").mkdir()
    (tmp_path / "pain.csv").touch()
    assert runners([tmp_path]) == [tmp_path]
    assert runners([tmp_path / "pain.csv"]) == [tmp_path / "pain.csv"]


def test_an_empty_folder_is_a_runner_without_files(tmp_path: Path) -> None:
    assert runners([tmp_path]) == [tmp_path]


def test_nobody_counts_twice(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(UsageError, match="named twice"):
        runners([tmp_path, tmp_path / "a"])


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        runners([tmp_path / "gone"])
