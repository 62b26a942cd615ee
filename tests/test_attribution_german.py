"""German, by the same rules with a lexicon of its own."""

from __future__ import annotations

import pytest

from archive.attribution.extract import extract
from archive.attribution.words import languages
from archive.model import SourceKind
from archive.text.passages import passages


@pytest.mark.parametrize(
    ("text", "source", "cue", "content", "outlet"),
    [
        (
            "Olaf Scholz sagte am Montag in Berlin, man werde handeln.",
            "Olaf Scholz",
            "sagte",
            "man werde handeln",
            None,
        ),
        ("„Das ist gut“, sagte Merkel der Presse.", "Merkel", "sagte", "„Das ist gut“", None),
        (
            "Am Dienstag erklärte die Sprecherin, man werde prüfen.",
            "die Sprecherin",
            "erklärte",
            "man werde prüfen",
            None,
        ),
        ("Die „Bild“ berichtete, dass er geht.", "Die „Bild“", "berichtete", "dass er geht", "bild"),
        (
            "Laut einem Bericht des „Spiegel“ plant er Steuern.",
            "einem Bericht des „Spiegel“",
            "Laut",
            "plant er Steuern",
            "spiegel",
        ),
        ("Dem Bericht zufolge steigen die Steuern.", "Dem Bericht", "zufolge", "steigen die Steuern", None),
        (
            "Nach Angaben von Reuters starben zehn Menschen.",
            "Reuters",
            "Nach Angaben von",
            "starben zehn Menschen",
            "reuters",
        ),
        (
            "Wie die dpa berichtet, kam niemand.",
            "die dpa",
            "berichtet",
            "kam niemand",
            "deutsche-presse-agentur",
        ),
        ("Die Polizei teilte mit, dass er lebt.", "Die Polizei", "teilte mit", "dass er lebt", None),
        (
            "Die Polizei teilte am Montag mit, dass er lebt.",
            "Die Polizei",
            "teilte am Montag mit",
            "dass er lebt",
            None,
        ),
        (
            "Drei Menschen starben, teilte die Polizei mit.",
            "die Polizei",
            "teilte",
            "Drei Menschen starben",
            None,
        ),
        (
            "Wie die Polizei mitteilte, starben drei Menschen.",
            "die Polizei",
            "mitteilte",
            "starben drei Menschen",
            None,
        ),
        (
            "Drei Menschen starben, sagte der Minister.",
            "der Minister",
            "sagte",
            "Drei Menschen starben",
            None,
        ),
    ],
)
def test_german_frames(text: str, source: str, cue: str, content: str, outlet: str | None) -> None:
    (found,) = extract(text, passages(text, (), "de"), (), "de-AT")
    spans = (found.source, found.cue, found.content)
    assert [span[0].of(text) for span in spans] == [source, cue, content]
    assert found.resolved.outlet == outlet


def test_an_outlet_and_its_unnamed_source() -> None:
    text = "Das berichtete die „New York Times“ unter Berufung auf Regierungskreise."
    outer, inner = extract(text, passages(text, (), "de"), (), "de")
    assert outer.resolved.outlet == "new-york-times"
    assert (inner.source[0].of(text), inner.within) == ("Regierungskreise", 0)


def test_the_languages_there_are() -> None:
    assert languages() == ("de", "en")


def test_a_joined_name_of_a_body_is_a_body_in_either_case() -> None:
    text = (
        "Das Verkehrsministerium teilte mit, dass die Brücke gesperrt bleibt.\n"
        "Nach Angaben des Verkehrsministeriums wird gebaut."
    )
    found = extract(text, passages(text, (), "de"), (), "de")
    assert {(made.resolved.kind, made.resolved.name) for made in found} == {
        (SourceKind.ORGANISATION, "Verkehrsministerium")
    }
