"""The command line: thin verbs over ``RunLog``."""

from __future__ import annotations

import gc
import io
import sys

import click

from kneewatch.cli.files import archive, cache, init, look_around_here
from kneewatch.cli.judging import audit, plan
from kneewatch.cli.log_verbs import (
    check,
    days,
    demo,
    doctor,
    duplicates,
    explain,
    report,
    runs,
    shoes,
    weeks,
)
from kneewatch.cli.notes import injury, pain, weekly

__all__ = ["cli", "main"]


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
        look_around_here(ctx)


# In the order in which a newcomer needs them.
for verb in (
    *(report, check, plan, runs, weeks, days, shoes, explain, doctor, duplicates, audit),
    *(init, archive, pain, injury, weekly, demo, cache),
):
    cli.add_command(verb)


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
