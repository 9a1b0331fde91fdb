"""What ground runs were on, by the runner's own word."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kneewatch import columns
from kneewatch.config import GroundRule, RunNote
from kneewatch.metrics.grounds import assign_grounds
from kneewatch.metrics.mix import metres_by_class


def ground(name: str, *rules: GroundRule, note: RunNote | None = None) -> tuple[Any, ...]:
    row = {
        "id": "a",
        "local_date": "2025-09-01",
        "name": name,
        "surface": "hard",
        "surface_source": "kind of sport",
        "sources": ("watch/1.fit",),
    }
    runs = columns.frame(columns.ACTIVITIES, [row], pd.Index(["a"], name="id", dtype=object))
    found = assign_grounds(runs, rules, [note] if note else [])
    return tuple(found[["surface", "surface_source"]].iloc[0])


FOREST = GroundRule("soft", when={"name": ("forest", "wald")})


def test_a_word_in_the_title() -> None:
    assert ground("Im Wald", FOREST) == ("soft", "kneewatch.toml")
    assert ground("Round the block", FOREST) == ("hard", "kind of sport")


def test_the_first_rule_that_matches_counts() -> None:
    assert ground("Wald", GroundRule("uneven", when={"name": "wald"}), FOREST)[0] == "uneven"


def test_a_note_about_the_run_comes_before_the_rules() -> None:
    found = ground("Wald", FOREST, note=RunNote("1.fit", surface="firm"))
    assert found == ("firm", "kneewatch.toml [[run]]")


def test_the_runners_word_is_for_the_whole_run() -> None:
    row = {"id": "a", "local_date": "2025-09-01", "name": "Wald", "surface": "hard"}
    split = {"surface_hard_m": 9e3, "surface_soft_m": 0.0, "distance_m": 1e4}
    runs = columns.frame(columns.ACTIVITIES, [row | split], pd.Index(["a"], dtype=object))
    for name, column in assign_grounds(runs, [FOREST], []).items():
        runs[name] = column
    assert metres_by_class(runs)["soft"].tolist() == [1e4]
    for name, column in assign_grounds(runs, [], []).items():
        runs[name] = column
    assert metres_by_class(runs)["soft"].tolist() == [1e4]


def test_the_runners_word_counts_where_the_map_says_the_same_of_most_of_it() -> None:
    row = {"id": "a", "local_date": "2025-09-01", "surface": "hard", "sources": ("1.fit",)}
    split = {"surface_hard_m": 6e3, "surface_soft_m": 4e3, "distance_m": 1e4}
    runs = columns.frame(columns.ACTIVITIES, [row | split], pd.Index(["a"], dtype=object))
    for name, column in assign_grounds(runs, [], [RunNote("1.fit", surface="hard")]).items():
        runs[name] = column
    assert metres_by_class(runs)["hard"].tolist() == [1e4]
