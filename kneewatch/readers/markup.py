"""XML as apps really write it: odd encodings, blanks before it, prefixes that nobody declared."""

from __future__ import annotations

import re

_ROOT = re.compile(r"<[A-Za-z_](?:[^>/]|/(?!>))*")
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*):|<[^<>]*?\s(?!xml)([A-Za-z_][\w.-]*):[\w.-]+\s*=")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BARE_AMPERSAND = re.compile(r"&(?!#?\w+;)")


def text_of(data: bytes) -> str:
    """The XML without byte order mark, leading blanks and declaration.

    Parameters
    ----------
    data : bytes
        In UTF-8 or UTF-16, else in the encoding that the file declares, else in Windows' own.
    """
    declared = re.match(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)""", data)
    first = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    for encoding in (first, declared[1].decode() if declared else "cp1252"):
        try:
            text = data.decode(encoding)
            break
        # A declared codec may be none for text, or fail in a way of its own.
        except (ValueError, LookupError):
            continue
    else:
        text = data.decode("cp1252", errors="replace")
    return re.sub(r"^<\?xml[^>]*\?>", "", text.lstrip("\ufeff \t\r\n"))


def mend(text: str) -> tuple[str, list[str]]:
    """Take out what no XML may hold and declare prefixes that nobody declared.

    Returns
    -------
    str, list of str
        The text, and in words what had to be done.
    """
    what = []
    cleaned = _BARE_AMPERSAND.sub("&amp;", _CONTROL.sub("", text))
    if cleaned != text:
        text = cleaned
        what.append("characters that XML does not allow")
    root = _ROOT.search(text)
    if root:
        used = {tag or attribute for tag, attribute in _PREFIX.findall(text)}
        unknown = sorted(p for p in used if f"xmlns:{p}=" not in root[0])
        if unknown:
            declared = "".join(f' xmlns:{prefix}="urn:undeclared:{prefix}"' for prefix in unknown)
            text = text[: root.end()] + declared + text[root.end() :]
            what.append(f"undeclared prefix {', '.join(unknown)}")
    return text, what
