"""Pictures of form and habits, as data: each run against the runner's own others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np

from kneewatch.metrics.form import fit_line
from kneewatch.picture import Mark, Picture, Role, Series
from kneewatch.rules.facts import RECENT_DAYS, Facts
from kneewatch.rules.picture_weeks import count_of, nothing, sentences
from kneewatch.rules.usual import on_a_machine, on_even_ground, sums_of, surges_and_stops
from kneewatch.rules.windows import between

ROLES: tuple[Role, Role] = ("main", "current")

RECENT = f"last {RECENT_DAYS // 7} weeks"


def step_rate(facts: Facts) -> Picture:
    """Step rate of each run against its speed, over the runner's own line."""
    evidence = facts.evidence.rules["KW501"]
    picture = Picture(
        "step_rate",
        "Step rate against speed, level running only",
        "",
        x="speed",
        y="count",
        x_label="Speed",
        y_label="Steps a minute",
        close=True,
        empty="no run with a step rate on level ground yet",
    )
    days = RECENT_DAYS + int(evidence["window"].value)
    runs = between(facts.runs, facts.as_of - timedelta(days=days - 1), facts.as_of)
    runs = runs[on_even_ground(runs)]
    sums = np.array([sums_of(cell) for cell in runs["step_rate_sums"]])
    told = sums[:, 0] > 0 if len(sums) else np.zeros(0, dtype=bool)
    # The last run's watch: what another one counts lies on another line.
    if told.any():
        device = runs["device"].to_numpy()
        told &= device == device[np.flatnonzero(told)[-1]]
    line = fit_line(sums[told].sum(axis=0)) if told.any() else None
    if line is None:
        return nothing(picture)
    runs, sums = runs[told], sums[told]
    speed, rate = sums[:, 1] / sums[:, 0], sums[:, 3] / sums[:, 0]
    late = runs["local_date"].to_numpy() >= facts.recent_from.isoformat()
    fall = evidence["fall"].value
    ends = (float(speed.min()), float(speed.max()))
    own = tuple(line.at(end) for end in ends)
    series = (
        Series(
            "points",
            "runs before",
            tuple(speed[~late].tolist()),
            tuple(rate[~late].tolist()),
            "muted",
        ),
        Series("points", RECENT, tuple(speed[late].tolist()), tuple(rate[late].tolist()), "main"),
        Series("line", "your own line", ends, own, "current"),
        Series(
            "line", f"{100 * fall:.0f} % below", ends, tuple((1 - fall) * y for y in own), "limit"
        ),
    )
    low = int((rate[late] <= (1 - fall) * np.array([line.at(v) for v in speed[late]])).sum())
    alt = sentences(
        [
            f"Points of the step rate of {count_of(len(runs), 'run')} against speed, with a line "
            f"through their level running of {days} days.",
            f"The line rises by {line.per_speed:.0f} steps a minute for each metre a second."
            if line.per_speed > 0
            else "",
            f"Of the {int(late.sum())} in the {RECENT}, {low} lie {100 * fall:.0f} % or more "
            f"below it.",
        ]
    )
    return replace(picture, alt=alt, series=tuple(part for part in series if part.x))


def stance_balance(facts: Facts) -> Picture:
    """Share of the left foot in ground contact, run by run."""
    evidence = facts.evidence.rules["KW503"]
    picture = Picture(
        "stance_balance",
        "Ground contact of the left foot",
        "",
        x="date",
        y="share",
        x_label="",
        y_label="Share of contact time",
        close=True,
        empty="no run with a balance between the feet yet",
    )
    days = RECENT_DAYS + int(evidence["window"].value)
    runs = between(facts.runs, facts.as_of - timedelta(days=days - 1), facts.as_of)
    runs = runs[runs["stance_balance_share"] >= evidence["coverage"].value]
    if not len(runs):
        return nothing(picture)
    middle, shift = float(runs["avg_stance_balance"].median()), evidence["shift"].value
    values = tuple(runs["avg_stance_balance"].tolist())
    marks = (
        Mark(middle, "middle", "muted"),
        Mark(middle + shift, "1 point to the left", "limit"),
        Mark(middle - shift, "1 point to the right", "limit"),
    )
    alt = (
        f"Points of the left foot's share of ground contact in {count_of(len(runs), 'run')}, "
        f"from {100 * min(values):.1f} to {100 * max(values):.1f} %, with their middle at "
        f"{100 * middle:.1f} %."
    )
    points = Series("points", "run", tuple(runs["local_date"]), values, "main")
    return replace(picture, alt=alt, series=(points,), marks=marks)


def sudden(facts: Facts) -> Picture:
    """Hard stops and sharp turns of each run, and surges above the runner's own speed."""
    evidence = facts.evidence.rules["KW603"]
    picture = Picture(
        "sudden",
        "Surges, hard stops and sharp turns",
        "",
        x="date",
        y="count",
        x_label="",
        y_label="Number in a run",
        empty="no run that a named watch recorded every second yet",
    )
    days = RECENT_DAYS + int(evidence["window"].value)
    runs = between(facts.runs, facts.as_of - timedelta(days=days - 1), facts.as_of)
    runs = runs[runs["hard_stops"].notna() & ~on_a_machine(runs) & (runs["device"] != "")]
    if not len(runs):
        return nothing(picture)
    # The last run's watch, as KW603 and KW604 compare them.
    runs = runs[runs["device"] == runs["device"].iloc[-1]]
    known = runs["critical_speed_mps"].dropna()
    counts = {"sharp turns": runs["sharp_turns"]}
    if len(known):
        above = evidence["reached"].value * float(known.iloc[-1])
        counts = {"surges and hard stops": surges_and_stops(runs, above), **counts}
    else:
        counts = {"hard stops": runs["hard_stops"], **counts}
    series, said = [], []
    for (label, values), role in zip(counts.items(), ROLES, strict=True):
        told = values.dropna()
        if not len(told):
            continue
        dates = tuple(runs.loc[told.index, "local_date"])
        series.append(Series("points", label, dates, tuple(told.tolist()), role))
        said.append(f"{label}: {told.sum():.0f}, at most {told.max():.0f} in a run.")
    alt = f"Points by day for {count_of(len(runs), 'run')} of {days} days. In all, "
    return replace(picture, alt=alt + " ".join(said), series=tuple(series))
