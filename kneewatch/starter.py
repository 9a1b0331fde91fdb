"""A first ``kneewatch.toml``, commented, with what the export tells of shoes, units and heart."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from kneewatch.config import FILE_NAME
from kneewatch.errors import UsageError
from kneewatch.metrics.mileage import UNASSIGNED
from kneewatch.model import Pair
from kneewatch.rules.facts import Facts

MILES_ZONES = ("America/", "US/", "Pacific/Honolulu", "Europe/London")
NO_MILES = ("America/Toronto", "America/Vancouver", "America/Mexico", "America/Argentina")
"""Zones in which runners mostly count miles, and some under the same name that do not."""


def write(folder: Path, text: str) -> Path:
    """Write ``kneewatch.toml`` where there is none.

    Raises
    ------
    UsageError
        If there is one already, or it cannot be written.
    """
    path = folder / FILE_NAME
    try:
        with path.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise UsageError(f"{path} is there already and stays as it is") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error
    return path


def compose(facts: Facts, pairs: Sequence[Pair], zone: str) -> str:
    """The text of a first configuration.

    Parameters
    ----------
    facts : Facts
    pairs : sequence of Pair
        Shoes of the vendors' registers.
    zone : str
        Time zone in which most runs begin, empty where none is known.
    """
    return "\n".join(_lines(facts, pairs, zone)) + "\n"


def _lines(facts: Facts, pairs: Sequence[Pair], zone: str) -> Iterator[str]:
    yield "# What you decide and no file knows. kneewatch reads this and never writes it again."
    yield "# A line that begins with # says nothing; take the sign away to make it count."
    yield ""
    miles = zone.startswith(MILES_ZONES) and not zone.startswith(NO_MILES)
    guess = " (guessed from the time zone)" if miles else ""
    yield f"# Kilometres or miles{guess}; also for tables that say neither."
    yield f'units = "{"mi" if miles else "km"}"'
    yield ""
    yield "# For recordings that tell neither the wall clock nor a place."
    yield f"home_timezone = {_text(zone)}" if zone else '# home_timezone = "Europe/Vienna"'
    yield ""
    yield "# Beats a minute, for hard minutes where there is no pace."
    for key, column in (
        ("max_heart_rate", "max_hr_setting_bpm"),
        ("resting_heart_rate", "rest_hr_setting_bpm"),
    ):
        yield _heart(key, facts.runs[column])
    yield ""
    yield "# Rules that you do not want to hear; kneewatch explain lists them."
    yield "# ignore = []"
    yield ""
    yield from _shoes(facts, pairs)
    yield from FURTHER


def _heart(key: str, told: pd.Series[float]) -> str:
    """What the watch was set to last."""
    known = told.dropna()
    example = {"max_heart_rate": 185, "resting_heart_rate": 50}[key]
    if not len(known):
        return f"# {key} = {example}"
    return f"{key} = {float(known.iloc[-1]):.0f}  # as the watch was set"


def _shoes(facts: Facts, pairs: Sequence[Pair]) -> Iterator[str]:
    known = {pair.name: pair for pair in pairs}
    names = [str(name) for name in facts.shoes.index if name != UNASSIGNED]
    listed = {shoe.name for shoe in facts.config.shoes}
    names = [name for name in names if name not in listed]
    yield "# Shoes. A pair with conditions comes before one without; the file's own word before"
    yield "# both. Worn is what it had before its first run in this log."
    for name in names:
        row = facts.shoes.loc[name]
        pair = known.get(name, Pair(name))
        yield ""
        yield "[[shoe]]"
        yield f"name = {_text(name)}"
        yield f"when = {{ gear = {_text(name)} }}  # as the files call it"
        if row["first_date"] or pair.since:
            yield f"since = {pair.since or row['first_date']}"
        if pair.until or pair.retired:
            yield f"until = {pair.until or row['last_date'] or pair.since}"
        else:
            yield "# until = 2026-12-31          # its last day, once it is retired"
        worn = pair.worn_m or 0.0
        yield f'worn = "{worn / 1000:.0f} km"' if worn else '# worn = "120 km"'
        if pair.limit_m:
            yield f'limit = "{pair.limit_m / 1000:.0f} km"  # as the register has it'
        else:
            yield '# type = "racing"           # held to less; or limit = "400 km"'
    if not names:
        yield ""
        yield "# [[shoe]]"
        yield '# name = "Road"'
        yield "# since = 2025-03-01"
        yield '# worn = "120 km"'


FURTHER = (
    "",
    "# Which runs a pair is taken for: sport, sub_sport, surface, weekday, device, name, gear.",
    '# when = { surface = "uneven" }',
    '# when = { weekday = ["Tue", "Thu"], name = "track" }',
    "",
    "# Ground that the files do not know, by words in the title.",
    "# [[surface]]",
    '# surface = "soft"             # hard, firm, soft, uneven, treadmill or unknown',
    '# when = { name = ["forest", "park"] }',
    "",
    "# One run: its day, its id, or the end of its file's path.",
    "# [[run]]",
    "# run = 2025-10-12",
    '# shoe = "Road"',
)


def _text(text: str) -> str:
    # A basic string of TOML is one of JSON, but for a sign that neither needs.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def most_frequent(zones: Sequence[str]) -> str:
    """The zone that occurs most often, of several the latest; empty if there is none."""
    counted = Counter(zone for zone in reversed(zones) if zone)
    return counted.most_common(1)[0][0] if counted else ""
