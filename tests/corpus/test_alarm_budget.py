"""A real log of four years: how often it would have been told of a clear jump."""

from __future__ import annotations

from pathlib import Path

import kneewatch as kw
from kneewatch.rules.alarms import own_rate


def test_at_most_one_run_in_ten_is_a_clear_jump(corpus: Path) -> None:
    """EVIDENCE 13: an alarm that sounds more often is none."""
    log = kw.load(corpus / "logs" / "watch_2013_2017", cache=False)
    rate = own_rate(log.facts, days=5000)
    assert rate.runs > 450
    assert rate.loud >= 1
    assert not rate.over_budget, rate
