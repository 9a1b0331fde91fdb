"""Alerts and onsets by hand: day 0 is the first of the notes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.audit.counts import Looks, Tally, count_by_days, count_by_run
from kneewatch.audit.noted import Event
from kneewatch.audit.onsets import Followed, follow
from kneewatch.audit.ratios import Stratum

DAY = date(2025, 1, 1)


def notes(*events: int, days: int = 60, mornings: tuple[int, ...] = ()) -> Followed:
    said = [Event(DAY + timedelta(days=n), morning=n in mornings) for n in events]
    return follow(said, [(DAY, DAY + timedelta(days=days - 1))])


def looked(runs: list[int], alerts: list[int], untold: list[int] | None = None) -> Looks:
    places = np.array(runs, dtype=np.int64)
    told = ~np.isin(places, untold or [])
    return Looks(places + DAY.toordinal(), np.isin(places, alerts), told)


def within(followed: Followed, alerts: list[int], days: int = 7, step: int = 2) -> Tally:
    runs = sorted({*range(0, len(followed.at_risk), step), *alerts})
    return count_by_days(looked(runs, alerts), followed, days)


def test_pain_that_goes_on_is_one_onset() -> None:
    followed = notes(20, 21, 25, 38)
    assert followed.onsets.tolist() == [20], "13 quiet days between 25 and 38 are too few"
    assert np.flatnonzero(~followed.at_risk).tolist() == list(range(21, 53))


def test_after_quiet_weeks_pain_is_new() -> None:
    assert notes(20, 35).onsets.tolist() == [20, 35]
    assert notes(20, 34).onsets.tolist() == [20]


def test_pain_of_before_the_notes_is_no_onset_in_them() -> None:
    followed = notes(-3, 5)
    assert followed.onsets.tolist() == []
    assert np.flatnonzero(followed.at_risk)[0] == 20


def test_an_onset_after_an_alert_is_a_hit_with_its_lead() -> None:
    tally = within(notes(20), [15])
    assert (tally.alerts, tally.hits, tally.false_alarms, tally.misses) == (1, 1, 0, 0)
    assert tally.leads == (5,)
    assert tally.stratum == Stratum(hits=1, exposed=5, misses=0, quiet=60 - 1 - 1 - 5 - 14)


def test_a_long_alert_is_not_ten_hits() -> None:
    tally = within(notes(20), [9, 11, 13, 15, 17, 19])
    assert (tally.alerts, tally.hits, tally.stratum.hits) == (1, 1, 1)
    assert tally.leads == (7,), "from the first alert in the window, not from the stretch's start"


def test_beyond_the_window_it_is_a_false_alarm_and_a_miss() -> None:
    tally = within(notes(23), [15])
    assert (tally.hits, tally.false_alarms, tally.misses) == (0, 1, 1)
    assert within(notes(23), [15], days=14).hits == 1


def test_an_alert_on_the_very_day_warned_nobody() -> None:
    tally = within(notes(20), [20])
    assert (tally.hits, tally.false_alarms, tally.misses, tally.same_day) == (0, 0, 0, 1)
    assert tally.undecided == 1


def test_an_alert_at_the_end_of_the_notes_is_undecided() -> None:
    tally = within(notes(), [56])
    assert (tally.alerts, tally.false_alarms, tally.undecided) == (1, 0, 1)
    assert within(notes(), [52]).false_alarms == 1


def test_an_alert_in_pain_counts_for_nothing() -> None:
    assert within(notes(20), [24]).alerts == 0


def test_days_on_which_the_rule_could_not_tell_are_neither() -> None:
    runs = list(range(0, 60, 2))
    tally = count_by_days(looked(runs, [], untold=runs), notes(20), 7)
    assert tally == Tally()


def test_weeks_without_a_run_are_neither() -> None:
    """An onset long after the last run is no miss: there was nobody to be warned."""
    tally = count_by_days(looked([0, 2], []), notes(40), 7)
    assert (tally.misses, tally.stratum.quiet) == (0, 9)


def test_by_run_an_onset_belongs_to_the_last_run() -> None:
    found = count_by_run(looked([0, 10, 18, 24], [18]), notes(20))
    assert found == Stratum(hits=1, exposed=1, misses=0, quiet=2), "run 24 lay in pain"
    found = count_by_run(looked([0, 10, 18, 20], [18]), notes(20))
    assert found == Stratum(hits=0, exposed=1, misses=1, quiet=3), "the run of the day itself"


def test_by_run_what_is_felt_in_the_morning_belongs_to_the_run_before() -> None:
    """Evening runs on days 18 and 20; the knee hurt on the morning of day 20."""
    looks = looked([0, 10, 18, 20], [18])
    morning = count_by_run(looks, notes(20, mornings=(20,)))
    assert morning == Stratum(hits=1, exposed=1, misses=0, quiet=2), "run 20 began in pain"
    evening = count_by_run(looked([0, 10, 18, 20], [20]), notes(20, mornings=(20,)))
    assert evening == Stratum(hits=0, exposed=0, misses=1, quiet=3), "and is no alert either"
    assert within(notes(20, mornings=(20,)), [20]).alerts == 0


def test_by_run_an_onset_weeks_after_belongs_to_none() -> None:
    assert count_by_run(looked([0, 2], [2]), notes(30)).hits == 0


def test_nothing_noted_and_nothing_run() -> None:
    empty = looked([], [])
    assert count_by_days(empty, notes(20), 7).misses == 0
    assert count_by_run(empty, notes(20)) == Stratum()
    assert count_by_run(looked([1], [1]), follow([], [])) == Stratum()


@given(
    events=st.sets(st.integers(-20, 70)),
    runs=st.sets(st.integers(-5, 65)),
    alerts=st.sets(st.integers(-5, 65)),
    days=st.sampled_from([1, 7, 14]),
)
def test_no_day_and_no_onset_counts_twice(
    events: set[int], runs: set[int], alerts: set[int], days: int
) -> None:
    followed = notes(*events)
    looks = looked(sorted(runs), sorted(alerts & runs))
    tally = count_by_days(looks, followed, days)
    assert tally.stratum.exposed + tally.stratum.quiet <= followed.at_risk.sum()
    assert tally.stratum.hits + tally.stratum.misses + tally.same_day <= len(followed.onsets)
    assert tally.alerts == tally.hits + tally.false_alarms + tally.undecided
    assert min(tally.false_alarms, tally.undecided) >= 0
    assert len(tally.leads) == tally.hits
    assert all(1 <= lead <= days for lead in tally.leads)
    assert tally.hits == tally.stratum.hits
    by_run = count_by_run(looks, followed)
    assert by_run.hits <= by_run.exposed
    assert by_run.misses <= by_run.quiet


@pytest.mark.parametrize("shift", [1, 40])
def test_only_the_distance_between_days_matters(shift: int) -> None:
    followed = notes(20, 40)
    moved = replace(followed, start=followed.start + shift)
    looks = looked([4, 15, 30, 33], [15, 33])
    later = Looks(looks.days + shift, looks.alert, looks.told)
    assert count_by_days(later, moved, 7) == count_by_days(looks, followed, 7)
