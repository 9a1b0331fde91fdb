"""The report folder: four kinds of files, each whole or as it was."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from kneewatch import columns, evidence
from kneewatch.config import Config
from kneewatch.errors import KneewatchError, UsageError
from kneewatch.model import Problem, Tally
from kneewatch.picture import Picture
from kneewatch.report import draw, write
from kneewatch.rules.facts import Attention, Facts, Review, Symptoms
from kneewatch.rules.pictures import PICTURES

DAY = date(2025, 11, 2)
REVIEW = Review(DAY, Attention("not-enough-history", None, None, ()))


def facts():
    def frame(table):
        return columns.frame(table, [], pd.Index([], dtype=object))

    return Facts(
        DAY,
        frame(columns.ACTIVITIES),
        frame(columns.ACTIVITIES),
        frame(columns.WEEKS),
        frame(columns.SHOES),
        None,
        Config(),
        evidence.load(),
    )


def picture(name="profile"):
    return Picture(name, "A run", "Where it went down", "distance", "height", "", "")


def put(folder, charts=None, profiles=None, tally=None):
    return write.write(folder, REVIEW, facts(), tally or Tally(), charts or {}, profiles)


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_it_writes_page_data_text_and_charts(tmp_path):
    folder = tmp_path / "a" / "report"
    charts = {name: draw_it(facts()) for name, draw_it in PICTURES.items()}
    written = put(folder, charts, {"r/1": picture()})
    assert written[0] == folder / "index.html"
    names = sorted(str(path.relative_to(folder)) for path in written)
    assert names == files(folder)
    assert names == sorted(
        [
            "index.html",
            "report.json",
            "report.md",
            "charts/profile-r-1.png",
            *(f"charts/{name}.png" for name in PICTURES),
        ]
    )
    assert all(p.read_bytes().startswith(b"\x89PNG") for p in written if p.suffix == ".png")


def test_every_chart_that_the_text_links_is_there(tmp_path):
    put(tmp_path, {name: draw_it(facts()) for name, draw_it in PICTURES.items()})
    text = (tmp_path / "report.md").read_text("utf-8")
    for name in PICTURES:
        assert f"(charts/{name}.png)" in text
        assert (tmp_path / "charts" / f"{name}.png").is_file()


def test_the_data_hold_the_check_and_the_tables(tmp_path):
    put(tmp_path)
    told = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert list(told)[:3] == ["schema", "as_of", "level"]
    assert list(told)[-4:] == ["runs", "weeks", "shoes", "doctor"]
    assert told["doctor"]["files"] == 0


def test_an_earlier_report_is_replaced_and_other_files_stay(tmp_path):
    put(tmp_path)
    (tmp_path / "report.md").write_text("old")
    (tmp_path / "notes.txt").write_text("mine")
    put(tmp_path)
    assert (tmp_path / "report.md").read_text("utf-8") != "old"
    assert "<!doctype html>" in (tmp_path / "index.html").read_text("utf-8")
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["index.html", "report.json", "report.md"])
def test_a_file_of_another_maker_is_never_written_over(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(UsageError, match="no report of kneewatch"):
        put(tmp_path)
    assert files(tmp_path) == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_a_file_in_the_way_is_said_and_left_alone(tmp_path):
    target = tmp_path / "report"
    target.write_text("mine")
    with pytest.raises(UsageError, match="is a file; expected a folder") as caught:
        put(target)
    assert isinstance(caught.value, KneewatchError)
    assert "\n" not in str(caught.value)
    assert target.read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_an_error_of_one_line(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="cannot be written"):
        put(tmp_path / "file" / "report")


def test_a_failure_leaves_the_earlier_file_whole_and_no_remains(tmp_path, monkeypatch):
    old = write.MARK.decode() + "old"
    (tmp_path / "index.html").write_text(old)

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UsageError, match="No space left on device"):
        put(tmp_path)
    assert files(tmp_path) == ["index.html"]
    assert (tmp_path / "index.html").read_text() == old


def test_a_bug_is_not_taken_for_a_users_error(tmp_path, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(draw, "png", broken)
    with pytest.raises(ZeroDivisionError):
        put(tmp_path, {"a": picture()})


def test_file_names_that_are_not_utf8_do_not_cost_the_report(tmp_path):
    put(tmp_path, tally=Tally(files=1, unreadable=1, problems=(Problem("a\udcff.fit", "cut"),)))
    assert "a\ufffd.fit" in (tmp_path / "index.html").read_text("utf-8")
    (problem,) = json.loads((tmp_path / "report.json").read_text("utf-8"))["doctor"]["problems"]
    assert problem["reason"] == "cut"


FLAG = replace(REVIEW, symptoms=Symptoms("emergency", ("Chest pain.",), "Call."))


def test_beside_a_red_flag_no_chart_is_left(tmp_path):
    """Not even those of an earlier day; what others put there stays."""
    charts = {name: draw_it(facts()) for name, draw_it in PICTURES.items()}
    put(tmp_path, charts, {"r/1": picture()})
    (tmp_path / "charts" / "mine.png").write_bytes(b"mine")
    (tmp_path / "charts" / "profile-mine.png").write_bytes(b"mine")
    write.write(tmp_path, FLAG, facts(), Tally(), charts, {"r/1": picture()})
    assert files(tmp_path) == [
        "charts/mine.png",
        "charts/profile-mine.png",
        "index.html",
        "report.json",
        "report.md",
    ]


def test_an_empty_folder_of_charts_goes_too(tmp_path):
    put(tmp_path, {"tissues": picture("tissues")}, {"r/1": picture()})
    assert (tmp_path / "charts" / "profile-r-1.png").is_file()
    write.write(tmp_path, FLAG, facts(), Tally(), {})
    assert not (tmp_path / "charts").exists()


def test_a_profile_of_an_earlier_day_goes(tmp_path):
    put(tmp_path, {"tissues": picture("tissues")}, {"r/1": picture(), "r/2": picture()})
    put(tmp_path, {"tissues": picture("tissues")}, {"r/2": picture()})
    assert [name for name in files(tmp_path) if name.endswith("png")] == [
        "charts/profile-r-2.png",
        "charts/tissues.png",
    ]
