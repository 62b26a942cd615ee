"""Notices: a line, a text for a person, and the same as facts for a program."""

from __future__ import annotations

import io
import platform
from typing import TYPE_CHECKING

from archive.clock import SystemClock
from archive.notify import Notice
from archive.render import checking
from archive.render.page import Page
from archive.render.shown import shown
from archive.render.words import plural

if TYPE_CHECKING:
    from pathlib import Path

    from archive.errors import ArchiveError
    from archive.ledger.canonical import Json
    from archive.verify import Report

FINDINGS_SENT = 50
"""As many findings are sent as somebody reads; the archive itself has all of them."""


def of_report(path: Path, found: Report) -> Notice:
    """What a check found wrong."""
    out = io.StringIO()
    page = Page(out)
    for each in found.findings[:FINDINGS_SENT]:
        checking.finding(page, each)
    if found.found > FINDINGS_SENT:
        page.line(f"({plural(found.found, 'finding')} in all; `claimtrail log` has them)")
    checking.report(page, found)
    subject = f"{plural(found.found, 'finding')} in the archive {path}"
    findings: list[Json] = [checking.finding_object(each) for each in found.findings[:FINDINGS_SENT]]
    counts: dict[str, Json] = dict(found.counts)
    facts: dict[str, Json] = {
        "event": "verification",
        "run": str(found.run_id) if found.run_id else None,
        "counts": counts,
        "findings_total": found.found,
        "unfinished": found.unfinished or None,
        "findings": findings,
    }
    return _notice(path, subject, out.getvalue(), facts)


def of_failure(path: Path, error: ArchiveError) -> Notice:
    """That a check could not be made, or not to its end."""
    subject = f"the check of the archive {path} failed"
    text = "".join(f"{shown(line)}\n" for line in str(error).split("\n"))
    facts: dict[str, Json] = {"event": "failure", "status": int(error.exit_code), "message": str(error)}
    return _notice(path, subject, text, facts)


def _notice(path: Path, subject: str, text: str, facts: dict[str, Json]) -> Notice:
    machine = platform.node()
    clock = SystemClock()
    head = f"archive  {shown(str(path))}\nmachine  {shown(machine)}\ntime     {clock.now():%Y-%m-%d %H:%M:%S} UTC\n\n"
    common: dict[str, Json] = {"archive": shown(str(path)), "machine": machine, "at": clock.now().isoformat()}
    return Notice(clock.new_id(), f"Claimtrail: {shown(subject)}", head + text, {**common, **facts})
