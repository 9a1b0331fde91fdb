"""Where the sample log and the real files are."""

from __future__ import annotations

from collections.abc import Iterator
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


@pytest.fixture(autouse=True, scope="session")
def no_cache_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Rows that tests derive are nobody's but theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KNEEWATCH_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield
