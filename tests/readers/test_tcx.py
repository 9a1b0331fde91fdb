from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from kneewatch.config import Config
from kneewatch.ingest import read_file
from kneewatch.metrics.exposure import expose
from kneewatch.metrics.motion import measure_motion
from kneewatch.model import NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers import tcx

START = datetime(2024, 5, 1, 6, 0, 0, tzinfo=UTC)
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
ROOT = (
    '<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" '
    'xmlns:ns2="http://www.garmin.com/xmlschemas/UserProfile/v2" '
    'xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2">'
)
SPEED = 3.0


def stamp(second: float) -> str:
    return (START + timedelta(seconds=second)).isoformat().replace("+00:00", ".000Z")


def point(second: float, inside: str = "", place: bool = True, distance: bool = True) -> str:
    lat = 48 + second * SPEED / 111_195
    where = (
        f"<Position><LatitudeDegrees>{lat:.8f}</LatitudeDegrees>"
        "<LongitudeDegrees>11.5</LongitudeDegrees></Position>"
    )
    return (
        f"<Trackpoint><Time>{stamp(second)}</Time>{where if place else ''}"
        f"<AltitudeMeters>{500 + second / 100}</AltitudeMeters>"
        + (f"<DistanceMeters>{second * SPEED}</DistanceMeters>" if distance else "")
        + f"{inside}</Trackpoint>"
    )


def points(begin: int, end: int, step: int = 5) -> str:
    return "".join(point(second) for second in range(begin, end, step))


def lap(*tracks: str, seconds: float = 300, metres: float = 900, more: str = "") -> str:
    body = "".join(f"<Track>{part}</Track>" for part in tracks)
    return (
        f'<Lap StartTime="{stamp(0)}"><TotalTimeSeconds>{seconds}</TotalTimeSeconds>'
        f"<DistanceMeters>{metres}</DistanceMeters>{more}{body}</Lap>"
    )


def activity(*laps: str, sport: str = "Running", more: str = "") -> str:
    return f'<Activity Sport="{sport}"><Id>{stamp(0)}</Id>{"".join(laps)}{more}</Activity>'


def document(*activities: str, root: str = ROOT) -> str:
    inside = f"<Activities>{''.join(activities)}</Activities>"
    return f"{DECLARATION}{root}{inside}</TrainingCenterDatabase>"


def readings(data: str | bytes) -> list[Reading]:
    data = data if isinstance(data, bytes) else data.encode()
    return list(tcx.read(Source("site/1.tcx", data)))


def recordings(data: str | bytes) -> list[Recording]:
    """All that was read, where nothing may have gone wrong."""
    found = readings(data)
    assert all(isinstance(item, Recording) for item in found), found
    return [item for item in found if isinstance(item, Recording)]


def only(data: str | bytes) -> Recording:
    [recording] = recordings(data)
    return recording


def with_point(inside: str, sport: str = "Running", root: str = ROOT) -> Recording:
    body = lap(point(0, inside) + point(5))
    return only(document(activity(body, sport=sport), root=root))


# What it holds ---------------------------------------------------------------------------------


def test_points_and_totals() -> None:
    beats = "<HeartRateBpm><Value>141</Value></HeartRateBpm>"
    body = lap("".join(point(second, beats) for second in range(0, 305, 5)))
    creator = "<Creator><Name>Forerunner 220 Software Version 2.10</Name></Creator>"
    recording = only(document(activity(body, more=f"<Notes> kühl </Notes>{creator}")))
    assert recording.activity.start == START
    assert (recording.activity.sport, recording.activity.sub_sport) == ("running", "generic")
    assert (recording.activity.distance_m, recording.activity.moving_s) == (900, 300)
    assert (recording.activity.notes, recording.activity.device) == ("kühl", "Forerunner 220")
    track = recording.track
    assert track["time_s"].tolist() == list(range(0, 305, 5))
    assert track["distance_m"].tolist() == [3.0 * second for second in range(0, 305, 5)]
    assert track["altitude_m"][[0, -1]].tolist() == [500, 503]
    assert set(track["heart_rate_bpm"]) == {141}
    assert (track["lat_deg"][0], track["lon_deg"][0]) == (48, 11.5)


EXTENSION = "<Extensions><{0}TPX{1}><{0}{2}>{3}</{0}{2}></{0}TPX></Extensions>"
OWN = ' xmlns="http://www.garmin.com/xmlschemas/ActivityExtension/v2"'


