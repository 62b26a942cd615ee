"""The parts of a source phrase: its head, the proper name in it, the document it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.attribution.people import NO_NAME
from archive.attribution.words import Word

if TYPE_CHECKING:
    from archive.attribution.tokens import Range, Tokens


def document_end(t: Tokens, first: int, head: int) -> int:
    """Where the noun of a phrase about a document ends, 0 where the phrase is about none."""
    for k in range(first, head):
        if t.kinds[k] & Word.DOCUMENT and (t.lexicon.verb_second or not t.capital(k) or k == first):
            following = t.kinds[k + 1] if k + 1 < head else Word.PREPOSITION
            if following & (Word.PREPOSITION | Word.DETERMINER | Word.QUOTE) or t.words[k + 1].endswith(
                t.lexicon.participle_endings
            ):
                return k + 1
    return 0


def head_of(t: Tokens, first: int, last: int) -> int:
    """Where the first part of a phrase ends: before a mark, a relative clause or a verb."""
    for k in range(first + 1, last):
        kind = t.kinds[k]
        if kind & (Word.COMMA | Word.RELATIVE | Word.BE | Word.HAVE | Word.TO):
            return k
        if kind & Word.PUNCTUATION and not kind & Word.QUOTE and t.words[k] not in ("&", ".", "'", "-"):
            return k
    return last


def proper_name(t: Tokens, first: int, last: int) -> Range | None:
    """The first run of capitalised words in which there is more than titles."""
    k = first
    while k < last:
        begin = k
        while k < last and t.capital(k) and not t.kinds[k] & (Word.DETERMINER | Word.PRONOUN):
            k += 1
        while begin < k and _is_office(t, begin, k):
            begin += 1
        if (
            begin < k
            and not t.words[begin].isdigit()
            and not all(kind & Word.TIME for kind in t.kinds[begin:k])
        ):
            return begin, k
        k += 1
    return None


def _is_office(t: Tokens, at: int, end: int) -> bool:
    """Whether a word belongs to an office before a name: `Secretary of State`, `Foreign Minister`."""
    if at + 1 < end and t.words[at + 1] in t.lexicon.lists["after_no_office"]:
        return False
    if t.kinds[at] & (NO_NAME & ~Word.TIME | Word.ANONYMOUS):
        return True
    if at + 1 == end and t.kinds[at] & Word.DOCUMENT:
        return True
    if at + 1 < end and t.words[at + 1] in t.lexicon.lists["office"]:
        return True
    return at + 1 < end and t.words[at] in t.lexicon.lists["realm"] and t.words[at - 1] == "of"


def person_at_end(t: Tokens, first: int, head: int) -> Range | None:
    """A name at the end of what tells who it is: `FBI general counsel James Baker`."""
    k = head
    while k > first and t.capital(k - 1):
        k -= 1
    plain = first < k <= head - 2 and not t.kinds[k - 1] & (
        Word.PREPOSITION | Word.DETERMINER | Word.CONJUNCTION
    )
    named = plain and not any(t.kinds[at] & Word.TITLE for at in range(k, head))
    return (k, head) if named and not t.lexicon.verb_second else None


def goes_on(t: Tokens, run: Range) -> bool:
    """Whether a preposition follows a name: `Tim Scott of South Carolina`."""
    return run[1] < len(t.words) and bool(t.kinds[run[1]] & Word.PREPOSITION)


def belongs_to(t: Tokens, first: int, run: Range) -> bool:
    """Whether a name only tells whose somebody is: `two officials at the Foreign Ministry`."""
    kinds = t.kinds[first : run[0]]
    return any(kind & Word.ANONYMOUS for kind in kinds) and any(kind & Word.PREPOSITION for kind in kinds)


def is_office_of(t: Tokens, first: int, run: Range) -> bool:
    """Whether a name is that of the place or body somebody has an office of: `the mayor of Tolm`."""
    at = run[0] - 1
    office = at > first and t.words[at] in t.lexicon.lists["of"] and t.kinds[at - 1] & Word.TITLE
    return bool(office) and not t.capital(at - 1) and run[1] - run[0] <= 2
