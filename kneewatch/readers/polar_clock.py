"""When things were in a session of Polar's: local times without a zone, clocks without pauses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Any

import numpy as np

from kneewatch.model import Floats
from kneewatch.readers.json_text import known, objects, text
from kneewatch.readers.moments import seconds, unix_seconds

HIDDEN_PAUSE_S = 60.0
"""A session may take so much longer than its exercise without having been paused."""

SLACK_S = 60.0
"""So far a route may begin before its exercise."""

_ISO_DURATION = re.compile(
    r"P(?:(\d+)D)?T?(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?"
)


@dataclass(frozen=True)
class Clock:
    """The times of one exercise; all in seconds after its start.

    Attributes
    ----------
    start : datetime
        Naive, on the runner's wall clock.
    duration_s, elapsed_s : float or None
        Without and with pauses [s].
    pauses : tuple of (float, float)
        Beginning and end of each [s].
    """

    start: datetime
    duration_s: float | None
    elapsed_s: float | None
    pauses: tuple[tuple[float, float], ...]

    @property
    def hidden_pause(self) -> bool:
        """Whether there was a pause of which nothing says when."""
        if self.pauses or self.duration_s is None or self.elapsed_s is None:
            return False
        return self.elapsed_s - self.duration_s > HIDDEN_PAUSE_S

    def on_wall(self, times: Floats) -> Floats:
        """Times of a stream with the pauses put in where it leaves them out.

        It leaves them out if it ends before the exercise does, by about as much as they took.
        """
        paused = sum(end - begin for begin, end in self.pauses)
        if not paused or not np.isfinite(times).any():
            return times
        end = self.elapsed_s or (self.duration_s or 0.0) + paused
        if np.nanmax(times) > end - paused / 2:
            return times
        wall = times.copy()
        for begin, end in self.pauses:
            wall[wall >= begin] += end - begin
        return wall

    def segments(self, times: Floats) -> Floats:
        """Number of pauses before each time."""
        ends = np.array([end for _, end in self.pauses])
        return np.searchsorted(ends, times, side="right").astype(np.float64)

    def place_of_route(self, first: float, offset_s: float) -> float:
        """When a route really began that says it began at ``first`` [s].

        Some exports have added the time zone to its times a second time. In a session that is
        longer than that both are possible; a receiver is not that late.
        """
        last = self.elapsed_s or self.duration_s or 0.0
        places = (first, first - offset_s)
        possible = [place for place in places if -SLACK_S <= place <= max(last, SLACK_S)]
        return min(possible, key=abs, default=0.0)


def clock_of(session: Mapping[str, Any], exercise: Mapping[str, Any], alone: bool) -> Clock | None:
    """The clock of an exercise, None where its start cannot be read.

    Parameters
    ----------
    session, exercise : mapping
    alone : bool
        The session has no other exercise: its own times fill what the exercise leaves out.
    """
    start = _start(exercise) or (_start(session) if alone else None)
    if start is None:
        return None
    parts = (exercise, session) if alone else (exercise,)
    durations = [_duration(part) for part in parts]
    duration = next((told for told in durations if told is not None), None)
    stops = [seconds_after(start, [part.get("stopTime")])[0] for part in parts]
    elapsed = max((float(stop) for stop in stops if stop > 0), default=None)
    if duration is not None and elapsed is not None:
        elapsed = max(elapsed, duration)
    return Clock(start, duration, elapsed, _pauses(start, exercise))


def seconds_after(start: datetime, times: Sequence[Any]) -> Floats:
    """Local times as seconds after a local start, NaN for what is none [s]."""
    return unix_seconds([text(time) for time in times]) - seconds(start.isoformat())


def _start(part: Mapping[str, Any]) -> datetime | None:
    try:
        start = datetime.fromisoformat(text(part.get("startTime"))).replace(tzinfo=None)
    except ValueError:
        return None
    # A zone may carry the first or the last day of the calendar over its edge.
    return start if MINYEAR < start.year < MAXYEAR else None


def _duration(part: Mapping[str, Any]) -> float | None:
    millis = known(part.get("durationMillis"))
    return iso_duration(part.get("duration")) if millis is None else millis / 1000


def iso_duration(value: Any) -> float | None:
    """A duration as ``PT1H2M3.4S`` [s], None for what is none."""
    found = _ISO_DURATION.fullmatch(text(value))
    if not found or not any(found.groups()):
        return None
    days, hours, minutes, rest = (float(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def _pauses(start: datetime, exercise: Mapping[str, Any]) -> tuple[tuple[float, float], ...]:
    listed = objects(exercise.get("pauseTimes"))
    begins = seconds_after(start, [pause.get("startTime") for pause in listed])
    ends = seconds_after(start, [pause.get("endTime") for pause in listed])
    pauses: list[tuple[float, float]] = []
    for begin, end in sorted(zip(begins.tolist(), ends.tolist(), strict=True)):
        after = max(begin, pauses[-1][1] if pauses else 0.0)
        if end > after:
            pauses.append((after, end))
    return tuple(pauses)
