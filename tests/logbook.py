"""Training logs written as CSV in the docstring of a test.

    @logged
    def test_eleven_after_ten(log: Log) -> None:
        \"\"\"Eleven kilometres after ten are exactly 10 % more.

        date, km
        2025-05-05 +7 x5, 10
        2025-06-09, 11
        \"\"\"
        assert log.kept("KW102")

The log begins at the line that starts with ``date,`` and ends at the next blank line. ``+7 x5`` is
five rows, seven days apart. An empty cell, and a column that is not there, is what no file tells.
``as of 2025-06-12`` on a line of its own sets the day; without it, it is that of the last row.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from kneewatch import diary, evidence
from kneewatch.config import Config
from kneewatch.diary import Diary
from kneewatch.metrics.form import line_sums
from kneewatch.metrics.habits import SURGE_BIN_MPS, SURGE_BINS
from kneewatch.metrics.intensity import HEART_BINS, SPEED_BIN_MPS, SPEED_BINS
from kneewatch.model import CannotTell, Finding, Kept
from kneewatch.rules import Attention, Facts, Review, RoomLeft, review
from kneewatch.rules.gather import gather

TEXT = ("sport", "sub_sport", "surface", "shoe", "altitude", "name", "device")
NUMBERS = {
    "km": 1000.0,
    "descent_m": 1.0,
    "steep_km": 1000.0,
    "steps": 1.0,
    "braking_steps": 1.0,
    "down_km": 1000.0,
    "min": 60.0,
    "hr": 1.0,
    "spm": 1.0,
    "fast_min": 60.0,
    "beats_min": 60.0,
    "level_mps": 1.0,
    "level_min": 60.0,
    "contact_ms": 0.001,
    "balance": 0.01,
    "drift": 0.01,
    "contact_drift": 0.01,
    "down_shift": 0.01,
    "start_mps": 1.0,
    "top_mps": 1.0,
    "end_mps": 1.0,
    "surges": 1.0,
    "stops": 1.0,
    "turns": 1.0,
}
"""Columns of numbers and what makes them SI.

``fast_min`` are minutes above a critical speed of 4 m/s, of the minutes in ``min``; ``beats_min``
the same above the heart rate that counts as hard, where there is no pace. ``level_mps`` is the
speed of ``level_min`` (30) minutes on the level, at ``spm`` steps a minute and ``contact_ms`` of
ground contact; ``balance``, ``drift`` and ``down_shift`` are in percent. ``surges`` end at 6 m/s,
and ``down_km`` lie at -5 to -10 %.
"""


@dataclass(frozen=True)
class Log:
    """A training log and the day on which it is judged."""

    rows: tuple[dict[str, Any], ...] = field(repr=False)
    as_of: date
    config: Config = field(default_factory=Config)
    diary: Diary = field(default_factory=Diary)

    @property
    def facts(self) -> Facts:
        return gather(self.rows, self.config, evidence.load(), self.as_of, diary=self.diary)

    @property
    def review(self) -> Review:
        return review(self.facts)

    @property
    def room(self) -> RoomLeft:
        return self.review.room_left

    @property
    def attention(self) -> Attention:
        return self.review.attention

    def on(self, day: str) -> Log:
        """The same log on another day."""
        return replace(self, as_of=date.fromisoformat(day))

    def with_config(self, **decided: Any) -> Log:
        return replace(self, config=Config(**decided))

    def noting(self, pain: str = "", injuries: str = "", ostrc: str = "") -> Log:
        """The same log beside these lines of the diary's files, names of columns first."""
        with TemporaryDirectory() as folder:
            for name, text in zip(diary.FILES, (pain, injuries, ostrc), strict=True):
                lines = "\n".join(line.strip() for line in text.strip().splitlines())
                Path(folder, name).write_text(lines, "utf-8")
            return replace(self, diary=diary.read(Path(folder)))

    def and_then(self, when: str, **cells: Any) -> Log:
        """The same log with one more row, judged on the same day."""
        row = exposure(datetime.fromisoformat(when), {k: str(v) for k, v in cells.items()})
        rows = sorted([*self.rows, row], key=lambda r: r["start"])
        return replace(self, rows=tuple(rows))

    def broken(self, code: str) -> tuple[Finding, ...]:
        """The findings of a rule that is broken; such a rule says nothing else."""
        answers = self._answers(code)
        found = tuple(answer for answer in answers if isinstance(answer, Finding))
        assert len(found) == len(answers) > 0, answers
        return found

    def broken_once(self, code: str) -> Finding:
        (finding,) = self.broken(code)
        return finding

    def kept(self, code: str) -> str:
        """The message of a rule that is kept and says nothing else."""
        (answer,) = self._answers(code)
        assert isinstance(answer, Kept), answer
        return answer.message

    def cannot_tell(self, code: str) -> str:
        """What a rule lacks, that says nothing else."""
        (answer,) = self._answers(code)
        assert isinstance(answer, CannotTell), answer
        return answer.why

    def _answers(self, code: str) -> list[Finding | Kept | CannotTell]:
        answers = self.review
        every = (*answers.findings, *answers.kept, *answers.cannot_tell)
        return [answer for answer in every if answer.code == code]


