"""Writes Apple Health's export of a runner who does not exist, as large as is asked for.

``python tests/benchmarks/apple_export.py OUT_DIR --megabytes 1024 [--zip]``

The export is built like a phone's: a document type with the fault that iOS 16 wrote into it (an
ATTLIST that is never closed), Records of all kinds by type, then the workouts, then a line a day;
beside it the routes, an electrocardiogram and ``export_cda.xml``. The dates carry the offset of
the phone on the day of the export and ``HKTimeZone`` the runner's. All but the workouts is there
to be passed over; ``--megabytes`` decides how much of it there is.

Every workout is one of a dozen kinds in turn (``KINDS``): runs with a route, on the treadmill, in
two routes, as iOS 12 wrote them, written again by another app, twice a day, and other sports.
``tally`` says what a reader has to find.
"""

from __future__ import annotations

import argparse
import math
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Europe/Vienna")
PHONE = timezone(timedelta(hours=2))
"""The offset on the day of the export, which all dates carry, in winter as well."""
LAST_DAY = date(2025, 9, 30)
STEP = timedelta(days=2)
SPEED_MPS = 3.0
METRES_PER_DEGREE = 111_195.0
WATCH, PHONE_NAME, APP = "Ada’s Apple\u00a0Watch", "Ada’s iPhone", "Strava"

KINDS = (
    "run",
    "copied run",
    "treadmill",
    "two routes",
    "double day",
    "walk",
    "old run",
    "ride",
    "bare run",
    "yoga",
    "triathlon",
    "other",
)
"""What the workouts are, in turn."""

PROLOG = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 12 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary|ClinicalRecord|\
Audiogram|VisionPrescription)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
<!ELEMENT Record ((MetadataEntry|HeartRateVariabilityMetadataList)*)>
<!-- Note: Any Records that appear as children of a correlation also appear as top-level records \
in this document. A <Workout workoutActivityType="none"/> in here is none. -->
<!ELEMENT Correlation ((MetadataEntry|Record)*)>
<!ELEMENT Workout ((MetadataEntry|WorkoutEvent|WorkoutRoute|WorkoutStatistics)*)>
<!ATTLIST Workout
  workoutActivityType   CDATA #REQUIRED
  duration              CDATA #IMPLIED
  startDate             CDATA #REQUIRED
  endDate               CDATA #REQUIRED
>
<!ATTLIST VisionPrescription
  type             CDATA #REQUIRED
  dateIssued       CDATA #REQUIRED
<!ELEMENT RightEye EMPTY>
<!ATTLIST RightEye
  sphere           CDATA #IMPLIED
>
>
]>
<HealthData locale="en_AT">
 <ExportDate value="{day} 20:15:42 +0200"/>
 <Me HKCharacteristicTypeIdentifierDateOfBirth="1990-02-02" \
HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexNotSet"/>
"""

DEVICE = (
    "&lt;&lt;HKDevice: 0x282a45810&gt;, name:Apple Watch, manufacturer:Apple Inc., "
    "model:Watch, hardware:Watch6,2, software:7.2&gt;"
)

RECORDS = (
    # type, unit, how many of them
    ("HKQuantityTypeIdentifierHeartRate", "count/min", 5),
    ("HKQuantityTypeIdentifierStepCount", "count", 2),
    ("HKQuantityTypeIdentifierDistanceWalkingRunning", "km", 2),
    ("HKQuantityTypeIdentifierActiveEnergyBurned", "kcal", 6),
    ("HKQuantityTypeIdentifierBasalEnergyBurned", "kcal", 5),
)


@dataclass(frozen=True)
class Workout:
    """One time out: when it began, what it was, how long it took without its pause."""

    number: int
    kind: str
    start: datetime
    moving_s: int
    paused_s: int = 0

    @property
    def end(self) -> datetime:
        return self.start + timedelta(seconds=self.moving_s + self.paused_s)

    @property
    def distance_m(self) -> float:
        return SPEED_MPS * self.moving_s


def workouts(count: int) -> Iterator[Workout]:
    """The workouts, the oldest first."""
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        day = LAST_DAY - STEP * (count - number)
        start = datetime.combine(day, time(7, number % 60, 13), HOME).astimezone(UTC)
        moving_s = 1800 + 60 * (number % 17)
        yield Workout(number, kind, start, moving_s, 600 if kind == "two routes" else 0)
        if kind == "double day":
            yield Workout(number, "second run", start + timedelta(hours=10), moving_s)


def tally(count: int) -> Counter[str]:
    """How many runs and other activities there are, and how many files and workouts besides."""
    found: Counter[str] = Counter()
    for workout in workouts(count):
        kind = workout.kind
        if kind == "triathlon":
            found.update(runs=1, others=4)
        elif kind in ("walk", "ride", "yoga", "other"):
            found["others"] += 1
        else:
            found["runs"] += 1
        # A route is found beside its workout, and a copy beside the first.
        found["duplicates"] += len(routes(workout)) + (kind == "copied run")
    return found


def stamp(moment: datetime) -> str:
    """A date as the phone writes it on the day of the export."""
    return moment.astimezone(PHONE).strftime("%Y-%m-%d %H:%M:%S %z")


# --- the routes ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Route:
    """A stretch of a workout with a file of its own."""

    name: str
    start: datetime
    end: datetime


def routes(workout: Workout) -> list[Route]:
    """The files of a workout: two where it was paused for long."""
    if workout.kind == "two routes":
        half = timedelta(seconds=workout.moving_s // 2)
        spans = [(workout.start, workout.start + half), (workout.end - half, workout.end)]
    elif workout.kind in ("run", "copied run", "double day", "second run", "walk", "ride", "other"):
        spans = [(workout.start, workout.end)]
    else:
        spans = []
    return [
        Route(f"route_{end.astimezone(PHONE):%Y-%m-%d_%I.%M%p}.gpx".lower(), start, end)
        for start, end in spans
    ]


def points(start: datetime, end: datetime) -> Iterator[tuple[datetime, float, float, float]]:
    """Time, latitude, longitude and altitude, once a second at a runner's speed."""
    for second in range(int((end - start).total_seconds()) + 1):
        lat = 48.2 + SPEED_MPS * second / METRES_PER_DEGREE
        yield start + timedelta(seconds=second), lat, 16.4, 170 + 5 * math.sin(second / 200)


def gpx(route: Route) -> bytes:
    """A route's file. The phone names no sport in it."""
    lines = [
        f'      <trkpt lon="{lon:.6f}" lat="{lat:.6f}"><ele>{ele:.6f}</ele>'
        f"<time>{when:%Y-%m-%dT%H:%M:%SZ}</time><extensions><speed>{SPEED_MPS}</speed>"
        "<course>0.0</course><hAcc>4.1</hAcc><vAcc>3.2</vAcc></extensions></trkpt>\n"
        for when, lat, lon, ele in points(route.start, route.end)
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="Apple Health Export"'
        ' xmlns="http://www.topografix.com/GPX/1/1">\n'
        f"  <metadata>\n    <time>{LAST_DAY}T18:15:42Z</time>\n  </metadata>\n"
        f"  <trk>\n    <name>Route {route.end:%Y-%m-%d}</name>\n    <trkseg>\n"
        f"{''.join(lines)}    </trkseg>\n  </trk>\n</gpx>\n"
    ).encode()


# --- the workouts -------------------------------------------------------------------------------


def element(workout: Workout) -> str:
    """A workout with all that is in it, and the copies that other apps wrote of it."""
    kind = workout.kind
    if kind == "old run":
        return _old_run(workout)
    sport = {"walk": "Walking", "ride": "Cycling", "yoga": "Yoga", "triathlon": "SwimBikeRun"}
    sport["other"] = "HandCycling"
    name = sport.get(kind, "Running")
    inside = [
        _metadata("HKIndoorWorkout", str(int(kind in ("treadmill", "yoga")))),
        _metadata("HKTimeZone", HOME.key),
        _metadata("HKAverageMETs", "9.09449 kcal/hr·kg"),
    ]
    if kind == "bare run":
        inside = []
    elif kind == "triathlon":
        inside += _legs(workout)
    else:
        inside += _events(workout)
        inside += _statistics(workout, name)
        inside.append(_metadata("HKElevationAscended", "1036 cm"))
    inside += [_route(route) for route in routes(workout)]
    text = _workout(name, workout, WATCH, inside)
    if kind == "copied run":
        shift = timedelta(seconds=20)
        copy = Workout(workout.number, kind, workout.start + shift, workout.moving_s)
        total = f' totalDistance="{1.01 * copy.distance_m / 1000}" totalDistanceUnit="km"'
        link = _metadata("HKExternalUUID", f"strava://activities/{1_179_616_468 + workout.number}")
        text += _workout(name, copy, APP, [link], total)
    return text


