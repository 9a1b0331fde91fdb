"""Descent of runs as the legs felt it."""

from __future__ import annotations

from typing import Any

import pandas as pd

STEADY_SHARE = 0.6
"""Where less of a descent than this outlives a 10-second mean, the altitude was restless. [D]"""


def felt_descent(runs: pd.DataFrame) -> pd.Series[float]:
    """Descent of each run [m]: zero on a treadmill, NaN where nothing measured it.

    Parameters
    ----------
    runs : DataFrame
        ``columns.ACTIVITIES``.
    """
    return runs["descent_m"].where(runs["surface"] != "treadmill", 0.0)


def felt_steep_down(runs: pd.DataFrame) -> pd.Series[float]:
    """Distance at -5 % or steeper [m]: zero on a treadmill, NaN where no barometer was there."""
    return runs["steep_down_m"].where(runs["surface"] != "treadmill", 0.0)


def is_restless(run: pd.Series[Any]) -> bool:
    """Whether wind or a wet sensor moved the altitude of a run, and not the runner alone."""
    return bool(run["steady_descent_m"] < STEADY_SHARE * run["descent_m"])
