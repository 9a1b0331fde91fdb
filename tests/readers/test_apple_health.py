"""Apple Health's export: what is taken of a workout, and what is said of what is not whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from benchmarks import apple_export
from hypothesis import given, settings
from hypothesis import strategies as st

from kneewatch.model import NotActivity, Problem, Reading, Recording, Source, Streamed
from kneewatch.readers import apple_health, claim, read

FIXTURES = "csv_exports/apple_health"


def export(*inside: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>\n') -> bytes:
    return f'{head}<HealthData locale="en_US">{"".join(inside)}</HealthData>\n'.encode()


def workout(*inside: str, kind: str = "Running", **given: str | None) -> str:
    said: dict[str, str | None] = {
        "duration": "30.0",
        "durationUnit": "min",
        "sourceName": "Apple\u00a0Watch",
        "startDate": "2025-01-05 08:00:00 +0100",
        "endDate": "2025-01-05 08:30:00 +0100",
    }
    attributes = "".join(f' {key}="{value}"' for key, value in (said | given).items() if value)
    return (
        f'<Workout workoutActivityType="HKWorkoutActivityType{kind}"{attributes}>'
        f"{''.join(inside)}</Workout>"
    )


def statistic(kind: str, said: str) -> str:
    return f'<WorkoutStatistics type="HKQuantityTypeIdentifier{kind}" {said}/>'


def metadata(key: str, value: str) -> str:
    return f'<MetadataEntry key="{key}" value="{value}"/>'


def event(kind: str, clock: str) -> str:
    return f'<WorkoutEvent type="HKWorkoutEventType{kind}" date="2025-01-05 {clock} +0100"/>'


def part(*inside: str, start: str = "08:00:00", end: str = "08:15:00", minutes: int = 15) -> str:
    return (
        f'<WorkoutActivity uuid="U" startDate="2025-01-05 {start} +0100"'
        f' endDate="2025-01-05 {end} +0100" duration="{minutes}" durationUnit="min">'
        f"{''.join(inside)}</WorkoutActivity>"
    )


def readings(data: bytes, name: str = "e/export.xml") -> list[Reading]:
    return list(read(Source(name, data)))


def recordings(*inside: str) -> list[Recording]:
    found = readings(export(*inside))
    assert all(isinstance(item, Recording) for item in found), found
    return [item for item in found if isinstance(item, Recording)]


def only(*inside: str, **given: str) -> Recording:
    [found] = recordings(workout(*inside, **given))
    return found


# Who claims it ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        export(),
        export(head=""),
        export(head="\ufeff"),
        b'<?xml version="1.0"?>\n<!DOCTYPE HealthData [\n<!-- HealthKit Export Version: 14 -->',
        b'<HealthData\n locale="de_AT">',
    ],
)
def test_claimed_by_its_root_whatever_it_is_called(head: bytes) -> None:
    for name in ("export.xml", "Exportieren.xml", "exportación.xml", "vienti.xml", "1", "1.gpx"):
        if not name.endswith(".gpx"):
            assert claim(name, head) is apple_health
        assert apple_health.sniff(name, head)


@pytest.mark.parametrize(
    "head",
    [
        b'<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3">HealthData',
        b"<HealthDataset>",
        b"HealthData,Date\n1,2",
        b"",
    ],
)
def test_not_claimed(head: bytes) -> None:
    assert not apple_health.sniff("export.xml", head)


# One workout -----------------------------------------------------------------------------------


def test_a_run_as_the_watch_writes_it() -> None:
    run = only(
        metadata("HKIndoorWorkout", "0"),
        metadata("HKElevationAscended", "1036 cm"),
        metadata("HKElevationDescended", "9.5 m"),
        statistic("DistanceWalkingRunning", 'sum="5.25301" unit="km"'),
        statistic("StepCount", 'sum="4821.73" unit="count"'),
        statistic("HeartRate", 'average="151.5" minimum="90" maximum="171" unit="count/min"'),
        statistic("ActiveEnergyBurned", 'sum="320" unit="kcal"'),
    ).activity
    assert run.start == datetime(2025, 1, 5, 7, tzinfo=UTC)
    assert run.utc_offset_s == 3600
    assert (run.sport, run.sub_sport, run.device) == ("running", "generic", "Apple Watch")
    assert run.source == "e/export.xml workout 1"
    assert run.distance_m == pytest.approx(5253.01)
    assert (run.elapsed_s, run.moving_s) == (1800, 1800)
    assert (run.ascent_m, run.descent_m) == (pytest.approx(10.36), 9.5)
    assert (run.steps, run.avg_hr_bpm) == (4821.73, 151.5)
    assert run.file_hint == ""


@pytest.mark.parametrize(
    ("said", "metres"),
    [
        ('sum="5" unit="km"', 5000),
        ('sum="5" unit="mi"', 8046.72),
        ('sum="5000" unit="m"', 5000),
        ('sum="1000" unit="yd"', 914.4),
        ('sum="5,5" unit="km"', 5500),
        ('sum="0" unit="km"', None),
        ('sum="-5" unit="km"', None),
        ('sum="nan" unit="km"', None),
        ('sum="far" unit="km"', None),
        ('sum="5" unit="furlong"', None),
        ('sum="5"', None),
    ],
)
def test_distances(said: str, metres: float | None) -> None:
    found = only(statistic("DistanceWalkingRunning", said)).activity.distance_m
    assert found == (None if metres is None else pytest.approx(metres))


def test_distances_in_attributes_as_before_ios_16() -> None:
    found = only(totalDistance="3.1", totalDistanceUnit="mi").activity
    assert found.distance_m == pytest.approx(3.1 * 1609.344)
    both = only(
        statistic("DistanceWalkingRunning", 'sum="8.7" unit="km"'),
        totalDistance="8.741",
        totalDistanceUnit="km",
    ).activity
    assert both.distance_m == 8700


def test_the_distance_of_the_own_sport_counts() -> None:
    inside = [
        statistic("DistanceWalkingRunning", 'sum="1" unit="km"'),
        statistic("DistanceCycling", 'sum="20" unit="km"'),
    ]
    assert only(*inside, kind="Running").activity.distance_m == 1000
    assert only(*inside, kind="Cycling").activity.distance_m == 20_000
    assert only(*inside, kind="Hiking").activity.distance_m == 1000
    assert only(*inside, kind="Rowing").activity.distance_m == 20_000


def test_totals_that_stand_in_the_parts_alone_add_up() -> None:
    run = only(
        part(
            statistic("DistanceWalkingRunning", 'sum="1.5" unit="km"'),
            statistic("StepCount", 'sum="1300" unit="count"'),
            statistic("HeartRate", 'average="160" unit="count/min"'),
            metadata("HKElevationAscended", "262 cm"),
            minutes=10,
        ),
        part(
            statistic("DistanceWalkingRunning", 'sum="1.0" unit="km"'),
            statistic("StepCount", 'sum="900" unit="count"'),
            statistic("HeartRate", 'average="172" unit="count/min"'),
            metadata("HKElevationAscended", "100 cm"),
            minutes=5,
        ),
    ).activity
    assert (run.distance_m, run.steps) == (2500, 2200)
    assert run.avg_hr_bpm == pytest.approx(164)
    assert run.ascent_m == pytest.approx(3.62)


def test_totals_of_the_whole_are_not_added_to_those_of_its_parts() -> None:
    run = only(
        part(statistic("DistanceWalkingRunning", 'sum="1.5" unit="km"')),
        statistic("DistanceWalkingRunning", 'sum="8.7" unit="km"'),
        statistic("DistanceWalkingRunning", 'sum="8.7" unit="km"'),
        metadata("HKElevationAscended", "500 cm"),
        metadata("HKElevationAscended", "500 cm"),
    ).activity
    assert (run.distance_m, run.ascent_m) == (8700, 5)


# Times -----------------------------------------------------------------------------------------


def test_a_duration_without_the_pauses_is_the_moving_time() -> None:
    # 72 s of pauses, as a watch has written them: its own beside the runner's.
    run = only(
        event("Pause", "08:00:00"),
        event("MotionPaused", "08:00:00"),
        event("Resume", "08:00:05"),
        event("MotionResumed", "08:00:05"),
        event("Pause", "08:10:00"),
        event("Resume", "08:11:07"),
        duration="28.8",
    ).activity
    assert (run.elapsed_s, run.moving_s) == (1800, pytest.approx(1728))


@pytest.mark.parametrize(
    ("events", "paused_s"),
    [
        ((("Pause", "08:10:00"), ("Resume", "08:12:00")), 120),
        ((("MotionPaused", "08:10:00"), ("MotionResumed", "08:12:00")), 120),
        ((("Pause", "08:29:00"),), 60),  # the last one is not ended
        ((("Resume", "08:12:00"), ("Pause", "08:10:00")), 120),
        ((("Resume", "08:12:00"),), 0),
        ((("Pause", "07:00:00"), ("Resume", "08:01:00")), 60),
        ((("Pause", "08:10:00"), ("Pause", "08:11:00"), ("Resume", "08:12:00")), 120),
        ((("Segment", "08:10:00"), ("Marker", "08:12:00"), ("Pause", "never")), 0),
    ],
)
def test_pauses_are_taken_out_of_a_duration_that_has_them_in_it(
    events: tuple[tuple[str, str], ...], paused_s: float
) -> None:
    inside = [event(kind, clock) for kind, clock in events]
    for duration in ("30", "29.99", ""):
        assert only(*inside, duration=duration).activity.moving_s == 1800 - paused_s


@pytest.mark.parametrize(
    ("duration", "unit", "seconds"),
    [("20", "min", 1200), ("1200", "sec", 1200), ("1200", "s", 1200), ("0.25", "hr", 900)],
)
def test_units_of_time(duration: str, unit: str, seconds: float) -> None:
    assert only(duration=duration, durationUnit=unit).activity.moving_s == seconds


def test_without_an_end_the_duration_counts() -> None:
    run = only(endDate="").activity
    assert (run.elapsed_s, run.moving_s) == (1800, 1800)
    run = only(endDate="", duration="").activity
    assert (run.elapsed_s, run.moving_s) == (None, None)


@pytest.mark.parametrize(
    ("text", "utc", "offset_s"),
    [
        ("2025-01-05 08:00:00 +0100", datetime(2025, 1, 5, 7, tzinfo=UTC), 3600),
        ("2025-01-05 08:00:00 -0330", datetime(2025, 1, 5, 11, 30, tzinfo=UTC), -12_600),
        ("2025-01-05 08:00:00 +0000", datetime(2025, 1, 5, 8, tzinfo=UTC), 0),
        ("20150616071820-0700", datetime(2015, 6, 16, 14, 18, 20, tzinfo=UTC), -25_200),
        ("2025-01-05T08:00:00+01:00", datetime(2025, 1, 5, 7, tzinfo=UTC), 3600),
        ("2025-01-05 8:00:00\u202fPM +0100", datetime(2025, 1, 5, 19, tzinfo=UTC), 3600),
        ("2025-01-05 12:00:00 am +0100", datetime(2025, 1, 4, 23, tzinfo=UTC), 3600),
        ("2025-01-05 08:00:00", datetime(2025, 1, 5, 8), None),
    ],
)
def test_dates(text: str, utc: datetime, offset_s: float | None) -> None:
    run = only(startDate=text, endDate="").activity
    assert (run.start, run.utc_offset_s) == (utc, offset_s)


@pytest.mark.parametrize(
    "text", ["", "soon", "2025-13-05 08:00:00 +0100", "0001-01-01 00:00:00 +1400", "2025-01-05"]
)
def test_a_workout_without_a_start_is_a_problem_and_costs_no_other(text: str) -> None:
    bad, good = readings(export(workout(startDate=text), workout()))
    assert isinstance(bad, Problem)
    assert bad.source == "e/export.xml workout 1"
    assert isinstance(good, Recording)
    assert good.activity.source == "e/export.xml workout 2"


def test_the_wall_clock_is_that_of_the_place_and_not_of_the_export() -> None:
    zone = metadata("HKTimeZone", "America/Los_Angeles")
    run = only(zone, startDate="2016-11-14 07:25:41 -0700", endDate="").activity
    assert run.utc_offset_s == -8 * 3600
    for unknown in ("Middle-earth/Shire", "../../etc/passwd", "America", "", "/"):
        assert only(metadata("HKTimeZone", unknown)).activity.utc_offset_s == 3600


# Sports ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "indoors", "sport"),
    [
        ("Running", "1", ("running", "treadmill")),
        ("Running", "0", ("running", "generic")),
        ("Walking", "1", ("walking", "indoor_walking")),
        ("Cycling", "1", ("cycling", "indoor_cycling")),
        ("Yoga", "1", ("training", "yoga")),
        ("Hiking", "0", ("hiking", "generic")),
        ("MindAndBody", "1", ("meditation", "generic")),
        ("HandCycling", "0", ("cycling", "hand_cycling")),
        ("WheelchairRunPace", "0", ("wheelchair_push_run", "generic")),
        ("TrackAndField", "0", ("generic", "generic")),
        ("Other", "0", ("generic", "generic")),
        ("SomethingOfIOS30", "0", ("generic", "generic")),
        ("", "0", ("unknown", "generic")),
    ],
)
def test_sports(kind: str, indoors: str, sport: tuple[str, str]) -> None:
    found = only(metadata("HKIndoorWorkout", indoors), kind=kind).activity
    assert (found.sport, found.sub_sport) == sport


def test_of_a_triathlon_each_part_is_an_activity_with_its_route() -> None:
    def route(start: str, name: str) -> str:
        return (
            f'<WorkoutRoute startDate="2025-01-05 {start} +0100">'
            f'<FileReference path="/workout-routes/{name}.gpx"/></WorkoutRoute>'
        )

    distances = [
        ("DistanceSwimming", "400", "m"),
        ("DistanceWalkingRunning", "0.2", "km"),
        ("DistanceCycling", "10", "km"),
        ("DistanceWalkingRunning", "2.5", "km"),
    ]
    clocks = ["08:00:00", "08:10:00", "08:15:00", "08:35:00", "08:50:00"]
    parts = [
        part(statistic(kind, f'sum="{sum_}" unit="{unit}"'), start=start, end=end)
        for (kind, sum_, unit), start, end in zip(distances, clocks, clocks[1:], strict=False)
    ]
    routes = [route("08:15:05", "ride"), route("08:35:00", "run")]
    found = [item.activity for item in recordings(workout(*parts, *routes, kind="SwimBikeRun"))]
    assert [(a.sport, a.distance_m, a.file_hint) for a in found] == [
        ("swimming", 400, ""),
        ("transition", 200, ""),
        ("cycling", 10_000, "/workout-routes/ride.gpx"),
        ("running", 2500, "/workout-routes/run.gpx"),
    ]
    assert [a.source for a in found] == [f"e/export.xml workout 1 leg {n}" for n in range(1, 5)]
    assert len({a.id for a in found}) == 4
    assert found[3].start == datetime(2025, 1, 5, 7, 35, tzinfo=UTC)


# Routes, and what else belongs together --------------------------------------------------------


def test_a_workout_names_its_routes_once_each() -> None:
    def route(name: str) -> str:
        return f'<WorkoutRoute><FileReference path="/workout-routes/{name}.gpx"/></WorkoutRoute>'

    assert only(route("a")).activity.file_hint == "/workout-routes/a.gpx"
    several = only(route("a"), route("b"), route("a")).activity
    assert several.file_hint == "/workout-routes/a.gpx\n/workout-routes/b.gpx"


def test_points_that_stand_in_the_workout_are_its_track() -> None:
    def point(second: int, lat: str, speed: str = "3.0") -> str:
        return (
            f'<Location date="2025-01-05 08:00:{second:02} +0100" latitude="{lat}"'
            f' longitude="16.4" altitude="170.5" course="-1" speed="{speed}"/>'
        )

    first = f"<WorkoutRoute>{point(1, '48.1', '-1')}{point(3, '48.2')}</WorkoutRoute>"
    second = f"<WorkoutRoute>{point(30, '48.3')}{point(31, 'here')}</WorkoutRoute>"
    track = only(first, second).track
    assert track["time_s"].tolist() == [0, 2, 29, 30]
    assert track["segment"].tolist() == [0, 0, 1, 1]
    np.testing.assert_array_equal(track["lat_deg"], [48.1, 48.2, 48.3, np.nan])
    np.testing.assert_array_equal(track["speed_mps"], [np.nan, 3, 3, 3])
    assert track["altitude_m"].tolist() == [170.5] * 4


def test_a_link_to_another_site_is_a_key() -> None:
    key = metadata("HKExternalUUID", "strava://activities/1179616468")
    assert only(key).activity.keys == ("strava 1179616468",)
    assert only(metadata("HKExternalUUID", "8B6E1F2A-4C3D")).activity.keys == ()


def test_the_next_export_gives_a_workout_the_same_id() -> None:
    old = only(device="0x282a45810").activity
    new = only(
        statistic("StepCount", 'sum="1" unit="count"'),
        device="0x111111111",
        startDate="2025-01-05 09:00:00 +0200",
        endDate="2025-01-05 09:30:00 +0200",
    ).activity
    assert old.id == new.id
    others = [
        only(sourceName="Strava"),
        only(startDate="2025-01-05 08:00:01 +0100"),
        only(kind="Walking"),
    ]
    assert len({old.id, *(other.activity.id for other in others)}) == 4


# What is not as it should be -------------------------------------------------------------------


def test_faults_of_apples_own_cost_nothing() -> None:
    twice = (
        '<WorkoutStatistics type="HKQuantityTypeIdentifierDistanceWalkingRunning"'
        ' startDate="1" startDate="2" sum="5" unit="km"/>'
    )
    blanks = '<MetadataEntry key="a" Health Mate App Version="2.6.0" value="\x0b"/>'
    run = only(twice, blanks, sourceName="Ada&apos;s &#x57;atch &amp;lt; &lol; \x0b2").activity
    assert run.distance_m == 5000
    assert run.device == "Ada's Watch &lt; &lol; 2"


def test_a_document_type_is_never_looked_at() -> None:
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 30))
    for subset in (bomb, "<!ATTLIST VisionPrescription type CDATA <!ELEMENT RightEye EMPTY>\n>\n>"):
        data = export(workout(sourceName="&a29;"), head=f"<!DOCTYPE HealthData [{subset}]>")
        [found] = readings(data)
        assert isinstance(found, Recording)
        assert found.activity.device == "&a29;"


def test_an_export_without_a_workout_is_no_activity() -> None:
    for inside in ("", '<Record type="x"/>', '<ActivitySummary dateComponents="2025-01-05"/>'):
        [found] = readings(export(inside))
        assert isinstance(found, NotActivity)
        assert "no workout in it" in found.reason


def test_of_a_file_that_breaks_off_the_whole_workouts_count_and_a_problem_says_where() -> None:
    data = export(workout(), workout(kind="Walking"), workout(kind="Cycling"))
    end = data.rindex(b"endDate")
    *whole, problem = readings(data[:end])
    assert [item.activity.sport for item in whole if isinstance(item, Recording)] == [
        "running",
        "walking",
    ]
    assert problem == Problem(
        "e/export.xml",
        f"the export breaks off within a workout after {end:,} bytes: it ends early;"
        " 2 workouts before",
    )
    [problem] = readings(data[:80])
    assert isinstance(problem, Problem)
    assert "0 workouts before" in problem.reason


def test_what_the_system_denies_will_pass_and_damage_will_not() -> None:
    def pieces(error: Exception) -> Iterator[bytes]:
        yield workout().encode()
        raise error

    for error, passing in ((OSError(5, "Input/output error"), True), (EOFError("cut"), False)):
        found = list(read(Streamed("e/export.xml", b"<HealthData>", pieces(error))))
        assert isinstance(found[0], Recording)
        assert isinstance(found[1], Problem)
        assert found[1].passing is passing
        assert str(error) in found[1].reason


# Real files, and laws --------------------------------------------------------------------------


def test_real_exports(corpus: Path) -> None:
    for path, hint, points in (
        ("export.xml", "", 2),
        ("apple_health_export/export.xml", "/workout-routes/route_2019-06-11_3.00pm.gpx", 0),
    ):
        [found] = readings((corpus / FIXTURES / path).read_bytes())
        assert isinstance(found, Recording)
        run = found.activity
        assert run.start == datetime(2016, 11, 14, 14, 25, 41, tzinfo=UTC)
        # The phone was on summer time on the day of the export; the runner was not.
        assert run.utc_offset_s == -8 * 3600
        assert run.distance_m == pytest.approx(800.1, abs=0.1)
        assert (run.elapsed_s, run.moving_s, run.file_hint) == (311, 311, hint)
        assert len(found.track.get("time_s", ())) == points


def test_any_prefix_of_a_real_export_is_read_or_a_problem(corpus: Path) -> None:
    data = (corpus / FIXTURES / "export.xml").read_bytes()
    begin, whole = data.index(b"<HealthData"), data.index(b"</Workout>") + len(b"</Workout>")
    for end in range(len(data)):
        found = readings(data[:end])
        kinds = [type(item) for item in found]
        if end < begin + len(b"<HealthData "):
            assert kinds == [NotActivity]
        elif end >= len(data.rstrip()):
            assert kinds == [Recording]
        else:
            assert kinds == ([Recording] if end >= whole else []) + [Problem]


# One of each kind, the old run without most of its points.
EXPORT = re.sub(
    rb"(<Location [^>]*>\s*){100}",
    rb"\1",
    b"".join(apple_export.export_xml(0, len(apple_export.KINDS))),
)


@given(st.data())
@settings(deadline=None, max_examples=30)
def test_pieces_of_any_size_give_the_same(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 5000) | st.integers(5000, len(EXPORT)))
    pieces = (EXPORT[place : place + size] for place in range(8192, len(EXPORT), size))
    streamed = Streamed("e/export.xml", EXPORT[:8192], pieces)
    source = Source("e/export.xml", EXPORT)
    found = list(read(streamed))
    assert [item.activity for item in found if isinstance(item, Recording)] == [
        item.activity for item in read(source) if isinstance(item, Recording)
    ]
    assert streamed.digest == source.digest


@given(st.integers(0, len(EXPORT)), st.binary(max_size=8), st.integers(0, len(EXPORT)))
@settings(deadline=None, max_examples=60)
def test_no_damage_raises(place: int, junk: bytes, end: int) -> None:
    damaged = EXPORT[:place] + junk + EXPORT[place + len(junk) :]
    for data in (damaged, damaged[:end]):
        # Of the reader itself, which would be caught above it.
        assert all(
            isinstance(item, Recording | Problem | NotActivity)
            for item in apple_health.read(Source("e/export.xml", data))
        )
