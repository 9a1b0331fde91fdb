"""Height lost and gained, and the grade underfoot, from a track's altitude.

Raw altitude summed up gives nonsense: noise goes up and down as well. What counts here is a
*turning point*: the track has turned when it has come back by more than a threshold, and only
the legs between turning points are summed. That is also what the watches do: on 315 runs of
Forerunner 910XT, fenix 3 HR and fenix 5 with at least 30 m of descent this recipe gives 0.97,
1.02 and 1.02 (medians) of the watch's own number, and nine runs in ten lie within 0.81-1.23.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kneewatch.metrics.descent import Floats, between_turns, grade_over, joined, stretches

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
    """Descent that a 30-second mean takes away [m/km]: what the source is guessed from."""

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
        True or False when the device is known (`barometer_of`), None to guess from the noise.
        The guess tells noisy from quiet, not one sensor from another: GPS altitude that the
        device has filtered passes as "barometer".

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
    rough = _roughness(t, distance, joined(altitude, block), rough_every_s, rough_smooth_s)
    if barometer is None:
        # Without a distance nothing can be judged; the careful recipe then.
        barometer = rough <= gps_roughness_m_per_km
    if barometer:
        # Nine gaps in ten: smart recording too comes every second where the altitude is restless.
        every_second = float(np.quantile(np.diff(t), 0.9)) <= every_second_s
        summed = _smoothed(t, altitude, block, sum_smooth_s if every_second else 0.0)
        smooth = _smoothed(t, altitude, block, smooth_s)
        ascent, descent = between_turns(joined(summed, block), turn_m)
        _, steady = between_turns(joined(smooth, block), turn_m)
    else:
        smooth = _smoothed(t, altitude, block, gps_smooth_s)
        ascent, descent = between_turns(joined(smooth, block), gps_turn_m)
        steady = descent
    grade = grade_over(distance, joined(smooth, block), grade_m if barometer else gps_grade_m)

    known = _known(time, t, fill_s)
    return Elevation(
        source="barometer" if barometer else "gps",
        ascent_m=ascent,
        descent_m=descent,
        steady_descent_m=min(steady, descent),
        altitude_m=np.where(known, np.interp(time, t, smooth), np.nan),
        grade=np.where(known, np.interp(time, t, grade), np.nan),
        roughness_m_per_km=rough,
    )


def _clean(
    time: Floats, distance_m: ArrayLike, altitude_m: ArrayLike, segment: ArrayLike
) -> tuple[Floats, Floats, Floats, Floats]:
    """Samples with time and altitude, in order of time, one for each time."""
    distance = np.asarray(distance_m, dtype=np.float64)
    altitude = np.asarray(altitude_m, dtype=np.float64)
    part = np.asarray(segment, dtype=np.float64)
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
        first = np.flatnonzero(np.diff(t, prepend=-np.inf) >= _INSTANT_S)
        count = np.diff(np.append(first, len(t)))
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
    keep = np.ones(len(t), dtype=np.bool_)
    keep[1:-1] = ~(fast[:-1] & fast[1:] & (speed[:-1] * speed[1:] < 0.0))
    return t[keep], distance[keep], altitude[keep], part[keep]


def _smoothed(t: Floats, altitude: Floats, block: NDArray[np.int64], window_s: float) -> Floats:
    """Centred mean of the line through the samples; the window shrinks towards a block's ends.

    The mean of the line, not of the samples: it is the same for 1 Hz and for smart recording,
    and a steady slope stays exactly what it is.
    """
    if window_s <= 0.0:
        return altitude
    start = np.flatnonzero(np.diff(block, prepend=-1))
    length = np.diff(np.append(start, len(t)))
    after = t - np.repeat(t[start], length)
    before = np.repeat(t[start + length - 1], length) - t
    half = np.minimum(window_s / 2.0, np.minimum(after, before))

    base = float(altitude[0])
    level = altitude - base  # keeps the integral small, and with it the rounding
    step = np.diff(t)
    slope = np.diff(level) / step
    area = np.concatenate(([0.0], np.cumsum(step * (level[1:] + level[:-1]) / 2.0)))

    def area_until(when: Floats) -> Floats:
        k = np.clip(np.searchsorted(t, when, side="right") - 1, 0, len(t) - 2)
        ahead = when - t[k]
        return np.asarray(area[k] + ahead * (level[k] + ahead * slope[k] / 2.0))

    inside = half > 0.0
    mean = level.copy()
    wide = half[inside]
    mean[inside] = (area_until(t[inside] + wide) - area_until(t[inside] - wide)) / (2.0 * wide)
    return mean + base


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
    smooth = _smoothed(even, level, np.zeros(len(even), dtype=np.int64), smooth_s)
    lost = np.maximum(-np.diff(level), 0.0).sum() - np.maximum(-np.diff(smooth), 0.0).sum()
    return float(lost / length_km)


def _known(time: Floats, t: Floats, fill_s: float) -> NDArray[np.bool_]:
    """Whether a time is that of a sample with altitude, or in a short gap between two."""
    right = np.minimum(np.searchsorted(t, time, side="left"), len(t) - 1)
    left = np.maximum(np.searchsorted(t, time, side="right") - 1, 0)
    near: NDArray[np.bool_] = t[right] - t[left] <= fill_s
    near &= (time >= t[0]) & (time <= t[-1])
    return near


_GARMIN_BAROMETER = re.compile(
    r"fenix|epix|enduro|tactix|marq|instinct_|instinct3|venu(?!sq)|vivo_?active_?(hr|3|4)"
    r"|fr(165|255|265|570|645|745|910xt|920xt|935|945|955|965|970)(?!\d)"
    r"|edge_?(130|500|510|520|530|540|800|810|820|830|840|1000|1030|1040|1050)(?!\d)"
)
_GARMIN_GPS_ONLY = re.compile(
    r"fr(10|15|25|30|35|45|55|110|210|220|225|230|235|245|310xt|405|610|620|630|735xt)(?!\d)"
    r"|edge_?(20|25|200)(?!\d)|vivo_active(_apac)?$|vivoactive[56]|venusq"
)
# Garmin's numbers newer than the FIT profile of fitdecode 0.11.
_GARMIN_NUMBERS = {
    4565: "fr970",
    4570: "fr570_large",
    4574: "fr570_small",
    4595: "fenix7_pro_solar_no_wifi",
    4603: "venu_x1",
    4631: "fenix8_pro",
    4643: "venu4",
    4644: "venu4s",
}
_OTHERS = {("coros", 802): True, ("wahoo_fitness", 28): True, ("wahoo_fitness", 31): True}


def barometer_of(manufacturer: str | None, product: str | int | None) -> bool | None:
    """Whether a device model has a barometer, None when that is not known.

    Parameters
    ----------
    manufacturer, product
        As the FIT file's `file_id` gives them in the profile's words ("garmin", "fenix3_hr"),
        the product as a number where the profile does not know it.
    """
    if manufacturer is None or product is None:
        return None
    maker = str(manufacturer).strip().lower()
    name = str(product).strip().lower()
    number = int(name) if name.isdecimal() else -1
    if maker != "garmin":
        return _OTHERS.get((maker, number))
    name = _GARMIN_NUMBERS.get(number, name)
    if _GARMIN_BAROMETER.match(name):
        return True
    return False if _GARMIN_GPS_ONLY.match(name) else None
