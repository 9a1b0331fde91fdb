"""The check on the terminal: a verdict of at most twelve lines, and below it what it rests on."""

from __future__ import annotations

import textwrap

from rich.console import Console
from rich.text import Text

from kneewatch.model import CannotTell, Finding, Kept, Severity, Tally
from kneewatch.report import felt, grounds, holdings, knee_view, spelling, words
from kneewatch.report.tables import (
    coverage,
    doctor,
    explain,
    explain_all,
    line,
    pairs,
    runs,
    shoes,
    show,
    table,
    text,
    weeks,
)
from kneewatch.rules.facts import Facts, Review

VERDICT_LINES = 12
"""A runner reads the verdict at a glance; the rest is for those who ask."""

NOTES = 5
"""So many of the runner's own entries are shown, the newest."""

STYLES = {
    Severity.NOTE: "bold",
    Severity.CAUTION: "bold yellow",
    Severity.WARNING: "bold red",
    Severity.URGENT: "bold reverse red",
}

_LABEL = 9
_ROOMY = 60


def check(console: Console, review: Review, facts: Facts, tally: Tally) -> None:
    """Print the review of one day.

    Parameters
    ----------
    console : rich.console.Console
        Colour, width and paging are its own affair.
    """
    if review.symptoms is not None and review.symptoms.red_flag:
        felt.tell(console, review.symptoms)
        return
    verdict(console, review, facts)
    _care(console, review)
    _findings(console, review)
    _knee(console, review, facts)
    _answers(console, "Kept", review.kept)
    _answers(console, "Cannot tell", review.cannot_tell)
    if words.room_shown(review):
        line(console)
        line(console, "Room left", "bold")
        rows = [
            (part.label, text(f"{part.said}; {part.note}" if part.known else part.said))
            for part in words.room(review.room_left, facts.config.units)
        ]
        show(console, pairs(rows, 16))
        line(console, words.ROOM_NOTE, "dim")
    line(console)
    line(console, "Shoes", "bold")
    shoes(console, facts.shoes, facts.config.units)
    line(console)
    line(console, "What the log holds", "bold")
    show(console, coverage(holdings.of_log(review, tally)))
    line(console, holdings.SHARES_NOTE, "dim")
    line(console)
    line(console, words.DESCRIBES, "dim")


def verdict(console: Console, review: Review, facts: Facts) -> None:
    """Print the verdict: level, reasons, odds, what to do, room left. At most twelve lines."""
    level = felt.verdict(review)
    width = max(20, console.width - _LABEL - 2)
    odds = words.odds(review.attention, facts.evidence)
    after = [
        ("How often", _fit(f"{odds} {words.ANY_INJURY}" if odds else "", width, 3)),
        (felt.lead(review), _fit(spelling.sentence(words.step(review)), width, _lines(review))),
        ("Room left", _room(review, facts, width)),
        ("Baseline", _fit(spelling.first_sentence(review.attention.baseline_reason), width, 2)),
        ("Mind", _fit(words.NOT_SAFE, width, 2)),
    ]
    left = VERDICT_LINES - 1 - sum(len(lines) for _, lines in after)
    told = words.reasons(review.attention) if review.symptoms is None else review.symptoms.because
    why = _reasons(tuple(map(spelling.first_sentence, told)), width, left)
    head = text(level.title, "bold").append(f", as of {spelling.day(review.as_of)}", "dim")
    show(console, head)
    rows = [(label, lines) for label, lines in [("Why", why), *after] if lines]
    show(console, pairs([(label, _together(lines)) for label, lines in rows], _LABEL))


def _lines(review: Review) -> int:
    """What pain asks for is told in full; there is no room left to tell."""
    return 2 if review.symptoms is None else 7


def _together(lines: list[str]) -> Text:
    return Text("\n").join(text(said) for said in lines)


def _room(review: Review, facts: Facts, width: int) -> list[str]:
    if not words.room_shown(review):
        return []
    return _fit(words.room_sentence(review.room_left, facts.config.units), width, 2)


def _reasons(reasons: tuple[str, ...], width: int, lines: int) -> list[str]:
    """The weightiest reasons that fit as a whole; only a first one that is too long is cut."""
    told = _fit(reasons[0], width, max(1, lines)) if reasons else []
    for reason in reasons[1:]:
        more = _fit(reason, width, lines)
        if len(told) + len(more) <= lines and not more[-1].endswith("…"):
            told += more
    return told


def _fit(said: str, width: int, lines: int) -> list[str]:
    """Wrapped words, cut after so many lines; where lines are short nothing is cut."""
    return textwrap.wrap(
        spelling.clean(said),
        width,
        max_lines=lines if width >= _ROOMY else None,
        placeholder=" …",
        break_on_hyphens=False,
    )


def _care(console: Console, review: Review) -> None:
    """What one can do oneself while something hurts."""
    if review.symptoms is None or not review.symptoms.care:
        return
    line(console)
    line(console, felt.CARE, "bold")
    for said in review.symptoms.care:
        line(console, f"– {said}", indent=2)
    line(console, felt.CARE_NOTE, "dim")


def _findings(console: Console, review: Review) -> None:
    line(console)
    line(console, f"Findings ({len(review.findings)})", "bold")
    if not review.findings:
        line(console, words.no_findings(review))
    for number, finding in enumerate(words.loudest_first(review.findings)):
        if number:
            line(console)
        _finding(console, finding)


def _finding(console: Console, finding: Finding) -> None:
    head = text(words.SEVERITIES[finding.severity].upper(), STYLES[finding.severity])
    head.append(spelling.clean(f"  {finding.code} {finding.name}"), "bold")
    head.append(f"  {spelling.days(finding.start, finding.end)}", "dim")
    show(console, head)
    line(console, finding.message, indent=2)
    if finding.advice:
        line(console, f"Try: {spelling.sentence(finding.advice)}", indent=2)
    line(console, grounds.grade_line(finding.grade), "dim", indent=2)


def _knee(console: Console, review: Review, facts: Facts) -> None:
    """Each structure at the back of the knee, in a few words, and what was noted there."""
    if not review.knee:
        return
    line(console)
    line(console, "The back of the knee", "bold")
    made = table(*((head, "left") for head in knee_view.HEADS))
    for seen in review.knee:
        name = knee_view.SHORT_NAMES.get(seen.tissue.key, seen.tissue.name)
        cells = (_together(cell.split("\n")) for cell in knee_view.short_cells(seen))
        made.add_row(text(name), *cells)
    show(console, made)
    line(console, knee_view.SHORT_LEGEND, "dim")
    noted = knee_view.of(review, facts).noted
    if noted:
        more = len(noted) - NOTES
        told = [*noted[:NOTES], *([f"and {more} more in these weeks"] if more > 0 else [])]
        line(console)
        show(console, pairs([("You noted", _together(told))], _LABEL))


def _answer(answer: Kept | CannotTell) -> str:
    return answer.message if isinstance(answer, Kept) else answer.why


def _answers(console: Console, heading: str, answers: tuple[Kept | CannotTell, ...]) -> None:
    if not answers:
        return
    line(console)
    line(console, f"{heading} ({len(answers)})", "bold")
    rows = [(answer.code, text(spelling.sentence(_answer(answer)))) for answer in answers]
    show(console, pairs(rows, 5))


__all__ = ["check", "doctor", "explain", "explain_all", "runs", "shoes", "verdict", "weeks"]
