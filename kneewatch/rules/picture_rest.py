"""Pictures of effort, rest and other sports, as data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from kneewatch.metrics.weeks import monday_of
from kneewatch.picture import Picture, Role, Series
from kneewatch.rules.efforts import (
    back_to_back,
    demanding_days,
    hard_before,
    hard_ratio,
)
from kneewatch.rules.facts import Facts
from kneewatch.rules.other_sports import GROUPS, group_of
from kneewatch.rules.picture_weeks import (
    bars,
    count_of,
    day_in_words,
    nothing,
    recent_weeks,
    sentences,
    unknown_bands,
    unknown_words,
)
from kneewatch.rules.windows import day_of, known_days_before

GROUP_ROLES: dict[str, Role] = {
    "low impact": "main",
    "strength and mobility": "soft",
    "on foot": "uneven",
    "others": "unknown",
}


def hard_minutes(facts: Facts) -> Picture:
    """Hard minutes of each run against 1.3 times the most of the 30 days before."""
    rule = facts.evidence.rules["KW111"]
    ratio, floor, window = rule["ratio"], rule["floor"], int(rule["window"].value)
    picture = Picture(
        "hard_minutes",
        f"Hard minutes of each run against the most of the {window} days before",
        "",
        x="date",
        y="count",
        x_label="",
        y_label="Hard minutes per run",
        empty="no hard time is known yet",
    )
    weeks = recent_weeks(facts)
    start = str(weeks.index[0]) if len(weeks) else facts.as_of.isoformat()
    runs = facts.runs[facts.runs["hard_s"].notna()]
    shown = runs[runs["local_date"] >= start]
    if not len(shown):
        return nothing(picture)
    over, ceiling = [], {}
    for _, run in shown.iterrows():
        earlier = hard_before(facts, run)
        told = known_days_before(facts, day_of(run)) >= window and rule["known_share"].reached_by(
            earlier.known
        )
        mine = float(run["hard_s"])
        by = hard_ratio(facts, mine, earlier.most_s)
        over.append(told and floor.reached_by(mine) and ratio.exceeded_by(by))
        # Never below the floor: that much hard running is no matter.
        most = max(earlier.most_s, floor.value / ratio.value) if told else np.nan
        ceiling[str(run["local_date"])] = ratio.value * most / 60
    points = (
        _points(shown[[not o for o in over]], "run", "main"),
        _points(shown[over], "run above the limit", "alarm"),
    )
    limit = Series("steps", f"{window}-day limit", tuple(ceiling), tuple(ceiling.values()), "limit")
    has_limit = any(level == level for level in ceiling.values())
    hardest = shown.iloc[int(shown["hard_s"].to_numpy().argmax())]
    alt = sentences(
        [
            f"Points for the hard minutes of {count_of(len(shown), 'run')}.",
            f"The most, {hardest['hard_s'] / 60:.0f} minutes, on "
            f"{day_in_words(hardest['local_date'])}.",
            f"{count_of(sum(over), 'run')} above 1.3 times the most of the days before.",
        ]
    )
    return replace(
        picture,
        alt=alt,
        series=(*((limit,) if has_limit else ()), *(p for p in points if p.x)),
        bands=unknown_bands(weeks),
    )


def _points(runs: pd.DataFrame, label: str, role: Role) -> Series:
    minutes = tuple(float(s) / 60 for s in runs["hard_s"])
    return Series("points", label, tuple(runs["local_date"]), minutes, role)


def days_off(facts: Facts) -> Picture:
    """Days without a run in each week."""
    picture = Picture(
        "days_off",
        "Days of each week that hold no run in the log",
        "",
        x="date",
        y="count",
        x_label="",
        y_label="Days without a run",
        empty="no runs in the log yet",
    )
    weeks = recent_weeks(facts)
    done = weeks[weeks["known"].eq(True) & weeks["complete"].eq(True)]
    if not len(facts.runs) or not weeks["known"].eq(True).any():
        return nothing(picture)
    fewest = (
        f"The fewest days off were {int(done['days_off'].min())}, the most "
        f"{int(done['days_off'].max())} a week."
        if len(done)
        else ""
    )
    alt = f"Bars of the days without a run in each of the last {count_of(len(weeks), 'week')}."
    return replace(
        picture,
        alt=sentences([alt, fewest, unknown_words(weeks)]),
        series=bars(weeks, weeks["days_off"].astype("float64"), "days without a run"),
        bands=unknown_bands(weeks),
    )


def demanding(facts: Facts) -> Picture:
    """Distance of each running day, the hard and the long ones marked."""
    picture = Picture(
        "demanding",
        "Hard or long days, and those that follow one another",
        "",
        x="date",
        y="distance",
        x_label="",
        y_label="Distance per day",
        empty="no runs in the log yet",
    )
    weeks = recent_weeks(facts)
    start = str(weeks.index[0]) if len(weeks) else facts.as_of.isoformat()
    runs = facts.runs[(facts.runs["local_date"] >= start) & (facts.runs["distance_m"] > 0)]
    if not len(runs):
        return nothing(picture)
    daily = runs.groupby("local_date")["distance_m"].sum()
    stretches = back_to_back(demanding_days(facts, date.fromisoformat(start)))
    enough = facts.evidence.limit("KW122", "days")
    roles: dict[str, Role] = {}
    for stretch in stretches:
        follow = enough.reached_by(len(stretch))
        roles |= {d.day.isoformat(): "alarm" if follow else "current" for d in stretch}
    labels: dict[Role, str] = {
        "main": "running day",
        "current": "hard or long day",
        "alarm": "one after the other",
    }
    series = []
    for role, label in labels.items():
        days = [str(day) for day in daily.index if roles.get(str(day), "main") == role]
        values = tuple(float(daily[day]) for day in days)
        series += [Series("points", label, tuple(days), values, role)] if days else []
    on_end = sum(role == "alarm" for role in roles.values())
    alt = sentences(
        [
            f"Points for {count_of(len(daily), 'running day')}, {len(roles)} of them hard or long.",
            f"{count_of(on_end, 'day')} came right before or after another such day.",
        ]
    )
    return replace(picture, alt=alt, series=tuple(series), bands=unknown_bands(weeks))


def other_sports(facts: Facts) -> Picture:
    """Activities that are not runs in each week, by what they ask of the legs."""
    picture = Picture(
        "other_sports",
        "Other sports of each week",
        "",
        x="date",
        y="count",
        x_label="",
        y_label="Activities per week",
        empty="no activity but runs in the log",
    )
    weeks = recent_weeks(facts)
    if not len(weeks):
        return nothing(picture)
    others = facts.others[facts.others["local_date"] >= str(weeks.index[0])]
    if not len(others):
        return nothing(picture)
    monday = [monday_of(date.fromisoformat(day)).isoformat() for day in others["local_date"]]
    group = [group_of(s, sub) for s, sub in zip(others["sport"], others["sub_sport"], strict=True)]
    counts = pd.crosstab(np.array(monday, dtype=object), np.array(group, dtype=object))
    # A week of which the log knows shows its nothing.
    known = [str(week) for week in weeks.index if weeks["known"][week] or week in counts.index]
    counts = counts.reindex(index=known, columns=list(GROUPS), fill_value=0)
    base = counts.cumsum(axis=1) - counts
    series = tuple(
        Series(
            "bars",
            name,
            tuple(map(str, counts.index)),
            tuple(map(float, counts[name])),
            GROUP_ROLES[name],
            tuple(map(float, base[name])),
        )
        for name in GROUPS
        if counts[name].any()
    )
    kinds = ", ".join(f"{name} {int(counts[name].sum())}" for name in GROUPS if counts[name].any())
    many = "activity" if len(others) == 1 else "activities"
    alt = f"Stacked bars of {len(others)} {many} that are not runs: {kinds}."
    return replace(
        picture,
        alt=sentences([alt, unknown_words(weeks)]),
        series=series,
        bands=unknown_bands(weeks),
    )
