from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from exports.history import Run, local_stamp
from exports.suunto import header_of, samples_of, wrapped

from kneewatch.metrics.exposure import expose
from kneewatch.metrics.motion import measure_motion
from kneewatch.model import NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers import claim, suunto
from kneewatch.readers.sport_numbers import SUUNTO
from kneewatch.readers.sports import sport_of

START = datetime(2025, 3, 4, 17, 30, tzinfo=UTC)
RUN = Run(START, 3000.0, 1000.0, offset_s=3600, title="calm")


def device_log(header: dict[str, Any] | None = None, samples: Any = None) -> dict[str, Any]:
    return {
        "DeviceLog": {
            "Header": header_of(RUN) if header is None else header,
            "Samples": list(samples_of(RUN)) if samples is None else samples,
        }
    }


def readings(log: Any) -> list[Reading]:
    data = log if isinstance(log, bytes) else json.dumps(log).encode()
    assert claim("a.json", data[:8192]) is suunto
    return list(suunto.read(Source("suunto/a.json", data)))


def only(log: Any) -> Recording:
    [recording] = readings(log)
    assert isinstance(recording, Recording)
    return recording


def test_a_log_is_a_recording() -> None:
    recording = only(device_log())
    activity, track = recording.activity, recording.track
    assert (activity.start, activity.utc_offset_s) == (START, 3600)
    assert (activity.sport, activity.sub_sport, activity.notes) == ("running", "generic", "calm")
    assert (activity.distance_m, activity.elapsed_s, activity.moving_s) == (3000, 1000, 1000)
    assert (activity.ascent_m, activity.descent_m, activity.steps) == (60, 60, 2833)
    assert (activity.max_hr_setting_bpm, activity.rest_hr_setting_bpm) == (180, 48)
    assert (activity.device, activity.barometer) == ("Suunto Xiamen", True)
    points = RUN.points()
    np.testing.assert_allclose(track["time_s"], points.time_s)
    np.testing.assert_allclose(track["lat_deg"], points.lat_deg)
    np.testing.assert_allclose(track["lon_deg"], points.lon_deg)
    np.testing.assert_allclose(track["altitude_m"], points.altitude_m, atol=0.01)
    np.testing.assert_allclose(track["distance_m"], points.distance_m, atol=0.01)
    np.testing.assert_allclose(track["heart_rate_bpm"], 150)
    np.testing.assert_allclose(track["cadence_spm"], 170.04)
    np.testing.assert_allclose(track["temperature_c"], 12)
    assert np.nanmax(track["stance_time_s"]) == np.nanmin(track["stance_time_s"]) == 0.25


def test_streams_of_times_of_their_own_meet() -> None:
    """As in real files: places on the second, beats and heights some tenths later."""
    samples = list(samples_of(RUN))
    for sample in samples:
        late = 0.17 if "HR" in sample else 0.44 if "Altitude" in sample else 0.0
        moment = datetime.fromisoformat(sample["TimeISO8601"]) + timedelta(seconds=late)
        sample["TimeISO8601"] = moment.isoformat(timespec="milliseconds")
    track = only(device_log(samples=samples)).track
    assert len(track["time_s"]) == 501
    np.testing.assert_allclose(
        track["distance_m"][1:] + 0.44 * 3, RUN.points().distance_m[1:], 1e-3
    )
    assert measure_motion(track).total_m == pytest.approx(3000, abs=3)


def test_the_app_keeps_samples_and_header_apart() -> None:
    samples = only({"Samples": list(map(wrapped, samples_of(RUN)))})
    assert (samples.activity.start, samples.activity.sport) == (START, "running")
    assert samples.activity.distance_m is None
    assert measure_motion(samples.track).total_m == pytest.approx(3000, abs=0.1)
    summary = only({"Samples": [{"Attributes": {"suunto/sml": {"Header": header_of(RUN)}}}]})
    assert (summary.activity.start, summary.activity.distance_m) == (START, 3000)
    assert summary.track == {}


def test_attributes_that_are_a_text() -> None:
    items = [
        item | {"Attributes": json.dumps(item["Attributes"])}
        for item in map(wrapped, samples_of(RUN))
    ]
    assert len(only({"Samples": items}).track["time_s"]) == 501


def test_both_in_one_file() -> None:
    summary = {"Samples": [{"Attributes": {"suunto/sml": {"Header": header_of(RUN)}}}]}
    data = {"Samples": list(map(wrapped, samples_of(RUN)))}
    recording = only({"Summary": summary, "Data": data})
    assert recording.activity.distance_m == 3000
    assert len(recording.track["time_s"]) == 501


def test_a_header_alone() -> None:
    assert only({"Header": header_of(RUN)}).activity.distance_m == 3000
    assert only(device_log(samples=[])).track == {}


def test_degrees_and_beats_a_minute_are_left_alone() -> None:
    points = RUN.points()
    samples = [
        {
            "TimeISO8601": local_stamp(RUN, float(second)),
            "Latitude": float(lat),
            "Longitude": float(lon),
            "HR": 150,
            "Cadence": 85,
            "Temperature": 12,
        }
        for second, lat, lon in zip(points.time_s, points.lat_deg, points.lon_deg, strict=True)
    ]
    track = only(device_log(samples=samples)).track
    np.testing.assert_allclose(track["lat_deg"], points.lat_deg)
    assert set(track["heart_rate_bpm"]) == {150}
    assert set(track["cadence_spm"]) == {170}
    assert set(track["temperature_c"]) == {12}


