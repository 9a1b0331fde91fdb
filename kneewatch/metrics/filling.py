"""What is left of several recordings of one activity: the richer one, filled up from the others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from kneewatch.columns import EXPOSURE, GRADE_BINS, GROUNDS
from kneewatch.metrics.matching import has_track, is_part, told_sport
from kneewatch.metrics.motion import GUESSED
from kneewatch.model import Row

UNTOLD = ("", "none", "unknown")
"""Words for what is not known."""


UNNAMED = "number in the file"
"""Source of a shoe whose file has no name for it: any name that another file has comes first."""

ON_GROUND = tuple(f"surface_{name}_m" for name in GROUNDS)

MEASURED = ("map", "loop of a track")
"""What a class of ground was taken from, if not from the file's word."""


@dataclass(frozen=True)
class Group:
    """Columns that say something together and are taken from one recording, or not at all.

    Attributes
    ----------
    keys : tuple of str
        If one of these is known, the group is.
    others : tuple of str
    of_part : bool
        Whether it is the same for the activity and for a part of it.
    """

    keys: tuple[str, ...]
    others: tuple[str, ...] = ()
    of_part: bool = False


GROUPS = (
    Group(("name",), of_part=True),
    Group(("notes",), of_part=True),
    Group(("shoe",), ("shoe_source",), of_part=True),
    Group(("surface",), ("surface_source", *ON_GROUND), of_part=True),
    Group(("distance_m",), ("distance_source", "speed_mps")),
    Group(("moving_s",), ("elapsed_s", "paused_s")),
    Group(
        ("altitude_source",),
        (
            "ascent_m",
            "descent_m",
            "steady_descent_m",
            *(f"grade_{bin_}_{unit}" for unit in "ms" for bin_ in GRADE_BINS),
            "steep_down_m",
            "very_steep_down_m",
            "longest_descent_m",
            "longest_descent_drop_m",
            "steepest_km_grade",
            "descent_speed_mps",
            "descent_step_rate_shift",
            "braking_steps",
        ),
    ),
    Group(
        ("ga_speed_histogram_s",),
        (
            "ga_speed_mps",
            "best_400m_s",
            "best_800m_s",
            "best_5000m_s",
            "start_speed_mps",
            "start_top_speed_mps",
            "end_speed_mps",
            "surge_histogram",
            "hard_stops",
            "sharp_turns",
        ),
    ),
    Group(("heart_rate_histogram_s", "avg_hr_bpm"), ("max_hr_bpm",)),
    Group(
        ("steps", "avg_cadence_spm"),
        ("steps_source", "step_length_m", "step_rate_sums", "step_rate_drift"),
    ),
    Group(
        ("avg_stance_time_s", "avg_vertical_oscillation_m", "avg_vertical_ratio"),
        (
            "avg_stance_balance",
            "stance_time_sums",
            "stance_time_share",
            "stance_balance_share",
            "stance_time_drift",
        ),
    ),
)

TREADMILL = "treadmill"

ALTITUDE = {
    column
    for group in GROUPS
    if "altitude_source" in group.keys
    for column in (*group.keys, *group.others)
}

ALTITUDE_RANK = {"barometer": 2, "gps": 1}
"""An altitude by air pressure beats that of a satellite, and either a mere sum."""

TOGETHER = {column for group in GROUPS for column in (*group.keys, *group.others)}

ALONE = tuple(Group((column,)) for column in EXPOSURE if column not in TOGETHER)
"""All other columns are filled one by one."""

HOLLOW = {"distance_m", "moving_s", "steps"}
"""Columns in which a zero says nothing."""


