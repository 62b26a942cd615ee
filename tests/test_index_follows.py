"""The index follows what is said of a version after it was recorded, not only new versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.commandline import DOCUMENT, new_archive, run

if TYPE_CHECKING:
    from pathlib import Path

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
