"""Values of ``kneewatch.toml``, each understood or refused in one line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kneewatch.errors import ConfigError
from kneewatch.units import METRES_PER_MILE

T = TypeVar("T")


def entries(
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


def known_keys(table: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    """Refuse a key that is not known, and say which was meant."""
    for key in table:
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known are: {', '.join(known)}"
            raise ConfigError(f"unknown key {key!r}{where}; {hint}")


def zone(name: Any) -> str | None:
    """The name of a time zone."""
    if name is None:
        return None
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise ConfigError(
            f"home_timezone is {name!r}, expected a name such as 'Europe/Vienna'"
        ) from error
    return str(name)


def heart_rate(table: Mapping[str, Any], key: str) -> float | None:
    """Beats a minute, None where nothing is said."""
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 25 <= value <= 240:
        raise ConfigError(f"{key} is {value!r}, expected beats a minute between 25 and 240")
    return float(value)


def files_of(table: Mapping[str, Any], word: str) -> tuple[tuple[str, ...], ...]:
    """Sets of files, each written as ``[[word]]``."""
    entries = table.get(word, [])
    if not isinstance(entries, list):
        raise ConfigError(f"{word} must be written as [[{word}]], one table a set of files")
    found = []
    for number, entry in enumerate(entries, 1):
        where = f" in [[{word}]] number {number}"
        if not isinstance(entry, dict):
            raise ConfigError(f"expected a table{where}")
        known_keys(entry, ("files",), where)
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


def day_of(value: Any, key: str, where: str) -> date | None:
    """A day, as TOML has it or as text."""
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


def length_m(value: Any, key: str, where: str) -> float:
    """A length with its unit [m]."""
    # A comma before three digits may stand between thousands: 1,200 km is asked back.
    match = re.fullmatch(r"\s*(\d+(?:\.\d+|,\d{1,2})?)\s*(km|mi)\s*", str(value))
    if not match:
        raise ConfigError(
            f"{key} is {value!r}{where}, expected a length such as '120 km' or '75 mi'"
        )
    factor = METRES_PER_MILE if match[2] == "mi" else 1000.0
    return float(match[1].replace(",", ".")) * factor
