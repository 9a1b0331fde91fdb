"""What is left of two recordings: the richer one, and from the other what it lacks, by groups."""

from typing import Any

import numpy as np
import pytest
from recordings import later, only, row, watch

from kneewatch.columns import EXPOSURE
from kneewatch.metrics.filling import ALONE, GROUPS, UNNAMED, fill
from kneewatch.metrics.motion import GUESSED

TIME = np.append(np.arange(0.0, 3000.0, 10.0), 3000.0)
HILLS = 200 + 40 * np.sin(TIME / 200)
BEATS = np.full(len(TIME), 150.0)
CADENCE = np.full(len(TIME), 170.0)


def test_every_column_is_in_one_group() -> None:
    said = [name for group in (*GROUPS, *ALONE) for name in (*group.keys, *group.others)]
    assert len(set(said)) == len(said)
    assert set(said) - {"name", "notes"} == set(EXPOSURE)


def test_a_barometer_takes_the_place_of_a_satellite() -> None:
    """The phone knows more, the watch has the better altitude."""
    seen = {"altitude_m": HILLS + 9, "heart_rate_bpm": BEATS}
    phone = watch("phone.gpx", barometer=False, extra=seen)
    plain = watch("watch.fit", extra={"altitude_m": HILLS}, barometer=True, device="garmin fr935")
    assert (phone["altitude_source"], plain["altitude_source"]) == ("gps", "barometer")
    kept = fill(phone, plain)
    assert (kept["id"], kept["altitude_source"]) == ("phone.gpx", "barometer")
    for name in ("descent_m", "ascent_m", "steep_down_m", "grade_m10_m5_m", "longest_descent_m"):
        assert kept[name] == plain[name]
        assert kept["filled_from"][name] == "watch.fit"
    assert kept["avg_hr_bpm"] == 150
    # And never the other way around.
    assert fill(plain, phone)["descent_m"] == plain["descent_m"]
    assert "descent_m" not in fill(plain, phone)["filled_from"]


def test_altitude_by_a_vendors_sum_where_there_is_no_other() -> None:
    table = row("t.csv row 2", ascent_m=80.0, descent_m=82.0)
    kept, _ = only(watch(), table)
    assert (kept["altitude_source"], kept["descent_m"], kept["ascent_m"]) == ("device", 82, 80)
    assert kept["filled_from"]["altitude_source"] == "t.csv row 2"
    known = watch(extra={"altitude_m": HILLS}, barometer=True)
    kept, _ = only(known, table)
    assert (kept["altitude_source"], kept["descent_m"]) == ("barometer", known["descent_m"])
    assert kept["device_descent_m"] == 82


def test_a_treadmill_has_no_altitude_whatever_the_phone_beside_it_says() -> None:
    indoor = watch(sub_sport="treadmill", extra={"heart_rate_bpm": BEATS, "cadence_spm": CADENCE})
    phone = watch("phone.gpx", extra={"altitude_m": HILLS})
    kept, _ = only(indoor, phone)
    assert (kept["id"], kept["altitude_source"]) == ("a.fit", "none")
    assert kept.get("descent_m") is None
    # Nor if the phone is the richer.
    strapped = watch("phone.gpx", extra={"altitude_m": HILLS, "heart_rate_bpm": BEATS})
    kept, _ = only(watch(sub_sport="treadmill"), strapped)
    assert (kept["id"], kept["surface"], kept["altitude_source"]) == (
        "phone.gpx",
        "treadmill",
        "none",
    )
    assert kept.get("descent_m") is None


def test_a_satellite_sees_nobody_move_on_a_treadmill() -> None:
    phone = watch("phone.gpx", extra={"heart_rate_bpm": BEATS, "cadence_spm": CADENCE})
    phone |= {"distance_m": 700.0, "distance_source": "gps"}
    kept, _ = only(phone, watch(sub_sport="treadmill", distance_m=9000.0))
    assert (kept["id"], kept["distance_m"]) == ("phone.gpx", 9000)
    assert kept["distance_source"] == "device"
    assert kept["filled_from"]["distance_m"] == "a.fit"


def test_heart_rate_comes_whole() -> None:
    bare = watch(extra={"altitude_m": HILLS, "cadence_spm": CADENCE}, barometer=True)
    strap = watch("strap.tcx", extra={"heart_rate_bpm": BEATS})
    kept, copy = only(bare, strap)
    assert (kept["id"], copy.source) == ("a.fit", "strap.tcx")
    assert kept["avg_hr_bpm"] == kept["max_hr_bpm"] == 150
    assert kept["heart_rate_histogram_s"][150] == strap["heart_rate_histogram_s"][150] > 2900
    assert set(kept["filled_from"]) == {"avg_hr_bpm", "max_hr_bpm", "heart_rate_histogram_s"}
    assert set(kept["filled_from"].values()) == {"strap.tcx"}


