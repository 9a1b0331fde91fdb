"""Reports as data: plain dicts in SI units, the same keys in every version of schema 1."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from kneewatch.columns import ACTIVITIES, DAYS, SHOES, WEEKS, Column
from kneewatch.diary import Diary
from kneewatch.model import Finding, Problem, Tally
from kneewatch.rules.facts import Facts, OwnRate, Review
from kneewatch.rules.knee import TissueView

SCHEMA = 1

RUN_KEYS = (
    "start",
    "local_date",
    "sport",
    "sub_sport",
    "surface",
    "distance_m",
    "moving_s",
    "elapsed_s",
    "ascent_m",
    "descent_m",
    "device_descent_m",
    "altitude_source",
    "steep_down_m",
    "steps",
    "avg_hr_bpm",
    "avg_cadence_spm",
    "shoe",
    "sources",
)
"""Keys of a run after its id, in this order; the other columns follow."""

_ROOMY = {
    "ga_speed_histogram_s",
    "heart_rate_histogram_s",
    "step_rate_sums",
    "stance_time_sums",
    "surge_histogram",
}


NOTHING_UNREAD = Tally()


def check(review: Review, tally: Tally = NOTHING_UNREAD) -> dict[str, Any]:
    """The answers of all rules on one day, and how many files were left unread for them."""
    attention, left = review.attention, review.room_left
    return {
        "schema": SCHEMA,
        "as_of": review.as_of.isoformat(),
        "level": attention.level,
        "attention": plain(
            {
                "ratio": attention.ratio,
                "one_in": attention.one_in,
                "reasons": attention.reasons,
                "baseline": attention.baseline,
                "baseline_reason": attention.baseline_reason,
            }
        ),
        "findings": [_finding(finding) for finding in review.findings],
        "kept": [
            plain({"code": kept.code, "name": kept.name, "message": kept.message})
            for kept in review.kept
        ],
        "cannot_tell": [
            plain({"code": untold.code, "name": untold.name, "why": untold.why})
            for untold in review.cannot_tell
        ],
        "room_left": plain(
            {
                "run_m": left.run_m,
                "week_m": left.week_m,
                "descent_m": left.descent_m,
                "calm_run_m": left.calm_run_m,
                "calm_week_m": left.calm_week_m,
                "calm_descent_m": left.calm_descent_m,
            }
        ),
        "coverage": plain(review.coverage),
        "unread": {"files": tally.unread, "before": plain(tally.read_from)},
        "symptoms": plain(review.symptoms),
        "knee": [_tissue(seen) for seen in review.knee],
    }


def _tissue(seen: TissueView) -> dict[str, Any]:
    """One structure at the back of the knee; no number of it is a probability."""
    told = {
        "tissue": seen.tissue.key,
        "name": seen.tissue.name,
        "fired": [
            {
                "exposure": exposed.exposure,
                "support": exposed.strength,
                "rules": exposed.codes,
                "grades": exposed.grades,
            }
            for exposed in seen.fired
        ],
        "kept": seen.kept,
        "cannot_tell": seen.untold,
        "noted": [asdict(entry) for entry in seen.noted],
        "mechanism_grade": seen.mechanism,
        "injury_grade": seen.injury,
        "pattern": seen.tissue.pattern,
        "change": seen.change,
    }
    return {key: plain(value) for key, value in told.items()}


def runs(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Activities (``columns.ACTIVITIES``), in the frame's order."""
    rest = [name for name in ACTIVITIES if name not in RUN_KEYS and name not in _ROOMY]
    return _rows(frame, "id", ACTIVITIES, (*RUN_KEYS, *rest))


