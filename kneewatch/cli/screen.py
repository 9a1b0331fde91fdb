"""The terminal itself: its console, whether anybody sits at it, a bar while files are read."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

REDRAW_S = 0.1


def at_terminal() -> bool:
    """Whether somebody can be asked and will read the question."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def new_console() -> Console:
    """Where tables are printed; its width and colours are the terminal's own affair."""
    from rich.console import Console

    # Piped output is not wrapped to a narrow default: 80 columns, as a terminal would have.
    return Console(highlight=False)


def unnamed(tell: Callable[[int, int, str], None], done: int, total: int) -> None:
    """Tell of progress that has no name of a file."""
    tell(done, total, "")


@contextmanager
def progress_bar(
    doing: str = "reading", what: str = "files"
) -> Iterator[Callable[[int, int, str], None] | None]:
    """A bar on standard error with what is done, its rate and the time left, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeftColumn

    columns = (
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(f"{what}, {{task.fields[rate]}} a second, left:"),
        TimeLeftColumn(),
    )
    # No thread of its own: processes are forked beside it.
    bar = Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True)
    with bar:
        task = bar.add_task("", total=None, rate="…")
        began = drawn = time.monotonic()

        def tell(done: int, total: int, name: str) -> None:
            nonlocal drawn
            now = time.monotonic()
            if now - drawn >= REDRAW_S:
                drawn = now
                rate = f"{done / (now - began):,.0f}"
                bar.update(task, completed=done, total=total, rate=rate, refresh=True)

        yield tell
