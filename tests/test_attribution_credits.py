"""Datelines and credits: whose copy an item says it is."""

from __future__ import annotations

import pytest

from archive.attribution.extract import extract
from archive.model import AttributionKind, SourceKind
from archive.text.passages import passages

STORY = "The bridge over the river is closed for good."


def credits_in(text: str, language: str = "en") -> list[tuple[str | None, SourceKind, str]]:
    found = extract(text, passages(text, (), language), (), language)
    return [
        (a.resolved.outlet, a.resolved.kind, a.content[0].of(text))
        for a in found
        if a.kind is AttributionKind.CREDIT
    ]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("DALLAS (AP) \u2014 ", "associated-press"),
        ("WASHINGTON, Aug. 24 (UPI) \u2014 ", "united-press-international"),
        ("New York (AFP) \u2013 ", "agence-france-presse"),
        ("Dec 29 (Reuters) - ", "reuters"),
        ("Reuters - ", "reuters"),
    ],
)
def test_a_dateline_credits_what_follows(line: str, key: str) -> None:
    assert credits_in(f"A heading\n{line}{STORY}") == [(key, SourceKind.OUTLET, STORY)]


@pytest.mark.parametrize(
    ("line", "key", "kind"),
    [
        ("h/t: The Hill.", "the-hill", SourceKind.OUTLET),
        ("(h/t Ruritania Herald)", None, SourceKind.UNRESOLVED),
        ("The Associated Press contributed to this report.", "associated-press", SourceKind.OUTLET),
        ("(Reporting by Ann Bell in Paris; Editing by Tom Hale)", None, SourceKind.PERSON),
        ("(Additional reporting by Ann Bell)", None, SourceKind.PERSON),
        ("Source: Xinhua", "xinhua", SourceKind.OUTLET),
    ],
)
def test_a_last_line_credits_what_stands_before(line: str, key: str | None, kind: SourceKind) -> None:
    assert credits_in(f"{STORY}\n{line}") == [(key, kind, STORY)]


@pytest.mark.parametrize(
    "text",
    [
        f"WASHINGTON \u2014 {STORY}",
        f"Sen. Ann Bell (D-Mass.) - {STORY}",
        f"The bridge (closed) - {STORY}",
        f"{STORY}\nThe Associated Press contributed to the fund.",
        "the (AP) \u2014",
        "A heading\nDALLAS (AP) \u2014 ",
    ],
)
def test_what_is_no_credit(text: str) -> None:
    assert credits_in(text) == []


@pytest.mark.parametrize("line", ["By Reuters", "Reuters", "Reuters Staff", "REUTERS"])
def test_a_byline_that_is_an_agency(line: str) -> None:
    assert credits_in(f"A heading\n{line}\n{STORY}") == [("reuters", SourceKind.OUTLET, STORY)]
    assert credits_in(f"A heading\nBy Ann Bell\n{STORY}") == []


def test_german_credits() -> None:
    text = f"Berlin (dpa) - {STORY}\nQuelle: dpa"
    assert [key for key, _, _ in credits_in(text, "de")] == ["deutsche-presse-agentur"] * 2
