"""One row of a table to one activity."""

from __future__ import annotations

import hashlib
import re

from kneewatch.model import Activity, NotActivity, Problem
from kneewatch.readers.sport_names import Sport
from kneewatch.readers.sports import fold, is_run, sport_of
from kneewatch.readers.table_columns import Column
from kneewatch.readers.table_layout import Layout
from kneewatch.readers.table_text import Row
from kneewatch.readers.table_values import (
    HEIGHTS,
    METRES,
    SECONDS,
    cell_of,
    clean,
    clock_readings,
    nearest,
    number,
    spelt_duration,
)

RUN_MPS = (1.0, 8.0)
"""Speed [m/s] of an activity that may pass for a run where nothing says what it was."""

FASTEST_MPS = 40.0
"""Above this [m/s] a distance in unsaid units is metres: swims and track runs among kilometres."""

SLOWEST_MPS = 0.02
"""Below this [m/s] a distance that was taken as metres is kilometres."""

FARTHEST_M = 2e6
"""No activity is longer [m]."""

_NOT_NAMED = (
    "other|others|sonstige|sonstiges|autre|otro|otros|altro|outro|outros|overig|jine|その他|其他|"
    "sports|uncategorized|rest|rest day|day off|off|ruhetag|repos|descanso|riposo|rust|note"
)
NOT_NAMED = frozenset(fold(word) for word in _NOT_NAMED.split("|"))
"""What stands for *no name for it*: never a kind of run."""

_SHOES_IN_NOTES = re.compile(r"^\s*(?:shoes?|gear|schuhe?)\s*:\s*(.+?)\s*$", re.I | re.M)
_TRUE = frozenset(("1", "1.0", "true", "yes", "y", "x", "ja", "oui", "si", "sim", "はい", "是"))
_ON_FOOT = ("running", "walking", "hiking")


def activity_of(layout: Layout, row: Row, source: str) -> Activity | Problem | NotActivity:
    """The activity of a row.

    Parameters
    ----------
    layout : Layout
    row : list of str
    source : str
        Name of the file and the row.

    Returns
    -------
    Activity, Problem or NotActivity
        A Problem if the date or the distance cannot be read; no activity if the row has neither
        distance nor duration: planned, or a rest day.
    """
    moment = layout.moment(row)
    if moment is None:
        said = cell_of(row, layout.date)
        return Problem(source, f"its date '{said[:40]}' cannot be read" if said else "has no date")
    far = _distance(layout, row)
    if isinstance(far, str):
        return Problem(source, far)
    metres, unit_said = far
    notes = list(layout.notes)
    expected = _expected_s(layout, row, metres)
    elapsed = _duration(layout, row, layout.elapsed, metres, expected, notes)
    moving = _duration(layout, row, layout.moving, metres, expected, notes)
    if not metres and not elapsed and not moving:
        planned = any(cell_of(row, column) for column in layout.columns.get("planned", []))
        rest = "neither distance nor duration: a rest day or a note"
        return NotActivity(source, "planned, not done" if planned else rest)
    seconds = elapsed or moving
    if metres and seconds and not unit_said:
        metres = _possible(metres, seconds, layout.distances[0][1], notes)
    if metres and metres > FARTHEST_M:
        return Problem(source, f"its distance of {metres / 1000:.0f} km is more than 2000 km")
    sport, sub_sport = _sport(layout, row, metres, seconds, notes)
    words = _words(layout, row)
    gear = _gear(layout, row, words)
    return Activity(
        id=hashlib.sha256("\x1f".join(row).encode("utf-8", "replace")).hexdigest()[:12],
        source=source,
        start=moment.start(utc=layout.utc),
        sport=sport,
        sub_sport=sub_sport,
        utc_offset_s=moment.offset_s or None,
        name=layout.cell(row, "title"),
        notes=words,
        gear=gear,
        surface=layout.cell(row, "surface"),
        dirt_m=_dirt(layout, row),
        distance_m=metres,
        elapsed_s=elapsed if elapsed is not None else moving,
        moving_s=moving or None,
        ascent_m=_height(layout, row, "ascent"),
        descent_m=_height(layout, row, "descent"),
        steps=_count(layout, row, "steps", 1, 1e6),
        avg_hr_bpm=_count(layout, row, "hr", 25, 250),
        avg_cadence_spm=_cadence(layout, row, sport),
        assumed="; ".join(notes),
        file_hint=layout.cell(row, "file"),
    )


def _distance(layout: Layout, row: Row) -> tuple[float | None, bool] | str:
    """Distance [m] and whether the table says its unit, or why it cannot be read."""
    for column, unit in layout.distances:
        cell = cell_of(row, column)
        if not cell:
            continue
        found = number(cell, layout.marks.get(column.index, ""))
        if found is None or found[0] < 0 or (found[1] and found[1] not in METRES):
            return f"its distance '{cell[:40]}' cannot be read"
        beside = layout.cell(row, "unit") if not found[1] and not column.unit else ""
        own = found[1] or (number(f"1 {beside}") or (1, ""))[1]
        metres = found[0] * METRES.get(own, METRES[unit])
        said = bool(own) or layout.unit_said
        # 21,130 in a column of 9.33: in unsaid units it may yet be metres.
        if metres > FARTHEST_M and (said or metres / METRES[unit] > FARTHEST_M):
            return f"its distance '{cell[:40]}' is more than 2000 km"
        return metres, said
    return None, True


