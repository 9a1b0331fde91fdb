"""Points that are written are points that are read, whatever the XML around them looks like."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneewatch.model import Recording, Source
from kneewatch.readers import gpx, tcx

NUMBERS = st.floats(-500, 9000, allow_nan=False).map(lambda value: round(value, 7))


@dataclass(frozen=True)
class Point:
    """What a point says; None where it says nothing."""

    micros: int | None
    place: tuple[float, float] | None
    values: Mapping[str, float | None]
    gap: bool


POINTS = st.lists(
    st.builds(
        Point,
        st.none() | st.integers(0, 3_600_000_000),
        st.none() | st.tuples(NUMBERS, NUMBERS),
        st.fixed_dictionaries(
            {name: st.none() | NUMBERS for name in ("altitude_m", "heart_rate_bpm", "speed_mps")}
        ),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


@dataclass(frozen=True)
class Style:
    """How the XML is written."""

    blank: str
    prefix: str
    zone: int
    junk: str

    def stamp(self, micros: int) -> str:
        moment = datetime(2024, 5, 1, tzinfo=UTC) + timedelta(microseconds=micros)
        if not self.zone:
            return moment.isoformat().replace("+00:00", "Z")
        return (moment + timedelta(hours=self.zone)).isoformat()[:-6] + f"{self.zone:+03}:00"

    def tag(self, name: str, text: str, prefix: str = "") -> str:
        name = f"{prefix}{name}"
        return f"{self.blank}<{name}>{self.blank}{text}{self.blank}</{name}>{self.blank}"


STYLES = st.builds(
    Style,
    st.sampled_from(["", "", " ", "\n  ", "<!-- <hr>1</hr> -->"]),
    st.sampled_from(["", "ns3:", "gpxtpx:"]),
    st.sampled_from([0, 0, 2, -7]),
    st.sampled_from(["", "<x/>", "<name>12</name>", "<hr_zone>3</hr_zone>", "<Value>7</Value>"]),
)


def as_gpx(points: list[Point], style: Style) -> str:
    names = {"heart_rate_bpm": "hr", "speed_mps": "speed"}
    body = ""
    for point in points:
        lat_lon = ' lat="{!r}" lon="{!r}"'.format(*point.place) if point.place else ""
        inside = style.junk
        if (height := point.values["altitude_m"]) is not None:
            inside += style.tag("ele", repr(height))
        if point.micros is not None:
            inside += style.tag("time", style.stamp(point.micros))
        more = "".join(
            style.tag(name, repr(point.values[column]), style.prefix)
            for column, name in names.items()
            if point.values[column] is not None
        )
        inside += style.tag("extensions", style.tag("TPX", more, style.prefix))
        body += "</trkseg><trkseg>" if point.gap else ""
        body += f"<trkpt{lat_lon}>{inside}</trkpt>"
    return f"<gpx xmlns:ns3='a' xmlns:gpxtpx='b'><trk><trkseg>{body}</trkseg></trk></gpx>"


def as_tcx(points: list[Point], style: Style) -> str:
    body = ""
    for point in points:
        inside = style.junk
        if point.micros is not None:
            inside += style.tag("Time", style.stamp(point.micros))
        if point.place:
            lat, lon = (repr(value) for value in point.place)
            where = style.tag("LatitudeDegrees", lat) + style.tag("LongitudeDegrees", lon)
            inside += style.tag("Position", where)
        if (height := point.values["altitude_m"]) is not None:
            inside += style.tag("AltitudeMeters", repr(height))
        if (beats := point.values["heart_rate_bpm"]) is not None:
            inside += style.tag("HeartRateBpm", style.tag("Value", repr(beats)))
        if (speed := point.values["speed_mps"]) is not None:
            speed_there = style.tag("Speed", repr(speed), style.prefix)
            inside += style.tag("Extensions", style.tag("TPX", speed_there, style.prefix))
        body += "</Track></Lap><Lap><Speed>99</Speed><Track>" if point.gap else ""
        body += f"<Trackpoint>{inside}</Trackpoint>"
    return (
        "<TrainingCenterDatabase xmlns:ns3='a' xmlns:gpxtpx='b'><Activities><Activity><Lap>"
        f"<Track>{body}</Track></Lap></Activity></Activities></TrainingCenterDatabase>"
    )


def expected(points: list[Point]) -> dict[str, np.ndarray]:
    """The track, made from the points without any XML."""
    dated = sorted(
        (point for point in points if point.micros is not None), key=lambda point: point.micros or 0
    )
    unix = np.array([(1_714_521_600_000_000 + (point.micros or 0)) / 1e6 for point in dated])
    table = {"time_s": unix - unix[0]}
    nowhere = (np.nan, np.nan)
    table["lat_deg"], table["lon_deg"] = np.array([p.place or nowhere for p in dated]).T
    for name in points[0].values:
        table[name] = np.array([point.values[name] for point in dated], dtype=np.float64)
    return {name: column for name, column in table.items() if np.isfinite(column).any()}


@pytest.mark.parametrize(("reader", "write"), [(gpx, as_gpx), (tcx, as_tcx)], ids=["gpx", "tcx"])
@settings(max_examples=150, deadline=None)
@given(points=POINTS, style=STYLES)
def test_what_is_written_is_read(
    reader: ModuleType, write: object, points: list[Point], style: Style
) -> None:
    assert callable(write)
    text = write(points, style)
    found = [r for r in reader.read(Source("1", text.encode())) if isinstance(r, Recording)]
    if all(point.micros is None for point in points):
        assert found == []
        return
    [recording] = found
    track = dict(recording.track)
    segment = track.pop("segment")
    wanted = expected(points)
    assert track.keys() == wanted.keys()
    for name, column in wanted.items():
        np.testing.assert_array_equal(track[name], column, err_msg=name)
    if reader is gpx:
        numbers = np.cumsum([point.gap for point in points])
        told = [(point.micros, n) for point, n in zip(points, numbers, strict=True)]
        dated = sorted((m, i, n) for i, (m, n) in enumerate(told) if m is not None)
        assert segment.tolist() == [n for _, _, n in dated]


@pytest.mark.parametrize(("reader", "write"), [(gpx, as_gpx), (tcx, as_tcx)], ids=["gpx", "tcx"])
@settings(max_examples=100, deadline=None)
@given(points=POINTS, share=st.floats(0, 1))
def test_of_any_prefix_the_whole_points_are_read(
    reader: ModuleType, write: object, points: list[Point], share: float
) -> None:
    assert callable(write)
    points = [Point(micros, (1.0, 2.0), p.values, False) for micros, p in enumerate(points)]
    data = write(points, Style("", "", 0, "")).encode()
    cut = data[: int(share * len(data))]
    whole = cut.count(b"</trkpt>") + cut.count(b"</Trackpoint>")
    found = list(reader.read(Source("1", cut)))
    tracks = [item.track for item in found if isinstance(item, Recording)]
    assert sum(len(track["time_s"]) for track in tracks) == whole
    # Nothing is lost without a word.
    assert len(found) > len(tracks) or cut == data


@pytest.mark.parametrize("end", ["", "</gpx>", "<!DOCTYPE"])
def test_what_was_read_is_freed_with_the_last_who_holds_it(end: str) -> None:
    """Not when the garbage is collected, which takes its time between a thousand files."""
    gc.disable()
    try:
        walk = gpx.GpxWalk.through(f"<gpx><trk><trkpt></trkpt></trk>{end}".encode())
        alive = weakref.ref(walk)
        del walk
        assert alive() is None
    finally:
        gc.enable()
