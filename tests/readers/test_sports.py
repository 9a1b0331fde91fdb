from __future__ import annotations

import pytest
from fitdecode import profile
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.readers import sport_names
from kneewatch.readers.sports import UNKNOWN, is_run, sport_of

FIT_SPORTS = set(profile.FIELD_TYPES["sport"].enum.values())
FIT_SUB_SPORTS = set(profile.FIELD_TYPES["sub_sport"].enum.values())

RUNS = {
    "generic": [
        *("Run", "run", "RUNNING", "running", "Running", "Ｒｕｎ", "9", "Jogging", "parkrun"),
        *("HKWorkoutActivityTypeRunning", "Run / Jog", "Fun Run", "Long run", "Run / Walk"),
        *("Laufen", "Lauf", "Dauerlauf", "Course à pied", "Course", "Carrera", "Correr", "Corsa"),
        *(
            "Corrida",
            "ラン",
            "ランニング",
            "ジョギング",
            "跑步",
            "慢跑",
            "Běh",
            "Běhání",
            "Hardlopen",
        ),
        *("Bieganie", "Löpning", "Løb", "Løping", "Juoksu", "Бег", "러닝", "training run"),
    ],
    "trail": [
        *("TrailRun", "trail_running", "Trail Run", "Trailrunning", "Traillauf", "Trail"),
        *("Carrera de montaña", "Corsa in montagna", "Corrida em trilha", "Trailrunnen"),
        *("トレイルランニング", "トレイルラン", "越野跑", "Terénní běh", "Polkujuoksu"),
    ],
    "treadmill": [
        *("treadmill_running", "Treadmill", "Laufbandtraining", "Laufband", "Loopband"),
        *("Course à pied sur tapis roulant", "Tapis roulant", "Carrera en cinta"),
        *(
            "Corrida em esteira",
            "Corsa su tapis roulant",
            "トレッドミル",
            "ランニングマシン",
            "跑步机",
        ),
        "Běh na pásu",
    ],
    "indoor_running": ["indoor_running", "Indoor Run / Jog", "室内跑步", "Hallenlauf"],
    "track": ["track_running", "Bahnlauf", "Course sur piste", "Corsa su pista", "操场跑步"],
    "street": ["street_running", "Straßenlauf", "Corrida de rua", "路跑"],
    "virtual_activity": ["VirtualRun", "virtual_run", "Virtueller Lauf", "虚拟跑步"],
    "ultra": ["ultra_run", "Ultralauf", "ウルトラマラソン"],
    "obstacle": ["obstacle_run", "Hindernislauf", "Course d'obstacles"],
}


@pytest.mark.parametrize(("sub", "text"), [(sub, text) for sub in RUNS for text in RUNS[sub]])
def test_runs(sub: str, text: str) -> None:
    assert sport_of(text) == ("running", sub)


@pytest.mark.parametrize(
    ("text", "sport", "sub_sport"),
    [
        ("Walk", "walking", "generic"),
        ("Nordic Walking", "walking", "generic"),
        ("Brunch walk", "walking", "generic"),
        ("Treadmill walk", "walking", "indoor_walking"),
        ("HKWorkoutActivityTypeWalking", "walking", "generic"),
        ("Wandelen", "walking", "generic"),
        ("ウォーキング", "walking", "generic"),
        ("步行", "walking", "generic"),
        ("10", "walking", "generic"),
        ("Hike", "hiking", "generic"),
        ("Randonnée", "hiking", "generic"),
        ("登山", "hiking", "generic"),
        ("Running errands by bike", "cycling", "generic"),
        ("Grand Prix ride", "cycling", "generic"),
        ("Trail ride", "cycling", "generic"),
        ("Course de vélo", "cycling", "generic"),
        ("Jízda na kole", "cycling", "generic"),
        ("1", "cycling", "generic"),
        ("Biking", "cycling", "generic"),
        ("GravelRide", "cycling", "gravel_cycling"),
        ("MountainBikeRide", "cycling", "mountain"),
        ("VirtualRide", "cycling", "virtual_activity"),
        ("indoor_cycling", "cycling", "indoor_cycling"),
        ("骑行", "cycling", "generic"),
        ("EBikeRide", "e_biking", "generic"),
        ("lap_swimming", "swimming", "lap_swimming"),
        ("open_water_swimming", "swimming", "open_water"),
        ("Aqua jogging", "swimming", "generic"),
        ("WeightTraining", "training", "strength_training"),
        ("Crunches", "training", "strength_training"),
        ("Core Strengthening", "training", "strength_training"),
        ("Musculation", "training", "strength_training"),
        ("Yoga", "training", "yoga"),
        ("ピラティス", "training", "pilates"),
        ("Workout", "training", "generic"),
        ("indoor_cardio", "training", "cardio_training"),
        ("Elliptical", "fitness_equipment", "elliptical"),
        ("StairStepper", "fitness_equipment", "stair_climbing"),
        ("indoor_rowing", "rowing", "indoor_rowing"),
        ("Skilanglauf", "cross_country_skiing", "generic"),
        ("Běh na lyžích", "cross_country_skiing", "generic"),
        ("NordicSki", "cross_country_skiing", "generic"),
        ("ski run", "alpine_skiing", "generic"),
        ("Eislaufen", "ice_skating", "generic"),
        ("Golf course", "golf", "generic"),
        ("Swimrun", "multisport", "generic"),
        ("Wheelchair run", "wheelchair_push_run", "generic"),
    ],
)
def test_other_sports(text: str, sport: str, sub_sport: str) -> None:
    assert sport_of(text) == (sport, sub_sport)
    assert not is_run(sport)


@pytest.mark.parametrize(
    "text",
    ["", "Other", "Trunk", "Brunch", "Prune", "ランチ", "バランス", "跑酷", "Rest", "7:30", "?"],
)
def test_what_is_no_sport(text: str) -> None:
    assert sport_of(text) == UNKNOWN


def test_all_names_are_fits_own() -> None:
    tables = (sport_names.PHRASES, sport_names.OTHERS, sport_names.WEAK, sport_names.CJK)
    pairs = {pair for table in tables for pair in table} | set(sport_names.STRAVA_NUMBERS.values())
    kinds = {kind for table in sport_names.OTHER_KINDS.values() for kind in table}
    assert {sport for sport, _ in pairs} <= FIT_SPORTS
    assert {sub for _, sub in pairs} | kinds | set(sport_names.RUN_KINDS) <= FIT_SUB_SPORTS


def test_every_word_of_another_sport_beats_a_run() -> None:
    for pair, listed in sport_names.OTHERS.items():
        for name in listed.split("|"):
            assert sport_of(f"running {name}")[0] != "running", (pair, name)


@given(st.text())
def test_never_raises(text: str) -> None:
    sport, sub_sport = sport_of(text)
    assert sport in FIT_SPORTS | {"unknown"}
    assert sub_sport in FIT_SUB_SPORTS


@pytest.mark.parametrize("text", ["trail run", "laufbandtraining", "běh na pásu", "skilanglauf"])
def test_capitals_and_blanks_do_not_matter(text: str) -> None:
    for written in (text.upper(), text.title(), f"  {text} ", text.replace(" ", "_")):
        assert sport_of(written) == sport_of(text)
