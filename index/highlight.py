"""Where the words of a query stand in a text: exact spans, and the stretches that show them best.

Nothing of this asks the index; it needs the canonical text, its language, and the tree of the query.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.numbers import as_decimal, spans_of_numbers
from index.tree import TEXT, Fuzzy, Near, Node, Number, Phrase, Prefix, Word, positive
from index.words import Folding, places, stem, stemmed_as

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SHOWN = (TEXT, "quoted")
_RATHER = 12
"""Characters that a snippet may give up to begin and end between words."""

_LOOKED_AT = 2_000
"""Marks that are looked at for snippets."""

_MORE = 0.001

_COMMON = 40
"""Words met so often in one text say little about where to look."""


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A stretch of the text that a part of the query found, in characters, end not included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of the text to show, and the marks in it; all are places in the whole text."""

    start: int
    end: int
    marks: tuple[Mark, ...]


class _Text:
    """A text as its words: folded, stemmed, and where each stands."""

    def __init__(self, text: str, language: str) -> None:
        self.text, self.language = text, stemmed_as(language)
        self.starts, self.ends, self.words = places(text, _FOLDING)
        self._at: dict[str, list[int]] | None = None
        self._forms: dict[str, list[str]] | None = None

    @property
    def at(self) -> dict[str, list[int]]:
        """The numbers of the words that are this folded word."""
        if self._at is None:
            self._at = {}
            for number, word in enumerate(self.words):
                self._at.setdefault(word, []).append(number)
        return self._at

    def forms(self, wanted: str) -> list[str]:
        """The words of the text that are forms of a word, or that word in a text of no language we know."""
        if self._forms is None:
            self._forms = {}
            for word in self.at:
                self._forms.setdefault(stem(word, self.language), []).append(word)
        return self._forms.get(stem(wanted, self.language), [])

    def mark(self, first: int, last: int) -> Mark:
        """The stretch from one word to another."""
        return Mark(self.starts[first], self.ends[last])


_FOLDING = Folding()


def marks(text: str, tree: Node, language: str = "") -> tuple[Mark, ...]:
    """Every place that a word, phrase or number of the query stands at, in the order of the text, none
    overlapping.
    """
    read = _Text(text, language)
    found = sorted({mark for leaf in dict.fromkeys(positive(tree)) for mark in _of(leaf, read)})
    kept: list[Mark] = []
    for mark in found:
        if kept and mark.start < kept[-1].end:
            kept[-1] = Mark(kept[-1].start, max(kept[-1].end, mark.end))
        else:
            kept.append(mark)
    return tuple(kept)


def _of(leaf: Node, read: _Text) -> Iterator[Mark]:
    match leaf:
        case Number(low, high):
            yield from _numbers(read.text, low, high)
        case Word(field, word) if field in _SHOWN:
            yield from (read.mark(at, at) for form in read.forms(word) for at in read.at[form])
        case Phrase(field, words) if field in _SHOWN:
            last = len(words) - 1
            yield from (read.mark(at, at + last) for at in _phrase(read, words))
        case Near(field, words, distance) if field in _SHOWN:
            yield from (read.mark(at, at) for at in _near(read, words, distance + len(words) - 1))
        case Prefix(field, beginning, _) if field in _SHOWN:
            yield from (
                read.mark(at, at)
                for word, found in read.at.items()
                if word.startswith(beginning)
                for at in found
            )
        case Fuzzy(field, word, edits) if field in _SHOWN:
            yield from (read.mark(at, at) for form in _alike(read.at, word, edits) for at in read.at[form])
        case _:
            return


def _numbers(text: str, low: str, high: str) -> Iterator[Mark]:
    first, last = as_decimal(low), as_decimal(high)
    for start, end, number in spans_of_numbers(text):
        value = as_decimal(number)
        if value is not None and first is not None and last is not None and first <= value <= last:
            yield Mark(start, end)


def _phrase(read: _Text, words: Sequence[str]) -> Iterator[int]:
    rarest = min(range(len(words)), key=lambda at: len(read.at.get(words[at], ())))
    size = len(words)
    for at in read.at.get(words[rarest], ()):
        start = at - rarest
        if start >= 0 and tuple(read.words[start : start + size]) == tuple(words):
            yield start


