"""kneewatch: what in a running log loads the back of the knee more than it is used to.

>>> import kneewatch as kw
>>> log = kw.load("sample_data")
>>> log.check().findings
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kneewatch.errors import ConfigError, KneewatchError, NothingUsableError, UsageError
    from kneewatch.log import RunLog, explain, load
    from kneewatch.rules.facts import Review

__version__ = "0.1.0"

__all__ = [
    "ConfigError",
    "KneewatchError",
    "NothingUsableError",
    "Review",
    "RunLog",
    "UsageError",
    "explain",
    "load",
]

_HOMES = {
    "kneewatch.errors": ("ConfigError", "KneewatchError", "NothingUsableError", "UsageError"),
    "kneewatch.log": ("RunLog", "explain", "load"),
    "kneewatch.rules.facts": ("Review",),
}
"""Where the public names live."""

# Unseen by type checkers, to whom it would say that any name exists.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Fetch a public name when it is first asked for: help and workers need no pandas."""
        for home, names in _HOMES.items():
            if name in names:
                return getattr(import_module(home), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
