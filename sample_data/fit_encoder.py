"""A small encoder of FIT files, for the sample log and for tests that need odd files.

``FitWriter().message("record", {"timestamp": when, "heart_rate": 140}).to_bytes()`` writes
by profile name and in natural units; ``message_raw`` writes any field of any message as it is.
Field numbers, types, scales and offsets follow the public FIT profile.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

Scalar = int | float | str | bytes | datetime | None
Value = Scalar | list[int] | list[float] | tuple[float, ...]

EPOCH = datetime(1989, 12, 31, tzinfo=UTC)


class BaseType(NamedTuple):
    """A base type: its byte in a definition, its struct code, and the value that means none."""

    code: int
    pack: str
    invalid: int | float

    @property
    def size(self) -> int:
        return struct.calcsize(f"<{self.pack}")


_NAN32, _NAN64 = (struct.unpack(f"<{c}", b"\xff" * n)[0] for c, n in (("f", 4), ("d", 8)))
BASE_TYPES = {
    "enum": BaseType(0x00, "B", 0xFF),
    "sint8": BaseType(0x01, "b", 0x7F),
    "uint8": BaseType(0x02, "B", 0xFF),
    "sint16": BaseType(0x83, "h", 0x7FFF),
    "uint16": BaseType(0x84, "H", 0xFFFF),
    "sint32": BaseType(0x85, "i", 0x7FFFFFFF),
    "uint32": BaseType(0x86, "I", 0xFFFFFFFF),
    "string": BaseType(0x07, "B", 0x00),
    "float32": BaseType(0x88, "f", _NAN32),
    "float64": BaseType(0x89, "d", _NAN64),
    "uint8z": BaseType(0x0A, "B", 0x00),
    "uint16z": BaseType(0x8B, "H", 0x0000),
    "uint32z": BaseType(0x8C, "I", 0x00000000),
    "byte": BaseType(0x0D, "B", 0xFF),
    "sint64": BaseType(0x8E, "q", 0x7FFFFFFFFFFFFFFF),
    "uint64": BaseType(0x8F, "Q", 0xFFFFFFFFFFFFFFFF),
    "uint64z": BaseType(0x90, "Q", 0x0000000000000000),
}


class Field(NamedTuple):
    """A field of the profile; the file holds ``(value + offset) * scale``."""

    number: int
    base: str
    scale: float = 1
    offset: float = 0


# A message: its name, its number, and its fields as "name number base-type [scale [offset]]".
# Positions are given in degrees; the file holds semicircles.
_TABLE = """
file_id 0: type 0 enum, manufacturer 1 uint16, product 2 uint16, serial_number 3 uint32z,
  time_created 4 uint32, number 5 uint16, product_name 8 string
user_profile 3: friendly_name 0 string, gender 1 enum, age 2 uint8, height 3 uint8 100,
  weight 4 uint16 10, resting_heart_rate 8 uint8, default_max_running_heart_rate 9 uint8,
  default_max_heart_rate 11 uint8
sport 12: sport 0 enum, sub_sport 1 enum, name 3 string
session 18: timestamp 253 uint32, message_index 254 uint16, event 0 enum, event_type 1 enum,
  start_time 2 uint32, start_position_lat 3 sint32 deg, start_position_long 4 sint32 deg,
  sport 5 enum, sub_sport 6 enum, total_elapsed_time 7 uint32 1000,
  total_timer_time 8 uint32 1000, total_distance 9 uint32 100, total_cycles 10 uint32,
  total_calories 11 uint16, avg_heart_rate 16 uint8, max_heart_rate 17 uint8,
  avg_cadence 18 uint8, max_cadence 19 uint8, total_ascent 22 uint16, total_descent 23 uint16,
  first_lap_index 25 uint16, num_laps 26 uint16, trigger 28 enum,
  total_moving_time 59 uint32 1000, avg_vertical_oscillation 89 uint16 10,
  avg_stance_time 91 uint16 10, avg_fractional_cadence 92 uint8 128,
  sport_profile_name 110 string, enhanced_avg_speed 124 uint32 1000,
  enhanced_max_speed 125 uint32 1000, avg_vertical_ratio 132 uint16 100,
  avg_stance_time_balance 133 uint16 100, avg_step_length 134 uint16 10,
  workout_feel 192 uint8, workout_rpe 193 uint8
