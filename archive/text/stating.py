"""Whether a sentence states what another does, where nobody said what is looked for."""

from __future__ import annotations

from functools import lru_cache

from archive.model import ClosenessKind
from archive.text.rarity import Rarity
from archive.text.similarity import Closeness, Sentence, closeness

CLOSE = 0.55
"""How close another wording must be: closer than `trace` asks for."""

RARITY = Rarity()
"""Words weigh what they do before anything is counted."""


@lru_cache(maxsize=3_000)
def sentence(text: str) -> Sentence:
    """A sentence made ready; the same few are compared with one another again and again."""
    return Sentence.of(text)


def close(wording: str, text: str) -> Closeness:
    """How closely a sentence states what a wording of a claim states."""
    return closeness(sentence(wording), sentence(text), RARITY)


def states_it(found: Closeness) -> bool:
    """Whether a passage is close enough to another to be said to state the same."""
    sure = found.kind in (ClosenessKind.VERBATIM, ClosenessKind.QUOTED)
    return sure or (found.kind is not None and found.score >= CLOSE)
