"""What the compressed streams of a PDF inflate to, counted without keeping it, before a library keeps it."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from archive.formats.format import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_STREAM = re.compile(rb"/(?:FlateDecode|Fl\b)[^\x00]{0,400}?>>\s{0,20}stream\r?\n")
_STEP = 1 << 16
_DEPTH = 4
"""How often one stream may be compressed over: more is refused."""


def inflation_bounded(content: bytes, limit: int) -> None:
    """Raises `Refused` where all Flate streams inflate to more than the limit (ISO 32000-1, 7.4.4)."""
    total, view = 0, memoryview(content)
    for match in _STREAM.finditer(content):
        filters = max(match[0].count(b"FlateDecode"), 1)
        if filters > _DEPTH:
            raise Refused(f"a stream in it is compressed {filters} times over")
        for size in _sizes(view[match.end() :], filters):
            total += size
            if total > limit:
                raise Refused(f"its streams inflate to more than {limit} bytes")


def _sizes(data: memoryview, filters: int) -> Iterator[int]:
    """The sizes of the pieces that come out of the last of so many filters; what is broken ends them."""
    stages = [zlib.decompressobj() for _ in range(filters)]
    try:
        for at in range(0, len(data), _STEP):
            yield from _through(stages, bytes(data[at : at + _STEP]))
            if stages[0].eof:
                return
    except zlib.error:
        return


def _through(stages: list[zlib._Decompress], piece: bytes) -> Iterator[int]:
    first, *rest = stages
    while piece and not first.eof:
        made = first.decompress(piece, _STEP)
        piece = first.unconsumed_tail
        if rest:
            yield from _through(rest, made)
        else:
            yield len(made)
