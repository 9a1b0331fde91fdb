"""Our decoder against fitdecode, and against damage."""

from __future__ import annotations

import importlib
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from benchmarks.equal_fit import compare, compare_files
from fit_encoder import BASE_TYPES, DeveloperField, FitWriter, RawField, Value, fit_crc, fit_time
from hypothesis import given, settings
from hypothesis import strategies as st

from kneewatch.readers.fit import careful
from kneewatch.readers.fit.contents import FitFile
from kneewatch.readers.fit.crc import PERIOD, crc16
from kneewatch.readers.fit.decode import chain, decode
from kneewatch.readers.fit.layout import layout_of

START = datetime(2025, 6, 17, 16, 4, 28, tzinfo=UTC)
RECORD, HRV, PRIVATE = 20, 78, 233


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def only(data: bytes) -> FitFile:
    [file] = chain(data)
    return file


def sound(data: bytes) -> FitFile:
    """The one file in it, which must be as fitdecode has it."""
    assert compare(data).differences == []
    file = only(data)
    assert not file.damage
    return file


def column(file: FitFile, name: str) -> list[float | None]:
    return [None if np.isnan(value) else value for value in file.records[name]]


# The checksum ----------------------------------------------------------------------------------


@given(st.binary(max_size=300))
def test_the_checksum_is_the_encoders(data: bytes) -> None:
    assert crc16(data) == fit_crc(data)


@pytest.mark.parametrize("size", [PERIOD - 1, PERIOD, PERIOD + 1, 2 * PERIOD, 100_001])
def test_the_checksum_of_long_files(size: int) -> None:
    data = random.Random(size).randbytes(size)
    crc = fit_crc(data)
    assert crc16(data) == crc
    assert crc16(data + crc.to_bytes(2, "little")) == 0


# One pitfall each ------------------------------------------------------------------------------


def record(to: FitWriter, second: int, *fields: RawField, **options: int) -> FitWriter:
    return to.message_raw(RECORD, [(253, "uint32", fit_time(at(second))), *fields], **options)


def test_legacy_values_fill_enhanced_ones_and_never_overwrite_them() -> None:
    to = FitWriter()
    for second, (low, high) in enumerate([(3000, 4000), (3000, None), (None, 4000), (None, None)]):
        record(to, second, (2, "uint16", low), (78, "uint32", high))
    file = sound(record(to, 4, (78, "uint32", None), (2, "uint16", 3005)).to_bytes())
    assert column(file, "enhanced_altitude") == [300, 100, 300, None, 101]
    assert column(file, "altitude") == [100, 100, None, None, 101]


def test_packed_speed_and_distance_add_up() -> None:
    to = FitWriter()
    # Twelve bits of speed [cm/s], then twelve of distance [1/16 m], that wrap.
    for second in range(100):
        packed = (300 | (second * 160 % 4096) << 12).to_bytes(3, "little")
        record(to, second, (8, "byte", packed))
    record(to, 100, (8, "byte", b"\xff" * 3))
    file = sound(to.to_bytes())
    assert column(file, "distance") == [*(10.0 * second for second in range(100)), None]
    assert column(file, "speed") == [*[3.0] * 100, None]


def test_a_sum_goes_on_where_a_definition_is_sent_again() -> None:
    """fitdecode starts again at zero."""
    to = FitWriter()
    for second in range(4):
        record(to, second, (18, "uint8", 100 * second % 256))
        # Another layout with the same local number.
        for number in range(16):
            to.message_raw(PRIVATE, [(number, "uint8", 1)])
    assert column(only(to.to_bytes()), "total_cycles") == [0, 100, 200, 300]


@pytest.mark.parametrize("second", [31, 32, 40])
def test_a_compressed_time_counts_from_a_message_of_any_kind(second: int) -> None:
    to = record(FitWriter(), 0, (3, "uint8", 100))
    to.message("event", {"timestamp": at(second), "event": "timer", "event_type": "stop"})
    low = fit_time(at(second + 5)) & 0x1F
    to.message_raw(RECORD, [(3, "uint8", 101)], compressed_offset=low)
    file = sound(to.to_bytes())
    assert file.records["timestamp"].tolist() == [fit_time(at(0)), fit_time(at(second + 5))]


