"""What passes between the floors: sources, activities, recordings, problems. Frozen, no I/O."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# In quotes: what only speaks of activities, as the help does, need not wait for numpy.
Floats: TypeAlias = "npt.NDArray[np.float64]"
Track: TypeAlias = "Mapping[str, Floats]"
"""Parallel float64 arrays by column name (``columns.TRACK``), NaN where nothing was measured."""


_PART = re.compile(r" (?:row|activity|workout) \d+(?: leg \d+)?$")


def file_of(source: str) -> str:
    """The file of a source; one of many activities in a file has its number behind the name."""
    return _PART.sub("", source)


@dataclass(frozen=True)
class File:
    """A file on disk.

    Attributes
    ----------
    path : str
        Where it can be opened, from the root on.
    name : str
        What it is known by: relative, so that no report tells a home.
    size : int
        Bytes.
    mtime_ns : int
        Last change [ns].
    """

    path: str
    name: str
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Source:
    """One file's worth of bytes, already unpacked from any archive.

    Attributes
    ----------
    name : str
        Where it lies, ``folder/export.zip!/activities/1.fit.gz`` for a member of an archive.
    data : bytes
        The uncompressed content.
    """

    name: str
    data: bytes = field(repr=False)

    @property
    def head(self) -> bytes:
        """Its beginning, by which a reader claims it."""
        return self.data

    def pieces(self) -> Iterator[bytes]:
        """The content, in one piece."""
        yield self.data

    @cached_property
    def digest(self) -> str:
        """Content digest [hex], the same wherever the file lies and however it is packed."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass
class Streamed:
    """One file's worth of bytes that is never held whole: it may be larger than the memory.

    It can be gone through once, as long as whoever handed it out has not gone on.

    Attributes
    ----------
    name : str
        Where it lies.
    head : bytes
        Its beginning.
    rest : iterator of bytes
        What follows; it may end in an error where the packing is damaged.
    """

    name: str
    head: bytes = field(repr=False)
    rest: Iterator[bytes] = field(repr=False)

    def __post_init__(self) -> None:
        self._hash = hashlib.sha256()
        self._pieces = self._hashed()

    def pieces(self) -> Iterator[bytes]:
        """The content that nobody has asked for yet, piece by piece."""
        return self._pieces

    @property
    def digest(self) -> str:
        """Content digest [hex], as a ``Source`` of the same bytes has it.

        What has not been gone through yet is gone through now, as far as it can be had.
        """
        with suppress(Exception):
            for _ in self._pieces:
                pass
        return self._hash.hexdigest()

    def _hashed(self) -> Iterator[bytes]:
        for piece in chain((self.head,), self.rest):
            self._hash.update(piece)
            yield piece


@dataclass(frozen=True)
class Activity:
    """One activity as its file describes it; the device's own totals, nothing computed.

    Attributes
    ----------
    id : str
        Stable: derived from the content, not from the place.
    start : datetime
        Aware UTC. Naive where the file knows the wall clock alone (many tables); the import
        then decides the zone.
    utc_offset_s : float or None
        Local time minus UTC [s] as the file itself says.
    sport, sub_sport : str
        FIT's names (``running``, ``trail``...); ``unknown`` where nothing says.
    dirt_m : float or None
        Distance on what the vendor's map holds for unpaved [m].
    steps : float or None
        Total steps (two a stride).
    barometer : bool or None
        Whether the device is known to measure altitude by air pressure; None when not known.
    gear_named : bool
        Whether ``gear`` is a name; else it is a number that tells one pair from another.
    assumed : str
        What the file leaves open and was taken for granted, in words ("distance taken as
        kilometres: the table does not say"); empty where nothing was.
    file_hint : str
        Name of the recording that the table's row belongs to, as the table has it; one a line
        where it lies in several files.
    keys : tuple of str
        Names under which other files know the very same activity, each with who gave it:
        ``garmin 123456789``, ``track 6b0e...``, ``device 3900112233 2023-12-11T20:04:18Z``. Two
        recordings that share one are one activity.
    """

    id: str
    source: str
    start: datetime
    sport: str
    sub_sport: str = "generic"
    utc_offset_s: float | None = None
    name: str = ""
    notes: str = ""
    gear: str = ""
    gear_named: bool = True
    surface: str = ""
    device: str = ""
    barometer: bool | None = None
    distance_m: float | None = None
    elapsed_s: float | None = None
    moving_s: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None
    dirt_m: float | None = None
    steps: float | None = None
    avg_hr_bpm: float | None = None
    avg_cadence_spm: float | None = None
    max_hr_setting_bpm: float | None = None
    rest_hr_setting_bpm: float | None = None
    assumed: str = ""
    file_hint: str = ""
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recording:
    """An activity with its track; the track is empty for a row of a table."""

    activity: Activity
    track: Track = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Problem:
    """Something that could not be read, or not in full.

    Attributes
    ----------
    source, reason : str
        Which file, and why in one line.
    passing : bool
        Whether the file may be fine and the next import may read it.
    """

    source: str
    reason: str
    passing: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Hint:
    """What one file of an export says of an activity that lies in another.

    Attributes
    ----------
    key : str
        One of the activity's ``keys``.
    values : mapping of str to any
        By column name (``columns.ACTIVITIES``): ``{"shoe": "Ghost 15"}``.
    """

    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Pair:
    """A pair of shoes as a vendor's register has it.

    Attributes
    ----------
    name : str
        As the vendor's activities call it.
    since, until : str
        First and last day of use [ISO date]; empty where the register does not say.
    retired : bool
    worn_m, limit_m : float or None
        Distance it had before its first run of the log, and at which the runner wants to be
        told [m].
    """

    name: str
    since: str = ""
    until: str = ""
    retired: bool = False
    worn_m: float | None = None
    limit_m: float | None = None


