"""What the runner says in kneewatch.toml: two recordings are one run, or two."""

import pytest
from recordings import Row, count, later, row, watch

from kneewatch.metrics.duplicates import merge_duplicates
from kneewatch.metrics.overrides import Overrides, resolve


def said(rows: list[Row], same: list[list[str]], different: list[list[str]]) -> Overrides:
    names = [[tuple(entry) for entry in entries] for entries in (same, different)]
    return resolve(rows, *names, "kneewatch.toml")


def reasons(found: Overrides) -> list[str]:
    assert all(problem.source == "kneewatch.toml" for problem in found.problems)
    return [problem.reason for problem in found.problems]


LOG = [watch("log/watch/a.fit"), watch("log/phone/b.gpx", later(20))]
PAIR = ["watch/a.fit", "phone/b.gpx"]


def test_different_whatever_speaks_for_one() -> None:
    likely = LOG
    keyed = [r | {"keys": ["track 1"]} for r in LOG]
    indexed = [LOG[0], row("log/i.csv row 2", file_hint="a.fit")]
    for rows, names in (
        (likely, PAIR),
        (keyed, PAIR),
        (indexed, ["a.fit", "i.csv row 2"]),
    ):
        assert count(*rows) == 1
        found = said(rows, [], [names])
        assert found.problems == ()
        assert count(*rows, overrides=found) == 2


def test_the_same_whatever_speaks_against_it() -> None:
    rows = [LOG[0], watch("log/phone/b.gpx", later(9 * 86_400), sport="walking", distance_m=1.0)]
    assert count(*rows) == 2
    kept, (copy,) = merge_duplicates(rows, said(rows, [PAIR], []))
    assert len(kept) == 1
    assert (copy.rule, copy.reason) == ("config", "is the same by [[same]] in kneewatch.toml")


def test_what_other_files_have_of_either_is_the_same_as_well() -> None:
    rows = [
        *LOG,
        watch("log/phone/c.gpx", later(9 * 86_400)),
        row("log/t.csv row 2", later(9 * 86_400)),
    ]
    assert count(*rows) == 2
    assert count(*rows, overrides=said(rows, [["a.fit", "c.gpx"]], [])) == 1


def test_two_rows_of_one_table_may_be_called_the_same() -> None:
    rows = [row("t.csv row 2"), row("t.csv row 3", later(30))]
    assert count(*rows) == 2
    assert count(*rows, overrides=said(rows, [["t.csv row 2", "t.csv row 3"]], [])) == 1


def test_files_of_one_content_that_are_called_different_have_two_ids() -> None:
    rows = [watch("a/x.fit", id="abc"), watch("b/x.fit", id="abc")]
    kept, _ = merge_duplicates(rows, said(rows, [], [["a/x.fit", "b/x.fit"]]))
    assert [r["id"] for r in kept] == ["abc", "abc~2"]


def test_three_of_which_one_is_different() -> None:
    rows = [*LOG, watch("log/c.tcx", later(5))]
    found = said(rows, [], [["a.fit", "c.tcx"], ["b.gpx", "c.tcx"]])
    assert count(*rows, overrides=found) == 2
    assert count(*rows, overrides=said(rows, [], [["a.fit", "b.gpx", "c.tcx"]])) == 3


def test_a_difference_holds_for_the_copies_of_a_file_as_well() -> None:
    rows = [*(r | {"id": "abc"} for r in LOG), watch("log/c.fit", id="abc")]
    kept, _ = merge_duplicates(rows, said(rows, [], [PAIR]))
    assert sorted(len(r["sources"]) for r in kept) == [1, 2]


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("log/watch/a.fit", "log/watch/a.fit"),
        ("watch/a.fit", "log/watch/a.fit"),
        ("a.fit", "log/watch/a.fit"),
        (r"watch\a.fit", "log/watch/a.fit"),
        ("./log/watch/a.fit", "log/watch/a.fit"),
    ],
)
def test_a_name_is_an_end_from_a_slash_on(name: str, means: str) -> None:
    (pair,) = said(LOG, [], [[name, "b.gpx"]]).different
    assert pair == {means, "log/phone/b.gpx"}


@pytest.mark.parametrize("name", ["tch/a.fit", "a", "fit", "other/a.fit", "A.fit"])
def test_a_name_that_no_file_has(name: str) -> None:
    for word in ("same", "different"):
        found = said(LOG, *([[[name, "b.gpx"]], []][:: 1 if word == "same" else -1]))
        assert reasons(found) == [
            f"[[{word}]] names {name!r}, and no activity was read from such a file; "
            "the entry is left out"
        ]
        assert (found.same, found.different) == ((), frozenset())


def test_a_name_that_two_files_have() -> None:
    rows = [watch("x/a.fit"), watch("y/a.fit"), watch("b.gpx")]
    (reason,) = reasons(said(rows, [["a.fit", "b.gpx"]], []))
    assert reason == (
        "[[same]] names 'a.fit', which may be 'x/a.fit' or 'y/a.fit'; the entry is left out"
    )
    # A full name means its file, though another ends like it.
    rows = [watch("a.fit"), watch("y/a.fit"), watch("b.gpx")]
    assert said(rows, [["a.fit", "b.gpx"]], []).same == (("a.fit", "b.gpx"),)


def test_a_file_with_several_legs() -> None:
    legs = [watch("tri.fit", id="1"), watch("tri.fit", later(4000), id="2")]
    rows = [*legs, watch("b.gpx"), watch("c.gpx", later(4000))]
    (reason,) = reasons(said(rows, [["tri.fit", "b.gpx"]], []))
    assert "a file with several activities" in reason
    found = said(rows, [], [["tri.fit", "b.gpx"]])
    assert found.problems == ()
    assert count(*rows, overrides=found) == 3


def test_both_the_same_and_different() -> None:
    found = said(LOG, [PAIR], [PAIR])
    assert reasons(found) == [
        "'log/watch/a.fit' and 'log/phone/b.gpx' are called both same and different; "
        "they count as different"
    ]
    assert count(*LOG, overrides=found) == 2


def test_one_file_twice() -> None:
    (reason,) = reasons(said(LOG, [["a.fit", "watch/a.fit"]], []))
    assert reason == "[[same]] names 'log/watch/a.fit' twice; the entry is left out"
