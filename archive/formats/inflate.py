"""Decompression that stops at a cap: a bomb costs what the cap allows and no more."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from archive.formats.format import Refused, Unreadable

if TYPE_CHECKING:
    from archive.limits import Limits

GZIP_MAGIC = b"\x1f\x8b"
_GZIP, _EITHER, _RAW = 16 + zlib.MAX_WBITS, 32 + zlib.MAX_WBITS, -zlib.MAX_WBITS
_STEP = 1 << 20


def gunzip_head(head: bytes, size: int = 64) -> bytes:
    """The first inflated bytes of what may be a gzip file; nothing where it is none."""
    if not head.startswith(GZIP_MAGIC):
        return b""
    try:
        return zlib.decompressobj(_GZIP).decompress(head, size)
    except zlib.error:
        return b""


def gunzip(content: bytes, limits: Limits) -> bytes:
    """All members of a gzip file; raises `Refused` beyond the limit and `Unreadable` where it is broken."""
    made = bytearray()
    while content:
        inner = zlib.decompressobj(_GZIP)
        made += _inflated(inner, content, limits, len(made))
        if not inner.eof:
            raise Unreadable("the compressed file breaks off")
        content = inner.unused_data.lstrip(b"\x00")
        if content and not content.startswith(GZIP_MAGIC):
            raise Unreadable(f"{len(content)} bytes that are not gzip stand after the compressed file")
    return bytes(made)


def decoded(content: bytes, coding: str, limits: Limits) -> bytes:
    """The body under an HTTP content coding (RFC 9110, section 8.4.1): gzip or deflate."""
    if coding in ("gzip", "x-gzip"):
        return _inflated(zlib.decompressobj(_EITHER), content, limits)
    if coding == "deflate":
        try:
            return _inflated(zlib.decompressobj(_EITHER), content, limits)
        except Unreadable:
            return _inflated(zlib.decompressobj(_RAW), content, limits)
    if coding in ("", "identity"):
        return content
    raise Unreadable(f"the content coding {coding[:40]!r} is not known here")


def _inflated(inner: zlib._Decompress, content: bytes, limits: Limits, before: int = 0) -> bytes:
    cap = min(limits.output_size, _STEP + limits.inflation * len(content))
    made = bytearray()
    try:
        while content and not inner.eof:
            made += inner.decompress(content, _STEP)
            if before + len(made) > cap:
                raise Refused(f"it inflates to more than {cap} bytes")
            content = inner.unconsumed_tail
        made += b"" if inner.eof else inner.flush()
    except zlib.error as error:
        raise Unreadable(f"the compression is broken: {error}") from error
    return bytes(made)
