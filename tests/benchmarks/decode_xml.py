"""GPX and TCX bytes to track columns, beside gpxpy and tcxreader, and where the time goes.

``python tests/benchmarks/decode_xml.py [corpus]``: every candidate reads the same files, those of
the corpus that all can read and that have a hundred points, from memory. CPU time, medians of
seven rounds taken in turn. gpxpy takes lxml where it can be imported, so it is measured with the
parser of lxml and with that of the standard library.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree
from xml.parsers import expat

import gpxpy.parser
import lxml.etree
from equal_xml import CORPUS, by_gpxpy, by_tcxreader, sources
from side_by_side import medians, table

from kneewatch.model import Recording, Source
from kneewatch.readers import gpx, tcx
from kneewatch.readers.markup import as_utf8
from kneewatch.readers.moments import unix_seconds
from kneewatch.readers.points import numbers
from kneewatch.readers.xml_points import PointWalk

MIN_POINTS = 100
"""In smaller files what surrounds the points costs more than they."""

Job = Callable[[], object]


def points(reader: ModuleType, source: Source) -> int:
    """Read a file as the import does, digest and sport included; its number of points."""
    # Anew, since a source keeps its digest.
    found = reader.read(Source(source.name, source.data))
    return sum(len(item.track.get("time_s", ())) for item in found if isinstance(item, Recording))


def by_gpxpy_with(library: ModuleType) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        gpxpy.parser.mod_etree = library
        return by_gpxpy(data)

    return read


def readable(read: Callable[[bytes], object], data: bytes) -> bool:
    try:
        read(data)
    # The libraries raise errors of many kinds.
    except Exception:
        return False
    return True


def silent(xml: bytes) -> None:
    """The floor: expat goes through the bytes, and nobody listens."""
    expat.ParserCreate("utf-8").Parse(xml, True)


def listening(xml: bytes) -> None:
    """Expat with the cheapest listeners that there are: all texts and ends into a list, in C."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    heard: list[str] = []
    parser.EndElementHandler = parser.CharacterDataHandler = heard.append
    parser.Parse(xml, True)


def over(function: Callable[..., object], items: Sequence[object]) -> Job:
    def job() -> None:
        for item in items:
            function(item)

    return job


def steps(reader: ModuleType, walker: type[PointWalk], files: list[Source]) -> dict[str, Job]:
    """What reading consists of, each step from the one before it."""
    data = [source.data for source in files]
    xml = [as_utf8(item) for item in data]
    walks = [walker.through(item) for item in data]
    leaves = [(name, found.texts) for walk in walks for name, found in walk.columns.items()]
    times = [texts for name, texts in leaves if name == "unix_s"]
    others = [texts for name, texts in leaves if name != "unix_s"]
    return {
        "all of it": over(lambda source: points(reader, source), files),
        "  bytes to UTF-8": over(as_utf8, data),
        "  expat, nobody listening (floor)": over(silent, xml),
        "  expat, listeners in C": over(listening, xml),
        "  expat, our listeners": over(walker.through, data),
        "  texts to columns": over(lambda walk: walk.arrays(), walks),
        "    of it times": over(unix_seconds, times),
        "    of it numbers": over(numbers, others),
        "  digest": over(lambda source: Source("", source.data).digest, files),
    }


def main(corpus: Path) -> None:
    with_lxml, without = by_gpxpy_with(lxml.etree), by_gpxpy_with(ElementTree)
    formats = [
        (gpx, gpx.GpxWalk, {"gpxpy without lxml": without, "gpxpy with lxml": with_lxml}),
        (tcx, tcx.TcxWalk, {"tcxreader": by_tcxreader}),
    ]
    for reader, walker, others in formats:
        files = [
            source for source in sources(corpus, reader) if points(reader, source) >= MIN_POINTS
        ]
        files = [s for s in files if all(readable(read, s.data) for read in others.values())]
        count = sum(points(reader, source) for source in files)
        megabytes = sum(len(source.data) for source in files) / 1e6
        name = reader.__name__.rpartition(".")[2]
        candidates = {"kneewatch": over(lambda source, by=reader: points(by, source), files)}
        data = [source.data for source in files]
        candidates |= {other: over(read, data) for other, read in others.items()}
        lines = [f"{name}: {len(files)} files, {count:,} points, {megabytes:.1f} MB"]
        times = medians(candidates)
        lines += [table(times, count, "point", other) for other in others]
        lines += [table(medians(steps(reader, walker, files)), count, "point", "all of it"), ""]
        sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS)
