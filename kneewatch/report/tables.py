"""Tables for the terminal: runs, weeks, shoes, the doctor's accounts, a rule and the book.

No boxes and no colour that carries meaning by itself, so that a pipe gets clean text.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

from kneewatch.evidence import GRADES, Evidence, Paper
from kneewatch.model import Tally
from kneewatch.report import grounds, spelling
from kneewatch.rules.rule import Rule
from kneewatch.units import Units, duration

WIDE = 100
"""From this width on a table of runs has room for titles."""


DAYS_SHOWN = 28

NO_WARNING = (
    "None of these figures is a warning, and the level takes nothing from them: no study of "
    "runners ties them to injury as they are used. kneewatch explain KW104 says more."
)

UNKNOWN_WEEK = "Unknown is a week before the first file, or the one it falls in. It is not rest."


def text(said: object, style: str = "") -> Text:
    """Words that rich must not read as markup, clean of control codes."""
    return Text(spelling.clean(str(said)), style=style)


def line(console: Console, said: str = "", style: str = "", indent: int = 0) -> None:
    """Print words, wrapped at the console's width, all lines of them indented."""
    show(console, Padding(text(said, style), (0, 0, 0, indent)))


def show(console: Console, said: RenderableType) -> None:
    """Print something without the blanks that fill its lines up: a pipe keeps them."""
    for segments in console.render_lines(said, pad=False):
        while segments and not segments[-1].text.strip():
            segments.pop()
        if segments:
            last = segments.pop()
            segments.append(Segment(last.text.rstrip(), last.style))
        console.print(Segments([*segments, Segment.line()]), end="")


