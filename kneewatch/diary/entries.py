"""What a runner notes: pain, injuries, weekly answers. Frozen, no I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from kneewatch.model import Problem

if TYPE_CHECKING:
    import pandas as pd

WHENS = ("during", "after", "morning")
"""When pain was felt; ``morning`` is the morning after."""

BACK = ("inner-back", "middle-back", "outer-back", "back")
"""Places at the back of the knee; ``back`` where no more was said."""

WHERES = (*BACK, "knee", "thigh", "calf", "elsewhere")
"""Places with a name of ours; any other word is kept as it is."""

SIDES = ("left", "right", "both")

NOT_THE_LEG = frozenset(
    (
        *("hand", "hands", "wrist", "finger", "fingers", "thumb", "arm", "arms", "forearm"),
        *("elbow", "shoulder", "shoulders", "neck", "head", "face", "jaw", "tooth", "teeth"),
        *("eye", "eyes", "ear", "nose", "rib", "ribs", "chest", "collarbone"),
        *("handgelenk", "daumen", "ellbogen", "schulter", "nacken", "kopf", "rippe", "rippen"),
        *("schlusselbein", "poignet", "coude", "epaule", "muneca", "hombro", "codo", "polso"),
        *("gomito", "spalla", "pulso", "cotovelo", "ombro"),
    )
)
"""Words of places that are no matter of running; any other may be of the leg."""

ANSWERS = (0, 8, 17, 25)
"""Points of the four answers to each question of OSTRC-O2."""


@dataclass(frozen=True)
class Pain:
    """One entry of ``pain.csv``, or a tag in a title or note.

    Attributes
    ----------
    day : date
        The day on which it was felt: that of the next morning for ``morning``.
    score : float or None
        0 none to 10 the worst imaginable [-]; None where the entry holds signs alone.
    when, where, side : str
        From ``WHENS``, ``WHERES``, ``SIDES``; empty where nothing was said.
    signs : tuple of str
        Names of signs (``evidence.toml``), or the runner's own words.
    source : str
        File and line, or the activity whose words hold the tag.
    """

    day: date
    score: float | None
    when: str = ""
    where: str = ""
    side: str = ""
    signs: tuple[str, ...] = ()
    note: str = ""
    source: str = ""

    @property
    def site(self) -> tuple[str, str]:
        """Place and side, to compare entries by."""
        return self.where, self.side

    @property
    def at_back(self) -> bool:
        """Whether it says that it is the back of the knee; ``knee`` alone does not."""
        return self.where in BACK


@dataclass(frozen=True)
class Injury:
    """One entry of ``injuries.csv``.

    Attributes
    ----------
    first, last : date
        First and last day that it kept the runner from training; ``last`` is None while it goes on.
    """

    first: date
    last: date | None
    where: str = ""
    side: str = ""
    note: str = ""
    source: str = ""

    @property
    def of_leg(self) -> bool:
        """Whether it may be of the leg: it may where nothing says another part of the body."""
        return NOT_THE_LEG.isdisjoint(self.where.split("-"))


@dataclass(frozen=True)
class Weekly:
    """Answers to OSTRC-O2 for one week and one problem (clarsen2013).

    Attributes
    ----------
    day : date
        Any day of the week asked about.
    answers : tuple of (int or None)
        Points of the four questions: participation, changed training, performance, symptoms;
        0, 8, 17 or 25 [-], None where one was left out.
    """

    day: date
    answers: tuple[int | None, int | None, int | None, int | None]
    where: str = ""
    side: str = ""
    note: str = ""
    source: str = ""

    @property
    def score(self) -> int | None:
        """Severity, the sum of the four, 0-100 [-]; None while one is left out.

        Who took part in full without a problem is done after the first question.
        """
        if self.answers[0] == 0:
            return 0
        known = [answer for answer in self.answers if answer is not None]
        return sum(known) if len(known) == len(self.answers) else None


def settled(injuries: Iterable[Injury]) -> tuple[Injury, ...]:
    """Injuries in the order in which they were written down, those closed that a later line closes.

    No line is ever written again, so an injury ends with a second line: the same first day, place
    and side. It takes the place of the open one.
    """
    found: list[Injury] = []
    for injury in injuries:
        key = (injury.first, injury.where, injury.side)
        open_ = next(
            (
                number
                for number, earlier in enumerate(found)
                if earlier.last is None and (earlier.first, earlier.where, earlier.side) == key
            ),
            None,
        )
        if open_ is None:
            found.append(injury)
        else:
            found[open_] = replace(injury, note=injury.note or found[open_].note)
    return tuple(found)


@dataclass(frozen=True)
class Doubt:
    """A line of the diary, or a whole file, that could not be read in full: it may hold a sign.

    Attributes
    ----------
    day : date or None
        None where that is what cannot be read; such a line stands until it is mended.
    score, where, side, signs
        What a line without a day says all the same; as in ``Pain``.
    """

    source: str
    reason: str
    day: date | None = None
    score: float | None = None
    where: str = ""
    side: str = ""
    signs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Diary:
    """All that a runner noted, in order of day.

    Attributes
    ----------
    problems : tuple of Problem
        What could not be read or was taken for granted, by file and line.
    doubts : tuple of Doubt
        Those of them behind which something may hide that outranks the log.
    """

    entries: tuple[Pain, ...] = ()
    injuries: tuple[Injury, ...] = ()
    weekly: tuple[Weekly, ...] = ()
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.entries or self.injuries or self.weekly or self.doubts)

    def adding(self, entry: Pain) -> Diary:
        """The diary with one entry more, the last of its day."""
        entries = sorted((*self.entries, entry), key=lambda noted: noted.day)
        return replace(self, entries=tuple(entries))

    def doubting(self, doubts: Iterable[Doubt]) -> Diary:
        """The diary with more that could not be read."""
        doubts = tuple(doubts)
        problems = tuple(Problem(doubt.source, doubt.reason) for doubt in doubts)
        return replace(self, problems=(*self.problems, *problems), doubts=(*self.doubts, *doubts))

    def until(self, last: date) -> Diary:
        """What had been noted by the end of a day; an injury that ends later still goes on."""
        return replace(
            self,
            entries=tuple(entry for entry in self.entries if entry.day <= last),
            injuries=tuple(
                injury if injury.last is None or injury.last <= last else replace(injury, last=None)
                for injury in self.injuries
                if injury.first <= last
            ),
            weekly=tuple(answer for answer in self.weekly if answer.day <= last),
            doubts=tuple(d for d in self.doubts if d.day is None or d.day <= last),
        )

    def days(self) -> list[date]:
        """Each day on which something was noted, in order."""
        noted = {entry.day for entry in self.entries} | {answer.day for answer in self.weekly}
        noted |= {doubt.day for doubt in self.doubts if doubt.day}
        ends = {day for injury in self.injuries for day in (injury.first, injury.last) if day}
        return sorted(noted | ends)

    def frame(self) -> pd.DataFrame:
        """Entries as a frame, one row each; ``day`` as ISO date, ``signs`` joined with spaces."""
        rows = [{**asdict(e), "signs": " ".join(e.signs)} for e in self.entries]
        return _frame(rows, ("day", "score", "when", "where", "side", "signs", "note", "source"))

    def injury_frame(self) -> pd.DataFrame:
        """Injuries as a frame, days as ISO dates; ``last`` is empty while one goes on."""
        rows = [asdict(injury) for injury in self.injuries]
        return _frame(rows, ("first", "last", "where", "side", "note", "source"))


def _frame(rows: Iterable[dict[str, Any]], names: tuple[str, ...]) -> pd.DataFrame:
    # Whoever only adds a line needs no pandas.
    import pandas as pd

    plain = [
        {key: cell.isoformat() if isinstance(cell, date) else cell for key, cell in row.items()}
        for row in rows
    ]
    return pd.DataFrame(plain, columns=list(names))
