"""Days lost to injuries."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kneewatch.metrics.burden import days_lost

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)

days = st.dates(date(2024, 6, 1), date(2026, 6, 1))
spells = st.lists(
    st.tuples(days, st.one_of(st.none(), st.integers(0, 90))).map(
        lambda made: (made[0], None if made[1] is None else made[0] + timedelta(days=made[1]))
    ),
    max_size=6,
)


def test_both_ends_are_lost_and_one_that_goes_on_lasts() -> None:
    assert days_lost([(date(2025, 3, 1), date(2025, 3, 10))], FIRST, LAST) == 10
    assert days_lost([(date(2025, 12, 30), None)], FIRST, LAST) == 2
    assert days_lost([], FIRST, LAST) == 0
    assert days_lost([(date(2024, 12, 1), date(2025, 1, 5))], FIRST, LAST) == 5


@given(spells)
def test_each_day_counts_once(found: list[tuple[date, date | None]]) -> None:
    lost = {
        FIRST + timedelta(days=n)
        for n in range(365)
        if any(a <= FIRST + timedelta(days=n) <= (b or LAST) for a, b in found)
    }
    assert days_lost(found, FIRST, LAST) == len(lost)
