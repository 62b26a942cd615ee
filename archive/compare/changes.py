"""What a change of a sentence means: words, numbers, and above all whom it is attributed to."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from archive.compare.alignment import Aligned, ChangeKind, Sentence, aligned
from archive.model import Property, SourceKind
from archive.text.agreement import Agreement, NumberPair, paired
from archive.text.folding import fold_name
from archive.text.numbers import numbers
from archive.text.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.model import Attribution, Passage, Statement
    from archive.record import Holding

SAID = (Property.TITLE, Property.BYLINE, Property.PUBLISHED, Property.MODIFIED, Property.SECTION)
"""What is said of a version and compared beside its text."""


class SourceChange(StrEnum):
    """What became of the attribution of a sentence."""

    ADDED = "attribution added"
    DROPPED = "attribution dropped"
    CHANGED = "attribution changed"


@dataclass(frozen=True, slots=True)
class WordChange:
    """Words that stood in a row and what stands in their place; either may be empty."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Source:
    """Whom a sentence is attributed to: the name, what kind of source it is, and the words that say so."""

    name: str
    kind: SourceKind
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence that was added (`before` is empty), dropped (`after` is empty), changed or moved.

    `trivial`: only punctuation, white space, case, typography or the place differ. `numbers` are the pairs
    that are not the same.
    """

    kind: ChangeKind
    before: str
    after: str
    trivial: bool
    words: tuple[WordChange, ...]
    numbers: tuple[NumberPair, ...]
    sources_before: tuple[Source, ...]
    sources_after: tuple[Source, ...]

    @property
    def source(self) -> SourceChange | None:
        """What became of its attribution; None where it is the same or there is none."""
        was, now = ({fold_name(s.name) for s in some} for some in (self.sources_before, self.sources_after))
        if was == now:
            return None
        if not now:
            return SourceChange.DROPPED
        return SourceChange.CHANGED if was else SourceChange.ADDED


@dataclass(frozen=True, slots=True)
class SaidChange:
    """Something said of a version that is said otherwise of the other; None where nobody says it."""

    about: Property
    before: Statement | None
    after: Statement | None


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs between two versions."""

    said: tuple[SaidChange, ...]
    sentences: tuple[Change, ...]

    def without_trivial(self) -> Changes:
        """The same without changes of punctuation, white space, case, typography and place."""
        return Changes(self.said, tuple(change for change in self.sentences if not change.trivial))


def changes(before: Holding, after: Holding) -> Changes:
    """What differs between two versions, sentence by sentence, in the order of the later one."""
    old, new = ([Sentence.of(p, held.text) for p in held.passages] for held in (before, after))
    return Changes(
        tuple(_said(before, after)), tuple(_change(each, before, after) for each in aligned(old, new))
    )


def _said(before: Holding, after: Holding) -> Iterator[SaidChange]:
    for about in SAID:
        was, now = before.first(about), after.first(about)
        if (was.value if was else None) != (now.value if now else None):
            yield SaidChange(about, was, now)


def _change(each: Aligned, before: Holding, after: Holding) -> Change:
    was, now = (side.text if side else "" for side in (each.before, each.after))
    both = each.before is not None and each.after is not None
    return Change(
        each.kind,
        was,
        now,
        each.trivial,
        word_changes(was, now) if both and not each.trivial else (),
        _numbers(was, now) if both else (),
        sources(before, each.before.passage) if each.before else (),
        sources(after, each.after.passage) if each.after else (),
    )


def word_changes(before: str, after: str) -> tuple[WordChange, ...]:
    """The words that differ, as they are written, those in a row together; case and marks do not count."""
    old, new = words(before), words(after)
    matcher = difflib.SequenceMatcher(
        None, [word.folded for word in old], [word.folded for word in new], autojunk=False
    )
    return tuple(
        WordChange(
            before[old[a].span.start : old[b - 1].span.end] if a < b else "",
            after[new[c].span.start : new[d - 1].span.end] if c < d else "",
        )
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    )


def _numbers(before: str, after: str) -> tuple[NumberPair, ...]:
    """The numbers that stand for the same thing and are not the same; the later text is the later one."""
    pairs = paired(numbers(before), numbers(after), in_order=True)
    return tuple(pair for pair in pairs if pair.agreement is not Agreement.AGREE)


def sources(held: Holding, passage: Passage) -> tuple[Source, ...]:
    """Whom a passage is attributed to, each once, as far as no archivist has rejected it."""
    found = [
        made
        for made in held.standing()
        if any(passage.span.overlaps(span) for span in (*made.cue, *made.source, *made.content))
        and made.resolved.kind is not SourceKind.SELF
    ]
    told = {
        fold_name(made.resolved.name): Source(made.resolved.name, made.resolved.kind, _words(held, made))
        for made in reversed(found)
    }
    return tuple(reversed(told.values()))


def _words(held: Holding, made: Attribution) -> str:
    spans = sorted((*made.source, *made.cue))
    return " ... ".join(span.of(held.text) for span in spans)
