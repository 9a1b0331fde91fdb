"""Keys by which copies of one recording are known: of a FIT device, and of an OpenTracks track."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from exports.history import Run
from exports.opentracks import gpx as opentracks
from exports.opentracks import kml, track_id
from fit_encoder import FitWriter, Value, chained

from kneewatch.metrics.motion import measure_motion
from kneewatch.model import Recording, Source
from kneewatch.readers import fit, gpx, gpx_careful, read
from kneewatch.readers.fit import careful
from kneewatch.sources import walk

START = datetime(2025, 6, 17, 16, 4, 28, tzinfo=UTC)
SERIAL = 3_944_674_497
KEY = f"device {SERIAL} 2025-06-17T16:04:28Z"


def watch(
    serial: Value = SERIAL, created: Value = START, sports: tuple[str, ...] = ("running",)
) -> FitWriter:
    """A file with ten minutes of each sport."""
    values: dict[str, Value] = {"type": "activity", "manufacturer": "garmin", "product": 2697}
    if serial is not None:
        values["serial_number"] = serial
    if created is not None:
        values["time_created"] = created
    to = FitWriter().message("file_id", values)
    for leg, sport in enumerate(sports):
        begin = START + timedelta(seconds=700 * leg)
        for second in range(0, 600, 10):
            when = begin + timedelta(seconds=second)
            to.message("record", {"timestamp": when, "distance": 3.0 * second})
        end = begin + timedelta(seconds=600)
        to.message("session", {"start_time": begin, "timestamp": end, "sport": sport})
    return to


def keys(data: bytes) -> list[tuple[str, ...]]:
    found = read(Source("watch/1.fit", data))
    return [item.activity.keys for item in found if isinstance(item, Recording)]


def test_the_device_and_its_time() -> None:
    assert keys(watch().to_bytes()) == [(KEY,)]


def test_a_copy_that_was_edited_has_the_same_key() -> None:
    edited = watch().message("sport", {"name": "Edited"}).to_bytes()
    assert edited != watch().to_bytes()
    assert keys(edited) == keys(watch().to_bytes())


def test_each_leg_has_its_own() -> None:
    data = watch(sports=("swimming", "cycling", "running")).to_bytes()
    assert keys(data) == [(KEY,), (f"{KEY} 2",), (f"{KEY} 3",)]


def test_each_file_of_a_chain_has_its_own_device() -> None:
    later = START + timedelta(hours=1)
    data = chained(watch(), watch(serial=SERIAL + 1, created=later))
    assert keys(data) == [(KEY,), (f"device {SERIAL + 1} 2025-06-17T17:04:28Z",)]


@pytest.mark.parametrize("serial", [None, 0, 1, 1701, 12345, 99_999, 0x7FFFFFFF, 1234567890])
def test_a_number_that_is_none(serial: int | None) -> None:
    assert keys(watch(serial=serial).to_bytes()) == [()]


@pytest.mark.parametrize(
    "created",
    [
        None,
        datetime(1989, 12, 31, 0, 1, tzinfo=UTC),
        datetime(2012, 4, 9, tzinfo=UTC),
        datetime(2031, 1, 1, tzinfo=UTC),
    ],
    ids=str,
)
def test_a_time_that_is_made_up(created: datetime | None) -> None:
    assert keys(watch(created=created).to_bytes()) == [()]


def test_the_careful_decoder_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    data = watch(sports=("cycling", "running")).to_bytes()
    quick = keys(data)
    monkeypatch.setattr(fit, "decode", lambda data, wanted: careful.decode(data))
    assert keys(data) == quick == [(KEY,), (f"{KEY} 2",)]


def test_no_two_real_files_share_a_key_by_chance(corpus: Path) -> None:
    """Files with the same bytes aside, none of them is a copy of another."""
    seen: set[str] = set()
    count: Counter[str] = Counter()
    recordings = 0
    for source in walk([corpus], lambda name, head: head[8:12] == b".FIT"):
        if isinstance(source, Source) and source.digest not in seen:
            seen.add(source.digest)
            for item in fit.read(source):
                if isinstance(item, Recording):
                    recordings += 1
                    count.update(item.activity.keys)
    assert recordings >= 700
    assert len(count) >= 0.95 * recordings
    assert max(count.values()) == 1


# OpenTracks --------------------------------------------------------------------------------------

RUN = Run(
    datetime(2025, 3, 4, 17, 30, tzinfo=UTC), 3000.0, 1000.0, offset_s=3600, title="Evening run"
)


def recording(name: str, text: str) -> Recording:
    [found] = read(Source(name, text.encode()))
    assert isinstance(found, Recording)
    return found


def test_a_track_has_one_key_in_every_format() -> None:
    key = f"track {track_id(4)}"
    assert recording("1.gpx", opentracks(RUN, 4)).activity.keys == (key,)
    assert recording("1.kml", kml(RUN, 4)).activity.keys == (key,)


def test_what_a_foot_pod_counted_adds_up() -> None:
    """It stands in each point as what came since the point before."""
    found = recording("1.gpx", opentracks(RUN))
    motion = measure_motion(found.track)
    assert (motion.source, motion.total_m) == ("track", pytest.approx(3000, abs=0.1))
    assert found.track["distance_m"][-1] == pytest.approx(3000, abs=0.1)


def test_the_careful_reader_does_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = opentracks(RUN, 4)
    quick = recording("1.gpx", text)
    source = Source("1.gpx", text.encode())
    [slow] = gpx_careful.read(source, gpx.LEAVES, gpx.MAYBE_ON_FOOT)
    assert isinstance(slow, Recording)
    assert slow.activity.keys == quick.activity.keys == (f"track {track_id(4)}",)
    assert slow.track["distance_m"].tolist() == quick.track["distance_m"].tolist()


def test_tracks_that_are_one_activity_bring_all_their_keys() -> None:
    later = Run(RUN.start + timedelta(seconds=1300), 900.0, 300.0, offset_s=3600, title="On")
    first, second = opentracks(RUN, 1), opentracks(later, 2)
    whole = first.replace("</gpx>", "") + second[second.index("<trk>") :]
    assert recording("1.gpx", whole).activity.keys == (
        f"track {track_id(1)}",
        f"track {track_id(2)}",
    )


def test_real_tracks_have_their_ids(corpus: Path) -> None:
    told = {
        key
        for source in walk([corpus / "gpx" / "OpenTracksApp"], lambda name, head: True)
        if isinstance(source, Source)
        for item in read(source)
        if isinstance(item, Recording)
        for key in item.activity.keys
    }
    assert told == {
        "track 7002101e-4198-4613-8c24-544e01ca3981",
        "track 75c581d0-eef5-4aa2-91a3-66d2c6de4f6d",
    }


def test_the_distance_of_other_apps_is_since_the_start() -> None:
    text = opentracks(RUN).replace("opentracks:trackid>", "other>")
    assert recording("1.gpx", text).track["distance_m"].max() < 10
