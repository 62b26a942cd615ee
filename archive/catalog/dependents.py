"""What depends on objects: versions, captures, the containers they came out of and the parts that came out of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from archive.catalog.chunks import chunked
from archive.catalog.tables import CaptureRow, ItemRow, ObjectRow, VersionRow
from archive.label import Label
from archive.record import HeldObject
from archive.verdict import Dependents

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Select
    from sqlmodel import Session

    from archive.digest import Digest

NAMED = 5
"""How many versions and containers a finding names; it counts the rest."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the catalogue says of an object: its size, when it was recorded, and what depends on it."""

    held: HeldObject
    recorded: datetime
    dependents: Dependents


def recorded(session: Session, digests: Collection[Digest]) -> dict[Digest, Recorded]:
    """What is recorded of these objects, in four queries for every few hundred."""
    found: dict[Digest, Recorded] = {}
    for some in chunked(sorted(digests)):
        rows = session.exec(select(ObjectRow).where(col(ObjectRow.digest).in_(some))).all()
        depends = _dependents(session, some)
        for row in rows:
            held = HeldObject(row.digest, row.size)
            found[row.digest] = Recorded(held, row.recorded, depends[row.digest])
    return found


def _dependents(session: Session, digests: Collection[Digest]) -> dict[Digest, Dependents]:
    labels: dict[Digest, set[str]] = defaultdict(set)
    captures: Counter[Digest] = Counter()
    containers: dict[Digest, set[str]] = defaultdict(set)
    for digest, container, item, number, count in session.execute(_copies(digests)):
        labels[digest].add(str(Label.parse(item).at_version(number)))
        captures[digest] += count
        if container and container != digest:
            containers[digest].add(str(container))
    parts = _parts(session, digests)
    return {
        digest: Dependents(
            tuple(sorted(labels[digest])[:NAMED]),
            captures[digest],
            tuple(sorted(containers[digest])[:NAMED]),
            parts.get(digest, 0),
            max(0, len(labels[digest]) - NAMED),
        )
        for digest in digests
    }


def _copies(digests: Collection[Digest]) -> Select[*tuple[Any, ...]]:
    """The captures of these objects, counted by object, container and version."""
    by = (
        col(CaptureRow.object_digest),
        col(CaptureRow.container_digest),
        col(ItemRow.label),
        col(VersionRow.number),
    )
    return (
        sql_select(*by, func.count())
        .join(VersionRow, col(VersionRow.id) == CaptureRow.version_id)
        .join(ItemRow, col(ItemRow.id) == VersionRow.item_id)
        .where(col(CaptureRow.object_digest).in_(digests))
        .group_by(*by)
    )


def _parts(session: Session, digests: Collection[Digest]) -> dict[Digest, int]:
    """How many captures were taken out of each of these objects."""
    container = col(CaptureRow.container_digest)
    taken_out = sql_select(container, func.count()).where(container.in_(digests)).group_by(container)
    return {digest: count for digest, count in session.execute(taken_out)}  # noqa: C416 - rows are no pairs
