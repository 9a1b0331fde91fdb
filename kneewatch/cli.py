"""The command line: thin verbs over ``RunLog``."""

from __future__ import annotations

import csv
import gc
import io
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kneewatch.diary.entries import SIDES, WHENS, WHERES
from kneewatch.errors import KneewatchError, NothingUsableError, UsageError
from kneewatch.model import Severity
from kneewatch.units import SYSTEMS, System

if TYPE_CHECKING:
    from rich.console import Console

    from kneewatch.log import RunLog

EXIT_NOTHING = 1
EXIT_USAGE = 2
EXIT_FINDING = 3
EXIT_STOPPED = 130

REPORT_FOLDER = "kneewatch-report"

REDRAW_S = 0.1

EXPLAIN = "explain"
"""Word in the place of a path that asks why a run has its shoe."""

F = TypeVar("F", bound=Callable[..., Any])


def _reading(command: F) -> F:
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


def _fail_on(command: F) -> F:
    levels = click.Choice([s.label for s in Severity if s < Severity.URGENT])
    text = "Exit with 3 if a finding is at least this loud."
    return click.option("--fail-on", type=levels, help=text)(command)


class Planning(click.Command):
    """A verb whose last word is a distance, which may be mistyped as an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What was typed; ``-5km`` is no option but no distance either."""
        words = [*args]
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            wrong = next((word for word in words if re.match(r"-\d", word)), None)
            if wrong is None or error.option_name != wrong[:2]:
                raise
            click.echo(f"kneewatch: the distance is {wrong!r}, expected one such as 18km", err=True)
            ctx.exit(EXIT_USAGE)


class Verbs(click.Group):
    """Verbs in the order in which a newcomer needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in order of definition."""
        return list(self.commands)


@click.group(
    cls=Verbs,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="kneewatch")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """What in your running log loads the back of the knee more than it is used to.

    Point it at the files, the folder or the zip that your watch or its web site gives you.
    Nothing leaves this machine and no file of yours is changed. Without a verb it looks for
    exports in the folder for downloads and on watches that are plugged in.
    """
    if ctx.invoked_subcommand is None:
        _look_around(ctx)


def _at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _look_around(ctx: click.Context) -> None:
    """List the exports on this machine; ask once on a terminal, else print the commands."""
    from kneewatch.discover import downloads, look_around
    from kneewatch.report import file_tables

    found = look_around()
    if not found:
        click.echo(ctx.get_help())
        looked = " and ".join(str(place) for place in downloads()) or "no folder for downloads"
        click.echo(f"\nNo export was found (looked in {looked}, and at what is plugged in).")
        return
    file_tables.found(_console(), found)
    if not _at_terminal():
        click.echo("\nTo write the report of one:")
        for item in found:
            click.echo(f"  {item.command}")
        return
    choices = [str(number) for number in range(1, len(found) + 1)]
    answer = click.prompt(
        "\nReport on which? A number, or all",
        type=click.Choice([*choices, "all", "none"]),
        show_choices=False,
        default="1" if len(found) == 1 else "none",
    )
    if answer != "none":
        chosen = found if answer == "all" else [found[int(answer) - 1]]
        paths = tuple(str(path) for item in chosen for path in item.paths)
        ctx.invoke(report, paths=paths, output=REPORT_FOLDER, as_json=False)


@cli.command()
@_reading
@click.option("-o", "--output", type=click.Path(file_okay=False), default=REPORT_FOLDER)
@_fail_on
def report(output: str, fail_on: str | None, as_json: bool, **reading: Any) -> None:
    """Print the verdict and write a folder with the report (HTML, Markdown, JSON, PNG)."""
    from kneewatch.report import payload, terminal

    log = _load(**reading)
    with _one_line_errors():
        page = log.report(output)
    review = log.check(own_rate=True)
    if as_json:
        click.echo(payload.dumps(payload.report(review, log.facts, log.tally)))
    else:
        console = _console()
        terminal.check(console, review, log.facts, log.tally)
        console.print(f"\nThe report lies in {page}", highlight=False, soft_wrap=True)
    _exit_for(log, fail_on)


