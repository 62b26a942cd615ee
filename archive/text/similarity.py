"""How closely a passage states what a queried sentence states: a score that shows its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from archive.model import ClosenessKind, Span
from archive.text.agreement import Agreement, NumberPair, paired
from archive.text.held import letter_grams
from archive.text.numbers import Number, numbers
from archive.text.words import FUNCTION_WORDS, Word, stem, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.text.rarity import Rarity

THRESHOLD = 0.4
"""The score from which a passage counts as the claim reworded: see tests/quality/closeness.py."""

UNCOUNTED = 0.5
"""The score from which it does so where none of the claim's numbers has a counterpart: its words must tell more."""

WEIGHTS = {"words": 0.35, "focus": 0.35, "grams": 0.1, "order": 0.1, "numbers": 0.1, "names": 0.05}
"""What each part counts for; a part that the query gives no occasion for is left out of the mean.

`words`: the share of what one side's words tell that the other has too, on the side that is covered better;
`focus`: the same on the other side. `grams`: letters. `order`: neighbouring words. Then numbers and names.
"""

_QUOTED_WORDS = 3
# Within one line: a mark left open must not swallow the rest of the text.
_QUOTED = re.compile(
    r"[“„«\"]([^“”„«»\"\n]{3,})[”“»\"]"
    r"|(?<!\w)[\u2018']([^\u2018\u2019'\n]*(?:['\u2019]\w[^\u2018\u2019'\n]*)*)[\u2019'](?!\w)"
)
# All that a quotation can begin with: found in a seventh of the time that the alternatives above take to try.
_OPENS = re.compile("[“„«\"\u2018']")


