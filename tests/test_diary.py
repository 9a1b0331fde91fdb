"""The diary's files: read with patience, only ever added to."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneewatch import diary
from kneewatch.diary import Diary, Injury, Pain, Weekly, tagged
from kneewatch.errors import ConfigError, UsageError

DAY = date(2025, 6, 9)


def read(folder: Path, text: str, name: str = "pain.csv") -> Diary:
    (folder / name).write_text(text, "utf-8")
    return diary.read(folder)


# --- reading -------------------------------------------------------------------------------------


def test_no_file_is_an_empty_diary(tmp_path: Path) -> None:
    assert diary.read(tmp_path) == Diary() == diary.read(None)
    assert not Diary()
    assert list(Diary().frame().columns)[:2] == ["day", "score"]


@pytest.mark.parametrize(
    "text",
    [
        "date,score,when,where,side,signs,note\n2025-06-09,4,morning,outer-back,left,limp,a b\n",
        "\ufeffDate;Score;When;Where;Side;Signs;Note\r\n"
        "2025-06-09;4,0;morning;outer-back;left;limp;a b",
        "note\tday\tpain\tplace\twhen\tside\tsigns\na b\t2025-06-09\t4/10\tOuter back of the knee\t"
        "next morning\tL\tLimp\n",
        "2025-06-09,4,morning,outer back,left,limp,a b\n",
    ],
    ids=["ours", "spreadsheet", "tabs", "no names"],
)
def test_the_same_entry_however_it_was_written(tmp_path: Path, text: str) -> None:
    (entry,) = read(tmp_path, text).entries
    assert (entry.day, entry.score, entry.when) == (DAY, 4.0, "morning")
    assert (entry.where, entry.side, entry.signs) == ("outer-back", "left", ("limp",))
    assert entry.note == "a b"


def test_a_bad_line_is_a_problem_by_name_and_number_and_the_others_stay(tmp_path: Path) -> None:
    read_ = read(
        tmp_path,
        "date,score,where\n2025-06-01,3,back\n2025-13-01,3,back\n2025-06-02,11,back\n"
        '2025-06-03,"3,back\n2025-06-04,,\n\n2025-06-05,0,back\n',
    )
    assert [entry.day.day for entry in read_.entries] == [1, 3, 5]
    assert [problem.source for problem in read_.problems] == [
        f"pain.csv line {number}" for number in (3, 4, 6)
    ]
    assert "expected a day" in read_.problems[0].reason


def test_a_sign_is_not_lost_for_a_slip_in_the_number(tmp_path: Path) -> None:
    found = read(tmp_path, "date,score,signs\n2025-06-09,40,chest-pain\n")
    assert found.entries[0].signs == ("chest-pain",)
    assert "40" in found.problems[0].reason


def test_a_sign_of_ones_own_is_kept_and_said(tmp_path: Path) -> None:
    found = read(tmp_path, "date,score,signs\n2025-06-09,4,twinge\n")
    assert found.entries[0].signs == ("twinge",)
    assert "twinge" in found.problems[0].reason


def test_a_note_over_lines_and_one_with_commas(tmp_path: Path) -> None:
    text = 'date,score,note\n2025-06-08,4,"one\ntwo"\n2025-06-09,3,a, b, c\n'
    assert [entry.note for entry in read(tmp_path, text).entries] == ["one\ntwo", "a, b, c"]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_diary(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in diary.FILES:
        (folder / name).write_bytes(data)
    assert isinstance(diary.read(folder), Diary)


def test_one_runner_is_one_folder(tmp_path: Path) -> None:
    below = tmp_path / "mine"
    below.mkdir()
    assert diary.find([tmp_path]) is None
    (below / "pain.csv").write_text("date,score\n")
    assert diary.find([tmp_path]) == below.resolve()
    (tmp_path / "injuries.csv").write_text("from,to\n")
    with pytest.raises(ConfigError, match="more than one folder"):
        diary.find([tmp_path])
    assert diary.find([below / "run.fit"]) == below.resolve(), "beside the files"


def test_the_diary_is_found_one_up_unless_others_lie_beside(tmp_path: Path) -> None:
    watch, phone = tmp_path / "watch", tmp_path / "phone"
    watch.mkdir()
    phone.mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "run.fit").touch()
    (phone / "notes.txt").touch()
    (tmp_path / "pain.csv").write_text("date,score\n2025-06-09,7\n")
    assert diary.locate([watch]) == diary.locate([watch, phone])
    assert diary.locate([watch]).folder == tmp_path.resolve()
    (phone / "run.FIT").touch()
    assert diary.find([watch, phone]) == tmp_path.resolve()
    left = diary.locate([watch])
    assert left.folder is None
    assert [doubt.source for doubt in left.doubts] == [f"{tmp_path.name}/pain.csv"]
    assert left.doubts[0].day is None
    (watch / "pain.csv").touch()
    assert diary.locate([watch]).folder == watch.resolve()
    assert diary.locate([watch]).doubts == ()


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        ((0, None, None, None), 0),
        ((8, 8, 17, 25), 58),
        ((25, 25, 25, 25), 100),
        ((8, None, 8, 8), None),
    ],
)
def test_weekly_score(answers: tuple[int, int | None, int | None, int | None], score: int) -> None:
    assert Weekly(DAY, answers).score == score


def test_other_points_than_the_questionnaires_are_refused(tmp_path: Path) -> None:
    found = read(tmp_path, "date,q1,q2,q3,q4\n2025-06-09,6,0,0,0\n2025-06-10,0,,,\n", "ostrc.csv")
    assert len(found.weekly) == len(found.problems) == 1


# --- writing -------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0, 10).map(lambda x: round(x, 1)),
    st.sampled_from(diary.WHENS),
    st.sampled_from(diary.WHERES),
    st.text(max_size=40),
)
def test_what_is_added_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, score: float, when: str, where: str, note: str
) -> None:
    folder = tmp_path_factory.mktemp("add")
    diary.add_pain(folder, Pain(DAY, 1.0, note="first"))
    before = (folder / "pain.csv").read_bytes()
    diary.add_pain(folder, Pain(DAY, score, when, where, "left", ("limp",), note))
    assert (folder / "pain.csv").read_bytes().startswith(before), "no line is written again"
    found = diary.read(folder)
    assert found.problems == ()
    entry = found.entries[-1]
    assert (entry.score, entry.when, entry.where, entry.signs) == (score, when, where, ("limp",))
    assert len(found.entries) == 2


def test_a_last_line_without_an_end_stays_a_line(tmp_path: Path) -> None:
    read(tmp_path, "date,score\n2025-06-08,3")
    diary.add_pain(tmp_path, Pain(DAY, 4.0))
    assert (tmp_path / "pain.csv").read_text() == "date,score\n2025-06-08,3\n2025-06-09,4\n"


def test_a_spreadsheets_file_goes_on_in_its_own_way(tmp_path: Path) -> None:
    read(tmp_path, "\ufeffScore;Date;Note\r\n3;2025-06-08;x\r\n")
    diary.add_pain(tmp_path, Pain(DAY, 4.0, note="a;b"))
    assert [entry.note for entry in diary.read(tmp_path).entries] == ["x", "a;b"]
    with pytest.raises(UsageError, match="no column 'signs'"):
        diary.add_pain(tmp_path, Pain(DAY, 4.0, signs=("limp",)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_goes_on_as_it_was_written(tmp_path: Path, encoding: str, end: str) -> None:
    """Its encoding, its line ends, and a decimal comma where a point would become a date."""
    text = f"sep=;{end}Datum;Schmerz;Notiz{end}01.06.2025;3;Füße{end}"
    (tmp_path / "pain.csv").write_bytes(text.encode(encoding))
    diary.add_pain(tmp_path, Pain(DAY, 3.5, note="müde"))
    whole = (tmp_path / "pain.csv").read_bytes().decode(encoding)
    assert whole == f"{text}2025-06-09;3,5;müde{end}"
    assert [entry.score for entry in diary.read(tmp_path).entries] == [3.0, 3.5]


ADD = """
import sys
from datetime import date
from pathlib import Path
from kneewatch.diary import Pain, add_pain
for number in range(100):
    note = f"{sys.argv[2]} {number} " + "x" * 99
    add_pain(Path(sys.argv[1]), Pain(date(2025, 6, 9), 4.0, note=note))
