"""Entering what checks of objects found, and putting each where the next check looks for it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, insert, update
from sqlmodel import col, select

from archive.catalog.chunks import chunked
from archive.catalog.fixity_tables import (
    DIGEST_SIZE,
    FixityBatchRow,
    FixityOpenRow,
    FixityShelfRow,
    ObjectDigestRow,
)
from archive.catalog.fixity_work import FAILED
from archive.catalog.leases import PARTS
from archive.catalog.tables import ObjectRow
from archive.digest import Algorithm, Digest
from archive.record import EventType, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session

    from archive.catalog.fixity import Plan
    from archive.catalog.writing import Writer
    from archive.verdict import FixityResult

FEW = 50
"""So many rows are named one by one, rather than looked for between two of them."""


@dataclass(slots=True)
class Found:
    """What came of checking some objects: the intact ones with their bytes in all, the others, and new digests.

    `source` is the shelf they stood on and `left` those that still stand there; None for `fixity_open`.
    """

    intact: list[bytes] = field(default_factory=list)
    size: int = 0
    failed: list[FixityResult] = field(default_factory=list)
    added: list[tuple[Digest, Digest]] = field(default_factory=list)
    source: UUID | None = None
    left: bytes = b""


def enter(writer: Writer, plan: Plan, by: str, batch: int, found: Sequence[Found]) -> int:
    """Record what some checks found, whichever was done first, by digest; the number that the next batch has."""
    session, now = writer.session, writer.clock.now()
    intact = sorted(value for each in found for value in each.intact)
    if intact:
        size = sum(each.size for each in found)
        row = {"run_id": plan.run_id, "number": batch, "at": now, "objects": len(intact), "size": size}
        session.execute(insert(FixityBatchRow), [row | {"digests": b"".join(intact)}])
    for each in found:
        _leave(session, each)
    _shelve(writer, plan, intact, now)
    failed = [result for each in found for result in each.failed]
    _enter_failures(writer, plan, by, sorted(failed, key=lambda result: result.digest))
    _enter_digests(writer, by, sorted(pair for each in found for pair in each.added))
    return batch + bool(intact)


def _leave(session: Session, found: Found) -> None:
    """Take what was checked from where it stood."""
    if found.source is None:
        _close(session, sorted(found.intact))
    elif found.left:
        changed = update(FixityShelfRow).where(col(FixityShelfRow.id) == found.source)
        objects = len(found.left) // DIGEST_SIZE
        session.execute(changed.values(digests=found.left, objects=objects))
    else:
        session.execute(delete(FixityShelfRow).where(col(FixityShelfRow.id) == found.source))


def _close(session: Session, values: Sequence[bytes]) -> None:
    """Take objects, in the order of their SHA-256 values, from among the open ones.

    All that stand between two of them go in one statement where nothing else stands there, as mostly nothing does.
    """
    own = col(FixityOpenRow.object_digest)
    stretches = [values] if values else []
    while stretches:
        some = stretches.pop()
        between = and_(own >= Digest(Algorithm.SHA256, some[0]), own <= Digest(Algorithm.SHA256, some[-1]))
        if len(some) <= FEW:
            digests = [Digest(Algorithm.SHA256, value) for value in some]
            session.execute(delete(FixityOpenRow).where(own.in_(digests)))
        elif session.exec(select(func.count()).select_from(FixityOpenRow).where(between)).one() == len(some):
            session.execute(delete(FixityOpenRow).where(between))
        else:
            half = len(some) // 2
            stretches += [some[half:], some[:half]]


def _shelve(writer: Writer, plan: Plan, intact: Sequence[bytes], now: datetime) -> None:
    """Put them on one new shelf for each range; they are given in their order."""
    starts = [bisect_left(intact, bytes([part << 4])) for part in range(PARTS)] + [len(intact)]
    by_part = {part: intact[starts[part] : starts[part + 1]] for part in range(PARTS)}
    rows = [
        {
            "id": writer.clock.new_id(),
            "part": part,
            "run_number": plan.number,
            "at": now,
            "objects": len(values),
            "digests": b"".join(values),
        }
        for part, values in by_part.items()
        if values
    ]
    if rows:
        writer.session.execute(insert(FixityShelfRow), rows)


def _enter_failures(writer: Writer, plan: Plan, by: str, failed: Sequence[FixityResult]) -> None:
    """A row and a leaf for each, and a place among those to be checked first next time.

    An object whose own row is gone, which the catalogue's check finds, can have the leaf only.
    """
    if not failed:
        return
    digests = [result.digest for result in failed]
    recorded = _recorded(writer.session, digests)
    writer.fixity_results(plan.run_id, [result for result in failed if result.digest in recorded])
    _close(writer.session, sorted(digest.value for digest in digests))
    rows = [{"object_digest": d, "tier": FAILED, "run_number": plan.number} for d in digests if d in recorded]
    if rows:
        writer.session.execute(insert(FixityOpenRow), rows)
    for result in failed:
        detail = {"code": result.verdict, "found": result.found, "run": str(plan.run_id)}
        writer.append(EventType.FIXITY_CHECK, str(result.digest), Outcome.FAILURE, by, detail)


def _recorded(session: Session, digests: Sequence[Digest]) -> set[Digest]:
    found: set[Digest] = set()
    for some in chunked(digests):
        found |= set(session.exec(select(col(ObjectRow.digest)).where(col(ObjectRow.digest).in_(some))))
    return found


def _enter_digests(writer: Writer, by: str, added: Sequence[tuple[Digest, Digest]]) -> None:
    positions = [
        writer.append(
            EventType.DIGEST_CALCULATION, str(held), Outcome.SUCCESS, by, _calculated(held, further)
        )
        for held, further in added
    ]
    rows = [
        {
            "object_digest": held,
            "algorithm": further.algorithm,
            "digest": further,
            "recorded": writer.clock.now(),
            "position": position,
        }
        for position, (held, further) in zip(positions, added, strict=True)
    ]
    if rows:
        writer.session.execute(insert(ObjectDigestRow), rows)
        for position, row in zip(positions, rows, strict=True):
            writer.ledger.bind(position, "object_digest", [row])


def _calculated(held: Digest, further: Digest) -> Mapping[str, str]:
    return {"object": str(held), "digest": str(further), "verified": str(held.algorithm)}
