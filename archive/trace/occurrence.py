"""The occurrences of a claim: the passages that state it, and whom each is attributed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.attribution.words import lexicon
from archive.model import ClosenessKind, Property, SourceKind, Span
from archive.text.agreement import Agreement, compare
from archive.text.denial import denied as denied_in
from archive.text.quotes import altered
from archive.trace.asked import dated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from archive.attribution.resolve import Authority
    from archive.catalog.reading import Reader
    from archive.model import Attribution, Passage
    from archive.record import Holding
    from archive.text.numbers import Number
    from archive.text.similarity import Closeness
    from archive.trace.asked import Claim
    from archive.trace.finding import Match

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
class Compared:
    """A number of the claim, the one that stands for the same thing here, and how the two compare."""

    asked: Number
    found: Number
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One passage that states the claim.

    `words` are those of a quote that stand otherwise here, as asked and as found; `denied` are the words, as spans
    of the text, by which it denies the claim; `also` are other passages of the same version that state it. `score`
    is what it was ranked by.
    """

    holding: Holding
    passage: Passage
    closeness: Closeness
    attributed: tuple[AttributedTo, ...]
    numbers: tuple[Compared, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    denied: tuple[Span, ...] = ()
    also: tuple[Passage, ...] = ()
    score: float = 0.0

    @property
    def kind(self) -> ClosenessKind:
        """How closely it states the claim."""
        assert self.closeness.kind is not None  # noqa: S101 - only passages that do become occurrences
        return self.closeness.kind

    @property
    def unread(self) -> str | None:
        """Its language, where attributions are not read in that."""
        said = self.holding.first(Property.LANGUAGE)
        return said.value if said and lexicon(said.value) is None else None

    @property
    def id(self) -> str:
        """The label of its version: what it is called in the trail."""
        return str(self.holding.version.label)


def occurrences_of(
    reader: Reader, authority: Authority, claim: Claim, found: Sequence[Match]
) -> list[Occurrence]:
    """What states the claim, with whom each is attributed to, and how much is held from that source."""
    held = {each.version.id: each for each in reader.holdings(reader.versions([m.sketch.id for m in found]))}
    told = [(match, held[match.sketch.id]) for match in found]
    named = [
        (match, match.passage, holding, list(attributed(holding, match.passage)))
        for match, holding in told
        if match.passage
    ]
    sources = {made.resolved.name for *_, some in named for made, _ in some if made.resolved.kind in NAMED}
    counts = reader.held_from({name: authority.names_of(name) for name in sources})
    return [_occurrence(claim, match, place, holding, some, counts) for match, place, holding, some in named]


def _occurrence(
    claim: Claim,
    match: Match,
    passage: Passage,
    holding: Holding,
    told: Iterable[tuple[Attribution, str]],
    counts: Mapping[str, int],
) -> Occurrence:
    start = passage.span.start
    denied = denied_in(claim.text, passage.span.of(holding.text))
    return Occurrence(
        holding,
        passage,
        match.closeness,
        tuple(
            AttributedTo(made, where, _quote(holding, made), counts.get(made.resolved.name))
            for made, where in told
        ),
        compared(match.closeness, claim.at, dated(holding)),
        _altered(claim, match, passage.span.of(holding.text)),
        tuple(Span(start + span.start, start + span.end) for span in denied),
        match.also,
        match.ranked.score,
    )


def _altered(claim: Claim, match: Match, text: str) -> tuple[tuple[str, str], ...]:
    """The words of a quote that stand otherwise: one word more or less may turn it round."""
    if match.closeness.kind is not ClosenessKind.QUOTED:
        return ()
    return tuple(pair for span in match.closeness.spans for pair in altered(claim.text, span.of(text)))


def compared(close: Closeness, claimed: datetime | None, stated: datetime | None) -> tuple[Compared, ...]:
    """The pairs of numbers, put in order of time where both dates are known: only then is one an update."""
    if claimed is None or stated is None or claimed == stated:
        return tuple(Compared(pair.earlier, pair.later, pair.agreement) for pair in close.numbers)
    found = []
    for pair in close.numbers:
        order = (pair.earlier, pair.later) if claimed < stated else (pair.later, pair.earlier)
        found.append(Compared(pair.earlier, pair.later, compare(*order, in_order=True) or pair.agreement))
    return tuple(found)


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