@pytest.mark.parametrize(("prefix", "own"), [("ns2:", ""), ("ns3:", ""), ("", ""), ("", OWN)])
@pytest.mark.parametrize(
    ("name", "written", "column", "value"),
    [
        ("Speed", "3.25", "speed_mps", 3.25),
        ("RunCadence", "85", "cadence_spm", 170.0),
        ("Watts", "260", "power_w", 260.0),
    ],
)
def test_extensions_under_any_prefix(
    prefix: str, own: str, name: str, written: str, column: str, value: float
) -> None:
    recording = with_point(EXTENSION.format(prefix, own, name, written))
    np.testing.assert_array_equal(recording.track[column], [value, np.nan])


@pytest.mark.parametrize(
    ("inside", "sport", "spm"),
    [
        ("<Cadence>85</Cadence>", "Running", 170),
        ("<Cadence>170</Cadence>", "Running", 170),
        ("<Cadence>null</Cadence><RunCadence>84</RunCadence>", "Running", 168),
        ("<Cadence>85</Cadence>", "Biking", None),
        ("<Cadence>--</Cadence>", "Running", None),
    ],
)
def test_cadence_counts_both_feet(inside: str, sport: str, spm: float | None) -> None:
    track = with_point(inside, sport).track
    if spm is None:
        assert "cadence_spm" not in track
    else:
        np.testing.assert_array_equal(track["cadence_spm"], [spm, np.nan])


def test_an_undeclared_prefix_costs_nothing_and_is_said() -> None:
    body = lap("".join(point(s, EXTENSION.format("ns9:", "", "Speed", 3)) for s in range(60)))
    recording, problem = readings(document(activity(body)))
    assert isinstance(recording, Recording)
    assert recording.track["speed_mps"].tolist() == [3] * 60
    assert problem == Problem("site/1.tcx", "mended: undeclared prefix ns9")


def test_values_of_a_lap_never_leak_into_points() -> None:
    more = (
        "<MaximumSpeed>5</MaximumSpeed><AverageHeartRateBpm><Value>150</Value>"
        "</AverageHeartRateBpm><MaximumHeartRateBpm><Value>190</Value></MaximumHeartRateBpm>"
        "<Cadence>99</Cadence><Extensions><ns3:LX><ns3:AvgSpeed>9</ns3:AvgSpeed>"
        "<ns3:Speed>9</ns3:Speed><ns3:RunCadence>99</ns3:RunCadence></ns3:LX></Extensions>"
    )
    beats = "<HeartRateBpm><Value>120</Value></HeartRateBpm>"
    body = lap(point(0) + point(5, beats) + point(10), metres=77_000, more=more)
    recording = only(document(activity(body)))
    assert set(recording.track) == {
        "time_s",
        "segment",
        "lat_deg",
        "lon_deg",
        "altitude_m",
        "distance_m",
        "heart_rate_bpm",
    }
    np.testing.assert_array_equal(recording.track["heart_rate_bpm"], [np.nan, 120, np.nan])
    assert recording.track["distance_m"].tolist() == [0, 15, 30]


def test_totals_are_the_sum_of_the_laps() -> None:
    beats = "<AverageHeartRateBpm><Value>{}</Value></AverageHeartRateBpm>"
    first = lap(points(0, 300), seconds=300, metres=900, more=beats.format(120))
    second = lap(points(300, 400), seconds=100, metres=300.5, more=beats.format(160))
    third = lap(seconds=0, metres=0)
    found = only(document(activity(first, second, third))).activity
    assert (found.distance_m, found.moving_s) == (1200.5, 400)
    assert found.avg_hr_bpm == (300 * 120 + 100 * 160) / 400


def test_totals_that_are_no_numbers_are_unknown() -> None:
    body = lap(points(0, 300)).replace("<DistanceMeters>900<", "<DistanceMeters>--<")
    assert only(document(activity(body))).activity.distance_m is None


# Laps, pauses, points --------------------------------------------------------------------------


def test_a_lap_is_no_pause() -> None:
    laps = [lap(points(begin, begin + 300)) for begin in (0, 300, 600)]
    recording = only(document(activity(*laps)))
    assert recording.track["segment"].tolist() == [0] * 180
    assert measure_motion(recording.track).step_s.sum() == 895


def test_a_new_track_after_a_while_is_a_pause() -> None:
    recording = only(document(activity(lap(points(0, 300), points(900, 1200)))))
    assert recording.track["segment"].tolist() == [0] * 60 + [1] * 60
    assert measure_motion(recording.track).step_s.sum() == 2 * 295
    assert expose(recording)["paused_s"] == 605


