"""What the runner noted stands above the load; with a red flag nothing stands beside it."""

from __future__ import annotations

import io
import re

import pytest
from logbook import Log, read
from rich.console import Console

from kneewatch import evidence
from kneewatch.model import Tally
from kneewatch.report import felt, html, markdown, payload, terminal

KNOWN = evidence.load()

SPIKE = """
date, km, descent_m
2025-04-07 +7 x9, 10, 50
2025-04-10 +7 x9, 5, 50
2025-06-09, 14, 400
"""


def log(*lines: str, injuries: str = "") -> Log:
    return read(SPIKE).noting(
        "date, score, when, where, side, signs\n" + "\n".join(lines), injuries=injuries
    )


QUIET = log()
AMBER = log("2025-06-09, 4, after, outer-back, left,")
RED = log("2025-06-09, 7, after, outer-back, left,")
FLAG = log("2025-06-09, 5, after, outer-back, left, calf-swelling")

OTHERS = ("unread", "injury", "return", "pause", "hold")

NUMBERS = re.compile(r"longer than|1 in \d|up to about|KW102|KW201|clear jump", re.I)
"""What speaks of load."""


def printed(shown: Log) -> str:
    console = Console(file=io.StringIO(), width=80, color_system=None)
    with console.capture() as capture:
        terminal.check(console, shown.review, shown.facts, Tally())
    return " ".join(capture.get().split())


def written(shown: Log) -> str:
    return markdown.render(shown.review, shown.facts, Tally(), {})


def body(shown: Log) -> str:
    page = html.render(shown.review, shown.facts, Tally(), {})
    told = re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", told).replace("\xa0", " ").split())


def before(text: str, *marks: str) -> str:
    """What stands above all of these."""
    return text[: min(text.index(mark) for mark in marks if mark in text)]


each = pytest.mark.parametrize("shown", [printed, written, body])


@each
def test_without_notes_the_load_speaks(shown) -> None:
    assert NUMBERS.search(shown(QUIET))


@each
def test_a_red_flag_leaves_nothing_but_what_to_do_and_how_fast(shown) -> None:
    text = shown(FLAG)
    assert "See a doctor today" in text
    assert "new swelling of one calf" in text
    assert KNOWN.red_flags["actions"]["same_day"] in text
    assert "operation in the last 12 weeks" in text
    assert NUMBERS.search(text) is None
    for more in ("What the log holds", "What a watch cannot see", "How it was reckoned", "level:"):
        assert more not in text


@each
@pytest.mark.parametrize(
    ("noted", "title"), [(AMBER, "Hold: pain comes first"), (RED, "Pause: pain comes first")]
)
def test_pain_stands_above_the_load(shown, noted: Log, title: str) -> None:
    text = shown(noted)
    assert title in text
    above = before(text, "KW102")
    assert "outer back of the left knee" in above
    assert "KW802" in above
    assert "1 in 450" not in above
    assert "Room left" not in text
    assert not re.search(r"Try:? (?!.*hold)let the next long run", text, re.I)


UNREAD = log("9 June, 4, after, outer-back, left,")


@each
def test_a_note_that_could_not_be_read_is_said_before_anything_else(shown) -> None:
    text = shown(UNREAD)
    above = before(text, "KW102")
    assert "A note could not be read" in above
    assert "pain.csv line 2" in above
    assert "mend that line" in above.lower()
    assert "1 in 450" not in above
    assert "Room left" not in text
    assert "clear jump" not in text.lower()


def test_the_signs_for_a_clinician_come_first_beside_a_note_that_could_not_be_read() -> None:
    held = log("2025-06-09, 4, after, back, left,", "9 June, 1, , , ,")
    assert held.review.symptoms.urgency == "hold"
    text = body(held)
    assert text.index("See a clinician") < text.index("Findings")
    assert body(AMBER).index("See a clinician") > body(AMBER).index("Findings")


@each
def test_a_note_that_could_not_be_read_is_said_beside_a_red_flag(shown) -> None:
    both = log("2025-06-09, 5, after, back, left, calf-swelling", "2025-06-09, x, , , , twinge")
    text = shown(both)
    assert "See a doctor today" in text
    assert "pain.csv line 3" in text


@each
@pytest.mark.parametrize("noted", [AMBER, RED])
def test_what_one_can_do_oneself_stands_beside_the_pause_and_the_hold(shown, noted: Log) -> None:
    text = shown(noted)
    assert "The first days" in text
    for said in noted.review.symptoms.care:
        assert said.removesuffix(".") in text


LASTS = log(*(f"2025-06-{day}, 6, during, outer-back, left," for day in ("02", "05", "09")))


def test_what_to_do_is_never_cut_off() -> None:
    for noted in (AMBER, RED, LASTS, UNREAD, HURT, BACK):
        console = Console(file=io.StringIO(), width=80, color_system=None)
        with console.capture() as capture:
            terminal.verdict(console, noted.review, noted.facts)
        assert "…" not in capture.get()
        assert " ".join(noted.review.symptoms.action.split()[-4:]) in " ".join(
            capture.get().split()
        )


