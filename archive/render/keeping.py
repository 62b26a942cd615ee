"""Receipts, checks, the state of the archive and its log, as a person reads them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from archive.ingest.receipt import RefusedCopy
from archive.model import ReadingState
from archive.record import EventType, Novelty, Outcome
from archive.render.answers import lag_words
from archive.render.findings import conflict_words, conflicts_on_receipt, received
from archive.render.proving import signed_lines
from archive.render.relating import lag_words as links_words
from archive.render.standing import standing
from archive.render.words import plural, size, when

if TYPE_CHECKING:
    from archive.ingest.receipt import Line, Receipt
    from archive.record import Event
    from archive.render.page import Page
    from archive.settings import Settings
    from archive.status import Status

EVENT_WORDS = {
    EventType.ACCESSION: "accession opened",
    EventType.CAPTURE: "captured",
    EventType.DIGEST_CALCULATION: "digest calculated",
    EventType.FIXITY_CHECK: "fixity checked",
    EventType.SIGNING_KEY: "signing key",
    EventType.INGESTION: "ingest ended",
    EventType.METADATA_EXTRACTION: "metadata extracted",
    EventType.METADATA_MODIFICATION: "metadata added",
    EventType.VALIDATION: "validated",
    EventType.RECOVERY: "restored from a copy",
    EventType.REPLICATION: "copied",
}

OUTCOME_WORDS = {Outcome.SUCCESS: "success", Outcome.FAILURE: "failure", Outcome.WARNING: "warning"}

READING_WORDS = {
    ReadingState.EMPTY: "kept; nothing to read in it",
    ReadingState.FAILED: "kept; could not be read",
    ReadingState.REFUSED: "kept; not read",
}


def receipt_line(page: Page, line: Line) -> None:
    """One line of a receipt."""
    if isinstance(line, RefusedCopy):
        page.line(f"{'refused':<14}{line.reason}")
        return
    reading = line.arrival.reading
    note = ""
    if reading.state is not ReadingState.READ:
        note = f"  ({READING_WORDS[reading.state]}: {reading.reason})"
    elif line.novelty is not Novelty.ITEM:
        note = f"  ({line.because})"
    novelty = "new capture" if line.novelty is Novelty.CAPTURE else line.novelty.value
    held = "already held; " if line.novelty is Novelty.CAPTURE else ""
    if held:
        note = f"  ({held}{line.because})"
    page.line(f"{novelty:<14}{line.version}  {line.arrival.name}{note}")
    received(page, line.arrival.findings, 14)
    for conflict in conflicts_on_receipt(line.arrival):
        page.line(f"{'dates':<12}{conflict_words(conflict)}", 14)


def receipt_end(page: Page, receipt: Receipt, *, rehearsed: bool) -> None:
    """The sums of a receipt."""
    sums = [
        plural(receipt.items, "new item"),
        plural(receipt.versions, "new version"),
        plural(receipt.captures, "capture") + " of what was already held",
        f"{receipt.refused:,} refused",
    ]
    if receipt.findings:
        sums.append(plural(receipt.findings, "finding"))
    if rehearsed:
        page.line(f"dry run, nothing was recorded: {', '.join(sums)}")
    else:
        label = receipt.label or "nothing recorded"
        page.line(f"accession {label}: {', '.join(sums)}" if receipt.label else f"{label}: {', '.join(sums)}")


def status(page: Page, found: Status) -> None:
    """The state of the archive."""
    totals = found.totals
    access = "" if found.writable else " (read-only here)"
    page.line(f"archive    {found.path}{access}")
    page.line(
        f"holdings   {plural(totals.items, 'item')}, {plural(totals.versions, 'version')}, "
        f"{plural(totals.captures, 'capture')} in {plural(totals.accessions, 'accession')}"
    )
    page.line(f"objects    {totals.objects:,}, {size(totals.size)}")
    if found.without_outlet:
        page.line(f"unknown    {plural(found.without_outlet, 'version')} without a known outlet")
    page.line(f"ledger     {plural(totals.events, 'event')}, root {found.root}")
    for line in signed_lines(found):
        page.line(line)
    standing(page, found)
    indexed = lag_words(found.lag) or "up to date"
    page.line(f"index      {indexed if totals.versions else 'nothing to index yet'}")
    page.line(f"links      {links_words(found.links) or plural(found.links.links, 'link')}")
    page.line(f"disk       {size(found.free)} free")


def log(page: Page, events: list[Event]) -> None:
    """Events, oldest first."""
    for event in events:
        body = json.loads(event.body)
        label = body.get("version") or event.subject
        outcome = "" if event.outcome is Outcome.SUCCESS else f"  [{OUTCOME_WORDS[event.outcome]}]"
        page.line(
            f"{event.position:>6}  {when(event.at)}  {EVENT_WORDS[event.type]:<20} {label}  by {event.agent}{outcome}"
        )
        if "code" in body.get("finding", ()):
            page.line("{code}: {subject}, expected {expected}, found {found}".format(**body["finding"]), 33)


def settings(page: Page, found: Settings) -> None:
    """Every setting, its value, and which of the four it came from."""
    width = max(len(each.setting.name) for each in found.values()) + 2
    for each in found.values():
        page.line(
            f"{each.setting.name:<{width}}{each.shown or '(none)':<22}  {each.origin:<12}{each.setting.words}"
        )
