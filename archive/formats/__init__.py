"""The formats: bytes in, a reading out, recognised by content and never by name.

A format is one file with a `FORMAT` and a line in `BUILT_IN`; another package adds one by an entry
point of the group `claimtrail.formats` that names its `Format`, and is asked before the built-in ones.
"""

from __future__ import annotations

import io
import re
from contextlib import nullcontext
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from archive.errors import ArchiveError
from archive.finding import Finding
from archive.formats.compose import unread
from archive.formats.enrich import enriched
from archive.formats.format import HEAD_SIZE, Context, Format, Part, Refused, Unreadable
from archive.limits import Limits
from archive.model import Method, Reading, ReadingState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

__all__ = [
    "Context", "Finding", "Format", "Limits", "Part", "Refused", "Unreadable",
    "document", "failure", "formats", "parts", "read", "recognise",
]  # fmt: skip

GROUP = "claimtrail.formats"
"""The entry point group by which another package adds a format."""

BUILT_IN = (
    "pdf", "warc", "wacz", "gzipped", "tnef", "mail", "calendar", "newsml", "feed", "ninjs", "jsonl", "html",
    "plain",
)  # fmt: skip
"""Modules of this package, each with a `FORMAT`, in the order in which they are asked."""

WHOLE = "the whole file"
"""The place of a part that is its file."""

UNKNOWN = "unknown"
"""The format name of a file that no format recognises."""

_REGISTRY = Method("formats", "1")
_ANYTHING = re.compile(rb"[^\s\xef\xbb\xbf]")


class BadFormat(ArchiveError):
    """An installed package announces a format that is none."""


@cache
def formats() -> tuple[Format, ...]:
    """Every format known here, in the order in which they are asked; raises `BadFormat`."""
    added = []
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            found = point.load()
        except Exception as error:
            raise BadFormat(
                f"the entry point {point.name!r} of {GROUP} cannot be loaded ({type(error).__name__}: {error}); "
                "mend or uninstall the package that brings it"
            ) from error
        if not isinstance(found, Format):
            raise BadFormat(f"the entry point {point.name!r} of {GROUP} names no format ({point.value})")
        added.append(found)
    return (*added, *(import_module(f"{__name__}.{name}").FORMAT for name in BUILT_IN))


def recognise(head: bytes) -> Format | None:
    """The format of a file by its first `HEAD_SIZE` bytes, None where it is none of ours."""
    return next((format_ for format_ in formats() if _recognises(format_, head[:HEAD_SIZE])), None)


def _recognises(format_: Format, head: bytes) -> bool:
    """A format that breaks on a file's beginning has not recognised it; the others are still asked."""
    try:
        return format_.recognises(head)
    except Exception:  # noqa: BLE001 - another package's code, on hostile bytes
        return False


def read(source: bytes | Path | BinaryIO, context: Context | None = None) -> Reading:
    """What is in a file, read in this process: a reading whatever the file is, never an exception.

    A container's reading is that of its part where it has only one; else it is `empty` and says so.
    """
    found = list(islice(parts(source, context), 2))
    if len(found) == 1:
        return found[0].reading
    first = found[0].reading
    return unread(
        ReadingState.EMPTY, first.format, _REGISTRY, "it is a container: each part is read by itself"
    )


def parts(source: bytes | Path | BinaryIO, context: Context | None = None) -> Iterator[Part]:
    """Each thing to archive out of a file: its records, rows or entries, or the one file itself."""
    context = context or Context()
    try:
        with _opened(source) as stream:
            head = stream.read(HEAD_SIZE)
            stream.seek(0)
            for part in _parts(stream, recognise(head), context):
                yield enriched(part, context)
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror or error}"
        yield Part(1, WHOLE, unread(ReadingState.FAILED, UNKNOWN, _REGISTRY, reason))


def _opened(source: bytes | Path | BinaryIO) -> AbstractContextManager[BinaryIO]:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    return source.open("rb") if isinstance(source, Path) else nullcontext(source)


def _parts(stream: BinaryIO, format_: Format | None, context: Context) -> Iterator[Part]:
    number = 0
    try:
        if format_ is None or format_.open is None:
            yield Part(1, WHOLE, _document(stream, format_, context))
            return
        for part in format_.open(stream, context):
            number = part.number
            yield part
    except Exception as error:  # noqa: BLE001 - parsers raise anything; the failure is recorded
        name = format_.name if format_ else UNKNOWN
        yield Part(number + 1, f"after part {number}" if number else WHOLE, failure(name, error))
        return
    if not number and format_.open:
        reason = "nothing to archive was found in it"
        yield Part(1, WHOLE, unread(ReadingState.EMPTY, format_.name, _REGISTRY, reason))


def _document(stream: BinaryIO, format_: Format | None, context: Context) -> Reading:
    content = stream.read(context.limits.input_size + 1)
    if not _ANYTHING.search(content):
        return unread(
            ReadingState.EMPTY, format_.name if format_ else UNKNOWN, _REGISTRY, "there is nothing in it"
        )
    if format_ is None or format_.read is None:
        return unread(ReadingState.REFUSED, UNKNOWN, _REGISTRY, "it is in no format that is known here")
    if len(content) > context.limits.input_size:
        raise Refused(f"it is larger than the {context.limits.input_size} bytes that are read")
    return format_.read(content, context)


def document(content: bytes, context: Context) -> Reading:
    """The reading of a document inside a container; a container in a container is not opened."""
    format_ = recognise(content)
    if format_ is not None and format_.open is not None:
        return unread(ReadingState.REFUSED, format_.name, _REGISTRY, "it is a container within a container")
    try:
        return _document(io.BytesIO(content), format_, context)
    except Exception as error:  # noqa: BLE001 - as in _parts()
        return failure(format_.name if format_ else UNKNOWN, error)


def failure(name: str, error: Exception) -> Reading:
    """The reading of a file that a parser gave up on, in words for a person."""
    state = ReadingState.REFUSED if isinstance(error, Refused) else ReadingState.FAILED
    words = str(error) if isinstance(error, ArchiveError) else f"{type(error).__name__}: {error}"
    if isinstance(error, RecursionError):
        words = "it is nested too deeply"
    if isinstance(error, MemoryError):
        words = "reading it takes more memory than a reader may have"
    return unread(state, name, _REGISTRY, words[:500])
