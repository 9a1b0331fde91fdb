"""Work for workers to do, where those that are started anew can import it."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence


def double(chunk: Sequence[int]) -> list[str]:
    """Twice each item."""
    return [str(2 * item) for item in chunk]


def die_of_thirteen(chunk: Sequence[int]) -> list[str]:
    """Twice each item, but for one that nobody survives."""
    if 13 in chunk:
        os.kill(os.getpid(), signal.SIGKILL)
    return double(chunk)


def die_of_each(chunk: Sequence[int]) -> list[str]:
    """Nothing: nobody survives."""
    os.kill(os.getpid(), signal.SIGKILL)
    return []


def lost(item: int, error: Exception) -> str:
    """What is said of an item that a worker died of."""
    return f"lost {item}"
