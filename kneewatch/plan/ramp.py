"""Weeks up to a race that stay below what the rules speak of, as far as there is time for it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_low

from kneewatch.errors import UsageError
from kneewatch.plan.judge import Judge, Verdict
from kneewatch.plan.session import Session
from kneewatch.rules import Facts
from kneewatch.rules.room import leave_room
from kneewatch.rules.windows import between

WEEKS = 4
"""A race without a day is planned for the end of so many whole weeks."""

FARTHEST_DAYS = 26 * 7
USUAL_WEEKS = 4
RUNS_A_WEEK = (2, 5)
"""A week as the runner has them, with room for a day without a run in between. [D]"""

SUNDAY = 6


@dataclass(frozen=True)
class Week:
    """A week of the ramp.

    Attributes
    ----------
    monday : date
    run_m : float
        What was run of it already [m].
    sessions : tuple of Session
        What is proposed, without the race.
    long_m, total_m : float
        Longest run and distance of the whole week, the race left out [m].
    """

    monday: date
    run_m: float
    sessions: tuple[Session, ...]

    @property
    def long_m(self) -> float:
        """The longest proposed run [m]."""
        return max((session.distance_m for session in self.sessions), default=0.0)

    @property
    def total_m(self) -> float:
        """Distance of the week without the race [m]."""
        return self.run_m + sum(session.distance_m for session in self.sessions)


@dataclass(frozen=True)
class Ramp:
    """The way to a race.

    Attributes
    ----------
    verdict : Verdict
        Of the race after these weeks.
    weeks_early : int or None
        Whole weeks that the race comes too early by the rules; 0 where they stay quiet, None
        where a year would not do or it cannot be told.
    """

    weeks: tuple[Week, ...]
    verdict: Verdict
    weeks_early: int | None

    @property
    def earliest(self) -> date | None:
        """The first day of the race's weekday on which the rules would stay quiet."""
        if self.weeks_early is None:
            return None
        return self.verdict.session.day + timedelta(weeks=self.weeks_early)


def race_day(as_of: date) -> date:
    """The Sunday that ends the fourth whole week from a day on."""
    return _monday(as_of) + timedelta(weeks=WEEKS, days=SUNDAY)


def within_reach(race: Session, facts: Facts) -> None:
    """See to it that there are weeks to a race, and not too many.

    Raises
    ------
    UsageError
        If the race is not within the next half year.
    """
    ahead = (race.day - facts.as_of).days
    if not 0 < ahead <= FARTHEST_DAYS:
        raise UsageError(
            f"the race is on {race.day}, expected a day within half a year after {facts.as_of}"
        )


def ramp(race: Session, facts: Facts, judge: Judge) -> Ramp:
    """Weekly long runs and totals that stay quiet up to a race, and the verdict on the race.

    Each run is put to the rules in its turn and cut to what stays quiet, so the weeks are an
    upper edge and no training plan.
    """
    growth = _Growth(facts, judge.units.long_m / 2, race)
    weeks = []
    monday = _monday(facts.as_of)
    while monday <= race.day:
        weeks.append(growth.fill(monday, judge))
        monday += timedelta(weeks=1)
    verdict = judge.ask(race)
    early = 0 if verdict.state == "quiet" else None
    if verdict.state == "speaks":
        early = growth.weeks_missing()
    return Ramp(tuple(weeks), verdict, early)


