"""How it was reckoned, by which version, and what no watch sees: the small print of a report."""

from __future__ import annotations

from importlib import metadata

from kneewatch.metrics.elevation import BAROMETER_TURN_M, GPS_TURN_M

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


def version() -> str:
    """The version of kneewatch that speaks."""
    try:
        return metadata.version("kneewatch")
    except metadata.PackageNotFoundError:
        return "from its source"
