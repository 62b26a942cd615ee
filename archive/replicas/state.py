"""What is known of each replica, and whether it can be reached just now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.catalog.replicas import copy_counts, replicas
from archive.replicas import open_replica
from archive.store.failures import StoreFailure

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.catalog.replicas import CopyCounts, Replica


@dataclass(frozen=True, slots=True)
class ReplicaState:
    """A replica, its counts, and why it cannot be reached (None: it can)."""

    replica: Replica
    counts: CopyCounts
    unreachable: str | None


def states(archive: Archive) -> list[ReplicaState]:
    """Every replica in use, the first added first."""
    with archive.catalog.read() as reader:
        found = [(each, copy_counts(reader, each)) for each in replicas(reader)]
    return [ReplicaState(each, counts, _unreachable(archive, each)) for each, counts in found]


def _unreachable(archive: Archive, replica: Replica) -> str | None:
    try:
        open_replica(archive, replica)
    except StoreFailure as error:
        return str(error)
    return None
