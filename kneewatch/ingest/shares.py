"""What each file has to give: what is remembered of it, and what is to be read in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kneewatch import sources
from kneewatch.cache import Cache, Entry
from kneewatch.model import File, FileResult, NotActivity, Problem
from kneewatch.sources import Place


@dataclass
class Share:
    """One file's share of the import: what is known of it, and what is to be read in it."""

    name: str
    file: File | None
    results: list[FileResult]
    places: list[Place] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    whole: bool = True

    @property
    def passing(self) -> bool:
        """Whether the next import may find more in the file."""
        return any(item.passing for result in self.results for item in result.problems)


def shares_of(found: Sequence[File | Problem], memory: Cache | None) -> list[Share]:
    """The share of each file: by what is remembered of it, else by what lies in it."""
    entries = memory.entries([item for item in found if isinstance(item, File)]) if memory else {}
    shares = []
    for item in found:
        if isinstance(item, Problem):
            shares.append(Share(item.source, None, [result_of(item)]))
        elif item.path in entries:
            shares.append(Share(item.name, item, [], entries=entries[item.path]))
        else:
            shares.append(listed(item))
    return shares


def listed(file: File) -> Share:
    """The share of a file of which nothing is remembered."""
    inside = list(sources.places(file))
    closed = [result_of(place) for place in inside if isinstance(place, Problem)]
    places = [place for place in inside if isinstance(place, Place)]
    return Share(file.name, file, closed, places)


def recall(shares: list[Share], memory: Cache) -> None:
    """Fill in what the entries stand for; a file one of whose contents has gone is read."""
    recalled = memory.recall([entry for share in shares for entry in share.entries])
    for index, share in enumerate(shares):
        if all(entry in recalled for entry in share.entries):
            share.results += [recalled[entry] for entry in share.entries]
        elif share.file:
            shares[index] = listed(share.file)


def result_of(item: Problem | NotActivity) -> FileResult:
    """The result of what holds no activity."""
    if isinstance(item, Problem):
        return FileResult(item.source, problems=(item,))
    return FileResult(item.source, not_activities=(item,))
