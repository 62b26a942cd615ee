"""Which sentence of one text became which of another: kept, moved, changed, added or dropped."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from archive.text.words import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.model import Passage

ALIKE = 0.35
"""Two sentences of which so large a share of the words is common (Dice) are one that was changed."""


class ChangeKind(StrEnum):
    """What became of a sentence."""

    ADDED = "added"
    DROPPED = "dropped"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A passage with its words as written and as they are compared."""

    passage: Passage
    text: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, passage: Passage, text: str) -> Sentence:
        """A passage of a canonical text."""
        written = passage.span.of(text)
        return cls(passage, written, tuple(folded(written)))


@dataclass(frozen=True, slots=True)
class Aligned:
    """A sentence before and after; one of the two is None where it was added or dropped."""

    kind: ChangeKind
    before: Sentence | None
    after: Sentence | None

    @property
    def trivial(self) -> bool:
        """Whether nothing but punctuation, white space, case, typography or its place differs."""
        return bool(self.before and self.after and self.before.words == self.after.words)


def aligned(before: Sequence[Sentence], after: Sequence[Sentence]) -> list[Aligned]:
    """Every sentence that differs in any way, in the order of the later text, dropped ones where they stood."""
    kept = _kept(before, after)
    gone = [at for at in range(len(before)) if at not in kept]
    come = sorted(set(range(len(after))) - set(kept.values()))
    became = kept | _became(before, after, gone, come)
    came_from = {to: at for at, to in became.items()}
    found: list[tuple[float, Aligned]] = []
    for to, sentence in enumerate(after):
        at = came_from.get(to)
        if at is None:
            found.append((to, Aligned(ChangeKind.ADDED, None, sentence)))
        elif before[at].text != sentence.text or at not in kept:
            same = before[at].words == sentence.words and at not in kept
            kind = ChangeKind.MOVED if same else ChangeKind.CHANGED
            found.append((to, Aligned(kind, before[at], sentence)))
    for at in gone:
        if at not in became:
            place = max((to for one, to in kept.items() if one < at), default=-1) + 0.5
            found.append((place, Aligned(ChangeKind.DROPPED, before[at], None)))
    return [each for _, each in sorted(found, key=lambda each: each[0])]


def _kept(before: Sequence[Sentence], after: Sequence[Sentence]) -> dict[int, int]:
    """The sentences that stand in both in the same order and the same words, by their places, from 0."""
    matcher = difflib.SequenceMatcher(
        None, [each.words for each in before], [each.words for each in after], autojunk=False
    )
    return {a + step: b + step for a, b, size in matcher.get_matching_blocks() for step in range(size)}


def _became(
    before: Sequence[Sentence], after: Sequence[Sentence], gone: Sequence[int], come: Sequence[int]
) -> dict[int, int]:
    """Of the sentences that are in one text only, those that became one another: the most alike first."""
    pairs = sorted(
        (-likeness, abs(at - to), at, to)
        for at in gone
        for to in come
        if (likeness := alike(before[at], after[to])) >= ALIKE
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, at, to in pairs:
        if at not in found and to not in taken:
            found[at] = to
            taken.add(to)
    return found


def alike(one: Sentence, other: Sentence) -> float:
    """The share of their words that two sentences have in common, from 0 to 1 (Dice, repeated words counted)."""
    total = len(one.words) + len(other.words)
    shared = (Counter(one.words) & Counter(other.words)).total()
    return 2 * shared / total if total else 0.0