"""


def test_two_at_once_lose_and_mix_nothing(tmp_path: Path) -> None:
    both = [subprocess.Popen([sys.executable, "-c", ADD, str(tmp_path), who]) for who in "ab"]
    assert [process.wait(60) for process in both] == [0, 0]
    found = diary.read(tmp_path)
    assert found.problems == ()
    notes = {entry.note.rsplit(" ", 1)[0] for entry in found.entries}
    assert notes == {f"{who} {number}" for who in "ab" for number in range(100)}
    assert len(found.entries) == 200
    assert (tmp_path / "pain.csv").read_text().count("date,score") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["pain.csv"]


def test_an_injury_ends_after_it_began(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="on or after"):
        diary.add_injury(tmp_path, Injury(DAY, date(2025, 6, 8)))
    diary.add_injury(tmp_path, Injury(DAY, None, "calf", "left"))
    assert diary.read(tmp_path).injuries[0].last is None


def test_a_later_line_closes_an_injury(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "from,to,where,side,note\n2025-05-01,,outer back,left,ouch\n2025-05-01,,calf,,\n"
        "2025-05-01,2025-06-01,outer-back,L,\n2025-06-09,,outer-back,left,\n",
        "injuries.csv",
    )
    assert found.problems == ()
    assert [(i.where, i.last) for i in found.injuries] == [
        ("outer-back", date(2025, 6, 1)),
        ("calf", None),
        ("outer-back", None),
    ]
    assert found.injuries[0].note == "ouch"
    assert found.until(date(2025, 5, 9)).injuries[0].last is None


# --- tags ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "score", "where", "side", "when"),
    [
        ("Hills #knee3", 3, "knee", "", ""),
        ("pain:4 outer back", 4, "outer-back", "", ""),
        ("PAIN: 5/10 left calf next morning", 5, "calf", "left", "morning"),
        ("#Knee 2.5, back, right", 2.5, "back", "right", ""),
        ("#pain10", 10, "", "", ""),
        ("pain=2 inner", 2, "inner-back", "", ""),
        ("#knee3 outer", 3, "knee", "", ""),
        ("pain:4 links nach", 4, "", "left", "after"),
        ("pain: 4 hinten links, am Morgen", 4, "back", "left", "morning"),
        ("pain:4 Wade rechts", 4, "calf", "right", ""),
        ("#knee4 behind the right knee after", 4, "back", "right", "after"),
        ("pain:3 right after the start", 3, "", "", "after"),
        ("pain:3 derrière gauche", 3, "back", "left", ""),
    ],
)
def test_tags(text: str, score: float, where: str, side: str, when: str) -> None:
    (entry,) = tagged(text, DAY)
    assert (entry.score, entry.where, entry.side, entry.when) == (score, where, side, when)


@pytest.mark.parametrize(
    "text", ["#knee", "pain:4km", "no pain 3", "paint:4", "#knee 10k", "pain: 7:30"]
)
def test_no_tags(text: str) -> None:
    assert tagged(text, DAY) == []


def test_a_tag_in_title_and_note_is_one_entry() -> None:
    row = {"name": "#knee3", "notes": "ouch #knee3", "local_date": "2025-06-09", "sources": ("a",)}
    (entry,) = diary.with_tags(Diary(), [row]).entries
    assert (entry.day, entry.source) == (DAY, "a")


def test_until_a_day_nothing_later_is_known() -> None:
    noted = Diary((Pain(DAY, 3.0),), (Injury(date(2025, 6, 1), DAY),), (Weekly(DAY, (0,) * 4),))
    before = noted.until(date(2025, 6, 8))
    assert before.entries == before.weekly == ()
    assert before.injuries[0].last is None, "that it would end was not known"
    assert noted.until(DAY) == noted