lap 19: timestamp 253 uint32, message_index 254 uint16, event 0 enum, event_type 1 enum,
  start_time 2 uint32, start_position_lat 3 sint32 deg, start_position_long 4 sint32 deg,
  total_elapsed_time 7 uint32 1000, total_timer_time 8 uint32 1000,
  total_distance 9 uint32 100, total_cycles 10 uint32, total_calories 11 uint16,
  avg_heart_rate 15 uint8, max_heart_rate 16 uint8, avg_cadence 17 uint8, max_cadence 18 uint8,
  total_ascent 21 uint16, total_descent 22 uint16, intensity 23 enum, lap_trigger 24 enum,
  sport 25 enum, sub_sport 39 enum, avg_fractional_cadence 80 uint8 128,
  enhanced_avg_speed 110 uint32 1000, enhanced_max_speed 111 uint32 1000
record 20: timestamp 253 uint32, position_lat 0 sint32 deg, position_long 1 sint32 deg,
  altitude 2 uint16 5 500, heart_rate 3 uint8, cadence 4 uint8, distance 5 uint32 100,
  speed 6 uint16 1000, power 7 uint16, grade 9 sint16 100, temperature 13 sint8,
  gps_accuracy 31 uint8, vertical_oscillation 39 uint16 10, stance_time_percent 40 uint16 100,
  stance_time 41 uint16 10, activity_type 42 enum, fractional_cadence 53 uint8 128,
  enhanced_speed 73 uint32 1000, enhanced_altitude 78 uint32 5 500,
  vertical_ratio 83 uint16 100, stance_time_balance 84 uint16 100, step_length 85 uint16 10
event 21: timestamp 253 uint32, event 0 enum, event_type 1 enum, data 3 uint32,
  event_group 4 uint8
device_info 23: timestamp 253 uint32, device_index 0 uint8, device_type 1 uint8,
  manufacturer 2 uint16, serial_number 3 uint32z, product 4 uint16,
  software_version 5 uint16 100, source_type 25 enum, product_name 27 string
activity 34: timestamp 253 uint32, total_timer_time 0 uint32 1000, num_sessions 1 uint16,
  type 2 enum, event 3 enum, event_type 4 enum, local_timestamp 5 uint32
file_creator 49: software_version 0 uint16
hr 132: timestamp 253 uint32, filtered_bpm 6 uint8
field_description 206: developer_data_index 0 uint8, field_definition_number 1 uint8,
  fit_base_type_id 2 uint8, field_name 3 string, units 8 string, native_mesg_num 14 uint16,
  native_field_num 15 uint8
developer_data_id 207: application_id 1 byte, manufacturer_id 2 uint16,
  developer_data_index 3 uint8
