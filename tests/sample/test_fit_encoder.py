"""What the encoder writes is read back by fitdecode, a decoder that is not ours."""

from __future__ import annotations

import io
import math
import struct
from datetime import UTC, datetime, timedelta

import fitdecode
import pytest
from fit_encoder import BASE_TYPES, PROFILE, WORDS, FitWriter, chained, fit_crc, fit_time
from fitdecode import profile

WHEN = datetime(2025, 6, 17, 16, 4, 28, tzinfo=UTC)
BOTH_ENDS = pytest.mark.parametrize("big_endian", [False, True])
# One value a type that no type of fewer bytes, or of the other sign, could hold.
VALUES = {
    "enum": 7,
    "sint8": -100,
    "uint8": 200,
    "sint16": -30_000,
    "uint16": 60_000,
    "sint32": -2_000_000_000,
    "uint32": 4_000_000_000,
    "float32": 0.5,
    "float64": math.pi,
    "uint8z": 200,
    "uint16z": 60_000,
    "uint32z": 4_000_000_000,
    "byte": 200,
    "sint64": -(2**62),
    "uint64": 2**63,
    "uint64z": 2**63 + 1,
}


def decode(data: bytes) -> list[fitdecode.FitDataMessage]:
    """Read with every check that fitdecode has."""
    with fitdecode.FitReader(
        io.BytesIO(data),
        check_crc=fitdecode.CrcCheck.RAISE,
        error_handling=fitdecode.ErrorHandling.RAISE,
    ) as reader:
        return [frame for frame in reader if isinstance(frame, fitdecode.FitDataMessage)]


def test_the_table_agrees_with_the_public_profile() -> None:
    known = {message.name: message for message in profile.MESSAGE_TYPES.values()}
    for name, (number, fields) in PROFILE.items():
        assert known[name].mesg_num == number
        theirs = {field.name: field for field in known[name].fields.values()}
        for key, field in fields.items():
            other = theirs[key]
            scale = 2**31 / 180 if other.units == "semicircles" else other.scale or 1
            base = getattr(other.type, "base_type", other.type).name
            assert (field.number, field.base, field.scale, field.offset) == (
                other.def_num,
                base,
                scale,
                other.offset or 0,
            ), f"{name}.{key}"


def test_the_words_agree_with_the_public_profile() -> None:
    types = {"type": ("file", "activity")}
    for field, words in WORDS.items():
        for word, number in words.items():
            enums = [profile.FIELD_TYPES[name].enum for name in types.get(field, (field,))]
            assert any(enum.get(number) == word for enum in enums), word


@BOTH_ENDS
def test_a_record_comes_back_in_its_units(big_endian: bool) -> None:
    writer = FitWriter(big_endian=big_endian)
    writer.message(
        "record",
        {
            "timestamp": WHEN,
            "position_lat": 47.25,
            "position_long": -11.4,
            "enhanced_altitude": 585.4,
            "heart_rate": 143,
            "distance": 1234.56,
            "enhanced_speed": 2.716,
            "temperature": -4,
            "stance_time_balance": 49.71,
        },
    )
    (record,) = decode(writer.to_bytes())
    assert record.name == "record"
    assert record.get_value("timestamp") == WHEN
    assert record.get_value("position_lat") * 180 / 2**31 == pytest.approx(47.25, abs=1e-7)
    assert record.get_value("position_long") * 180 / 2**31 == pytest.approx(-11.4, abs=1e-7)
    assert record.get_value("enhanced_altitude") == pytest.approx(585.4)
    assert record.get_value("heart_rate") == 143
    assert record.get_value("distance") == pytest.approx(1234.56)
    assert record.get_value("enhanced_speed") == pytest.approx(2.716)
    assert record.get_value("temperature") == -4
    assert record.get_value("stance_time_balance") == pytest.approx(49.71)


@BOTH_ENDS
@pytest.mark.parametrize("base", sorted(VALUES))
def test_every_base_type_as_value_array_and_none(base: str, big_endian: bool) -> None:
    value = VALUES[base]
    writer = FitWriter(big_endian=big_endian)
    writer.message_raw(0xFF00, [(1, base, value), (2, base, [value] * 3), (3, base, None)])
    (message,) = decode(writer.to_bytes())
    single, many, none = (message.get_field(number) for number in (1, 2, 3))
    # fitdecode hands bytes over as tuples, of whatever length.
    assert single.raw_value == ((value,) if base == "byte" else value)
    assert many.raw_value == (value,) * 3
    assert none.value is None


def test_the_base_types_are_all_there() -> None:
    assert sorted({*VALUES, "string"}) == sorted(BASE_TYPES)


@BOTH_ENDS
def test_strings(big_endian: bool) -> None:
    writer = FitWriter(big_endian=big_endian)
    writer.message("sport", {"sport": "running", "sub_sport": "trail", "name": "Höhenweg"})
    writer.message("sport", {"sport": "running", "sub_sport": None, "name": None})
    writer.message("sport", {"sport": "cycling", "sub_sport": 7, "name": b"\0\0\0\0"})
    named, empty, blank = decode(writer.to_bytes())
    assert named.get_value("name") == "Höhenweg"
    assert (named.get_value("sport"), named.get_value("sub_sport")) == ("running", "trail")
    assert empty.get_value("sub_sport") is None
    assert not empty.get_value("name")
    assert not blank.get_value("name")
    assert blank.get_value("sub_sport") == "road"


