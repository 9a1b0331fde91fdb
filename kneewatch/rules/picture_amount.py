"""Pictures of how much was run, as data: weeks and long runs against their limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from kneewatch.evidence import Limit
from kneewatch.picture import Picture, Role, Series
from kneewatch.rules.facts import Facts
from kneewatch.rules.picture_weeks import (
    NAN,
    bars,
    count_of,
    day_in_words,
    nothing,
    recent_weeks,
    sentences,
    unknown_bands,
    unknown_words,
    week_end,
)
from kneewatch.rules.windows import before, between, known_days_before
from kneewatch.units import Units


def ten_percent_line(
    weeks: pd.DataFrame, jump: float, floor_m: float, first_day: date | None = None
) -> pd.Series[float]:
    """The distance up to which a week stays within the 10 % rule.

    Parameters
    ----------
    weeks : DataFrame
        ``columns.WEEKS``, all of them.
    jump : float
        Share by which a week may grow.
    floor_m : float
        Base below which the growth allowed is that of this base [m].
    first_day : date, optional
        First day of the log: a part week there is no base.

    Returns
    -------
    Series
        Level [m] by week; NaN for unknown weeks, before the first one with running, and after
        one with a run whose distance is not known.
    """
    levels, base = [], NAN
    begin = first_day.isoformat() if first_day else ""
    # A week with a run whose distance is not known is no base either.
    whole = ~(weeks["distance_known"] < 1)
    for monday, known, distance, told in zip(
        weeks.index, weeks["known"].eq(True), weeks["distance_m"], whole, strict=True
    ):
        known = known and distance == distance
        levels.append(base + jump * max(base, floor_m) if known else NAN)
        if not told:
            base = NAN
        elif known and distance > 0 and str(monday) >= begin:
            base = float(distance)
    return pd.Series(levels, index=weeks.index, dtype="float64")


def weekly_distance(facts: Facts) -> Picture:
    """Distance a week against the 10 % line."""
    rule = facts.evidence.rules["KW101"]
    weeks = recent_weeks(facts)
    picture = Picture(
        "weekly_distance",
        "Weekly distance against the 10 % line",
        "",
        x="date",
        y="distance",
        x_label="",
        y_label="Distance per week",
        empty="no runs in the log yet",
    )
    distance = weeks["distance_m"]
    if not (weeks["known"].eq(True) & (distance > 0)).any():
        return nothing(picture)
    line = ten_percent_line(
        facts.weeks, rule["jump"].value, rule["base_floor"].value, facts.first_day
    )
    line = line.reindex(weeks.index)
    return replace(
        picture,
        alt=_weekly_alt(weeks, line, facts.config.units),
        series=(*bars(weeks, distance, "distance"), *_weekly_steps(line)),
        bands=unknown_bands(weeks),
    )


def _weekly_steps(line: pd.Series[float]) -> tuple[Series, ...]:
    if not line.notna().any():
        return ()
    x = (*line.index, week_end(str(line.index[-1])))
    return (Series("steps", "10 % line", x, (*line, float(line.iloc[-1])), "limit"),)


def _weekly_alt(weeks: pd.DataFrame, line: pd.Series[float], units: Units) -> str:
    known = weeks[weeks["known"]]
    done = known[known["complete"]]
    largest = str(known["distance_m"].idxmax())
    within = Limit("line", 1.0, "ratio", "convention", "")
    above = sum(
        within.exceeded_by(d / m) for d, m in zip(done["distance_m"], line[done.index], strict=True)
    )
    now = weeks.iloc[-1]
    level = float(line.iloc[-1])
    return sentences(
        [
            f"Bars of the distance run in each of the last {count_of(len(weeks), 'week')}.",
            f"This week so far {units.distance(now['distance_m'])}."
            if now["known"] and not now["complete"]
            else "",
            f"Last full week {units.distance(done['distance_m'].iloc[-1])}." if len(done) else "",
            f"Largest week {units.distance(known['distance_m'].max())}, "
            f"from {day_in_words(largest)}.",
            f"The 10 % line of this week lies at {units.distance(level)}."
            if level == level
            else "",
            f"{above} of {count_of(len(done), 'full week')} went over its line."
            if len(done)
            else "",
            unknown_words(weeks),
        ]
    )


def longest_before(facts: Facts, day: date, window_days: int) -> float:
    """The longest run of the days before a day, or before that day's own longest run [m].

    NaN without one, and where the log is younger than the window.
    """
    if facts.first_day is None or known_days_before(facts, day) < window_days:
        return NAN
    of_day = between(facts.runs, day, day).dropna(subset="distance_m")
    if len(of_day):
        run = of_day.iloc[int(of_day["distance_m"].to_numpy().argmax())]
        earlier = before(facts, run, window_days)
    else:
        earlier = between(facts.runs, day - timedelta(days=window_days), day - timedelta(days=1))
    return float(earlier["distance_m"].max())


def long_runs(facts: Facts) -> Picture:
    """Every run against 1.10 times the longest of the 30 days before it."""
    rule = facts.evidence.rules["KW102"]
    ratio, window = rule["ratio"], int(rule["window"].value)
    picture = Picture(
        "long_runs",
        f"Each run against the longest of the {window} days before",
        "",
        x="date",
        y="distance",
        x_label="",
        y_label="Distance per run",
        empty="no runs in the log yet",
    )
    weeks = recent_weeks(facts)
    start = str(weeks.index[0]) if len(weeks) else facts.as_of.isoformat()
    runs = facts.runs[(facts.runs["distance_m"] > 0)]
    shown = runs[runs["local_date"] >= start]
    if not len(shown):
        return nothing(picture)
    first = date.fromisoformat(start)
    days = [first + timedelta(days=n) for n in range((facts.as_of - first).days + 2)]
    longest = {day.isoformat(): longest_before(facts, day, window) for day in days}
    ceiling = {day: ratio.value * metres for day, metres in longest.items()}
    over = [
        ratio.exceeded_by(distance / longest[day])
        for day, distance in zip(shown["local_date"], shown["distance_m"], strict=True)
    ]
    points = (
        _points(shown[[not o for o in over]], "run", "main"),
        _points(shown[over], "run above the limit", "alarm"),
    )
    steps = Series("steps", f"{window}-day limit", tuple(ceiling), tuple(ceiling.values()), "limit")
    has_limit = any(level == level for level in ceiling.values())
    return replace(
        picture,
        alt=_long_alt(shown, shown[over], list(ceiling.values())[-1], facts.config.units),
        series=(*((steps,) if has_limit else ()), *(p for p in points if p.x)),
        bands=unknown_bands(weeks),
    )


def _points(runs: pd.DataFrame, label: str, role: Role) -> Series:
    return Series(
        "points", label, tuple(runs["local_date"]), tuple(map(float, runs["distance_m"])), role
    )


def _long_alt(shown: pd.DataFrame, over: pd.DataFrame, limit_m: float, units: Units) -> str:
    longest = shown.iloc[int(shown["distance_m"].to_numpy().argmax())]
    named = "; ".join(
        f"{day_in_words(day)}, {units.distance(distance)}"
        for day, distance in zip(
            over["local_date"].iloc[-3:], over["distance_m"].iloc[-3:], strict=True
        )
    )
    return sentences(
        [
            f"Points for {count_of(len(shown), 'run')} since "
            f"{day_in_words(shown['local_date'].iloc[0])}.",
            f"Longest run {units.distance(longest['distance_m'])}, on "
            f"{day_in_words(longest['local_date'])}.",
            f"{count_of(len(over), 'run')} above the limit of 1.10 times the longest before"
            + (f", the last ones: {named}." if len(over) else "."),
            f"The limit for the next run is {units.distance(limit_m)}."
            if limit_m == limit_m
            else "",
        ]
    )
