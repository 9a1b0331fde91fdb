from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fit_encoder import FitWriter
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.model import NotActivity, Problem, Recording
from kneewatch.readers import read
from kneewatch.readers.peek import PEEK_BYTES, peek
from kneewatch.sources import walk

WHEN = datetime(2024, 2, 29, 6, 0, tzinfo=UTC)


def fit(**fields: object) -> bytes:
    return FitWriter().message("file_id", {"type": "activity", **fields}).to_bytes()


@pytest.mark.parametrize(
    "head",
    [
        fit(time_created=WHEN),
        fit(manufacturer="garmin", time_created=WHEN, serial_number=7),
        b"<gpx><metadata><time>2025-06-01T08:00:00Z</time></metadata><trk><trkseg>"
        b"<trkpt lat='1' lon='1'><ele>3</ele>\n<time>2024-02-29T06:00:00Z</time>",
        b"<gpx><trk><trkseg><trkpt lat='1' lon='1'><time>2024-02-29T06:00:00.000+01:00</time>",
        b"<Activities><Activity Sport='Running'><Id>2024-02-29T06:00:00Z</Id>",
        b"<gpx:gpx><gpx:trkpt lat='1'><gpx:time> 2024-02-29T06:00:00Z</gpx:time>",
    ],
)
def test_the_day_stands_at_the_beginning(head: bytes) -> None:
    assert peek(head) == WHEN.date()


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"Date,Distance\n2024-02-29,5\n",
        fit(),
        fit(time_created=datetime(1990, 1, 3, tzinfo=UTC)),
        b"<gpx><trkpt><time>2024-02-30T06:00:00Z</time>",
        b"<gpx><trkpt><time>yesterday</time>",
        # The day of the export.
        b"<gpx><metadata><time>2024-02-29T06:00:00Z</time></metadata><trk><name>Run</name>",
    ],
)
def test_what_does_not_say_its_day_has_none(head: bytes) -> None:
    assert peek(head) is None


@given(st.binary(max_size=60), st.booleans())
def test_no_bytes_are_too_strange(junk: bytes, marked: bool) -> None:
    head = junk[:8] + b".FIT" + junk[8:] if marked else junk
    assert isinstance(peek(head), date | None)


def test_real_files_are_what_they_say_at_their_beginning(corpus: Path) -> None:
    """No file is put off whose activity is later than its beginning says."""
    told = late = 0
    for item in walk([corpus / "fit", corpus / "gpx", corpus / "tcx"], lambda name, head: True):
        if isinstance(item, Problem | NotActivity) or (day := peek(item.data[:PEEK_BYTES])) is None:
            continue
        starts = [r.activity.start.date() for r in read(item) if isinstance(r, Recording)]
        if not starts:
            continue
        told += 1
        late += max(starts) > day + timedelta(days=1)
    assert told > 80
    # gpxpy's own test file, whose head and track are of two years.
    assert late <= 1


@given(st.integers(0, 60))
def test_a_head_that_breaks_off_has_no_day(size: int) -> None:
    whole = fit(time_created=WHEN)
    assert peek(whole[:size]) in (None, WHEN.date())
