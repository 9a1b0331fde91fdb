"""What rules see: a few frames of derived rows, and the day they are judged on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kneewatch.config import Config
from kneewatch.diary import Diary
from kneewatch.evidence import Evidence
from kneewatch.model import CannotTell, Finding, Kept

if TYPE_CHECKING:
    from kneewatch.rules.knee import TissueView

RECENT_DAYS = 28
"""The last weeks, of which findings speak."""

URGENCIES = ("emergency", "same_day", "within_days")
"""How soon a red flag belongs to a clinician, the most urgent first."""


@dataclass(frozen=True)
class Facts:
    """All that rules and pictures know of a runner.

    Attributes
    ----------
    as_of : date
        The last day taken into account.
    runs, others : DataFrame
        ``columns.ACTIVITIES``, by id, in order of start, none after ``as_of``.
    weeks : DataFrame
        ``columns.WEEKS``, by first day of the week (ISO date), the last one holding ``as_of``.
    shoes : DataFrame
        ``columns.SHOES``, by name.
    first_day : date or None
        Day of the first activity of any sport: before it nothing is known.
    fired : tuple of Finding
        What the rules asked before found; the view of the knee gathers it.
    untold : frozenset of str
        Codes of those that could not tell.
    diary : Diary
        What the runner noted up to ``as_of``; empty where nothing was.
    recent_days : int
        Days up to ``as_of`` of which findings speak.
    """

    as_of: date
    runs: pd.DataFrame
    others: pd.DataFrame
    weeks: pd.DataFrame
    shoes: pd.DataFrame
    first_day: date | None
    config: Config
    evidence: Evidence
    fired: tuple[Finding, ...] = ()
    untold: frozenset[str] = frozenset()
    diary: Diary = field(default_factory=Diary)
    recent_days: int = RECENT_DAYS

    @property
    def recent_from(self) -> date:
        """First of the days of which findings speak."""
        return self.as_of - timedelta(days=self.recent_days - 1)

    @cached_property
    def recent(self) -> pd.DataFrame:
        """Runs of these days whose distance is known; asked by most rules, so kept."""
        days = self.runs["local_date"].to_numpy()
        inside = (days >= self.recent_from.isoformat()) & (days <= self.as_of.isoformat())
        return self.runs[inside & (self.runs["distance_m"].to_numpy() > 0)]

    @cached_property
    def starts_us(self) -> npt.NDArray[np.int64]:
        """Start of each run since 1970 [us]: whole numbers are found ten times as fast."""
        return np.asarray(self.runs["start"].astype("int64"), dtype=np.int64)


@dataclass(frozen=True)
class RoomLeft:
    """How far until a rule speaks; None where it cannot be told.

    Attributes
    ----------
    run_m : float or None
        Length of the next single run before KW102 speaks [m].
    week_m : float or None
        Distance left in the week of ``as_of`` before KW101 speaks [m].
    descent_m : float or None
        Descent of the next single run before KW201 speaks [m].
    calm_run_m, calm_week_m, calm_descent_m : float or None
        The same with the runs and the week left out that were jumps themselves: the better
        advice, since one jump does not make the legs used to it. None where there was none.
    """

    run_m: float | None
    week_m: float | None
    descent_m: float | None
    calm_run_m: float | None = None
    calm_week_m: float | None = None
    calm_descent_m: float | None = None


@dataclass(frozen=True)
class Coverage:
    """What the log holds, so that nobody reads a gap as rest.

    Attributes
    ----------
    history_days : int
        From the first activity to ``as_of``.
    last_run, first_run : str or None
        ISO dates.
    runs, recent_runs : int
        In all, and in the last four weeks.
    altitude, surface, cadence, heart_rate, shoe : mapping or float
        Share of the last four weeks' distance for which it is known; ``altitude`` by source.
    longest_gap_days : int or None
        Longest stretch without a run in the last 30 days.
    """

    history_days: int
    first_run: str | None
    last_run: str | None
    runs: int
    recent_runs: int
    altitude: dict[str, float]
    surface: float
    cadence: float
    heart_rate: float
    shoe: float
    longest_gap_days: int | None


@dataclass(frozen=True)
class Attention:
    """The overall level and what it is made of (EVIDENCE 13).

    Attributes
    ----------
    level : str
        ``not-enough-history``, ``usual``, ``change``, ``clear-jump``, ``big-jump`` or
        ``symptoms``.
    ratio : float or None
        Rate ratio of any overuse running injury, as the study had it [-]; None without a level.
    one_in : int or None
        One overuse injury in so many runs like this.
    reasons : tuple of str
        One sentence each, the weightiest first.
    baseline : float or None
        The ratio with the runner's own injury of the last 12 months, shown apart [-]; None where
        no injury was noted, or there is no level.
    baseline_reason : str
        What stands behind it.
    """

    level: str
    ratio: float | None
    one_in: int | None
    reasons: tuple[str, ...]
    baseline: float | None = None
    baseline_reason: str = ""


@dataclass(frozen=True)
class Symptoms:
    """What the runner's own notes allow; it stands above the level and is no part of it.

    Attributes
    ----------
    urgency : str
        ``emergency``, ``same_day`` and ``within_days`` for a red flag; ``unread`` where a note
        could not be read; ``pause`` and ``hold`` for pain; ``injury`` while one goes on, and
        ``return`` on the way back from it.
    because : tuple of str
        One sentence each, the most urgent first.
    action : str
        What to do, and how fast.
    asked : str
        What the context is asked for; empty where nothing is.
    context : tuple of str
        Asked, never added up.
    care : tuple of str
        What one can do oneself in the first days, a sentence each.
    unread : bool
        Whether a note could not be read, which may hold a sign.
    """

    urgency: str
    because: tuple[str, ...]
    action: str
    asked: str = ""
    context: tuple[str, ...] = ()
    care: tuple[str, ...] = ()
    unread: bool = False

    @property
    def red_flag(self) -> bool:
        """Whether it belongs to a clinician before anything else is said."""
        return self.urgency in URGENCIES


@dataclass(frozen=True)
class OwnRate:
    """How often own runs reached a clear jump.

    Attributes
    ----------
    since : date
        First day that was looked at.
    runs : int
        Days with a run whose level could be told.
    untold : int
        Days with a run before which too little was known.
    loud : int
        Those that reached a clear jump or more.
    budget : float
        Share of them that may, before the word wears out [-].
    window_days : int
        Days that the level of a review looks back.
    """

    since: date
    runs: int
    untold: int
    loud: int
    budget: float
    window_days: int

    @property
    def share(self) -> float | None:
        """Share of the runs that reached it [-]; None where none could be told."""
        return self.loud / self.runs if self.runs else None

    @property
    def over_budget(self) -> bool:
        """Whether it sounds too often to be an alarm."""
        return self.share is not None and self.share > self.budget


@dataclass(frozen=True)
class Review:
    """The answers of all rules on one day.

    Attributes
    ----------
    findings : tuple of Finding
        What the runner noted, then the loudest and newest first.
    symptoms : Symptoms or None
        What pain and signs allow; None where nothing was noted that asks for anything.
    own_rate : OwnRate or None
        How often own runs reached a clear jump; None where nobody asked, since it takes time.
    knee : tuple of TissueView
        The back of the knee by structure; empty beside a red flag.
    """

    as_of: date
    attention: Attention
    findings: tuple[Finding, ...] = ()
    kept: tuple[Kept, ...] = ()
    cannot_tell: tuple[CannotTell, ...] = ()
    room_left: RoomLeft = field(default_factory=lambda: RoomLeft(None, None, None))
    coverage: Coverage | None = None
    symptoms: Symptoms | None = None
    own_rate: OwnRate | None = None
    knee: tuple[TissueView, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Findings as a frame, one row each; ``severity`` in words."""
        rows = [
            {
                "code": finding.code,
                "name": finding.name,
                "severity": finding.severity.label,
                "grade": finding.grade,
                "start": finding.start,
                "end": finding.end,
                "observed": finding.observed,
                "limit": finding.limit,
                "unit": finding.unit,
                "message": finding.message,
            }
            for finding in self.findings
        ]
        names = ("code", "name", "severity", "grade", "start", "end")
        return pd.DataFrame(rows, columns=[*names, "observed", "limit", "unit", "message"])

    @property
    def _flagged(self) -> bool:
        """Whether nothing but what to do is to be shown."""
        return self.symptoms is not None and self.symptoms.red_flag

    def _heading(self) -> tuple[str, str]:
        """The level, and beside it the day and how many rules were quiet, or what to do."""
        level, day = self.attention.level.replace("-", " "), f"as of {self.as_of.isoformat()}"
        if self.symptoms is not None and self._flagged:
            return level, f"{day}: {' '.join((*self.symptoms.because, self.symptoms.action))}"
        return level, f"{day}; {len(self.kept)} rules kept, {len(self.cannot_tell)} cannot tell"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What IPython shows where there is no page: the same without the messages."""
        printer.text(" ".join(self._heading()))
        if not self._flagged:
            table = self.to_frame()[["code", "name", "severity", "grade", "end"]]
            printer.text(f"\n\n{table.to_string(index=False)}")

    def _repr_html_(self) -> str:
        """What a notebook shows: the level, and the findings as a table."""
        from html import escape

        level, beside = map(escape, self._heading())
        if self._flagged:
            return f"<p><b>{level}</b> {beside}</p>"
        columns = ["code", "severity", "grade", "end", "message"]
        table = self.to_frame()[columns].to_html(index=False, border=0)
        return f"<p><b>{level}</b> {beside}</p>{table}"
