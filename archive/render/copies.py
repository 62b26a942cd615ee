"""Replicas and repairs, as a person and as a program reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.render import checking
from archive.render.jsonlines import instant
from archive.render.words import plural, size, when
from archive.repair import Became
from archive.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.render.jsonlines import Object
    from archive.render.page import Page
    from archive.repair import Mend
    from archive.replicas.state import ReplicaState
    from archive.replicas.sync import Synced


def replicas(page: Page, found: Sequence[ReplicaState]) -> None:
    """Each replica with its number and what is known of it."""
    if not found:
        page.line("no replicas: `claimtrail replica add DIR` adds one")
    for number, each in enumerate(found, 1):
        page.line(f"{number:>3}  {each.replica.address}")
        page.line(replica_words(each), 5)
        if each.unreachable:
            page.line(f"NOT THERE: {each.unreachable}", 5)


def replica_words(state: ReplicaState) -> str:
    """Its copies in words."""
    counts = state.counts
    bad = [
        f"{count:,} {verdict}"
        for verdict, count in sorted(counts.verdicts.items())
        if verdict is not Verdict.INTACT
    ]
    said = [plural(counts.verdicts.get(Verdict.INTACT, 0), "good copy", "good copies"), *bad]
    if counts.uncopied:
        said.append(f"{plural(counts.uncopied, 'object')} not copied yet")
    if counts.oldest:
        said.append(f"oldest check {when(counts.oldest)}")
    return ", ".join(said)


def replica_json(state: ReplicaState) -> Object:
    """A replica."""
    counts = state.counts
    return {
        "type": "replica",
        "id": str(state.replica.id),
        "address": state.replica.address,
        "added": instant(state.replica.since),
        "by": state.replica.by,
        "copies": {verdict.value: count for verdict, count in counts.verdicts.items()},
        "uncopied": counts.uncopied,
        "oldest_check": instant(counts.oldest),
        "unreachable": state.unreachable,
    }


def synced(page: Page, found: Synced) -> None:
    """What a sync came to."""
    for each in found.findings:
        checking.finding(page, each)
    page.line(f"{found.replica.address}: {plural(found.copied, 'object')} copied, {size(found.size)}")
    if found.findings:
        page.line(
            f"{plural(len(found.findings), 'object')} not copied; `claimtrail repair` may have a good copy of it"
        )
    if not found.record_copied:
        page.line("the catalogue is not copied there: use the means of its database server")


def synced_json(found: Synced) -> Iterator[Object]:
    """What a sync came to: a finding for each object that was not copied, then the sums."""
    for each in found.findings:
        yield checking.finding_object(each)
    yield {
        "type": "synced",
        "address": found.replica.address,
        "copied": found.copied,
        "size": found.size,
        "findings": len(found.findings),
        "record": found.record_copied,
    }


def mend(page: Page, each: Mend) -> None:
    """What became of one object in one place."""
    if each.became is Became.INTACT:
        return
    page.line(f"{each.became.upper()}  {each.digest}")
    page.line(f"in       {each.where}", 4)
    page.line(f"was      {each.before.state}: {each.before.reason or 'other bytes'}", 4)
    if each.source:
        page.line(f"from     {each.source}", 4)
    if each.aside:
        page.line(f"kept     {each.where}/{each.aside}", 4)
    if each.reason:
        page.line(f"because  {each.reason}", 4)
    if each.became is Became.UNREADABLE:
        page.line("mend the disk or the permissions, or name this digest to have it replaced", 4)


def repair_end(page: Page, done: Sequence[Mend], *, rehearsed: bool) -> None:
    """The sums of a repair."""
    counts = {became: count for became, count in _counts(done).items() if became != Became.INTACT}
    said = ", ".join(f"{count:,} {became}" for became, count in counts.items())
    page.line(f"{'dry run, nothing was changed: ' if rehearsed else ''}{said or 'nothing to repair'}")


def mend_json(each: Mend) -> Object:
    """What became of one object in one place."""
    return {
        "type": "mend",
        "sha256": each.digest.hex,
        "where": each.where,
        "was": each.before.state.value,
        "found": str(each.before.found) if each.before.found else None,
        "became": each.became.value,
        "from": each.source,
        "quarantine": each.aside,
        "reason": each.reason,
    }


def repair_json(done: Sequence[Mend], *, rehearsed: bool) -> Object:
    """The sums of a repair."""
    return {"type": "repair", "dry_run": rehearsed, "counts": _counts(done)}


def _counts(done: Sequence[Mend]) -> dict[str, int]:
    return {
        became.value: count
        for became in Became
        if (count := sum(1 for each in done if each.became is became))
    }
