"""How a run begins and ends, and its surges, hard stops and sharp turns.

No published and tested way to count these from a watch that writes once a second was found; the
thresholds are ours (EVIDENCE 8). The counts mean something beside the same runner's other runs
and nothing beside anybody else's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kneewatch.metrics.motion import Motion
from kneewatch.metrics.positions import EARTH_RADIUS_M
from kneewatch.metrics.sequences import Flags
from kneewatch.model import Floats, Track

Numbers = NDArray[np.int64]

SURGE_BIN_MPS = 0.25
SURGE_BINS = 40


@dataclass(frozen=True)
class Seconds:
    """A track second by second, pauses and gaps cut out.

    Attributes
    ----------
    block : ndarray of int
        Grows wherever there was a pause or a gap, -1 between: nothing is counted across.
    speed_mps : ndarray
        Speed, smoothed over a few seconds [m/s].
    x_m, y_m : ndarray or None
        Position east and north of the start [m].
    accurate : ndarray of bool or None
        False where the receiver itself says that it is not; None where it says nothing.
    """

    block: Numbers
    speed_mps: Floats
    x_m: Floats | None
    y_m: Floats | None
    accurate: NDArray[np.bool_] | None


def measure_habits(
    track: Track, motion: Motion, ga_speed_mps: Floats, on_track: bool
) -> dict[str, Any]:
    """Start, end and sudden changes of a run by name of column; what is not known is left out.

    Parameters
    ----------
    track : Track
    motion : Motion
    ga_speed_mps : ndarray
        Grade-adjusted speed [m/s].
    on_track : bool
        Whether it was run on an athletics track, whose bends are no turns.
    """
    row: dict[str, Any] = start_and_end(motion, ga_speed_mps)
    seconds = by_the_second(track, motion)
    if seconds is None:
        return row
    row["surge_histogram"] = count_surges(seconds)
    row["hard_stops"] = count_hard_stops(seconds)
    if not on_track and seconds.x_m is not None:
        row["sharp_turns"] = count_sharp_turns(seconds)
    return row


def start_and_end(
    motion: Motion,
    ga_speed_mps: Floats,
    *,
    first_s: tuple[float, float] = (60.0, 480.0),
    top_s: float = 360.0,
    last_s: float = 300.0,
    held_s: float = 30.0,
) -> dict[str, float]:
    """Median speed of minutes 1 to 8 and of the last 5, and the highest of the first 6 [m/s].

    On the clock of the watch, which stands while it is paused. The highest is what was held for
    30 s in all, so that a receiver that has just begun does not make a sprint.
    """
    clock = np.cumsum(motion.step_s)
    end = float(clock[-1])
    if end < first_s[1] + last_s:
        return {}
    a, b, c, d = np.searchsorted(clock, [*first_s, top_s, end - last_s], side="right").tolist()
    row = {}
    for name, part in (("start_speed_mps", slice(a, b)), ("end_speed_mps", slice(d, None))):
        moving = ga_speed_mps[part][motion.moving[part]]
        row[name] = float(np.median(moving)) if len(moving) else float("nan")
    first = slice(0, c)
    fastest = np.argsort(ga_speed_mps[first])[::-1]
    held = np.flatnonzero(np.cumsum(motion.moving_step_s[first][fastest]) >= held_s)
    top = float(ga_speed_mps[first][fastest[held[0]]]) if len(held) else float("nan")
    return row | {"start_top_speed_mps": top}


def by_the_second(
    track: Track,
    motion: Motion,
    *,
    longest_gap_s: float = 2.0,
    few: float = 0.02,  # a lost point now and then is no smart recording
    least_s: float = 300.0,  # that nothing was seen in a few seconds says nothing
    smooth_s: float = 4.0,
    accurate_m: float = 10.0,
) -> Seconds | None:
    """A track on a grid of seconds, None where it was not recorded every second.

    Parameters
    ----------
    track : Track
    motion : Motion
    longest_gap_s : float
        A longer step from point to point is a gap [s].
    smooth_s : float
        Window of the speed where the device gives none [s].
    """
    step = motion.step_s
    gap = step > longest_gap_s
    told = np.flatnonzero(step > 0)
    if motion.source == "none" or not len(told) or gap[told].mean() > few:
        return None
    if step[~gap].sum() < least_s:
        return None
    segment = track.get("segment", np.zeros(len(step)))
    cut = gap.copy()
    cut[1:] |= segment[1:] != segment[:-1]
    # A file that knows no pauses shows them as a gap; either cuts.
    block = np.cumsum(cut, dtype=np.int64)
    # A second between blocks keeps the grid from joining them.
    clock = np.cumsum(np.where(gap, 0.0, step)) + 1.0 * block
    one = np.concatenate(([0], np.flatnonzero(clock[1:] > clock[:-1]) + 1))
    when, part = clock[one], block[one]
    grid = np.arange(when[0], when[-1] + 1e-6)
    even = len(grid) == len(when) and bool((grid == when).all())
    if not even:
        after = np.minimum(np.searchsorted(when, grid - 1e-6), len(when) - 1)
        before = np.searchsorted(when, grid + 1e-6, side="right") - 1
        part = np.where(part[before] == part[after], part[after], -1)

    def on_grid(values: Floats) -> Floats:
        # Around a value that is missing it gives NaN, and nothing is counted there.
        return values[one] if even else np.interp(grid, when, values[one])

    own = track.get("speed_mps")
    if own is not None and np.isnan(own).mean() <= few:
        speed = on_grid(own)
    else:
        way = on_grid(np.cumsum(np.where(cut, 0.0, motion.step_m)))
        half = int(smooth_s // 2)
        speed = np.zeros(len(grid))
        if len(grid) > 2 * half:
            speed[half:-half] = (way[2 * half :] - way[: -2 * half]) / (2 * half)
            speed[:half], speed[-half:] = speed[half], speed[-half - 1]
    x, y = _plane(track, few)
    accuracy = track.get("gps_accuracy_m")
    return Seconds(
        part,
        speed,
        None if x is None else on_grid(x),
        None if y is None else on_grid(y),
        None if accuracy is None else ~(on_grid(accuracy) > accurate_m),
    )


def _plane(track: Track, few: float) -> tuple[Floats | None, Floats | None]:
    """Positions in metres east and north of the first, None where more than a few are missing."""
    lat, lon = track.get("lat_deg"), track.get("lon_deg")
    if lat is None or lon is None or np.isnan(lat + lon).mean() > few:
        return None, None
    first = int(np.argmax(np.isfinite(lat + lon)))
    metre = EARTH_RADIUS_M * np.pi / 180
    across = metre * np.cos(np.radians(lat[first]))
    return (lon - lon[first]) * across, (lat - lat[first]) * metre


def _events(found: Flags, apart: int) -> tuple[Numbers, Numbers]:
    """First and last second of each event: hits no further apart than so many are one."""
    hits = np.flatnonzero(found)
    if not len(hits):
        return hits, hits
    anew = np.diff(hits) > apart
    return hits[np.concatenate(([True], anew))], hits[np.concatenate((anew, [True]))]


def _together(block: Numbers, ahead: int) -> Flags:
    """Whether each second and the one so far ahead lie in one block."""
    same: Flags = (block[:-ahead] == block[ahead:]) & (block[:-ahead] >= 0)
    return same


def count_surges(seconds: Seconds, *, within_s: int = 5, rise_mps: float = 1.5) -> Floats:
    """Surges by the speed that they reach: at least so much faster within 5 s.

    Returns
    -------
    ndarray
        Number by bin of ``SURGE_BIN_MPS``: which of them are fast is known once the runner's
        critical speed is.
    """
    speed = seconds.speed_mps
    if len(speed) <= within_s:
        return np.zeros(SURGE_BINS)
    rise = speed[within_s:] - speed[:-within_s]
    rises = (rise >= rise_mps) & _together(seconds.block, within_s)
    first, last = _events(rises, within_s)
    ends = np.column_stack((first, last + within_s + 1)).ravel()
    # The last pair may end with the track, where reduceat wants one more.
    reached = np.fmax.reduceat(np.append(speed, 0.0), ends)[::2] if len(ends) else np.zeros(0)
    index = np.minimum(reached / SURGE_BIN_MPS, SURGE_BINS - 1).astype(np.int64)
    return np.bincount(index, minlength=SURGE_BINS).astype(np.float64)


def surges_above(histogram: Floats, speed_mps: float) -> float:
    """Number of surges that end above a speed, the bin that holds it left out."""
    return float(histogram[int(np.ceil(speed_mps / SURGE_BIN_MPS - 1e-9)) :].sum())


def count_hard_stops(
    seconds: Seconds,
    *,
    within_s: int = 3,
    from_mps: float = 3.0,
    to_mps: float = 0.5,
    no_pause_s: int = 5,
) -> float:
    """Stops from running to standing within 3 s, none where the watch was paused within 5 s."""
    speed, ahead = seconds.speed_mps, within_s + no_pause_s
    if len(speed) <= ahead:
        return 0.0
    stopped = (speed[:-within_s] >= from_mps) & (speed[within_s:] <= to_mps)
    if seconds.accurate is not None:
        stopped &= seconds.accurate[:-within_s] & seconds.accurate[within_s:]
    # A watch that pauses by itself stops the clock at a traffic light, not the legs.
    calm = _together(seconds.block, ahead)
    return float(len(_events(stopped[: len(calm)] & calm, within_s)[0]))


def count_sharp_turns(
    seconds: Seconds,
    *,
    within_s: int = 5,
    turn_deg: float = 120.0,
    from_mps: float = 2.5,
    loss: float = 0.3,
    aim_s: int = 2,
    least_m: float = 1.5,
) -> float:
    """Turns by 120 degrees or more within 5 s, from a run and with a loss of speed of 30 %.

    Parameters
    ----------
    seconds : Seconds
        With positions.
    aim_s : int
        A bearing is taken from the way of so many seconds [s].
    least_m : float
        On less way than this a bearing is noise [m].
    """
    x, y, speed = seconds.x_m, seconds.y_m, seconds.speed_mps
    ahead = aim_s + within_s
    if x is None or y is None or len(speed) <= ahead:
        return 0.0
    dx, dy = x[aim_s:] - x[:-aim_s], y[aim_s:] - y[:-aim_s]
    # The way of the seconds before a moment, against that of the last seconds of the five after.
    ax, ay, bx, by = dx[:-within_s], dy[:-within_s], dx[within_s:], dy[within_s:]
    long_a, long_b = np.hypot(ax, ay), np.hypot(bx, by)
    turned = ax * bx + ay * by <= np.cos(np.radians(turn_deg)) * long_a * long_b
    turned &= (long_a >= least_m) & (long_b >= least_m)
    then = speed[aim_s : len(speed) - within_s]
    turned &= then >= from_mps
    at = np.flatnonzero(turned)
    slowest = np.fmin.reduce([speed[at + aim_s + n] for n in range(within_s + 1)])
    turned[at] = slowest <= (1 - loss) * then[at]
    turned &= _together(seconds.block, ahead)
    if seconds.accurate is not None:
        turned &= seconds.accurate[aim_s : len(speed) - within_s]
    return float(len(_events(turned, within_s)[0]))
