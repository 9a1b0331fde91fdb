"""What goes into an audit of one runner, and what comes out of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kneewatch.audit.calibration import Calibration
from kneewatch.audit.noted import END_DAYS, GAP_DAYS, Event, Span
from kneewatch.audit.onsets import QUIET_DAYS
from kneewatch.audit.rates import AlarmRate
from kneewatch.audit.ratios import Interval
from kneewatch.audit.verdicts import Verdict

ENOUGH_ONSETS = 20
"""With fewer nothing is said about a link (EVIDENCE 13)."""


@dataclass(frozen=True)
class History:
    """One runner: what would have been said, and what was noted.

    Attributes
    ----------
    verdicts : tuple of Verdict
    events : tuple of Event
        Days with pain, a red flag or an injury at the knee, at most one a day.
    spans : tuple of (date, date)
        Stretches over which pain was noted, in order; none where it never was.
    entries : tuple of date
        Days with an entry about the knee, zeros among them.
    away : tuple of date
        Days of injuries elsewhere.
    """

    verdicts: tuple[Verdict, ...]
    events: tuple[Event, ...] = ()
    spans: tuple[Span, ...] = ()
    entries: tuple[date, ...] = ()
    away: tuple[date, ...] = ()


@dataclass(frozen=True)
class Held:
    """One signal against what followed within a window.

    Attributes
    ----------
    days : int or None
        After the alert; None by run, where an onset belongs to the last run before it.
    exposed, quiet : int
        Days (or runs) after alerts, and all others that could be judged.
    hit_onsets, quiet_onsets : int
        Onsets on each of them.
    lead_days : float or None
        Median from alert to onset [days].
    ratio : Interval or None
        Rate after alerts over the rate else; None under 20 onsets or where none can be formed.
    claim : str
        ``too few events``, ``cannot be compared``, ``no difference seen``, ``more after alerts``
        or ``fewer after alerts``. The last two stand only where an interval widened for the
        number of comparisons made leaves 1 out.
    """

    days: int | None
    alerts: int
    hits: int
    false_alarms: int
    undecided: int
    misses: int
    same_day: int
    exposed: int
    quiet: int
    hit_onsets: int
    quiet_onsets: int
    lead_days: float | None
    ratio: Interval | None
    claim: str


@dataclass(frozen=True)
class Signal:
    """A rule, or the level, over all its windows: by run first, then by days."""

    code: str
    held: tuple[Held, ...]


@dataclass(frozen=True)
class Audit:
    """The outcome.

    Attributes
    ----------
    runners, followed_runners : int
        In all, and with a pain or injury log.
    judged_days : int
        Days with a run on which the rules were asked, while pain was noted.
    days_at_risk, onsets : int
        Days on which a new onset could have been noted, and how many were.
    hurt_runners : int
        Runners whom the onsets belong to.
    onsets_without_run : int
        Onsets with no run in the 14 days before that lay within the notes and outside pain.
    entry_days, followed_days : int
        Days with an entry among those over which pain was noted, and these.
    prevalent : int
        Episodes that were there when the notes began: no onsets.
    onset_places : tuple of (str, int)
        How many onsets were at the back of the knee, at the knee, and without a place.
    base_rates : tuple of (int, Interval or None)
        Share of stretches of so many days that would hold an onset, alert or not, with its exact
        interval; None with too few days to tell.
    alarm_rates : tuple of AlarmRate
        How often each rule and the level spoke, over all days with a run, noted or not.
    alarm_budget : float
        Share of runs that may reach a clear jump, before the word wears out [-].
    comparisons : int
        Ratios looked at; the claims' intervals are widened for them.
    """

    runners: int
    followed_runners: int
    judged_days: int
    days_at_risk: int
    onsets: int
    hurt_runners: int
    onsets_without_run: int
    entry_days: int
    followed_days: int
    prevalent: int
    onset_places: tuple[tuple[str, int], ...]
    first: date | None
    last: date | None
    base_rates: tuple[tuple[int, Interval | None], ...]
    alarm_rates: tuple[AlarmRate, ...]
    alarm_budget: float
    comparisons: int
    signals: tuple[Signal, ...]
    calibration: Calibration | None
    quiet_days: int = QUIET_DAYS
    end_days: int = END_DAYS
    gap_days: int = GAP_DAYS
    least_onsets: int = ENOUGH_ONSETS

    @property
    def enough(self) -> bool:
        """Whether there are onsets enough to speak of a link."""
        return self.onsets >= self.least_onsets

    def signal(self, code: str) -> Signal:
        """The signal with a code."""
        return next(signal for signal in self.signals if signal.code == code)
