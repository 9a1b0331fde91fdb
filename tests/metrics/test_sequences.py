"""Arrays in order of time against plain loops."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.metrics.sequences import never_falling, spans


@given(st.lists(st.floats(allow_infinity=False), min_size=1, max_size=30))
def test_never_falling_is_the_running_maximum(values: list[float]) -> None:
    given_ = np.array(values)
    np.testing.assert_array_equal(never_falling(given_), np.maximum.accumulate(given_))


def test_what_does_not_fall_is_not_copied() -> None:
    rising = np.array([0.0, 1.0, 1.0, 4.0])
    assert never_falling(rising) is rising


@given(st.lists(st.booleans(), max_size=30))
def test_spans_hold_every_point_once(begins: list[bool]) -> None:
    expected: list[list[int]] = [[0]]
    for point, new in enumerate(begins, start=1):
        if new:
            expected.append([])
        expected[-1].append(point)
    first, length = spans(np.array(begins, dtype=bool))
    assert first.tolist() == [span[0] for span in expected]
    assert length.tolist() == [len(span) for span in expected]
