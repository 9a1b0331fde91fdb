"""How it was reckoned, by which version, and what no watch sees: the small print of a report."""

from __future__ import annotations

from importlib import metadata

from kneewatch.metrics.elevation import BAROMETER_TURN_M, GPS_TURN_M

CANNOT_SEE = (
    (
        "How the foot lands",
        "heel or forefoot strike, overpronation and the type of foot: a watch at the wrist has no "
        "sensor on the foot. A gait assessment shows them. Landing on another part of the foot "
        "moves load from one tissue to another, from the knee to the calf; it takes none away.",
    ),
    (
        "How the leg is held",
        "hip drop, rotation of the leg and its alignment: there is no sensor at the hip, thigh or "
        "shin. Somebody who films you from behind, or a gait assessment, sees them.",
    ),
    (
        "How strong and supple it is",
        "weak glutes, quadriceps against hamstrings, the core, and flexibility: a log can count "
        "sessions of strength and mobility, not what they gave. A physiotherapist can test them.",
    ),
    (
        "Where the foot lands",
        "overstriding itself, a foot that lands far ahead of a straight knee; fewer and longer "
        "steps at the same speed (KW501, KW502) are no more than a hint of it. A film from the "
        "side shows it.",
    ),
    (
        "What the ground does",
        "the hardness of each stretch of ground, and every twist of the foot on it; the kind of "
        "run, labels and turns at speed (KW301, KW302, KW604) tell a part.",
    ),
    (
        "What is left of a shoe",
        "worn foam and whether a shoe suits the foot; the distance it was worn (KW401, KW402) is "
        "all that is known, and no study gives a distance beyond which it does harm.",
    ),
    ("What it feels like", "pain, stiffness and swelling, unless you write them down"),
    ("Who runs", "an earlier injury, which studies find again and again, and age"),
)
"""What a watch cannot see and why; a gait assessment or a physiotherapist sees the first four."""

PREVENTION = {
    "session_spike": (
        "Grow little by little",
        "Lengthen the long run by about a tenth at a time. That the week may grow by a tenth is "
        "the usual advice, and the one trial of it found no difference. Swimming, cycling, yoga or "
        "rowing keep you going without the impact.",
    ),
    "downhill": (
        "Strength for the way down",
        "Quadriceps, glutes and core do the braking: squats, lunges, leg presses and straight-leg "
        "raises are commonly advised. A short downhill run every few weeks keeps the muscles used "
        "to it.",
    ),
    "hard_minutes": (
        "Calf and hamstrings",
        "Hamstring curls and calf raises are commonly advised, and regular stretching of "
        "hamstrings, calves, quadriceps, hip flexors and iliotibial band where it does not hurt. A "
        "trial of warming up, cooling down and stretching together found no difference in "
        "injuries.",
    ),
    "surges": (
        "Ease into and out of it",
        "A few easy minutes and some strides before fast starts, and strength for calves and "
        "hamstrings, are commonly advised.",
    ),
    "long_steps": (
        "A gait assessment",
        "It shows where the foot lands, which no watch sees, and whether hips and trunk hold the "
        "leg. Change step length or step rate by a few per cent at a time, if at all.",
    ),
    "uneven": (
        "Vary the ground little by little",
        "Mix surfaces from run to run instead of changing over, and train balance on one leg and "
        "hips; that is experience, no study has tested it for the knee.",
    ),
}
"""What is advised for prevention, by the exposure that calls for it (KNEE.md's list)."""

STRENGTH_NOTE = (
    "Exercise programmes taken together show no effect on running injuries (nine trials, 1,904 "
    "people); supervised ones did better, and beginners who trained hip and core had 0.66 times "
    "the rate of injuries (0.45 to 0.97)."
)
"""What trials say of strength work (wu2024, leppanen2024)."""

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
        "Hard running",
        "Above critical speed, from the best 400, 800 and 5000 m of 120 days, where that lies well "
        "above the usual speed; else above 88 % of the maximum heart rate or 80 % of the reserve.",
    ),
    (
        "Numbers",
        "Where no study says how to measure something from a watch, the choice is ours: where a "
        "surge begins, what counts as level. Each such number stands in evidence.toml with its "
        "reason, and kneewatch explain shows those of a rule.",
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
