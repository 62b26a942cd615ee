"""Notices: a line, a text for a person, and the same as facts for a program."""

from __future__ import annotations

import io
import platform
from typing import TYPE_CHECKING

from archive.clock import SystemClock
from archive.notify import Notice
from archive.render import keeping
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
    keeping.report(Page(out), found)
    subject = f"{plural(len(found.findings), 'finding')} in the archive {path}"
    findings: list[Json] = [
        {
            "code": each.code.value,
            "subject": each.subject,
            "expected": each.expected,
            "found": each.found,
            "detail": each.detail,
        }
        for each in found.findings[:FINDINGS_SENT]
    ]
    counts: dict[str, Json] = dict(found.counts)
    facts: dict[str, Json] = {
        "event": "verification",
        "run": str(found.run_id) if found.run_id else None,
        "counts": counts,
        "findings_total": len(found.findings),
        "findings": findings,
    }
    return _notice(path, subject, _cut(out.getvalue(), len(found.findings)), facts)


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


def _cut(text: str, findings: int) -> str:
    """The report, without the middle of a long one."""
    lines = text.splitlines(keepends=True)
    room = 4 * FINDINGS_SENT
    if len(lines) <= 2 * room:
        return text
    left_out = f"... {plural(findings, 'finding')} in all; `claimtrail log` has them\n"
    return "".join([*lines[:room], left_out, *lines[-8:]])
