"""Workouts out of a stream: cut anywhere, of any size, beside anything."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.readers import apple_scan
from kneewatch.readers.apple_scan import WorkoutScan

RECORD = b'<Record type="HKQuantityTypeIdentifierHeartRate" value="72" startDate="x"/>\n'
ONE = b'<Workout a="1"><WorkoutEvent type="x"/><!-- </Workout> --><![CDATA[</Workout>]]></Workout >'
TWO = b"""<Workout a="1>2" b='/>'\n><WorkoutRoute/></Workout>"""
THREE = b'<Workout\ta="/"/>'
ASIDE = b"<!-- <Workout a=''/> --><![CDATA[<Workout/>]]>"
WHOLE = b"<HealthData>" + RECORD.join([b"", ONE, ASIDE, TWO, THREE, b""]) + b"</HealthData>\n"


def scan(pieces: Iterator[bytes]) -> tuple[list[bytes | None], WorkoutScan]:
    found = WorkoutScan(pieces)
    return list(found), found


def cut(data: bytes, places: list[int]) -> Iterator[bytes]:
    ends = sorted(place % (len(data) + 1) for place in places)
    for begin, end in zip([0, *ends], [*ends, len(data)], strict=True):
        yield data[begin:end]


def test_workouts_and_nothing_else() -> None:
    found, ended = scan(iter([WHOLE]))
    assert found == [ONE, TWO, THREE]
    assert (ended.whole, ended.within, ended.trouble, ended.size) == (True, False, None, len(WHOLE))


@pytest.mark.parametrize("size", range(1, 40))
def test_pieces_of_one_size_change_nothing(size: int) -> None:
    pieces = (WHOLE[place : place + size] for place in range(0, len(WHOLE), size))
    found, ended = scan(pieces)
    assert found == [ONE, TWO, THREE]
    assert ended.whole


@given(st.lists(st.integers(0, 10_000)), st.integers(0, len(WHOLE)))
def test_cuts_anywhere_change_nothing_in_any_prefix(places: list[int], end: int) -> None:
    plain, cutted = scan(iter([WHOLE[:end]])), scan(cut(WHOLE[:end], places))
    assert plain[0] == cutted[0]
    for name in ("whole", "within", "size"):
        assert getattr(plain[1], name) == getattr(cutted[1], name)


@given(
    st.lists(
        st.sampled_from(
            [
                b"<Workout ",
                b"<Workout/>",
                b"</Workout>",
                b"<!--",
                b"-->",
                b'"',
                b"'",
                b">",
                b"<",
                b"<![CDATA[",
                b"]]>",
                b"<Record ",
                b"a=",
                b"/",
                b"</HealthData>",
            ]
        ),
        max_size=40,
    ),
    st.lists(st.integers(0, 400)),
)
def test_no_debris_raises_or_hangs_on_where_it_is_cut(
    parts: list[bytes], places: list[int]
) -> None:
    data = b"".join(parts)
    plain, cutted = scan(iter([data])), scan(cut(data, places))
    assert plain[0] == cutted[0]
    assert plain[1].within == cutted[1].within


def test_of_a_file_that_ends_early_the_whole_workouts_are_there() -> None:
    spans = {each: (WHOLE.index(each), WHOLE.index(each) + len(each)) for each in (ONE, TWO, THREE)}
    for end in range(len(WHOLE)):
        found, ended = scan(iter([WHOLE[:end]]))
        assert found == [each for each, (_, last) in spans.items() if last <= end]
        # By "<Workout" alone it might be another element.
        assert ended.within == any(first + 9 <= end < last for first, last in spans.values())
        assert ended.whole == (end >= len(WHOLE) - 1)


def test_a_workout_without_an_end_costs_no_other() -> None:
    for broken in (b'<Workout a="1">', b'<Workout a="1" <x>', b"<Workout a='1>" + RECORD):
        for behind in (RECORD, b"<ActivitySummary/>", b""):
            data = b"<HealthData>" + THREE + broken + behind + TWO + b"</HealthData>"
            found, ended = scan(iter([data]))
            assert found == [THREE, None, TWO], (broken, behind)
            assert ended.whole


def test_a_comment_without_an_end_is_all_that_follows() -> None:
    found, ended = scan(iter([b"<HealthData>" + THREE + b"<!-- " + TWO + b"</HealthData>"]))
    assert found == [THREE]
    assert not ended.whole


def test_a_workout_of_gigabytes_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apple_scan, "MAX_WORKOUT_BYTES", 1000)
    long = b'<Workout a="1">' + b"<WorkoutEvent/>" * 200 + b"</Workout>"
    pieces = re.findall(rb".{1,50}", THREE + long + TWO + b"</HealthData>", re.DOTALL)
    found, ended = scan(iter(pieces))
    assert found == [THREE, None, TWO]
    assert (ended.whole, ended.within) == (True, False)


def test_an_error_of_the_stream_ends_the_file() -> None:
    def pieces() -> Iterator[bytes]:
        yield THREE + b'<Workout a="1">'
        raise EOFError("no more")

    found, ended = scan(pieces())
    assert found == [THREE]
    assert isinstance(ended.trouble, EOFError)
    assert ended.within


def test_memory_is_flat_in_whatever_is_passed_over() -> None:
    block = RECORD * ((1 << 20) // len(RECORD))

    def pieces() -> Iterator[bytes]:
        yield b"<HealthData>"
        for _ in range(40):
            yield bytes(bytearray(block))
        yield b"<!-- "
        for _ in range(40):
            yield bytes(bytearray(block))
        yield b"-->" + THREE + b"</HealthData>"

    tracemalloc.start()
    try:
        found, _ = scan(pieces())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == [THREE]
    assert peak < 6 << 20
