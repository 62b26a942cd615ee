"""Which objects a repair looks at: those named, or all that were last found not intact anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.catalog.mending import failed_objects, objects_named
from archive.catalog.replicas import failed_copies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.archive import Archive
    from archive.digest import Digest


def named(archive: Archive, references: Sequence[str]) -> list[Digest]:
    """The objects that digests, beginnings of digests or labels name; raises `NotHeld`, `Ambiguous`, `BadLabel`."""
    with archive.catalog.read() as reader:
        found = [digest for reference in references for digest in objects_named(reader, reference)]
    return list(dict.fromkeys(found))


def not_intact(archive: Archive) -> list[Digest]:
    """The objects that were last found not intact in the archive or in a replica, in the order of the digests."""
    with archive.catalog.read() as reader:
        return sorted({*failed_objects(reader), *(copy.digest for copy in failed_copies(reader))})