"""


def _read_table(text: str) -> dict[str, tuple[int, dict[str, Field]]]:
    messages = {}
    for entry in text.replace("\n  ", " ").strip().splitlines():
        head, _, body = entry.partition(":")
        name, number = head.split()
        fields = {}
        for column in body.split(","):
            field, field_number, base, *scaling = column.split()
            factors = [2**31 / 180 if word == "deg" else float(word) for word in scaling]
            fields[field] = Field(int(field_number), base, *factors)
        messages[name] = (int(number), fields)
    return messages


PROFILE = _read_table(_TABLE)

# Words that may stand for a number in an enum field, whichever message it is in.
WORDS: dict[str, dict[str, int]] = {
    "sport": {"generic": 0, "running": 1, "cycling": 2, "swimming": 5, "walking": 11, "hiking": 17},
    "sub_sport": {
        "generic": 0,
        "treadmill": 1,
        "street": 2,
        "trail": 3,
        "track": 4,
        "road": 7,
        "indoor_running": 45,
        "virtual_activity": 58,
    },
    "event": {"timer": 0, "session": 8, "lap": 9, "activity": 26},
    "event_type": {"start": 0, "stop": 1, "marker": 3, "stop_all": 4, "stop_disable_all": 9},
    "type": {"manual": 0, "activity": 4, "workout": 5, "course": 6, "monitoring_b": 32},
    "manufacturer": {"garmin": 1, "suunto": 23, "development": 255},
}

RawField = tuple[int, str, Value]


@dataclass(frozen=True)
class DeveloperField:
    """A developer field that has been described in the file (``FitWriter.developer_field``)."""

    index: int
    number: int
    base: str


Layout = tuple[int, tuple[tuple[int, int, int], ...], tuple[tuple[int, int, int], ...]]


class FitWriter:
    """One FIT file in the making.

    Parameters
    ----------
    big_endian : bool
        Byte order of definitions and data; the header is little-endian in either case.
    header_size : int
        14, or 12 for the old header without a CRC of its own.
    header_crc : bool
        Whether a 14-byte header carries its CRC; 0 in its place is allowed.
    """

    def __init__(
        self, *, big_endian: bool = False, header_size: int = 14, header_crc: bool = True
    ) -> None:
        if header_size not in (12, 14):
            raise ValueError(f"a FIT header has 12 or 14 bytes, not {header_size}")
        self._order = ">" if big_endian else "<"
        self._header_size = header_size
        self._header_crc = header_crc
        self._data = bytearray()
        self._locals: dict[Layout, int] = {}
        self._turn = 0
        self._developers: set[int] = set()

    def __len__(self) -> int:
        return len(self._data)

    def message(
        self,
        name: str,
        values: Mapping[str, Value],
        developer: Mapping[DeveloperField, Value] | None = None,
        *,
        compressed: datetime | None = None,
    ) -> FitWriter:
        """Add a message by its profile name, values in the profile's units.

        Parameters
        ----------
        name : str
            A key of ``PROFILE``.
        values : mapping
            Field name to value; None writes the base type's invalid value. Aware datetimes are
            instants, naive ones are taken as they are written (``local_timestamp``). Positions
            are in degrees; enum fields take the words of ``WORDS`` or numbers.
        developer : mapping, optional
            Developer fields and their values.
        compressed : datetime, optional
            Put this time into a compressed-timestamp header, in place of a ``timestamp`` field.
        """
        number, fields = PROFILE[name]
        rows: list[RawField] = [
            (fields[key].number, fields[key].base, _stored(key, fields[key], value))
            for key, value in values.items()
        ]
        offset = None if compressed is None else fit_time(compressed) & 0x1F
        return self.message_raw(number, rows, developer, compressed_offset=offset)

    def message_raw(
        self,
        global_number: int,
        fields: Sequence[RawField],
        developer: Mapping[DeveloperField, Value] | None = None,
        *,
        compressed_offset: int | None = None,
    ) -> FitWriter:
        """Add a message as it stands in the file: ``(field number, base type, stored value)``."""
        packed = [(n, base, _packed(base, v, self._order)) for n, base, v in fields]
        extra = [(f, _packed(f.base, v, self._order)) for f, v in (developer or {}).items()]
        layout: Layout = (
            global_number,
            tuple((n, len(raw), BASE_TYPES[base].code) for n, base, raw in packed),
            tuple((f.number, len(raw), f.index) for f, raw in extra),
        )
        # A compressed header has two bits for the local number, a normal one four.
        local = self._local_number(layout, 16 if compressed_offset is None else 4)
        if compressed_offset is None:
            self._data.append(local)
        else:
            self._data.append(0x80 | local << 5 | compressed_offset & 0x1F)
        for _, _, raw in packed:
            self._data += raw
        for _, raw in extra:
            self._data += raw
        return self

    def developer_field(
        self,
        name: str,
        base: str,
        *,
        units: str = "",
        index: int = 0,
        number: int = 0,
        application_id: bytes = bytes(range(16)),
    ) -> DeveloperField:
        """Announce a developer field and hand back its handle for ``message``."""
        if index not in self._developers:
            self._developers.add(index)
            owner: dict[str, Value] = {
                "application_id": application_id,
                "developer_data_index": index,
            }
            self.message("developer_data_id", owner)
        self.message(
            "field_description",
            {
                "developer_data_index": index,
                "field_definition_number": number,
                "fit_base_type_id": BASE_TYPES[base].code,
                "field_name": name,
                "units": units,
            },
        )
        return DeveloperField(index, number, base)

    def bytes_raw(self, data: bytes) -> FitWriter:
        """Add bytes that are no message, for tests of damaged files."""
        self._data += data
        return self

    def to_bytes(self, *, crc: int | None = None, data_size: int | None = None) -> bytes:
        """Return the file: header, messages, CRC.

        A wrong `crc` or `data_size` (0 after a crash of the watch) may be forced for tests.
        """
        size = len(self._data) if data_size is None else data_size
        # Protocol 2.0 is what allows developer fields and 64-bit types.
        head = struct.pack("<BBHI4s", self._header_size, 0x20, 2132, size, b".FIT")
        if self._header_size == 14:
            head += struct.pack("<H", fit_crc(head) if self._header_crc else 0)
        body = head + bytes(self._data)
        return body + struct.pack("<H", fit_crc(body) if crc is None else crc)

    def _local_number(self, layout: Layout, limit: int) -> int:
        known = self._locals.get(layout)
        if known is not None and known < limit:
            return known
        local = self._turn % limit
        self._turn += 1
        self._locals = {k: v for k, v in self._locals.items() if v != local and k != layout}
        self._locals[layout] = local
        self._define(local, layout)
        return local

    def _define(self, local: int, layout: Layout) -> None:
        number, fields, developer = layout
        self._data.append(0x40 | (0x20 if developer else 0) | local)
        self._data += struct.pack(
            f"{self._order}BBHB", 0, int(self._order == ">"), number, len(fields)
        )
        for field in fields:
            self._data += bytes(field)
        if developer:
            self._data.append(len(developer))
            for field in developer:
                self._data += bytes(field)


def chained(*writers: FitWriter) -> bytes:
    """Return several FIT files in one, as a multisport watch writes them."""
    return b"".join(writer.to_bytes() for writer in writers)


def fit_time(when: datetime) -> int:
    """Return seconds since 1989-12-31 00:00; a naive time counts as it is written."""
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return round((aware - EPOCH).total_seconds())


def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
        table.append(crc)
    return table


_CRC = _crc_table()


def fit_crc(data: bytes) -> int:
    """Return the CRC-16 that ends a FIT file (polynomial 0xA001, start 0)."""
    crc = 0
    for byte in data:
        crc = crc >> 8 ^ _CRC[(crc ^ byte) & 0xFF]
    return crc


def _stored(name: str, field: Field, value: Value) -> Value:
    """Turn a value in the profile's units into what the file holds."""
    if isinstance(value, datetime):
        return fit_time(value)
    if isinstance(value, str):
        return value if field.base == "string" else WORDS[name][value]
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, list | tuple):
        return [_scaled(field, item) for item in value]
    return _scaled(field, value)


def _scaled(field: Field, value: float) -> float:
    if (field.scale, field.offset) == (1, 0):
        return value
    return (value + field.offset) * field.scale


def _packed(base: str, value: Value, order: str) -> bytes:
    kind = BASE_TYPES[base]
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode() + b"\0"
    if isinstance(value, datetime):
        value = fit_time(value)
    items: Sequence[float | None] = value if isinstance(value, list | tuple) else [value]
    numbers = [kind.invalid if item is None else item for item in items]
    if kind.pack not in "fd":
        numbers = [round(item) for item in numbers]
    return struct.pack(f"{order}{len(numbers)}{kind.pack}", *numbers)
