"""XML as it is found: encodings, what XML does not allow, entities, bombs."""

from __future__ import annotations

import builtins
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneewatch.model import NotActivity, Problem, Reading, Recording, Source
from kneewatch.readers import gpx, tcx
from kneewatch.readers.markup import as_utf8, mend, root_in

POINT = '<trkpt lat="48" lon="11"><ele>{}</ele><time>2024-05-01T06:00:0{}Z</time></trkpt>'

SHELL = {
    gpx: "{}<gpx><trk><name>{}</name><trkseg>" + POINT.format(500, 0) + "</trkseg></trk></gpx>",
    tcx: (
        "{}<TrainingCenterDatabase><Activities><Activity><Notes>{}</Notes><Lap><Track><Trackpoint>"
        "<Time>2024-05-01T06:00:00Z</Time><AltitudeMeters>500</AltitudeMeters></Trackpoint>"
        "</Track></Lap></Activity></Activities></TrainingCenterDatabase>"
    ),
}

each_reader = pytest.mark.parametrize("reader", SHELL, ids=["gpx", "tcx"])


def readings(reader: ModuleType, text: str) -> list[Reading]:
    return list(reader.read(Source("1.xml", text.encode())))


# Bytes to UTF-8 --------------------------------------------------------------------------------


def test_a_long_lead_takes_no_more_memory_than_itself() -> None:
    data = b" \n" * 500_000 + b"<a/>"
    tracemalloc.start()
    try:
        assert as_utf8(data) == b"<a/>"
        assert tracemalloc.get_traced_memory()[1] < 2 * len(data)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("lead", [b"", b"\xef\xbb\xbf", b" \r\n\t", b"\n\xef\xbb\xbf\n", b"\0\0"])
@pytest.mark.parametrize("declaration", [b"", b"<?xml version='1.0' encoding='utf-8'?>"])
def test_what_stands_before_the_root_is_taken_away(lead: bytes, declaration: bytes) -> None:
    assert as_utf8(lead + declaration + "<a>ß</a>".encode()) == "<a>ß</a>".encode()


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "no-such-codec"),
        ("utf-8", "UTF-16"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-8"),
        ("utf-16-be", "utf-16"),
        ("iso-8859-15", "ISO-8859-15"),
        ("cp1252", "utf-8"),
        ("cp1252", "no-such-codec"),
        ("cp1252", "base64"),
        ("cp1252", "punycode"),
        ("cp1252", "unicode_escape"),
    ],
)
def test_encodings(encoding: str, declared: str) -> None:
    text = f"<?xml version='1.0' encoding='{declared}'?><a>Fuß €</a>"
    assert as_utf8(text.encode(encoding)).decode() == "<a>Fuß €</a>"


def test_only_the_odd_bytes_are_windows_own() -> None:
    assert as_utf8(b"<a>\xc3\x9f \xdf \x80</a>").decode() == "<a>ß ß €</a>"


def test_a_letter_that_is_cut_costs_no_other() -> None:
    assert as_utf8("<a>ß ß".encode()[:-1]).decode().startswith("<a>ß ")


@given(st.binary(max_size=60))
def test_any_bytes_become_utf_8(data: bytes) -> None:
    as_utf8(data).decode()
    mend(as_utf8(data)).decode()


@given(st.text(max_size=60))
def test_what_is_mended_once_is_mended(text: str) -> None:
    once = mend(text.encode(errors="replace"))
    assert mend(once) == once


@pytest.mark.parametrize("head", ["<gpx>", "<a:gpx\n", "<?xml?>\n<my.gp-x:gpx version"])
def test_a_root_in_any_encoding(head: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        assert root_in(head.encode(encoding), rb"gpx[\s>]"), encoding
    assert not root_in(head.replace("gpx", "gpxx").encode(), rb"gpx[\s>]")


# Entities --------------------------------------------------------------------------------------


def laughs() -> str:
    levels = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))
    return f'<!DOCTYPE x [<!ENTITY l0 "lol">{levels}]>'


@each_reader
@pytest.mark.parametrize(
    ("doctype", "text"),
    [
        (laughs(), "&l11;"),
        (f'<!DOCTYPE x [<!ENTITY big "{"x" * 100_000}">]>', "&big;" * 10_000),
        ('<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>', "&a;"),
        ('<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>', ""),
        ('<!DOCTYPE x [<!ENTITY harmless "x">]>', ""),
        ('<!DOCTYPE x [<!EN\x01TITY hidden "x">]>', "&hidden;"),
    ],
    ids=["billion laughs", "quadratic blow-up", "in a circle", "parameter", "unused", "hidden"],
)
def test_a_file_that_declares_entities_is_refused(
    reader: ModuleType, doctype: str, text: str
) -> None:
    [problem] = readings(reader, SHELL[reader].format(doctype, text))
    assert isinstance(problem, Problem)
    assert problem.reason.endswith("it declares entities, which are not expanded")


