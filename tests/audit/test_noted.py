"""What of a diary counts, over which days, and where follow-up begins and ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kneewatch import evidence
from kneewatch.audit.history import Period, look_back
from kneewatch.audit.hold import hold
from kneewatch.audit.noted import DayPain, Event, Noted, clipped, noted, pain_by_day, spans
from kneewatch.audit.outcome import Audit
from kneewatch.config import Config
from kneewatch.diary import Diary, Injury, Pain, Weekly

BOOK = evidence.load()
DAY = date(2025, 1, 1)
LAST = DAY + timedelta(days=399)


def on(day: int) -> date:
    return DAY + timedelta(days=day)


def of(*entries: Pain, injuries: tuple[Injury, ...] = (), weekly: tuple[Weekly, ...] = ()) -> Noted:
    return noted(Diary(entries, injuries, weekly), BOOK, LAST)


def audit(*entries: Pain, period: Period | None = None, injuries: tuple[Injury, ...] = ()) -> Audit:
    diary = Diary(tuple(sorted(entries, key=lambda entry: entry.day)), injuries)
    return hold([look_back([], Config(), BOOK, diary, LAST, period)], BOOK)


def zeros(*days: int) -> list[Pain]:
    return [Pain(on(day), 0.0) for day in days]


# --- events --------------------------------------------------------------------------------------


def test_the_back_the_knee_and_no_place_count_and_nothing_else() -> None:
    events = of(
        Pain(on(1), 3.0, where="outer-back"),
        Pain(on(2), 2.9, where="back"),
        Pain(on(3), 6.0, where="knee"),
        Pain(on(4), 4.0),
        Pain(on(5), 9.0, where="calf"),
        Pain(on(6), 9.0, where="hip"),
    ).events
    assert [(event.day, event.place) for event in events] == [
        (on(1), "back"),
        (on(3), "knee"),
        (on(4), "unsaid"),
    ]


def test_triggers_and_onsets_mean_the_same_places() -> None:
    entries = [
        Pain(on(n), 4.0, where=where)
        for n, where in enumerate(["back", "inner-back", "knee", "", "calf", "thigh", "elsewhere"])
    ]
    days = {event.day for event in of(*entries).events}
    assert days == set(pain_by_day(Diary(tuple(entries)))) == {on(0), on(1), on(2), on(3)}


def test_red_flags_without_a_score_are_events() -> None:
    events = of(
        Pain(on(1), None, signs=("swelling",)),
        Pain(on(2), None, where="knee", signs=("locks",)),
        Pain(on(3), None, signs=("limp",)),
        Pain(on(4), None, where="calf", signs=("calf-swelling",)),
        Pain(on(5), 1.0, signs=("stiff",)),
    ).events
    assert [event.day for event in events] == [on(1), on(2)]


def test_of_a_day_the_most_telling_place_and_the_morning_count() -> None:
    (event,) = of(
        Pain(on(1), 4.0), Pain(on(1), 5.0, where="back"), Pain(on(1), 3.0, when="morning")
    ).events
    assert event == Event(on(1), "back", morning=True)
    (event,) = of(Pain(on(1), 1.0, when="morning"), Pain(on(1), 5.0, when="after")).events
    assert not event.morning, "what was there in the morning was no event yet"


def test_injuries_of_the_knee_last_and_others_are_time_away() -> None:
    about = of(
        injuries=(
            Injury(on(0), on(2), "knee"),
            Injury(on(50), on(51)),
            Injury(on(100), on(101), "calf"),
            Injury(LAST, None, "back"),
        )
    )
    assert [event.day for event in about.events] == [*map(on, (0, 1, 2, 50, 51)), LAST]
    assert about.away == (on(100), on(101))
    assert about.entries == (on(0), on(2), on(50), on(51), LAST)


def test_substantial_weeks_are_events_and_other_weeks_are_entries() -> None:
    """KW804: who could not take part, or changed training or performance moderately or more."""
    about = of(
        weekly=(
            Weekly(on(0), (0, None, None, None)),
            Weekly(on(7), (8, 8, 8, 25)),
            Weekly(on(14), (8, 17, 8, 8)),
            Weekly(on(21), (25, None, None, None), "knee"),
            Weekly(on(28), (25, 25, 25, 25), "calf"),
        )
    )
    assert about.entries == tuple(map(on, (0, 7, 14, 21)))
    assert [event.day for event in about.events] == [on(14), on(21)]


def test_scores_by_day_tell_the_morning_apart() -> None:
    entries = (
        Pain(on(0), 5.0, where="calf"),
        Pain(on(1), 0.0, where="calf"),
        Pain(on(2), 2.0),
        Pain(on(2), 4.0, where="outer-back", when="after"),
        Pain(on(2), 1.0, when="morning"),
        Pain(on(3), None, signs=("swelling",)),
        Pain(on(4), 0.0),
    )
    assert pain_by_day(Diary(entries)) == {on(2): DayPain(1.0, 4.0), on(4): DayPain(None, 0.0)}


# --- follow-up -----------------------------------------------------------------------------------


def test_a_diary_that_starts_with_the_pain_has_no_onset() -> None:
    """One entry of 4 was 'an onset in about 700 of 100 stretches of 7 days'."""
    found = audit(Pain(on(10), 4.0, where="back"))
    assert (found.onsets, found.prevalent, found.days_at_risk) == (0, 1, 0)
    assert found.base_rates == ((7, None), (14, None))


def test_a_diary_that_stops_is_not_followed_any_longer() -> None:
    """Ten zeros, and then 390 days of which nobody knows."""
    found = audit(*zeros(*range(10)))
    assert (found.days_at_risk, found.entry_days, found.followed_days) == (24, 10, 24)
    assert found.last == on(9 + 14)


def test_gaps_are_left_out() -> None:
    found = audit(*zeros(0, 28, 57))
    assert found.followed_days == (28 + 15) + 15, "28 days without an entry are bridged, 29 not"
    assert found.entry_days == 3


def test_pain_that_begins_the_notes_again_after_a_gap_is_no_onset() -> None:
    found = audit(*zeros(0), Pain(on(60), 5.0), Pain(on(200), 5.0))
    assert (found.onsets, found.prevalent) == (0, 2)


def test_what_the_runner_says_of_the_days_comes_first() -> None:
    """Whoever notes pain alone can say that all of it was noted."""
    pains = [Pain(on(60), 5.0, where="back"), Pain(on(200), 5.0)]
    found = audit(*pains, period=Period(on(0), on(300)))
    assert (found.onsets, found.prevalent, found.followed_days) == (2, 0, 301)
    assert dict(found.onset_places) == {"back": 1, "knee": 0, "unsaid": 1}
    begun = audit(*pains, period=Period(on(0)))
    assert (begun.first, begun.onsets, begun.prevalent) == (on(0), 1, 1), "the second began a span"
    ended = audit(*pains, period=Period(until=on(300)))
    assert (ended.last, ended.prevalent) == (on(300), 2)


def test_a_runner_without_an_entry_may_vouch_for_days_without_pain() -> None:
    assert audit(period=Period(on(0), on(30))).days_at_risk == 31
    assert audit(period=Period(on(0))).followed_runners == 0


def test_notes_do_not_reach_beyond_the_day_that_is_judged() -> None:
    assert spans((LAST,), LAST) == ((LAST, LAST),)
    assert spans((on(0),), on(5), until=on(90)) == ((on(0), on(5)),)
    assert spans((on(9),), LAST, since=on(10)) == ()


def test_days_of_an_injury_elsewhere_are_not_at_risk() -> None:
    calf = Injury(on(5), on(9), "calf")
    found = audit(*zeros(0, 20), Pain(on(7), 5.0), injuries=(calf,))
    assert found.onsets == 0, "it began while the calf kept the runner from training"
    assert audit(*zeros(0, 20), injuries=(calf,)).days_at_risk == 35 - 5


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [(None, None, (0, 24)), (5, None, (5, 24)), (-9, 12, (0, 12)), (30, None, None)],
)
def test_a_squads_days_only_shorten(
    since: int | None, until: int | None, expected: tuple[int, int] | None
) -> None:
    """One date for everybody does not say that a runner noted before the first entry."""
    own = spans((on(0), on(10)), LAST)
    found = clipped(own, None if since is None else on(since), None if until is None else on(until))
    assert found == (() if expected is None else ((on(expected[0]), on(expected[1])),))
