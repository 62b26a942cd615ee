"""A denial is told from the claim it denies."""

from __future__ import annotations

import pytest

from archive.text.denial import denied

CLAIM = "The minister resigned on Monday"


@pytest.mark.parametrize(
    ("passage", "cue"),
    [
        ("The minister denied that he had resigned on Monday.", "denied"),
        ("There is no evidence that the minister resigned.", "no evidence"),
        ("The minister didn\u2019t resign on Monday.", "didn\u2019t"),
        ("Reports that the minister resigned are false.", "false"),
    ],
)
def test_a_denial_is_marked(passage: str, cue: str) -> None:
    assert [span.of(passage) for span in denied(CLAIM, passage)] == [cue]


@pytest.mark.parametrize(
    ("passage", "cue"),
    [
        ("Der Bürgermeister bestreitet, dass er Geld vom Bauherrn nahm.", "bestreitet"),
        ("Der Bürgermeister nahm kein Geld vom Bauherrn.", "kein"),
        ("Der Bürgermeister dementierte, dass er Geld nahm.", "dementierte"),
    ],
)
def test_a_denial_in_german_is_marked(passage: str, cue: str) -> None:
    claim = "Der Bürgermeister nahm Geld vom Bauherrn"
    assert [span.of(passage) for span in denied(claim, passage)] == [cue]


@pytest.mark.parametrize("passage", [CLAIM, "On Monday the minister resigned, officials said."])
def test_a_statement_is_not(passage: str) -> None:
    assert denied(CLAIM, passage) == []


def test_a_claim_that_denies_is_not_denied_by_the_same_words() -> None:
    assert denied("The minister did not resign", "The minister did not resign on Monday") == []
