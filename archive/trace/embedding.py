"""Embeddings, as a plug-in: none is shipped, none is downloaded, and nothing is used that the archive does not name.

A package offers one under the entry point group `claimtrail.embedder`; the setting `embedder` names it.
"""

from __future__ import annotations

import math
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol

from archive.errors import UsageError
from archive.text.fusion import fused

if TYPE_CHECKING:
    from collections.abc import Sequence

GROUP = "claimtrail.embedder"


class NoSuchEmbedder(UsageError):
    """The setting names an embedder that is not installed, or that cannot be loaded."""


class Embedder(Protocol):
    """Turns texts into vectors that lie near one another where the texts mean much the same."""

    def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """A vector for each text, all of one length; the same text always has the same vector."""
        ...


def load(name: str) -> Embedder | None:
    """The embedder with that name, None where the name is empty; raises `NoSuchEmbedder`.

    The entry point is called without arguments and must find what it needs on this machine.
    """
    if not name:
        return None
    found = [point for point in entry_points(group=GROUP) if point.name == name]
    if not found:
        known = ", ".join(sorted(point.name for point in entry_points(group=GROUP))) or "none"
        raise NoSuchEmbedder(f"the setting embedder names {name!r}; installed: {known}")
    try:
        made: Embedder = found[0].load()()
    except Exception as error:  # a plug-in may fail in any way, and the person must be told which it was
        raise NoSuchEmbedder(f"the embedder {name} cannot be loaded: {error}") from error
    return made


def reordered(embedder: Embedder, claim: str, order: Sequence[str], texts: Sequence[str]) -> dict[str, float]:
    """The scores of candidates that stand in an order by words, after the order by vectors was fused with it.

    `texts` are those of the candidates, in the same order.
    """
    asked, *vectors = embedder.embed([claim, *texts])
    near = {name: cosine(asked, vector) for name, vector in zip(order, vectors, strict=True)}
    return dict(fused([order, sorted(order, key=lambda name: -near[name])]))


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """The cosine of the angle between two vectors, 0 where one has no length."""
    lengths = math.hypot(*one) * math.hypot(*other)
    return sum(a * b for a, b in zip(one, other, strict=True)) / lengths if lengths else 0.0