def weeks(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Weeks (``columns.WEEKS``); what is not known of a week is null and never a zero."""
    first = ("distance_m", "runs", "longest_m", "descent_m", "known")
    rest = [name for name in WEEKS if name not in first]
    rows = _rows(frame, "week", WEEKS, (*first, *rest))
    for row in rows:
        if row["known"] is False:
            row.update({name: None for name in row if _unknowable(name)})
    return rows


def _unknowable(name: str) -> bool:
    """Columns that would call an unknown week empty; counts of what was recorded stay."""
    return name in WEEKS and (WEEKS[name].kind == "float" or name == "days_off")


def days(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Days (``columns.DAYS``); what is not known of a day is null and never a zero."""
    return _rows(frame, "day", DAYS, tuple(DAYS))


def shoes(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Shoes (``columns.SHOES``)."""
    return _rows(frame, "shoe", SHOES, tuple(SHOES))


def doctor(tally: Tally) -> dict[str, Any]:
    """What became of every file; the counts of the entries add up to ``entries``."""
    return {
        "files": tally.files,
        "runs": tally.runs,
        "other_activities": tally.other_activities,
        "duplicates": len(tally.duplicates),
        "not_activities": len(tally.not_activities),
        "unreadable": tally.unreadable,
        "entries": tally.entries,
        "problems": [_said(problem) for problem in tally.problems],
        "duplicate_of": [
            plain({"source": copy.source, "kept": copy.kept, "reason": copy.reason})
            for copy in tally.duplicates
        ],
        "not_activity_list": [
            plain({"source": other.source, "reason": other.reason})
            for other in tally.not_activities
        ],
        "assumptions": [_said(assumed) for assumed in tally.assumptions],
    }


def diary(noted: Diary) -> dict[str, Any]:
    """What the runner noted, in order of day, and which notes could not be read in full."""
    return {
        "pain": [plain(asdict(entry)) for entry in noted.entries],
        "injuries": [plain(asdict(injury)) for injury in noted.injuries],
        "weekly": [{**plain(asdict(week)), "score": week.score} for week in noted.weekly],
        "not_read": [plain(asdict(doubt)) for doubt in noted.doubts],
    }


def report(review: Review, facts: Facts, tally: Tally) -> dict[str, Any]:
    """All of it in one: the check, and runs, weeks, shoes and doctor under their names."""
    return {
        **check(review, tally),
        "own_rate": _own_rate(review.own_rate),
        "diary": diary(facts.diary),
        "runs": runs(facts.runs),
        "weeks": weeks(facts.weeks),
        "shoes": shoes(facts.shoes),
        "doctor": doctor(tally),
    }


def _own_rate(own: OwnRate | None) -> dict[str, Any] | None:
    if own is None:
        return None
    said = {**asdict(own), "share": own.share, "over_budget": own.over_budget}
    return {name: plain(value) for name, value in said.items()}


def dumps(obj: Any) -> str:
    """JSON as kneewatch prints it: indented, in UTF-8, NaN as null."""
    return json.dumps(plain(obj), ensure_ascii=False, indent=2, allow_nan=False)


def plain(value: Any) -> Any:
    """A value of numpy's, pandas' or ours as JSON knows it; NaN and infinity are null."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        # Half a surrogate pair, as from a file name that is not UTF-8, cannot be written out.
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    if isinstance(value, float):
        # numpy's floats are floats too, and would print as they are.
        return float(value) if math.isfinite(value) else None
    if isinstance(value, datetime):
        return None if value is pd.NaT else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, np.generic):
        return plain(value.item())
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(entry) for key, entry in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(entry) for entry in value)
    return None if value is pd.NA else str(value)


def _finding(finding: Finding) -> dict[str, Any]:
    said = {
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
        "runs": finding.runs,
        "tissues": finding.tissues,
        "advice": finding.advice,
        "papers": finding.papers,
    }
    return {key: plain(value) for key, value in said.items()}


def _said(problem: Problem) -> dict[str, Any]:
    return {"source": plain(problem.source), "reason": plain(problem.reason)}


def _rows(
    frame: pd.DataFrame, key: str, columns: Mapping[str, Column], names: tuple[str, ...]
) -> list[dict[str, Any]]:
    """One dict a row. A column that the frame lacks is null, so the keys never change."""
    index = [plain(label) for label in frame.index]
    values = {
        name: (
            [_cell(value, columns[name].kind) for value in frame[name].tolist()]
            if name in frame.columns
            else [None] * len(index)
        )
        for name in names
    }
    return [
        {key: label, **{name: column[number] for name, column in values.items()}}
        for number, label in enumerate(index)
    ]


def _cell(value: Any, kind: str) -> Any:
    if kind == "any":
        return [] if value is None or isinstance(value, float) else plain(value)
    return plain(value)
