"""kneewatch: what in a running log loads the back of the knee more than it is used to.

>>> import kneewatch as kw
>>> log = kw.load("sample_data")
>>> log.check().findings
"""

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
