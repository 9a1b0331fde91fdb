"""The notebook's one object: frames, tracks, pictures, reviews, and errors in one line."""

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import kneewatch as kw
from kneewatch import RunLog, UsageError, columns
from kneewatch.config import Config
from kneewatch.report import payload
from kneewatch.rules import BOOK
from kneewatch.rules.pictures import PICTURES
from kneewatch.units import Units

SAMPLE = Path(__file__).parents[1] / "sample_data"

FRAMES = {
    "runs": (columns.ACTIVITIES, "id"),
    "others": (columns.ACTIVITIES, "id"),
    "weeks": (columns.WEEKS, "week"),
    "days": (columns.DAYS, "day"),
    "shoes": (columns.SHOES, "shoe"),
}


@pytest.fixture(scope="module")
def log() -> RunLog:
    return kw.load(SAMPLE, jobs=1)


def tables(folder: Path, *rows: str, config: str = "") -> Path:
    """A folder with one table, which is read in no time."""
    folder.mkdir(exist_ok=True)
    header = "date,time,distance km,duration,surface,shoe,notes"
    (folder / "log.csv").write_text("\n".join((header, *rows)) + "\n", "utf-8")
    if config:
        (folder / "kneewatch.toml").write_text(config, "utf-8")
    return folder


def weekly(first: date, weeks: int) -> list[str]:
    """Three runs a week."""
    days = pd.date_range(first, periods=7 * weeks)
    return [
        f"{day:%Y-%m-%d},18:00,8.0,0:48:00,road,,ok"
        for number, day in enumerate(days)
        if number % 7 in (0, 2, 5)
    ]


@pytest.fixture
def small(tmp_path: Path) -> RunLog:
    return kw.load(tables(tmp_path / "log", *weekly(date(2025, 6, 2), 10)), jobs=1)


# ---- frames


@pytest.mark.parametrize("name", FRAMES)
def test_frames_are_the_dictionarys(log: RunLog, name: str) -> None:
    table, index = FRAMES[name]
    frame = getattr(log, name)
    assert type(frame) is pd.DataFrame
    assert frame.columns.tolist() == list(table)
    assert frame.index.name == index
    assert frame.index.is_unique
    assert len(frame) > 0
    for column, entry in table.items():
        kind = "datetime64[us, UTC]" if entry.kind == "time" else columns.DTYPES[entry.kind]
        assert str(frame[column].dtype) == kind, column


@pytest.mark.parametrize("name", FRAMES)
def test_an_empty_folder_has_all_its_columns(log: RunLog, tmp_path: Path, name: str) -> None:
    empty = getattr(kw.load(tmp_path), name)
    assert type(empty) is pd.DataFrame
    assert empty.columns.tolist() == list(FRAMES[name][0])
    assert empty.index.name == FRAMES[name][1]
    assert len(empty) == {"weeks": 6, "days": 28}.get(name, 0)
    assert empty.dtypes.to_dict() == getattr(log, name).dtypes.to_dict()


def test_an_empty_folder_is_reviewed_and_drawn(tmp_path: Path) -> None:
    log = kw.load(tmp_path)
    review = log.check()
    assert review.findings == ()
    assert review.attention.level == "not-enough-history"
    assert log.as_of == date.today()
    assert len(review.to_frame()) == 0
    assert "not enough history" in review._repr_html_()
    for name in PICTURES:
        assert isinstance(log.plot(name), Axes)


def test_the_sample_is_counted_as_it_was_made(log: RunLog) -> None:
    tally = log.tally
    assert tally.runs == len(log.runs)
    assert tally.other_activities == len(log.others)
    assert set(log.runs["sport"]) == {"running"}
    assert "running" not in set(log.others["sport"])
    assert log.runs["start"].is_monotonic_increasing
    assert log.runs["local_date"].max() == "2025-11-02"
    assert log.as_of == date(2025, 11, 2)
    assert log.weeks.index[-1] == "2025-10-27"
    # The weeks hold every run and every metre.
    assert log.weeks["runs"].sum() == len(log.runs)
    assert log.weeks["distance_m"].sum() == pytest.approx(log.runs["distance_m"].sum())
    assert log.shoes["runs"].sum() == (log.runs["shoe"] != "").sum()


