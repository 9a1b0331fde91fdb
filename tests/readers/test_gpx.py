from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from kneewatch.metrics.exposure import expose
from kneewatch.metrics.motion import measure_motion
from kneewatch.model import NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers import gpx, read

START = datetime(2024, 5, 1, 6, 0, 0, tzinfo=UTC)
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
ROOT_11 = (
    '<gpx version="1.1" creator="app" xmlns="http://www.topografix.com/GPX/1/1" '
    'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">'
)
ROOT_10 = '<gpx version="1.0" creator="app" xmlns="http://www.topografix.com/GPX/1/0">'


def stamp(second: float) -> str:
    return (START + timedelta(seconds=second)).isoformat().replace("+00:00", "Z")


def point(second: float, inside: str = "", ele: str | None = "500.5", time: str = "") -> str:
    """Due north at 3 m/s."""
    lat = 48 + second * 3 / 111_195
    height = "" if ele is None else f"<ele>{ele}</ele>"
    when = time or f"<time>{stamp(second)}</time>"
    return f'<trkpt lat="{lat:.8f}" lon="11.5">{height}{when}{inside}</trkpt>'


def points(begin: int, end: int, step: int = 5) -> str:
    return "".join(point(second) for second in range(begin, end, step))


def track(*segments: str, head: str = "<type>running</type>") -> str:
    return f"<trk>{head}{''.join(f'<trkseg>{s}</trkseg>' for s in segments)}</trk>"


def document(*tracks: str, root: str = ROOT_11) -> str:
    return f"{DECLARATION}{root}{''.join(tracks)}</gpx>"


def readings(data: str | bytes) -> list[Reading]:
    data = data if isinstance(data, bytes) else data.encode()
    return list(gpx.read(Source("phone/1.gpx", data)))


def recordings(data: str | bytes) -> list[Recording]:
    """All that was read, where nothing may have gone wrong."""
    found = readings(data)
    assert all(isinstance(item, Recording) for item in found), found
    return [item for item in found if isinstance(item, Recording)]


def only(data: str | bytes) -> Recording:
    [recording] = recordings(data)
    return recording


def mended(data: str | bytes) -> tuple[Recording, str]:
    [recording, problem] = readings(data)
    assert isinstance(recording, Recording)
    assert isinstance(problem, Problem)
    return recording, problem.reason


# Both versions ---------------------------------------------------------------------------------


@pytest.mark.parametrize("root", [ROOT_10, ROOT_11, '<gpx version="1.2">', "<gpx>"])
def test_a_track_is_a_recording(root: str) -> None:
    recording = only(document(track(points(0, 600)), root=root))
    activity = recording.activity
    assert activity.start == START
    assert activity.device == ("app" if "creator" in root else "")
    assert activity.distance_m is None
    assert recording.track["time_s"].tolist() == list(range(0, 600, 5))
    assert set(recording.track["altitude_m"]) == {500.5}
    assert recording.track["lat_deg"][0] == 48
    assert recording.track["lon_deg"][0] == 11.5
    assert measure_motion(recording.track).total_m == pytest.approx(595 * 3, rel=1e-4)


def test_speed_of_version_1_0() -> None:
    inside = "<course>12.5</course><speed>3.25</speed>"
    recording = only(document(track(point(0, inside) + point(5)), root=ROOT_10))
    np.testing.assert_array_equal(recording.track["speed_mps"], [3.25, np.nan])


def test_name_and_notes() -> None:
    head = "<name> Föhrenwald &amp; zurück </name><desc>kühl</desc><type>trail_running</type>"
    activity = only(document(track(points(0, 50), head=head))).activity
    assert (activity.name, activity.notes) == ("Föhrenwald & zurück", "kühl")
    assert (activity.sport, activity.sub_sport) == ("running", "trail")


