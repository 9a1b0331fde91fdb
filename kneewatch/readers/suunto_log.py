"""What a file of Suunto's holds, whatever it was wrapped in: its header, samples and events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np

from kneewatch.model import Floats
from kneewatch.readers.json_text import dig, objects, text
from kneewatch.readers.moments import seconds

SML = "suunto/sml"


@dataclass
class Log:
    """What a file holds, whatever it was wrapped in."""

    header: dict[str, Any] = field(default_factory=dict)
    samples: list[dict[str, Any]] = field(default_factory=list)
    windows: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Leg:
    """A stretch of one sport: Unix seconds from ``begin`` to before ``end``."""

    kind: str
    begin: float
    end: float


def unwrapped(value: Any) -> Log:
    """Gather what a file tells, out of any of the layers that exports and apps put around it."""
    log = Log()
    for root in (value, dig(value, "DeviceLog"), dig(value, "Summary"), dig(value, "Data")):
        if isinstance(dig(root, "Header"), dict):
            log.header = root["Header"]
        log.windows += _windows(dig(root, "Windows"))
        for sample in objects(dig(root, "Samples")):
            if "Attributes" in sample:
                _unwrap(sample, log)
            else:
                log.samples.append(sample)
    return log


def _unwrap(sample: Mapping[str, Any], log: Log) -> None:
    inner = dig(_opened(sample["Attributes"]), SML)
    inner = _opened(inner)
    if isinstance(dig(inner, "Header"), dict):
        log.header = inner["Header"]
    window = dig(inner, "Windows") or dig(inner, "Window")
    log.windows += _windows(window if isinstance(window, list) else [window])
    if isinstance(dig(inner, "Sample"), dict):
        log.samples.append({"TimeISO8601": sample.get("TimeISO8601")} | inner["Sample"])


def _opened(value: Any) -> Any:
    """An object that some versions of the app write as a text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _windows(listed: Any) -> list[dict[str, Any]]:
    return [
        inner if isinstance(inner := dig(item, "Window"), dict) else item
        for item in objects(listed)
    ]


def _events(samples: Sequence[Mapping[str, Any]], kind: str) -> Iterator[tuple[int, Any]]:
    """Number of the sample of each event of a kind, and what it says."""
    for index, sample in enumerate(samples):
        listed = sample.get("Events")
        for event in objects(listed if isinstance(listed, list) else [listed]):
            if kind in event:
                yield index, event[kind]


def pauses(samples: Sequence[Mapping[str, Any]], times: Floats) -> tuple[Floats, Floats]:
    """When pauses began and ended [Unix s]; of one without an end nothing is known."""
    begins: list[float] = []
    ends: list[float] = []
    told = [
        (float(times[index]), str(state if (state := dig(said, "State")) is not None else said))
        for index, said in _events(samples, "Pause")
        if np.isfinite(times[index])
    ]
    for when, state in sorted(told):
        if state.lower() in ("true", "1") and len(begins) == len(ends):
            begins.append(when)
        elif state.lower() in ("false", "0") and len(begins) > len(ends):
            ends.append(when)
    return np.array(begins[: len(ends)]), np.array(ends)


def start_of(log: Log) -> datetime | None:
    """Start of a log, naive where only the wall clock is told."""
    header = _moment(log.header.get("DateTime"))
    told = (_moment(sample.get("TimeISO8601")) for sample in log.samples)
    sample = next((moment for moment in told if moment is not None), None)
    start = header or sample
    if start is not None and start.tzinfo is None and sample is not None:
        # Older files leave out the zone of the header alone.
        start = start.replace(tzinfo=sample.tzinfo)
    return start


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text(value))
        # An offset may carry the first or the last day of the calendar over its edge.
        return moment if moment.tzinfo is None or moment.astimezone(UTC) else None
    except (ValueError, OverflowError):
        return None


def legs_of(log: Log) -> list[Leg]:
    """Stretches between the events that begin a sport, in order of time."""
    begun = [
        (seconds(text(log.samples[index].get("TimeISO8601"))), str(dig(said, "ActivityType")))
        for index, said in _events(log.samples, "Activity")
    ]
    begun = sorted(item for item in begun if np.isfinite(item[0]))
    ends = [*(begin for begin, _ in begun[1:]), np.inf][: len(begun)]
    return [Leg(kind, begin, end) for (begin, kind), end in zip(begun, ends, strict=True)]
