"""What checks found, as a person reads it and as JSON lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.render.jsonlines import instant, write
from archive.render.words import plural, size, when

if TYPE_CHECKING:
    from archive.render.jsonlines import Object
    from archive.render.page import Page
    from archive.verdict import Dependents, IntegrityFinding
    from archive.verify import Report


def finding(page: Page, found: IntegrityFinding) -> None:
    """One thing that is wrong."""
    page.line(f"{found.code.upper()}  {found.subject}")
    page.line(f"expected {found.expected}", 4)
    page.line(f"found    {found.found}", 4)
    if found.detail:
        page.line(found.detail, 4)
    if found.where:
        page.line(f"where    {found.where}", 4)
        intact = f"last found intact {when(found.last_intact)}" if found.last_intact else "never found intact"
        page.line(f"since    {intact} by a check", 4)
    if found.dependents:
        page.line(f"needed   {_dependents(found.dependents)}", 4)


def _dependents(found: Dependents) -> str:
    parts = []
    if found.versions:
        more = f" and {found.more:,} more" if found.more else ""
        parts.append(f"by {', '.join(found.versions)}{more} ({plural(found.captures, 'capture')})")
    if found.parts:
        parts.append(f"as the container of {plural(found.parts, 'capture')}")
    if found.containers:
        parts.append(f"its bytes lie also within {', '.join(found.containers)}")
    return "; ".join(parts) or "by nothing"


def report(page: Page, found: Report) -> None:
    """The sums of a check, whose findings were shown before."""
    if found.found > len(found.findings):
        page.line(f"({found.found - len(found.findings):,} more findings: `--json` names them all)")
    for cut in found.cut_off:
        page.line(
            f"the check begun {when(cut.started)} was cut off after {plural(cut.objects, 'object')}: "
            + ("this one goes on where it stopped" if found.before else "it is closed as such")
        )
    if "objects" in found.checked:
        _objects(page, found)
    for address, counted in found.copies.items():
        said = ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(counted.items()))
        page.line(f"{plural(sum(counted.values()), 'copy', 'copies')} checked in {address}: {said}")
    others = [name for name in found.checked if name not in ("objects", "copies", "ledger")]
    if found.events is not None:
        page.line(f"ledger: {plural(found.events, 'event')} hashed again")
    if others and not found.unfinished:
        page.line(f"checked as well: {', '.join(others)}")
    if not found.recorded:
        page.line("the archive is read-only here: this check is not recorded in it")
    if found.unfinished:
        page.line(f"not finished: {found.unfinished}; the next check goes on from here")
    ending = plural(found.found, "finding") if found.found else "all intact"
    page.line(f"result: {ending}")
    if any(each.where for each in found.findings):
        page.line(
            "next: `claimtrail show DIGEST` says what an object belongs to; `claimtrail repair` restores it "
            "where a replica has a good copy"
        )


def _objects(page: Page, found: Report) -> None:
    counts = ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(found.counts.items()))
    scope = "" if found.scope == "everything" else f" ({found.scope})"
    page.line(
        f"{plural(found.objects, 'object')} checked{scope}, {size(found.size)}: {counts or _nothing(found)}"
    )
    if found.before:
        page.line(
            f"{plural(found.before, 'object')} more had been found intact by the check that was cut off"
        )
    if found.elsewhere:
        page.line(f"{plural(found.elsewhere, 'object')} more were found intact by another check meanwhile")
    if found.objects:
        page.line(f"read from {_medium(found)}")


def _nothing(found: Report) -> str:
    return "none held" if found.scope == "everything" and not found.elsewhere else "none due"


def _medium(found: Report) -> str:
    """Where the bytes came from, as far as that was seen."""
    if not found.cold:
        return "memory or disk, whichever had it (--warm)"
    seen, cold = found.coldness.looked_at, found.coldness.cold
    if not seen:
        return "the disk, as was asked of the system; whether it did so cannot be seen here"
    if cold == seen:
        return f"the disk ({plural(seen, 'file')} looked at, none of them in memory)"
    if not cold:
        return f"memory: the file system keeps its files there ({plural(seen, 'file')} looked at)"
    return f"the disk but for what stayed in memory ({cold:,} of {plural(seen, 'file')} looked at were not in it)"


def finding_line(found: IntegrityFinding) -> None:
    """A finding as a line of JSON, as it comes."""
    write([finding_object(found)])


def finding_object(found: IntegrityFinding) -> Object:
    """A finding for a program."""
    depends = found.dependents
    return {
        "type": "finding",
        "code": found.code,
        "subject": found.subject,
        "expected": found.expected,
        "found": found.found,
        "detail": found.detail,
        "size": found.size,
        "where": found.where or None,
        "last_intact": instant(found.last_intact),
        "dependents": {
            "versions": list(depends.versions),
            "more_versions": depends.more,
            "captures": depends.captures,
            "containers": list(depends.containers),
            "parts": depends.parts,
        }
        if depends
        else None,
    }


def report_line(found: Report) -> None:
    """The sums as a line of JSON, the last one."""
    write(
        [
            {
                "type": "verification",
                "run": str(found.run_id) if found.run_id else None,
                "recorded": found.recorded,
                "scope": found.scope,
                "checked": list(found.checked),
                "objects": found.objects,
                "size": found.size,
                "counts": found.counts,
                "before": found.before,
                "elsewhere": found.elsewhere,
                "digests_added": found.added,
                "copies": found.copies,
                "events": found.events,
                "findings": found.found,
                "cut_off": [str(cut.run_id) for cut in found.cut_off],
                "unfinished": found.unfinished or None,
                "seconds": round(found.seconds, 3),
                "cold": found.cold,
                "looked_at": found.coldness.looked_at,
                "looked_at_cold": found.coldness.cold,
            }
        ]
    )