def test_a_developer_field_is_what_the_file_last_said() -> None:
    to = FitWriter()
    first = to.developer_field("Power", "uint16")
    to.message("record", {"timestamp": at(0), "power": 200}, {first: 300})
    again = to.developer_field("Leg Spring Stiffness", "uint8")
    to.message("record", {"timestamp": at(1), "power": 201}, {again: 9})
    file = sound(to.to_bytes())
    assert column(file, "power") == [200, 201]
    assert column(file, "developer.Power") == [300, None]
    assert column(file, "developer.Leg Spring Stiffness") == [None, 9]


def test_a_developer_field_that_nobody_described_is_bytes() -> None:
    to = FitWriter()
    to.message("record", {"timestamp": at(0)}, {DeveloperField(3, 7, "uint16"): 0x0102})
    assert column(sound(to.to_bytes()), "developer.None") == [2]


def test_an_empty_developer_field_is_none() -> None:
    """fitdecode gives up."""
    to = FitWriter()
    field = to.developer_field("Power", "uint16")
    to.message("record", {"timestamp": at(0), "heart_rate": 150}, {field: b""})
    assert column(only(to.to_bytes()), "heart_rate") == [150]


def test_a_size_that_is_no_multiple_is_bytes() -> None:
    to = record(FitWriter(), 0, (5, "uint32", b"\x64\0\0"), (3, "uint8", 150))
    file = sound(to.to_bytes())
    assert column(file, "distance") == [1.0]
    assert column(file, "heart_rate") == [150]


def test_text_in_one_layout_and_a_number_in_another() -> None:
    to = record(FitWriter(), 0, (7, "string", "strong"))
    assert column(sound(record(to, 1, (7, "uint16", 250)).to_bytes()), "power") == [None, 250]


def test_a_layout_is_worked_out_once() -> None:
    definition = bytes([0, 0, 20, 0, 1, 253, 4, 0x86])
    assert layout_of(definition) is layout_of(bytes(bytearray(definition)))


def test_only_what_is_wanted_is_decoded() -> None:
    to = FitWriter().message("record", {"timestamp": at(0), "heart_rate": 150, "power": 200})
    to.message("session", {"sport": "running", "total_cycles": 900, "avg_heart_rate": 151})
    to.message("lap", {"sport": "running"})
    wanted = {"record": frozenset({"power"}), "session": frozenset({"total_strides"})}
    [file] = decode(to.to_bytes(), wanted)
    assert set(file.records) == {"timestamp", "power"}
    assert file.messages == {"session": [{"total_strides": 900}]}


def test_the_careful_reader_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(data: bytes) -> int:
        raise RuntimeError(len(data))

    data = record(FitWriter(), 0, (3, "uint8", 150)).to_bytes()
    monkeypatch.setattr(importlib.import_module(decode.__module__), "crc16", fail)
    [file] = decode(data)
    assert column(file, "heart_rate") == [150]


# Anything goes ---------------------------------------------------------------------------------

NUMBERS = {
    # fields of a record by number, and base types that they may come in
    0: ("sint32",),
    2: ("uint16", "uint32"),
    3: ("uint8", "uint16", "string"),
    5: ("uint32", "float64"),
    6: ("uint16",),
    7: ("uint16", "string"),
    13: ("sint8", "sint16"),
    30: ("uint8",),
    42: ("enum",),
    53: ("uint8",),
    73: ("uint32",),
    78: ("uint32",),
    99: ("uint8",),
    200: ("uint16z", "uint32z", "uint8z", "float32", "sint64", "uint64"),
    201: ("byte", "string"),
}
SINGLE = {2, 6, 30, 42, 99}
"""Of an array in these fitdecode makes one number, or no word."""


def stored(base: str) -> st.SearchStrategy[Value]:
    if base == "string":
        return st.text("abcé", min_size=1, max_size=3)
    if base == "byte":
        return st.binary(min_size=1, max_size=4)
    if base.startswith("float"):
        return st.none() | st.integers(-(2**20), 2**20).map(lambda value: value / 8)
    bits = 8 * BASE_TYPES[base].size
    low = -(2 ** (bits - 1)) if base.startswith("s") else 0
    return st.none() | st.integers(low, low + 2**bits - 1)


