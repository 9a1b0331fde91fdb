"""Names of sports: what vendors and people write, in FIT's own names.

A word counts only where it stands alone, so that neither *trunk* nor *crunches* nor a *brunch
walk* is a run; scripts without spaces are searched for the longest known part. A text that
names another sport beside running (*running errands by bike*) is the other sport: one ride
counted as a run spoils every number of its week.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from kneewatch.readers import sport_names as names
from kneewatch.readers.sport_names import Sport

UNKNOWN: Sport = ("unknown", "generic")

ON_FOOT = frozenset({"running", "walking", "hiking"})
"""Sports whose cadence is that of feet."""

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LONE_KATAKANA_RUN = re.compile(r"(?<![\u30a1-\u30ff])ラン(?![\u30a1-\u30ff])")


def fold(text: str) -> str:
    """Lower case without accents, widths and ligatures, for comparing."""
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(letter for letter in spread if unicodedata.category(letter) != "Mn")
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


def words(text: str) -> list[str]:
    """Folded words of a text; ``TrailRun`` and ``trail_run`` are two words each."""
    return _WORD.findall(fold(_CAMEL.sub(" ", text)))


def _split(listed: str) -> list[str]:
    return [" ".join(words(name)) for name in listed.split("|")]


def _by_name(table: names.Names) -> dict[str, Sport]:
    return {name: sport for sport, listed in table.items() for name in _split(listed)}


def _kinds(table: dict[str, str]) -> dict[str, str]:
    return {word: kind for kind, listed in table.items() for word in _split(listed)}


_PHRASES = _by_name(names.PHRASES)
# Inside a longer text only other sports count: "bike, then walk run" is no run.
_PHRASES_INSIDE = sorted((n for n, (sport, _) in _PHRASES.items() if sport != "running"), key=len)
_OTHERS = _by_name(names.OTHERS)
_WEAK = _by_name(names.WEAK)
_RUN_KINDS = _kinds(names.RUN_KINDS)
_RUNS = frozenset(_split(names.RUNS) + _split(names.ALONE))
_OTHER_KINDS = {sport: _kinds(table) for sport, table in names.OTHER_KINDS.items()}
_CJK_NAMES = sorted(
    ((fold(n), sport) for sport, listed in names.CJK.items() for n in listed.split("|")),
    key=lambda item: -len(item[0]),
)


@lru_cache(maxsize=4096)
def sport_of(text: str) -> Sport:
    """Sport and sub-sport of an activity type, in FIT's names.

    Parameters
    ----------
    text : str
        A vendor's code (``TrailRun``, ``HKWorkoutActivityTypeRunning``, the ``9`` of Strava's
        GPX) or a name in any of some fifteen languages.

    Returns
    -------
    tuple of str
        ``("unknown", "generic")`` where nothing is recognised, which *Other* is as well:
        devices write it for whatever they have no name for.
    """
    spoken = words(text[:200])
    if spoken[:4] == ["hk", "workout", "activity", "type"]:
        spoken = spoken[4:]
    joined = " ".join(spoken)
    if joined in names.STRAVA_NUMBERS:
        return names.STRAVA_NUMBERS[joined]
    return _by_phrase(joined) or _by_words(spoken) or _by_script(joined) or UNKNOWN


def is_run(sport: str) -> bool:
    """Whether the knees run in it."""
    return sport == "running"


def _by_phrase(joined: str) -> Sport | None:
    if joined in _PHRASES:
        return _PHRASES[joined]
    padded = f" {joined} "
    return next((_PHRASES[name] for name in _PHRASES_INSIDE if f" {name} " in padded), None)


def _by_words(spoken: list[str]) -> Sport | None:
    other = next((_OTHERS[word] for word in spoken if word in _OTHERS), None)
    if other is not None:
        kinds = _OTHER_KINDS.get(other[0], {})
        sub = next((kinds[word] for word in spoken if word in kinds), other[1])
        return other[0], sub
    if any(word in _RUNS for word in spoken):
        met = {_RUN_KINDS[word] for word in spoken if word in _RUN_KINDS}
        return "running", next((kind for kind in names.RUN_KINDS if kind in met), "generic")
    return next((_WEAK[word] for word in spoken if word in _WEAK), None)


def _by_script(joined: str) -> Sport | None:
    if not _CJK.search(joined):
        return None
    for name, sport in _CJK_NAMES:
        if name in joined:
            return sport
    # ラン is also a part of lunch, balance and trampoline; 跑 of parkour.
    if _LONE_KATAKANA_RUN.search(joined) or joined == "跑":
        return "running", "generic"
    return None
