"""The words that all reports share: levels, severities, odds, room left. One home for each.

Counts before ratios, "any overuse running injury" before anything else, an action smaller than
rest, and never a promise (EVIDENCE 10, Communication).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from kneewatch.evidence import Evidence
from kneewatch.model import Finding, Severity
from kneewatch.report import spelling
from kneewatch.rules.facts import Attention, Review, RoomLeft
from kneewatch.rules.felt import FELT
from kneewatch.units import Units


@dataclass(frozen=True)
class Level:
    """How a level of attention is said.

    Attributes
    ----------
    title, meaning : str
        A heading, and one sentence below it.
    step : str
        What to do where no finding says it better; smaller than rest.
    """

    title: str
    meaning: str
    step: str


LEVELS = {
    "not-enough-history": Level(
        "Not enough history yet",
        "There is too little log to say what is usual for you, so there is no level.",
        "Keep recording, and let distance and descent grow little by little meanwhile.",
    ),
    "usual": Level(
        "About as usual",
        "Nothing in the last days stands out against the weeks before.",
        "Nothing in the log asks for a change of plan; go on growing little by little.",
    ),
    "change": Level(
        "A change",
        "Something in the last days was more than in the weeks before.",
        "Keep the next runs inside the room left, rather than stop running.",
    ),
    "clear-jump": Level(
        "A clear jump",
        "The last days held clearly more than the weeks before.",
        "Make the next runs shorter and flatter before you add again.",
    ),
    "big-jump": Level(
        "A big jump",
        "The last days held far more than the weeks before.",
        "Make this an easier week: shorter, flatter and slower runs, well inside the room left.",
    ),
    "symptoms": Level(
        "Symptoms first",
        "What you noted outranks every number of the log, so there is no level.",
        "Go through the signs that belong to a clinician before the next run.",
    ),
}

SCALE = ("usual", "change", "clear-jump", "big-jump")
"""Levels in order; the other two stand outside."""

SEVERITIES = {
    Severity.NOTE: "Note",
    Severity.CAUTION: "Caution",
    Severity.WARNING: "Warning",
    Severity.URGENT: "Urgent",
}

NOT_SAFE = "No warning does not mean safe: most injuries come without one."

ROOM_NOTE = (
    "Up to here none of these rules speaks. A place to turn round, not a promise that less is "
    "harmless."
)

DESCRIBES = (
    "kneewatch describes training and names tissues that it loads. It does not diagnose, "
    "and it does not replace a clinician."
)

ANY_INJURY = "Any overuse running injury, in a study of mostly men around 46."

ANY_INJURY_LONG = (
    "Reckoned for any overuse running injury from a study of 5,205 runners, mostly men around "
    "46. For the back of the knee alone nobody has counted."
)

CLINICIAN = "These signs outrank everything else that is said here."

URGENCIES = {
    "emergency": "Emergency, now",
    "same_day": "The same day",
    "within_days": "Within days",
}
"""How soon a red flag belongs to a clinician, by its key in the evidence."""

KNEE_LOADED = (
    "What has changed loads these structures more than usual. Which of them hurts, if one does, "
    "no log can say."
)

KNEE_QUIET = (
    "No change of the last weeks that this log shows loads the back of the knee more than usual."
)

KNEE_THIN = (
    "The log holds too little to say whether anything loads the back of the knee more than usual."
)

CANNOT_TELL = "cannot tell"


def level(attention: Attention) -> Level:
    """The words of a level; a level without words speaks for itself."""
    return LEVELS.get(attention.level, Level(attention.level, "", ""))


def reasons(attention: Attention) -> tuple[str, ...]:
    """The one or two weightiest reasons, a sentence each; what the level means where none is."""
    told = tuple(spelling.first_sentence(reason) for reason in attention.reasons[:2])
    return told or tuple(filter(None, [level(attention).meaning]))


def odds(attention: Attention, evidence: Evidence) -> str:
    """How often runs like these were followed by an injury, counts first; empty without a level."""
    usual = int(evidence.score["runs_per_injury"])
    if attention.one_in is None:
        return ""
    if attention.one_in >= usual:
        return f"Even so, about 1 in {usual} runs is followed by an overuse injury."
    often = (
        f" ({attention.ratio:.1f} times as often)"
        if attention.ratio is not None and not math.isnan(attention.ratio)
        else ""
    )
    return (
        f"About 1 in {attention.one_in} runs like these is followed by an overuse injury, "
        f"instead of 1 in {usual}{often}."
    )


def step(review: Review) -> str:
    """What to do next: the advice of the weightiest finding, or the level's own.

    Where symptoms come first no training advice may stand before them.
    """
    if review.symptoms is not None:
        return review.symptoms.action
    own = level(review.attention).step
    if review.attention.level not in SCALE:
        return own
    # Advice belongs to the reasons given above it, which are of the last days.
    weighty = [
        finding
        for finding in review.findings
        if finding.weight > 0
        and finding.advice
        and finding.end > (review.as_of - timedelta(days=7)).isoformat()
    ]
    return max(weighty, key=lambda finding: finding.weight).advice if weighty else own


@dataclass(frozen=True)
class Room:
    """One of the three figures of the room left.

    Attributes
    ----------
    label, about : str
        ``Next run`` and ``up to about``, the words around the figure.
    figure, unit : str
        ``13`` and ``km``; the figure is ``cannot tell``, the unit empty, where nothing can be said.
    note : str
        What stands behind it.
    """

    label: str
    about: str
    figure: str
    unit: str
    note: str

    @property
    def known(self) -> bool:
        """Whether there is a figure at all."""
        return bool(self.unit)

    @property
    def spent(self) -> bool:
        """Whether nothing is left."""
        return self.known and self.figure == "0"

    @property
    def said(self) -> str:
        """The figure in words: ``up to about 13 km``, ``none``, ``cannot tell``."""
        if not self.known:
            return self.figure
        return "none" if self.spent else f"{self.about} {self.figure} {self.unit}"


def room(left: RoomLeft, units: Units) -> tuple[Room, Room, Room]:
    """The room left as three figures: next run, this week, descent of a run."""
    return (
        Room(
            "Next run",
            "up to about",
            *_distance(_calmer(left.run_m, left.calm_run_m), units),
            "10 % beyond your longest run of the last 30 days"
            + _jump_left_out(left.run_m, left.calm_run_m)
            + " (KW102)",
        ),
        Room(
            "This week",
            "about",
            *_distance(_calmer(left.week_m, left.calm_week_m), units),
            "left before the usual advice on weekly growth is passed"
            + _jump_left_out(left.week_m, left.calm_week_m)
            + " (KW101)",
        ),
        Room(
            "Descent in a run",
            "up to about",
            *_height(_calmer(left.descent_m, left.calm_descent_m), units),
            "before it stands out from your last 30 days"
            + _jump_left_out(left.descent_m, left.calm_descent_m)
            + " (KW201)",
        ),
    )


def _calmer(room_m: float | None, calm_m: float | None) -> float | None:
    return room_m if calm_m is None or room_m is None else min(room_m, calm_m)


def _jump_left_out(room_m: float | None, calm_m: float | None) -> str:
    """Say that a run which was a jump itself is no measure of what the legs are used to."""
    return "" if _calmer(room_m, calm_m) == room_m else ", the jump itself left out"


def room_sentence(left: RoomLeft, units: Units) -> str:
    """The room left in one line."""
    run, week, descent = (
        "not known" if not part.known else "none" if part.spent else f"{part.figure} {part.unit}"
        for part in room(left, units)
    )
    return (
        f"Next run {_up_to('up to about', run)}; "
        f"this week {week if week in _NO_FIGURE else week + ' more'}; "
        f"descent {_up_to('up to', descent)}."
    )


_NO_FIGURE = ("none", "not known")


def _up_to(words: str, figure: str) -> str:
    return figure if figure in _NO_FIGURE else f"{words} {figure}"


def room_shown(review: Review) -> bool:
    """Whether to speak of room: not beside symptoms or an injury, nor where too little is known."""
    return review.attention.level in SCALE


def no_findings(review: Review) -> str:
    """What to say where nothing was found; silence of rules that could not tell is no answer."""
    if not review.kept and review.cannot_tell:
        return "No rule could tell. What each of them lacked stands below."
    untold = len({answer.code for answer in review.cannot_tell})
    but = f", and {untold} could not tell" if untold else ""
    return f"No rule found more than usual{but}. {NOT_SAFE}"


def loudest_first(findings: tuple[Finding, ...]) -> list[Finding]:
    """What the runner feels, then by severity, alike ones in the order that they came in."""
    return sorted(findings, key=lambda finding: (finding.code not in FELT, -finding.severity))


def _distance(metres: float | None, units: Units) -> tuple[str, str]:
    return (CANNOT_TELL, "") if metres is None or math.isnan(metres) else units.up_to(metres)


def _height(metres: float | None, units: Units) -> tuple[str, str]:
    if metres is None or math.isnan(metres):
        return CANNOT_TELL, ""
    value = max(0.0, metres / units.short_m) + 1e-6
    return f"{10 * math.floor(value / 10):,}", units.short_name