def test_a_point_without_a_time_is_left_out_and_is_no_pause() -> None:
    undated = "<Trackpoint><DistanceMeters>899</DistanceMeters></Trackpoint>"
    body = lap(points(0, 300)), lap(undated + points(300, 600))
    recording = only(document(activity(*body)))
    assert recording.track["segment"].tolist() == [0] * 120


def test_points_without_a_place_keep_their_distance() -> None:
    body = lap(points(0, 100) + "".join(point(s, place=False) for s in range(100, 200, 5)))
    recording = only(document(activity(body)))
    assert np.isnan(recording.track["lat_deg"]).sum() == 20
    assert recording.track["distance_m"][-1] == 585
    assert measure_motion(recording.track).total_m == 585


def test_half_a_place_is_none() -> None:
    body = lap(points(0, 300)).replace("LongitudeDegrees", "Longitude")
    recording = only(document(activity(body)))
    assert "lat_deg" not in recording.track
    assert expose(recording)["distance_m"] == 900


def test_without_distances_positions_are_measured() -> None:
    body = lap("".join(point(second, distance=False) for second in range(0, 300, 5)))
    motion = measure_motion(only(document(activity(body))).track)
    assert motion.source == "gps"
    assert motion.total_m == pytest.approx(295 * 3, rel=1e-4)


def test_an_activity_without_points_keeps_its_totals() -> None:
    recording = only(document(activity(lap())))
    assert recording.track == {}
    assert (recording.activity.start, recording.activity.distance_m) == (START, 900)
    assert expose(recording)["distance_m"] == 900


# Activities ------------------------------------------------------------------------------------


def test_each_activity_is_one() -> None:
    ride = activity(lap(points(4000, 4300)), sport="Biking")
    nested = (
        "<MultiSportSession><FirstSport>"
        + activity(lap(points(9000, 9300)))
        + "</FirstSport></MultiSportSession>"
    )
    found = recordings(document(activity(lap(points(0, 300))), ride, nested))
    assert [item.activity.sport for item in found] == ["running", "cycling", "running"]
    starts = [(item.activity.start - START).total_seconds() for item in found]
    assert starts == [0, 4000, 9000]
    assert [len(item.track["time_s"]) for item in found] == [60, 60, 60]
    assert len({item.activity.id for item in found}) == 3


def test_other_is_never_a_run_though_it_moves_like_one() -> None:
    def rows(sport: str) -> list[str]:
        data = document(activity(lap(points(0, 1800)), sport=sport)).encode()
        return [row["sport"] for row in read_file(Source("1.tcx", data), Config()).rows]

    assert rows("Other") == ["generic"]
    assert rows("Biking") == ["cycling"]
    # Without a word on the sport it is taken for the run that it moves like.
    assert rows("") == ["running"]


def test_courses_and_workouts_are_no_activity() -> None:
    course = (
        f"{ROOT}<Courses><Course><Name>x</Name><Track>{points(0, 50)}</Track></Course></Courses>"
    )
    assert readings(course + "</TrainingCenterDatabase>") == [
        NotActivity("site/1.tcx", "a TCX file with a course in it")
    ]
    assert readings(document()) == [NotActivity("site/1.tcx", "a TCX file with no activity in it")]


def test_an_activity_without_any_time_is_a_problem() -> None:
    data = document(activity(lap()).replace(f"<Id>{stamp(0)}</Id>", "<Id>x</Id>"))
    [problem] = readings(data)
    assert problem == Problem("site/1.tcx", "a TCX activity without a time cannot be a run")


@pytest.mark.parametrize(
    ("text", "offset", "begin"),
    [
        ("2024-05-01T06:00:00Z", None, START),
        ("2024-05-01T08:00:00.000+02:00", 7200, START),
        ("2024-04-30T23:00:00-07:00", -25200, START),
        ("2024-05-01T06:00:00", None, START),
    ],
)
def test_offsets_in_times(text: str, offset: float | None, begin: datetime) -> None:
    data = document(activity(lap(points(0, 300)))).replace(stamp(0), text)
    found = only(data).activity
    assert (found.start, found.utc_offset_s) == (begin, offset)


# Damage ----------------------------------------------------------------------------------------


def test_of_a_truncated_file_the_whole_points_are_kept() -> None:
    whole = document(activity(lap(points(0, 300)), lap(points(300, 600), metres=901)))
    cut = whole[: whole.index(stamp(450)) + 9]
    recording, problem = readings(cut)
    assert isinstance(recording, Recording)
    assert recording.track["time_s"].tolist() == list(range(0, 450, 5))
    assert recording.track["distance_m"].tolist() == [3.0 * s for s in range(0, 450, 5)]
    assert isinstance(problem, Problem)
    assert problem.reason.startswith("the TCX file breaks off at line 2: ")


