"""Whether the ledger is what was appended: its leaves in order, their hashes, its recorded head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.catalog.chunks import batched
from archive.ledger.merkle import Frontier, leaf_hash
from archive.record import Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.archive import Archive

LEAVES_A_BATCH = 10_000


def ledger_findings(archive: Archive) -> tuple[int, list[Finding]]:
    """The ledger's size, and whether its leaves are in order, are what was hashed, and yield its recorded head."""
    frontier, findings = Frontier(), list[Finding]()
    with archive.catalog.read() as reader:
        head = reader.ledger_head()
        for page in batched(reader.leaves(), LEAVES_A_BATCH):
            findings += _leaf_findings(frontier.size, page)
            frontier, _ = frontier.extend([leaf_hash(body) for _, body, _ in page])
    if frontier != head:
        expected, found = (f"{f.size} events, root {f.root().hex()}" for f in (head, frontier))
        findings.append(Finding(Verdict.ALTERED, "ledger", expected, found))
    return head.size, findings


def _leaf_findings(start: int, page: list[tuple[int, bytes, bytes]]) -> Iterator[Finding]:
    for expected, (position, body, recorded) in enumerate(page, start):
        if position != expected:
            yield Finding(Verdict.MISSING, f"event {expected}", f"event {expected}", f"event {position}")
            return
        if leaf_hash(body) != recorded:
            found = f"leaf hash {leaf_hash(body).hex()}"
            yield Finding(Verdict.ALTERED, f"event {position}", f"leaf hash {recorded.hex()}", found)