def _possible(metres: float, seconds: float, unit: str, notes: list[str]) -> float:
    """A distance in unsaid units, as metres among kilometres (or the reverse) if it must be [m]."""
    if metres / seconds > FASTEST_MPS and unit != "m":
        notes.append("distance of this row taken as metres: else the speed would be impossible")
        return metres / METRES[unit]
    if unit == "m" and metres / seconds < SLOWEST_MPS and 1000 * metres / seconds < FASTEST_MPS:
        notes.append("distance of this row taken as kilometres: it is too short for metres")
        return metres * 1000
    return metres


def _expected_s(layout: Layout, row: Row, metres: float | None) -> float | None:
    """What the pace of the row makes of its distance [s]."""
    paces = layout.columns.get("pace")
    if not metres or not paces:
        return None
    cell = cell_of(row, paces[0])
    readings = clock_readings(cell)
    decimal = number(cell, layout.marks.get(paces[0].index, ""))
    pace = readings[0] if readings else decimal[0] * 60 if decimal else 0.0
    if not 60 < pace < 3600:
        return None
    per = next((part for part in paces[0].unit.split("/") if part in ("km", "mi")), "")
    unit = layout.distances[0][1]
    return pace * metres / METRES[per or (unit if unit in ("km", "mi") else "km")]


def _duration(
    layout: Layout,
    row: Row,
    column: Column | None,
    metres: float | None,
    expected: float | None,
    notes: list[str],
) -> float | None:
    """A duration [s]; one that cannot be read is left out, and ``notes`` says so."""
    cell = cell_of(row, column) if column else ""
    if not cell or column is None:
        return None
    readings = clock_readings(cell)
    if readings:
        return nearest(readings, metres, expected)
    found = number(cell, layout.marks.get(column.index, ""))
    factor = SECONDS.get(found[1] or layout.durations[column.index]) if found else None
    seconds = found[0] * factor if found and factor else spelt_duration(cell)
    if seconds is None or not 0 <= seconds < 30 * 86400:
        notes.append(f"duration '{cell[:40]}' left out: it cannot be read")
        return None
    return seconds


def _sport(
    layout: Layout, row: Row, metres: float | None, seconds: float | None, notes: list[str]
) -> Sport:
    """Sport of a row.

    A table kept by hand often has no type, or one that says what kind of run it was (*easy*,
    *6 x 800*): where nothing but running is named in all of it, a row with a distance is a run
    if its speed is that of one, or not known.
    """
    said = layout.cell(row, "sport")
    sport = sport_of(said)
    if sport[0] == "unknown" and "sport" not in layout.columns:
        sport = sport_of(layout.cell(row, "title"))
    if sport[0] == "unknown" and layout.runs_only and metres and fold(said) not in NOT_NAMED:
        speed = metres / seconds if seconds else None
        if speed is None or RUN_MPS[0] <= speed <= RUN_MPS[1]:
            sport = ("running", "generic")
    if sport[0] == "unknown" and fold(said) in layout.run_words:
        notes.append(f"'{said}' taken as running: Strava adjusts its distances for grade")
        sport = ("running", "generic")
    if not is_run(sport[0]) or sport[1] != "generic":
        return sport
    ground = sport_of(layout.cell(row, "surface"))
    if ground[1] in ("treadmill", "indoor_running"):
        return "running", ground[1]
    if fold(layout.cell(row, "trainer")) in _TRUE:
        return "running", "treadmill"
    return "running", "indoor_running" if fold(layout.cell(row, "indoor")) in _TRUE else "generic"


def _words(layout: Layout, row: Row) -> str:
    """The runner's own words, with their line breaks."""
    said = (row[c.index].strip() for c in layout.columns.get("notes", []) if c.index < len(row))
    # MapMyFitness hands out b'...' where it means the text.
    bare = (re.sub(r"""^b(['"])(.*)\1$""", r"\2", text, flags=re.DOTALL) for text in said)
    return "\n".join(dict.fromkeys(text for text in bare if clean(text)))


def _gear(layout: Layout, row: Row, notes: str) -> str:
    gear = layout.cell(row, "gear")
    # Strava has a second column of gear with numbers of its own.
    if gear and number(gear) is None:
        return gear
    found = _SHOES_IN_NOTES.search(notes)
    return found[1] if found else ""


def _dirt(layout: Layout, row: Row) -> float | None:
    """Distance on what Strava's map holds for unpaved [m].

    A zero is not taken: Strava writes it for a session in the gym as well.
    """
    found = number(layout.cell(row, "dirt"), ".")
    return found[0] if found and found[0] > 0 else None


def _height(layout: Layout, row: Row, meaning: str) -> float | None:
    columns = layout.columns.get(meaning)
    found = (
        number(cell_of(row, columns[0]), layout.marks.get(columns[0].index, ""))
        if columns
        else None
    )
    if not columns or found is None:
        return None
    metres = abs(found[0]) * HEIGHTS.get(found[1] or columns[0].unit or layout.height_unit, 1.0)
    return metres if metres < 30_000 else None


def _count(layout: Layout, row: Row, meaning: str, least: float, most: float) -> float | None:
    """A number within bounds: devices write 0 for what they did not measure."""
    found = number(layout.cell(row, meaning), ".", whole=meaning == "steps")
    return found[0] if found and least <= found[0] <= most else None


def _cadence(layout: Layout, row: Row, sport: str) -> float | None:
    """Steps a minute; strides a minute, as Strava has them and some watches, are doubled."""
    if sport not in _ON_FOOT:
        return None
    steps = _count(layout, row, "cadence", 20, 300)
    if steps is not None:
        return steps
    either = _count(layout, row, "cadence_any", 20, 300)
    if either is None:
        return None
    strides = either < 130 if layout.strava else is_run(sport) and either <= 105
    return 2 * either if strides else either
