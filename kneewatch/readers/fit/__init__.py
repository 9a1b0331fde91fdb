"""Garmin's FIT: the file that the watch itself writes."""

from __future__ import annotations

from collections.abc import Iterator

from kneewatch.model import NotActivity, Problem, Reading, Source
from kneewatch.readers.fit.assemble import USES, recordings
from kneewatch.readers.fit.contents import FitFile
from kneewatch.readers.fit.decode import decode

ACTIVITY_TYPES = {None, "activity", 4}
"""``file_id.type`` of an activity; some apps leave it out."""


def sniff(name: str, head: bytes) -> bool:
    """Claim a file by the mark in its header; a ``.fit`` without it is claimed, to say so."""
    return head[8:12] == b".FIT" or name.lower().endswith((".fit", ".fit.gz"))


def read(source: Source) -> Iterator[Reading]:
    """Read a chain of FIT files.

    Parameters
    ----------
    source : Source

    Yields
    ------
    Recording, Problem or NotActivity
        One Recording a session; a Problem beside them where bytes were damaged, that says how
        much was lost. A file whose ``file_id.type`` is not an activity is a NotActivity.
    """
    if not source.data:
        yield Problem(source.name, "the file is empty")
        return
    files = [
        file for file in decode(source.data, USES) if file.messages or len(file) or file.damage
    ]
    found = 0
    kinds, lost = [], False
    for file in files:
        kind = file.first("file_id").get("type")
        if kind not in ACTIVITY_TYPES:
            kinds.append(f"{kind} ({file.damage})" if file.damage else str(kind))
            continue
        for recording in recordings(file, source, found):
            found += 1
            yield recording
        if file.damage:
            lost = True
            yield Problem(source.name, _lost(file))
    if not found and not lost:
        if kinds:
            yield NotActivity(source.name, f"a FIT file of type {', '.join(kinds)}")
        else:
            yield Problem(source.name, "a FIT file without a session and without a dated record")


def _lost(file: FitFile) -> str:
    kept = f"{len(file):,} records kept" if len(file) else "nothing could be kept"
    dropped = f", {file.dropped:,} implausible ones dropped" if file.dropped else ""
    return f"{file.damage}; {kept}{dropped}"
