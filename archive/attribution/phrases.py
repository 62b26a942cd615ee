"""Noun phrases: who stands before a verb, and who after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.attribution.words import Word

if TYPE_CHECKING:
    from archive.attribution.tokens import Tokens

_BREAKS = (
    Word.BE
    | Word.HAVE
    | Word.DO
    | Word.MODAL
    | Word.SUBORDINATOR
    | Word.RELATIVE
    | Word.VERBISH
    | Word.PUNCTUATION
    | Word.TO
    | Word.NEGATION
)
"""Words that no plain noun phrase holds."""
_LONGEST = 22
"""The most tokens of a source phrase."""


def before(tokens: Tokens, first: int, at: int) -> tuple[int, int] | None:
    """The noun phrase whose last token is `at`, as a range of tokens; it begins at `first` or later."""
    if at < first:
        return None
    kind = tokens.kinds[at]
    if kind & (Word.PRONOUN | Word.RELATIVE) and not kind & Word.QUOTE:
        return at, at + 1
    if kind & Word.COMMA:
        return _apposed(tokens, first, at)
    if kind & Word.PUNCTUATION:
        return _enclosed(tokens, first, at)
    start = _back(tokens, first, at)
    if start > at:
        return None
    return start, at + 1


def _back(tokens: Tokens, first: int, at: int) -> int:
    """Where the noun phrase that ends at `at` begins; after `at` where there is none."""
    kinds, words = tokens.kinds, tokens.words
    start = at + 1
    k = at
    while k >= first and at - k < _LONGEST:
        kind = kinds[k]
        if kind & Word.PREPOSITION:
            if k == at or (start == k + 2 and kinds[k + 1] & Word.TIME and k == first):
                break
        elif kind & Word.CONJUNCTION:
            if words[k] != "and" or k == first or not _joins(tokens, k):
                break
        elif (kind & _BREAKS and not (words[k] == "'" or words[k] == "&")) or (
            kind & Word.CUE_VERB and _verbal(tokens, k)
        ):
            break
        if kind & (Word.PRONOUN | Word.OBJECT) and not kind & (Word.POSSESSIVE | Word.DETERMINER):
            break
        start = k
        k -= 1
    while (
        start <= at
        and kinds[start] & (Word.PREPOSITION | Word.CONJUNCTION | Word.ADVERB)
        and not kinds[start] & Word.DETERMINER
    ):
        start += 1
    return start


def _joins(tokens: Tokens, k: int) -> bool:
    """Whether an `and` joins two names rather than two clauses."""
    return (
        tokens.capital(k - 1)
        and k + 1 < len(tokens.words)
        and (tokens.capital(k + 1) or bool(tokens.kinds[k + 1] & Word.TITLE))
    )


def _verbal(tokens: Tokens, k: int) -> bool:
    """Whether a cue verb's form stands as a verb here: not after a determiner, and not a name."""
    if k == 0 or tokens.capital(k):
        return False
    word = tokens.words[k]
    if word.endswith(("ed", "ing")) or word in ("said", "told", "wrote", "found", "thought", "says"):
        return not tokens.kinds[k - 1] & (Word.DETERMINER | Word.POSSESSIVE | Word.PREPOSITION)
    return False


def _apposed(tokens: Tokens, first: int, comma: int) -> tuple[int, int] | None:
    """`Tim Scott, Republican of South Carolina, said`: the phrase from before the first comma."""
    kinds = tokens.kinds
    k = comma - 1
    low = max(first, comma - 30)
    while k >= low and not kinds[k] & (Word.COMMA | Word.QUOTE):
        k -= 1
    if k <= low or not kinds[k] & Word.COMMA:
        return None
    inner = before(tokens, first, k - 1)
    if inner is None:
        return None
    return inner[0], comma


def _enclosed(tokens: Tokens, first: int, at: int) -> tuple[int, int] | None:
    """`Scott (R., S.C.) said`, `Scott — who won — said`: the phrase before the bracket or dash."""
    opener = {")": "(", "]": "[", "\u2014": "\u2014", "\u2013": "\u2013", "--": "--", "-": "-"}.get(
        tokens.words[at]
    )
    if opener is None:
        return None
    k = at - 1
    while k > first and tokens.words[k] != opener:
        k -= 1
    if k <= first:
        return None
    inner = before(tokens, first, k - 1)
    return None if inner is None else (inner[0], at)


def after(tokens: Tokens, at: int, last: int) -> tuple[int, int] | None:
    """The noun phrase that begins at `at`, with its apposition where a comma closes it, up to `last`."""
    kinds = tokens.kinds
    k = at
    while k < last and k - at < _LONGEST:
        kind = kinds[k]
        if (kind & Word.PREPOSITION and k > at) or (
            kind & Word.CONJUNCTION and k > at and k + 1 < last and _joins(tokens, k)
        ):
            k += 1
            continue
        if kind & (_BREAKS | Word.CONJUNCTION) and tokens.words[k] not in ("'", "&"):
            break
        if kind & Word.PRONOUN and not kind & (Word.POSSESSIVE | Word.DETERMINER):
            return (at, at + 1) if k == at else (at, k)
        if kind & Word.CUE_VERB and k > at and _verbal(tokens, k):
            break
        k += 1
    while k > at and kinds[k - 1] & (Word.PREPOSITION | Word.ADVERB):
        k -= 1
    return None if k == at else (at, k)
