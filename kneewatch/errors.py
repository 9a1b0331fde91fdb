"""The user's errors: one line that says what was found, what was expected, what to do."""

from __future__ import annotations


class KneewatchError(Exception):
    """An error of the user's making; printed as one line, exit code 2."""


class ConfigError(KneewatchError):
    """``kneewatch.toml`` says something that kneewatch does not understand."""


class UsageError(KneewatchError):
    """A path, date or code that was asked for does not exist or cannot be read as one."""


class NothingUsableError(KneewatchError):
    """Not one activity in all that was pointed at; exit code 1."""
