"""Every place that holds copies: the archive's own store, and each replica that can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.catalog.replicas import given
from archive.replicas import listed, open_replica
from archive.store.failures import StoreFailure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.archive import Archive
    from archive.catalog.replicas import Replica
    from archive.digest import Digest
    from archive.store import Store


@dataclass(frozen=True, slots=True)
class Holder:
    """A store, which replica it is (None: the archive itself), and which of the objects in question it was given."""

    store: Store
    given: frozenset[Digest]
    replica: Replica | None = None

    @property
    def address(self) -> str:
        """Where it is."""
        return self.replica.address if self.replica else self.store.address

    def expects(self, digest: Digest) -> bool:
        """Whether the object was put there: all were in the archive, those that were copied in a replica."""
        return digest in self.given


def holders(archive: Archive, digests: Sequence[Digest]) -> list[Holder]:
    """The archive first, then its replicas in the order in which they were added; those not there are left out."""
    found = [Holder(archive.store, frozenset(digests))]
    for replica in listed(archive):
        try:
            store = open_replica(archive, replica)
        except StoreFailure:
            continue
        with archive.catalog.read() as reader:
            found.append(Holder(store, frozenset(given(reader, replica, digests)), replica))
    return found