def test_a_mean_heart_rate_is_no_reason_to_mix_two_recordings() -> None:
    """Each knows a part of the heart rate: the richer one's stands as it is."""
    table = row("t.csv row 2", avg_hr_bpm=171.0)
    kept, _ = only(watch(extra={"heart_rate_bpm": BEATS}), table)
    assert kept["avg_hr_bpm"] == 150
    assert "avg_hr_bpm" not in kept["filled_from"]


def test_steps_and_cadence_from_the_foot() -> None:
    bare = watch(extra={"heart_rate_bpm": BEATS, "altitude_m": HILLS})
    pod = watch("pod.fit", extra={"cadence_spm": CADENCE})
    kept, _ = only(bare, pod)
    assert kept["id"] == "a.fit"
    assert kept["steps"] == pytest.approx(8500, rel=0.01)
    assert kept["steps_source"] == "cadence"
    assert kept["filled_from"]["steps"] == kept["filled_from"]["avg_cadence_spm"] == "pod.fit"


def test_a_distance_where_the_watch_has_none() -> None:
    indoor = watch(sub_sport="treadmill", distance_m=None, extra={"heart_rate_bpm": BEATS})
    kept, _ = only(indoor, row("t.csv row 2", distance_m=8400.0))
    assert (kept["id"], kept["distance_m"], kept["distance_source"]) == ("a.fit", 8400, "device")
    assert kept["speed_mps"] == pytest.approx(2.8)
    assert kept["filled_from"]["distance_m"] == "t.csv row 2"


def test_streams_win_over_the_index() -> None:
    kept, _ = only(
        watch("77.fit", distance_m=8000.0),
        row("i.csv row 2", file_hint="77.fit", distance_m=10_000.0, elapsed_s=2500.0),
    )
    assert (kept["distance_m"], kept["elapsed_s"]) == (8000, 3000)


def test_title_shoe_and_ground_of_a_part_and_no_amounts() -> None:
    whole = watch("whole.fit")
    part = watch(
        "lap.fit",
        later(600),
        elapsed_s=900.0,
        distance_m=3000.0,
        name="Intervals",
        gear="Track",
        surface="track",
        ascent_m=10.0,
        descent_m=12.0,
        avg_hr_bpm=180.0,
    )
    kept, copy = only(whole, part)
    assert (kept["id"], copy.rule) == ("whole.fit", "part")
    assert (kept["name"], kept["shoe"], kept["surface"]) == ("Intervals", "Track", "firm")
    assert kept.get("descent_m") is None
    assert kept.get("device_descent_m") is None
    assert kept["avg_hr_bpm"] is None
    assert set(kept["filled_from"]) == {"name", "shoe", "shoe_source", "surface", "surface_source"}


def test_who_filled_the_filler_is_named() -> None:
    """A shoe from a register of gear, by way of the row of an index."""
    index = row("i.json activity 4", file_hint="77.fit") | {
        "shoe": "Ghost 15",
        "shoe_source": "file",
        "filled_from": {"shoe": "gear.json"},
    }
    kept, _ = only(watch("77.fit"), index)
    assert kept["shoe"] == "Ghost 15"
    assert kept["filled_from"]["shoe"] == "gear.json"


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        ({"sport": "unknown"}, {"sport": "cycling"}, "cycling"),
        ({"sport": "generic"}, {"sport": "running"}, "running"),
        ({"sport": "running"}, {"sport": "generic"}, "running"),
        ({"sport": "hiking"}, {"sport": "walking"}, "hiking"),
    ],
)
def test_the_sport_of_whoever_says_one(
    first: dict[str, Any], second: dict[str, Any], left: str
) -> None:
    kept, _ = only(watch(**first), row("t.csv row 2", **second))
    assert kept["sport"] == left
    assert GUESSED not in kept["assumed"]
    assert ("sport" in kept["filled_from"]) == (first["sport"] != left)


def test_metres_on_the_ground_of_a_part_are_not_those_of_the_whole() -> None:
    whole = watch("whole.fit")
    mapped = {"surface": "hard", "surface_source": "map", "surface_hard_m": 3e3}
    part = watch("lap.fit", later(600), elapsed_s=900.0, distance_m=3000.0) | mapped
    kept, copy = only(whole, part)
    assert copy.rule == "part"
    assert kept.get("surface_hard_m") is None
    assert kept["surface"] == whole["surface"] != "hard"


def test_a_name_of_a_shoe_comes_before_a_number() -> None:
    number = row("nike.json") | {"shoe": "Nike shoe 9cf5bb9b", "shoe_source": UNNAMED}
    name = row("strava.csv row 2") | {"shoe": "Ghost 15", "shoe_source": "file"}
    for better, worse in ((number, name), (name, number)):
        assert fill(better, worse)["shoe"] == "Ghost 15"
    assert fill(number, row("other.fit"))["shoe"] == "Nike shoe 9cf5bb9b"
