"""Laws: what must not change when a log is told in another way."""

import math
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneewatch import evidence
from kneewatch.columns import SHOES, SURFACES, WEEKS
from kneewatch.config import Config, Shoe
from kneewatch.metrics.duplicates import merge_duplicates
from kneewatch.metrics.exposure import expose
from kneewatch.model import Activity, Recording
from kneewatch.report import payload
from kneewatch.rules import BOOK, Facts, review
from kneewatch.rules.gather import gather
from kneewatch.units import Units

Row = dict[str, Any]

MONDAY = date(2025, 3, 3)
DAYS = 84
AS_OF = MONDAY + timedelta(days=DAYS - 1)

SHOE_LIST = (
    Shoe("Trail", when={"surface": "uneven"}, worn_m=460_000.0),
    Shoe("Road", worn_m=690_000.0),
)
CONFIG = Config(shoes=SHOE_LIST)

TEXTS = re.compile("message|advice|why|reasons")


def row(number: int, day: date, hour: int, **values: Any) -> Row:
    start = datetime(day.year, day.month, day.day, hour, number % 60, tzinfo=UTC)
    return {
        "id": f"run-{number}",
        "start": start,
        "local_date": day.isoformat(),
        "local_start": start.replace(tzinfo=None).isoformat(),
        "day_from": "file",
        "sport": "running",
        "sub_sport": "generic",
        "sources": (f"{number}.fit",),
        "assumed": "",
        "file_hint": "",
        "surface": "hard",
        "surface_source": "label",
        "shoe": "",
        "shoe_source": "none",
        "altitude_source": "barometer",
        **values,
    }


@st.composite
def logs(draw: st.DrawFn) -> list[Row]:
    """Twelve weeks of a runner: whole metres, so that no sum hangs on its order."""
    rows = []
    for number in range(draw(st.integers(0, 26))):
        metres = float(draw(st.sampled_from([4000, 6000, 8000, 10_000, 14_000, 21_000])))
        known = draw(st.booleans())
        rows.append(
            row(
                number,
                MONDAY + timedelta(days=draw(st.integers(0, DAYS - 1))),
                draw(st.sampled_from([6, 12, 18])),
                sport=draw(st.sampled_from(["running"] * 5 + ["cycling"])),
                surface=draw(st.sampled_from(SURFACES)),
                distance_m=metres,
                moving_s=metres / 2.5,
                descent_m=float(draw(st.sampled_from([0, 40, 200, 500]))) if known else None,
                steep_down_m=float(draw(st.sampled_from([0, 1000]))) if known else None,
                altitude_source="barometer" if known else "none",
                best_400m_s=draw(st.sampled_from([None, 80.0])),
                best_800m_s=draw(st.sampled_from([None, 180.0])),
                best_5000m_s=draw(st.sampled_from([None, 1230.0])),
                avg_cadence_spm=draw(st.sampled_from([None, 168.0])),
                ga_speed_histogram_s=np.full(200, 12.0),
            )
        )
    return rows


def facts(rows: Sequence[Row], config: Config = CONFIG, as_of: date = AS_OF) -> Facts:
    return gather(rows, config, evidence.load(), as_of)


def told(rows: Sequence[Row], config: Config = CONFIG, as_of: date = AS_OF) -> dict[str, Any]:
    return payload.check(review(facts(rows, config, as_of)))


def numbers(value: Any) -> Any:
    """A payload without its sentences."""
    if isinstance(value, dict):
        return {key: numbers(entry) for key, entry in value.items() if not TEXTS.search(key)}
    return [numbers(entry) for entry in value] if isinstance(value, list) else value


