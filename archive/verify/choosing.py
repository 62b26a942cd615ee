"""What a run reads next, in pieces: the never checked first, then those that failed, then the oldest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.catalog import fixity_work
from archive.catalog.fixity_tables import DIGEST_SIZE
from archive.catalog.fixity_work import FAILED, NEVER
from archive.catalog.further import any_further, further_digests
from archive.digest import Algorithm, Digest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from archive.archive import Archive
    from archive.catalog.fixity import Plan
    from archive.catalog.fixity_entry import Found
    from archive.catalog.fixity_work import Due
    from archive.verify.scope import Scope

OBJECTS_A_PIECE = 10_000


@dataclass(slots=True)
class Piece:
    """Objects that stand together: which of them are to be read, and which are done.

    `source` is the shelf that they stand on, since `at`; None for those never checked or not found intact.
    """

    values: list[bytes]
    wanted: list[bytes]
    further: Mapping[Digest, tuple[Digest, ...]]
    tier: int | None = None
    source: UUID | None = None
    at: datetime | None = None
    done: set[bytes] = field(default_factory=set)

    def found(self, fresh: Found) -> Found:
        """What came of some of its objects, with what now still stands where they stood."""
        self.done.update(fresh.intact)
        self.done.update(result.digest.value for result in fresh.failed)
        fresh.source = self.source
        if self.source:
            fresh.left = b"".join(value for value in self.values if value not in self.done)
        return fresh


class Choosing:
    """The pieces of a run, in the order in which they should be read."""

    def __init__(self, archive: Archive, plan: Plan, scope: Scope, due: Due | None) -> None:
        self._archive, self._plan, self._scope, self._due = archive, plan, scope, due
        with archive.catalog.read() as reader:
            # Asked once: what is added later by another run is verified there, as it is added.
            self._has_further = any_further(reader.session)

    def pieces(self, parts: Collection[int]) -> Iterator[Piece]:
        """All that is to be checked in these ranges now; what is recorded meanwhile is not among it."""
        for tier in (NEVER, FAILED):
            yield from self._open(tier, parts)
        with self._archive.catalog.read() as reader:
            shelves = fixity_work.shelves(reader.session, self._plan, parts, self._due)
        for shelf_id, at in shelves:
            with self._archive.catalog.read() as reader:
                standing = fixity_work.shelf(reader.session, shelf_id)
            values = [standing[i : i + DIGEST_SIZE] for i in range(0, len(standing), DIGEST_SIZE)]
            piece = self._piece(values)
            piece.source, piece.at = shelf_id, at
            if piece.wanted:
                yield piece

    def _open(self, tier: int, parts: Collection[int]) -> Iterator[Piece]:
        after = (-1, "")
        while True:
            with self._archive.catalog.read() as reader:
                page = fixity_work.open_objects(
                    reader.session, tier, self._plan, parts, after, OBJECTS_A_PIECE
                )
            if not page:
                return
            after = page[-1]
            piece = self._piece([bytes.fromhex(name.partition(":")[2]) for _, name in page])
            piece.tier = tier
            if piece.wanted:
                yield piece

    def _piece(self, values: list[bytes]) -> Piece:
        """The piece, with what of it is to be read in the order of the folders: neighbours on the disk together."""
        wanted = sorted(self._scope.of(values, self._plan.run_id))
        if not wanted or not (self._scope.narrowed or self._has_further):
            return Piece(values, wanted, {})
        in_order = [Digest(Algorithm.SHA256, value) for value in wanted]
        with self._archive.catalog.read() as reader:
            if self._scope.narrowed:
                kept = fixity_work.narrowed(reader.session, in_order, self._scope.narrowed)
                wanted = [digest.value for digest in in_order if digest in kept]
            further = further_digests(reader.session, in_order)
        return Piece(values, wanted, further)

    def pending(self, parts: Collection[int]) -> dict[int, int]:
        """How many objects are still to be checked in each of these ranges, before any narrowing."""
        with self._archive.catalog.read() as reader:
            return fixity_work.pending(reader.session, self._plan, parts, self._due)
