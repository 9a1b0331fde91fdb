"""Plans as people write them: a line of a command, a table, a calendar."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.errors import UsageError
from kneewatch.plan import amounts, calendar, read, table
from kneewatch.plan.session import Session
from kneewatch.plan.terms import Terms
from kneewatch.units import Units

KM, MI = Units("km"), Units("mi")
MILE = 1609.344
AS_OF = date(2025, 11, 3)
TERMS = Terms(AS_OF, KM, "Europe/Vienna", 3.0)
IN_MILES = Terms(AS_OF, MI, "Europe/Vienna", 3.0)


@pytest.mark.parametrize(
    ("said", "metres"),
    [
        ("18km", 18_000),
        ("18 km", 18_000),
        ("18,5 km", 18_500),
        ("10k", 10_000),
        ("11mi", 11 * MILE),
        ("2.5 miles", 2.5 * MILE),
        ("18", 18_000),
        ("Half-Marathon", 21_097.5),
    ],
)
def test_a_distance(said: str, metres: float) -> None:
    assert amounts.distance(said, KM) == pytest.approx(metres)


def test_a_bare_distance_is_in_the_runners_units() -> None:
    assert amounts.distance("10", MI) == pytest.approx(10 * MILE)
    assert amounts.height("400", MI) == pytest.approx(400 * 0.3048)
    assert amounts.height("400", KM) == amounts.height("400 m", MI) == 400


@pytest.mark.parametrize("said", ["", "km", "0 km", "-5 km", "1,200 km", "18 h", "9999 km", "x"])
def test_no_distance(said: str) -> None:
    with pytest.raises(UsageError, match="expected one such as 18km"):
        amounts.distance(said, KM)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("20min", 1200),
        ("20", 1200),
        ("20 minutes", 1200),
        ("1:05", 3900),
        ("1h", 3600),
        ("1,5 h", 5400),
        ("1h20", 4800),
        ("1 h 20 min", 4800),
        ("5x3min", 900),
        ("5 × 3", 900),
        ("0", 0),
    ],
)
def test_minutes(said: str, seconds: float) -> None:
    assert amounts.minutes(said) == seconds


@pytest.mark.parametrize(
    ("call", "said"), [(amounts.minutes, "hard"), (lambda s: amounts.height(s, KM), "hilly")]
)
def test_no_figure(call: object, said: str) -> None:
    with pytest.raises(UsageError, match="expected"):
        call(said)  # type: ignore[operator]


@pytest.mark.parametrize("said", ["", "h", "25h", "3 x", "5x3x2min", "20 km"])
def test_no_minutes(said: str) -> None:
    with pytest.raises(UsageError, match="expected minutes such as 20min"):
        amounts.minutes(said)


@pytest.mark.parametrize(
    ("said", "metres", "made"),
    [
        ("18km", 18_000, ""),
        ("90min", 16_200, "1 h 30 min at your usual 5:33 /km"),
        ("1h", 10_800, "1 h 00 min at your usual 5:33 /km"),
        ("1:30", 16_200, "1 h 30 min at your usual 5:33 /km"),
    ],
)
def test_a_run_by_its_time_is_taken_at_the_usual_pace(said: str, metres: float, made: str) -> None:
    assert TERMS.distance(said) == (pytest.approx(metres), made)


def test_a_time_without_a_usual_pace_is_no_distance() -> None:
    with pytest.raises(UsageError, match="'90min', a time, and no usual speed is known"):
        Terms(AS_OF).distance("90min")
    with pytest.raises(UsageError, match="expected one such as 18km or 90min"):
        TERMS.distance("90h")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("18 km long run, 400 m down", (18_000, 400, None)),
        ("Tempo. 10 km with 3 x 8 min tempo", (10_000, None, 1440)),
        ("hard 20 min in 12k", (12_000, None, 1200)),
        ("11 mi, descent 1300 ft", (11 * MILE, 1300 * 0.3048, None)),
        ("10-12 km easy", (12_000, None, None)),
        ("5 x 1 km", (None, None, None)),
        ("5x1km, then 9 km home", (9_000, None, None)),
        ("run 800 m uphill", (None, None, None)),
        ("yoga 60 min", (None, None, None)),
        ("meet at km 5", (None, None, None)),
    ],
)
def test_words(words: str, expected: tuple[float | None, ...]) -> None:
    length = amounts.length_in(words, KM)
    found = (
        None if length is None else length.metres,
        amounts.height_in(words, KM),
        amounts.minutes_in(words),
    )
    assert found == tuple(None if x is None else pytest.approx(x) for x in expected)


@pytest.mark.parametrize(
    ("words", "km", "parts"),
    [
        ("2 km warm-up, 12 km tempo, 2 km cool-down", 16, "2 km + 12 km + 2 km"),
        ("WU 2 km, 6 x 1 km, CD 2 km", 10, "2 km + 6 x 1 km + 2 km"),
        ("warm up 2 km, 5x800 m, cool down 1 km", 7, "2 km + 5x800 m + 1 km"),
        ("8 km easy + 4 km hills", 12, "8 km + 4 km"),
        ("9 km + 3 km + 3 km", 15, "9 km + 3 km + 3 km"),
    ],
)
def test_parts_of_a_run_are_added_up_and_that_is_said(words: str, km: float, parts: str) -> None:
    assert amounts.length_in(words, KM) == (
        pytest.approx(km * 1000),
        f"taken as {km}.0 km, the sum of its parts ({parts})",
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("16 km: 2 km warm-up, 12 km tempo, 2 km cool-down", "taken as 16 km in all"),
        ("18 km with the last 5 km fast", ""),
        ("12 km incl. 2 km warm-up", "taken as 12 km in all"),
        ("12 km (8 km easy + 4 km hills)", "taken as 12 km in all"),
    ],
)
def test_a_whole_that_is_named_is_the_whole(words: str, said: str) -> None:
    found = amounts.length_in(words, KM)
    assert found is not None
    assert found.metres == float(words[:2]) * 1000
    assert found.said.startswith(said)
    assert bool(found.said) == bool(said)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Bike 60 km", "'Bike' is no run; left out"),
        ("Swim 2 km", "'Swim' is no run"),
        ("Brick: ride 40 km, run 5 km", "names 'ride' beside a run"),
        ("walk 5 km", "'walk' is no run"),
        ("run/walk 5 km", ""),
        ("Pride Run 10 km", ""),
        ("Skip rope, then 5 km", ""),
    ],
)
def test_other_sports_are_no_runs(words: str, reason: str) -> None:
    assert amounts.other_sport(words).startswith(reason)
    assert bool(amounts.other_sport(words)) == bool(reason)


# --- tables --------------------------------------------------------------------------------------


def test_a_table_in_any_of_its_shapes() -> None:
    """The unit in the heading, a semicolon, a decimal comma, and bad rows that are named."""
    text = (
        "Date;Distance (km);Descent;Hard;Note\n"
        "2025-11-04;12;;20min;tempo\n"
        "2025-11-06;8,5;120;;easy\n"
        "2025-11-31;9\n"
        "2025-11-12;abc;;;x\n"
    )
    sessions, problems = table.read(text.encode(), "plan.csv", IN_MILES)
    assert sessions == [
        Session(date(2025, 11, 4), 12_000, None, 1200, "tempo"),
        Session(date(2025, 11, 6), 8_500, pytest.approx(120 * 0.3048), None, "easy"),
    ]
    assert [problem.source for problem in problems] == ["plan.csv row 4", "plan.csv row 5"]
    assert "2025-11-31" in problems[0].reason
    assert "'abc'" in problems[1].reason


def test_miles_by_heading_and_by_cell() -> None:
    sessions, _ = table.read(b"day,miles\n2025-11-04,10\n2025-11-05,10 km\n", "plan.csv", TERMS)
    assert [s.distance_m for s in sessions] == [pytest.approx(10 * MILE), 10_000]


def test_a_table_without_distances() -> None:
    with pytest.raises(UsageError, match="expected columns date and distance"):
        table.read(b"date,pace\n2025-11-04,5:30\n", "plan.csv", TERMS)


def test_hours_repetitions_rest_and_times_in_a_table() -> None:
    """And what is not understood of it is named."""
    text = (
        "date,distance,hard hours,pace,note\n"
        "2025-11-04,12,0.5,5:30,\n"
        "2025-11-05,,,,rest\n"
        "2025-11-06,8,5x3min,,\n"
        "2025-11-07,-,,,\n"
        "2025-11-08,90min,1h,,long\n"
        "2025-11-09,60,,,Bike\n"
        "2025-11-10,,20,,\n"
    )
    sessions, problems = table.read(text.encode(), "plan.csv", TERMS)
    assert [(s.day.day, s.distance_m, s.hard_s) for s in sessions] == [
        (4, 12_000, 1800),
        (6, 8_000, 900),
        (8, pytest.approx(16_200), 3600),
    ]
    assert sessions[2].note == "long, 1 h 30 min at your usual 5:33 /km"
    assert [(problem.source, problem.reason[:30]) for problem in problems] == [
        ("plan.csv", "not used: the columns pace"),
        ("plan.csv row 7", "'Bike' is no run; left out"),
        ("plan.csv row 8", "the distance is '', expected o"),
    ]


def test_a_week_of_rest_is_a_plan_all_the_same() -> None:
    assert table.read(b"date,distance\n2025-11-04,rest\n", "plan.csv", TERMS) == ([], [])


def test_an_empty_table() -> None:
    assert table.read(b"date,distance\n", "plan.csv", TERMS)[1][0].reason.startswith("no row")


# --- calendars -----------------------------------------------------------------------------------

EVENT = "BEGIN:VEVENT\r\nDTSTART{day}\r\nSUMMARY:{summary}\r\nEND:VEVENT\r\n"


def ics(*events: str) -> str:
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(events) + "END:VCALENDAR\r\n"


def test_a_folded_and_escaped_event() -> None:
    text = ics(EVENT.format(day=";VALUE=DATE:20251108", summary="18 km long\\, 400 m d\r\n own"))
    sessions, problems = calendar.read(text, "plan.ics", TERMS)
    assert sessions == [Session(date(2025, 11, 8), 18_000, 400, None, "18 km long, 400 m down")]
    assert problems == []


def test_the_wall_clock_of_a_zone_and_an_alarm_inside() -> None:
    text = ics(
        'BEGIN:VEVENT\nDTSTART;TZID="Europe/Vienna":20251104T230000\nSUMMARY:Tempo\n'
        "BEGIN:VALARM\nDESCRIPTION:5 km\nEND:VALARM\n"
        "DESCRIPTION:10 km with 3 x 8 min tempo\nEND:VEVENT\n"
    )
    sessions, _ = calendar.read(text, "plan.ics", TERMS)
    assert sessions == [Session(date(2025, 11, 4), 10_000, None, 1440, "Tempo")]


def test_bad_events_are_named_and_the_rest_goes_on() -> None:
    text = ics(
        EVENT.format(day=":20251305", summary="9 km"),
        EVENT.format(day=":20251105", summary="Easy run"),
        EVENT.format(day=":20251106T180000Z", summary="9 km"),
        "BEGIN:VEVENT\nDTSTART:20251107\nSUMMARY:9 km\nSTATUS:CANCELLED\nEND:VEVENT\n",
        "BEGIN:VEVENT\nDTSTART:20251109\nSUMMARY:7 km\nRRULE:FREQ=HOURLY\nEND:VEVENT\n",
        EVENT.format(day=":20251110", summary="Bike 60 km"),
    )
    sessions, problems = calendar.read(text, "plan.ics", TERMS)
    assert [s.day.day for s in sessions] == [6, 9]
    reasons = [problem.reason for problem in problems]
    assert "20251305" in reasons[0]
    assert "no distance" in reasons[1]
    assert "only its first day is taken" in reasons[2]
    assert reasons[3] == "'Bike' is no run; left out"
    assert "Easy run" in problems[1].source


@pytest.mark.parametrize(
    ("home", "calendars", "day"),
    [
        ("America/Los_Angeles", "", 6),
        (None, "America/Los_Angeles", 6),
        ("Europe/Vienna", "America/Los_Angeles", 7),
        ("no/such", "America/Los_Angeles", 6),
        ("Pacific/Auckland", "", 7),
    ],
)
def test_a_moment_in_utc_is_told_by_the_wall_clock(
    home: str | None, calendars: str, day: int
) -> None:
    """Two in the morning in Greenwich is the evening before in California."""
    text = ics(
        f"X-WR-TIMEZONE:{calendars}\r\n", EVENT.format(day=":20251107T020000Z", summary="9 km")
    )
    (session,), problems = calendar.read(text, "plan.ics", Terms(AS_OF, KM, home))
    assert (session.day, problems) == (date(2025, 11, day), [])


def test_where_neither_says_a_zone_it_is_this_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    try:
        text = ics(EVENT.format(day=":20251107T020000Z", summary="9 km"))
        (session,), _ = calendar.read(text, "plan.ics", Terms(AS_OF))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert session.day == date(2025, 11, 6)


def repeated(rule: str, more: str = "", start: str = "20251001T180000") -> tuple[list[str], list]:
    """Days of an event that is repeated, from 3 November on, and what is said of it."""
    text = ics(
        f"BEGIN:VEVENT\nUID:a\nDTSTART;TZID=Europe/Vienna:{start}\nSUMMARY:7 km\n"
        f"RRULE:{rule}\n{more}END:VEVENT\n"
    )
    sessions, problems = calendar.read(text, "plan.ics", TERMS)
    return [s.day.isoformat()[5:] for s in sessions], [p.reason for p in problems]


def test_a_repeated_event_is_taken_up_for_eight_weeks() -> None:
    days, said = repeated("FREQ=WEEKLY")
    assert (days[0], days[-1], len(days), said) == ("11-05", "12-24", 8, [])
    days, _ = repeated("FREQ=WEEKLY;BYDAY=MO,TH;INTERVAL=2")
    assert days[:3] == ["11-10", "11-13", "11-24"]


def test_count_until_and_exceptions_are_kept() -> None:
    assert repeated("FREQ=WEEKLY;COUNT=7")[0] == ["11-05", "11-12"]
    assert repeated("FREQ=WEEKLY;UNTIL=20251112")[0] == ["11-05", "11-12"], "the whole of that day"
    assert repeated("FREQ=WEEKLY;UNTIL=20251112T165959Z")[0] == ["11-05"], "18:00 in Vienna is over"
    assert repeated("FREQ=WEEKLY;UNTIL=20251112T170000Z")[0] == ["11-05", "11-12"]
    days, _ = repeated(
        "FREQ=WEEKLY;COUNT=8",
        "EXDATE;TZID=Europe/Vienna:20251105T180000\nEXDATE:20251119T170000Z,20251001T160000Z\n",
    )
    assert days == ["11-12"]


def test_one_that_was_moved_counts_on_its_new_day_alone() -> None:
    event = "BEGIN:VEVENT\nUID:a\nDTSTART:{}\nSUMMARY:{} km\n{}\nEND:VEVENT\n"
    text = ics(
        event.format("20251105", 7, "RRULE:FREQ=WEEKLY;COUNT=3"),
        event.format("20251113", 9, "RECURRENCE-ID:20251112"),
    )
    sessions, _ = calendar.read(text, "plan.ics", TERMS)
    assert [(s.day.day, s.distance_m) for s in sessions] == [(5, 7000), (19, 7000), (13, 9000)]


def test_one_that_is_over_is_named() -> None:
    days, said = repeated("FREQ=WEEKLY;COUNT=2")
    assert (days, said) == ([], ["none of its days lies in the 8 weeks after 2025-11-03"])


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=WEEKLY;BYDAY=XX",
        "nonsense",
        "FREQ=WEEKLY;UNTIL=x",
    ],
)
def test_a_rule_that_is_not_understood_leaves_the_first_day(rule: str) -> None:
    days, said = repeated(rule, start="20251105T180000")
    assert days == ["11-05"]
    assert said[0].endswith("only its first day is taken")


def test_a_calendar_that_is_cut_off() -> None:
    text = ics(EVENT.format(day=":20251106", summary="9 km"))
    assert len(calendar.read(text[: text.index("END:VEVENT")], "plan.ics", TERMS)[0]) == 1
    assert calendar.read("BEGIN:VCALENDAR\n", "plan.ics", TERMS)[1]


@given(st.integers(0, 400), st.binary(max_size=30))
def test_any_damage_is_a_problem_or_a_session(cut: int, junk: bytes) -> None:
    whole = ics(EVENT.format(day=":20251106", summary="9 km")).encode()
    damaged = (whole[:cut] + junk + whole[cut:]).decode("utf-8", "replace")
    sessions, problems = calendar.read(damaged, "plan.ics", TERMS)
    assert sessions or problems


def test_a_file_by_what_it_is(tmp_path: Path) -> None:
    """A calendar is known by its first line, whatever it is called."""
    path = tmp_path / "plan.txt"
    path.write_text(ics(EVENT.format(day=":20251106", summary="9 km")))
    assert read(path, TERMS)[0][0].distance_m == 9_000
    path.write_text("date,km\n2025-11-06,9\n")
    assert read(path, TERMS)[0][0].distance_m == 9_000
    path.write_bytes(b"\x00\x01PNG" * 50)
    with pytest.raises(UsageError, match="neither a table nor a calendar"):
        read(path, TERMS)
    with pytest.raises(UsageError, match="cannot be opened"):
        read(tmp_path / "no.csv", TERMS)
