"""KW801: a red flag silences the log, and nothing that may hide one is passed over."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logbook import read
from noted import SPIKE, noting, urgency

from kneewatch import evidence
from kneewatch.model import Severity
from kneewatch.rules import RoomLeft

KNOWN = evidence.load()
FLAGS = [key for key, sign in KNOWN.signs.items() if sign.urgency != "none"]


@pytest.mark.parametrize("sign", FLAGS)
def test_every_red_flag_stops_the_score(sign: str) -> None:
    log = noting(f"2025-06-08, 1, during, outer-back, left, {sign}")
    attention, finding = log.attention, log.broken_once("KW801")
    assert (attention.level, attention.ratio, attention.one_in) == ("symptoms", None, None)
    assert log.room == RoomLeft(None, None, None)
    assert finding.severity is Severity.URGENT
    assert log.review.findings == (finding,), "nothing on training beside it"
    assert log.review.kept == log.review.cannot_tell == ()
    assert list(log.review.to_frame()["code"]) == ["KW801"]
    assert finding.message in log.review._repr_html_()
    assert "rules kept" not in log.review._repr_html_()
    assert urgency(log) == KNOWN.signs[sign].urgency
    assert finding.advice == KNOWN.red_flags["actions"][KNOWN.signs[sign].urgency]


@pytest.mark.parametrize("sign", [k for k, s in KNOWN.signs.items() if s.urgency == "none"])
def test_other_signs_are_no_red_flag(sign: str) -> None:
    assert noting(f"2025-06-08, 1, , , , {sign}").kept("KW801")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(FLAGS), min_size=1, max_size=5), st.integers(0, 10))
def test_the_most_urgent_sign_decides_whatever_the_score(signs: list[str], score: int) -> None:
    log = noting(f"2025-06-08, {score}, , outer-back, , {' '.join(signs)}")
    symptoms = log.review.symptoms
    assert symptoms is not None
    order = ("emergency", "same_day", "within_days")
    asked = {KNOWN.signs[sign].urgency for sign in signs}
    assert order.index(symptoms.urgency) <= min(map(order.index, asked))
    for sign in signs:
        assert any(KNOWN.signs[sign].says in reason for reason in symptoms.because)


def test_fever_and_a_swollen_knee_on_two_days_are_an_emergency() -> None:
    assert urgency(noting("2025-06-07, 3, , back, , swelling")) == "same_day"
    both = noting("2025-06-07, 3, , back, , swelling", "2025-06-08, , , , , fever")
    assert urgency(both) == "emergency"


@pytest.mark.parametrize(
    ("score", "where", "allowed"),
    [
        (8, "back", "same_day"),
        (7, "back", "pause"),
        (9, "", "same_day"),
        (9, "calf", "same_day"),
        (9, "behind left knee", "same_day"),
        (9, "popliteal", "same_day"),
        (9, "outer", "same_day"),
        (9, "knee back", "same_day"),
        (9, "back of left knee", "same_day"),
        (9, "shin", "same_day"),
        (9, "thigh", "pause"),
        (9, "elsewhere", "pause"),
    ],
)
def test_severe_pain_is_a_red_flag_wherever_it_may_be_the_knee_or_below(
    score: int, where: str, allowed: str
) -> None:
    assert urgency(noting(f"2025-06-08, {score}, during, {where}, ,")) == allowed


def test_severe_pain_in_the_calf_asks_about_a_clot() -> None:
    calf = noting("2025-06-08, 9, , calf, left,").review.symptoms
    assert calf is not None
    assert calf.because == ("Noted on Sun 8 Jun, at the left calf: severe pain in the calf.",)
    assert any("earlier blood clot" in item for item in calf.context)
    knee = noting("2025-06-08, 9, , back of the left knee, ,").review.symptoms
    assert knee is not None
    assert "at the back of the left knee: severe pain" in knee.because[0]
    assert knee.context == ()


def test_severe_pain_with_a_bad_day_counts_too() -> None:
    assert urgency(noting("31.06.2025, 9, , back, left,")) == "same_day"


def test_a_clot_is_asked_about_and_never_added_up() -> None:
    symptoms = noting("2025-06-08, 2, , calf, left, calf-swelling").review.symptoms
    assert symptoms is not None
    assert any("operation" in item for item in symptoms.context)
    assert any("earlier blood clot" in item for item in symptoms.context)
    said = " ".join((*symptoms.because, symptoms.action, symptoms.asked, *symptoms.context))
    assert "%" not in said
    assert "unlikely" not in said
    locked = noting("2025-06-08, 2, , back, , locking").review.symptoms
    assert locked is not None
    assert locked.context == ()


def test_a_sign_stands_four_weeks_or_until_it_was_looked_at() -> None:
    early = noting("2025-05-13, , , back, , locking")
    assert urgency(early) == "within_days", "27 days before"
    assert urgency(early.on("2025-06-10")) is None
    seen = noting("2025-06-01, , , back, , locking", "2025-06-03, , , , , seen")
    assert urgency(seen) is None
    assert urgency(seen.on("2025-06-02")) == "within_days", "as it was known that day"
    again = noting("2025-06-01, , , , , seen", "2025-06-03, , , back, , locking")
    assert urgency(again) == "within_days"


@pytest.mark.parametrize(
    ("noted", "seen", "stands"),
    [
        ("left", "", False),
        ("left", "both", False),
        ("left", "left", False),
        ("left", "right", True),
        ("both", "right", True),
        ("", "right", True),
    ],
)
def test_who_saw_one_side_has_seen_no_other(noted: str, seen: str, stands: bool) -> None:
    log = noting(f"2025-06-01, , , , {noted}, calf-swelling", f"2025-06-03, , , , {seen}, seen")
    assert (urgency(log) is not None) == stands


def test_of_two_sides_each_stands_by_itself() -> None:
    both = [f"2025-06-01, , , , {side}, calf-swelling" for side in ("left", "right")]
    seen = noting(*both, "2025-06-03, , , , right, seen").review.symptoms
    assert seen is not None
    assert seen.because == ("Noted on Sun 1 Jun, left side: new swelling of one calf.",)


def test_a_red_flag_needs_no_history_and_no_run() -> None:
    alone = read("date, km\n2025-06-09, 5").noting("date,signs\n2025-06-09,chest-pain")
    assert urgency(alone) == "emergency"
    assert alone.attention.level == "symptoms"


def test_a_sign_counts_however_a_spreadsheet_saved_it() -> None:
    """German Excel; nothing of it may be lost on the way to the verdict."""
    saved = "Datum;Schmerz;Wann;Wo;Seite;Zeichen\n08.06.2025;6;;Wade;links;"
    for said in ("calf-swelling", "Calf swelling", "calf_swelling.", "swollen calf"):
        log = read(SPIKE).noting(saved + said)
        assert urgency(log) == "same_day"
        assert "new swelling of one calf" in log.broken_once("KW801").message


def test_a_sign_with_a_bad_day_stands_until_the_day_is_mended() -> None:
    log = noting("31.06.2025, 5, , back, left, calf-swelling")
    for day in ("2025-06-09", "2025-06-30", "2026-03-01"):
        then = log.on(day)
        assert urgency(then) == "same_day"
        said = then.broken_once("KW801").message
        assert "in pain.csv line 2, whose date has to be mended, left side: new swelling" in said
    seen = noting("31.06.2025, 5, , back, left, calf-swelling", "2025-06-09, , , , , seen")
    assert urgency(seen) == "same_day", "nobody knows which came first"


@pytest.mark.parametrize(
    ("line", "day", "allowed"),
    [
        ("2025-06-08, 1, , back, , twinge", "2025-06-09", "unread"),
        ("2025-06-08, 1, , back, , twinge", "2025-07-05", "unread"),
        ("2025-06-08, 1, , back, , twinge", "2025-07-06", None),
        ("2025-06-08, 1, , back, , twinge", "2025-06-07", None),
        ("2025-06-08, bad, , back, ,", "2025-06-09", "unread"),
        ("some day, 1, , back, ,", "2025-06-09", "unread"),
        ("some day, 1, , back, ,", "2026-03-01", "unread"),
    ],
)
def test_a_line_that_may_hold_a_sign_leaves_no_level(
    line: str, day: str, allowed: str | None
) -> None:
    log = noting(line).on(day)
    assert urgency(log) == allowed
    if allowed:
        assert log.attention.level == "symptoms"
        assert (log.attention.ratio, log.attention.one_in) == (None, None)
        assert log.room == RoomLeft(None, None, None)
        assert "pain.csv line 2" in log.attention.reasons[0]
        assert "pain.csv line 2" in log.cannot_tell("KW801")


def test_pain_beside_a_line_that_cannot_be_read_is_said_after_it() -> None:
    symptoms = noting("2025-06-09, 7, , back, ,", "soon, 1, , back, ,").review.symptoms
    assert symptoms is not None
    assert symptoms.urgency == "pause"
    assert "pain.csv line 3" in symptoms.because[0]
    assert "Pain of 7" in symptoms.because[1]


def test_many_lines_that_cannot_be_read_are_counted() -> None:
    symptoms = noting(*(f"soon {n}, 1, , back, ," for n in range(9))).review.symptoms
    assert symptoms is not None
    assert len(symptoms.because) == 4
    assert "6 more" in symptoms.because[3]


@pytest.mark.parametrize("code", ["KW801", "KW802"])
def test_signs_and_pain_are_heard_whatever_is_switched_off(code: str) -> None:
    """The configuration refuses it; whoever makes one in Python is not obeyed."""
    off = {"ignore": frozenset({code})}
    assert urgency(noting("2025-06-08, 1, , back, , locking").with_config(**off)) == "within_days"
    assert urgency(noting("2025-06-08, 7, , back, ,").with_config(**off)) == "pause"
