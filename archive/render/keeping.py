"""Receipts, checks, the state of the archive and its log, as a person reads them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from archive.ingest.taking import RefusedCopy
from archive.model import ReadingState
from archive.record import EventType, Novelty, Outcome
from archive.render.answers import lag_words
from archive.render.proving import signed_lines
from archive.render.words import plural, size, when

if TYPE_CHECKING:
    from archive.ingest.taking import Line, Receipt
    from archive.record import Event
    from archive.render.page import Page
    from archive.settings import Settings
    from archive.status import Status
    from archive.verify import Report

EVENT_WORDS = {
    EventType.ACCESSION: "accession opened",
    EventType.CAPTURE: "captured",
    EventType.DIGEST_CALCULATION: "digest calculated",
    EventType.FIXITY_CHECK: "fixity checked",
    EventType.SIGNING_KEY: "signing key",
    EventType.INGESTION: "ingest ended",
    EventType.METADATA_EXTRACTION: "metadata extracted",
    EventType.METADATA_MODIFICATION: "metadata added",
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


def receipt_end(page: Page, receipt: Receipt, *, rehearsed: bool) -> None:
    """The sums of a receipt."""
    sums = [
        plural(receipt.items, "new item"),
        plural(receipt.versions, "new version"),
        plural(receipt.captures, "capture") + " of what was already held",
        f"{receipt.refused:,} refused",
    ]
    if rehearsed:
        page.line(f"dry run, nothing was recorded: {', '.join(sums)}")
    else:
        label = receipt.label or "nothing recorded"
        page.line(f"accession {label}: {', '.join(sums)}" if receipt.label else f"{label}: {', '.join(sums)}")


def report(page: Page, found: Report) -> None:
    """What an integrity check found."""
    for finding in found.findings:
        page.line(f"{finding.code.upper()}  {finding.subject}")
        page.line(f"expected {finding.expected}", 4)
        page.line(f"found    {finding.found}", 4)
        if finding.detail:
            page.line(finding.detail, 4)
    counts = ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(found.counts.items()))
    page.line(f"{plural(found.objects, 'object')} checked, {size(found.size)}: {counts or 'none held'}")
    page.line(f"ledger: {plural(found.events, 'event')} hashed again; database checked")
    if not found.recorded:
        page.line("the archive is read-only here: this check is not recorded in it")
    ending = plural(len(found.findings), "finding") if found.findings else "all intact"
    page.line(f"result: {ending}")
    if any(finding.subject.startswith("sha256:") for finding in found.findings):
        page.line(
            "next: `claimtrail show DIGEST` says what an object belongs to; nothing is mended by itself"
        )


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
    page.line(f"verified   {_last_run(found)}")
    indexed = lag_words(found.lag) or "up to date"
    page.line(f"index      {indexed if totals.versions else 'nothing to index yet'}")
    page.line(f"disk       {size(found.free)} free")


def _last_run(found: Status) -> str:
    run = found.last_run
    if run is None:
        return "never: run `claimtrail verify`"
    if run.ended is None:
        return f"begun {when(run.started)}, cut off or still running after {plural(run.checked, 'object')}"
    counts = ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(found.last_counts.items()))
    return f"{when(run.ended)}: {counts or 'nothing held'}" + (" (FAULTS)" if found.last_found_faults else "")


def log(page: Page, events: list[Event]) -> None:
    """Events, oldest first."""
    for event in events:
        body = json.loads(event.body)
        label = body.get("version") or event.subject
        outcome = "" if event.outcome is Outcome.SUCCESS else f"  [{OUTCOME_WORDS[event.outcome]}]"
        page.line(
            f"{event.position:>6}  {when(event.at)}  {EVENT_WORDS[event.type]:<20} {label}  by {event.agent}{outcome}"
        )


def settings(page: Page, found: Settings) -> None:
    """Every setting, its value, and which of the four it came from."""
    for each in found.values():
        page.line(
            f"{each.setting.name:<18}{each.shown or '(none)':<22}  {each.origin:<12}{each.setting.words}"
        )
