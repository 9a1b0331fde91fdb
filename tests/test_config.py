"""kneewatch.toml: every key, and one line for everything that is wrong with it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest

from kneewatch import config
from kneewatch.config import Config, Shoe, find, load
from kneewatch.errors import ConfigError
from kneewatch.units import Units

FULL = """
units = "mi"
home_timezone = "Europe/Vienna"
max_heart_rate = 184
resting_heart_rate = 47.5
ignore = ["KW301", "kw302"]

[[shoe]]
name = " Trail "
since = 2025-03-01
until = "2026-02-01"
worn = "120 km"
when = { sport = "running", sub_sport = "trail", surface = "uneven", name = "hill" }

[[shoe]]
name = "Road"
worn = "75.5 mi"
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "kneewatch.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def complaint(folder: Path, text: str | bytes) -> str:
    """What is said of a file that is wrong: one line that names it."""
    path = write(folder, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    said = str(caught.value)
    assert said.startswith(f"{path}: ")
    assert "\n" not in said
    return said.removeprefix(f"{path}: ")


def test_every_key(tmp_path: Path) -> None:
    assert load(write(tmp_path, FULL)) == Config(
        units=Units("mi"),
        units_given=True,
        home_timezone="Europe/Vienna",
        max_heart_rate_bpm=184.0,
        resting_heart_rate_bpm=47.5,
        ignore=frozenset({"KW301", "KW302"}),
        shoes=(
            Shoe(
                name="Trail",
                since=date(2025, 3, 1),
                until=date(2026, 2, 1),
                worn_m=120_000.0,
                when={
                    "sport": "running",
                    "sub_sport": "trail",
                    "surface": "uneven",
                    "name": "hill",
                },
            ),
            Shoe(name="Road", worn_m=75.5 * 1609.344),
        ),
    )


def test_no_key_at_all(tmp_path: Path) -> None:
    decided = load(write(tmp_path, ""))
    assert decided == Config()
    assert (decided.units.system, decided.units_given) == ("km", False)
    assert load(write(tmp_path, 'units = "km"')).units_given, "decided, though the same"


def test_a_byte_order_mark_is_no_key(tmp_path: Path) -> None:
    assert load(write(tmp_path, b'\xef\xbb\xbfunits = "mi"\r\n')).units == Units("mi")


def test_it_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Config().units_given = True  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("unit = 'mi'", "unknown key 'unit'; did you mean 'units'?"),
        ("home_timezon = 'UTC'", "unknown key 'home_timezon'; did you mean 'home_timezone'?"),
        ("max_hr = 180", "unknown key 'max_hr'; "),
        ("[[shoes]]\nname = 'A'", "unknown key 'shoes'; did you mean 'shoe'?"),
        ("xyz = 1", "unknown key 'xyz'; known are: units, home_timezone, max_heart_rate"),
        (
            "[[shoe]]\nname = 'A'\n[[shoe]]\nname = 'B'\nuntill = 2025-01-01",
            "unknown key 'untill' in [[shoe]] number 2; did you mean 'until'?",
        ),
        (
            "[[shoe]]\nname = 'A'\nwhen = { surfaces = 'hard' }",
            "unknown key 'surfaces' in when in [[shoe]] number 1; did you mean 'surface'?",
        ),
    ],
)
def test_an_unknown_key_gets_a_suggestion(tmp_path: Path, text: str, said: str) -> None:
    assert complaint(tmp_path, text).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("units = 'miles'", "units is 'miles', expected one of: km, mi"),
        ("units = 5", "units is 5, expected one of: km, mi"),
        ("units = ['km']", "units is ['km'], expected"),
        ("home_timezone = 'Vienna'", "home_timezone is 'Vienna', expected a name such as"),
        ("home_timezone = ''", "home_timezone is '', expected"),
        ("home_timezone = 2", "home_timezone is 2, expected"),
        ("home_timezone = '../UTC'", "home_timezone is '../UTC', expected"),
        ("home_timezone = 'Europe'", "home_timezone is 'Europe', expected"),
        ("max_heart_rate = 'high'", "max_heart_rate is 'high', expected beats a minute"),
        ("max_heart_rate = true", "max_heart_rate is True, expected"),
        ("max_heart_rate = nan", "max_heart_rate is nan, expected"),
        ("max_heart_rate = 300", "max_heart_rate is 300, expected"),
        ("resting_heart_rate = 24", "resting_heart_rate is 24, expected"),
        ("ignore = 'KW301'", "ignore must be a list of codes"),
        ("ignore = [301]", "ignore must be a list of codes"),
        ("[shoe]\nname = 'A'", "shoe must be written as [[shoe]]"),
        ("shoe = ['A']", "expected a table in [[shoe]] number 1"),
        ("[[shoe]]\nworn = '1 km'", "no name in [[shoe]] number 1"),
        ("[[shoe]]\nname = ' '", "no name in [[shoe]] number 1"),
        ("[[shoe]]\nname = 3", "no name in [[shoe]] number 1"),
        ("[[shoe]]\nname = 'A'\n[[shoe]]\nname = 'A '", "two [[shoe]] have the name 'A'"),
        ("[[shoe]]\nname = 'A'\nwhen = 'hard'", "when is 'hard' in [[shoe]] number 1"),
        ("[[shoe]]\nname = 'A'\nwhen = { surface = 1 }", "surface is 1 in when in [[shoe]]"),
        (
            "[[shoe]]\nname = 'A'\nwhen = { surface = 'asphalt' }",
            "surface is 'asphalt' in [[shoe]] number 1, expected one of: hard, firm, soft",
        ),
        (
            "[[shoe]]\nname = 'A'\nsince = 2025",
            "since is 2025 in [[shoe]] number 1, expected a day",
        ),
        ("[[shoe]]\nname = 'A'\nsince = 'May'", "since is 'May' in [[shoe]]"),
        ("[[shoe]]\nname = 'A'\nuntil = 12:00:00", "until is datetime.time(12, 0) in [[shoe]]"),
        (
            "[[shoe]]\nname = 'A'\nsince = 2025-06-02\nuntil = 2025-06-01",
            "until is 2025-06-01 in [[shoe]] number 1, expected a day on or after since",
        ),
        ("units = ", "not valid TOML: "),
        (b"units = '\xff'", "not valid TOML: "),
    ],
)
def test_wrong_values_are_said(tmp_path: Path, text: str | bytes, said: str) -> None:
    assert complaint(tmp_path, text).startswith(said)