def fill(better: Row, worse: Row, *, corrects: bool = False) -> Row:
    """The better recording with what it lacks and the worse one knows.

    Group by group, and where each of those is from stands in ``filled_from``. An altitude by
    air pressure takes the place of one by satellite; on a treadmill there is none, whatever a
    phone beside it says. Where one holds but a part of the other, title, shoes and ground alone
    are taken, and no amounts.

    Parameters
    ----------
    better, worse : dict
        Exposure rows.
    corrects : bool
        Whether the worse is the vendor's index of the better, in which the runner may have
        changed the sport.
    """
    part = is_part(worse, better) or is_part(better, worse)
    filled: Row = {}
    for group in GROUPS if part else (*GROUPS, *ALONE):
        if (group.of_part or not part) and _lacks(better, worse, group):
            columns = (name for name in (*group.keys, *group.others) if _known(worse, name))
            filled |= {name: worse[name] for name in columns if not part or _of_part(worse, name)}
    if worse["surface"] == TREADMILL and better.get("surface_source") in (*MEASURED, "label"):
        # Run in a world on a screen, whose roads lie where real ones do; and what a watch was set
        # to is surer than what a web site makes of it.
        filled |= {"surface": TREADMILL, "surface_source": worse["surface_source"]}
    if _tells_sport(better, worse, corrects):
        filled |= {"sport": worse["sport"], "sub_sport": worse["sub_sport"]}
    if TREADMILL in (better["surface"], worse["surface"]):
        filled = {name: value for name, value in filled.items() if name not in ALTITUDE}
    if filled.get("surface") == TREADMILL:
        better = {name: value for name, value in better.items() if name not in ALTITUDE}
        better["altitude_source"] = "none"
    said = worse.get("filled_from") or {}
    origin = {name: said.get(name, worse["sources"][0]) for name in filled}
    if "sport" in filled:
        filled["assumed"] = better["assumed"].replace(GUESSED, "").removesuffix("; ")
    joined = better | filled
    if (
        _known(joined, "distance_m")
        and _known(joined, "moving_s")
        and not _known(joined, "speed_mps")
    ):
        joined["speed_mps"] = joined["distance_m"] / joined["moving_s"]
    if joined["surface"] == TREADMILL:
        joined |= dict.fromkeys(ON_GROUND, None)
    return joined | {
        "filled_from": {**(better.get("filled_from") or {}), **origin},
        "sources": tuple(dict.fromkeys((*better["sources"], *worse["sources"]))),
    }


def poverty(row: Row) -> tuple[bool, bool, int, int, float]:
    """Sorts the richer recording first.

    A track before a row of a table, then one that names its sport, as a phone that was on all
    day does not; then the more groups of amounts are known, then the more columns, then the
    longer one. Columns alone would let the many of a bad altitude decide.
    """
    groups = sum(_tells(row, group) for group in GROUPS if not group.of_part)
    columns = sum(map(_told, row.values()))
    elapsed = row.get("elapsed_s")
    length = elapsed if elapsed and math.isfinite(elapsed) else 0.0
    return not has_track(row), not told_sport(row), -groups, -columns, -length


def _lacks(better: Row, worse: Row, group: Group) -> bool:
    if group.keys == ("altitude_source",):
        a, b = (ALTITUDE_RANK.get(row.get(group.keys[0], "none"), 0) for row in (better, worse))
        if a or b:
            return b > a
    if group.keys == ("distance_m",) and better.get("distance_source") == "gps":
        # A satellite sees nobody move on a treadmill.
        return worse["surface"] == TREADMILL and _tells(worse, group)
    if group.keys == ("shoe",) and _is_placeholder(better) and _tells(worse, group):
        return not _is_placeholder(worse)
    return _tells(worse, group) and not _tells(better, group)


def _tells(row: Row, group: Group) -> bool:
    return any(_known(row, key) for key in group.keys)


def _of_part(worse: Row, name: str) -> bool:
    """Whether what a recording of a part says holds for the whole: its ground, if it is a word."""
    measured = worse.get("surface_source") in MEASURED
    return name not in ON_GROUND and not (measured and name.startswith("surface"))


def _is_placeholder(row: Row) -> bool:
    """Whether the shoe is a number of the vendor's and no name."""
    return row.get("shoe_source") == UNNAMED


def _tells_sport(better: Row, worse: Row, corrects: bool) -> bool:
    told, known = told_sport(worse), told_sport(better)
    return bool(told) and told != known and (corrects or not known)


def _known(row: Row, name: str) -> bool:
    value = row.get(name)
    return _told(value) and not (name in HOLLOW and value == 0)


def _told(value: Any) -> bool:
    if value is None:
        return False
    if isinstance(value, float):
        return value == value
    if isinstance(value, str):
        return value not in UNTOLD
    if isinstance(value, np.ndarray):
        return bool(value.any())
    return not isinstance(value, (list, tuple, dict)) or len(value) > 0
