"""``kneewatch.toml`` to a frozen Config. Read, never written."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kneewatch.beside import look_for
from kneewatch.config.rules import ground_of, note_of, shoe_of
from kneewatch.config.runs import KINDS, WEEKDAYS, GroundRule, RunNote, Shoe
from kneewatch.config.values import entries, files_of, heart_rate, known_keys, zone
from kneewatch.errors import ConfigError
from kneewatch.units import SYSTEMS, Units

__all__ = [
    "ALWAYS_ON",
    "FILE_NAME",
    "KINDS",
    "WEEKDAYS",
    "Config",
    "GroundRule",
    "RunNote",
    "Shoe",
    "find",
    "load",
    "parse",
]

FILE_NAME = "kneewatch.toml"

ALWAYS_ON = {
    "KW801": "it looks for signs that belong to a clinician",
    "KW802": "pain comes before every number of the log",
}
"""Rules that cannot be switched off, and why."""


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
    grounds : tuple of GroundRule
        The first that matches counts.
    notes : tuple of RunNote
    osm : tuple of Path
        Extracts of OpenStreetMap.
    same, different : tuple of tuple of str
        Files of one activity, and of different ones, by the names that ``doctor`` shows or
        their ends.
    """

    units: Units = field(default_factory=Units)
    units_given: bool = False
    home_timezone: str | None = None
    max_heart_rate_bpm: float | None = None
    resting_heart_rate_bpm: float | None = None
    shoes: tuple[Shoe, ...] = ()
    ignore: frozenset[str] = frozenset()
    grounds: tuple[GroundRule, ...] = ()
    notes: tuple[RunNote, ...] = ()
    osm: tuple[Path, ...] = ()
    same: tuple[tuple[str, ...], ...] = ()
    different: tuple[tuple[str, ...], ...] = ()


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
        config = parse(table)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None
    # A map is named as the file sees it.
    return replace(config, osm=tuple(path.parent / extract for extract in config.osm))


def parse(table: Mapping[str, Any]) -> Config:
    """A Config from the table that a TOML file holds."""
    known = (
        "units",
        "home_timezone",
        "max_heart_rate",
        "resting_heart_rate",
        "ignore",
        "osm",
        "shoe",
        "surface",
        "run",
        "same",
        "different",
    )
    known_keys(table, known, "")
    system = table.get("units", "km")
    if system not in SYSTEMS:
        raise ConfigError(f"units is {system!r}, expected one of: {', '.join(SYSTEMS)}")
    ignore = table.get("ignore", [])
    if not isinstance(ignore, list) or not all(isinstance(code, str) for code in ignore):
        raise ConfigError("ignore must be a list of codes, such as ['KW301']")
    osm = table.get("osm", [])
    extracts = [osm] if isinstance(osm, str) else osm
    if not isinstance(extracts, list) or not all(isinstance(name, str) for name in extracts):
        raise ConfigError("osm must name a file or a list of files, such as 'region.osm.pbf'")
    codes = frozenset(code.strip().upper() for code in ignore)
    for code in sorted(codes & ALWAYS_ON.keys()):
        raise ConfigError(
            f"{code} cannot be switched off: {ALWAYS_ON[code]}; take it out of ignore"
        )
    pairs = tuple(entries(table, "shoe", shoe_of))
    names = [shoe.name for shoe in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ConfigError(f"two [[shoe]] have the name {twice!r}; give each pair its own")
    highest, resting = (heart_rate(table, f"{key}_heart_rate") for key in ("max", "resting"))
    if highest is not None and resting is not None and resting >= highest:
        raise ConfigError(
            f"resting_heart_rate is {resting:g}, expected less than max_heart_rate, {highest:g}"
        )
    return Config(
        units=Units(system),
        units_given="units" in table,
        home_timezone=zone(table.get("home_timezone")),
        max_heart_rate_bpm=highest,
        resting_heart_rate_bpm=resting,
        shoes=pairs,
        ignore=codes,
        grounds=tuple(entries(table, "surface", ground_of)),
        notes=tuple(entries(table, "run", note_of)),
        osm=tuple(map(Path, extracts)),
        same=files_of(table, "same"),
        different=files_of(table, "different"),
    )
