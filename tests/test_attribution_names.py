# ruff: noqa: RUF001 - curly quotation marks are what is tested
"""Whom a source's words stand for within the article."""

from __future__ import annotations

import pytest

from archive.attribution.extract import extract
from archive.attribution.resolve import Authority, Entry
from archive.model import ClaimedSource, SourceKind
from archive.text.passages import passages

K = SourceKind


def named(text: str, language: str = "en", authority: Authority | None = None) -> list[ClaimedSource]:
    return [a.resolved for a in extract(text, passages(text, (), language), (), language, authority)]


def pairs(text: str) -> list[tuple[SourceKind, str]]:
    return [(one.kind, one.name) for one in named(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ann Bell said it was closed. She said it was old. Bell said no more.",
            [(K.PERSON, "Ann Bell")] * 3,
        ),
        (
            "Mr. Tom Hale said yes. Mrs. Ann Bell said no. He said so twice. She said so once.",
            [(K.PERSON, "Tom Hale"), (K.PERSON, "Ann Bell"), (K.PERSON, "Tom Hale"), (K.PERSON, "Ann Bell")],
        ),
        (
            "The Foreign Ministry said it was wrong. The ministry said so again.",
            [(K.ORGANISATION, "Foreign Ministry")] * 2,
        ),
        (
            "Two officials briefed on the matter said it was closed.",
            [(K.ANONYMOUS, "Two officials briefed on the matter")],
        ),
        (
            "A spokesman for the Foreign Ministry said it was closed.",
            [(K.ANONYMOUS, "A spokesman for the Foreign Ministry")],
        ),
        ("Secretary of State Ann Bell said it was closed.", [(K.PERSON, "Ann Bell")]),
        ("His campaign manager, Tom Hale, said it was closed.", [(K.PERSON, "Tom Hale")]),
        ("He said it was closed.", [(K.UNRESOLVED, "he")]),
        ("The mayor of Tolm said it was closed.", [(K.UNRESOLVED, "The mayor of Tolm")]),
        ("It was closed, this newspaper reported last week.", [(K.SELF, "")]),
        ("Critics say it is closed.", [(K.ANONYMOUS, "Critics")]),
        ("News reports said it was closed.", [(K.ANONYMOUS, "News reports")]),
        ("We argue that it is closed.", [(K.SELF, "")]),
        ("The bridge was reportedly closed, the FBI said.", [(K.ORGANISATION, "FBI")]),
        ("An affidavit by Ann Bell says it was closed.", [(K.DOCUMENT, "An affidavit by Ann Bell")]),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_what_a_source_stands_for(text: str, expected: list[tuple[SourceKind, str]]) -> None:
    assert pairs(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A report in The Washington Post said it was closed. The Post also said it was old.",
        "The Washington Post reported it was closed. The newspaper said it was old.",
        "According to a Washington Post article published Monday, it was closed. The report said it was old.",
        "The Washington Post’s report said it was closed. According to washingtonpost.com, it was old.",
    ],
)
def test_short_forms_of_an_outlet_are_that_outlet(text: str) -> None:
    assert [one.outlet for one in named(text)] == ["washington-post"] * 2


def test_he_inside_a_quotation_is_not_the_one_who_speaks() -> None:
    text = "“I know,” Tom Hale said. “He told me that the plan was dead and gone.”"
    assert [one.name for one in named(text)] == ["Tom Hale", "he"]


def test_the_archives_own_names_count() -> None:
    own = Authority([Entry("planet", "The Daily Planet", aliases=("DP",), domains=("planet.example",))])
    assert [one.outlet for one in named("The Daily Planet reported that it was closed.", authority=own)] == [
        "planet"
    ]
    assert named("The Daily Planet reported that it was closed.")[0].outlet is None
