"""Whether two recordings are likely of the same activity, and what says so."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from kneewatch.metrics.motion import GUESSED
from kneewatch.metrics.whereabouts import FASTEST_MPS, SAME_PLACE_M, metres_apart
from kneewatch.model import Floats, Row, file_of

CLOSE_S = 60.0
CLOSE_DISTANCE = 0.05
CLOSE_DURATION = 0.10
"""Start, distance and duration of one activity in the words of two devices."""

OVERLAP = 0.5
"""Nobody does two activities at once: more than this share of the shorter one is enough."""

ALL_BUT = 0.9
"""Of two rows of tables, the common share of the longer one has to be more than this. [D]"""

QUARTER_S = 900.0
"""All time zones of today are whole quarter-hours apart."""

FURTHEST_S = 14 * 3600.0
"""A clock in the wrong time zone is off by no more."""

PART = 0.9
"""A recording with less than this share of the time and the way is a part of the other. [D]"""

LONGEST_S = 48 * 3600.0
"""What is longer has an end that cannot be trusted. [D]"""

ONE_SPORT = {"hiking": "walking"}
"""Sports that two vendors call by different names."""


@dataclass(frozen=True, slots=True)
class Span:
    """When a recording took place, on both clocks [s].

    Attributes
    ----------
    utc_s, wall_s : float
        Start by UTC and by the runner's clock.
    elapsed_s : float
        Zero where it is not known, or too long to be true.
    track : bool
    wall_alone : bool
        Whether the file knows the wall clock and not which zone it was in.
    day_alone : bool
        Whether no more than the day is known.
    """

    row: Row
    utc_s: float
    wall_s: float
    elapsed_s: float
    track: bool
    wall_alone: bool
    day_alone: bool

    @classmethod
    def of(cls, row: Row) -> Span:
        """The span of an exposure row."""
        track, local, wall = has_track(row), row["local_start"], row.get("wall_clock_alone", False)
        elapsed = 0.0 if (known := row.get("elapsed_s")) is None else known
        day_alone = wall and not track and local.endswith("T00:00:00")
        return cls(
            row,
            row["start"].timestamp(),
            datetime.fromisoformat(local).replace(tzinfo=UTC).timestamp(),
            elapsed if 0 < elapsed <= LONGEST_S and not day_alone else 0.0,
            track,
            wall,
            day_alone,
        )

    def clock(self, other: Span) -> tuple[float, float]:
        """Starts on the clock that both know: UTC, or else the wall clock [s]."""
        if self.wall_alone or other.wall_alone:
            return self.wall_s, other.wall_s
        return self.utc_s, other.utc_s


@dataclass(frozen=True, slots=True)
class Likeness:
    """What speaks for two recordings being one; the lowest rank speaks loudest."""

    rank: tuple[float, ...]
    rule: str
    reason: str


def near(one: Span, other: Span) -> bool:
    """Whether it is worth a closer look at two recordings: cheap, and never wrongly no."""
    return (
        apart_s(one, other) <= CLOSE_S
        or overlap(one, other) > OVERLAP
        or ((one.day_alone or other.day_alone) and _same_day(one, other))
        or shift_s(one, other) != 0
    )


def likeness(one: Span, other: Span) -> Likeness | None:
    """Whether two recordings of different files are one activity by the same clock.

    They start within a minute and are as long, in way and in time as far as both know them; or
    more than half of the shorter one lies within the other. A row of a table has no place and
    often a rounded time, so there a common start or a like length has to come on top, and two
    rows have to cover each other all but wholly. Positions more than 200 m apart for half of the
    common time speak against it, whatever else speaks for it.

    Parameters
    ----------
    one, other : Span
        The poorer, and the richer, of which it may turn out to be a part.
    """
    if not same_sport(one.row, other.row):
        return None
    apart, common = apart_s(one, other), overlap(one, other)
    found = None
    if one.day_alone or other.day_alone:
        if _same_day(one, other) and as_long(one.row, other.row, surely=True):
            found = Likeness((3, apart), "day", "is of the same day and as long")
    elif apart <= CLOSE_S and as_long(one.row, other.row):
        found = Likeness((0, apart), "start", "starts within a minute and is as long")
    elif common > OVERLAP and _one_person(one, other, apart):
        if is_part(one.row, other.row):
            found = Likeness((2, -common), "part", "is a part of this recording")
        else:
            said = (
                f"was recorded at the same time: {100 * common:.0f} % of the shorter one is common"
            )
            found = Likeness((1, -common), "overlap", said)
    if found and _metres_apart(one, other) > SAME_PLACE_M:
        return None
    return found


def elsewhere_m(one: Span, other: Span) -> float:
    """How far apart two recordings of one time were, NaN where nothing speaks for two places."""
    if not at_once(one, other) or not same_sport(one.row, other.row):
        return math.nan
    apart = _metres_apart(one, other)
    return apart if apart > SAME_PLACE_M else math.nan


def at_once(one: Span, other: Span) -> bool:
    """Whether two recordings lie at the same time, or may do so by what is known."""
    if one.day_alone or other.day_alone:
        return _same_day(one, other)
    return apart_s(one, other) <= CLOSE_S or overlap(one, other) > OVERLAP


def is_part(one: Row, other: Row) -> bool:
    """Whether a recording holds clearly less of an activity than another, in time and way."""
    mine, whole = _durations(one), _durations(other)
    if not mine or not whole or mine[0] >= PART * min(whole):
        return False
    way, whole_way = one.get("distance_m"), other.get("distance_m")
    return not (way and whole_way) or way < PART * whole_way


def same_sport(one: Row, other: Row) -> bool:
    """Whether two recordings may be of one sport."""
    a, b = told_sport(one), told_sport(other)
    return not a or not b or ONE_SPORT.get(a, a) == ONE_SPORT.get(b, b)


def told_sport(row: Row) -> str:
    """The sport that the file itself says; empty where it was guessed, or is merely another."""
    sport = str(row["sport"])
    return "" if sport in ("unknown", "generic") or GUESSED in row["assumed"] else sport


def has_track(row: Row) -> bool:
    """Whether it is more than a row of a table."""
    return row.get("heart_rate_histogram_s") is not None


def has_device(row: Row) -> bool:
    """Whether the file tells what recorded it."""
    return bool(row.get("device"))


def kind_of(source: str) -> str:
    """The kind of file; each table is a kind of its own."""
    table = file_of(source)
    return table if table != source else PurePosixPath(stem(source)).suffix


def stem(name: str) -> str:
    """The last part of a path, without a packing suffix."""
    return name.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".gz")


def overlap(one: Span, other: Span) -> float:
    """Common time as a share of the shorter one's; zero where an end is not known."""
    shorter = min(one.elapsed_s, other.elapsed_s)
    if not shorter:
        return 0.0
    a, b = one.clock(other)
    return max(min(a + one.elapsed_s, b + other.elapsed_s) - max(a, b), 0.0) / shorter