# ---- tracks


def id_of(log: RunLog, part: str) -> str:
    (found,) = [run for run, row in log.runs.iterrows() if part in row["sources"][0]]
    return str(found)


@pytest.mark.parametrize(
    "part",
    [
        "watch/2025-06-28-09-12-53.fit",
        "watch/2025-11-02-09-20-00.fit.gz",
        "phone/2025-08-28-18-12-40.gpx",
        "tcx/2025-09-16-17-50-47.tcx.gz",
        "older.zip!/2025-06-17-18-04-11.fit",
    ],
)
def test_a_track_is_read_again(log: RunLog, part: str) -> None:
    run = id_of(log, part)
    track = log.track(run)
    assert type(track) is pd.DataFrame
    assert track.columns.tolist() == [name for name in columns.TRACK if name in track]
    assert len(track) > 100
    assert track["time_s"].is_monotonic_increasing
    assert track.dtypes.unique().tolist() == [np.dtype("float64")]
    if "distance_m" in track:
        assert track["distance_m"].max() == pytest.approx(log.runs["distance_m"][run], rel=0.02)
    else:
        assert part.endswith(".gpx")


def test_a_row_of_a_table_has_an_empty_track(small: RunLog) -> None:
    track = small.track(str(small.runs.index[0]))
    assert type(track) is pd.DataFrame
    assert len(track) == 0


# ---- pictures


@pytest.mark.parametrize("name", PICTURES)
def test_a_plot_is_axes(log: RunLog, name: str) -> None:
    ax = log.plot(name)
    assert isinstance(ax, Axes)
    assert log.picture(name).name == name


def test_a_plot_goes_where_it_is_told(log: RunLog) -> None:
    left, right = Figure(figsize=(12, 4)).subplots(1, 2)
    assert log.plot("weekly_distance", ax=right) is right
    assert right.has_data()
    assert not left.has_data()
    assert log.plot("weekly_distance") is not right


def test_a_profile_is_a_picture_of_its_run(log: RunLog) -> None:
    steep = str(log.runs["descent_m"].idxmax())
    picture = log.profile(steep)
    assert picture.series
    heights = np.concatenate([series.y for series in picture.series])
    assert np.nanmax(heights) - np.nanmin(heights) > 100


# ---- reviews


def test_check_is_the_review_of_its_day(log: RunLog) -> None:
    review = log.check()
    assert review is log.check()
    assert review.as_of == log.as_of
    assert [finding.code for finding in review.findings]
    told = [a.code for a in (*review.findings, *review.kept, *review.cannot_tell)]
    assert set(told) == set(BOOK)


def test_a_day_in_any_form(log: RunLog) -> None:
    day = date(2025, 9, 28)
    forms = (day, "2025-09-28", datetime(2025, 9, 28, 23, 59), pd.Timestamp(day))
    told = [payload.check(log.check(as_of=form)) for form in forms]
    assert all(review == told[0] for review in told)
    assert told[0]["as_of"] == "2025-09-28"
    assert told[0] != payload.check(log.check())
    # Asking for another day does not move the log's own.
    assert log.as_of == date(2025, 11, 2)


@pytest.mark.parametrize("day", ["2025-08-03", "2025-08-24"])
def test_a_day_is_reviewed_as_if_nothing_had_come_after_it(
    log: RunLog, tmp_path: Path, day: str
) -> None:
    """The same from all files and from those of the day and before."""
    for file in SAMPLE.rglob("*"):
        target = tmp_path / file.relative_to(SAMPLE)
        dated = file.name[:4] == "2025"
        if file.is_file() and (
            file.name[:10] <= day if dated else file.suffix in (".zip", ".toml")
        ):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
    rows = (SAMPLE / "treadmill.csv").read_text("utf-8").splitlines()
    past = [rows[0], *(row for row in rows[1:] if row[:10] <= day)]
    (tmp_path / "treadmill.csv").write_text("\n".join(past) + "\n", "utf-8")
    before = kw.load(tmp_path, as_of=day, jobs=1)
    assert before.runs["local_date"].max() == day
    assert len(before.runs) < len(log.runs)
    # The ids of a table's rows and of files come from their content.
    assert payload.check(before.check()) == payload.check(log.check(as_of=day))


