"""How pain and red flags are said: what to do and how fast, before any word on training."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from kneewatch.evidence import Evidence
from kneewatch.report import spelling, words
from kneewatch.report.tables import line, pairs, show, text
from kneewatch.report.words import Level
from kneewatch.rules.facts import Review, Symptoms

VERDICTS = {
    "emergency": Level(
        "Get help now",
        "You noted a sign that is an emergency, whatever your training.",
        "",
    ),
    "same_day": Level(
        "See a doctor today",
        "You noted a sign that must be looked at on the same day.",
        "",
    ),
    "within_days": Level(
        "See a clinician within days",
        "You noted a sign that a doctor or physiotherapist should look at soon.",
        "",
    ),
    "unread": Level(
        "A note could not be read",
        "It may hold a sign that outranks every number of the log, so there is no level.",
        "",
    ),
    "injury": Level(
        "Injury goes on",
        "While it does there is no level: it outranks every number of the log.",
        "",
    ),
    "return": Level(
        "Return to run",
        "On the way back there is no level: the stage counts, and what you note of it.",
        "",
    ),
    "pause": Level(
        "Pause: pain comes first",
        "What you noted outranks every number of the log, so there is no level.",
        "",
    ),
    "hold": Level(
        "Hold: pain comes first",
        "What you noted outranks every number of the log, so there is no level.",
        "",
    ),
}
"""Titles by urgency; the step is the one that the notes ask for."""

GENTLER = ("hold", "return")
"""What leaves running to be tried."""

CARE = "The first days"
"""Heading of what one can do oneself."""

CARE_NOTE = (
    "Commonly advised; no trial stands behind most of it. What hurts more afterwards is left out."
)

NOT_JUDGED = (
    "While this stands nothing else is judged: no level, no room left, nothing on training. When "
    "a clinician has looked at it, say so: kneewatch pain add --sign seen."
)


def verdict(review: Review) -> Level:
    """The heading of a review: what the runner feels, or the level of the log."""
    if review.symptoms is None:
        return words.level(review.attention)
    return VERDICTS[review.symptoms.urgency]


def flagged(review: Review) -> bool:
    """Whether a red flag stands, beside which nothing else is shown."""
    return review.symptoms is not None and review.symptoms.red_flag


def lead(review: Review) -> str:
    """The word before what to do: a sign leaves nothing to try."""
    return "Try" if review.symptoms is None or review.symptoms.urgency in GENTLER else "Do"


def signs_first(review: Review) -> bool:
    """Whether the signs for a clinician have to stand at the top."""
    if review.symptoms is None:
        return review.attention.level == "symptoms"
    felt = review.symptoms
    return felt.red_flag or felt.unread or felt.urgency == "pause"


def tell(console: Console, symptoms: Symptoms) -> None:
    """Print what to do about a red flag and how fast, and nothing else."""
    show(console, text(VERDICTS[symptoms.urgency].title, "bold reverse red"))
    rows = [
        ("Why", _lines(symptoms.because)),
        ("Do", text(symptoms.action, "bold")),
    ]
    if symptoms.context:
        asked = (symptoms.asked, *(f"– {item}" for item in symptoms.context))
        rows.append(("Say too", _lines(asked)))
    show(console, pairs(rows, 9))
    line(console)
    line(console, NOT_JUDGED, "dim")
    line(console, words.DESCRIBES, "dim")


def _lines(said: Iterable[str]) -> Text:
    return Text("\n").join(text(spelling.clean(line)) for line in said)


def signs(console: Console, evidence: Evidence) -> None:
    """Print the names of signs by urgency."""
    titles = {**words.URGENCIES, "none": "No red flag, noted all the same"}
    for urgency, title in titles.items():
        line(console, title, "bold")
        known = [sign for sign in evidence.signs.values() if sign.urgency == urgency]
        show(console, pairs([(sign.key, text(sign.says)) for sign in known], 17))
        line(console)
