"""What a human says of shoes, of the ground and of single runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

WHEN_KEYS = ("sport", "sub_sport", "surface", "weekday", "device", "name", "gear")


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


KINDS = ("daily", "trail", "racing")
"""Kinds of shoe; racing shoes are held to less."""


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
