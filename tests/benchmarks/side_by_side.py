"""Candidates timed in turn within one run, since the machine is never twice equally fast."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

ROUNDS = 7


def medians(
    candidates: Mapping[str, Callable[[], object]],
    rounds: int = ROUNDS,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, float]:
    """Median time of each candidate [s], one after the other in every round.

    Parameters
    ----------
    candidates : mapping of str to callable
    rounds : int
    clock : callable
        CPU time of this process by default; ``time.perf_counter`` where other processes work.
    """
    taken: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, run in candidates.items():
            began = clock()
            run()
            taken[name].append(clock() - began)
    return {name: statistics.median(times) for name, times in taken.items()}


def table(times: Mapping[str, float], per: int, unit: str, base: str) -> str:
    """Lines of a table: microseconds a unit, and how many times as fast as ``base``."""
    lines = [f"{'':34}{'us a ' + unit:>14}{'x ' + base:>22}"]
    for name, seconds in times.items():
        ratio = times[base] / seconds
        lines.append(f"{name:34}{1e6 * seconds / per:14.2f}{ratio:22.1f}")
    return "\n".join(lines)
