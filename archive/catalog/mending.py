"""What a repair asks the catalogue: which objects were found not intact, and what a name stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, select

from archive.catalog.reading import Ambiguous, NotHeld, starting
from archive.catalog.tables import FixityCheckRow, ObjectRow
from archive.digest import digest_prefix
from archive.record import Verdict

if TYPE_CHECKING:
    from archive.catalog.reading import Reader
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
    """The objects that a check has found not intact in the archive itself; some may have been repaired since."""
    query = (
        select(col(FixityCheckRow.object_digest)).where(FixityCheckRow.verdict != Verdict.INTACT).distinct()
    )
    return list(reader.session.exec(query))
