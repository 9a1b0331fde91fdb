"""The command line: shapes of JSON and CSV, exit codes, errors in one line, nothing written."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner, Result

import kneewatch as kw
from kneewatch import cli, log
from kneewatch.cli import screen
from kneewatch.config import Config
from kneewatch.errors import UsageError
from kneewatch.ingest import Ingested, ingest
from kneewatch.rules import BOOK

SAMPLE = Path(__file__).parents[1] / "sample_data"

TRACEBACK = "Traceback"

_INGESTED: dict[str, Ingested] = {}


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample takes seconds to read, and is the same for every verb."""

    def once(paths: list[Path], config: Config, **how: Any) -> Ingested:
        if paths != [SAMPLE]:
            return ingest(paths, config, **how)
        key = repr(config)
        if key not in _INGESTED:
            _INGESTED[key] = ingest(paths, config, **how)
        return _INGESTED[key]

    monkeypatch.setattr(log, "ingest", once)


def call(*words: object, code: int = 0) -> Result:
    """What a command prints; its exit code is as expected."""
    result = CliRunner().invoke(cli.cli, [str(word) for word in words])
    assert result.exit_code == code, (result.output, result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert TRACEBACK not in result.output
    return result


def refuse(constant: str) -> NoReturn:
    raise AssertionError(f"{constant} is no JSON")


def parsed(result: Result) -> Any:
    """JSON as other programs read it: without NaN and Infinity."""
    assert result.stderr == ""
    return json.loads(result.stdout, parse_constant=refuse)


def run(*words: object, **how: Any) -> subprocess.CompletedProcess[str]:
    """The program itself."""
    command = [sys.executable, "-m", "kneewatch", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **how)


def one_line(text: str) -> str:
    """The one line that an error of the user's is."""
    assert TRACEBACK not in text
    assert text.startswith("kneewatch: ")
    assert text.count("\n") == 1
    assert text.endswith("\n")
    return text.removeprefix("kneewatch: ").rstrip("\n")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Ten weeks of two runs, the last of which is 14 km after 10."""
    first = date(2025, 4, 7)
    rows = ["date,sport,distance (km),duration"]
    for week in range(10):
        for day, km in ((0, 10.0), (3, 5.0)):
            far = 14.0 if (week, day) == (9, 0) else km
            rows.append(f"{first + timedelta(weeks=week, days=day)},running,{far},1:00:00")
    path = tmp_path / "log" / "training.csv"
    path.parent.mkdir()
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


# --- shapes --------------------------------------------------------------------------------------

RUN = [
    "id",
    "start",
    "local_date",
    "sport",
    "sub_sport",
    "surface",
    "distance_m",
    "moving_s",
    "elapsed_s",
    "ascent_m",
    "descent_m",
    "device_descent_m",
    "altitude_source",
    "steep_down_m",
    "steps",
    "avg_hr_bpm",
    "avg_cadence_spm",
    "shoe",
    "sources",
]
WEEK = ["week", "distance_m", "runs", "longest_m", "descent_m", "known"]
FINDING = [
    "code",
    "name",
    "severity",
    "grade",
    "start",
    "end",
    "observed",
    "limit",
    "unit",
    "message",
    "runs",
    "tissues",
    "advice",
    "papers",
]


def test_runs_as_json() -> None:
    rows = parsed(call("runs", SAMPLE, "--json"))
    assert isinstance(rows, list)
    assert len(rows) == 77
    for row in rows:
        assert list(row)[: len(RUN)] == RUN
        assert row["sport"] == "running"
        assert row["start"].endswith("+00:00")
        assert date.fromisoformat(row["local_date"])
        assert row["distance_m"] > 0
        assert row["altitude_source"] in {"barometer", "gps", "device", "none"}
        assert row["surface"] in {"hard", "firm", "soft", "uneven", "treadmill", "unknown"}
        assert all(isinstance(source, str) for source in row["sources"])
        assert row["sources"]
    assert [row["start"] for row in rows] == sorted(row["start"] for row in rows)
    assert len({row["id"] for row in rows}) == 77
    assert len({tuple(row) for row in rows}) == 1, "the same keys in each"
    treadmill = [row for row in rows if row["surface"] == "treadmill"]
    assert treadmill
    assert all(row["descent_m"] is None for row in treadmill), "not measured is null"


def test_weeks_as_json() -> None:
    rows = parsed(call("weeks", SAMPLE, "--json"))
    assert len(rows) == 20
    for row in rows:
        assert list(row)[: len(WEEK)] == WEEK
        assert date.fromisoformat(row["week"]).weekday() == 0
        assert type(row["known"]) is bool
        assert type(row["runs"]) is int
    assert sum(row["runs"] for row in rows) == 77
    total = sum(row["distance_m"] for row in parsed(call("runs", SAMPLE, "--json")))
    assert sum(row["distance_m"] for row in rows) == pytest.approx(total)


def test_weeks_before_the_first_file_are_null(table: Path) -> None:
    rows = parsed(call("weeks", table, "--json", "--as-of", "2025-04-13"))
    assert [row["known"] for row in rows] == [False] * 5 + [True]
    assert {row["distance_m"] for row in rows[:5]} == {None}
    assert rows[-1]["distance_m"] == 15_000


def test_days_are_told_and_called_no_warning() -> None:
    rows = parsed(call("days", SAMPLE, "--json"))
    assert list(rows[0])[:3] == ["day", "known", "distance_m"]
    assert len(rows) == 139
    total = sum(row["distance_m"] for row in parsed(call("runs", SAMPLE, "--json")))
    assert sum(row["distance_m"] for row in rows) == pytest.approx(total)
    text = " ".join(call("days", SAMPLE).stdout.split())
    assert "The last 28 of 139 days" in text
    assert "None of these figures is a warning" in text


def test_days_before_the_first_file_are_null(table: Path) -> None:
    rows = parsed(call("days", table, "--json", "--as-of", "2025-04-13"))
    assert len(rows) == 28
    unknown = [row for row in rows if not row["known"]]
    assert unknown
    assert {row["distance_m"] for row in unknown} == {None}
    assert "unknown" in call("days", table, "--as-of", "2025-04-13").stdout


def test_check_as_json() -> None:
    said = parsed(call("check", SAMPLE, "--json"))
    assert said["schema"] == 1
    assert said["as_of"] == "2025-11-02"
    assert said["level"] == "clear-jump"
    assert list(said["findings"][0]) == FINDING
    for finding in said["findings"]:
        assert list(finding) == FINDING
        assert finding["severity"] in {"note", "caution", "warning"}
        assert finding["grade"] in {"A", "B", "C", "D", "convention"}
        assert isinstance(finding["observed"], float)
        assert isinstance(finding["limit"], float)
        assert finding["papers"]
    assert [finding["code"] for finding in said["findings"]][:3] == ["KW102", "KW201", "KW202"]
    kept = {answer["code"] for answer in said["kept"]}
    untold = {answer["code"] for answer in said["cannot_tell"]}
    found = {finding["code"] for finding in said["findings"]}
    assert kept | untold | found == set(BOOK)
    assert not kept & found
    assert {"run_m", "week_m", "descent_m"} <= said["room_left"].keys()
    assert said["coverage"]["runs"] == 77


def test_what_cannot_be_told_has_a_reason(table: Path) -> None:
    said = parsed(call("check", table, "--json"))
    assert {answer["code"] for answer in said["cannot_tell"]} >= {"KW201", "KW202", "KW301"}
    for answer in said["cannot_tell"]:
        assert answer["why"]
    assert said["room_left"]["descent_m"] is None
    assert said["room_left"]["run_m"] == pytest.approx(15_400)


def test_runs_of_findings_are_runs() -> None:
    ids = {row["id"] for row in parsed(call("runs", SAMPLE, "--json"))}
    for finding in parsed(call("check", SAMPLE, "--json"))["findings"]:
        assert set(finding["runs"]) <= ids


def test_doctor_as_json() -> None:
    said = parsed(call("doctor", SAMPLE, "--json"))
    assert {"files", "runs", "other_activities", "duplicates", "not_activities"} <= said.keys()
    assert (said["files"], said["runs"], said["other_activities"]) == (77, 77, 1)
    parts = ("runs", "other_activities", "duplicates", "not_activities", "unreadable")
    assert sum(said[part] for part in parts) == said["entries"]
    assert [list(problem) for problem in said["problems"]] == [["source", "reason"]]
    assert "ends early" in said["problems"][0]["reason"]


def test_shoes_as_json() -> None:
    rows = parsed(call("shoes", SAMPLE, "--json"))
    assert [row["shoe"] for row in rows] == ["Road old", "Trail", "Track", "Road daily"]
    assert [row["retired"] for row in rows] == [True, False, False, False]
    assert rows[1]["start_m"] == 105_000
    assert all(row["distance_m"] >= row["start_m"] for row in rows)


@pytest.mark.parametrize("verb", ["runs", "weeks", "days", "shoes"])
def test_csv_holds_what_json_holds(verb: str) -> None:
    rows = parsed(call(verb, SAMPLE, "--json"))
    table = list(csv.DictReader(io.StringIO(call(verb, SAMPLE, "--csv").stdout)))
    assert len(table) == len(rows)
    assert list(table[0]) == list(rows[0])
    for cells, row in zip(table, rows, strict=True):
        for name, value in row.items():
            if value is None:
                assert cells[name] == ""
            elif isinstance(value, bool):
                assert cells[name] == str(value)
            elif isinstance(value, (int, float)):
                assert float(cells[name]) == value
            elif isinstance(value, list):
                assert cells[name] == "; ".join(value)
            elif isinstance(value, dict):
                assert cells[name] == "; ".join(f"{key}: {said}" for key, said in value.items())
            else:
                assert cells[name] == value


@pytest.mark.parametrize("verb", ["runs", "shoes"])
def test_an_empty_table_has_its_columns(verb: str, tmp_path: Path) -> None:
    ride = tmp_path / "ride.csv"
    ride.write_text("date,sport,distance (km)\n2025-05-01,cycling,20\n", "utf-8")
    lines = call(verb, ride, "--csv").stdout.splitlines()
    assert lines == call(verb, SAMPLE, "--csv").stdout.splitlines()[:1]
    assert parsed(call(verb, ride, "--json")) == []


def test_json_or_csv() -> None:
    result = call("runs", SAMPLE, "--json", "--csv", code=2)
    assert "--json or --csv, not both" in result.stderr


# --- what is printed -----------------------------------------------------------------------------


def test_check_says_level_room_and_that_silence_is_no_promise() -> None:
    text = " ".join(call("check", SAMPLE).stdout.split())
    assert text.startswith("A clear jump, as of 2 November 2025")
    assert "about 45 % longer" in text
    assert "No warning does not mean safe" in text
    assert "It does not diagnose" in text
    for finding in parsed(call("check", SAMPLE, "--json"))["findings"]:
        assert finding["code"] in text
        assert finding["message"] in text


@pytest.mark.parametrize("verb", ["check", "runs", "weeks", "days", "shoes"])
def test_miles(verb: str, table: Path) -> None:
    table.with_name("kneewatch.toml").write_text("[[shoe]]\nname = 'Blue'\n", "utf-8")
    miles = call(verb, table, "--units", "mi").stdout
    assert re.search(r"\d mi\b", miles)
    assert not re.search(r"\d km\b", miles)
    assert re.search(r"\d km\b", call(verb, table).stdout)


def test_json_is_in_si_units_whatever_the_units(table: Path) -> None:
    def lengths(*more: str) -> list[float]:
        return [row["distance_m"] for row in parsed(call("weeks", table, "--json", *more))]

    assert lengths("--units", "mi") == lengths("--units", "km")
    assert 15_000 in lengths()


@pytest.mark.parametrize("verb", ["runs", "weeks", "days", "shoes", "doctor"])
def test_tables_fit_a_pipe(verb: str) -> None:
    text = call(verb, SAMPLE).stdout
    assert "\x1b" not in text
    assert len(text.splitlines()) > 3
    assert max(len(line) for line in text.splitlines()) <= 100


def test_as_of() -> None:
    said = parsed(call("check", SAMPLE, "--json", "--as-of", "2025-10-26"))
    assert (said["as_of"], said["level"]) == ("2025-10-26", "usual")
    rows = parsed(call("runs", SAMPLE, "--json", "--as-of", "2025-10-26"))
    assert max(row["local_date"] for row in rows) <= "2025-10-26"
    assert len(rows) == 72


def test_another_configuration(table: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text("units = 'mi'\nignore = ['KW102']\n", "utf-8")
    said = parsed(call("check", table, "--json", "--config", other))
    assert {"code": "KW102", "name": "session-spike", "why": "switched off in kneewatch.toml"} in (
        said["cannot_tell"]
    )
    beside = table.with_name("kneewatch.toml")
    beside.write_text("ignore = ['KW101']\n", "utf-8")
    found = {finding["code"] for finding in parsed(call("check", table, "--json"))["findings"]}
    assert "KW102" in found
    assert "KW101" not in found
    again = parsed(call("check", table, "--json", "--config", other))
    assert "KW101" in {finding["code"] for finding in again["findings"]}, "in its stead"


def test_the_option_outweighs_the_file(table: Path) -> None:
    table.with_name("kneewatch.toml").write_text("units = 'mi'\n", "utf-8")
    assert " mi" in call("weeks", table).stdout
    assert " km" in call("weeks", table, "--units", "km").stdout


def test_one_process_or_two_print_the_same(tmp_path: Path) -> None:
    for number in range(12):
        day = date(2025, 5, 1) + timedelta(days=2 * number)
        row = f"date,sport,distance (km)\n{day},running,{number + 3}\n"
        (tmp_path / f"{number}.csv").write_text(row, "utf-8")
    one, two = (run("check", tmp_path, "--json", "--jobs", jobs) for jobs in (1, 2))
    assert one.stdout == two.stdout
    assert json.loads(one.stdout)["coverage"]["runs"] == 12


def test_explain() -> None:
    text = " ".join(call("explain", "kw102").stdout.split())
    for said in ("KW102", "session-spike", "5,205 runners", "30 days", "Br J Sports Med", "Try"):
        assert said in text, said
    everything = call("explain", "--all").stdout
    listed = call("explain").stdout
    for code, rule in BOOK.items():
        assert rule.title.rstrip(".") in " ".join(call("explain", code).stdout.split())
        assert code in listed
        assert code in everything
    assert re.findall(r"KW\d+", listed) == sorted(BOOK)
    assert kw.explain("KW102").split() == call("explain", "KW102").stdout.split()


# --- exits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("loud", "code"), [("note", 3), ("caution", 3), ("warning", 0), (None, 0)])
def test_fail_on(loud: str | None, code: int) -> None:
    """The loudest of the sample is a caution."""
    words = ["--fail-on", loud] if loud else []
    assert parsed(call("check", SAMPLE, "--json", *words, code=code))["level"] == "clear-jump"
    assert "A clear jump" in call("check", SAMPLE, *words, code=code).stdout


def test_a_warning_fails_on_warning(table: Path) -> None:
    with table.open("a", encoding="utf-8") as file:
        file.write("2025-06-14,running,30,2:40:00\n")
    call("check", table, "--fail-on", "warning", code=3)
    call("check", table, "--fail-on", "warning", "--as-of", "2025-06-13")
    call("check", table, "--fail-on", "urgent", code=2)


def test_nothing_found_does_not_fail(table: Path) -> None:
    call("check", table, "--fail-on", "note", "--as-of", "2025-06-08")


def test_a_missing_path(tmp_path: Path) -> None:
    for verb in ("report", "check", "runs", "weeks", "shoes", "doctor"):
        result = call(verb, tmp_path / "nope", code=2)
        assert one_line(result.stderr).endswith(
            "nope does not exist; expected a file, folder or archive"
        )
        assert result.stdout == ""
    assert not (tmp_path / "kneewatch-report").exists()


@pytest.mark.parametrize("day", ["2025-13-01", "2025-02-30", "yesterday", "02.11.2025", ""])
def test_a_bad_date(day: str, table: Path) -> None:
    said = one_line(call("check", table, "--as-of", day, code=2).stderr)
    assert said == f"as-of is {day!r}, expected a day such as 2025-11-02"


def test_a_bad_date_in_a_notebook(table: Path) -> None:
    with pytest.raises(UsageError, match="expected a day such as"):
        kw.load(table, as_of="soon")
    with pytest.raises(UsageError, match="expected a day such as"):
        kw.load(table).check("soon")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("units = ", "not valid TOML"),
        ("unit = 'mi'", "unknown key 'unit'; did you mean 'units'?"),
        ("home_timezone = 'Mars'", "home_timezone is 'Mars'"),
    ],
)
def test_a_bad_configuration(table: Path, text: str, said: str) -> None:
    path = table.with_name("kneewatch.toml")
    path.write_text(text, "utf-8")
    for words in ((table,), (table.parent,), (table, "--config", path)):
        line = one_line(call("check", *words, code=2).stderr)
        assert line.startswith(str(path))
        assert said in line


def test_a_configuration_that_is_not_there(table: Path, tmp_path: Path) -> None:
    line = one_line(call("check", table, "--config", tmp_path / "no.toml", code=2).stderr)
    assert "no.toml: cannot be opened" in line


def test_two_configurations(table: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for folder in (table.parent, other):
        (folder / "kneewatch.toml").write_text("", "utf-8")
    assert "more than one kneewatch.toml" in one_line(
        call("check", table.parent, other, code=2).stderr
    )
    call("check", table.parent, other, "--config", other / "kneewatch.toml")


def test_nothing_usable(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for verb in ("report", "check", "runs", "weeks", "shoes"):
        result = call(verb, empty, code=1)
        assert one_line(result.stderr).startswith("no file found; expected a folder, zip or file")
    (empty / "notes.txt").write_text("bought new laces", "utf-8")
    assert one_line(call("check", empty, code=1).stderr).startswith("no activity in 1 file; the")
    assert parsed(call("doctor", empty, "--json"))["not_activities"] == 1


def test_nothing_before_that_day(table: Path) -> None:
    assert one_line(call("check", table, "--as-of", "2020-01-01", code=1).stderr) == (
        "no activity on or before 2020-01-01; choose a later --as-of"
    )


def test_other_activities_alone_are_something(tmp_path: Path) -> None:
    ride = tmp_path / "ride.csv"
    ride.write_text("date,sport,distance (km)\n2025-05-01,cycling,20\n", "utf-8")
    said = parsed(call("check", ride, "--json"))
    assert (said["level"], said["findings"]) == ("not-enough-history", [])
    assert [answer["code"] for answer in said["kept"]] == ["KW131"], "they are counted, no more"


def test_an_unknown_rule() -> None:
    line = one_line(call("explain", "KW999", code=2).stderr)
    assert line.startswith("no rule 'KW999'; there are: KW101, KW102,")


@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("check", SAMPLE, "--units", "leagues"),
        ("check", SAMPLE, "--jobs", "0"),
        ("check", SAMPLE, "--fail-on", "loud"),
        ("check", SAMPLE, "--colour"),
        ("chek", SAMPLE),
    ],
    ids=lambda words: " ".join(str(word) for word in words if word != SAMPLE),
)
def test_wrong_usage(words: tuple[object, ...]) -> None:
    result = call(*words, code=2)
    assert "Error: " in result.stderr
    assert result.stdout == ""


def test_a_report_that_cannot_be_written(table: Path) -> None:
    line = one_line(call("report", table, "-o", table / "below", code=2).stderr)
    assert "the report cannot be written" in line
    assert "name another folder" in line


# --- the report ----------------------------------------------------------------------------------


def test_report(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    result = call("report", SAMPLE, "-o", folder, "--fail-on", "caution", code=3)
    assert f"The report lies in {folder / 'index.html'}" in result.stdout
    assert result.stdout.startswith("A clear jump")
    written = json.loads((folder / "report.json").read_text("utf-8"), parse_constant=refuse)
    assert written["level"] == "clear-jump"
    assert [len(written[key]) for key in ("runs", "weeks", "shoes")] == [77, 20, 4]
    assert "<html" in (folder / "index.html").read_text("utf-8")
    assert "KW102" in (folder / "report.md").read_text("utf-8")
    assert len(list((folder / "charts").glob("*.png"))) >= 6


def test_report_as_json_prints_what_it_writes(table: Path, tmp_path: Path) -> None:
    printed = parsed(call("report", table, "-o", tmp_path / "out", "--json"))
    assert printed == json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert {"findings", "runs", "weeks", "shoes", "doctor"} <= printed.keys()


def test_demo(tmp_path: Path) -> None:
    result = call("demo", "-o", tmp_path / "out")
    assert "A clear jump, as of 2 November 2025" in result.stdout
    assert (tmp_path / "out" / "index.html").is_file()


def test_the_default_folder_is_here(table: Path, tmp_path: Path) -> None:
    done = run("report", table, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kneewatch-report", "log"]
    assert (tmp_path / "kneewatch-report" / "index.html").is_file()


# --- the user's folder ---------------------------------------------------------------------------


def digest(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Every file and folder below: content, mode, time of the last change."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder",
            path.stat().st_mode,
            path.stat().st_mtime_ns,
        )
        for path in [folder, *sorted(folder.rglob("*"))]
    }


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Path]:
    """A small part of the sample, of each kind of file, that cannot be written to."""
    folder = tmp_path / "mine"
    names = (
        "kneewatch.toml",
        "treadmill.csv",
        "older.zip",
        "phone/2025-08-28-18-12-40.gpx",
        "phone/2025-10-14-17-20-19.gpx.gz",
        "tcx/2025-09-02-18-02-31.tcx",
        "watch/2025-09-13-09-04-13.fit",
    )
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SAMPLE / name, folder / name)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_the_users_folder_is_not_touched(copy: Path, tmp_path: Path) -> None:
    before = digest(copy)
    assert len(before) == 11
    for verb in ("check", "runs", "weeks", "shoes", "doctor"):
        call(verb, copy, "--jobs", "1")
    call("report", copy, "-o", tmp_path / "out", "--jobs", "2")
    assert digest(copy) == before


# --- the cache, and what is left unread ----------------------------------------------------------


def gpx(day: date, km: float) -> str:
    points = "".join(
        f'<trkpt lat="{48 + 0.009 * km * part / 20:.6f}" lon="11.5">'
        f"<time>{day}T07:{2 * part:02}:00Z</time></trkpt>"
        for part in range(21)
    )
    return f'<gpx version="1.1"><trk><type>running</type><trkseg>{points}</trkseg></trk></gpx>'


@pytest.fixture(scope="module")
def four_years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run every third day for four years up to the end of 2024, ever a little longer."""
    folder = tmp_path_factory.mktemp("four") / "years"
    folder.mkdir()
    for number in range(487):
        day = date(2024, 12, 31) - timedelta(days=3 * number)
        file = folder / f"{day}.gpx"
        file.write_text(gpx(day, 5 + (487 - number) % 5 + (number == 1) * 6), "utf-8")
        os.utime(file, (1.7e9, 1.7e9))
    return folder


def test_check_reads_no_more_than_its_rules_ask_for(four_years: Path) -> None:
    part = parsed(call("check", four_years, "--no-cache", "--json"))
    whole = parsed(call("check", four_years, "--no-cache", "--json", "--all"))
    assert part["unread"]["files"] > 300
    assert whole["unread"] == {"files": 0, "before": None}
    assert [finding["code"] for finding in part["findings"]]
    for key in set(whole) - {"unread", "coverage"}:
        assert part[key] == whole[key], key
    said = " ".join(call("check", four_years, "--no-cache").stdout.split())
    assert f"since no rule looks there: {part['unread']['files']} from before" in said
    assert "check --all reads them too" in said
    assert "unread, since" not in call("check", four_years, "--no-cache", "--all").stdout


def test_a_log_read_in_part_judges_no_other_day(four_years: Path) -> None:
    part = kw.load(four_years, cache=False, recent=True, as_of="2024-12-31")
    assert part.tally.unread > 300
    assert part.check("2024-12-31") is part.check()
    with pytest.raises(UsageError, match="files left unread"):
        part.check("2022-06-01")
    read_from = part.tally.read_from
    assert read_from is not None
    before = part.weeks[part.weeks.index < read_from.isoformat()]
    assert len(before) > 150
    # What was not read is not known to be rest.
    assert not before["known"].any()
    assert before.loc[before["runs"] == 0, "distance_m"].isna().all()
    assert part.weeks["known"].iloc[-12:].all()
    said = " ".join(call("check", four_years, "--no-cache", "--as-of", "2022-06-01").stdout.split())
    assert " from later days; check --all" in said
    assert "History from" in said


def test_ctrl_c_is_one_line(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*given: Any, **named: Any) -> Ingested:
        raise KeyboardInterrupt

    monkeypatch.setattr(log, "ingest", pressed)
    said = one_line(call("check", table, code=130).stderr)
    assert said == "stopped; what was read is remembered, run it again to go on"
    assert one_line(call("check", table, "--no-cache", code=130).stderr) == "stopped"


def test_the_index_stands_for_what_is_left_unread(four_years: Path, tmp_path: Path) -> None:
    """A shoe that the vendor's index names has its whole mileage, read or not."""
    export = tmp_path / "export"
    (export / "activities").mkdir(parents=True)
    rows = ["Activity ID,Activity Date,Activity Name,Activity Type,Distance,Filename,Activity Gear"]
    for number, file in enumerate(sorted(four_years.glob("*.gpx"))):
        shutil.copy2(file, export / "activities" / f"{number}.gpx")
        day, km = date.fromisoformat(file.stem), 5 + (number + 1) % 5
        when = f"{day:%b} {day.day}, {day.year}, 7:00:00 AM"
        gear = "Old" if day.year < 2024 else "New"
        rows.append(f'{number},"{when}",Run,Run,{km}.0,activities/{number}.gpx,{gear}')
    (export / "activities.csv").write_text("\n".join(rows), "utf-8")
    words = ("check", export, "--no-cache", "--as-of", "2024-12-31")
    part, whole = (
        kw.load(export, cache=False, as_of="2024-12-31", recent=r) for r in (True, False)
    )
    assert part.tally.unread > 300
    assert len(part.runs) == len(whole.runs) == 487
    for shoe in ("Old", "New"):
        assert part.shoes.loc[shoe, "distance_m"] == pytest.approx(
            whole.shoes.loc[shoe, "distance_m"], rel=0.02
        )
    [told, all_told] = [parsed(call(*words, "--json", *more)) for more in ((), ("--all",))]
    assert [f["code"] for f in told["findings"]] == [f["code"] for f in all_told["findings"]]
    assert told["level"] == all_told["level"]


def test_a_day_before_all_files_is_said(four_years: Path) -> None:
    words = ("check", four_years, "--no-cache", "--as-of", "2000-01-01")
    for more in ((), ("--all",)):
        assert one_line(call(*words, *more, code=1).stderr) == (
            "no activity on or before 2000-01-01; choose a later --as-of"
        )


@pytest.mark.parametrize(
    ("written", "as_of"), [("2025-06-01", "2023-06-01"), ("1970-01-01", "2024-12-31")]
)
def test_the_day_of_the_export_is_not_that_of_the_run(
    four_years: Path, tmp_path: Path, written: str, as_of: str
) -> None:
    head = f"<metadata><time>{written}T00:00:00Z</time></metadata><trk>"
    for file in four_years.iterdir():
        (tmp_path / file.name).write_text(file.read_text("utf-8").replace("<trk>", head), "utf-8")
    words = ("check", tmp_path, "--no-cache", "--json", "--as-of", as_of)
    part, whole = parsed(call(*words)), parsed(call(*words, "--all"))
    assert part["unread"]["files"] > 300
    assert part["coverage"]["history_days"] == whole["coverage"]["history_days"]
    for key in set(whole) - {"unread", "coverage"}:
        assert part[key] == whole[key], key


def test_all_other_verbs_read_everything(four_years: Path) -> None:
    assert len(parsed(call("runs", four_years, "--json"))) == 487


@pytest.mark.parametrize(
    ("shoe", "unread"),
    [
        ('name = "A"', False),
        ('name = "A"\nsince = 2024-11-01', True),
        ('name = "A"\nuntil = 2022-01-01', True),
    ],
)
def test_shoes_are_counted_from_their_first_day(
    four_years: Path, tmp_path: Path, shoe: str, unread: bool
) -> None:
    settings = tmp_path / "kneewatch.toml"
    settings.write_text(f"[[shoe]]\n{shoe}\n", "utf-8")
    words = ("check", four_years, "--config", settings, "--as-of", "2024-12-31", "--no-cache")
    found = parsed(call(*words, "--json"))
    whole = parsed(call(*words, "--json", "--all"))
    assert (found["unread"]["files"] > 0) is unread
    assert found["findings"] == whole["findings"]
    if "until" in shoe:
        # Of retired pairs alone nothing is known without their time, and nothing asked.
        assert {kept["code"] for kept in whole["kept"]} >= {kept["code"] for kept in found["kept"]}
    else:
        assert found["kept"] == whole["kept"]


def test_cache_info_and_clear(table: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KNEEWATCH_CACHE_DIR", str(tmp_path / "cache"))
    assert "0 files and 0 contents in 0.0 MB" in call("cache", "info").stdout
    os.utime(table, (1.7e9, 1.7e9))
    call("check", table, "--no-cache")
    assert not (tmp_path / "cache").exists()
    before = call("check", table).stdout
    where, held = call("cache", "info").stdout.splitlines()
    assert where == str(tmp_path / "cache" / "rows.sqlite")
    assert held.startswith("1 file and 1 content in ")
    assert call("check", table).stdout == before
    assert call("cache", "clear").stdout.startswith("deleted ")
    assert "0 files" in call("cache", "info").stdout
    assert call("check", table).stdout == before


def test_no_cache_is_said_once_and_costs_nothing_else(
    table: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = call("check", table).stdout
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("KNEEWATCH_CACHE_DIR", str(tmp_path / "file"))
    result = call("check", table)
    assert result.stdout == before
    assert one_line(result.stderr).startswith("nothing is remembered for next time: ")


# --- the program ---------------------------------------------------------------------------------


def test_help() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: python -m kneewatch")
    commands = re.findall(r"^  ([a-z]+)  ", done.stdout.partition("Commands:")[2], re.M)
    assert commands == [
        "report",
        "check",
        "plan",
        "runs",
        "weeks",
        "days",
        "shoes",
        "explain",
        "doctor",
        "duplicates",
        "audit",
        "init",
        "archive",
        "pain",
        "injury",
        "weekly",
        "demo",
        "cache",
    ]
    assert run("-h").stdout == done.stdout


@pytest.mark.parametrize("verb", [*cli.cli.commands, "cache info", "cache clear"])
def test_every_verb_has_help(verb: str) -> None:
    text = call(*verb.split(), "--help").stdout
    assert text.startswith(f"Usage: cli {verb}")
    assert "Options:" in text


def test_version() -> None:
    assert kw.__version__ in call("--version").stdout


def test_in_a_pipe_there_is_neither_colour_nor_progress(table: Path) -> None:
    coloured = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    coloured.pop("NO_COLOR", None)
    done = run("check", table, env=coloured)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert done.stderr == ""
    assert "KW102" in done.stdout


def test_on_a_terminal_there_is_progress(table: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "kneewatch", "check", str(table), "--json"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color"},
        check=True,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            chunk = os.read(ours, 4096)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    os.close(ours)
    assert b"reading" in shown
    assert json.loads(done.stdout)["schema"] == 1, "and none of it in the output"


def test_errors_of_the_program(table: Path, tmp_path: Path) -> None:
    missing = run("check", tmp_path / "nope")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "does not exist" in one_line(missing.stderr)
    empty = tmp_path / "empty"
    empty.mkdir()
    nothing = run("runs", empty, "--json")
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert one_line(nothing.stderr)
    loud = run("check", table, "--fail-on", "caution")
    assert (loud.returncode, loud.stderr) == (3, "")


def test_a_reader_that_has_seen_enough_is_no_error(table: Path) -> None:
    """`kneewatch runs log | head -1` ends without a traceback."""
    program = subprocess.Popen(
        [sys.executable, "-m", "kneewatch", "explain", "--all"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    assert program.stderr is not None
    assert "KW101" in program.stdout.readline()
    program.stdout.close()
    said = program.stderr.read()
    program.stderr.close()
    program.wait()
    assert TRACEBACK not in said


# --- the diary -----------------------------------------------------------------------------------


def test_pain_is_noted_beside_the_data_and_outranks_the_log(table: Path) -> None:
    folder = table.parent
    told = call("pain", "add", 4, "--date", "2025-06-09", "--where", "outer-back", "--side", "left",
                "--when", "morning", folder)  # fmt: skip
    assert told.stdout == f"noted in {folder / 'pain.csv'}\n"
    assert (folder / "pain.csv").read_text() == (
        "date,score,when,where,side,signs,note\n2025-06-09,4,morning,outer-back,left,,\n"
    )
    told = parsed(call("check", folder, "--as-of", "2025-06-09", "--json"))
    assert told["level"] == "symptoms"
    assert told["symptoms"]["urgency"] == "hold"


def test_a_red_flag_is_answered_at_once(tmp_path: Path) -> None:
    said = " ".join(call("pain", "add", 3, "--sign", "swollen-calf", tmp_path).stdout.split())
    assert "See a doctor today" in said
    assert "new swelling of one calf" in said
    assert "calf-swelling" in (tmp_path / "pain.csv").read_text()
    alone = call("check", tmp_path)
    assert "See a doctor today" in alone.stdout, "without a single activity"
    assert call("pain", "add", "--sign", "seen", tmp_path).stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pain", "add"), "no score"),
        (("pain", "add", "11"), "expected 0 for no pain to 10"),
        (("pain", "add", "3", "nowhere"), "nowhere is no folder"),
        (("pain", "add", "3", ".", "more"), "one word too many"),
        (("pain", "add", "3", "--sign", "swolen"), "did you mean 'swollen'?"),
        (("pain", "add", "3", "--sign", "calf sweling"), "did you mean 'calf-swelling'?"),
        (("pain", "add", "3", "--date", "9 June"), "expected a day"),
        (("pain", "add", "3", "--date", "2999-01-01"), "lies ahead of today"),
        (("pain", "add", "3", "--side", "upper"), "expected one of: left, right, both"),
        (("pain", "add", "3", "--when", "noon"), "expected one of: during, after, morning"),
        (("injury", "add", "--from", "2999-01-01"), "lies ahead of today"),
        (("injury", "add", "--from", "2025-06-09", "--to", "2025-06-01"), "on or after"),
    ],
)
def test_a_note_that_makes_no_sense_is_refused_in_one_line(
    words: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in one_line(call(*words, code=2).stderr)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ("--sign", "chest pain"),
        ("--sign", "chest-pain", "--sign", "twinge"),
        ("--sign", "chest", "pain"),
        ("40", "--sign", "chest-pain"),
        ("--sign", "chest-pain", "nowhere"),
        ("--sign", "chest-pain", "--date", "9 June"),
        ("--sign", "chest-pain", "--date", "2999-01-01"),
        ("--sign", "chest-pain", "--when", "noon"),
        ("--sign", "chest-pain", "--side", "upper"),
    ],
)
def test_an_emergency_is_answered_whatever_else_is_wrong(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli.cli, ["pain", "add", *words])
    assert "Get help now" in done.stdout
    assert "Call the emergency number now" in " ".join(done.stdout.split())
    assert done.exit_code == (0 if words == ("--sign", "chest pain") else 2)


def test_an_emergency_is_answered_though_it_cannot_be_noted(tmp_path: Path) -> None:
    """The file has no column for signs, or is no file at all."""
    (tmp_path / "pain.csv").write_text("date,score\n2025-06-01,3\n")
    done = call("pain", "add", "--sign", "chest-pain", tmp_path, code=2)
    assert "Get help now" in done.stdout
    assert "not noted" in one_line(done.stderr)
    assert "no column 'signs'" in done.stderr
    assert (tmp_path / "pain.csv").read_text() == "date,score\n2025-06-01,3\n"
    (tmp_path / "pain.csv").unlink()
    (tmp_path / "pain.csv").mkdir()
    closed = call("pain", "add", 9, "--where", "behind left knee", tmp_path, code=2)
    assert "severe pain" in closed.stdout
    assert "cannot be written" in one_line(closed.stderr)


def test_a_report_with_a_red_flag_takes_the_charts_of_the_day_before_away(
    table: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    told = ("report", table.parent, "--as-of", "2025-06-09", "-o", out)
    call(*told)
    assert len(list((out / "charts").iterdir())) > 10
    call("pain", "add", 3, "--sign", "calf swelling", "--date", "2025-06-09", table.parent)
    shown = call(*told).stdout
    assert "KW102" not in shown
    assert sorted(path.name for path in out.iterdir()) == [
        "index.html",
        "report.json",
        "report.md",
    ]


def test_notes_in_an_archive_are_said_to_be_unread(table: Path, tmp_path: Path) -> None:
    """Nothing is silently lost: the accounts hold it, and no verdict passes over it."""
    packed = tmp_path / "packed" / "all.zip"
    packed.parent.mkdir()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(table, "log/runs.csv")
        archive.writestr("log/pain.csv", "date,signs\n2025-06-09,chest-pain\n")
    for _ in range(2):
        told = parsed(call("doctor", packed, "--json"))
        assert (told["files"], told["runs"], told["unreadable"], told["entries"]) == (2, 20, 1, 21)
        (problem,) = told["problems"]
        assert problem["source"] == "all.zip!/log/pain.csv"
        assert "put the file beside the archive" in problem["reason"]
    checked = parsed(call("check", packed, "--as-of", "2025-06-09", "--json"))
    assert checked["level"] == "symptoms"
    assert checked["symptoms"]["urgency"] == "unread"
    # A copy of what lies beside is none that is lost.
    (packed.parent / "pain.csv").write_text("date,score\n2025-06-09,0\n")
    beside = parsed(call("check", packed.parent, "--as-of", "2025-06-09", "--json"))
    assert beside["symptoms"] is None
    assert len(parsed(call("doctor", packed.parent, "--json"))["problems"]) == 1


def test_notes_one_folder_up_are_heard(table: Path) -> None:
    home = table.parent
    watch = home / "watch"
    watch.mkdir()
    table.rename(watch / table.name)
    (home / "pain.csv").write_text("date,score\n2025-06-01,1\n")
    told = call("pain", "add", 7, "--date", "2025-06-09", watch)
    assert told.stdout == f"noted in {home / 'pain.csv'}\n"
    assert told.stderr == ""
    checked = parsed(call("check", watch, "--as-of", "2025-06-09", "--json"))
    assert checked["symptoms"]["urgency"] == "pause"
    other = home / "other"
    other.mkdir()
    (other / "run.fit").write_bytes(b"")
    doubted = parsed(call("check", watch, "--as-of", "2025-06-09", "--json"))
    assert doubted["symptoms"]["urgency"] == "unread"
    assert "may be another runner's" in doubted["symptoms"]["because"][0]


def test_a_note_says_where_it_went_and_whether_it_will_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = call("pain", "add", 3)
    assert told.stdout == f"noted in {tmp_path.resolve() / 'pain.csv'}\n"
    assert f"no activity lies in {tmp_path.resolve()}" in one_line(told.stderr)
    (tmp_path / "run.gpx").touch()
    assert call("pain", "add", 3).stderr == ""


def test_an_injury_is_noted_and_stands_in_the_review(table: Path) -> None:
    folder = table.parent
    call("injury", "add", "--from", "2025-06-01", "--where", "calf", "--side", "left", folder)
    told = parsed(call("check", folder, "--as-of", "2025-06-09", "--json"))
    assert "KW805" in {finding["code"] for finding in told["findings"]}


def test_an_injury_is_closed_by_a_second_line(table: Path) -> None:
    folder = table.parent
    call("injury", "add", "--from", "2025-06-01", "--where", "outer back", "--side", "left", folder)
    before = (folder / "injuries.csv").read_text()
    call("injury", "end", folder, "--on", "2025-06-05")
    text = (folder / "injuries.csv").read_text()
    assert text == before + "2025-06-01,2025-06-05,outer-back,left,\n"
    told = parsed(call("check", folder, "--as-of", "2025-06-09", "--json"))
    assert told["symptoms"]["urgency"] == "return"
    early = parsed(call("check", folder, "--as-of", "2025-06-04", "--json"))
    assert early["symptoms"]["urgency"] == "injury", "that it would end was not known"
    assert "no injury goes on" in one_line(call("injury", "end", folder, code=2).stderr)


def test_which_injury_ends_is_asked_where_several_go_on(table: Path) -> None:
    folder = table.parent
    for where in ("calf", "outer-back"):
        call("injury", "add", "--from", "2025-06-01", "--where", where, folder)
    asked = one_line(call("injury", "end", folder, "--on", "2025-06-05", code=2).stderr)
    assert "several go on (calf from 2025-06-01; outer-back from 2025-06-01)" in asked
    other = call("injury", "end", folder, "--where", "thigh", "--on", "2025-06-05", code=2)
    assert "none such" in one_line(other.stderr)
    call("injury", "end", folder, "--where", "calf", "--on", "2025-06-05")
    last = (folder / "injuries.csv").read_text().splitlines()[-1]
    assert last == "2025-06-01,2025-06-05,calf,,"
    wrong = call("injury", "end", folder, "--on", "2025-05-05", code=2)
    assert "on or after the first" in one_line(wrong.stderr)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ("8", "17", "8", "8", "--where", "outer back", "--side", "left"),
            "8,17,8,8,outer-back,left,",
        ),
        (("0",), "0,,,,,,"),
        (("0", "17", "8", "8"), "0,,,,,,"),
    ],
)
def test_weekly_answers_are_noted(words: tuple[str, ...], line: str, tmp_path: Path) -> None:
    told = call("weekly", "add", *words, tmp_path, "--date", "2025-06-08")
    assert told.stdout == f"noted in {tmp_path / 'ostrc.csv'}\n"
    assert (tmp_path / "ostrc.csv").read_text() == (
        f"date,q1,q2,q3,q4,where,side,note\n2025-06-08,{line}\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "four answers of 0, 8, 17, 25"),
        (("8", "17"), "four answers"),
        (("8",), "four answers"),
        (("8", "17", "8", "6"), "four answers"),
        (("8", ".", "8", "8", "8"), "points first, then a folder"),
        (("8", "8", "8", "8", "--date", "2999-01-01"), "lies ahead"),
    ],
)
def test_weekly_answers_that_make_no_sense(
    words: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in one_line(call("weekly", "add", *words, code=2).stderr)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("typed", "line", "asked"),
    [("8\n17\n9\n8\n25\n", "8,17,8,25,,,", 4), ("0\n", "0,,,,,,", 1)],
)
def test_at_a_terminal_the_four_questions_are_asked(
    typed: str, line: str, asked: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "at_terminal", lambda: True)
    words = ["weekly", "add", str(tmp_path), "--date", "2025-06-08"]
    done = CliRunner().invoke(cli.cli, words, input=typed)
    assert done.exit_code == 0
    assert done.stdout.count("these 7 days?") == asked
    assert "took part in full, without a problem" in done.stdout
    assert (tmp_path / "ostrc.csv").read_text().splitlines()[-1] == f"2025-06-08,{line}"