@st.composite
def layouts(draw: st.DrawFn) -> list[tuple[int, str, int]]:
    numbers = draw(st.lists(st.sampled_from(sorted(NUMBERS)), min_size=1, max_size=6, unique=True))
    numbers += draw(st.lists(st.sampled_from([0, 5, 13, 73]), max_size=2))
    bases = {number: draw(st.sampled_from(NUMBERS[number])) for number in numbers}
    fields = []
    for number in numbers:
        base = bases[number]
        single = number in SINGLE or base in ("string", "byte")
        fields.append((number, base, 1 if single else draw(st.sampled_from([1, 1, 1, 2, 3]))))
    return fields


def filled(draw: st.DrawFn, layout: list[tuple[int, str, int]]) -> list[RawField]:
    fields: list[RawField] = []
    for number, base, count in layout:
        if count == 1:
            fields.append((number, base, draw(stored(base))))
        else:
            values: Any = draw(st.lists(stored(base), min_size=count, max_size=count))
            fields.append((number, base, values))
    return fields


@st.composite
def fit_files(draw: st.DrawFn) -> bytes:
    """Records of some layouts between other messages, with developer fields and odd clocks."""
    to = FitWriter(big_endian=draw(st.booleans()), header_size=draw(st.sampled_from([12, 14])))
    shapes = draw(st.lists(layouts(), min_size=1, max_size=3))
    developers: list[DeveloperField] = []
    clock = 0
    for _ in range(draw(st.integers(1, 25))):
        kind = draw(st.sampled_from(["record"] * 5 + ["run", "compressed", "developer", "other"]))
        clock += draw(st.integers(0, 31))
        stamp: RawField = (253, "uint32", fit_time(at(clock)))
        if kind == "developer":
            name = draw(st.sampled_from(["Power", "distance", "Speed"]))
            base = draw(st.sampled_from(["uint16", "float32", "sint8", "string"]))
            developers.append(to.developer_field(name, base, number=draw(st.integers(0, 1))))
        elif kind == "other":
            to.message_raw(draw(st.sampled_from([HRV, PRIVATE, 21])), [stamp, (0, "uint8", 0)])
        else:
            fields = filled(draw, draw(st.sampled_from(shapes)))
            own = {field: draw(stored(field.base)) for field in developers[-1:]}
            if kind == "compressed":
                low = fit_time(at(clock)) & 0x1F
                to.message_raw(RECORD, fields, own, compressed_offset=low)
            else:
                for _ in range(40 if kind == "run" else 1):
                    to.message_raw(RECORD, [stamp, *fields], own)
    return to.to_bytes()


@settings(max_examples=100, deadline=None)
@given(st.lists(fit_files(), min_size=1, max_size=3))
def test_whatever_is_written_is_read_as_fitdecode_reads_it(files: list[bytes]) -> None:
    assert compare(b"".join(files)).differences == []


@settings(max_examples=100, deadline=None)
@given(data=fit_files(), places=st.lists(st.integers(0, 10**6), max_size=5), seed=st.integers(0))
def test_no_damage_is_too_much(data: bytes, places: list[int], seed: int) -> None:
    chance = random.Random(seed)
    broken = bytearray(data)
    for place in places:
        kind = place % 4
        where = chance.randrange(12, len(broken))
        if kind == 0:
            broken[where] = chance.randrange(256)
        elif kind == 1:
            broken[where : where + 20] = bytes(20)
        elif kind == 2:
            del broken[where]
        else:
            broken = broken[: max(where, 13)]
    files = chain(bytes(broken))
    assert files
    for file in files:
        assert all(len(values) == len(file) for values in file.records.values())


# Damage ----------------------------------------------------------------------------------------


