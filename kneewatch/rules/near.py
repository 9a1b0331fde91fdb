"""Runs just short of a session spike: they count in part, and no rule speaks of them.

Two distances by GPS make a ratio that is good to about 6 %, so the weight of a longer run grows
from 5 to 15 % (EVIDENCE 1a). The rule speaks from 10 % on; a level that began there as well would
be a cliff between two runs that nobody can tell apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kneewatch.model import Finding, Severity
from kneewatch.rules.facts import Facts
from kneewatch.rules.session import spike_weight
from kneewatch.rules.windows import before, between, day_of, known_days_before, say_day, tissues_of
from kneewatch.units import percent


def near_spikes(facts: Facts) -> Iterator[Finding]:
    """Runs of the level's days that weigh without being long enough for KW102 to speak.

    They have a finding's shape so that they add up as findings do; no review lists them.
    """
    if "KW102" in facts.config.ignore:
        return
    evidence, units = facts.evidence.rules["KW102"], facts.config.units
    window = evidence["window"].value
    days = min(facts.evidence.score["window_days"], facts.recent_days)
    runs = between(facts.runs, facts.as_of - timedelta(days=days - 1), facts.as_of)
    for _, run in runs[runs["distance_m"] > 0].iterrows():
        longest = float(before(facts, run, window)["distance_m"].max())
        day = day_of(run)
        # A longer run may lie before the first file.
        if not longest > 0 or known_days_before(facts, day) < window:
            continue
        ratio = float(run["distance_m"]) / longest
        if evidence["ratio"].exceeded_by(ratio) or not evidence["ramp_start"].exceeded_by(ratio):
            continue
        yield Finding(
            code="KW102",
            name="session-spike",
            severity=Severity.NOTE,
            grade=evidence.grade,
            start=day.isoformat(),
            end=day.isoformat(),
            observed=ratio,
            limit=evidence["ratio"].value,
            unit="ratio",
            message=(
                f"The run of {say_day(day)} was {units.distance(run['distance_m'])}, about "
                f"{percent(ratio - 1)} longer than the longest of the 30 days before "
                f"({units.distance(longest)}). That is no jump yet, but so close to one that two "
                f"distances by satellite cannot tell, so it counts in part."
            ),
            runs=(str(run.name),),
            tissues=tissues_of(facts, "session_spike"),
            papers=evidence.papers,
            weight=spike_weight(facts, ratio),
        )
