"""Gathering what states a claim: around which of its wordings, and the closest passage of each further version."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.model import ParagraphKind
from archive.text.stating import RARITY, close, states_it
from archive.text.windows import nearest, telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archive.catalog.claim_reading import Place
    from archive.model import Passage
    from archive.record import Holding
    from archive.text.similarity import Closeness

NEAREST = 3
"""How many passages of a version are compared with a claim: those that have most of its words."""
WORDINGS = 12
"""How many wordings of a claim are tried for the one that gathers most."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A passage that states a claim, and how closely."""

    holding: Holding
    passage: Passage
    closeness: Closeness

    @property
    def words(self) -> str:
        """The passage."""
        return self.passage.span.of(self.holding.text)


def with_others(group: Sequence[Stated], candidates: Iterable[Holding]) -> list[Stated]:
    """The group and the closest passage of each further version that states the claim."""
    weights = telling(group[0].words, RARITY)
    whole = {each.holding.version.id: each for each in reversed(group)}
    for holding in candidates:
        if holding.version.id in whole:
            continue
        texts = [passage for passage in holding.passages if passage.kind is ParagraphKind.TEXT]
        near = nearest(weights, [passage.span.of(holding.text) for passage in texts], NEAREST)
        scored = [
            Stated(holding, texts[at], close(group[0].words, texts[at].span.of(holding.text))) for at in near
        ]
        closest = max(scored, key=lambda each: each.closeness.score, default=None)
        if closest and states_it(closest.closeness):
            whole[holding.version.id] = closest
    return [group[0], *(each for each in whole.values() if each is not group[0])]


def told_by_most(group: Sequence[Stated]) -> list[Stated]:
    """What of the group states the claim as the wording has it that gathers most, which comes first.

    Chance decides by which wording a claim is met. One that says more than the others gathers few of them; one
    that says just what they all say gathers all. Of equals the one recorded earliest is taken.
    """
    firsts: dict[str, Stated] = {}
    for each in sorted(group, key=place_of):
        firsts.setdefault(each.words, each)
    times = Counter(each.words for each in group)
    best: tuple[int, str, dict[str, Closeness]] = 0, "", {}
    for wording in list(firsts)[:WORDINGS]:
        found = {words: close(wording, words) for words in firsts}
        gathered = sum(times[words] for words, each in found.items() if states_it(each))
        if gathered > best[0]:
            best = gathered, wording, found
    _, wording, found = best
    stated = [
        Stated(each.holding, each.passage, found[each.words])
        for each in group
        if states_it(found[each.words])
    ]
    return sorted(stated, key=lambda each: (each.words != wording, place_of(each)))


def place_of(stated: Stated) -> Place:
    """The position of its version in the ledger, and its own number."""
    return stated.holding.version.position, stated.passage.number
