"""The picture of pain: what was noted, day by day."""

from __future__ import annotations

import math
from datetime import timedelta

from kneewatch.picture import Band, Mark, Picture, Role, Series
from kneewatch.rules.facts import Facts
from kneewatch.rules.picture_weeks import count_of, day_in_words, nothing

WEEKS_BACK = 12

_LABELS: tuple[tuple[str, str, Role], ...] = (
    ("during", "during a run", "main"),
    ("after", "after it", "current"),
    ("morning", "the next morning", "alarm"),
    ("", "without a time", "muted"),
)


def pain(facts: Facts) -> Picture:
    """Pain of the last twelve weeks by day, with the zones and the injuries.

    Returns
    -------
    Picture
        A day without an entry stays empty: it is not known to be free of pain.
    """
    first = facts.as_of - timedelta(weeks=WEEKS_BACK)
    entries = [e for e in facts.diary.entries if e.day >= first and e.score is not None]
    picture = Picture(
        name="pain",
        title="Pain that you noted",
        alt="",
        x="date",
        y="count",
        x_label="",
        y_label="pain, 0 to 10",
        empty="no pain was noted",
    )
    if not entries:
        return nothing(picture)
    zone = facts.evidence.rules["KW802"].limits
    series: list[Series] = []
    known = {when for when, _, _ in _LABELS}
    for when, label, role in _LABELS:
        mine = [e for e in entries if (e.when if e.when in known else "") == when]
        if mine:
            days = tuple(e.day.isoformat() for e in mine)
            scores = tuple(float(e.score or 0) for e in mine)
            # The axis spans the weeks, also those without an entry.
            edges = () if series else (first.isoformat(), facts.as_of.isoformat())
            gaps = (math.nan,) * len(edges)
            series.append(Series("points", label, (*days, *edges), (*scores, *gaps), role))
    worst = max(entries, key=lambda entry: entry.score or 0.0)
    bands = tuple(
        Band(
            max(injury.first, first).isoformat(),
            ((injury.last or facts.as_of) + timedelta(days=1)).isoformat(),
            "injury",
        )
        for injury in facts.diary.injuries
        if (injury.last or facts.as_of) >= first
    )
    return Picture(
        **{
            **vars(picture),
            "alt": (
                f"Pain was noted {count_of(len(entries), 'time')} from "
                f"{day_in_words(entries[0].day)} to {day_in_words(entries[-1].day)}; the highest "
                f"was {worst.score:g} on {day_in_words(worst.day)}."
            ),
            "series": tuple(series),
            "marks": (
                Mark(zone["amber"].value, "hold above", "limit"),
                Mark(zone["red"].value, "pause above", "alarm"),
            ),
            "bands": bands,
        }
    )
