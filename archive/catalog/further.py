"""The further digests of objects, beside the SHA-256 that names each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from archive.catalog.fixity_tables import ObjectDigestRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.digest import Digest


def any_further(session: Session) -> bool:
    """Whether any object has a further digest."""
    return session.exec(select(col(ObjectDigestRow.object_digest)).limit(1)).first() is not None


def further_digests(session: Session, digests: Sequence[Digest]) -> dict[Digest, tuple[Digest, ...]]:
    """The further digests recorded for objects that stand together in the order of their digests."""
    if not digests:
        return {}
    query = select(col(ObjectDigestRow.object_digest), col(ObjectDigestRow.digest)).where(
        col(ObjectDigestRow.object_digest) >= min(digests), col(ObjectDigestRow.object_digest) <= max(digests)
    )
    found: dict[Digest, tuple[Digest, ...]] = {}
    for held, further in session.exec(query.order_by(col(ObjectDigestRow.algorithm))):
        found[held] = (*found.get(held, ()), further)
    return found
