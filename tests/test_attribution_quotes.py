# ruff: noqa: RUF001 - curly quotation marks are what is tested
"""Quotations that go on, stay open, are turned round or stand in one another."""

from __future__ import annotations

import pytest

from archive.attribution.extract import extract
from archive.model import AttributionKind
from archive.text.passages import passages


def contents(text: str) -> list[tuple[str, list[str]]]:
    found = extract(text, passages(text, (), "en"), (), "en")
    return [(a.source[0].of(text), [span.of(text) for span in a.content]) for a in found]


def test_a_quotation_goes_on_after_who_says_it() -> None:
    text = "“It is closed,” Bell said. “It is old. Nobody cares.” Hale left."
    assert contents(text) == [("Bell", ["“It is closed,”", "“It is old. Nobody cares.”"])]


def test_a_quotation_over_paragraphs() -> None:
    text = "Bell said:\n“It is closed.\n“It is old.”\nHale left the bridge."
    assert contents(text) == [("Bell", ["“It is closed.", "“It is old.”"])]


@pytest.mark.parametrize(
    "text",
    [
        '"It is closed," Bell said.',
        "''It is closed,'' Bell said.",
        "“It is closed,“ Bell said.",
        "„It is closed,“ Bell said.",
    ],
)
def test_marks_of_any_make(text: str) -> None:
    assert contents(text) == [("Bell", [text.partition(" Bell")[0]])]


def test_an_open_quotation_ends_with_its_paragraph() -> None:
    text = "Bell said that “it is closed and old.\nHale said it was new."
    assert contents(text) == [("Bell", ["that “it is closed and old"]), ("Hale", ["it was new"])]


def test_a_quotation_in_a_quotation() -> None:
    text = "“She said ‘it is closed’ and the ministry said that it was open,” Bell said."
    found = extract(text, passages(text, (), "en"), (), "en")
    outer = next(at for at, a in enumerate(found) if a.within is None)
    assert found[outer].source[0].of(text) == "Bell"
    assert found[outer].kind is AttributionKind.DIRECT
    assert {a.source[0].of(text) for a in found if a.within == outer} == {"She", "the ministry"}