def test_of_a_file_cut_before_its_first_point_nothing_is_kept() -> None:
    [problem] = readings(document(activity(lap(points(0, 300))))[:100])
    assert isinstance(problem, Problem)


@pytest.mark.parametrize("notes", ["A & B", "bell\x07"])
def test_characters_that_xml_does_not_allow(notes: str) -> None:
    body = activity(lap(points(0, 300)), more=f"<Notes>{notes}</Notes>")
    recording, problem = readings(document(body))
    assert isinstance(recording, Recording)
    assert recording.activity.notes == notes.replace("\x07", "")
    assert len(recording.track["time_s"]) == 60
    assert problem == Problem("site/1.tcx", "mended: characters that XML does not allow")


@pytest.mark.parametrize("lead", ["\ufeff", "   \n", "\ufeff\n ", " \ufeff", ""], ids=repr)
def test_blanks_and_a_bom_before_the_xml(lead: str) -> None:
    assert len(only(lead + document(activity(lap(points(0, 300))))).track["time_s"]) == 60


def test_latin_1() -> None:
    body = document(activity(lap(points(0, 300)), more="<Notes>Fuß</Notes>"))
    data = body.replace("UTF-8", "ISO-8859-1").encode("latin-1")
    assert only(data).activity.notes == "Fuß"


def test_claimed_by_its_root() -> None:
    assert tcx.sniff("noname", document().encode()[:200])
    assert tcx.sniff("noname", b"<?xml version='1.0'?><t:TrainingCenterDatabase>")
    assert not tcx.sniff("a.tcx", b"<gpx>")
    assert not tcx.sniff("a.tcx", b"")


def test_a_heart_rate_with_blanks_around_it() -> None:
    inside = "<HeartRateBpm xsi:type='x'>\n  <Value>\n141 </Value>\n</HeartRateBpm>"
    root = ROOT.replace(">", ' xmlns:xsi="urn:x">')
    np.testing.assert_array_equal(with_point(inside, root=root).track["heart_rate_bpm"][:1], [141])


def test_a_value_of_something_else_is_no_heart_rate() -> None:
    inside = "<Sensor><Value>99</Value></Sensor><HeartRateBpm></HeartRateBpm><Cadence/>"
    inside += "<Value>98</Value><Watts/><HeartRateBpm/>"
    track = with_point(inside).track
    assert track.keys().isdisjoint({"heart_rate_bpm", "cadence_spm", "power_w"})


def test_the_points_of_a_course_beside_an_activity_stay_out_of_it() -> None:
    way = lap(points(9000, 9100), seconds=100, metres=5000)
    course = f"<Courses><Course>{way}</Course></Courses>"
    whole = document(activity(lap(points(0, 300)), more="<Notes>mine</Notes>"))
    before = whole.replace("<Activities>", f"{course}<Activities>")
    after = whole.replace("</Activities>", f"</Activities>{course}")
    for data in (before, after):
        recording = only(data)
        assert recording.track["time_s"].tolist() == list(range(0, 300, 5))
        assert (recording.activity.distance_m, recording.activity.moving_s) == (900, 300)


def test_a_point_around_a_point_costs_no_other() -> None:
    odd = f"<Trackpoint>{point(300)}</Trackpoint>"
    data = document(activity(lap(points(0, 300) + odd), lap(points(305, 600))))
    assert only(data).track["time_s"].tolist() == list(range(0, 600, 5))
    assert only(data).activity.distance_m == 1800


def test_numbers_of_the_laps_own_elements_alone() -> None:
    beats = "<MaximumHeartRateBpm><Value>190</Value></MaximumHeartRateBpm>"
    beats += "<AverageHeartRateBpm><Value>150</Value></AverageHeartRateBpm>"
    inner = "<Extensions><LX><DistanceMeters>5</DistanceMeters></LX></Extensions>"
    found = only(document(activity(lap(points(0, 300), more=inner + beats)))).activity
    assert (found.distance_m, found.avg_hr_bpm) == (900, 150)


def test_utf_16_is_claimed_and_read() -> None:
    data = document(activity(lap(points(0, 300)))).encode("utf-16")
    assert tcx.sniff("noname", data[:400])
    assert len(only(data).track["time_s"]) == 60
