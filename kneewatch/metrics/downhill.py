"""Descent of runs as the legs felt it."""

from __future__ import annotations

import pandas as pd


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
