"""Intervals against published tables and against themselves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.audit.ratios import Stratum, jackknife, poisson, rate_ratio, student, wilson

COUNTS = st.integers(0, 12)
TIMES = st.integers(50, 400)
STRATA = st.lists(st.builds(Stratum, COUNTS, TIMES, COUNTS, TIMES), min_size=1, max_size=4)


def test_wilson_as_newcombe_printed_it() -> None:
    """Newcombe 1998, Stat Med 17:857, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    table = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (count, of), (low, high) in table.items():
        found = wilson(count, of)
        assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(("freedom", "t"), [(7, 2.3646), (10, 2.2281), (30, 2.0423)])
def test_student_as_tables_have_it(freedom: int, t: float) -> None:
    assert student(freedom) == pytest.approx(t, abs=1e-3)


def test_jackknife_of_means_is_the_plain_standard_error() -> None:
    """With blocks of one run each the jackknife is that of a mean, p(1-p)/(n-1) on each side."""
    hits = np.array([[1.0, 0.0] * 10 + [0.0] * 20, [0.0] * 20 + [1.0, 0.0, 0.0, 0.0] * 5])
    counts = np.array([[1.0] * 20 + [0.0] * 20, [0.0] * 20 + [1.0] * 20])
    found = jackknife(hits, counts)
    assert found.value == pytest.approx(0.5 - 0.25)
    error = math.sqrt(0.25 / 19 + 0.1875 / 19)
    assert found.high - found.value == pytest.approx(student(39) * error, rel=0.02)


def test_a_share_that_rests_on_one_block_has_no_interval() -> None:
    assert jackknife(np.array([[1.0, 0.0], [1.0, 2.0]]), np.array([[4.0, 0.0], [5.0, 5.0]])) is None


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.6889), (1, 0.0253, 5.5716), (10, 4.7954, 18.3904), (100, 81.364, 121.627)],
)
def test_poisson_limits_as_tables_have_them(count: int, low: float, high: float) -> None:
    """Garwood 1936; Ulm 1990, Am J Epidemiol 131:373."""
    assert poisson(count) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


def test_no_run_gives_no_share() -> None:
    assert wilson(0, 0).value is None


def test_one_stratum_is_the_plain_rate_ratio() -> None:
    """41 and 15 cases over 28,010 and 19,017 years (Rothman, breast cancer and fluoroscopy)."""
    found = rate_ratio([Stratum(41, 28010, 15, 19017)])
    assert found.value == pytest.approx(1.86, abs=0.005)
    apart = 1.96 * math.sqrt(1 / 41 + 1 / 15)
    assert found.low == pytest.approx(found.value * math.exp(-apart), rel=1e-3)
    assert found.high == pytest.approx(found.value * math.exp(apart), rel=1e-3)


def test_without_a_hit_there_is_an_upper_limit_all_the_same() -> None:
    """Mid-P by hand: (quiet share)^m / 2 = 0.025 for m onsets, none of them after an alert."""
    found = rate_ratio([Stratum(0, 100, 10, 100)])
    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(0.05 ** (-1 / 10) - 1, rel=1e-6)


def test_with_hits_alone_there_is_a_lower_limit_all_the_same() -> None:
    found = rate_ratio([Stratum(10, 100, 0, 100)])
    assert (found.value, found.high) == (None, None)
    assert found.low == pytest.approx(1 / (0.05 ** (-1 / 10) - 1), rel=1e-6)


def test_who_never_had_an_alert_or_an_onset_says_nothing() -> None:
    assert rate_ratio([Stratum(0, 100, 0, 100), Stratum(0, 0, 5, 300)]) is None


@given(strata=STRATA)
def test_the_interval_holds_the_ratio_and_widens_with_confidence(strata: list[Stratum]) -> None:
    narrow, wide = rate_ratio(strata, 0.8), rate_ratio(strata, 0.99)
    if narrow is None:
        assert wide is None
        return
    assert wide.low <= narrow.low <= (narrow.value or math.inf)
    assert narrow.value is None or narrow.value <= (narrow.high or math.inf)
    assert (narrow.high or math.inf) <= (wide.high or math.inf)


@given(strata=STRATA)
def test_turned_round_the_ratio_is_its_inverse(strata: list[Stratum]) -> None:
    turned = [Stratum(s.misses, s.quiet, s.hits, s.exposed) for s in strata]
    one, other = rate_ratio(strata), rate_ratio(turned)
    if one is None:
        assert other is None
    elif one.value and other.value:
        assert one.value * other.value == pytest.approx(1)
        assert one.low * other.high == pytest.approx(1)
