"""The tables ``[[shoe]]``, ``[[surface]]`` and ``[[run]]``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kneewatch.columns import SURFACES
from kneewatch.config.runs import KINDS, WEEKDAYS, WHEN_KEYS, GroundRule, RunNote, Shoe
from kneewatch.config.values import day_of, known_keys, length_m
from kneewatch.errors import ConfigError


def shoe_of(entry: Mapping[str, Any], where: str) -> Shoe:
    """A pair of shoes from its table."""
    known = ("name", "since", "until", "worn", "when", "type", "limit")
    known_keys(entry, known, where)
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
        worn_m=length_m(entry.get("worn", "0 km"), "worn", where),
        when=_when(entry, where),
        kind=kind,
        limit_m=length_m(entry["limit"], "limit", where) if "limit" in entry else None,
    )


def ground_of(entry: Mapping[str, Any], where: str) -> GroundRule:
    """A rule about the ground from its table."""
    known_keys(entry, ("surface", "since", "until", "when"), where)
    if "surface" not in entry:
        raise ConfigError(f"no surface{where}; expected one of: {', '.join(SURFACES)}")
    when = _when(entry, where)
    if "surface" in when:
        raise ConfigError(f"surface in when{where} would ask for what the rule is to say")
    since, until = _span(entry, where)
    if not when and not since and not until:
        raise ConfigError(f"no when{where}; say which runs, such as when = {{ name = 'forest' }}")
    return GroundRule(_surface(entry, where), since, until, when)


def note_of(entry: Mapping[str, Any], where: str) -> RunNote:
    """A note about one run from its table."""
    known_keys(entry, ("run", "shoe", "surface"), where)
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
    since, until = (day_of(entry.get(key), key, where) for key in ("since", "until"))
    if since and until and until < since:
        raise ConfigError(f"until is {until}{where}, expected a day on or after since, {since}")
    return since, until


def _when(entry: Mapping[str, Any], where: str) -> dict[str, str | tuple[str, ...]]:
    when = entry.get("when", {})
    if not isinstance(when, dict):
        raise ConfigError(f"when is {when!r}{where}, expected {{ surface = 'uneven' }} or the like")
    inside = f" in when{where}"
    known_keys(when, WHEN_KEYS, inside)
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