def test_load_takes_a_day_too(small: RunLog) -> None:
    early = kw.load(*small.paths, as_of="2025-06-30", jobs=1)
    assert early.as_of == date(2025, 6, 30)
    assert early.runs["local_date"].max() <= "2025-06-30"
    assert len(early.runs) < len(small.runs)
    assert payload.check(early.check()) == payload.check(small.check("2025-06-30"))
    # The account of the files is that of all files.
    assert early.tally == small.tally


def test_findings_as_a_frame(log: RunLog) -> None:
    review = log.check()
    frame = review.to_frame()
    names = "code name severity grade start end observed limit unit message"
    assert " ".join(frame.columns) == names
    assert frame["code"].tolist() == [finding.code for finding in review.findings]
    assert frame["message"].tolist() == [finding.message for finding in review.findings]
    assert set(frame["severity"]) <= {"note", "caution", "warning", "urgent"}


def test_a_notebook_shows_the_runners_words_as_words(tmp_path: Path) -> None:
    config = "[[shoe]]\nname = \"<script>alert('x')</script> & co\"\nworn = '900 km'\n"
    log = kw.load(tables(tmp_path / "log", *weekly(date(2025, 6, 2), 10), config=config), jobs=1)
    review = log.check()
    (worn,) = [finding for finding in review.findings if finding.code == "KW401"]
    assert "<script>alert('x')</script> & co" in worn.message
    html = review._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "&amp; co" in html
    assert worn.end in html


def test_where_there_is_no_page_a_notebook_shows_a_table_of_text(log: RunLog) -> None:
    class Printer:
        said = ""

        def text(self, words: str) -> None:
            self.said += words

    printer, review = Printer(), log.check()
    review._repr_pretty_(printer, cycle=False)
    heading, empty, _, *rows = printer.said.splitlines()
    assert heading == (
        f"clear jump as of 2025-11-02; {len(review.kept)} rules kept, "
        f"{len(review.cannot_tell)} cannot tell"
    )
    assert empty == ""
    assert [row.split()[0] for row in rows] == [finding.code for finding in review.findings]
    assert max(map(len, printer.said.splitlines())) < 100


def test_a_notebook_shows_whole_messages(log: RunLog) -> None:
    html = log.check()._repr_html_()
    longest = max((finding.message for finding in log.check().findings), key=len)
    assert len(longest) > 100
    assert longest.replace("&", "&amp;") in html


# ---- explain


@pytest.mark.parametrize("code", sorted(BOOK))
def test_explain_tells_what_a_rule_is(code: str) -> None:
    text = kw.explain(code)
    rule = BOOK[code]
    assert code in text
    assert rule.name in text
    assert " ".join(rule.title.split()) in " ".join(text.split())
    assert text == kw.explain(code.lower())


# ---- settings


def test_settings_are_found_beside_the_files(tmp_path: Path) -> None:
    folder = tables(tmp_path / "log", *weekly(date(2025, 6, 2), 6), config="units = 'mi'\n")
    found = kw.load(folder, jobs=1)
    assert found.config.units == Units("mi")
    assert kw.load(folder / "log.csv", jobs=1).config.units == Units("mi")
    assert kw.load(folder, units="km", jobs=1).config.units == Units("km")
    assert kw.load(folder, config=Config(), jobs=1).config == Config()
    other = tmp_path / "other.toml"
    other.write_text("ignore = ['KW101']\n", "utf-8")
    ignoring = kw.load(folder, config=str(other), jobs=1)
    assert "KW101" in {untold.code for untold in ignoring.check().cannot_tell}


def test_a_log_is_read_and_never_written(tmp_path: Path) -> None:
    folder = tables(tmp_path / "log", *weekly(date(2025, 6, 2), 6))
    shutil.copy(SAMPLE / "older.zip", folder)
    before = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in folder.rglob("*")}
    log = kw.load(folder, jobs=1)
    log.check()
    log.track(str(log.runs.index[0]))
    after = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in folder.rglob("*")}
    assert after == before


