"""What the audit says in words: how it was counted, and what it cannot say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kneewatch.audit.outcome import Audit

SIGNALS = {
    "level-change": "change-or-more (the level)",
    "level-clear-jump": "clear-jump-or-more (the level)",
}

FLAGGED = (
    "{folder}: a sign was noted that belongs to a clinician before anything else; kneewatch check "
    "{folder} says what to do."
)

SHORT = {"level-change": "change+", "level-clear-jump": "clear-jump+"}
"""Names for a narrow terminal, where six figures leave no room."""

NOTHING_NOTED = (
    "No pain and no injury was noted at the knee, so there is nothing to hold the rules against; "
    "what was noted elsewhere says nothing of it. Note pain with kneewatch pain add, and zeros "
    "too."
)

TOO_FEW = (
    "Too few events: {onsets}, and it takes {least} before a link can be told from chance. The "
    "counts below are counts and no more; no ratio is given."
)

SAID = (
    "What each day would have said, from what was known that day: no later file, no entry of "
    "pain, and no heart rate of kneewatch.toml, which is today's; what is ignored is that of today "
    "too. Shoes are left out, since a pair is judged over its whole life. A rule about single runs "
    "has spoken where one since the run before is broken; one about weeks where what it finds is "
    "new or worse than at the run before, so nothing counts again for being said again."
)

ONSETS = (
    "An event is pain of 3 or more, a red flag, a week of substantial trouble (KW804) or an "
    "injury, at the back of the knee, at the knee, or where no place was said. An onset is a day "
    "with an event after {quiet} days without one; days in between are not counted, and choosing "
    "{quiet} is ours. What hurt on the first day of the notes began before them and is no onset. "
    "Injuries elsewhere are left out with their days. Notes are taken to go on for {end} days "
    "after an entry, and gaps of more than {gap} days are left out; that is ours too."
)

HELD = (
    "By run, an onset belongs to the last run up to its day, and one felt in the morning to the "
    "last run before. By days, every day within the window after an alert is compared with all "
    "other days; no day and no onset counts twice. An onset on the day of its alert is neither hit "
    "nor miss. Days on which a rule could not tell are left out for it."
)

BEGAN_BEFORE = (
    "{episodes} hurt on the first day of the notes, or on the first after four weeks without any: "
    "of the days before nothing is known, so they are no onsets. Note zeros too, or say with "
    "--diary-from and --diary-to over which days all pain was noted."
)

PLACES = {
    "back": "at the back of the knee",
    "knee": "at the knee",
    "unsaid": "without a place",
}

CANNOT_SAY = (
    "What this cannot say: whether an alert caused or prevented anything, since a runner who reads "
    "an alert may run differently; whether a quiet day was safe; or what comes next. A day without "
    "an entry is taken as one without pain while notes last, so pain that was not noted makes "
    "misses and base rate too low. Pain that is noted a day or two late is laid at the door of the "
    "run in between, which draws every ratio towards 1; and with an alert on one run in ten it "
    "takes about 110 onsets to see a doubling four times in five, so that none is seen proves "
    "little."
)

EXPOSURES: Mapping[str, str] = {
    "longer-than-30-days": "more than 10 % beyond the longest of 30 days",
    "distance": "distance",
    "descent": "descent",
    "steep-downhill": "steep downhill",
    "hard-time": "hard minutes",
    "speed": "speed",
    "hard-ground": "on hard ground",
    "run-the-day-before": "a run the day before",
}


def method(audited: Audit) -> str:
    """How it was counted, with the numbers that are ours."""
    onsets = ONSETS.format(quiet=audited.quiet_days, end=audited.end_days, gap=audited.gap_days)
    return f"{SAID} {onsets} {HELD}"
