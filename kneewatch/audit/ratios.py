"""Ratios and shares with their intervals; nothing but the standard formulas."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from kneewatch.model import Floats

FEW = 5
"""With fewer onsets on either side the interval is the exact one. [D]"""

_WIDEST = 25.0
_STEPS = 60


@dataclass(frozen=True)
class Stratum:
    """Onsets and time of one runner, with and without alert; time in days or in runs."""

    hits: int = 0
    exposed: int = 0
    misses: int = 0
    quiet: int = 0


@dataclass(frozen=True)
class Interval:
    """A value and its interval; None where there is no finite one."""

    value: float | None
    low: float | None
    high: float | None


def rate_ratio(strata: Sequence[Stratum], confidence: float = 0.95) -> Interval | None:
    """Rate with alert over rate without, each runner compared with himself or herself.

    Mantel and Haenszel's ratio with the interval of Greenland and Robins on the log scale; with
    fewer than 5 onsets on either side the exact conditional interval (mid-P), which needs no
    correction for an empty cell.

    Parameters
    ----------
    strata : sequence of Stratum
        One a runner. Those who had no onset, or no time of either kind, say nothing.
    confidence : float
        Of the interval [-].

    Returns
    -------
    Interval or None
        None where nobody says anything.
    """
    # In order, so that whoever comes first changes no last digit.
    useful = sorted(
        (s.hits, s.exposed, s.misses, s.quiet)
        for s in strata
        if s.exposed and s.quiet and s.hits + s.misses
    )
    if not useful:
        return None
    table = np.array(useful, dtype=np.float64)
    hits, exposed, misses, quiet = table.T
    time = exposed + quiet
    above, below = float((hits * quiet / time).sum()), float((misses * exposed / time).sum())
    if min(hits.sum(), misses.sum()) < FEW:
        low, high = _exact(hits, exposed, misses, quiet, confidence)
        return Interval(above / below if below else None, low, high)
    variance = float(((hits + misses) * exposed * quiet / time**2).sum()) / (above * below)
    apart = _z(confidence) * math.sqrt(variance)
    value = above / below
    return Interval(value, value * math.exp(-apart), value * math.exp(apart))


def wilson(count: int, of: int, confidence: float = 0.95) -> Interval:
    """A share with Wilson's interval."""
    if of <= 0:
        return Interval(None, None, None)
    z, share = _z(confidence), count / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    # At the ends the formula gives 0 and 1 but for the noise of arithmetic.
    low = 0.0 if count == 0 else middle - half
    high = 1.0 if count == of else middle + half
    return Interval(share, low, high)


def jackknife(hits: Floats, counts: Floats, confidence: float = 0.95) -> Interval | None:
    """Difference of two shares, from blocks of which each is left out in turn (Quenouille, Tukey).

    Within a block runs may hang together as they like; blocks are taken as independent. Student's
    t with one degree less than there are blocks.

    Parameters
    ----------
    hits, counts : ndarray
        Two rows, a column a block.

    Returns
    -------
    Interval or None
        None where one of the shares rests on a single block.
    """
    blocks = hits.shape[1]
    left_hits, left = (
        hits.sum(axis=1, keepdims=True) - hits,
        counts.sum(axis=1, keepdims=True) - counts,
    )
    if blocks < 2 or not left.all():
        return None
    one, other = hits.sum(axis=1) / counts.sum(axis=1)
    value = float(one - other)
    without = (left_hits / left)[0] - (left_hits / left)[1]
    spread = math.sqrt((blocks - 1) / blocks * float(((without - without.mean()) ** 2).sum()))
    apart = student(blocks - 1, confidence) * spread
    return Interval(value, max(value - apart, -1.0), min(value + apart, 1.0))


def student(freedom: int, confidence: float = 0.95) -> float:
    """Quantile of Student's t for an interval; good to 0.001 from 7 degrees of freedom on.

    Cornish and Fisher's expansion (Abramowitz and Stegun 26.7.5).
    """
    z, v = _z(confidence), float(freedom)
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )


def poisson(count: int, confidence: float = 0.95) -> tuple[float, float]:
    """Exact limits (Garwood) of the mean of a count."""
    tail = (1 - confidence) / 2

    def up_to(most: int, mean: float) -> float:
        terms = [k * math.log(mean) - mean - math.lgamma(k + 1) for k in range(most + 1)]
        return math.fsum(map(math.exp, terms))

    # On the log scale, where the chance of more rises from 0 to 1 within the bounds.
    low = _root(lambda x: (1 - up_to(count - 1, math.exp(x))) - tail) if count else -math.inf
    high = _root(lambda x: (1 - up_to(count, math.exp(x))) - (1 - tail))
    return math.exp(low), math.exp(high)


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def _exact(
    hits: Floats, exposed: Floats, misses: Floats, quiet: Floats, confidence: float
) -> tuple[float | None, float | None]:
    """Mid-P limits of the common ratio, given how many onsets each runner had."""
    totals = (hits + misses).astype(int)
    seen, most = int(hits.sum()), int(totals.sum())
    tail = (1 - confidence) / 2

    def spread(log_ratio: float) -> Floats:
        odds = np.exp(log_ratio) * exposed / quiet
        chance: Floats = np.ones(1)
        for total, share in zip(totals, odds / (1 + odds), strict=True):
            chance = np.convolve(chance, _binomial(int(total), float(share)))
        return chance

    def beyond(log_ratio: float) -> float:
        chance = spread(log_ratio)
        return float(chance[seen + 1 :].sum() + chance[seen] / 2)

    low = None if seen == 0 else math.exp(_root(lambda x: beyond(x) - tail))
    high = None if seen == most else math.exp(_root(lambda x: beyond(x) - (1 - tail)))
    return (0.0 if low is None else low), high


def _binomial(of: int, share: float) -> Floats:
    counts = np.arange(of + 1)
    ways = np.array([math.comb(of, int(k)) for k in counts], dtype=np.float64)
    chance: Floats = ways * share**counts * (1 - share) ** (of - counts)
    return chance


def _root(rising: Callable[[float], float]) -> float:
    """Where a rising function crosses zero, by halving."""
    low, high = -_WIDEST, _WIDEST
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
