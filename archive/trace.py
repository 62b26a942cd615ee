"""Following a claim: every occurrence held, how close each is, whom it is attributed to, where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from archive.digest import digest_prefix
from archive.errors import UsageError
from archive.indexing import ask
from archive.label import BadLabel, Label
from archive.lineage.graph import Citation, Edge, Node, Relation
from archive.lineage.trail import Trail, trail
from archive.model import AttributionKind, Evidence, ParagraphKind, Property, SourceKind
from archive.text.rarity import Rarity
from archive.text.similarity import Closeness, ClosenessKind, Sentence, closeness
from archive.text.words import FUNCTION_WORDS, words
from index.model import Request
from index.tree import TEXT, Most, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archive.archive import Archive
    from archive.attribution.resolve import Authority
    from archive.catalog.reading import Reader
    from archive.model import Attribution, Passage
    from archive.record import Holding

CANDIDATES = 200
"""How many versions the index proposes; each is then compared passage by passage."""

QUERY_WORDS = 20
"""How many of the words of the claim the index is asked for, the rarest first."""

NAMED = {SourceKind.OUTLET, SourceKind.DOCUMENT, SourceKind.ORGANISATION}
"""Kinds of source of which an archive could hold something."""

TELLING = NAMED | {SourceKind.PERSON, SourceKind.ANONYMOUS}
"""Kinds of source that say whom a passage is attributed to, so that no neighbour has to."""


class NothingToTrace(UsageError):
    """What was to be traced holds no words that could be found again."""


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


@dataclass(frozen=True, slots=True)
class Traced:
    """The answer: what was asked, its occurrences in order of date, and the trail they make."""

    claim: str
    asked_from: Label | None
    occurrences: tuple[Occurrence, ...]
    trail: Trail


def trace(archive: Archive, asked: str, limit: int = 50) -> Traced:
    """Follow a claim given in words, or by the label of a passage, version or item.

    Raises `NothingToTrace`, and what finding a label or asking the index raises.
    """
    claim, asked_from = _claim(archive, asked)
    request = Request(query=_query(claim), limit=CANDIDATES)
    keys = [UUID(hit.key) for hit in ask(archive, request).hits]
    with archive.catalog.read() as reader:
        candidates = reader.holdings(reader.versions(keys))
        found = sorted(_occurrences(claim, candidates), key=lambda each: -each[2].score)[:limit]
        occurrences = _with_sources(reader, found)
        outlets = _outlets_held(reader, occurrences)
    ordered = tuple(sorted(occurrences, key=_when))
    return Traced(claim, asked_from, ordered, _trail(ordered, outlets))


def _claim(archive: Archive, asked: str) -> tuple[str, Label | None]:
    """The words to trace: those given, or the passage that a label names."""
    try:
        label = None if digest_prefix(asked) else Label.parse(asked)
    except BadLabel:
        return asked, None
    with archive.catalog.read() as reader:
        held = reader.holdings(reader.find(asked))[-1]
    passage = _named_passage(held, label.passage if label else None)
    return passage.span.of(held.text), held.version.label.at_passage(passage.number)


def _named_passage(held: Holding, number: int | None) -> Passage:
    """The passage with that number; without one, the first sentence that is not a heading."""
    for passage in held.passages:
        if number in (passage.number, None) and (number or passage.kind is ParagraphKind.TEXT):
            return passage
    what = f"has no passage {number}" if number else "holds no sentence to trace"
    raise NothingToTrace(f"{held.version.label} {what}")


def _query(claim: str) -> Most:
    telling = [word.folded for word in words(claim) if word.folded not in FUNCTION_WORDS]
    chosen = sorted(dict.fromkeys(telling), key=lambda word: -Rarity().of(word))[:QUERY_WORDS]
    if not chosen:
        raise NothingToTrace("there is no word in it that could be found again")
    return Most(tuple(Word(TEXT, word) for word in chosen), max(1, len(chosen) // 3))


def _occurrences(claim: str, candidates: Sequence[Holding]) -> Iterator[tuple[Holding, Passage, Closeness]]:
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


def _with_sources(reader: Reader, found: Iterable[tuple[Holding, Passage, Closeness]]) -> list[Occurrence]:
    told = [
        (holding, passage, close, list(attributed(holding, passage))) for holding, passage, close in found
    ]
    named = {made.resolved.name for *_, some in told for made, _ in some if made.resolved.kind in NAMED}
    held = reader.held_from(named)
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


def _when(occurrence: Occurrence) -> tuple[bool, float, str]:
    dated = _node(occurrence).dated
    return dated is None, dated.timestamp() if dated else 0.0, str(occurrence.holding.version.label)


def _node(occurrence: Occurrence) -> Node:
    held = occurrence.holding
    outlet, published = held.first(Property.OUTLET), held.first(Property.PUBLISHED)
    retrieved = held.first(Property.RETRIEVED)
    return Node(
        str(held.version.label),
        str(held.version.label.of_item),
        outlet_key(outlet.value) if outlet else None,
        published.moment if published else None,
        retrieved.moment if retrieved else None,
    )


def outlet_key(name: str, authority: Authority | None = None) -> str:
    """What stands for an outlet: its key in the authority file, else its folded name."""
    from archive.attribution.resolve import shipped
    from archive.text.folding import fold_name

    return (authority or shipped()).resolve(name) or fold_name(name)


def _outlets_held(reader: Reader, occurrences: Iterable[Occurrence]) -> set[str]:
    named = {each.attribution.resolved.name for o in occurrences for each in o.attributed}
    return {outlet_key(name) for name, count in reader.held_from(named).items() if count}


def _trail(occurrences: Sequence[Occurrence], held: set[str]) -> Trail:
    nodes = [_node(occurrence) for occurrence in occurrences]
    return trail(nodes, list(_edges(occurrences)), list(_citations(occurrences)), held)


def _citations(occurrences: Iterable[Occurrence]) -> Iterator[Citation]:
    for occurrence in occurrences:
        for each in occurrence.attributed:
            source = each.attribution.resolved
            yield Citation(
                str(occurrence.holding.version.label),
                source.name,
                source.kind,
                outlet_key(source.name) if source.kind in NAMED else None,
                (Evidence(each.quote),),
                agency=each.attribution.kind is AttributionKind.CREDIT,
            )


def _edges(occurrences: Sequence[Occurrence]) -> Iterator[Edge]:
    """Same texts, compared by digest, and later versions of one item."""
    for at, one in enumerate(occurrences):
        for other in occurrences[at + 1 :]:
            earlier, later = str(one.holding.version.label), str(other.holding.version.label)
            if one.holding.version.item_id == other.holding.version.item_id:
                yield Edge(later, earlier, Relation.REVISES)
            elif one.holding.text == other.holding.text:
                yield Edge(later, earlier, Relation.COPIES, symmetric=True)
