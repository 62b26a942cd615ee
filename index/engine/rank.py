"""The order of what was found: BM25 over the words of the query, the same however the index is cut into
segments.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), section 3.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from index.engine.lists import fields_of, forms
from index.tree import WORDY, Fuzzy, Near, Node, Phrase, Prefix, Word, positive, stems

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from index.engine.evaluate import Evaluation
    from index.engine.snapshot import Snapshot

K1 = 1.2
B = 0.75


def scored(tree: Node) -> tuple[Node, ...]:
    """The parts of a tree that tell a better match from a worse."""
    wanted = (Word, Phrase, Near, Prefix, Fuzzy)
    return tuple(dict.fromkeys(leaf for leaf in positive(tree) if isinstance(leaf, wanted)))


def _rarity(frequency: int, documents: int) -> float:
    return log(1.0 + (documents - frequency + 0.5) / (frequency + 0.5))


def weights(
    leaves: Sequence[Node], snapshot: Snapshot, evaluations: Sequence[Evaluation]
) -> dict[Node, float]:
    """How much each word, phrase and near says, by how rare its words are; a prefix says 1."""
    found: dict[Node, float] = {}
    for leaf in leaves:
        if isinstance(leaf, (Prefix, Fuzzy)):
            found[leaf] = 1.0
            continue
        assert isinstance(leaf, (Word, Phrase, Near))  # noqa: S101 - `scored` gives no others
        words = (leaf.word,) if isinstance(leaf, Word) else leaf.words
        found[leaf] = sum(
            _rarity(_frequency(leaf, word, snapshot, evaluations), snapshot.documents) for word in words
        )
    return found


def _frequency(
    leaf: Word | Phrase | Near, word: str, snapshot: Snapshot, evaluations: Sequence[Evaluation]
) -> int:
    field = fields_of(leaf.field)[0]
    terms = [word]
    if isinstance(leaf, Word) and field in WORDY:
        field, terms = stems(field), forms(word, snapshot.languages)
    frequency = sum(each.lists.frequency(field, term) for each in evaluations for term in terms)
    return min(frequency, snapshot.documents)


def scores(
    docs: AbstractSet[int],
    lengths: Sequence[int],
    mean: float,
    said: dict[Node, float],
    evaluation: Evaluation,
) -> dict[int, float]:
    """The score of each version found in a segment."""
    base, slope = K1 * (1 - B), K1 * B / mean
    total: dict[int, float] = dict.fromkeys(docs, 0.0)
    for leaf, weight in said.items():
        if isinstance(leaf, (Prefix, Fuzzy)):
            having = evaluation.docs(leaf, docs)
            if len(said) == 1 and len(having) == len(docs):
                return dict.fromkeys(docs, weight)
            for doc in having:
                total[doc] += weight
            continue
        full = weight * (K1 + 1)
        counts = evaluation.counts(leaf, docs)
        if len(said) == 1 and counts.keys() == docs:
            return {
                doc: full * often / (often + base + slope * lengths[doc]) for doc, often in counts.items()
            }
        for doc in (
            counts.keys() & docs if len(counts) > len(docs) else [doc for doc in counts if doc in total]
        ):
            often = counts[doc]
            total[doc] += full * often / (often + base + slope * lengths[doc])
    return total
