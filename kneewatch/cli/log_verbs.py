"""Verbs that say what is in a log: the verdict, tables, rules, the accounts of files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kneewatch.cli.loading import (
    exit_for,
    fail_on_option,
    load_log,
    one_line_errors,
    reading_options,
)
from kneewatch.cli.screen import new_console

REPORT_FOLDER = "kneewatch-report"

EXPLAIN = "explain"
"""Word in the place of a path that asks why a run has its shoe."""


@click.command()
@reading_options
@click.option("-o", "--output", type=click.Path(file_okay=False), default=REPORT_FOLDER)
@fail_on_option
def report(output: str, fail_on: str | None, as_json: bool, **reading: Any) -> None:
    """Print the verdict and write a folder with the report (HTML, Markdown, JSON, PNG)."""
    from kneewatch.report import payload, terminal

    log = load_log(**reading)
    with one_line_errors():
        page = log.report(output)
    review = log.check(own_rate=True)
    if as_json:
        click.echo(payload.dumps(payload.report(review, log.facts, log.tally)))
    else:
        console = new_console()
        terminal.check(console, review, log.facts, log.tally)
        console.print(f"\nThe report lies in {page}", highlight=False, soft_wrap=True)
    exit_for(log, fail_on)


@click.command()
@reading_options
@click.option("--all", "everything", is_flag=True, help="Read the years that no rule asks for too.")
@fail_on_option
def check(fail_on: str | None, everything: bool, as_json: bool, **reading: Any) -> None:
    """Print the verdict and the findings, from the last months of a long log."""
    log = load_log(**reading, recent=not everything)
    if as_json:
        from kneewatch.report import payload

        click.echo(payload.dumps(payload.check(log.check(), log.tally)))
    else:
        from kneewatch.report import terminal

        terminal.check(new_console(), log.check(), log.facts, log.tally)
    exit_for(log, fail_on)


def _table(name: str, text: str) -> click.Command:
    """Define a verb that prints one table."""

    def verb(as_json: bool, as_csv: bool, **reading: Any) -> None:
        from kneewatch.report import payload, shoe_tables, tables

        if name == "shoes" and reading["paths"][0] == EXPLAIN:
            _explain_shoe(as_json, **reading)
            return
        if as_json and as_csv:
            raise click.UsageError("--json or --csv, not both")
        log = load_log(**reading)
        frame = getattr(log, name)
        if as_json:
            click.echo(payload.dumps(getattr(payload, name)(frame)))
        elif as_csv:
            click.echo(_csv(getattr(payload, name), frame), nl=False)
        else:
            show = shoe_tables.shoes if name == "shoes" else getattr(tables, name)
            show(new_console(), frame, log.config.units)

    verb.__doc__ = text
    option = click.option("--csv", "as_csv", is_flag=True, help="Print CSV, in SI units.")
    return click.command(name)(reading_options(option(verb)))


runs = _table("runs", "Print one row a run.")
weeks = _table("weeks", "Print one row a week.")
days = _table(
    "days", "Print one row a day: load and ratios for those who ask, none of it a warning."
)
shoes = _table(
    "shoes",
    "Print one row a pair of shoes; shoes explain RUN PATH says which rule gave a run its shoe.",
)


def _explain_shoe(as_json: bool, paths: tuple[str, ...], **reading: Any) -> None:
    """Say why a run is held to have been in its shoe."""
    if len(paths) < 2:
        raise click.UsageError("which run? kneewatch shoes explain RUN [PATH...]")
    log = load_log(paths=paths[2:] or (".",), **reading)
    with one_line_errors():
        head, *steps = log.explain_shoe(paths[1])
    if as_json:
        from kneewatch.report import payload

        click.echo(payload.dumps({"run": head, "steps": steps}))
    else:
        click.echo("\n".join([head, *(f"  {step}" for step in steps)]))


@click.command()
@click.argument("code", required=False)
@click.option("--all", "everything", is_flag=True, help="Explain every rule in full.")
def explain(code: str | None, everything: bool) -> None:
    """Say what a rule is: what, threshold, papers for and against, grade, advice."""
    from kneewatch import evidence
    from kneewatch.log import rule_of
    from kneewatch.report import tables
    from kneewatch.rules import BOOK

    console, book = new_console(), evidence.load()
    with one_line_errors():
        if code is not None:
            tables.explain(console, rule_of(code), book)
        elif everything:
            for _, rule in sorted(BOOK.items()):
                tables.explain(console, rule, book)
                console.print()
        else:
            tables.explain_all(console, BOOK, book)


@click.command()
@reading_options
def doctor(as_json: bool, **reading: Any) -> None:
    """Say what was read, what was not and why."""
    from kneewatch.report import payload, tables

    log = load_log(**reading, usable=False)
    if as_json:
        click.echo(payload.dumps(payload.doctor(log.tally)))
    else:
        tables.doctor(new_console(), log.tally)


@click.command()
@reading_options
def duplicates(as_json: bool, **reading: Any) -> None:
    """Say which recordings were set aside as copies, for what, and how to say otherwise."""
    from kneewatch.report import payload, tables

    log = load_log(**reading, usable=False)
    if as_json:
        click.echo(payload.dumps(payload.duplicates(log.tally)))
    else:
        tables.duplicates(new_console(), log.tally, log.config.units)


@click.command()
@click.option("-o", "--output", type=click.Path(file_okay=False), default=REPORT_FOLDER)
@click.pass_context
def demo(ctx: click.Context, output: str) -> None:
    """Write the report of a made-up runner's 20 weeks."""
    ctx.invoke(report, paths=(str(_sample()),), output=output, as_json=False)


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
    here = Path(__file__).parents[1]
    packaged = here / "sample_data"
    return packaged if packaged.is_dir() else here.parent / "sample_data"
