"""The level's rate ratio as if it were a probability, held against what followed each run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kneewatch.audit.counts import free, inside, looks_of_level, run_of
from kneewatch.audit.onsets import Followed
from kneewatch.audit.ratios import Interval, wilson
from kneewatch.audit.verdicts import Verdict
from kneewatch.model import Floats

NOISE = 1e-9
"""Of arithmetic: a ratio that close to a level has reached it."""


@dataclass(frozen=True)
class Bin:
    """Runs of similar ratio.

    Attributes
    ----------
    low, high : float or None
        Ratios [-]; None where open.
    runs, onsets : int
    expected : float or None
        Mean probability that the study's figures imply [share].
    seen : Interval
        Share of runs with an onset, Wilson.
    """

    low: float
    high: float | None
    runs: int
    onsets: int
    expected: float | None
    seen: Interval


@dataclass(frozen=True)
class Calibration:
    """Brier scores, lower is better, and five bins of the ratio.

    Attributes
    ----------
    runs, onsets : int
        Runs with a level, and onsets that belong to them.
    brier_study : float
        Of the study's figures as they are: the ratio over one injury in so many runs.
    brier_scaled : float
        Of the ratio with the log's own number of onsets: only its shape counts.
    brier_base : float
        Of the log's own share for every run. It knows the answer on average, the study does not.
    """

    runs: int
    onsets: int
    brier_study: float
    brier_scaled: float
    brier_base: float
    bins: tuple[Bin, ...]


def calibrate(
    runners: Sequence[tuple[Sequence[Verdict], Followed]], score: Mapping[str, Any]
) -> Calibration | None:
    """Hold the ratios of all runners against what followed.

    Parameters
    ----------
    runners : sequence of (verdicts, followed)
    score : mapping
        Of the evidence: ``runs_per_injury``, and where the levels begin.

    Returns
    -------
    Calibration or None
        None without a run that has a level.
    """
    parts = [_runs_of(verdicts, followed) for verdicts, followed in runners]
    ratio = np.concatenate([part[0] for part in parts]) if parts else np.empty(0)
    hurt = np.concatenate([part[1] for part in parts]) if parts else np.empty(0)
    if not len(ratio):
        return None
    # Whoever comes first changes no last digit.
    order = np.lexsort((hurt, ratio))
    ratio, hurt = ratio[order], hurt[order]
    implied = np.minimum(ratio / score["runs_per_injury"], 1.0)
    base = float(hurt.mean())
    scaled = np.minimum(ratio * (hurt.sum() / ratio.sum()), 1.0)
    starts = [1.0, 1.0, *(float(score[name]) for name in ("change", "clear_jump", "big_jump"))]
    ends = [1.0, *starts[2:], None]
    # The usual has a bin of its own, since most runs lie there; the others begin at the levels.
    place = np.where(
        ratio <= 1.0 + NOISE, 0, np.searchsorted(starts[2:], ratio + NOISE, "right") + 1
    )
    bins = []
    for number, (low, high) in enumerate(zip(starts, ends, strict=True)):
        inside_bin = place == number
        count, of = int(hurt[inside_bin].sum()), int(inside_bin.sum())
        expected = float(implied[inside_bin].mean()) if of else None
        bins.append(Bin(low, high, of, count, expected, wilson(count, of)))
    return Calibration(
        runs=len(ratio),
        onsets=int(hurt.sum()),
        brier_study=_brier(implied, hurt),
        brier_scaled=_brier(scaled, hurt),
        brier_base=_brier(np.full(len(hurt), base), hurt),
        bins=tuple(bins),
    )


def _runs_of(verdicts: Sequence[Verdict], followed: Followed) -> tuple[Floats, Floats]:
    """The own ratio of each run with a level, and 1 where an onset belongs to it."""
    places, _, told = inside(looks_of_level(verdicts, ()), followed)
    first, size = followed.start, len(followed.at_risk)
    ratios = [v.own_ratio for v in verdicts if v.ran and 0 <= v.day.toordinal() - first < size]
    hurt = np.zeros(len(places))
    own = run_of(places, followed)
    hurt[own[own >= 0]] = 1.0
    judged = told & free(places, followed)
    return np.array(ratios, dtype=np.float64)[judged], hurt[judged]


def _brier(said: Floats, seen: Floats) -> float:
    return float(np.mean((said - seen) ** 2))
