"""One signal of one runner held against the onsets that followed.

Two ways. *By run*: an onset belongs to the last run up to its day, or before it where it was felt
in the morning, as the session study counted (frandsen2025), and runs with an alert are compared
with runs without. *By days*: each day within so many days after an alert is one of alert, all
others are quiet, and onsets per day are compared; no day and no onset is counted twice, however
many alerts reach it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from kneewatch.audit.onsets import Days, Flags, Followed
from kneewatch.audit.ratios import Stratum
from kneewatch.audit.verdicts import Verdict

LONGEST_DAYS = 14
"""An onset later than so many days after the last run belongs to no run. [D]"""


@dataclass(frozen=True)
class Looks:
    """What one signal said on the days with a run.

    Attributes
    ----------
    days : ndarray of int
        Ordinals, in order.
    alert, told : ndarray of bool
        Whether it spoke, and whether it could tell at all.
    """

    days: Days
    alert: Flags
    told: Flags


@dataclass(frozen=True)
class Tally:
    """How alerts and onsets met.

    Attributes
    ----------
    alerts : int
        Stretches of alerts, each no more than the window apart from the next.
    hits : int
        Stretches that an onset followed within the window, on a later day.
    false_alarms : int
        Stretches that none followed, though pain was noted to the end of the window.
    undecided : int
        Stretches whose window reaches beyond the notes, or into pain that went on already.
    misses : int
        Onsets without an alert in the window before them.
    same_day : int
        Onsets with an alert on the very day and none before it: no warning in advance, and no
        quiet day either.
    leads : tuple of int
        From the first alert in the window to the onset, one each hit [days].
    stratum : Stratum
        Onsets and time (days, or runs) with and without alert.
    """

    alerts: int = 0
    hits: int = 0
    false_alarms: int = 0
    undecided: int = 0
    misses: int = 0
    same_day: int = 0
    leads: tuple[int, ...] = ()
    stratum: Stratum = field(default_factory=Stratum)


def looks_of(verdicts: Sequence[Verdict], code: str) -> Looks:
    """What a rule said; only days with a run, since others were chosen for their pain."""
    ran = [verdict for verdict in verdicts if verdict.ran]
    return Looks(
        np.array([v.day.toordinal() for v in ran], dtype=np.int64),
        np.array([code in v.alerts for v in ran], dtype=bool),
        np.array([code not in v.untold for v in ran], dtype=bool),
    )


def looks_of_level(verdicts: Sequence[Verdict], levels: Sequence[str]) -> Looks:
    """Whether the runs of a day reached one of those levels of themselves.

    The study counts by run; the level that looks back would charge a jump to the runs after it.
    """
    ran = [verdict for verdict in verdicts if verdict.ran]
    return Looks(
        np.array([v.day.toordinal() for v in ran], dtype=np.int64),
        np.array([v.own_level in levels for v in ran], dtype=bool),
        np.array([v.own_ratio is not None for v in ran], dtype=bool),
    )


def inside(looks: Looks, followed: Followed) -> tuple[Days, Flags, Flags]:
    """Places of the looks in the followed time, their alerts, and whether they could tell."""
    places = looks.days - followed.start
    within = (places >= 0) & (places < len(followed.at_risk))
    return places[within], looks.alert[within], looks.told[within]


def free(places: Days, followed: Followed) -> Flags:
    """Which runs an onset could still follow: not those in pain, nor after a morning's onset."""
    ready: Flags = followed.at_risk[places] & ~np.isin(places, followed.mornings)
    return ready


def run_of(places: Days, followed: Followed) -> Days:
    """For each onset the number of its run among ``places``, or -1.

    The last run up to its day, and before its day where it was there in the morning already; if
    that lay no longer back and pain did not go on then.
    """
    if not len(places):
        return np.full(len(followed.onsets), -1, dtype=np.int64)
    # What was felt on waking cannot have come from a run of that day.
    latest = followed.onsets - np.isin(followed.onsets, followed.mornings)
    last = np.searchsorted(places, latest, side="right") - 1
    back = followed.onsets - places[last]
    mine = (last >= 0) & (back <= LONGEST_DAYS) & free(places, followed)[last]
    return np.where(mine, last, -1).astype(np.int64)


def without_run(looks: Looks, followed: Followed) -> int:
    """How many onsets belong to no run."""
    places, _, _ = inside(looks, followed)
    return int((run_of(places, followed) < 0).sum())


def count_by_run(looks: Looks, followed: Followed) -> Stratum:
    """Onsets and runs, with and without an alert on the run."""
    places, alert, told = inside(looks, followed)
    judged = told & free(places, followed)
    own = run_of(places, followed)
    own = own[own >= 0]
    own = own[judged[own]]
    return Stratum(
        hits=int(alert[own].sum()),
        exposed=int((judged & alert).sum()),
        misses=int((~alert[own]).sum()),
        quiet=int((judged & ~alert).sum()),
    )


def count_by_days(looks: Looks, followed: Followed, days: int) -> Tally:
    """Alerts against onsets on the ``days`` days after each."""
    places, alert, told = inside(looks, followed)
    size = len(followed.at_risk)
    alerts = places[alert & told & free(places, followed)]
    after_alert = _after(alerts, days, size)
    on_the_day = np.zeros(size, dtype=bool)
    on_the_day[alerts] = True
    # The day of an alert, and days so long after the last run that could be judged, are neither.
    quiet = _after(places[told], days, size) & ~after_alert & ~on_the_day
    hit = after_alert[followed.onsets]
    missed = quiet[followed.onsets]
    hits, leads, open_ended, stretches = 0, [], 0, 0
    for first, last in _stretches(alerts, followed.onsets, days):
        stretches += 1
        later = followed.onsets[(followed.onsets > first) & (followed.onsets <= last + days)]
        if len(later):
            hits += 1
            near = alerts[(alerts >= later[0] - days) & (alerts < later[0])]
            leads.append(int(later[0] - near[0]))
        elif last + days >= size or not followed.at_risk[last + 1 : last + days + 1].all():
            open_ended += 1
    return Tally(
        alerts=stretches,
        hits=hits,
        false_alarms=stretches - hits - open_ended,
        undecided=open_ended,
        misses=int(missed.sum()),
        same_day=int((on_the_day & ~after_alert)[followed.onsets].sum()),
        leads=tuple(leads),
        stratum=Stratum(
            hits=int(hit.sum()),
            exposed=int((after_alert & followed.at_risk).sum()),
            misses=int(missed.sum()),
            quiet=int((quiet & followed.at_risk).sum()),
        ),
    )


def _after(places: Days, days: int, size: int) -> Flags:
    """Days that lie 1 to ``days`` days after one of the places."""
    change = np.zeros(size + days + 2, dtype=np.int64)
    np.add.at(change, places + 1, 1)
    np.add.at(change, places + days + 1, -1)
    covered: Flags = np.cumsum(change)[:size] > 0
    return covered


def _stretches(alerts: Days, onsets: Days, days: int) -> list[tuple[int, int]]:
    """First and last alert of each stretch; an onset ends one."""
    stretches: list[tuple[int, int]] = []
    for place in alerts.tolist():
        if stretches:
            first, last = stretches[-1]
            between = bool(((onsets > first) & (onsets <= place)).any())
            if place - last <= days and not between:
                stretches[-1] = (first, place)
                continue
        stretches.append((place, place))
    return stretches
