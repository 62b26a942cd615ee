"""How much a word tells: inverse document frequency that holds in an archive of one item as well."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.text.words import FUNCTION_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

_PRIOR_TOTAL = 1000
_PRIOR_FUNCTION = 300
_PRIOR_CONTENT = 1


def _none_seen(_word: str) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Rarity:
    """The weight of a folded word, by how many of `total` documents hold it (best: any form of it).

    Every word starts as if a thousand documents had been seen before, of which 300 hold a given function
    word and one any other word: in a small archive the counts alone would weigh a word that is absent most.
    """

    total: int = 0
    frequency: Callable[[str], int] = _none_seen
    _known: dict[str, float] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of(self, word: str) -> float:
        """The weight of a word: the logarithm of how many documents stand against one that holds it."""
        known = self._known.get(word)
        if known is None:
            prior = _PRIOR_FUNCTION if word in FUNCTION_WORDS else _PRIOR_CONTENT
            held = self.frequency(word) + prior + 0.5
            known = self._known[word] = math.log((self.total + _PRIOR_TOTAL + 1) / held)
        return known
