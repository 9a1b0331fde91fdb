"""The mean of a line through samples against its integral, piece by piece."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.metrics.smoothing import smoother


def mean_of_line(t: list[float], level: list[float], begin: float, end: float) -> float:
    """Trapezoids between the ends and the samples that lie between them."""
    at = [begin, *(when for when in t if begin < when < end), end]
    there = np.interp(at, t, level)
    return float(np.sum(np.diff(at) * (there[1:] + there[:-1]) / 2) / (end - begin))


@given(
    st.lists(st.tuples(st.sampled_from([1.0, 2.0, 7.0, 0.3]), st.integers(-9, 9)), min_size=2),
    st.sampled_from([3.0, 5.0, 10.0, 40.0]),
    st.booleans(),
)
def test_each_point_is_the_mean_around_it(
    steps: list[tuple[float, int]], window_s: float, cut: bool
) -> None:
    t = np.cumsum([step for step, _ in steps])
    level = 500 + np.cumsum([float(climb) for _, climb in steps])
    block = np.zeros(len(t), dtype=np.int64)
    if cut:
        block[len(t) // 2 :] = 1
    found = smoother(t, level, block)(window_s)
    for i, when in enumerate(t):
        own = t[block == block[i]]
        half = min(window_s / 2, when - own[0], own[-1] - when)
        expected = level[i]
        if half > 0:
            expected = mean_of_line(t.tolist(), level.tolist(), when - half, when + half)
        assert found[i] == pytest.approx(expected, abs=1e-9)


def test_no_window_is_no_change() -> None:
    level = np.array([1.0, 5.0, 2.0])
    assert smoother(np.arange(3.0), level, np.zeros(3, dtype=np.int64))(0.0) is level
