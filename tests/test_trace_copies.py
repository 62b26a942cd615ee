"""The trail of a claim is the same by the links that the archive keeps and by comparing the texts anew."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from archive import trace as tracing
from archive.archive import open_archive
from tests.commandline import STORY

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

CLAIM = json.loads((STORY / "truth.json").read_text("utf-8"))["main_claim"]["sentence"]


def test_links_that_are_kept_make_the_trail_that_comparing_makes(
    seeded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_archive(seeded) as archive:
        kept = tracing.trace(archive, CLAIM)
        monkeypatch.setattr(tracing, "links_between", lambda *_: None)
        compared = tracing.trace(archive, CLAIM)
    told = [
        [(edge.derived, edge.origin, edge.relation, edge.symmetric) for edge in found.trail.edges]
        for found in (kept, compared)
    ]
    assert told[0] == told[1]
    assert any(evidence.span for edge in kept.trail.edges for evidence in edge.evidence)
