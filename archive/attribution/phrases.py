"""Noun phrases: who stands before a verb, and who after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.attribution.words import Word

if TYPE_CHECKING:
    from archive.attribution.tokens import Tokens

Range = tuple[int, int]

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
    | Word.CUE_ADVERB
)
"""Words that no plain noun phrase holds."""
_OPENS = Word.PREPOSITION | Word.SUBORDINATOR | Word.ADVERB | Word.TIME
_FINITE = Word.BE | Word.HAVE | Word.DO | Word.MODAL | Word.VERBISH | Word.PRONOUN | Word.SURE_VERB
_SMALL = Word.PREPOSITION | Word.CONJUNCTION | Word.ADVERB | Word.TIME
_INSIDE = {"'", "&", "%", "$", "\u2018", "/", "-", "\u00a3", "\u20ac"}
_BRACKETS = {")": "(", "]": "[", "\u2014": "\u2014", "\u2013": "\u2013", "--": "--", "-": "-"}
_LONGEST = 20
"""The most tokens of a source phrase."""
_APPOSITION = 32
"""The most tokens of what stands between the commas of an apposition."""


def before(tokens: Tokens, first: int, at: int) -> Range | None:
    """The noun phrase whose last token is `at`, as a range of tokens; it begins at `first` or later."""
    if at < first:
        return None
    kind = tokens.kinds[at]
    if kind & Word.PUNCTUATION:
        return _apposed(tokens, first, at)
    if kind & (Word.PRONOUN | Word.RELATIVE):
        return at, at + 1
    start = _back(tokens, first, at)
    if start > first + 1:
        start = _whole(tokens, first, start)
    return None if start > at else (start, at + 1)


def _whole(tokens: Tokens, first: int, start: int) -> int:
    """`an official who spoke on condition of anonymity said`: the phrase with its relative clause."""
    kinds = tokens.kinds
    if not kinds[start - 1] & (Word.TO | Word.PREPOSITION | Word.VERBISH | Word.CUE_VERB | Word.RELATIVE):
        return start
    for k in range(start - 1, max(first, start - 16), -1):
        if kinds[k] & (Word.PUNCTUATION | Word.CONJUNCTION | Word.THAT):
            return start
        if kinds[k] & Word.RELATIVE and not kinds[k - 1] & Word.PUNCTUATION:
            inner = before(tokens, first, k - 1)
            return inner[0] if inner else start
    return start


def _back(tokens: Tokens, first: int, at: int) -> int:
    """Where the noun phrase that ends at `at` begins; after `at` where there is none."""
    kinds = tokens.kinds
    start = at + 1
    low = max(first, at - _LONGEST)
    k = at
    while k >= low:
        kind = kinds[k]
        if kind and _ends_phrase(tokens, k, kind, at):
            break
        start = k
        if kind & Word.DETERMINER and k > first and not kinds[k - 1] & Word.PREPOSITION:
            break
        k -= 1
    while start <= at and kinds[start] & _SMALL and not kinds[start] & Word.DETERMINER:
        start += 1
    return _without_opening(tokens, start, at)


def _ends_phrase(tokens: Tokens, k: int, kind: int, at: int) -> bool:
    if kind & Word.PREPOSITION:
        return k == at
    if kind & Word.CONJUNCTION:
        return not _joins(tokens, k)
    if kind & _BREAKS:
        return tokens.words[k] not in _INSIDE
    if kind & Word.CUE_VERB and _verbal(tokens, k):
        return True
    return bool(kind & (Word.PRONOUN | Word.OBJECT) and not kind & (Word.POSSESSIVE | Word.DETERMINER))


def _without_opening(tokens: Tokens, start: int, at: int) -> int:
    """Leave out what opens a sentence before its subject: `In a speech Tuesday Mr. Trump`."""
    kinds = tokens.kinds
    if start > 0 and kinds[start - 1] & Word.PREPOSITION:
        for k in range(at, start, -1):
            if kinds[k - 1] & Word.TIME and (tokens.capital(k) or kinds[k] & Word.DETERMINER):
                return k
    return start


def _joins(tokens: Tokens, k: int) -> bool:
    """Whether an `and` joins two names or nouns rather than two clauses."""
    if k == 0 or k + 1 >= len(tokens.words) or tokens.words[k] not in ("and", "or", "und"):
        return False
    if tokens.kinds[k - 1] & Word.PUNCTUATION:
        return False
    return tokens.capital(k - 1) == (tokens.capital(k + 1) or bool(tokens.kinds[k + 1] & Word.TITLE))


def _verbal(tokens: Tokens, k: int) -> bool:
    """Whether a cue verb's form stands as a verb here: not after a determiner, and not in a name."""
    if k == 0 or tokens.capital(k):
        return False
    word = tokens.words[k]
    if word.endswith(("ed", "ing")) or tokens.kinds[k] & Word.SURE_VERB:
        return not tokens.kinds[k - 1] & (Word.DETERMINER | Word.POSSESSIVE | Word.PREPOSITION)
    return False


def _apposed(tokens: Tokens, first: int, mark: int) -> Range | None:
    """`Tim Scott, Republican of South Carolina, said` or `Scott (S.C.) said`: all from the name on."""
    if tokens.kinds[mark] & Word.COMMA:
        return _between_commas(tokens, first, mark)
    opener = _BRACKETS.get(tokens.words[mark])
    if opener is None:
        return None
    k = mark - 1
    low = max(first, mark - _APPOSITION)
    while k > low and tokens.words[k] != opener:
        k -= 1
    if k <= low:
        return None
    inner = before(tokens, first, k - 1)
    return None if inner is None else (inner[0], mark)


