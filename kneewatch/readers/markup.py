"""XML bytes as apps really write them, made fit for the parser in linear time.

Odd encodings, blanks and byte order marks before the XML, control characters, bare ampersands
and angle brackets, entities that nobody declared.
"""

from __future__ import annotations

import codecs
import re

_UTF_16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_LEAD = b" \t\r\n\0" + codecs.BOM_UTF8
_DECLARATION = re.compile(rb"<\?xml[^>]{0,1000}\?>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([\w.-]+)""")
# Where UTF-8 cannot be decoded, Python leaves these for single bytes.
_ESCAPED = re.compile("[\udc80-\udcff]+")
# Codecs of Python's that no file is written in, some of them slow.
_NO_CHARSETS = {"utf-8", "idna", "punycode", "unicode-escape", "raw-unicode-escape"}
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r")
_REFERENCE = re.compile(rb"&(?:(#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|lt|gt|amp|quot|apos);)?")
_BRACKET = re.compile(rb"<(?![A-Za-z_/!?\x80-\xff])")


def root_in(head: bytes, names: bytes) -> bool:
    """Whether an element of such a name, with a prefix or without, begins in a file's head.

    Parameters
    ----------
    head : bytes
        In any encoding.
    names : bytes
        A regular expression.
    """
    if head[:2] in _UTF_16:
        head = head.replace(b"\0", b"")
    return re.search(rb"<(?:[\w.-]{1,99}:)?(?:" + names + rb")", head) is not None


def as_utf8(data: bytes) -> bytes:
    """The XML in UTF-8, without byte order mark, leading blanks and declaration.

    Parameters
    ----------
    data : bytes
        In UTF-8 or UTF-16, else in the encoding that the file declares, else in Windows' own;
        single bytes that are no UTF-8 are taken for Windows' own as well.
    """
    if encoding := _UTF_16.get(data[:2]):
        data = data.decode(encoding, errors="replace").encode()
        return _without_head(data)[0]
    data, declaration = _without_head(data)
    if data.isascii():
        return data
    try:
        data.decode()
    except UnicodeDecodeError:
        return _decoded(data, declaration).encode(errors="replace")
    return data


def _without_head(data: bytes) -> tuple[bytes, bytes]:
    """The XML from its first element on, and its declaration."""
    data = data.lstrip(_LEAD)
    declaration = _DECLARATION.match(data)
    return (data[declaration.end() :], declaration[0]) if declaration else (data, b"")


def _decoded(data: bytes, declaration: bytes) -> str:
    if declared := _ENCODING.search(declaration):
        try:
            codec = codecs.lookup(declared[1].decode()).name
            if codec not in _NO_CHARSETS:
                return data.decode(codec)
        # A declared codec may be unknown, none for text, or fail in a way of its own.
        except (ValueError, LookupError):
            pass
    text = data.decode(errors="surrogateescape")
    return _ESCAPED.sub(
        lambda odd: odd[0].encode(errors="surrogateescape").decode("cp1252", errors="replace"), text
    )


def mend(data: bytes) -> bytes:
    """Take out control characters and escape what is neither a reference nor a tag."""
    data = data.translate(None, _CONTROL)
    data = _REFERENCE.sub(_referred, data)
    return _BRACKET.sub(b"&lt;", data)


def _referred(match: re.Match[bytes]) -> bytes:
    name = match[1]
    if name is None:
        return b"&amp;"
    if name.startswith(b"#"):
        code = int(name[2:], 16) if name[1:2] == b"x" else int(name[1:])
        if not _is_character(code):
            return b""
    return match[0]


def _is_character(code: int) -> bool:
    low = code in (9, 10, 13) or 32 <= code < 0xD800
    return low or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