ADVICE = re.compile("Lengthen the long run|leg presses")


@pytest.mark.parametrize("shown", [written, body])
def test_prevention_waits_while_something_hurts(shown) -> None:
    """What would prevent the next trouble is no first step in this one."""
    assert "What is advised" in shown(QUIET)
    held = shown(AMBER)
    assert "What is advised" not in held
    assert "Later, when it has settled" in held[: ADVICE.search(held).start()]
    for noted in (RED, UNREAD):
        assert ADVICE.search(shown(noted)) is None


@each
def test_an_entry_without_a_place_is_shown_with_what_was_noted(shown) -> None:
    text = shown(log("2025-06-09, 1, , , , fullness"))
    assert "no place named" in text
    assert "fullness" in text


@each
def test_two_runs_are_no_reassurance(shown) -> None:
    thin = read("date, km, descent_m\n2025-06-07, 5, 10\n2025-06-09, 5, 10")
    text = shown(thin)
    assert "No change of the last weeks" not in text
    assert "holds too little" in text
    section = before(text[text.index("The back of the knee") :], "See a clinician", "Kept (")
    assert "nothing" not in re.sub(r"(and n|N)othing (here )?adds up", "", section)
    assert "nothing that loads the back of the knee has changed" not in text.lower()


def test_the_terminal_shows_each_structure() -> None:
    text = printed(QUIET)
    below = text[text.index("The back of the knee") :]
    for name in ("Popliteus", "Hamstrings", "Upper calf", "Fluid pouch", "Meniscus", "Cruciate"):
        assert name in below
    assert "The back of the knee" not in printed(FLAG)


def test_the_data_hold_each_structure() -> None:
    told = payload.check(AMBER.review)["knee"]
    assert [entry["tissue"] for entry in told] == list(KNOWN.tissues)
    popliteus = told[0]
    assert popliteus["fired"][0] == {
        "exposure": "downhill",
        "support": 2,
        "rules": ["KW201", "KW202"],
        "grades": ["C/C", "B/C"],
    }
    assert popliteus["noted"][0]["score"] == 4.0
    assert popliteus["cannot_tell"]
    assert (popliteus["mechanism_grade"], popliteus["injury_grade"]) == ("C", "D")
    assert "what you noted comes before the log" in popliteus["change"]
    assert payload.check(FLAG.review)["knee"] == []


HURT = log(injuries="from,to,where\n2025-06-01,,outer-back")
BACK = log(
    "2025-06-01, 1, after, back, left,",
    "2025-06-02, 1, morning, back, left,",
    injuries="from,to,where\n2025-05-10,2025-05-31,outer-back",
)


@each
@pytest.mark.parametrize(
    ("noted", "title", "says"),
    [
        (HURT, "Injury goes on", "relative rest"),
        (BACK, "Return to run", "30 min of brisk walking"),
    ],
)
def test_an_injury_stands_above_the_load(shown, noted: Log, title: str, says: str) -> None:
    text = shown(noted)
    above = before(text, "KW102")
    assert title in above
    assert says in above.lower()
    assert "KW805" in above
    assert "1 in 450" not in above
    assert "Room left" not in text
    assert "clear jump" not in text.lower()
    assert "near 14 km" not in text


@each
def test_the_baseline_stands_apart(shown) -> None:
    hurt = log(injuries="from,to\n2024-12-01,2024-12-20")
    assert "1.7 times as often" in shown(hurt)
    assert "1.7 times as often" not in shown(QUIET)


def test_the_verdict_keeps_to_its_lines() -> None:
    for noted in (
        AMBER,
        RED,
        LASTS,
        UNREAD,
        HURT,
        BACK,
        log(injuries="from,to\n2024-12-01,2024-12-20"),
    ):
        console = Console(file=io.StringIO(), width=80, color_system=None)
        with console.capture() as capture:
            terminal.verdict(console, noted.review, noted.facts)
        assert len(capture.get().splitlines()) <= terminal.VERDICT_LINES


def test_the_data_say_it_too() -> None:
    told = payload.report(FLAG.review, FLAG.facts, Tally())
    assert told["level"] == "symptoms"
    assert told["attention"]["ratio"] is None
    assert told["symptoms"]["urgency"] == "same_day"
    assert [finding["code"] for finding in told["findings"]] == ["KW801"]
    assert told["kept"] == told["cannot_tell"] == []
    assert set(told["room_left"].values()) == {None}
    assert told["diary"]["pain"][0]["score"] == 5.0
    assert payload.dumps(told)


def test_all_urgencies_have_words() -> None:
    assert felt.VERDICTS.keys() == {*KNOWN.red_flags["actions"], *OTHERS}
    console = Console(file=io.StringIO(), width=80, color_system=None)
    with console.capture() as capture:
        felt.signs(console, KNOWN)
    listed = capture.get()
    assert all(key in listed for key in KNOWN.signs)