@cli.command()
@_reading
@click.option("--all", "everything", is_flag=True, help="Read the years that no rule asks for too.")
@_fail_on
def check(fail_on: str | None, everything: bool, as_json: bool, **reading: Any) -> None:
    """Print the verdict and the findings, from the last months of a long log."""
    log = _load(**reading, recent=not everything)
    if as_json:
        from kneewatch.report import payload

        click.echo(payload.dumps(payload.check(log.check(), log.tally)))
    else:
        from kneewatch.report import terminal

        terminal.check(_console(), log.check(), log.facts, log.tally)
    _exit_for(log, fail_on)


@cli.command(cls=Planning)
@_reading
@click.option("--on", metavar="DATE", help="Day of the run or race, by default the next one.")
@click.option("--descent", metavar="HEIGHT", help="Descent of the run, such as 400m.")
@click.option("--hard", metavar="TIME", help="Hard minutes of the run, such as 20min.")
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, dir_okay=False),
    help="Judge the sessions of a plan.csv or plan.ics.",
)
@click.option("--race", metavar="DISTANCE", help="Propose the weeks up to a race, such as 21.1km.")
def plan(
    paths: tuple[str, ...],
    on: str | None,
    descent: str | None,
    hard: str | None,
    source: str | None,
    race: str | None,
    as_json: bool,
    **reading: Any,
) -> None:
    """Judge runs that are planned: kneewatch plan PATH 18km.

    The distance comes last. What is judged is each run as if it had been run, by the same rules
    as the log; what is named is the limit, and the nearest version that stays below it.
    """
    from kneewatch import plan as planning
    from kneewatch.report import payload, plan_tables

    alone = source is None and race is None
    if alone and len(paths) < 2:
        raise click.UsageError("a distance is missing: kneewatch plan PATH 18km, --from or --race")
    if source is not None and (race or on or descent or hard):
        raise click.UsageError("--from stands alone: the file says what is planned, and when")
    if race is not None and hard:
        raise click.UsageError("--hard is no matter of a --race")
    log = _load(paths=paths[:-1] if alone else paths, **reading, recent=True)
    with _one_line_errors():
        if source is not None:
            judged = log.plan(source)
        elif race is not None:
            goal = planning.session(race, log.facts, on or planning.race_day(log.as_of), descent)
            judged = log.ramp(goal.distance_m, goal.day, goal.descent_m)
        else:
            judged = log.plan([planning.session(paths[-1], log.facts, on, descent, hard)])
    if as_json:
        click.echo(payload.dumps(plan_tables.data(judged)))
    else:
        plan_tables.plan(_console(), judged, log.config.units)


def _table(name: str, text: str) -> None:
    """Define a verb that prints one table."""

    def verb(as_json: bool, as_csv: bool, **reading: Any) -> None:
        from kneewatch.report import payload, shoe_tables, tables

        if name == "shoes" and reading["paths"][0] == EXPLAIN:
            _explain_shoe(as_json, **reading)
            return
        if as_json and as_csv:
            raise click.UsageError("--json or --csv, not both")
        log = _load(**reading)
        frame = getattr(log, name)
        if as_json:
            click.echo(payload.dumps(getattr(payload, name)(frame)))
        elif as_csv:
            click.echo(_csv(getattr(payload, name), frame), nl=False)
        else:
            show = shoe_tables.shoes if name == "shoes" else getattr(tables, name)
            show(_console(), frame, log.config.units)

    verb.__doc__ = text
    option = click.option("--csv", "as_csv", is_flag=True, help="Print CSV, in SI units.")
    cli.command(name)(_reading(option(verb)))


_table("runs", "Print one row a run.")
_table("weeks", "Print one row a week.")
_table("days", "Print one row a day: load and ratios for those who ask, none of it a warning.")
_table(
    "shoes",
    "Print one row a pair of shoes; shoes explain RUN PATH says which rule gave a run its shoe.",
)


