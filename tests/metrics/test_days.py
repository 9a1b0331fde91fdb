"""Daily load: distance, training impulse, ratios, monotony, and what is not known."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneewatch import columns
from kneewatch.metrics.days import (
    BANISTER_WOMEN,
    DAYS_AT_LEAST,
    count_days,
    impulse,
    monotony,
    moving_mean,
)
from kneewatch.metrics.intensity import HEART_BINS

FIRST = date(2025, 3, 1)


def run(day: int, km: float | None = 10.0, hour: int = 7, **values: Any) -> dict[str, Any]:
    start = datetime(2025, 3, 1, hour, tzinfo=UTC) + timedelta(days=day)
    row = {
        "start": start,
        "local_date": start.date().isoformat(),
        "distance_m": None if km is None else 1000 * km,
        "moving_s": 3600.0,
        "hard_s": 0.0,
    }
    return row | values


def beating(bpm: int, seconds: float) -> dict[str, Any]:
    histogram = np.zeros(HEART_BINS)
    histogram[bpm] = seconds
    return {"heart_rate_histogram_s": histogram}


def frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    index = pd.Index([f"r{n}" for n in range(len(rows))], name="id", dtype=object)
    return columns.frame(columns.ACTIVITIES, rows, index)


def days_of(rows: list[dict[str, Any]], last: int, **known: Any) -> pd.DataFrame:
    return count_days(frame(rows), FIRST, FIRST + timedelta(days=last), **known)


def on(days: pd.DataFrame, day: int) -> pd.Series[Any]:
    return days.loc[(FIRST + timedelta(days=day)).isoformat()]


# --- what is known -------------------------------------------------------------------------------


def test_a_day_before_the_first_file_is_unknown_and_one_without_a_run_is_zero() -> None:
    days = days_of([run(0), run(2), run(2, 5, hour=18)], 5)
    assert len(days) == DAYS_AT_LEAST
    assert days["known"].tolist() == [False] * (DAYS_AT_LEAST - 6) + [True] * 6
    assert days["distance_m"].iloc[:-6].isna().all()
    assert days["distance_m"].iloc[-6:].tolist() == [10_000, 0, 15_000, 0, 0, 0]
    assert days["runs"].iloc[-6:].tolist() == [1, 0, 2, 0, 0, 0]


def test_other_sports_before_the_first_run_make_the_days_known() -> None:
    days = days_of([run(3)], 5)
    assert on(days, 1)["distance_m"] == 0.0


def test_a_log_without_a_file_has_its_columns_and_no_day_known() -> None:
    days = count_days(frame([]), None, FIRST)
    assert list(days.columns) == list(columns.DAYS)
    assert len(days) == DAYS_AT_LEAST
    assert not days["known"].any()
    assert days.drop(columns=["known", "runs"]).isna().all(axis=None)


def test_a_run_without_a_distance_leaves_its_day_and_week_unknown() -> None:
    days = days_of([run(n) for n in range(3)] + [run(3, None)] + [run(12)], 12)
    assert math.isnan(on(days, 3)["distance_m"])
    assert math.isnan(on(days, 9)["distance_7d_m"])
    assert on(days, 10)["distance_7d_m"] == 0.0


def test_sums_ratios_and_monotony_wait_for_whole_windows() -> None:
    days = days_of([run(n) for n in range(0, 40, 2)], 40)
    first = {
        name: int(days[name].notna().to_numpy().argmax())
        for name in days
        if days[name].notna().any()
    }
    assert first["distance_7d_m"] == first["monotony"] == first["strain_m"] == 6
    assert first["acwr_coupled"] == first["acwr_uncoupled"] == first["acwr_ewma"] == 27


# --- ratios --------------------------------------------------------------------------------------


def test_ratios_by_hand() -> None:
    """Three weeks of 10 km every other day of seven, then a week of double."""
    rows = [run(n) for n in range(21) if n % 7 in (0, 2, 4)]
    rows += [run(n, 20) for n in range(21, 28) if n % 7 in (0, 2, 4)]
    last = on(days_of(rows, 27), 27)
    assert last["distance_7d_m"] == pytest.approx(60_000)
    assert last["acwr_coupled"] == pytest.approx((60 / 7) / (150 / 28))
    assert last["acwr_uncoupled"] == pytest.approx((60 / 7) / (90 / 21))


@pytest.mark.parametrize(("days", "weight"), [(7, 0.25), (28, 2 / 29)])
def test_weighted_mean_is_williams(days: int, weight: float) -> None:
    # Williams 2017: lambda = 2 / (N + 1), 0.25 and 0.069.
    load = np.r_[np.full(days, 8.0), [20.0, 0.0]]
    mean = moving_mean(load, weight, days)
    assert np.isnan(mean[: days - 1]).all()
    assert mean[days - 1] == 8.0
    after = weight * 20 + (1 - weight) * 8
    assert mean[-2:] == pytest.approx([after, (1 - weight) * after])


def test_slow_and_fast_mean_and_the_form_of_the_day_before() -> None:
    known = {"max_heart_rate_bpm": 190, "resting_heart_rate_bpm": 50}
    rows = [run(n, **beating(140, 3600)) for n in range(42)]
    rows += [run(42, moving_s=7200.0, **beating(140, 7200))]
    days = days_of(rows, 44, **known)
    usual = on(days, 0)["trimp"]
    assert on(days, 41)["ctl"] == pytest.approx(usual)
    assert on(days, 42)["ctl"] == pytest.approx(usual + usual / 42)
    assert on(days, 42)["atl"] == pytest.approx(usual + usual / 7)
    # CTL and ATL of yesterday: on the day of the long run nothing has changed yet.
    assert on(days, 42)["tsb"] == pytest.approx(0.0, abs=1e-9)
    assert on(days, 43)["tsb"] == pytest.approx(usual / 42 - usual / 7)


def test_an_unknown_day_holds_the_mean_and_many_end_it() -> None:
    load = np.r_[np.full(8, 6.0), np.nan, 6.0, np.full(2, np.nan), np.full(3, 9.0)]
    mean = moving_mean(load, 0.25, 8)
    assert mean[7:10].tolist() == [6.0, 6.0, 6.0], "an unknown day is no rest"
    assert np.isnan(mean[11]), "three of eight are not known"
    assert not np.isnan(mean[-1]) or np.isfinite(load[-8:]).mean() < 0.75


# --- monotony ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("runs", "expected"), [(4, 1.15), (5, 1.58), (6, 2.45), (7, 10.0)])
def test_monotony_counts_rest_days_of_a_runner_with_equal_runs(runs: int, expected: float) -> None:
    # EVIDENCE 2: 4 equal runs = 1.15, 5 = 1.58, 6 = 2.45, 7 = infinite, here the cap.
    load = np.array([10.0] * runs + [0.0] * (7 - runs))
    assert monotony(load)[-1] == pytest.approx(expected, abs=0.006)


def test_a_week_without_a_run_has_no_monotony() -> None:
    assert np.isnan(monotony(np.zeros(7))).all()
    days = days_of([run(0)], 10)
    assert math.isnan(on(days, 10)["monotony"])
    assert math.isnan(on(days, 10)["strain_m"])


@given(st.lists(st.floats(0, 50_000), min_size=7, max_size=20), st.floats(0.1, 100))
@settings(max_examples=50)
def test_monotony_has_no_unit_and_a_cap(load: list[float], scale: float) -> None:
    found, scaled = monotony(np.array(load)), monotony(np.array(load) * scale)
    known = np.isfinite(found)
    assert (found[known] <= 10.0).all()
    # At the edge of equal days rounding decides between a large number and the cap.
    assert scaled[known] == pytest.approx(found[known], rel=1e-3)


# --- training impulse ----------------------------------------------------------------------------


def test_impulse_by_hand() -> None:
    # Banister: T [min] * dHR * 0.64 * exp(1.92 dHR), dHR = (150 - 50) / (190 - 50).
    runs = frame([run(0, **beating(150, 3600))])
    share = 100 / 140
    known = {"max_heart_rate_bpm": 190.0, "resting_heart_rate_bpm": 50.0}
    assert impulse(runs, **known) == pytest.approx([60 * share * 0.64 * math.exp(1.92 * share)])
    women = impulse(runs, **known, banister=BANISTER_WOMEN)
    assert women == pytest.approx([60 * share * 0.86 * math.exp(1.67 * share)])


def test_minutes_without_a_heart_rate_count_like_the_others_if_they_are_few() -> None:
    known = {"max_heart_rate_bpm": 190.0, "resting_heart_rate_bpm": 50.0}
    whole = frame([run(0, **beating(150, 3600))])
    part = frame([run(0, **beating(150, 1900))])
    little = frame([run(0, **beating(150, 1700))])
    assert impulse(part, **known) == pytest.approx(impulse(whole, **known))
    assert np.isnan(impulse(little, **known)).all()


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"max_heart_rate_bpm": 190.0},
        {"resting_heart_rate_bpm": 50.0},
        {"max_heart_rate_bpm": 50.0, "resting_heart_rate_bpm": 50.0},
    ],
)
def test_without_both_heart_rates_there_is_no_impulse(known: dict[str, float]) -> None:
    assert np.isnan(impulse(frame([run(0, **beating(150, 3600))]), **known)).all()


def test_the_settings_of_the_watch_serve_and_the_runner_knows_better() -> None:
    settings_ = {"max_hr_setting_bpm": 190, "rest_hr_setting_bpm": 50}
    runs = frame([run(0, **beating(150, 3600), **settings_)])
    said = impulse(frame([run(0, **beating(150, 3600))]), max_heart_rate_bpm=200.0)
    assert np.isnan(said).all()
    assert impulse(runs, max_heart_rate_bpm=200.0) < impulse(runs)


def test_a_run_without_a_heart_rate_is_no_rest() -> None:
    known = {"max_heart_rate_bpm": 190, "resting_heart_rate_bpm": 50}
    days = days_of([run(0, **beating(150, 3600)), run(1)], 2, **known)
    assert on(days, 0)["trimp"] > 0
    assert math.isnan(on(days, 1)["trimp"])
    assert on(days, 2)["trimp"] == 0.0


# --- laws ----------------------------------------------------------------------------------------

distances = st.lists(st.floats(0.5, 40), min_size=1, max_size=40)


@given(distances, st.integers(0, 39))
@settings(max_examples=30, deadline=None)
def test_what_comes_later_changes_no_day_before(kms: list[float], cut: int) -> None:
    rows = [run(n, km, **beating(140, 3600)) for n, km in enumerate(kms)]
    known = {"max_heart_rate_bpm": 190, "resting_heart_rate_bpm": 50}
    cut = min(cut, len(rows) - 1)
    whole, part = days_of(rows, len(rows) - 1, **known), days_of(rows[: cut + 1], cut, **known)
    names = [name for name in part.index if name in whole.index and name >= FIRST.isoformat()]
    pd.testing.assert_frame_equal(whole.loc[names], part.loc[names], check_exact=False)


@given(distances)
@settings(max_examples=30, deadline=None)
def test_a_run_split_in_two_is_the_same_day(kms: list[float]) -> None:
    rows = [run(n, km) for n, km in enumerate(kms)]
    halves = [run(n, km / 2, hour=h) for n, km in enumerate(kms) for h in (7, 18)]
    whole, split = days_of(rows, len(kms)), days_of(halves, len(kms))
    same = [name for name in whole if name not in ("runs", "monotony", "strain_m")]
    pd.testing.assert_frame_equal(whole[same], split[same])
