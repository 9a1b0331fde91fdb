from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from exports.history import Run
from exports.opentracks import kml as opentracks
from exports.opentracks import track_id

from kneewatch.metrics.motion import measure_motion
from kneewatch.model import NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers import claim, kml

START = datetime(2025, 3, 4, 17, 30, tzinfo=UTC)
RUN = Run(START, 3000.0, 1000.0, offset_s=3600, title="Evening <run> & more")

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2" '
    'xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>'
)
TAIL = "</Document></kml>"


def readings(data: str | bytes) -> list[Reading]:
    data = data if isinstance(data, bytes) else data.encode()
    assert claim("doc.kml", data[:8192]) is kml
    return list(kml.read(Source("tracks/1.kmz!/doc.kml", data)))


def only(data: str | bytes) -> Recording:
    [recording] = readings(data)
    assert isinstance(recording, Recording)
    return recording


def point(second: int, prefix: str = "gx:") -> str:
    lat = 48 + second * 3 / 111_195
    when = f"<when>2025-03-04T17:{30 + second // 60:02d}:{second % 60:02d}Z</when>"
    return f"{when}<{prefix}coord>16.4 {lat:.8f} 200.5</{prefix}coord>"


def track(seconds: range, inside: str = "") -> str:
    return f"<gx:Track>{''.join(map(point, seconds))}{inside}</gx:Track>"


def test_a_track_of_opentracks() -> None:
    recording = only(opentracks(RUN, 3))
    activity, found = recording.activity, recording.track
    assert (activity.start, activity.utc_offset_s) == (START, 3600)
    assert (activity.sport, activity.name, activity.notes) == ("running", RUN.title, "calm")
    assert (activity.device, activity.keys) == ("OpenTracks", (f"track {track_id(3)}",))
    points = RUN.points()
    np.testing.assert_allclose(found["time_s"], points.time_s, atol=1e-3)
    np.testing.assert_allclose(found["lat_deg"], points.lat_deg)
    np.testing.assert_allclose(found["altitude_m"], points.altitude_m, atol=0.06)
    assert set(found["speed_mps"]) == {3.0}
    assert set(found["cadence_spm"]) == {170}
    assert np.isnan(found["heart_rate_bpm"][0])
    assert set(found["heart_rate_bpm"][1:]) == {150}
    assert measure_motion(found).total_m == pytest.approx(3000, rel=1e-3)


def test_a_track_of_google_before_2_3() -> None:
    lists = (
        '<ExtendedData><SchemaData schemaUrl="#schema"><gx:SimpleArrayData name="heart_rate">'
        + "<gx:value>140</gx:value>" * 60
        + '</gx:SimpleArrayData><gx:SimpleArrayData name="elevation_gain"><gx:value>1</gx:value>'
        "</gx:SimpleArrayData></SchemaData></ExtendedData>"
    )
    inner = track(range(0, 300, 5), lists)
    recording = only(f"{HEAD}<Placemark><name>Lunch Run</name>{inner}</Placemark>{TAIL}")
    assert recording.activity.utc_offset_s is None
    assert recording.activity.sport == "running"
    assert recording.activity.keys == ()
    assert recording.track["time_s"].tolist() == list(range(0, 300, 5))
    assert set(recording.track["heart_rate_bpm"]) == {140}


def test_times_before_places_and_places_without_a_fix() -> None:
    """As in OpenTracks' own tests: the first time and the first place belong together."""
    text = (
        f"{HEAD}<Placemark><gx:MultiTrack><gx:Track><when>2021-05-29T18:06:21.767Z</when>"
        "<gx:coord /><gx:coord>14.0 3.0 10.0</gx:coord><when>2021-05-29T18:06:22.042Z</when>"
        "<when>2021-05-29T18:06:22.192Z</when><gx:coord>14.001 3.0</gx:coord>"
        f"</gx:Track></gx:MultiTrack></Placemark>{TAIL}"
    )
    found = only(text).track
    np.testing.assert_array_equal(found["lon_deg"], [np.nan, 14.0, 14.001])
    np.testing.assert_array_equal(found["altitude_m"], [np.nan, 10.0, np.nan])


