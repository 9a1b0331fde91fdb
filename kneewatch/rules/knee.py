"""The back of the knee: which tissues the changes of the last weeks load. No diagnosis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.rule import BOOK, rule
from kneewatch.rules.windows import recent

EXPOSURE_OF = {
    # rule: column of the table of EVIDENCE 12
    "KW102": "session_spike",
    "KW201": "downhill",
    "KW202": "downhill",
    "KW203": "downhill",
}

EXPOSURE_NAMES = {
    "session_spike": "a longer run than usual",
    "downhill": "more downhill than usual",
    "hard_minutes": "fast running",
    "surges": "surges and stops",
    "long_steps": "long steps",
    "uneven": "uneven ground",
}


def fired_exposures(facts: Facts) -> tuple[str, ...]:
    """Exposures of the findings so far, each once."""
    exposures = [
        "uneven" if finding.code == "KW302" and finding.tissues else EXPOSURE_OF.get(finding.code)
        for finding in facts.fired
    ]
    return tuple(dict.fromkeys(exposure for exposure in exposures if exposure))


def listed(words: Sequence[str]) -> str:
    """Words in a row: ``a, b and c``."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


@rule("KW701", "posterior-knee-view", needs=(), picture=pictures.tissues)
def judge_posterior_knee(facts: Facts) -> Iterator[Answer]:
    """Which tissues at the back of the knee the changes of the last weeks load.

    It gathers what the other rules found and names the tissues that such running loads, with the
    pattern of pain to watch for. It is mechanics and experience, not prediction: no study has
    pain behind the knee as its outcome with exposure measured by a watch, so there is no
    probability here and nothing is said about what the runner has.

    Try: watch for the patterns named here on the next runs; pain at the same place that lasts
    more than a few days, and any red flag, belongs to a clinician.
    """
    evidence = facts.evidence.rules["KW701"]
    exposures = fired_exposures(facts)
    if not evidence["exposures"].exceeded_by(len(exposures)):
        if not len(recent(facts)) or facts.untold.issuperset({*EXPOSURE_OF, "KW302"}):
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
    sources = [f for f in facts.fired if EXPOSURE_OF.get(f.code) or f.tissues]
    what = listed([EXPOSURE_NAMES[exposure] for exposure in exposures])
    names = [facts.evidence.tissues[key].name.partition(" (")[0] for key in loaded]
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
        message=f"What changed ({what}) loads tissues at the back of the knee: {listed(names)}.",
        runs=tuple(dict.fromkeys(run for f in sources for run in f.runs)),
        tissues=tuple(loaded),
        advice=BOOK["KW701"].advice,
        papers=evidence.papers,
    )
