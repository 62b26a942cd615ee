"""An embedder is a plug-in: off unless it is named, fused by ranks, and told plainly where it is not there."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from archive.text.fusion import fused
from tests.commandline import new_archive, run

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = """
class Meaning:
    '''Vectors over two meanings: a deterministic stand-in for a model.'''

    FELINE = {"cat", "kitten", "feline", "tomcat"}
    CALM = {"asleep", "dozing", "slumbers"}

    def embed(self, texts):
        words = [set(text.lower().replace(".", "").split()) for text in texts]
        return [[len(some & self.FELINE), len(some & self.CALM), 0.1] for some in words]


def broken():
    raise OSError("no weights on this machine")
"""
POINTS = "[claimtrail.embedder]\nmeaning = meaning_plugin:Meaning\nbroken = meaning_plugin:broken\n"
ROWS = [
    {"id": "words", "text": "The dog on the mat by the door of the house barks."},
    {"id": "meaning", "text": "A kitten slumbers near the house."},
]
CLAIM = "A tomcat dozing on the mat by the house"


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive, with the plug-in installed as a package is."""
    site = tmp_path / "site"
    (site / "meaning_plugin-1.0.dist-info").mkdir(parents=True)
    (site / "meaning_plugin.py").write_text(PLUGIN, "utf-8")
    (site / "meaning_plugin-1.0.dist-info" / "METADATA").write_text("Name: meaning-plugin\nVersion: 1.0\n")
    (site / "meaning_plugin-1.0.dist-info" / "entry_points.txt").write_text(POINTS)
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    place = new_archive(tmp_path)
    rows = tmp_path / "rows.jsonl"
    rows.write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    assert run("ingest", rows, at=place).status == 0
    return place


def followed(archive: Path) -> list[tuple[str, float]]:
    watch = archive.parent / "watch.jsonl"
    watch.write_text(json.dumps({"id": 1, "text": CLAIM}) + "\n", "utf-8")
    ran = run("trace", "--from", watch, "--json", at=archive)
    assert ran.status == 0, ran.err
    return [(one["external_id"], one["score"]) for one in ran.objects]


def named(archive: Path, embedder: str) -> None:
    (archive / "claimtrail.toml").write_text(f'embedder = "{embedder}"\n', "utf-8")


def test_none_is_used_that_is_not_named(archive: Path) -> None:
    assert [name for name, _ in followed(archive)] == ["words", "meaning"]
    assert "meaning_plugin" not in sys.modules


def test_its_order_is_fused_with_that_of_the_words(archive: Path) -> None:
    named(archive, "meaning")
    first, second = followed(archive)
    assert {first[0], second[0]} == {"words", "meaning"}
    # Each is first in one order and second in the other.
    assert first[1] == second[1] == pytest.approx(1 / 61 + 1 / 62, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "words"), [("absent", "installed: broken, meaning"), ("broken", "no weights on this machine")]
)
def test_one_that_is_not_there_is_told(archive: Path, name: str, words: str) -> None:
    named(archive, name)
    ran = run("trace", CLAIM, at=archive)
    assert ran.status == 2
    assert words in ran.err


def test_ranks_are_fused_by_their_reciprocals() -> None:
    scores = dict(fused([["a", "b", "c"], ["b", "d"], ["b", "a"]]))
    assert list(scores) == ["b", "a", "d", "c"]
    assert scores["b"] == pytest.approx(1 / 62 + 1 / 61 + 1 / 61)
    assert scores["d"] == pytest.approx(1 / 62)


def test_nothing_fused_is_nothing() -> None:
    assert fused([[], []]) == []
