"""Appositions: what stands between commas, brackets or dashes beside a name and belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.attribution.words import Word

if TYPE_CHECKING:
    from archive.attribution.tokens import Range, Tokens

OPENS = Word.PREPOSITION | Word.SUBORDINATOR | Word.ADVERB | Word.TIME
"""What a phrase that opens a sentence begins with."""
_FINITE = Word.BE | Word.HAVE | Word.DO | Word.MODAL | Word.VERBISH | Word.PRONOUN | Word.SURE_VERB
_BRACKETS = {")": "(", "]": "[", "\u2014": "\u2014", "\u2013": "\u2013", "--": "--", "-": "-"}
_LONGEST = 32
"""The most tokens of what stands between two marks."""


def head_end(tokens: Tokens, first: int, mark: int) -> int:
    """The mark that ends the name to which all up to `mark` belongs; `first` where there is none.

    `Tim Scott, Republican of South Carolina, said`: from the second comma to the first.
    """
    if tokens.kinds[mark] & Word.COMMA:
        return _first_comma(tokens, first, mark)
    opener = _BRACKETS.get(tokens.words[mark])
    low = max(first, mark - _LONGEST)
    k = mark - 1
    while k > low and tokens.words[k] != opener:
        k -= 1
    return k if k > low else first


def _first_comma(tokens: Tokens, first: int, mark: int) -> int:
    """Go back over what stands between commas while it can only belong to a name before it."""
    low = max(first, mark - 2 * _LONGEST)
    comma = mark
    after_it = mark
    while True:
        begin = _segment(tokens, low, comma)
        if begin <= low or not _belongs(tokens, begin, comma) or not _nominal(tokens, begin - 2):
            break
        after_it, comma = comma, begin - 1
    if begin <= low and tokens.kinds[begin] & OPENS and not tokens.kinds[begin] & Word.DETERMINER:
        comma = after_it
    return first if comma == mark else comma


def _nominal(tokens: Tokens, at: int) -> bool:
    """Whether a word can be the last of a name or noun."""
    kind = tokens.kinds[at]
    if kind & Word.ADVERB:  # `Sanders, meanwhile, who ...`
        return bool(tokens.kinds[at - 1] & Word.COMMA)
    return tokens.capital(at) or not kind & (OPENS | Word.VERBISH | Word.CONJUNCTION)


def _segment(tokens: Tokens, low: int, comma: int) -> int:
    """Where the stretch before a comma begins: after the comma before it, or at `low`."""
    kinds = tokens.kinds
    k = comma - 1
    while k >= low:
        if kinds[k] & Word.COMMA:
            return k + 1
        if kinds[k] & Word.QUOTE:
            k = next((j for j in range(k - 1, max(low, k - 12), -1) if kinds[j] & Word.QUOTE), low)
        k -= 1
    return low


def _belongs(tokens: Tokens, at: int, end: int) -> bool:
    """Whether what stands between commas from `at` tells more about the name before it."""
    kind, word = tokens.kinds[at], tokens.words[at]
    if kind & (Word.DETERMINER | Word.POSSESSIVE | Word.RELATIVE | Word.PREPOSITION | Word.TITLE):
        return not kind & Word.PRONOUN or bool(kind & (Word.DETERMINER | Word.RELATIVE))
    if (
        word.isdigit()
        or word.endswith(tokens.lexicon.participle_endings)
        or tokens.kinds[end - 1] & Word.TITLE
    ):
        return True
    if kind & Word.SUBORDINATOR:
        return not any(tokens.kinds[k] & _FINITE for k in range(at, end))
    if all(tokens.kinds[k] & (OPENS | Word.DETERMINER) for k in range(at, end)):
        return True
    if kind & (OPENS | Word.CONJUNCTION | Word.PRONOUN | Word.PUNCTUATION):
        return False
    return not any(tokens.kinds[k] & _FINITE for k in range(at, end))


def apposition(tokens: Tokens, phrase: Range, last: int) -> Range:
    """The phrase with what follows it between commas or up to the end: `Caddell, a pollster who ...`."""
    end = phrase[1]
    if end >= last or not tokens.kinds[end] & Word.COMMA or end + 1 >= last:
        return phrase
    following = tokens.kinds[end + 1]
    if following & Word.THAT or not (
        following & (Word.DETERMINER | Word.TITLE) or tokens.words[end + 1].isdigit()
    ):
        return phrase
    k = end + 1
    while k < last and not tokens.kinds[k] & (Word.COMMA | Word.QUOTE):
        k += 1
    if k < last and tokens.kinds[k] & Word.QUOTE:
        return phrase
    return phrase[0], k if k < last else _stopless(tokens, last)


def _stopless(tokens: Tokens, last: int) -> int:
    while tokens.words[last - 1] in (".", "!", "?", ";", ":"):
        last -= 1
    return last
