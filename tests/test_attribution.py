"""Attributions of the first sample document."""

from __future__ import annotations

from pathlib import Path

from archive.attribution.extract import extract
from archive.text.passages import passages

SEED = Path(__file__).parent.parent / "seeds" / "000_4b77468e57cc8906.txt"


def test_the_seed_names_its_source_four_times() -> None:
    text = SEED.read_text(encoding="utf-8")
    found = extract(text, passages(text, (), "en"), (), "en")
    cited = [a for a in found if a.resolved.outlet == "greek-city-times"]
    cues = [(a.cue[0].of(text), a.source[0].of(text)) for a in cited]
    assert ("According to", "the Greek City Times") in cues
    assert ("According to", "the report") in cues
    assert ("reported", "The Greek City Times") in cues
    assert cues.count(("According to", "the Greek City Times report")) == 2
    assert all(a.resolved.name != "Beijing" for a in found)
