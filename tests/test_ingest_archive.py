"""An archive's own files are no material: neither its secret keys nor what it holds is taken in again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.commandline import run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("named", [".", "..", "keys", "keys/ledger.key", "objects", "claimtrail.toml"])
def test_no_part_of_an_archive_is_taken_in(archive_of_seeds: Path, named: str) -> None:
    (archive_of_seeds / "note.txt").write_text("The mill has burned down, the mayor said.\n", "utf-8")
    before = run("status", "--json", at=archive_of_seeds).objects[0]["objects"]
    ran = run("ingest", archive_of_seeds / named, at=archive_of_seeds)
    assert ran.status == 3
    assert "it is a part of an archive" in ran.out
    taken = [line for line in ran.out.splitlines() if line.startswith("new ")]
    assert len(taken) == (named in (".", ".."))
    assert all("note.txt" in line for line in taken)
    assert run("status", "--json", at=archive_of_seeds).objects[0]["objects"] == before + len(taken)


def test_files_of_such_names_elsewhere_are(archive_of_seeds: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in" / "keys"
    folder.mkdir(parents=True)
    (folder / "note.txt").write_text("The dam is full.\n", "utf-8")
    ran = run("ingest", folder.parent, at=archive_of_seeds)
    assert ran.status == 0
    assert ": 1 new item, 0 new versions, 0 captures of what was already held, 0 refused" in ran.out
