"""What an interrupted ingest left, where the object it would be recorded with is damaged."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from archive.archive import open_archive
from archive.digest import Digest
from archive.ingest.journal import Pending, write_note
from archive.ingest.taking import open_accession
from archive.ingest.told import Told
from archive.record import HeldObject
from tests.commandline import DOCUMENT, new_archive, run

if TYPE_CHECKING:
    from pathlib import Path


def test_a_copy_of_a_damaged_object_is_refused_in_words_and_opens_no_accession(tmp_path: Path) -> None:
    place = new_archive(tmp_path)
    assert run("ingest", DOCUMENT, at=place).status == 0
    content = DOCUMENT.read_bytes()
    digest = Digest.of(content)
    held = place / "objects" / "sha256" / digest.hex[:2] / digest.hex
    held.chmod(0o644)
    held.write_bytes(content[:-1] + b"?")
    with open_archive(place) as archive, archive.store.intake() as intake:
        intake.stage(io.BytesIO(content))
        clock = archive.clock
        copy = Pending(
            clock.new_id(), HeldObject(digest, len(content)), "again.txt", None, clock.now(), Told()
        )
        intake.seal(write_note(open_accession(archive, None), [copy]))
    ran = run("status", "--json", at=place)
    assert "accession none, 0 more copies recorded" in ran.err
    assert "again.txt was not recorded" in ran.err
    assert "claimtrail verify" in ran.err
    assert (ran.objects[0]["accessions"], ran.objects[0]["captures"]) == (1, 1)
    assert run("status", at=place).err == ""
    assert run("verify", at=place).status == 1
