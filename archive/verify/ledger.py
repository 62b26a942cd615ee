"""Whether the ledger is what was appended, what was signed, and what the catalogue says beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.ledger.audit import Audit, Misfit, StoredLeaf
from archive.verdict import IntegrityFinding, Verdict
from archive.verify.rows import RowAudit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archive.archive import Archive
    from archive.ledger.audit import LedgerFinding
    from archive.ledger.checkpoint import Checkpoint
    from archive.verify.rows import DatedBack

_MISSING = (Misfit.LEAF_MISSING, Misfit.ROLLED_BACK)


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """What an audit of the ledger found; `first_format` counts leaves that are not bound to all their rows."""

    size: int
    root: bytes
    first_format: int
    checkpoints: int
    dated_back: tuple[DatedBack, ...]
    findings: tuple[IntegrityFinding, ...] = field(default=())


def ledger_findings(archive: Archive) -> tuple[int, list[IntegrityFinding]]:
    """The ledger's size, and what does not fit: see `audit_ledger`."""
    from archive.checkpoints import own_checkpoints

    signed, findings = own_checkpoints(archive)
    report = audit_ledger(archive, signed)
    return report.size, [*findings, *report.findings]


def audit_ledger(
    archive: Archive, checkpoints: Sequence[Checkpoint] = (), progress: Callable[[int], None] | None = None
) -> LedgerReport:
    """Read the whole ledger: leaves against their hashes, those against nodes, head and checkpoints, rows
    against leaves. Findings come in the order of the leaves; memory does not grow with the ledger.
    """
    findings: list[IntegrityFinding] = []
    with archive.catalog.read() as reader:
        ledger = reader.ledger()
        head = ledger.head()
        tree, rows = Audit(head, ledger.row, checkpoints), RowAudit(reader)
        for page in ledger.pages():
            tree.take([StoredLeaf(each.position, bytes(each.body), bytes(each.leaf_hash)) for each in page])
            findings += rows.take(page)
            if progress:
                progress(tree.size)
        misfits = sorted(tree.close(), key=lambda each: each.first)
        findings += rows.close()
    return LedgerReport(
        head.size,
        head.root(),
        rows.first_format,
        len(checkpoints),
        tuple(rows.dated_back),
        (*map(_finding, misfits), *findings),
    )


def _finding(each: LedgerFinding) -> IntegrityFinding:
    """A finding of the tree in the words of a check."""
    subject = f"event {each.first}" if each.first == each.last else f"events {each.first} to {each.last}"
    code = Verdict.MISSING if each.misfit in _MISSING else Verdict.ALTERED
    if each.misfit in (Misfit.HEAD_ALTERED, Misfit.NODE_ALTERED):
        subject = f"ledger, {subject}"
    return IntegrityFinding(code, subject, each.expected, each.found, str(each.misfit))
