"""KW801: signs in the runner's own entries that belong to a clinician before anything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kneewatch.diary import Diary, Doubt, Pain
from kneewatch.evidence import Evidence, Sign
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import URGENCIES, Facts, Symptoms
from kneewatch.rules.noted import (
    doubts_within,
    has_sign,
    noted_within,
    say_doubt,
    say_site,
)
from kneewatch.rules.rule import rule
from kneewatch.rules.windows import between, say_day

SEEN, SEVERE, SEVERE_CALF = "seen", "severe-pain", "severe-calf-pain"

NOT_BELOW = ("thigh", "elsewhere")
"""Places where severe pain is no red flag; a place that nobody knows may be any part of the leg."""

DOUBTS_SAID = 3
"""So many lines that could not be read are named."""

TOGETHER = (frozenset({"fever", "swelling"}), frozenset({"fever", "redness"}))
"""Signs that make a hot, swollen knee with fever, though noted one by one."""


@rule("KW801", "red-flag", needs=(), picture=pictures.pain)
def judge_red_flags(facts: Facts) -> Iterator[Answer]:
    """Signs in the runner's own entries that belong to a clinician.

    Some signs do not wait for a training plan: they may point to a blood clot in a deep vein, an
    infected joint, a lost blood supply or a torn structure, which cannot be told apart from signs
    alone. A sign that was noted stands for four weeks, or until an entry with the sign ``seen``
    says that a clinician has looked at it; with a side, at what was noted of that side. A line
    that cannot be read may hold one. While it stands there is no level, no room left and no other
    advice. The context of a blood clot is asked, never added up.

    Try: do what the sign asks for, as fast as it says, and note ``--sign seen`` afterwards.
    """
    evidence = facts.evidence.rules["KW801"]
    flags = _red_flags(facts.diary, facts.as_of, facts.evidence)
    doubts = unread(facts)
    if doubts and not flags:
        yield CannotTell("KW801", "red-flag", doubts[0])
        return
    if not flags and not noted_within(facts.diary, facts.as_of, evidence["window"].value):
        yield CannotTell("KW801", "red-flag", "no sign and no pain was noted in the last 4 weeks")
        return
    if not flags:
        yield Kept("KW801", "red-flag", "no entry of the last 4 weeks holds a sign of the list")
        return
    urgency = _most_urgent(flags)
    days = [flag.day for flag in flags]
    yield Finding(
        code="KW801",
        name="red-flag",
        # In the runner's own words, no study is needed to take it seriously.
        severity=Severity.URGENT,
        grade=evidence.grade,
        start=min(days).isoformat(),
        end=max(days).isoformat(),
        observed=float(len({flag.sign.key for flag in flags})),
        limit=evidence["signs"].value,
        unit="signs",
        message=" ".join(_because(flags)),
        runs=tuple(between(facts.runs, min(days) - timedelta(days=1), max(days)).index),
        advice=str(facts.evidence.red_flags["actions"][urgency]),
        papers=evidence.papers,
    )


def red_flag(diary: Diary, as_of: date, evidence: Evidence) -> Symptoms | None:
    """What to do about the signs that stand on a day, and how fast; None where none does."""
    flags, red = _red_flags(diary, as_of, evidence), evidence.red_flags
    if not flags:
        return None
    urgency = _most_urgent(flags)
    ask = red["context"] if any(flag.sign.clot for flag in flags) else {}
    return Symptoms(
        urgency,
        _because(flags),
        red["actions"][urgency],
        str(ask.get("asked", "")),
        tuple(ask.get("items", ())),
    )


def unread(facts: Facts) -> tuple[str, ...]:
    """Lines of the diary that may hold a sign and could not be read, one sentence each."""
    window = facts.evidence.rules["KW801"]["window"].value
    doubts = doubts_within(facts.diary, facts.as_of, window)
    told = [say_doubt(doubt) for doubt in doubts[:DOUBTS_SAID]]
    more = len(doubts) - len(told)
    if more:
        told.append(f"So it is with {more} more; see kneewatch doctor.")
    return tuple(told)


@dataclass(frozen=True)
class _Flag:
    """A sign that stands; ``source`` names the line where its day cannot be read."""

    day: date
    sign: Sign
    said: str
    source: str = ""


def _red_flags(diary: Diary, as_of: date, known: Evidence) -> list[_Flag]:
    """Signs that stand, the most urgent first, each once a side with the newest day."""
    evidence = known.rules["KW801"]
    flags: dict[tuple[str, str], _Flag] = {}
    for entry in noted_within(diary, as_of, evidence["window"].value):
        if has_sign(known, entry, SEEN):
            flags = {key: flag for key, flag in flags.items() if not _seen(entry.side, key[1])}
        for sign, said in _signs_in(known, entry):
            flags[sign.key, entry.side] = _Flag(entry.day, sign, said)
    for doubt in diary.doubts:
        # A sign is not lost for a slip in the date; it stands until that is mended.
        for sign, said in _signs_in(known, doubt) if doubt.day is None else ():
            flags.setdefault((sign.key, doubt.side), _Flag(as_of, sign, said, doubt.source))
    standing = {key: flag for (key, _), flag in flags.items()}
    for pair in TOGETHER:
        hot = known.sign("hot-knee-fever")
        if pair <= standing.keys() and hot and hot.key not in standing:
            day = max(standing[key].day for key in pair)
            flags[hot.key, ""] = _Flag(day, hot, standing[min(pair - {"fever"})].said)
    return sorted(flags.values(), key=lambda flag: URGENCIES.index(flag.sign.urgency))


def _seen(side: str, of: str) -> bool:
    """Whether a clinician who looked at a side has seen a sign of some side."""
    return side not in ("left", "right") or side == of


def _signs_in(known: Evidence, entry: Pain | Doubt) -> Iterator[tuple[Sign, str]]:
    """Red flags of one entry, severe pain among them, each with where it was felt."""
    for name in entry.signs:
        sign = known.sign(name)
        if sign and sign.urgency in URGENCIES:
            yield sign, say_site("", entry.side)
    severe = known.rules["KW801"]["severe"]
    if entry.score is None or not severe.reached_by(entry.score) or entry.where in NOT_BELOW:
        return
    sign = known.sign(SEVERE_CALF if entry.where == "calf" else SEVERE)
    if sign:
        yield sign, say_site(entry.where, entry.side)


def _most_urgent(flags: Sequence[_Flag]) -> str:
    return min((flag.sign.urgency for flag in flags), key=URGENCIES.index)


def _because(flags: Sequence[_Flag]) -> tuple[str, ...]:
    """One sentence a sign."""
    return tuple(
        f"Noted {_when(flag)}{flag.said and ', ' + flag.said}: {flag.sign.says}." for flag in flags
    )


def _when(flag: _Flag) -> str:
    if flag.source:
        return f"in {flag.source}, whose date has to be mended"
    return f"on {say_day(flag.day)}"