def apart_s(one: Span, other: Span) -> float:
    """Time between two starts [s]."""
    a, b = one.clock(other)
    return abs(a - b)


def shift_s(one: Span, other: Span) -> float:
    """Whole quarter-hours by which the other starts later, zero where it is no such number [s]."""
    if one.day_alone or other.day_alone:
        return 0.0
    a, b = one.clock(other)
    shift = QUARTER_S * round((b - a) / QUARTER_S)
    return shift if abs(b - a - shift) <= CLOSE_S and abs(shift) <= FURTHEST_S else 0.0


def _same_day(one: Span, other: Span) -> bool:
    return bool(one.row["local_date"] == other.row["local_date"])


def _one_person(one: Span, other: Span, apart: float) -> bool:
    """Whether two recordings of one time are one runner's, as far as a folder can tell."""
    a, b = one.row["sources"][0], other.row["sources"][0]
    if apart <= CLOSE_S or file_of(a) == file_of(b):
        return True
    if not (one.track and other.track):
        # Strangers run at the same time as well, and as far: of two tables that is all there is.
        longer = max(one.elapsed_s, other.elapsed_s)
        common = overlap(one, other) * min(one.elapsed_s, other.elapsed_s)
        told = one.track or other.track or common > ALL_BUT * longer
        return told and as_long(one.row, other.row, surely=True)
    # A watch makes no two recordings at once, and without a place its clock may have been wrong.
    same_device = has_device(one.row) and one.row["device"] == other.row.get("device")
    twice = same_device and kind_of(a) == kind_of(b)
    known = math.isfinite(_metres_apart(one, other))
    return known or not twice or is_part(one.row, other.row)


def places(one: Span, other: Span) -> tuple[Floats | None, Floats | None]:
    """Where both were, as far as they know."""
    return one.row.get("whereabouts"), other.row.get("whereabouts")


def _metres_apart(one: Span, other: Span) -> float:
    """How far apart they were, or at least were, at one time [m]."""
    # Twice the mean: downhill on wheels.
    speeds = [2 * (span.row.get("speed_mps") or 0.0) for span in (one, other)]
    return metres_apart(*places(one, other), fastest_mps=max(FASTEST_MPS, *speeds))


def as_long(one: Row, other: Row, *, surely: bool = False) -> bool:
    """Whether way and time are close, as far as both know them; surely: at least one of them."""
    way = close(one.get("distance_m"), other.get("distance_m"), CLOSE_DISTANCE)
    time = times_close(one, other, CLOSE_DURATION)
    told = [answer for answer in (way, time) if answer is not None]
    return all(told) and bool(told or not surely)


def _durations(row: Row) -> list[float]:
    """Elapsed and moving time, the longer first; vendors call either the duration [s]."""
    known = [row.get("elapsed_s"), row.get("moving_s")]
    return sorted((d for d in known if d and math.isfinite(d)), reverse=True)


def times_close(one: Row, other: Row, share: float, least_s: float = 0.0) -> bool | None:
    """Whether one of the durations of one is close to one of the other's; None if not known."""
    answers = [close(a, b, share, least_s) for a in _durations(one) for b in _durations(other)]
    return any(answers) if answers else None


def close(a: float | None, b: float | None, share: float, least: float = 0.0) -> bool | None:
    """Whether two amounts differ by no more than a share of the larger; None if not known."""
    if not a or not b or not math.isfinite(a) or not math.isfinite(b):
        return None
    return abs(a - b) <= max(share * max(a, b), least)
