"""Verdicts held against the pain and injury log: one runner, or a squad pooled.

Runners are never mixed up: each is a stratum of his or her own, so that one who hurts often and
one who jumps often do not make a link between the two.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from statistics import median

import numpy as np

from kneewatch.audit.calibration import calibrate
from kneewatch.audit.counts import (
    Looks,
    Tally,
    count_by_days,
    count_by_run,
    looks_of,
    looks_of_level,
    without_run,
)
from kneewatch.audit.noted import KINDS
from kneewatch.audit.onsets import QUIET_DAYS, Followed, follow
from kneewatch.audit.outcome import ENOUGH_ONSETS, Audit, Held, History, Signal
from kneewatch.audit.rates import LEVELS, alarm_rates
from kneewatch.audit.ratios import Interval, Stratum, poisson, rate_ratio
from kneewatch.evidence import Evidence

WINDOWS = (7, 14)
"""Days after an alert."""

CONFIDENCE = 0.95

BASE_DAYS = 28
"""With fewer days on which an onset could begin there is no base rate. [D]"""


def hold(
    histories: Sequence[History],
    evidence: Evidence,
    windows: Sequence[int] = WINDOWS,
    quiet_days: int = QUIET_DAYS,
) -> Audit:
    """Hold what would have been said against what was noted.

    Parameters
    ----------
    histories : sequence of History
        One a runner.
    windows : sequence of int
        Days after an alert.
    """
    followed = [(h, follow(h.events, h.spans, h.away, quiet_days)) for h in histories if h.spans]
    looks = {code: _looks(code, followed) for code in _codes(followed)}
    raw = {code: _count(each, windows) for code, each in looks.items()}
    onsets = sum(len(f.onsets) for _, f in followed)
    # Only what is looked at as a link counts as a comparison.
    ratios = {
        (code, days): rate_ratio([tally.stratum for tally in tallies])
        for code, by_window in raw.items()
        for days, tallies in by_window.items()
    }
    comparisons = sum(ratio is not None for ratio in ratios.values())
    at_risk = sum(int(f.at_risk.sum()) for _, f in followed)
    return Audit(
        runners=len(histories),
        followed_runners=len(followed),
        judged_days=sum(_judged(h, f) for h, f in followed),
        days_at_risk=at_risk,
        onsets=onsets,
        hurt_runners=sum(len(f.onsets) > 0 for _, f in followed),
        onsets_without_run=sum(without_run(looks_of(h.verdicts, ""), f) for h, f in followed),
        entry_days=sum(_inside(h.entries, f) for h, f in followed),
        followed_days=sum(int(f.inside.sum()) for _, f in followed),
        prevalent=sum(f.prevalent for _, f in followed),
        onset_places=tuple((kind, sum(f.kinds.count(kind) for _, f in followed)) for kind in KINDS),
        first=min((h.spans[0][0] for h, _ in followed), default=None),
        last=max((h.spans[-1][1] for h, _ in followed), default=None),
        base_rates=tuple((days, base_rate(onsets, at_risk, days)) for days in windows),
        alarm_rates=alarm_rates([h.verdicts for h in histories]),
        alarm_budget=evidence.score["alarm_budget"],
        comparisons=comparisons,
        signals=tuple(
            Signal(code, tuple(_held(d, t, onsets, comparisons) for d, t in by_window.items()))
            for code, by_window in raw.items()
        ),
        calibration=calibrate([(h.verdicts, f) for h, f in followed], evidence.score),
        quiet_days=quiet_days,
    )


def _codes(followed: Sequence[tuple[History, Followed]]) -> list[str]:
    """The levels, and every rule that spoke at all."""
    spoke = {code for h, _ in followed for v in h.verdicts if v.ran for code in v.alerts}
    return [*LEVELS, *sorted(spoke)]


def _looks(code: str, followed: Sequence[tuple[History, Followed]]) -> list[tuple[Looks, Followed]]:
    if code in LEVELS:
        return [(looks_of_level(h.verdicts, LEVELS[code]), f) for h, f in followed]
    return [(looks_of(h.verdicts, code), f) for h, f in followed]


def _count(
    looks: Sequence[tuple[Looks, Followed]], windows: Sequence[int]
) -> dict[int | None, list[Tally]]:
    by_run: dict[int | None, list[Tally]] = {
        None: [_tally_of(count_by_run(look, followed)) for look, followed in looks]
    }
    by_days = {days: [count_by_days(look, f, days) for look, f in looks] for days in windows}
    return by_run | by_days


def _tally_of(stratum: Stratum) -> Tally:
    """A run is an alert of its own: what it was followed by decides it."""
    return Tally(
        alerts=stratum.exposed,
        hits=stratum.hits,
        false_alarms=stratum.exposed - stratum.hits,
        misses=stratum.misses,
        stratum=stratum,
    )


def base_rate(onsets: int, at_risk: int, days: int) -> Interval | None:
    """Share of stretches of so many days that would hold an onset, with its exact interval."""
    if at_risk < BASE_DAYS:
        return None

    def share(count: float) -> float:
        return 1 - math.exp(-count / at_risk * days)

    low, high = poisson(onsets, CONFIDENCE)
    return Interval(share(onsets), share(low), share(high))


def _judged(history: History, followed: Followed) -> int:
    return _inside([verdict.day for verdict in history.verdicts if verdict.ran], followed)


def _inside(days: Sequence[date], followed: Followed) -> int:
    """How many of some days lie where pain was noted."""
    places = np.array([day.toordinal() for day in days], dtype=np.int64) - followed.start
    places = places[(places >= 0) & (places < len(followed.inside))]
    return int(followed.inside[places].sum())


def _held(days: int | None, tallies: Sequence[Tally], onsets: int, comparisons: int) -> Held:
    strata = [tally.stratum for tally in tallies]
    leads = [lead for tally in tallies for lead in tally.leads]
    enough = onsets >= ENOUGH_ONSETS
    return Held(
        days=days,
        alerts=sum(tally.alerts for tally in tallies),
        hits=sum(tally.hits for tally in tallies),
        false_alarms=sum(tally.false_alarms for tally in tallies),
        undecided=sum(tally.undecided for tally in tallies),
        misses=sum(tally.misses for tally in tallies),
        same_day=sum(tally.same_day for tally in tallies),
        exposed=sum(stratum.exposed for stratum in strata),
        quiet=sum(stratum.quiet for stratum in strata),
        hit_onsets=sum(stratum.hits for stratum in strata),
        quiet_onsets=sum(stratum.misses for stratum in strata),
        lead_days=float(median(leads)) if leads else None,
        ratio=rate_ratio(strata, CONFIDENCE) if enough else None,
        claim=_claim(strata, comparisons) if enough else "too few events",
    )


def _claim(strata: Sequence[Stratum], comparisons: int) -> str:
    """What may be said, with Bonferroni's allowance for everything that was looked at."""
    wide = rate_ratio(strata, 1 - (1 - CONFIDENCE) / max(comparisons, 1))
    if wide is None:
        return "cannot be compared"
    if wide.low is not None and wide.low > 1:
        return "more after alerts"
    if wide.high is not None and wide.high < 1:
        return "fewer after alerts"
    return "no difference seen"