def _between_commas(tokens: Tokens, first: int, mark: int) -> Range | None:
    """Go back over what stands between commas while it can only belong to a name before it."""
    low = max(first, mark - 2 * _APPOSITION)
    comma = mark
    after_it = mark
    while True:
        begin = _segment(tokens, low, comma)
        if begin <= low or not _belongs(tokens, begin, comma, low) or not _nominal(tokens, begin - 2):
            break
        after_it, comma = comma, begin - 1
    if begin <= low and tokens.kinds[begin] & _OPENS and not tokens.kinds[begin] & Word.DETERMINER:
        comma = after_it
    if comma == mark:
        return None
    inner = before(tokens, first, comma - 1)
    return inner and (inner[0], mark)


def _nominal(tokens: Tokens, at: int) -> bool:
    """Whether a word can be the last of a name or noun."""
    function = _OPENS | Word.TIME | Word.VERBISH | Word.CONJUNCTION
    return tokens.capital(at) or not tokens.kinds[at] & function


def _segment(tokens: Tokens, low: int, comma: int) -> int:
    """Where the stretch before a comma begins: after the comma before it, or at `low`."""
    kinds = tokens.kinds
    k = comma - 1
    while k >= low:
        if kinds[k] & Word.COMMA:
            return k + 1
        if kinds[k] & Word.QUOTE:
            return low
        k -= 1
    return low


def _belongs(tokens: Tokens, at: int, end: int, low: int) -> bool:
    """Whether what stands between commas from `at` tells more about the name before it."""
    kind, word = tokens.kinds[at], tokens.words[at]
    if kind & (Word.DETERMINER | Word.POSSESSIVE | Word.RELATIVE | Word.PREPOSITION | Word.TITLE):
        return not kind & Word.PRONOUN or bool(kind & (Word.DETERMINER | Word.RELATIVE))
    if word.isdigit() or word.endswith(("ing", "ed")) or tokens.kinds[end - 1] & Word.TITLE:
        return True
    if not tokens.capital(at) and not kind & (_OPENS | Word.CONJUNCTION | Word.PRONOUN | Word.PUNCTUATION):
        return not any(tokens.kinds[k] & _FINITE for k in range(at, end))
    if (
        not all(tokens.capital(k) or tokens.words[k] == "." for k in range(at, min(end, at + 4)))
        or end - at > 5
    ):
        return False
    if end - at <= 2:
        return True
    opening = tokens.kinds[_segment(tokens, low, at - 1)]
    return bool(opening & (Word.DETERMINER | Word.POSSESSIVE | Word.TITLE))


def after(tokens: Tokens, at: int, last: int) -> Range | None:
    """The noun phrase that begins at `at`, up to `last`."""
    kinds = tokens.kinds
    k = at
    high = min(last, at + _LONGEST)
    while k < high:
        kind = kinds[k]
        if kind:
            if kind & Word.PRONOUN and not kind & (Word.POSSESSIVE | Word.DETERMINER):
                return (at, at + 1) if k == at else _trimmed(kinds, at, k)
            if kind & Word.CONJUNCTION and not (k > at and _joins(tokens, k)):
                break
            if kind & Word.PREPOSITION and k == at:
                break
            if kind & _BREAKS and tokens.words[k] not in _INSIDE:
                break
            if kind & Word.CUE_VERB and k > at and _verbal(tokens, k):
                break
        k += 1
    return _trimmed(kinds, at, k)


def _trimmed(kinds: list[int], at: int, end: int) -> Range | None:
    while end > at and kinds[end - 1] & (Word.PREPOSITION | Word.ADVERB | Word.CONJUNCTION):
        end -= 1
    return None if end == at else (at, end)


def apposition(tokens: Tokens, phrase: Range, last: int) -> Range:
    """The phrase with what follows it between commas or up to the end: `Caddell, a pollster who ...`."""
    end = phrase[1]
    if end >= last or not tokens.kinds[end] & Word.COMMA or end + 1 >= last:
        return phrase
    following = tokens.kinds[end + 1]
    if not (following & (Word.DETERMINER | Word.RELATIVE | Word.TITLE) or tokens.words[end + 1].isdigit()):
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


def subject(tokens: Tokens, first: int, limit: int) -> Range | None:
    """The subject of a sentence's main clause: the phrase before the first verb after any opening phrase."""
    kinds = tokens.kinds
    k = first
    if k < limit and (
        (kinds[k] & _OPENS and not kinds[k] & Word.DETERMINER) or tokens.words[k].endswith(("ing", "ed"))
    ):
        while k < limit and not kinds[k] & Word.COMMA:
            k += 1
        k += 1
    while k < limit and kinds[k] & (Word.CONJUNCTION | Word.PUNCTUATION | Word.ADVERB):
        k += 1
    if k >= limit:
        return None
    found = after(tokens, k, limit)
    return found and (found if found[1] - found[0] <= 1 else _before_verb(tokens, found))


def _before_verb(tokens: Tokens, phrase: Range) -> Range:
    """Cut a phrase at a word in -ed or -s that follows a name: `Mr. Trump mocked his rivals`."""
    for k in range(phrase[0] + 1, phrase[1]):
        word = tokens.words[k]
        if tokens.capital(k) or tokens.kinds[k] & (Word.PREPOSITION | Word.TITLE):
            continue
        if word.endswith("ed") or (tokens.capital(k - 1) and not tokens.kinds[k]):
            return phrase[0], k
    return phrase
