"""The index follows what is said of a version after it was recorded, not only new versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archive import indexing
from archive.archive import open_archive
from index.engine import rebuild
from tests.commandline import DOCUMENT, new_archive, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.archive import Archive
    from index import Document

CLAIM = "renounced"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An archive that holds the real document, of which nobody names an outlet."""
    made = new_archive(tmp_path)
    assert run("ingest", DOCUMENT, at=made).status == 0
    return made


def total(place: Path, *options: str) -> int:
    """How many versions a search finds; the index must be up to date as it says so."""
    sums = run("search", CLAIM, "--json", *options, at=place).objects[-1]
    assert sums["index"] == {"state": "ready", "not_indexed": 0}
    return int(sums["total"])


def test_an_outlet_named_with_a_later_capture_is_found(place: Path) -> None:
    assert total(place, "--outlet", "Example Daily") == 0
    item = run("search", CLAIM, "--json", at=place).objects[0]["id"].partition("@")[0]
    again = run("ingest", DOCUMENT, "--item", item, "--outlet", "Example Daily", at=place)
    assert again.status == 0, again.err
    assert "already held" in again.out
    assert total(place, "--outlet", "Example Daily") == 1
    assert run("verify", "--index", at=place).status == 0


def test_a_corrected_source_is_found_and_the_wrong_one_is_not(place: Path) -> None:
    version = run("search", CLAIM, "--json", at=place).objects[0]["id"]
    count = len(run("attributions", version, "--json", at=place).objects)
    assert total(place, "--source", "Greek City Times") == 1
    for number in range(1, count + 1):
        assert run("attribute", version, str(number), "--source", "Hellas Daily", at=place).status == 0
    assert total(place, "--source", "Greek City Times") == 0
    assert total(place, "--source", "Hellas Daily") == 1
    assert run("verify", "--index", at=place).status == 0


def test_what_is_said_while_a_rebuild_lies_cut_off_is_found(
    archive_of_seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = archive_of_seeds
    monkeypatch.setattr(rebuild, "BATCH", 2)
    whole = indexing.documents

    def cut_off(archive: Archive, position: int) -> Iterator[Document]:
        for number, document in enumerate(whole(archive, position)):
            if number == 6:
                raise KeyboardInterrupt
            yield document

    with open_archive(place) as archive, monkeypatch.context() as patched:
        patched.setattr(indexing, "documents", cut_off)
        with pytest.raises(KeyboardInterrupt):
            indexing.rebuild(archive)
    assert (place / "index" / "building" / "note.json").exists()
    item = run("search", CLAIM, "--json", at=place).objects[0]["id"].partition("@")[0]
    assert run("ingest", DOCUMENT, "--item", item, "--outlet", "Example Daily", at=place).status == 0
    begun: list[int] = []

    def noted(archive: Archive, position: int) -> Iterator[Document]:
        begun.append(position)
        return whole(archive, position)

    with monkeypatch.context() as patched:
        patched.setattr(indexing, "documents", noted)
        said = run("reindex", at=place)
    assert (said.status, said.out) == (0, "indexed 11 versions\n"), said.err
    assert begun[0] > 0, "it went on where it stopped"
    assert total(place, "--outlet", "Example Daily") == 1
    assert run("verify", "--index", at=place).status == 0
