"""Checkpoints of an archive: made after every accession and every job, each only where it continues the last."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, ClassVar

from archive.checkpoints.continuing import continues
from archive.checkpoints.keyring import Keyring, NoKey
from archive.checkpoints.shelf import Shelf
from archive.checkpoints.stamps import Stamps
from archive.errors import ArchiveError, ExitCode
from archive.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from archive.ledger.succession import keys_at
from archive.record import EventType, Outcome
from archive.verdict import IntegrityFinding, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from archive.archive import Archive
    from archive.ledger.keys import SigningKey
    from archive.ledger.note import SignedNote

COPIES = "checkpoint_copies"
"""The setting that names a directory elsewhere to which every checkpoint is copied."""


class LedgerForked(ArchiveError):
    """The ledger does not continue what was signed before: nothing is signed over it."""

    exit_code: ClassVar[ExitCode] = ExitCode.CHECK_FAILED


def keyring(archive: Archive) -> Keyring:
    """The archive's keys."""
    return Keyring(archive.path / "ledger", archive.path / "keys")


def shelf(archive: Archive) -> Shelf:
    """The archive's own checkpoints."""
    return Shelf(archive.path / "ledger")


def make_checkpoint(archive: Archive) -> SignedNote | None:
    """Sign the ledger as it stands, unless that was done; None where there is nothing to sign or no way to.

    The last checkpoint, here and where copies are kept, must be one that the ledger continues: else nothing is
    signed. Raises `LedgerForked`, `NoKey`, `NotKept`.
    """
    if not archive.writable:
        return None
    key = signing_key(archive)
    own = shelf(archive)
    with archive.catalog.read() as reader:
        ledger = reader.ledger()
        present = Checkpoint.of(key.name, ledger.head())
        if not present.size:
            return None
        last = _last(archive, own)
        if last and not continues(ledger, last, present):
            raise forked(last, present, f"the last checkpoint, {own.place(last.size)}")
        note = own.at(present.size) or sign_checkpoint(present, key)
        own.keep(note)
        copies = archive.settings.text(COPIES)
        if copies:
            copy_to(archive, note, archive.path / copies)
    return note


def checkpoint_after(archive: Archive) -> None:
    """Make a checkpoint after a job, if that can be done; what stands in the way is said as the command ends."""
    with contextlib.suppress(ArchiveError):
        if keyring(archive).first() is not None:
            make_checkpoint(archive)


def copy_to(archive: Archive, note: SignedNote, folder: Path) -> Path:
    """Keep a copy of a checkpoint elsewhere; the newest one there must be one that the ledger continues.

    Raises `LedgerForked` where it is not, `NotKept` where the copy cannot be read or written.
    """
    there = Shelf(folder / _folder(Checkpoint.parse(note.text).origin))
    last = there.last()
    if last:
        kept, present = opened(archive, last), Checkpoint.parse(note.text)
        with archive.catalog.read() as reader:
            if not continues(reader.ledger(), kept, present):
                raise forked(kept, present, f"a copy that was kept, {there.place(kept.size)}")
    return there.keep(note)


def forked(kept: Checkpoint, present: Checkpoint, what: str) -> LedgerForked:
    """That the ledger does not continue a checkpoint, in words."""
    if kept.size > present.size:
        why = f"it had {kept.size:,} events then and has {present.size:,} now: it was rolled back"
    else:
        why = f"its first {kept.size:,} events are not those that were signed: its history was rewritten"
    return LedgerForked(
        f"THE LEDGER DOES NOT CONTINUE {what}: {why}\n"
        "no checkpoint was signed; keep every copy you have, and run `claimtrail verify --ledger`"
    )


def opened(archive: Archive, note: SignedNote) -> Checkpoint:
    """What a checkpoint says, once a key of this ledger is seen to have signed it; raises `NotSigned`."""
    size = Checkpoint.parse(note.text).size
    return open_checkpoint(note, *keys_at(keyring(archive).terms(), size))


def signing_key(archive: Archive) -> SigningKey:
    """The key that signs; an archive that has none yet gets one, and the ledger says so."""
    keys = keyring(archive)
    if keys.first() is not None:
        return keys.signing()
    made = keys.make(archive.clock)
    with archive.catalog.read() as reader:
        fresh = not reader.ledger_head().size
    if not fresh:
        log_key(archive, made, {})
    return made


def log_key(archive: Archive, key: SigningKey, more: dict[str, str | int]) -> int:
    """Enter in the ledger that a key was made; the event's position."""
    detail = {"key": str(key.public), **more}
    subject, by = f"key {key.public.fingerprint}", archive.settings.archivist
    return archive.catalog.write(
        lambda w: w.append(EventType.SIGNING_KEY, subject, Outcome.SUCCESS, by, detail)
    )


def own_checkpoints(archive: Archive) -> tuple[list[Checkpoint], list[IntegrityFinding]]:
    """The archive's own checkpoints, each seen to be signed, and a finding for each that is not."""
    found, findings = list[Checkpoint](), list[IntegrityFinding]()
    own = shelf(archive)
    try:
        sizes = own.sizes()
        keyring(archive).terms()
    except ArchiveError as error:
        return [], [
            IntegrityFinding(
                Verdict.UNREADABLE, "checkpoints", "the ledger's keys and checkpoints", str(error)
            )
        ]
    for size in sizes:
        try:
            note = own.at(size)
            if note:
                checkpoint = opened(archive, note)
                if checkpoint.size != size:
                    findings.append(_false(own, size, f"one over {checkpoint.size:,} events"))
                found.append(checkpoint)
        except ArchiveError as error:
            findings.append(_false(own, size, str(error)))
    return [*found, *_stamped(archive, findings)], findings


def _stamped(archive: Archive, findings: list[IntegrityFinding]) -> list[Checkpoint]:
    """The checkpoints that time stamps are over, each seen to be signed."""
    found, stamps = list[Checkpoint](), Stamps(archive.path / "ledger" / "timestamps")
    for size in stamps.sizes():
        try:
            stamped = stamps.at(size)
            if stamped:
                found.append(opened(archive, stamped.checkpoint))
        except ArchiveError as error:
            subject, expected = f"time stamp {size}", "a checkpoint signed by the ledger's key"
            findings.append(IntegrityFinding(Verdict.ALTERED, subject, expected, str(error)))
    return found


def _false(own: Shelf, size: int, found: str) -> IntegrityFinding:
    expected = f"a checkpoint over {size:,} events, signed by the ledger's key"
    return IntegrityFinding(Verdict.ALTERED, f"checkpoint {own.place(size).name}", expected, found)


def _last(archive: Archive, own: Shelf) -> Checkpoint | None:
    note = own.last()
    return opened(archive, note) if note else None


def _folder(origin: str) -> str:
    """A name for the copies of one ledger among those of others."""
    return origin.rpartition("/")[2]


__all__ = [
    "LedgerForked",
    "NoKey",
    "checkpoint_after",
    "copy_to",
    "keyring",
    "make_checkpoint",
    "opened",
    "own_checkpoints",
    "shelf",
    "signing_key",
]
