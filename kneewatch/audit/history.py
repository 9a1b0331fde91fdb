"""A runner's rows and diary to what the audit holds together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kneewatch.audit.memory import Memory
from kneewatch.audit.noted import clipped, noted, spans
from kneewatch.audit.outcome import History
from kneewatch.audit.replay import Progress, replay
from kneewatch.config import Config
from kneewatch.diary import Diary
from kneewatch.errors import UsageError
from kneewatch.evidence import Evidence
from kneewatch.model import Row


@dataclass(frozen=True)
class Period:
    """What is said of the days over which pain was noted.

    Attributes
    ----------
    since, until : date or None
        Days from and to which all pain was noted; by default what the entries show.
    of_squad : bool
        One for everybody: it can only shorten what the entries of a runner show.
    """

    since: date | None = None
    until: date | None = None
    of_squad: bool = False


def look_back(
    rows: Iterable[Row],
    config: Config,
    evidence: Evidence,
    diary: Diary,
    as_of: date,
    period: Period | None = None,
    *,
    jobs: int = 1,
    progress: Progress | None = None,
    memory: Memory | None = None,
) -> History:
    """Judge every past day and put what was noted beside it.

    Parameters
    ----------
    rows : iterable of dict
        Exposure rows, duplicates already set aside.
    diary : Diary
        With the tags in titles and notes.
    as_of : date
        The last day taken into account.
    period : Period, optional
    jobs : int
        Worker processes.
    progress : callable, optional
        Told how many days are judged, and of how many.
    memory : Memory, optional
        Where earlier verdicts are remembered.

    Raises
    ------
    UsageError
        If the period ends before it begins.
    """
    period = period or Period()
    since, until = period.since, period.until
    if since and until and until < since:
        raise UsageError(f"the diary is said to reach from {since} to {until}, which lies before")
    past = [row for row in rows if row["local_date"] <= as_of.isoformat()]
    about = noted(diary, evidence, as_of)
    if period.of_squad:
        stretches = clipped(spans(about.entries, as_of), since, until)
    else:
        stretches = spans(about.entries, as_of, since, until)
    days = [event.day for event in about.events] if stretches else []
    return History(
        verdicts=replay(past, config, evidence, days, jobs=jobs, progress=progress, memory=memory),
        events=about.events,
        spans=stretches,
        entries=about.entries,
        away=about.away,
    )
