"""A fault of ours in reading a text for attributions does not keep the copy from being recorded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import archive.ingest.analysis
from archive.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_text_our_rules_break_on_is_recorded_and_read_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place, page = tmp_path / "news", tmp_path / "page.txt"
    page.write_text("Bridge shut\n\nThe bridge is shut, according to the Greek City Times.\n")
    assert main(["init", str(place)]) == 0

    def broken(*_: object) -> tuple[()]:
        raise RecursionError("planted")

    with monkeypatch.context() as planted:
        planted.setattr(archive.ingest.analysis, "extract", broken)
        assert main(["ingest", "--archive", str(place), str(page)]) == 0
    capsys.readouterr()
    assert main(["show", "--archive", str(place), "--json", label(place, capsys)]) == 0
    assert json.loads(capsys.readouterr().out)["attributions"] == []
    assert main(["reread", "--archive", str(place)]) == 0
    assert "1 version" in capsys.readouterr().out
    assert main(["show", "--archive", str(place), "--json", label(place, capsys)]) == 0
    made = json.loads(capsys.readouterr().out)["attributions"]
    assert [each["resolved"]["name"] for each in made] == ["Greek City Times"]
    assert main(["verify", "--archive", str(place)]) == 0


def label(place: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The label of the one version held."""
    assert main(["search", "--archive", str(place), "--json", "bridge"]) == 0
    return str(json.loads(capsys.readouterr().out.splitlines()[0])["id"])
