"""Bringing a replica up: every object it has no copy of is copied, hashed on the way, durable, then recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.catalog.replicas import copy_counts, record_copies, set_bad_copies, uncopied
from archive.replicas import open_replica
from archive.replicas.beside import copy_record
from archive.store.failures import NotHeld, NotPlain, Unreadable
from archive.store.mending import CopyAltered, Verified
from archive.verdict import IntegrityFinding, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from archive.archive import Archive
    from archive.catalog.replicas import Replica
    from archive.record import HeldObject
    from archive.store import Intake, Placement

NOTE = b"copies for a replica"
"""The note of a sealed batch; one that was cut off is thrown away, for the catalogue knows what is lacking."""

_VERDICTS = {
    NotHeld: Verdict.MISSING,
    NotPlain: Verdict.ALTERED,
    CopyAltered: Verdict.ALTERED,
    Unreadable: Verdict.UNREADABLE,
}


@dataclass(slots=True)
class Synced:
    """What bringing a replica up came to: copies made now and their bytes, what could not be copied and why.

    `record_copied` says whether the catalogue and the ledger's checkpoints lie beside the copies as well.
    """

    replica: Replica
    copied: int = 0
    size: int = 0
    findings: list[IntegrityFinding] = field(default_factory=list)
    record_copied: bool = False


def sync(archive: Archive, replica: Replica, progress: Callable[[int], None] | None = None) -> Synced:
    """Copy what is lacking, batch by batch; may be cut off at any point and begun again.

    Raises `StoreNotThere` and the other failures of either store.
    """
    store = open_replica(archive, replica)
    for left in store.unfinished():
        left.clear()
    synced = Synced(replica)
    with store.intake() as intake, archive.catalog.read() as reader:
        batch = _Batch(archive, intake, synced)
        for held in uncopied(reader, replica):
            batch.take(held)
            if batch.full:
                batch.keep()
                if progress:
                    progress(synced.copied)
        batch.keep()
    synced.record_copied = copy_record(archive, store)
    return synced


def to_do(archive: Archive, replica: Replica) -> int:
    """How many objects the replica has no copy of."""
    with archive.catalog.read() as reader:
        return copy_counts(reader, replica).uncopied


class _Batch:
    def __init__(self, archive: Archive, intake: Intake, synced: Synced) -> None:
        self._archive, self._intake, self._synced = archive, intake, synced
        self._files = archive.settings.whole("batch_files")
        self._bytes = archive.settings.whole("batch_bytes")
        self._taken: list[HeldObject] = []

    @property
    def full(self) -> bool:
        """Whether it is time to make durable and record what was taken."""
        return len(self._taken) >= self._files or sum(h.size for h in self._taken) >= self._bytes

    def take(self, held: HeldObject) -> None:
        try:
            with self._archive.store.open(held.digest) as source:
                self._intake.stage(Verified(source, held.digest))
        except tuple(_VERDICTS) as error:
            self._synced.findings.append(_not_copied(held, error))
        else:
            self._taken.append(held)

    def keep(self) -> None:
        if not self._taken:
            return
        self._intake.seal(NOTE)
        placed = {placement.digest: placement for placement in self._intake.place()}
        good = [held for held in self._taken if placed[held.digest].safe]
        bad = [(held, placed[held.digest]) for held in self._taken if not placed[held.digest].safe]
        self._record(good, bad)
        self._intake.clear()
        self._taken = []

    def _record(self, good: list[HeldObject], bad: list[tuple[HeldObject, Placement]]) -> None:
        replica, by = self._synced.replica, self._archive.settings.archivist
        found = [_in_the_way(replica, held, placement) for held, placement in bad]
        refused = [(held.digest, finding) for (held, _), finding in zip(bad, found, strict=True)]
        self._archive.catalog.write(lambda writer: record_copies(writer, replica, good, by))
        if refused:
            self._archive.catalog.write(lambda writer: set_bad_copies(writer, replica, refused))
        self._synced.findings += found
        self._synced.copied += len(good)
        self._synced.size += sum(held.size for held in good)


def _not_copied(held: HeldObject, error: Exception) -> IntegrityFinding:
    verdict = next(verdict for kind, verdict in _VERDICTS.items() if isinstance(error, kind))
    expected = f"{held.digest}, {held.size} bytes"
    return IntegrityFinding(
        verdict, str(held.digest), expected, str(error), "in the archive itself; it was not copied"
    )


def _in_the_way(replica: Replica, held: HeldObject, placement: Placement) -> IntegrityFinding:
    verdict = Verdict.UNREADABLE if placement.outcome == "unreadable" else Verdict.ALTERED
    found = (placement.check.reason if placement.check else None) or "other bytes"
    expected = f"{held.digest}, {held.size} bytes"
    return IntegrityFinding(
        verdict, str(held.digest), expected, found, f"in the replica {replica.address}; it was left there"
    )
