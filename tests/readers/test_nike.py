from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from exports.history import Run
from exports.nike import activity_of

from kneewatch.metrics.exposure import expose
from kneewatch.metrics.motion import measure_motion
from kneewatch.model import NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers import claim, nike

START = datetime(2025, 3, 4, 17, 30, tzinfo=UTC)
RUN = Run(START, 3000.0, 1000.0, offset_s=3600, title="Evening run")


def readings(activity: Any) -> list[Reading]:
    data = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
    assert claim("a.json", data[:8192]) is nike
    return list(nike.read(Source("nike/a.json", data)))


def only(activity: Any) -> Recording:
    [recording] = readings(activity)
    assert isinstance(recording, Recording)
    return recording


def test_an_activity_is_a_recording() -> None:
    recording = only(activity_of(RUN, 5))
    activity, track = recording.activity, recording.track
    assert (activity.start, activity.utc_offset_s) == (START, None)
    assert (activity.sport, activity.sub_sport) == ("running", "generic")
    assert (activity.name, activity.notes, activity.surface) == ("Evening run", "calm", "road")
    assert activity.distance_m == pytest.approx(3000)
    assert (activity.elapsed_s, activity.moving_s, activity.steps) == (1000, 1000, 2833)
    assert (activity.ascent_m, activity.descent_m, activity.avg_hr_bpm) == (60, 60, 150)
    assert activity.gear == "Nike shoe 9cf5bb9b"
    assert activity.keys == ("nike fc749c36-0000-0000-0000-000000000005",)
    points = RUN.points(2.5)
    np.testing.assert_allclose(track["time_s"], points.time_s)
    np.testing.assert_allclose(track["lat_deg"], points.lat_deg)
    np.testing.assert_allclose(track["altitude_m"], points.altitude_m)
    np.testing.assert_allclose(track["distance_m"], points.distance_m, atol=1e-6)
    np.testing.assert_allclose(track["speed_mps"], 3)


def test_the_day_is_that_of_the_place() -> None:
    late = Run(
        datetime(2025, 3, 4, 23, 30, tzinfo=UTC), 3000.0, 1000.0, offset_s=3600, title="Night run"
    )
    row = expose(only(activity_of(late)), "America/New_York")
    assert (row["local_date"], row["day_from"]) == ("2025-03-05", "position")


def test_pauses() -> None:
    activity = activity_of(RUN)
    begin = activity["start_epoch_ms"]
    for metric in activity["metrics"]:
        metric["values"] = [
            {
                name: value + 120_000 if name != "value" and value > begin + 500_000 else value
                for name, value in item.items()
            }
            for item in metric["values"]
        ]
    activity["end_epoch_ms"] += 120_000
    activity["moments"] += [
        {"key": "halt", "value": "pause", "timestamp": begin + 501_000},
        {"key": "halt", "value": "resume", "timestamp": begin + 620_500},
        {"key": "halt", "value": "pause", "timestamp": begin + 1_120_000},
    ]
    recording = only(activity)
    assert (recording.activity.elapsed_s, recording.activity.moving_s) == (1120, 1000)
    assert np.unique(recording.track["segment"]).tolist() == [0, 1]
    motion = measure_motion(recording.track)
    assert motion.moving_s == pytest.approx(1000, abs=5)
    assert motion.total_m == pytest.approx(3000, abs=10)


@pytest.mark.parametrize(
    ("kind", "location", "sport"),
    [
        ("run", "outdoors", ("running", "generic")),
        ("jogging", "outdoors", ("running", "generic")),
        ("run", "indoors", ("running", "treadmill")),
        ("walk", "indoors", ("walking", "generic")),
        ("training", "indoors", ("training", "generic")),
        ("", "", ("unknown", "generic")),
    ],
)
def test_sports(kind: str, location: str, sport: tuple[str, str]) -> None:
    activity = activity_of(RUN) | {"type": kind}
    activity["tags"]["location"] = location
    found = only(activity).activity
    assert (found.sport, found.sub_sport) == sport


def test_a_run_entered_by_hand() -> None:
    """Tags, streams and moments are missing, or are none."""
    activity = activity_of(RUN) | {"metrics": [], "moments": None, "tags": [], "metric_types": []}
    recording = only(activity)
    assert recording.track == {}
    assert (recording.activity.name, recording.activity.gear) == ("", "")
    assert recording.activity.distance_m == pytest.approx(3000)


def test_a_page_of_the_list_holds_the_totals() -> None:
    items = [activity_of(RUN, number) for number in range(3)]
    for item in items:
        del item["metrics"]
    items[2]["delete_indicator"] = True
    found = readings({"activities": items, "paging": {"after_time": 0}})
    assert [r.activity.keys for r in found if isinstance(r, Recording)] == [
        (f"nike {item['id']}",) for item in items[:2]
    ]
    ids = {r.activity.id for r in found if isinstance(r, Recording)}
    assert len(ids) == 2


@pytest.mark.parametrize(
    "odd", [None, "2025-03-04", -1, 0, 1e300, float("nan"), {"x": 1}, True], ids=str
)
def test_a_start_that_is_none(odd: Any) -> None:
    assert readings(activity_of(RUN) | {"start_epoch_ms": odd}) == [
        NotActivity("nike/a.json", "a file of Nike's without an activity")
    ]


def test_values_that_are_none() -> None:
    activity = copy.deepcopy(activity_of(RUN))
    for metric in activity["metrics"]:
        metric["values"][3]["value"] = None
        metric["values"][4]["start_epoch_ms"] = metric["values"][4]["end_epoch_ms"] = "x"
        metric["values"][5] = 7
    track = only(activity).track
    assert track["distance_m"][-1] == pytest.approx(3000, abs=25)
    assert np.isfinite(track["lat_deg"]).all()


def test_an_activity_that_breaks_off_keeps_what_was_whole() -> None:
    whole = json.dumps(activity_of(RUN)).encode()
    recording, problem = readings(whole[: int(0.7 * len(whole))])
    assert isinstance(recording, Recording)
    assert isinstance(problem, Problem)
    assert recording.activity.distance_m == pytest.approx(3000)
    assert len(recording.track["time_s"]) > 300
