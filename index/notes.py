"""Remarks on an answer, in words for a person: how the query was taken, and which bound it met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.tree import Every, Fuzzy, Most, Node, Phrase, Word, positive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from index.model import Bounds, Request


def notes(
    tree: Node, request: Request, bounds: Bounds, expanded: Callable[[Fuzzy], Sequence[str]]
) -> Iterator[str]:
    """The remarks; `expanded` gives the words that a `~` stood for."""
    for part in (tree, *tree.parts) if isinstance(tree, Every) else (tree,):
        if isinstance(part, Most) and all(isinstance(word, (Word, Phrase)) for word in part.parts):
            told = f"at least {part.least} of its {len(part.parts)} different words are wanted"
            yield f"taken as a sentence: {told}"
    for leaf in dict.fromkeys(positive(tree)):
        if isinstance(leaf, Fuzzy) and len(expanded(leaf)) >= bounds.fuzzy:
            yield f"{leaf.word}~ stands for its {bounds.fuzzy} nearest words only (setting search_fuzzy)"
    if request.limit > bounds.page:
        yield f"a page holds at most {bounds.page:,} hits (setting search_page)"