def _workout(name: str, workout: Workout, by: str, inside: list[str], more: str = "") -> str:
    head = (
        f'<Workout workoutActivityType="HKWorkoutActivityType{name}"'
        f' duration="{workout.moving_s / 60!r}" durationUnit="min"{more} sourceName="{by}"'
        f' sourceVersion="9.1" device="{DEVICE}" creationDate="{stamp(workout.end)}"'
        f' startDate="{stamp(workout.start)}" endDate="{stamp(workout.end)}"'
    )
    if not inside:
        return f" {head}/>\n"
    lines = "".join(f"  {line}\n" for line in inside)
    return f" {head}>\n{lines} </Workout>\n"


def _old_run(workout: Workout) -> str:
    """As iOS 12 wrote it: totals in attributes, in miles where the phone was set so, and points."""
    total = f' totalDistance="{workout.distance_m / 1609.344}" totalDistanceUnit="mi"'
    lines = [
        f'<Location date="{stamp(when)}" latitude="{lat:.6f}" longitude="{lon:.6f}"'
        f' altitude="{ele:.4f}" horizontalAccuracy="4.1" verticalAccuracy="3.2" course="-1"'
        f' speed="{SPEED_MPS}"/>'
        for when, lat, lon, ele in points(workout.start, workout.end)
    ]
    route = [
        f'<WorkoutRoute sourceName="{PHONE_NAME}" {_span(workout)}>',
        *lines,
        "</WorkoutRoute>",
    ]
    return _workout("Running", workout, WATCH, route, total)


def _events(workout: Workout) -> list[str]:
    if not workout.paused_s:
        return []
    first, second = routes(workout)
    return [
        f'<WorkoutEvent type="HKWorkoutEventType{what}" date="{stamp(when)}"/>'
        for what, when in (("Pause", first.end), ("Resume", second.start))
    ]


def _statistics(workout: Workout, name: str) -> list[str]:
    kind = "Cycling" if name == "Cycling" else "WalkingRunning"
    told = [
        ("StepCount", f'sum="{2.75 * workout.moving_s}" unit="count"'),
        ("HeartRate", 'average="151.5" minimum="98" maximum="171" unit="count/min"'),
    ]
    if name != "Yoga":
        told.append((f"Distance{kind}", f'sum="{workout.distance_m / 1000:.5f}" unit="km"'))
    # iOS 16 called the end a start as well.
    span = _span(workout).replace("endDate", "startDate")
    return [
        f'<WorkoutStatistics type="HKQuantityTypeIdentifier{what}" {span} {numbers}/>'
        for what, numbers in told
    ]


def _legs(workout: Workout) -> list[str]:
    """Swim, change, ride, change, run; nothing says which is which but the distances."""
    told = (
        ("DistanceSwimming", 400.0, "m", 0.2),
        ("DistanceWalkingRunning", 0.2, "km", 0.05),
        ("DistanceCycling", 10.0, "km", 0.4),
        ("DistanceWalkingRunning", 0.15, "km", 0.05),
        ("DistanceWalkingRunning", 2.5, "km", 0.3),
    )
    legs, start = [], workout.start
    for kind, total, unit, share in told:
        leg = Workout(workout.number, kind, start, round(share * workout.moving_s))
        start = leg.end
        legs.append(
            f'<WorkoutActivity uuid="{workout.number:08X}-{len(legs)}" {_span(leg)}'
            f' duration="{leg.moving_s / 60}" durationUnit="min">'
            f'<WorkoutStatistics type="HKQuantityTypeIdentifier{kind}" {_span(leg)}'
            f' sum="{total}" unit="{unit}"/></WorkoutActivity>'
        )
    return legs