@each_reader
@pytest.mark.parametrize("kind", ["SYSTEM", "PUBLIC 'x'"])
def test_nothing_outside_the_file_is_opened(
    reader: ModuleType, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("<!ENTITY own 'secret'>", "utf-8")
    place = secret.as_uri()
    texts = [
        SHELL[reader].format(f'<!DOCTYPE x [<!ENTITY own {kind} "{place}">]>', "&own;"),
        SHELL[reader].format(f'<!DOCTYPE x {kind} "{place}">', "&own;"),
        SHELL[reader].format(f"<?xml-stylesheet href='{place}'?>", "<x href='{place}'/>"),
    ]
    for name in ("open", "__import__"):
        monkeypatch.setattr(builtins, name, refuse(getattr(builtins, name), "secret"))
    for text in texts:
        for reading in readings(reader, text):
            assert "secret" not in repr(reading)


def refuse(function: Callable[..., object], part: str) -> Callable[..., object]:
    """The function, but never for what holds the part in its name."""

    def checked(name: object, *arguments: object, **options: object) -> object:
        assert part not in str(name)
        return function(name, *arguments, **options)

    return checked


def test_defaults_of_a_doctype_are_no_places() -> None:
    doctype = '<!DOCTYPE gpx [<!ATTLIST trkpt lat CDATA "1" lon CDATA "2">]>'
    text = SHELL[gpx].format(doctype, "x").replace('lat="48" lon="11"', "")
    [recording, problem] = readings(gpx, text)
    assert isinstance(recording, Recording)
    assert "lat_deg" not in recording.track
    assert isinstance(problem, Problem)


@each_reader
def test_a_harmless_doctype_passes(reader: ModuleType) -> None:
    for doctype in ("<!DOCTYPE gpx>", '<!DOCTYPE gpx SYSTEM "gpx.dtd">', "<!DOCTYPE a [<!-- -->]>"):
        [recording] = readings(reader, SHELL[reader].format(doctype, "x"))
        assert isinstance(recording, Recording)


# Bombs: not timed, but anything quadratic would take minutes -------------------------------------


@each_reader
@pytest.mark.parametrize(
    "part",
    [
        "<trkpt>",
        '<trkpt lat="1" lon="2">',
        "<Trackpoint>",
        "<Track><Trackpoint>",
        "<trk><trkseg>",
        "<ele>",
        "<a:",
        "<a:b ",
        "<gpx",
        "&",
        "&#",
        "&a",
        "<",
        "<!--",
        "<![CDATA[",
        "<?xml",
        "]]>",
        "\x01",
        "<a:b xmlns:c='d'/>",
        "<a x:y='",
        "<a \txmlns:é",
        "<!DOCTYPE",
        "<!DOCTYPE a [",
        "<!ATTLIST",
    ],
)
@pytest.mark.parametrize("whole", [True, False], ids=["in a file", "alone"])
def test_repeated_ten_thousands_of_times_it_comes_to_an_end(
    reader: ModuleType, part: str, whole: bool
) -> None:
    flood = part * 50_000
    text = SHELL[reader].format("", flood) if whole else flood
    found = readings(reader, text)
    assert found
    for reading in found:
        assert isinstance(reading, (Recording, Problem, NotActivity))
    head = text.encode()[:8192]
    assert reader.sniff("x", head) == whole or part == "<gpx"


@each_reader
def test_a_very_long_text_and_very_deep_elements(reader: ModuleType) -> None:
    for text in ("x" * 3_000_000, "<a>" * 30_000 + "</a>" * 30_000):
        [recording] = readings(reader, SHELL[reader].format("", text))
        assert isinstance(recording, Recording)


# Damage ----------------------------------------------------------------------------------------


@each_reader
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_prefix_and_any_damage_is_a_reading(reader: ModuleType, data: st.DataObject) -> None:
    whole = SHELL[reader].format("<?xml version='1.0'?>", "Fuß &amp; Füße").encode()
    cut = bytearray(whole[: data.draw(st.integers(0, len(whole)))])
    for place in data.draw(st.lists(st.integers(0, max(len(cut) - 1, 0)), max_size=4)):
        cut[place : place + 1] = data.draw(st.binary(max_size=3))
    found = list(reader.read(Source("1.xml", bytes(cut))))
    assert found
    for reading in found:
        assert isinstance(reading, (Recording, Problem, NotActivity))
        assert isinstance(reading, Recording) or reading.reason
