"""Verbs that write a line into the diary: pain, injuries, the weekly questionnaire."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kneewatch.cli import screen
from kneewatch.cli.loading import one_line_errors
from kneewatch.cli.screen import new_console
from kneewatch.diary.entries import SIDES, WHENS, WHERES
from kneewatch.errors import KneewatchError

F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def pain() -> None:
    """Note pain and signs in pain.csv beside the data; they outrank every number of the log."""


@click.group()
def injury() -> None:
    """Note injuries in injuries.csv beside the data."""


@click.group()
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
        felt.tell(new_console(), found)
        click.echo()
    with one_line_errors():
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

    felt.signs(new_console(), evidence.load())


@injury.command("add")
@click.argument("path", default=".", type=click.Path(file_okay=False))
@click.option("--from", "first", metavar="DATE", required=True, help="Its first day.")
@click.option("--to", "last", metavar="DATE", help="Its last day; none while it goes on.")
@_noting
def add_injury(path: str, first: str, last: str | None, where: str, side: str, note: str) -> None:
    """Add a line: kneewatch injury add --from 2025-06-03 --where outer-back --side left."""
    from kneewatch import diary

    with one_line_errors():
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

    with one_line_errors():
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

    with one_line_errors():
        if len(answers) < 2 and not diary.is_points(answers) and screen.at_terminal():
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
