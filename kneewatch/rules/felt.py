"""What pain and signs allow: they outrank every number of the log and are averaged with none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kneewatch.model import Finding
from kneewatch.rules.facts import Facts, Symptoms
from kneewatch.rules.pain import CARE, HOLD, PAUSE
from kneewatch.rules.red_flags import red_flag, unread

CLINICIAN = "Have a doctor or physiotherapist look at it."
"""What pain that lasts, or a substantial problem, asks for beside it."""

FLAG = "KW801"
"""The rule of the red flags, whose finding stands alone."""

FELT = frozenset({FLAG, "KW802", "KW803", "KW804"})
"""Rules about what the runner feels; their findings come first."""

CAPS = {
    "pause": "pause, as the pain asks for; this comes after it.",
    "unread": "see to the note that could not be read first.",
    "hold": (
        "hold, as the pain asks for: no longer, faster or steeper than usual in the four weeks "
        "before it."
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


def symptoms(facts: Facts, findings: Sequence[Finding]) -> Symptoms | None:
    """What pain and signs allow, from the findings of the day; None where they say nothing."""
    found = {finding.code: finding for finding in findings}
    doubts = unread(facts)
    flag = red_flag(facts.diary, facts.as_of, facts.evidence) if FLAG in found else None
    if flag is not None:
        return replace(flag, because=(*flag.because, *doubts))
    said = tuple(found[code].message for code in ("KW802", "KW803", "KW804") if code in found)
    if not said:
        return Symptoms("unread", doubts, MEND) if doubts else None
    said = (*doubts, *said)
    zone = found.get("KW802")
    urgency = "pause" if zone is not None and zone.advice == PAUSE else "hold"
    action = PAUSE if urgency == "pause" else HOLD
    if "KW803" in found or "KW804" in found:
        action = f"{action} {CLINICIAN}"
    return Symptoms(urgency, said, action, care=CARE[urgency])


def outrank(finding: Finding, felt: Symptoms) -> Finding:
    """The finding with advice that asks for no more than what is felt allows."""
    if finding.code in FELT:
        return finding
    return replace(finding, advice=CAPS[felt.urgency])
