"""What a repair asks the catalogue: which objects were found not intact, and what a name stands for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlmodel import col, select

from archive.catalog.chunks import chunked
from archive.catalog.fixity_entry import Found, enter
from archive.catalog.fixity_tables import FixityOpenRow
from archive.catalog.fixity_work import FAILED
from archive.catalog.references import Ambiguous, NotHeld, starting
from archive.catalog.tables import EventRow, ObjectRow
from archive.digest import digest_prefix
from archive.record import EventType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.catalog.fixity import Plan
    from archive.catalog.reading import Reader
    from archive.catalog.writing import Writer
    from archive.digest import Digest


def objects_named(reader: Reader, reference: str) -> list[Digest]:
    """The objects that a digest, the beginning of one, or a label names; raises `NotHeld`, `Ambiguous`, `BadLabel`."""
    prefix = digest_prefix(reference)
    if prefix is None:
        return [version.object for version in reader.find(reference)]
    query = starting(select(col(ObjectRow.digest)), col(ObjectRow.digest), f"sha256:{prefix}")
    found = list(reader.session.exec(query))
    if len(found) > 1:
        raise Ambiguous(
            f"{prefix} begins the digests of several objects; give more digits of the one you mean"
        )
    if not found:
        raise NotHeld(f"no object in this archive has a digest that begins with {prefix}")
    return found


def failed_objects(reader: Reader) -> list[Digest]:
    """The objects in the archive itself that were not intact when they were last checked."""
    query = select(col(FixityOpenRow.object_digest)).where(FixityOpenRow.tier == FAILED)
    return list(reader.session.exec(query))


def enter_restored(writer: Writer, plan: Plan, by: str, batch: int, digest: Digest, size: int) -> int:
    """Enter that an object, not intact before, is intact now; the number that the next batch has.

    One that no check had found not intact stays recorded as it was: it was intact then, and is again.
    """
    query = select(col(FixityOpenRow.object_digest)).where(FixityOpenRow.object_digest == digest)
    if writer.session.exec(query).first() is None:
        return batch
    return enter(writer, plan, by, batch, [Found(intact=[digest.value], size=size)])


def recoveries(reader: Reader, digests: Sequence[Digest]) -> set[tuple[str, str, str]]:
    """The recorded recoveries of these objects: object, store, and where what stood there is kept, or their slips."""
    found = set()
    for some in chunked([str(digest) for digest in digests]):
        query = select(EventRow.body).where(
            col(EventRow.subject).in_(some), EventRow.type == EventType.RECOVERY
        )
        for body in reader.session.exec(query):
            leaf = json.loads(body)
            found |= {(leaf["subject"], leaf["where"], leaf.get(key) or "") for key in ("quarantine", "slip")}
    return found
