"""The audit on made-up squads: one whose long runs hurt more often, and one where nothing does.

python tests/benchmarks/audit_simulated.py [RUNNERS] [RUNS]

Both have the same training; pain is noted up to two days late. What was put in is printed before
what the command says.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np

from kneewatch import cli

sys.path.insert(0, str(Path(__file__).parents[1]))

import squads

BASE = 1 / 60
RATIO = 12.0
"""Far more than any study found, since pain that is noted late hides half of it."""


def main(runners: int = 16, runs: int = 300) -> None:
    """Write both squads and audit them as the command does."""
    rng = np.random.default_rng(2025)
    logs = [squads.training(rng, runs) for _ in range(runners)]
    spikes = sum(squads.is_spike(days, at) for days in logs for at in range(len(days)))
    with TemporaryDirectory() as folder:
        # The second squad has run what the first has: its verdicts are remembered.
        os.environ["KNEEWATCH_CACHE_DIR"] = str(Path(folder, "cache"))
        for name, ratio in (("with an effect", RATIO), ("without one", 1.0)):
            squad = Path(folder, name)
            for number, days in enumerate(logs):
                scores = squads.notes(rng, days, BASE, ratio)
                squads.write_runner(squad / f"runner {number:02}", days, scores)
            click.echo(
                f"=== {runners} runners of {runs} runs, {spikes} of them over 10 % longer than the "
                f"30 days before: pain follows these {ratio:g} times as often\n"
            )
            began = time.perf_counter()
            cli.cli(["audit", "--squad", str(squad)], standalone_mode=False)
            click.echo(f"\n({time.perf_counter() - began:.1f} s)\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
