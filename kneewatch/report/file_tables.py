"""Files on the terminal: exports that were found, recordings that were copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.filesize import decimal

from kneewatch.report import spelling
from kneewatch.report.tables import line

if TYPE_CHECKING:
    from rich.console import Console

    from kneewatch.archive import Archived
    from kneewatch.discover import Found


def found(console: Console, exports: Sequence[Found]) -> None:
    """Print what was recognised on this machine, numbered."""
    line(console, "Found on this machine", "bold")
    for number, item in enumerate(exports, 1):
        files = f", {item.files:,} files" if item.files > 1 else ""
        changed = spelling.short_day(item.changed.isoformat())
        line(console, f"{number:2}  {item.kind}{files}, {decimal(item.size)}, of {changed}")
        line(console, str(item.path), "dim", indent=4)


def archived(console: Console, copies: Archived) -> None:
    """Print what was copied and what was not, and why."""
    for name, place in copies.copied:
        line(console, f"{name} -> {place}")
    for problem in copies.problems:
        line(console, f"{problem.source}: {problem.reason}", "yellow")
    for name, count in copies.others:
        activities = "1 activity" if count == 1 else f"{count:,} activities"
        line(console, f"not copied, though it holds {activities}: {name}", "yellow")
    line(
        console,
        f"{len(copies.copied):,} copied and verified, {copies.known:,} there already, "
        f"{len(copies.others):,} left with activities, {copies.left:,} without, "
        f"{len(copies.problems):,} with a problem.",
        "bold",
    )
