"""The dictionary of columns: name, unit, how it adds up over a week, and a sentence.

Every frame that kneewatch hands out is built from these tables, so an empty log has all its
columns with the right types, and the documentation of a column stands in one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

AddsUp = Literal["sum", "max", "mean", "first", "none"]

DTYPES = {
    "float": "float64",
    "int": "int64",
    "bool": "bool",
    "text": "object",
    "any": "object",
    "time": "datetime64[us, UTC]",
}

FILLERS: Mapping[str, Any] = {"int": 0, "bool": False, "text": ""}
"""What stands where nothing is known, by kind; pandas knows that of the others."""


@dataclass(frozen=True)
class Column:
    """One column of a frame.

    Attributes
    ----------
    name : str
        With its unit, e.g. ``distance_m``.
    kind : str
        ``float``, ``int``, ``bool``, ``text``, ``any`` or ``time`` (aware UTC).
    unit : str
        SI unit, ``-`` for none.
    over_week : str
        How a week is made of its runs.
    meaning : str
        One sentence.
    """

    name: str
    kind: str
    unit: str
    over_week: AddsUp
    meaning: str


def _table(*rows: tuple[str, str, str, AddsUp, str]) -> dict[str, Column]:
    return {row[0]: Column(*row) for row in rows}


TRACK = _table(
    ("time_s", "float", "s", "none", "time since the start of the activity"),
    ("segment", "float", "-", "none", "grows by one wherever the recording was paused"),
    ("lat_deg", "float", "deg", "none", "latitude, WGS 84"),
    ("lon_deg", "float", "deg", "none", "longitude, WGS 84"),
    ("distance_m", "float", "m", "none", "distance since the start as the device has it"),
    ("altitude_m", "float", "m", "none", "altitude as the device has it"),
    ("speed_mps", "float", "m/s", "none", "speed as the device has it"),
    ("heart_rate_bpm", "float", "1/min", "none", "heart rate"),
    ("cadence_spm", "float", "1/min", "none", "steps a minute, both feet"),
    ("power_w", "float", "W", "none", "power as the device or pod has it"),
    ("step_length_m", "float", "m", "none", "length of one step as the device has it"),
    ("stance_time_s", "float", "s", "none", "ground contact time"),
    ("stance_balance", "float", "-", "none", "share of the left foot in ground contact, 0-1"),
    ("vertical_oscillation_m", "float", "m", "none", "rise and fall of the trunk in a step"),
    ("vertical_ratio", "float", "-", "none", "vertical oscillation over step length"),
    ("gps_accuracy_m", "float", "m", "none", "the receiver's own estimate of its error"),
    ("temperature_c", "float", "degC", "none", "temperature at the device"),
)

GRADE_BINS = (
    "below_m15",
    "m15_m10",
    "m10_m5",
    "m5_m2",
    "flat",
    "p2_p5",
    "p5_p10",
    "above_p10",
)
"""Names of the grade bins between the edges -15, -10, -5, -2, +2, +5, +10 %."""

GRADE_LABELS = (
    "steeper than −15 %",
    "−15 to −10 %",
    "−10 to −5 %",
    "−5 to −2 %",
    "−2 to +2 %",
    "+2 to +5 %",
    "+5 to +10 %",
    "steeper than +10 %",
)

SURFACES = ("hard", "firm", "soft", "uneven", "treadmill", "unknown")

_IDENTITY = _table(
    ("start", "time", "-", "first", "start of the activity, aware UTC"),
    ("local_date", "text", "-", "first", "the runner's own day of the start, ISO date"),
    ("local_start", "text", "-", "first", "wall-clock time of the start, ISO"),
    ("day_from", "text", "-", "first", "what the local day was taken from"),
    ("sport", "text", "-", "first", "FIT's name of the sport"),
    ("sub_sport", "text", "-", "first", "FIT's name of the kind of the sport"),
    ("name", "text", "-", "first", "title of the activity"),
    ("notes", "text", "-", "first", "the runner's own words"),
    ("device", "text", "-", "first", "what recorded it"),
    ("sources", "any", "-", "none", "files it was read from, the richest first"),
    ("filled_from", "any", "-", "none", "file by column, of what the first source lacks"),
)

EXPOSURE = _table(
    ("distance_m", "float", "m", "sum", "distance"),
    (
        "distance_source",
        "text",
        "-",
        "none",
        "track, gps or device: where distance_m is from",
    ),
    ("device_distance_m", "float", "m", "sum", "total distance as the device has it"),
    ("moving_s", "float", "s", "sum", "time in motion, pauses and standing left out"),
    ("elapsed_s", "float", "s", "sum", "time from start to end"),
    ("paused_s", "float", "s", "sum", "time during which the watch was stopped"),
    ("speed_mps", "float", "m/s", "none", "distance over moving time"),
    ("ga_speed_mps", "float", "m/s", "none", "grade-adjusted speed, mean over moving time"),
    ("ascent_m", "float", "m", "sum", "height gained"),
    ("descent_m", "float", "m", "sum", "height lost"),
    ("steady_descent_m", "float", "m", "sum", "height lost that outlives a 10-second mean"),
    ("device_ascent_m", "float", "m", "sum", "height gained as the device has it"),
    ("device_descent_m", "float", "m", "sum", "height lost as the device has it"),
    ("altitude_source", "text", "-", "none", "barometer, gps, device or none"),
    *(
        (f"grade_{bin_}_m", "float", "m", "sum", f"distance at {label}")
        for bin_, label in zip(GRADE_BINS, GRADE_LABELS, strict=True)
    ),
    *(
        (f"grade_{bin_}_s", "float", "s", "sum", f"moving time at {label}")
        for bin_, label in zip(GRADE_BINS, GRADE_LABELS, strict=True)
    ),
    ("steep_down_m", "float", "m", "sum", "distance at -5 % or steeper"),
    ("very_steep_down_m", "float", "m", "sum", "distance at -10 % or steeper"),
    ("longest_descent_m", "float", "m", "max", "length of the longest continuous descent"),
    ("longest_descent_drop_m", "float", "m", "max", "height lost in the longest descent"),
    ("steepest_km_grade", "float", "-", "none", "mean grade of the steepest downhill kilometre"),
    ("descent_speed_mps", "float", "m/s", "none", "mean speed at -2 % or steeper"),
    ("steps", "float", "-", "sum", "steps, both feet"),
    ("steps_source", "text", "-", "none", "cadence, device, or none"),
    ("braking_steps", "float", "-", "sum", "steps weighted by grade: level-step equivalents"),
    ("step_length_m", "float", "m", "none", "mean length of a step"),
    ("avg_cadence_spm", "float", "1/min", "none", "steps a minute while moving"),
    ("avg_hr_bpm", "float", "1/min", "none", "mean heart rate"),
    ("max_hr_bpm", "float", "1/min", "max", "highest heart rate held for 10 s"),
    ("avg_stance_time_s", "float", "s", "none", "mean ground contact time"),
    ("avg_stance_balance", "float", "-", "none", "mean share of the left foot, 0-1"),
    ("avg_vertical_oscillation_m", "float", "m", "none", "mean vertical oscillation"),
    ("avg_vertical_ratio", "float", "-", "none", "mean vertical ratio"),
    ("step_rate_sums", "any", "-", "none", "sums of level running to fit step rate on speed"),
    ("stance_time_sums", "any", "-", "none", "the same for ground contact time"),
    ("stance_time_share", "float", "-", "none", "share of moving time with ground contact told"),
    ("stance_balance_share", "float", "-", "none", "share of moving time with balance told"),
    ("step_rate_drift", "float", "-", "none", "last third of a long run over its first, -1"),
    ("stance_time_drift", "float", "-", "none", "the same for ground contact time"),
    (
        "descent_step_rate_shift",
        "float",
        "-",
        "none",
        "step rate at -5 % or steeper over level at like speed, -1",
    ),
    ("start_speed_mps", "float", "m/s", "none", "median grade-adjusted speed of minutes 1-8"),
    (
        "start_top_speed_mps",
        "float",
        "m/s",
        "none",
        "highest grade-adjusted speed held for 30 s of the first 6 minutes",
    ),
    ("end_speed_mps", "float", "m/s", "none", "median grade-adjusted speed of the last 5 minutes"),
    ("surge_histogram", "any", "-", "none", "surges by the speed that they reach"),
    ("hard_stops", "float", "-", "sum", "stops from running to standing within 3 s"),
    ("sharp_turns", "float", "-", "sum", "turns by 120 degrees or more, run and braked"),
    ("best_400m_s", "float", "s", "none", "fastest grade-adjusted 400 m"),
    ("best_800m_s", "float", "s", "none", "fastest grade-adjusted 800 m"),
    ("best_5000m_s", "float", "s", "none", "fastest grade-adjusted 5000 m"),
    ("ga_speed_histogram_s", "any", "s", "none", "seconds per bin of grade-adjusted speed"),
    ("heart_rate_histogram_s", "any", "s", "none", "seconds per beat a minute"),
    ("max_hr_setting_bpm", "float", "1/min", "none", "maximum heart rate set in the watch"),
    ("rest_hr_setting_bpm", "float", "1/min", "none", "resting heart rate set in the watch"),
    (
        "hard_s",
        "float",
        "s",
        "sum",
        "time above critical speed or 88 % of maximum heart rate",
    ),
    (
        "hard_source",
        "text",
        "-",
        "none",
        "speed, heart rate, or none: where hard_s is from",
    ),
    (
        "critical_speed_mps",
        "float",
        "m/s",
        "none",
        "critical speed from the bests of the 120 days up to the run",
    ),
    ("hard_hr_bpm", "float", "1/min", "none", "heart rate above which time counts as hard"),
    ("surface", "text", "-", "none", "hard, firm, soft, uneven, treadmill or unknown"),
    ("surface_source", "text", "-", "none", "label, kind of sport, or none"),
    ("shoe", "text", "-", "none", "the shoe it was run in"),
    ("shoe_source", "text", "-", "none", "file, kneewatch.toml, or none"),
)

ACTIVITIES = {**_IDENTITY, **EXPOSURE}
"""One row an activity, runs and others alike."""

WEEKS = _table(
    ("known", "bool", "-", "none", "false for weeks before the first file and a part-week at it"),
    ("complete", "bool", "-", "none", "false for the week that is still going on"),
    ("distance_m", "float", "m", "sum", "distance run, over the runs that know it"),
    ("distance_known", "float", "-", "none", "share of the runs whose distance is known"),
    ("runs", "int", "-", "sum", "number of runs"),
    ("longest_m", "float", "m", "max", "longest run"),
    ("moving_s", "float", "s", "sum", "moving time"),
    ("descent_m", "float", "m", "sum", "height lost, over the runs that know it"),
    ("descent_known", "float", "-", "none", "share of the distance whose descent is known"),
    ("steep_down_m", "float", "m", "sum", "distance at -5 % or steeper"),
    ("hard_s", "float", "s", "sum", "hard time"),
    ("steps", "float", "-", "sum", "steps"),
    ("braking_steps", "float", "-", "sum", "level-step equivalents"),
    *((f"surface_{s}_m", "float", "m", "sum", f"distance on {s} ground") for s in SURFACES),
    *(
        (f"grade_{bin_}_m", "float", "m", "sum", f"distance at {label}")
        for bin_, label in zip(GRADE_BINS, GRADE_LABELS, strict=True)
    ),
    ("days_off", "int", "-", "sum", "days without a run"),
    ("other_activities", "int", "-", "sum", "number of activities that are not runs"),
    ("other_s", "float", "s", "sum", "time of activities that are not runs"),
)

DAYS = _table(
    ("known", "bool", "-", "none", "false for days before the first file"),
    ("distance_m", "float", "m", "sum", "distance run"),
    ("runs", "int", "-", "sum", "number of runs"),
    ("hard_s", "float", "s", "sum", "hard time"),
    ("trimp", "float", "-", "sum", "training impulse of the runs (Banister), by heart rate"),
    ("distance_7d_m", "float", "m", "none", "distance run in the 7 days up to this one"),
    ("acwr_coupled", "float", "-", "none", "mean distance of 7 days over that of 28, these in it"),
    ("acwr_uncoupled", "float", "-", "none", "mean distance of 7 days over that of 21 before them"),
    ("acwr_ewma", "float", "-", "none", "the same, of means in which recent days count most"),
    ("monotony", "float", "-", "none", "mean over spread of the distance of 7 days, at most 10"),
    ("strain_m", "float", "m", "none", "distance of 7 days times monotony"),
    ("ctl", "float", "-", "none", "slow mean (42 days) of trimp a day"),
    ("atl", "float", "-", "none", "fast mean (7 days) of trimp a day"),
    ("tsb", "float", "-", "none", "slow minus fast mean of the day before"),
)
"""One row a day: load as coaches know it. None of it is a warning (KW104 says why)."""

SHOES = _table(
    ("distance_m", "float", "m", "sum", "distance in all, with what it had at the start"),
    ("start_m", "float", "m", "none", "distance it had before the log"),
    ("runs", "int", "-", "sum", "number of runs"),
    ("first_date", "text", "-", "none", "first run, ISO date"),
    ("last_date", "text", "-", "none", "last run, ISO date"),
    ("retired", "bool", "-", "none", "no longer in use"),
    ("weekly_m", "float", "m", "none", "distance a week over the last four weeks"),
    ("forecast_date", "text", "-", "none", "day on which it passes 500 mi at that pace"),
)


def frame(
    columns: Mapping[str, Column], rows: Iterable[Mapping[str, Any]], index: pd.Index[Any]
) -> pd.DataFrame:
    """Build a frame that has exactly the columns of the dictionary, in its order and types.

    Parameters
    ----------
    columns : mapping of str to Column
        One of the tables of this module.
    rows : iterable of mapping
        One a row; a missing key is NaN, zero, false or empty text by its kind.
    index : pandas.Index
        As long as ``rows``.
    """
    listed = list(rows)
    return frame_of(columns, {name: [row.get(name) for row in listed] for name in columns}, index)


def frame_of(
    columns: Mapping[str, Column], values: Mapping[str, Any], index: pd.Index[Any]
) -> pd.DataFrame:
    """Build a frame as ``frame`` does, from what stands in each column.

    Parameters
    ----------
    columns : mapping of str to Column
        One of the tables of this module.
    values : mapping of str to list or ndarray
        All columns; None is NaN, zero, false or empty text by its kind.
    index : pandas.Index
        As long as each of them.
    """
    # Readers in worker processes know the names of columns and have no use for pandas.
    import numpy as np
    import pandas as pd

    data: dict[str, Any] = {}
    for name, column in columns.items():
        cells: Any = values[name]
        if column.kind == "float":
            # By far the most; numpy takes None for NaN.
            data[name] = np.array(cells, dtype=np.float64)
            continue
        if column.kind == "time":
            cells = pd.to_datetime(cells, utc=True)
        elif column.kind in FILLERS:
            filler = FILLERS[column.kind]
            cells = [filler if cell is None else cell for cell in cells]
        data[name] = pd.Series(cells, index=index, dtype=DTYPES[column.kind])
    return pd.DataFrame(data, index=index)
