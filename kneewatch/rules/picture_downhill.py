"""Pictures of downhill running, as data: descent, metres by steepness, the profile of a run."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from kneewatch.model import Floats, Track
from kneewatch.picture import Mark, Note, Picture, Role, Series
from kneewatch.rules.facts import Facts
from kneewatch.rules.picture_weeks import (
    bands,
    bars,
    count_of,
    day_in_words,
    nothing,
    recent_weeks,
    sentences,
)
from kneewatch.units import Units

GRADE_WEEKS = 16

NO_DESCENT = "descent not known"

DOWN_CLASSES: tuple[tuple[str, Role, tuple[str, ...]], ...] = (
    ("−2 to −5 %", "down1", ("m5_m2",)),
    ("−5 to −10 %", "down2", ("m10_m5",)),
    ("steeper than −10 %", "down3", ("m15_m10", "below_m15")),
)
"""Classes of steepness with their bins. Those beyond −10 % are rare and share the darkest."""

STEEP, VERY_STEEP = -0.05, -0.10

PROFILE_POINTS = 600
"""Samples of a profile: more than a chart has pixels would only make it heavy."""

WELL_KNOWN = 0.9
"""Share of a week's distance with altitude from which its descent is not called a minimum."""

USUAL_WEEKS = 12


def descent(facts: Facts) -> Picture:
    """Height lost a week, and what is usual."""
    units = facts.config.units
    weeks = recent_weeks(facts)
    picture = Picture(
        "descent",
        "Descent per week",
        "",
        x="date",
        y="height",
        x_label="",
        y_label="Height lost per week",
        empty="no altitude in the log yet, so descent is not known",
    )
    height = weeks["descent_m"].where(weeks["known"].eq(True))
    if not height.notna().any() or not (weeks["distance_m"] > 0).any():
        return nothing(picture)
    partly = (weeks["descent_known"] < WELL_KNOWN) & height.notna()
    usual = _usual(weeks, height.mask(partly))
    return replace(
        picture,
        alt=_descent_alt(weeks, height, partly, usual, units),
        series=(
            *bars(weeks, height.mask(partly), "descent"),
            *_partial(height, partly),
        ),
        marks=(Mark(usual, "usual week"),) if usual == usual else (),
        bands=bands(zip(weeks.index, height.isna(), strict=True), NO_DESCENT),
    )


def _partial(height: pd.Series[float], partly: pd.Series[bool]) -> tuple[Series, ...]:
    known = height[partly]
    if not len(known):
        return ()
    label = "at least (altitude known in part)"
    return (Series("bars", label, tuple(known.index), tuple(map(float, known)), "unknown"),)


def _usual(weeks: pd.DataFrame, height: pd.Series[float]) -> float:
    """Median of the last full weeks [m]; NaN with fewer than four, or where it is nothing."""
    full = height[weeks["complete"]].dropna().iloc[-USUAL_WEEKS:]
    median = float(full.median()) if len(full) >= 4 else 0.0
    return median if median > 0 else float("nan")


def _descent_alt(
    weeks: pd.DataFrame,
    height: pd.Series[float],
    partly: pd.Series[bool],
    usual: float,
    units: Units,
) -> str:
    now = weeks.iloc[-1]
    missing = int(height.isna().sum())
    return sentences(
        [
            f"Bars of the height lost in each of the last {count_of(len(weeks), 'week')}.",
            f"Most: {units.height(height.max())} in the week from "
            f"{day_in_words(str(height.idxmax()))}.",
            f"This week so far {units.height(float(height.iloc[-1]))}."
            if height.notna().iloc[-1] and not now["complete"]
            else "",
            f"A usual week has {units.height(usual)}." if usual == usual else "",
            f"In {count_of(int(partly.sum()), 'week')} only part of the altitude is known."
            if partly.any()
            else "",
            f"Of {count_of(missing, 'week')} the descent is not known." if missing else "",
        ]
    )


def grade_mix(facts: Facts) -> Picture:
    """Distance run downhill a week by steepness; the flat and the climbs are left out."""
    units = facts.config.units
    weeks = recent_weeks(facts, GRADE_WEEKS)
    picture = Picture(
        "grade_mix",
        "How steep the downhill running was",
        "",
        x="date",
        y="distance",
        x_label="",
        y_label="Downhill distance per week",
        empty="no altitude in the log that is good enough to tell how steep it was",
    )
    metres = pd.DataFrame(
        {
            label: weeks[[f"grade_{b}_m" for b in bins]].sum(axis=1, min_count=1)
            for label, _, bins in DOWN_CLASSES
        },
        index=weeks.index,
    )
    seen = metres.notna().any(axis=1) & weeks["known"].eq(True)
    if not seen.any() or not (weeks["distance_m"] > 0).any():
        return nothing(picture)
    stacked = metres[seen].fillna(0.0)
    return replace(
        picture,
        alt=_grade_alt(stacked, units),
        series=(
            *_stack(stacked[weeks["complete"][seen]], unfinished=False),
            *_stack(stacked[~weeks["complete"][seen]], unfinished=True),
        ),
        bands=bands(zip(weeks.index, ~seen, strict=True), NO_DESCENT),
    )