def _route(route: Route) -> str:
    return (
        f'<WorkoutRoute sourceName="{WATCH}" sourceVersion="9.1"'
        f' startDate="{stamp(route.start)}" endDate="{stamp(route.end)}">'
        f'<FileReference path="/workout-routes/{route.name}"/></WorkoutRoute>'
    )


def _metadata(key: str, value: str) -> str:
    return f'<MetadataEntry key="{key}" value="{value}"/>'


def _span(workout: Workout) -> str:
    return f'startDate="{stamp(workout.start)}" endDate="{stamp(workout.end)}"'


# --- the export ---------------------------------------------------------------------------------


def export_xml(size: int, count: int) -> Iterator[bytes]:
    """The export.xml, of about so many bytes, or of what the workouts take if that is more."""
    head = PROLOG.format(day=LAST_DAY).encode()
    listed = [element(workout).encode() for workout in workouts(count)]
    days = "".join(
        f' <ActivitySummary dateComponents="{LAST_DAY - timedelta(days=n)}"'
        ' activeEnergyBurned="590.252" activeEnergyBurnedUnit="kcal" appleExerciseTime="68"/>\n'
        for n in range(count)
    ).encode()
    yield head
    left = size - len(head) - len(days) - sum(map(len, listed))
    yield from _records(max(left, 0))
    yield from listed
    yield days
    yield b"</HealthData>\n"


def _records(size: int) -> Iterator[bytes]:
    """Records up to so many bytes, by type as the phone lists them."""
    shares = sum(share for _, _, share in RECORDS)
    for kind, unit, share in RECORDS:
        written, number = 0, 0
        while written < size * share / shares:
            day = date(2016, 1, 1) + timedelta(days=number // 1440)
            begin = number % 1440
            # No two are alike for long, so that it packs like a real one.
            block = "".join(
                f' <Record type="{kind}" sourceName="{WATCH}" sourceVersion="7.2"'
                f' device="{DEVICE}" unit="{unit}" creationDate="{day} {CLOCK[n]}:47 +0200"'
                f' startDate="{day} {CLOCK[n]}:{(n * n + number) % 60:02} +0200"'
                f' endDate="{day} {CLOCK[n]}:42 +0200"'
                f' value="{((n + number) * 2654435761 % 100_003) / 997:.5f}"/>\n'
                for n in range(begin, begin + 240)
            ).encode()
            yield block
            written, number = written + len(block), number + 240


CLOCK = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(1440)]


def files(size: int, count: int) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Name and content of each file of an export."""
    yield "export.xml", export_xml(size, count)
    yield "export_cda.xml", iter([b'<?xml version="1.0"?>\n<ClinicalDocument/>\n'])
    yield "electrocardiograms/ecg_2024-01-05.csv", iter([ECG.encode()])
    for workout in workouts(count):
        for route in routes(workout):
            yield f"workout-routes/{route.name}", iter([gpx(route)])


ECG = (
    "Name,Ada\nDate of Birth,2 Feb 1990\nRecorded Date,2024-01-05 08:00:00 +0100\n"
    'Classification,Sinus Rhythm\nSymptoms,\nSoftware Version,1.90\nDevice,"Watch6,2"\n'
    "Sample Rate,512 hertz\n\n\nLead,Lead I\nUnit,µV\n\n" + "-12.345\n13.5\n" * 50
)


def write(folder: Path, size: int, count: int) -> Path:
    """Write an export into a folder, as a zip unpacked has it."""
    for name, pieces in files(size, count):
        file = folder / "apple_health_export" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            out.writelines(pieces)
    return folder


def pack(path: Path, size: int, count: int) -> Path:
    """Write an export into a zip file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in files(size, count):
            with archive.open(f"apple_health_export/{name}", "w", force_zip64=True) as out:
                for piece in pieces:
                    out.write(piece)
    return path


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--workouts", type=int, default=360)
    parser.add_argument("--zip", action="store_true", help="export.zip instead of the files")
    given = parser.parse_args()
    size = given.megabytes << 20
    if given.zip:
        given.folder.mkdir(parents=True, exist_ok=True)
        pack(given.folder / "export.zip", size, given.workouts)
    else:
        write(given.folder, size, given.workouts)
    sys.stdout.write(f"{dict(tally(given.workouts))}\n")


if __name__ == "__main__":
    main()
