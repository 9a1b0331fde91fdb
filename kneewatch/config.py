"""``kneewatch.toml`` to a frozen Config. Read, never written."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar
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

WHEN_KEYS = ("sport", "sub_sport", "surface", "weekday", "device", "name", "gear")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

KINDS = ("daily", "trail", "racing")
"""Kinds of shoe; racing shoes are held to less."""

T = TypeVar("T")


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
        Which runs it is taken for: ``sport``, ``sub_sport``, ``surface`` and ``weekday`` are
        compared as they are; ``name`` is looked for in the title, ``device`` in the watch's
        name, ``gear`` in what the file says of the shoe. Of several values any will do.
    kind : str
        ``daily``, ``trail`` or ``racing``.
    limit_m : float or None
        Distance at which it counts as worn out [m]; None for that of its kind.
    retired : bool
        Whether a register calls it so; ``until`` says it too.
    register : bool
        Whether it comes from a vendor's register and not from ``kneewatch.toml``.
    """

    name: str
    since: date | None = None
    until: date | None = None
    worn_m: float = 0.0
    when: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    kind: str = "daily"
    limit_m: float | None = None
    retired: bool = False
    register: bool = False


@dataclass(frozen=True)
class GroundRule:
    """What ground some runs were on, as the runner knows it.

    Attributes
    ----------
    surface : str
        One of ``columns.SURFACES``.
    since, until, when
        Which runs, as for a ``Shoe``.
    """

    surface: str
    since: date | None = None
    until: date | None = None
    when: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class RunNote:
    """What the runner knows of one run.

    Attributes
    ----------
    run : str
        Its day, its id, or the end of its file's path.
    shoe, surface : str
        Empty where nothing is said.
    """

    run: str
    shoe: str = ""
    surface: str = ""


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
    _known_keys(table, known, "")
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
    pairs = tuple(_entries(table, "shoe", _shoe))
    names = [shoe.name for shoe in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ConfigError(f"two [[shoe]] have the name {twice!r}; give each pair its own")
    highest, resting = (_heart_rate(table, f"{key}_heart_rate") for key in ("max", "resting"))
    if highest is not None and resting is not None and resting >= highest:
        raise ConfigError(
            f"resting_heart_rate is {resting:g}, expected less than max_heart_rate, {highest:g}"
        )
    return Config(
        units=Units(system),
        units_given="units" in table,
        home_timezone=_zone(table.get("home_timezone")),
        max_heart_rate_bpm=highest,
        resting_heart_rate_bpm=resting,
        shoes=pairs,
        ignore=codes,
        grounds=tuple(_entries(table, "surface", _ground)),
        notes=tuple(_entries(table, "run", _note)),
        osm=tuple(map(Path, extracts)),
        same=_files(table, "same"),
        different=_files(table, "different"),
    )


def _entries(
    table: Mapping[str, Any], key: str, parse_one: Callable[[Mapping[str, Any], str], T]
) -> Iterator[T]:
    """The tables written as ``[[key]]``, each parsed."""
    entries = table.get(key, [])
    if not isinstance(entries, list):
        raise ConfigError(f"{key} must be written as [[{key}]], one table each")
    for number, entry in enumerate(entries, 1):
        where = f" in [[{key}]] number {number}"
        if not isinstance(entry, dict):
            raise ConfigError(f"expected a table{where}")
        yield parse_one(entry, where)


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


def _shoe(entry: Mapping[str, Any], where: str) -> Shoe:
    known = ("name", "since", "until", "worn", "when", "type", "limit")
    _known_keys(entry, known, where)
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ConfigError(f"no name{where}; give each pair one")
    kind = entry.get("type", "daily")
    if kind not in KINDS:
        raise ConfigError(f"type is {kind!r}{where}, expected one of: {', '.join(KINDS)}")
    since, until = _span(entry, where)
    return Shoe(
        name=name.strip(),
        since=since,
        until=until,
        worn_m=_length(entry.get("worn", "0 km"), "worn", where),
        when=_when(entry, where),
        kind=kind,
        limit_m=_length(entry["limit"], "limit", where) if "limit" in entry else None,
    )


def _ground(entry: Mapping[str, Any], where: str) -> GroundRule:
    _known_keys(entry, ("surface", "since", "until", "when"), where)
    if "surface" not in entry:
        raise ConfigError(f"no surface{where}; expected one of: {', '.join(SURFACES)}")
    when = _when(entry, where)
    if "surface" in when:
        raise ConfigError(f"surface in when{where} would ask for what the rule is to say")
    since, until = _span(entry, where)
    if not when and not since and not until:
        raise ConfigError(f"no when{where}; say which runs, such as when = {{ name = 'forest' }}")
    return GroundRule(_surface(entry, where), since, until, when)


def _note(entry: Mapping[str, Any], where: str) -> RunNote:
    _known_keys(entry, ("run", "shoe", "surface"), where)
    run = entry.get("run")
    if isinstance(run, date):
        run = run.isoformat()[:10]
    if not isinstance(run, str) or not run.strip():
        raise ConfigError(f"no run{where}; name its day, its id, or the end of its file's path")
    shoe = entry.get("shoe", "")
    if not isinstance(shoe, str):
        raise ConfigError(f"shoe is {shoe!r}{where}, expected text")
    surface = _surface(entry, where) if "surface" in entry else ""
    if not shoe and not surface:
        raise ConfigError(f"neither shoe nor surface{where}; say what is to be known of the run")
    return RunNote(run.strip(), shoe.strip(), surface)


def _surface(entry: Mapping[str, Any], where: str) -> str:
    if entry["surface"] not in SURFACES:
        raise ConfigError(
            f"surface is {entry['surface']!r}{where}, expected one of: {', '.join(SURFACES)}"
        )
    return str(entry["surface"])


def _span(entry: Mapping[str, Any], where: str) -> tuple[date | None, date | None]:
    since, until = (_day(entry.get(key), key, where) for key in ("since", "until"))
    if since and until and until < since:
        raise ConfigError(f"until is {until}{where}, expected a day on or after since, {since}")
    return since, until


def _when(entry: Mapping[str, Any], where: str) -> dict[str, str | tuple[str, ...]]:
    when = entry.get("when", {})
    if not isinstance(when, dict):
        raise ConfigError(f"when is {when!r}{where}, expected {{ surface = 'uneven' }} or the like")
    inside = f" in when{where}"
    _known_keys(when, WHEN_KEYS, inside)
    found: dict[str, str | tuple[str, ...]] = {}
    for key, value in when.items():
        values = value if isinstance(value, list) else [value]
        if not values or not all(isinstance(each, str) and each.strip() for each in values):
            raise ConfigError(f"{key} is {value!r}{inside}, expected text, or a list of texts")
        for each in values:
            if key == "surface":
                _surface({"surface": each}, where)
            if key == "weekday" and each[:3].lower() not in WEEKDAYS:
                raise ConfigError(f"weekday is {each!r}{inside}, expected Mon, Tue and so on")
        found[key] = tuple(values) if isinstance(value, list) else value
    return found


def _files(table: Mapping[str, Any], word: str) -> tuple[tuple[str, ...], ...]:
    entries = table.get(word, [])
    if not isinstance(entries, list):
        raise ConfigError(f"{word} must be written as [[{word}]], one table a set of files")
    found = []
    for number, entry in enumerate(entries, 1):
        where = f" in [[{word}]] number {number}"
        if not isinstance(entry, dict):
            raise ConfigError(f"expected a table{where}")
        _known_keys(entry, ("files",), where)
        files = entry.get("files")
        if (
            not isinstance(files, list)
            or len(files) < 2
            or not all(isinstance(name, str) and name.strip() for name in files)
        ):
            raise ConfigError(
                f"files is {files!r}{where}, expected two names or more, such as "
                "['watch/2025-06-22.fit', 'phone/run.gpx']"
            )
        found.append(tuple(files))
    return tuple(found)


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


def _length(value: Any, key: str, where: str) -> float:
    # A comma before three digits may stand between thousands: 1,200 km is asked back.
    match = re.fullmatch(r"\s*(\d+(?:\.\d+|,\d{1,2})?)\s*(km|mi)\s*", str(value))
    if not match:
        raise ConfigError(
            f"{key} is {value!r}{where}, expected a length such as '120 km' or '75 mi'"
        )
    factor = METRES_PER_MILE if match[2] == "mi" else 1000.0
    return float(match[1].replace(",", ".")) * factor