def exposure(start: datetime, cells: dict[str, str]) -> dict[str, Any]:
    """The exposure row of one run, with nothing in it but what the cells tell."""
    unknown = set(cells) - {*TEXT, *NUMBERS}
    assert not unknown, f"no column {unknown}"
    start = start if start.tzinfo else start.replace(tzinfo=UTC)
    text = {name: cells.get(name, "").strip() for name in TEXT}
    number = {
        name: float(cells[name]) * factor if cells.get(name, "").strip() else None
        for name, factor in NUMBERS.items()
    }
    climbs = "barometer" if number["descent_m"] is not None else "none"
    return {
        "id": f"{text['sport'] or 'run'} {start:%Y-%m-%d %H:%M:%S.%f}",
        "start": start.astimezone(UTC),
        "local_date": start.date().isoformat(),
        "local_start": start.replace(tzinfo=None).isoformat(),
        "sport": text["sport"] or "running",
        "sub_sport": text["sub_sport"] or "generic",
        "name": text["name"],
        "device": text["device"],
        "sources": ("log.csv",),
        "distance_m": number["km"],
        "moving_s": number["min"],
        "descent_m": number["descent_m"],
        "steep_down_m": number["steep_km"],
        "steps": number["steps"],
        "braking_steps": number["braking_steps"],
        **_slopes(number["down_km"]),
        "altitude_source": text["altitude"] or climbs,
        "surface": text["surface"] or "unknown",
        "shoe": text["shoe"],
        "shoe_source": "file" if text["shoe"] else "none",
        "avg_hr_bpm": number["hr"],
        "avg_cadence_spm": number["spm"],
        **_hard(number),
        **_form(number),
        **_habits(number),
    }


def _slopes(down_m: float | None) -> dict[str, Any]:
    """Metres by class of slope, all of those that go down in one."""
    if down_m is None:
        return {}
    classes = ("below_m15", "m15_m10", "m10_m5", "m5_m2")
    return {f"grade_{name}_m": down_m if name == "m10_m5" else 0.0 for name in classes}


def _hard(number: dict[str, float | None]) -> dict[str, Any]:
    """What hard time is taken from: nothing where no cell tells of it."""
    whole = number["min"] or 0.0
    told: dict[str, Any] = {}
    if (fast := number["fast_min"]) is not None:
        paces = np.zeros(SPEED_BINS)
        paces[int(5.0 / SPEED_BIN_MPS)], paces[int(3.0 / SPEED_BIN_MPS)] = fast, whole - fast
        told["ga_speed_histogram_s"] = paces
        # Best times of a critical speed of 4 m/s and a reserve of 200 m.
        told |= {f"best_{metres}m_s": (metres - 200) / 4.0 for metres in (400, 800, 5000)}
    if (fast := number["beats_min"]) is not None:
        hearts = np.zeros(HEART_BINS)
        hearts[185], hearts[140] = fast, whole - fast
        told |= {"heart_rate_histogram_s": hearts, "max_hr_setting_bpm": 200.0}
    return told


def _form(number: dict[str, float | None]) -> dict[str, Any]:
    """Sums of level running at one speed, and what there is besides."""
    told: dict[str, Any] = {
        "step_rate_drift": number["drift"],
        "stance_time_drift": number["contact_drift"],
        "descent_step_rate_shift": number["down_shift"],
        "avg_stance_balance": number["balance"],
        "stance_balance_share": None if number["balance"] is None else 1.0,
        "stance_time_share": None if number["contact_ms"] is None else 1.0,
    }
    if (speed := number["level_mps"]) is None:
        return told
    seconds = np.array([number["level_min"] or 1800.0])
    for name, value in (("step_rate", number["spm"]), ("stance_time", number["contact_ms"])):
        if value is not None:
            told[f"{name}_sums"] = line_sums(
                np.array([speed]), np.zeros(1), np.array([value]), seconds
            )
    return told


def _habits(number: dict[str, float | None]) -> dict[str, Any]:
    """Start, end and sudden changes of a run."""
    told: dict[str, Any] = {
        "start_speed_mps": number["start_mps"],
        "start_top_speed_mps": number["top_mps"] or number["start_mps"],
        "end_speed_mps": number["end_mps"],
        "sharp_turns": number["turns"],
    }
    if number["surges"] is not None:
        surges = np.zeros(SURGE_BINS)
        surges[int(6.0 / SURGE_BIN_MPS)] = number["surges"]
        told |= {"surge_histogram": surges, "hard_stops": number["stops"] or 0.0}
    return told


def read(text: str) -> Log:
    """The log in a docstring."""
    lines = [line.strip() for line in text.splitlines()]
    header = next(n for n, line in enumerate(lines) if line.replace(" ", "").startswith("date,"))
    end = next((n for n in range(header, len(lines)) if not lines[n]), len(lines))
    names = [name.strip() for name in lines[header].split(",")][1:]
    rows: list[dict[str, Any]] = []
    for line in lines[header + 1 : end]:
        when, *cells = (cell.strip() for cell in line.split(","))
        assert len(cells) == len(names), line
        rows += [exposure(start, dict(zip(names, cells, strict=True))) for start in starts(when)]
    rows.sort(key=lambda row: row["start"])
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids), "two runs at the same moment"
    said = [re.fullmatch(r"as of (\S+)", line) for line in lines]
    day = next((match[1] for match in said if match), rows[-1]["local_date"])
    return Log(tuple(rows), date.fromisoformat(day))


def starts(cell: str) -> list[datetime]:
    """``2025-05-05T18:30 +7 x5``: a time, and how often it comes again; 7:00 by default."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)(T\S+)?(?: \+(\d+) x(\d+))?", cell)
    assert match, cell
    first = datetime.fromisoformat(match[1] + (match[2] or "T07:00"))
    step, times = int(match[3] or 0), int(match[4] or 1)
    return [first + timedelta(days=step * n) for n in range(times)]


def logged(test: Callable[[Log], None]) -> Callable[[], None]:
    """Hand a test the log that its docstring holds."""

    @wraps(test)
    def with_log() -> None:
        test(read(test.__doc__ or ""))

    # Otherwise pytest looks for a fixture of the argument's name.
    del with_log.__wrapped__  # type: ignore[attr-defined]
    return with_log


EMPTY = Log((), date(2025, 6, 12))
"""No file at all."""
