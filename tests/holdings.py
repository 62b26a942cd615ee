"""An archive with many objects, made by the store and the catalogue themselves, without readers: quick."""

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING

from archive.archive import make_archive
from archive.catalog.chunks import batched
from archive.model import Method, Reading, ReadingState
from archive.record import Arrival, HeldObject

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from archive.archive import Archive
    from archive.clock import Clock
    from archive.digest import Digest

BATCH = 2000
NOT_READ = Reading(ReadingState.EMPTY, "unknown", Method("formats", "1"), reason="made for a test")
METHOD = Method("attribution", "1")


def holding(
    path: Path, contents: Iterable[bytes], clock: Clock | None = None, catalog: str | None = None
) -> Archive:
    """A new archive that holds these bytes, open."""
    archive = make_archive(path, clock, catalog)
    take_in(archive, contents)
    return archive


def take_in(archive: Archive, contents: Iterable[bytes]) -> list[Digest]:
    """Take bytes in with an accession of their own, as an ingest does."""
    accession, digests = archive.clock.new_id(), []
    with archive.store.intake() as intake:
        for some in batched(contents, BATCH):
            staged = [intake.stage(io.BytesIO(content)) for content in some]
            intake.seal(b"")
            intake.place()
            arrivals = [
                Arrival(
                    archive.clock.new_id(),
                    f"{each.digest.hex[:8]}.bin",
                    HeldObject(each.digest, each.size),
                    NOT_READ,
                    (),
                    (),
                    METHOD,
                    (),
                )
                for each in staged
            ]
            archive.catalog.write(
                lambda writer, arrivals=arrivals: writer.record(  # type: ignore[misc]  # bound as it is made
                    writer.accession(accession, "M. Tansley", "test", "test", None), arrivals
                )
            )
            intake.clear()
            digests += [each.digest for each in staged]
    return digests


def made_up(count: int, size: int = 64, seed: int = 1) -> Iterable[bytes]:
    """Random bytes, the same for the same seed."""
    source = random.Random(seed)
    return (source.randbytes(size) for _ in range(count))
