"""The sample log gives what it gave when a human last looked: runs, weeks, shoes, review, accounts.

After a wanted change, write the goldens anew with ``KNEEWATCH_WRITE_GOLDEN=1 pytest
tests/test_golden.py`` and read the difference before committing it.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kneewatch as kw
from kneewatch.report import payload

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).with_name("golden")

PARTS: dict[str, Callable[[kw.RunLog], Any]] = {
    "runs": lambda log: payload.runs(log.runs),
    "weeks": lambda log: payload.weeks(log.weeks),
    "shoes": lambda log: payload.shoes(log.shoes),
    "check": lambda log: payload.check(log.check()),
    "doctor": lambda log: payload.doctor(log.tally),
}


@pytest.fixture(scope="module")
def log() -> kw.RunLog:
    return kw.load(ROOT / "sample_data", jobs=2)


def rounded(value: Any) -> Any:
    """Floats to six significant figures: the last bits differ from processor to processor."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return value


@pytest.mark.parametrize("part", PARTS)
def test_sample_gives_what_it_gave(part: str, log: kw.RunLog) -> None:
    path = GOLDEN / f"sample_{part}.json"
    found = rounded(json.loads(payload.dumps(PARTS[part](log))))
    if os.environ.get("KNEEWATCH_WRITE_GOLDEN"):
        path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    wanted = json.loads(path.read_text("utf-8"))
    assert found == wanted
