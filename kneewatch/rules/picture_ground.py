"""Pictures of what was run on and in, as data, and of what loads which tissue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from kneewatch.columns import SURFACES
from kneewatch.evidence import Limit
from kneewatch.metrics.mileage import UNASSIGNED
from kneewatch.picture import Mark, Picture, Role, Series
from kneewatch.rules.facts import Facts
from kneewatch.rules.picture_weeks import (
    count_of,
    nothing,
    recent_weeks,
    sentences,
    unknown_bands,
    unknown_words,
)
from kneewatch.units import METRES_PER_MILE, percent

SHOES_SHOWN = 12

SURFACE_ROLES: dict[str, tuple[Role, str]] = {
    "hard": ("hard", "hard"),
    "firm": ("firm", "firm"),
    "soft": ("soft", "soft"),
    "uneven": ("uneven", "uneven"),
    "treadmill": ("treadmill", "treadmill"),
    "unknown": ("unknown", "not known"),
}

EXPOSURES = {
    "session_spike": "longer run",
    "downhill": "downhill",
    "hard_minutes": "fast minutes",
    "surges": "surges, stops",
    "long_steps": "long steps",
    "uneven": "uneven ground",
}
"""Exposures of the tissue table in the words of the chart's narrow columns."""


def surface_mix(facts: Facts) -> Picture:
    """Shares of the weekly distance by class of ground."""
    picture = Picture(
        "surface_mix",
        "What ground each week was run on",
        "",
        x="date",
        y="share",
        x_label="",
        y_label="Share of weekly distance",
        empty="no runs in the log yet",
    )
    weeks = recent_weeks(facts)
    metres = (
        weeks[[f"surface_{s}_m" for s in SURFACES]].fillna(0.0).set_axis(list(SURFACES), axis=1)
    )
    total = metres.sum(axis=1)
    run = weeks.index[weeks["known"].eq(True) & (total > 0)]
    if not len(run):
        return nothing(picture)
    shares = metres.loc[run].div(total[run], axis=0)
    base = shares.cumsum(axis=1) - shares
    series = tuple(
        Series(
            "bars",
            SURFACE_ROLES[s][1],
            tuple(run),
            tuple(map(float, shares[s])),
            SURFACE_ROLES[s][0],
            tuple(map(float, base[s])),
        )
        for s in SURFACES
        if (shares[s] > 0).any()
    )
    parts = metres.loc[run].sum() / total[run].sum()
    told = f"{percent(1 - float(parts['unknown']))} of distance known"
    mix = ", ".join(
        f"{SURFACE_ROLES[s][1]} {percent(float(parts[s]))}"
        for s in parts.sort_values(ascending=False, kind="stable").index
        if parts[s] > 0
    )
    weeks_run = count_of(len(run), "week")
    alt = f"Stacked shares of ground in {weeks_run} with running. In all: {mix}; {told}."
    return replace(
        picture,
        y_label=f"{told}; share of weekly distance",
        alt=sentences([alt, unknown_words(weeks)]),
        series=series,
        bands=unknown_bands(weeks),
    )


def shoes(facts: Facts) -> Picture:
    """Distance of each pair of shoes, those in use first."""
    rule, units = facts.evidence.rules["KW401"], facts.config.units
    picture = Picture(
        "shoes",
        "Distance in each pair of shoes",
        "",
        x="category",
        y="distance",
        x_label="",
        y_label="Distance run in the pair",
        lying=True,
        empty="no shoes in the log yet",
    )
    pairs = facts.shoes.drop(UNASSIGNED, errors="ignore")
    known = pairs[pairs["distance_m"].notna()].sort_values(
        ["retired", "distance_m"], ascending=[True, False], kind="stable"
    )
    if not len(known):
        return nothing(picture)
    shown = known.iloc[:SHOES_SHOWN]
    retired = shown["retired"].astype(bool)
    parts: tuple[tuple[str, Role, pd.DataFrame], ...] = (
        ("in use", "main", shown[~retired]),
        ("retired", "muted", shown[retired]),
    )
    names = "; ".join(
        f"{name} {units.distance(row['distance_m'], 0)}{', retired' if row['retired'] else ''}"
        for name, row in shown.iterrows()
    )
    more = len(known) - len(shown)
    title = f"Distance in {len(shown)} of {len(known)} pairs of shoes" if more else picture.title
    return replace(
        picture,
        title=title,
        alt=sentences(
            [
                f"Bars of the distance in each pair: {names}.",
                f"{more} more are not shown." if more else "",
            ]
        ),
        series=tuple(
            Series("bars", label, tuple(part.index), tuple(map(float, part["distance_m"])), role)
            for label, role, part in parts
            if len(part)
        ),
        marks=tuple(_shoe_mark(rule[name]) for name in ("notice", "caution", "over")),
    )


def _shoe_mark(limit: Limit) -> Mark:
    # The limits are round in the unit in which they are usually given; that is how they are called.
    miles = limit.value / METRES_PER_MILE
    round_miles = abs(miles - round(miles, -1)) < 1e-6
    return Mark(limit.value, f"{miles:.0f} mi" if round_miles else f"{limit.value / 1000:.0f} km")


def tissues(facts: Facts) -> Picture:
    """Which exposures load which structure at the back of the knee."""
    table = facts.evidence.tissues
    names = {key: _short(tissue.name) for key, tissue in table.items()}
    kinds: tuple[tuple[int, str, Role, float], ...] = (
        (2, "reviewed or laboratory support", "main", 2.6),
        (1, "plausible mechanism", "current", 1.3),
    )
    cells = [
        (column, float(row), table[key].loads.get(exposure, 0))
        for row, key in enumerate(table)
        for exposure, column in EXPOSURES.items()
    ]
    return Picture(
        "tissues",
        "What loads which part of the back of the knee",
        " ".join(_tissue_words(names[key], table[key].loads) for key in table),
        x="category",
        y="category",
        x_label="",
        y_label="",
        series=tuple(
            Series(
                "points",
                label,
                tuple(column for column, _, strength in cells if strength == wanted),
                tuple(row for _, row, strength in cells if strength == wanted),
                role,
                size=size,
            )
            for wanted, label, role, size in kinds
        ),
        columns=tuple(EXPOSURES.values()),
        rows=tuple(names.values()),
    )


def _short(name: str) -> str:
    plain = name.partition(" (")[0]
    return plain[:1].upper() + plain[1:]


def _tissue_words(name: str, loads: Mapping[str, int]) -> str:
    strong = [EXPOSURES[e] for e, strength in loads.items() if strength == 2]
    weak = [EXPOSURES[e] for e, strength in loads.items() if strength == 1]
    parts = [
        f"{', '.join(strong)} (supported)" if strong else "",
        f"{', '.join(weak)} (plausible)" if weak else "",
    ]
    return f"{name}: {'; '.join(part for part in parts if part)}."
