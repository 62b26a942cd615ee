"""Which sentence of one text became which of another: kept, moved, changed, added or dropped."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from archive.text.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    found: list[Aligned] = []
    matcher = difflib.SequenceMatcher(None, [s.text for s in before], [s.text for s in after], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            found += _paired(before[a:b], after[c:d])
    return list(_with_moves(found))


def _paired(gone: Sequence[Sentence], come: Sequence[Sentence]) -> Iterator[Aligned]:
    """Pair sentences in order so that what they have in common is greatest (Needleman and Wunsch 1970)."""
    best = [[0.0] * (len(come) + 1) for _ in range(len(gone) + 1)]
    for at in range(len(gone) - 1, -1, -1):
        for to in range(len(come) - 1, -1, -1):
            likeness = alike(gone[at], come[to])
            both = best[at + 1][to + 1] + likeness if likeness >= ALIKE else 0.0
            best[at][to] = max(both, best[at + 1][to], best[at][to + 1])
    at = to = 0
    while at < len(gone) or to < len(come):
        if at < len(gone) and to < len(come) and best[at][to] > max(best[at + 1][to], best[at][to + 1]):
            yield Aligned(ChangeKind.CHANGED, gone[at], come[to])
            at, to = at + 1, to + 1
        elif at < len(gone) and (to == len(come) or best[at + 1][to] >= best[at][to + 1]):
            yield Aligned(ChangeKind.DROPPED, gone[at], None)
            at += 1
        else:
            yield Aligned(ChangeKind.ADDED, None, come[to])
            to += 1


def alike(one: Sentence, other: Sentence) -> float:
    """The share of their words that two sentences have in common, from 0 to 1 (Dice, repeated words counted)."""
    total = len(one.words) + len(other.words)
    shared = (Counter(one.words) & Counter(other.words)).total()
    return 2 * shared / total if total else 0.0


def _with_moves(found: Sequence[Aligned]) -> Iterator[Aligned]:
    """A sentence that was dropped here and added there, in the same words, was moved."""
    dropped: dict[tuple[str, ...], list[Sentence]] = {}
    for each in found:
        if each.kind is ChangeKind.DROPPED and each.before:
            dropped.setdefault(each.before.words, []).append(each.before)
    moved: set[int] = set()
    origin: dict[int, Sentence] = {}
    for each in found:
        if each.kind is ChangeKind.ADDED and each.after and dropped.get(each.after.words):
            was = dropped[each.after.words].pop(0)
            moved.add(was.passage.number)
            origin[each.after.passage.number] = was
    for each in found:
        if each.kind is ChangeKind.ADDED and each.after and each.after.passage.number in origin:
            yield Aligned(ChangeKind.MOVED, origin[each.after.passage.number], each.after)
        elif not (each.kind is ChangeKind.DROPPED and each.before and each.before.passage.number in moved):
            yield each
