"""What ground runs were on, where the runner knows better than the files."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kneewatch.columns import GROUNDS
from kneewatch.config import GroundRule, RunNote
from kneewatch.metrics.selection import meeting, named

BY_RULE = "kneewatch.toml"
BY_NOTE = "kneewatch.toml [[run]]"


def assign_grounds(
    runs: pd.DataFrame, rules: Sequence[GroundRule], notes: Sequence[RunNote]
) -> pd.DataFrame:
    """Class of ground by the runner's own word, else as the files have it.

    Parameters
    ----------
    runs : DataFrame
        ``columns.ACTIVITIES``.
    rules : sequence of GroundRule
        The first that matches counts.
    notes : sequence of RunNote
        About single runs; they come before the rules.

    Returns
    -------
    DataFrame
        ``surface``, ``surface_source`` and the metres on each ground, on the index of ``runs``.
    """
    surfaces = runs["surface"].to_numpy(dtype=object, copy=True)
    sources = runs["surface_source"].to_numpy(dtype=object, copy=True)
    said = np.zeros(len(runs), dtype=bool)
    for rule in rules:
        meant = ~said & meeting(runs, rule.since, rule.until, rule.when)
        surfaces[meant], sources[meant] = rule.surface, BY_RULE
        said |= meant
    for note in notes:
        if note.surface:
            meant = named(runs, note.run)
            surfaces[meant], sources[meant] = note.surface, BY_NOTE
            said |= meant
    # The runner's word is for the whole run, whatever a map makes of its parts.
    split = {f"surface_{name}_m": runs[f"surface_{name}_m"].mask(said) for name in GROUNDS}
    columns = {"surface": surfaces, "surface_source": sources}
    return pd.DataFrame(columns, index=runs.index, dtype=object).assign(**split)