def _stack(metres: pd.DataFrame, *, unfinished: bool) -> tuple[Series, ...]:
    base = metres.cumsum(axis=1) - metres
    return tuple(
        Series(
            "bars",
            label,
            tuple(metres.index),
            tuple(map(float, metres[label])),
            role,
            tuple(map(float, base[label])),
            unfinished=unfinished,
        )
        for label, role, _ in DOWN_CLASSES
        if len(metres)
    )


def _grade_alt(stacked: pd.DataFrame, units: Units) -> str:
    recent = stacked.iloc[-4:].sum()
    total = stacked.sum(axis=1)
    parts = ", ".join(
        f"{label} {units.distance(float(recent[label]))}" for label in stacked.columns
    )
    return sentences(
        [
            f"Stacked bars of the distance run downhill in {count_of(len(stacked), 'week')}.",
            f"In the last {count_of(min(4, len(stacked)), 'week')} of them: {parts}.",
            f"Most downhill: {units.distance(float(total.max()))} in the week from "
            f"{day_in_words(str(total.idxmax()))}.",
        ]
    )


def profile(
    track: Track,
    activity: pd.Series[Any],
    altitude_m: Floats,
    grade: Floats,
    *,
    units: Units | None = None,
) -> Picture:
    """Altitude of one run against distance, with its steep descents.

    Parameters
    ----------
    track : Track
        For ``distance_m``.
    activity : Series
        Its row of ``columns.ACTIVITIES``.
    altitude_m : array
        Smoothed altitude [m], parallel to the track.
    grade : array
        Smoothed grade [-], -0.05 for 5 % down, parallel to the track.
    units : Units, optional
        For the words of ``alt``.
    """
    units = units or Units()
    day, title = str(activity["local_date"]), str(activity["name"])
    picture = Picture(
        f"profile-{re.sub(r'[^A-Za-z0-9-]', '-', str(activity.name))}",
        f"{title or 'Run'}, {day_in_words(day)}: where it went down",
        "",
        x="distance",
        y="height",
        x_label="Distance",
        y_label="Altitude",
        empty="no altitude in this run",
    )
    distance = np.asarray(track.get("distance_m", np.array([])), dtype=np.float64)
    altitude = np.asarray(altitude_m, dtype=np.float64)
    slope = np.asarray(grade, dtype=np.float64)
    known = (
        np.isfinite(distance) & np.isfinite(altitude)
        if len(distance) == len(altitude)
        else distance > np.inf
    )
    if known.sum() < 2 or np.ptp(distance[known]) <= 0:
        return nothing(picture)
    x = np.linspace(distance[known].min(), distance[known].max(), PROFILE_POINTS)
    y = np.interp(x, distance[known], altitude[known])
    steepness = _on_grid(x, distance[known], slope[known])
    floor = float(y.min() - max(0.08 * np.ptp(y), 2.0))
    areas = (
        _area("altitude", "flat", x, y, np.ones(len(x), dtype=bool), floor),
        _area("−5 to −10 %", "down2", x, y, (steepness <= STEEP) & (steepness > VERY_STEEP), floor),
        _area("steeper than −10 %", "down3", x, y, steepness <= VERY_STEEP, floor),
    )
    return replace(
        picture,
        alt=_profile_alt(x, y, steepness, activity, units),
        series=tuple(area for area in areas if any(v == v for v in area.y)),
        notes=_steepest(x, y, steepness),
    )


def _on_grid(x: Floats, distance: Floats, grade: Floats) -> Floats:
    """The grade at each point of the grid; NaN where none was measured close by."""
    steps = np.searchsorted(distance, x, side="right") - 1
    return np.asarray(grade[np.clip(steps, 0, len(grade) - 1)], dtype=np.float64)


def _area(label: str, role: Role, x: Floats, y: Floats, where: Any, floor: float) -> Series:
    # A stretch reaches to the next point of the grid, so that one steep point has a width.
    wide = where | np.roll(where, 1) & (np.arange(len(x)) > 0)
    shown = np.where(wide, y, np.nan)
    return Series(
        "area", label, tuple(map(float, x)), tuple(map(float, shown)), role, (floor,) * len(x)
    )


def _steepest(x: Floats, y: Floats, grade: Floats) -> tuple[Note, ...]:
    steep = np.where(np.isnan(grade), 0.0, grade)
    at = int(steep.argmin())
    if steep[at] > STEEP:
        return ()
    return (Note(float(x[at]), float(y[at]), f"steepest −{-100 * steep[at]:.0f} %"),)


def _profile_alt(
    x: Floats, y: Floats, grade: Floats, activity: pd.Series[Any], units: Units
) -> str:
    step = float(x[1] - x[0])
    steep, very = (float((grade <= limit).sum()) * step for limit in (STEEP, VERY_STEEP))
    lost = float(activity["descent_m"])
    return sentences(
        [
            f"Altitude over {units.distance(float(x[-1] - x[0]))}, between "
            f"{units.height(float(y.min()))} and {units.height(float(y.max()))}.",
            f"Height lost {units.height(lost)}." if lost == lost else "",
            f"{units.distance(steep)} at −5 % or steeper, of which {units.distance(very)} at −10 % "
            "or steeper."
            if np.isfinite(grade).any()
            else "How steep it was is not known.",
        ]
    )
