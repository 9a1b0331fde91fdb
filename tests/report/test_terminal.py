"""The terminal: a verdict of twelve lines that a runner understands, clean in a pipe."""

import io
import re
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from rich.console import Console

from kneewatch import columns, evidence
from kneewatch.config import Config
from kneewatch.model import CannotTell, Finding, Kept, Problem, Severity, Tally
from kneewatch.report import tables, terminal, words
from kneewatch.rules import BOOK
from kneewatch.rules.facts import Attention, Coverage, Facts, Review, RoomLeft
from kneewatch.units import METRES_PER_MILE, Units

DAY = date(2025, 11, 2)
LONG = "The run of Sunday went a good deal further than any of the thirty days before it did, " * 3
LEVELS = list(words.LEVELS)


def frames(empty=False):
    runs = [] if empty else [{"start": datetime(2025, 11, 2, 7, tzinfo=UTC), "distance_m": 9e3}]
    weeks = (
        []
        if empty
        else [{"known": False}, {"known": True, "complete": False, "distance_m": 2e4, "runs": 2}]
    )
    shoes = [] if empty else [{"distance_m": 721e3, "runs": 60, "last_date": "2025-11-01"}]
    return (
        columns.frame(columns.ACTIVITIES, runs, pd.Index(["r"] * len(runs), dtype=object)),
        columns.frame(
            columns.WEEKS, weeks, pd.Index(["2025-10-20", "2025-10-27"][: len(weeks)], dtype=object)
        ),
        columns.frame(columns.SHOES, shoes, pd.Index(["[bold]Old"] * len(shoes), dtype=object)),
    )


def facts(system="km", empty=False):
    runs, weeks, shoes = frames(empty)
    config = Config(units=Units(system))
    return Facts(DAY, runs, runs.iloc[:0], weeks, shoes, DAY, config, evidence.load())


def finding(severity=Severity.CAUTION, code="KW102", message="Longer than usual.", **changes):
    fields = {
        "name": "session-spike",
        "grade": "B",
        "start": "2025-11-02",
        "end": "2025-11-02",
        "observed": 1.4,
        "limit": 1.1,
        "unit": "ratio",
        "advice": "let the next run end sooner",
        "weight": 0.4,
    }
    return Finding(code=code, severity=severity, message=message, **{**fields, **changes})


def review(level="clear-jump", reasons=("It was 40 % longer.",), **changes):
    scored = level in words.SCALE
    attention = Attention(level, 1.6 if scored else None, 280 if scored else None, reasons)
    fields = {
        "findings": (finding(),),
        "kept": (Kept("KW103", "spread", "no break"),),
        "cannot_tell": (CannotTell("KW201", "descent-spike", "no altitude"),),
        "room_left": RoomLeft(13420.0, 12000.0, 187.0),
        "coverage": Coverage(
            140, "2025-06-16", "2025-11-02", 9, 3, {"none": 1.0}, 0.2, 1, 1, 1, None
        ),
    }
    return Review(DAY, attention, **{**fields, **changes})


def printed(show, *args, width=80):
    console = Console(file=io.StringIO(), width=width, color_system=None)
    show(console, *args)
    return console.file.getvalue()


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("width", [80, 100, 120, 200])
@pytest.mark.parametrize("system", ["km", "mi"])
@pytest.mark.parametrize("reason", ["Short.", LONG.strip() + "."])
def test_the_verdict_is_at_most_twelve_lines(level, width, system, reason):
    told = review(
        level,
        (reason, reason, reason),
        findings=(finding(advice=LONG),),
        room_left=RoomLeft(1, 2, 3),
    )
    text = printed(terminal.verdict, told, facts(system), width=width)
    assert len(text.splitlines()) <= 12
    assert all(len(line) <= width for line in text.splitlines())
    assert words.LEVELS[level].title in text


def test_the_verdict_says_counts_before_ratios_and_of_whom():
    text = " ".join(printed(terminal.verdict, review(), facts()).split())
    assert text.index("1 in 280") < text.index("1 in 450") < text.index("1.6 times")
    assert "Any overuse running injury" in text
    assert "mostly men around 46" in text
    assert "Next run up to about 13 km; this week 12 km more; descent up to 180 m." in text
    assert "No warning does not mean safe" in text
    assert "Let the next run end sooner." in text


def test_two_short_reasons_are_both_said():
    text = printed(terminal.verdict, review(reasons=("One thing. More.", "Another.")), facts())
    assert "One thing." in text
    assert "Another." in text
    assert "More." not in text


def test_symptoms_get_no_room_and_no_odds():
    told = review("symptoms", ("You noted a swollen calf.",))
    text = printed(terminal.check, told, facts(), Tally())
    assert "Room left" not in text
    assert "1 in" not in text.split("Findings")[0]
    assert "clinician" in text.split("Findings")[0]


def test_room_in_miles_and_feet_is_rounded_down():
    left = RoomLeft(8.99 * METRES_PER_MILE, 0.0, 187.0)
    assert words.room_sentence(left, Units("mi")) == (
        "Next run up to about 8.5 mi; this week none; descent up to 610 ft."
    )
    assert [part.figure for part in words.room(left, Units("mi"))] == ["8.5", "0", "610"]


