"""Strava's activities.csv in languages that are known, and in those that are not."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from exports.history import Run, history
from exports.strava import ENGLISH, GERMAN, LANGUAGES, activities_csv, run_cells
from hypothesis import given, settings
from hypothesis import strategies as st

from kneewatch.model import Activity, NotActivity, Problem, Recording, Source
from kneewatch.readers import strava, table
from kneewatch.readers.table_columns import meaning_of
from kneewatch.readers.table_text import Row

RUNS = history(2)


def activities(text: str) -> list[Activity]:
    found = list(table.read(Source("activities.csv", text.encode())))
    assert all(isinstance(reading, Recording) for reading in found), found
    return [reading.activity for reading in found if isinstance(reading, Recording)]


def cells(text: str) -> list[Row]:
    return list(csv.reader(io.StringIO(text, newline="")))


def joined(rows: list[Row]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def of(language: str, runs: list[Run] = RUNS) -> str:
    return activities_csv(runs, LANGUAGES[language])


def test_the_order_is_that_of_an_export_of_2026() -> None:
    assert ",".join(strava.ORDER) == ENGLISH
    assert len(strava.ORDER) == 103


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_says_the_same(language: str) -> None:
    # 35 columns of the Czech table are public, which end before steps and unpaved ways.
    short = language == "cs"
    expected = activities(of("en"))
    found = activities(of(language))
    assert len(found) == len(expected) == len(RUNS)
    for run, wanted, written in zip(found, expected, RUNS, strict=True):
        assert wanted.start == written.start
        assert wanted.distance_m == written.distance_m
        assert wanted.sport == "running"
        assert replace(
            run,
            id=wanted.id,
            sub_sport=wanted.sub_sport,
            steps=wanted.steps if short else run.steps,
            dirt_m=wanted.dirt_m if short else run.dirt_m,
            assumed="",
        ) == replace(wanted, assumed="")


@pytest.mark.parametrize("language", ["en", "de", "fr", "cs"])
def test_nothing_is_taken_for_granted_in_a_language_that_is_known(language: str) -> None:
    assert {run.assumed for run in activities(of(language))} == {""}


def test_a_language_that_is_not_known_is_read_by_order_and_that_is_said() -> None:
    header = cells(of("hu"))[0]
    assert not any(map(meaning_of, header))
    street, _, trail, by_hand = activities(of("hu"))[:4]
    assert street.assumed == (
        f"{strava.ORDER_NOTE}; 'Szaladás' taken as running: Strava adjusts its distances for grade"
    )
    assert (street.file_hint, street.gear) == ("activities/8860310457.fit", "Brooks Ghost 15")
    assert (street.descent_m, street.steps, street.avg_cadence_spm) == (40, 6120, 170)
    assert trail.dirt_m == pytest.approx(0.7 * 7003.4)
    assert (by_hand.file_hint, by_hand.distance_m) == ("", 12_003.4)


def test_a_table_in_an_unknown_language_is_claimed() -> None:
    data = of("hu").encode()
    assert table.sniff("x", data[:8192])
    assert not table.sniff("x", data.replace(b"activities/", b"elsewhere/")[:8192])


def test_a_table_of_runs_entered_by_hand_is_known_by_its_width() -> None:
    by_hand = [replace(run, recorded=False) for run in RUNS]
    found = activities(of("hu", by_hand))
    assert [run.distance_m for run in found] == [run.distance_m for run in by_hand]
    assert {run.start.tzinfo for run in found} == {UTC}


def test_kinds_that_are_not_adjusted_for_grade_are_no_runs() -> None:
    rows = cells(of("hu"))
    metres, moving = (strava.ORDER.index(n, 13) for n in ("Distance", "Moving Time"))
    adjusted = strava.ORDER.index("Grade Adjusted Distance")
    for row in rows[1:]:
        if row[3] == "Terepszaladás":
            row[3], row[adjusted] = "Séta", ""
    assert [run.sport for run in activities(joined(rows))].count("unknown") == 2
    # A ride with such distances would be too fast for one.
    for row in rows[1:]:
        row[moving] = str(float(row[metres]) / 8)
    assert {run.sport for run in activities(joined(rows))} == {"unknown"}


def test_an_unnamed_kind_is_never_a_run_by_its_speed_alone() -> None:
    rows = cells(of("en"))
    for row in rows[1:]:
        row[3] = "Qwerty"
        for name in ("Grade Adjusted Distance", "Average Grade Adjusted Pace"):
            row[strava.ORDER.index(name)] = ""
    assert {run.sport for run in activities(joined(rows))} == {"unknown"}


BY_WIDTH = {86: "Activity Count", 92: "Average Grade Adjusted Pace", 94: "Total Cycles"}


@pytest.mark.parametrize(("width", "last"), BY_WIDTH.items())
def test_older_exports_are_shorter(width: int, last: str) -> None:
    rows = cells(of("hu"))
    short = [[*row[: width - 1], row[-1]] for row in rows]
    assert strava.ORDER[width - 2] == last
    found, whole = activities(joined(short)), activities(of("hu"))
    same = {"id": "", "steps": None}
    assert [replace(run, **same) for run in found] == [replace(run, **same) for run in whole]


@pytest.mark.parametrize(
    "gone",
    [
        ["Activity Private Note"],
        ["Max Heart Rate"],
        ["Activity Private Note", "Max Heart Rate", "Relative Effort"],
    ],
)
def test_columns_that_came_later_may_be_missing(gone: list[str]) -> None:
    """Before 2021 there was no private note, before 2020 no effort and no heart rate."""
    dropped = ["Activity Private Note", *gone]
    places = [i for i, n in enumerate(strava.ORDER) if i > 12 or n not in dropped]
    rows = [[row[place] for place in places] for row in cells(of("hu"))]
    found = activities(joined(rows))
    assert [run.descent_m for run in found] == [run.descent_m for run in activities(of("hu"))]
    assert {run.gear for run in found} == {"Brooks Ghost 15", "Hoka Speedgoat 5 Blue"}


def test_before_july_2019() -> None:
    """Ten columns in small letters, the distance in metres; runs by hand alone are in UTC too."""
    text = (
        "id,date,name,type,description,elapsed_time,distance,commute,gear,filename\n"
        "55,2018-04-01 07:30:00,Parkrun,Run,,1500,5012.3,false,Old shoes,\n"
    )
    [run] = activities(text)
    assert run.start == datetime(2018, 4, 1, 7, 30, tzinfo=UTC)
    assert (run.distance_m, run.gear, run.elapsed_s) == (5012.3, "Old shoes", 1500)


def test_names_count_where_the_order_is_another() -> None:
    rows = cells(of("de"))
    turned = [row[::-1] for row in rows]
    found, straight = activities(joined(turned)), activities(of("de"))
    # The distance for the eye is the last one now.
    assert [run.distance_m for run in found] == pytest.approx(
        [run.distance_m for run in straight], abs=5
    )
    assert [run.descent_m for run in found] == [run.descent_m for run in straight]


def test_a_name_that_contradicts_its_place_is_believed() -> None:
    header = GERMAN.split(",")
    gain, loss = header.index("Höhenzunahme"), header.index("Höhenunterschied")
    rows = cells(of("de"))
    for row in rows:
        row[gain], row[loss] = row[loss], row[gain]
    found = activities(joined(rows))
    assert [run.descent_m for run in found] == [run.descent_m for run in activities(of("de"))]


def test_english_is_left_alone() -> None:
    header, *rows = cells(of("en"))
    assert strava.english_header(header, rows) == (header, ())
    assert strava.english_header([], []) == ([], ())


@pytest.mark.parametrize(
    "broken",
    [
        '<span class="translation_missing" title="translation missing: en-US.lib.export.x.y">{}'
        "</span>",
        "translation missing: en-US.lib.export.portability_exporter.activities.horton_values.{}",
    ],
)
def test_names_that_strava_had_not_translated(broken: str) -> None:
    rows = cells(of("en"))
    later = range(strava.ORDER.index("Jump Count"), len(strava.ORDER) - 1)
    for place in (strava.ORDER.index("Type"), strava.ORDER.index("Start Time"), *later):
        rows[0][place] = broken.format(rows[0][place].lower().replace(" ", "_"))
    text = joined(rows)
    assert table.sniff("x", text.encode()[:8192])
    assert [replace(run, id="") for run in activities(text)] == [
        replace(run, id="") for run in activities(of("en"))
    ]


def test_no_unpaved_metre_is_not_told_from_none_measured() -> None:
    runs = activities(of("en"))
    assert [run.dirt_m for run in runs[:2]] == [None, None]
    assert runs[2].dirt_m == pytest.approx(0.7 * 7003.4)


@pytest.mark.parametrize(
    ("date", "start"),
    [
        ("May 18, 2023, 1:14:30 PM", datetime(2023, 5, 18, 13, 14, 30)),
        ("May 18, 2023, 1:14:30\u202fPM", datetime(2023, 5, 18, 13, 14, 30)),
        ("18 May 2023, 13:14:30", datetime(2023, 5, 18, 13, 14, 30)),
        ("18.05.2023, 13:14:30", datetime(2023, 5, 18, 13, 14, 30)),
        ("15 mar 2024, 6:45:12", datetime(2024, 3, 15, 6, 45, 12)),
        ("2 de ene. de 2025, 7:05:00", datetime(2025, 1, 2, 7, 5)),
        ("6. 9. 2026 11:18:40", datetime(2026, 9, 6, 11, 18, 40)),
        ("6 mrt. 2024 14:23:15", datetime(2024, 3, 6, 14, 23, 15)),
        ("27 juil. 2026, 08:00:01", datetime(2026, 7, 27, 8, 0, 1)),
        ("2024年3月15日 18:45:12", datetime(2024, 3, 15, 18, 45, 12)),
        ("2024/03/15 18:45:12", datetime(2024, 3, 15, 18, 45, 12)),
        ("2024. 3. 15. 오후 6:45:12", datetime(2024, 3, 15, 18, 45, 12)),
        ("15. mar. 2024 kl. 18.45.12", datetime(2024, 3, 15, 18, 45, 12)),
        ("15.3.2024 klo 18.45.12", datetime(2024, 3, 15, 18, 45, 12)),
        ("15. mar. 2024 18.45", datetime(2024, 3, 15, 18, 45)),
        ("2025. márc. 3. 5:30:00", datetime(2025, 3, 3, 5, 30)),
        ("3 Mar 2025 05:30:00", datetime(2025, 3, 3, 5, 30)),
        ("3 Ağu 2025 05:30:00", datetime(2025, 8, 3, 5, 30)),
        ("3 май 2025, 5:30:00", datetime(2025, 5, 3, 5, 30)),
        ("3 мая 2025 г., 5:30:00", datetime(2025, 5, 3, 5, 30)),
        ("3 трав. 2025 р., 05:30:00", datetime(2025, 5, 3, 5, 30)),
        ("3 Αυγ 2025, 5:30:00", datetime(2025, 8, 3, 5, 30)),
        ("3 sty 2025, 05:30:00", datetime(2025, 1, 3, 5, 30)),
        ("3. des. 2025 kl. 05:30:00", datetime(2025, 12, 3, 5, 30)),
    ],
)
def test_dates_are_utc_in_every_way_of_writing(date: str, start: datetime) -> None:
    rows = cells(of("en", RUNS[:1]))
    rows[1][1] = date
    [run] = activities(joined(rows))
    assert run.start == start.replace(tzinfo=UTC)


def test_notes_with_line_breaks() -> None:
    runs = [replace(RUNS[0], notes='easy,\nlegs "heavy"\n\nsecond part'), RUNS[1]]
    for language in LANGUAGES:
        assert activities(of(language, runs))[0].notes == 'easy,\nlegs "heavy"\n\nsecond part'


@pytest.mark.parametrize(
    "text",
    [
        "id,date,name,type,description,elapsed_time,distance,commute,gear,filename\n",
        "a,b,c,d,e,f,g,h,i,j\n1,2024-01-01,c,d,e,1500,5.0,false,x,elsewhere/1.gpx\n",
        # A table with a name of a file in its tenth column, and another order.
        "id,date,km,time,a,b,c,d,e,file\n1,2024-01-01,5,25:00,,,,,,activities/1.gpx\n",
    ],
)
def test_other_tables_are_not_strava(text: str) -> None:
    header, *rows = cells(text)
    assert not strava.is_strava(header, rows)


def test_no_real_table_of_another_vendor_is_strava(corpus: Path) -> None:
    seen = 0
    for path in (corpus / "csv_exports").rglob("*.csv"):
        header, *rows = cells(path.read_text("utf-8-sig"))
        seen += 1
        assert not strava.is_strava(header, rows), path.name
    assert seen >= 5


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(LANGUAGES)), st.data())
def test_any_prefix_and_any_broken_byte(language: str, data: st.DataObject) -> None:
    whole = of(language).encode()
    place = data.draw(st.integers(0, len(whole) - 1))
    byte = bytes([data.draw(st.integers(0, 255))])
    for broken in (whole[:place], whole[:place] + byte + whole[place + 1 :]):
        table.sniff("x", broken[:8192])
        found = list(table.read(Source("activities.csv", broken)))
        assert found
        assert all(isinstance(item, Recording | Problem | NotActivity) for item in found)


def test_the_generator_writes_what_it_is_given() -> None:
    written = run_cells(0, RUNS[0], LANGUAGES["de"])
    assert written["Activity Date", 0] == "02.06.2025, 05:30:00"
    assert (written["Distance", 0], written["Distance", 1]) == ("6,00", "6003.4")