def test_signs_are_listed_by_urgency() -> None:
    told = call("pain", "signs").stdout
    assert told.index("chest-pain") < told.index("calf-swelling") < told.index("locking")


def test_a_bad_line_of_the_diary_is_a_problem_of_doctor(table: Path) -> None:
    (table.parent / "pain.csv").write_text("date,score\n2025-06-09,12\n")
    told = parsed(call("doctor", table.parent, "--json"))
    assert [item["source"] for item in told["problems"]] == ["pain.csv line 2"]


def test_which_rule_gave_a_run_its_shoe() -> None:
    told = call("shoes", "explain", "2025-11-02", SAMPLE).stdout.splitlines()
    assert told[0].endswith("18.9 km: Trail")
    assert "since 2024-08-15, surface = 'uneven'" in told[-1]
    data = parsed(call("shoes", "explain", "watch/2025-11-02-09-20-00.fit", SAMPLE, "--json"))
    assert data["run"] == told[0]
    assert [f"  {step}" for step in data["steps"]] == told[1:]


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ("2020-01-01", "'2020-01-01': no run"),
        ("no/such.fit", "'no/such.fit': no run"),
    ],
)
def test_one_run_has_to_be_meant(run: str, said: str) -> None:
    assert said in call("shoes", "explain", run, SAMPLE, code=2).stderr