def _near(read: _Text, words: Sequence[str], width: int) -> Iterator[int]:
    """The words of the query within reach of one another."""
    needed = Counter(words)
    numbers = sorted(at for word in needed for at in read.at.get(word, ()))
    first = 0
    held: Counter[str] = Counter()
    for number in numbers:
        held[read.words[number]] += 1
        while number - numbers[first] > width:
            held[read.words[numbers[first]]] -= 1
            first += 1
        if all(held[word] >= count for word, count in needed.items()):
            yield from (at for at in numbers if numbers[first] <= at <= number)


def _alike(words: Iterable[str], wanted: str, edits: int) -> list[str]:
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    return [
        word
        for word, _, _ in extract(wanted, list(words), scorer=OSA.distance, score_cutoff=edits, limit=None)
    ]


def snippets(text: str, found: Sequence[Mark], width: int = 200, most: int = 3) -> tuple[Snippet, ...]:
    """The stretches of about `width` characters with the most different words marked, in the order of the
    text.

    Without marks the beginning of the text is shown.
    """
    if not found:
        return (_cut(text, 0, min(width, len(text)), found),) if text else ()
    seen = found[:_LOOKED_AT]
    words = [text[mark.start : mark.end].casefold() for mark in seen]
    chosen: list[Snippet] = []
    taken: set[int] = set()
    while len(chosen) < most and len(taken) < len(seen):
        first, last = _best(seen, words, taken, width)
        spare = max(0, width - (seen[last].end - seen[first].start))
        start = max(0, min(seen[first].start - spare // 2, len(text) - width))
        end = max(start + width, seen[last].end)
        chosen.append(_cut(text, start, end, found, Mark(seen[first].start, seen[last].end)))
        taken.update(range(first, last + 1))
        taken.update(at for at, mark in enumerate(seen) if start <= mark.start < end)
    return tuple(_joined(text, sorted(chosen, key=lambda snippet: snippet.start), found))


def _best(found: Sequence[Mark], words: Sequence[str], taken: set[int], width: int) -> tuple[int, int]:
    """The first and last mark of a stretch with the most different words, the rarer counting for more."""
    worth = {word: 1 / min(count, _COMMON) for word, count in Counter(words).items()}
    best, chosen, last = -1.0, (0, 0), 0
    for first in range(len(found)):
        if first in taken:
            continue
        last = max(last, first)
        while (
            last + 1 < len(found)
            and last + 1 not in taken
            and found[last + 1].end - found[first].start <= width
        ):
            last += 1
        value = sum(worth[word] for word in set(words[first : last + 1])) + _MORE * (last - first)
        if value > best:
            best, chosen = value, (first, last)
    return chosen


def _cut(text: str, start: int, end: int, found: Sequence[Mark], core: Mark | None = None) -> Snippet:
    """A snippet that begins and ends between words, keeps its core and cuts no mark."""
    end = min(end, len(text))
    inner = core or Mark(end, start)
    if start > 0 and not text[start - 1].isspace():
        gap = text.find(" ", start, min(start + _RATHER, inner.start))
        start = gap + 1 if gap >= 0 else start
    if end < len(text) and not text[end].isspace():
        gap = text.rfind(" ", max(start, end - _RATHER, inner.end), end)
        end = gap if gap > start else end
    for mark in found:
        if mark.start < start < mark.end:
            start = mark.start
        if mark.start < end < mark.end:
            end = mark.end
    return Snippet(start, end, tuple(mark for mark in found if start <= mark.start and mark.end <= end))


def _joined(text: str, chosen: Sequence[Snippet], found: Sequence[Mark]) -> Iterator[Snippet]:
    """Snippets that touch, as one."""
    held: Snippet | None = None
    for snippet in chosen:
        if held is None:
            held = snippet
        elif snippet.start <= held.end + 1:
            inside = [
                mark for mark in found if held.start <= mark.start and mark.end <= max(held.end, snippet.end)
            ]
            held = Snippet(held.start, max(held.end, snippet.end), tuple(inside))
        else:
            yield held
            held = snippet
    if held is not None and text:
        yield held
