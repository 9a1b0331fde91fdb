"""The back of the knee as a table: each structure, what changed, what stayed, what was noted."""

from __future__ import annotations

from dataclasses import dataclass

from kneewatch.diary import Pain
from kneewatch.report import felt, grounds, methods, spelling, words
from kneewatch.rules.facts import Facts, Review
from kneewatch.rules.knee import (
    EXPOSURE_NAMES,
    TissueView,
    fired_exposures,
    noted,
    thin,
    unplaced,
    view,
)

HEADS = ("Structure", "Changed", "As usual", "Cannot tell", "You noted")

MARKS = {2: "●●", 1: "●"}

SHORT = {
    "session_spike": "longer run",
    "downhill": "downhill",
    "hard_minutes": "fast minutes",
    "surges": "surges, stops",
    "long_steps": "long steps",
    "uneven": "uneven ground, turns",
}

SHORT_NAMES = {
    "popliteus": "Popliteus",
    "hamstrings": "Hamstrings",
    "gastrocnemius": "Upper calf",
    "bakers_cyst": "Fluid pouch",
    "meniscus": "Meniscus",
    "pcl": "Cruciate lig.",
}
"""Names for a narrow table."""

SHORT_LEGEND = (
    "●● reviewed or laboratory support that such running loads it, ● a plausible mechanism. No row "
    "says what you have, and nothing adds up to a probability."
)

LEGEND = (
    "●● reviewed or laboratory support that such running loads the structure, ● a plausible "
    "mechanism. The letters behind a rule say how well its mechanism and its tie to injury are "
    "known, from A to D. Nothing here adds up to a probability, and no row says what you have."
)

ADVISED, ADVISED_LATER = "What is advised", "Later, when it has settled"
"""Headings of prevention, without and beside pain."""

NOTED_NOTE = (
    "Several structures lie at each place, and symptoms overlap: neither entry nor log says which "
    "one hurts. Pain that does not get better within a few days belongs to a doctor or "
    "physiotherapist."
)


@dataclass(frozen=True)
class KneeView:
    """The section's table and what stands below it.

    Attributes
    ----------
    rows : list of (str, list of str)
        Structure, and a cell for each of the other ``HEADS``.
    noted : tuple of str
        Entries of the last weeks, the newest first.
    change : tuple of (str, str)
        Structure, and what would change its picture.
    prevention : tuple of (str, str)
        What the changes call for: a heading and a sentence; nothing while running pauses.
    heading : str
        What stands above it.
    intro : str
        What the section says first.
    grade : str
        How sure the view is as a whole, by both letters.
    """

    rows: list[tuple[str, list[str]]]
    noted: tuple[str, ...]
    change: tuple[tuple[str, str], ...]
    prevention: tuple[tuple[str, str], ...]
    heading: str
    intro: str
    grade: str


def of(review: Review, facts: Facts) -> KneeView:
    """The view of one review."""
    untold = {answer.code for answer in review.cannot_tell}
    views = review.knee or view(facts, review.findings, untold)
    fired = fired_exposures(review.findings)
    known = facts.evidence.rules["KW701"]
    entries = sorted((*noted(facts), *unplaced(facts)), key=lambda entry: entry.day)
    quiet = words.KNEE_THIN if thin(facts) else words.KNEE_QUIET
    return KneeView(
        rows=[(_name(seen), cells(seen)) for seen in views],
        noted=tuple(said(entry) for entry in reversed(entries)),
        change=tuple((_name(seen), seen.change) for seen in views),
        prevention=tuple(
            methods.PREVENTION[name]
            for name in EXPOSURE_NAMES
            if name in fired and not _paused(review)
        ),
        heading=ADVISED if review.symptoms is None else ADVISED_LATER,
        intro=words.KNEE_LOADED if any(found.tissues for found in review.findings) else quiet,
        grade=(
            f"Injury {grounds.grade_line(known.grade)}. Mechanism {grounds.grade_line(known.mech)}."
        ),
    )


def _paused(review: Review) -> bool:
    """Whether nothing but what was noted is of concern for now."""
    return review.symptoms is not None and review.symptoms.urgency not in felt.GENTLER


def said(entry: Pain) -> str:
    """An entry in words: ``12 June 2025: 4 of 10, outer back, left, on the next morning``."""
    when = {"morning": "on the next morning", "during": "during a run", "after": "after a run"}
    parts = [
        "" if entry.score is None else f"{entry.score:g} of 10",
        entry.where.replace("-", " ") or "no place named",
        entry.side,
        when.get(entry.when, ""),
        *(sign.replace("-", " ") for sign in entry.signs),
    ]
    return f"{spelling.day(entry.day)}: {', '.join(part for part in parts if part)}"


def _name(seen: TissueView) -> str:
    return spelling.spoken(seen.tissue.name.partition(" (")[0])


def cells(seen: TissueView) -> list[str]:
    """What changed, what stayed, what cannot be told, what was noted; a cell each."""
    changed = []
    for exposed in seen.fired:
        rules = ", ".join(
            f"{code} {letters}" for code, letters in zip(exposed.codes, exposed.grades, strict=True)
        )
        changed.append(
            f"{MARKS[exposed.strength]}\N{NO-BREAK SPACE}{SHORT[exposed.exposure]} ({rules})"
        )
    return [
        # Where nothing can be called usual, nothing can be said to have stayed so.
        "; ".join(changed) or ("nothing" if seen.kept else "–"),
        _marked(seen.kept, seen) or "–",
        _marked(seen.untold, seen) or "–",
        _entries(seen.noted),
    ]


def short_cells(seen: TissueView) -> list[str]:
    """The cells without grades, for a narrow table."""
    changed = [
        f"{MARKS[each.strength]}\N{NO-BREAK SPACE}{SHORT[each.exposure]}" for each in seen.fired
    ]
    loads = seen.tissue.loads
    quiet = [
        "; ".join(SHORT[name] for name in sorted(names, key=lambda name: -loads[name]))
        for names in (seen.kept, seen.untold)
    ]
    return ["\n".join(changed) or "–", *(names or "–" for names in quiet), _entries(seen.noted)]


def _marked(exposures: tuple[str, ...], seen: TissueView) -> str:
    loads = seen.tissue.loads
    told = sorted(exposures, key=lambda name: -loads[name])
    return "; ".join(f"{MARKS[loads[name]]}\N{NO-BREAK SPACE}{SHORT[name]}" for name in told)


def _entries(entries: tuple[Pain, ...]) -> str:
    if not entries:
        return "–"
    scores = [entry.score for entry in entries if entry.score is not None]
    times = "once" if len(entries) == 1 else f"{len(entries)} times"
    return f"{times}, up to {max(scores):g} of 10" if scores else times
