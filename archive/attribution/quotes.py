"""Quotations: where they open and close, straight or curly, nested, unbalanced or over paragraphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.attribution.words import Word

if TYPE_CHECKING:
    from archive.attribution.tokens import Tokens

_CLOSES = {"\u201d", "\u00bb"}
_EITHER = {'"', "''"}


@dataclass(frozen=True, slots=True)
class Quotation:
    """Tokens from the opening mark up to and including the closing one (`last` is exclusive)."""

    first: int
    last: int
    closed: bool


def quotations(tokens: Tokens, first: int, last: int) -> list[Quotation]:
    """The outer quotations of a paragraph's tokens; one without an end runs to the paragraph's end."""
    found: list[Quotation] = []
    opened = -1
    words, kinds = tokens.words, tokens.kinds
    for at in range(first, last):
        if not kinds[at] & Word.QUOTE:
            continue
        mark = words[at]
        if opened < 0:
            if mark in _CLOSES:
                continue
            opened = at
        elif mark in _CLOSES or mark in _EITHER or _closes(tokens, at, words[opened]):
            found.append(Quotation(opened, at + 1, True))
            opened = -1
    if opened >= 0:
        found.append(Quotation(opened, last, False))
    return found


def _closes(tokens: Tokens, at: int, opened: str) -> bool:
    """Whether an opening mark closes: after a German one, or by mistake right behind a stop."""
    if tokens.words[at] != "\u201c":
        return False
    return opened == "\u201e" or tokens.text[tokens.starts[at] - 1] in ",.!?"
