"""The back of the knee: which tissues the changes of the last weeks load. No diagnosis."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kneewatch.diary import Pain
from kneewatch.evidence import Tissue
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.rule import BOOK, rule
from kneewatch.rules.windows import known_days_before, recent

EXPOSURES_OF = {
    # rule: columns of the table of EVIDENCE 12
    "KW102": ("session_spike",),
    "KW111": ("hard_minutes",),
    "KW201": ("downhill",),
    "KW202": ("downhill",),
    "KW203": ("downhill",),
    "KW204": ("downhill",),
    "KW302": ("uneven",),
    "KW501": ("long_steps",),
    "KW502": ("long_steps",),
    "KW504": ("long_steps",),
    "KW505": ("downhill", "long_steps"),
    "KW603": ("surges",),
    "KW604": ("uneven",),
}

EXPOSURE_NAMES = {
    "session_spike": "a longer run than usual",
    "downhill": "more downhill than usual",
    "hard_minutes": "fast running",
    "surges": "surges and stops",
    "long_steps": "long steps",
    "uneven": "uneven ground or sharp turns",
}

WOULD_TELL = {
    "session_spike": "a month of runs with their distance",
    "downhill": "altitude by a barometer",
    "hard_minutes": "a heart rate, or best efforts from 400 m to 5 km",
    "surges": "a track of every second",
    "long_steps": "a step rate",
    "uneven": "positions, or a word on the ground",
}
"""What lets a log say more about an exposure."""


def exposures_of(finding: Finding) -> tuple[str, ...]:
    """Columns of the table that a finding speaks of; soft ground and the like load nothing."""
    return EXPOSURES_OF.get(finding.code, ()) if finding.tissues else ()


def fired_exposures(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Exposures of the findings so far, each once."""
    return tuple(dict.fromkeys(name for found in findings for name in exposures_of(found)))


def thin(facts: Facts) -> bool:
    """Whether the log holds too little for anything in it to be called usual."""
    score = facts.evidence.score
    days = known_days_before(facts, facts.as_of) + (facts.first_day is not None)
    return bool(days < score["history_days"] or len(facts.runs) < score["history_runs"])


