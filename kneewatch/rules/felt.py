"""What pain and signs allow: they outrank every number of the log and are averaged with none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kneewatch.model import Finding
from kneewatch.rules.facts import Facts, Symptoms
from kneewatch.rules.injury import current
from kneewatch.rules.pain import CARE, HOLD, PAUSE
from kneewatch.rules.red_flags import red_flag, unread

CLINICIAN = "Have a doctor or physiotherapist look at it."
"""What pain that lasts, or a substantial problem, asks for beside it."""

FLAG = "KW801"
"""The rule of the red flags, whose finding stands alone."""

BACK = "KW805"
"""The rule of the way back from an injury."""

FELT = frozenset({FLAG, "KW802", "KW803", "KW804", BACK})
"""Rules about what the runner feels; their findings come first."""

CAPS = {
    "pause": "pause, as the pain asks for; this comes after it.",
    "injury": "the injury comes first; this has to wait.",
    "return": "the stage of the way back comes first; this comes after it.",
    "unread": "see to the note that could not be read first.",
    "hold": (
        "hold, as the pain asks for: no longer, faster or steeper than usual in the four weeks "
        "before the pain."
    ),
}
"""What takes the place of advice on training while something hurts."""

MEND = (
    "mend that line in a text editor: a day as 2025-06-16, a score from 0 to 10, signs as "
    "kneewatch pain signs lists them. If it speaks of a sign that belongs to a clinician, see to "
    "that first; with chest pain, breathlessness or a cold, pale or numb foot call the emergency "
    "number now."
)
"""What to do about a note that could not be read."""

MEND_TOO = "And mend the note that could not be read: it may hold a sign for a clinician."

HOLD_ON_THE_WAY = "hold: add nothing until 2 or less is noted at the same place."

FIRST_DAYS = 7
"""So long first aid is told with an injury [d]."""

_SENTENCE = re.compile(r"(?<=[.]) (?=[A-Z\d])")


def symptoms(facts: Facts, findings: Sequence[Finding]) -> Symptoms | None:
    """What pain and signs allow, from the findings of the day; None where they say nothing."""
    found = {finding.code: finding for finding in findings}
    doubts = unread(facts)
    flag = red_flag(facts.diary, facts.as_of, facts.evidence) if FLAG in found else None
    if flag is not None:
        return replace(flag, because=(*flag.because, *doubts), unread=bool(doubts))
    pain = tuple(found[code].message for code in ("KW802", "KW803", "KW804") if code in found)
    back = found.get(BACK)
    way = tuple(_SENTENCE.split(back.message)) if back is not None else ()
    if not pain and back is None:
        return Symptoms("unread", doubts, MEND, unread=True) if doubts else None
    urgency = _urgency(facts, found)
    action = _action(urgency, back, bool(pain))
    if "KW803" in found or "KW804" in found:
        action = f"{action} {CLINICIAN}"
    if doubts:
        action = f"{action} {MEND_TOO}"
    fresh = urgency == "injury" and back is not None and back.observed <= FIRST_DAYS
    care = CARE["pause"] if fresh else CARE.get(urgency, ())
    because = (*doubts, *pain, *way)
    return Symptoms(urgency, because, action, care=care, unread=bool(doubts))


def _urgency(facts: Facts, found: Mapping[str, Finding]) -> str:
    """The strictest of what pain and an injury allow."""
    zone = found.get("KW802")
    if zone is not None and zone.advice == PAUSE:
        return "pause"
    injured = current(facts) if BACK in found else None
    if injured is not None and injured.last is None:
        return "injury"
    return "hold" if found.keys() & {"KW802", "KW803", "KW804"} else "return"


def _action(urgency: str, back: Finding | None, pain: bool) -> str:
    if urgency == "pause":
        return PAUSE
    if back is None:
        return HOLD
    # The way back says itself how far running may go.
    return f"{HOLD_ON_THE_WAY} {back.advice[:1].upper()}{back.advice[1:]}" if pain else back.advice


def outrank(finding: Finding, felt: Symptoms) -> Finding:
    """The finding with advice that asks for no more than what is felt allows."""
    if finding.code in FELT and not (finding.code == BACK and felt.urgency == "pause"):
        return finding
    return replace(finding, advice=CAPS[felt.urgency])
