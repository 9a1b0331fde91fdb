"""Plans as people write them: a line of a command, a table, a calendar."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.errors import UsageError
from kneewatch.plan import amounts, calendar, read, table
from kneewatch.plan.session import Session
from kneewatch.units import Units

KM, MI = Units("km"), Units("mi")
MILE = 1609.344


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
    ("said", "seconds"), [("20min", 1200), ("20", 1200), ("20 minutes", 1200), ("1:05", 3900)]
)
def test_minutes(said: str, seconds: float) -> None:
    assert amounts.minutes(said) == seconds


@pytest.mark.parametrize(
    ("call", "said"), [(amounts.minutes, "hard"), (lambda s: amounts.height(s, KM), "hilly")]
)
def test_no_figure(call: object, said: str) -> None:
    with pytest.raises(UsageError, match="expected"):
        call(said)  # type: ignore[operator]


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
    found = (
        amounts.distance_in(words, KM),
        amounts.height_in(words, KM),
        amounts.minutes_in(words),
    )
    assert found == tuple(None if x is None else pytest.approx(x) for x in expected)


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
    sessions, problems = table.read(text.encode(), "plan.csv", MI)
    assert sessions == [
        Session(date(2025, 11, 4), 12_000, None, 1200, "tempo"),
        Session(date(2025, 11, 6), 8_500, pytest.approx(120 * 0.3048), None, "easy"),
    ]
    assert [problem.source for problem in problems] == ["plan.csv row 4", "plan.csv row 5"]
    assert "2025-11-31" in problems[0].reason
    assert "'abc'" in problems[1].reason


def test_miles_by_heading_and_by_cell() -> None:
    sessions, _ = table.read(b"day,miles\n2025-11-04,10\n2025-11-05,10 km\n", "plan.csv", KM)
    assert [s.distance_m for s in sessions] == [pytest.approx(10 * MILE), 10_000]


def test_a_table_without_distances() -> None:
    with pytest.raises(UsageError, match="expected columns date and distance"):
        table.read(b"date,pace\n2025-11-04,5:30\n", "plan.csv", KM)


def test_an_empty_table() -> None:
    assert table.read(b"date,distance\n", "plan.csv", KM)[1][0].reason.startswith("no row")


# --- calendars -----------------------------------------------------------------------------------

EVENT = "BEGIN:VEVENT\r\nDTSTART{day}\r\nSUMMARY:{summary}\r\nEND:VEVENT\r\n"


def ics(*events: str) -> str:
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(events) + "END:VCALENDAR\r\n"


def test_a_folded_and_escaped_event() -> None:
    text = ics(EVENT.format(day=";VALUE=DATE:20251108", summary="18 km long\\, 400 m d\r\n own"))
    sessions, problems = calendar.read(text, "plan.ics", KM)
    assert sessions == [Session(date(2025, 11, 8), 18_000, 400, None, "18 km long, 400 m down")]
    assert problems == []


def test_the_wall_clock_of_a_zone_and_an_alarm_inside() -> None:
    text = ics(
        'BEGIN:VEVENT\nDTSTART;TZID="Europe/Vienna":20251104T230000\nSUMMARY:Tempo\n'
        "BEGIN:VALARM\nDESCRIPTION:5 km\nEND:VALARM\n"
        "DESCRIPTION:10 km with 3 x 8 min tempo\nEND:VEVENT\n"
    )
    sessions, _ = calendar.read(text, "plan.ics", KM)
    assert sessions == [Session(date(2025, 11, 4), 10_000, None, 1440, "Tempo")]


def test_bad_events_are_named_and_the_rest_goes_on() -> None:
    text = ics(
        EVENT.format(day=":20251305", summary="9 km"),
        EVENT.format(day=":20251105", summary="Yoga"),
        EVENT.format(day=":20251106T180000Z", summary="9 km"),
        "BEGIN:VEVENT\nDTSTART:20251107\nSUMMARY:9 km\nSTATUS:CANCELLED\nEND:VEVENT\n",
        "BEGIN:VEVENT\nDTSTART:20251109\nSUMMARY:7 km\nRRULE:FREQ=WEEKLY\nEND:VEVENT\n",
    )
    sessions, problems = calendar.read(text, "plan.ics", KM)
    assert [s.day.day for s in sessions] == [6, 9]
    reasons = [problem.reason for problem in problems]
    assert "20251305" in reasons[0]
    assert "no distance" in reasons[1]
    assert "repeated" in reasons[2]
    assert "Yoga" in problems[1].source


def test_a_calendar_that_is_cut_off() -> None:
    text = ics(EVENT.format(day=":20251106", summary="9 km"))
    assert len(calendar.read(text[: text.index("END:VEVENT")], "plan.ics", KM)[0]) == 1
    assert calendar.read("BEGIN:VCALENDAR\n", "plan.ics", KM)[1]


@given(st.integers(0, 400), st.binary(max_size=30))
def test_any_damage_is_a_problem_or_a_session(cut: int, junk: bytes) -> None:
    whole = ics(EVENT.format(day=":20251106", summary="9 km")).encode()
    damaged = (whole[:cut] + junk + whole[cut:]).decode("utf-8", "replace")
    sessions, problems = calendar.read(damaged, "plan.ics", KM)
    assert sessions or problems


def test_a_file_by_what_it_is(tmp_path: Path) -> None:
    """A calendar is known by its first line, whatever it is called."""
    path = tmp_path / "plan.txt"
    path.write_text(ics(EVENT.format(day=":20251106", summary="9 km")))
    assert read(path, KM)[0][0].distance_m == 9_000
    path.write_text("date,km\n2025-11-06,9\n")
    assert read(path, KM)[0][0].distance_m == 9_000
    path.write_bytes(b"\x00\x01PNG" * 50)
    with pytest.raises(UsageError, match="neither a table nor a calendar"):
        read(path, KM)
    with pytest.raises(UsageError, match="cannot be opened"):
        read(tmp_path / "no.csv", KM)
