"""A cue that names nobody is said to name nobody, and one that means the item itself is said to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.commandline import new_archive, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("command", ["show", "attributions"])
def test_no_source_is_shown_under_an_empty_name(tmp_path: Path, command: str) -> None:
    file = tmp_path / "lane.txt"
    file.write_text(
        "A lane was closed\n\nThe lane is expected to stay closed until the end of the week.\n", "utf-8"
    )
    place = new_archive(tmp_path)
    assert run("ingest", file, at=place).status == 0
    label = run("search", "lane", "--json", at=place).objects[0]["id"]
    assert "nobody by name (unresolved)" in run(command, label, at=place).out