def test_satellite_altitude_where_there_is_no_other() -> None:
    samples = list(samples_of(RUN))
    for sample in samples:
        sample.pop("Altitude", None)
        sample.pop("AbsPressure", None)
    recording = only(device_log(samples=samples))
    np.testing.assert_allclose(recording.track["altitude_m"], RUN.points().altitude_m + 30)
    assert recording.activity.barometer is None


@pytest.mark.parametrize("state", [(True, False), ("true", "false")], ids=str)
def test_a_pause(state: tuple[Any, Any]) -> None:
    header = header_of(RUN) | {"PauseDuration": 100.0}
    pauses = [
        {"Events": [{"Pause": {"State": said}}], "TimeISO8601": local_stamp(RUN, second)}
        for said, second in zip(state, (399.0, 499.0), strict=True)
    ]
    recording = only(device_log(header, [*samples_of(RUN), *pauses]))
    assert (recording.activity.elapsed_s, recording.activity.moving_s) == (1000, 900)
    track = recording.track
    assert track["time_s"][np.diff(track["segment"]).argmax()] == 398
    assert len(track["time_s"]) == 501 - 50
    assert expose(recording)["moving_s"] == pytest.approx(900, abs=4)


def test_several_sports_in_a_row() -> None:
    """A ride, a change of shoes, a run."""
    legs = [(4, 0.0), (99, 400.0), (3, 500.0)]
    events = [
        {
            "Events": [{"Activity": {"ActivityType": kind, "CustomModeId": "1"}}],
            "TimeISO8601": local_stamp(RUN, second),
        }
        for kind, second in legs
    ]
    samples = [sample for sample in samples_of(RUN) if "Events" not in sample]
    log = device_log(header_of(RUN) | {"ActivityType": 2}, [*events, *samples])
    log["DeviceLog"]["Windows"] = [
        {"Window": {"Type": "Lap", "Distance": 5.0}},
        *(
            {"Window": {"Type": "Activity", "Distance": far, "Duration": took, "Ascent": 1.0}}
            for far, took in ((1200.0, 400.0), (300.0, 100.0), (1500.0, 490.0))
        ),
    ]
    ride, change, run = (r for r in readings(log) if isinstance(r, Recording))
    assert [r.activity.sport for r in (ride, change, run)] == ["cycling", "generic", "running"]
    assert (run.activity.distance_m, run.activity.moving_s) == (1500, 490)
    assert run.activity.start == START + timedelta(seconds=500)
    assert len({r.activity.id for r in (ride, change, run)}) == 3
    assert "cadence_spm" not in ride.track
    assert len(run.track["time_s"]) == 251
    assert run.track["time_s"][0] == 0


@pytest.mark.parametrize(
    ("kind", "sport"),
    [
        (3, ("running", "generic")),
        (82, ("running", "trail")),
        (93, ("running", "treadmill")),
        (75, ("running", "generic")),
        (4, ("cycling", "generic")),
        (12, ("walking", "generic")),
        (51, ("generic", "generic")),
        (1, ("unknown", "generic")),
    ],
)
def test_sports(kind: int, sport: tuple[str, str]) -> None:
    activity = only(device_log(header_of(RUN) | {"ActivityType": kind})).activity
    assert (activity.sport, activity.sub_sport) == sport
    assert (activity.steps is None) == (sport[0] not in ("running", "walking"))


def test_every_number_names_a_sport_and_no_other_is_a_run() -> None:
    kinds = {number: sport_of(name)[0] for number, name in SUUNTO.items() if name != "other"}
    assert {number for number, kind in kinds.items() if kind == "unknown"} == set()
    assert {n for n, kind in kinds.items() if kind == "running"} == {"3", "75", "81", "82", "93"}


def test_a_start_without_a_zone() -> None:
    header = header_of(RUN) | {"DateTime": RUN.local_start.isoformat()}
    # The samples know the zone.
    activity = only(device_log(header)).activity
    assert (activity.start.astimezone(UTC), activity.utc_offset_s) == (START, 3600)
    activity = only(device_log(header, [])).activity
    assert (activity.start, activity.utc_offset_s) == (RUN.local_start, None)


@pytest.mark.parametrize(
    "log",
    [
        {"DeviceLog": {}},
        {"DeviceLog": {"Header": None, "Samples": None}},
        {"DeviceLog": {"Header": {"ActivityType": 3}, "Samples": [{"TimeISO8601": "x"}]}},
        {"Samples": [{"Attributes": "{", "Source": "suunto/sml"}]},
        {"DeviceLog": [1, 2]},
    ],
    ids=str,
)
def test_nothing_in_it(log: Any) -> None:
    assert readings(log) == [NotActivity("suunto/a.json", "a file of Suunto's without an activity")]


def test_a_log_that_breaks_off_keeps_what_was_whole() -> None:
    whole = json.dumps(device_log()).encode()
    recording, problem = readings(whole[: len(whole) // 2])
    assert isinstance(recording, Recording)
    assert isinstance(problem, Problem)
    assert recording.activity.distance_m == 3000
    assert 200 < len(recording.track["time_s"]) < 300