def test_room_that_is_a_whole_number_is_not_rounded_away():
    assert words.room_sentence(RoomLeft(10000 * 1.1, None, 30 * 1.0), Units()) == (
        "Next run up to about 11 km; this week not known; descent up to 30 m."
    )


def test_findings_come_by_loudness_with_words_for_it():
    told = review(
        findings=(
            finding(Severity.NOTE, "KW301", grade="D"),
            finding(Severity.WARNING),
            finding(Severity.URGENT, "KW901"),
        )
    )
    text = printed(terminal.check, told, facts(), Tally())
    assert text.index("URGENT") < text.index("WARNING") < text.index("NOTE")
    assert "Grade B: one large cohort with measured exposure" in text


def test_kept_and_untold_are_said_in_sentences():
    text = printed(terminal.check, review(), facts(), Tally())
    assert "KW103  No break." in text
    assert "KW201  No altitude." in text


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_pipe_gets_plain_lines(width):
    text = printed(terminal.check, review(), facts(), Tally(files=2, runs=2), width=width)
    assert "\x1b" not in text
    assert not re.search("[│┃─━╭╮╰╯┏┓|]", text)
    lines = text.splitlines()
    assert all(line == line.rstrip() for line in lines)
    assert all(len(line) <= width for line in lines)


def test_an_empty_log_is_said_to_be_one():
    empty = Review(DAY, Attention("not-enough-history", None, None, ()))
    text = printed(terminal.check, empty, facts(empty=True), Tally())
    assert "Not enough history yet" in text
    assert "No shoes" in text
    assert "nan" not in text.lower()


def test_silence_of_rules_that_cannot_tell_is_no_answer():
    told = review(findings=(), kept=())
    assert "No rule could tell" in printed(terminal.check, told, facts(), Tally())
    told = review(findings=())
    assert "1 could not tell" in printed(terminal.check, told, facts(), Tally())


def test_words_of_others_are_neither_markup_nor_control_codes():
    hostile = "\x1b]0;owned\x07\x1b[31m[bold]red[/bold]\u202e \udcff"
    told = review(findings=(finding(message=hostile),), reasons=(hostile,))
    tally = Tally(files=1, unreadable=1, problems=(Problem(hostile, hostile),))
    text = printed(terminal.check, told, facts(), tally)
    text += printed(tables.doctor, tally)
    assert "[bold]red[/bold]" in text
    assert "[bold]Old" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\udc80-\udcff]", text)


@pytest.mark.parametrize("empty", [False, True])
@pytest.mark.parametrize("width", [80, 120])
def test_tables_fit_and_leave_no_nan(empty, width):
    runs, weeks, shoes = frames(empty)
    for show, frame in ((tables.runs, runs), (tables.weeks, weeks), (tables.shoes, shoes)):
        text = printed(show, frame, Units("mi"), width=width)
        assert "nan" not in text
        assert text.strip()
        assert all(len(line) <= width for line in text.splitlines())


def test_an_unknown_week_is_not_called_empty():
    text = printed(tables.weeks, frames()[1], Units())
    (first,) = [line for line in text.splitlines() if "20 Oct 2025" in line]
    assert "unknown" in first
    assert "0.0 km" not in first
    assert "27 Oct 2025, so far" in text


def test_the_doctor_adds_up():
    text = printed(
        tables.doctor, Tally(files=3, runs=2, unreadable=1, problems=(Problem("a", "b"),))
    )
    assert "3  in all, from 3 files" in text
    assert "a: b" in text


@pytest.mark.parametrize("code", list(BOOK))
def test_explain_gives_grade_limits_both_sides_and_advice(code):
    text = printed(tables.explain, BOOK[code], evidence.load())
    flat = " ".join(text.split())
    for heading in ("How sure", "Limits", "Papers for it", "Papers against it", "Try"):
        assert heading in text
    assert "so it speaks no louder than" in flat
    assert re.search(r"from a study|the usual advice|our own choice", flat)
    known = evidence.load().rules[code]
    assert all(evidence.load().papers[key].cite[:30] in flat for key in known.papers)
    measured = evidence.load().measures_of(code)
    assert ("How it is measured: " in text) == bool(measured)
    assert all(f"{measure.why}." in flat for measure in measured)


def test_the_book_lists_every_rule():
    text = printed(tables.explain_all, BOOK, evidence.load())
    assert all(code in text for code in BOOK)
    assert all(len(line) <= 80 for line in text.splitlines())


def test_the_words_promise_nothing_and_name_no_condition():
    """Safe, "you have" and diagnosis occur in denials alone, a percent of injury never."""
    text = ""
    for level in LEVELS:
        for findings in ((finding(),), ()):
            text += printed(terminal.check, review(level, findings=findings), facts(), Tally())
    for sentence in re.split(r"(?<=[.:;])\s", " ".join(text.split())):
        if re.search(r"\bsafe|\byou have\b|diagnos", sentence, re.I):
            assert re.search(r"\b(not|never|no|nothing)\b", sentence, re.I), sentence
    assert not re.search(r"\d\s?%[^.]{0,30}\b(risk|chance|probability)", text, re.I)
