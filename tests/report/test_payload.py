"""JSON is stable, in SI units, and says null where nothing is known."""

import json
import math
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from kneewatch import columns
from kneewatch.model import (
    CannotTell,
    Duplicate,
    Finding,
    Kept,
    NotActivity,
    Problem,
    Severity,
    Tally,
)
from kneewatch.report import payload
from kneewatch.rules.facts import Attention, Coverage, Review, RoomLeft

RUN_KEYS = [
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

SPIKE = Finding(
    code="KW102",
    name="session-spike",
    severity=Severity.CAUTION,
    grade="B",
    start="2025-11-02",
    end="2025-11-02",
    observed=np.float64(1.4),
    limit=1.1,
    unit="ratio",
    message="longer",
    runs=("r1",),
    tissues=("popliteus",),
    advice="less",
    papers=("frandsen2025",),
    weight=0.46,
)


def review(**changes):
    fields = {
        "as_of": date(2025, 11, 2),
        "attention": Attention("change", 1.59, 280, ("longer",)),
        "findings": (SPIKE,),
        "kept": (Kept("KW103", "spread", "even"),),
        "cannot_tell": (CannotTell("KW201", "descent-spike", "no altitude"),),
        "room_left": RoomLeft(13000.0, math.nan, None),
        "coverage": Coverage(140, None, None, 0, 0, {"gps": np.float64(0.5)}, 0, 0, 0, 0, None),
    }
    return Review(**{**fields, **changes})


def run_frame(*rows):
    index = pd.Index([f"r{number}" for number in range(len(rows))], name="id", dtype=object)
    return columns.frame(columns.ACTIVITIES, rows, index)


def week_frame(*rows):
    index = pd.Index([f"2025-10-{6 + 7 * n:02d}" for n in range(len(rows))], dtype=object)
    return columns.frame(columns.WEEKS, rows, index)


def run(**values):
    return {"start": datetime(2025, 11, 2, 7, 30, tzinfo=UTC), **values}


def test_check_has_exactly_its_keys():
    told = payload.check(review())
    assert list(told) == [
        "schema",
        "as_of",
        "level",
        "attention",
        "findings",
        "kept",
        "cannot_tell",
        "room_left",
        "coverage",
        "unread",
        "symptoms",
        "knee",
    ]
    assert told["schema"] == 1
    assert told["as_of"] == "2025-11-02"
    assert told["level"] == "change"
    assert told["attention"] == {
        "ratio": 1.59,
        "one_in": 280,
        "reasons": ["longer"],
        "baseline": None,
        "baseline_reason": "",
    }
    assert told["symptoms"] is None
    assert told["kept"] == [{"code": "KW103", "name": "spread", "message": "even"}]
    assert told["cannot_tell"] == [{"code": "KW201", "name": "descent-spike", "why": "no altitude"}]
    assert told["coverage"]["altitude"] == {"gps": 0.5}


def test_a_finding_has_its_keys_and_its_severity_as_a_word():
    (told,) = payload.check(review())["findings"]
    assert list(told) == [
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
    assert told["severity"] == "caution"
    assert told["runs"] == ["r1"]
    assert type(told["observed"]) is float


def test_what_cannot_be_told_is_null():
    left = payload.check(review())["room_left"]
    calm = {"calm_run_m": None, "calm_week_m": None, "calm_descent_m": None}
    assert left == {"run_m": 13000.0, "week_m": None, "descent_m": None, **calm}


def test_a_review_of_nothing_is_whole():
    empty = Review(date(2025, 1, 1), Attention("not-enough-history", None, None, ()))
    told = payload.check(empty)
    assert list(told["attention"].values()) == [None, None, [], None, ""]
    assert told["findings"] == []
    assert told["coverage"] is None
    json.loads(payload.dumps(told))


def test_runs_begin_with_the_promised_keys():
    (told,) = payload.runs(run_frame(run(distance_m=np.float64(9000), sources=["a.fit", "b.gpx"])))
    assert list(told)[: len(RUN_KEYS)] == RUN_KEYS
    assert told["id"] == "r0"
    assert told["start"] == "2025-11-02T07:30:00+00:00"
    assert told["distance_m"] == 9000.0
    assert told["sources"] == ["a.fit", "b.gpx"]
    assert told["avg_hr_bpm"] is None


def test_runs_leave_nothing_out_but_histograms_and_sums():
    (told,) = payload.runs(run_frame(run()))
    left_out = set(columns.ACTIVITIES) - set(told)
    histograms = {"ga_speed_histogram_s", "heart_rate_histogram_s", "surge_histogram"}
    assert left_out == histograms | {"step_rate_sums", "stance_time_sums"}


def test_no_runs_are_an_empty_list():
    assert payload.runs(run_frame()) == []
    assert payload.weeks(week_frame()) == []
    assert payload.shoes(columns.frame(columns.SHOES, [], pd.Index([], dtype=object))) == []


def test_an_unknown_week_is_null_and_not_empty():
    unknown, known = payload.weeks(
        week_frame(
            {"known": False, "distance_m": 0.0, "runs": 1, "longest_m": 5000.0, "days_off": 6},
            {"known": True, "complete": True, "distance_m": 0.0, "days_off": 7},
        )
    )
    assert unknown["week"] == "2025-10-06"
    assert unknown["known"] is False
    assert unknown["distance_m"] is None
    assert unknown["longest_m"] is None
    assert unknown["days_off"] is None
    assert unknown["runs"] == 1
    assert known["distance_m"] == 0.0
    assert known["days_off"] == 7
    assert list(known)[:6] == ["week", "distance_m", "runs", "longest_m", "descent_m", "known"]


def test_shoes_have_their_name():
    frame = columns.frame(
        columns.SHOES, [{"distance_m": 7e5, "runs": 3}], pd.Index(["Old"], dtype=object)
    )
    (told,) = payload.shoes(frame)
    assert told["shoe"] == "Old"
    assert told["runs"] == 3
    assert told["weekly_m"] is None


def test_the_doctors_counts_are_integers_that_add_up():
    tally = Tally(
        files=7,
        runs=3,
        other_activities=1,
        duplicates=(Duplicate("b", "a", "same"),),
        not_activities=(NotActivity("c", "settings"),),
        unreadable=1,
        problems=(Problem("d", "cut"),),
        assumptions=(Problem("e", "kilometres"),),
    )
    told = payload.doctor(tally)
    assert list(told) == [
        "files",
        "runs",
        "other_activities",
        "duplicates",
        "not_activities",
        "unreadable",
        "entries",
        "problems",
        "duplicate_of",
        "not_activity_list",
        "assumptions",
    ]
    counts = list(told.values())[:7]
    assert all(type(count) is int for count in counts)
    assert sum(counts[1:6]) == counts[6] == 7
    assert told["duplicate_of"] == [{"source": "b", "kept": "a", "reason": "same"}]
    assert told["not_activity_list"] == [{"source": "c", "reason": "settings"}]
    assert told["assumptions"] == [{"source": "e", "reason": "kilometres"}]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.int64(3), 3),
        (np.bool_(True), True),
        (math.inf, None),
        (pd.NaT, None),
        (pd.NA, None),
        (np.array([1.0, math.nan]), [1.0, None]),
        (pd.Timestamp("2025-01-01", tz="UTC"), "2025-01-01T00:00:00+00:00"),
        (date(2025, 1, 1), "2025-01-01"),
        ((1, {"a": frozenset({"y", "x"})}), [1, {"a": ["x", "y"]}]),
    ],
)
def test_plain_knows_what_frames_hold(value, expected):
    assert payload.plain(value) == expected


def test_dumps_is_valid_json_whatever_a_file_is_called():
    text = payload.dumps({"source": "a\udcff.fit", "title": "Lauf über <b>", "nan": math.nan})
    assert json.loads(text)["nan"] is None
    assert "über" in text
    text.encode("utf-8")
