"""What a format is: how its files are recognised, read, and taken apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Protocol

from archive.errors import ArchiveError
from archive.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from archive.finding import Finding
    from archive.model import Reading, Statement

HEAD_SIZE = 4096
"""How many of a file's first bytes a format is recognised by."""


class Unreadable(ArchiveError):
    """The bytes are not what their beginning promised, or the parser gave up on them."""


class Refused(ArchiveError):
    """The file goes beyond a limit, or asks for something a reader must not do."""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about a file beside its bytes, and how far a reader may go.

    `retrieved` is when the file was received (UTC): relative dates are read against it. `language` (BCP 47)
    and `charset` are what the sender said, `address` is where the file came from. `columns` maps our names
    of the columns of JSON lines to the file's.
    """

    name: str | None = None
    address: str | None = None
    retrieved: datetime | None = None
    language: str | None = None
    charset: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to archive out of a file: the file itself, or a record, row or entry of a container.

    `number` counts from 1. `place` says where in the container it stands, in words that find it again.
    `payload` are its bytes; None means that they are the whole file's. `statements` are what the container
    says about the part (its date, its address), each with its basis. `payload_digest` is what the container
    says the payload's digest is, as `sha1:<hex>`; a revisit record names the same in `revisit_of`, and its
    payload is empty.
    """

    number: int
    place: str
    reading: Reading
    payload: bytes | None = None
    address: str | None = None
    statements: tuple[Statement, ...] = ()
    payload_digest: str | None = None
    revisit_of: str | None = None
    findings: tuple[Finding, ...] = ()


class Read(Protocol):
    """Reads one document; raises `Unreadable` or `Refused`, or whatever its parser raises."""

    def __call__(self, content: bytes, context: Context) -> Reading:
        """The reading of the document."""
        ...


class Open(Protocol):
    """Takes a container apart, a part at a time, from a seekable stream of any length."""

    def __call__(self, stream: BinaryIO, context: Context) -> Iterator[Part]:
        """The parts in the order of the container."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format's registration: its short name, one line about it, and what recognises and reads it.

    `recognises` gets the first `HEAD_SIZE` bytes and must be quick: a look at bytes, no parser. A document
    has `read`, a container has `open`. `complex_parser` sends the work to a process that can be killed.
    """

    name: str
    summary: str
    recognises: Callable[[bytes], bool]
    read: Read | None = None
    open: Open | None = None
    complex_parser: bool = True

    def __post_init__(self) -> None:
        if (self.read is None) == (self.open is None):
            raise ValueError(f"the format {self.name!r} is either read or opened")
