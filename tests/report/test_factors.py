"""Every factor that is known of has a rule, a panel, or a sentence why no watch sees it.

The factors are those of the background that the product speaks about: conditions that bring pain
behind the knee on, and what is advised against them.
"""

from __future__ import annotations

import re

import pytest

from kneewatch import evidence
from kneewatch.report import methods
from kneewatch.rules import BOOK
from kneewatch.rules.knee import EXPOSURE_NAMES, EXPOSURES_OF

RULES = {
    "rapid rise in distance": ("KW101", "KW102"),
    "return after a break": ("KW103",),
    "rapid rise in intensity": ("KW111",),
    "too little recovery": ("KW121", "KW122"),
    "no cross-training": ("KW131",),
    "downhill and sloped running": ("KW201", "KW202", "KW203", "KW204"),
    "hard surfaces": ("KW301",),
    "uneven ground and twisting": ("KW302", "KW604"),
    "worn shoes": ("KW401",),
    "new shoes": ("KW402",),
    "overstriding, by its proxy": ("KW501", "KW502"),
    "missing warm-up": ("KW601",),
    "missing cool-down": ("KW602",),
    "sudden acceleration or stop": ("KW603",),
    "repeated impact on tissues behind the knee": ("KW701",),
    "red flags": ("KW801",),
    "pain that persists": ("KW803",),
}
"""What the log can show, and the rules about it."""

UNSEEN = {
    "heel striking": "heel or forefoot strike",
    "overpronation": "overpronation",
    "foot type": "type of foot",
    "hip drop": "hip drop",
    "leg rotation": "rotation of the leg",
    "alignment": "alignment",
    "overstriding itself": "far ahead of a straight knee",
    "weak glutes": "weak glutes",
    "muscle imbalance": "quadriceps against hamstrings",
    "weak core": "the core",
    "flexibility": "flexibility",
    "hardness of the ground": "hardness of each stretch of ground",
    "shoes that suit the foot": "suits the foot",
    "stiffness and swelling": "stiffness and swelling",
    "age": "age",
    "earlier injury": "an earlier injury",
}
"""What no watch sees, and words of the sentence that says so."""

PREVENTION = {
    "gradual growth": ("session_spike", "the week may grow by a tenth is the usual advice"),
    "cross-training": ("session_spike", "Swimming, cycling, yoga or rowing"),
    "squats, lunges, leg presses": ("downhill", "squats, lunges, leg presses"),
    "straight-leg raises": ("downhill", "straight-leg raises"),
    "glutes, quadriceps, core": ("downhill", "Quadriceps, glutes and core"),
    "hamstring curls": ("hard_minutes", "Hamstring curls"),
    "stretching": ("hard_minutes", "stretching of hamstrings, calves, quadriceps, hip flexors"),
    "gait assessment": ("long_steps", "A gait assessment"),
    "step length and cadence": ("long_steps", "Change step length or step rate by a few per cent"),
    "varied surfaces": ("uneven", "Mix surfaces"),
    "easing into hard runs": ("surges", "A few easy minutes"),
}
"""What is advised, and the exposure whose finding calls for it."""


@pytest.mark.parametrize("factor", RULES)
def test_a_factor_in_the_log_has_its_rule(factor: str) -> None:
    assert set(RULES[factor]) <= BOOK.keys()


@pytest.mark.parametrize("factor", UNSEEN)
def test_a_factor_that_no_watch_sees_is_said_to_be_one(factor: str) -> None:
    said = " ".join(sentence for _, sentence in methods.CANNOT_SEE)
    assert UNSEEN[factor] in said


def test_each_blind_spot_of_body_and_ground_says_why_or_who_can_see_it() -> None:
    for label, said in methods.CANNOT_SEE[:6]:
        assert re.search(
            r"no sensor|assessment|physiotherapist|film|hint|count|tell a part|all that is known",
            said,
        ), label


@pytest.mark.parametrize("advice", PREVENTION)
def test_prevention_stands_where_a_finding_calls_for_it(advice: str) -> None:
    exposure, words = PREVENTION[advice]
    assert words in " ".join(methods.PREVENTION[exposure])


def test_every_exposure_has_its_advice_and_its_rules() -> None:
    assert methods.PREVENTION.keys() == EXPOSURE_NAMES.keys()
    assert {name for names in EXPOSURES_OF.values() for name in names} == EXPOSURE_NAMES.keys()
    for _, said in methods.PREVENTION.values():
        assert not re.search(r"\bsafe|prevents|diagnos|cures?\b|you have", said)


def test_figures_of_the_advice_are_those_of_the_papers() -> None:
    papers = evidence.load().papers
    for figure in ("0.66", "0.45 to 0.97"):
        assert figure in papers["leppanen2024"].says
        assert figure in methods.STRENGTH_NOTE
    assert papers["wu2024"].people == 1904
    assert "1,904" in methods.STRENGTH_NOTE
