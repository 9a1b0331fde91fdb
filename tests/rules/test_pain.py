"""KW802 to KW804: pain that the runner noted outranks the log."""

from __future__ import annotations

import pytest
from logbook import Log, read
from noted import SPIKE, noting, urgency

# --- nothing noted -------------------------------------------------------------------------------


def test_nothing_noted_is_not_the_same_as_no_pain() -> None:
    log = read(SPIKE)
    assert log.attention.level == "change"
    assert log.review.symptoms is None
    assert "not the same as none" in log.cannot_tell("KW802")
    for code in ("KW801", "KW803", "KW804", "KW805"):
        assert log.cannot_tell(code)


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
        assert "usual in the four weeks before the pain" in said
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
