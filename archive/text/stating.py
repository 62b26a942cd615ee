"""Whether a sentence states what another does, where nobody said what is looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.model import ClosenessKind
from archive.text.rarity import Rarity

if TYPE_CHECKING:
    from archive.text.similarity import Closeness

CLOSE = 0.55
"""How close another wording must be: closer than `trace` asks for."""

RARITY = Rarity()
"""Words weigh what they do before anything is counted."""


def states_it(close: Closeness) -> bool:
    """Whether a passage is close enough to another to be said to state the same."""
    sure = close.kind in (ClosenessKind.VERBATIM, ClosenessKind.QUOTED)
    return sure or (close.kind is not None and close.score >= CLOSE)
