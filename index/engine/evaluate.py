"""Which versions of a segment a tree finds: sets of version numbers, put together a whole term at a time.

An evaluation that runs out of time goes on with what it has: its sets are then too small and never wrong,
for what stands under a negation counts as found everywhere.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from index.engine.lists import HEADLINE, Lists, fields_of
from index.engine.places import close, in_order, standing
from index.engine.prepared import UNKNOWN, microseconds
from index.tags import tagged
from index.tree import (
    NUMBER,
    All,
    Between,
    Either,
    Every,
    Exactly,
    Fuzzy,
    Most,
    Near,
    Node,
    Nothing,
    Number,
    Phrase,
    Prefix,
    Without,
    Word,
)

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from index.engine.deadline import Deadline
    from index.engine.segment import Segment


class Evaluation:
    """Answers trees on one segment, which may be one of a `large` index. `expanded` gives the words that a
    prefix, `~` or range of numbers stands for.
    """

    def __init__(
        self,
        segment: Segment,
        languages: tuple[str, ...],
        expanded: Callable[[Prefix | Fuzzy | Number], Sequence[str]],
        deadline: Deadline,
        large: bool = False,
    ) -> None:
        self._large = large
        self._segment, self._expanded, self._deadline = segment, expanded, deadline
        self.lists = Lists(segment, languages, deadline)
        self._counts: dict[Node, dict[int, int]] = {}
        self._tallies: dict[Node, Callable[[AbstractSet[int]], dict[int, int]]] = {}
        self._spreads: dict[Node, set[int]] = {}
        self._seen: dict[Node, AbstractSet[int] | None] = {}

    def counts(self, node: Node, within: AbstractSet[int]) -> dict[int, int]:
        """How often a word, phrase or near stands in each of these versions that has it, and maybe in
        others.
        """
        if node in self._tallies:
            return self._tallies[node](within)
        if isinstance(node, Word):
            return self.lists.counts(node)
        self.docs(node, within)
        return self._counts.get(node, {})

    def docs(self, node: Node, within: AbstractSet[int] | None = None) -> AbstractSet[int]:
        """The versions that a tree finds, of those in `within`; deleted ones may be among them."""
        if self._deadline.over():
            return frozenset()
        match node:
            case All():
                return self._segment.alive if within is None else within
            case Nothing():
                return frozenset()
            case Every():
                return self._every(node, within)
            case Either(parts):
                found: set[int] = set()
                for part in parts:
                    found |= self.docs(part, within)
                return found
            case Most():
                return self._most(node, within)
            case Without(part):
                return self._without(part, self._segment.alive if within is None else within)
            case _:
                return self._leaf(node, within)

    def _leaf(self, node: Node, within: AbstractSet[int] | None) -> AbstractSet[int]:
        match node:
            case Word():
                found: AbstractSet[int] = self.lists.counts(node).keys()
            case Phrase():
                return self._placed(node, within, in_order)
            case Near(_, words, distance):
                width = distance + len(words) - 1
                return self._placed(node, within, lambda places: close(places, width))
            case Between():
                return self._between(node, self._segment.alive if within is None else within)
            case Prefix() | Fuzzy():
                found = self._spread(node)
            case Number(low, high):
                found = self.lists.any_of((NUMBER,), (low,) if low == high else self._expanded(node))
            case Exactly("language", value):
                tags = tagged(self._segment.terms_from("language", ""), (value,))
                found = self.lists.any_of(("language",), tags)
            case Exactly(field, value):
                found = self.lists.any_of((field,), (value,))
            case _:
                raise TypeError(node)
        return found if within is None else within & found

    def _spread(self, node: Prefix | Fuzzy) -> set[int]:
        """The versions with any of the words that are meant: read once, to find them and to score them."""
        found = self._spreads.get(node)
        if found is None:
            fields, terms = fields_of(node.field), self._expanded(node)
            if isinstance(node, Prefix):
                found = self.lists.beginning(fields, node.word, len(terms))
            else:
                found = self.lists.any_of(fields, terms)
            self._spreads[node] = found
        return found

    def _between(self, node: Between, within: AbstractSet[int]) -> set[int]:
        column = self._segment.column(node.field)
        low = UNKNOWN + 1 if node.since is None else microseconds(node.since)
        high = (1 << 63) - 1 if node.until is None else microseconds(node.until)
        if 2 * len(within) > len(column):
            return {doc for doc, value in enumerate(column) if low <= value < high} & within
        return {doc for doc in within if low <= column[doc] < high}

    def _estimate(self, node: Node) -> int:
        match node:
            case Word(field, word):
                return self.lists.most_with(field, word)
            case Phrase(field, words) | Near(field, words, _):
                return self.lists.most_with_all(field, words)
            case Exactly() | Number():
                return 0
            case Every(parts):
                return min(self._estimate(part) for part in parts)
            case Either(parts) | Most(parts):
                return sum(self._estimate(part) for part in parts)
            case _:
                return self._segment.count

    def _every(self, node: Every, within: AbstractSet[int] | None) -> AbstractSet[int]:
        wanted = sorted((part for part in node.parts if not isinstance(part, Without)), key=self._estimate)
        found = within
        for part in wanted:
            found = self.docs(part, found)
            if not found:
                return found
        for unwanted in node.parts:
            if isinstance(unwanted, Without):
                found = self._without(unwanted.part, self._segment.alive if found is None else found)
        return self._segment.alive if found is None else found

    def _without(self, part: Node, within: AbstractSet[int]) -> AbstractSet[int]:
        found = within - self.docs(part, within)
        return frozenset() if self._deadline.passed else found

    def _most(self, node: Most, within: AbstractSet[int] | None) -> AbstractSet[int]:
        words = [part for part in node.parts if isinstance(part, Word)]
        if self._large and len(words) == len(node.parts):
            return self._most_words(words, node.least, within)
        reached: Counter[int] = Counter()
        spare = len(node.parts) - node.least
        for number, part in enumerate(sorted(node.parts, key=self._estimate)):
            if number > spare:
                # Whatever has missed more than may be missed need not be looked for in the common words.
                within = {doc for doc, count in reached.items() if number - count <= spare}
            reached.update(self.docs(part, within))
        return {doc for doc, count in reached.items() if count >= node.least}

    def _most_words(self, words: Sequence[Word], least: int, within: AbstractSet[int] | None) -> set[int]:
        from index.engine.arrays import at_least, of_these, tally  # late: it imports numpy

        tallies = [tally(self.lists.weighed(word), self._segment.count) for word in words]
        self._tallies.update(
            (word, partial(of_these, told)) for word, told in zip(words, tallies, strict=True)
        )
        found = at_least(tallies, least)
        return found if within is None else found & within

    def _placed(
        self, node: Phrase | Near, within: AbstractSet[int] | None, check: Callable[[list[array[int]]], int]
    ) -> AbstractSet[int]:
        counts = self._counts.setdefault(node, {})
        seen = self._seen.get(node, frozenset())
        if seen is not None:
            unseen = within if within is None or not seen else within - seen
            found: Counter[int] = Counter()
            for field in fields_of(node.field):
                for doc, count in self._placed_in(field, node.words, unseen, check):
                    found[doc] += count * (HEADLINE if field != node.field else 1)
            counts.update(found)
            self._seen[node] = None if within is None else seen | within
        return counts.keys() if within is None else within & counts.keys()

    def _placed_in(
        self,
        field: str,
        words: tuple[str, ...],
        within: AbstractSet[int] | None,
        check: Callable[[list[array[int]]], int],
    ) -> Iterable[tuple[int, int]]:
        lists = [found for word in words if (found := self.lists.postings(field, word))]
        if len(lists) < len(words):
            return ()
        if self._large and check is in_order and len(words) > 1:
            from index.engine.arrays import phrase  # late: it imports numpy

            return phrase(lists, within, self._segment.count)
        return standing(lists, within, check, self._deadline.over)