@pytest.mark.parametrize(
    ("head", "sport"),
    [
        ("<type>running</type>", "running"),
        ("<type>9</type>", "running"),
        ("<type>Running</type><name>Bike ride</name>", "running"),
        ("<name>Lunch Run</name>", "running"),
        ("<type>Other</type><name>Lauf am Morgen</name>", "running"),
        ("<type>cycling</type><name>Morning Run</name>", "cycling"),
        ("<type>1</type>", "cycling"),
        ("<name>Running errands by bike</name>", "cycling"),
        ("<name>2024-05-01</name>", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_sport_comes_from_the_type_else_from_the_name(head: str, sport: str) -> None:
    assert only(document(track(points(0, 50), head=head))).activity.sport == sport


def test_a_barometer_that_the_creator_names() -> None:
    named = ROOT_11.replace('creator="app"', 'creator="StravaGPX iPhone with barometer"')
    assert only(document(track(points(0, 50)), root=named)).activity.barometer is True
    assert only(document(track(points(0, 50)))).activity.barometer is None


def test_without_elevation_the_altitude_is_unknown() -> None:
    flat = "".join(point(second, ele=None) for second in range(0, 900, 5))
    recording = only(document(track(flat)))
    assert "altitude_m" not in recording.track
    row = expose(recording)
    assert row["altitude_source"] == "none"
    assert "descent_m" not in row


def test_changes_of_centimetres_are_no_altitude() -> None:
    """Some apps write into ``ele`` what has changed since the last point."""
    body = "".join(point(second, ele=f"{second % 7 / 100}") for second in range(0, 900, 5))
    row = expose(only(document(track(body))))
    assert row["altitude_source"] == "none"
    assert "descent_m" not in row


# Extensions ------------------------------------------------------------------------------------

GARMIN = "<gpxtpx:TrackPointExtension>{}</gpxtpx:TrackPointExtension>"


@pytest.mark.parametrize(
    ("inside", "column", "value"),
    [
        (GARMIN.format("<gpxtpx:hr>141</gpxtpx:hr>"), "heart_rate_bpm", 141),
        (GARMIN.format("<gpxtpx:cad>85</gpxtpx:cad>"), "cadence_spm", 170),
        (GARMIN.format("<gpxtpx:atemp>-4</gpxtpx:atemp>"), "temperature_c", -4),
        (GARMIN.format("<gpxtpx:speed>3.5</gpxtpx:speed>"), "speed_mps", 3.5),
        ('<x:hr xmlns:x="http://www.cluetrust.com/Schemas/">141</x:hr>', "heart_rate_bpm", 141),
        ('<x:cadence xmlns:x="urn:x">85</x:cadence>', "cadence_spm", 170),
        ('<x:distance xmlns:x="urn:x">1234.5</x:distance>', "distance_m", 1234.5),
        ('<ns3:T xmlns:ns3="urn:g"><ns3:hr>141</ns3:hr></ns3:T>', "heart_rate_bpm", 141),
        ("<heartrate>141</heartrate>", "heart_rate_bpm", 141),
        ("<HeartRate> 141 </HeartRate>", "heart_rate_bpm", 141),
        ("<RunCadence>170</RunCadence>", "cadence_spm", 170),
        ("<power>260</power>", "power_w", 260),
    ],
)  # fmt: skip
def test_extensions_of_any_maker(inside: str, column: str, value: float) -> None:
    body = point(0, f"<extensions>{inside}</extensions>") + point(5)
    recording = only(document(track(body)))
    np.testing.assert_array_equal(recording.track[column], [value, np.nan])


def test_an_undeclared_prefix_is_mended_and_said() -> None:
    body = points(0, 50) + point(50, "<extensions><gpxdata:hr>141</gpxdata:hr></extensions>")
    recording, reason = mended(document(track(body)))
    assert recording.track["heart_rate_bpm"][-1] == 141
    assert len(recording.track["time_s"]) == 11
    assert reason == "mended: undeclared prefix gpxdata"


def test_a_heart_rate_that_comes_twice_counts_once() -> None:
    twice = "<hr>141</hr><x:hr xmlns:x='urn:x'>99</x:hr>"
    recording = only(document(track(point(0, f"<extensions>{twice}</extensions>"))))
    assert recording.track["heart_rate_bpm"].tolist() == [141]


@pytest.mark.parametrize("text", ["null", "", "NaN", "--", "inf"])
def test_an_extension_that_is_no_number_is_none(text: str) -> None:
    body = point(0, f"<extensions><hr>{text}</hr></extensions>")
    body += point(5, f"<extensions><hr>{text}</hr><heartrate>120</heartrate></extensions>")
    recording = only(document(track(body)))
    np.testing.assert_array_equal(recording.track["heart_rate_bpm"], [np.nan, 120])


def test_a_riders_cadence_is_left_out() -> None:
    body = point(0, "<extensions><cad>85</cad></extensions>")
    recording = only(document(track(body, head="<type>cycling</type>")))
    assert "cadence_spm" not in recording.track


# Tracks, segments, times -----------------------------------------------------------------------


def test_a_new_segment_is_a_pause_and_no_distance() -> None:
    recording = only(document(track(points(0, 300), points(900, 1200))))
    assert recording.track["segment"].tolist() == [0] * 60 + [1] * 60
    motion = measure_motion(recording.track)
    assert motion.total_m == pytest.approx(2 * 295 * 3, rel=1e-4)
    assert motion.step_s.sum() == 2 * 295
    row = expose(recording)
    assert (row["elapsed_s"], row["paused_s"]) == (1195, 605)


def test_tracks_that_follow_each_other_are_one_activity() -> None:
    recording = only(document(track(points(0, 300)), track(points(900, 1200))))
    assert recording.track["segment"].tolist() == [0] * 60 + [1] * 60


@pytest.mark.parametrize(("gap", "activities"), [(1800, 1), (1805, 2)])
def test_half_an_hour_between_tracks_is_a_pause(gap: int, activities: int) -> None:
    data = document(track(points(0, 305)), track(points(300 + gap, 900 + gap)))
    assert len(recordings(data)) == activities


def test_tracks_far_apart_or_of_other_sports_are_activities_of_their_own() -> None:
    late, ride = track(points(9000, 9300)), track(points(400, 700), head="<type>cycling</type>")
    first, second, third = recordings(document(late, ride, track(points(0, 300))))
    assert [item.activity.sport for item in (first, second, third)] == [
        "running",
        "cycling",
        "running",
    ]
    starts = [item.activity.start - START for item in (first, second, third)]
    assert starts == [timedelta(0), timedelta(seconds=400), timedelta(seconds=9000)]
    assert [item.track["time_s"][0] for item in (first, second, third)] == [0, 0, 0]
    assert len({item.activity.id for item in (first, second, third)}) == 3


def test_empty_segments_are_nothing() -> None:
    recording = only(document(track("", points(0, 300), ""), "<trk></trk>"))
    assert len(recording.track["time_s"]) == 60
    assert np.ptp(recording.track["segment"]) == 0


def test_points_are_put_in_order_of_time() -> None:
    body = point(10) + point(0) + point(5)
    recording = only(document(track(body)))
    assert recording.track["time_s"].tolist() == [0, 5, 10]
    assert np.all(np.diff(recording.track["lat_deg"]) > 0)


def test_a_track_without_times_is_a_problem() -> None:
    body = "".join(point(second, time=" ") for second in range(7))
    expected = "a GPX track of 7 points without times cannot be a run"
    assert readings(document(track(body))) == [Problem("phone/1.gpx", expected)]


def test_single_points_without_a_time_are_left_out() -> None:
    body = point(0) + point(5, time=" ") + point(10, time="<time>null</time>") + point(15)
    assert only(document(track(body))).track["time_s"].tolist() == [0, 15]


@pytest.mark.parametrize("year", ["0001", "1970", "9999"])
def test_an_empty_time_does_not_move_the_run(year: str) -> None:
    body = point(0) + point(5, time=f"<time>{year}-01-01T00:00:00Z</time>") + point(10)
    recording = only(document(track(body)))
    assert recording.track["time_s"].tolist() == [0, 10]
    assert recording.activity.start == START


def test_where_no_time_is_likely_all_are_kept() -> None:
    """A logger that never had the date."""
    body = "".join(
        point(0, time=f"<time>1970-01-01T00:00:{second:02}Z</time>") for second in range(9)
    )
    assert only(document(track(body))).track["time_s"].tolist() == list(range(9))


@pytest.mark.parametrize(
    "data",
    [
        document(),
        document('<wpt lat="48" lon="11"><time>2024-05-01T06:00:00Z</time></wpt>'),
        document('<rte><rtept lat="48" lon="11"/></rte>'),
        document("<trk><trkseg></trkseg></trk>"),
    ],
    ids=["nothing", "waypoints", "route", "empty track"],
)
def test_routes_and_waypoints_are_no_activity(data: str) -> None:
    [reading] = readings(data)
    assert isinstance(reading, NotActivity)


@pytest.mark.parametrize(
    ("text", "offset", "begin"),
    [
        ("2024-05-01T06:00:00Z", None, START),
        ("2024-05-01T06:00:00.250Z", None, START + timedelta(milliseconds=250)),
        ("2024-05-01T08:00:00+02:00", 7200, START),
        ("2024-04-30T22:30:00-07:30", -27000, START),
        ("2024-05-01T06:00:00+00:00", None, START),
        ("2024-05-01T06:00:00", None, START),
    ],
)
def test_offsets_are_the_runners_and_z_says_nothing(
    text: str, offset: float | None, begin: datetime
) -> None:
    body = point(0, time=f"<time>{text}</time>") + point(30)
    activity = only(document(track(body))).activity
    assert activity.start == begin
    assert activity.utc_offset_s == offset


def test_the_day_is_the_runners_own() -> None:
    late = "2024-05-01T23:30:00-07:00"
    row = expose(only(document(track(point(0, time=f"<time>{late}</time>")))))
    assert (row["local_date"], row["day_from"]) == ("2024-05-01", "file")
    # Without an offset the place says it: 48 N 11.5 E is Munich.
    utc = "2024-05-01T22:30:00Z"
    row = expose(only(document(track(point(0, time=f"<time>{utc}</time>")))))
    assert (row["local_date"], row["day_from"]) == ("2024-05-02", "position")


# Damage ----------------------------------------------------------------------------------------


def test_of_a_truncated_file_the_whole_points_are_kept() -> None:
    whole = document(track(points(0, 300), points(900, 1200)))
    cut = whole[: whole.index(stamp(1000)) + 7]
    recording, reason = mended(cut)
    assert recording.track["time_s"][-1] == 995
    assert len(recording.track["time_s"]) == 60 + 20
    lost = len(cut) - cut.rindex("</trkpt>") - len("</trkpt>")
    assert reason == f"mended: the file ends early; {lost} bytes after the last whole point lost"


@pytest.mark.parametrize("end", ["</trkseg></trk></gpx>", "</trk></gpx>", "</gpx>", "x>"])
def test_a_missing_end_costs_no_point(end: str) -> None:
    recording, reason = mended(document(track(points(0, 300))).removesuffix(end))
    assert len(recording.track["time_s"]) == 60
    assert "the file ends early" in reason


def test_a_file_cut_before_its_first_point_is_a_problem() -> None:
    [problem] = readings(document(track(points(0, 300)))[:230])
    assert isinstance(problem, Problem)
    assert problem.reason.startswith("the GPX file cannot be read: ")


@pytest.mark.parametrize(
    "broken",
    [
        "<trkpt>",
        '<trkpt lat="" lon="">',
        '<trkpt lon="11.5">',
        '<trkpt lat="48.1">',
        '<trkpt lat="null" lon="null">',
    ],
)
def test_a_point_without_a_place_is_a_gap(broken: str) -> None:
    beats = "<extensions><hr>141</hr></extensions>"
    body = points(0, 50) + f"{broken}<time>{stamp(52)}</time>{beats}</trkpt>" + points(55, 100)
    recording, reason = mended(document(track(body)))
    assert len(recording.track["time_s"]) == 20
    assert np.flatnonzero(np.isnan(recording.track["lat_deg"])).tolist() == [10]
    assert np.flatnonzero(np.isnan(recording.track["lon_deg"])).tolist() == [10]
    assert recording.track["heart_rate_bpm"][10] == 141
    assert measure_motion(recording.track).total_m == pytest.approx(95 * 3, rel=1e-4)
    assert reason == "mended: 1 point without a place kept as a gap"


def test_places_with_a_decimal_comma() -> None:
    body = points(0, 50).replace('lat="48.', 'lat="48,').replace('lon="11.5"', 'lon="11,5"')
    recording = only(document(track(body)))
    np.testing.assert_array_equal(recording.track["lon_deg"], [11.5] * 10)
    assert measure_motion(recording.track).total_m == pytest.approx(45 * 3, rel=1e-4)


@pytest.mark.parametrize(
    ("text", "height"), [("null", None), ("", None), ("x", None), ("12,5", 12.5)]
)
def test_an_elevation_that_is_no_number_costs_itself_alone(text: str, height: float | None) -> None:
    body = points(0, 50) + point(50, ele=text)
    found = readings(document(track(body)))
    recording = found[0]
    assert isinstance(recording, Recording)
    altitude = recording.track["altitude_m"]
    assert len(altitude) == 11
    np.testing.assert_array_equal(altitude[-1], np.nan if height is None else height)
    reasons = [item.reason for item in found[1:] if isinstance(item, Problem)]
    lost = text in ("null", "x")
    assert reasons == (["mended: values that are no numbers left out"] if lost else [])


@pytest.mark.parametrize("inside", ["<sat>7.0</sat>", "<hdop>null</hdop>", "<fix>no idea</fix>"])
def test_what_nobody_asks_for_costs_nothing(inside: str) -> None:
    recording = only(document(track(points(0, 50) + point(50, inside))))
    assert len(recording.track["time_s"]) == 11


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("A & B", "A & B"),
        ("tab\x0bbell\x07", "tabbell"),
        ("5 < 6 &lt; 7", "5 < 6 < 7"),
        ("caf&eacute;", "caf&eacute;"),
        ("&#0;nul&#x1F;", "nul"),
        ("&#228;&#xE4;&", "ää&"),
    ],
)
def test_characters_that_xml_does_not_allow(name: str, read: str) -> None:
    head = f"<name>{name}</name><type>running</type>"
    recording, reason = mended(document(track(points(0, 50), head=head)))
    assert recording.activity.name == read
    assert reason == "mended: characters that XML does not allow"


def test_zeros_behind_the_end_cost_nothing() -> None:
    recording, _ = mended(document(track(points(0, 50))).encode() + bytes(512))
    assert len(recording.track["time_s"]) == 10


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (document(track(points(0, 50), head="<name>Fuß</name>")).encode("utf-8-sig"), "BOM"),
        (("\n  " + document(track(points(0, 50), head="<name>Fuß</name>"))).encode(), "blanks"),
        (
            document(track(points(0, 50), head="<name>Fuß</name>"))
            .replace("UTF-8", "ISO-8859-1")
            .encode("latin-1"),
            "Latin 1",
        ),
        (document(track(points(0, 50), head="<name>Fuß</name>")).encode("cp1252"), "undeclared"),
        (
            document(track(points(0, 50), head="<name>Fuß</name>"))
            .replace("UTF-8", "UTF-16")
            .encode("utf-16"),
            "UTF-16",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_encodings(data: bytes, what: str) -> None:
    recording = only(data)
    assert recording.activity.name == "Fuß", what
    assert len(recording.track["time_s"]) == 10


def test_bytes_that_are_no_utf_8_cost_their_own_letters_alone() -> None:
    data = document(track(points(0, 50), head="<name>Fuß für ☃</name>")).encode()
    assert only(data.replace("ß".encode(), b"\xdf")).activity.name == "Fuß für ☃"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_claimed_and_read_without_a_name(encoding: str) -> None:
    data = document(track(points(0, 50))).encode(encoding)
    assert gpx.sniff("noname", data[:200])
    assert len(only(data).track["time_s"]) == 10


def test_gpx_under_a_prefix_of_its_own() -> None:
    plain = document(track(points(0, 50)))
    prefixed = plain.replace("</", "</g:").replace("<", "<g:").replace("<g:/g:", "</g:")
    prefixed = prefixed.replace("<g:?xml", "<?xml").replace(" xmlns=", " xmlns:g=")
    recording = only(prefixed)
    assert recording.activity.sport == "running"
    assert len(recording.track["time_s"]) == 10


def test_claimed_by_its_root_or_its_name() -> None:
    assert gpx.sniff("noname", document().encode()[:200])
    assert gpx.sniff("noname", b'<?xml version="1.0"?><g:gpx version="1.1">')
    assert gpx.sniff("A.GPX", b"")
    assert not gpx.sniff("a.xml", b"<TrainingCenterDatabase>")
    assert not gpx.sniff("a.gpx", b"\x0e\x10\0\0\0\0\0\0.FIT")


def test_after_a_break_in_the_middle_the_whole_points_are_kept() -> None:
    whole = document(track(points(0, 300)))
    place = whole.index("</ele>", whole.index(stamp(200)))
    recording, reason = mended(whole[:place] + "</elf>" + whole[place + 6 :])
    assert recording.track["time_s"].tolist() == list(range(0, 205, 5))
    lost = len(whole) - whole.index("</trkpt>", whole.index(stamp(200))) - len("</trkpt>")
    assert reason.startswith("mended: the file breaks off at line 2: mismatched tag; ")
    assert reason.endswith(f"{lost:,} bytes after the last whole point lost")


def test_what_follows_the_end_is_said() -> None:
    recording, reason = mended(document(track(points(0, 50))) + "<p>Bye</p>")
    assert len(recording.track["time_s"]) == 10
    assert "junk after document element" in reason


def test_points_that_have_lost_their_track() -> None:
    recording, _ = mended(f"{ROOT_11}{points(0, 50)}</trkseg></trk></gpx>")
    assert recording.track["segment"].tolist() == [0] * 10


def test_comments_cdata_and_blanks_between() -> None:
    body = points(0, 50).replace("<time>", "\n <!-- <hr>9</hr> -->\n<time>\n ")
    body = body.replace("</time>", "\n</time><extensions>\n<hr><![CDATA[141]]></hr></extensions>")
    recording = only(document(track(body)))
    assert recording.track["time_s"].tolist() == list(range(0, 50, 5))
    assert set(recording.track["heart_rate_bpm"]) == {141}


def test_an_empty_element_never_takes_its_neighbours_value() -> None:
    inside = "<extensions><power>260</power><hr/><cad></cad>\n<speed> </speed></extensions>"
    recording = only(document(track(point(0, inside) + point(5))))
    assert recording.track["power_w"][0] == 260
    assert recording.track.keys().isdisjoint({"heart_rate_bpm", "cadence_spm", "speed_mps"})


def test_waypoints_and_routes_beside_a_track_stay_out_of_it() -> None:
    aside = '<wpt lat="1" lon="2"><ele>9</ele><time>2020-01-01T00:00:00Z</time></wpt>'
    aside += '<rte><rtept lat="3" lon="4"><ele>9</ele></rtept></rte>'
    recording = only(document(aside, track(points(0, 50))))
    assert recording.activity.start == START
    assert set(recording.track["altitude_m"]) == {500.5}


# The second reader ------------------------------------------------------------------------------


def test_where_ours_stumbles_gpxpy_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    hr = "<extensions><g:x xmlns:g='u'><g:hr>141</g:hr></g:x></extensions>"
    data = document(
        track(points(0, 300), points(400, 600) + point(600, hr)),
        track(points(9000, 9300), head="<type>cycling</type>"),
        track(point(0, time="")).replace("<time>", "<x>").replace("</time>", "</x>"),
    )
    ours = recordings(data)

    def stumble(data: bytes) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(gpx.GpxWalk, "through", stumble)
    theirs = recordings(data)
    assert [item.activity for item in theirs] == [
        replace(item.activity, utc_offset_s=None) for item in ours
    ]
    for one, other in zip(ours, theirs, strict=True):
        assert one.track.keys() == other.track.keys()
        for name, column in one.track.items():
            np.testing.assert_array_equal(column, other.track[name], name)


def test_what_neither_can_read_is_one_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpx.GpxWalk, "through", lambda data: 1 / 0)
    [problem] = read(Source("phone/1.gpx", b"<gpx><trk>"))
    assert isinstance(problem, Problem)
    assert problem.reason.startswith("cannot be read (")
    [problem] = read(Source("phone/1.gpx", document(track()).encode()))
    assert problem == Problem("phone/1.gpx", "a GPX file without a track with times")