def watch(count: int = 2000) -> tuple[bytes, list[int]]:
    """A run with heart beats between its records; and where the records are."""
    to = FitWriter().message("file_id", {"type": "activity", "manufacturer": "garmin"})
    places = []
    for second in range(count):
        values: dict[str, Value] = {
            "timestamp": at(second),
            "position_lat": 48.1 + 1e-5 * second,
            "position_long": 11.5,
            "distance": 3.0 * second,
            "heart_rate": 120 + second % 40,
        }
        to.message("record", values)
        places.append(14 + len(to) - 18)
        for beat in range(second % 3):
            to.message_raw(HRV, [(0, "uint16", 400 + beat)])
    to.message("session", {"timestamp": at(count), "start_time": START, "sport": "running"})
    return to.to_bytes(), places


DATA, PLACES = watch()
TRUE = list(zip(*(only(DATA).records[name] for name in ("timestamp", "distance")), strict=True))


def kept(data: bytes) -> tuple[float, float]:
    """Share of the true records that came out, and of false ones beside them."""
    [file] = chain(data)
    assert file.damage
    rows = list(zip(file.records["timestamp"], file.records["distance"], strict=True))
    true = len(set(rows) & set(TRUE))
    return true / len(TRUE), (len(rows) - true) / len(TRUE)


def test_the_places_are_right() -> None:
    assert [DATA[place] for place in PLACES] == [DATA[PLACES[0]]] * len(PLACES)
    assert len(only(DATA)) == len(TRUE) == 2000


@pytest.mark.parametrize(
    "data",
    [DATA[:-2], DATA[:-2] + b"\x12\x34", DATA[:-1], DATA + bytes(100)],
    ids=["no checksum", "wrong checksum", "half a checksum", "NULs behind it"],
)
def test_damage_at_the_end_costs_nothing(data: bytes) -> None:
    assert kept(data) == (1, 0)


def test_of_half_a_file_all_is_kept() -> None:
    cut = PLACES[1000]
    assert kept(DATA[:cut]) == (0.5, 0)
    assert kept(DATA[: cut + 7]) == (0.5, 0)


def test_a_byte_of_a_payload_costs_its_record_alone() -> None:
    for place in PLACES[5::97]:
        for offset in (1, 6, 14, 17):
            broken = bytearray(DATA)
            broken[place + offset] ^= 0x81
            share, false = kept(bytes(broken))
            assert share >= 0.999
            assert false <= 0.001


@pytest.mark.parametrize("wrong", [0x00, 0x03, 0x0F, 0x41, 0x60, 0x85, 0xFF])
def test_a_wrong_header_costs_few_records(wrong: int) -> None:
    for place in PLACES[5::211]:
        broken = bytearray(DATA)
        broken[place] = wrong
        share, false = kept(bytes(broken))
        assert share >= 0.9
        assert false <= 0.002


@pytest.mark.parametrize("size", [1, 7, 100])
def test_missing_bytes_cost_few_records(size: int) -> None:
    for place in PLACES[5::211]:
        share, false = kept(DATA[: place + 9] + DATA[place + 9 + size :])
        assert share >= 0.98
        assert false <= 0.002


def test_a_hole_of_zeros_makes_up_no_records() -> None:
    for place in PLACES[5:-100:211]:
        broken = DATA[:place] + bytes(512) + DATA[place + 512 :]
        share, false = kept(broken)
        assert share >= 0.97
        assert false <= 0.001


def test_an_early_wrong_byte_does_not_make_all_else_look_wrong() -> None:
    to = FitWriter()
    for second in range(500):
        record(to, second, (3, "uint8", 150), (200, "uint8", 0))
    data = to.to_bytes()
    file = only(data[:60] + data[61:])
    assert len(file) >= 490
    assert abs(np.median(file.records["timestamp"]) - fit_time(at(250))) < 10


def test_damage_is_said_in_one_line() -> None:
    place = PLACES[1000]
    file = only(DATA[:place] + DATA[place + 1 :])
    lost = f"of {len(DATA) - 1:,} bytes (0 %) cannot be decoded"
    assert file.damage.endswith(lost)
    assert not file.damage.startswith("the last")
    assert file.first("session")["sport"] == "running"


def test_the_careful_reader_agrees_on_what_comes_before_the_end() -> None:
    cut = DATA[: len(DATA) // 3]
    assert compare_files(chain(cut), careful.decode(cut)).differences == []