@dataclass(frozen=True)
class NotActivity:
    """A file that is fine and is no activity: settings, a course, a picture, a shoe list.

    Attributes
    ----------
    hints : tuple of Hint
        What it says of activities in other files.
    pairs : tuple of Pair
        What it says of shoes.
    """

    source: str
    reason: str
    hints: tuple[Hint, ...] = ()
    pairs: tuple[Pair, ...] = ()


Reading = Recording | Problem | NotActivity


@dataclass(frozen=True)
class Glance:
    """As much of a recording as a human needs to recognise it.

    Attributes
    ----------
    local_start : str
        Wall-clock time of the start [ISO].
    distance_m, elapsed_s : float or None
        [m], [s]
    device : str
        What recorded it, as far as the file tells.
    """

    local_start: str = ""
    distance_m: float | None = None
    elapsed_s: float | None = None
    device: str = ""


@dataclass(frozen=True)
class Duplicate:
    """A recording of an activity that another recording has better.

    Attributes
    ----------
    source, kept : str
        The file that was set aside, and the one that counts.
    reason : str
        Why, in words.
    rule : str
        Why, in one word: ``config``, ``content``, ``key``, ``index``, ``start``, ``overlap``,
        ``part``, ``route``, ``day`` or ``time zone``.
    seen, kept_seen : Glance
        The two recordings as they were read.
    """

    source: str
    kept: str
    reason: str
    rule: str = ""
    seen: Glance = Glance()
    kept_seen: Glance = Glance()


Row = dict[str, Any]
"""Exposure row of an activity by column name (``columns.ACTIVITIES``), with its ``id``."""


@dataclass(frozen=True)
class FileResult:
    """What one file gave.

    Attributes
    ----------
    rows : tuple of dict
        Exposure rows.
    lost : int
        Activities that were read and do not count; each has its problem.
    key : str
        What it may be remembered under; empty where there was no content to read.
    """

    source: str
    rows: tuple[Row, ...] = ()
    lost: int = 0
    problems: tuple[Problem, ...] = ()
    not_activities: tuple[NotActivity, ...] = ()
    key: str = ""


@dataclass(frozen=True)
class Tally:
    """What became of every file: the accounts of ``doctor``.

    A file may hold several activities and a damaged file may still give one, so the accounts are
    kept in entries: ``runs + other_activities + duplicates + not_activities + unreadable`` is
    ``entries``, and ``entries`` is ``files`` plus the activities beyond the first in a file.
    Files that were left ``unread``, since nothing that was asked needs them, are not among them:
    ``unread_later`` of them lie after the day judged, the others before ``read_from``, but for
    the oldest few, which tell since when there is a log.
    """

    files: int = 0
    runs: int = 0
    other_activities: int = 0
    duplicates: tuple[Duplicate, ...] = ()
    not_activities: tuple[NotActivity, ...] = ()
    unreadable: int = 0
    problems: tuple[Problem, ...] = ()
    assumptions: tuple[Problem, ...] = ()
    unread: int = 0
    unread_later: int = 0
    read_from: date | None = None

    @property
    def entries(self) -> int:
        """Activities and files without one."""
        return (
            self.runs
            + self.other_activities
            + len(self.duplicates)
            + len(self.not_activities)
            + self.unreadable
        )


class Severity(IntEnum):
    """How loud a finding is; ``urgent`` is for red flags in the user's own entries alone."""

    NOTE = 1
    CAUTION = 2
    WARNING = 3
    URGENT = 4

    @property
    def label(self) -> str:
        """Lower-case name, as printed and as in JSON."""
        return self.name.lower()


@dataclass(frozen=True)
class Finding:
    """A rule that is broken: what, when, by how much, how sure, what to do.

    Attributes
    ----------
    start, end : str
        First and last local day that it speaks of [ISO date].
    observed, limit : float
        In ``unit``; the comparison that fired.
    runs : tuple of str
        Ids of the runs it rests on.
    weight : float
        Natural logarithm of the rate ratio that the score may take from it [-]; 0 for
        information (EVIDENCE 13).
    """

    code: str
    name: str
    severity: Severity
    grade: str
    start: str
    end: str
    observed: float
    limit: float
    unit: str
    message: str
    runs: tuple[str, ...] = ()
    tissues: tuple[str, ...] = ()
    advice: str = ""
    papers: tuple[str, ...] = ()
    weight: float = 0.0


@dataclass(frozen=True)
class Kept:
    """A rule that is kept, said in one line. Never to be read as *safe*."""

    code: str
    name: str
    message: str


@dataclass(frozen=True)
class CannotTell:
    """A rule that lacks what it needs, and what that is."""

    code: str
    name: str
    why: str


Answer = Finding | Kept | CannotTell
