"""From bytes to characters: declared, then valid UTF-8, then detected, and it is recorded which."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from archive.formats.compose import claim, infer, library
from archive.model import Method, Property

if TYPE_CHECKING:
    from archive.model import Statement

DETECTION_SIZE = 64 * 1024
"""How many bytes the detector looks at: more of them cost time and tell no more."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_METHOD = Method("charset", "1")
# The WHATWG encoding standard reads these labels as their Windows supersets: so do all browsers.
_SUPERSETS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
}
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{1,39}")


def codec(label: str | None) -> str | None:
    """Python's name of the codec that a charset label stands for, None where it is no text codec."""
    if not label or not _LABEL.fullmatch(label.strip()):
        return None
    try:
        found = codecs.lookup(label.strip())
        b"".decode(found.name)
    except (LookupError, ValueError):
        return None
    return _SUPERSETS.get(found.name, found.name)


def decode(content: bytes, declared: str | None = None, place: str = "declaration") -> tuple[str, Statement]:
    """The characters, and the statement of their charset; what cannot be decoded becomes U+FFFD.

    A declared charset that the bytes contradict is passed over.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.decode(name, "replace"), infer(Property.CHARSET, name, _METHOD, "byte order mark")
    text = _strictly(content, codec(declared))
    if declared and text is not None:
        return text, claim(Property.CHARSET, codec(declared) or declared, _METHOD, place, declared)
    text = _strictly(content, "utf-8")
    if text is not None:
        return text, infer(Property.CHARSET, "utf-8", _METHOD)
    return _detected(content)


def _strictly(content: bytes, name: str | None) -> str | None:
    try:
        return content.decode(name) if name else None
    except (UnicodeError, LookupError):
        return None


def _detected(content: bytes) -> tuple[str, Statement]:
    # A few broken bytes do not make a UTF-8 text something else.
    text = content.decode("utf-8", "replace")
    if (
        text.count("\ufffd") * 200 < sum(byte > 0x7F for byte in content[:DETECTION_SIZE])
        and len(content) > 200
    ):
        return text, infer(Property.CHARSET, "utf-8", _METHOD)
    from charset_normalizer import from_bytes

    best = from_bytes(content[:DETECTION_SIZE]).best()
    name = codec(best.encoding) if best else None
    text = content.decode(name or "cp1252", "replace")
    return text, infer(Property.CHARSET, name or "cp1252", library("charset-normalizer"))
