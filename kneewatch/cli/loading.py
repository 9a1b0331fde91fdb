"""What verbs that read a log have in common: options, the log, errors in one line, exit codes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kneewatch.cli.screen import progress_bar
from kneewatch.errors import KneewatchError, NothingUsableError
from kneewatch.model import Severity
from kneewatch.units import SYSTEMS, System

if TYPE_CHECKING:
    from kneewatch.log import RunLog

EXIT_NOTHING = 1
EXIT_USAGE = 2
EXIT_FINDING = 3
EXIT_STOPPED = 130

F = TypeVar("F", bound=Callable[..., Any])


def reading_options(command: F) -> F:
    """What every verb that reads a log takes."""
    options = (
        click.argument("paths", nargs=-1, required=True, metavar="PATH..."),
        click.option(
            "--as-of",
            metavar="DATE",
            help="Judge as of the end of this day.",
        ),
        click.option("--units", type=click.Choice(SYSTEMS), help="Kilometres or miles."),
        click.option(
            "--config",
            type=click.Path(dir_okay=False),
            help="Instead of the kneewatch.toml in the folder.",
        ),
        click.option(
            "--osm",
            multiple=True,
            metavar="FILE",
            help="An extract of OpenStreetMap, such as region.osm.pbf, to tell the ground by.",
        ),
        click.option(
            "--jobs", type=click.IntRange(min=1), help="Worker processes, by default one a CPU."
        ),
        click.option(
            "--scheduler",
            metavar="ADDRESS",
            help="Read on the Dask cluster with this scheduler, which sees the same files.",
        ),
        click.option("--no-cache", is_flag=True, help="Read every file anew, remember nothing."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON, in SI units."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def fail_on_option(command: F) -> F:
    """What a verb that judges takes: how loud a finding makes it fail."""
    levels = click.Choice([s.label for s in Severity if s < Severity.URGENT])
    text = "Exit with 3 if a finding is at least this loud."
    return click.option("--fail-on", type=levels, help=text)(command)


def load_log(
    paths: tuple[str, ...],
    as_of: str | None = None,
    units: System | None = None,
    config: str | None = None,
    osm: tuple[str, ...] = (),
    jobs: int | None = None,
    scheduler: str | None = None,
    no_cache: bool = False,
    recent: bool = False,
    usable: bool = True,
) -> RunLog:
    """Load a log with progress on the terminal, or end with one line."""
    from kneewatch.log import load

    with one_line_errors(), _stopped(no_cache), ExitStack() as stack:
        executor = None
        if scheduler is not None:
            from kneewatch.workers import cluster

            executor, threads = stack.enter_context(cluster(scheduler))
            jobs = jobs or threads
        log = load(
            *paths,
            config=config,
            as_of=as_of,
            units=units,
            osm=osm or None,
            jobs=jobs,
            executor=executor,
            cache=not no_cache,
            recent=recent,
            progress=stack.enter_context(progress_bar()),
        )
        if log.notice:
            click.echo(f"kneewatch: nothing is remembered for next time: {log.notice}", err=True)
        if usable and not len(log.runs) and not len(log.others) and not log.diary:
            raise NothingUsableError(_nothing(log))
        return log


@contextmanager
def _stopped(no_cache: bool) -> Iterator[None]:
    """What Ctrl-C leaves, in one line."""
    try:
        yield
    except KeyboardInterrupt:
        kept = "" if no_cache else "; what was read is remembered, run it again to go on"
        click.echo(f"kneewatch: stopped{kept}", err=True)
        sys.exit(EXIT_STOPPED)


def _nothing(log: RunLog) -> str:
    tally = log.tally
    if not tally.files and not tally.unread:
        return "no file found; expected a folder, zip or file with FIT, GPX, TCX or CSV activities"
    if tally.runs or tally.other_activities or tally.unread:
        return f"no activity on or before {log.as_of}; choose a later --as-of"
    reasons = [f"{item.source}: {item.reason}" for item in tally.problems]
    reasons += [f"{item.source}: {item.reason}" for item in tally.not_activities]
    why = f"; the first: {reasons[0]}" if reasons else ""
    files = "1 file" if tally.files == 1 else f"{tally.files:,} files"
    return f"no activity in {files}{why}; see kneewatch doctor"


@contextmanager
def one_line_errors() -> Iterator[None]:
    """End with one line where the user erred."""
    try:
        yield
    except NothingUsableError as error:
        click.echo(f"kneewatch: {error}", err=True)
        sys.exit(EXIT_NOTHING)
    except KneewatchError as error:
        click.echo(f"kneewatch: {error}", err=True)
        sys.exit(EXIT_USAGE)


def exit_for(log: RunLog, fail_on: str | None) -> None:
    """End with 3 where a finding is at least so loud."""
    if fail_on is None:
        return
    threshold = Severity[fail_on.upper()]
    if any(finding.severity >= threshold for finding in log.check().findings):
        sys.exit(EXIT_FINDING)
