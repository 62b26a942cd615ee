"""Where the words of a query stand in a text: exact spans, and the stretches that show them best.

Nothing of this asks the index; it needs the canonical text, its language, and the tree of the query.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import starmap
from typing import TYPE_CHECKING

from index.spelling import alike
from index.tree import TEXT, Fuzzy, Near, Node, Number, Phrase, Prefix, Word, positive
from index.words import Folding, places, stem, stemmed_as, word_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHOWN = (TEXT, "quoted")
_RATHER = 12
"""Characters that a snippet may give up to begin and end between words."""

_LOOKED_AT = 2_000
"""Marks that are looked at for snippets."""

_MORE = 0.001

_COMMON = 40
"""Words met so often in one text say little about where to look."""


_FOLDING = Folding()

_ODD = re.compile(r"[.,]\d+'[A-Za-z0-9]")
"""A word may begin behind the apostrophe of a number with a point, and nowhere else behind one."""


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


class _Wanted(dict[str, bool]):
    """Whether a word as it is written is one that a query looks for by itself, remembered for the texts after.

    No stemmer changes the beginning of a word, so most words need not be stemmed.
    """

    def __init__(self, leaves: Sequence[Node], language: str) -> None:
        super().__init__()
        self._language = language
        words = [leaf.word for leaf in leaves if isinstance(leaf, Word)]
        self._forms = {stem(word, language) for word in words}
        self._beginnings = tuple(leaf.word for leaf in leaves if isinstance(leaf, Prefix))
        self._fuzzy = [leaf for leaf in leaves if isinstance(leaf, Fuzzy)]
        alike = (leaf.word for leaf in self._fuzzy)
        self._initials = {form[:1] for form in (*self._forms, *self._beginnings, *alike)}

    @cached_property
    def beginning(self) -> re.Pattern[str] | None:
        """What finds the words of plain text that begin like a wanted one; None where that is no help."""
        initials = "".join(sorted(self._initials))
        if not (initials.isascii() and initials.isalpha()) or not all(map(_is_quick, self._fuzzy)):
            return None
        others = "".join(map(_with_another_first, self._fuzzy))
        return re.compile(rf"(?<![a-z0-9])(?<![a-z0-9]')(?:[{initials}][a-z0-9]*(?:'[a-z0-9]+)*{others})")

    def _is_wanted(self, word: str) -> bool:
        if word[:1] in self._initials and (
            word.startswith(self._beginnings) or stem(word, self._language) in self._forms
        ):
            return True
        return any(alike(leaf.word, word, leaf.edits) for leaf in self._fuzzy)

    def __missing__(self, word: str) -> bool:
        found = self[word] = self._is_wanted(_FOLDING[word])
        return found

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the wanted words stand in a text."""
        plain = text.isascii()
        written = text.lower() if plain else text
        pattern = (self.beginning if plain and not _ODD.search(text) else None) or word_in(text)
        return [match.span() for match in pattern.finditer(written) if self[match.group()]]


def _is_quick(leaf: Fuzzy) -> bool:
    """Whether what is nearly alike can be told by its beginning or its end; digits may belong to a number."""
    return leaf.edits == 1 and leaf.word.isascii() and leaf.word.isalpha()


def _with_another_first(leaf: Fuzzy) -> str:
    """An alternative of a pattern: the words that one change makes that changes the first letter."""
    first, rest = leaf.word[:1], leaf.word[1:]
    swapped = rest[:1] + first + rest[1:]
    return rf"|(?:[a-z0-9]?{rest}|[a-z0-9]{leaf.word}|{swapped})(?!'?[a-z0-9])"


@lru_cache(maxsize=32)
def _wanted(leaves: tuple[Node, ...], language: str) -> _Wanted:
    return _Wanted(leaves, language)


def marks(text: str, tree: Node, language: str = "") -> tuple[Mark, ...]:
    """Every place that a word, phrase or number of the query stands at, in the order of the text,
    none overlapping.
    """
    leaves = tuple(dict.fromkeys(positive(tree)))
    shown = [leaf for leaf in leaves if getattr(leaf, "field", "") in _SHOWN]
    found: set[Mark] = set()
    if shown:
        alone = tuple(leaf for leaf in shown if isinstance(leaf, (Word, Prefix, Fuzzy)))
        if alone:
            found.update(starmap(Mark, _wanted(alone, stemmed_as(language)).spans(text)))
        if len(alone) < len(shown):
            spans, words = places(text, _FOLDING)
            for leaf in shown:
                found.update(Mark(spans[first][0], spans[last][1]) for first, last in _placed(leaf, words))
    for leaf in leaves:
        if isinstance(leaf, Number):
            found.update(_numbers(text, leaf.low, leaf.high))
    return tuple(_apart(sorted(found)))


def _apart(found: Sequence[Mark]) -> Iterator[Mark]:
    """Marks that overlap, as one."""
    held: Mark | None = None
    for mark in found:
        if held is not None and mark.start < held.end:
            held = Mark(held.start, max(held.end, mark.end))
            continue
        if held is not None:
            yield held
        held = mark
    if held is not None:
        yield held


def _placed(leaf: Node, words: list[str]) -> Iterator[tuple[int, int]]:
    """The first and last word of each place where a phrase stands, or a word of a near."""
    match leaf:
        case Phrase(_, wanted):
            yield from ((at, at + len(wanted) - 1) for at in _phrase(words, list(wanted)))
        case Near(_, wanted, distance):
            yield from ((at, at) for at in _near(words, wanted, distance + len(wanted) - 1))
        case _:
            return


def _numbers(text: str, low: str, high: str) -> Iterator[Mark]:
    from index.numbers import as_decimal, spans_of_numbers  # late: most queries have none

    first, last = as_decimal(low), as_decimal(high)
    for start, end, number in spans_of_numbers(text):
        value = as_decimal(number)
        if value is not None and first is not None and last is not None and first <= value <= last:
            yield Mark(start, end)


def _phrase(words: list[str], wanted: list[str]) -> Iterator[int]:
    size, at = len(wanted), -1
    for _ in range(words.count(wanted[0])):
        at = words.index(wanted[0], at + 1)
        if words[at : at + size] == wanted:
            yield at


def _near(words: Sequence[str], wanted: Sequence[str], width: int) -> Iterator[int]:
    """The words of the query within reach of one another."""
    needed = Counter(wanted)
    numbers = [at for at, word in enumerate(words) if word in needed]
    first = 0
    held: Counter[str] = Counter()
    for number in numbers:
        held[words[number]] += 1
        while number - numbers[first] > width:
            held[words[numbers[first]]] -= 1
            first += 1
        if all(held[word] >= count for word, count in needed.items()):
            yield from (at for at in numbers if numbers[first] <= at <= number)


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