def _explain_shoe(as_json: bool, paths: tuple[str, ...], **reading: Any) -> None:
    """Say why a run is held to have been in its shoe."""
    if len(paths) < 2:
        raise click.UsageError("which run? kneewatch shoes explain RUN [PATH...]")
    log = _load(paths=paths[2:] or (".",), **reading)
    with _one_line_errors():
        head, *steps = log.explain_shoe(paths[1])
    if as_json:
        from kneewatch.report import payload

        click.echo(payload.dumps({"run": head, "steps": steps}))
    else:
        click.echo("\n".join([head, *(f"  {step}" for step in steps)]))


@cli.command()
@click.argument("code", required=False)
@click.option("--all", "everything", is_flag=True, help="Explain every rule in full.")
def explain(code: str | None, everything: bool) -> None:
    """Say what a rule is: what, threshold, papers for and against, grade, advice."""
    from kneewatch import evidence
    from kneewatch.log import rule_of
    from kneewatch.report import tables
    from kneewatch.rules import BOOK

    console, book = _console(), evidence.load()
    with _one_line_errors():
        if code is not None:
            tables.explain(console, rule_of(code), book)
        elif everything:
            for _, rule in sorted(BOOK.items()):
                tables.explain(console, rule, book)
                console.print()
        else:
            tables.explain_all(console, BOOK, book)


@cli.command()
@_reading
def doctor(as_json: bool, **reading: Any) -> None:
    """Say what was read, what was not and why."""
    from kneewatch.report import payload, tables

    log = _load(**reading, usable=False)
    if as_json:
        click.echo(payload.dumps(payload.doctor(log.tally)))
    else:
        tables.doctor(_console(), log.tally)


@cli.command()
@_reading
def duplicates(as_json: bool, **reading: Any) -> None:
    """Say which recordings were set aside as copies, for what, and how to say otherwise."""
    from kneewatch.report import payload, tables

    log = _load(**reading, usable=False)
    if as_json:
        click.echo(payload.dumps(payload.duplicates(log.tally)))
    else:
        tables.duplicates(_console(), log.tally, log.config.units)


@cli.command()
@_reading
@click.option(
    "--days", type=click.IntRange(min=1, max=90), default=14, help="Hold alerts for so many days."
)
@click.option(
    "--diary-from",
    metavar="DATE",
    help="Day from which on all pain was noted; by default the first entry's.",
)
@click.option(
    "--diary-to",
    metavar="DATE",
    help="Day up to which all pain was noted; by default 14 days after the last entry.",
)
@click.option("--squad", is_flag=True, help="Each PATH is a runner, or a folder of runners.")
def audit(
    paths: tuple[str, ...],
    days: int,
    diary_from: str | None,
    diary_to: str | None,
    squad: bool,
    as_json: bool,
    **reading: Any,
) -> None:
    """Say how often each rule spoke, and hold it against the pain and injuries noted after."""
    from kneewatch import evidence
    from kneewatch.audit import hold, runners
    from kneewatch.report import audit_payload, audit_tables, felt
    from kneewatch.workers import cpus

    with _one_line_errors():
        each = [(str(path),) for path in runners(map(Path, paths))] if squad else [paths]
        logs = [_load(paths=one, usable=not squad, **reading) for one in each]
        standing = [(one[0], log.check().symptoms) for one, log in zip(each, logs, strict=True)]
        flags = [(name, felt_) for name, felt_ in standing if felt_ and felt_.red_flag]
        if flags and not squad:
            symptoms = flags[0][1]
            if as_json:
                click.echo(audit_payload.stopped(symptoms))
            else:
                felt.tell(_console(), symptoms)
            return
        jobs = reading["jobs"] or cpus()
        histories = []
        for number, log in enumerate(logs, 1):
            of = f"runner {number} of {len(logs)}" if squad else "judging"
            with _progress(of, "days") as tell:
                histories.append(
                    log.history(
                        diary_from,
                        diary_to,
                        jobs,
                        of_squad=squad,
                        progress=None if tell is None else partial(_unnamed, tell),
                    )
                )
        held = hold(histories, evidence.load(), sorted({7, days}))
    # A trigger is one runner's own.
    found = logs[0].triggers() if len(logs) == 1 else None
    named = [name for name, _ in flags]
    if as_json:
        verdicts = histories[0].verdicts if len(logs) == 1 else ()
        click.echo(audit_payload.dumps(held, found, verdicts, named))
    else:
        audit_tables.flagged(_console(), named)
        audit_tables.audit(_console(), held, found, logs[0].config.units)


