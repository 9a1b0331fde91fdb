"""``kneewatch audit``: one runner, a squad, JSON, and the errors in one line."""

from __future__ import annotations

import json
import random
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import kneewatch as kw
from kneewatch import cli, evidence
from kneewatch.errors import UsageError


def write(folder: Path, seed: int = 1, pain: bool = True) -> Path:
    """A runner of 25 runs, one in eleven twice as long, with an entry after each."""
    rng = random.Random(seed)
    folder.mkdir(parents=True)
    runs, notes = ["date,time,distance km,duration"], ["date,score,when,where,side"]
    for n in range(25):
        day = date(2025, 3, 3) + timedelta(days=3 * n)
        runs.append(f"{day},18:00,{18 if n % 11 == 10 else 8},0:50:00")
        notes.append(f"{day},{5 if n in (12, 20) else rng.choice([0, 1])},after,outer-back,left")
    (folder / "log.csv").write_text("\n".join(runs) + "\n", "utf-8")
    if pain:
        (folder / "pain.csv").write_text("\n".join(notes) + "\n", "utf-8")
    return folder


def call(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(cli.cli, ["audit", "--jobs", "1", *map(str, words)])
    assert result.exit_code == code, (result.output, result.exception)
    return result


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("one") / "ann")


def test_one_runner_in_json(runner: Path) -> None:
    said = json.loads(call(runner, "--json").output)
    assert (said["runners"], said["onsets"], said["enough"]) == (1, 2, False)
    assert [rate["days"] for rate in said["base_rates"]] == [7, 14]
    assert {held["claim"] for s in said["signals"] for held in s["held"]} == {"too few events"}
    assert len(said["days"]) == 25
    assert any("KW102" in day["alerts"] for day in said["days"])
    assert said["triggers"]["runs"] + said["triggers"]["in_pain"] == 25


def test_one_runner_in_words(runner: Path) -> None:
    text = " ".join(call(runner).output.split())
    assert "Too few events: 2 onsets" in text
    assert "KW102 session-spike" in text
    assert "Own pain in the 48 hours after a run" in text
    assert "What this cannot say" in text


def test_a_squad_is_pooled_and_nobody_is_named(tmp_path: Path) -> None:
    write(tmp_path / "squad" / "ann")
    write(tmp_path / "squad" / "bea", seed=2, pain=False)
    result = call("--squad", tmp_path / "squad", "--json", "--days", 10)
    said = json.loads(result.output)
    assert (said["runners"], said["followed_runners"]) == (2, 1)
    assert [rate["days"] for rate in said["base_rates"]] == [7, 10]
    assert (said["triggers"], said["days"]) == (None, [])
    assert "ann" not in set(result.output.split('"'))


def test_without_notes_it_says_what_to_note(tmp_path: Path) -> None:
    text = " ".join(call(write(tmp_path / "a", pain=False)).output.split())
    assert "No pain and no injury was noted" in text
    assert text.startswith("How often each rule spoke"), "that needs no diary"
    assert "KW102 session-spike 2 24 8 %" in text
    said = json.loads(call(tmp_path / "a", "--json").output)
    assert {"code": "KW102", "name": "session-spike", "spoke": 2}.items() <= next(
        rate.items() for rate in said["alarm_rates"] if rate["code"] == "KW102"
    )
    assert len(said["days"]) == 25


def test_judged_as_of_a_past_day_nothing_later_is_known(runner: Path) -> None:
    early = json.loads(call(runner, "--json", "--as-of", "2025-04-20").output)
    late = json.loads(call(runner, "--json").output)
    assert early["days"] == late["days"][: len(early["days"])]
    assert 0 < len(early["days"]) < 25
    assert (early["onsets"], early["last"]) == (1, "2025-04-20")


def test_the_diary_may_be_older_than_its_first_entry(runner: Path) -> None:
    said = json.loads(call(runner, "--json", "--diary-from", "2025-02-01").output)
    assert said["first"] == "2025-02-01"
    with pytest.raises(UsageError, match="expected a day"):
        kw.load(runner, jobs=1).history("yesterday")


def test_the_runner_may_say_how_long_pain_was_noted(runner: Path) -> None:
    assert json.loads(call(runner, "--json").output)["last"] == "2025-05-14", "the log's last day"
    said = json.loads(call(runner, "--json", "--diary-to", "2025-04-30").output)
    assert (said["last"], said["onset_places"]["back"]) == ("2025-04-30", 1)
    wrong = call(runner, "--diary-from", "2025-04-30", "--diary-to", "2025-04-01", code=2)
    assert "which lies before" in wrong.output


def test_a_squads_first_day_is_no_later_than_a_runners_own(tmp_path: Path, runner: Path) -> None:
    """Before the first entry nobody knows, whatever is said of the whole squad."""
    write(tmp_path / "squad" / "ann")
    said = json.loads(
        call("--squad", tmp_path / "squad", "--json", "--diary-from", "2024-01-01").output
    )
    assert (said["first"], said["days_at_risk"]) == (
        "2025-03-03",
        json.loads(call(runner, "--json").output)["days_at_risk"],
    )


def test_a_red_flag_stops_the_audit_of_one_runner(tmp_path: Path) -> None:
    """Counts are no answer to a swollen knee."""
    folder = write(tmp_path / "ann")
    with (folder / "pain.csv").open("a", encoding="utf-8") as lines:
        lines.write("2025-05-14,8,after,back,left\n")
    text = call(folder).output
    assert text.startswith("See a doctor today")
    assert "How often" not in text
    said = json.loads(call(folder, "--json").output)
    assert said.keys() == {"schema", "symptoms"}
    assert said["symptoms"]["urgency"] == "same_day"


def test_in_a_squad_the_runner_with_a_red_flag_is_named_first(tmp_path: Path) -> None:
    write(tmp_path / "squad" / "ann")
    bea = write(tmp_path / "squad" / "bea", seed=2)
    with (bea / "pain.csv").open("a", encoding="utf-8") as lines:
        lines.write("2025-05-14,8,after,back,left\n")
    text = " ".join(call("--squad", tmp_path / "squad").output.split())
    assert re.match(r"\S*bea: a sign was noted that belongs to a clinician", text)
    assert "How often each rule spoke" in text
    said = json.loads(call("--squad", tmp_path / "squad", "--json").output)
    assert said["red_flags"] == [str(bea)]


def test_the_days_are_counted_while_they_are_judged(runner: Path) -> None:
    told: list[tuple[int, int]] = []
    kw.load(runner, jobs=1, cache=False).history(progress=lambda *count: told.append(count))
    assert told[-1] == (25, 25)


def test_json_says_by_what_it_was_said(runner: Path) -> None:
    """EVIDENCE 13: each alert stored with version."""
    said = json.loads(call(runner, "--json").output)["program"]
    assert said["evidence"] == evidence.digest()
    assert re.fullmatch(r"[0-9a-f]{16}", said["evidence"])
    assert re.match(r"\d+\.\d+", said["version"])


def test_errors_in_one_line(tmp_path: Path, runner: Path) -> None:
    assert "does not exist" in call("--squad", tmp_path / "gone", code=2).output
    assert "named twice" in call("--squad", runner, runner, code=2).output
    assert "expected a day" in call(runner, "--diary-from", "soon", code=2).output
