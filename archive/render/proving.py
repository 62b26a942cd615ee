"""Checkpoints, keys, proofs, and what an audit of the ledger found."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from archive.errors import UsageError
from archive.render import jsonlines
from archive.render.checking import finding_line
from archive.render.page import put
from archive.render.words import plural, when

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from archive.evidence.stamping import Kept
    from archive.ledger.note import SignedNote
    from archive.ledger.succession import Term
    from archive.render.page import Page
    from archive.status import Status
    from archive.verdict import IntegrityFinding
    from archive.verify.against import Compared
    from archive.verify.ledger import LedgerReport


class CannotWrite(UsageError):
    """What was made could not be written where it should go."""


def note(made: SignedNote) -> None:
    """A checkpoint, byte for byte: it is for programs and for keeping, and holds no archived text."""
    put(sys.stdout, bytes(made).decode())


def bytes_out(content: bytes, out: Path | None) -> None:
    """A file's content, to a file or to standard output; raises `CannotWrite`."""
    if out is None:
        put(sys.stdout, content.decode())
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise CannotWrite(f"{out} cannot be written: {error.strerror}") from error


def stamped(page: Page, kept: Kept) -> None:
    """A time stamp that was checked and kept."""
    stamp = kept.stamp
    within = f", give or take {stamp.accuracy.total_seconds():g} s" if stamp.accuracy else ""
    page.line(f"{plural(kept.size, 'event')} were in the ledger by {when(stamp.at)}{within}")
    page.line(f"says {stamp.signer}, number {stamp.serial}, under policy {stamp.policy}")
    page.line(f"kept in {kept.path}")


def signed_lines(found: Status) -> list[str]:
    """What the state of an archive says of its key and its checkpoints."""
    if found.key is None:
        return ["key        none that can be read here"]
    signed = "no event is signed yet" if found.signed is None else f"{plural(found.signed, 'event')} signed"
    return [
        f"key        {found.key}",
        f"           fingerprint {found.key.fingerprint.hex}; {signed}",
    ]


def keys(page: Page, found: Sequence[Term]) -> None:
    """The keys, the present one last."""
    if not found:
        page.line("the ledger has no key yet: the next command that records something makes one")
    for term in found:
        until = f"to {term.ends:,}" if term.ends is not None else "and on"
        page.line(f"{'signs' if term.ends is None else 'signed'} from {term.begins:,} events {until}")
        page.line(f"fingerprint  {term.key.fingerprint.hex}", 2)
        page.line(f"key          {term.key}", 2)


def keys_json(found: Sequence[Term]) -> None:
    """An object a key."""
    jsonlines.write(
        {
            "type": "key",
            "key": str(term.key),
            "fingerprint": term.key.fingerprint.hex,
            "from": term.begins,
            "to": term.ends,
        }
        for term in found
    )


def audited(
    page: Page, report: LedgerReport, compared: Sequence[Compared], found: Sequence[IntegrityFinding]
) -> None:
    """What an audit of the ledger found, the first event that does not fit first."""
    for finding in found:
        page.line(f"{finding.code.upper()}  {finding.subject}")
        page.line(f"expected {finding.expected}", 4)
        page.line(f"found    {finding.found}", 4)
        if finding.detail:
            page.line(finding.detail, 4)
    page.line(f"ledger: {plural(report.size, 'event')}, root {report.root.hex()}")
    page.line(f"{plural(report.checkpoints, 'checkpoint')} of its own; rows compared with leaves")
    for each in compared:
        if each.finding is None:
            page.line(f"it continues {each.path}, over {plural(each.size, 'event')}")
    if not compared:
        page.line(
            "compared with no checkpoint kept elsewhere: a rewritten history would not show (--against)"
        )
    if report.first_format:
        page.line(
            f"{plural(report.first_format, 'event')} of an older format: what they recorded of paragraphs, "
            "passages, attributions and versions cannot be compared"
        )
    for event in report.dated_back:
        page.line(
            f"event {event.position} says {event.at}, which is before the event ahead of it ({event.before}): "
            "a clock was set back, or it was dated back"
        )
    page.line(f"result: {plural(len(found), 'finding') if found else 'all fits'}")
    if found:
        page.line(f"first that does not fit: {found[0].subject}")


def audited_json(
    report: LedgerReport, compared: Sequence[Compared], found: Sequence[IntegrityFinding]
) -> None:
    """An object a finding, then one with the sums."""
    for each in found:
        finding_line(each)
    jsonlines.write(
        [
            {
                "type": "audit",
                "events": report.size,
                "root": report.root.hex(),
                "checkpoints": report.checkpoints,
                "older_format": report.first_format,
                "compared": [
                    {"file": str(each.path), "events": each.size, "continued": each.finding is None}
                    for each in compared
                ],
                "findings": len(found),
            }
        ]
    )
