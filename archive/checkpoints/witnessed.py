"""The newest checkpoint, cosignatures of witnesses under it, and a new key to sign the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.catalog import ReadOnly
from archive.checkpoints import keyring, log_key, make_checkpoint, shelf, signing_key
from archive.checkpoints.shelf import read_note
from archive.errors import ArchiveError, UsageError
from archive.ledger.checkpoint import cosignatures
from archive.ledger.keys import PublicKey
from archive.ledger.note import BadNote, Signature, SignedNote

if TYPE_CHECKING:
    from pathlib import Path

    from archive.archive import Archive


class NoCheckpoint(ArchiveError):
    """Nothing is signed yet."""


class NoWitness(UsageError):
    """A cosignature was given that no named witness made."""


def newest_note(archive: Archive) -> SignedNote:
    """The newest checkpoint, made now where the ledger has grown; raises `NoCheckpoint`, `LedgerForked`."""
    note = make_checkpoint(archive) or shelf(archive).last()
    if note is None:
        raise NoCheckpoint("there is no checkpoint yet: the ledger has no event to sign")
    return note


def with_cosignature(archive: Archive, path: Path, witness: str | None) -> SignedNote:
    """Keep a witness's cosignature with the checkpoint that it is under.

    The file is the checkpoint as the witness gave it back, or only the lines of signatures, which are then of the
    newest checkpoint. Raises `NoWitness` where the witness named did not make one, `NotSigned` for a false one.
    """
    if witness is None:
        raise NoWitness("say whose cosignature it is: --witness KEY, the witness's key as name+id+base64")
    key = PublicKey.parse(witness)
    note, lines = _given(archive, path)
    for line in lines:
        note = note.adding(line)
    if not cosignatures(note, [key]):
        raise NoWitness(f"{path} holds no cosignature by {key.name} of a checkpoint of this archive")
    shelf(archive).keep(note)
    return note


def _given(archive: Archive, path: Path) -> tuple[SignedNote, tuple[Signature, ...]]:
    """The archive's own checkpoint that a file is about, and the lines of signatures in the file."""
    own = shelf(archive)
    try:
        given = read_note(path)
    except BadNote:
        text = path.read_text(encoding="utf-8").strip()
        return newest_note(archive), tuple(map(Signature.parse, text.splitlines()))
    if given is None:
        raise NoWitness(f"there is no file {path}")
    note = next((note for _, note in own.all() if note.text == given.text), None)
    if note is None:
        raise NoWitness(f"{path} is not about a checkpoint of this archive")
    return note, given.signatures


def rotate_key(archive: Archive) -> tuple[PublicKey, PublicKey]:
    """Change to a new key, signed by the old; the ledger says so, and the new key signs it.

    Returns the old key and the new. Raises `ReadOnly`, `NoKey`, `LedgerForked`.
    """
    if not archive.writable:
        raise ReadOnly("the archive is read-only here: its key cannot be changed")
    signing_key(archive)
    make_checkpoint(archive)
    with archive.catalog.read() as reader:
        size = reader.ledger_head().size
    old, new = keyring(archive).rotate(archive.clock, size)
    log_key(archive, new, {"follows": str(old.public), "from": size})
    return old.public, new.public
