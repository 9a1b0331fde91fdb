"""The report as text: the same words, and nothing of others that turns into markup."""

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from kneewatch import columns, evidence
from kneewatch.config import Config
from kneewatch.model import CannotTell, Finding, Kept, Severity, Tally
from kneewatch.picture import Picture
from kneewatch.report import markdown
from kneewatch.rules.facts import Attention, Facts, Review, RoomLeft
from kneewatch.units import Units

DAY = date(2025, 11, 2)
EVIL = "<script>alert(1)</script> [a](javascript:x) | *b* `c`\n# d"


def facts(system="km", shoe="Old"):
    shoes = [{"distance_m": 721e3, "runs": 60}] if shoe else []
    weeks = [{"known": False}, {"known": True, "distance_m": 2e4, "runs": 2}] if shoe else []
    return Facts(
        DAY,
        columns.frame(columns.ACTIVITIES, [], pd.Index([], dtype=object)),
        columns.frame(columns.ACTIVITIES, [], pd.Index([], dtype=object)),
        columns.frame(
            columns.WEEKS, weeks, pd.Index(["2025-10-20", "2025-10-27"][: len(weeks)], dtype=object)
        ),
        columns.frame(columns.SHOES, shoes, pd.Index([shoe] * len(shoes), dtype=object)),
        DAY,
        Config(units=Units(system)),
        evidence.load(),
    )


def review(message="It was longer.", level="change"):
    known = evidence.load().rules["KW102"]
    finding = Finding(
        "KW102",
        "session-spike",
        Severity.CAUTION,
        known.grade,
        "2025-11-02",
        "2025-11-02",
        1.4,
        1.1,
        "ratio",
        message,
        tissues=("popliteus",),
        advice="let the next run end sooner",
        papers=known.papers,
        weight=0.4,
    )
    return Review(
        DAY,
        Attention(level, 1.59, 280, (message,)),
        (finding,),
        (Kept("KW103", "spread", message),),
        (CannotTell("KW201", "descent-spike", message),),
        RoomLeft(13000.0, 12000.0, None),
    )


def picture(name):
    return Picture(name, "A title", "What it shows", "date", "distance", "", "")


def test_it_says_what_the_page_says():
    text = markdown.render(review(), facts(), Tally(files=1, runs=1))
    assert text.startswith("# A change\n\nTraining up to 2 November 2025.")
    for part in (
        "1 in 280 runs",
        "- **Next run:** up to about 13 km",
        "- **Descent in a run:** cannot tell",
        "### Caution: Session spike (KW102)",
        "**Try:** Let the next run end sooner.",
        "Grade B: one large cohort with measured exposure",
        "- For: Among 5,205 runners",
        "- Against: Distance measured by eight watches",
        "[doi:10.1136/bjsports-2024-109380](https://doi.org/10.1136/bjsports-2024-109380)",
        "- **Popliteus tendon",
        "## See a clinician",
        "### Emergency, now",
        "does not diagnose",
    ):
        assert part in text


def test_what_is_no_measure_is_not_shown_as_one():
    said = review()
    gathered = replace(said.findings[0], code="KW701", observed=3.0, limit=0.0, unit="findings")
    text = markdown.render(replace(said, findings=(gathered,)), facts(), Tally())
    assert "Measured" not in text
    assert "Measured: 1.4 times; the limit is 1.1 times." in markdown.render(said, facts(), Tally())


def test_charts_are_pictures_beside_it():
    text = markdown.render(
        review(), facts(), Tally(), {"weekly_distance": picture("weekly_distance")}
    )
    assert "![A title. What it shows](charts/weekly_distance.png)" in text
    targets = re.findall(r"!\[[^\]]*\]\(([^)]*)\)", text)
    assert targets == ["charts/weekly_distance.png"]


def test_without_charts_named_all_of_a_runner_are_linked():
    text = markdown.render(review(), facts(), Tally())
    assert "(charts/long_runs.png)" in text
    assert "(charts/tissues.png)" in text


def test_words_of_others_are_no_markup():
    text = markdown.render(review(EVIL), facts(shoe=EVIL), Tally())
    assert "<script" not in text.replace("\\<script", "")
    assert "](javascript" not in text.replace("\\](javascript", "")
    assert not re.search(r"^# d", text, re.MULTILINE)
    (row,) = [line for line in text.splitlines() if line.startswith("|") and "721 km" in line]
    assert len(re.findall(r"(?<!\\)\|", row)) == 7


@pytest.mark.parametrize(
    ("said", "escaped"),
    [
        ("2. a run", "2\\. a run"),
        ("- 5 %", "\\- 5 %"),
        ("17.0 km", "17.0 km"),
        ("+27 % at −5 %", "\\+27 % at −5 %"),
        ("kneewatch.toml", "kneewatch.toml"),
        ("a_b", "a\\_b"),
    ],
)
def test_escape(said, escaped):
    assert markdown.escape(said) == escaped


def test_symptoms_get_no_room():
    assert "## Room left" not in markdown.render(review(level="symptoms"), facts(), Tally())


def test_an_empty_log_is_a_whole_report():
    empty = Review(DAY, Attention("not-enough-history", None, None, ()))
    text = markdown.render(empty, facts(shoe=""), Tally(), {})
    assert text.startswith("# Not enough history yet")
    assert "## Shoes" not in text
    assert "nan" not in text
    assert "![" not in text


def test_miles():
    text = markdown.render(review(), facts("mi"), Tally())
    assert "up to about 8 mi" in text
    assert "| Old | 448 mi |" in text


def test_the_words_promise_nothing_and_name_no_condition():
    text = " ".join(markdown.render(review(), facts(), Tally()).split())
    for sentence in re.split(r"(?<=[.:;])\s", text):
        if re.search(r"\bsafe|\byou have\b|diagnos", sentence, re.I):
            assert re.search(r"\b(not|never|no|nothing)\b", sentence, re.I), sentence
