"""Where the sample log and the real files are."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def sample() -> Path:
    """The log that the project ships."""
    return ROOT / "sample_data"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Real files of other people, where they are at hand."""
    folder = ROOT.parent / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip("the real files ../shared/corpus are not here")
    return folder