def test_stretches_of_one_placemark_are_one_activity_with_pauses() -> None:
    inner = f"<gx:MultiTrack>{track(range(300))}{track(range(600, 900))}</gx:MultiTrack>"
    recording = only(f"{HEAD}<Placemark>{inner}</Placemark>{TAIL}")
    assert recording.track["segment"].tolist() == [0] * 300 + [1] * 300
    motion = measure_motion(recording.track)
    assert motion.moving_s == pytest.approx(598)
    assert motion.total_m == pytest.approx(3 * 598, rel=1e-4)


def test_placemarks_are_activities_of_their_own() -> None:
    inner = "".join(
        f"<Placemark><name>{name}</name>{track(seconds)}</Placemark>"
        for name, seconds in (("Run", range(300)), ("Bike ride", range(400, 900)))
    )
    found = [r.activity for r in readings(HEAD + inner + TAIL) if isinstance(r, Recording)]
    assert [a.sport for a in found] == ["running", "cycling"]
    assert len({a.id for a in found}) == 2


def test_what_a_sensor_counted_adds_up() -> None:
    lists = (
        '<ExtendedData><SchemaData><gx:SimpleArrayData name="distance"><gx:value /></gx:'
        "SimpleArrayData></SchemaData></ExtendedData>"
    ).replace("<gx:value />", "<gx:value>0</gx:value>" + "<gx:value>2.5</gx:value>" * 99)
    recording = only(f"{HEAD}<Placemark>{track(range(100), lists)}</Placemark>{TAIL}")
    assert recording.track["distance_m"].tolist() == [2.5 * n for n in range(100)]


@pytest.mark.parametrize("count", [1, 2])
def test_lines_without_times_cannot_be_a_run(count: int) -> None:
    line = (
        "<Placemark><LineString><coordinates>16,48 16.1,48.1</coordinates></LineString></Placemark>"
    )
    [problem] = readings(HEAD + line * count + TAIL)
    lines = "a line" if count == 1 else "2 lines"
    reason = f"a KML file with {lines} without times, which cannot be a run"
    assert problem == Problem("tracks/1.kmz!/doc.kml", reason)


def test_places_are_no_activity() -> None:
    place = (
        "<Placemark><TimeStamp><when>2025-03-04T17:30:00Z</when></TimeStamp>"
        "<Point><coordinates>16,48</coordinates></Point></Placemark>"
    )
    [other] = readings(HEAD + place + TAIL)
    assert other == NotActivity(
        "tracks/1.kmz!/doc.kml", "a KML file without a track: places or pictures"
    )


def test_a_track_without_times_is_not_counted() -> None:
    inner = "<gx:Track><when>soon</when><gx:coord>16 48</gx:coord></gx:Track>"
    [other] = readings(f"{HEAD}<Placemark>{inner}</Placemark>{TAIL}")
    assert isinstance(other, NotActivity)


def test_a_file_that_breaks_off_keeps_the_whole_points() -> None:
    text = opentracks(RUN)
    recording, problem = readings(text[: text.index("<SimpleArrayData") // 2])
    assert isinstance(recording, Recording)
    assert 200 < len(recording.track["time_s"]) < 300
    assert isinstance(problem, Problem)
    assert problem.reason.startswith("the KML file breaks off at line ")


def test_what_xml_does_not_allow_is_mended() -> None:
    inner = f"<Placemark><name>Tom & Jerry\x01 run</name>{track(range(100))}</Placemark>"
    recording, problem = readings(HEAD + inner + TAIL)
    assert isinstance(recording, Recording)
    assert recording.activity.name == "Tom & Jerry run"
    assert problem == Problem("tracks/1.kmz!/doc.kml", "mended: characters that XML does not allow")


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE kml [<!ENTITY a "aaaa">]>' + HEAD.partition("?>")[2] + TAIL
    [problem] = readings(bomb)
    assert isinstance(problem, Problem)
    assert "entities" in problem.reason
