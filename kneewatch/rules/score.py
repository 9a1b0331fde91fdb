"""The overall attention level, the room left and the coverage (EVIDENCE 13).

The level is a sum of rules on the logarithmic scale with caps, shown with its reasons. It is not
a probability of injury and no fitted model, and it never falls below the usual: habits that went
with fewer injuries are no credit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from kneewatch.evidence import Evidence
from kneewatch.metrics.downhill import felt_descent
from kneewatch.metrics.mix import surface_shares
from kneewatch.model import Finding
from kneewatch.rules.facts import Attention, Coverage, Facts, Symptoms
from kneewatch.rules.injury import baseline
from kneewatch.rules.windows import between, known_days_before, recent

GAP_WINDOW_DAYS = 30

COUNTED = frozenset(
    {"KW101", "KW102", "KW111", "KW121", "KW122", "KW201", "KW202", "KW204", "KW501"}
)
"""Rules whose findings weigh."""

QUIET = (
    "Nothing that studies tie to more injuries changed in the last {days} days. Most overuse "
    "injuries come without such a change."
)


NOT_JUDGED = "{family} is not judged and does not count: most of the last 4 weeks has no {lacks}."

MOSTLY = 0.5
"""Share of the distance of four weeks that has to be known for a family to be judged. [D]"""


def one_in(ratio: float, runs_per_injury: int) -> int:
    """One overuse injury in so many runs, to two significant figures."""
    runs = runs_per_injury / ratio
    digits = 10 ** max(math.floor(math.log10(runs)) - 1, 0)
    return int(round(runs / digits) * digits)


def log_ratios(findings: Iterable[Finding], evidence: Evidence) -> list[float]:
    """The largest log rate ratio of each family [-]."""
    families: dict[str, float] = {}
    for finding in findings:
        family = evidence.rules[finding.code].family
        families[family] = max(families.get(family, 0.0), finding.weight)
    return list(families.values())


def add_up(families: Sequence[float], evidence: Evidence) -> float:
    """Rate ratio from the largest log rate ratio of each family [-].

    The largest counts in full and the others by half, since they were observed together; the
    result lies between 1 and the highest that is shown.
    """
    if not families:
        return 1.0
    # In order, so that which rule was asked first changes no last digit.
    *others, largest = sorted(families)
    total = largest + evidence.score["others_count"] * sum(others)
    return float(min(max(math.exp(total), 1.0), evidence.score["highest"]))


def level_of(ratio: float, evidence: Evidence) -> str:
    """Level in words of a rate ratio."""
    for name in ("big_jump", "clear_jump", "change"):
        if ratio >= evidence.score[name] - 1e-9:
            return name.replace("_", "-")
    return "usual"


def attend(
    facts: Facts,
    findings: Sequence[Finding],
    coverage: Coverage,
    felt: Symptoms | None = None,
) -> Attention:
    """The level of the last days and its reasons, or why there is none.

    What the runner feels outranks the log: no number is made of it, and none beside it.
    """
    if felt:
        return Attention("symptoms", None, None, felt.because)
    score = facts.evidence.score
    missing = lacking_for_level(
        History(coverage.history_days, coverage.runs, coverage.longest_gap_days), facts.evidence
    )
    if missing:
        return Attention("not-enough-history", None, None, missing)
    first = (facts.as_of - timedelta(days=score["window_days"] - 1)).isoformat()
    counted = sorted(
        (f for f in findings if f.weight > 0 and f.end >= first), key=lambda f: -f.weight
    )
    ratio = add_up(log_ratios(counted, facts.evidence), facts.evidence)
    reasons = tuple(finding.message for finding in counted)
    if not reasons:
        reasons = (QUIET.format(days=score["window_days"]),)
    reasons += unjudged(facts)
    if off := sorted(code for code in facts.config.ignore if code in COUNTED):
        reasons += (f"Switched off in kneewatch.toml and not counted: {', '.join(off)}.",)
    # Only the session study counts injuries per run; for the other rules nobody has.
    studied = not counted or any(finding.code == "KW102" for finding in counted)
    runs = one_in(ratio, score["runs_per_injury"]) if studied else None
    level = level_of(ratio, facts.evidence)
    return Attention(level, ratio, runs, reasons, *baseline(facts, ratio))


def unjudged(facts: Facts) -> tuple[str, ...]:
    """Families of the level that are in the dark, and what they lack."""
    runs = recent(facts)
    total = float(runs["distance_m"].sum())
    families = (
        ("Downhill running", "altitude", felt_descent(runs).notna()),
        ("Form", "step rate", runs["avg_cadence_spm"].notna()),
    )
    return tuple(
        NOT_JUDGED.format(family=family, lacks=lacks)
        for family, lacks, known in families
        if float(runs.loc[known, "distance_m"].sum()) < MOSTLY * total
    )


class History(NamedTuple):
    """How much lies before a day: days and runs, and the longest gap of the last 30 days."""

    history_days: int
    runs: int
    longest_gap_days: int | None


def history(facts: Facts) -> History:
    """How much lies before the day of the facts."""
    days = known_days_before(facts, facts.as_of) + (facts.first_day is not None)
    return History(days, len(facts.runs), _longest_gap(facts))


def lacking_for_level(coverage: History, evidence: Evidence) -> tuple[str, ...]:
    """What keeps the level from being given."""
    score = evidence.score
    lacking = []
    if coverage.history_days < score["history_days"]:
        days = "1 day" if coverage.history_days == 1 else f"{coverage.history_days} days"
        lacking.append(f"The log holds {days}; it takes {score['history_days']}.")
    if coverage.runs < score["history_runs"]:
        runs = "1 run" if coverage.runs == 1 else f"{coverage.runs} runs"
        lacking.append(f"The log holds {runs}; it takes {score['history_runs']}.")
    gap = coverage.longest_gap_days
    if gap is None:
        lacking.append(f"There is no run in the last {GAP_WINDOW_DAYS} days.")
    elif gap > score["longest_gap_days"]:
        lacking.append(
            f"The last {GAP_WINDOW_DAYS} days hold a gap of {gap} days without a run; what the "
            f"legs are used to is not known well enough."
        )
    return tuple(lacking)


def cover(facts: Facts) -> Coverage:
    """What the log holds, over all and in the last four weeks."""
    runs = recent(facts)
    total = float(runs["distance_m"].sum())

    def share(known: pd.Series) -> float:
        return float(runs.loc[known, "distance_m"].sum()) / total if total else 0.0

    parts, known = surface_shares(runs)
    dates = facts.runs["local_date"]
    sources = {
        str(source or "none"): share(runs["altitude_source"] == source)
        for source in runs["altitude_source"].unique()
    }
    past = history(facts)
    return Coverage(
        history_days=past.history_days,
        first_run=str(dates.min()) if len(dates) else None,
        last_run=str(dates.max()) if len(dates) else None,
        runs=past.runs,
        recent_runs=len(runs),
        altitude=sources,
        surface=known,
        cadence=share(runs["avg_cadence_spm"].notna()),
        heart_rate=share(runs["avg_hr_bpm"].notna()),
        shoe=share(runs["shoe"] != ""),
        longest_gap_days=past.longest_gap_days,
        ground={name: part * known for name, part in parts.items()},
    )


def _longest_gap(facts: Facts) -> int | None:
    """Longest stretch of days without a run in the last 30 days, None if there is no run."""
    first = facts.as_of - timedelta(days=GAP_WINDOW_DAYS - 1)
    inside = between(facts.runs, first, facts.as_of)["local_date"]
    days = sorted({date.fromisoformat(day) for day in inside})
    if not days:
        return None
    edges = [first - timedelta(days=1), *days, facts.as_of + timedelta(days=1)]
    # Days before the log are not known to be without a run.
    if facts.first_day and facts.first_day > first:
        edges[0] = days[0] - timedelta(days=1)
    return max((b - a).days - 1 for a, b in pairwise(edges))
