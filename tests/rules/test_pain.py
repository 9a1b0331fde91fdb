"""KW80x: what the runner noted outranks the log, and a red flag silences it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logbook import Log, read

from kneewatch import evidence
from kneewatch.model import Severity
from kneewatch.rules import RoomLeft

KNOWN = evidence.load()
FLAGS = [key for key, sign in KNOWN.signs.items() if sign.urgency != "none"]

SPIKE = """
date, km
2025-04-07 +7 x9, 10
2025-04-10 +7 x9, 5
2025-06-09, 14
"""
"""A steady log with a jump of 40 % at its end, judged on 9 June."""


def noting(*lines: str, **others: str) -> Log:
    return read(SPIKE).noting(
        "date, score, when, where, side, signs\n" + "\n".join(lines), **others
    )


def urgency(log: Log) -> str | None:
    symptoms = log.review.symptoms
    return symptoms.urgency if symptoms else None


# --- nothing noted -------------------------------------------------------------------------------


def test_nothing_noted_is_not_the_same_as_no_pain() -> None:
    log = read(SPIKE)
    assert log.attention.level == "change"
    assert log.review.symptoms is None
    assert "not the same as none" in log.cannot_tell("KW802")
    for code in ("KW801", "KW803", "KW804", "KW805"):
        assert log.cannot_tell(code)


# --- red flags -----------------------------------------------------------------------------------


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


# --- zones ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "allowed"),
    [(0, None), (2, None), (2.5, "hold"), (3, "hold"), (5, "hold"), (5.5, "pause"), (7, "pause")],
)
def test_zones_of_the_score(score: float, allowed: str | None) -> None:
    log = noting(f"2025-06-08, {score}, during, outer-back, left,")
    assert urgency(log) == allowed
    assert log.attention.level == ("symptoms" if allowed else "change")


@pytest.mark.parametrize(
    ("before", "now", "allowed"),
    [(0, 0, None), (1, 1, None), (0, 1, "hold"), (0, 2, "pause"), (2, 1, None)],
)
def test_the_next_morning_is_compared_with_the_one_before(
    before: int, now: int, allowed: str | None
) -> None:
    log = noting(
        f"2025-06-02, {before}, morning, back, left,", f"2025-06-09, {now}, morning, back, left,"
    )
    assert urgency(log) == allowed
    other = noting(
        f"2025-06-02, {before}, morning, back, right,", f"2025-06-09, {now}, morning, back, left,"
    )
    assert urgency(other) is None, "another knee is no measure"


def test_a_limp_pauses_whatever_the_number() -> None:
    assert urgency(noting("2025-06-09, 1, after, back, , limp")) == "pause"
    assert urgency(noting("2025-06-09, , after, back, , limp")) == "pause"


def test_amber_on_three_runs_running_pauses() -> None:
    twice = ("2025-06-05, 3, during, back, ,", "2025-06-09, 3, during, back, ,")
    assert urgency(noting(*twice)) == "hold"
    assert urgency(noting("2025-06-02, 3, during, back, ,", *twice)) == "pause"


def test_places_that_were_said_in_part_may_be_one() -> None:
    """Three amber runs at what may be one place are a pause, and pain that lasts."""
    log = noting(
        "2025-06-02, 3, during, back, left,",
        "2025-06-05, 3, during, outer-back, left,",
        "2025-06-09, 3, during, back, ,",
    )
    assert urgency(log) == "pause"
    persists = log.broken_once("KW803")
    assert "at the back of the left knee was noted on 3 runs" in persists.message
    apart = noting(
        "2025-06-02, 3, during, inner-back, left,",
        "2025-06-05, 3, during, outer-back, left,",
        "2025-06-09, 3, during, middle-back, left,",
    )
    assert urgency(apart) == "hold"
    assert apart.kept("KW803")


@pytest.mark.parametrize(
    ("lines", "allowed"),
    [
        # The evening of the run is the measure where no earlier morning was noted.
        (("2025-06-08, 1, during, back, left,", "2025-06-09, 1, morning, back, left,"), None),
        (("2025-06-08, 0, after, back, left,", "2025-06-09, 1, morning, back, left,"), "hold"),
        (("2025-06-08, 0, after, back, left,", "2025-06-09, 2, morning, back, left,"), "pause"),
        (
            (
                "2025-06-08, 2, during, back, left,",
                "2025-06-08, 0, after, back, left,",
                "2025-06-09, 1, morning, back, left,",
            ),
            "hold",
        ),
        # A morning elsewhere at the back of the knee, or without a side, is one too.
        (("2025-06-02, 0, morning, back, ,", "2025-06-09, 2, morning, outer-back, left,"), "pause"),
        (("2025-06-02, 0, morning, calf, ,", "2025-06-09, 2, morning, back, left,"), None),
    ],
)
def test_a_morning_is_compared_with_what_is_known(
    lines: tuple[str, ...], allowed: str | None
) -> None:
    assert urgency(noting(*lines)) == allowed


def test_a_morning_with_nothing_to_compare_it_with_cannot_tell() -> None:
    log = noting("2025-06-09, 2, morning, back, left,")
    assert "before the morning of Mon 9 Jun" in log.cannot_tell("KW802")


@pytest.mark.parametrize(("score", "allowed"), [(6, "pause"), (4, "hold")])
def test_silence_ends_neither_pause_nor_hold(score: int, allowed: str) -> None:
    log = noting(f"2025-06-08, {score}, during, back, left,")
    for day in ("2025-06-09", "2025-06-16", "2025-07-05"):
        assert urgency(log.on(day)) == allowed
    assert "Nothing has been noted there since" in log.on("2025-06-16").broken_once("KW802").message
    assert urgency(log.on("2025-07-06")) is None, "four weeks at most"


@pytest.mark.parametrize(
    ("later", "ends"),
    [
        ("2, , back, left", True),
        ("0, , back,", True),
        ("1, , outer-back, left", True),
        ("1, , knee, left", True),
        ("3, , back, left", False),
        ("0, , back, right", False),
        ("0, , calf, left", False),
        ("0, , ,", False),
    ],
)
def test_a_pause_ends_with_a_low_score_at_the_place(later: str, ends: bool) -> None:
    log = noting("2025-06-01, 6, during, back, left,", f"2025-06-12, {later},").on("2025-06-12")
    assert (urgency(log) is None) == ends


def test_a_hold_names_the_time_before_the_pain_and_not_a_week_that_was_a_jump() -> None:
    log = noting("2025-06-09, 4, after, back, left,")
    symptoms = log.review.symptoms
    assert symptoms is not None
    for said in (symptoms.action, log.broken_once("KW102").advice):
        assert "usual in the four weeks before it" in said
        assert "last week" not in said


def test_pain_that_lasts_sends_to_a_clinician_in_what_leads() -> None:
    days = ("2025-06-02", "2025-06-05", "2025-06-09")
    paused = noting(*(f"{day}, 3, during, back, left," for day in days)).review.symptoms
    assert paused is not None
    assert paused.urgency == "pause"
    assert "Have a doctor or physiotherapist look at it" in paused.action
    alone = noting(ostrc="date,q1,q2,q3,q4\n2025-06-08,25,,,").review.symptoms
    assert alone is not None
    assert alone.action.startswith("hold: run no longer")
    assert alone.action.endswith("Have a doctor or physiotherapist look at it.")


@pytest.mark.parametrize(("score", "more"), [(7, True), (4, False)])
def test_first_aid_is_what_is_commonly_advised(score: int, more: bool) -> None:
    symptoms = noting(f"2025-06-09, {score}, after, back, left,").review.symptoms
    assert symptoms is not None
    said = " ".join(symptoms.care)
    for words in ("15 to 20 minutes", "foam rolling", "iliotibial band", "after a few days"):
        assert words in said
    for words in ("elastic bandage", "above the level of the heart", "1 to 3 days"):
        assert (words in said) == more


def test_what_was_noted_last_counts_and_not_the_worst_of_the_week() -> None:
    better = ("2025-06-04, 6, during, back, left,", "2025-06-09, 1, during, back, left,")
    log = noting(*better)
    assert urgency(log) is None
    assert "after up to 6" in log.kept("KW802")
    elsewhere = noting(better[0], "2025-06-09, 1, during, calf, left,")
    assert urgency(elsewhere) == "pause", "another place takes nothing back"


def test_pain_comes_before_load_and_caps_its_advice() -> None:
    log = noting("2025-06-09, 4, after, outer-back, left,")
    findings = log.review.findings
    assert findings[0].code == "KW802"
    spike = log.broken_once("KW102")
    assert spike.weight > 0, "the finding itself stays"
    assert spike.advice.startswith("hold")
    assert log.attention.ratio is None, "symptoms are never averaged with load"
    assert "outer back of the left knee" in findings[0].message


# --- persistence and the weekly answers ----------------------------------------------------------


def test_three_runs_at_one_place_belong_to_a_clinician() -> None:
    days = ("2025-05-29", "2025-06-05", "2025-06-09")
    same = noting(*(f"{day}, 3, during, back, left," for day in days))
    assert same.broken_once("KW803").unit == "runs"
    assert "physiotherapist" in same.broken_once("KW803").advice
    sides = noting(*(f"{d}, 3, , back, {s}," for d, s in zip(days, "lrl", strict=True)))
    assert sides.kept("KW803")


def test_a_day_without_pain_ends_what_lasts() -> None:
    apart = ("2025-06-02, 3, , back, ,", "2025-06-05, 0, , back, ,", "2025-06-09, 3, , back, ,")
    assert noting(*apart).kept("KW803")
    other = (apart[0], "2025-06-05, 0, , calf, ,", apart[2])
    assert noting(*other).broken_once("KW803").unit == "days"


def test_a_good_morning_makes_no_run_free_of_pain() -> None:
    days = ("2025-06-02", "2025-06-05", "2025-06-09")
    runs = [f"{day}, 3, during, back, left," for day in days]
    good = [f"2025-06-{day}, 0, morning, back, left," for day in ("03", "06")]
    assert noting(*runs, *good).broken_once("KW803").unit == "runs"
    free = noting(*runs, "2025-06-07, 0, during, back, left,")
    assert free.kept("KW803")


def test_seven_days_are_long_and_six_are_not() -> None:
    def log(first: str) -> Log:
        return noting(f"{first}, 3, , back, ,", "2025-06-08, 3, , back, ,")

    assert log("2025-06-02").broken_once("KW803").observed == 7
    assert log("2025-06-03").kept("KW803")


@pytest.mark.parametrize(
    ("answers", "substantial"),
    [
        ("0,,,", False),
        ("8,8,8,8", False),
        ("17,8,8,25", False),
        ("0,17,17,25", False),
        ("8,8,17,", True),
        ("8,17,0,8", True),
        ("8,0,17,8", True),
        ("25,,,", True),
    ],
)
def test_a_substantial_problem(answers: str, substantial: bool) -> None:
    """OSTRC-O2: the first 25, or the second or third 17 or more."""
    log = noting(ostrc=f"date,q1,q2,q3,q4\n2025-06-08,{answers}")
    assert bool(urgency(log)) == substantial
    assert log.broken_once("KW804") if substantial else log.kept("KW804")


@pytest.mark.parametrize("answers", ["8,8,,25", "8,,8,8", "17,,,"])
def test_what_decides_and_was_left_out_is_not_taken_for_none(answers: str) -> None:
    log = noting(ostrc=f"date,q1,q2,q3,q4\n2025-06-08,{answers}")
    assert "is empty" in log.cannot_tell("KW804")
    assert urgency(log) is None


def test_who_took_part_in_full_is_done_after_the_first_question() -> None:
    log = noting(ostrc="date,q1,q2,q3,q4\n2025-06-08,0,17,17,8")
    assert (
        log.kept("KW804") == "no substantial problem by the answers of Sun 8 Jun, 0 of 100 points"
    )


# --- injuries ------------------------------------------------------------------------------------


def test_an_injury_of_the_last_year_stands_apart() -> None:
    log = noting(injuries="from,to,where\n2024-12-01,2024-12-20,calf")
    attention = log.attention
    assert attention.ratio == pytest.approx(1.59), "as without it"
    assert attention.baseline == pytest.approx(1.59 * 1.72)
    assert "20 days of these months" in attention.baseline_reason
    old = noting(injuries="from,to,where\n2024-01-01,2024-06-08,calf")
    assert old.attention.baseline is None


def test_the_baseline_is_clipped() -> None:
    big = noting(injuries="from,to\n2024-12-01,2024-12-20").and_then("2025-06-09T19:00", km=40)
    assert big.attention.baseline is not None
    assert big.attention.baseline == pytest.approx(2.28 * 1.72)
    assert big.attention.baseline <= KNOWN.score["highest_with_person"]


def test_the_way_back_goes_by_what_was_noted() -> None:
    injured = "from,to,where\n2025-05-10,2025-05-31,outer-back"
    silent = noting(injuries=injured).broken_once("KW805")
    assert "note the pain" in silent.advice, "a run without a note is not one without pain"
    days = ("2025-06-02", "2025-06-05")
    quiet = noting(*(f"{d}, 1, during, back, ," for d in days), injuries=injured)
    assert quiet.broken_once("KW805").advice.startswith("next: 5 times 4 min walking")
    sore = noting(
        *(f"{d}, 1, during, back, ," for d in days),
        "2025-06-06, 3, morning, back, ,",
        injuries=injured,
    )
    assert "On 1 day of running pain was noted at 2 or less" in sore.broken_once("KW805").message


def test_the_way_back_ends_after_six_weeks() -> None:
    assert noting(injuries="from,to\n2025-04-01,2025-04-28").broken_once("KW805").observed == 42
    assert noting(injuries="from,to\n2025-04-01,2025-04-27").kept("KW805")
    assert "goes on" in noting(injuries="from,to\n2025-01-01,").broken_once("KW805").message


def test_nothing_after_the_day_is_known() -> None:
    log = noting("2025-06-09, 8, , back, , locking", injuries="from,to\n2025-06-01,2025-06-09")
    before = log.on("2025-06-05")
    assert urgency(before) is None
    assert "goes on" in before.broken_once("KW805").message