def same_frames(one: Facts, other: Facts) -> None:
    for name in ("runs", "others", "weeks", "shoes"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


quick = settings(deadline=None, max_examples=12)


@given(logs(), st.randoms(use_true_random=False))
@quick
def test_the_order_of_the_files_changes_nothing(rows: list[Row], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    same_frames(facts(shuffled), facts(rows))
    assert told(shuffled) == told(rows)
    # On the way through the duplicates as well.
    same_frames(facts(merge_duplicates(shuffled)[0]), facts(merge_duplicates(rows)[0]))


@given(logs())
@quick
def test_every_file_twice_is_every_file_once(rows: list[Row]) -> None:
    again = [r | {"sources": (f"copy of {r['sources'][0]}",)} for r in rows]
    once, _ = merge_duplicates(rows)
    twice, set_aside = merge_duplicates([*rows, *again])
    assert len(twice) == len(once)
    assert len(set_aside) == 2 * len(rows) - len(once)
    assert told(twice) == told(once)


@given(logs())
@quick
def test_kilometres_and_miles_agree(rows: list[Row]) -> None:
    km = told(rows, Config(units=Units("km"), shoes=SHOE_LIST))
    mi = told(rows, Config(units=Units("mi"), shoes=SHOE_LIST))
    assert numbers(km) == numbers(mi)
    said = [finding["message"] for finding in mi["findings"]]
    # What papers measured in kilometres may stay so; distances of the runner's do not.
    assert not any(re.search(r"came to [\d.,]+ km", message) for message in said)


@given(logs(), st.integers(-300, 300))
@quick
def test_the_calendar_shifts_with_the_runs(rows: list[Row], weeks: int) -> None:
    shift = timedelta(weeks=weeks)

    def moved(day: str) -> str:
        return (date.fromisoformat(day) + shift).isoformat()

    later = [
        r
        | {
            "start": r["start"] + shift,
            "local_date": moved(r["local_date"]),
            "local_start": (datetime.fromisoformat(r["local_start"]) + shift).isoformat(),
        }
        for r in rows
    ]
    before, after = numbers(told(rows)), numbers(told(later, as_of=AS_OF + shift))
    for finding in before["findings"]:
        finding["start"], finding["end"] = moved(finding["start"]), moved(finding["end"])
    for name in ("first_run", "last_run"):
        day = before["coverage"][name]
        before["coverage"][name] = day and moved(day)
    before["as_of"] = moved(before["as_of"])
    assert after == before
    weekly = facts(rows).weeks
    weekly.index = pd.Index([moved(str(day)) for day in weekly.index], name="week")
    pd.testing.assert_frame_equal(facts(later, as_of=AS_OF + shift).weeks, weekly)


@given(logs(), st.integers(0, DAYS - 1))
@quick
def test_the_future_is_not_looked_at(rows: list[Row], day: int) -> None:
    as_of = MONDAY + timedelta(days=day)
    past = [r for r in rows if r["local_date"] <= as_of.isoformat()]
    same_frames(facts(rows, as_of=as_of), facts(past, as_of=as_of))
    assert told(rows, as_of=as_of) == told(past, as_of=as_of)


HALVED = ("distance_m", "moving_s", "descent_m", "steep_down_m")


@given(logs(), st.data())
@quick
def test_a_run_in_two_halves_sums_to_itself(rows: list[Row], data: st.DataObject) -> None:
    mine = [n for n, r in enumerate(rows) if r["sport"] == "running"]
    if not mine:
        return
    victim = data.draw(st.sampled_from(mine))
    half = rows[victim] | {n: rows[victim][n] and rows[victim][n] / 2 for n in HALVED}
    # The second half of the clock as well: what was hard stays hard.
    half["ga_speed_histogram_s"] = rows[victim]["ga_speed_histogram_s"] / 2
    second = half | {"id": "second", "start": half["start"] + timedelta(seconds=1)}
    split = [*rows[:victim], half, second, *rows[victim + 1 :]]
    one, two = facts(rows), facts(split)
    weekly = [name for name in WEEKS if name not in ("runs", "longest_m")]
    pd.testing.assert_frame_equal(two.weeks[weekly], one.weeks[weekly])
    worn = [name for name in SHOES if name != "runs"]
    pd.testing.assert_frame_equal(two.shoes[worn], one.shoes[worn])


@given(logs())
@quick
def test_the_weeks_hold_every_run_once(rows: list[Row]) -> None:
    found = facts(rows)
    assert found.weeks["runs"].sum() == len(found.runs)
    assert found.weeks["distance_m"].sum() == found.runs["distance_m"].sum()
    assert found.weeks["other_activities"].sum() == len(found.others)
    assert found.shoes["distance_m"].sum() - found.shoes["start_m"].sum() == (
        found.runs.loc[found.runs["shoe"] != "", "distance_m"].sum()
    )
    assert len(found.runs) + len(found.others) == len(rows)


maybe = st.none() | st.just(math.nan) | st.floats(0, 1e5)

BLANKS = ("distance_m", "moving_s", "descent_m", "steep_down_m", "avg_cadence_spm", "steps")


@given(logs(), st.lists(st.tuples(st.sampled_from(BLANKS), maybe), max_size=40))
@quick
def test_whatever_is_missing_every_rule_answers(
    rows: list[Row], blanks: list[tuple[str, float | None]]
) -> None:
    for number, (name, value) in enumerate(blanks):
        if rows:
            rows[number % len(rows)][name] = value
    answers = review(facts(rows))
    codes = [a.code for a in (*answers.kept, *answers.cannot_tell)]
    assert len(codes) == len(set(codes))
    broken = {finding.code for finding in answers.findings}
    # Broken, kept or cannot tell, and never two of them.
    assert broken.isdisjoint(codes)
    assert broken | set(codes) == set(BOOK)


# Heights of a way with a point each 50 m, as a barometer has them.
heights = st.lists(st.integers(-40, 40), min_size=20, max_size=60).map(
    lambda rises: [500 + 0.2 * height for height in accumulate(rises)]
)


@given(heights)
@settings(deadline=None, max_examples=40)
def test_the_way_back_swaps_ascent_and_descent(levels: list[float]) -> None:
    metres = 50.0 * np.arange(len(levels))
    way = np.arange(0.0, metres[-1] + 1, 3.0)
    there = np.interp(way, metres, levels)
    # The same points from the other end: each second is 3 m.
    up, down = (
        expose(
            Recording(
                Activity("a", "a.fit", datetime(2025, 6, 1, tzinfo=UTC), "running", barometer=True),
                {"time_s": way / 3, "distance_m": way, "altitude_m": altitude},
            ),
            "Europe/Vienna",
        )
        for altitude in (there, there[::-1])
    )
    assert up["altitude_source"] == down["altitude_source"]
    if up["altitude_source"] == "none":  # hardly any height
        assert np.ptp(there) < 1
        return
    assert down["descent_m"] == pytest.approx(up["ascent_m"], abs=1e-6)
    assert down["ascent_m"] == pytest.approx(up["descent_m"], abs=1e-6)
    assert down["distance_m"] == up["distance_m"]
    assert up["descent_m"] - up["ascent_m"] == pytest.approx(there[0] - there[-1], abs=2 * 3.1)
