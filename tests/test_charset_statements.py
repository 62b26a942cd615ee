"""In which charset a file was read is a statement: declared where it says so itself, else detected."""

from __future__ import annotations

import json

import pytest

from archive.formats import Context, parts
from archive.model import Basis, Property

WORDS = "Le café est fermé, à cause de la grève générale décidée hier soir."
FEED = (
    '<?xml version="1.0" encoding="{}"?><rss><channel><title>F</title><item><title>'
    + WORDS
    + "</title></item></channel></rss>"
)
NEWSML = (
    '<?xml version="1.0" encoding="{}"?><newsItem><contentMeta><headline>'
    + WORDS
    + "</headline></contentMeta></newsItem>"
)
CASES = {
    "rows in UTF-8": (json.dumps({"text": WORDS}, ensure_ascii=False).encode(), "utf-8", Basis.INFERRED),
    "rows in Latin-1": (
        json.dumps({"text": WORDS}, ensure_ascii=False).encode("cp1252"),
        None,
        Basis.INFERRED,
    ),
    "ninjs with a mark": (
        json.dumps({"uri": "x", "headline": WORDS}, ensure_ascii=False, indent=1).encode("utf-8-sig"),
        "utf-8-sig",
        Basis.INFERRED,
    ),
    "a feed in Latin-1": (FEED.format("ISO-8859-1").encode("iso-8859-1"), "cp1252", Basis.CLAIMED),
    "a feed in UTF-8": (FEED.format("utf-8").encode(), "utf-8", Basis.CLAIMED),
    "NewsML in Latin-1": (NEWSML.format("ISO-8859-1").encode("iso-8859-1"), "cp1252", Basis.CLAIMED),
    "a text in UTF-8": (WORDS.encode(), "utf-8", Basis.INFERRED),
    "a text in UTF-16": (WORDS.encode("utf-16"), "utf-16", Basis.INFERRED),
}


@pytest.mark.parametrize("name", CASES)
def test_the_charset_is_recorded(name: str) -> None:
    content, charset, basis = CASES[name]
    (part,) = parts(content)
    said = part.reading.first(Property.CHARSET)
    assert said is not None
    assert said.basis is basis
    assert charset is None or said.value == charset
    assert part.reading.text == WORDS


def test_what_the_sender_says_is_tried_first() -> None:
    (part,) = parts("Мост закрыт.".encode("koi8-r"), Context(charset="koi8-r"))
    said = part.reading.first(Property.CHARSET)
    assert said is not None
    assert (said.value, said.basis, part.reading.text) == ("koi8-r", Basis.CLAIMED, "Мост закрыт.")
