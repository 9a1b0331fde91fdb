"""What the runner says of recordings in ``kneewatch.toml``: the same run, or different ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from kneewatch.model import Problem, Row

Names = tuple[str, ...]


@dataclass(frozen=True)
class Overrides:
    """Recordings by the names of their sources.

    Attributes
    ----------
    same : tuple of tuple of str
        Sources of one activity.
    different : frozenset of frozenset of str
        Pairs of sources that are two activities, whatever speaks for one.
    problems : tuple of Problem
        Entries that say nothing.
    """

    same: tuple[Names, ...] = ()
    different: frozenset[frozenset[str]] = field(default_factory=frozenset)
    problems: tuple[Problem, ...] = ()

    def part(self, row: Row, other: Row) -> bool:
        """Whether two rows are said to be two activities."""
        return bool(self.different) and any(
            frozenset((a, b)) in self.different for a in row["sources"] for b in other["sources"]
        )


UNSAID = Overrides()
"""Where the runner says nothing."""


def resolve(
    rows: Sequence[Row], same: Iterable[Names], different: Iterable[Names], file: str
) -> Overrides:
    """Find the recordings that the entries name.

    Parameters
    ----------
    rows : sequence of dict
        Exposure rows.
    same, different : iterable of tuple of str
        Names as ``doctor`` shows them, or their ends from a slash on.
    file : str
        Where the entries stand.

    Returns
    -------
    Overrides
        An entry that names no recording, or several by one name, is a problem and says nothing;
        so is a pair that is called both the same and different.
    """
    sources = [row["sources"][0] for row in rows]
    found: dict[str, list[list[str]]] = {"same": [], "different": []}
    problems = []
    for word, entries in (("same", same), ("different", different)):
        for entry in entries:
            named = [_named(name, sources) for name in entry]
            wrong = [
                _wrong(name, places, word)
                for name, places in zip(entry, named, strict=True)
                if len(places) != 1 or (word == "same" and sources.count(places[0]) > 1)
            ]
            if not wrong and len({places[0] for places in named}) < len(named):
                wrong = [f"[[{word}]] names {named[0][0]!r} twice"]
            if wrong:
                problems += [Problem(file, f"{reason}; the entry is left out") for reason in wrong]
            else:
                found[word].append([places[0] for places in named])
    pairs = {frozenset(two) for names in found["different"] for two in combinations(names, 2)}
    agreed = []
    for names in found["same"]:
        both = [two for two in combinations(names, 2) if frozenset(two) in pairs]
        if both:
            said = f"{both[0][0]!r} and {both[0][1]!r} are called both same and different"
            problems.append(Problem(file, f"{said}; they count as different"))
        else:
            agreed.append(tuple(names))
    return Overrides(tuple(agreed), frozenset(pairs), tuple(problems))


def _named(name: str, sources: Sequence[str]) -> list[str]:
    """Sources that a name means, each once; a full name means no longer one."""
    wanted = name.replace("\\", "/").removeprefix("./")
    if wanted in sources:
        return [wanted]
    return list(dict.fromkeys(source for source in sources if source.endswith("/" + wanted)))


def _wrong(name: str, places: Sequence[str], word: str) -> str:
    if not places:
        return f"[[{word}]] names {name!r}, and no activity was read from such a file"
    if len(places) > 1:
        return f"[[{word}]] names {name!r}, which may be {places[0]!r} or {places[1]!r}"
    return f"[[{word}]] names {name!r}, a file with several activities"