@pytest.mark.parametrize(
    ("worn", "metres"),
    [
        ("120 km", 120_000.0),
        ("120km", 120_000.0),
        (" 0 km ", 0.0),
        ("75 mi", 75 * 1609.344),
        ("75.5 mi", 75.5 * 1609.344),
        ("75,5 km", 75_500.0),
        ("482.803 km", 482_803.0),
    ],
)
def test_worn_in_km_and_miles(tmp_path: Path, worn: str, metres: float) -> None:
    (shoe,) = load(write(tmp_path, f"[[shoe]]\nname = 'A'\nworn = '{worn}'")).shoes
    assert shoe.worn_m == pytest.approx(metres)


@pytest.mark.parametrize(
    "worn", ["'120'", "120", "'-5 km'", "'120 m'", "'some km'", "''", "'1,200 km'", "'1.2.3 km'"]
)
def test_a_length_without_a_unit_or_a_sense(tmp_path: Path, worn: str) -> None:
    """1,200 km could be 1.2 or 1200: that is asked back."""
    said = complaint(tmp_path, f"[[shoe]]\nname = 'A'\nworn = {worn}")
    assert said.endswith("in [[shoe]] number 1, expected a length such as '120 km' or '75 mi'")


@pytest.mark.parametrize("day", ["2025-06-16", "'2025-06-16'", "2025-06-16T08:00:00"])
def test_days(tmp_path: Path, day: str) -> None:
    (shoe,) = load(write(tmp_path, f"[[shoe]]\nname = 'A'\nsince = {day}\nuntil = {day}")).shoes
    assert shoe.since == shoe.until == date(2025, 6, 16)
    assert type(shoe.since) is date


def test_it_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be opened: No such file"):
        load(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="cannot be opened: Is a directory"):
        load(tmp_path)


def test_found_in_the_folder_or_beside_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    run = tmp_path / "run.fit"
    run.touch()
    assert find([tmp_path]) == path
    assert find([run]) == path
    assert find([tmp_path, run, run]) == path, "once is not twice"
    inner = tmp_path / "inner"
    inner.mkdir()
    assert find([inner]) == path, "one up"
    deep = inner / "deep"
    deep.mkdir()
    assert find([deep]) is None, "and no further"
    other = tmp_path / "other"
    other.mkdir()
    (other / "run.fit").touch()
    assert find([inner]) is None, "it may be a squad's"
    assert find([inner, other]) == path, "unless both are the runner's"


def test_two_are_one_too_many(tmp_path: Path) -> None:
    places = [tmp_path / name for name in ("a", "b")]
    for place in places:
        place.mkdir()
        write(place, "")
    with pytest.raises(ConfigError, match=r"more than one kneewatch.toml .*--config"):
        find(places)
    assert find(places[:1]) == places[0] / "kneewatch.toml"


def test_a_folder_of_that_name_is_none(tmp_path: Path) -> None:
    (tmp_path / "kneewatch.toml").mkdir()
    assert find([tmp_path]) is None


def test_reading_writes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, FULL)
    path.chmod(0o444)
    before = (path.read_bytes(), path.stat().st_mtime_ns, sorted(tmp_path.iterdir()))
    find([tmp_path])
    load(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns, sorted(tmp_path.iterdir())) == before
    source = Path(config.__file__).read_text("utf-8")
    assert ".write" not in source
    assert "open(" not in source


@pytest.mark.parametrize("code", ["KW801", "kw802", " KW801 "])
def test_what_the_runner_feels_cannot_be_switched_off(code: str) -> None:
    with pytest.raises(ConfigError, match=f"{code.strip().upper()} cannot be switched off"):
        config.parse({"ignore": ["KW301", code]})
