"""Verbs about files: exports on this machine, a first configuration, an archive, the cache."""

from __future__ import annotations

from pathlib import Path

import click

from kneewatch.cli import screen
from kneewatch.cli.loading import load_log, one_line_errors
from kneewatch.cli.log_verbs import REPORT_FOLDER, report
from kneewatch.cli.screen import new_console, progress_bar
from kneewatch.errors import UsageError


def look_around_here(ctx: click.Context) -> None:
    """List the exports on this machine; ask once on a terminal, else print the commands."""
    from kneewatch.discover import downloads, look_around
    from kneewatch.report import file_tables

    found = look_around()
    if not found:
        click.echo(ctx.get_help())
        looked = " and ".join(str(place) for place in downloads()) or "no folder for downloads"
        click.echo(f"\nNo export was found (looked in {looked}, and at what is plugged in).")
        return
    file_tables.found(new_console(), found)
    if not screen.at_terminal():
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


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
def init(folder: str) -> None:
    """Write a first kneewatch.toml in FOLDER, with the shoes and settings found in its files."""
    from kneewatch import starter
    from kneewatch.config import FILE_NAME

    place = Path(folder)
    with one_line_errors():
        if (place / FILE_NAME).exists():
            raise UsageError(f"{place / FILE_NAME} is there already and stays as it is")
        log = load_log(paths=(folder,), usable=False)
        click.echo(f"written: {starter.write(place, log.starter())}")
    pairs = len(log.shoes.drop("", errors="ignore"))
    shoes = "1 pair" if pairs == 1 else f"{pairs} pairs"
    click.echo(f"{shoes} of shoes from {len(log.runs):,} runs; read it and correct what is wrong.")


@click.command()
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

    with one_line_errors(), progress_bar() as progress:
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
        file_tables.archived(new_console(), archived)


@click.group()
def cache() -> None:
    """What kneewatch remembers of files it has read; it may be deleted at any time."""


@cache.command()
def info() -> None:
    """Say where the cache lies and how large it is."""
    from kneewatch import cache as caching
    from kneewatch import ground

    with one_line_errors():
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

    with one_line_errors():
        freed = caching.clear(caching.folder()) + ground.clear(caching.folder())
    click.echo(f"deleted {_megabytes(freed)}")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
