"""An HTTP answer as a WARC keeps it: status, headers, and the body without its codings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.formats.format import Unreadable
from archive.formats.inflate import decoded

if TYPE_CHECKING:
    from archive.limits import Limits

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})")
_CHARSET = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9._:-]{2,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer; `raw` is the body as it came, before any decoding."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def media_type(self) -> str:
        """The media type alone, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset that the server declared."""
        match = _CHARSET.search(self.headers.get("content-type", ""))
        return match[1] if match else None

    def body(self, limits: Limits) -> bytes:
        """The body as its author sent it; raises `Unreadable` or `Refused`."""
        body = (
            dechunked(self.raw)
            if "chunked" in self.headers.get("transfer-encoding", "").lower()
            else self.raw
        )
        for coding in reversed(self.headers.get("content-encoding", "").lower().split(",")):
            body = decoded(body, coding.strip(), limits)
        return body


def answer(block: bytes) -> Answer:
    """The answer in a record's block; raises `Unreadable` where it is none."""
    match = _STATUS.match(block)
    if not match:
        raise Unreadable("it is not the answer of an HTTP server")
    head, _, raw = block.partition(b"\r\n\r\n") if b"\r\n\r\n" in block else block.partition(b"\n\n")
    headers: dict[str, str] = {}
    for line in head.decode("latin-1").splitlines()[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return Answer(int(match[1]), headers, raw)


def dechunked(raw: bytes) -> bytes:
    """A chunked body put together (RFC 9112, section 7.1); as it is where a crawler had done so already."""
    made, at = bytearray(), 0
    while True:
        end = raw.find(b"\n", at, at + 1024)
        try:
            size = int(raw[at:end].split(b";")[0].strip() or b"x", 16) if end >= 0 else -1
        except ValueError:
            size = -1
        if size < 0 or end + 1 + size > len(raw):
            return raw
        if size == 0:
            return bytes(made)
        made += raw[end + 1 : end + 1 + size]
        at = end + 1 + size
        at += 2 if raw[at : at + 2] == b"\r\n" else 1