@cli.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
def init(folder: str) -> None:
    """Write a first kneewatch.toml in FOLDER, with the shoes and settings found in its files."""
    from kneewatch import starter
    from kneewatch.config import FILE_NAME

    place = Path(folder)
    with _one_line_errors():
        if (place / FILE_NAME).exists():
            raise UsageError(f"{place / FILE_NAME} is there already and stays as it is")
        log = _load(paths=(folder,), usable=False)
        click.echo(f"written: {starter.write(place, log.starter())}")
    pairs = len(log.shoes.drop("", errors="ignore"))
    shoes = "1 pair" if pairs == 1 else f"{pairs} pairs"
    click.echo(f"{shoes} of shoes from {len(log.runs):,} runs; read it and correct what is wrong.")


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="SRC...")
@click.option(
    "--into",
    "library",
    required=True,
    type=click.Path(file_okay=False),
    help="Folder of the archive, which holds a folder a year and a month.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def archive(paths: tuple[str, ...], library: str, as_json: bool) -> None:
    """Copy new recordings of a watch or download into a tree by date, each copy verified."""
    from kneewatch.archive import archive as copy
    from kneewatch.config import find, load
    from kneewatch.report import file_tables, payload

    with _one_line_errors(), _progress() as progress:
        place = Path(library)
        settings = find([place]) if place.is_dir() else None
        zone = load(settings).home_timezone if settings else None
        done = 0

        def tell(name: str) -> None:
            nonlocal done
            done += 1
            if progress:
                progress(done, 0, name)

        archived = copy([Path(path) for path in paths], place, zone, tell)
    if as_json:
        click.echo(payload.dumps(archived))
    else:
        file_tables.archived(_console(), archived)


@cli.group()
def pain() -> None:
    """Note pain and signs in pain.csv beside the data; they outrank every number of the log."""


@cli.group()
def injury() -> None:
    """Note injuries in injuries.csv beside the data."""


@cli.group()
def weekly() -> None:
    """Answer the weekly questionnaire on overuse problems; it goes into ostrc.csv."""


def _noting(command: F) -> F:
    """What all these logs take."""
    options = (
        click.option("--where", metavar="PLACE", default="", help=f"Such as {', '.join(WHERES)}."),
        click.option("--side", metavar="SIDE", default="", help=f"One of {', '.join(SIDES)}."),
        click.option("--note", metavar="TEXT", default=""),
    )
    for option in reversed(options):
        command = option(command)
    return command


@pain.command("add")
@click.argument("score_and_path", nargs=-1, metavar="SCORE [PATH]")
@click.option("--date", "day", metavar="DATE", help="The day it was felt, by default today.")
@click.option("--when", metavar="WHEN", default="", help=f"One of {', '.join(WHENS)}.")
@click.option("--sign", "signs", multiple=True, metavar="SIGN", help="See kneewatch pain signs.")
@_noting
def add_pain(
    score_and_path: tuple[str, ...],
    day: str | None,
    when: str,
    signs: tuple[str, ...],
    where: str,
    side: str,
    note: str,
) -> None:
    """Add a line: kneewatch pain add 4 --where outer-back --side left --when morning.

    SCORE is 0 for none to 10 for the worst imaginable, and may be left out beside a sign. PATH is
    the folder with the data, by default this one.
    """
    from kneewatch import diary, evidence
    from kneewatch.report import felt
    from kneewatch.rules.red_flags import red_flag

    noted, folder = diary.Diary(), Path()
    error: KneewatchError | None = None
    entry = diary.heard(score_and_path, signs, where, side)
    try:
        entry, named = diary.pain_of(score_and_path, day, when, where, side, signs, note)
        folder = diary.home(named)
        noted = diary.read(folder)
    except KneewatchError as wrong:
        error = wrong
    # What a sign asks for is said first, whatever becomes of the note.
    found = red_flag(noted.adding(entry).until(entry.day), entry.day, evidence.load())
    if found:
        felt.tell(_console(), found)
        click.echo()
    with _one_line_errors():
        if error is not None:
            raise error
        _noted(diary.add_pain(folder, entry))
        # A place that is none of the list is said now, and not at the next check alone.
        for problem in diary.read(folder).problems:
            if problem not in noted.problems:
                click.echo(f"kneewatch: {problem.reason}", err=True)


@pain.command("signs")
def list_signs() -> None:
    """List the names of signs, and how soon each belongs to a clinician."""
    from kneewatch import evidence
    from kneewatch.report import felt

    felt.signs(_console(), evidence.load())


@injury.command("add")
@click.argument("path", default=".", type=click.Path(file_okay=False))
@click.option("--from", "first", metavar="DATE", required=True, help="Its first day.")
@click.option("--to", "last", metavar="DATE", help="Its last day; none while it goes on.")
@_noting
def add_injury(path: str, first: str, last: str | None, where: str, side: str, note: str) -> None:
    """Add a line: kneewatch injury add --from 2025-06-03 --where outer-back --side left."""
    from kneewatch import diary

    with _one_line_errors():
        entry = diary.injury_of(first, last, where, side, note)
        _noted(diary.add_injury(diary.home(path), entry))


@injury.command("end")
@click.argument("path", default=".", type=click.Path(file_okay=False))
@click.option("--on", "last", metavar="DATE", help="Its last day, by default today.")
@click.option("--from", "first", metavar="DATE", help="Its first day, where several go on.")
@_noting
def end_injury(
    path: str, last: str | None, first: str | None, where: str, side: str, note: str
) -> None:
    """Add the last day of the injury that goes on: kneewatch injury end --on 2025-06-20.

    The line that is there stays; a second one with the same first day, place and side closes it.
    """
    from kneewatch import diary

    with _one_line_errors():
        folder = diary.home(path)
        entry = diary.injury_end_of(diary.read(folder), last, first, where, side, note)
        _noted(diary.add_injury(folder, entry))


@weekly.command("add")
@click.argument("answers", nargs=-1, metavar="[Q1 Q2 Q3 Q4] [PATH]")
@click.option("--date", "day", metavar="DATE", help="A day of the week, by default today.")
@_noting
def add_weekly(answers: tuple[str, ...], day: str | None, where: str, side: str, note: str) -> None:
    """Add a line: kneewatch weekly add 8 17 8 8 --where outer-back --side left.

    The answers are 0, 8, 17 or 25 points each; a first 0 needs no others. Without them, at a
    terminal, the four questions are asked. PATH is the folder with the data, by default this one.
    """
    from kneewatch import diary

    with _one_line_errors():
        if len(answers) < 2 and not diary.is_points(answers) and _at_terminal():
            answers = (*_ask(), *answers)
        entry, folder = diary.weekly_of(answers, day, where, side, note)
        _noted(diary.add_weekly(diary.home(folder), entry))


def _ask() -> list[str]:
    """Ask the questions of the week; a first answer of 0 leaves the others out."""
    from kneewatch.diary.questionnaire import QUESTIONS

    given: list[str] = []
    for question in QUESTIONS:
        click.echo(f"\n{question.asks}")
        for points, said in question.points:
            click.echo(f"  {points:>2}  {said}")
        listed = [str(points) for points, _ in question.points]
        given.append(click.prompt("Points", type=click.Choice(listed), show_choices=False))
        if given == ["0"]:
            break
    return given


def _noted(path: Path) -> None:
    """Say where a line went, and whether a check of the data will find it."""
    from kneewatch.beside import has_activities

    path = path.resolve()
    click.echo(f"noted in {path}")
    if not has_activities(path.parent):
        click.echo(
            f"kneewatch: no activity lies in {path.parent}; a check of another folder does not "
            "find this note",
            err=True,
        )


@cli.command()
@click.option("-o", "--output", type=click.Path(file_okay=False), default=REPORT_FOLDER)
@click.pass_context
def demo(ctx: click.Context, output: str) -> None:
    """Write the report of a made-up runner's 20 weeks."""
    ctx.invoke(report, paths=(str(_sample()),), output=output, as_json=False)


@cli.group()
def cache() -> None:
    """What kneewatch remembers of files it has read; it may be deleted at any time."""


@cache.command()
def info() -> None:
    """Say where the cache lies and how large it is."""
    from kneewatch import cache as caching
    from kneewatch import ground

    with _one_line_errors():
        found = caching.info(caching.folder())
        maps, size = ground.info(caching.folder())
    click.echo(found.path)
    files = "1 file" if found.files == 1 else f"{found.files:,} files"
    contents = "1 content" if found.results == 1 else f"{found.results:,} contents"
    click.echo(f"{files} and {contents} in {_megabytes(found.size)}")
    if maps:
        click.echo(f"{'1 map' if maps == 1 else f'{maps:,} maps'} in {_megabytes(size)}")


@cache.command()
def clear() -> None:
    """Delete the cache; the next check reads every file anew."""
    from kneewatch import cache as caching
    from kneewatch import ground

    with _one_line_errors():
        freed = caching.clear(caching.folder()) + ground.clear(caching.folder())
    click.echo(f"deleted {_megabytes(freed)}")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _csv(rows_of: Callable[[Any], list[dict[str, Any]]], frame: Any) -> str:
    """A frame as CSV; what a cell holds of several is joined with semicolons."""
    rows = rows_of(frame)
    # An empty log has all its columns.
    names = list((rows or rows_of(frame.reindex([""])))[0])
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _flat(value) for name, value in row.items()})
    return text.getvalue()


