from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.readers.json_text import dig, known, load, number, objects, text

VALUE = {"a": [1, 2, {"b": 'x, ] } \\ " y', "c": [3, 4]}], "d": {"e": None, "f": True}}

TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_any_encoding_of_json(encoding: str) -> None:
    assert load(json.dumps({"name": "Föhrenwald"}, ensure_ascii=False).encode(encoding)) == (
        {"name": "Föhrenwald"},
        "",
    )


def test_what_is_no_number_in_json() -> None:
    value, damage = load(b'[NaN, Infinity, -Infinity, "NaN", 1]')
    assert damage == ""
    assert [math.isnan(number(item)) for item in value] == [True, True, True, True, False]


def test_what_came_whole_before_the_break_is_kept() -> None:
    whole = json.dumps(VALUE)
    value, damage = load(whole[: whole.index('"c": [3, 4') + 10].encode())
    assert value == {"a": [1, 2, {"b": VALUE["a"][2]["b"], "c": [3]}]}  # type: ignore[index]
    assert damage.startswith("the JSON breaks off at character ")
    assert damage.endswith("; what came whole before it is kept")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the JSON breaks off before anything in it is whole"),
        (b"{", "the JSON breaks off before anything in it is whole"),
        (b'{"a"', "the JSON breaks off before anything in it is whole"),
        (b"[" * 100_000, "the JSON cannot be read: "),
        (b"[" + b"9" * 5000 + b"]", "the JSON cannot be read: "),
    ],
)
def test_nothing_can_be_kept(data: bytes, said: str) -> None:
    value, damage = load(data)
    assert value is None
    assert damage.startswith(said)


@given(tree=TREES, share=st.floats(0, 1, exclude_max=True))
def test_a_prefix_keeps_nothing_that_was_not_there(tree: Any, share: float) -> None:
    data = json.dumps([0, tree]).encode()
    value, damage = load(data[: int(share * len(data))])
    assert damage
    assert value is None or is_part(value, [0, tree])


def is_part(part: Any, whole: Any) -> bool:
    """Whether the part is the whole, with something left out at the end of each list or object."""
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) <= len(whole) and all(map(is_part, part, whole))
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and is_part(item, whole[key]) for key, item in part.items())
    return bool(part == whole)


@given(data=st.binary())
def test_any_bytes(data: bytes) -> None:
    value, damage = load(data)
    assert value is None or damage == "" or damage.startswith("the JSON breaks off")


def test_looking_into_what_may_be_anything() -> None:
    assert dig(VALUE, "d", "f") is True
    assert dig(VALUE, "a", "b") is None
    assert dig(None, "a") is None
    assert objects([1, {"a": 1}, None]) == [{"a": 1}]
    assert objects({"a": 1}) == []
    assert known("3.5") == 3.5
    assert [known(value) for value in (True, None, "x", [], 10**400, "inf")] == [None] * 6
    assert text(" a\ud800 ") == "a?"
    assert text(5) == ""
