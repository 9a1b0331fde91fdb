"""One pass of expat over a file of points, tolerant of the XML around them.

Names count without their prefix, so none need be declared. Inside a point only the ends of
elements are heard, by a handler of their own: nothing that a lap or the file says gets into a
point, and a point costs few calls. Nothing but the file is ever opened, and a file that declares
entities is refused.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Self
from xml.parsers import expat

import numpy as np

from kneewatch.model import Floats
from kneewatch.readers.markup import as_utf8, mend
from kneewatch.readers.moments import unix_seconds
from kneewatch.readers.points import numbers, spread

_ENDS_EARLY = {
    expat.errors.XML_ERROR_NO_ELEMENTS,
    expat.errors.XML_ERROR_UNCLOSED_TOKEN,
    expat.errors.XML_ERROR_PARTIAL_CHAR,
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
}

FIRST_S, LAST_S = 315_964_800, 7_258_118_400
"""From the first day of GPS to the end of the next century [Unix s]: beside a time between them
one outside them (the year 1, 1970, 9999) is an empty field."""

Appends = tuple[Callable[[int], None], Callable[[str], None]]


class RefusedError(Exception):
    """The file declares entities, of which a few bytes can make gigabytes."""

    def __str__(self) -> str:
        return "it declares entities, which are not expanded"


@dataclass(frozen=True)
class Break:
    """Where the XML stops being XML, and why in the parser's words.

    ``early`` says that the file just ends there, ``lost`` is bytes after the last whole point.
    """

    line: int
    reason: str
    early: bool
    lost: int


@dataclass
class Leaves:
    """Texts of one column, and the number of the point that each is of."""

    where: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


class PointWalk:
    """What a pass over a file collects; a format says by overriding what counts in it.

    Attributes
    ----------
    attributes : list of dict
        Of each point that began, the last of them perhaps not whole.
    count : int
        Whole points so far.
    columns : dict of Leaves
        What the points hold.
    path : list of str
        Elements that are open, outside points.
    broken : Break or None
        None for XML that is well-formed to its end.
    mended : list of str
        What had to be done to the XML, in words.
    """

    POINT: ClassVar[str]
    """Local name of a point."""
    LEAVES: ClassVar[Mapping[str, str]]
    """Local name of an element in a point: its column; ``unix_s`` holds times, others numbers."""
    ANY_CASE: ClassVar[bool] = False
    """Whether the leaves' names, there in lower case, count however they are written."""
    WRAPPER: ClassVar[tuple[str, str]] = ("", "")
    """Local names of a leaf that wraps its text in an element, and of that element."""

    _parser: expat.XMLParserType

    def __init__(self) -> None:
        self.attributes: list[dict[str, str]] = []
        self.count = 0
        self.columns = {column: Leaves() for column in self.LEAVES.values()}
        self.path: list[str] = []
        self.broken: Break | None = None
        self.mended: list[str] = []
        self._names = _LocalNames()
        self._declared = {"xml"}
        self._leaves: dict[str, Appends | None] = {}
        self._pieces: list[str] = []
        self._point = self._wrapped = ""
        self._whole_until = 0

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
        if found.broken is not None and not found.broken.early and (clean := mend(xml)) != xml:
            found = cls()
            found._feed(clean)
            found.mended.append("characters that XML does not allow")
        if undeclared := found._undeclared(xml):
            found.mended.append(f"undeclared prefix {', '.join(undeclared)}")
        return found

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """Hear that an element outside points begins, in ``path``."""

    def closed(self, name: str, text: str) -> None:
        """Hear that an element outside points ends, in ``path``, and the text before its end."""

    def arrays(self) -> dict[str, Floats]:
        """Columns of the whole points, NaN where there is no number; ``unix_s`` is always there."""
        return {
            name: spread(
                leaves.where,
                _times(leaves.texts) if name == "unix_s" else numbers(leaves.texts),
                self.count,
            )
            for name, leaves in self.columns.items()
            if leaves.where or name == "unix_s"
        }

    def text(self, column: str, point: int) -> str:
        """What the first element of a point that was not empty said for a column."""
        leaves = self.columns[column]
        begin, end = bisect_left(leaves.where, point), bisect_right(leaves.where, point)
        return next((text.strip() for text in leaves.texts[begin:end] if text.strip()), "")

    def _feed(self, xml: bytes) -> None:
        # A handler's refusal would come too late: expat goes on to the end without its handlers.
        if b"<!ENTITY" in xml:
            raise RefusedError
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        # Defaults of a document type would be copied to each point.
        parser.specified_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._pieces.append
        try:
            parser.Parse(xml, True)
        except expat.ExpatError as error:
            reason = expat.errors.messages[error.code]
            lost = len(xml) - (xml.find(b">", self._whole_until) + 1 if self.count else 0)
            self.broken = Break(error.lineno, reason, reason in _ENDS_EARLY, lost)
        finally:
            # The parser holds this, which must not hold it longer than needed.
            del self._parser

    def _start(self, raw: str, attributes: dict[str, str]) -> None:
        self._pieces.clear()
        name = self._names[raw]
        if name == self.POINT:
            self.attributes.append(attributes)
            self._point = raw
            # What stands in a point before a leaf's text is blanks, so that its start need not be
            # heard.
            self._parser.StartElementHandler = None
            self._parser.EndElementHandler = self._end_in_point
        else:
            if attributes:
                self._note_prefixes(attributes)
            self.opened(name, attributes)
            self.path.append(name)

    def _end(self, raw: str) -> None:
        # Of a point around another point the end alone is heard.
        if self.path and self.path[-1] == self._names[raw]:
            self.closed(self.path.pop(), "".join(self._pieces).strip())
        self._pieces.clear()

    def _end_in_point(self, raw: str) -> None:
        pieces = self._pieces
        try:
            leaf = self._leaves[raw]
        except KeyError:
            leaf = self._leaves[raw] = self._leaf(self._names[raw])
        if leaf is not None:
            where, texts = leaf
            where(self.count)
            texts("".join(pieces))
            self._wrapped = ""
        elif raw == self._point:
            self.count += 1
            self._whole_until = self._parser.CurrentByteIndex
            self._parser.StartElementHandler = self._start
            self._parser.EndElementHandler = self._end
        else:
            wrapper, inner = self.WRAPPER
            name = self._names[raw]
            if name == wrapper:
                column = self.columns[self.LEAVES[wrapper]]
                column.where.append(self.count)
                column.texts.append(self._wrapped or "".join(pieces))
            self._wrapped = "".join(pieces) if name == inner else ""
        pieces.clear()

    def _leaf(self, name: str) -> Appends | None:
        column = self.LEAVES.get(name.lower() if self.ANY_CASE else name)
        if column is None or name == self.WRAPPER[0]:
            return None
        leaves = self.columns[column]
        return leaves.where.append, leaves.texts.append

    def _note_prefixes(self, attributes: Mapping[str, str]) -> None:
        for key in attributes:
            prefix, colon, name = key.partition(":")
            if prefix == "xmlns":
                self._declared.add(name)
            elif colon:
                self._names.prefixes.add(prefix)

    def _undeclared(self, xml: bytes) -> list[str]:
        """Prefixes in use that are declared nowhere, not even inside a point."""
        suspects = self._names.prefixes - self._declared
        if suspects:
            suspects -= set(re.findall(r"\sxmlns:([^\s=]+)", xml.decode()))
        return sorted(suspects)


def _times(texts: Sequence[str]) -> Floats:
    unix = unix_seconds(texts)
    dates = (unix >= FIRST_S) & (unix < LAST_S)
    if dates.any():
        unix[~dates] = np.nan
    return unix


class _LocalNames(dict[str, str]):
    """Names without their prefix, by the name as written; and the prefixes that were met."""

    def __init__(self) -> None:
        self.prefixes: set[str] = set()

    def __missing__(self, raw: str) -> str:
        prefix, _, name = raw.rpartition(":")
        if prefix:
            self.prefixes.add(prefix)
        self[raw] = name
        return name
