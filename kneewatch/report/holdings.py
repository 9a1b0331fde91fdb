"""What the log holds and what no watch sees, in words, so that nobody reads a gap as rest."""

from __future__ import annotations

from importlib import metadata

from kneewatch.metrics.elevation import BAROMETER_TURN_M, GPS_TURN_M
from kneewatch.model import Tally
from kneewatch.report import spelling
from kneewatch.rules.facts import Coverage
from kneewatch.units import percent

ALTITUDE = {
    "barometer": "by barometer",
    "gps": "by GPS alone",
    "device": "as the device sums it",
    "none": "not recorded",
}

CANNOT_SEE = (
    ("How the foot lands", "heel or forefoot strike, overpronation, the type of foot"),
    ("How the leg is held", "hip drop, rotation and alignment of the leg"),
    ("How strong it is", "glutes, quadriceps against hamstrings, core, and flexibility"),
    (
        "Where the foot lands",
        "overstriding itself; a long step at a given speed is no more than a hint of it",
    ),
    ("What it feels like", "pain, stiffness and swelling, unless you write them down"),
    ("Who runs", "an earlier injury, which studies find again and again, and age"),
)
"""What a watch cannot see; a gait assessment or a physiotherapist can see the first four."""

METHODS = (
    (
        "Altitude",
        f"Descent is summed between turning points more than {BAROMETER_TURN_M:.0f} m apart where "
        f"a barometer measured it, {GPS_TURN_M:.0f} m where only GPS did. It is shown to "
        "10 m and good to about 10 %; by GPS alone it is worth less, "
        "and slopes are not classed by it.",
    ),
    (
        "Distance",
        "Two watches differ by some per cent, so the ratio of two runs is good to about 6 %. "
        "That is why this report says “about”.",
    ),
    (
        "Level",
        "The weightiest change of the last days counts in full, the others by half, as rate ratios "
        "from studies. It is a summary of training, not a probability for your knee.",
    ),
    (
        "Unknown is not zero",
        "A week before the first file is unknown and not rest; a run without altitude is not flat. "
        "A rule that lacks what it needs says so and is not counted as kept.",
    ),
    (
        "Evidence",
        "No study has measured watch-recorded training against pain at the back of the knee. What "
        "is said of it here is carried over from running injuries at large and from mechanics.",
    ),
)
"""How it was reckoned, and what that is worth."""


def of_log(coverage: Coverage | None, tally: Tally) -> list[tuple[str, str]]:
    """What the log holds, as label and text."""
    rows = [] if coverage is None else _coverage(coverage)
    return [*rows, ("Files", files(tally))]


def _coverage(coverage: Coverage) -> list[tuple[str, str]]:
    if not coverage.runs:
        history = "no run in it yet"
    else:
        history = (
            f"{_count(coverage.history_days, 'day')} with {_count(coverage.runs, 'run')}, "
            f"{spelling.day(coverage.first_run)} to {spelling.day(coverage.last_run)}; "
            f"{coverage.recent_runs} in the last four weeks"
        )
    gap = coverage.longest_gap_days
    shares = {
        "heart rate": coverage.heart_rate,
        "cadence": coverage.cadence,
        "ground": coverage.surface,
        "shoe": coverage.shoe,
    }
    return [
        ("History", history),
        (
            "Longest gap",
            "cannot tell" if gap is None else f"{_count(gap, 'day')} without a run, of the last 30",
        ),
        ("Altitude", altitude(coverage)),
        ("Known for", ", ".join(f"{what} {percent(share)}" for what, share in shares.items())),
    ]


def altitude(coverage: Coverage) -> str:
    """By what altitude was measured, as shares of the last four weeks' distance."""
    known = sorted(coverage.altitude.items(), key=lambda item: -item[1])
    parts = [
        f"{percent(share)} {ALTITUDE.get(source, source)}" for source, share in known if share > 0
    ]
    return ", ".join(parts) or "unknown"


SHARES_NOTE = "Shares are of the distance of the last four weeks."


def files(tally: Tally) -> str:
    """What became of every file, in one line that adds up."""
    if not tally.files:
        return "none"
    parts = (
        _count(tally.runs, "run"),
        _count(tally.other_activities, "other activity", "other activities"),
        _count(len(tally.duplicates), "duplicate"),
        f"{len(tally.not_activities)} not an activity",
        f"{tally.unreadable} unreadable",
    )
    text = (
        f"{_count(tally.files, 'file')} gave {_count(tally.entries, 'entry', 'entries')}: "
        f"{', '.join(parts)}"
    )
    if tally.problems:
        text += f". {_count(len(tally.problems), 'problem')} on the way"
    return text


def version() -> str:
    """The version of kneewatch that speaks."""
    try:
        return metadata.version("kneewatch")
    except metadata.PackageNotFoundError:
        return "from its source"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
