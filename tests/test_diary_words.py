"""Words, days and encodings of the diary: nothing that may be a red flag is lost on the way in."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch import diary, evidence
from kneewatch.diary import Diary, days, vocabulary
from kneewatch.diary.vocabulary import place_and_side, side_of, signs_of, when_of

DAY = date(2025, 11, 1)
TODAY = date(2025, 11, 20)
KNOWN = evidence.load()


def read(folder: Path, text: str, name: str = "pain.csv", encoding: str = "utf-8") -> Diary:
    (folder / name).write_bytes(text.encode(encoding))
    return diary.read(folder, TODAY)


def keys(noted: Diary) -> list[str]:
    signs = [KNOWN.sign(name) for entry in noted.entries for name in entry.signs]
    return [sign.key for sign in signs if sign]


# --- spreadsheets --------------------------------------------------------------------------------

ENGLISH = "date;score;when;where;side;signs;note"


@pytest.mark.parametrize(
    "heading",
    [
        ENGLISH,
        "Datum;Schmerz;Wann;Wo;Seite;Zeichen;Notiz",
        "Tag;Schmerzwert;Zeitpunkt;Stelle;Seite;Symptome;Bemerkung",
        "Date;Douleur;Quand;Où;Côté;Symptômes;Remarque",
        "Fecha;Dolor;Cuándo;Dónde;Lado;Síntomas;Notas",
        "Data;Dolore;Quando;Dove;Lato;Sintomi;Note",
        "Data;Dor;Quando;Onde;Lado;Sintomas;Observações",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_a_spreadsheet_saved_is_read(tmp_path: Path, heading: str, encoding: str) -> None:
    line = "01.11.2025;6,5;nach;Kniekehle;links;calf-swelling;Füße müde"
    found = read(tmp_path, f"{heading}\r\n{line}\r\n", encoding=encoding)
    assert found.problems == found.doubts == ()
    (entry,) = found.entries
    assert (entry.day, entry.score, entry.when) == (DAY, 6.5, "after")
    assert (entry.where, entry.side, entry.signs) == ("back", "left", ("calf-swelling",))
    assert entry.note == "Füße müde"


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be"])
def test_utf_16_needs_no_mark(tmp_path: Path, mark: str) -> None:
    found = read(tmp_path, f"{ENGLISH}\n2025-11-01;3;;back;;limp;\n", encoding=mark)
    assert keys(found) == ["limp"]


def test_a_line_without_names_may_begin_with_any_kind_of_day(tmp_path: Path) -> None:
    found = read(tmp_path, "01.11.2025;6;after;back;left;calf-swelling;\n")
    assert keys(found) == ["calf-swelling"]
    assert read(tmp_path, "sep=;\nDatum;Zeichen\n1.11.25;fever\n").entries[0].day == DAY


def test_a_workbook_under_the_name_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "pain.csv").write_bytes(b"PK\x03\x04" + bytes(range(256)) * 20)
    found = diary.read(tmp_path, TODAY)
    (doubt,) = found.doubts
    assert "save it as CSV" in doubt.reason


def test_a_column_that_nobody_reads_is_said(tmp_path: Path) -> None:
    """Where no column of signs is known, it may be that one."""
    lost = read(tmp_path, "date;score;Auffälliges\n2025-11-01;3;Fieber\n")
    assert lost.doubts
    assert "auffalliges" in lost.doubts[0].reason
    other = read(tmp_path, "date;score;signs;weather\n2025-11-01;3;;rain\n")
    assert other.doubts == ()
    assert "weather" in other.problems[0].reason


# --- days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "delimiter", "order"),
    [
        (["1/11/2025", "16/6/2025"], ",", "day"),
        (["11/1/2025", "6/16/2025"], ",", "month"),
        (["1/11/2025"], ";", "day"),
        (["1/11/2025"], ",", "open"),
        (["16.6.2025"], ",", "open"),
        (["2025-06-16"], ",", "open"),
    ],
)
def test_what_stands_first(cells: list[str], delimiter: str, order: str) -> None:
    assert days.order_of(cells, delimiter) == order


def test_a_day_that_may_be_two_is_the_later_that_has_been(tmp_path: Path) -> None:
    """What was noted must not look older than it is."""
    found = read(tmp_path, "date,score\n01/11/2025,3\n10/12/2025,3\n")
    assert [entry.day for entry in found.entries] == [date(2025, 10, 12), DAY]
    assert len(found.problems) == 2
    assert "taken for 2025-11-01; if it is 2025-01-11" in found.problems[0].reason
    assert found.doubts == ()


@given(st.dates(date(2000, 1, 1), TODAY), st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d"]))
def test_a_clear_day_is_read_as_it_is(day: date, form: str) -> None:
    assert days.day_of(day.strftime(form) + " 07:15", "open", TODAY) == days.Read(day)


# --- lines that cannot be read -------------------------------------------------------------------


def test_a_known_sign_is_never_lost_for_a_bad_day(tmp_path: Path) -> None:
    found = read(tmp_path, f"{ENGLISH}\n32.13.2025;9;;back;left;chest pain;\n")
    assert found.entries == ()
    (doubt,) = found.doubts
    assert (doubt.day, doubt.signs, doubt.side) == (None, ("chest-pain",), "left")
    assert doubt.source == "pain.csv line 2"
    assert "until the date is mended" in found.problems[0].reason


@pytest.mark.parametrize(
    "line",
    [
        "2025-11-01;6 or 7;;back;;;",
        "2025-11-01;;;back;;;calf swollen since the morning",
        "2025-11-01;3;;back;;twinge;",
        "2025-11-01;3;;back;;no swelling;",
        "yesterday;3;;back;;;",
        "2025-11-23;3;;back;;;",
        "2027-11-01;3;;back;;;",
    ],
)
def test_a_line_that_may_hold_more_is_a_doubt(tmp_path: Path, line: str) -> None:
    found = read(tmp_path, f"{ENGLISH}\n{line}\n")
    assert len(found.doubts) == 1
    day = None if line[:10] in ("yesterday;", "2025-11-23", "2027-11-01") else DAY
    assert found.doubts[0].day == day
    assert found.problems[0].source == "pain.csv line 2"


def test_clocks_differ_by_a_day(tmp_path: Path) -> None:
    assert read(tmp_path, f"{ENGLISH}\n2025-11-21;3;;back;;;\n").doubts == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("injuries.csv", "from,to\n2025-11-01,2025-10-01\n"),
        ("injuries.csv", "from,to\n2026-11-01,\n"),
        ("ostrc.csv", "date,q1,q2,q3,q4\n2025-11-01,6,0,0,0\n"),
    ],
)
def test_other_files_have_their_doubts_too(tmp_path: Path, name: str, text: str) -> None:
    assert [doubt.source for doubt in read(tmp_path, text, name).doubts] == [f"{name} line 2"]


def test_a_file_that_cannot_be_opened_is_a_doubt(tmp_path: Path) -> None:
    (tmp_path / "pain.csv").mkdir()
    assert diary.read(tmp_path, TODAY).doubts[0].source == "pain.csv"


def test_until_a_day_later_doubts_are_not_known(tmp_path: Path) -> None:
    found = read(tmp_path, f"{ENGLISH}\n2025-11-01;x;;;;;\nsoon;3;;;;;\n")
    assert [doubt.day for doubt in found.until(date(2025, 10, 1)).doubts] == [None]
    assert found.until(DAY).doubts == found.doubts
    assert DAY in found.days(), "such a line is heard though no run is near"


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "signs"),
    [
        ("chest pain", "chest-pain"),
        ("cold foot", "cold-foot"),
        ("numb foot", "cold-foot"),
        ("giving way", "giving-way"),
        ("cannot bear weight", "no-weight"),
        ("can't bear weight", "no-weight"),
        ("no weight", "no-weight"),
        ("weight loss", "weight-loss"),
        ("foot drop", "numb-leg"),
        ("Calf_Swelling", "calf-swelling"),
        ("chest-pain.", "chest-pain"),
        ("calf swelling", "calf-swelling"),
        ("swelling of the left calf", "calf-swelling"),
        ("swelling", "swelling"),
        ("a swollen knee", "swelling"),
        ("limp calf swelling; chest pain", "limp calf-swelling chest-pain"),
        ("fever swelling", "fever swelling"),
        ("leg-swelling swelling", "leg-swelling swelling"),
        ("none", ""),
        ("keine", ""),
        ("-", ""),
        ("n/a", ""),
    ],
)
def test_signs_in_words(said: str, signs: str) -> None:
    names = signs_of(said)
    assert vocabulary.unknown_signs(names) == []
    assert [KNOWN.sign(name).key for name in names] == signs.split()


@pytest.mark.parametrize("said", ["no swelling", "without fever", "left knee", "odd"])
def test_what_names_no_sign_is_kept_and_unknown(said: str) -> None:
    assert vocabulary.unknown_signs(signs_of(said)) == list(signs_of(said)) != []


@pytest.mark.parametrize("name", [n for key, s in KNOWN.signs.items() for n in (key, *s.also)])
@pytest.mark.parametrize("form", [str, str.upper, lambda n: n.replace("-", " ") + "!"])
def test_every_name_of_a_sign_is_read_however_it_is_written(name: str, form) -> None:
    (found,) = signs_of(form(name))
    assert KNOWN.sign(found) == KNOWN.sign(name)


@pytest.mark.parametrize("between", [", ", " ", "; "])
def test_of_two_signs_none_is_lost(between: str) -> None:
    for pair in permutations(KNOWN.signs, 2):
        found = {KNOWN.sign(name) for name in signs_of(between.join(pair))}
        assert found == {KNOWN.signs[name] for name in pair}


@pytest.mark.parametrize(
    ("said", "place", "side"),
    [
        ("behind left knee", "back", "left"),
        ("popliteal", "back", ""),
        ("outer", "outer-back", ""),
        ("knee back", "back", ""),
        ("back outer", "outer-back", ""),
        ("back of left knee", "back", "left"),
        ("Outer back of the knee", "outer-back", ""),
        ("Kniekehle links", "back", "left"),
        ("hinten aussen", "outer-back", ""),
        ("inner and outer back", "back", ""),
        ("calf, both", "calf", "both"),
        ("upper calf", "calf", ""),
        ("back of the thigh", "thigh", ""),
        ("kneecap", "knee", ""),
        ("outer knee", "knee", ""),
        ("lower back", "lower-back", ""),
        ("foot", "foot", ""),
        ("l'arrière du genou", "back", ""),
        ("", "", ""),
    ],
)
def test_places_in_words(said: str, place: str, side: str) -> None:
    assert place_and_side(said) == (place, side)


def test_the_column_of_sides_comes_first() -> None:
    assert place_and_side("behind left knee", "right") == ("back", "right")


@pytest.mark.parametrize("where", diary.WHERES)
def test_places_of_ours_stay_what_they_are(where: str) -> None:
    assert place_and_side(where) == (where, "")


@pytest.mark.parametrize(
    ("said", "side"),
    [("L", "left"), ("links", "left"), ("rechts", "right"), ("gauche", "left"), ("beide", "both")],
)
def test_sides_in_words(said: str, side: str) -> None:
    assert side_of(said) == side


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("nach", "after"),
        ("am nächsten Morgen", "morning"),
        ("the morning after", "morning"),
        ("während des Laufs", "during"),
        ("in the afternoon", "in the afternoon"),
    ],
)
def test_times_in_words(said: str, when: str) -> None:
    assert when_of(said) == when


def test_a_place_that_is_not_known_is_said_once(tmp_path: Path) -> None:
    found = read(tmp_path, f"{ENGLISH}\n2025-11-01;3;;foot;;;\n2025-11-02;3;;foot;;;\n")
    assert [entry.where for entry in found.entries] == ["foot", "foot"]
    (problem,) = found.problems
    assert "'foot' is none of the places" in problem.reason
    assert found.doubts == ()
