"""On what ground how far: the mix of many runs, by class."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kneewatch.columns import GROUNDS, SURFACES
from kneewatch.model import Floats


def metres_by_class(runs: pd.DataFrame) -> dict[str, Floats]:
    """Distance of each run on each class of ground [m].

    Parameters
    ----------
    runs : DataFrame
        ``columns.ACTIVITIES``. A run of which nothing but its class is known is of that class
        all the way.
    """
    distance = runs["distance_m"].fillna(0.0).to_numpy(dtype=np.float64)
    surface = runs["surface"].to_numpy(dtype=object)
    split = {name: runs[f"surface_{name}_m"].to_numpy(dtype=np.float64) for name in GROUNDS}
    told = np.isfinite(split[GROUNDS[0]])
    metres: dict[str, Floats] = {}
    for name in SURFACES:
        alone = np.where(surface == name, distance, 0.0)
        metres[name] = np.where(told, split[name], alone) if name in split else alone
    known = np.sum([metres[name] for name in GROUNDS], axis=0)
    metres["treadmill"] = np.where(told, 0.0, metres["treadmill"])
    metres["unknown"] = np.where(told, np.maximum(distance - known, 0.0), metres["unknown"])
    return metres


def surface_shares(runs: pd.DataFrame) -> tuple[dict[str, float], float]:
    """Share of each class in the distance whose ground is known, and the share that is known."""
    metres = {name: float(values.sum()) for name, values in metres_by_class(runs).items()}
    total = sum(metres.values())
    known = total - metres.pop("unknown")
    if known <= 0:
        return {}, 0.0
    return {name: metre / known for name, metre in metres.items() if metre}, known / total
