"""KW805: an injury and the way back from it lead the plan."""

from __future__ import annotations

import pytest
from logbook import read
from noted import SPIKE, noting, urgency

from kneewatch import evidence
from kneewatch.model import Finding
from kneewatch.rules import RoomLeft

KNOWN = evidence.load()


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


WAY = "from,to,where,side\n2025-05-10,2025-05-31,outer-back,left"


def days_on_the_way(*days: str, score: int = 1, morning: int = 1, where: str = "back") -> list[str]:
    """A note of each day in June, and one of the next morning."""
    return [
        line
        for day in days
        for line in (
            f"2025-06-{day}, {score}, during, {where}, ,",
            f"2025-06-{int(day) + 1:02d}, {morning}, morning, {where}, ,",
        )
    ]


def on_the_way(*lines: str, injuries: str = WAY) -> Finding:
    return noting(*lines, injuries=injuries).broken_once("KW805")


def test_the_way_back_begins_with_walking_and_goes_by_what_was_noted() -> None:
    silent = on_the_way()
    assert "note the pain" in silent.advice, "a run without a note is not one without pain"
    assert "begins with 30 min of brisk walking" in silent.advice
    first = on_the_way(*days_on_the_way("01"))
    assert first.advice.startswith("next: 30 min of brisk walking")
    second = on_the_way(*days_on_the_way("01", "03"))
    assert second.advice.startswith("next: 5 times 4 min walking and 2 min jogging")
    assert "On 2 days pain was noted at 2 or less, no worse the next morning." in second.message


def test_a_day_without_its_morning_is_unsaid() -> None:
    lines = ("2025-06-01, 1, during, back, ,", "2025-06-03, 1, during, back, ,")
    finding = on_the_way(*lines)
    assert "note the pain" in finding.advice
    assert "next morning was not noted" in finding.message
    half = on_the_way(*lines, "2025-06-02, 0, morning, back, ,")
    assert half.advice.startswith("next: 30 min of brisk walking")
    today = on_the_way(*days_on_the_way("01", "03"), "2025-06-09, 1, during, back, ,")
    assert today.advice.startswith("next: 5 times 4 min"), "its morning is yet to come"


def test_a_worse_morning_is_no_quiet_day_and_pain_goes_a_stage_back() -> None:
    quiet = days_on_the_way("01", "03")
    worse = on_the_way(*quiet, *days_on_the_way("05", morning=2), *days_on_the_way("07"))
    assert worse.advice.startswith("next: 5 times 4 min")
    assert "more the next morning" in worse.message
    back = on_the_way(*quiet, *days_on_the_way("05", score=3))
    assert back.advice.startswith("a stage back: 30 min of brisk walking")
    for bad in (days_on_the_way("05", score=3), days_on_the_way("05", morning=3)):
        assert "On 1 day it was above 2: a stage back" in on_the_way(*quiet, *bad).message


def test_pain_elsewhere_is_no_matter_of_the_way_back() -> None:
    quiet = days_on_the_way("01", "03")
    assert on_the_way(*quiet, *days_on_the_way("05", score=4, where="calf")).advice.startswith(
        "next: 5 times 4 min"
    )


def test_walks_are_days_on_the_way() -> None:
    """A walk in the log without a note is a day of which the pain is not known."""
    walked = read("date, km, sport\n2025-06-01, 3, walking\n2025-06-03, 3, walking")
    unsaid = walked.noting(injuries=WAY).broken_once("KW805")
    assert "For 1 day the pain or the next morning was not noted" in unsaid.message
    said = walked.noting("date,score,when,where\n2025-06-01,0,after,\n2025-06-02,0,morning,",
                         injuries=WAY)  # fmt: skip
    assert "On 1 day pain was noted at 2 or less" in said.broken_once("KW805").message


def test_what_was_run_beyond_the_stage_is_said() -> None:
    text = SPIKE.replace("km", "km, descent_m").replace("14", "14, 200")
    text = text.replace("x9, 10", "x9, 10, 0").replace("x9, 5", "x9, 5, 0")
    finding = read(text).noting(injuries=WAY).broken_once("KW805")
    assert "3 runs went beyond the stage of that day, up to 14.0 km." in finding.message
    assert "1 run went downhill already, up to 200 m." in finding.message


@pytest.mark.parametrize(
    ("injuries", "title", "says"),
    [
        ("from,to,where\n2025-06-01,,outer-back", "injury", "relative rest"),
        (WAY, "return", "the way back begins with"),
    ],
)
def test_an_injury_leads_and_leaves_neither_level_nor_other_advice(
    injuries: str, title: str, says: str
) -> None:
    log = noting(injuries=injuries)
    symptoms = log.review.symptoms
    assert symptoms is not None
    assert symptoms.urgency == title
    assert says in symptoms.action
    attention = log.attention
    assert (attention.level, attention.ratio, attention.one_in) == ("symptoms", None, None)
    assert log.room == RoomLeft(None, None, None)
    assert log.review.findings[0].code == "KW805"
    assert "this" in log.broken_once("KW102").advice
    assert "14 km" not in log.broken_once("KW102").advice


def test_an_injury_that_goes_on_for_a_week_belongs_to_a_clinician() -> None:
    def action(first: str) -> str:
        symptoms = noting(injuries=f"from,to\n{first},").review.symptoms
        assert symptoms is not None
        return symptoms.action

    assert "physiotherapist" in action("2025-06-02")
    assert "physiotherapist" not in action("2025-06-03")


def test_pain_on_the_way_back_holds_or_pauses_before_it() -> None:
    hold = noting(*days_on_the_way("08", score=4), injuries=WAY).review.symptoms
    assert hold is not None
    assert hold.urgency == "hold"
    assert hold.action.startswith("hold: add nothing until")
    assert "A stage back: 30 min of brisk walking" in hold.action
    paused = noting(*days_on_the_way("08", score=7), injuries=WAY)
    assert urgency(paused) == "pause"
    assert "30 min" not in paused.broken_once("KW805").advice, "nothing to run under a pause"
    injured = noting("2025-06-09, 4, , back, ,", injuries="from,to\n2025-06-01,").review.symptoms
    assert injured is not None
    assert injured.urgency == "injury"
    assert "Pain of 4" in injured.because[0]


@pytest.mark.parametrize("where", ["hand", "left shoulder", "Rippe"])
def test_an_injury_of_another_part_of_the_body_is_no_matter_of_running(where: str) -> None:
    log = noting(injuries=f"from,to,where\n2025-06-01,,{where}")
    assert urgency(log) is None
    assert log.kept("KW805")
    assert log.attention.baseline is None
    for leg in ("foot", "achilles", "", "elsewhere"):
        assert urgency(noting(injuries=f"from,to,where\n2025-06-01,,{leg}")) == "injury"


def test_the_way_back_ends_after_six_weeks() -> None:
    assert noting(injuries="from,to\n2025-04-01,2025-04-28").broken_once("KW805").observed == 42
    assert noting(injuries="from,to\n2025-04-01,2025-04-27").kept("KW805")
    assert "goes on" in noting(injuries="from,to\n2025-01-01,").broken_once("KW805").message


def test_nothing_after_the_day_is_known() -> None:
    log = noting("2025-06-09, 8, , back, , locking", injuries="from,to\n2025-06-01,2025-06-09")
    before = log.on("2025-06-05")
    assert urgency(before) == "injury", "of the sign nothing is known yet"
    assert "goes on" in before.broken_once("KW805").message
