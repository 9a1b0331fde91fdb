"""The rule book as a whole: what has to be true of every rule, those yet to be written too."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from logbook import EMPTY, Log, logged, read
from matplotlib.text import Text

from kneewatch import evidence, rules
from kneewatch.columns import ACTIVITIES, SHOES, WEEKS
from kneewatch.config import ALWAYS_ON, Shoe
from kneewatch.model import CannotTell, Finding, Kept
from kneewatch.report import words
from kneewatch.report.draw import draw
from kneewatch.rules import BOOK, Rule, review
from kneewatch.rules.pictures import PICTURES
from kneewatch.units import Units

KNOWN = evidence.load()
SOURCES = {path.name: path.read_text("utf-8") for path in Path(rules.__file__).parent.glob("*.py")}

each_rule = pytest.mark.parametrize("rule", list(BOOK.values()), ids=list(BOOK))

WORST = """
date, km, descent_m, steep_km, surface, shoe
2025-01-06 +7 x22, 10, 20, 0, hard, Old
2025-01-08 +7 x22, 5, 20, 0, hard, Old
2025-06-09, 90, 2900, 20, uneven, New
2025-06-10, 5, 900, 5, uneven, New
2025-06-11, 5, 900, 5, hard, Old
"""
HARD_ONLY = """
date, km, surface
2025-04-01 +7 x5, 10, hard
2025-05-26 +2 x8, 10, hard
"""
NEW_SHOES = """
date, km, shoe
2025-01-06 +7 x22, 10, Old
2025-06-09, 9, New
"""
EFFORTS = """
date, km, min, fast_min
2025-04-01 +7 x6, 10, 60, 2
2025-06-01 +1 x11, 15, 80, 20
"""
FORM = """
date, km, device, level_mps, spm, contact_ms, balance, drift, down_shift
2025-05-01 +2 x16, 10, fenix, 3.0, 170, 250, 50, 0, -2
2025-06-07 +1 x3, 10, fenix, 3.0, 160, 265, 52, -5, -8
"""
HABITS = """
date, km, min, fast_min, start_mps, end_mps, surges, turns, device
2025-05-01 +2 x16, 10, 60, 10, 4.5, 4.5, 1, 0, fenix
2025-06-07, 10, 60, 10, 4.5, 4.5, 9, 9, fenix
"""
BRAKING = """
date, km, steps, braking_steps, down_km
2025-05-01 +2 x16, 10, 9000, 9200, 1
2025-06-07, 15, 13500, 15000, 6
"""
ONLY_TOLD = {"KW104", "KW131"}
"""Rules that know of no limit to break: their answer is information."""


def worst() -> Log:
    return read(WORST).with_config(shoes=(Shoe("Old", worn_m=790_000),))


def aching() -> Log:
    """A log beside notes of everything that can hurt."""
    return read(HARD_ONLY).noting(
        pain="""
            date, score, when, where, side, signs
            2025-06-02, 4, during, outer-back, left,
            2025-06-09, 6, after, outer-back, left, limp
        """,
        injuries="""
            from, to, where
            2025-05-01, 2025-05-20, calf
        """,
        ostrc="""
            date, q1, q2, q3, q4
            2025-06-08, 17, 17, 8, 17
        """,
    )


def flagged() -> Log:
    return read(HARD_ONLY).noting("date, signs\n2025-06-09, swelling")


def speaking() -> tuple[Log, ...]:
    """Logs that together break every rule that can be broken."""
    new_shoes = read(NEW_SHOES).with_config(shoes=(Shoe("Old"), Shoe("New")))
    said = [read(text) for text in (HARD_ONLY, EFFORTS, FORM, HABITS, BRAKING)]
    return worst(), *said, new_shoes, aching(), flagged()


def source_of(rule: Rule) -> str:
    module = rule.judge.__module__.rpartition(".")[2]
    return SOURCES[f"{module}.py"]


def test_codes_are_unique_sorted_by_topic_and_have_one_home() -> None:
    declared = re.findall(r'@rule\(\s*"(KW\d+)"', "".join(SOURCES.values()))
    assert sorted(declared) == sorted(BOOK)
    assert len(set(declared)) == len(declared)
    names = [rule.name for rule in BOOK.values()]
    assert len(set(names)) == len(names)
    with pytest.raises(ValueError, match="two rules with the code KW102"):
        rules.rule.rule("KW102", "again", needs=(), picture=PICTURES["descent"])(lambda facts: [])


@each_rule
def test_names(rule: Rule) -> None:
    assert re.fullmatch(r"KW[1-9]\d\d", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    home = [topic for topic in rules.TOPICS if topic.__name__ == rule.judge.__module__]
    assert len(home) == 1


def test_answers_come_in_the_order_of_the_book() -> None:
    answers = review(EMPTY.facts)
    codes = [answer.code for answer in (*answers.kept, *answers.cannot_tell)]
    assert sorted(codes) == sorted(BOOK)
    assert [a.code for a in answers.cannot_tell] == sorted(a.code for a in answers.cannot_tell)


# --- evidence ------------------------------------------------------------------------------------


def test_every_rule_has_evidence_and_all_evidence_a_rule() -> None:
    assert BOOK.keys() == KNOWN.rules.keys()


@each_rule
def test_every_rule_has_a_limit_and_uses_each(rule: Rule) -> None:
    limits = KNOWN.rules[rule.code].limits
    assert limits
    text = source_of(rule) + SOURCES["efforts.py"] + SOURCES["way_back.py"]
    assert [name for name in limits if f'"{name}"' not in text] == []


@each_rule
def test_no_limit_is_used_that_is_not_there(rule: Rule) -> None:
    body = source_of(rule)
    used = set(re.findall(r'evidence\[\s*"(\w+)"\s*\]', body))
    topic = [r.code for r in BOOK.values() if r.judge.__module__ == rule.judge.__module__]
    assert used <= {name for code in topic for name in KNOWN.rules[code].limits}


@each_rule
def test_papers(rule: Rule) -> None:
    known = KNOWN.rules[rule.code]
    assert set(known.papers) <= KNOWN.papers.keys()
    assert len(set(known.papers)) == len(known.papers), "no paper both for and against"
    if known.grade not in ("D", "convention"):
        assert known.papers_for
    assert known.papers, "even a convention has been looked into"


# --- documentation -------------------------------------------------------------------------------


@each_rule
def test_documentation(rule: Rule) -> None:
    assert rule.title.endswith(".")
    assert len(rule.title) < 100
    assert rule.title == rule.doc.partition("\n")[0]
    assert len(rule.doc.split()) > 20, "more than a title"
    assert "Try:" not in rule.doc
    assert len(rule.advice.split()) > 5
    assert rule.advice[0].islower(), "it follows a colon"
    assert rule.advice.endswith(".")


@each_rule
def test_columns_that_it_needs_exist(rule: Rule) -> None:
    assert set(rule.needs) <= ACTIVITIES.keys() | WEEKS.keys() | SHOES.keys()
    text = source_of(rule) + SOURCES["windows.py"] + SOURCES["load.py"]
    text += (Path(rules.__file__).parents[1] / "metrics" / "downhill.py").read_text("utf-8")
    assert [name for name in rule.needs if f'"{name}"' not in text] == []


@each_rule
def test_the_picture_draws_on_an_empty_log_and_on_a_full_one(rule: Rule) -> None:
    assert rule.picture in PICTURES.values()
    for log in (EMPTY, worst()):
        picture = rule.picture(log.facts)
        axes = draw(picture, log.config.units)
        figure = axes.figure
        assert figure is not None
        shown = " ".join(text.get_text() for text in figure.findobj(Text)).lower()
        assert picture.series or picture.empty in shown
        assert picture.title.lower() in shown


# --- answers -------------------------------------------------------------------------------------


@each_rule
def test_on_an_empty_log_it_cannot_tell(rule: Rule) -> None:
    (alone,) = rule.judge(EMPTY.facts)
    assert isinstance(alone, CannotTell | Kept), alone
    (answer,) = [a for a in EMPTY.review.cannot_tell if a.code == rule.code]
    assert answer.name == alone.name == rule.name
    assert answer.why


@pytest.mark.parametrize(
    "text",
    [
        WORST,
        HARD_ONLY,
        "date, km\n2025-06-09,",
        "date, km\n2025-06-09, 0",
        "date, km, sport\n2025-06-09, 30, cycling",
        "date, km, descent_m, altitude\n2025-01-01 +1 x160, 10, 900, gps",
        "date, km, surface, descent_m\n2025-01-01 +40 x4, 10, treadmill, 50",
    ],
    ids=["worst", "hard", "no distance", "zero", "ride", "daily", "rare"],
)
def test_every_rule_gives_one_kind_of_answer(text: str) -> None:
    """Broken as often as it likes, or kept once, or not to be told, once."""
    answers = review(read(text).facts)
    for code, rule in BOOK.items():
        every = [*answers.findings, *answers.kept, *answers.cannot_tell]
        mine = [answer for answer in every if answer.code == code]
        kinds = {type(answer) for answer in mine}
        assert len(kinds) == 1, code
        assert kinds == {Finding} or len(mine) == 1, code
        assert {answer.name for answer in mine} == {rule.name}


def test_findings_say_all_that_a_report_needs() -> None:
    found = [(log.facts, f) for log in speaking() for f in log.review.findings]
    assert {finding.code for _, finding in found} == BOOK.keys() - ONLY_TOLD
    for facts, finding in found:
        known = KNOWN.rules[finding.code]
        assert date.fromisoformat(finding.start) <= date.fromisoformat(finding.end) <= facts.as_of
        assert math.isfinite(finding.observed)
        assert math.isfinite(finding.limit)
        assert set(finding.runs) <= set(facts.runs.index)
        assert finding.runs
        assert set(finding.tissues) <= KNOWN.tissues.keys()
        assert finding.papers == known.papers
        assert finding.grade == known.grade
        assert finding.advice.endswith(".")
        assert finding.message.endswith(".")
        assert "nan" not in finding.message
        assert "  " not in finding.message
        if finding.weight > 0:
            assert known.family != "none", "what weighs belongs to a family"


def test_the_loudest_come_first_then_the_weightiest_then_the_newest() -> None:
    found = worst().review.findings
    keys = [(-finding.severity, -finding.weight) for finding in found]
    assert keys == sorted(keys)
    alike = [
        (a.end, b.end)
        for a, b in pairwise(found)
        if (a.severity, a.weight) == (b.severity, b.weight)
    ]
    assert alike
    assert all(newer >= older for newer, older in alike)


@each_rule
def test_each_rule_but_those_of_the_body_can_be_switched_off(rule: Rule) -> None:
    log = worst().with_config(ignore=frozenset({rule.code}))
    if rule.code in ALWAYS_ON:
        assert "switched off" not in str(log.review)
        return
    assert log.cannot_tell(rule.code) == "switched off in kneewatch.toml"
    others = {a.code for a in (*log.review.findings, *log.review.kept)}
    answered = {a.code for a in (*worst().review.findings, *worst().review.kept)}
    assert others >= answered - {rule.code, "KW701"}, "it takes no other answer with it"


def test_the_same_facts_give_the_same_review_and_its_frame() -> None:
    log = worst()
    assert log.review == log.review
    frame = log.review.to_frame()
    assert list(frame["code"]) == [finding.code for finding in log.review.findings]
    assert set(frame["severity"]) <= {"note", "caution", "warning"}
    assert list(EMPTY.review.to_frame().columns) == list(frame.columns)


def test_the_order_of_rows_changes_nothing() -> None:
    log = worst()
    shuffled = replace(log, rows=(*log.rows[1::3], *log.rows[2::3], *log.rows[::3]))
    assert shuffled.rows != log.rows
    assert shuffled.review == log.review


# --- words ---------------------------------------------------------------------------------------


DENIALS = re.compile(
    r"no warning does not mean safe|does not diagnose|no diagnosis|never diagnoses", re.I
)


@logged
def test_a_quiet_log_is_not_called_safe(log: Log) -> None:
    """
    date, km, descent_m, steep_km, surface, shoe
    2025-01-06 +7 x22, 10, 20, 0, hard, Old
    2025-01-08 +7 x22, 5, 20, 0, soft, Old
    """
    assert log.review.findings == ()
    for text in [*(k.message for k in log.review.kept), *log.attention.reasons]:
        assert not re.search(r"\bsafe|diagnos|no risk|harmless|fine\b|healthy", text, re.I)


def test_safe_and_diagnosis_only_in_denials() -> None:
    said: list[str] = []
    for log in (EMPTY, worst(), read(HARD_ONLY)):
        for units in (Units("km"), Units("mi")):
            answers = replace(log, config=replace(log.config, units=units)).review
            said += [f"{f.message} {f.advice}" for f in answers.findings]
            said += [kept.message for kept in answers.kept]
            said += [untold.why for untold in answers.cannot_tell]
            said += answers.attention.reasons
    said += [f"{rule.doc} {rule.advice}" for rule in BOOK.values()]
    said += [limit.why for rule in KNOWN.rules.values() for limit in rule.limits.values()]
    said += [f"{tissue.pattern} {tissue.other}" for tissue in KNOWN.tissues.values()]
    said += [value for value in vars(words).values() if isinstance(value, str)]
    said += [" ".join(vars(level).values()) for level in words.LEVELS.values()]
    said += [picture(worst().facts).alt for picture in PICTURES.values()]
    assert len(said) > 150
    loose = [text for text in said if re.search(r"\bsafe|diagnos", DENIALS.sub("", text), re.I)]
    assert [text for text in loose if "not mean safe" not in text] == []


def test_what_could_not_be_told_is_not_kept() -> None:
    """An empty log has nothing to be proud of."""
    answers = review(EMPTY.facts)
    assert answers.kept == ()
    assert answers.findings == ()
