"""The workouts in Apple Health's export out of a stream of bytes, in flat memory.

Of a gigabyte all but some megabytes are Records, which nobody looks at: a search for the few
marks that matter passes over them at the speed of memory. Nothing else is parsed. So neither the
document type, in which Apple itself has made mistakes since iOS 16, nor a control character or an
attribute name with blanks in some Record can stop it, and no entity is ever declared or expanded.

``<`` cannot stand in an attribute, so what looks like a mark is one unless it is in a comment or
a CDATA section; these are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_WORKOUT_BYTES = 64 << 20
"""A longer one is left out; a day's positions once a second are 20 MiB."""

_MARK = re.compile(rb"<(?:Workout[\s/>]|/HealthData[\s>]|!--|!\[CDATA\[)")
_INSIDE = re.compile(
    rb"<(?:/Workout[\s>]|!--|!\[CDATA\[|/HealthData[\s>]|(?:Workout|Record|ActivitySummary)[\s/>])"
)
_OPENING = re.compile(rb"""<Workout(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>""")
_CLOSE = re.compile(rb">")
_ENDS = {b"<!--": re.compile(rb"-->"), b"<![CDATA[": re.compile(rb"\]\]>")}

_LONGEST = 32
"""No mark is longer, and so much of a piece is looked at again with the next."""

Span = tuple[int, int]


class WorkoutScan:
    """Workouts one by one, and after them how the file ends.

    Parameters
    ----------
    pieces : iterator of bytes
        The file, cut anywhere; an error of it ends the file.

    Attributes
    ----------
    trouble : Exception or None
        What the pieces ended with.
    within : bool
        Whether the file ends inside a workout.
    whole : bool
        Whether the file's last tag was met.
    size : int
        Bytes so far.
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.trouble: Exception | None = None
        self.within = False
        self.whole = False
        self.size = 0
        self._pieces = pieces
        self._held = b""
        # Places are counted from the beginning of the file.
        self._begin = 0
        self._ended = False

    def __iter__(self) -> Iterator[bytes | None]:
        """Each workout's element; None for one that has no end."""
        place = 0
        while span := self._search(_MARK, place):
            mark = self._cut(span)
            place = span[1]
            if mark in _ENDS:
                place = self._behind(mark, place)
            elif mark.startswith(b"</"):
                self.whole = True
            else:
                end, place = self._workout(span[0])
                if end:
                    yield self._cut((span[0], end))
                elif not self.within:
                    yield None

    def _workout(self, start: int) -> Span:
        """Where a workout ends, 0 if it does not, and where to go on."""
        opening = self._opening(start)
        if not opening or self._cut((opening - 2, opening)) == b"/>":
            return opening, opening or start + 1
        place = opening
        while span := self._search(_INSIDE, place, start):
            mark = self._cut(span)
            place = span[1]
            if mark in _ENDS:
                place = self._behind(mark, place, start)
            elif mark.startswith(b"</Workout"):
                closed = self._search(_CLOSE, place - 1, start)
                if closed is None:
                    break
                return closed[1], closed[1]
            else:
                # Another element begins, and workouts hold none of these.
                return 0, span[0]
        self.within = self._ended
        return 0, self.size if self._ended else opening

    def _opening(self, start: int) -> int:
        """Where the first tag of a workout ends, 0 if it does not."""
        while not (match := _OPENING.match(self._held, start - self._begin)):
            if self._held.find(b"<", start - self._begin + 1) >= 0:
                return 0
            if not self._more(start):
                self.within = self._ended
                return 0
        return self._begin + match.end()

    def _behind(self, mark: bytes, place: int, keep: int | None = None) -> int:
        """Where to go on after a comment; at the file's end if it has none."""
        span = self._search(_ENDS[mark], place, keep)
        return span[1] if span else self.size

    def _search(
        self, pattern: re.Pattern[bytes], place: int, keep: int | None = None
    ) -> Span | None:
        """The next match from a place on; what lies before ``keep`` is let go of."""
        while not (match := pattern.search(self._held, max(place - self._begin, 0))):
            place = max(place, self.size - _LONGEST)
            if not self._more(place if keep is None else keep):
                return None
        return self._begin + match.start(), self._begin + match.end()

    def _more(self, keep: int) -> bool:
        """Hold another piece, none from before ``keep``; false if there is no more or no room."""
        if self.size - keep > MAX_WORKOUT_BYTES:
            return False
        try:
            piece = next(filter(None, self._pieces), b"")
        # Whatever the packing meets, the file ends there.
        except Exception as error:
            self.trouble = error
            piece = b""
        self._ended = not piece
        self._held = self._held[keep - self._begin :] + piece
        self._begin = keep
        self.size += len(piece)
        return bool(piece)

    def _cut(self, span: Span) -> bytes:
        return self._held[span[0] - self._begin : span[1] - self._begin]
