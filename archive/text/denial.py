"""Denials: passages that state a claim in order to deny it; they stay with the claim, marked."""

from __future__ import annotations

import re

from archive.model import Span

_CUES = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ial)|refut\w+|rebut\w+|debunk\w*|disput\w+|reject(?:s|ed|ing)?|contradict\w*|"
    r"false(?:ly)?|untrue|unfounded|baseless|fabricated|hoax|misleading|bogus|"
    r"no (?:evidence|proof|truth|basis|record)|(?:is|are|was|were|did|does|do|has|have|had) not|"
    r"(?:will|would|can|could) not|\w+n['\u2019]t|never|not true|contrary to|nothing to suggest|myth|"
    r"dementier\w+|bestr(?:eit|itt)\w*|zur\u00fcckgewiesen|widerleg\w+|unwahr\w*|haltlos\w*|"
    r"nicht|kein(?:e[mnrs]?)?|nie(?:mals)?)\b",
    re.IGNORECASE,
)


def denials(passage: str) -> list[Span]:
    """The words of a passage that deny something, by a list of cues in English and German."""
    return [Span(*match.span()) for match in _CUES.finditer(passage)]


def denied(query: str, passage: str) -> list[Span]:
    """The words by which a passage denies what the query states; none where the query denies as much."""
    found = denials(passage)
    return found if len(found) > len(denials(query)) else []
