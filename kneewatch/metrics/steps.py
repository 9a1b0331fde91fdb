"""Steps, and steps weighted by how much a slope makes them brake."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kneewatch.metrics.motion import Motion
from kneewatch.model import Floats, Track

PER_PERCENT = 0.046
"""Growth of the braking peak for each percent of slope (gottschall2005, our fit) [-]."""

STEEPEST_PERCENT = 16.0
"""The steepest slope that was measured [%]."""


@dataclass(frozen=True)
class Steps:
    """Steps of a run.

    Attributes
    ----------
    total : float
        NaN where nothing counts them.
    source : str
        ``cadence``, ``device`` or ``none``.
    per_point : ndarray or None
        Steps on the way from the point before, where cadence is known.
    cadence_spm : ndarray or None
        Steps a minute at each point.
    """

    total: float
    source: str
    per_point: Floats | None = None
    cadence_spm: Floats | None = None


def count_steps(
    track: Track,
    motion: Motion,
    device_steps: float | None,
    *,
    min_coverage: float = 0.8,  # with more missing, the device's own total is better
) -> Steps:
    """Count steps from cadence over recorded time, else take the device's total.

    Parameters
    ----------
    track : Track
        ``cadence_spm`` [1/min] where it was measured.
    motion : Motion
    device_steps : float or None
        The device's own total.
    """
    cadence = track.get("cadence_spm")
    if cadence is not None:
        known = np.isfinite(cadence)
        spent = motion.step_s[motion.moving].sum()
        covered = motion.step_s[motion.moving & known].sum()
        if spent > 0 and covered >= min_coverage * spent:
            steps = np.where(known, cadence, 0.0) * motion.step_s / 60
            steps *= spent / covered
            return Steps(float(steps.sum()), "cadence", steps, cadence)
    if device_steps:
        return Steps(float(device_steps), "device")
    return Steps(float("nan"), "none")


def braking_weighted_steps(
    steps: Steps,
    motion: Motion,
    grade: Floats,
    *,
    per_percent: float = PER_PERCENT,
    steepest_percent: float = STEEPEST_PERCENT,
    level_percent: float = 2.0,
    walking_mps: float = 2.0,
    walking_spm: float = 130.0,
    walking_weight: float = 0.5,
) -> float:
    """Steps weighted by grade [level-step equivalents] (EVIDENCE 4, gottschall2005).

    Parameters
    ----------
    steps : Steps
        With ``per_point``.
    motion : Motion
    grade : ndarray
        Rise over run [-]; NaN counts as level.
    """
    if steps.per_point is None:
        return float("nan")
    percent = 100 * np.where(np.isnan(grade), 0.0, grade)
    down = percent < -level_percent
    weight = np.where(down, 1 + per_percent * np.minimum(np.abs(percent), steepest_percent), 1.0)
    cadence = np.nan_to_num(steps.cadence_spm) if steps.cadence_spm is not None else 0.0
    walking = (motion.speed_mps < walking_mps) | (cadence < walking_spm)
    return float((steps.per_point * weight * np.where(walking, walking_weight, 1.0)).sum())
