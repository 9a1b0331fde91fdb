"""The table of Garmin's web site, in the language of the account."""

from __future__ import annotations

from pathlib import Path

import pytest
from exports.garmin import CSV_HEADERS, write_garmin_csv
from exports.history import BPM, SPM, history

from kneewatch.model import Activity, Recording, Source
from kneewatch.readers import claim, table

RUNS = history(2)
NEWEST_FIRST = sorted(RUNS, key=lambda run: run.start, reverse=True)


def activities(data: bytes) -> list[Activity]:
    assert claim("Activities.csv", data[:8192]) is table
    found = list(table.read(Source("Activities.csv", data), "km"))
    assert all(isinstance(reading, Recording) for reading in found), found
    return [reading.activity for reading in found if isinstance(reading, Recording)]


@pytest.mark.parametrize("decimal_comma", [False, True], ids=["point", "comma"])
@pytest.mark.parametrize("language", sorted(CSV_HEADERS))
def test_languages(language: str, decimal_comma: bool, tmp_path: Path) -> None:
    path = write_garmin_csv(tmp_path, RUNS, language, decimal_comma=decimal_comma)
    found = activities(path.read_bytes())
    assert len(found) == len(RUNS)
    for run, written in zip(found, NEWEST_FIRST, strict=True):
        assert run.start == written.local_start
        assert (run.sport, run.sub_sport) == ("running", written.sub_sport)
        assert run.distance_m == pytest.approx(written.distance_m, abs=5)
        assert (run.elapsed_s, run.moving_s) == (written.duration_s, written.duration_s)
        assert (run.gear, run.name, run.steps) == (written.shoe, written.title, written.steps)
        assert (run.avg_hr_bpm, run.avg_cadence_spm) == (BPM, SPM)
        up, down = (None, None) if written.indoors else (written.ascent_m, written.descent_m)
        assert (run.ascent_m, run.descent_m) == (up, down)
        assert run.assumed == ""


@pytest.mark.parametrize(
    ("language", "shoes"),
    [
        ("en", ["Gear", "Shoes", "Shoe"]),
        ("de", ["Schuhe", "Ausrüstung", "Laufschuhe"]),
        ("fr", ["Chaussures", "Équipement", "Matériel"]),
        ("es", ["Calzado", "Zapatillas", "Equipamiento"]),
        ("it", ["Scarpe", "Attrezzatura"]),
        ("pt", ["Tênis", "Calçado", "Equipamento"]),
        ("ja", ["シューズ", "ギア"]),
        ("zh", ["跑鞋", "鞋子", "装备"]),
    ],
)
def test_names_of_the_column_of_shoes(language: str, shoes: list[str], tmp_path: Path) -> None:
    text = write_garmin_csv(tmp_path, RUNS, language).read_text("utf-8")
    header, _, rows = text.partition("\n")
    for name in shoes:
        renamed = f"{header.rpartition(',')[0]},{name}\n{rows}"
        assert {run.gear for run in activities(renamed.encode())} == {"Ghost 15", "Speedgoat 5"}


@pytest.mark.parametrize("language", sorted(CSV_HEADERS))
def test_without_a_shoe_the_others_count(language: str, tmp_path: Path) -> None:
    text = write_garmin_csv(tmp_path, RUNS, language).read_text("utf-8")
    found = activities(text.replace('"Ghost 15"', '"--"').encode())
    assert [run.gear for run in found].count("") == 6


def test_a_sheet_that_a_german_program_has_written_again(tmp_path: Path) -> None:
    data = write_garmin_csv(tmp_path, RUNS, "de", decimal_comma=True).read_text("utf-8")
    header, *rows = data.splitlines()
    again = [header.replace(",", ";"), *(row.replace('","', ";").strip('"') for row in rows)]
    found = activities("\ufeff".encode() + "\r\n".join(again).encode())
    assert [run.start for run in found] == [run.local_start for run in NEWEST_FIRST]
    assert found[0].distance_m == pytest.approx(NEWEST_FIRST[0].distance_m, abs=5)


def test_decimals_and_thousands_in_one_column(tmp_path: Path) -> None:
    """A real French table has ``21,130`` for a half marathon, and ``9.33`` below it."""
    text = write_garmin_csv(tmp_path, RUNS[:2], "fr").read_text("utf-8")
    assert '"6.00"' in text
    [half, _] = activities(
        text.replace('"6.00"', '"21,130"').replace('"00:36:00"', '"01:58:00"').encode()
    )[::-1]
    assert half.distance_m == pytest.approx(21_130)
    assert "this row taken as metres" in half.assumed
