"""Checkpoints (C2SP tlog-checkpoint): size and root of the ledger, signed; and their witnesses."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Self

from archive.errors import ArchiveError, ExitCode
from archive.ledger.keys import Kind, PublicKey, SigningKey, read_base64
from archive.ledger.merkle import EMPTY_ROOT, HASH_SIZE, MAX_SIZE, Frontier
from archive.ledger.note import NotSigned, Signature, SignedNote, sign

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_TIME_SIZE = 8


class BadCheckpoint(ArchiveError):
    """A note is no checkpoint, or not one of this ledger."""

    exit_code: ClassVar[ExitCode] = ExitCode.CHECK_FAILED


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed: which ledger (its origin), how many leaves, the 32-byte root over them.

    Lines after the root are kept as they are; our own checkpoints have none.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.origin or any("\n" in line or not line for line in (self.origin, *self.extensions)):
            raise BadCheckpoint("a line of a checkpoint is empty or more than one")
        if not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_SIZE:
            raise BadCheckpoint("a checkpoint has a size and a root of 32 bytes")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise BadCheckpoint("a ledger without leaves has one root only, and this is another")

    @property
    def text(self) -> str:
        """The lines that are signed."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def of(cls, origin: str, frontier: Frontier) -> Self:
        """The ledger as it stands."""
        return cls(origin, frontier.size, frontier.root())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the lines; raises `BadCheckpoint` where they are none."""
        origin, *rest = text.removesuffix("\n").split("\n")
        if not text.endswith("\n") or len(rest) < 2 or not _SIZE.fullmatch(rest[0]):
            raise BadCheckpoint("a checkpoint is three lines: origin, size, root")
        try:
            root = read_base64(rest[1])
        except ValueError as error:
            raise BadCheckpoint(f"the root of a checkpoint is {error}") from error
        return cls(origin, int(rest[0]), root, tuple(rest[2:]))


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A witness says that, at this time, it had seen the ledger grow to this checkpoint without a break."""

    witness: PublicKey
    at: datetime


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> SignedNote:
    """The checkpoint signed by the ledger's own key, whose name is the ledger's origin."""
    if key.name != checkpoint.origin:
        raise BadCheckpoint(f"the key of {key.name} does not sign for {checkpoint.origin}")
    return sign(checkpoint.text, key)


def open_checkpoint(note: SignedNote, *keys: PublicKey) -> Checkpoint:
    """What the note says, once one of the ledger's keys is seen to have signed it.

    Raises `NotSigned` where none did, `BadCheckpoint` where it is none or is of another ledger.
    """
    signed = note.check(keys)
    checkpoint = Checkpoint.parse(note.text)
    if all(key.name != checkpoint.origin for key in signed):
        raise BadCheckpoint(f"a checkpoint of {checkpoint.origin}, not of {signed[0].name}")
    return checkpoint


def cosign(note: SignedNote, witness: SigningKey, at: datetime) -> SignedNote:
    """The checkpoint with a witness's cosignature (C2SP tlog-cosignature, Ed25519).

    Whoever cosigns says that the ledger grew without a break: check the consistency proof first.
    """
    key = witness_key(witness.public)
    seconds = int(at.timestamp())
    value = seconds.to_bytes(_TIME_SIZE, "big") + witness.sign(_cosigned(note.text, seconds))
    return note.adding(Signature(key.name, key.identifier, value))


def cosignatures(note: SignedNote, witnesses: Iterable[PublicKey]) -> tuple[Cosignature, ...]:
    """Which of these witnesses saw the checkpoint, and when; lines of others are passed over.

    Raises `NotSigned` where a line says that it is by one of them and is not.
    """
    known = [witness_key(witness) for witness in witnesses]
    seen = {}
    for signature in note.signatures:
        for key in filter(signature.is_by, known):
            seen[key] = Cosignature(key, _cosigned_at(note.text, signature, key))
    return tuple(seen.values())


def witness_key(key: PublicKey) -> PublicKey:
    """The key as one that cosigns, with the identifier this gives it."""
    return PublicKey(key.name, key.value, Kind.COSIGNATURE)


def _cosigned_at(text: str, signature: Signature, key: PublicKey) -> datetime:
    seconds = int.from_bytes(signature.value[:_TIME_SIZE], "big")
    if not key.verifies(_cosigned(text, seconds), signature.value[_TIME_SIZE:]):
        raise NotSigned(f"the cosignature said to be by {key.name} is not over this checkpoint")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise NotSigned(f"the cosignature by {key.name} is of no time there is") from error


def _cosigned(text: str, seconds: int) -> bytes:
    """What a witness signs: two lines of its own and the checkpoint's."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
