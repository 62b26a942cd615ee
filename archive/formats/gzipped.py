"""A document that was compressed with gzip: it is inflated, and read as what it then is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.formats.format import Format
from archive.formats.inflate import GZIP_MAGIC, gunzip

if TYPE_CHECKING:
    from archive.formats.format import Context
    from archive.model import Reading


def recognises(head: bytes) -> bool:
    """Whether it begins as a gzip file (RFC 1952); a WARC.gz is asked about first."""
    return head.startswith(GZIP_MAGIC)


def read(content: bytes, context: Context) -> Reading:
    """The reading of the document inside."""
    from archive.formats import document

    return document(gunzip(content, context.limits), context)


FORMAT = Format("gzip", "a document compressed with gzip", recognises, read)
