"""A runner's rows and diary to what the audit holds together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from kneewatch.audit.hold import History
from kneewatch.audit.replay import replay
from kneewatch.config import Config
from kneewatch.diary import Diary
from kneewatch.evidence import Evidence
from kneewatch.model import Row


def look_back(
    rows: Iterable[Row],
    config: Config,
    evidence: Evidence,
    diary: Diary,
    as_of: date,
    diary_from: date | None = None,
    *,
    jobs: int = 1,
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
    diary_from : date, optional
        Day from which on all pain was noted; by default that of the first entry.
    """
    past = [row for row in rows if row["local_date"] <= as_of.isoformat()]
    noted = [day for day in diary.days() if day <= as_of]
    ran = [date.fromisoformat(row["local_date"]) for row in past if row["sport"] == "running"]
    events = hurt_days(diary, as_of) if noted else []
    return History(
        verdicts=replay(past, config, evidence, events, jobs=jobs),
        events=tuple(events),
        noted_from=(diary_from or noted[0]) if noted else None,
        noted_until=max([*ran, *noted]) if noted else None,
    )


def hurt_days(diary: Diary, last: date) -> list[date]:
    """Days with pain at the back of the knee, and all days of injuries, in order.

    An injury that goes on is no new one each day, and while it lasts none can begin.
    """
    days = set(diary.events(back_of_knee=True))
    for injury in diary.injuries:
        end = min(injury.last or last, last)
        days |= {injury.first + timedelta(days=n) for n in range((end - injury.first).days + 1)}
    return sorted(day for day in days if day <= last)


def pain_by_day(diary: Diary) -> dict[date, float]:
    """Highest score of each day with an entry, zeros included.

    Pain elsewhere tells nothing of the knee; an entry that names no place is taken for it.
    """
    scores: dict[date, float] = {}
    for entry in diary.entries:
        if entry.score is None:
            continue
        if entry.score == 0 or entry.at_back or entry.where in ("", "knee"):
            scores[entry.day] = max(scores.get(entry.day, 0.0), entry.score)
    return scores
