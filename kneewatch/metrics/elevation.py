"""Height lost and gained, and the grade underfoot, from a track's altitude.

Raw altitude summed up gives nonsense: noise goes up and down as well. What counts here is a
*turning point*: the track has turned when it has come back by more than a threshold, and only
the legs between turning points are summed. That is also what the watches do: on 315 runs of
Forerunner 910XT, fenix 3 HR and fenix 5 with at least 30 m of descent this recipe gives 0.97,
1.02 and 1.02 (medians) of the watch's own number, and nine runs in ten lie within 0.81-1.23.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kneewatch.metrics.descent import Floats, between_turns, grade_over, joined, stretches
from kneewatch.metrics.sequences import never_falling, spans
from kneewatch.metrics.smoothing import smoother

BAROMETER_TURN_M = 3.1
GPS_TURN_M = 12.0
"""The track has turned when it came back by so much [m]; calibrated as told below."""


@dataclass(frozen=True)
class Elevation:
    """What the altitude of one run says.

    `source` speaks of quality. "barometer": a barometer, or altitude as quiet as one (corrected
    against a terrain model, or filtered by the device): the numbers do not tell these apart.
    "gps": known to have no barometer, or as noisy as unaided GPS. "none": no altitude, or a
    constant one, as on a treadmill.

    `steady_descent_m` is the part of `descent_m` that outlives a 10-second mean. Where it is far
    below (half, say), gusts or a wet sensor moved the altitude and not the runner; the watch's
    own number is then just as wrong.
    """

    source: str
    """"barometer", "gps" or "none"."""
    ascent_m: float
    """Height gained [m]; NaN when the source is "none"."""
    descent_m: float
    """Height lost [m]; NaN when the source is "none"."""
    steady_descent_m: float
    """Height lost after a 10-second mean [m]; for "gps" the same as `descent_m`."""
    altitude_m: Floats
    """Smoothed altitude at the input samples [m], NaN where unknown."""
    grade: Floats
    """Rise over run at the input samples [share], NaN where unknown."""
    roughness_m_per_km: float
    """Descent that a 30-second mean takes away [m/km]: what the source is guessed from; NaN
    where the device is known."""

    @property
    def steep_known(self) -> bool:
        """Whether `grade` may fill bins beyond -5 and +5 %; for GPS it serves pace alone."""
        return self.source == "barometer"


_INSTANT_S = 0.001  # formats give milliseconds at best


def process_elevation(
    time_s: ArrayLike,
    distance_m: ArrayLike,
    altitude_m: ArrayLike,
    segment: ArrayLike,
    barometer: bool | None = None,
    *,
    # Calibrated on the watches named above, whose step is 0.2 m: "more than 3 m". Ours over
    # theirs, 5th to 95th percentile: 0.84-1.26 at 3.0, 0.81-1.23 at 3.1, 0.74-1.20 at 3.3.
    turn_m: float = BAROMETER_TURN_M,
    # For the sums, of recordings with a point a second. Nine such files of seven models come
    # nearest to their device at 5 s (fr935 81 for 73 m, without 90; edge810 539 for 515, 592).
    # Smart recording is not averaged: the points kept are the extremes, and the mean cuts
    # them off (5 s: a quarter of the 910XT runs lose more than a third).
    sum_smooth_s: float = 5.0,
    every_second_s: float = 1.5,
    # For grade and profile, where the exact height of an extreme is no matter.
    smooth_s: float = 10.0,
    grade_m: float = 100.0,
    # GPS noise of 4 m with a memory of 60 s on a flat 10.8 km leaves 37 m; 30 s and 10 m leave
    # 64. 60 s and 12 m would leave 24, but lose a third of hills of 15 m instead of a sixth.
    gps_turn_m: float = GPS_TURN_M,
    gps_smooth_s: float = 40.0,
    # False "-5 % or steeper" on that flat: 0.7 % of the way at 200 m, 0.04 % at 400 m.
    gps_grade_m: float = 400.0,
    # A longer pause hides a lift, a car, the weather. In four runs of four the fenix 3 and 5
    # do not count it either; the 910XT does, even 111 m in 200 s over 13 m of way.
    pause_s: float = 60.0,
    # A lone point off by this speed is a spike; a step by this speed and height is the watch
    # finding its true altitude (27 of 635 runs, most at the start). Not less: the 910XT
    # counts its own jumps of 3-10 m/s, catching up after a hold or mere gusts; without them the
    # 5th percentile is 0.64. `steady_descent_m` tells which runs live on them.
    glitch_mps: float = 15.0,
    glitch_m: float = 30.0,
    # Nobody runs that far on ground so level, and a barometer drifts more: the least range of 623
    # runs of three watches is 1.8 m. Some phones write the change since the last point.
    level_m: float = 1.0,
    level_way_m: float = 500.0,
    # Missing altitude is bridged in the output over gaps up to this long.
    fill_s: float = 30.0,
    # Compared every 5 s, so that 1 Hz and smart recording are judged alike. Barometers: median
    # 2-4, 99th percentile 24; simulated GPS noise: 29-33 on the flat, 16-21 on long hills.
    rough_every_s: float = 5.0,
    rough_smooth_s: float = 30.0,
    gps_roughness_m_per_km: float = 15.0,
) -> Elevation:
    """Ascent, descent, smoothed altitude and grade of one run.

    Parameters
    ----------
    time_s
        Time since the start [s]; put in order and made unique if it is not.
    distance_m
        Cumulative distance [m], may have NaN.
    altitude_m
        Altitude as recorded [m], may have NaN.
    segment
        A number that changes wherever the recording was paused [-].
    barometer
        True or False when the device is known (`barometers.barometer_of`), None to guess from the
        noise. The guess tells noisy from quiet, not one sensor from another: GPS altitude that
        the device has filtered passes as "barometer".

    Notes
    -----
    Beware of taking the watch for the truth: a quarter of the 910XT runs lose more than 40 % of
    their descent to a 10-second mean (`steady_descent_m`), of the fenix runs hardly any.
    """
    time = np.asarray(time_s, dtype=np.float64)
    t, distance, altitude, part = _clean(time, distance_m, altitude_m, segment)
    t, distance, altitude, part = _without_spikes(t, distance, altitude, part, glitch_mps)
    spread = float(np.ptp(altitude)) if len(t) else 0.0
    far = len(t) > 1 and distance[-1] - distance[0] >= level_way_m
    if len(t) < 2 or spread == 0.0 or (far and spread < level_m):
        unknown = np.full(len(time), np.nan)
        return Elevation("none", math.nan, math.nan, math.nan, unknown, unknown.copy(), math.nan)

    block = stretches(t, altitude, part, pause_s, glitch_mps, glitch_m)
    rough = math.nan
    if barometer is None:
        rough = _roughness(t, distance, joined(altitude, block), rough_every_s, rough_smooth_s)
        # Without a distance nothing can be judged; the careful recipe then.
        barometer = rough <= gps_roughness_m_per_km
    smoothed = smoother(t, altitude, block)
    if barometer:
        summed = smoothed(sum_smooth_s if _is_regular(np.diff(t), every_second_s) else 0.0)
        smooth = smoothed(smooth_s)
        ascent, descent = between_turns(joined(summed, block), turn_m)
        _, steady = between_turns(joined(smooth, block), turn_m)
    else:
        smooth = smoothed(gps_smooth_s)
        ascent, descent = between_turns(joined(smooth, block), gps_turn_m)
        steady = descent
    grade = grade_over(distance, joined(smooth, block), grade_m if barometer else gps_grade_m)

    altitude_m, grade = _at(time, t, (smooth, grade), fill_s)
    return Elevation(
        source="barometer" if barometer else "gps",
        ascent_m=ascent,
        descent_m=descent,
        steady_descent_m=min(steady, descent),
        altitude_m=altitude_m,
        grade=grade,
        roughness_m_per_km=rough,
    )


def _clean(
    time: Floats, distance_m: ArrayLike, altitude_m: ArrayLike, segment: ArrayLike
) -> tuple[Floats, Floats, Floats, Floats]:
    """Samples with time and altitude, in order of time, one for each time."""
    distance = np.asarray(distance_m, dtype=np.float64)
    altitude = np.asarray(altitude_m, dtype=np.float64)
    part = np.asarray(segment, dtype=np.float64)
    # The usual file lacks nothing and has each time once.
    complete = np.isfinite(time) & np.isfinite(distance) & np.isfinite(altitude)
    if complete.all() and not np.any(np.diff(time) < _INSTANT_S):
        return time, never_falling(distance), altitude, part
    keep = np.flatnonzero(np.isfinite(time) & np.isfinite(altitude))
    if np.any(np.diff(time[keep]) < 0.0):
        keep = keep[np.argsort(time[keep], kind="stable")]
    t, altitude, part = time[keep], altitude[keep], part[keep]
    paced = np.flatnonzero(np.isfinite(time) & np.isfinite(distance))
    if paced.size:
        paced = paced[np.argsort(time[paced], kind="stable")]
        distance = np.maximum.accumulate(np.interp(t, time[paced], distance[paced]))
    else:
        distance = np.full(len(t), np.nan)
    if np.any(np.diff(t) < _INSTANT_S):
        # The mean of the samples of one instant, so that no order among them is preferred.
        first, count = spans(np.diff(t) >= _INSTANT_S)
        altitude = np.add.reduceat(altitude, first) / count
        distance = np.add.reduceat(distance, first) / count
        t, part = t[first], part[first]
    return t, distance, altitude, part


def _without_spikes(
    t: Floats, distance: Floats, altitude: Floats, part: Floats, glitch_mps: float
) -> tuple[Floats, Floats, Floats, Floats]:
    if len(t) < 3:
        return t, distance, altitude, part
    speed = np.diff(altitude) / np.diff(t)
    fast = np.abs(speed) > glitch_mps
    if not fast.any():
        return t, distance, altitude, part
    keep = np.ones(len(t), dtype=np.bool_)
    keep[1:-1] = ~(fast[:-1] & fast[1:] & (speed[:-1] * speed[1:] < 0.0))
    return t[keep], distance[keep], altitude[keep], part[keep]


def _is_regular(gap_s: Floats, limit_s: float, share: float = 0.9) -> bool:
    """Whether nine gaps in ten are short.

    Smart recording too comes every second where the altitude is restless.
    """
    last = share * (len(gap_s) - 1)
    # So many that the quantile must be below, which takes far longer to find.
    if np.count_nonzero(gap_s <= limit_s) > last + 1:
        return True
    return float(np.quantile(gap_s, share)) <= limit_s


def _roughness(
    t: Floats, distance: Floats, altitude: Floats, every_s: float, smooth_s: float
) -> float:
    """Descent that a mean takes away, for each kilometre [m/km]."""
    length_km = (distance[-1] - distance[0]) / 1000.0
    if not length_km > 0.0:
        return math.nan
    # Evenly between the ends, so that the way back has the same grid. Hours of pause would make
    # it endless; they are flat and add nothing.
    clock = np.concatenate(([0.0], np.cumsum(np.minimum(np.diff(t), 60.0))))
    even = np.linspace(0.0, clock[-1], max(2, round(clock[-1] / every_s) + 1))
    level = np.interp(even, clock, altitude)
    smooth = smoother(even, level, np.zeros(len(even), dtype=np.int64))(smooth_s)
    lost = np.maximum(-np.diff(level), 0.0).sum() - np.maximum(-np.diff(smooth), 0.0).sum()
    return float(lost / length_km)


def _at(
    time: Floats, t: Floats, columns: tuple[Floats, Floats], fill_s: float
) -> tuple[Floats, Floats]:
    """Columns of the samples at ``t`` for all the times asked for, NaN in long gaps."""
    if np.array_equal(time, t):  # nothing was left out
        return columns
    known = _known(time, t, fill_s)
    first, second = (np.where(known, np.interp(time, t, column), np.nan) for column in columns)
    return first, second


def _known(time: Floats, t: Floats, fill_s: float) -> NDArray[np.bool_]:
    """Whether a time is that of a sample with altitude, or in a short gap between two."""
    right = np.minimum(np.searchsorted(t, time, side="left"), len(t) - 1)
    left = np.maximum(np.searchsorted(t, time, side="right") - 1, 0)
    near: NDArray[np.bool_] = t[right] - t[left] <= fill_s
    near &= (time >= t[0]) & (time <= t[-1])
    return near
