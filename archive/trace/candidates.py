"""Candidates: the versions that the index proposes for a claim, by its rarest words, inside widening windows."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING
from uuid import UUID

from archive.indexing import ask, frequencies
from archive.text.numbers import numbers
from archive.text.ranking import cleaned
from archive.text.rarity import Rarity
from archive.text.words import FUNCTION_WORDS, stem
from archive.trace.asked import NothingToTrace
from index.model import Request
from index.tree import TEXT, Between, Either, Every, Most, Node, Number, Without, Word
from index.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from archive.archive import Archive
    from archive.trace.asked import Claim, Scope

QUERY_WORDS = 20
"""How many of the words of a claim the index is asked for, the rarest first."""

WINDOWS = (7, 30, 365)
"""Days around the date of a claim that are searched before all the rest, where it has a date."""

NEAR = 2
"""Days around the date of a claim of which every version is looked at, whatever its words, where there are few."""

FEW = 150
"""So many versions are few: what was rewritten from end to end is found among them by its letters."""

PROPOSED = 20_000
"""The index looks at no more versions than about this many: those that hold the rarest of the words."""

FEW_WORDS = 4
"""A claim of fewer telling words than this is also looked for by its numbers, however they are written."""


class Vocabulary:
    """In how many versions words stand, asked of the index once each; `total` counts the versions."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._counts: dict[str, int] = {}
        self.total = frequencies(archive, ()).versions

    def __call__(self, word: str) -> int:
        """In how many versions a folded word that was looked up stands, in any of its forms."""
        return self._counts[word]

    def learn(self, wanted: Iterable[str]) -> None:
        """Look up those of these words that are not known yet."""
        fresh = [word for word in dict.fromkeys(wanted) if word not in self._counts]
        if fresh:
            self._counts |= frequencies(self._archive, fresh).counts

    def rarity(self, beside: Sequence[AbstractSet[str]]) -> Rarity:
        """The weight of words: counted in the index where they are asked for, else guessed from some versions.

        `beside` are the stems of the versions that are compared. A word that stands in several of them is
        taken to be as common everywhere: to look up each of their words would cost more than the search.
        """
        sample = Counter(chain.from_iterable(beside))
        share = self.total / max(1, len(beside))

        def frequency(word: str) -> int:
            known = self._counts.get(word)
            return known if known is not None else int(max(0, sample[stem(word)] - 1) * share)

        return Rarity(self.total, frequency)


def candidates(
    archive: Archive, claim: Claim, within: Scope, vocabulary: Vocabulary, most: int
) -> list[UUID]:
    """The versions that may state the claim, at most `most` from each window, the nearest window first.

    Raises `NothingToTrace`, and what asking the index raises.
    """
    tree = _tree(claim.text, vocabulary)
    outlets = tuple(name for outlet in within.outlets for name in archive.authority.names_of(outlet))
    found: dict[UUID, None] = {}
    if claim.at:
        around_it = _dated(*_narrowed(claim.at, NEAR, within))
        near = ask(archive, Request(query=around_it, outlets=outlets, limit=FEW))
        if near.total <= FEW:
            found |= dict.fromkeys(UUID(hit.key) for hit in near.hits)
    for since, until in _windows(claim.at, within):
        parts = (tree, _dated(since, until)) if since or until else (tree,)
        request = Request(query=Every(parts), outlets=outlets, limit=most)
        found |= dict.fromkeys(UUID(hit.key) for hit in ask(archive, request).hits)
    return list(found)


def _windows(at: datetime | None, within: Scope) -> Iterable[tuple[datetime | None, datetime | None]]:
    """From when until when to search: around the date of the claim in widening steps, then all that is wanted."""
    if at:
        for days in WINDOWS:
            yield _narrowed(at, days, within)
    yield within.since, within.until


def _narrowed(at: datetime, days: int, within: Scope) -> tuple[datetime, datetime]:
    """The days around a date, as far as they are wanted."""
    since, until = around(at, timedelta(days=days))
    return (
        max(since, within.since) if within.since else since,
        min(until, within.until) if within.until else until,
    )


def around(at: datetime, reach: timedelta) -> tuple[datetime, datetime]:
    """From when until when lies this far around a date, as far as the calendar goes."""
    earliest, latest = (end.replace(tzinfo=UTC) for end in (datetime.min, datetime.max))  # noqa: DTZ901 - the zone follows
    return (
        at - reach if at - earliest > reach else earliest,
        at + reach if latest - at > reach else latest,
    )


def _dated(since: datetime | None, until: datetime | None) -> Node:
    """Published in this time as claimed; retrieved in it, where nothing says when it was published."""
    unknown = Without(Between("published", None, None))
    return Either((Between("published", since, until), Every((Between("retrieved", since, until), unknown))))


def _tree(claim: str, vocabulary: Vocabulary) -> Node:
    """Some of the rarest words, scored by all of them that are asked for."""
    given = list(dict.fromkeys(words(cleaned(claim))))
    telling = [word for word in given if word not in FUNCTION_WORDS]
    if not telling:
        raise NothingToTrace("there is no word in it that could be found again")
    vocabulary.learn(telling)
    known = sorted((word for word in telling if vocabulary(word)), key=vocabulary)[:QUERY_WORDS]
    asked: list[Node] = [Word(TEXT, word) for word in known]
    if len(telling) < FEW_WORDS:
        values = {f"{number.value:f}" for number in numbers(claim)}
        asked += [Number(value, value) for value in sorted(values)]
    if not known:
        return Either(tuple(asked))
    rare = [Word(TEXT, word) for word in _rare(known, vocabulary)]
    return Every((Either((*rare, *asked[len(known) :])), Most(tuple(asked), 1)))


def _rare(known: list[str], vocabulary: Vocabulary) -> list[str]:
    """As many of the words, which come rarest first, as lead to a bounded number of versions; one at least."""
    chosen: list[str] = []
    total = 0
    for word in known:
        total += vocabulary(word)
        if chosen and total > PROPOSED:
            break
        chosen.append(word)
    return chosen
