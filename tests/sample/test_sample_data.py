"""The sample log is what its generator writes, can be read, and tells its story."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import fitdecode
import gpxpy
import make
import pytest
import story

SHIPPED = Path(make.__file__).parent
VIENNA = ZoneInfo("Europe/Vienna")
WEEKS = [date(2025, 6, 16) + timedelta(weeks=week) for week in range(20)]
SUNDAY = date(2025, 11, 2)
CUT = "watch/2025-09-13"
STRIDES = "watch/2025-10-21"
Messages = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Read:
    """What an independent reader finds in a file."""

    path: str
    start: datetime
    km: float
    sport: str = "running"


def payload(name: str, data: bytes) -> dict[str, bytes]:
    """Unpack, since another zlib packs the same content into other bytes."""
    if name.endswith(".gz"):
        return {name: gzip.decompress(data)}
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {f"{name}/{inner}": archive.read(inner) for inner in archive.namelist()}
    return {name: data}


def unpacked(folder: Path) -> dict[str, bytes]:
    content: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in {".py", ".pyc", ".md"}:
            content |= payload(path.relative_to(folder).as_posix(), path.read_bytes())
    return content


def fit_messages(data: bytes, *, whole: bool = True) -> Iterator[fitdecode.FitDataMessage]:
    check = fitdecode.CrcCheck.RAISE if whole else fitdecode.CrcCheck.DISABLED
    with fitdecode.FitReader(io.BytesIO(data), check_crc=check) as reader:
        for frame in reader:
            if isinstance(frame, fitdecode.FitDataMessage):
                yield frame


def salvaged(data: bytes) -> Iterator[fitdecode.FitDataMessage]:
    """Read a truncated file up to where it ends."""
    try:
        yield from fit_messages(data, whole=False)
    except fitdecode.FitEOFError:
        return
    raise AssertionError("the file is whole")


def values(messages: Messages, name: str) -> list[dict[str, Any]]:
    return [row for kind, row in messages if kind == name]


def read_fit(path: str, messages: Messages) -> Read:
    records = values(messages, "record")
    (sport,) = values(messages, "sport")
    return Read(path, records[0]["timestamp"], records[-1]["distance"] / 1000, sport["sport"])


def read_gpx(path: str, data: bytes) -> Read:
    track = gpxpy.parse(data.decode()).tracks[0]
    start = track.segments[0].points[0].time
    assert start is not None
    return Read(path, start, track.length_2d() / 1000)


def read_tcx(path: str, data: bytes) -> Read:
    text = data.decode()
    start = datetime.fromisoformat(re.findall(r"<Id>(.*?)</Id>", text)[0])
    laps = re.findall(r"</TotalTimeSeconds><DistanceMeters>(.*?)<", text)
    last = re.findall(r"<DistanceMeters>(.*?)<", text)[-1]
    assert sum(map(float, laps)) == pytest.approx(float(last), abs=0.2)
    return Read(path, start, float(last) / 1000)


def read_csv(path: str, data: bytes) -> Iterator[Read]:
    for row in csv.DictReader(io.StringIO(data.decode())):
        local = datetime.fromisoformat(f"{row['date']}T{row['time']}").replace(tzinfo=VIENNA)
        yield Read(path, local, float(row["distance km"]))


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return unpacked(SHIPPED)


@pytest.fixture(scope="module")
def fits(files: dict[str, bytes]) -> dict[str, Messages]:
    """Decode every FIT file once, with its CRC, and the truncated one without."""
    return {
        path: [
            (message.name, {field.name: field.value for field in message.fields})
            for message in (salvaged(data) if path.startswith(CUT) else fit_messages(data))
        ]
        for path, data in files.items()
        if path.removesuffix(".gz").endswith(".fit")
    }


@pytest.fixture(scope="module")
def whole(fits: dict[str, Messages]) -> dict[str, Messages]:
    return {path: messages for path, messages in fits.items() if not path.startswith(CUT)}


@pytest.fixture(scope="module")
def everything(files: dict[str, bytes], fits: dict[str, Messages]) -> list[Read]:
    found = list(read_csv("treadmill.csv", files["treadmill.csv"]))
    found += [read_fit(path, messages) for path, messages in fits.items()]
    found += [read_gpx(path, data) for path, data in files.items() if path.startswith("phone/")]
    found += [read_tcx(path, data) for path, data in files.items() if path.startswith("tcx/")]
    return sorted(found, key=lambda run: run.start)


@pytest.fixture(scope="module")
def runs(everything: list[Read]) -> list[Read]:
    return [run for run in everything if run.sport == "running"]


def day(run: Read) -> date:
    return run.start.astimezone(VIENNA).date()


def week_km(runs: list[Read], week: int) -> float:
    first = WEEKS[week - 1]
    return sum(run.km for run in runs if first <= day(run) < first + timedelta(weeks=1))


def test_the_generator_writes_what_is_shipped(
    tmp_path: Path, files: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    make.main(tmp_path)
    again = unpacked(tmp_path)
    assert sorted(again) == sorted(files)
    assert [name for name in files if again[name] != files[name]] == []
    table = capsys.readouterr().out
    assert all(str(week) in table for week in WEEKS)


def test_packing_does_not_depend_on_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    members = {"a.fit": b"a" * 99}
    before = make.packed(b"b" * 99), make.zipped(members)
    monkeypatch.setattr("time.time", lambda: 1.0e9)
    assert (make.packed(b"b" * 99), make.zipped(members)) == before


def test_the_folder_is_small() -> None:
    shipped = [path for path in SHIPPED.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert sum(path.stat().st_size for path in shipped) < 3_000_000


def test_all_carriers_are_there(files: dict[str, bytes], everything: list[Read]) -> None:
    folders = {path.split("/")[0] for path in files}
    assert folders == {"kneewatch.toml", "older.zip", "phone", "tcx", "treadmill.csv", "watch"}
    assert [run.sport for run in everything].count("cycling") == 1
    starts = [run.start for run in everything]
    assert min(b - a for a, b in pairwise(starts)) > timedelta(hours=12)


def test_one_gpx_has_a_pause(files: dict[str, bytes]) -> None:
    segments = [
        len(gpxpy.parse(data.decode()).tracks[0].segments)
        for path, data in files.items()
        if path.startswith("phone/")
    ]
    assert sorted(segments) == [1, 1, 2]


def test_the_truncated_file_still_knows_its_sport(fits: dict[str, Messages]) -> None:
    (messages,) = (messages for path, messages in fits.items() if path.startswith(CUT))
    assert values(messages, "sport")[0]["sport"] == "running"
    assert values(messages, "session") == []
    assert 5 < values(messages, "record")[-1]["distance"] / 1000 < 7


def test_sessions_agree_with_their_records_and_laps(whole: dict[str, Messages]) -> None:
    for path, messages in whole.items():
        records, laps = values(messages, "record"), values(messages, "lap")
        (session,), (activity,) = values(messages, "session"), values(messages, "activity")
        assert session["total_distance"] == pytest.approx(records[-1]["distance"]), path
        assert sum(lap["total_distance"] for lap in laps) == pytest.approx(
            session["total_distance"], abs=0.5
        )
        assert sum(lap["total_timer_time"] for lap in laps) == session["total_timer_time"], path
        span = (records[-1]["timestamp"] - records[0]["timestamp"]).total_seconds()
        assert session["total_elapsed_time"] == span, path
        assert session["num_laps"] == len(laps), path
        for name in ("heart_rate", "stance_time", "step_length"):
            if name in records[0]:
                mean = sum(record[name] for record in records) / len(records)
                assert session[f"avg_{name}"] == pytest.approx(mean, abs=1), (path, name)
        offset = activity["local_timestamp"].replace(tzinfo=UTC) - activity["timestamp"]
        summer = activity["timestamp"] < datetime(2025, 10, 26, 1, tzinfo=UTC)
        assert offset == timedelta(hours=2 if summer else 1), path


def test_pauses_stop_the_timer(whole: dict[str, Messages]) -> None:
    paused = 0
    for path, messages in whole.items():
        (session,) = values(messages, "session")
        events = [(e["event_type"], e["timestamp"]) for e in values(messages, "event")]
        assert [kind for kind, _ in events] == ["start", "stop_all"] * (len(events) // 2), path
        running = sum(
            (stop[1] - start[1]).total_seconds()
            for start, stop in zip(events[::2], events[1::2], strict=True)
        )
        assert running == session["total_timer_time"], path
        paused += len(events) > 2
    assert paused > 10


def test_loops_are_closed(whole: dict[str, Messages]) -> None:
    for path, messages in whole.items():
        (session,) = values(messages, "session")
        if session["sub_sport"] in {"treadmill", "track"}:
            continue
        records = values(messages, "record")
        assert session["total_ascent"] == session["total_descent"] > 0, path
        heights = [record["enhanced_altitude"] for record in records]
        assert heights[-1] == pytest.approx(heights[0], abs=6), path
        assert records[-1]["position_lat"] == pytest.approx(records[0]["position_lat"], abs=3000)


def test_bodies_stay_plausible(whole: dict[str, Messages]) -> None:
    for path, messages in whole.items():
        if values(messages, "sport")[0]["sport"] != "running":
            continue
        fastest = 5.6 if STRIDES in path else 4.6
        for record in values(messages, "record"):
            steps = 2 * (record["cadence"] + record["fractional_cadence"])
            assert 80 <= record["heart_rate"] <= 184, path
            assert 135 <= steps <= 10 * fastest + 142, path
            assert 1.2 < record["enhanced_speed"] < fastest, path
            assert 190 < record["stance_time"] < 310, path
            assert record["step_length"] == pytest.approx(
                60_000 * record["enhanced_speed"] / steps, rel=0.01
            )
            ratio = 100 * record["vertical_oscillation"] / record["step_length"]
            assert record["vertical_ratio"] == pytest.approx(ratio, abs=0.02)


def test_the_watch_writes_every_second_in_the_end(fits: dict[str, Messages]) -> None:
    """Surges, stops and turns can be counted of these runs, and compared over more than 30 days."""
    for path, messages in fits.items():
        stamps = [record["timestamp"] for record in values(messages, "record")]
        steps = [(b - a).total_seconds() for a, b in pairwise(stamps)]
        day = stamps[0].astimezone(VIENNA).date()
        if day >= story.EVERY_SECOND:
            assert steps.count(1.0) >= len(steps) - 1, path
        else:
            assert steps.count(1.0) < 0.1 * len(steps), path
    assert (SUNDAY - story.EVERY_SECOND).days == 42


def test_one_evening_has_strides(fits: dict[str, Messages]) -> None:
    (strides,) = (messages for path, messages in fits.items() if STRIDES in path)
    speed = [record["enhanced_speed"] for record in values(strides, "record")]
    quick = [now > 4.3 for now in speed]
    assert sum(b and not a for a, b in pairwise(quick)) == 10
    assert max(speed[:400]) < 3.5, "after a warm-up"


def test_summer_is_steady_with_a_week_of_rest(runs: list[Read]) -> None:
    first = [week_km(runs, week) for week in range(1, 9)]
    assert first[5] == 0
    assert all(24 < km < 30 for km in first[:5] + first[6:])
    assert all(run.path == "treadmill.csv" for run in runs if WEEKS[8] <= day(run) < WEEKS[10])
    days = [day(run) for run in runs]
    assert max(b - a for a, b in pairwise(days)) < timedelta(days=14)


def test_the_build_up_keeps_the_ten_percent_rule(runs: list[Read]) -> None:
    km = [week_km(runs, week) for week in range(1, 21)]
    assert all(0.85 < km[i + 1] / km[i] < 1.095 for i in range(7, 18))
    assert 37 < km[15] < 39
    assert km[17] < km[16]
    assert 1.0 < km[18] / km[17] <= 1.08


def test_the_last_week_jumps(runs: list[Read]) -> None:
    assert 1.35 < week_km(runs, 20) / week_km(runs, 19) < 1.45
    last = runs[-1]
    assert day(last) == SUNDAY
    assert last.km < 0.5 * week_km(runs, 20)
    before = [run.km for run in runs[:-1] if last.start - run.start <= timedelta(days=30)]
    assert last.km / max(before) == pytest.approx(1.45, abs=0.01)


def test_no_other_run_is_a_spike_or_half_a_week(runs: list[Read]) -> None:
    for i, run in enumerate(runs[:-1]):
        before = [r.km for r in runs[:i] if run.start - r.start <= timedelta(days=30)]
        if i >= 4:
            assert run.km <= 1.06 * max(before), run
        week = (day(run) - WEEKS[0]).days // 7 + 1
        assert run.km < 0.5 * week_km(runs, week), run


def test_the_mountain_run_is_steep_and_nothing_else_is(whole: dict[str, Messages]) -> None:
    def falls(messages: Messages) -> list[float]:
        """Return the drop [m] over each hundred metres of the way."""
        steps = [(r["distance"], r["enhanced_altitude"]) for r in values(messages, "record")]
        marks: list[float] = []
        for metres, height in steps:
            if metres >= 100 * len(marks):
                marks.append(height)
        return [a - b for a, b in pairwise(marks)]

    (mountain,) = (path for path in whole if "2025-11-02" in path)
    drops = falls(whole[mountain])
    assert 550 < values(whole[mountain], "session")[0]["total_descent"] < 650
    assert sum(drop >= 5 for drop in drops) > 20
    assert sum(drop >= 10 for drop in drops) >= 5
    for path, messages in whole.items():
        (session,) = values(messages, "session")
        if path != mountain and session["sport"] == "running":
            assert (session.get("total_descent") or 0) <= 120, path


def test_surfaces(runs: list[Read]) -> None:
    plan = [run for run in story.read_plan() if run.kind != "ride"]
    assert len(plan) == len(runs)

    def shares(first: date, end: date) -> dict[str, float]:
        km: dict[str, float] = {}
        for run in plan:
            surface = story.KINDS[run.kind][2]
            if first <= run.day < end and surface != "unknown":
                km[surface] = km.get(surface, 0) + run.counted_km
        return {surface: part / sum(km.values()) for surface, part in km.items()}

    assert shares(date(2025, 10, 6), SUNDAY + timedelta(days=1))["hard"] < 0.8
    month = shares(SUNDAY - timedelta(days=30), SUNDAY)
    assert 0 < month["uneven"] < 0.1
    assert month["firm"] > 0.1
    summer = {run.kind for run in plan if run.day < WEEKS[8]}
    assert summer == {"street"}


def test_shoes() -> None:
    km = story.shoe_km([run for run in story.read_plan() if run.kind != "ride"])
    assert 740 < km["Road daily"] < 760
    assert 140 < km["Trail"] < 160
    assert km["Road old"] > 805
    assert km["Track"] < 100
