"""Step rate, ground contact and balance: what a run tells of how it was run.

A run alone says little: every runner has a step rate of his own, and it rises with speed. So the
run keeps sums from which a runner's own line can be fitted over weeks without the tracks, and
what it deviates from in itself: its last third from its first, its descents from its level.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kneewatch.metrics.motion import Motion
from kneewatch.model import Floats, Track

SUMS = 10
"""Sums that ``line_sums`` keeps."""

_UPPER = np.triu_indices(4)


@dataclass(frozen=True)
class Line:
    """A quantity against speed and grade: ``level + per_speed · v + per_grade · g``.

    Attributes
    ----------
    seconds : float
        Running time that it rests on [s].
    level, per_speed, per_grade : float
        In the unit of the quantity; per m/s, per 1 of grade.
    speed_mps, speed_spread_mps : float
        Mean and standard deviation of the speeds [m/s]: far from these the line is a guess.
    """

    seconds: float
    level: float
    per_speed: float
    per_grade: float
    speed_mps: float
    speed_spread_mps: float

    def at(self, speed_mps: float, grade: float = 0.0) -> float:
        """The quantity at a speed and a grade."""
        return self.level + self.per_speed * speed_mps + self.per_grade * grade


def line_sums(speed_mps: Floats, grade: Floats, values: Floats, seconds: Floats) -> Floats:
    """Sums over time of 1, speed, grade and values, and of their products with one another.

    The sums of two stretches added are those of both together.

    Parameters
    ----------
    speed_mps, grade, values : ndarray
        Finite [m/s], [-], any unit.
    seconds : ndarray
        What each counts [s].

    Returns
    -------
    ndarray
        Ten sums: seconds, v, g, y, vv, vg, vy, gg, gy, yy.
    """
    columns = np.stack((np.ones(len(values)), speed_mps, grade, values))
    sums: Floats = ((columns * seconds) @ columns.T)[_UPPER]
    return sums


def fit_line(sums: Floats) -> Line | None:
    """The line of least squares through all that was summed, None where that is nothing.

    What did not vary, as speed on one's only loop, gets a slope of zero.
    """
    seconds = float(sums[0])
    if not seconds > 0:
        return None
    square = np.zeros((4, 4))
    square[_UPPER] = sums / seconds
    mean = square[0, 1:]
    spread = square[1:, 1:] - np.outer(mean, mean)
    spread = np.triu(spread) + np.triu(spread, 1).T
    # Variances that are rounding and nothing else must not be divided by.
    floor = 1e-9 * (mean[:2] ** 2 + 1e-6)
    varied = np.diag(spread)[:2] > floor
    slopes = np.zeros(2)
    if varied.any():
        kept = np.flatnonzero(varied)
        # In units of their own spread, so that metres a second and grades weigh alike.
        scale = np.sqrt(np.diag(spread)[kept])
        alike = spread[np.ix_(kept, kept)] / np.outer(scale, scale)
        slopes[kept] = np.linalg.pinv(alike, rcond=1e-6) @ (spread[kept, 2] / scale) / scale
    level = float(mean[2] - slopes @ mean[:2])
    return Line(
        seconds,
        level,
        float(slopes[0]),
        float(slopes[1]),
        float(mean[0]),
        float(np.sqrt(max(spread[0, 0], 0.0))),
    )


def block_sums(
    motion: Motion,
    clock_s: Floats,
    grade: Floats,
    values: Floats,
    points: NDArray[np.int64],
    *,
    block_s: float = 180.0,
    min_s: float = 60.0,
) -> Floats | None:
    """``line_sums`` of the means of every three minutes, None where there is too little.

    The speed of a second is known so badly that a line through seconds comes out flat, and every
    slow run then seems to have long steps. On 220 runs by two watches with smart recording the
    slope within a month rises so from 0.8 to 3.7 steps a minute for each m/s (medians); between
    the runs it is 4 to 6.

    Parameters
    ----------
    motion : Motion
    clock_s : ndarray
        Time in motion up to each point [s].
    grade, values : ndarray
        At each point of the track.
    points : ndarray
        Which of them count.
    min_s : float
        A block with less of these is left out [s].
    """
    if not len(points):
        return None
    seconds = motion.moving_step_s[points]
    block = (clock_s[points] / block_s).astype(np.int64)
    spent: Floats = np.bincount(block, weights=seconds).astype(np.float64)
    enough = spent >= min_s
    if not enough.any():
        return None
    speed, slope, value = (
        np.bincount(block, weights=seconds * column[points])[enough] / spent[enough]
        for column in (motion.speed_mps, grade, values)
    )
    return line_sums(speed, slope, value, spent[enough])


def measure_form(
    track: Track,
    motion: Motion,
    grade: Floats | None,
    steep_known: bool,
    *,
    min_speed_mps: float = 2.0,
    level_grade: float = 0.03,
    steep_grade: float = -0.05,
    min_cadence_spm: float = 120.0,  # fewer is walking, or a sensor that lost count
) -> dict[str, Any]:
    """Form of a run by name of column; what was not measured is left out.

    Parameters
    ----------
    track : Track
    motion : Motion
    grade : ndarray or None
        Rise over run [-]; None where it is not known, and then nothing is taken for level.
    steep_known : bool
        Whether the altitude is good enough for steep stretches.
    min_speed_mps, level_grade : float
        Running on the level is faster than the one and flatter than the other (EVIDENCE 7).
    """
    row: dict[str, Any] = {}
    total_s = float(motion.moving_step_s.sum())
    contact, balance = track.get("stance_time_s"), track.get("stance_balance")
    for name, measured in (("stance_time_share", contact), ("stance_balance_share", balance)):
        if measured is not None and total_s > 0:
            row[name] = float(motion.moving_step_s[measured > 0].sum()) / total_s
    cadence = track.get("cadence_spm")
    if cadence is None or grade is None:
        return row
    # A comparison with NaN is false: what was not measured is no running.
    running = (cadence >= min_cadence_spm) & (motion.speed_mps > min_speed_mps)
    running &= motion.moving_step_s > 0
    level = np.flatnonzero(running & (np.abs(grade) < level_grade))
    if not len(level):
        return row
    clock = np.cumsum(motion.moving_step_s)
    row["step_rate_sums"] = block_sums(motion, clock, grade, cadence, level)
    if contact is not None:
        told = level[contact[level] > 0]
        row["stance_time_sums"] = block_sums(motion, clock, grade, contact, told)
    row |= drift(motion, clock, level, cadence, contact)
    if steep_known:
        down = np.flatnonzero(running & (grade <= steep_grade))
        row["descent_step_rate_shift"] = like_speed_shift(
            motion.speed_mps, motion.moving_step_s, cadence, level, down
        )
    return row


def drift(
    motion: Motion,
    clock: Floats,
    level: NDArray[np.int64],
    cadence: Floats,
    contact: Floats | None,
    *,
    long_s: float = 3600.0,
    parts: int = 3,
) -> dict[str, float]:
    """Change from the first to the last third of a long run, on the level and at like speed."""
    if clock[-1] < long_s:
        return {}
    early = level[: int(np.searchsorted(clock[level], clock[-1] / parts))]
    late = level[int(np.searchsorted(clock[level], (parts - 1) * clock[-1] / parts)) :]
    speed, seconds = motion.speed_mps, motion.moving_step_s
    row = {"step_rate_drift": like_speed_shift(speed, seconds, cadence, early, late)}
    if contact is not None:
        first, last = early[contact[early] > 0], late[contact[late] > 0]
        row["stance_time_drift"] = like_speed_shift(speed, seconds, contact, first, last)
    return row


def like_speed_shift(
    speed_mps: Floats,
    seconds: Floats,
    values: Floats,
    before: NDArray[np.int64],
    after: NDArray[np.int64],
    *,
    bin_mps: float = 0.25,
    min_s: float = 120.0,
) -> float:
    """Change of the mean of a quantity between two sets of points, at like speed [share].

    Speeds are cut into bins, and a bin counts as much as the set that has less of it: who slows
    down is compared by the speeds that both sets hold. NaN where they share too little.

    Parameters
    ----------
    speed_mps, seconds, values : ndarray
        [m/s], [s], any unit above zero.
    before, after : ndarray
        Which points belong to either set.
    min_s : float
        Shared time that it takes [s].
    """
    bins = 40
    spent, mean = [], []
    for points in (before, after):
        index = np.minimum(speed_mps[points] / bin_mps, bins - 1).astype(np.int64)
        time = np.bincount(index, weights=seconds[points], minlength=bins)
        total = np.bincount(index, weights=(seconds * values)[points], minlength=bins)
        spent.append(time)
        mean.append(np.divide(total, time, out=np.zeros(bins), where=time > 0))
    shared = np.minimum(*spent)
    if not shared.sum() >= min_s:
        return float("nan")
    return float((shared * mean[1]).sum() / (shared * mean[0]).sum() - 1)
