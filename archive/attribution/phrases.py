"""Noun phrases: who stands before a verb, and who after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.attribution.appositions import OPENS, head_end
from archive.attribution.words import Word

if TYPE_CHECKING:
    from archive.attribution.tokens import Range, Tokens

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
_SMALL = Word.PREPOSITION | Word.CONJUNCTION | Word.ADVERB | Word.TIME
_INSIDE = {"'", "&", "%", "$", "\u2018", "/", "\u00a3", "\u20ac"}
_LONGEST = 20
"""The most tokens of a source phrase."""


def before(tokens: Tokens, first: int, at: int) -> Range | None:
    """The noun phrase whose last token is `at`, as a range of tokens; it begins at `first` or later."""
    if at < first:
        return None
    kind = tokens.kinds[at]
    if kind & Word.QUOTE:
        return _in_marks(tokens, first, at)
    if kind & Word.PUNCTUATION:
        return _apposed(tokens, first, at)
    if kind & (Word.PRONOUN | Word.RELATIVE) and not (kind & Word.DETERMINER and not kind & Word.RELATIVE):
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


def _in_marks(tokens: Tokens, first: int, at: int) -> Range | None:
    """`Die „Bild“`: a name in quotation marks and what stands before it."""
    for k in range(at - 1, max(first, at - 7) - 1, -1):
        if tokens.kinds[k] & Word.QUOTE:
            if at == k + 1 or not (tokens.capital(k + 1) and tokens.capital(at - 1)):
                return None
            start = _back(tokens, first, k - 1) if k > first else k
            return min(start, k), at + 1
    return None


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
    if k == 0 or k + 1 >= len(tokens.words) or not tokens.kinds[k] & Word.JOIN:
        return False
    if tokens.kinds[k - 1] & Word.PUNCTUATION:
        return False
    return tokens.capital(k - 1) == (tokens.capital(k + 1) or bool(tokens.kinds[k + 1] & Word.TITLE))


def _verbal(tokens: Tokens, k: int) -> bool:
    """Whether a cue verb's form stands as a verb here: not after a determiner, and not in a name."""
    if k == 0 or tokens.capital(k):
        return False
    word = tokens.words[k]
    if word.endswith(tokens.lexicon.participle_endings) or tokens.kinds[k] & Word.SURE_VERB:
        return not tokens.kinds[k - 1] & (Word.DETERMINER | Word.POSSESSIVE | Word.PREPOSITION)
    return False


def _apposed(tokens: Tokens, first: int, mark: int) -> Range | None:
    """`Tim Scott, Republican of South Carolina, said` or `Scott (S.C.) said`: all from the name on."""
    end = head_end(tokens, first, mark)
    inner = before(tokens, first, end - 1) if end > first else None
    return inner and (inner[0], mark)


def after(tokens: Tokens, at: int, last: int) -> Range | None:
    """The noun phrase that begins at `at`, up to `last`."""
    kinds = tokens.kinds
    k = at
    high = min(last, at + _LONGEST)
    while k < high:
        kind = kinds[k]
        if kind & Word.PRONOUN and not kind & (Word.POSSESSIVE | Word.DETERMINER):
            return (at, at + 1) if k == at else _trimmed(kinds, at, k)
        if kind & Word.QUOTE and (closed := _quoted_name(tokens, k, high)):
            k = closed
            continue
        if kind and _stops_phrase(tokens, at, k, high):
            break
        if tokens.lexicon.verb_second and k > at and _starts_clause(tokens, at, k):
            break
        k += 1
    return _trimmed(kinds, at, k)


def _stops_phrase(tokens: Tokens, at: int, k: int, high: int) -> bool:
    """Whether a phrase that begins at `at` ends before `k`."""
    kind = tokens.kinds[k]
    if kind & Word.CUE_SECOND or (kind & Word.PREPOSITION and k == at):
        return True
    if kind & Word.TO and k > at and k + 1 < high and _leads_on(tokens, k + 1):
        return False
    if kind & Word.CONJUNCTION:
        return not (k > at and _joins(tokens, k))
    if kind & _BREAKS and tokens.words[k] not in _INSIDE:
        return True
    return bool(kind & Word.CUE_VERB and k > at and _verbal(tokens, k))


def _starts_clause(tokens: Tokens, at: int, k: int) -> bool:
    """Where nouns are capitalised: a word after one that is neither a noun nor may stand inside a phrase."""
    kind = tokens.kinds[k]
    if not (tokens.capital(k - 1) or tokens.kinds[k - 1] & Word.QUOTE) or tokens.capital(k):
        return False
    if kind & Word.DETERMINER:
        return not tokens.kinds[at] & (Word.DETERMINER | Word.TITLE) and bool(tokens.capital(at))
    return not kind & (Word.PREPOSITION | Word.CONJUNCTION | Word.PUNCTUATION)


def _quoted_name(tokens: Tokens, at: int, high: int) -> int:
    """Where a name in quotation marks ends (`der „Spiegel“`), 0 where it is no name."""
    for k in range(at + 1, min(high, at + 7)):
        if tokens.kinds[k] & Word.QUOTE:
            return k + 1 if k > at + 1 and tokens.capital(at + 1) and tokens.capital(k - 1) else 0
        if tokens.kinds[k] & (Word.COMMA | Word.BE | Word.PRONOUN):
            return 0
    return 0


def _leads_on(tokens: Tokens, at: int) -> bool:
    """Whether a `to` leads to a noun (`aide to the president`), not to a verb."""
    return bool(tokens.kinds[at] & (Word.DETERMINER | Word.POSSESSIVE | Word.TITLE)) or tokens.capital(at)


def _trimmed(kinds: list[int], at: int, end: int) -> Range | None:
    while end > at and kinds[end - 1] & (Word.PREPOSITION | Word.ADVERB | Word.CONJUNCTION):
        end -= 1
    return None if end == at else (at, end)


def subject(tokens: Tokens, first: int, limit: int) -> Range | None:
    """The subject of a sentence's main clause: the phrase before the first verb after any opening phrase."""
    kinds = tokens.kinds
    k = first
    if k < limit and (
        (kinds[k] & OPENS and not kinds[k] & Word.DETERMINER)
        or tokens.words[k].endswith(tokens.lexicon.participle_endings)
    ):
        while k < limit and not kinds[k] & Word.COMMA:
            k += 1
        k = k + 1 if k < limit or not kinds[first] & Word.SUBORDINATOR else first + 1
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
        if word.endswith(tokens.lexicon.participle_endings) or (
            tokens.capital(k - 1) and not tokens.kinds[k] and not tokens.kinds[k - 1] & Word.DETERMINER
        ):
            return phrase[0], k
    return phrase
