"""``RunLog``: the notebook's one object. A façade; it holds no logic of its own."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from kneewatch import cache as caching
from kneewatch import config as configuration
from kneewatch import diary as diaries
from kneewatch import evidence, sources
from kneewatch.columns import TRACK
from kneewatch.config import Config
from kneewatch.diary import Diary
from kneewatch.errors import UsageError
from kneewatch.ingest import Ingested, Progress, Window, ingest
from kneewatch.model import Problem, Recording, Tally
from kneewatch.rules import BOOK, Facts, Review, Rule, review
from kneewatch.rules.gather import gather
from kneewatch.units import SYSTEMS, System, Units

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from matplotlib.axes import Axes

    from kneewatch.audit import History, Triggers
    from kneewatch.picture import Picture
    from kneewatch.plan import Plan, Session

PathLike = str | Path


class RunLog:
    """One runner's log: every file below some paths, read and measured.

    Parameters
    ----------
    paths : sequence of Path
        What it was read from; tracks are opened there again.
    config : Config
    ingested : Ingested
    as_of : date, optional
        The last day taken into account.
    diary : Diary, optional
        What the runner noted beside the data.
    memory : Path, optional
        Folder in which an audit is remembered.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        config: Config,
        ingested: Ingested,
        as_of: date | None = None,
        diary: Diary | None = None,
        memory: Path | None = None,
    ) -> None:
        self.paths = tuple(paths)
        self.config = config
        self._ingested = ingested
        self._as_of = as_of
        self._diary = Diary() if diary is None else diary
        self._memory = memory

    def __repr__(self) -> str:
        return f"<RunLog of {len(self.runs):,} runs up to {self.as_of}>"

    @cached_property
    def facts(self) -> Facts:
        """What rules and pictures see."""
        return self._facts(self._as_of)

    def _facts(self, as_of: date | None) -> Facts:
        ingested = self._ingested
        return gather(
            ingested.rows,
            self.config,
            evidence.load(),
            as_of,
            diary=self._diary,
            read_from=ingested.tally.read_from,
        )

    @property
    def as_of(self) -> date:
        """The last day taken into account."""
        return self.facts.as_of

    @property
    def tally(self) -> Tally:
        """What became of every file, and which lines of the diary could not be read."""
        tally = self._ingested.tally
        return replace(tally, problems=(*tally.problems, *self._diary.problems))

    @property
    def diary(self) -> Diary:
        """Pain, injuries and weekly answers up to the last day taken into account."""
        return self.facts.diary

    @property
    def notice(self) -> str:
        """Why nothing could be remembered, empty where all went well."""
        return self._ingested.notice

    @property
    def runs(self) -> pd.DataFrame:
        """One row a run, ``columns.ACTIVITIES``, by id in order of start."""
        return self.facts.runs

    @property
    def others(self) -> pd.DataFrame:
        """Activities that are not runs, the same columns."""
        return self.facts.others

    @property
    def weeks(self) -> pd.DataFrame:
        """One row a week, ``columns.WEEKS``, by first day."""
        return self.facts.weeks

    @property
    def days(self) -> pd.DataFrame:
        """One row a day, ``columns.DAYS``: load as coaches know it, none of it a warning."""
        from kneewatch.metrics.days import count_days

        facts = self.facts
        return count_days(
            facts.runs,
            facts.first_day,
            facts.as_of,
            max_heart_rate_bpm=self.config.max_heart_rate_bpm,
            resting_heart_rate_bpm=self.config.resting_heart_rate_bpm,
        )

    @property
    def shoes(self) -> pd.DataFrame:
        """One row a pair, ``columns.SHOES``, by name."""
        return self.facts.shoes

    def track(self, run_id: str) -> pd.DataFrame:
        """The track of an activity, read again from its file.

        Parameters
        ----------
        run_id : str
            From the index of ``runs`` or ``others``.

        Returns
        -------
        DataFrame
            Those of ``columns.TRACK`` that were measured; empty for a row of a table.

        Raises
        ------
        UsageError
            If there is no such activity, or its file has gone.
        """
        recording = self._recording(run_id)
        return pd.DataFrame(
            {name: recording.track[name] for name in TRACK if name in recording.track}
        )

    def _recording(self, run_id: str) -> Recording:
        # Whoever asks for no track needs no reader.
        from kneewatch import readers

        row = next((row for row in self._ingested.rows if row["id"] == run_id), None)
        if row is None:
            raise UsageError(f"no activity with the id {run_id!r}; ids are the index of log.runs")
        # A row of a table is named by its file and number.
        name = re.sub(r" row \d+$", "", row["sources"][0])
        source = sources.find(self.paths, name)
        for reading in readers.read(source) if source else ():
            if isinstance(reading, Recording) and reading.activity.id == run_id:
                return reading
        raise UsageError(f"{name} is no longer there or has changed; load the log again")

    @cached_property
    def _review(self) -> Review:
        return review(self.facts)

    @cached_property
    def _reported(self) -> Review:
        from kneewatch.rules.alarms import own_rate

        return replace(self._review, own_rate=own_rate(self.facts))

    def check(self, as_of: date | str | None = None, *, own_rate: bool = False) -> Review:
        """Ask all rules.

        Parameters
        ----------
        as_of : date or str, optional
            Another last day than the log's.
        own_rate : bool
            Count how often own runs of a year reached a clear jump, too: a second or two. Of
            the log's last day only.

        Raises
        ------
        UsageError
            If it is no day, or too little was read to judge it.
        """
        day = _day(as_of)
        if day is None or day == self.as_of:
            return self._reported if own_rate else self._review
        if self.tally.unread:
            raise UsageError(
                f"what {day} needs may be among the {self.tally.unread:,} files left unread; "
                "load the log with that as_of, or without recent"
            )
        return review(self._facts(day))

    def plan(self, what: PathLike | Sequence[Session]) -> Plan:
        """Planned sessions through the rules, each as if those before it had been run.

        Parameters
        ----------
        what : str, Path or sequence of Session
            A table (date, distance, descent, hard, note) or calendar, or sessions.

        Raises
        ------
        UsageError
            If the file cannot be opened or is neither table nor calendar.
        """
        from kneewatch import plan

        problems: Sequence[Problem] = ()
        if isinstance(what, (str, Path)):
            what, problems = plan.read(Path(what), plan.terms(self.facts))
        return plan.judged(what, self.facts, self._facts_with, problems)

    def ramp(
        self, distance_m: float, day: date | str | None = None, descent_m: float | None = None
    ) -> Plan:
        """The weeks up to a race, as large as the rules leave them without speaking.

        Parameters
        ----------
        distance_m : float
            Of the race [m].
        day : date or str, optional
            Of the race; by default the end of the fourth whole week.
        descent_m : float, optional
            Of the race [m].

        Raises
        ------
        UsageError
            If the day is none, or not within half a year.
        """
        from kneewatch import plan

        return plan.ramped(distance_m, _day(day), self.facts, self._facts_with, descent_m)

    def _facts_with(self, planned: Sequence[Mapping[str, Any]], day: date) -> Facts:
        """Facts as if some runs more were in the log, as of a day after its last."""
        from kneewatch import plan

        first_day, as_of = self.facts.first_day, self.as_of
        rows = [*plan.recent_rows(self._ingested.rows, as_of), *planned]
        # Which shoes a planned run will be in nobody knows.
        config = replace(self.config, shoes=())
        return gather(
            rows, config, evidence.load(), day, first_day=first_day, diary=self._diary.until(as_of)
        )

    def history(
        self,
        diary_from: date | str | None = None,
        diary_to: date | str | None = None,
        jobs: int = 1,
        *,
        of_squad: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> History:
        """What each past day would have said, beside what was noted; for the audit.

        Parameters
        ----------
        diary_from, diary_to : date or str, optional
            Days from and to which all pain was noted; by default from the first entry to 14 days
            after the last, without gaps of more than 28 days.
        jobs : int
            Worker processes.
        of_squad : bool
            The two days are those of a whole squad: they can only shorten what the entries show.
        progress : callable, optional
            Told how many days are judged, and of how many.

        Raises
        ------
        UsageError
            If one is no day, or they are in the wrong order.
        """
        from kneewatch.audit import Memory, Period, look_back

        rows, settings = self._ingested.rows, self.config
        period = Period(_day(diary_from), _day(diary_to), of_squad)
        return look_back(
            rows,
            settings,
            evidence.load(),
            self.diary,
            self.as_of,
            period,
            jobs=jobs,
            progress=progress,
            memory=Memory(self._memory) if self._memory else None,
        )

    def triggers(self) -> Triggers:
        """Own pain in the 48 hours after a run, against what the run was like."""
        from kneewatch.audit import find_triggers, pain_by_day

        return find_triggers(self.runs, pain_by_day(self.diary), evidence.load())

    def picture(self, name: str) -> Picture:
        """A picture by name, as data.

        Raises
        ------
        UsageError
            If there is no such picture.
        """
        from kneewatch.rules.pictures import PICTURES

        if name not in PICTURES:
            raise UsageError(f"no picture {name!r}; there are: {', '.join(PICTURES)}")
        return PICTURES[name](self.facts)

    def profile(self, run_id: str) -> Picture:
        """The altitude profile of a run, as data.

        Raises
        ------
        UsageError
            If there is no such run, or it has no track.
        """
        from kneewatch.metrics.exposure import profile_of
        from kneewatch.rules.pictures import profile

        recording = self._recording(run_id)
        if run_id not in self.runs.index:
            raise UsageError(f"{run_id!r} is no run up to {self.as_of}; ids are in log.runs")
        if len(recording.track.get("time_s", ())) < 2:
            raise UsageError(f"{run_id!r} has no track to draw; see altitude_source in log.runs")
        track, altitude, grade = profile_of(recording)
        return profile(track, self.runs.T[run_id], altitude, grade, units=self.config.units)

    def plot(self, name: str, ax: Axes | None = None) -> Axes:
        """Draw a picture with matplotlib.

        Parameters
        ----------
        name : str
            Such as ``"weekly_distance"``.
        ax : Axes, optional
            Where to draw; a new figure by default.
        """
        from kneewatch.report.draw import draw

        return draw(self.picture(name), self.config.units, ax)

    def report(self, folder: PathLike) -> Path:
        """Write the report folder and return the path of its ``index.html``.

        Raises
        ------
        UsageError
            If the folder cannot be written.
        """
        from kneewatch.report.write import write

        symptoms, findings = self._review.symptoms, self._review.findings
        # Beside a red flag nothing is shown of the training.
        pictures = () if symptoms is not None and symptoms.red_flag else _picture_names()
        runs = dict.fromkeys(
            run for finding in findings if finding.code in PROFILED for run in finding.runs
        )
        profiles = {run: self.profile(run) for run in runs if self._has_profile(run)}
        target = Path(folder)
        write(
            target,
            self._reported,
            self.facts,
            self.tally,
            {name: self.picture(name) for name in pictures},
            profiles,
        )
        return target / "index.html"

    def _has_profile(self, run_id: str) -> bool:
        return self.runs["altitude_source"][run_id] in ("barometer", "gps")


PROFILED = frozenset({"KW102", "KW201", "KW202", "KW204"})
"""Rules about a single run, whose profile is worth a look."""


def _picture_names() -> tuple[str, ...]:
    from kneewatch.rules.pictures import PICTURES

    return tuple(PICTURES)


def load(
    *paths: PathLike,
    config: PathLike | Config | None = None,
    as_of: date | str | None = None,
    units: System | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    cache: bool | PathLike = True,
    recent: bool = False,
    progress: Progress | None = None,
) -> RunLog:
    """Read a runner's log.

    Parameters
    ----------
    *paths : str or Path
        Files, folders and archives.
    config : str, Path or Config, optional
        Instead of the ``kneewatch.toml`` in the folder.
    as_of : date or str, optional
        The last day taken into account; by default today, or the log's last day if that lies
        more than four weeks back.
    units : {"km", "mi"}, optional
        For display, instead of the configuration's.
    jobs : int, optional
        Worker processes, by default one a CPU.
    executor : concurrent.futures.Executor, optional
        Workers to use instead, such as those of a Dask cluster, which see the same files;
        ``jobs`` is then how many they are.
    cache : bool, str or Path
        Whether to remember what files gave, or the folder to do it in; by default the
        platform's folder for caches.
    recent : bool
        Leave out what lies so far back that a verdict on ``as_of`` does not need it, if that
        is much; ``tally.unread`` says how many files.
    progress : callable, optional
        Told after each file that is read how many are done, of how many, and its name; what
        is remembered is not read.

    Raises
    ------
    UsageError
        If a path does not exist, ``as_of`` is no day or ``units`` neither of the two.
    ConfigError
        If the configuration cannot be understood.
    """
    places = [Path(path) for path in paths]
    for place in places:
        if not place.exists():
            raise UsageError(f"{place} does not exist; expected a file, folder or archive")
    if not places:
        raise UsageError("nothing to read; name a file, a folder or an archive")
    if jobs is not None and jobs < 1:
        raise UsageError(f"jobs is {jobs}, expected 1 or more")
    if units and units not in SYSTEMS:
        raise UsageError(f"units is {units!r}, expected one of: {', '.join(SYSTEMS)}")
    settings = _settings(places, config)
    if units:
        settings = replace(settings, units=Units(units))
    day = _day(as_of)
    memory = caching.folder() if cache is True else Path(cache) if cache else None
    ingested = ingest(
        places,
        settings,
        jobs=jobs,
        executor=executor,
        cache=memory,
        window=_window(settings, day) if recent else None,
        progress=progress,
    )
    return RunLog(places, settings, ingested, day, _diary(places, ingested.tally), memory)


def _diary(places: Sequence[Path], tally: Tally) -> Diary:
    """What the runner noted, and which notes were found and not read."""
    place = diaries.locate(places)
    packed = [
        problem
        for problem in tally.problems
        if problem.reason == sources.NOTES_UNREAD
        # Beside the file itself it is a copy.
        and not (place.folder and (place.folder / Path(problem.source).name).is_file())
    ]
    noted = diaries.read(place.folder).doubting(place.doubts)
    doubts = [diaries.Doubt(problem.source, problem.reason) for problem in packed]
    # The accounts of the files hold their problems already.
    return replace(noted, doubts=(*noted.doubts, *doubts))


def _window(settings: Config, as_of: date | None) -> Window | None:
    """What a verdict needs: the last months, and the whole life of the shoes in use."""
    day = as_of or date.today()
    worn = [shoe.since for shoe in settings.shoes if not shoe.until or shoe.until >= day]
    since = [first for first in worn if first]
    if len(since) < len(worn):
        return None
    return Window(as_of, min(since, default=None))


def _day(as_of: date | str | None) -> date | None:
    if isinstance(as_of, datetime):
        return as_of.date()
    if not isinstance(as_of, str):
        return as_of
    try:
        return date.fromisoformat(as_of)
    except ValueError as error:
        raise UsageError(f"as-of is {as_of!r}, expected a day such as 2025-11-02") from error


def _settings(places: Sequence[Path], config: PathLike | Config | None) -> Config:
    if isinstance(config, Config):
        return config
    found = Path(config) if config is not None else configuration.find(places)
    return configuration.load(found) if found else Config()


def explain(code: str) -> str:
    """The documentation of a rule: what, limits, papers for and against, grade, advice.

    Raises
    ------
    UsageError
        If there is no rule with that code.
    """
    from rich.console import Console

    from kneewatch.report import tables

    console = Console(file=io.StringIO(), width=88, color_system=None)
    with console.capture() as capture:
        tables.explain(console, rule_of(code), evidence.load())
    return capture.get()


def rule_of(code: str) -> Rule:
    """The rule with a code, in whatever case.

    Raises
    ------
    UsageError
        If there is none.
    """
    if code.upper() not in BOOK:
        raise UsageError(f"no rule {code!r}; there are: {', '.join(sorted(BOOK))}")
    return BOOK[code.upper()]
