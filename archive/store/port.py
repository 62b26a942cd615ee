"""What a store is to its callers: three ports cut by purpose, and the values that pass through them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import BinaryIO, Self

    from archive.digest import Algorithm, Digest


class Readable(Protocol):
    """Where bytes come from: an open file, standard input, `io.BytesIO`."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fill the buffer from its start; the number of bytes put there, 0 at the end."""
        ...


class ObjectState(StrEnum):
    """How re-hashing one object ended; none is ever folded into another."""

    INTACT = "intact"
    ALTERED = "altered"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Checked:
    """What re-hashing an object found: size in bytes and digest where it could be read, and what is wrong."""

    digest: Digest
    state: ObjectState
    size: int | None = None
    found: Digest | None = None
    reason: str | None = None


@dataclass(slots=True)
class Coldness:
    """How many files were looked at before they were read, and how many of them were out of the page cache."""

    looked_at: int = 0
    cold: int = 0

    def add(self, other: Coldness) -> None:
        """Take those of another into account."""
        self.looked_at += other.looked_at
        self.cold += other.cold


@dataclass(slots=True)
class Inspected:
    """What re-hashing many objects found: the bytes read, every object that is not intact, new digests.

    `added` are the objects found intact, each with its digest by the algorithm that was asked for besides.
    """

    size: int = 0
    failures: list[Checked] = field(default_factory=list)
    added: list[tuple[Digest, Digest]] = field(default_factory=list)
    coldness: Coldness = field(default_factory=Coldness)

    def add(self, other: Inspected) -> None:
        """Take what another reader found into account."""
        self.size += other.size
        self.failures += other.failures
        self.added += other.added
        self.coldness.add(other.coldness)


class Inspector(Protocol):
    """Re-hashes many objects; made in the process that uses it, and not for several threads."""

    def inspect(self, values: Sequence[bytes], further: Mapping[Digest, tuple[Digest, ...]], /) -> Inspected:
        """Check objects, given by their SHA-256 values, against that and their further digests.

        Raises `StoreNotThere`, and nothing else, where the store as a whole is gone.
        """
        ...


@dataclass(frozen=True, slots=True)
class Aside:
    """What stood in an object's place and is kept: where below the store's root, and what it was found to be.

    Of a missing object nothing is kept: it stands for its restoring, which may have been cut off before its record.
    """

    digest: Digest
    place: str
    was: ObjectState
    found: Digest | None


@dataclass(frozen=True, slots=True)
class Held:
    """An object that the store holds under its digest; its bytes are not looked at."""

    digest: Digest


@dataclass(frozen=True, slots=True)
class Stray:
    """Something in the store that does not belong there, by its place below the store's root.

    Where it stands in the place of an object, `instead` is that object.
    """

    place: str
    reason: str
    instead: Digest | None = None


@dataclass(frozen=True, slots=True)
class Staged:
    """Bytes taken in but not yet an object: digest, size, and the number of their file in the intake."""

    digest: Digest
    size: int
    number: int


class PlacedAs(StrEnum):
    """How placing a staged object ended."""

    NEW = "new"
    HELD = "held"
    ALTERED = "altered"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Placement:
    """How one object of a batch came to its place.

    `held` means that an object was there already and was re-hashed and found intact. `altered` and
    `unreadable` mean that what is there is not these bytes or cannot be read: it was left as it is, and
    `check` says what was found.
    """

    digest: Digest
    size: int
    outcome: PlacedAs
    check: Checked | None = None

    @property
    def safe(self) -> bool:
        """Whether the object is now held, durable and intact, so that a record may name it."""
        return self.outcome in (PlacedAs.NEW, PlacedAs.HELD)


class Intake(Protocol):
    """One act of taking material in, batch by batch: stage, seal, place, (record), clear.

    Leaving it removes what was not sealed; what was sealed and not cleared stays for `unfinished`.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...

    def stage(self, source: Readable) -> Staged:
        """Take the bytes of a source to its end; what the source raises comes through and leaves nothing."""
        ...

    def open(self, staged: Staged) -> BinaryIO:
        """The bytes of a staged file, to be read before it is an object."""
        ...

    def seal(self, note: bytes) -> None:
        """Make the batch durable with a note that says what to record; nothing is lost from here on."""
        ...

    def place(self) -> tuple[Placement, ...]:
        """Make each distinct object of the sealed batch durable under its digest, in the order of staging."""
        ...

    def clear(self) -> None:
        """Forget the batch, once what its note says has been recorded; the next batch may begin."""
        ...


class Unfinished(Protocol):
    """A batch that was cut off; it belongs to whoever iterates `unfinished` until the iteration goes on."""

    @property
    def note(self) -> bytes | None:
        """The sealed note; None where nothing is left to record: never sealed, or recorded and cleared."""
        ...

    def place(self) -> tuple[Placement, ...]:
        """Place the sealed batch, whatever part of it was placed before; empty without a note."""
        ...

    def clear(self) -> None:
        """Remove what is left of it, once what its note says has been recorded."""
        ...


class Taking(Protocol):
    """The side of a store that takes objects in."""

    def intake(self) -> Intake:
        """A new intake, to be entered."""
        ...

    def unfinished(self) -> Iterator[Unfinished]:
        """The batches of intakes whose program is gone, oldest first; never one that is alive."""
        ...

    def busy(self) -> bool:
        """Whether a program that is alive is taking objects in, some of which may not be recorded yet."""
        ...


class Giving(Protocol):
    """The side of a store that gives objects out."""

    def open(self, digest: Digest) -> AbstractContextManager[BinaryIO]:
        """The bytes of an object; raises `NotHeld`, `NotPlain`, `Unreadable` or `StoreNotThere`."""
        ...


class Keeping(Protocol):
    """The side of a store that is checked."""

    def held(self) -> Iterator[Held | Stray]:
        """All that lies in the store, in the order that reads fastest; memory stays flat."""
        ...

    def check(self, digest: Digest) -> Checked:
        """Re-hash an object. Raises `StoreNotThere`, and nothing else, where the store as a whole is gone."""
        ...

    def inspector(
        self,
        *,
        cold: bool,
        spend: Callable[[int], None] | None = None,
        add: Algorithm | None = None,
    ) -> Inspector:
        """Re-hash many: from the medium where `cold`; `spend` is told of the bytes read and may wait.

        `add` is an algorithm by which to compute a digest besides.
        """
        ...

    def settle(self) -> None:
        """Have the medium hold all that was written, so that it can be read from there."""
        ...

    def where(self, digest: Digest) -> str:
        """Where an object lies, for a person."""
        ...


class Mending(Protocol):
    """The side of a store that is repaired."""

    def restore(self, digest: Digest, source: BinaryIO) -> Aside | None:
        """Put the bytes of a source in an object's place; what became of what stood there, None where it is intact.

        The source is hashed as it is read. Raises `CopyAltered` where its bytes are others, `Unreadable`, and a
        `StoreFailure`; nothing has changed then, or what stood there is in quarantine.
        """
        ...

    def quarantined(self) -> Iterator[Aside]:
        """What was moved out of the way of restored objects and is kept, and what was missing and not forgotten."""
        ...

    def forget(self, aside: Aside) -> None:
        """No longer say that an object was missing, for its recovery is recorded; what is kept stays."""
        ...


class Store(Taking, Giving, Keeping, Mending, Protocol):
    """Objects by their SHA-256, each stored once and never changed."""

    @property
    def address(self) -> str:
        """What `open_store` takes to open it again."""
        ...
