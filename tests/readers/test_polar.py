from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from exports.history import Run
from exports.polar import new_session, old_session

from kneewatch.metrics.exposure import expose
from kneewatch.metrics.motion import measure_motion
from kneewatch.model import NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers import claim, polar
from kneewatch.readers.polar_clock import iso_duration
from kneewatch.readers.sport_numbers import POLAR
from kneewatch.readers.sports import sport_of

START = datetime(2025, 3, 4, 17, 30, tzinfo=UTC)
RUN = Run(START, 3000.0, 1000.0, offset_s=3600, title="Evening run")


def readings(session: Any) -> list[Reading]:
    data = session if isinstance(session, bytes) else json.dumps(session).encode()
    assert claim("a.json", data[:8192]) is polar
    return list(polar.read(Source("polar/a.json", data)))


def only(session: Any) -> Recording:
    [recording] = readings(session)
    assert isinstance(recording, Recording)
    return recording


def edited(session: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A session whose one exercise is changed; None takes a key out."""
    result = copy.deepcopy(session)
    for name, value in changes.items():
        result["exercises"][0].pop(name, None)
        if value is not None:
            result["exercises"][0][name] = value
    return result


# The forms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("session", [new_session(RUN), old_session(RUN)], ids=["new", "old"])
def test_a_session_is_a_recording(session: dict[str, Any]) -> None:
    recording = only(session)
    activity, track = recording.activity, recording.track
    assert (activity.start, activity.utc_offset_s) == (START, 3600)
    assert (activity.sport, activity.sub_sport, activity.name) == ("running", "generic", RUN.title)
    assert (activity.distance_m, activity.elapsed_s, activity.moving_s) == (3000, 1000, 1000)
    assert (activity.ascent_m, activity.descent_m, activity.avg_hr_bpm) == (60, 60, 150)
    assert track["time_s"].tolist() == list(range(1001))
    points = RUN.points(1.0)
    np.testing.assert_allclose(track["lat_deg"], points.lat_deg)
    np.testing.assert_allclose(track["lon_deg"], points.lon_deg)
    np.testing.assert_allclose(track["distance_m"], points.distance_m, atol=1e-3)
    assert measure_motion(track).total_m == pytest.approx(3000, abs=0.01)


def test_what_the_new_form_says_besides() -> None:
    recording = only(new_session(RUN, 7))
    activity, track = recording.activity, recording.track
    assert activity.device == "Polar Vantage V2"
    assert activity.keys == ("polar 8067285171",)
    assert (activity.max_hr_setting_bpm, activity.rest_hr_setting_bpm) == (184, 48)
    np.testing.assert_allclose(track["speed_mps"], 3, atol=1e-3)
    # Polar counts one foot.
    assert set(track["cadence_spm"]) == {170}
    # The strap lost touch for two seconds, between beats that are known.
    assert set(track["heart_rate_bpm"]) == {150}


def test_what_the_old_form_says_besides() -> None:
    activity = only(old_session(RUN)).activity
    assert (activity.device, activity.keys) == ("Polar", ())
    assert activity.avg_cadence_spm == 170


def test_altitude_is_not_zero_before_it_is_known() -> None:
    altitude = only(new_session(RUN)).track["altitude_m"]
    assert np.isnan(altitude[:9]).all()
    assert np.nanmin(altitude) >= 90


def test_altitude_of_zero_in_the_middle_is_the_sea() -> None:
    session = new_session(RUN)
    [listed] = [s for s in session["exercises"][0]["samples"]["samples"] if s["type"] == "ALTITUDE"]
    listed["values"] = [5.0] * 400 + [0.0] * 601
    assert only(session).track["altitude_m"][-1] == 0


def test_altitude_that_is_never_known_is_none() -> None:
    session = edited(new_session(RUN), routes=None)
    [listed] = [s for s in session["exercises"][0]["samples"]["samples"] if s["type"] == "ALTITUDE"]
    listed["values"] = [0.0] * 1001
    assert "altitude_m" not in only(session).track


def test_bare_nan_and_null_are_no_numbers() -> None:
    text = json.dumps(new_session(RUN))
    assert "NaN" in text
    assert only(text.replace('"NaN"', "null").encode()).activity.distance_m == 3000


def test_a_treadmill_has_no_places() -> None:
    session = edited(new_session(RUN), routes=None, sport={"id": "17"})
    recording = only(session)
    assert (recording.activity.sport, recording.activity.sub_sport) == ("running", "treadmill")
    assert "lat_deg" not in recording.track
    assert expose(recording)["surface"] == "treadmill"


def test_a_session_without_streams_is_its_totals() -> None:
    recording = only(edited(new_session(RUN), samples=None, routes=None))
    assert recording.track == {}
    assert recording.activity.distance_m == 3000


def test_a_session_without_exercises_is_its_totals() -> None:
    session = new_session(RUN)
    del session["exercises"]
    activity = only(session).activity
    assert (activity.start, activity.distance_m, activity.moving_s) == (START, 3000, 1000)
    assert activity.keys == ("polar 806728510",)


def test_without_a_zone_the_start_is_the_wall_clock() -> None:
    session = edited(new_session(RUN), timezoneOffsetMinutes=None)
    del session["timezoneOffsetMinutes"]
    activity = only(session).activity
    assert (activity.start, activity.utc_offset_s) == (RUN.local_start, None)


# Pauses ------------------------------------------------------------------------------------------


def paused(session: dict[str, Any]) -> dict[str, Any]:
    """Paused for five minutes after 400 s; streams go on as if nothing had been."""
    stop = (RUN.local_start + timedelta(seconds=1300)).isoformat()
    begin, end = (RUN.local_start + timedelta(seconds=s) for s in (400, 700))
    session["stopTime"] = stop
    pause = {"startTime": begin.isoformat(), "endTime": end.isoformat(timespec="minutes")}
    return edited(session, stopTime=stop, pauseTimes=[pause])


def test_a_pause_that_the_streams_leave_out_is_put_in() -> None:
    recording = only(paused(new_session(RUN)))
    track = recording.track
    assert (recording.activity.elapsed_s, recording.activity.moving_s) == (1300, 1000)
    # 17:36:40 plus five minutes, told to the minute: 17:41:00.
    assert np.flatnonzero(np.diff(track["time_s"]) > 1).tolist() == [399]
    assert np.diff(track["time_s"]).max() == pytest.approx(261)
    assert np.unique(track["segment"]).tolist() == [0, 1]
    motion = measure_motion(track)
    assert motion.moving_s == pytest.approx(1000, abs=2)
    assert motion.total_m == pytest.approx(3000, abs=4)


def test_places_that_live_through_a_pause_stay_where_they_are() -> None:
    session = paused(new_session(RUN))
    session["exercises"][0]["pauseTimes"][0]["endTime"] = (
        RUN.local_start + timedelta(seconds=700)
    ).isoformat()
    for point in session["exercises"][0]["routes"]["route"]["wayPoints"][400:]:
        point["elapsedMillis"] += 300_000
    track = only(session).track
    assert track["time_s"][-1] == 1300
    np.testing.assert_allclose(track["lat_deg"], RUN.points(1.0).lat_deg)
    np.testing.assert_allclose(track["distance_m"][400:], 1200 + 3 * np.arange(601.0), atol=1e-3)


def test_a_pause_that_nobody_tells_is_known_to_the_places() -> None:
    """As in a real session of 2017: the zone added twice, 20 minutes before the first place."""
    session = old_session(RUN)
    session["stopTime"] = (RUN.local_start + timedelta(seconds=2200)).isoformat()
    for point in session["exercises"][0]["samples"]["recordedRoute"]:
        moment = datetime.fromisoformat(point["dateTime"]) + timedelta(seconds=1200)
        point["dateTime"] = moment.isoformat(timespec="milliseconds")
    recording = only(session)
    track = recording.track
    assert recording.activity.elapsed_s == 2200
    assert len(track["time_s"]) == 1001
    np.testing.assert_allclose(track["distance_m"], RUN.points(1.0).distance_m, atol=1e-3)
    np.testing.assert_allclose(track["lat_deg"], RUN.points(1.0).lat_deg)


# Several exercises, other sports, other files ----------------------------------------------------


def test_a_triathlon_is_as_many_activities() -> None:
    session = new_session(RUN)
    [run] = session["exercises"]
    later = RUN.local_start + timedelta(hours=1)
    legs = [
        {
            "startTime": (later + timedelta(minutes=30 * number)).isoformat(),
            "durationMillis": 1_500_000,
            "distanceMeters": far,
            "timezoneOffsetMinutes": 60,
            "sport": {"id": sport},
        }
        for number, (sport, far) in enumerate([("105", 750.0), ("38", 20_000.0)])
    ]
    session |= {"sport": {"id": "68"}, "exercises": [*legs, run]}
    found = [r.activity for r in readings(session) if isinstance(r, Recording)]
    assert [(a.sport, a.distance_m) for a in found] == [
        ("swimming", 750),
        ("cycling", 20_000),
        ("running", 3000),
    ]
    assert len({a.id for a in found}) == 3
    assert found[1].start == START + timedelta(minutes=90)


@pytest.mark.parametrize(
    ("said", "sport"),
    [
        ({"id": "1"}, ("running", "generic")),
        ({"id": "4"}, ("running", "generic")),
        ({"id": "27"}, ("running", "trail")),
        ({"id": "36"}, ("running", "track")),
        ({"id": "92"}, ("running", "ultra")),
        ({"id": "9"}, ("walking", "generic")),
        ({"id": "16"}, ("generic", "generic")),
        ({"id": "777"}, ("unknown", "generic")),
        ("TRACK_AND_FIELD_RUNNING", ("running", "track")),
        ("TREADMILL_RUNNING", ("running", "treadmill")),
        ("TRIATHLON_RUNNING", ("running", "generic")),
        ("WATER_RUNNING", ("swimming", "generic")),
        ("OTHER_OUTDOOR", ("generic", "generic")),
        ("TROTTING", ("generic", "generic")),
    ],
)
def test_sports(said: Any, sport: tuple[str, str]) -> None:
    session = edited(new_session(RUN), sport=said)
    del session["sport"]
    activity = only(session).activity
    assert (activity.sport, activity.sub_sport) == sport


def test_every_number_names_a_sport_and_no_other_is_a_run() -> None:
    kinds = {number: sport_of(name)[0] for number, name in POLAR.items()}
    assert {number for number, kind in kinds.items() if kind == "unknown"} == set()
    runs = {number for number, kind in kinds.items() if kind == "running"}
    assert runs == {"1", "4", "17", "19", "27", "36", "84", "92"}


def test_a_training_target_was_not_done() -> None:
    target = b'{"startTime":"2025-03-02T18:00","name":"x","done":true,"exercises":[{"phases":[]}]}'
    assert readings(target) == [
        NotActivity("polar/a.json", "a training target of Polar's: planned")
    ]


@pytest.mark.parametrize(
    "data",
    [
        b'{"exportVersion":"1.6","date":"2025-03-01","summary":{"startTime":"06:00","steps":1}}',
        b'[{"night":"2025-03-01","sleepResult":{"hypnogram":{"sleepStart":"2025-02-28T23:00"}}}]',
        b'{"deviceDays":[{"date":"2025-03-01","samples":[{"heartRate":55}]}]}',
        b'{"favouriteSports":["RUNNING"],"sport":"x"}',
    ],
)
def test_the_other_files_of_the_export_are_nobodys(data: bytes) -> None:
    assert claim("activity-2025-03-01.json", data) is None


# Damage ------------------------------------------------------------------------------------------


def test_a_session_that_breaks_off_keeps_what_was_whole() -> None:
    whole = json.dumps(new_session(RUN)).encode()
    recording, problem = readings(whole[: int(0.6 * len(whole))])
    assert isinstance(recording, Recording)
    assert isinstance(problem, Problem)
    assert recording.activity.distance_m == 3000
    assert 0 < len(recording.track["time_s"]) <= 1001
    assert problem.reason.startswith("the JSON breaks off at character ")


def test_without_a_start_there_is_no_activity() -> None:
    session = new_session(RUN)
    session["startTime"] = session["exercises"][0]["startTime"] = "some day"
    [problem] = readings(session)
    assert problem == Problem(
        "polar/a.json", "a session of Polar's without a start that can be read"
    )


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT2753.875S", 2753.875),
        ("PT1H2M3.4S", 3723.4),
        ("PT45M", 2700),
        ("P1DT1H", 90_000),
        ("PT", None),
        ("45 min", None),
        (None, None),
    ],
)
def test_durations(text: str | None, seconds: float | None) -> None:
    assert iso_duration(text) == seconds