def _flat(cell: Any) -> Any:
    if isinstance(cell, dict):
        cell = [f"{name}: {value}" for name, value in cell.items()]
    return "; ".join(cell) if isinstance(cell, (list, tuple)) else cell


def _sample() -> Path:
    """The packaged sample; in a checkout, the folder beside the package."""
    here = Path(__file__).parent
    packaged = here / "sample_data"
    return packaged if packaged.is_dir() else here.parent / "sample_data"


def _load(
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

    with _one_line_errors(), _stopped(no_cache), ExitStack() as stack:
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
            progress=stack.enter_context(_progress()),
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
def _one_line_errors() -> Iterator[None]:
    try:
        yield
    except NothingUsableError as error:
        click.echo(f"kneewatch: {error}", err=True)
        sys.exit(EXIT_NOTHING)
    except KneewatchError as error:
        click.echo(f"kneewatch: {error}", err=True)
        sys.exit(EXIT_USAGE)


def _unnamed(tell: Callable[[int, int, str], None], done: int, total: int) -> None:
    tell(done, total, "")


@contextmanager
def _progress(
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


def _console() -> Console:
    from rich.console import Console

    # Piped output is not wrapped to a narrow default: 80 columns, as a terminal would have.
    return Console(highlight=False)


def _exit_for(log: RunLog, fail_on: str | None) -> None:
    if fail_on is None:
        return
    threshold = Severity[fail_on.upper()]
    if any(finding.severity >= threshold for finding in log.check().findings):
        sys.exit(EXIT_FINDING)


def main() -> None:
    """Entry point of the console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A pipe gets UTF-8 whatever the locale says; a terminal that lacks a sign shows "?".
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    # Rows by the thousand are no garbage; looking through them again and again, and a last time
    # at the end, takes a sixth of a second check.
    gc.set_threshold(100_000, 50, 50)
    try:
        cli()
    finally:
        gc.freeze()
