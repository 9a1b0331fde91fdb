"""One exposure row an activity: all that rules and tables need, computed once at import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kneewatch.columns import GRADE_BINS
from kneewatch.metrics.barometers import barometer_of
from kneewatch.metrics.day import local_moment
from kneewatch.metrics.descent import bin_by_grade, descents
from kneewatch.metrics.elevation import Elevation, process_elevation
from kneewatch.metrics.filling import UNNAMED
from kneewatch.metrics.form import measure_form
from kneewatch.metrics.habits import measure_habits
from kneewatch.metrics.intensity import (
    HEART_BINS,
    SPEED_BIN_MPS,
    SPEED_BINS,
    adjust_for_grade,
    best_times,
    heart_rate_seconds,
    histogram,
)
from kneewatch.metrics.motion import GUESSED, Motion, guess_running, measure_motion
from kneewatch.metrics.oval import on_an_oval
from kneewatch.metrics.sequences import Flags
from kneewatch.metrics.steps import braking_weighted_steps, count_steps
from kneewatch.metrics.surface import classify_surface, measure_ground
from kneewatch.metrics.whereabouts import whereabouts
from kneewatch.model import Activity, Floats, Recording, Track

Row = dict[str, Any]

Where = Callable[[Floats, Floats, Floats, Floats], NDArray[np.uint8]]

MEASURED = {"running", "walking", "hiking", "generic", "unknown"}
"""Sports that are, or may turn out to be, a run."""


def expose(
    recording: Recording, home_timezone: str | None = None, where: Where | None = None
) -> Row:
    """The row of ``columns.ACTIVITIES`` for one recording; a key that is missing is unknown.

    Parameters
    ----------
    recording : Recording
    home_timezone : str, optional
        For activities whose file tells neither the wall clock nor a position.
    where : callable, optional
        A map: from latitude, longitude [deg], time [s] and segment to the class of ground at each
        point, by place in ``columns.SURFACES``.
    """
    activity, track = recording.activity, recording.track
    moment = local_moment(activity, track, home_timezone)
    motion = measure_motion(track) if len(track.get("time_s", ())) >= 2 else None
    sport, assumed = activity.sport, activity.assumed
    if sport == "unknown" and motion is not None and guess_running(motion):
        sport, assumed = "running", "; ".join(filter(None, (assumed, GUESSED)))
    surface, surface_source = classify_surface(activity)
    row: Row = {
        "id": activity.id,
        "start": moment.start,
        "local_date": moment.local.date().isoformat(),
        "local_start": moment.local.isoformat(timespec="seconds"),
        "day_from": moment.day_from,
        "wall_clock_alone": activity.start.tzinfo is None,
        "sport": sport,
        "sub_sport": activity.sub_sport,
        "name": activity.name,
        "notes": activity.notes,
        "device": activity.device,
        "sources": (activity.source,),
        "assumed": assumed,
        "file_hint": activity.file_hint,
        "keys": list(activity.keys),
        "filled_from": {},
        "device_distance_m": activity.distance_m,
        "device_ascent_m": activity.ascent_m,
        "device_descent_m": activity.descent_m,
        "max_hr_setting_bpm": activity.max_hr_setting_bpm,
        "rest_hr_setting_bpm": activity.rest_hr_setting_bpm,
        "surface": surface,
        "surface_source": surface_source,
        "dirt_m": activity.dirt_m,
        "shoe": activity.gear,
        "shoe_source": _shoe_source(activity),
    }
    row |= _totals(activity, motion)
    if motion is not None:
        row |= _heart(track, motion, activity)
        row["whereabouts"] = whereabouts(moment.start, track, motion.time_s)
        # An index may say later that a walk was a run.
        if sport in MEASURED:
            laps = on_an_oval(track, motion) if surface != "treadmill" else None
            row |= _ground(activity, track, motion, row, laps, where)
            row |= _running(activity, track, motion, row, laps)
    else:
        row |= {"avg_hr_bpm": activity.avg_hr_bpm, "avg_cadence_spm": activity.avg_cadence_spm}
        row |= _device_altitude(activity)
        row |= {"steps": activity.steps, "steps_source": "device" if activity.steps else "none"}
    return row


def _shoe_source(activity: Activity) -> str:
    if not activity.gear:
        return "none"
    return "file" if activity.gear_named else UNNAMED


def _totals(activity: Activity, motion: Motion | None) -> Row:
    """Distance and times; the device's own totals first, as the runner knows them.

    They hold what the records may lack: a treadmill run that was corrected at its end, or what
    damaged bytes have lost.
    """
    track_m = motion.total_m if motion else float("nan")
    distance: float | None
    if activity.distance_m and activity.distance_m > 0:
        distance, source = activity.distance_m, "device"
    elif motion is not None and motion.source != "none":
        distance, source = track_m, motion.source
    else:
        distance, source = activity.distance_m, "none"
    track_s = float(motion.time_s[-1] - motion.time_s[0]) if motion else float("nan")
    elapsed = activity.elapsed_s or (track_s if motion else None)
    recorded_s = float(motion.step_s.sum()) if motion else float("nan")
    moving = activity.moving_s if activity.moving_s is not None else activity.elapsed_s
    # A track that covers most of the run knows standing from moving better than a stopwatch.
    if motion is not None and motion.moving_s > 0 and recorded_s >= 0.8 * (moving or 0):
        moving = motion.moving_s
    if elapsed is None:
        elapsed = moving
    speed = distance / moving if distance and moving else float("nan")
    return {
        "distance_m": distance,
        "distance_source": source,
        "elapsed_s": elapsed,
        "moving_s": moving,
        "paused_s": max(track_s - recorded_s, 0.0) if motion else None,
        "speed_mps": speed,
    }


def _heart(track: Track, motion: Motion, activity: Activity) -> Row:
    mean = mean_in_motion(track, "heart_rate_bpm", motion)
    beats = heart_rate_seconds(track, motion)
    held = np.flatnonzero(np.cumsum(beats[::-1]) >= 10)
    return {
        "avg_hr_bpm": activity.avg_hr_bpm if np.isnan(mean) else mean,
        "max_hr_bpm": float(HEART_BINS - 1 - held[0]) if len(held) else float("nan"),
        "heart_rate_histogram_s": beats,
    }


def mean_in_motion(track: Mapping[str, Floats], name: str, motion: Motion) -> float:
    """Mean over moving time of what was measured, NaN if nothing was.

    Parameters
    ----------
    track : Track
    name : str
        A column, of which only values above zero are measurements.
    motion : Motion
    """
    column = track.get(name)
    if column is None:
        return float("nan")
    measured = np.isfinite(column) & (column > 0)
    weight = np.where(measured, motion.moving_step_s, 0.0)
    total = weight.sum()
    if not total > 0:
        return float("nan")
    return float((np.where(measured, column, 0.0) * weight).sum() / total)


def _ground(
    activity: Activity,
    track: Track,
    motion: Motion,
    row: Row,
    laps: Flags | None,
    where: Where | None,
) -> Row:
    """Class of ground by distance, as far as laps and a map tell it."""
    if row["surface"] == "treadmill":
        return {}
    mapped = None
    if where is not None and "lat_deg" in track:
        mapped = where(track["lat_deg"], track["lon_deg"], motion.time_s, segment_of(track))
    if mapped is None and laps is None:
        return {}
    return measure_ground(
        row["surface"],
        row["surface_source"],
        activity,
        motion,
        row["distance_m"],
        mapped=mapped,
        laps=laps,
    )


def _running(activity: Activity, track: Track, motion: Motion, row: Row, laps: Flags | None) -> Row:
    indoor = row["surface"] == "treadmill"
    elevation = None if indoor else elevation_of(activity, track, motion)
    known = elevation is not None and elevation.source != "none"
    grade = elevation.grade if elevation is not None and known else np.zeros(len(motion.time_s))
    effort = adjust_for_grade(grade)
    ga_step, ga_speed = motion.step_m * effort, motion.speed_mps * effort
    moving_s = motion.moving_step_s
    total_s = moving_s.sum()
    best = best_times(motion, ga_step)
    result: Row = {
        "ga_speed_mps": float(ga_step[motion.moving].sum() / total_s) if total_s else None,
        "ga_speed_histogram_s": histogram(ga_speed, moving_s, SPEED_BIN_MPS, SPEED_BINS),
        **{f"best_{distance}m_s": time for distance, time in best.items()},
    }
    if elevation is not None and known:
        result |= _altitude(elevation, track, motion)
    elif not indoor:
        result |= _device_altitude(activity)
    else:
        result |= {"altitude_source": "none"}
    steps = count_steps(track, motion, activity.steps)
    result |= {"steps": steps.total, "steps_source": steps.source}
    barometric = elevation is not None and elevation.steep_known
    if steps.per_point is not None and (indoor or barometric):
        result["braking_steps"] = braking_weighted_steps(steps, motion, grade)
    cadence = mean_in_motion(track, "cadence_spm", motion)
    if np.isnan(cadence) and activity.avg_cadence_spm:
        cadence = activity.avg_cadence_spm
    length = mean_in_motion(track, "step_length_m", motion)
    if np.isnan(length) and cadence > 0 and row["speed_mps"] > 0:
        length = row["speed_mps"] * 60 / cadence
    result |= {
        "avg_cadence_spm": cadence,
        "step_length_m": length,
        "avg_stance_time_s": mean_in_motion(track, "stance_time_s", motion),
        "avg_stance_balance": mean_in_motion(track, "stance_balance", motion),
        "avg_vertical_oscillation_m": mean_in_motion(track, "vertical_oscillation_m", motion),
        "avg_vertical_ratio": mean_in_motion(track, "vertical_ratio", motion),
    }
    result |= measure_form(track, motion, grade if known else None, barometric)
    on_track = activity.sub_sport == "track" or laps is not None
    result |= measure_habits(track, motion, ga_speed, on_track)
    return result


def elevation_of(activity: Activity, track: Track, motion: Motion) -> Elevation | None:
    """Altitude and grade of an outdoor track, None without an altitude."""
    if "altitude_m" not in track:
        return None
    maker, _, product = activity.device.partition(" ")
    barometer = activity.barometer
    if barometer is None:
        barometer = barometer_of(maker, product)
    return process_elevation(
        motion.time_s,
        motion.distance_m,
        track["altitude_m"],
        segment_of(track),
        barometer,
    )


def _altitude(elevation: Elevation, track: Track, motion: Motion) -> Row:
    row: Row = {
        "altitude_source": elevation.source,
        "ascent_m": elevation.ascent_m,
        "descent_m": elevation.descent_m,
        "steady_descent_m": elevation.steady_descent_m,
    }
    if not elevation.steep_known:
        # Satellite altitude wanders by metres in a minute: a flat run would show steep stretches.
        return row
    moving_m = np.where(motion.moving, motion.step_m, 0.0)
    metres, seconds = bin_by_grade(elevation.grade, moving_m, motion.moving_step_s)
    row |= {f"grade_{name}_m": m for name, m in zip(GRADE_BINS, metres.tolist(), strict=True)}
    row |= {f"grade_{name}_s": s for name, s in zip(GRADE_BINS, seconds.tolist(), strict=True)}
    row["steep_down_m"] = float(metres[:3].sum())
    row["very_steep_down_m"] = float(metres[:2].sum())
    down = descents(
        motion.distance_m, elevation.altitude_m, elevation.grade, motion.time_s, segment_of(track)
    )
    return row | {
        "longest_descent_m": down.longest_m,
        "longest_descent_drop_m": down.longest_drop_m,
        "steepest_km_grade": down.steepest_km_grade,
        "descent_speed_mps": down.speed_mps,
    }


def segment_of(track: Track) -> Floats:
    """The ``segment`` of each point, one for all where the file knows no pauses."""
    return track.get("segment", np.zeros(len(track["time_s"])))


def _device_altitude(activity: Activity) -> Row:
    if activity.descent_m is None and activity.ascent_m is None:
        return {"altitude_source": "none"}
    return {
        "altitude_source": "device",
        "ascent_m": activity.ascent_m,
        "descent_m": activity.descent_m,
    }


def profile_of(recording: Recording) -> tuple[Track, Floats, Floats]:
    """A track with its measured distance, smoothed altitude [m] and grade [-], for drawing."""
    track = recording.track
    motion = measure_motion(track)
    elevation = elevation_of(recording.activity, track, motion)
    if elevation is None:
        unknown = np.full(len(motion.time_s), np.nan)
        return {**track, "distance_m": motion.distance_m}, unknown, unknown
    return {**track, "distance_m": motion.distance_m}, elevation.altitude_m, elevation.grade
