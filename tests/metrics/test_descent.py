"""Turning points and descents against the plain loops that they stand for."""

import math

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from kneewatch.metrics.descent import between_turns, descents, joined, stretches

TURN_M = 3.1

LEVELS = st.lists(
    # In steps of a watch, so that equal levels, plateaus and legs of just the limit are common.
    st.integers(0, 62).map(lambda step: step / 10) | st.floats(-500, 500),
    min_size=1,
    max_size=60,
)


def legs_sample_by_sample(levels: list[float], turn_m: float) -> tuple[float, float]:
    """Every sample looked at in turn, none left out."""
    limit = turn_m - 1e-6
    ascent = descent = 0.0
    low = high = levels[0]
    direction = 0
    for level in levels:
        if direction >= 0 and level > high:
            high = level
        if direction <= 0 and level < low:
            low = level
        if direction == 0 and high - low >= limit:
            direction = 1 if level == high else -1
        elif direction > 0 and high - level >= limit:
            ascent += high - low
            low, direction = level, -1
        elif direction < 0 and level - low >= limit:
            descent += high - low
            high, direction = level, 1
    if direction > 0:
        ascent += high - low
    elif direction < 0:
        descent += high - low
    return ascent, descent


@given(LEVELS)
@example([0.0, TURN_M, 0.0])
@example([0.0, 0.0, 5.0, 5.0, 5.0, 1.0])
def test_only_extremes_can_be_turning_points(levels: list[float]) -> None:
    # What is left out lies on the way from one extreme to the next: the legs are the same bits.
    assert between_turns(np.array(levels), TURN_M) == legs_sample_by_sample(levels, TURN_M)


def longest_sample_by_sample(
    place: list[float], level: list[float], down: list[bool], bridge_m: float
) -> tuple[float, float]:
    """Descents put together one by one, the first of the longest kept."""
    found: list[tuple[int, int]] = []
    for i, falls in enumerate(down):
        if not falls:
            continue
        if found and (i == found[-1][1] or place[i] - place[found[-1][1]] < bridge_m):
            found[-1] = (found[-1][0], i + 1)
        else:
            found.append((i, i + 1))
    spans = [(place[b] - place[a], level[a] - level[b]) for a, b in found]
    return max(spans, key=lambda span: span[0], default=(0.0, 0.0))


@given(st.data(), st.integers(2, 40))
def test_the_longest_descent_is_that_of_the_plain_loop(data: st.DataObject, count: int) -> None:
    def draw(values: st.SearchStrategy[float]) -> np.ndarray:
        return np.array(data.draw(st.lists(values, min_size=count, max_size=count)))

    place = np.cumsum(draw(st.integers(0, 120).map(float)))
    grade = draw(st.sampled_from([-0.1, -0.02, 0.0, 0.1]))
    level = np.cumsum(draw(st.integers(-8, 8).map(float)))
    time = np.arange(float(count))
    part = np.zeros(count)
    found = descents(place, level, grade, time, part)
    down = ((grade[:-1] + grade[1:]) / 2 <= -0.02).tolist()
    expected = longest_sample_by_sample(place.tolist(), level.tolist(), down, 100.0)
    assert (found.longest_m, found.longest_drop_m) == expected


@given(LEVELS, st.data())
def test_blocks_are_joined_without_their_steps(levels: list[float], data: st.DataObject) -> None:
    altitude, time = np.array(levels), np.arange(float(len(levels)))
    parts = st.lists(st.integers(0, 2), min_size=len(levels), max_size=len(levels))
    part = np.array(data.draw(parts), dtype=float)
    block = stretches(time, altitude, part, 0.5, 15.0, 30.0)
    number = 0
    for i, now in enumerate(block.tolist()):
        if i:
            step = abs(levels[i] - levels[i - 1])
            number += part[i] != part[i - 1] or (step > 30.0 and step > 15.0)
        assert now == number
    step = np.diff(joined(altitude, block))
    assert math.isclose(float(np.abs(step[np.diff(block) > 0]).sum()), 0.0, abs_tol=1e-9)
