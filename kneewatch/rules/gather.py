"""Exposure rows to facts: what the rules see on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from kneewatch import columns
from kneewatch.config import Config
from kneewatch.diary import Diary, with_tags
from kneewatch.evidence import Evidence
from kneewatch.metrics.grounds import assign_grounds
from kneewatch.metrics.hard import hard_seconds
from kneewatch.metrics.mileage import sum_shoes
from kneewatch.metrics.shoes import assign_shoes, known_shoes
from kneewatch.metrics.weeks import count_weeks
from kneewatch.model import Pair
from kneewatch.rules.facts import Facts

FRESH_DAYS = 28
"""A log that ends longer ago than this is judged on its last day, a fresher one today."""

NOTHING_NOTED = Diary()


def gather(
    rows: Sequence[Mapping[str, Any]],
    config: Config,
    evidence: Evidence,
    as_of: date | None = None,
    today: date | None = None,
    first_day: date | None = None,
    diary: Diary = NOTHING_NOTED,
    read_from: date | None = None,
    pairs: Sequence[Pair] = (),
) -> Facts:
    """Build the facts of a day from exposure rows.

    Parameters
    ----------
    rows : sequence of mapping
        Exposure rows, duplicates already set aside.
    config : Config
    evidence : Evidence
    as_of : date, optional
        The last day taken into account; by default today, or the log's last day if that lies
        more than four weeks back.
    today : date, optional
        The machine's day by default.
    first_day : date, optional
        Day of the first activity, where that is not among the rows.
    diary : Diary
        What the runner noted; tags in titles and notes come on top.
    read_from : date, optional
        Day before which files were left unread.
    pairs : sequence of Pair
        Shoes of the vendors' registers.
    """
    rows = sorted(rows, key=lambda row: (row["start"], row["id"]))
    activities = columns.frame(
        columns.ACTIVITIES, rows, pd.Index([row["id"] for row in rows], name="id", dtype=object)
    )
    days = activities["local_date"]
    if as_of is None:
        as_of = _judged_day(days, today or date.today(), diary)
    activities = activities[days <= as_of.isoformat()]
    is_run = activities["sport"] == "running"
    runs, others = activities[is_run].copy(), activities[~is_run].copy()
    # Rules about shoes may ask for the ground.
    for name, column in assign_grounds(runs, config.grounds, config.notes).items():
        runs[name] = column
    shoes = known_shoes(config.shoes, pairs)
    shoes_of_runs = assign_shoes(runs, shoes, config.notes)
    hard = hard_seconds(
        runs,
        max_heart_rate_bpm=config.max_heart_rate_bpm,
        resting_heart_rate_bpm=config.resting_heart_rate_bpm,
    )
    for name, column in {**shoes_of_runs, **hard}.items():
        runs[name] = column
    if len(activities):
        first = date.fromisoformat(activities["local_date"].min())
        first_day = min(first, first_day or first)
    worn = evidence.rules["KW401"]
    return Facts(
        as_of=as_of,
        runs=runs,
        others=others,
        weeks=count_weeks(runs, others, first_day, as_of, read_from),
        shoes=sum_shoes(
            runs,
            shoes,
            as_of,
            {name: worn[name].value for name in ("notice", "caution", "over")},
            worn["racing_share"].value,
            read_from,
        ),
        first_day=first_day,
        config=config,
        evidence=evidence,
        diary=with_tags(diary, rows).until(as_of),
    )


def _judged_day(days: pd.Series[str], today: date, diary: Diary) -> date:
    # Who stopped running and notes pain has to be heard; a slip of the year has not.
    noted = [day for day in diary.days() if day <= today + timedelta(days=1)]
    if not len(days):
        return today
    last = max([date.fromisoformat(days.max()), *noted])
    # A watch whose clock is a day ahead of the machine is no reason to leave its run out.
    return max(last, today) if (today - last).days <= FRESH_DAYS else last
