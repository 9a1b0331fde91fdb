"""The rule book: facts to a review. A rule is broken, kept, or cannot tell.

To add a rule, write a generator in the file of its topic (or a new one named below), give it
``@rule(code, name, needs=..., picture=...)``, a docstring that ends in a ``Try:`` line, and its
limits and papers in ``evidence.toml``.
"""

from __future__ import annotations

from dataclasses import replace

from kneewatch.config import ALWAYS_ON
from kneewatch.model import CannotTell, Finding, Kept
from kneewatch.rules import (
    braking,
    downhill,
    drift,
    easing,
    felt,
    form,
    habits,
    injury,
    intensity,
    knee,
    load,
    pain,
    persistence,
    recovery,
    red_flags,
    rest,
    session,
    shoes,
    surface,
    variety,
)
from kneewatch.rules.facts import (
    Attention,
    Coverage,
    Facts,
    OwnRate,
    Review,
    RoomLeft,
    Symptoms,
)
from kneewatch.rules.near import near_spikes
from kneewatch.rules.room import leave_room
from kneewatch.rules.rule import BOOK, Rule
from kneewatch.rules.score import attend, cover

__all__ = [
    "BOOK",
    "Attention",
    "Coverage",
    "Facts",
    "OwnRate",
    "Review",
    "RoomLeft",
    "Rule",
    "Symptoms",
    "review",
]

TOPICS = (
    load,
    session,
    recovery,
    intensity,
    rest,
    variety,
    downhill,
    braking,
    surface,
    shoes,
    form,
    drift,
    easing,
    habits,
    knee,
    red_flags,
    pain,
    persistence,
    injury,
)
"""The modules whose rules make up the book."""

VIEW = "KW7"
"""Codes of rules that gather what the others found."""

SWITCHED_OFF = "switched off in kneewatch.toml"


def _with_answers(facts: Facts, findings: list[Finding], cannot_tell: list[CannotTell]) -> Facts:
    """The facts with what was answered so far, for the view that gathers it."""
    untold = frozenset(answer.code for answer in cannot_tell)
    return replace(facts, fired=tuple(findings), untold=untold)


def review(facts: Facts, *, room: bool = True) -> Review:
    """Ask every rule, in the order of the book.

    Parameters
    ----------
    facts : Facts
    room : bool
        Whether to measure the room left, too.

    Returns
    -------
    Review
        What the runner feels first, then the loudest findings, what weighs most, the newest; the
        same facts always give the same review.
    """
    findings: list[Finding] = []
    kept: list[Kept] = []
    cannot_tell: list[CannotTell] = []
    # By code: the view of the knee gathers what came before.
    for _, entry in sorted(BOOK.items()):
        if entry.code in facts.config.ignore - ALWAYS_ON.keys():
            cannot_tell.append(CannotTell(entry.code, entry.name, SWITCHED_OFF))
            continue
        # Only a view needs what others found; all others share what is kept of the facts.
        seen = _with_answers(facts, findings, cannot_tell) if entry.code.startswith(VIEW) else facts
        for answer in entry.judge(seen):
            if isinstance(answer, Finding):
                findings.append(answer)
            elif isinstance(answer, Kept):
                kept.append(answer)
            else:
                cannot_tell.append(answer)
    coverage = cover(facts)
    symptoms = felt.symptoms(facts, findings)
    alone = symptoms is not None and symptoms.red_flag
    if alone:
        # Nothing stands beside it, whoever prints the review and however.
        findings = [finding for finding in findings if finding.code == felt.FLAG]
        kept, cannot_tell = [], []
    elif symptoms:
        findings = [felt.outrank(finding, symptoms) for finding in findings]
    # Two stable sorts: what the runner feels, the loudest, what weighs most, then the newest.
    findings.sort(key=lambda finding: finding.end, reverse=True)
    findings.sort(key=lambda f: (f.code not in felt.FELT, -f.severity, -f.weight))
    untold = {answer.code for answer in cannot_tell}
    return Review(
        as_of=facts.as_of,
        attention=attend(facts, [*findings, *near_spikes(facts)], coverage, symptoms),
        findings=tuple(findings),
        kept=tuple(kept),
        cannot_tell=tuple(cannot_tell),
        room_left=leave_room(facts) if room and not symptoms else RoomLeft(None, None, None),
        coverage=coverage,
        symptoms=symptoms,
        knee=() if alone else knee.view(facts, findings, untold),
    )
