"""The audit's tables: counts first, refusals in words, no promise."""

from __future__ import annotations

import io
import json
import re
from datetime import date, timedelta

import pytest
from numpy.random import default_rng
from rich.console import Console
from squads import history

from kneewatch import evidence
from kneewatch.audit.hold import hold
from kneewatch.audit.noted import Event
from kneewatch.audit.outcome import Audit, History
from kneewatch.audit.ratios import Interval
from kneewatch.audit.triggers import Trigger, Triggers
from kneewatch.audit.verdicts import Verdict
from kneewatch.report import audit_payload, audit_tables
from kneewatch.units import Units

BOOK = evidence.load()

FOUND = Triggers(
    entries=60,
    runs=55,
    in_pain=7,
    unknown=4,
    episodes=8,
    rows=(
        Trigger("descent", "m", 120.0, "median", 27, 9, 28, 3, 8, 9, Interval(0.226, 0.01, 0.43)),
        Trigger("hard-time", "s", 720.0, "median", 27, 3, 28, 3, 6, 9, Interval(0.004, -0.2, 0.2)),
        Trigger("speed", "m/s", 3.0, "median", 27, 3, 28, 3, 6, 9, Interval(0.004, -0.2, 0.2)),
        Trigger("longer-than-30-days", "ratio", 1.1, "limit", 3, 1, 52, 9, refused="3 and 52 runs"),
    ),
)


def printed(audit: Audit, found: Triggers | None = None, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    with console.capture() as capture:
        audit_tables.audit(console, audit, found, Units())
    return capture.get()


@pytest.fixture(scope="module")
def many() -> Audit:
    rng = default_rng(1)
    return hold([history(rng, 300, 0.05, 0.1) for _ in range(3)], BOOK)


@pytest.fixture(scope="module")
def few() -> Audit:
    return hold([history(default_rng(2), 200, 0.05, 0.1)], BOOK)


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_how_often_each_rule_spoke_comes_first(few: Audit) -> None:
    text = flat(printed(few))
    assert text.startswith("How often each rule spoke")
    rate = next(rate for rate in few.alarm_rates if rate.code == "KW102")
    assert f"KW102 session-spike {rate.spoke} {rate.told} {round(100 * rate.share)} %" in text
    level = next(rate for rate in few.alarm_rates if rate.code == "level-change")
    assert f"change-or-more: runs that reached it {level.spoke} {level.told}" in text
    assert f"it stood {level.stood} {level.told}" in text
    assert level.stood > level.spoke


def test_rules_that_could_never_tell_are_named() -> None:
    day = date(2025, 1, 1)
    verdict = Verdict(day, True, "usual", 1.0, (), ("KW201",), "usual", 1.0)
    assert "Could not tell on any of them: KW201." in flat(
        printed(hold([History((verdict,))], BOOK))
    )


def test_few_events_are_said_and_no_ratio_is_given(few: Audit) -> None:
    text = flat(printed(few))
    assert f"Too few events: {few.onsets} onsets, and it takes 20" in text
    assert "Rate ratio" not in text
    assert "Brier" not in text


def test_the_heading_says_what_was_noted_where_and_how_often(few: Audit) -> None:
    text = flat(printed(few))
    assert f"Of the onsets {few.onsets} at the back of the knee." in text
    assert f"{few.entry_days} days of {few.followed_days:,} held an entry" in text
    assert re.search(r"an onset in about \d+ \(\d+ to \d+\) of 100 stretches of 7 days", text)


def test_pain_that_began_before_the_notes_is_said_to_be_no_onset() -> None:
    day = date(2025, 1, 1)
    audit = hold([History((), (Event(day),), ((day, day + timedelta(days=14)),), (day,))], BOOK)
    text = flat(printed(audit))
    assert "1 episode hurt on the first day of the notes, or on the first after four weeks" in text
    assert "Base rate" not in text, "no day on which an onset could begin"


def test_enough_events_give_ratio_and_interval(many: Audit) -> None:
    text = flat(printed(many))
    assert "Rate ratio" in text
    assert "Brier" in text
    by_run = many.signal("KW102").held[0]
    assert f"{by_run.alerts} of {by_run.exposed + by_run.quiet}" in text
    assert f"{by_run.ratio.value:.2f} ({by_run.ratio.low:.2f} to {by_run.ratio.high:.2f})" in text
    assert f"No difference that stands out from chance in {many.comparisons} comparisons" in text


def test_a_difference_is_said_as_going_together() -> None:
    rng = default_rng(3)
    audit = hold([history(rng, 400, 1 / 60, 0.08, ratio=6.0) for _ in range(20)], BOOK)
    text = flat(printed(audit))
    assert "more onsets after KW102 session-spike (by run)" in text
    assert "the audit cannot say why" in text


@pytest.mark.parametrize("word", ["predict", "safe.", "prevents", "risk of injury", "probability"])
def test_nothing_is_promised(many: Audit, few: Audit, word: str) -> None:
    for audit in (many, few):
        assert word not in printed(audit, FOUND).lower()
    assert "whether a quiet day was safe" in flat(printed(many))


def test_who_noted_nothing_is_told_what_to_note() -> None:
    text = printed(hold([History(())], BOOK))
    assert "No pain and no injury was noted" in text
    assert "Hits" not in text


def test_triggers_with_counts_before_the_difference(few: Audit) -> None:
    text = flat(printed(few, FOUND, width=110))
    assert "descent above 120 m 9 of 27 3 of 28 +23 % +1 % to +43 %" in text
    assert "hard minutes above 12 min" in text
    assert "speed above 5:33 /km 3 of 27 3 of 28 +0 %" in text
    assert "3 and 52 runs" in text
    assert "55 runs with an entry" in text
    assert "of 8 times that something began to hurt" in text
    assert "7 runs with pain in the three days before, and 4 without an entry" in text


def test_thin_triggers_are_refused(few: Audit) -> None:
    text = flat(printed(few, Triggers(3, 3, 0, 50, refused="3 days with an entry; it takes 20")))
    assert "Too little noted for a table: 3 days with an entry; it takes 20." in text


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(many: Audit, width: int) -> None:
    assert max(map(len, printed(many, FOUND, width).splitlines())) <= width


def test_json_holds_every_count(many: Audit) -> None:
    said = json.loads(audit_payload.dumps(many, FOUND))
    assert said["schema"] == 1
    assert said["onsets"] == many.onsets
    assert [entry["days"] for entry in said["base_rates"]] == [7, 14]
    signal = next(each for each in said["signals"] if each["code"] == "KW102")
    assert [held["days"] for held in signal["held"]] == [None, 7, 14]
    assert signal["held"][0]["ratio"]["low"] == many.signal("KW102").held[0].ratio.low
    assert len(said["calibration"]["bins"]) == 5
    assert said["triggers"]["rows"][0]["difference"]["value"] == pytest.approx(0.226)
    assert "cannot say" in said["cannot_say"]
