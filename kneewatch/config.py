"""``kneewatch.toml`` to a frozen Config. Read, never written."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kneewatch.beside import look_for
from kneewatch.columns import SURFACES
from kneewatch.errors import ConfigError
from kneewatch.units import METRES_PER_MILE, SYSTEMS, Units

FILE_NAME = "kneewatch.toml"

ALWAYS_ON = {
    "KW801": "it looks for signs that belong to a clinician",
    "KW802": "pain comes before every number of the log",
}
"""Rules that cannot be switched off, and why."""

WHEN_KEYS = ("sport", "sub_sport", "surface", "name")


@dataclass(frozen=True)
class Shoe:
    """A pair of shoes as the runner keeps it.

    Attributes
    ----------
    name : str
    since, until : date or None
        First and last day of use; after ``until`` it is retired.
    worn_m : float
        Distance it had before the first run of the log [m].
    when : mapping
        Which runs it is taken for: ``sport``, ``sub_sport``, ``surface`` are compared as they
        are, ``name`` is looked for in the title.
    """

    name: str
    since: date | None = None
    until: date | None = None
    worn_m: float = 0.0
    when: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Config:
    """What a human decided.

    Attributes
    ----------
    units : Units
        For display, and for tables that say neither kilometres nor miles.
    units_given : bool
        Whether the units were decided or are the default.
    home_timezone : str or None
        For activities whose file tells neither the wall clock nor a position.
    max_heart_rate_bpm, resting_heart_rate_bpm : float or None
    shoes : tuple of Shoe
    ignore : frozenset of str
        Codes of rules that are switched off.
    """

    units: Units = field(default_factory=Units)
    units_given: bool = False
    home_timezone: str | None = None
    max_heart_rate_bpm: float | None = None
    resting_heart_rate_bpm: float | None = None
    shoes: tuple[Shoe, ...] = ()
    ignore: frozenset[str] = frozenset()


def find(paths: Iterable[Path]) -> Path | None:
    """The ``kneewatch.toml`` in the folders pointed at, beside the files, further down, or one up.

    Raises
    ------
    ConfigError
        If there is more than one: one runner is one folder.
    """
    found = [folder / FILE_NAME for folder in look_for(paths, (FILE_NAME,)).folders]
    if len(found) > 1:
        names = ", ".join(str(path) for path in found)
        raise ConfigError(
            f"more than one {FILE_NAME} ({names}); one runner is one folder: name it, or --config"
        )
    return found[0] if found else None


def load(path: Path) -> Config:
    """Read a configuration file.

    Raises
    ------
    ConfigError
        If it is no TOML, has an unknown key or a value that does not fit.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be opened: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    try:
        return parse(table)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None


def parse(table: Mapping[str, Any]) -> Config:
    """A Config from the table that a TOML file holds."""
    known = (
        "units",
        "home_timezone",
        "max_heart_rate",
        "resting_heart_rate",
        "ignore",
        "shoe",
    )
    _known_keys(table, known, "")
    system = table.get("units", "km")
    if system not in SYSTEMS:
        raise ConfigError(f"units is {system!r}, expected one of: {', '.join(SYSTEMS)}")
    ignore = table.get("ignore", [])
    if not isinstance(ignore, list) or not all(isinstance(code, str) for code in ignore):
        raise ConfigError("ignore must be a list of codes, such as ['KW301']")
    codes = frozenset(code.strip().upper() for code in ignore)
    for code in sorted(codes & ALWAYS_ON.keys()):
        raise ConfigError(
            f"{code} cannot be switched off: {ALWAYS_ON[code]}; take it out of ignore"
        )
    shoes = table.get("shoe", [])
    if not isinstance(shoes, list):
        raise ConfigError("shoe must be written as [[shoe]], one table a pair")
    pairs = tuple(_shoe(entry, number) for number, entry in enumerate(shoes, 1))
    names = [shoe.name for shoe in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ConfigError(f"two [[shoe]] have the name {twice!r}; give each pair its own")
    return Config(
        units=Units(system),
        units_given="units" in table,
        home_timezone=_zone(table.get("home_timezone")),
        max_heart_rate_bpm=_heart_rate(table, "max_heart_rate"),
        resting_heart_rate_bpm=_heart_rate(table, "resting_heart_rate"),
        shoes=pairs,
        ignore=codes,
    )


def _known_keys(table: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known are: {', '.join(known)}"
            raise ConfigError(f"unknown key {key!r}{where}; {hint}")


def _zone(name: Any) -> str | None:
    if name is None:
        return None
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise ConfigError(
            f"home_timezone is {name!r}, expected a name such as 'Europe/Vienna'"
        ) from error
    return str(name)


def _heart_rate(table: Mapping[str, Any], key: str) -> float | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 25 <= value <= 240:
        raise ConfigError(f"{key} is {value!r}, expected beats a minute between 25 and 240")
    return float(value)


def _shoe(entry: Any, number: int) -> Shoe:
    where = f" in [[shoe]] number {number}"
    if not isinstance(entry, dict):
        raise ConfigError(f"expected a table{where}")
    _known_keys(entry, ("name", "since", "until", "worn", "when"), where)
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ConfigError(f"no name{where}; give each pair one")
    when = entry.get("when", {})
    if not isinstance(when, dict):
        raise ConfigError(f"when is {when!r}{where}, expected {{ surface = 'uneven' }} or the like")
    _known_keys(when, WHEN_KEYS, f" in when{where}")
    for key, value in when.items():
        if not isinstance(value, str):
            raise ConfigError(f"{key} is {value!r} in when{where}, expected text")
    if when.get("surface", SURFACES[0]) not in SURFACES:
        raise ConfigError(
            f"surface is {when['surface']!r}{where}, expected one of: {', '.join(SURFACES)}"
        )
    since, until = (_day(entry.get(key), key, where) for key in ("since", "until"))
    if since and until and until < since:
        raise ConfigError(f"until is {until}{where}, expected a day on or after since, {since}")
    return Shoe(
        name=name.strip(),
        since=since,
        until=until,
        worn_m=_length(entry.get("worn", "0 km"), where),
        when=when,
    )


def _day(value: Any, key: str, where: str) -> date | None:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            value = str(value)
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    raise ConfigError(f"{key} is {value!r}{where}, expected a day such as 2025-06-16")


def _length(value: Any, where: str) -> float:
    # A comma before three digits may stand between thousands: 1,200 km is asked back.
    match = re.fullmatch(r"\s*(\d+(?:\.\d+|,\d{1,2})?)\s*(km|mi)\s*", str(value))
    if not match:
        raise ConfigError(
            f"worn is {value!r}{where}, expected a length such as '120 km' or '75 mi'"
        )
    factor = METRES_PER_MILE if match[2] == "mi" else 1000.0
    return float(match[1].replace(",", ".")) * factor