def quiet_exposures(
    facts: Facts, findings: Sequence[Finding], untold: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Exposures that stayed as usual by a rule that could tell, and those none could tell of.

    A rule that finds nothing in a few days says nothing of what is usual.
    """
    fired = fired_exposures(findings)
    rest = [name for name in EXPOSURE_NAMES if name not in fired]
    dark = [name for name in rest if thin(facts) or _codes_of(name).issubset(untold)]
    return tuple(name for name in rest if name not in dark), tuple(dark)


def _codes_of(exposure: str) -> set[str]:
    return {code for code, names in EXPOSURES_OF.items() if exposure in names}


@dataclass(frozen=True)
class Exposed:
    """An exposure that changed, and what it is to one tissue.

    Attributes
    ----------
    strength : int
        2 reviewed or laboratory support, 1 plausible mechanism.
    codes, grades : tuple of str
        The rules that found it, and of each what is known of mechanism and injury: ``B/C``.
    """

    exposure: str
    strength: int
    codes: tuple[str, ...]
    grades: tuple[str, ...]


@dataclass(frozen=True)
class TissueView:
    """One structure at the back of the knee: what of the log and the notes concerns it.

    Attributes
    ----------
    fired : tuple of Exposed
        The best supported first.
    kept, untold : tuple of str
        Exposures that load it and stayed as usual, or that no rule could tell of.
    noted : tuple of Pain
        Entries of the last weeks at a place where it lies; others lie there too.
    change : str
        What would change the picture.
    mechanism, injury : str
        How well the view as a whole is known, from A to D.
    """

    tissue: Tissue
    fired: tuple[Exposed, ...]
    kept: tuple[str, ...]
    untold: tuple[str, ...]
    noted: tuple[Pain, ...]
    change: str
    mechanism: str = ""
    injury: str = ""


def view(
    facts: Facts, findings: Sequence[Finding], untold: Collection[str]
) -> tuple[TissueView, ...]:
    """Each structure at the back of the knee, by what is known of it. No number, no verdict.

    Parameters
    ----------
    findings : sequence of Finding
        Of a review, or those so far.
    untold : collection of str
        Codes of the rules that could not tell.
    """
    kept, dark = quiet_exposures(facts, findings, frozenset(untold))
    entries = noted(facts)
    known = facts.evidence.rules["KW701"]
    views = []
    for tissue in facts.evidence.tissues.values():
        fired = _exposed(facts, tissue, findings)
        mine = tuple(name for name in dark if tissue.loads.get(name, 0))
        here = tuple(entry for entry in entries if entry.where in tissue.places)
        views.append(
            TissueView(
                tissue=tissue,
                fired=fired,
                kept=tuple(name for name in kept if tissue.loads.get(name, 0)),
                untold=mine,
                noted=here,
                change=_change(facts, fired, mine, here),
                mechanism=known.mech,
                injury=known.grade,
            )
        )
    return tuple(views)


def noted(facts: Facts) -> tuple[Pain, ...]:
    """Entries of the last weeks with pain or signs about the back of the knee, calf or thigh."""
    places = {place for tissue in facts.evidence.tissues.values() for place in tissue.places}
    return tuple(entry for entry in _felt(facts) if entry.where in places)


def unplaced(facts: Facts) -> tuple[Pain, ...]:
    """Entries of the last weeks with pain or signs that name no place: it may be the knee."""
    return tuple(entry for entry in _felt(facts) if not entry.where)


def _felt(facts: Facts) -> Iterator[Pain]:
    for entry in facts.diary.entries:
        recent_enough = facts.recent_from <= entry.day <= facts.as_of
        if recent_enough and (entry.signs or (entry.score or 0) > 0):
            yield entry


def _exposed(facts: Facts, tissue: Tissue, findings: Sequence[Finding]) -> tuple[Exposed, ...]:
    fired = []
    for name in fired_exposures(findings):
        strength = tissue.loads.get(name, 0)
        if strength:
            by = dict.fromkeys(found.code for found in findings if name in exposures_of(found))
            known = [facts.evidence.rules[code] for code in by]
            grades = tuple(f"{rule.mech}/{rule.grade}" for rule in known)
            fired.append(Exposed(name, strength, tuple(by), grades))
    return tuple(sorted(fired, key=lambda exposed: -exposed.strength))


def _change(
    facts: Facts, fired: Sequence[Exposed], untold: Sequence[str], here: Sequence[Pain]
) -> str:
    """What would change the picture of one tissue."""
    told = []
    if fired:
        codes = dict.fromkeys(code for exposed in fired for code in exposed.codes)
        told.append(f"four weeks in which {listed([*codes])} find nothing new")
    if thin(facts):
        told.append(f"{_enough(facts)} would let the log say more")
    elif untold:
        told.append(listed([WOULD_TELL[name] for name in untold]) + " would let the log say more")
    before = "what you noted comes before the log" if here else "pain noted there would outrank it"
    return "; ".join([*told, before])


def _enough(facts: Facts) -> str:
    score = facts.evidence.score
    return f"a log of {score['history_days']} days with {score['history_runs']} runs"


def listed(words: Sequence[str]) -> str:
    """Words in a row: ``a, b and c``."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


@rule("KW701", "posterior-knee-view", needs=(), picture=pictures.tissues)
def judge_posterior_knee(facts: Facts) -> Iterator[Answer]:
    """Which tissues at the back of the knee the changes of the last weeks load.

    It gathers what the other rules found and names the tissues that such running loads, with the
    pattern of pain to watch for, what stayed as usual, and what you noted there. It is mechanics
    and experience, not prediction: no study has pain behind the knee as its outcome with exposure
    measured by a watch, so there is no probability here and nothing is said about what the runner
    has.

    Try: watch for the patterns named here on the next runs; pain at the same place that lasts
    more than a few days, and any red flag, belongs to a clinician.
    """
    evidence = facts.evidence.rules["KW701"]
    exposures = fired_exposures(facts.fired)
    kept, untold = quiet_exposures(facts, facts.fired, facts.untold)
    if thin(facts) and not exposures:
        why = f"the log holds too little to know what is usual; it takes {_enough(facts)}"
        yield CannotTell("KW701", "posterior-knee-view", why)
        return
    if not evidence["exposures"].exceeded_by(len(exposures)):
        if not len(recent(facts)) or not kept:
            why = "no rule about what loads the back of the knee could tell"
            yield CannotTell("KW701", "posterior-knee-view", why)
            return
        text = "nothing that loads the back of the knee has changed by the rules that could tell"
        yield Kept("KW701", "posterior-knee-view", text)
        return
    strength = {
        key: max(tissue.loads.get(exposure, 0) for exposure in exposures)
        for key, tissue in facts.evidence.tissues.items()
    }
    loaded = sorted((key for key in strength if strength[key]), key=lambda key: -strength[key])
    sources = [found for found in facts.fired if exposures_of(found)]
    names = [facts.evidence.tissues[key].name.partition(" (")[0] for key in loaded]
    message = (
        f"What changed ({_named(exposures)}) loads tissues at the back of the knee: "
        f"{listed(names)}."
    )
    if kept:
        message += f" By the rules that could tell, this stayed as usual: {_named(kept)}."
    if untold:
        message += f" Not to be told from this log: {_named(untold)}."
    if noted(facts):
        message += " You noted pain or a sign there in these weeks; that comes before the log."
    yield Finding(
        code="KW701",
        name="posterior-knee-view",
        severity=evidence.loud(Severity.NOTE),
        grade=evidence.grade,
        start=min(f.start for f in sources),
        end=max(f.end for f in sources),
        observed=float(len(exposures)),
        limit=evidence["exposures"].value,
        unit="findings",
        message=message,
        runs=tuple(dict.fromkeys(run for f in sources for run in f.runs)),
        tissues=tuple(loaded),
        advice=BOOK["KW701"].advice,
        papers=evidence.papers,
    )


def _named(exposures: Sequence[str]) -> str:
    return listed([EXPOSURE_NAMES[name] for name in exposures])
