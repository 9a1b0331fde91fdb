"""Verbs that hold a log against something: a plan that lies ahead, the notes of the past."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

import click

from kneewatch.cli.loading import EXIT_USAGE, load_log, one_line_errors, reading_options
from kneewatch.cli.screen import new_console, progress_bar, unnamed


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


@click.command(cls=Planning)
@reading_options
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
    log = load_log(paths=paths[:-1] if alone else paths, **reading, recent=True)
    with one_line_errors():
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
        plan_tables.plan(new_console(), judged, log.config.units)


@click.command()
@reading_options
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

    with one_line_errors():
        each = [(str(path),) for path in runners(map(Path, paths))] if squad else [paths]
        logs = [load_log(paths=one, usable=not squad, **reading) for one in each]
        standing = [(one[0], log.check().symptoms) for one, log in zip(each, logs, strict=True)]
        flags = [(name, felt_) for name, felt_ in standing if felt_ and felt_.red_flag]
        if flags and not squad:
            symptoms = flags[0][1]
            if as_json:
                click.echo(audit_payload.stopped(symptoms))
            else:
                felt.tell(new_console(), symptoms)
            return
        jobs = reading["jobs"] or cpus()
        histories = []
        for number, log in enumerate(logs, 1):
            of = f"runner {number} of {len(logs)}" if squad else "judging"
            with progress_bar(of, "days") as tell:
                histories.append(
                    log.history(
                        diary_from,
                        diary_to,
                        jobs,
                        of_squad=squad,
                        progress=None if tell is None else partial(unnamed, tell),
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
        audit_tables.flagged(new_console(), named)
        audit_tables.audit(new_console(), held, found, logs[0].config.units)