@dataclass(frozen=True, slots=True)
class Closeness:
    """How close: the kind (None: not the same claim), a score from 0 to 1 and its parts.

    `spans` are the stretches of the passage that match; `numbers` the pairs of numbers that were compared.
    """

    kind: ClosenessKind | None
    score: float
    parts: dict[str, float]
    spans: tuple[Span, ...]
    numbers: tuple[NumberPair, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence made ready to be compared many times: its words, numbers, names, n-grams."""

    text: str
    words: tuple[Word, ...]
    stems: tuple[str, ...]
    counted: tuple[bool, ...]
    numbers: tuple[Number, ...]
    names: frozenset[str]
    grams: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Sentence:
        """Cut the text into what is compared; `counted` marks the words that belong to a number."""
        found = tuple(words(text))
        counts = tuple(numbers(text))
        stems = tuple(stem(word.folded) for word in found)
        counted = _counted_in(found, counts)
        told = [
            s
            for s, w, c in zip(stems, found, counted, strict=True)
            if not c and w.folded not in FUNCTION_WORDS
        ]
        return cls(
            text,
            found,
            stems,
            counted,
            counts,
            _names(text, found, stems),
            frozenset(chain.from_iterable(map(letter_grams, told))),
        )


def _counted_in(found: Sequence[Word], counts: Sequence[Number]) -> tuple[bool, ...]:
    """Which words belong to a number; both come in the order of the text."""
    marks, at = [], 0
    for word in found:
        while at < len(counts) and counts[at].span.end <= word.span.start:
            at += 1
        marks.append(at < len(counts) and counts[at].span.start < word.span.end)
    return tuple(marks)


def _names(text: str, found: Sequence[Word], stems: Sequence[str]) -> frozenset[str]:
    """The stems of capitalised words that do not open the sentence: names, as far as letters show."""
    capital = [
        at
        for at, word in enumerate(found)
        if at and text[word.span.start].isupper() and word.folded not in FUNCTION_WORDS
    ]
    # In a headline every word is capitalised, so capitals say nothing there.
    if len(capital) * 2 > len(found):
        return frozenset()
    return frozenset(stems[at] for at in capital)


def closeness(query: Sentence | str, passage: Sentence | str, rarity: Rarity) -> Closeness:
    """How closely the passage states what the query states; numbers are compared after it."""
    asked = query if isinstance(query, Sentence) else Sentence.of(query)
    given = passage if isinstance(passage, Sentence) else Sentence.of(passage)
    pairs = tuple(paired(asked.numbers, given.numbers))
    parts = _parts(asked, given, pairs, rarity)
    mass = sum(WEIGHTS[name] for name in parts)
    score = sum(WEIGHTS[name] * part for name, part in parts.items()) / mass if mass else 0.0
    verbatim = _run(asked, given)
    kind, spans = _kind(asked, given, score, verbatim, pairs)
    if kind in (ClosenessKind.VERBATIM, ClosenessKind.QUOTED):
        score = max(score, THRESHOLD)
    return Closeness(kind, 1.0 if kind is ClosenessKind.VERBATIM else score, parts, spans, pairs)


def _parts(asked: Sentence, given: Sentence, pairs: Sequence[NumberPair], rarity: Rarity) -> dict[str, float]:
    # A short query inside a long passage and a short claim inside a long post are close alike.
    focus, most = sorted((_covered(asked, given, rarity) or 0.0, _covered(given, asked, rarity) or 0.0))
    parts = {
        "words": most,
        "focus": focus,
        "grams": len(asked.grams & given.grams) / len(asked.grams) if asked.grams else None,
        "order": _ordered(asked, given),
        "numbers": _counted(asked, pairs),
        "names": len(asked.names & given.names) / len(asked.names) if asked.names else None,
    }
    return {name: part for name, part in parts.items() if part is not None}


def _covered(one: Sentence, other: Sentence, rarity: Rarity) -> float | None:
    """The share of what one sentence's words tell that the other has as well, numbers left out."""
    there = set(other.stems)
    weights = {
        stemmed: rarity.of(word.folded)
        for word, stemmed, counted in zip(one.words, one.stems, one.counted, strict=True)
        if not counted
    }
    total = sum(weights.values())
    return sum(weight for stemmed, weight in weights.items() if stemmed in there) / total if total else None


def _ordered(asked: Sentence, given: Sentence) -> float | None:
    """The share of the query's neighbouring words that are neighbours in the passage."""
    pairs = set(zip(asked.stems, asked.stems[1:], strict=False))
    return len(pairs & set(zip(given.stems, given.stems[1:], strict=False))) / len(pairs) if pairs else None


def _counted(asked: Sentence, pairs: Sequence[NumberPair]) -> float | None:
    """The share of the query's numbers with a counterpart in the passage; one that differs counts half."""
    if not asked.numbers:
        return None
    same = {Agreement.AGREE, Agreement.ROUNDED}
    return sum(1.0 if pair.agreement in same else 0.5 for pair in pairs) / len(asked.numbers)


def _run(asked: Sentence, given: Sentence) -> Span | None:
    """Where in the passage the query's words stand in one unbroken row."""
    sought = [word.folded for word in asked.words]
    there = [word.folded for word in given.words]
    size = len(sought)
    for start in range(len(there) - size + 1):
        if size and there[start : start + size] == sought:
            return Span(given.words[start].span.start, given.words[start + size - 1].span.end)
    return None


def _kind(
    asked: Sentence, given: Sentence, score: float, verbatim: Span | None, pairs: Sequence[NumberPair]
) -> tuple[ClosenessKind | None, tuple[Span, ...]]:
    quoted = [span for span in quotations(given.text) if len(words(span.of(given.text))) >= _QUOTED_WORDS]
    if verbatim:
        inside = any(span.covers(verbatim) for span in quoted)
        return (ClosenessKind.QUOTED if inside else ClosenessKind.VERBATIM), (verbatim,)
    from_query = tuple(span for span in quoted if _run(Sentence.of(span.of(given.text)), asked))
    if from_query:
        return ClosenessKind.QUOTED, from_query
    if score < (UNCOUNTED if asked.numbers and not pairs else THRESHOLD):
        return None, ()
    differ = any(pair.agreement in (Agreement.UPDATED, Agreement.CONFLICT) for pair in pairs)
    return (ClosenessKind.NUMBERS_DIFFER if differ else ClosenessKind.REWORDED), _matched(asked, given)


def quotations(text: str) -> list[Span]:
    """What stands between quotation marks, without them; single marks count where they are no apostrophes."""
    found, at = [], 0
    while opening := _OPENS.search(text, at):
        at = opening.end()
        if match := _QUOTED.match(text, opening.start()):
            found.append(Span(*match.span(match.lastindex or 0)))
            at = match.end()
    return found


def _matched(asked: Sentence, given: Sentence) -> tuple[Span, ...]:
    """The passage's words that the query has too, neighbours joined; stray function words are left out."""
    there = set(asked.stems)
    runs: list[list[Word]] = []
    previous = -2
    for at, (word, stemmed) in enumerate(zip(given.words, given.stems, strict=True)):
        if stemmed in there:
            if at == previous + 1:
                runs[-1].append(word)
            else:
                runs.append([word])
            previous = at
    told = [run for run in runs if any(word.folded not in FUNCTION_WORDS for word in run)]
    return tuple(Span(run[0].span.start, run[-1].span.end) for run in told)