def table(*columns: tuple[str, str]) -> Table:
    """A table of columns (heading, ``left`` or ``right``) without lines."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading, side in columns:
        right = side == "right"
        made.add_column(heading, justify="right" if right else "left", overflow="fold")
    return made


def pairs(rows: Sequence[tuple[str, RenderableType]], width: int) -> Table:
    """Labels with text beside them, the text wrapped in its own column."""
    made = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    made.add_column(style="bold", width=width, no_wrap=True)
    made.add_column(overflow="fold")
    for label, said in rows:
        made.add_row(text(label), said)
    return made


def runs(console: Console, frame: pd.DataFrame, units: Units) -> None:
    """Print runs, the newest last, where the eye is."""
    if frame.empty:
        line(console, "No runs.")
        return
    wide = console.width >= WIDE
    made = table(
        ("Day", "left"),
        ("Distance", "right"),
        ("Moving", "right"),
        ("Pace", "right"),
        ("Descent", "right"),
        ("Ground", "left"),
        ("Shoe", "left"),
        *([("Title", "left")] if wide else []),
    )
    for row in frame.to_dict("records"):
        cells = [
            row["local_date"],
            units.distance(row["distance_m"]),
            duration(row["moving_s"]),
            units.pace(row["speed_mps"]),
            units.height(row["descent_m"]),
            row["surface"] or "unknown",
            row["shoe"] or "unknown",
            *([row["name"]] if wide else []),
        ]
        made.add_row(*(text(cell) for cell in cells))
    show(console, made)


def weeks(console: Console, frame: pd.DataFrame, units: Units) -> None:
    """Print weeks, the newest last."""
    if frame.empty:
        line(console, "No weeks.")
        return
    made = table(
        ("Week of", "left"),
        ("Distance", "right"),
        ("Runs", "right"),
        ("Longest", "right"),
        ("Descent", "right"),
        ("Hard", "right"),
        ("Days off", "right"),
    )
    for week, row in zip(frame.index, frame.to_dict("records"), strict=True):
        cells = [week_name(str(week), row), *week_cells(row, units)]
        made.add_row(*(text(cell) for cell in cells))
    show(console, made)
    if not frame["known"].all():
        line(console, UNKNOWN_WEEK, "dim")


def days(console: Console, frame: pd.DataFrame, units: Units) -> None:
    """Print the last days with their load, the newest last, and what the load is not."""
    if frame.empty:
        line(console, "No days.")
        return
    made = table(
        ("Day", "left"),
        ("Distance", "right"),
        ("7 days", "right"),
        ("Hard", "right"),
        ("Ratio", "right"),
        ("Monotony", "right"),
        ("Trimp", "right"),
        ("Form", "right"),
    )
    shown = frame.tail(DAYS_SHOWN)
    for day, row in zip(shown.index, shown.to_dict("records"), strict=True):
        cells = [
            str(day),
            units.distance(row["distance_m"]) if row["known"] else "unknown",
            units.distance(row["distance_7d_m"]),
            duration(row["hard_s"]),
            _number(row["acwr_coupled"], 2),
            _number(row["monotony"], 1),
            _number(row["trimp"], 0),
            _number(row["tsb"], 0),
        ]
        made.add_row(*(text(cell) for cell in cells))
    show(console, made)
    if len(shown) < len(frame):
        line(console, f"The last {len(shown)} of {len(frame):,} days; --csv has them all.", "dim")
    line(console, NO_WARNING, "dim")


def _number(value: float, digits: int) -> str:
    return "-" if math.isnan(value) else f"{value:.{digits}f}".replace("-", "−")


def week_name(week: str, row: Mapping[Any, Any]) -> str:
    """A week by its first day, and whether it is still going on."""
    return spelling.short_day(week) + ("" if row["complete"] or not row["known"] else ", so far")


def week_cells(row: Mapping[Any, Any], units: Units) -> list[str]:
    """A week in words: distance, runs, longest, descent, hard time, days off."""
    if not row["known"]:
        return ["unknown", str(row["runs"] or "-"), *["-"] * 4]
    ran = row["runs"] > 0
    return [
        units.distance(row["distance_m"]),
        str(row["runs"]),
        units.distance(row["longest_m"]) if ran else "-",
        units.height(row["descent_m"]) if ran else "-",
        duration(row["hard_s"]),
        str(row["days_off"]),
    ]


def shoes(console: Console, frame: pd.DataFrame, units: Units) -> None:
    """Print shoes, those in use first."""
    if frame.empty:
        line(console, "No shoes: neither the files nor kneewatch.toml name any.")
        return
    made = table(
        ("Shoe", "left"),
        ("Distance", "right"),
        ("Runs", "right"),
        ("Last run", "left"),
        ("A week", "right"),
        ("500 mi on", "left"),
    )
    for name, row in in_use_first(frame):
        made.add_row(text(name), *(text(cell) for cell in shoe_cells(row, units)))
    show(console, made)


def in_use_first(frame: pd.DataFrame) -> list[tuple[str, Mapping[Any, Any]]]:
    """Shoes by name, retired ones last."""
    rows = zip(map(str, frame.index), frame.to_dict("records"), strict=True)
    return sorted(rows, key=lambda item: bool(item[1]["retired"]))


def shoe_cells(row: Mapping[Any, Any], units: Units) -> list[str]:
    """A shoe in words: distance, runs, last run, a week, the day of 500 miles."""
    retired = bool(row["retired"])
    weekly = row["weekly_m"]
    return [
        units.distance(row["distance_m"], 0),
        str(row["runs"]),
        spelling.short_day(row["last_date"]),
        "-" if retired or math.isnan(weekly) else units.distance(weekly),
        "retired" if retired else spelling.short_day(row["forecast_date"]),
    ]


def doctor(console: Console, tally: Tally) -> None:
    """Print what became of every file; the counts add up and say so."""
    counts = (
        ("runs", tally.runs),
        ("other activities", tally.other_activities),
        ("duplicates", len(tally.duplicates)),
        ("not an activity", len(tally.not_activities)),
        ("unreadable", tally.unreadable),
    )
    made = table(("Entries", "right"), ("", "left"))
    for name, number in counts:
        made.add_row(text(f"{number:,}"), text(name))
    files = "1 file" if tally.files == 1 else f"{tally.files:,} files"
    made.add_row(text(f"{tally.entries:,}", "bold"), text(f"in all, from {files}"))
    show(console, made)
    blocks = {
        "Problems": [(problem.source, problem.reason) for problem in tally.problems],
        "Duplicates": [
            (copy.source, f"{copy.reason} (kept: {copy.kept})") for copy in tally.duplicates
        ],
        "Not an activity": [(other.source, other.reason) for other in tally.not_activities],
        "Taken for granted": [(assumed.source, assumed.reason) for assumed in tally.assumptions],
    }
    for heading, entries in blocks.items():
        if entries:
            line(console)
            line(console, f"{heading} ({len(entries)})", "bold")
            for source, reason in entries:
                line(console, f"{source}: {reason}", indent=2)


def explain(console: Console, rule: Rule, evidence: Evidence, units: Units | None = None) -> None:
    """Print a rule: what it asks, its limits, the papers on both sides, how sure, what to try."""
    units = units or Units()
    line(console, f"{rule.code} {rule.name}", "bold")
    line(console)
    for paragraph in rule.doc.split("\n\n"):
        line(console, " ".join(paragraph.split()))
        line(console)
    known = evidence.rules.get(rule.code)
    if known is not None:
        sure = f"{grounds.grade_line(known.grade)}, {grounds.how_loud(known.grade)}."
        rows: list[tuple[str, RenderableType]] = [("How sure", text(sure))]
        rows += [("Mechanism", text(grounds.grade_line(known.mech) + "."))]
        rows += [("Weight", text(_weight(known.family)))]
        show(console, pairs(rows, 9))
        line(console)
        line(console, "Limits", "bold")
        for limit in grounds.limits(known, units):
            line(console, f"{limit.name}: {limit.value} ({limit.basis})", indent=2)
            line(console, spelling.sentence(limit.why), "dim", indent=4)
        for what, numbers in grounds.measures(evidence.measures_of(rule.code)).items():
            line(console)
            line(console, f"How it is measured: {what}", "bold")
            for number in numbers:
                said = f"{number.name} {number.value} ({number.basis}): {number.why}."
                line(console, said, "dim", indent=2)
        _papers(console, "Papers for it", grounds.papers(known.papers_for, evidence))
        _papers(console, "Papers against it", grounds.papers(known.papers_against, evidence))
    if rule.advice:
        line(console)
        show(console, pairs([("Try", text(spelling.sentence(rule.advice)))], 9))


def _weight(family: str) -> str:
    if family == "none":
        return "for information; the level takes nothing from it."
    return f"counts in the level, in the family {family}."


def _papers(console: Console, heading: str, listed: list[Paper]) -> None:
    line(console)
    line(console, heading, "bold")
    if not listed:
        line(console, "none", indent=2)
    for paper in listed:
        doi = f" doi:{paper.doi}" if paper.doi else ""
        remark = grounds.second_hand(paper)
        line(console, paper.cite + doi + (f" ({remark})" if remark else ""), indent=2)
        line(console, paper.says, "dim", indent=4)


def explain_all(console: Console, book: Mapping[str, Rule], evidence: Evidence) -> None:
    """Print the book of rules, one line each."""
    made = table(("Code", "left"), ("Rule", "left"), ("Grade", "left"), ("What it asks", "left"))
    for code, rule in sorted(book.items()):
        known = evidence.rules.get(code)
        grade = known.grade if known else "-"
        made.add_row(text(code), text(rule.name), text(grade), text(rule.title))
    show(console, made)
    line(console)
    for grade, meaning in GRADES.items():
        line(console, f"{grounds.grade_title(grade)}: {meaning}.", "dim")


def coverage(rows: Sequence[tuple[str, str]]) -> RenderableType:
    """What the log holds."""
    return pairs([(label, text(said)) for label, said in rows], 11)
