"""Asking the catalogue: each question is a fixed number of queries, however much it asks about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func
from sqlmodel import col, select

from archive.catalog import authority, extraction, fixity, history, invariants, soundness, unbound, walks
from archive.catalog.bound_rows import Standing
from archive.catalog.chunks import chunked
from archive.catalog.claim_reading import ClaimReader
from archive.catalog.events import frontier_of
from archive.catalog.extent import totals, without_outlet
from archive.catalog.fixity_results import verdict_counts
from archive.catalog.holdings import holdings
from archive.catalog.ledger_reading import LedgerReader
from archive.catalog.link_reading import LinkReader
from archive.catalog.references import named
from archive.catalog.rows import event_of, version_of
from archive.catalog.sketches import sketches
from archive.catalog.tables import (
    AccessionRow,
    AgentRow,
    CaptureRow,
    EventRow,
    ItemRow,
    LedgerHeadRow,
    ObjectRow,
    TextRow,
    VersionRow,
)
from archive.catalog.touched import touched
from archive.label import Label
from archive.record import EventType, HeldObject

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from uuid import UUID

    from sqlmodel import Session

    from archive.attribution.acts import Act
    from archive.catalog.authority import Naming
    from archive.catalog.extent import Totals
    from archive.catalog.fixity import LastRun
    from archive.catalog.history import Check, ResultProof
    from archive.digest import Digest
    from archive.ledger.merkle import Frontier
    from archive.model import Method
    from archive.record import Event, Holding, Sketch, Version


class Reader:
    """Questions to one state of the catalogue."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def session(self) -> Session:
        """For the modules of this package that ask questions of their own."""
        return self._session

    @property
    def links(self) -> LinkReader:
        """Questions about fingerprints and links."""
        return LinkReader(self._session)

    @property
    def claims(self) -> ClaimReader:
        """Questions about passages that recur."""
        return ClaimReader(self._session)

    def find(self, reference: str) -> list[Version]:
        """The versions that a label, a digest or the beginning of a digest names, oldest first.

        An item's label names all its versions. Raises `NotHeld`, `Ambiguous`, or `BadLabel`.
        """
        return self.versions(named(self._session, reference))

    def versions(self, ids: Collection[UUID]) -> list[Version]:
        """The versions with these identifiers, in the order of their labels."""
        found = []
        for some in chunked(list(ids)):
            query = (
                select(VersionRow, ItemRow, TextRow.rule, TextRow.unicode)
                .join(ItemRow, col(ItemRow.id) == VersionRow.item_id)
                .outerjoin(TextRow, col(TextRow.digest) == VersionRow.text_digest)
                .where(col(VersionRow.id).in_(some))
            )
            found += [version_of(*row) for row in self._session.exec(query)]
        return sorted(found, key=lambda version: _order(version.label))

    def siblings(self, versions: Sequence[Version]) -> list[Version]:
        """All versions of the items that these belong to."""
        ids: list[UUID] = []
        for items in chunked(list({version.item_id for version in versions})):
            ids += self._session.exec(select(VersionRow.id).where(col(VersionRow.item_id).in_(items)))
        return self.versions(ids)

    def holdings(self, versions: Sequence[Version], *, structure: bool = True) -> list[Holding]:
        """The versions with all that is recorded about them, in the order given; see `catalog.holdings`."""
        return holdings(self._session, versions, structure=structure)

    def sketches(self, ids: Collection[UUID]) -> dict[UUID, Sketch]:
        """The versions with these identifiers as following a claim must know them."""
        return sketches(self._session, ids)

    def recorded_from(self, position: int, limit: int) -> list[Version]:
        """The versions recorded at this position of the ledger or later, in that order."""
        query = (
            select(VersionRow.id).where(VersionRow.position >= position).order_by(col(VersionRow.position))
        )
        found = self.versions(list(self._session.exec(query.limit(limit))))
        return sorted(found, key=lambda version: version.position)

    def touched_from(self, position: int) -> list[Version]:
        """The versions recorded before this position of the ledger of which something was recorded since."""
        found = self.versions(set().union(*touched(self._session, position)))
        return [version for version in found if version.position < position]

    def count_from(self, position: int) -> int:
        """How many versions were recorded at this position of the ledger or later."""
        query = select(func.count()).select_from(VersionRow).where(VersionRow.position >= position)
        return self._session.exec(query).one()

    def held_from(self, outlets: Mapping[str, Collection[str]]) -> dict[str, int]:
        """How many versions are held from each outlet, which is given by a key of the caller's and all its names."""
        return authority.held_from(self._session, outlets)

    def ledger_head(self) -> Frontier:
        """The ledger's size and the roots of its full subtrees."""
        head = self._session.exec(select(LedgerHeadRow)).one()
        return frontier_of(head.size, head.frontier)

    def leaves(self) -> Iterator[tuple[int, bytes, bytes]]:
        """Every leaf in order: its position, its bytes, its recorded hash."""
        return walks.leaves(self._session)

    def ledger(self) -> LedgerReader:
        """Questions about the ledger: its leaves, its nodes, the agents in it."""
        return LedgerReader(self._session)

    def standing(self) -> Standing:
        """Finds the rows that leaves stand for."""
        return Standing(self._session, self.ledger().commitments())

    def bound_counts(self) -> dict[str, int]:
        """How many rows each table has of which each stands under one leaf of the ledger."""
        return unbound.counts(self._session)

    def checks_of(self, digest: Digest) -> list[Check]:
        """Every check of an object in a run that ended, the first one first."""
        return history.checks_of(self._session, digest)

    def result_proof(self, run_id: UUID, digest: Digest) -> ResultProof | None:
        """The proof that a check of an object is among the results of a run."""
        return history.result_proof(self._session, run_id, digest)

    def without_leaf(self, table: str) -> list[str]:
        """The keys of rows of a table that no leaf stands for, the first few."""
        return unbound.without_leaf(self._session, table)

    def unnamed(self) -> list[tuple[str, str]]:
        """Objects, texts and items that nothing recorded speaks of: table and key, the first few of each."""
        return list(unbound.unnamed(self._session))

    def events(self, *, subjects: Collection[str] = (), limit: int | None = None) -> list[Event]:
        """The newest events, oldest of them first; only those about the subjects where some are given."""
        query = select(EventRow, AgentRow.name).join(AgentRow, col(AgentRow.id) == EventRow.agent_id)
        query = query.order_by(col(EventRow.position).desc()).limit(limit)
        narrowed = [query.where(col(EventRow.subject).in_(some)) for some in chunked(list(subjects))]
        rows = [row for each in narrowed or [query] for row in self._session.exec(each)]
        found = sorted((event_of(row, agent) for row, agent in rows), key=lambda made: made.position)
        return found if limit is None else found[-limit:]

    def objects(self) -> Iterator[HeldObject]:
        """Every recorded object, in the order of the digests."""
        return walks.objects(self._session)

    def recorded_objects(self, digests: Collection[Digest]) -> set[Digest]:
        """Which of these digests the catalogue names."""
        found: set[Digest] = set()
        for some in chunked(list(digests)):
            found |= set(
                self._session.exec(select(col(ObjectRow.digest)).where(col(ObjectRow.digest).in_(some)))
            )
        return found

    def labels_of(self, digest: Digest) -> list[Label]:
        """The versions that a copy with these bytes yielded."""
        query = select(CaptureRow.version_id).where(CaptureRow.object_digest == digest).distinct()
        return [version.label for version in self.versions(list(self._session.exec(query)))]

    def accession_ended(self, accession_id: UUID) -> tuple[Label, bool] | None:
        """The label of an accession and whether its end is recorded; None where it never began."""
        row = self._session.exec(select(AccessionRow.label).where(AccessionRow.id == accession_id)).first()
        if row is None:
            return None
        ended = select(EventRow.id).where(EventRow.subject == row, EventRow.type == EventType.INGESTION)
        return Label.parse(row), self._session.exec(ended).first() is not None

    def authority_acts(self) -> list[Act]:
        """The acts upon the authority file, in order."""
        return authority.acts(self._session)

    def namings(self) -> list[Naming]:
        """Every name under which a source is named, and how often."""
        return authority.namings(self._session)

    def counts_of(self, folded: Sequence[str]) -> tuple[int, int, int]:
        """In how many versions, items and outlets any of these names is named as a source."""
        return authority.counts_of(self._session, folded)

    def outlets_held(self) -> dict[str, set[str]]:
        """The outlets named for what is held: each name with the versions it is named for."""
        return authority.outlets_held(self._session)

    def without_extraction(self, methods: Sequence[Method], after: UUID | None, limit: int) -> list[Version]:
        """Versions that none of these methods has read for attributions, in the order of their identifiers."""
        return self.versions(extraction.without_method(self._session, methods, after, limit))

    def totals(self) -> Totals:
        """How much is held."""
        return totals(self._session, self.ledger_head().size)

    def without_outlet(self) -> int:
        """How many versions nobody names an outlet for."""
        return without_outlet(self._session)

    def last_run(self) -> LastRun | None:
        """The last run of the integrity check, if there was one; a repair is none."""
        return fixity.last_run(self._session)

    def verdict_counts(self, run_id: UUID) -> dict[str, int]:
        """The outcomes of a run, counted from its rows."""
        return verdict_counts(self._session, run_id)

    def faults(self) -> list[str]:
        """What the database itself finds wrong with its file and its references; empty where all is well."""
        return list(soundness.faults(self._session))

    def broken_invariants(self) -> list[str]:
        """What does not hold between the rows of the catalogue, in words; empty where all is well."""
        return list(invariants.broken(self._session))


def _order(label: Label) -> tuple[int, ...]:
    return (label.year, label.accession, label.item or 0, label.version or 0)
