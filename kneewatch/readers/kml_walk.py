"""One pass of expat over a KML file, tolerant of the XML around the tracks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self
from xml.parsers import expat

from kneewatch.readers.markup import as_utf8, mend
from kneewatch.readers.xml_points import RefusedError

WORDS = ("name", "description", "trackid")


@dataclass
class Segment:
    """One ``Track``: texts of its times and places, and the lists beside them by name."""

    whens: list[str] = field(default_factory=list)
    coords: list[str] = field(default_factory=list)
    lists: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Placemark:
    """What belongs to one activity: its words, its data by name, its stretches."""

    words: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    segments: list[Segment] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """What OpenTracks and others call the sport."""
        return self.data.get("type", "")


class KmlWalk:
    """What a pass over a file collects.

    Attributes
    ----------
    placemarks : list of Placemark
        The first stands for what lies in none.
    generator : str
        Who wrote the file, if it says so.
    lines : int
        Number of lines without times.
    damage : str
        What was wrong with the XML, in words, empty where nothing was.
    """

    def __init__(self) -> None:
        self.placemarks = [Placemark()]
        self.generator = ""
        self.lines = 0
        self.damage = ""
        self._path: list[str] = []
        self._pieces: list[str] = []
        self._segment: Segment | None = None
        self._list = ""

    @classmethod
    def through(cls, data: bytes) -> Self:
        """Walk through a file, mended where that is needed.

        Raises
        ------
        RefusedError
            Where it declares entities.
        """
        xml = as_utf8(data)
        found = cls()
        found._feed(xml)
        if found.damage and (clean := mend(xml)) != xml:
            again = cls()
            again._feed(clean)
            if not again.damage:
                again.damage = "mended: characters that XML does not allow"
            found = again
        return found

    def _feed(self, xml: bytes) -> None:
        # A handler's refusal would come too late: expat goes on to the end without its handlers.
        if b"<!ENTITY" in xml:
            raise RefusedError
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._pieces.append
        try:
            parser.Parse(xml, True)
        except expat.ExpatError as error:
            reason = expat.errors.messages[error.code]
            self.damage = f"the KML file breaks off at line {error.lineno:,}: {reason}"

    def _start(self, raw: str, attributes: dict[str, str]) -> None:
        self._pieces.clear()
        name = raw.rpartition(":")[2]
        self._path.append(name)
        if name == "Placemark":
            self.placemarks.append(Placemark())
        elif name == "Track":
            self._segment = Segment()
            self.placemarks[-1].segments.append(self._segment)
        elif name in ("SimpleArrayData", "Data"):
            self._list = attributes.get("name", "")
            if self._segment is not None:
                self._segment.lists.setdefault(self._list, [])
        elif name == "LineString":
            self.lines += 1

    def _end(self, raw: str) -> None:
        text = "".join(self._pieces).strip()
        self._pieces.clear()
        name = self._path.pop()
        around = self._path[-1] if self._path else ""
        if self._segment is not None:
            self._end_in_track(name, text)
        elif name in WORDS and around == "Placemark":
            self.placemarks[-1].words.setdefault(name, text)
        elif name == "value" and around == "Data":
            self.placemarks[-1].data.setdefault(self._list, text)
        elif name == "generator" and not self.generator:
            self.generator = text

    def _end_in_track(self, name: str, text: str) -> None:
        segment = self._segment
        if segment is None or name == "Track":
            self._segment = None
        elif name == "when":
            segment.whens.append(text)
        elif name == "coord":
            segment.coords.append(text)
        elif name == "value":
            segment.lists.setdefault(self._list, []).append(text)
