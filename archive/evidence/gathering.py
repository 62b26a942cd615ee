"""What an evidence pack holds, gathered from one state of the archive: records, leaves, proofs, checks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive.catalog.bound import document
from archive.checkpoints import keyring, opened, shelf
from archive.checkpoints.continuing import consistent_path
from archive.checkpoints.stamps import Stamps
from archive.evidence.proving import newest, proof_of, under
from archive.ledger.commitment import Opening
from archive.ledger.pack.build import Earlier, LedgerEvidence
from archive.ledger.tiles import Tiles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archive.archive import Archive
    from archive.catalog.history import Check, ResultProof
    from archive.catalog.ledger_reading import LedgerReader
    from archive.catalog.reading import Reader
    from archive.digest import Digest
    from archive.evidence.proving import Signed
    from archive.record import Event, Holding, Version

CHECKS = 5
"""How many checks of an object are proved, the last ones; all are listed."""

EARLIER = 50
"""How many earlier checkpoints go into a pack, the newest ones, for a reader to compare with what he kept."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event with what its leaf says, and the rows it stands for as the files that its digests name."""

    event: Event
    leaf: Mapping[str, Any]
    rows: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Checked:
    """One check of one object, and the proof that it is among the results of its run, for the last ones."""

    digest: Digest
    check: Check
    proof: ResultProof | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of a pack but the originals' bytes, which are copied as it is written; `size` in events that are signed."""

    archive: str
    holdings: tuple[Holding, ...]
    objects: tuple[Digest, ...]
    told: tuple[Told, ...]
    checked: tuple[Checked, ...]
    ledger: LedgerEvidence
    size: int


def gather(archive: Archive, versions: Sequence[Version]) -> Evidence:
    """Gather the evidence for versions; raises `NotSigned` where nothing is signed yet."""
    last = max(version.position for version in versions)
    under(archive, last)
    signed = newest(archive, last)
    with archive.catalog.read() as reader:
        holdings = tuple(reader.holdings(versions))
        objects = _objects(holdings)
        checked = _checked(reader, objects)
        events = _events(reader, holdings, objects, {each.check.position for each in checked})
        covered = [event for event in events if event.position < signed.checkpoint.size]
        told = _told(reader, covered)
        openings = _openings(reader.ledger(), told)
        ledger = _ledger(archive, reader.ledger(), signed, [each.event.position for each in told], openings)
    return Evidence(
        signed.checkpoint.origin, holdings, objects, told, checked, ledger, signed.checkpoint.size
    )


def _objects(holdings: Sequence[Holding]) -> tuple[Digest, ...]:
    """The objects of every capture, and the containers they came in."""
    found = [
        digest for each in holdings for c in each.captures for digest in (c.object, c.container) if digest
    ]
    return tuple(dict.fromkeys(found))


def _checked(reader: Reader, objects: Sequence[Digest]) -> tuple[Checked, ...]:
    found = []
    for digest in objects:
        checks = reader.checks_of(digest)
        unproved = len(checks) - CHECKS
        for number, check in enumerate(checks):
            proof = reader.result_proof(check.run_id, digest) if number >= unproved else None
            found.append(Checked(digest, check, proof))
    return tuple(found)


def _events(
    reader: Reader, holdings: Sequence[Holding], objects: Sequence[Digest], runs: set[int]
) -> list[Event]:
    """What was done to these versions, captures, accessions and objects, and the ends of runs, in order."""
    subjects = {str(digest) for digest in objects}
    for holding in holdings:
        subjects |= {str(holding.version.id), *(str(capture.id) for capture in holding.captures)}
        subjects |= {str(capture.accession) for capture in holding.captures}
    found = reader.events(subjects=subjects)
    ends = reader.ledger().events_at(sorted(runs)[-CHECKS:])
    return sorted({event.position: event for event in (*found, *ends)}.values(), key=lambda e: e.position)


def _told(reader: Reader, events: Sequence[Event]) -> tuple[Told, ...]:
    """Each event with its leaf and its rows; those that are neighbours are asked for together."""
    leaves = {event.position: json.loads(event.body) for event in events}
    rows: dict[int, Mapping[str, bytes]] = {}
    standing = reader.standing()
    for run in _runs(sorted(leaves)):
        lines = standing.lines({position: leaves[position] for position in run})
        for position in run:
            bound = leaves[position].get("rows", {})
            rows[position] = {table: document(lines[position][table]) for table in bound}
    return tuple(Told(event, leaves[event.position], rows[event.position]) for event in events)


def _runs(positions: Sequence[int]) -> list[list[int]]:
    """Neighbouring positions together."""
    runs: list[list[int]] = []
    for position in positions:
        if runs and runs[-1][-1] == position - 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    return runs


def _openings(ledger: LedgerReader, told: Sequence[Told]) -> tuple[Opening, ...]:
    """What opens the commitments that these leaves and rows hold, as far as it was not erased."""
    written = b"".join([each.event.body + b"".join(each.rows.values()) for each in told]).decode()
    known = [each for each in ledger.agents().values() if each.salt is not None]
    return tuple(
        Opening(each.name, bytes(each.salt)) for each in known if each.salt and each.shown in written
    )


def _ledger(
    archive: Archive,
    ledger: LedgerReader,
    signed: Signed,
    positions: Sequence[int],
    openings: tuple[Opening, ...],
) -> LedgerEvidence:
    keys = keyring(archive)
    first = keys.first()
    assert first is not None  # noqa: S101 - its checkpoint was opened with it
    node = Tiles(ledger.row).node
    stamps = Stamps(archive.path / "ledger" / "timestamps")
    stamped = [each for size in stamps.sizes() if (each := stamps.at(size))]
    notes = {note.text: note for _, note in shelf(archive).all()} | {
        s.checkpoint.text: s.checkpoint for s in stamped
    }
    kept = [note for note in notes.values() if note.text != signed.note.text]
    needed = {each.checkpoint.text for each in stamped}
    older = kept[:-EARLIER]
    earlier = []
    for note in [*(each for each in older if each.text in needed), *kept[-EARLIER:]]:
        before = opened(archive, note)
        if before.size < signed.checkpoint.size:
            earlier.append(Earlier(note, consistent_path(node, before, signed.checkpoint)))
    return LedgerEvidence(
        first_key=first,
        checkpoint=signed.note,
        proofs=tuple(proof_of(ledger, position, signed) for position in positions),
        successions=tuple(keys.successions()),
        earlier=tuple(earlier),
        stamped=tuple(stamped),
        openings=openings,
    )