class _Growth:
    """Carries the long run and the weekly distance from week to week by the limits."""

    def __init__(self, facts: Facts, step_m: float, race: Session) -> None:
        self._facts = facts
        self._step_m = step_m
        self._race = race
        self._runs, self._long_day = _pattern(facts)
        self._ratio = facts.evidence.limit("KW102", "ratio").value
        calm = leave_room(facts).calm_run_m
        # A run that was a jump itself is no measure of what the legs are used to.
        most = math.inf if calm is None else calm / self._ratio
        days = between(facts.runs, facts.as_of - timedelta(days=200), facts.as_of)
        self._done = [
            (date.fromisoformat(day), float(metres))
            for day, metres in zip(days["local_date"], days["distance_m"], strict=True)
            if metres > 0
        ]
        self._calm = [(day, min(metres, most)) for day, metres in self._done]
        steps = race.distance_m / self._ratio / step_m
        self._long_enough = math.ceil(steps - 1e-9) * step_m
        first = _monday(facts.as_of)
        usual = [
            self._distance(first - timedelta(weeks=back), first - timedelta(days=7 * back - 6))
            for back in range(1, USUAL_WEEKS + 1)
        ]
        # No larger than the race asks for, and no smaller than the weeks are anyway.
        rounded_off = self._runs * step_m
        self._enough = max(2 * self._long_enough + rounded_off, median_low(usual))

    def fill(self, monday: date, judge: Judge) -> Week:
        """Propose a week's runs, each as large as the limits and the rules leave it."""
        run_m = self._distance(monday, monday + timedelta(days=6))
        total = self._total(monday)
        days = [day for day in self._days(monday) if self._facts.as_of < day < self._race.day]
        if monday <= self._race.day <= monday + timedelta(days=6):
            # What the race needs is kept free: one short run, two days before it or earlier.
            days = [day for day in days if (self._race.day - day).days >= 2][-1:]
            long, easy = 0.0, min(total - self._race.distance_m, self._race.distance_m / 4)
        else:
            long = min(self._long(monday), total / 2)
            easy = (total - long) / (self._runs - 1)
        sessions: list[Session] = []
        for day in days:
            wanted = long if day.weekday() == self._long_day and long else easy
            left = total - run_m - sum(session.distance_m for session in sessions)
            session = self._take(day, min(wanted, left), judge)
            if session is not None:
                sessions.append(session)
        return Week(monday, run_m, tuple(sessions))

    def _whole(self, metres: float) -> float:
        """Rounded down to the steps in which people plan."""
        return math.floor(metres / self._step_m + 1e-9) * self._step_m

    def _take(self, day: date, wanted_m: float, judge: Judge) -> Session | None:
        whole = self._whole(wanted_m)
        if whole < 2 * self._step_m:
            return None
        version = judge.quiet_version(Session(day, whole))
        if version is None or version.day != day:
            return None
        judge.take_up(version)
        self._done.append((day, version.distance_m))
        self._calm.append((day, version.distance_m))
        return version

    def weeks_missing(self) -> int | None:
        """Weeks to go on growing until the race would stay quiet; None if a year does not do."""
        before = _monday(self._race.day) - timedelta(weeks=1)
        total = self._distance(before, before + timedelta(days=6))
        long = self._longest(_monday(self._race.day))
        race = self._race.distance_m
        for weeks in range(1, 53):
            total = self._allowed(total)
            long = max(self._whole(min(long * self._ratio, total / 2)), long)
            if long * self._ratio >= race and self._allowed(total) >= race:
                return weeks
        return None

    def _pattern_days(self) -> list[int]:
        return sorted({(self._long_day - n * 7 // self._runs) % 7 for n in range(self._runs)})

    def _days(self, monday: date) -> list[date]:
        return [monday + timedelta(days=day) for day in self._pattern_days()]

    def _total(self, monday: date) -> float:
        """What KW101 leaves a week after the last one with running [m]."""
        for back in range(1, USUAL_WEEKS + 1):
            first = monday - timedelta(weeks=back)
            base = self._distance(first, first + timedelta(days=6))
            if base > 0:
                return min(self._allowed(base), self._enough)
        return 0.0

    def _allowed(self, base_m: float) -> float:
        limits = self._facts.evidence.rules["KW101"]
        return base_m + limits["jump"].value * max(base_m, limits["base_floor"].value)

    def _long(self, monday: date) -> float:
        """What KW102 leaves a run of a week, and no longer than the race needs it [m]."""
        return min(self._longest(monday) * self._ratio, self._long_enough)

    def _longest(self, monday: date) -> float:
        days = self._facts.evidence.limit("KW102", "window").value
        # The long run of a week comes late in it.
        first = monday + timedelta(days=self._long_day) - timedelta(days=int(days) - 1)
        return max((metres for day, metres in self._calm if day >= first), default=0.0)

    def _distance(self, first: date, last: date) -> float:
        return sum(metres for day, metres in self._done if first <= day <= last)


def _pattern(facts: Facts) -> tuple[int, int]:
    """How many runs a week are usual, and on which weekday the longest one falls."""
    first = _monday(facts.as_of) - timedelta(weeks=USUAL_WEEKS)
    runs = between(facts.runs, first, _monday(facts.as_of) - timedelta(days=1))
    by_week: dict[date, list[tuple[float, int]]] = {}
    for day, metres in zip(runs["local_date"], runs["distance_m"], strict=True):
        when = date.fromisoformat(day)
        by_week.setdefault(_monday(when), []).append((float(metres), when.weekday()))
    if not by_week:
        return RUNS_A_WEEK[0], SUNDAY
    fewest, most = RUNS_A_WEEK
    usual = median_low(len(week) for week in by_week.values())
    longest = Counter(max(week)[1] for week in by_week.values())
    return min(max(usual, fewest), most), longest.most_common(1)[0][0]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
