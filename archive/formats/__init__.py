"""The formats: bytes in, a reading out, recognised by content and never by name.

A format is one file with a `FORMAT` and a line in `BUILT_IN`; another package adds one by an entry
point of the group `claimtrail.formats` that names its `Format`, and is asked before the built-in ones.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, BinaryIO

from archive.errors import ArchiveError
from archive.formats.compose import unread
from archive.formats.format import HEAD_SIZE, Context, Finding, Format, Part, Refused, Unreadable
from archive.formats.limits import Limits
from archive.model import Method, Reading, ReadingState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "Context", "Finding", "Format", "Limits", "Part", "Refused", "Unreadable",
    "formats", "parts", "read", "recognise",
]  # fmt: skip

GROUP = "claimtrail.formats"
"""The entry point group by which another package adds a format."""

BUILT_IN = ("html", "mail", "plain")
"""Modules of this package, each with a `FORMAT`, in the order in which they are asked."""

UNKNOWN = "unknown"
"""The format name of a file that no format recognises."""

_REGISTRY = Method("formats", "1")


class BadFormat(ArchiveError):
    """An installed package announces a format that is none."""


@cache
def formats() -> tuple[Format, ...]:
    """Every format known here, in the order in which they are asked; raises `BadFormat`."""
    added = []
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        found = point.load()
        if not isinstance(found, Format):
            raise BadFormat(f"the entry point {point.name!r} of {GROUP} names no format ({point.value})")
        added.append(found)
    return (*added, *(import_module(f"{__name__}.{name}").FORMAT for name in BUILT_IN))


def recognise(head: bytes) -> Format | None:
    """The format of a file by its first `HEAD_SIZE` bytes, None where it is none of ours."""
    return next((format_ for format_ in formats() if format_.recognises(head[:HEAD_SIZE])), None)


def read(source: bytes | Path | BinaryIO, context: Context | None = None) -> Reading:
    """What is in a file, read in this process: a reading whatever the file is, never an exception."""
    context = context or Context()
    content = _content(source, context.limits)
    if isinstance(content, Reading):
        return content
    format_ = recognise(content)
    if format_ is None:
        return _unknown(content)
    try:
        return format_.read(content, context)
    except Exception as error:  # noqa: BLE001 - parsers raise anything; the failure is recorded
        return _failure(format_.name, error)


def parts(source: bytes | Path | BinaryIO, context: Context | None = None) -> Iterator[Part]:
    """Each thing to archive out of a file: its records, rows or entries, or the one file itself."""
    context = context or Context()
    content = _content(source, context.limits)
    format_ = None if isinstance(content, Reading) else recognise(content)
    if isinstance(content, Reading) or format_ is None or format_.open is None:
        whole = content if isinstance(content, Reading) else read(content, context)
        yield Part(1, "the whole file", whole)
        return
    number = 0
    try:
        for part in format_.open(content, context):
            number = part.number
            yield part
    except Exception as error:  # noqa: BLE001 - as in read()
        yield Part(number + 1, f"after part {number}", _failure(format_.name, error))


def _content(source: bytes | Path | BinaryIO, limits: Limits) -> bytes | Reading:
    if isinstance(source, bytes):
        content = source
    else:
        try:
            content = _bounded(source, limits.input_size)
        except OSError as error:
            return unread(
                ReadingState.FAILED, UNKNOWN, _REGISTRY, f"the file cannot be opened: {error.strerror}"
            )
    if len(content) > limits.input_size:
        reason = f"it is larger than the {limits.input_size} bytes that are read"
        return unread(ReadingState.REFUSED, UNKNOWN, _REGISTRY, reason)
    return content


def _bounded(source: Path | BinaryIO, limit: int) -> bytes:
    if not hasattr(source, "open"):
        return source.read(limit + 1)
    with source.open("rb") as stream:
        return stream.read(limit + 1)


def _unknown(content: bytes) -> Reading:
    if not content.strip():
        return unread(ReadingState.EMPTY, UNKNOWN, _REGISTRY, "there is nothing in it")
    return unread(ReadingState.REFUSED, UNKNOWN, _REGISTRY, "it is in no format that is known here")


def _failure(name: str, error: Exception) -> Reading:
    state = ReadingState.REFUSED if isinstance(error, Refused) else ReadingState.FAILED
    words = str(error) if isinstance(error, ArchiveError) else f"{type(error).__name__}: {error}"
    if isinstance(error, RecursionError):
        words = "it is nested too deeply"
    if isinstance(error, MemoryError):
        words = "reading it takes more memory than a reader may have"
    return unread(state, name, _REGISTRY, words[:500])
