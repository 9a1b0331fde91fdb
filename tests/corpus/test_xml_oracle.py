"""Every real GPX and TCX file against gpxpy and tcxreader."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.equal_xml import DIFFERENCES, FORMATS, compare, outcome, reason, sources

from kneewatch.model import Recording

AT_LEAST = {"GPX": (130, 115_000, 700_000), "TCX": (21, 24_000, 215_000)}


@pytest.mark.parametrize("kind", FORMATS)
def test_equal_wherever_the_other_library_reads(corpus: Path, kind: str) -> None:
    found = compare(corpus, kind)
    unnamed = {key: what for key, what in found.differences.items() if reason(*key) is None}
    assert unnamed == {}
    # A name that no longer names anything has to go.
    named = {why for key in found.differences if (why := reason(*key))}
    ends = [end for end, _ in DIFFERENCES if end.endswith(kind.lower())]
    assert len(named) == len(ends)
    files, points, values = AT_LEAST[kind]
    assert found.files - len(found.refused) >= files
    assert found.points >= points
    assert found.values >= values
    # What the other library refuses is read.
    assert not [name for name, what in found.refused.items() if " points" not in what]


@pytest.mark.parametrize("kind", FORMATS)
def test_no_real_file_is_refused_here(corpus: Path, kind: str) -> None:
    reader, _, _ = FORMATS[kind]
    for source in sources(corpus, reader):
        assert "cannot be read" not in outcome(reader, source), source.name
        for item in reader.read(source):
            if isinstance(item, Recording):
                sizes = {len(column) for column in item.track.values()}
                assert len(sizes) == 1, source.name
