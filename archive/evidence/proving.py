"""The proof that what was recorded of a version is in the ledger, under a checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.checkpoints import make_checkpoint, opened, shelf
from archive.checkpoints.continuing import leaf_path
from archive.checkpoints.stamps import Stamps
from archive.errors import ArchiveError, UsageError
from archive.ledger.proof import Proof

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.catalog.ledger_reading import LedgerReader
    from archive.ledger.checkpoint import Checkpoint
    from archive.ledger.note import SignedNote


LONGEST_NUMBER = 18
"""Digits of the largest number of an event that the catalogue can be asked for."""


class NotSigned(ArchiveError):
    """There is no checkpoint under which something could be proved."""


class OneVersion(UsageError):
    """A proof was asked for of what has several versions."""


class NoSuchEvent(UsageError):
    """The ledger has no such place."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint to prove things under, as it was signed, and the answers of time stamping authorities over it."""

    note: SignedNote
    checkpoint: Checkpoint
    answers: tuple[bytes, ...] = ()


def prove_version(archive: Archive, reference: str) -> Proof:
    """The proof of the leaf that recorded a version: its first capture.

    Raises `OneVersion` where the reference names several, `NotSigned` where nothing is signed yet.
    """
    with archive.catalog.read() as reader:
        found = reader.find(reference)
    if len(found) > 1:
        labels = ", ".join(str(version.label) for version in found[:5])
        raise OneVersion(f"{reference} has {len(found)} versions; name one of {labels}")
    return prove_event(archive, found[0].position)


def prove_event(archive: Archive, position: int) -> Proof:
    """The proof of the leaf at this position; raises `NoSuchEvent`, `NotSigned`, and `ProofFails`
    where the ledger does not lead to what was signed.
    """
    signed = under(archive, position)
    with archive.catalog.read() as reader:
        return proof_of(reader.ledger(), position, signed)


def under(archive: Archive, position: int) -> Signed:
    """The checkpoint to prove a leaf under: the first with a time stamp that covers it, else the newest."""
    if max(shelf(archive).sizes(), default=0) <= position:
        make_checkpoint(archive)
    stamps = Stamps(archive.path / "ledger" / "timestamps")
    for size in stamps.sizes():
        if size > position and (stamped := stamps.at(size)):
            return Signed(stamped.checkpoint, opened(archive, stamped.checkpoint), (stamped.answer,))
    return newest(archive, position)


def newest(archive: Archive, position: int) -> Signed:
    """The newest checkpoint; raises `NotSigned`, or `NoSuchEvent` where it does not reach so far."""
    note = shelf(archive).last()
    if note is None:
        raise NotSigned(
            "nothing is signed yet: `claimtrail checkpoint` says why, or makes the first checkpoint"
        )
    checkpoint = opened(archive, note)
    if not 0 <= position < checkpoint.size:
        raise NoSuchEvent(
            f"the newest checkpoint covers events 0 to {checkpoint.size - 1}; there is no event {position} in it"
        )
    return Signed(note, checkpoint)


def proof_of(ledger: LedgerReader, position: int, signed: Signed) -> Proof:
    """The proof of one leaf under a checkpoint, checked before it is given out."""
    leaf = ledger.leaf(position)
    if leaf is None:
        raise NoSuchEvent(f"the ledger has no event {position}")
    path = leaf_path(ledger, bytes(leaf), position, signed.checkpoint)
    return Proof(bytes(leaf), position, path, signed.note, signed.answers)


def whole_number(text: str) -> int:
    """The number of an event as it was typed; raises `NoSuchEvent`."""
    if not text.isascii() or not text.isdecimal() or len(text) > LONGEST_NUMBER:
        raise NoSuchEvent(f"{text} is not the number of an event; `claimtrail log` shows them")
    return int(text)
