"""What a map and laps say of a run, beside what its file says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from kneewatch.columns import ACTIVITIES, GROUNDS, SURFACES
from kneewatch.metrics.duplicates import merge_duplicates
from kneewatch.metrics.exposure import Where, expose
from kneewatch.model import Activity, Floats, Recording

START = datetime(2025, 6, 14, 16, 0, tzinfo=UTC)
TIME = np.arange(3601.0)
SPLIT = [f"surface_{name}_m" for name in GROUNDS]

Row = dict[str, Any]


def a_map(**shares: float) -> Where:
    """A map that tells so much of each run, class by class from its start; the rest is unknown."""

    def where(lat: Floats, lon: Floats, time: Floats, segment: Floats) -> Any:
        codes = np.full(len(lat), SURFACES.index("unknown"), dtype=np.uint8)
        begin = 0.0
        for name, share in shares.items():
            codes[int(begin * len(lat)) : int((begin + share) * len(lat))] = SURFACES.index(name)
            begin += share
        return codes

    return where


def no_map(*_: Floats) -> Any:
    raise AssertionError("asked for the ground of what was not run on any")


def run(where: Where | None, **about: Any) -> Row:
    """Ten kilometres straight on."""
    track = {
        "time_s": TIME,
        "distance_m": TIME * 10_000 / 3600,
        "lat_deg": 48 + TIME * 2.5e-5,
        "lon_deg": np.full(len(TIME), 11.0),
    }
    fields = {"id": "a", "source": "a.fit", "start": START, "sport": "running", **about}
    return expose(Recording(Activity(**fields), track), "Europe/Vienna", where)


def split(row: Row) -> dict[str, float]:
    """Kilometres by class, without those on which nothing was run."""
    return {
        name: round(row[f"surface_{name}_m"] / 1000, 1)
        for name in GROUNDS
        if row[f"surface_{name}_m"]
    }


def untold(row: Row) -> bool:
    return not any(row.get(name) for name in SPLIT)


def test_each_class_by_its_metres() -> None:
    row = run(a_map(hard=0.5, soft=0.3))
    assert split(row) == {"hard": 5.0, "soft": 3.0}
    assert (row["surface"], row["surface_source"]) == ("hard", "map")


def test_every_key_is_a_column() -> None:
    assert set(SPLIT) <= set(ACTIVITIES)
    assert set(SPLIT) <= set(run(a_map(hard=1.0)))


@pytest.mark.parametrize(
    ("shares", "surface"),
    [
        ({"hard": 1.0}, "hard"),
        ({"hard": 0.26, "soft": 0.25}, "hard"),
        ({"hard": 0.4, "firm": 0.3, "uneven": 0.3}, "unknown"),  # no class has half of it
        ({"hard": 0.45, "firm": 0.0}, "unknown"),  # not half of it is known
    ],
)
def test_the_class_of_at_least_half_if_half_is_known(
    shares: dict[str, float], surface: str
) -> None:
    assert run(a_map(**shares))["surface"] == surface


def test_what_is_known_of_less_than_half_still_counts_in_metres() -> None:
    row = run(a_map(uneven=0.3))
    assert (row["surface"], row["surface_source"]) == ("unknown", "none")
    assert split(row) == {"uneven": 3.0}


@pytest.mark.parametrize(("sub_sport", "guess"), [("trail", "uneven"), ("street", "hard")])
def test_a_map_wins_over_a_guess(sub_sport: str, guess: str) -> None:
    row = run(a_map(firm=0.6), sub_sport=sub_sport)
    assert (row["surface"], row["surface_source"]) == ("firm", "map")
    assert split(row) == {"firm": 6.0}
    # Where it knows little, the guess is all there is.
    row = run(a_map(firm=0.3), sub_sport=sub_sport)
    assert (row["surface"], row["surface_source"]) == (guess, "kind of sport")
    assert split(row) == {"firm": 3.0, guess: 7.0}


def test_a_label_stays_and_takes_what_the_map_does_not_know() -> None:
    row = run(a_map(hard=0.6), surface="Wald")
    assert (row["surface"], row["surface_source"]) == ("uneven", "label")
    assert split(row) == {"hard": 6.0, "uneven": 4.0}


def test_a_session_on_a_track_stays_one() -> None:
    row = run(a_map(hard=0.6), sub_sport="track")
    assert (row["surface"], row["surface_source"]) == ("firm", "kind of sport")
    assert untold(row)


@pytest.mark.parametrize(
    "about",
    [
        {"sub_sport": "treadmill"},
        {"sub_sport": "indoor_running"},
        {"sub_sport": "virtual_activity"},
        {"sub_sport": "virtual_activity", "surface": "trail"},
        {"device": "zwift 0"},
        {"device": "Zwift"},
        {"name": "Zwift - Run in New York"},
        {"device": "rouvy"},
        {"surface": "Laufband"},
    ],
    ids=str,
)
def test_what_was_run_on_no_ground_is_never_looked_up(about: dict[str, str]) -> None:
    """Zwift's New York lies where the real one is."""
    row = run(no_map, **about)
    assert row["surface"] == "treadmill"
    assert untold(row)


def test_a_title_about_zwift_is_no_zwift_run() -> None:
    assert run(a_map(hard=1.0), name="Easy, after last night's Zwift")["surface"] == "hard"


@pytest.mark.parametrize("sport", ["cycling", "swimming", "alpine_skiing"])
def test_other_sports_are_not_looked_up(sport: str) -> None:
    assert untold(run(no_map, sport=sport))


def test_a_map_that_knows_nothing_changes_nothing() -> None:
    for sub_sport in ("generic", "trail", "street"):
        with_map = run(a_map(), sub_sport=sub_sport)
        without = run(None, sub_sport=sub_sport)
        assert untold(with_map)
        assert with_map["surface"] == without["surface"]
        assert with_map["surface_source"] == without["surface_source"]


def test_metres_are_those_of_the_run() -> None:
    """The device says 9 km for a track of 10, or 20 for one of which half was lost."""
    assert split(run(a_map(hard=0.5, soft=0.5), distance_m=9_000.0)) == {"hard": 4.5, "soft": 4.5}
    lost = run(a_map(hard=0.9), distance_m=20_000.0)
    assert split(lost) == {"hard": 9.0}
    assert lost["surface"] == "unknown"


def test_an_index_that_says_virtual_takes_the_map_back() -> None:
    """A GPX of Zwift's says running; the table beside it knows better."""
    recording = run(a_map(hard=1.0), distance_m=10_000.0, elapsed_s=3600.0)
    assert recording["surface_source"] == "map"
    index = expose(
        Recording(
            Activity(
                id="1",
                source="activities.csv row 2",
                start=START,
                sport="running",
                sub_sport="virtual_activity",
                distance_m=10_000.0,
                elapsed_s=3600.0,
            )
        )
    )
    (row,), _ = merge_duplicates([recording, index])
    assert (row["surface"], row["surface_source"]) == ("treadmill", "kind of sport")
    assert untold(row)