@BOTH_ENDS
def test_developer_fields(big_endian: bool) -> None:
    writer = FitWriter(big_endian=big_endian)
    power = writer.developer_field("Power", "uint16", units="watts", number=0)
    legs = writer.developer_field("Spring", "float32", units="kN/m", number=3)
    writer.message("record", {"timestamp": WHEN, "power": 201}, {power: 255, legs: 9.25})
    writer.message("record", {"timestamp": WHEN, "power": 202}, {power: None, legs: [9.5, 9.75]})
    first, second = (message for message in decode(writer.to_bytes()) if message.name == "record")
    by_name = {field.name: field.value for field in first.fields if field.field_def.is_dev}
    assert by_name == {"Power": 255, "Spring": 9.25}
    assert first.get_value("power") == 201
    late = {field.name: field.value for field in second.fields if field.field_def.is_dev}
    assert late == {"Power": None, "Spring": (9.5, 9.75)}


def test_compressed_timestamps_roll_over() -> None:
    writer = FitWriter().message("record", {"timestamp": WHEN, "heart_rate": 100})
    for step in range(1, 20):
        later = WHEN + timedelta(seconds=5 * step)
        writer.message("record", {"heart_rate": 100 + step}, compressed=later)
    data = writer.to_bytes()
    records = decode(data)
    assert [record.get_value("heart_rate") for record in records] == list(range(100, 120))
    times = [record.get_value("timestamp") for record in records]
    assert times == [WHEN + timedelta(seconds=5 * step) for step in range(20)]
    # A header and a heart rate each: the time is in the header's low five bits alone.
    headers = data[-2 - 2 * 19 : -2 : 2]
    assert all(byte & 0x80 for byte in headers)
    assert [byte & 0x1F for byte in headers] == [
        (fit_time(WHEN) + 5 * step) % 32 for step in range(1, 20)
    ]


def test_more_layouts_than_local_numbers() -> None:
    writer = FitWriter()
    for number in range(60):
        writer.message_raw(0xFF00, [(number % 20, "uint8", number)])
        writer.message_raw(0xFF01, [(1, "uint8", number)], compressed_offset=number)
    messages = decode(writer.to_bytes())
    assert len(messages) == 120
    for number, (plain, compressed) in enumerate(zip(messages[::2], messages[1::2], strict=True)):
        assert plain.get_field(number % 20).raw_value == number
        assert compressed.get_field(1).raw_value == number


def test_equal_layouts_are_defined_once() -> None:
    writer = FitWriter()
    sizes = [len(writer.message("hr", {"timestamp": WHEN, "filtered_bpm": b})) for b in (90, 91)]
    assert sizes[0] == 6 + 2 * 3 + 6
    assert sizes[1] - sizes[0] == 6


def test_chained_files_are_read_as_two() -> None:
    parts = [
        FitWriter(big_endian=big, header_size=size).message("file_id", {"number": size})
        for big, size in ((False, 12), (True, 14))
    ]
    assert [message.get_value("number") for message in decode(chained(*parts))] == [12, 14]


@pytest.mark.parametrize(("size", "crc"), [(12, True), (14, True), (14, False)])
def test_headers(size: int, crc: bool) -> None:
    data = FitWriter(header_size=size, header_crc=crc).message("hr", {"filtered_bpm": 9}).to_bytes()
    assert (data[0], data[8:12]) == (size, b".FIT")
    assert struct.unpack_from("<I", data, 4)[0] == len(data) - size - 2
    if size == 14:
        assert struct.unpack_from("<H", data, 12)[0] == (fit_crc(data[:12]) if crc else 0)
    assert len(decode(data)) == 1


def test_no_other_header_size() -> None:
    with pytest.raises(ValueError, match="12 or 14"):
        FitWriter(header_size=13)


def test_the_crc_is_the_known_one() -> None:
    # CRC-16/ARC, whose published check value over these nine digits is 0xBB3D.
    assert fit_crc(b"123456789") == 0xBB3D


def test_damage_can_be_forced() -> None:
    writer = FitWriter().message("file_id", {"type": "activity", "time_created": WHEN})
    right = writer.to_bytes()
    assert fit_crc(right) == 0
    with pytest.raises(fitdecode.FitCRCError):
        decode(writer.to_bytes(crc=0x1234 ^ struct.unpack("<H", right[-2:])[0]))
    crashed = writer.to_bytes(data_size=0)
    assert struct.unpack_from("<I", crashed, 4) == (0,)
    assert crashed[14:-2] == right[14:-2]
    assert writer.bytes_raw(b"\0" * 7).to_bytes()[-9:-2] == b"\0" * 7


def test_times_count_from_the_end_of_1989() -> None:
    assert fit_time(datetime(1989, 12, 31, 0, 1, tzinfo=UTC)) == 60
    assert fit_time(datetime(1989, 12, 31, 0, 1)) == 60  # a wall clock, as it is written