def test_several_paths_are_one_log(small: RunLog, tmp_path: Path) -> None:
    more = tables(tmp_path / "more", *weekly(date(2025, 9, 1), 2))
    both = kw.load(*small.paths, str(more), jobs=1)
    assert len(both.runs) == len(small.runs) + 6
    twice = kw.load(*small.paths, *small.paths, jobs=1)
    assert len(twice.runs) == len(small.runs)


def test_progress_is_told_of_each_file(small: RunLog) -> None:
    told: list[tuple[int, int, str]] = []
    kw.load(*small.paths, jobs=1, progress=lambda *what: told.append(what))
    assert told == [(1, 1, "log/log.csv")]


# ---- the user's errors


ERRORS: dict[str, Callable[[RunLog, Path], object]] = {
    "no path": lambda log, tmp: kw.load(),
    "missing path": lambda log, tmp: kw.load(tmp / "nowhere"),
    "missing settings": lambda log, tmp: kw.load(tmp, config=tmp / "nowhere.toml"),
    "unknown units": lambda log, tmp: kw.load(tmp, units="miles"),  # type: ignore[arg-type]
    "no day to load": lambda log, tmp: kw.load(tmp, as_of="yesterday"),
    "no such day": lambda log, tmp: kw.load(tmp, as_of="2025-02-30"),
    "no day to check": lambda log, tmp: log.check("2.11.2025"),
    "unknown id": lambda log, tmp: log.track("no-such-run"),
    "unknown id to draw": lambda log, tmp: log.profile("no-such-run"),
    "no track to draw": lambda log, tmp: log.profile(str(log.runs.index[0])),
    "unknown picture": lambda log, tmp: log.plot("weekly_milage"),
    "unknown rule": lambda log, tmp: kw.explain("KW999"),
}


@pytest.mark.parametrize("kind", ERRORS)
def test_an_error_of_the_users_is_one_line(small: RunLog, tmp_path: Path, kind: str) -> None:
    with pytest.raises(kw.KneewatchError) as caught:
        ERRORS[kind](small, tmp_path)
    said = str(caught.value)
    assert len(said.splitlines()) == 1
    # What was found, and what was expected or what to do.
    assert any(
        word in said for word in ("expected", "there are", "name a", "log.runs", "cannot be")
    )


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("missing path", "nowhere"),
        ("unknown units", "'miles'"),
        ("no such day", "'2025-02-30'"),
        ("unknown id", "'no-such-run'"),
        ("unknown picture", "'weekly_milage'"),
        ("unknown rule", "'KW999'"),
    ],
)
def test_an_error_names_what_was_found(
    small: RunLog, tmp_path: Path, kind: str, found: str
) -> None:
    with pytest.raises(UsageError, match=found):
        ERRORS[kind](small, tmp_path)


def test_an_unknown_picture_names_the_known(small: RunLog) -> None:
    with pytest.raises(UsageError) as caught:
        small.picture("nothing")
    assert all(name in str(caught.value) for name in PICTURES)


def test_a_run_after_the_day_has_no_profile(log: RunLog) -> None:
    early = kw.load(SAMPLE / "watch" / "2025-06-28-09-12-53.fit", as_of="2025-06-27", jobs=1)
    assert len(early.runs) == 0
    run = id_of(log, "2025-06-28-09-12-53.fit")
    assert len(early.track(run)) > 100
    with pytest.raises(UsageError, match="2025-06-27"):
        early.profile(run)


def test_a_file_that_has_gone(tmp_path: Path) -> None:
    name = "2025-06-28-09-12-53.fit"
    file = Path(shutil.copy(SAMPLE / "watch" / name, tmp_path))
    log = kw.load(tmp_path, jobs=1)
    run = str(log.runs.index[0])
    assert len(log.track(run)) > 100
    file.write_bytes((SAMPLE / "watch" / "2025-07-19-09-15-17.fit").read_bytes())
    with pytest.raises(UsageError, match="changed; load the log again"):
        log.track(run)
    file.unlink()
    with pytest.raises(UsageError, match=r"2025-06-28-09-12-53\.fit is no longer there"):
        log.track(run)