def test_a_day_of_two_runs_is_no_name_of_one(tmp_path: Path) -> None:
    runs = "date,distance,duration\n2025-05-01 07:00,5,30:00\n2025-05-01 18:00,7,40:00\n"
    (tmp_path / "log.csv").write_text(runs, "utf-8")
    assert "2 runs are meant" in call("shoes", "explain", "2025-05-01", tmp_path, code=2).stderr


def test_which_run_is_asked_back() -> None:
    assert "which run?" in call("shoes", "explain", code=2).stderr


def test_a_note_about_no_run_is_told(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "log")
    notes = tmp_path / "log" / "kneewatch.toml"
    more = "\n[[run]]\nrun = '2019-01-01'\nshoe = 'Trail'\n[[run]]\nrun = 2025-10-31\nshoe = 'X'\n"
    notes.write_text(notes.read_text("utf-8") + more, "utf-8")
    told = parsed(call("doctor", tmp_path / "log", "--json"))
    assert [p["reason"] for p in told["problems"] if p["source"] == "kneewatch.toml"] == [
        "[[run]] run = '2019-01-01' names no run that was read"
    ]
    rows = parsed(call("shoes", tmp_path / "log", "--json"))
    assert [row["runs"] for row in rows if row["shoe"] == "X"] == [1]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with an export among the downloads, and nothing plugged in."""
    from kneewatch import discover

    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(discover, "mounts", list)
    (tmp_path / "Downloads").mkdir()
    return tmp_path


def test_without_a_verb_it_lists_exports_and_prints_the_commands(home: Path) -> None:
    shutil.copy(SAMPLE / "older.zip", home / "Downloads")
    told = call().stdout
    assert "activity files, 3 files, 33.9 kB" in told
    assert f"kneewatch report {home}/Downloads/older.zip" in told


def test_without_a_verb_and_an_export_it_helps(home: Path) -> None:
    told = call().stdout
    assert told.startswith("Usage:")
    assert f"looked in {home / 'Downloads'}" in told


@pytest.mark.parametrize(("answer", "reported"), [("1", True), ("none", False), ("", True)])
def test_on_a_terminal_it_asks_once(
    home: Path, monkeypatch: pytest.MonkeyPatch, answer: str, reported: bool
) -> None:
    shutil.copytree(SAMPLE / "watch", home / "Downloads" / "watch")
    monkeypatch.setattr(screen, "at_terminal", lambda: True)
    monkeypatch.chdir(home)
    result = CliRunner().invoke(cli.cli, [], input=f"{answer}\n")
    assert result.exit_code == 0, result.output
    assert (home / "kneewatch-report" / "index.html").exists() is reported


def test_init_writes_once(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE / "watch", tmp_path / "log")
    told = call("init", tmp_path / "log").stdout
    assert "kneewatch.toml" in told
    written = (tmp_path / "log" / "kneewatch.toml").read_text("utf-8")
    assert "Europe/Vienna" in written
    assert "stays as it is" in call("init", tmp_path / "log", code=2).stderr
    assert (tmp_path / "log" / "kneewatch.toml").read_text("utf-8") == written
    call("check", tmp_path / "log")


def test_archive_tells_what_it_copied(tmp_path: Path) -> None:
    library = tmp_path / "library"
    told = call("archive", SAMPLE / "phone", "--into", library).stdout
    assert "3 copied and verified, 0 there already" in " ".join(told.split())
    again = parsed(call("archive", SAMPLE / "phone", "--into", library, "--json"))
    assert (again["copied"], again["known"]) == ([], 3)
    assert "does not exist" in call("archive", tmp_path / "no", "--into", library, code=2).stderr


def test_a_place_that_is_none_is_said_at_once(tmp_path: Path) -> None:
    shutil.copy(SAMPLE / "treadmill.csv", tmp_path)
    done = call("pain", "add", "3", tmp_path, "--where", "toe")
    assert "'toe' is none of the places" in done.stderr
    # What was said of an earlier line is not said again.
    assert "toe" not in call("pain", "add", "3", tmp_path, "--where", "outer-back").stderr
