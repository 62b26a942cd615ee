"""The occurrences of a claim: the passages that state it, and whom each is attributed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.model import SourceKind
from archive.text.rarity import Rarity
from archive.text.similarity import Closeness, ClosenessKind, Sentence, closeness

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archive.attribution.resolve import Authority
    from archive.catalog.reading import Reader
    from archive.model import Attribution, Passage
    from archive.record import Holding

NAMED = {SourceKind.OUTLET, SourceKind.DOCUMENT, SourceKind.ORGANISATION}
"""Kinds of source of which an archive could hold something."""

TELLING = NAMED | {SourceKind.PERSON, SourceKind.ANONYMOUS}
"""Kinds of source that say whom a passage is attributed to, so that no neighbour has to."""


@dataclass(frozen=True, slots=True)
class AttributedTo:
    """Whom an occurrence is attributed to, by which attribution, and where that stands.

    `where` is `in this passage`, `in the sentence that follows` or `in the sentence before`; `held` is how
    many versions the archive holds from that source, None for a source that publishes nothing.
    """

    attribution: Attribution
    where: str
    quote: str
    held: int | None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One passage that states the claim."""

    holding: Holding
    passage: Passage
    closeness: Closeness
    attributed: tuple[AttributedTo, ...]

    @property
    def kind(self) -> ClosenessKind:
        """How closely it states the claim."""
        assert self.closeness.kind is not None  # noqa: S101 - only passages that do become occurrences
        return self.closeness.kind


def occurrences_in(claim: str, candidates: Sequence[Holding]) -> Iterator[tuple[Holding, Passage, Closeness]]:
    """The closest passage of each version that states the claim."""
    asked, rarity = Sentence.of(claim), Rarity()
    for holding in candidates:
        scored = [
            (holding, passage, closeness(asked, passage.span.of(holding.text), rarity))
            for passage in holding.passages
        ]
        stated = [each for each in scored if each[2].kind is not None]
        if stated:
            yield max(stated, key=lambda each: each[2].score)


def with_sources(
    reader: Reader, authority: Authority, found: Iterable[tuple[Holding, Passage, Closeness]]
) -> list[Occurrence]:
    """The occurrences with whom each is attributed to, and how much is held from that source."""
    told = [
        (holding, passage, close, list(attributed(holding, passage))) for holding, passage, close in found
    ]
    named = {made.resolved.name for *_, some in told for made, _ in some if made.resolved.kind in NAMED}
    held = reader.held_from({name: authority.names_of(name) for name in named})
    return [
        Occurrence(
            holding,
            passage,
            close,
            tuple(
                AttributedTo(made, where, _quote(holding, made), held.get(made.resolved.name))
                for made, where in some
            ),
        )
        for holding, passage, close, some in told
    ]


def attributed(holding: Holding, passage: Passage) -> Iterator[tuple[Attribution, str]]:
    """The attributions of a passage and where they stand.

    Where none of them names someone, those of its neighbours in the same paragraph follow: "...According to X,
    these ..." speaks of the sentence before it.
    """
    beside = [(passage, "in this passage")]
    number = passage.number
    paragraph = next((p.span for p in holding.paragraphs if p.span.covers(passage.span)), None)
    for step, where in ((1, "in the sentence that follows"), (-1, "in the sentence before")):
        beside += [
            (other, where)
            for other in holding.passages
            if other.number == number + step and paragraph and paragraph.covers(other.span)
        ]
    for place, where in beside:
        made = [
            each
            for each in holding.standing()
            if any(place.span.overlaps(span) for span in (*each.cue, *each.content))
        ]
        yield from ((each, where) for each in made)
        if any(each.resolved.kind in TELLING for each in made):
            return


def _quote(holding: Holding, made: Attribution) -> str:
    """The passage in which the source is named."""
    named = (*made.source, *made.cue, *made.content)[0]
    for passage in holding.passages:
        if passage.span.overlaps(named):
            return passage.span.of(holding.text)
    return named.of(holding.text)
